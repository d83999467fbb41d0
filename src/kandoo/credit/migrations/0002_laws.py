"""Laws that PostgreSQL itself holds: money never above its line, two desks, confirmed phases, one use of an invoice.

A movement takes the lock of its line, then of its commitment, then of its contract, and writes their totals;
the constraints of those tables refuse what would be above what holds it. So however many write at once, they
stand in a row, and no total is ever wrong.
"""

import re

from django.db import migrations

TOTALS = """
CREATE FUNCTION credit_totals_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE totals text[] := string_to_array(TG_ARGV[0], ' '); fixed text[] := string_to_array(TG_ARGV[1], ' ');
BEGIN
  IF pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM unnest(totals) each WHERE coalesce(to_jsonb(NEW) ->> each, '0') <> '0') THEN
    RAISE EXCEPTION '% begins without money', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND EXISTS (
     SELECT 1 FROM unnest(totals || fixed) each WHERE to_jsonb(NEW) ->> each IS DISTINCT FROM to_jsonb(OLD) ->> each) THEN
    RAISE EXCEPTION 'totals of % are written by movements alone', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER totals_kept BEFORE INSERT OR UPDATE ON credit_creditline
FOR EACH ROW EXECUTE FUNCTION credit_totals_kept(
  'approved allocated committed paid returned lapsed carried closed_on', 'cluster_id year_id code province file_id');
CREATE TRIGGER totals_kept BEFORE INSERT OR UPDATE ON credit_commitment
FOR EACH ROW EXECUTE FUNCTION credit_totals_kept('committed paid carried', 'cluster_id line_id payee_id contract_id amount agency_max');
CREATE TRIGGER totals_kept BEFORE INSERT OR UPDATE ON credit_contract
FOR EACH ROW EXECUTE FUNCTION credit_totals_kept('advanced advance_open', 'cluster_id file_id payee_id amount advance_max');
"""

