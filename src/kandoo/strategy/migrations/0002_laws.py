"""Laws that PostgreSQL itself holds: a baseline never changes, a tree has one root, a chain has no circle."""

import re

from django.db import migrations

EDITIONS = """
CREATE FUNCTION strategy_diagnosis_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  moving text[] := ARRAY['status', 'note', 'remark', 'prepared_by_id', 'prepared_at', 'confirmed_by_id', 'confirmed_at', 'baseline_on'];
  file record; mine text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION 'a study begins by being written' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM programme_clusterfile f WHERE f.id = NEW.file_id AND f.cluster_id = NEW.cluster_id) THEN
      RAISE EXCEPTION 'the file is another programme''s' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status = 'frozen' THEN
    RAISE EXCEPTION 'edition % is the baseline and never changes', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'edition % stays on file', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
     OR (OLD.status, NEW.status) NOT IN (('draft', 'draft'), ('draft', 'prepared'), ('prepared', 'draft'), ('prepared', 'frozen')) THEN
    RAISE EXCEPTION 'edition % goes from written to prepared to baseline, or back', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'prepared' AND NEW.prepared_by_id IS DISTINCT FROM kandoo_person() THEN
    RAISE EXCEPTION 'edition % is prepared by the one who says so', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status = 'frozen' THEN
    SELECT f.cluster_id, f.province INTO file FROM programme_clusterfile f WHERE f.id = OLD.file_id;
    mine := kandoo_desks('supervisor');
    IF NEW.confirmed_by_id IS DISTINCT FROM kandoo_person() OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id
       OR NOT ARRAY[file.cluster_id || ':', file.cluster_id || ':' || file.province] && mine THEN
      RAISE EXCEPTION 'edition % is confirmed by a supervisor of its province', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT (EXISTS (SELECT 1 FROM strategy_actor r WHERE r.diagnosis_id = OLD.id)
        AND EXISTS (SELECT 1 FROM strategy_actorlink r WHERE r.diagnosis_id = OLD.id)
        AND EXISTS (SELECT 1 FROM strategy_chainstage r WHERE r.diagnosis_id = OLD.id)
        AND (SELECT count(DISTINCT r.quadrant) FROM strategy_swotpoint r WHERE r.diagnosis_id = OLD.id) = 4
        AND (SELECT count(DISTINCT r.side) FROM strategy_problem r WHERE r.diagnosis_id = OLD.id) = 3) THEN
      RAISE EXCEPTION 'edition % is not whole', OLD.id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER edition_step BEFORE INSERT OR UPDATE OR DELETE ON strategy_diagnosis
FOR EACH ROW EXECUTE FUNCTION strategy_diagnosis_step();
"""

# Writers of an edition take its lock, so that none passes another's freeze or closes a circle with another.
PARTS = """
CREATE FUNCTION strategy_part_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held record; wanted bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.diagnosis_id ELSE NEW.diagnosis_id END;
BEGIN
  SELECT d.status, d.file_id, d.cluster_id INTO held FROM strategy_diagnosis d WHERE d.id = wanted FOR UPDATE;
  IF held.status <> 'draft' THEN
    RAISE EXCEPTION 'an edition that is prepared or the baseline never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.file_id <> held.file_id OR NEW.cluster_id <> held.cluster_id
     OR (TG_OP = 'UPDATE' AND NEW.diagnosis_id <> OLD.diagnosis_id) THEN
    RAISE EXCEPTION 'a row stays in its edition' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION strategy_link_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM strategy_actor a WHERE a.id IN (NEW.source_id, NEW.target_id) AND a.diagnosis_id = NEW.diagnosis_id) <> 2 THEN
    RAISE EXCEPTION 'a link joins two actors of its own edition' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER two_of_one_edition BEFORE INSERT OR UPDATE ON strategy_actorlink
FOR EACH ROW EXECUTE FUNCTION strategy_link_step();

CREATE FUNCTION strategy_problem_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE above record;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.side <> OLD.side THEN
    RAISE EXCEPTION 'a problem stays on its side of the tree' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.parent_id IS NULL THEN RETURN NEW; END IF;
  SELECT p.side, p.diagnosis_id INTO above FROM strategy_problem p WHERE p.id = NEW.parent_id;
  IF above.diagnosis_id <> NEW.diagnosis_id OR above.side NOT IN ('core', NEW.side) THEN
    RAISE EXCEPTION 'a problem hangs on the core or on its own side' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    WITH RECURSIVE up(id) AS (
      SELECT NEW.parent_id UNION SELECT p.parent_id FROM strategy_problem p JOIN up ON p.id = up.id WHERE p.parent_id IS NOT NULL)
    SELECT 1 FROM up WHERE up.id = NEW.id) THEN
    RAISE EXCEPTION 'a problem does not hang on what hangs on it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tree_holds BEFORE INSERT OR UPDATE ON strategy_problem
FOR EACH ROW EXECUTE FUNCTION strategy_problem_step();
"""

