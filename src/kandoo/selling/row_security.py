"""Who may see and write what is sold together.

A member sees its own batches, offers, parts, answers and pay slips; a buyer its own orders and what
the plan says for them; a laboratory the batches whose samples it was given. Totals for the others
come from functions that answer only for groups of five or more in which none holds more than half.
"""

from kandoo.site.security import Rule, either, firm, holds

_AGENT = holds("agent")
_STAFF = holds("agent", "auditor")
_MEMBER = firm("enterprise_id", "member")
_BUYER = firm("enterprise_id", "buyer")
_LABORATORY = firm("laboratory_id", "laboratory")
_SAMPLED = "{} = ANY ((SELECT kandoo_sampled_batches())::bigint[])"
_CLUSTER_SEES = holds("agent", "member", "officer", "auditor")
_OWN_BATCH = "batch_id IN (SELECT b.id FROM selling_batch b)"  # the batch's own rule applies inside
_MY_ORDER = "order_id = ANY ((SELECT kandoo_orders_of_mine())::bigint[])"
_LOT_TAKES_OFFERS = "EXISTS (SELECT 1 FROM selling_lot l WHERE l.id = lot_id AND l.status = 'open')"
_PLAN_ASKS = "EXISTS (SELECT 1 FROM selling_lot l WHERE l.plan_id = selling_consent.plan_id AND l.status = 'planned')"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kandoo_sampled_batches() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(s.batch_id), '{}') FROM selling_sample s
   WHERE s.laboratory_id = ANY (kandoo_firms('laboratory')) $$;

CREATE OR REPLACE FUNCTION kandoo_orders_of_mine() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(o.id), '{}') FROM selling_order o
   WHERE o.enterprise_id = ANY (kandoo_firms('buyer')) $$;

CREATE OR REPLACE FUNCTION kandoo_lots_of_mine() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT lo.lot_id), '{}') FROM selling_lotorder lo
   WHERE lo.order_id = ANY (kandoo_orders_of_mine()) $$;

