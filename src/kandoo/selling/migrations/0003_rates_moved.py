"""The exchange rates are the ledger's now; its migration 0004 took the table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("selling", "0002_laws"), ("ledger", "0004_rates_periods_vouchers")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("ExchangeRate")]),
    ]
