"""Laws that PostgreSQL itself holds: gates in order, with their papers, by those who may; what is decided stays."""

from django.db import migrations

KEPT = ("procedure", "stage", "requiredpaper", "stagemark", "count", "importedfile", "papercomment", "decision", "reminder")

FILES = """
CREATE FUNCTION programme_file_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() = 1
     AND (OLD.stage, OLD.stage_since, OLD.status, OLD.first_gate, OLD.procedure_id, OLD.cluster_id, OLD.last_moved_on)
         IS DISTINCT FROM
         (NEW.stage, NEW.stage_since, NEW.status, NEW.first_gate, NEW.procedure_id, NEW.cluster_id, NEW.last_moved_on) THEN
    RAISE EXCEPTION 'file % is moved by decisions and papers alone', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NOT EXISTS (
     SELECT 1 FROM programme_stage s WHERE s.procedure_id = NEW.procedure_id AND s.code = NEW.stage) THEN
    RAISE EXCEPTION 'there is no stage % in the procedure', NEW.stage USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER file_step BEFORE INSERT OR UPDATE ON programme_clusterfile
FOR EACH ROW EXECUTE FUNCTION programme_file_step();

CREATE FUNCTION programme_file_mark() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.stage IS DISTINCT FROM OLD.stage THEN
    INSERT INTO programme_stagemark (cluster_id, file_id, stage, "on")
    VALUES (NEW.cluster_id, NEW.id, NEW.stage, NEW.stage_since);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER file_mark AFTER INSERT OR UPDATE OF stage ON programme_clusterfile
FOR EACH ROW EXECUTE FUNCTION programme_file_mark();
"""

PAPERS = """
CREATE FUNCTION programme_edition_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  chain text[] := ARRAY['status', 'confirmed_by_id', 'confirmed_at', 'approved_by_id', 'approved_at', 'returned_by_id', 'returned_at'];
  level text; place text; mine text[];
BEGIN
  IF to_jsonb(NEW) - chain <> to_jsonb(OLD) - chain THEN
    RAISE EXCEPTION 'edition % stays as it was sent', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('approved', 'returned')
     OR (OLD.status, NEW.status) NOT IN (('prepared', 'confirmed'), ('confirmed', 'approved'), ('prepared', 'returned'), ('confirmed', 'returned')) THEN
    RAISE EXCEPTION 'edition % goes from prepared to confirmed to approved, or back', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT f.province INTO place FROM programme_clusterfile f WHERE f.id = OLD.file_id;
  IF NEW.status = 'approved' THEN
    SELECT q.approved_by INTO level FROM programme_paper p JOIN programme_requiredpaper q ON q.id = p.required_id
    WHERE p.id = OLD.paper_id;
    mine := kandoo_desks('officer');
    IF NOT (OLD.cluster_id || ':' = ANY (mine) OR (coalesce(level, 'province') = 'province' AND OLD.cluster_id || ':' || place = ANY (mine))) THEN
      RAISE EXCEPTION 'edition % is approved by an officer of the %', OLD.id, coalesce(level, 'province') USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER edition_step BEFORE UPDATE ON programme_paperedition
FOR EACH ROW EXECUTE FUNCTION programme_edition_step();

CREATE FUNCTION programme_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at timestamptz := CASE WHEN TG_OP = 'INSERT' THEN NEW.prepared_at
                               ELSE coalesce(NEW.returned_at, NEW.approved_at, NEW.confirmed_at) END;
BEGIN
  UPDATE programme_clusterfile SET last_moved_on = at::date WHERE id = NEW.file_id AND last_moved_on < at::date;
  RETURN NULL;
END $$;
CREATE TRIGGER edition_moved AFTER INSERT OR UPDATE ON programme_paperedition
FOR EACH ROW EXECUTE FUNCTION programme_moved();
CREATE TRIGGER never_deleted BEFORE DELETE ON programme_paperedition
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
"""

