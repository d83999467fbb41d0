"""Who may see and write what is bought together.

A member sees its own needs, prices, parts and bills; the keeper of a collection point the quantities at
it, and of prices those it typed; a supplier its own quotation and orders. A quotation's figures are its
supplier's alone until the round is closed: the agent cannot read them either, and from then on nobody
writes one. Totals come from functions that answer only for five members or more, none above half.
"""

from kandoo.site.security import SELF, Rule, either, firm, holds

_AGENT = holds("agent")
_STAFF = holds("agent", "auditor")
_MEMBER = firm("enterprise_id", "member")
_SUPPLIER = firm("enterprise_id", "supplier")
_CLUSTER_SEES = holds("agent", "member", "supplier", "officer", "auditor", "controller")
_KEEPER = "place_id = ANY ((SELECT kandoo_places_kept())::bigint[])"
_ROUND_TAKES = "EXISTS (SELECT 1 FROM buying_round r WHERE r.id = round_id AND r.status = 'open')"
_ROUND_IS_SET_UP = "EXISTS (SELECT 1 FROM buying_round r WHERE r.id = round_id AND r.status IN ('called', 'open'))"
_SEEN_QUOTATION = "quotation_id IN (SELECT q.id FROM buying_quotation q)"  # the quotation's own rule applies inside
_WRITTEN_QUOTATION = "quotation_id = ANY ((SELECT kandoo_quotations_i_write())::bigint[])"
_OPENED = "EXISTS (SELECT 1 FROM buying_round r WHERE r.id = round_id AND r.quotes_opened_at IS NOT NULL)"
_SEALED = (
    "EXISTS (SELECT 1 FROM buying_round r WHERE r.id = round_id AND r.status = 'open' AND r.quotes_opened_at IS NULL)"
)
_PLAN_ASKS = "EXISTS (SELECT 1 FROM buying_round r WHERE r.plan_id = buying_consent.plan_id AND r.status = 'planned')"
_SEEN_ORDER = "order_id IN (SELECT o.id FROM buying_purchaseorder o)"
_AT_KEPT_POINT = f"line_id IN (SELECT l.id FROM buying_orderline l WHERE l.{_KEEPER})"
_SEEN_LINE = "line_id IN (SELECT l.id FROM buying_orderline l)"

FUNCTIONS = """
-- The points of rounds whose keeper the person is, in clusters where it holds a role today.
CREATE OR REPLACE FUNCTION kandoo_places_kept() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(p.id), '{}') FROM buying_roundplace p JOIN buying_collectionpoint c ON c.id = p.point_id
   WHERE c.keeper_id = kandoo_person()
     AND c.cluster_id = ANY (kandoo_clusters('agent', 'member', 'supplier', 'laboratory')) $$;

CREATE OR REPLACE FUNCTION kandoo_quotations_i_write() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(q.id), '{}') FROM buying_quotation q JOIN buying_round r ON r.id = q.round_id
   WHERE q.enterprise_id = ANY (kandoo_firms('supplier')) AND r.status = 'open' AND r.quotes_opened_at IS NULL $$;

-- Who has answered a round, never what: for the agent and the auditor.
CREATE OR REPLACE FUNCTION kandoo_sealed_quotations(wanted bigint) RETURNS TABLE (enterprise_id bigint, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT q.enterprise_id, q.at FROM buying_quotation q
   WHERE q.round_id = wanted AND NOT q.is_withdrawn AND q.cluster_id = ANY (kandoo_clusters('agent', 'auditor')) $$;

-- How far a round is, item by item: units wanted of five members or more, none above half of them; for members
-- also to the next step, only of suppliers who let it be shown, the nearest of them, without price or name.
CREATE OR REPLACE FUNCTION kandoo_round_progress(wanted bigint)
RETURNS TABLE (round_item_id bigint, members bigint, quantity bigint, to_pack bigint, to_step bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH wanting AS (
     SELECT n.round_item_id, n.enterprise_id, sum(n.quantity)::bigint AS quantity
     FROM buying_need n WHERE n.round_id = wanted AND NOT n.is_withdrawn AND n.confirmed <> ''
       AND n.cluster_id = ANY (kandoo_clusters('agent', 'member', 'supplier', 'officer', 'auditor'))
     GROUP BY n.round_item_id, n.enterprise_id),
   summed AS (
     SELECT w.round_item_id, count(*) AS members, sum(w.quantity)::bigint AS quantity FROM wanting w
     GROUP BY w.round_item_id HAVING count(*) >= 5 AND 2 * max(w.quantity) <= sum(w.quantity)),
   steps AS (
     SELECT l.round_item_id, (step->>0)::bigint AS quantity_from
     FROM buying_quotation q JOIN buying_quotationline l ON l.quotation_id = q.id, jsonb_array_elements(l.steps) step
     WHERE q.round_id = wanted AND q.shows_steps AND NOT q.is_withdrawn
       AND q.cluster_id = ANY (kandoo_clusters('member')))
   SELECT s.round_item_id, s.members, s.quantity, (i.pack - s.quantity % i.pack) % i.pack,
          (SELECT min(steps.quantity_from) - s.quantity FROM steps
           WHERE steps.round_item_id = s.round_item_id AND steps.quantity_from > s.quantity)
   FROM summed s JOIN buying_rounditem i ON i.id = s.round_item_id $$;

-- How near the present needs bring a supplier who lets it be shown to its least order: percent in whole tens, of
-- the nearest. Not in rial: whoever changes its need by one unit would read the price from the difference.
CREATE OR REPLACE FUNCTION kandoo_round_minimum_reached(wanted bigint) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH valued AS (
     SELECT q.id, q.minimum_order, n.enterprise_id, sum(n.quantity * (l.steps->0->>1)::bigint) AS value
     FROM buying_quotation q JOIN buying_quotationline l ON l.quotation_id = q.id
     JOIN buying_need n ON n.round_item_id = l.round_item_id AND NOT n.is_withdrawn AND n.confirmed <> ''
     WHERE q.round_id = wanted AND q.shows_steps AND NOT q.is_withdrawn AND q.minimum_order > 0
       AND q.cluster_id = ANY (kandoo_clusters('member'))
     GROUP BY q.id, q.minimum_order, n.enterprise_id),
   summed AS (
     SELECT 10 * sum(value) / minimum_order AS tenths FROM valued GROUP BY id, minimum_order
     HAVING count(*) >= 5 AND 2 * max(value) <= sum(value))
   SELECT 10 * least(floor(tenths), 10)::integer FROM summed ORDER BY tenths DESC LIMIT 1 $$;

-- What a settled round came to, for those who may not see bills.
CREATE OR REPLACE FUNCTION kandoo_round_totals(wanted bigint) RETURNS TABLE (members bigint, amount bigint, alone bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT count(*), sum(b.amount)::bigint, sum(b.alone)::bigint FROM buying_bill b
   WHERE b.round_id = wanted AND b.cluster_id = ANY (kandoo_clusters('agent', 'member', 'officer', 'auditor'))
   HAVING count(*) >= 5 AND 2 * max(b.amount) <= sum(b.amount)
      AND 2 * max(b.alone - b.amount) <= sum(b.alone - b.amount) $$;
"""

