"""Laws that PostgreSQL itself holds: opened quotations stay as they are, what was planned, brought and billed too."""

from django.db import migrations

FOR_GOOD = (
    "buying_needversion",
    "buying_plan",
    "buying_planline",
    "buying_supplierpart",
    "buying_purchaseorder",
    "buying_orderline",
    "buying_return",
    "buying_bill",
)

SQL = """
-- A quotation and all that hangs on it: once the round has opened its quotations, nothing of it is written.
CREATE FUNCTION buying_quotation_is_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  touched jsonb;
BEGIN
  -- What it was and what it becomes: none is moved out of an opened round, nor into it.
  FOREACH touched IN ARRAY ARRAY[to_jsonb(OLD), to_jsonb(NEW)] LOOP
    IF EXISTS (SELECT 1 FROM buying_round r WHERE r.quotes_opened_at IS NOT NULL AND r.id = coalesce(
         (touched->>'round_id')::bigint,
         (SELECT q.round_id FROM buying_quotation q WHERE q.id = (touched->>'quotation_id')::bigint))) THEN
      RAISE EXCEPTION 'quotations of this round are opened and stay as they are' USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER quotation_is_open BEFORE INSERT OR UPDATE OR DELETE ON buying_quotation
FOR EACH ROW EXECUTE FUNCTION buying_quotation_is_open();
CREATE TRIGGER quotation_is_open BEFORE INSERT OR UPDATE OR DELETE ON buying_quotationline
FOR EACH ROW EXECUTE FUNCTION buying_quotation_is_open();
CREATE TRIGGER quotation_is_open BEFORE INSERT OR UPDATE OR DELETE ON buying_quotationplace
FOR EACH ROW EXECUTE FUNCTION buying_quotation_is_open();
CREATE TRIGGER quotation_is_open BEFORE INSERT OR UPDATE OR DELETE ON buying_certificate
FOR EACH ROW EXECUTE FUNCTION buying_quotation_is_open();

-- Opened is opened: the moment is never taken back or moved. Rules chosen in advance are not changed after it.
CREATE FUNCTION buying_round_keeps_its_word() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.quotes_opened_at IS NOT NULL AND (
       NEW.quotes_opened_at IS DISTINCT FROM OLD.quotes_opened_at OR NEW.shortage_rule <> OLD.shortage_rule
       OR NEW.rule <> OLD.rule OR NEW.deposit_percent <> OLD.deposit_percent) THEN
    RAISE EXCEPTION 'the quotations are opened: the rules of this round stay' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.agreed_at IS NOT NULL AND (
       NEW.plan_id IS DISTINCT FROM OLD.plan_id OR NEW.agreed_at IS DISTINCT FROM OLD.agreed_at) THEN
    RAISE EXCEPTION 'the round is agreed: its plan stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_its_word BEFORE UPDATE ON buying_round
FOR EACH ROW EXECUTE FUNCTION buying_round_keeps_its_word();

-- Of what is handed out the confirmation alone is written later, once.
CREATE FUNCTION buying_hand_out_is_signed_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.signed <> '' OR (to_jsonb(NEW) - ARRAY['signed', 'signed_at', 'signed_by_id'])
       <> (to_jsonb(OLD) - ARRAY['signed', 'signed_at', 'signed_by_id']) THEN
    RAISE EXCEPTION 'what is handed out stays as it was divided and signed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_once BEFORE UPDATE ON buying_handout
FOR EACH ROW EXECUTE FUNCTION buying_hand_out_is_signed_once();
CREATE TRIGGER never_deleted BEFORE DELETE ON buying_handout
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();

-- Each fact in its time: what arrives until it is divided, what is invoiced and paid ahead until it is settled. The
-- round is held meanwhile, so that none slips in beside a step. A row may be taken back in its time, never changed.
CREATE FUNCTION buying_fact_in_its_time() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  touched jsonb := to_jsonb(coalesce(NEW, OLD));
  wanted bigint := coalesce(
    (touched->>'round_id')::bigint,
    (SELECT o.round_id FROM buying_purchaseorder o WHERE o.id = (touched->>'order_id')::bigint),
    (SELECT o.round_id FROM buying_orderline l JOIN buying_purchaseorder o ON o.id = l.order_id
     WHERE l.id = (touched->>'line_id')::bigint),
    (SELECT h.round_id FROM buying_handout h WHERE h.id = (touched->>'hand_out_id')::bigint));
  now_at text;
BEGIN
  SELECT r.status INTO now_at FROM buying_round r WHERE r.id = wanted FOR SHARE;
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME <> 'buying_handout' OR NOT now_at = ANY (TG_ARGV) THEN
    RAISE EXCEPTION 'a round that is % takes no such change of %', now_at, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER in_its_time BEFORE INSERT OR UPDATE OR DELETE ON buying_arrival
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('agreed');
CREATE TRIGGER in_its_time BEFORE INSERT OR UPDATE OR DELETE ON buying_invoice
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('agreed', 'delivered');
CREATE TRIGGER in_its_time BEFORE INSERT OR UPDATE OR DELETE ON buying_deposit
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('open', 'planned', 'agreed', 'delivered');
CREATE TRIGGER in_its_time BEFORE INSERT ON buying_return
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('delivered');
CREATE TRIGGER divided_in_its_time BEFORE INSERT ON buying_handout
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('agreed');
CREATE TRIGGER signed_in_its_time BEFORE UPDATE ON buying_handout
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('delivered');
CREATE TRIGGER in_its_time BEFORE INSERT ON buying_bill
FOR EACH ROW EXECUTE FUNCTION buying_fact_in_its_time('delivered');

-- Nobody gives back more than it took, whoever wrote the earlier returns.
CREATE FUNCTION buying_return_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE took bigint;
BEGIN
  SELECT h.quantity INTO took FROM buying_handout h WHERE h.id = NEW.hand_out_id AND h.signed <> '' FOR UPDATE;
  IF took IS NULL OR NEW.quantity
       + (SELECT coalesce(sum(r.quantity), 0) FROM buying_return r WHERE r.hand_out_id = NEW.hand_out_id) > took THEN
    RAISE EXCEPTION 'more is given back than was taken' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER return_fits BEFORE INSERT ON buying_return
FOR EACH ROW EXECUTE FUNCTION buying_return_fits();
"""

