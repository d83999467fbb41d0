"""Who may see and write calls and offers.

Whoever sits at a desk of the file's province or of the nation reads its calls once they are published, and its
offers; officers write them. A mark is its writer's alone until all marks are in. Agents of clusters, who offer
themselves, read nothing here; what everybody may know comes from `kandoo_public_calls`.
"""

from kandoo.programme.row_security import OFFICER_FILE, ROLES, files_of
from kandoo.site.security import SELF, Rule, either

_OPEN = files_of(*ROLES)
_CALL = "call_id IN (SELECT id FROM tender_call)"  # under its own row security
_RUN = f"call_id IN (SELECT c.id FROM tender_call c WHERE {files_of('officer', column='c.file_id')})"
_MARKER = f"call_id IN (SELECT c.id FROM tender_call c WHERE {files_of('officer', 'supervisor', 'committee', column='c.file_id')})"

FUNCTIONS = """
-- What everybody may know: calls once they are published, and of those awarded who was chosen at which price.
CREATE OR REPLACE FUNCTION kandoo_public_calls()
RETURNS TABLE (id bigint, number text, kind text, title text, scope text, handing_in text, status text, published_at timestamptz,
               closes_at timestamptz, price_weight int, floor int, reason text, province text, name_fa text, name_en text,
               is_example boolean, criteria jsonb, offers bigint, chosen text, price bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id, c.number, c.kind, c.title, c.scope, c.handing_in, c.status, c.published_at, c.closes_at, c.price_weight, c.floor,
          c.reason, f.province, f.name_fa, f.name_en, f.is_example,
          (SELECT jsonb_agg(jsonb_build_array(k.name, k.weight) ORDER BY k.position) FROM tender_criterion k WHERE k.call_id = c.id),
          CASE WHEN c.status IN ('opened', 'awarded')
               THEN (SELECT count(*) FROM tender_offer o WHERE o.call_id = c.id AND o.withdrawn_at IS NULL) END,
          o.name, o.price
   FROM tender_call c JOIN programme_clusterfile f ON f.id = c.file_id
   LEFT JOIN tender_award a ON a.call_id = c.id LEFT JOIN tender_offer o ON o.id = a.offer_id
   WHERE c.published_at IS NOT NULL $$;

-- Live offers on which nobody has marked every criterion; others' marks stay unread.
CREATE OR REPLACE FUNCTION kandoo_unmarked_offers(wanted bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT o.id FROM tender_offer o
   WHERE o.call_id = wanted AND o.cluster_id = ANY (kandoo_clusters('officer')) AND o.withdrawn_at IS NULL AND NOT EXISTS (
     SELECT 1 FROM tender_mark m WHERE m.offer_id = o.id GROUP BY m.by_id
     HAVING count(*) = (SELECT count(*) FROM tender_criterion k WHERE k.call_id = wanted)) $$;
"""

RULES = [
    Rule(
        "tender_call",
        select=either(OFFICER_FILE, f"published_at IS NOT NULL AND {_OPEN}"),
        insert=f"by_id = {SELF} AND status = 'draft' AND {OFFICER_FILE}",
        update=OFFICER_FILE,
        delete=f"status = 'draft' AND {OFFICER_FILE}",
    ),
    Rule("tender_criterion", _CALL, _RUN, None, _RUN),
    Rule("tender_offer", _CALL, f"by_id = {SELF} AND {_RUN}", _RUN),
    Rule(
        "tender_mark",
        select=f"by_id = {SELF} OR call_id IN (SELECT id FROM tender_call WHERE status IN ('marked', 'opened', 'awarded'))",
        insert=f"by_id = {SELF} AND {_MARKER}",
        update=f"by_id = {SELF} AND {_MARKER}",
    ),
    Rule("tender_award", _CALL, f"by_id = {SELF} AND {_RUN}"),
]
