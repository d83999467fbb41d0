"""Where a province has no officer of its own, an officer of the nation takes in its supervisors' reports."""

from importlib import import_module

from django.db import migrations

_LAWS = import_module("kandoo.reports.migrations.0003_supervisors_reports").LAWS
BEFORE = _LAWS.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
NOW = BEFORE.replace(
    "NOT here = ANY (kandoo_desks('officer')) THEN",
    "NOT here = ANY (kandoo_desks('officer')) AND\n"
    "     (here = ANY (kandoo_officered()) OR NOT NEW.cluster_id || ':' = ANY (kandoo_desks('officer'))) THEN",
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_supervisors_reports")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
