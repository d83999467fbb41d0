"""The names of the database and of the two roles that use it."""

DATABASE = "kandoo"
OWNER = "kandoo_owner"
APPLICATION = "kandoo_app"
SUPERUSER = "postgres"  # of the embedded server; used to set up and in tests only
