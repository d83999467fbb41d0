"""Laws that PostgreSQL itself holds: entries balance per currency, legs and entries never change."""

from django.db import migrations

SQL = """
CREATE FUNCTION ledger_entry_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE off record;
BEGIN
  SELECT currency, sum(amount) AS amount INTO off FROM ledger_leg
  WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is out of balance by % %', NEW.entry_id, off.amount, off.currency
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER leg_balances AFTER INSERT ON ledger_leg
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

CREATE FUNCTION ledger_entry_has_legs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM ledger_leg WHERE entry_id = NEW.id) < 2 THEN
    RAISE EXCEPTION 'entry % has fewer than two legs', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entry_has_legs AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_has_legs();

CREATE FUNCTION kandoo_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER leg_never_changes BEFORE UPDATE OR DELETE ON ledger_leg
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION kandoo_never_changes();
"""

UNDO = """
DROP TRIGGER entry_never_changes ON ledger_entry;
DROP TRIGGER leg_never_changes ON ledger_leg;
DROP FUNCTION kandoo_never_changes();
DROP TRIGGER entry_has_legs ON ledger_entry;
DROP FUNCTION ledger_entry_has_legs();
DROP TRIGGER leg_balances ON ledger_leg;
DROP FUNCTION ledger_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
