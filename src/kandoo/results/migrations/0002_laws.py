"""Laws that PostgreSQL itself holds: figures only ever come to those before; a closed period stays as it is."""

from django.db import migrations

KEPT = ("target", "value", "lock", "frozen", "importedvalues")

LAWS = """
-- A row belongs to the programme that keeps its file and its indicator.
CREATE FUNCTION results_at_home() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM programme_clusterfile f WHERE f.id = NEW.file_id AND f.cluster_id = NEW.cluster_id)
     OR (to_jsonb(NEW) ? 'indicator_id' AND NOT EXISTS (
       SELECT 1 FROM results_indicator i
       WHERE i.id = (to_jsonb(NEW) ->> 'indicator_id')::bigint AND i.cluster_id = NEW.cluster_id)) THEN
    RAISE EXCEPTION 'file and indicator are of one programme' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Nothing is written of a period that lies within one that is closed; who corrects names the same figure.
CREATE FUNCTION results_value_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('results_lock'), NEW.file_id::int);
  IF EXISTS (SELECT 1 FROM results_lock l
             WHERE l.file_id = NEW.file_id AND l.first <= NEW.first AND l.last >= NEW.last) THEN
    RAISE EXCEPTION 'the period % to % is closed', NEW.first, NEW.last USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM results_value v
     WHERE v.id = NEW.corrects_id AND v.file_id = NEW.file_id AND v.indicator_id = NEW.indicator_id) THEN
    RAISE EXCEPTION 'value % is of another figure', NEW.corrects_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER value_step BEFORE INSERT ON results_value
FOR EACH ROW EXECUTE FUNCTION results_value_step();

-- A period is closed after its last day. It comes after its figures: once it stands, none is added.
CREATE FUNCTION results_lock_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('results_lock'), NEW.file_id::int);
  IF NEW.last > NEW.at::date THEN
    RAISE EXCEPTION 'the period until % is not over', NEW.last USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM results_frozen z WHERE z.lock_id = NEW.id AND z.file_id <> NEW.file_id) THEN
    RAISE EXCEPTION 'figures of another file' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lock_step BEFORE INSERT ON results_lock
FOR EACH ROW EXECUTE FUNCTION results_lock_step();

CREATE FUNCTION results_frozen_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM results_lock l WHERE l.id = NEW.lock_id) THEN
    RAISE EXCEPTION 'the figures of a closed period stay as they are' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen_step BEFORE INSERT ON results_frozen
FOR EACH ROW EXECUTE FUNCTION results_frozen_step();

-- What an indicator measures stays; its words may be made clearer, which the trail tells.
CREATE FUNCTION results_indicator_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.cluster_id, OLD.code, OLD.measure, OLD.kind) IS DISTINCT FROM (NEW.cluster_id, NEW.code, NEW.measure, NEW.kind) THEN
    RAISE EXCEPTION 'indicator % keeps its code and what it measures', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER indicator_step BEFORE UPDATE OR DELETE ON results_indicator
FOR EACH ROW EXECUTE FUNCTION results_indicator_step();
"""

UNDO = """
DROP TRIGGER indicator_step ON results_indicator;
DROP FUNCTION results_indicator_step();
DROP TRIGGER frozen_step ON results_frozen;
DROP FUNCTION results_frozen_step();
DROP TRIGGER lock_step ON results_lock;
DROP FUNCTION results_lock_step();
DROP TRIGGER value_step ON results_value;
DROP FUNCTION results_value_step();
DROP FUNCTION results_at_home() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial"), ("ledger", "0003_laws")]

    operations = [
        migrations.RunSQL(LAWS, UNDO),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON results_{table} "
                "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();"
                f"CREATE TRIGGER at_home BEFORE INSERT ON results_{table} "
                "FOR EACH ROW EXECUTE FUNCTION results_at_home()",
                f"DROP TRIGGER at_home ON results_{table}; DROP TRIGGER never_changes ON results_{table}",
            )
            for table in KEPT
        ),
    ]