GATES = """
-- The required papers that are not approved, of every gate from the first kept here up to this one.
CREATE FUNCTION programme_papers_missing(wanted_file bigint, wanted_stage bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(q.id ORDER BY s.position, q.position), '{}')
   FROM programme_clusterfile f
   JOIN programme_stage up ON up.id = wanted_stage
   JOIN programme_stage s ON s.procedure_id = up.procedure_id AND s.position BETWEEN f.first_gate AND up.position
   JOIN programme_requiredpaper q ON q.stage_id = s.id
   WHERE f.id = wanted_file AND NOT EXISTS (
     SELECT 1 FROM programme_paper p JOIN programme_paperedition e ON e.paper_id = p.id
     WHERE p.file_id = f.id AND p.required_id = q.id AND e.status = 'approved') $$;

CREATE FUNCTION programme_decision_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE item record; held record; body record; file record; gate record; now_at integer; votes integer;
BEGIN
  SELECT * INTO file FROM programme_clusterfile WHERE id = NEW.file_id FOR UPDATE;
  SELECT * INTO item FROM programme_agendaitem WHERE id = NEW.item_id;
  SELECT * INTO held FROM programme_meeting WHERE id = item.meeting_id;
  SELECT * INTO body FROM programme_body WHERE id = held.body_id;
  SELECT * INTO gate FROM programme_stage WHERE id = NEW.stage_id;
  SELECT position INTO now_at FROM programme_stage WHERE procedure_id = file.procedure_id AND code = file.stage;
  IF item.file_id <> NEW.file_id OR item.stage_id <> NEW.stage_id OR file.cluster_id <> NEW.cluster_id THEN
    RAISE EXCEPTION 'the decision is not on what the agenda says' USING ERRCODE = 'check_violation';
  END IF;
  IF gate.procedure_id <> file.procedure_id OR gate.position <> now_at + 1 THEN
    RAISE EXCEPTION 'gate % does not follow stage %', gate.code, file.stage USING ERRCODE = 'check_violation';
  END IF;
  IF held.status <> 'held' OR NEW.on <> held.on THEN
    RAISE EXCEPTION 'gates are decided in a meeting, while it is held' USING ERRCODE = 'check_violation';
  END IF;
  IF body.kind <> gate.decided_by OR body.cluster_id <> file.cluster_id
     OR (body.province <> '' AND body.province <> file.province) OR (body.file_id IS NOT NULL AND body.file_id <> file.id) THEN
    RAISE EXCEPTION 'gate % of this file is decided by the %', gate.code, gate.decided_by USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT body.id = ANY (kandoo_bodies_i_lead()) THEN
    RAISE EXCEPTION 'chair or secretary of the body write down its decisions' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT count(*) INTO votes FROM programme_attendance a JOIN programme_bodymember m ON m.id = a.member_id
  WHERE a.meeting_id = held.id AND m.is_voting AND m.body_id = body.id;
  IF votes < body.quorum THEN
    RAISE EXCEPTION 'no quorum: % of %', votes, body.quorum USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.yes + NEW.no + NEW.abstained <> votes THEN
    RAISE EXCEPTION 'the votes are not those of the members present' USING ERRCODE = 'check_violation';
  END IF;
  IF body.rule = 'consensus' AND (NEW.no > 0 OR NEW.yes = 0) OR body.rule = 'vote' AND 2 * NEW.yes <= votes THEN
    RAISE EXCEPTION 'the members did not agree to this' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.outcome IN ('passed', 'conditional') THEN
    IF cardinality(programme_papers_missing(file.id, gate.id)) > 0 THEN
      RAISE EXCEPTION 'papers are missing for gate %', gate.code USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM programme_condition c WHERE c.file_id = file.id AND c.kept_on IS NULL) THEN
      RAISE EXCEPTION 'conditions of an earlier gate are not kept' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_check BEFORE INSERT ON programme_decision
FOR EACH ROW EXECUTE FUNCTION programme_decision_check();

CREATE FUNCTION programme_decision_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE programme_clusterfile f SET
    stage = CASE WHEN NEW.outcome IN ('passed', 'conditional') THEN s.code ELSE f.stage END,
    stage_since = CASE WHEN NEW.outcome IN ('passed', 'conditional') THEN NEW.on ELSE f.stage_since END,
    status = CASE NEW.outcome WHEN 'waiting' THEN 'waiting' WHEN 'rejected' THEN 'rejected'
                              ELSE CASE WHEN s.is_exit OR f.status = 'exited' THEN 'exited' ELSE 'active' END END,
    last_moved_on = greatest(f.last_moved_on, NEW.on)
  FROM programme_stage s WHERE f.id = NEW.file_id AND s.id = NEW.stage_id;
  RETURN NULL;
END $$;
CREATE TRIGGER decision_moves AFTER INSERT ON programme_decision
FOR EACH ROW EXECUTE FUNCTION programme_decision_moves();

CREATE FUNCTION programme_decision_has_conditions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.outcome = 'conditional') <> EXISTS (SELECT 1 FROM programme_condition c WHERE c.decision_id = NEW.id) THEN
    RAISE EXCEPTION 'a conditional decision, and no other, has conditions' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER decision_has_conditions AFTER INSERT ON programme_decision
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programme_decision_has_conditions();

CREATE FUNCTION programme_condition_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE kept text[] := ARRAY['kept_on', 'evidence', 'kept_by_id'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT 1 FROM programme_decision d JOIN programme_agendaitem i ON i.id = d.item_id
                   JOIN programme_meeting m ON m.id = i.meeting_id
                   WHERE d.id = NEW.decision_id AND d.file_id = NEW.file_id AND d.outcome = 'conditional' AND m.status = 'held') THEN
      RAISE EXCEPTION 'conditions are set with a conditional decision, in its meeting' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF OLD.kept_on IS NOT NULL OR to_jsonb(NEW) - kept <> to_jsonb(OLD) - kept THEN
    RAISE EXCEPTION 'condition % stays as it was set', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER condition_step BEFORE INSERT OR UPDATE ON programme_condition
FOR EACH ROW EXECUTE FUNCTION programme_condition_step();
CREATE TRIGGER never_deleted BEFORE DELETE ON programme_condition
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();

CREATE FUNCTION programme_meeting_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status IN ('closed', 'cancelled') OR NEW.body_id <> OLD.body_id OR NEW.number <> OLD.number
     OR (OLD.status, NEW.status) NOT IN (('called', 'called'), ('called', 'held'), ('called', 'cancelled'), ('held', 'held'), ('held', 'closed'))
     OR (OLD.status = 'held' AND NEW.on <> OLD.on) THEN
    RAISE EXCEPTION 'meeting % is called, held and closed, in this order', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'closed' AND NEW.minutes = '' THEN
    RAISE EXCEPTION 'meeting % closes with its minutes', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meeting_step BEFORE UPDATE ON programme_meeting
FOR EACH ROW EXECUTE FUNCTION programme_meeting_step();

CREATE FUNCTION programme_meeting_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END;
        step text := (SELECT status FROM programme_meeting WHERE id = wanted FOR SHARE);
BEGIN
  IF step <> TG_ARGV[0] THEN
    RAISE EXCEPTION 'meeting % is %, so its % stays', wanted, step, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_TABLE_NAME = 'programme_attendance' AND EXISTS (
     SELECT 1 FROM programme_decision d JOIN programme_agendaitem i ON i.id = d.item_id WHERE i.meeting_id = wanted) THEN
    RAISE EXCEPTION 'meeting % has decided, so who was present stays', wanted USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER attendance_step BEFORE INSERT OR DELETE ON programme_attendance
FOR EACH ROW EXECUTE FUNCTION programme_meeting_part('held');
CREATE TRIGGER agenda_step BEFORE INSERT OR DELETE ON programme_agendaitem
FOR EACH ROW EXECUTE FUNCTION programme_meeting_part('called');
"""

