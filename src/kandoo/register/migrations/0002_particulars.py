"""Phone, bank account and note go to a table of their own, so that row security can hide them."""

import django.db.models.deletion
from django.db import migrations, models

MOVE = """
INSERT INTO register_particulars (cluster_id, enterprise_id, phone, sheba, note)
SELECT cluster_id, id, phone, sheba, note FROM register_enterprise
WHERE phone <> '' OR sheba <> '' OR note <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Particulars",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="Phone")),
                ("sheba", models.CharField(blank=True, max_length=26, verbose_name="Sheba (IBAN)")),
                ("note", models.TextField(blank=True, verbose_name="Remark")),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.cluster"
                    ),
                ),
                (
                    "enterprise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="particulars",
                        to="register.enterprise",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="enterprise", name="note"),
        migrations.RemoveField(model_name="enterprise", name="phone"),
        migrations.RemoveField(model_name="enterprise", name="sheba"),
    ]
