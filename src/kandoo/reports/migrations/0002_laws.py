"""Laws that PostgreSQL itself holds: a submitted report goes step by step by other hands, and nothing it says changes."""

from django.db import migrations

LAWS = """
CREATE FUNCTION reports_report_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own text[] := ARRAY['done', 'obstacles', 'next_steps', 'content', 'sha256', 'status', 'submitted_at'];
  places text[];
  chain text[] := ARRAY['status', 'confirmed_by_id', 'confirmed_at', 'received_by_id', 'received_at', 'returned_by_id', 'returned_at', 'remark'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' THEN
      RAISE EXCEPTION 'report % stays on record', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status = 'draft' THEN
    IF to_jsonb(NEW) - own <> to_jsonb(OLD) - own OR NEW.status NOT IN ('draft', 'submitted') THEN
      RAISE EXCEPTION 'draft % is worded and submitted, nothing else', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status = 'submitted' AND NEW.last >= NEW.submitted_at::date THEN
      RAISE EXCEPTION 'the period of report % is not over', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - chain <> to_jsonb(OLD) - chain THEN
    RAISE EXCEPTION 'report % stays as it was submitted', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('submitted', 'confirmed'), ('confirmed', 'received'), ('submitted', 'returned'), ('confirmed', 'returned'))
     AND NOT (OLD.file_id IS NULL AND (OLD.status, NEW.status) = ('submitted', 'received')) THEN
    RAISE EXCEPTION 'report % is submitted, confirmed and received, in this order', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT ARRAY[OLD.cluster_id || ':', OLD.cluster_id || ':' || OLD.province] INTO places;
  IF (NEW.status = 'confirmed' AND (NEW.confirmed_by_id IS DISTINCT FROM kandoo_person() OR NOT places && kandoo_desks('supervisor')))
     OR (NEW.status = 'received' AND (NEW.received_by_id IS DISTINCT FROM kandoo_person() OR NOT places && kandoo_desks('officer')))
     OR (NEW.status = 'returned' AND NEW.returned_by_id IS DISTINCT FROM kandoo_person()) THEN
    RAISE EXCEPTION 'who takes the step answers for report %', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_step BEFORE UPDATE OR DELETE ON reports_report
FOR EACH ROW EXECUTE FUNCTION reports_report_step();

-- A report begins as a draft, in the programme and province of its file.
CREATE FUNCTION reports_report_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> 'draft' OR (NEW.file_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM programme_clusterfile f
     WHERE f.id = NEW.file_id AND f.cluster_id = NEW.cluster_id AND f.province = NEW.province)) THEN
    RAISE EXCEPTION 'a report begins as a draft, where its file is kept' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_begin BEFORE INSERT ON reports_report
FOR EACH ROW EXECUTE FUNCTION reports_report_begin();
"""
UNDO = "DROP TRIGGER report_begin ON reports_report; DROP FUNCTION reports_report_begin(); DROP TRIGGER report_step ON reports_report; DROP FUNCTION reports_report_step();"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunSQL(LAWS, UNDO)]
