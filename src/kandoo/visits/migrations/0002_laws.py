"""Laws that PostgreSQL itself holds: the supervisor who went reports, once; report and advice stay as they were written."""

from django.db import migrations

LAWS = """
CREATE FUNCTION visits_visit_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'visit % stays on record', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'planned' OR NOT EXISTS (
       SELECT 1 FROM programme_clusterfile f WHERE f.id = NEW.file_id AND f.cluster_id = NEW.cluster_id) THEN
      RAISE EXCEPTION 'a visit begins planned, where its file is kept' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> 'planned' THEN
    RAISE EXCEPTION 'visit % stays as it was reported or called off', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.file_id, NEW.cluster_id, NEW.supervisor_id, NEW.by_id, NEW.at, NEW.purpose)
     IS DISTINCT FROM (OLD.file_id, OLD.cluster_id, OLD.supervisor_id, OLD.by_id, OLD.at, OLD.purpose) THEN
    RAISE EXCEPTION 'visit % stays of its file and its supervisor', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'done' AND (NEW.supervisor_id IS DISTINCT FROM kandoo_person() OR NEW.visited_on > NEW.reported_at::date + 1) THEN
    RAISE EXCEPTION 'visit % is reported by who went, after going', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visit_kept BEFORE INSERT OR UPDATE OR DELETE ON visits_visit FOR EACH ROW EXECUTE FUNCTION visits_visit_kept();

CREATE FUNCTION visits_advice_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  answer text[] := ARRAY['kept_on', 'kept_how', 'kept_by_id'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'advice % stays on record', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.kept_on IS NOT NULL OR NOT EXISTS (
       SELECT 1 FROM visits_visit v WHERE v.id = NEW.visit_id AND v.file_id = NEW.file_id AND v.status = 'done') THEN
      RAISE EXCEPTION 'advice is of a reported visit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.kept_on IS NOT NULL OR to_jsonb(NEW) - answer <> to_jsonb(OLD) - answer
     OR NEW.kept_by_id IS DISTINCT FROM kandoo_person() THEN
    RAISE EXCEPTION 'advice % is answered once and stays as it was given', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER advice_kept BEFORE INSERT OR UPDATE OR DELETE ON visits_advice FOR EACH ROW EXECUTE FUNCTION visits_advice_kept();
"""
UNDO = """
DROP TRIGGER advice_kept ON visits_advice; DROP FUNCTION visits_advice_kept();
DROP TRIGGER visit_kept ON visits_visit; DROP FUNCTION visits_visit_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]

    operations = [migrations.RunSQL(LAWS, UNDO)]
