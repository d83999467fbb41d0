"""Laws that PostgreSQL itself holds: what was proposed to the programme stays as it was."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_initial"), ("ledger", "0003_laws")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON finding_proposed "
            "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
            "DROP TRIGGER never_changes ON finding_proposed",
        )
    ]