-- Totals of a lot for its members: nothing unless five or more take part and none holds over half;
-- what is left of it alone, from the counted gains, only where five or more gained and none over half of it.
CREATE OR REPLACE FUNCTION kandoo_lot_totals(wanted bigint)
RETURNS TABLE (members bigint, kg bigint, amount bigint, alone bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH offered AS (
     SELECT o.enterprise_id, sum(o.drums * b.drum_kg)::bigint AS kg
     FROM selling_offer o JOIN selling_batch b ON b.id = o.batch_id JOIN selling_lot l ON l.id = o.lot_id
     WHERE o.lot_id = wanted AND NOT o.is_withdrawn AND l.cluster_id = ANY (kandoo_clusters('agent', 'member', 'officer', 'auditor'))
     GROUP BY o.enterprise_id),
   paid AS (
     SELECT sum(p.amount)::bigint AS amount, count(*) AS members,
            max(p.amount) AS largest
     FROM selling_payslip p JOIN selling_lot l ON l.id = p.lot_id
     WHERE p.lot_id = wanted AND l.cluster_id = ANY (kandoo_clusters('agent', 'member', 'officer', 'auditor'))),
   gained AS (
     SELECT sum(g.gain)::bigint AS gain FROM benefit_gain g
     WHERE g.action = 'selling' AND g.action_id = wanted
       AND NOT EXISTS (SELECT 1 FROM benefit_gain c WHERE c.corrects_id = g.id)
     HAVING count(*) FILTER (WHERE g.gain <> 0) >= 5 AND 2 * max(abs(g.gain)) <= sum(abs(g.gain)))
   SELECT count(*), sum(offered.kg)::bigint,
          max(CASE WHEN paid.members >= 5 AND 2 * paid.largest <= paid.amount THEN paid.amount END),
          max(CASE WHEN paid.members >= 5 AND 2 * paid.largest <= paid.amount THEN paid.amount - gained.gain END)
   FROM offered CROSS JOIN paid LEFT JOIN gained ON true HAVING count(*) >= 5 AND 2 * max(offered.kg) <= sum(offered.kg) $$;

-- Delivered against pledged by season for who may not see members: a figure needs five behind it, none holding over half.
CREATE OR REPLACE FUNCTION kandoo_pledge_totals(wanted bigint)
RETURNS TABLE (season integer, members bigint, offered bigint, agreed bigint, due bigint, delivered bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH pledged AS (
     SELECT b.season, o.enterprise_id, sum(o.drums * b.drum_kg)::bigint AS offered,
            coalesce(sum(p.agreed), 0)::bigint AS agreed, coalesce(sum(p.due), 0)::bigint AS due,
            coalesce(sum(p.delivered), 0)::bigint AS delivered
     FROM selling_offer o
     JOIN selling_batch b ON b.id = o.batch_id
     JOIN selling_lot l ON l.id = o.lot_id AND l.status <> 'cancelled'
     LEFT JOIN LATERAL (
       SELECT sum(pl.kg) AS agreed, sum(pl.kg) FILTER (WHERE l.status IN ('delivered', 'settled')) AS due,
              sum(d.net_kg) AS delivered
       FROM selling_planline pl LEFT JOIN selling_delivery d ON d.line_id = pl.id
       WHERE pl.offer_id = o.id AND pl.plan_id = l.plan_id AND l.status IN ('agreed', 'delivered', 'settled')) p ON true
     WHERE l.cluster_id = wanted AND NOT o.is_withdrawn
       AND wanted = ANY (kandoo_clusters('agent', 'officer', 'auditor'))
     GROUP BY b.season, o.enterprise_id)
   SELECT season::integer, count(*), sum(offered)::bigint,
          (CASE WHEN count(*) FILTER (WHERE agreed > 0) >= 5 AND 2 * max(agreed) <= sum(agreed) THEN sum(agreed) END)::bigint,
          (CASE WHEN count(*) FILTER (WHERE due > 0) >= 5 AND 2 * max(due) <= sum(due) THEN sum(due) END)::bigint,
          (CASE WHEN count(*) FILTER (WHERE delivered > 0) >= 5 AND 2 * max(delivered) <= sum(delivered)
                THEN sum(delivered) END)::bigint
   FROM pledged GROUP BY season HAVING count(*) >= 5 AND 2 * max(offered) <= sum(offered) ORDER BY season DESC $$;
"""

RULES = [
    Rule(
        "selling_batch",
        select=either(_STAFF, _MEMBER, _SAMPLED.format("id")),
        insert=either(_AGENT, _MEMBER),
        update=either(_AGENT, _MEMBER),
    ),
    Rule("selling_attachment", _OWN_BATCH, either(_AGENT, _OWN_BATCH), None, _AGENT),
    Rule("selling_sample", either(_STAFF, _LABORATORY, _OWN_BATCH), _AGENT, either(_AGENT, _LABORATORY), _AGENT),
    Rule(
        "selling_labresult",
        select=_OWN_BATCH,
        insert=either(
            _AGENT, f"{_LABORATORY} AND {_SAMPLED.format('batch_id')}", f"laboratory_id IS NULL AND {_OWN_BATCH}"
        ),
    ),
    Rule("selling_bar", select=_OWN_BATCH, insert=_OWN_BATCH),
    Rule(
        "selling_order",
        select=either(_STAFF, _BUYER, f"{holds('member', 'officer')} AND status IN ('in_lot', 'filled')"),
        insert=either(_AGENT, _BUYER),
        update=either(_AGENT, _BUYER),
    ),
    Rule(
        "selling_lot",
        select=either(_CLUSTER_SEES, "id = ANY ((SELECT kandoo_lots_of_mine())::bigint[])"),
        insert=_AGENT,
        update=_AGENT,
    ),
    Rule("selling_lotorder", either(_CLUSTER_SEES, _MY_ORDER), _AGENT, _AGENT, _AGENT),
    Rule(
        "selling_offer",
        select=either(_STAFF, _MEMBER),
        insert=f"({either(_AGENT, _MEMBER)}) AND {_LOT_TAKES_OFFERS}",
        update=f"({either(_AGENT, _MEMBER)}) AND {_LOT_TAKES_OFFERS}",
        delete=f"({either(_AGENT, _MEMBER)}) AND {_LOT_TAKES_OFFERS}",
    ),
    Rule("selling_plan", select=either(_STAFF), insert=_AGENT),
    Rule(
        "selling_plannedorder",
        select=either(_STAFF, _MY_ORDER, f"{holds('member', 'officer')} AND (producers >= 5 OR NOT accepted)"),
        insert=_AGENT,
    ),
    Rule("selling_planline", either(_STAFF, _MEMBER), _AGENT),
    Rule(
        "selling_consent",
        select=either(_STAFF, _MEMBER),
        insert=f"({either(_AGENT, _MEMBER)}) AND {_PLAN_ASKS}",
        update=f"({either(_AGENT, _MEMBER)}) AND {_PLAN_ASKS}",
    ),
    Rule("selling_cost", either(_STAFF, holds("member")), _AGENT, None, _AGENT),
    Rule("selling_delivery", either(_STAFF, _MEMBER), _AGENT),
    Rule("selling_firstpayment", either(_STAFF, _MEMBER), _AGENT),
    Rule("selling_receipt", either(_STAFF, _MY_ORDER), _AGENT),
    Rule("selling_payslip", either(_STAFF, _MEMBER), _AGENT),
]