ROUNDS = """
CREATE FUNCTION programme_round_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.closed_on IS NOT NULL THEN
    RAISE EXCEPTION 'round % is closed and never changes', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER round_step BEFORE UPDATE ON programme_selectionround
FOR EACH ROW EXECUTE FUNCTION programme_round_step();

CREATE FUNCTION programme_round_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.round_id ELSE NEW.round_id END;
        ended date := (SELECT closed_on FROM programme_selectionround WHERE id = wanted FOR SHARE);
BEGIN
  IF ended IS NOT NULL THEN
    RAISE EXCEPTION 'round % is closed and never changes', wanted USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

PARTS_OF_ROUNDS = ("criterion", "candidate", "score")


def _drop(sql: str) -> str:
    """What takes triggers and functions of a text back again."""
    import re

    triggers = re.findall(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+).*? ON (\w+)", sql)
    functions = re.findall(r"CREATE FUNCTION (\w+)\(", sql)
    return ";".join([f"DROP TRIGGER {name} ON {table}" for name, table in triggers]
                    + [f"DROP FUNCTION {name}" for name in functions])


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial"), ("ledger", "0003_laws")]
    operations = [
        *(migrations.RunSQL(sql, _drop(sql)) for sql in (FILES, PAPERS, GATES, ROUNDS)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER round_part BEFORE INSERT OR UPDATE OR DELETE ON programme_{table} "
                "FOR EACH ROW EXECUTE FUNCTION programme_round_part()",
                f"DROP TRIGGER round_part ON programme_{table}",
            )
            for table in PARTS_OF_ROUNDS
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON programme_{table} "
                "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
                f"DROP TRIGGER never_changes ON programme_{table}",
            )
            for table in KEPT
        ),
    ]