MOVEMENTS = """
CREATE FUNCTION credit_movement_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE line record; term record; bound record; paying record;
BEGIN
  SELECT * INTO line FROM credit_creditline WHERE id = NEW.line_id FOR UPDATE;
  SELECT * INTO term FROM credit_fiscalyear WHERE id = line.year_id;
  IF line.cluster_id <> NEW.cluster_id THEN
    RAISE EXCEPTION 'line % is another programme''s', line.code USING ERRCODE = 'restrict_violation';
  END IF;
  IF (line.closed_on IS NOT NULL) <> (NEW.kind = 'refunded_late') THEN
    RAISE EXCEPTION 'line %: % does not fit its year''s end', line.code, NEW.kind USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.on < term.starts_on
     OR (NEW.on > term.ends_on AND NEW.kind IN ('approved', 'raised', 'cut', 'allocated', 'committed', 'carried_in'))
     OR (NEW.on > term.pays_until AND NEW.kind = 'paid') THEN
    RAISE EXCEPTION 'line %: % is no day of the fiscal year %', line.code, NEW.on, term.year USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE credit_creditline SET
    approved = approved + CASE WHEN NEW.kind IN ('approved', 'raised', 'carried_in') THEN NEW.amount WHEN NEW.kind = 'cut' THEN -NEW.amount ELSE 0 END,
    allocated = allocated + CASE WHEN NEW.kind IN ('allocated', 'carried_in') THEN NEW.amount WHEN NEW.kind = 'returned' THEN -NEW.amount ELSE 0 END,
    committed = committed + CASE WHEN NEW.kind IN ('committed', 'carried_in') THEN NEW.amount WHEN NEW.kind = 'released' THEN -NEW.amount ELSE 0 END,
    paid = paid + CASE WHEN NEW.kind = 'paid' THEN NEW.amount WHEN NEW.kind IN ('refunded', 'refunded_late') THEN -NEW.amount ELSE 0 END,
    returned = returned + CASE WHEN NEW.kind IN ('returned', 'refunded', 'refunded_late') THEN NEW.amount ELSE 0 END,
    lapsed = lapsed + CASE WHEN NEW.kind IN ('lapsed', 'refunded_late') THEN NEW.amount ELSE 0 END,
    carried = carried + CASE WHEN NEW.kind = 'carried_out' THEN NEW.amount ELSE 0 END
  WHERE id = NEW.line_id;
  IF NEW.law_id IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM credit_budgetlaw w WHERE w.id = NEW.law_id AND w.year_id = line.year_id
     AND (w.amends_id IS NOT NULL) = (NEW.kind IN ('raised', 'cut'))) THEN
    RAISE EXCEPTION 'line %: % is not what this law does', line.code, NEW.kind USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.commitment_id IS NULL THEN RETURN NEW; END IF;

  SELECT * INTO bound FROM credit_commitment WHERE id = NEW.commitment_id FOR UPDATE;
  IF bound.line_id <> NEW.line_id THEN
    RAISE EXCEPTION 'commitment % is on another line', bound.number USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE credit_commitment SET
    committed = committed + CASE WHEN NEW.kind IN ('committed', 'carried_in') THEN NEW.amount WHEN NEW.kind = 'released' THEN -NEW.amount ELSE 0 END,
    paid = paid + CASE WHEN NEW.kind = 'paid' THEN NEW.amount WHEN NEW.kind IN ('refunded', 'refunded_late') THEN -NEW.amount ELSE 0 END,
    carried = carried + CASE WHEN NEW.kind = 'carried_out' THEN NEW.amount ELSE 0 END
  WHERE id = NEW.commitment_id;
  PERFORM 1 FROM credit_contract WHERE id = bound.contract_id FOR UPDATE;
  IF NEW.kind IN ('committed', 'carried_in') AND
     (SELECT sum(c.committed - c.carried) FROM credit_commitment c WHERE c.contract_id = bound.contract_id)
     > (SELECT amount FROM credit_contract WHERE id = bound.contract_id) THEN
    RAISE EXCEPTION 'more is committed to the contract than it costs' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'paid' THEN
    SELECT * INTO paying FROM credit_paymentorder WHERE id = NEW.order_id;
    IF paying.status <> 'paid' OR paying.amount <> NEW.amount OR paying.commitment_id <> NEW.commitment_id THEN
      RAISE EXCEPTION 'order % does not say so', paying.number USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE credit_contract SET
      advanced = advanced + CASE WHEN paying.kind = 'advance' THEN paying.gross ELSE 0 END,
      advance_open = advance_open + CASE WHEN paying.kind = 'advance' THEN paying.gross ELSE -paying.recovered END
    WHERE id = bound.contract_id;
  ELSIF NEW.kind IN ('refunded', 'refunded_late') THEN
    UPDATE credit_contract SET advance_open = advance_open - least(advance_open, NEW.amount) WHERE id = bound.contract_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER movement_moves BEFORE INSERT ON credit_movement
FOR EACH ROW EXECUTE FUNCTION credit_movement_moves();

-- Movement and entry are one: its rule, its amount, its line, and each has the other.
CREATE FUNCTION credit_movement_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE booked record; moved record; total bigint;
BEGIN
  SELECT * INTO moved FROM credit_movement WHERE CASE WHEN TG_TABLE_NAME = 'ledger_entry' THEN entry_id = NEW.id ELSE id = NEW.id END;
  IF moved.id IS NULL THEN
    RAISE EXCEPTION 'entry % moves public money and no line says so', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO booked FROM ledger_entry WHERE id = moved.entry_id;
  SELECT sum(amount) INTO total FROM ledger_leg WHERE entry_id = moved.entry_id AND amount > 0;
  IF booked.cluster_id <> moved.cluster_id OR booked.rule <> 'credit_' || moved.kind OR total <> moved.amount OR booked.on <> moved.on
     OR EXISTS (SELECT 1 FROM ledger_leg g JOIN credit_creditline l ON l.id = moved.line_id
                JOIN credit_fiscalyear y ON y.id = l.year_id
                WHERE g.entry_id = moved.entry_id AND g.party <> y.year || '/' || l.code) THEN
    RAISE EXCEPTION 'movement % is booked as something else', moved.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER movement_booked AFTER INSERT ON credit_movement
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_movement_booked();
CREATE CONSTRAINT TRIGGER credit_entry_moves AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.rule LIKE 'credit\\_%') EXECUTE FUNCTION credit_movement_booked();

CREATE FUNCTION credit_entry_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = NEW.reverses_id AND e.rule LIKE 'credit\\_%') THEN
    RAISE EXCEPTION 'public money is moved back by another movement' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_entry_stands BEFORE INSERT ON ledger_entry
FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION credit_entry_stands();

CREATE FUNCTION credit_commitment_is_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM credit_movement m WHERE m.commitment_id = NEW.id AND m.amount = NEW.amount
                 AND m.kind = CASE WHEN NEW.carried_from_id IS NULL THEN 'committed' ELSE 'carried_in' END) THEN
    RAISE EXCEPTION 'commitment % binds no money', NEW.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER commitment_is_moved AFTER INSERT ON credit_commitment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_commitment_is_moved();
"""