RULES = [
    Rule("buying_item", _CLUSTER_SEES, _AGENT, _AGENT),
    Rule("buying_collectionpoint", _CLUSTER_SEES, _AGENT, _AGENT),
    Rule(
        "buying_round",
        select=either(
            holds("agent", "member", "officer", "auditor", "controller"), f"{holds('supplier')} AND status <> 'called'"
        ),
        insert=_AGENT,
        update=_AGENT,
    ),
    Rule("buying_rounditem", _CLUSTER_SEES, *[f"{_AGENT} AND {_ROUND_IS_SET_UP}"] * 3),
    Rule("buying_substitute", _CLUSTER_SEES, _AGENT, None, _AGENT),
    Rule("buying_roundplace", _CLUSTER_SEES, *[f"{_AGENT} AND {_ROUND_IS_SET_UP}"] * 3),
    Rule(
        "buying_need",
        either(_STAFF, _MEMBER, _KEEPER),
        *[f"({either(_AGENT, _MEMBER, _KEEPER)}) AND {_ROUND_TAKES}"] * 2,
    ),
    Rule(
        "buying_needprice",
        select=either(_STAFF, _MEMBER, f"by_id = {SELF}"),
        insert=f"by_id = {SELF} AND need_id IN (SELECT n.id FROM buying_need n)",
        update=either(_AGENT, _MEMBER, f"by_id = {SELF}"),
    ),
    Rule("buying_needversion", either(_STAFF, _MEMBER, f"by_id = {SELF}"), f"by_id = {SELF}"),
    Rule(
        "buying_quotation",
        select=either(_SUPPLIER, f"{_STAFF} AND {_OPENED}"),
        insert=f"{_SUPPLIER} AND {_SEALED}",
        update=f"{_SUPPLIER} AND {_SEALED}",
    ),
    *(
        Rule(table, _SEEN_QUOTATION, _WRITTEN_QUOTATION, _WRITTEN_QUOTATION, _WRITTEN_QUOTATION)
        for table in ("buying_quotationplace", "buying_quotationline", "buying_certificate")
    ),
    Rule("buying_plan", _STAFF, _AGENT),
    Rule("buying_planline", either(_STAFF, _MEMBER), _AGENT),
    Rule("buying_supplierpart", _STAFF, _AGENT),
    Rule(
        "buying_consent",
        select=either(_STAFF, _MEMBER),
        insert=f"({either(_AGENT, _MEMBER)}) AND {_PLAN_ASKS}",
        update=f"({either(_AGENT, _MEMBER)}) AND {_PLAN_ASKS}",
    ),
    Rule("buying_purchaseorder", either(_STAFF, _SUPPLIER), _AGENT),
    Rule("buying_orderline", either(_SEEN_ORDER, _KEEPER), _AGENT),
    Rule(
        "buying_arrival",
        select=_SEEN_LINE,
        insert=either(_AGENT, _AT_KEPT_POINT),
        delete=either(_AGENT, f"by_id = {SELF} AND {_AT_KEPT_POINT}"),
    ),
    Rule(
        "buying_invoice",
        select=either(_STAFF, _SUPPLIER),
        insert=either(_AGENT, f"{_SUPPLIER} AND {_SEEN_ORDER}"),
        delete=either(_AGENT, _SUPPLIER),
    ),
    Rule("buying_handout", either(_STAFF, _MEMBER, _KEEPER), _AGENT, either(_AGENT, _MEMBER, _KEEPER)),
    Rule(
        "buying_return",
        select=either(_STAFF, _MEMBER, f"by_id = {SELF}"),
        insert=f"by_id = {SELF} AND hand_out_id IN (SELECT h.id FROM buying_handout h)",
    ),
    Rule("buying_deposit", either(_STAFF, _MEMBER), _AGENT, None, _AGENT),
    Rule("buying_bill", either(_STAFF, _MEMBER), _AGENT),
]
