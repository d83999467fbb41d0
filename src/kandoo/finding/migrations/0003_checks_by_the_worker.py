"""A long list is looked at by the worker: a job says of which kind it is, a study that its rows are being looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finding", "0002_laws")]
    operations = [
        migrations.AddField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[("check", "Looking at every row"), ("measure", "Measuring")], default="measure", max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="study",
            name="step",
            field=models.CharField(
                choices=[
                    ("columns", "Columns to be confirmed"),
                    ("checking", "Rows being looked at"),
                    ("faulty", "Faults in the file"),
                    ("ready", "Ready to be measured"),
                    ("asked", "Handed to the computer"),
                ],
                default="columns",
                max_length=8,
                verbose_name="State",
            ),
        ),
    ]
