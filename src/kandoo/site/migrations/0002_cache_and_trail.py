"""The shared cache table, and a trail that PostgreSQL keeps from being rewritten."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_cache_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("site", "0001_initial"), ("ledger", "0003_laws")]
    operations = [
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON site_auditrecord "
            "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
            "DROP TRIGGER never_changes ON site_auditrecord",
        ),
    ]
