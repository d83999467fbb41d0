"""Laws that PostgreSQL itself holds: votes and rolls never change, and a decision is what the votes give."""

from django.db import migrations

KEPT = ("sharing_elector", "sharing_rulevote", "sharing_simulatedshare")

STEP = """
CREATE FUNCTION sharing_proposal_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE yes integer; no integer; result text[] := ARRAY['status', 'yes', 'no', 'decided_at', 'in_force_from'];
BEGIN
  IF OLD.status IN ('adopted', 'rejected', 'withdrawn') THEN
    RAISE EXCEPTION 'proposal % is decided and never changes', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'draft' THEN
    IF NEW.status IN ('adopted', 'rejected') THEN
      RAISE EXCEPTION 'proposal % was never voted on', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status = 'open' AND NEW.electorate IS DISTINCT FROM
       (SELECT count(*)::integer FROM sharing_elector e WHERE e.proposal_id = OLD.id) THEN
      RAISE EXCEPTION 'the electorate of proposal % is not its roll', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - result <> to_jsonb(OLD) - result
     OR (NEW.status IN ('draft', 'open') AND to_jsonb(NEW) <> to_jsonb(OLD)) THEN
    RAISE EXCEPTION 'proposal % stays as it was put to the vote', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status NOT IN ('adopted', 'rejected') THEN
    RETURN NEW;
  END IF;
  IF NEW.decided_at IS NULL OR NEW.decided_at::date < OLD.vote_closes_on THEN
    RAISE EXCEPTION 'the vote on proposal % is not over', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  SELECT count(*) FILTER (WHERE is_yes), count(*) FILTER (WHERE NOT is_yes) INTO yes, no FROM (
    SELECT DISTINCT ON (v.enterprise_id) v.is_yes FROM sharing_rulevote v
    WHERE v.proposal_id = OLD.id ORDER BY v.enterprise_id, v.number DESC) counted;
  NEW.yes := yes;
  NEW.no := no;
  NEW.status := CASE WHEN yes + no > 0 AND (yes + no) * 100 >= OLD.quorum_percent * OLD.electorate
                          AND yes * 100 >= OLD.majority_percent * (yes + no)
                     THEN 'adopted' ELSE 'rejected' END;
  NEW.in_force_from := greatest(OLD.in_force_from, NEW.decided_at::date);  -- never for the past
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_step BEFORE UPDATE ON sharing_ruleproposal
FOR EACH ROW EXECUTE FUNCTION sharing_proposal_step();
CREATE TRIGGER never_deleted BEFORE DELETE ON sharing_ruleproposal
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
"""

UNDO = """
DROP TRIGGER never_deleted ON sharing_ruleproposal;
DROP TRIGGER proposal_step ON sharing_ruleproposal;
DROP FUNCTION sharing_proposal_step();
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial"), ("ledger", "0003_laws")]
    operations = [
        migrations.RunSQL(STEP, UNDO),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
                f"DROP TRIGGER never_changes ON {table}",
            )
            for table in KEPT
        ),
    ]
