"""Laws that PostgreSQL itself holds: a bar is for good, a plan and a pay slip stay as they were."""

from django.db import migrations

TABLES = (
    "selling_bar",
    "selling_labresult",
    "selling_plan",
    "selling_plannedorder",
    "selling_planline",
    "selling_firstpayment",
    "selling_payslip",
)


class Migration(migrations.Migration):
    dependencies = [("selling", "0001_initial"), ("ledger", "0003_laws")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
            f"DROP TRIGGER never_changes ON {table}",
        )
        for table in TABLES
    ]