CONTRACTS = """
CREATE FUNCTION credit_phases_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted bigint := CASE WHEN TG_TABLE_NAME = 'credit_contract' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'contract_id')::bigint END;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM credit_phase p JOIN credit_contract c ON c.id = p.contract_id WHERE c.id = wanted
                 GROUP BY c.id HAVING sum(p.weight) = 1000 AND sum(p.amount) = c.amount) THEN
    RAISE EXCEPTION 'the phases of contract % are not the whole of it', wanted USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER phases_whole AFTER INSERT ON credit_contract
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_phases_whole();
CREATE CONSTRAINT TRIGGER phases_whole AFTER INSERT ON credit_phase
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_phases_whole();

CREATE FUNCTION credit_phase_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE steps text[] := ARRAY['paper_id', 'delivered_on', 'delivered_as', 'delivered_by_id', 'confirmed_by_id', 'confirmed_at', 'remark'];
        programme bigint; place text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.delivered_on IS NOT NULL OR NEW.confirmed_by_id IS NOT NULL THEN
      RAISE EXCEPTION 'a phase begins undelivered' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - steps <> to_jsonb(OLD) - steps OR OLD.confirmed_by_id IS NOT NULL THEN
    RAISE EXCEPTION 'phase % stays as it was agreed and confirmed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.confirmed_by_id IS NOT NULL THEN
    SELECT f.cluster_id, f.province INTO programme, place FROM credit_contract c JOIN programme_clusterfile f ON f.id = c.file_id
    WHERE c.id = NEW.contract_id;
    IF OLD.delivered_on IS NULL OR NEW.confirmed_by_id IS DISTINCT FROM coalesce(kandoo_person(), -1)
       OR NOT ARRAY[programme || ':', programme || ':' || place] && kandoo_desks('supervisor') THEN
      RAISE EXCEPTION 'phase % is confirmed by a supervisor in person, once delivered', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER phase_step BEFORE INSERT OR UPDATE ON credit_phase
FOR EACH ROW EXECUTE FUNCTION credit_phase_step();
"""

ORDERS = """
CREATE FUNCTION credit_order_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE steps text[] := ARRAY['status', 'decided_by_id', 'decided_at', 'reason'];
        bound record; deal record; part record; place text;
BEGIN
  SELECT * INTO bound FROM credit_commitment WHERE id = NEW.commitment_id;
  SELECT * INTO deal FROM credit_contract WHERE id = bound.contract_id;
  SELECT * INTO part FROM credit_phase WHERE id = NEW.phase_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'prepared' OR NEW.prepared_by_id IS DISTINCT FROM coalesce(kandoo_person(), -1) THEN
      RAISE EXCEPTION 'a payment order begins with who prepares it' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.payee_id <> bound.payee_id OR NEW.cluster_id <> bound.cluster_id THEN
      RAISE EXCEPTION 'commitment % is for another payee', bound.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.kind = 'invoice') <> (bound.contract_id IS NULL) THEN
      RAISE EXCEPTION 'a contract is paid by its phases, everything else by invoice' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'phase' AND (part.contract_id <> bound.contract_id OR part.amount <> NEW.gross OR part.confirmed_by_id IS NULL
                               OR part.confirmed_by_id = NEW.prepared_by_id) THEN
      RAISE EXCEPTION 'phase % is not confirmed by the supervisor', part.position USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'phase' AND NEW.recovered > deal.advance_open OR NEW.kind <> 'phase' AND NEW.recovered <> 0 THEN
      RAISE EXCEPTION 'no such advance is open' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'advance' AND (NEW.gross > deal.advance_max - deal.advanced OR EXISTS (
       SELECT 1 FROM credit_paymentorder o JOIN credit_commitment c ON c.id = o.commitment_id
       WHERE c.contract_id = deal.id AND o.status <> 'sent_back')) THEN
      RAISE EXCEPTION 'contract %: an advance comes first, once, within its limit', deal.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> 'prepared' OR to_jsonb(NEW) - steps <> to_jsonb(OLD) - steps THEN
    RAISE EXCEPTION 'order % stays as it was prepared', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.decided_by_id IS DISTINCT FROM coalesce(kandoo_person(), -1) THEN
    RAISE EXCEPTION 'order % is answered in person', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT l.province INTO place FROM credit_creditline l WHERE l.id = bound.line_id;
  IF NEW.status = 'paid' AND (NEW.decided_by_id IS NOT DISTINCT FROM part.confirmed_by_id
     OR NOT ARRAY[NEW.cluster_id || ':', NEW.cluster_id || ':' || place] && kandoo_desks('controller')) THEN
    RAISE EXCEPTION 'order % is paid by a controller who neither prepared nor confirmed it', OLD.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER order_step BEFORE INSERT OR UPDATE ON credit_paymentorder
FOR EACH ROW EXECUTE FUNCTION credit_order_step();

CREATE FUNCTION credit_order_is_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM credit_movement m WHERE m.order_id = NEW.id) THEN
    RAISE EXCEPTION 'order % moved no money', NEW.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_is_moved AFTER UPDATE ON credit_paymentorder
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'paid') EXECUTE FUNCTION credit_order_is_moved();
"""

