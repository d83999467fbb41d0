"""Who may see the account of cooperation: a member its own, the agent and the auditor all.

Officers, controllers and members read totals of actions in which five or more took part and none
holds over half of what is shown; an action that is not safe is in no total, so that none can be had
by subtraction. Evidence is no longer written once its action is agreed, hours no longer once counted.
"""

from kandoo.site.security import SELF, Rule, either, firm, holds

_AGENT = holds("agent")
_STAFF = holds("agent", "auditor")
_MEMBER = firm("enterprise_id", "member")
_READERS = holds("agent", "auditor", "member", "officer", "controller")
_OWN_OR_AGENT = either(_AGENT, _MEMBER)
# Who keeps a collection point and types a need there, types the price alone with it.
_TYPED = (
    f"action = 'buying' AND by_id = {SELF} AND EXISTS (SELECT 1 FROM buying_need n"
    " WHERE n.round_id = benefit_evidence.action_id AND n.enterprise_id = benefit_evidence.enterprise_id)"
)
_SAME = "x.action = {0}.action AND x.action_id = {0}.action_id"
_NOT_AGREED = (
    f"NOT EXISTS (SELECT 1 FROM benefit_standalone x WHERE {_SAME} AND x.enterprise_id = {{0}}.enterprise_id)"
).format("benefit_evidence")
_NOT_COUNTED = (
    f"NOT EXISTS (SELECT 1 FROM benefit_gain x WHERE {_SAME} AND x.enterprise_id = {{0}}.enterprise_id)"
).format("benefit_owntime")
_NONE_COUNTED = f"NOT EXISTS (SELECT 1 FROM benefit_gain x WHERE {_SAME})".format("benefit_subsidy")

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kandoo_reads_benefit(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT wanted = ANY (kandoo_clusters('agent', 'auditor', 'member', 'officer', 'controller')) $$;

-- The gains that count, of actions safe to add up: five members or more, none with over half of the mass or earnings.
CREATE OR REPLACE FUNCTION kandoo_safe_gains(wanted bigint) RETURNS SETOF benefit_gain
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH counted AS (
     SELECT g.* FROM benefit_gain g WHERE g.cluster_id = wanted
       AND NOT EXISTS (SELECT 1 FROM benefit_gain c WHERE c.corrects_id = g.id)),
   safe AS (
     SELECT action, action_id FROM counted GROUP BY action, action_id
     HAVING count(*) >= 5 AND 2 * max(quantity) <= sum(quantity) AND 2 * max(abs(joint)) <= sum(abs(joint)))
   SELECT counted.* FROM counted JOIN safe USING (action, action_id) $$;
REVOKE ALL ON FUNCTION kandoo_safe_gains(bigint) FROM PUBLIC;

-- Totals of each safe action; the gain only where five or more gained or lost and none did over half of it.
CREATE OR REPLACE FUNCTION kandoo_benefit_actions(wanted bigint)
RETURNS TABLE (action text, action_id bigint, season int, code text, title text, side text, members bigint,
               documented bigint, quantity bigint, unit text, joint bigint, gain bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT g.action::text, g.action_id, g.season::int, max(g.code)::text, max(g.title)::text, max(g.side)::text, count(*),
          count(*) FILTER (WHERE g.is_documented), sum(g.quantity)::bigint, max(g.unit)::text, sum(g.joint)::bigint,
          (CASE WHEN count(*) FILTER (WHERE g.gain <> 0) >= 5 AND 2 * max(abs(g.gain)) <= sum(abs(g.gain))
                THEN sum(g.gain) END)::bigint
   FROM kandoo_safe_gains(wanted) g WHERE kandoo_reads_benefit(wanted)
   GROUP BY g.action, g.action_id, g.season $$;

-- A season's gains of the safe actions by size, in as many groups as all are safe: five members or more, none over half.
CREATE OR REPLACE FUNCTION kandoo_benefit_groups(wanted bigint, year int)
RETURNS TABLE (place int, members bigint, gain bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH shown AS (
     SELECT b.action, b.action_id FROM kandoo_benefit_actions(wanted) b WHERE b.season = year AND b.gain IS NOT NULL),
   own AS (
     SELECT g.enterprise_id, sum(g.gain) AS gain FROM kandoo_safe_gains(wanted) g
     JOIN shown ON shown.action = g.action AND shown.action_id = g.action_id
     WHERE g.season = year GROUP BY g.enterprise_id),
   placed AS (
     SELECT k, own.gain, ntile(k::int) OVER (PARTITION BY k ORDER BY own.gain, own.enterprise_id) AS place
     FROM own, generate_series(1, least(10, (SELECT count(*) FROM own) / 5)) k),
   grouped AS (
     SELECT placed.k, placed.place, count(*) AS members, sum(placed.gain)::bigint AS gain,
            count(*) >= 5 AND 2 * max(abs(placed.gain)) <= sum(abs(placed.gain)) AS is_safe
     FROM placed GROUP BY placed.k, placed.place),
   chosen AS (SELECT max(k) AS k FROM (SELECT k FROM grouped GROUP BY k HAVING bool_and(is_safe)) safe)
   SELECT grouped.place, grouped.members, grouped.gain FROM grouped JOIN chosen USING (k) ORDER BY grouped.place $$;

-- How many members took part in a season, and in how many actions that cannot be shown; counts of people alone.
CREATE OR REPLACE FUNCTION kandoo_benefit_taking_part(wanted bigint, year int)
RETURNS TABLE (members bigint, actions bigint, hidden bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT count(DISTINCT g.enterprise_id), count(DISTINCT (g.action, g.action_id)),
          count(DISTINCT (g.action, g.action_id))
            - (SELECT count(*) FROM kandoo_benefit_actions(wanted) b WHERE b.season = year)
   FROM benefit_gain g WHERE g.cluster_id = wanted AND g.season = year AND kandoo_reads_benefit(wanted) $$;

-- The median of what members documented alone for one kind of goods: of five or more, each once, in three figures.
CREATE OR REPLACE FUNCTION kandoo_median_alone(wanted bigint, wanted_action text, wanted_goods text, since date)
RETURNS TABLE (sample bigint, per_unit bigint, newest date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH prices AS (
     SELECT DISTINCT ON (s.enterprise_id) s.enterprise_id, (i->>'per_unit')::bigint AS price, s.at::date AS on_day
     FROM benefit_standalone s, jsonb_array_elements(s.content->'items') i
     WHERE s.cluster_id = wanted AND s.action = wanted_action AND s.at::date >= since
       AND i->>'goods' = wanted_goods AND i->>'kind' IN ('quotation', 'invoice')
       AND wanted = ANY (kandoo_clusters('agent', 'member'))
     ORDER BY s.enterprise_id, s.at DESC)
   SELECT sample, round(middle, 2 - floor(log(middle))::int)::bigint, newest
   FROM (SELECT count(*) AS sample, percentile_cont(0.5) WITHIN GROUP (ORDER BY price)::numeric AS middle,
                max(on_day) AS newest FROM prices) found
   WHERE sample >= 5 $$;

-- Where those who offer a service are, as they say it in the directory: the point of their office, plant or store.
CREATE OR REPLACE FUNCTION kandoo_providers(wanted bigint)
RETURNS TABLE (enterprise_id bigint, stage text, latitude numeric, longitude numeric, since date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT e.id, e.stage::text, s.latitude, s.longitude, min(m.joined_on)
   FROM register_enterprise e JOIN register_site s ON s.enterprise_id = e.id
   JOIN register_membership m ON m.enterprise_id = e.id
   WHERE e.cluster_id = wanted AND kandoo_reads_benefit(wanted) AND s.kind <> 'apiary'
     AND e.stage IN ('laboratory', 'input_supply', 'packing', 'extraction', 'transport', 'equipment', 'training', 'queen_breeding')
     AND (m.left_on IS NULL OR m.left_on > current_date)
   GROUP BY e.id, e.stage, s.latitude, s.longitude $$;
"""

RULES = [
    Rule(
        "benefit_evidence",
        select=either(_STAFF, _MEMBER, _TYPED),
        insert=f"({either(_OWN_OR_AGENT, _TYPED)}) AND {_NOT_AGREED}",
        delete=f"({either(_OWN_OR_AGENT, _TYPED)}) AND {_NOT_AGREED}",
    ),
    Rule(
        "benefit_owntime",
        select=either(_STAFF, _MEMBER),
        insert=f"({_OWN_OR_AGENT}) AND {_NOT_COUNTED}",
        update=f"({_OWN_OR_AGENT}) AND {_NOT_COUNTED}",
    ),
    Rule("benefit_timevalue", _READERS, _AGENT, _AGENT),
    Rule("benefit_subsidy", _READERS, f"{_AGENT} AND {_NONE_COUNTED}", None, f"{_AGENT} AND {_NONE_COUNTED}"),
    Rule("benefit_standalone", either(_STAFF, _MEMBER), _AGENT),
    Rule("benefit_gain", either(_STAFF, _MEMBER), _AGENT),
]