UNDO = """
DROP TRIGGER return_fits ON buying_return;
DROP FUNCTION buying_return_fits();
DROP TRIGGER in_its_time ON buying_arrival;
DROP TRIGGER in_its_time ON buying_invoice;
DROP TRIGGER in_its_time ON buying_deposit;
DROP TRIGGER in_its_time ON buying_return;
DROP TRIGGER in_its_time ON buying_bill;
DROP TRIGGER divided_in_its_time ON buying_handout;
DROP TRIGGER signed_in_its_time ON buying_handout;
DROP FUNCTION buying_fact_in_its_time();
DROP TRIGGER never_deleted ON buying_handout;
DROP TRIGGER signed_once ON buying_handout;
DROP FUNCTION buying_hand_out_is_signed_once();
DROP TRIGGER keeps_its_word ON buying_round;
DROP FUNCTION buying_round_keeps_its_word();
DROP TRIGGER quotation_is_open ON buying_certificate;
DROP TRIGGER quotation_is_open ON buying_quotationplace;
DROP TRIGGER quotation_is_open ON buying_quotationline;
DROP TRIGGER quotation_is_open ON buying_quotation;
DROP FUNCTION buying_quotation_is_open();
"""


class Migration(migrations.Migration):
    dependencies = [("buying", "0001_initial"), ("ledger", "0003_laws")]
    operations = [
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes()",
                f"DROP TRIGGER never_changes ON {table}",
            )
            for table in FOR_GOOD
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