CLOSINGS = """
CREATE FUNCTION credit_closing_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE line record; term record;
BEGIN
  SELECT * INTO line FROM credit_creditline WHERE id = NEW.line_id FOR UPDATE;
  SELECT * INTO term FROM credit_fiscalyear WHERE id = line.year_id;
  IF NEW.on < term.ends_on OR line.cluster_id <> NEW.cluster_id
     OR (NEW.approved, NEW.paid, NEW.unallocated + NEW.uncommitted, NEW.carried) IS DISTINCT FROM (line.approved, line.paid, line.lapsed, line.carried) THEN
    RAISE EXCEPTION 'line % does not close like this', line.code USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM credit_paymentorder o JOIN credit_commitment c ON c.id = o.commitment_id
             WHERE c.line_id = line.id AND o.status = 'prepared') THEN
    RAISE EXCEPTION 'line %: a payment order waits', line.code USING ERRCODE = 'check_violation';
  END IF;
  UPDATE credit_creditline SET closed_on = NEW.on WHERE id = NEW.line_id;
  RETURN NEW;
END $$;
CREATE TRIGGER closing_check BEFORE INSERT ON credit_closing
FOR EACH ROW EXECUTE FUNCTION credit_closing_check();

CREATE FUNCTION credit_activity_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM programme_clusterfile f WHERE f.id = NEW.file_id
     AND f.cluster_id = NEW.cluster_id AND f.province = NEW.province) THEN
    RAISE EXCEPTION 'the file is of another province' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER place_fits BEFORE INSERT OR UPDATE ON credit_activity
FOR EACH ROW EXECUTE FUNCTION credit_activity_step();
CREATE TRIGGER place_fits BEFORE INSERT ON credit_creditline
FOR EACH ROW EXECUTE FUNCTION credit_activity_step();
"""

NEVER_CHANGE = ("fiscalyear", "budgetlaw", "costrule", "importedlines", "movement", "closing")
NEVER_GO = ("creditline", "commitment", "contract", "phase", "paymentorder", "activity", "payee")


def _undo(sql: str) -> str:
    """What takes the triggers and functions of a text back again."""
    triggers = re.findall(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s.*?\sON (\w+)", sql, re.DOTALL)
    functions = re.findall(r"CREATE FUNCTION (\w+)\(", sql)
    drops = [f"DROP TRIGGER {name} ON {table}" for name, table in triggers] + [f"DROP FUNCTION {name}" for name in functions]
    return ";".join(drops)


def _kept(table: str, events: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER never_changes BEFORE {events} ON credit_{table} FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
        f"DROP TRIGGER never_changes ON credit_{table}",
    )


class Migration(migrations.Migration):
    # kandoo_never_changes() is the ledger's; kandoo_person() and kandoo_desks() are made anew after every migration.
    dependencies = [("credit", "0001_initial"), ("ledger", "0003_laws"), ("programme", "0002_laws")]
    operations = [
        *(migrations.RunSQL(sql, _undo(sql)) for sql in (TOTALS, MOVEMENTS, CONTRACTS, ORDERS, CLOSINGS)),
        *(_kept(table, "UPDATE OR DELETE") for table in NEVER_CHANGE),
        *(_kept(table, "DELETE") for table in NEVER_GO),
    ]
