"""Laws that PostgreSQL itself holds: the order of a call, sealed prices, marks by their own hand, nothing changed after."""

from django.db import migrations

LAWS = """
-- The quality of an offer as the mean marks say, 0 to 100; null while a criterion has no mark.
CREATE FUNCTION tender_quality(wanted bigint) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT CASE WHEN bool_and(mean IS NOT NULL) THEN sum(weight * mean) / 1000 END
   FROM (SELECT k.weight, (SELECT avg(m.points) FROM tender_mark m WHERE m.offer_id = o.id AND m.criterion_id = k.id) AS mean
         FROM tender_offer o JOIN tender_criterion k ON k.call_id = o.call_id WHERE o.id = wanted) marked $$;

CREATE FUNCTION tender_call_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  moved text[] := ARRAY['status', 'published_at', 'opened_at', 'opened_by_id', 'reason', 'contract_id'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' THEN
      RAISE EXCEPTION 'call % stays on record', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' OR NEW.published_at IS NOT NULL OR NEW.contract_id IS NOT NULL OR NOT EXISTS (
       SELECT 1 FROM programme_clusterfile f WHERE f.id = NEW.file_id AND f.cluster_id = NEW.cluster_id) THEN
      RAISE EXCEPTION 'a call begins as a draft, where its file is kept' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> 'draft' AND to_jsonb(NEW) - moved <> to_jsonb(OLD) - moved THEN
    RAISE EXCEPTION 'call % stays as it was published', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
     ('draft', 'published'), ('published', 'marked'), ('marked', 'opened'), ('opened', 'awarded'),
     ('published', 'cancelled'), ('marked', 'cancelled'), ('opened', 'cancelled')) THEN
    RAISE EXCEPTION 'call % goes step by step', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'draft' AND NEW.published_at IS DISTINCT FROM OLD.published_at
     OR OLD.contract_id IS NOT NULL AND NEW.contract_id IS DISTINCT FROM OLD.contract_id
     OR NEW.contract_id IS NOT NULL AND NEW.status <> 'awarded'
     OR OLD.opened_at IS NOT NULL AND (NEW.opened_at, NEW.opened_by_id) IS DISTINCT FROM (OLD.opened_at, OLD.opened_by_id) THEN
    RAISE EXCEPTION 'what was said of call % once stays', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'published' AND OLD.status = 'draft' AND (
     NEW.published_at IS NULL OR (SELECT coalesce(sum(weight), 0) FROM tender_criterion WHERE call_id = NEW.id) <> 1000) THEN
    RAISE EXCEPTION 'the criteria of call % do not weigh 1000', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'marked' AND OLD.status = 'published' AND (
     NOT EXISTS (SELECT 1 FROM tender_offer WHERE call_id = NEW.id AND withdrawn_at IS NULL)
     OR EXISTS (SELECT 1 FROM tender_offer WHERE call_id = NEW.id AND withdrawn_at IS NULL AND tender_quality(id) IS NULL)) THEN
    RAISE EXCEPTION 'an offer of call % is not marked', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'opened' AND OLD.status = 'marked' AND (NEW.opened_by_id IS DISTINCT FROM kandoo_person() OR EXISTS (
     SELECT 1 FROM tender_offer WHERE call_id = NEW.id AND withdrawn_at IS NULL AND price IS NULL
     AND tender_quality(id) > NEW.floor + 0.000001)) THEN
    RAISE EXCEPTION 'a price of call % is not written down', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status = 'awarded' AND OLD.status = 'opened' AND NOT EXISTS (SELECT 1 FROM tender_award WHERE call_id = NEW.id) THEN
    RAISE EXCEPTION 'nothing is chosen of call %', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER call_step BEFORE INSERT OR UPDATE OR DELETE ON tender_call FOR EACH ROW EXECUTE FUNCTION tender_call_step();

CREATE FUNCTION tender_criterion_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  state text;
BEGIN
  SELECT status INTO state FROM tender_call WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.call_id ELSE NEW.call_id END;
  IF state IS DISTINCT FROM 'draft' AND state IS NOT NULL OR TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'the criteria of a published call stay' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER criterion_kept BEFORE INSERT OR UPDATE OR DELETE ON tender_criterion
FOR EACH ROW EXECUTE FUNCTION tender_criterion_kept();

CREATE FUNCTION tender_offer_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  c tender_call;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'offer % stays on record', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO c FROM tender_call WHERE id = NEW.call_id;
  IF TG_OP = 'INSERT' THEN
    IF c.status <> 'published' OR NEW.received_at >= c.closes_at OR NEW.received_at < c.published_at OR NEW.cluster_id <> c.cluster_id
       OR NEW.price IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
      RAISE EXCEPTION 'an offer comes between publishing and closing, its price sealed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ARRAY['price', 'withdrawn_at'] <> to_jsonb(OLD) - ARRAY['price', 'withdrawn_at'] THEN
    RAISE EXCEPTION 'offer % stays as it was handed in', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at AND (
     OLD.withdrawn_at IS NOT NULL OR c.status <> 'published' OR NEW.withdrawn_at >= c.closes_at) THEN
    RAISE EXCEPTION 'offer % is withdrawn before the closing, once', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.price IS DISTINCT FROM OLD.price AND (
     OLD.price IS NOT NULL OR c.status <> 'marked' OR NEW.withdrawn_at IS NOT NULL OR tender_quality(NEW.id) < c.floor - 0.000001) THEN
    RAISE EXCEPTION 'the price of offer % stays closed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER offer_kept BEFORE INSERT OR UPDATE OR DELETE ON tender_offer FOR EACH ROW EXECUTE FUNCTION tender_offer_kept();

CREATE FUNCTION tender_mark_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  c tender_call;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'mark % stays on record', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO c FROM tender_call WHERE id = NEW.call_id;
  IF c.status <> 'published' OR NEW.at < c.closes_at
     OR NOT EXISTS (SELECT 1 FROM tender_offer o WHERE o.id = NEW.offer_id AND o.call_id = c.id AND o.withdrawn_at IS NULL)
     OR NOT EXISTS (SELECT 1 FROM tender_criterion k WHERE k.id = NEW.criterion_id AND k.call_id = c.id) THEN
    RAISE EXCEPTION 'offers are marked after the closing, until marking is closed' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.offer_id, OLD.criterion_id, OLD.by_id) IS DISTINCT FROM (NEW.offer_id, NEW.criterion_id, NEW.by_id) THEN
    RAISE EXCEPTION 'mark % stays of its offer and its writer', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mark_kept BEFORE INSERT OR UPDATE OR DELETE ON tender_mark FOR EACH ROW EXECUTE FUNCTION tender_mark_kept();

CREATE FUNCTION tender_award_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'award % stays', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM tender_offer o JOIN tender_call c ON c.id = o.call_id
                 WHERE o.id = NEW.offer_id AND c.id = NEW.call_id AND c.status = 'opened' AND o.price IS NOT NULL) THEN
    RAISE EXCEPTION 'an offer is chosen once its price is open' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER award_kept BEFORE INSERT OR UPDATE OR DELETE ON tender_award FOR EACH ROW EXECUTE FUNCTION tender_award_kept();
"""
UNDO = """
DROP TRIGGER award_kept ON tender_award; DROP FUNCTION tender_award_kept();
DROP TRIGGER mark_kept ON tender_mark; DROP FUNCTION tender_mark_kept();
DROP TRIGGER offer_kept ON tender_offer; DROP FUNCTION tender_offer_kept();
DROP TRIGGER criterion_kept ON tender_criterion; DROP FUNCTION tender_criterion_kept();
DROP TRIGGER call_step ON tender_call; DROP FUNCTION tender_call_step();
DROP FUNCTION tender_quality(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("tender", "0001_initial")]

    operations = [migrations.RunSQL(LAWS, UNDO)]
