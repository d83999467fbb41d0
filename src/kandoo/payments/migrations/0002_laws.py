"""Laws that PostgreSQL itself holds: two persons for every run, and nothing changed once it is approved."""

from django.db import migrations

SQL = """
CREATE FUNCTION payments_run_steps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a payment run is cancelled, not deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' OR NEW.made_by_id IS DISTINCT FROM coalesce(kandoo_person(), NEW.made_by_id) THEN
      RAISE EXCEPTION 'a payment run begins as a draft of who makes it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.cluster_id, NEW.number, NEW.made_by_id, NEW.made_at)
     IS DISTINCT FROM (OLD.cluster_id, OLD.number, OLD.made_by_id, OLD.made_at) THEN
    RAISE EXCEPTION 'who made payment run % does not change', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
     (('draft', 'proposed'), ('proposed', 'draft'), ('draft', 'cancelled'), ('proposed', 'cancelled'),
      ('proposed', 'approved'), ('approved', 'answered')) THEN
    RAISE EXCEPTION 'payment run % cannot go from % to %', OLD.number, OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'approved' AND OLD.status = 'proposed' AND (
       kandoo_person() IS DISTINCT FROM NEW.approved_by_id
       OR NOT EXISTS (SELECT 1 FROM register_role r WHERE r.person_id = NEW.approved_by_id
                      AND r.cluster_id = NEW.cluster_id AND r.role = 'controller'
                      AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date))) THEN
    RAISE EXCEPTION 'payment run % is approved by a controller in person', OLD.number
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('approved', 'answered') AND
     (to_jsonb(NEW) - 'status' - 'answered_at') IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'answered_at') THEN
    RAISE EXCEPTION 'payment run % is approved and does not change', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER run_steps BEFORE INSERT OR UPDATE OR DELETE ON payments_paymentrun
FOR EACH ROW EXECUTE FUNCTION payments_run_steps();

CREATE FUNCTION payments_line_steps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE run record;
BEGIN
  SELECT status, made_by_id, cluster_id INTO run FROM payments_paymentrun WHERE id = coalesce(NEW.run_id, OLD.run_id);
  IF TG_OP <> 'UPDATE' THEN
    IF run.status <> 'draft' OR (TG_OP = 'INSERT' AND NEW.status NOT IN ('waiting', 'held'))
       OR (kandoo_person() IS NOT NULL AND kandoo_person() <> run.made_by_id) THEN
      RAISE EXCEPTION 'the lines of a run come and go while its maker drafts it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
  END IF;
  IF (NEW.cluster_id, NEW.run_id, NEW.enterprise_id, NEW.number)
     IS DISTINCT FROM (OLD.cluster_id, OLD.run_id, OLD.enterprise_id, OLD.number) THEN
    RAISE EXCEPTION 'payment % is another''s', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.owed, NEW.owing, NEW.amount, NEW.sheba, NEW.name)
     IS DISTINCT FROM (OLD.owed, OLD.owing, OLD.amount, OLD.sheba, OLD.name)
     AND (run.status <> 'draft' OR (kandoo_person() IS NOT NULL AND kandoo_person() <> run.made_by_id)) THEN
    RAISE EXCEPTION 'payment % is proposed and does not change', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND NOT (
       (run.status = 'draft' AND (OLD.status, NEW.status) IN (('waiting', 'held'), ('held', 'waiting'))
        AND coalesce(kandoo_person(), run.made_by_id) = run.made_by_id)
       OR (run.status = 'cancelled' AND OLD.status = 'waiting' AND NEW.status = 'dropped')
       OR (run.status = 'approved' AND (OLD.status, NEW.status) IN (('waiting', 'sent'), ('sent', 'paid'), ('sent', 'failed')))
       OR (run.status IN ('approved', 'answered') AND (OLD.status, NEW.status) IN (('paid', 'returned')))) THEN
    RAISE EXCEPTION 'payment % cannot go from % to % in a run that is %', OLD.number, OLD.status, NEW.status, run.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER line_steps BEFORE INSERT OR UPDATE OR DELETE ON payments_paymentline
FOR EACH ROW EXECUTE FUNCTION payments_line_steps();

-- What a payment booked is undone by the bank's word alone: a returned payment's confirmation, nothing else.
CREATE FUNCTION payments_entry_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE undone text;
BEGIN
  SELECT source INTO undone FROM ledger_entry WHERE id = NEW.reverses_id AND rule IN ('payment_sent', 'payment_confirmed', 'payment_failed');
  IF undone IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM payments_paymentline l
       WHERE undone = 'payment/' || l.id || '/confirmed' AND l.status = 'returned') THEN
    RAISE EXCEPTION 'entry % is undone by the payment it books', undone USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER payment_entry_stands BEFORE INSERT ON ledger_entry
FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION payments_entry_stands();

CREATE FUNCTION payments_row_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.line_id IS NOT NULL OR OLD.not_ours <> ''
     OR (to_jsonb(NEW) - 'line_id' - 'not_ours' - 'decided_by_id' - 'decided_at')
        IS DISTINCT FROM (to_jsonb(OLD) - 'line_id' - 'not_ours' - 'decided_by_id' - 'decided_at') THEN
    RAISE EXCEPTION 'what the bank answered stays as it was read' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER bank_row_keeps BEFORE UPDATE OR DELETE ON payments_bankrow
FOR EACH ROW EXECUTE FUNCTION payments_row_keeps();
CREATE TRIGGER bank_file_never_changes BEFORE UPDATE OR DELETE ON payments_bankfile
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
CREATE TRIGGER remark_never_changes BEFORE UPDATE OR DELETE ON payments_paymentremark
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
"""

UNDO = """
DROP TRIGGER remark_never_changes ON payments_paymentremark;
DROP TRIGGER bank_file_never_changes ON payments_bankfile;
DROP TRIGGER payment_entry_stands ON ledger_entry;
DROP FUNCTION payments_entry_stands();
DROP TRIGGER bank_row_keeps ON payments_bankrow;
DROP FUNCTION payments_row_keeps();
DROP TRIGGER line_steps ON payments_paymentline;
DROP FUNCTION payments_line_steps();
DROP TRIGGER run_steps ON payments_paymentrun;
DROP FUNCTION payments_run_steps();
"""


class Migration(migrations.Migration):
    # kandoo_never_changes() is the ledger's; kandoo_person() is made anew after every migration.
    dependencies = [("payments", "0001_initial"), ("ledger", "0003_laws")]
    operations = [migrations.RunSQL(SQL, UNDO)]