PLAN = """
CREATE FUNCTION strategy_rank(level text) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT array_position(ARRAY['input', 'activity', 'output', 'outcome', 'impact'], level) $$;

CREATE FUNCTION strategy_node_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.level, NEW.file_id, NEW.cluster_id) IS DISTINCT FROM (OLD.level, OLD.file_id, OLD.cluster_id) THEN
    RAISE EXCEPTION 'a link of the chain stays at its level' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.activity_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM credit_activity a WHERE a.id = NEW.activity_id AND a.file_id = NEW.file_id) THEN
    RAISE EXCEPTION 'the activity is of another file' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER node_step BEFORE INSERT OR UPDATE ON strategy_node FOR EACH ROW EXECUTE FUNCTION strategy_node_step();

CREATE FUNCTION strategy_edge_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE first record; second record;
BEGIN
  SELECT n.level, n.file_id INTO first FROM strategy_node n WHERE n.id = NEW.source_id;
  SELECT n.level, n.file_id INTO second FROM strategy_node n WHERE n.id = NEW.target_id;
  IF first.file_id <> NEW.file_id OR second.file_id <> NEW.file_id OR strategy_rank(first.level) >= strategy_rank(second.level) THEN
    RAISE EXCEPTION 'a step leads to a later level of the same chain' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER edge_step BEFORE INSERT OR UPDATE ON strategy_edge FOR EACH ROW EXECUTE FUNCTION strategy_edge_step();

CREATE FUNCTION strategy_pair_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE place bigint;
BEGIN
  IF TG_TABLE_NAME = 'strategy_answer' THEN
    SELECT p.file_id INTO place FROM strategy_problem p WHERE p.id = (to_jsonb(NEW) ->> 'problem_id')::bigint;
  ELSE
    SELECT o.file_id INTO place FROM strategy_objective o WHERE o.id = (to_jsonb(NEW) ->> 'objective_id')::bigint;
  END IF;
  IF place <> NEW.file_id OR NOT EXISTS (SELECT 1 FROM credit_activity a WHERE a.id = NEW.activity_id AND a.file_id = NEW.file_id) THEN
    RAISE EXCEPTION 'the activity is of another file' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_one_file BEFORE INSERT OR UPDATE ON strategy_answer FOR EACH ROW EXECUTE FUNCTION strategy_pair_step();
CREATE TRIGGER of_one_file BEFORE INSERT OR UPDATE ON strategy_serving FOR EACH ROW EXECUTE FUNCTION strategy_pair_step();
"""

OF_AN_EDITION = ("actor", "actorlink", "chainstage", "swotpoint", "problem")
NEVER_CHANGE = ("vision", "importedpart")


def _undo(sql: str) -> str:
    """What takes the triggers and functions of a text back again."""
    triggers = re.findall(r"CREATE TRIGGER (\w+)\s.*?\sON (\w+)", sql, re.DOTALL)
    functions = re.findall(r"CREATE FUNCTION (\w+)\(", sql)
    drops = [f"DROP TRIGGER {name} ON {table}" for name, table in triggers] + [f"DROP FUNCTION {name}" for name in functions]
    return ";".join(drops)


def _trigger(name: str, table: str, events: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {events} ON strategy_{table} FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON strategy_{table}",
    )


class Migration(migrations.Migration):
    # kandoo_never_changes() is the ledger's; kandoo_person() and kandoo_desks() are made anew after every migration.
    dependencies = [("strategy", "0001_initial"), ("ledger", "0003_laws"), ("programme", "0002_laws"), ("credit", "0003_shares")]
    operations = [
        *(migrations.RunSQL(sql, _undo(sql)) for sql in (EDITIONS, PARTS, PLAN)),
        *(_trigger("a_edition_step", table, "INSERT OR UPDATE OR DELETE", "strategy_part_step") for table in OF_AN_EDITION),
        *(_trigger("never_changes", table, "UPDATE OR DELETE", "kandoo_never_changes") for table in NEVER_CHANGE),
    ]
