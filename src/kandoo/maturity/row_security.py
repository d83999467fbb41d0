"""Who may see and write gauges and self-assessments: whoever reads the file reads them; agent and officers write.

What the programme may know of a cluster's own records comes from `kandoo_life_cycle_parts` alone: plain counts
of members, firms and joint actions freely, a share of kilograms only where five members or more stand behind
each of its two sums and none holds over half of either.
"""

from kandoo.programme.row_security import AGENT_FILE, OFFICER_FILE, ROLES, SEEN, files_of
from kandoo.site.security import SELF, Rule, either

_WRITERS = either(OFFICER_FILE, AGENT_FILE)
_OWN = f"by_id = {SELF} AND ({_WRITERS})"
_READING = ", ".join(f"'{role}'" for role in ROLES)

FUNCTIONS = f"""
-- The files among those wanted that the person may read and whose clusters work on Kandoo.
CREATE OR REPLACE FUNCTION kandoo_gauged_files(wanted bigint[]) RETURNS TABLE (file bigint, tenant bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT f.id, f.tenant_id FROM programme_clusterfile f
   WHERE f.id = ANY (wanted) AND f.tenant_id IS NOT NULL
     AND (ARRAY[f.cluster_id || ':', f.cluster_id || ':' || f.province] && (SELECT kandoo_desks({_READING}))
          OR f.tenant_id = ANY ((SELECT kandoo_clusters('agent', 'auditor'))::bigint[])) $$;

-- Joint actions of a cluster that were fixed for good in a year, with who took part.
CREATE OR REPLACE FUNCTION kandoo_year_of_actions(wanted bigint[], since date, until date)
RETURNS TABLE (file bigint, action text, enterprise bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT g.file, 'lot ' || l.id, p.enterprise_id
   FROM kandoo_gauged_files(wanted) g JOIN selling_lot l ON l.cluster_id = g.tenant
   JOIN selling_planline p ON p.plan_id = l.plan_id
   WHERE l.status IN ('delivered', 'settled') AND l.delivered_on > since AND l.delivered_on <= until
   UNION
   SELECT g.file, 'round ' || r.id, p.enterprise_id
   FROM kandoo_gauged_files(wanted) g JOIN buying_round r ON r.cluster_id = g.tenant
   JOIN buying_planline p ON p.plan_id = r.plan_id
   WHERE r.status IN ('delivered', 'settled') AND r.delivered_on > since AND r.delivered_on <= until $$;
REVOKE ALL ON FUNCTION kandoo_year_of_actions(bigint[], date, date) FROM PUBLIC;

-- What the parts of the gauge are made of, of each file over the year that ends on a day: counts, and two sums
-- of kilograms where five members or more stand behind each and none holds over half (else `withheld`).
-- Kilograms are those of a whole season, so that no two answers differ by one firm's batch.
CREATE OR REPLACE FUNCTION kandoo_life_cycle_parts(wanted bigint[], until date, year integer)
RETURNS TABLE (file bigint, profile text, record_since date, members_before bigint, members bigint, came bigint, went bigint,
               stages jsonb, contracts bigint, contracts_inside bigint, exported_kg numeric, harvested_kg numeric,
               exporters bigint, producers bigint, is_withheld boolean, lots bigint, rounds bigint, export_lots bigint,
               took_part bigint, pairs bigint, steps bigint, steps_by_agent bigint, has_acted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH span AS (SELECT (until - interval '1 year')::date AS since),
   gauged AS MATERIALIZED (SELECT g.file, g.tenant FROM kandoo_gauged_files(wanted) g),
   belonged AS (
     SELECT g.file, m.enterprise_id,
            bool_or(m.joined_on <= span.since AND (m.left_on IS NULL OR m.left_on > span.since)) AS before,
            bool_or(m.joined_on <= until AND (m.left_on IS NULL OR m.left_on > until)) AS now
     FROM gauged g JOIN register_membership m ON m.cluster_id = g.tenant, span
     GROUP BY g.file, m.enterprise_id),
   people AS (
     SELECT b.file, count(*) FILTER (WHERE b.before) AS members_before, count(*) FILTER (WHERE b.now) AS members,
            count(*) FILTER (WHERE b.now AND NOT b.before) AS came, count(*) FILTER (WHERE b.before AND NOT b.now) AS went
     FROM belonged b GROUP BY b.file),
   present AS (
     SELECT g.file, e.stage, count(*) AS n FROM gauged g JOIN register_enterprise e ON e.cluster_id = g.tenant
     LEFT JOIN belonged b ON b.file = g.file AND b.enterprise_id = e.id
     WHERE b.now OR (b.enterprise_id IS NULL AND e.created_at::date <= until AND e.form = 'institution')
     GROUP BY g.file, e.stage),
   chain AS (SELECT p.file, jsonb_object_agg(p.stage, p.n) AS stages FROM present p GROUP BY p.file),
   acting AS MATERIALIZED (SELECT a.* FROM span, kandoo_year_of_actions(wanted, span.since, until) a),
   acted AS (
     SELECT a.file, count(DISTINCT a.action) FILTER (WHERE a.action LIKE 'lot %') AS lots,
            count(DISTINCT a.action) FILTER (WHERE a.action LIKE 'round %') AS rounds
     FROM acting a GROUP BY a.file),
   signed AS (
     SELECT a.file, a.enterprise, array_agg(a.action ORDER BY a.action) AS actions FROM acting a
     JOIN belonged b ON b.file = a.file AND b.enterprise_id = a.enterprise AND b.now GROUP BY a.file, a.enterprise),
   joined AS (SELECT s.file, count(*) AS took_part FROM signed s GROUP BY s.file),
   -- Pairs with an action in common, without listing them: members of the same actions are counted together.
   alike AS (SELECT s.file, s.actions, count(*) AS n FROM signed s GROUP BY s.file, s.actions),
   knit AS (
     SELECT s.file, (sum(CASE WHEN s.actions = t.actions THEN s.n * (s.n - 1) ELSE s.n * t.n END) / 2)::bigint AS pairs
     FROM alike s JOIN alike t ON t.file = s.file AND t.actions && s.actions GROUP BY s.file),
   sold AS (
     SELECT g.file, l.id, o.id AS order_id, o.currency <> 'IRR' AS is_export, o.enterprise_id AS buyer
     FROM span, gauged g JOIN selling_lot l ON l.cluster_id = g.tenant
       AND l.status IN ('delivered', 'settled') JOIN selling_lotorder lo ON lo.lot_id = l.id
     JOIN selling_order o ON o.id = lo.order_id
     WHERE l.delivered_on > span.since AND l.delivered_on <= until
       AND EXISTS (SELECT 1 FROM selling_planline p WHERE p.plan_id = l.plan_id AND p.order_id = o.id)),
   contracted AS (
     SELECT s.file, s.buyer AS other FROM sold s
     UNION ALL
     SELECT g.file, o.enterprise_id FROM span, gauged g JOIN buying_round r ON r.cluster_id = g.tenant
       AND r.status IN ('delivered', 'settled') JOIN buying_purchaseorder o ON o.round_id = r.id
     WHERE r.delivered_on > span.since AND r.delivered_on <= until),
   traded AS (
     SELECT c.file, count(*) AS contracts, count(*) FILTER (WHERE b.now) AS inside FROM contracted c
     LEFT JOIN belonged b ON b.file = c.file AND b.enterprise_id = c.other GROUP BY c.file),
   exported AS (
     SELECT g.file, d.enterprise_id, sum(d.net_kg) AS kg FROM gauged g
     JOIN selling_delivery d ON d.cluster_id = g.tenant JOIN selling_planline p ON p.id = d.line_id
     JOIN selling_order o ON o.id = p.order_id AND o.currency <> 'IRR'
     JOIN selling_offer f ON f.id = p.offer_id JOIN selling_batch b ON b.id = f.batch_id AND b.season = year
     GROUP BY g.file, d.enterprise_id),
   abroad AS (
     SELECT x.file, sum(x.kg) AS kg, count(*) AS n, count(*) >= 5 AND 2 * max(x.kg) <= sum(x.kg) AS is_safe
     FROM exported x WHERE x.kg > 0 GROUP BY x.file),
   cropped AS (
     SELECT g.file, b.enterprise_id, sum(b.drums * b.drum_kg) AS kg FROM gauged g
     JOIN selling_batch b ON b.cluster_id = g.tenant AND b.season = year AND b.withdrawn_at IS NULL
     GROUP BY g.file, b.enterprise_id),
   crop AS (
     SELECT c.file, sum(c.kg) AS kg, count(*) AS n, count(*) >= 5 AND 2 * max(c.kg) <= sum(c.kg) AS is_safe
     FROM cropped c GROUP BY c.file),
   stepped AS (
     SELECT g.file, o.by_id, g.tenant FROM span, gauged g JOIN selling_lot l ON l.cluster_id = g.tenant
     JOIN selling_offer o ON o.lot_id = l.id AND NOT o.is_withdrawn
     WHERE l.status IN ('delivered', 'settled') AND l.delivered_on > span.since AND l.delivered_on <= until
     UNION ALL
     SELECT g.file, c.by_id, g.tenant FROM span, gauged g JOIN selling_lot l ON l.cluster_id = g.tenant
     JOIN selling_consent c ON c.plan_id = l.plan_id
     WHERE l.status IN ('delivered', 'settled') AND l.delivered_on > span.since AND l.delivered_on <= until
     UNION ALL
     SELECT g.file, n.by_id, g.tenant FROM span, gauged g JOIN buying_round r ON r.cluster_id = g.tenant
     JOIN buying_need n ON n.round_id = r.id AND NOT n.is_withdrawn
     WHERE r.status IN ('delivered', 'settled') AND r.delivered_on > span.since AND r.delivered_on <= until
     UNION ALL
     SELECT g.file, c.by_id, g.tenant FROM span, gauged g JOIN buying_round r ON r.cluster_id = g.tenant
     JOIN buying_consent c ON c.plan_id = r.plan_id
     WHERE r.status IN ('delivered', 'settled') AND r.delivered_on > span.since AND r.delivered_on <= until),
   leaned AS (
     SELECT s.file, count(*) AS steps, count(*) FILTER (WHERE EXISTS (
              SELECT 1 FROM register_role r WHERE r.person_id = s.by_id AND r.cluster_id = s.tenant AND r.role = 'agent')) AS by_agent
     FROM stepped s GROUP BY s.file)
   SELECT g.file, c.profile::text,
          (SELECT min(m.joined_on) FROM register_membership m WHERE m.cluster_id = g.tenant),
          coalesce(p.members_before, 0), coalesce(p.members, 0), coalesce(p.came, 0), coalesce(p.went, 0),
          coalesce(ch.stages, '{{}}'), coalesce(t.contracts, 0), coalesce(t.inside, 0),
          CASE WHEN coalesce(ab.is_safe, true) AND crop.is_safe THEN coalesce(ab.kg, 0) END,
          CASE WHEN crop.is_safe THEN crop.kg END, coalesce(ab.n, 0), coalesce(crop.n, 0),
          coalesce(NOT (coalesce(ab.is_safe, true) AND crop.is_safe), false),
          coalesce(ac.lots, 0), coalesce(ac.rounds, 0),
          (SELECT count(DISTINCT s.id) FROM sold s WHERE s.file = g.file AND s.is_export),
          coalesce(j.took_part, 0), coalesce(k.pairs, 0), coalesce(le.steps, 0), coalesce(le.by_agent, 0),
          EXISTS (SELECT 1 FROM selling_lot l WHERE l.cluster_id = g.tenant AND l.delivered_on <= until)
          OR EXISTS (SELECT 1 FROM buying_round r WHERE r.cluster_id = g.tenant AND r.delivered_on <= until)
   FROM gauged g JOIN register_cluster c ON c.id = g.tenant
   LEFT JOIN people p ON p.file = g.file LEFT JOIN chain ch ON ch.file = g.file LEFT JOIN traded t ON t.file = g.file
   LEFT JOIN abroad ab ON ab.file = g.file LEFT JOIN crop ON crop.file = g.file LEFT JOIN acted ac ON ac.file = g.file
   LEFT JOIN joined j ON j.file = g.file LEFT JOIN knit k ON k.file = g.file LEFT JOIN leaned le ON le.file = g.file $$;
"""

RULES = [
    Rule("maturity_partanswer", SEEN, _OWN),
    Rule("maturity_assessment", SEEN, f"begun_by_id = {SELF} AND ({_WRITERS})", _WRITERS),
    Rule("maturity_answer", SEEN, _OWN, _OWN),
    Rule("maturity_evidence", SEEN, _OWN, None, _WRITERS),
    Rule("maturity_remark", SEEN, f"by_id = {SELF} AND {files_of('officer', 'supervisor')}"),
]
