"""More laws that PostgreSQL holds: closed periods, legs of one transaction, reversals that mirror."""

from django.db import migrations

SQL = """
-- Legs belong to the transaction that made their entry: nothing is added to it later.
ALTER TABLE ledger_entry ADD COLUMN made_in bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);

CREATE FUNCTION ledger_leg_with_its_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND cluster_id = NEW.cluster_id
                   AND made_in = pg_current_xact_id()::text::bigint) THEN
    RAISE EXCEPTION 'a leg is written with its entry, never later' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER leg_with_its_entry BEFORE INSERT ON ledger_leg
FOR EACH ROW EXECUTE FUNCTION ledger_leg_with_its_entry();

ALTER TABLE ledger_leg ADD CONSTRAINT leg_in_a_known_currency CHECK (currency IN ('IRR', 'EUR', 'USD', 'AED', 'CNY'));

-- Entries share a lock that a close holds alone, so that neither passes the other unseen.
CREATE FUNCTION ledger_period_is_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.made_in := pg_current_xact_id()::text::bigint;  -- whatever the writer says
  PERFORM pg_advisory_xact_lock_shared(7301, NEW.cluster_id::int);
  IF EXISTS (SELECT 1 FROM ledger_periodclose WHERE cluster_id = NEW.cluster_id AND through >= NEW."on") THEN
    RAISE EXCEPTION 'the books are closed on %', NEW."on" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_is_open BEFORE INSERT ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_period_is_open();

CREATE FUNCTION ledger_period_goes_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7301, NEW.cluster_id::int);
  IF EXISTS (SELECT 1 FROM ledger_periodclose WHERE cluster_id = NEW.cluster_id AND through >= NEW.through) THEN
    RAISE EXCEPTION 'the books are closed through a later day already' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_goes_on BEFORE INSERT ON ledger_periodclose
FOR EACH ROW EXECUTE FUNCTION ledger_period_goes_on();

CREATE TRIGGER period_never_changes BEFORE UPDATE OR DELETE ON ledger_periodclose
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
CREATE TRIGGER voucher_never_changes BEFORE UPDATE OR DELETE ON ledger_voucher
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();

-- A reversal has the legs of what it undoes, each with the opposite sign.
CREATE FUNCTION ledger_reversal_mirrors() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (
      SELECT account, enterprise_id, party, lot_id, currency, amount FROM ledger_leg WHERE entry_id = NEW.reverses_id
      UNION ALL
      SELECT account, enterprise_id, party, lot_id, currency, amount FROM ledger_leg WHERE entry_id = NEW.id
    ) both_entries
    GROUP BY account, enterprise_id, party, lot_id, currency HAVING sum(amount) <> 0
  ) THEN
    RAISE EXCEPTION 'entry % is no mirror image of entry %', NEW.id, NEW.reverses_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reversal_mirrors AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
EXECUTE FUNCTION ledger_reversal_mirrors();
"""

UNDO = """
DROP TRIGGER reversal_mirrors ON ledger_entry;
DROP FUNCTION ledger_reversal_mirrors();
DROP TRIGGER voucher_never_changes ON ledger_voucher;
DROP TRIGGER period_never_changes ON ledger_periodclose;
DROP TRIGGER period_goes_on ON ledger_periodclose;
DROP FUNCTION ledger_period_goes_on();
DROP TRIGGER period_is_open ON ledger_entry;
DROP FUNCTION ledger_period_is_open();
ALTER TABLE ledger_leg DROP CONSTRAINT leg_in_a_known_currency;
DROP TRIGGER leg_with_its_entry ON ledger_leg;
DROP FUNCTION ledger_leg_with_its_entry();
ALTER TABLE ledger_entry DROP COLUMN made_in;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_rates_periods_vouchers")]
    operations = [migrations.RunSQL(SQL, UNDO)]
