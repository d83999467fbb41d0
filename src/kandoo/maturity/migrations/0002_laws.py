"""Laws that PostgreSQL itself holds: an assessment that is submitted stays, with its answers and evidence."""

import re

from django.db import migrations

LAWS = """
CREATE FUNCTION maturity_assessment_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE step text[] := ARRAY['status', 'submitted_at', 'submitted_by_id', 'content'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'open' OR NOT EXISTS (
       SELECT 1 FROM programme_clusterfile f WHERE f.id = NEW.file_id AND f.cluster_id = NEW.cluster_id) THEN
      RAISE EXCEPTION 'an assessment begins open, in a file of its programme' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF OLD.status = 'submitted' OR NEW.status <> 'submitted' OR to_jsonb(NEW) - step <> to_jsonb(OLD) - step THEN
    RAISE EXCEPTION 'assessment % is submitted once and never changes', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_step BEFORE INSERT OR UPDATE ON maturity_assessment
FOR EACH ROW EXECUTE FUNCTION maturity_assessment_step();
CREATE TRIGGER never_deleted BEFORE DELETE ON maturity_assessment
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();

CREATE FUNCTION maturity_part_of_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; whole record;
BEGIN
  SELECT * INTO whole FROM maturity_assessment WHERE id = held.assessment_id FOR SHARE;
  IF whole.status <> 'open' THEN
    RAISE EXCEPTION 'assessment % is submitted and never changes', whole.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (held.file_id, held.cluster_id) IS DISTINCT FROM (whole.file_id, whole.cluster_id)
     OR (TG_OP = 'UPDATE' AND OLD.assessment_id <> held.assessment_id) THEN
    RAISE EXCEPTION 'what belongs to assessment % stays in its file', whole.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN held;
END $$;
CREATE TRIGGER part_of_open BEFORE INSERT OR UPDATE OR DELETE ON maturity_answer
FOR EACH ROW EXECUTE FUNCTION maturity_part_of_open();
CREATE TRIGGER part_of_open BEFORE INSERT OR UPDATE OR DELETE ON maturity_evidence
FOR EACH ROW EXECUTE FUNCTION maturity_part_of_open();

CREATE FUNCTION maturity_linked_in_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE meeting bigint := (to_jsonb(NEW) ->> 'meeting_id')::bigint;
BEGIN
  IF NEW.edition_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM programme_paperedition e WHERE e.id = NEW.edition_id AND e.file_id = NEW.file_id) THEN
    RAISE EXCEPTION 'a paper shows things of its own file' USING ERRCODE = 'restrict_violation';
  END IF;
  IF meeting IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM programme_meeting m JOIN programme_body b ON b.id = m.body_id
     WHERE m.id = meeting AND (b.file_id = NEW.file_id OR EXISTS (
       SELECT 1 FROM programme_agendaitem i WHERE i.meeting_id = m.id AND i.file_id = NEW.file_id))) THEN
    RAISE EXCEPTION 'a meeting shows things of the files it was about' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER linked_in_file BEFORE INSERT ON maturity_evidence
FOR EACH ROW EXECUTE FUNCTION maturity_linked_in_file();
CREATE TRIGGER linked_in_file BEFORE INSERT ON maturity_partanswer
FOR EACH ROW EXECUTE FUNCTION maturity_linked_in_file();

CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON maturity_partanswer
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON maturity_remark
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
"""


def _drop(sql: str) -> str:
    """What takes triggers and functions of a text back again."""
    triggers = re.findall(r"CREATE TRIGGER (\w+).*?\sON (\w+)", sql)
    functions = re.findall(r"CREATE FUNCTION (\w+)\(", sql)
    return ";".join([f"DROP TRIGGER {name} ON {table}" for name, table in triggers]
                    + [f"DROP FUNCTION {name}" for name in functions])


class Migration(migrations.Migration):
    dependencies = [("maturity", "0001_initial"), ("ledger", "0003_laws"), ("programme", "0002_laws")]
    operations = [migrations.RunSQL(LAWS, _drop(LAWS))]
