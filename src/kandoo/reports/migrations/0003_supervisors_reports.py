"""A technical supervisor's own report, and its laws: only that supervisor writes it, on clusters it visits; only an officer
of its place receives it or sends it back. That nothing of it changes once it is submitted is said in 0002."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LAWS = """
CREATE FUNCTION reports_supervisors_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here text := NEW.cluster_id || ':' || NEW.province;
BEGIN
  IF NEW.status IN ('draft', 'submitted') AND
     (NEW.supervisor_id IS DISTINCT FROM kandoo_person() OR NOT here = ANY (kandoo_desks('supervisor'))) THEN
    RAISE EXCEPTION 'a supervisor writes its own report, for its own place' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status = 'submitted' AND EXISTS (
     SELECT 1 FROM jsonb_object_keys(NEW.content -> 'clusters') AS told (code) WHERE NOT EXISTS (
       SELECT 1 FROM visits_visit v JOIN programme_clusterfile f ON f.id = v.file_id
       WHERE v.supervisor_id = NEW.supervisor_id AND v.status <> 'cancelled' AND f.cluster_id = NEW.cluster_id AND f.code = told.code)) THEN
    RAISE EXCEPTION 'a supervisor reports on the clusters it visits' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status IN ('received', 'returned') AND NOT here = ANY (kandoo_desks('officer')) THEN
    RAISE EXCEPTION 'report % is received or sent back by an officer of its place', NEW.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supervisors_step BEFORE INSERT OR UPDATE ON reports_report
FOR EACH ROW WHEN (NEW.supervisor_id IS NOT NULL) EXECUTE FUNCTION reports_supervisors_step();
"""
UNDO = "DROP TRIGGER supervisors_step ON reports_report; DROP FUNCTION reports_supervisors_step();"


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0003_ballots'),
        ('register', '0003_programme'),
        ('reports', '0002_laws'),
        ('visits', '0002_laws'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='report',
            name='report_edition_once',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='one_living_report_a_period',
        ),
        migrations.AddField(
            model_name='report',
            name='supervisor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['supervisor', '-last'], name='reports_rep_supervi_f6df15_idx'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('cluster', 'file', 'province', 'supervisor', 'kind', 'year', 'number', 'edition'), name='report_edition_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'returned'), _negated=True), fields=('cluster', 'file', 'province', 'supervisor', 'kind', 'year', 'number'), name='one_living_report_a_period', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('supervisor', None), models.Q(('confirmed_by', None), ('file', None), ('supervisor', models.F('by')), models.Q(('status', 'confirmed'), _negated=True)), _connector='OR'), name='a_supervisor_writes_its_own'),
        ),
        migrations.RunSQL(LAWS, UNDO),
    ]
