"""What a cluster's own records say of a period, for those who may read its file: one function, one answer a measure.

Counts are given freely. A sum of money or mass is given where five or more firms stand behind it and none holds more than
half of it; else it is withheld. Stocks are of the last day, flows of all days from the first to the last.
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kandoo_measures(wanted bigint, since date, until date)
RETURNS TABLE (measure text, value numeric, withheld boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE f record; t bigint;
BEGIN
  SELECT * INTO f FROM programme_clusterfile c WHERE c.id = wanted;
  IF NOT FOUND OR NOT (
     ARRAY[f.cluster_id || ':', f.cluster_id || ':' || f.province]
       && kandoo_desks('officer', 'auditor', 'controller', 'supervisor', 'committee')
     OR coalesce(f.tenant_id = ANY (kandoo_clusters('agent')), false)) THEN
    RETURN;
  END IF;
  t := f.tenant_id;
  RETURN QUERY SELECT * FROM kandoo_measures_of_file(wanted, since, until);
  IF t IS NOT NULL THEN
    RETURN QUERY SELECT * FROM kandoo_measures_of_cluster(t, since, until);
  END IF;
END $$;

-- Of the programme's own file and money; asked through kandoo_measures alone.
CREATE OR REPLACE FUNCTION kandoo_measures_of_file(wanted bigint, since date, until date)
RETURNS TABLE (measure text, value numeric, withheld boolean) LANGUAGE sql STABLE AS $$
  WITH moved AS (
    SELECT m.kind, sum(m.amount) AS amount FROM credit_movement m JOIN credit_creditline l ON l.id = m.line_id
    WHERE l.file_id = wanted AND m."on" BETWEEN since AND until GROUP BY m.kind),
  money AS (
    SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('approved', 'raised')), 0)
             - coalesce(sum(amount) FILTER (WHERE kind = 'cut'), 0) AS approved,
           coalesce(sum(amount) FILTER (WHERE kind = 'allocated'), 0)
             - coalesce(sum(amount) FILTER (WHERE kind = 'returned'), 0) AS allocated,
           coalesce(sum(amount) FILTER (WHERE kind = 'committed'), 0)
             - coalesce(sum(amount) FILTER (WHERE kind = 'released'), 0) AS committed,
           coalesce(sum(amount) FILTER (WHERE kind = 'paid'), 0)
             - coalesce(sum(amount) FILTER (WHERE kind IN ('refunded', 'refunded_late')), 0) AS paid
    FROM moved)
  SELECT 'approved', approved::numeric, false FROM money
  UNION ALL SELECT 'allocated', allocated::numeric, false FROM money
  UNION ALL SELECT 'committed', committed::numeric, false FROM money
  UNION ALL SELECT 'paid', paid::numeric, false FROM money
  UNION ALL SELECT 'cofinance', coalesce(sum(c.member_share + c.other_share), 0)::numeric, false
    FROM credit_commitment c JOIN credit_creditline l ON l.id = c.line_id
    WHERE l.file_id = wanted AND c.carried_from_id IS NULL AND c."on" BETWEEN since AND until
  UNION ALL SELECT 'meetings', count(*)::numeric, false FROM programme_meeting m
    WHERE m.status = 'closed' AND m."on" BETWEEN since AND until AND (
      EXISTS (SELECT 1 FROM programme_body b WHERE b.id = m.body_id AND b.file_id = wanted)
      OR EXISTS (SELECT 1 FROM programme_agendaitem i WHERE i.meeting_id = m.id AND i.file_id = wanted))
  UNION ALL SELECT 'papers_approved', count(*)::numeric, false FROM programme_paperedition e
    WHERE e.file_id = wanted AND e.status = 'approved' AND e.approved_at::date BETWEEN since AND until
  UNION ALL SELECT 'conditions_kept', count(*)::numeric, false FROM programme_condition c
    WHERE c.file_id = wanted AND c.kept_on BETWEEN since AND until
  UNION ALL SELECT 'conditions_overdue', count(*)::numeric, false FROM programme_condition c
    JOIN programme_decision d ON d.id = c.decision_id
    WHERE c.file_id = wanted AND d."on" <= until AND c.due_on < until AND (c.kept_on IS NULL OR c.kept_on > until)
  UNION ALL SELECT 'activities_done', count(*)::numeric, false FROM credit_activity a
    WHERE a.file_id = wanted AND a.done_on BETWEEN since AND until
  UNION ALL SELECT 'activities_late', count(*)::numeric, false FROM credit_activity a
    WHERE a.file_id = wanted AND a.ends_on < until AND (a.done_on IS NULL OR a.done_on > until)
$$;
REVOKE ALL ON FUNCTION kandoo_measures_of_file(bigint, date, date) FROM PUBLIC;

-- A sum over firms, or nothing where it would give one away: (value, withheld).
CREATE OR REPLACE FUNCTION kandoo_safe_sum(amounts numeric[]) RETURNS TABLE (value numeric, withheld boolean)
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN hidden THEN NULL ELSE total END, hidden FROM (
    SELECT coalesce(sum(a), 0) AS total, count(*) FILTER (WHERE a <> 0) > 0
           AND (count(*) FILTER (WHERE a <> 0) < 5 OR 2 * max(abs(a)) > sum(abs(a))) AS hidden
    FROM unnest(coalesce(amounts, '{}')) AS given(a)) AS counted
$$;

-- Of the cluster's own records; asked through kandoo_measures alone.
CREATE OR REPLACE FUNCTION kandoo_measures_of_cluster(t bigint, since date, until date)
RETURNS TABLE (measure text, value numeric, withheld boolean) LANGUAGE sql STABLE AS $$
  WITH inside AS (
    SELECT m.enterprise_id, e.is_commercial, e.workers FROM register_membership m
    JOIN register_enterprise e ON e.id = m.enterprise_id
    WHERE m.cluster_id = t AND m.joined_on <= until AND (m.left_on IS NULL OR m.left_on > until)),
  firms AS (SELECT count(*) AS n FROM inside WHERE is_commercial),
  gained AS (
    SELECT g.enterprise_id, g.side, sum(g.gain) AS gain, count(*) AS actions FROM benefit_gain g
    WHERE g.cluster_id = t AND g.delivered_on BETWEEN since AND until
      AND NOT EXISTS (SELECT 1 FROM benefit_gain c WHERE c.corrects_id = g.id)
    GROUP BY g.enterprise_id, g.side),
  taking AS (SELECT count(DISTINCT enterprise_id) AS firms, coalesce(sum(actions), 0) AS actions FROM gained),
  sold AS (
    SELECT p.enterprise_id, sum(d.net_kg) AS kg, sum(d.drums) AS drums, sum(p.kg) AS agreed,
           coalesce(sum(d.net_kg) FILTER (WHERE o.currency <> 'IRR'), 0) AS abroad
    FROM selling_lot l JOIN selling_planline p ON p.plan_id = l.plan_id JOIN selling_order o ON o.id = p.order_id
    LEFT JOIN selling_delivery d ON d.line_id = p.id
    WHERE l.cluster_id = t AND l.status IN ('delivered', 'settled') AND l.delivered_on BETWEEN since AND until
    GROUP BY p.enterprise_id),
  money_in AS (
    SELECT r.rial, o.currency,
           (SELECT count(*) >= 5 AND 2 * max(kg) <= sum(kg) FROM (
              SELECT sum(d.net_kg) AS kg FROM selling_planline p JOIN selling_delivery d ON d.line_id = p.id
              WHERE p.plan_id = l.plan_id AND p.order_id = r.order_id GROUP BY p.enterprise_id) AS held) AS is_safe
    FROM selling_receipt r JOIN selling_lot l ON l.id = r.lot_id JOIN selling_order o ON o.id = r.order_id
    WHERE l.cluster_id = t AND r."on" BETWEEN since AND until),
  bills AS (
    SELECT b.enterprise_id, sum(b.amount) AS amount FROM buying_bill b JOIN buying_round r ON r.id = b.round_id
    WHERE r.cluster_id = t AND r.settled_at::date BETWEEN since AND until GROUP BY b.enterprise_id),
  lots AS (SELECT id FROM selling_lot WHERE cluster_id = t AND status IN ('delivered', 'settled')
             AND delivered_on BETWEEN since AND until),
  rounds AS (SELECT id FROM buying_round WHERE cluster_id = t AND status IN ('delivered', 'settled')
               AND delivered_on BETWEEN since AND until),
  tested AS (SELECT DISTINCT r.batch_id FROM selling_labresult r
             WHERE r.cluster_id = t AND r.tested_on BETWEEN since AND until)
  SELECT 'members', n::numeric, false FROM firms
  UNION ALL SELECT 'institutions', count(*)::numeric, false FROM inside WHERE NOT is_commercial
  UNION ALL SELECT 'jobs', s.value, s.withheld FROM kandoo_safe_sum(
    (SELECT array_agg(workers::numeric) FROM inside WHERE is_commercial AND workers IS NOT NULL)) AS s
  UNION ALL SELECT 'members_joined', count(*)::numeric, false FROM register_membership m
    JOIN register_enterprise e ON e.id = m.enterprise_id AND e.is_commercial
    WHERE m.cluster_id = t AND m.joined_on BETWEEN since AND until
  UNION ALL SELECT 'members_left', count(*)::numeric, false FROM register_membership m
    JOIN register_enterprise e ON e.id = m.enterprise_id AND e.is_commercial
    WHERE m.cluster_id = t AND m.left_on BETWEEN since AND until
  UNION ALL SELECT 'lots', count(*)::numeric, false FROM lots
  UNION ALL SELECT 'rounds', count(*)::numeric, false FROM rounds
  UNION ALL SELECT 'members_in_actions', firms::numeric, false FROM taking
  UNION ALL SELECT 'share_in_actions', round(100.0 * taking.firms / n, 1), false FROM taking, firms WHERE n > 0
  UNION ALL SELECT 'actions_a_member', round(1.0 * actions / taking.firms, 2), false FROM taking WHERE taking.firms > 0
  UNION ALL SELECT 'saving', s.value, s.withheld
    FROM kandoo_safe_sum((SELECT array_agg(gain::numeric) FROM gained WHERE side = 'cost')) AS s
  UNION ALL SELECT 'premium', s.value, s.withheld
    FROM kandoo_safe_sum((SELECT array_agg(gain::numeric) FROM gained WHERE side = 'earning')) AS s
  UNION ALL SELECT 'kg_sold', s.value, s.withheld FROM kandoo_safe_sum((SELECT array_agg(kg::numeric) FROM sold)) AS s
  UNION ALL SELECT 'kg_exported', s.value, s.withheld
    FROM kandoo_safe_sum((SELECT array_agg(abroad::numeric) FROM sold)) AS s
  UNION ALL SELECT 'drums_traced', s.value, s.withheld
    FROM kandoo_safe_sum((SELECT array_agg(drums::numeric) FROM sold)) AS s
  UNION ALL SELECT 'kept_pledges', round(100.0 * sum(kg) / sum(agreed), 1), false FROM sold
    HAVING count(*) >= 5 AND sum(agreed) > 0
  UNION ALL SELECT 'sales', CASE WHEN bool_and(is_safe) THEN sum(rial) END::numeric, NOT bool_and(is_safe) FROM money_in
    HAVING count(*) > 0
  UNION ALL SELECT 'sales', 0, false FROM money_in HAVING count(*) = 0
  UNION ALL SELECT 'export_sales', CASE WHEN bool_and(is_safe) THEN sum(rial) END::numeric, NOT bool_and(is_safe)
    FROM money_in WHERE currency <> 'IRR' HAVING count(*) > 0
  UNION ALL SELECT 'export_sales', 0, false FROM money_in WHERE currency <> 'IRR' HAVING count(*) = 0
  UNION ALL SELECT 'purchases', s.value, s.withheld
    FROM kandoo_safe_sum((SELECT array_agg(amount::numeric) FROM bills)) AS s
  UNION ALL SELECT 'buyers', count(DISTINCT o.enterprise_id)::numeric, false FROM lots
    JOIN selling_lotorder lo ON lo.lot_id = lots.id JOIN selling_order o ON o.id = lo.order_id
  UNION ALL SELECT 'suppliers', count(DISTINCT p.enterprise_id)::numeric, false FROM rounds
    JOIN buying_purchaseorder p ON p.round_id = rounds.id
  UNION ALL SELECT 'tests', count(*)::numeric, false FROM selling_labresult r
    WHERE r.cluster_id = t AND r.tested_on BETWEEN since AND until
  UNION ALL SELECT 'refused_share', round(100.0 * count(b.id) / count(*), 1), false
    FROM tested LEFT JOIN selling_bar b ON b.batch_id = tested.batch_id HAVING count(*) > 0
$$;
REVOKE ALL ON FUNCTION kandoo_measures_of_cluster(bigint, date, date) FROM PUBLIC;

-- What anybody may know: the figures of closed periods, none of what was withheld.
DROP FUNCTION IF EXISTS kandoo_public_results();
CREATE FUNCTION kandoo_public_results()
RETURNS TABLE (programme bigint, file bigint, cluster text, name_fa text, name_en text, province text, product text,
               stage text, indicator text, indicator_fa text, indicator_en text, level text, kind text, unit text,
               value numeric, baseline numeric, target numeric, since date, until date, definition text, source text,
               as_of date, origin text, is_example boolean, unit_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.cluster_id, c.id, c.code, c.name_fa, c.name_en, c.province, c.product, c.stage, i.code, i.name_fa, i.name_en,
          i.level, i.kind, z.unit, z.value, z.baseline, z.target, l.first, l.last, z.definition, z.source, z.as_of, z.origin,
          c.is_example, z.unit_en
   FROM results_frozen z JOIN results_lock l ON l.id = z.lock_id JOIN results_indicator i ON i.id = z.indicator_id
   JOIN programme_clusterfile c ON c.id = z.file_id WHERE z.value IS NOT NULL $$;
"""
