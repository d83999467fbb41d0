"""Laws that PostgreSQL itself holds: what was agreed as alone and what was counted as gain stay as they are."""

from django.db import migrations

SQL = """
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON benefit_standalone
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON benefit_gain
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();

CREATE FUNCTION benefit_evidence_is_fixed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched benefit_evidence := coalesce(NEW, OLD);
BEGIN
  IF TG_OP = 'UPDATE' OR EXISTS (
       SELECT 1 FROM benefit_standalone s WHERE s.action = touched.action AND s.action_id = touched.action_id
         AND s.enterprise_id = touched.enterprise_id) THEN
    RAISE EXCEPTION 'evidence of an agreed action is never changed, added or deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN touched;
END $$;
CREATE TRIGGER evidence_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON benefit_evidence
FOR EACH ROW EXECUTE FUNCTION benefit_evidence_is_fixed();

-- A correction stays with the member and the action it corrects.
CREATE FUNCTION benefit_correction_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM benefit_gain g WHERE g.id = NEW.corrects_id AND g.action = NEW.action
         AND g.action_id = NEW.action_id AND g.enterprise_id = NEW.enterprise_id) THEN
    RAISE EXCEPTION 'a correction is of another member or action' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER correction_fits BEFORE INSERT ON benefit_gain
FOR EACH ROW EXECUTE FUNCTION benefit_correction_fits();
"""

UNDO = """
DROP TRIGGER correction_fits ON benefit_gain;
DROP FUNCTION benefit_correction_fits();
DROP TRIGGER evidence_is_fixed ON benefit_evidence;
DROP FUNCTION benefit_evidence_is_fixed();
DROP TRIGGER never_changes ON benefit_gain;
DROP TRIGGER never_changes ON benefit_standalone;
"""


class Migration(migrations.Migration):
    dependencies = [("benefit", "0001_initial"), ("ledger", "0003_laws")]
    operations = [migrations.RunSQL(SQL, UNDO)]
