-- Clusters with ten years of everything, beside the demo's own. Triggers are off: the rows are as the rooms' actions
-- leave them, without the days it would take to do them one by one.
-- Parameters: programme, officer, supervisor, agent, procedure, province codes, first and last number, years, today.
CREATE TEMP TABLE new_file ON COMMIT DROP AS
SELECT nextval('programme_clusterfile_id_seq') AS id, n, (%(provinces)s::text[])[1 + n %% cardinality(%(provinces)s::text[])] AS province,
       'G' || n %% 10 AS stage FROM generate_series(%(first)s, %(last)s) n;
INSERT INTO programme_clusterfile (id, cluster_id, code, name_fa, name_en, search_key, sort_key, province, county, product, procedure_id,
    stage, stage_since, first_gate, status, agent_name, definition, source, dated, is_example, last_moved_on, opened_by_id)
SELECT id, %(programme)s, 'T-' || n, 'خوشه ' || n, 'Cluster ' || n, 'خوشه' || n, lpad(n::text, 9, '0'), province, '', 'محصول ' || n %% 23,
    %(procedure)s, stage, %(today)s::date - (n * 7) %% 1500, 0, 'active', 'عامل ' || n, 'ت', 'م', %(today)s::date - 3650, true,
    %(today)s::date - (n * 3) %% 200, %(officer)s FROM new_file;
INSERT INTO programme_stagemark (cluster_id, file_id, stage, "on")
SELECT %(programme)s, id, 'G' || g, %(today)s::date - 3650 + g * 365 FROM new_file, generate_series(0, n %% 10) g;
INSERT INTO programme_agentterm (cluster_id, file_id, name, from_on, to_on, reason, handed_over)
SELECT %(programme)s, id, 'عامل ' || k, %(today)s::date - 3650 + k * 730, CASE WHEN k < 4 THEN %(today)s::date - 3650 + (k + 1) * 730 END, '', ''
FROM new_file, generate_series(0, 4) k;
INSERT INTO programme_count (cluster_id, file_id, province, product, stage, measure, value, definition, dated, source, is_example, entered_by_id, entered_at)
SELECT %(programme)s, id, province, '', '', m, y * 10, 'ت', %(today)s::date - y * 365, 'م', true, %(officer)s, now()
FROM new_file, generate_series(1, %(years)s) y, unnest(ARRAY['firms', 'workers']) m;

CREATE TEMP TABLE new_paper ON COMMIT DROP AS
SELECT nextval('programme_paper_id_seq') AS id, f.id AS file, k FROM new_file f, generate_series(1, 20) k;
INSERT INTO programme_paper (id, cluster_id, file_id, title) SELECT id, %(programme)s, file, 'مدرک ' || k FROM new_paper;
INSERT INTO programme_paperedition (cluster_id, file_id, paper_id, number, note, name, document, sha256, size, status, prepared_by_id, prepared_at)
SELECT %(programme)s, file, id, e, '', 'x', 'x', md5(id || '-' || e), 1, 'prepared', %(officer)s, %(today)s::date - (20 - k) * 180 - e
FROM new_paper, generate_series(1, 3) e;

INSERT INTO credit_fiscalyear (cluster_id, year, starts_on, ends_on, pays_until)
SELECT %(programme)s, first.year - y, first.starts_on - 365 * y, first.starts_on - 365 * (y - 1) - 1, first.starts_on - 365 * (y - 1) + 120
FROM (SELECT year, starts_on FROM credit_fiscalyear WHERE cluster_id = %(programme)s ORDER BY year LIMIT 1) first,
    generate_series(1, %(years)s - (SELECT count(*)::int FROM credit_fiscalyear WHERE cluster_id = %(programme)s)) y;
INSERT INTO credit_budgetlaw (cluster_id, year_id, number, title, dated, source, at, by_id)
SELECT %(programme)s, y.id, 'T' || y.year, 'قانون بودجه', y.starts_on, 'م', now(), %(officer)s FROM credit_fiscalyear y
WHERE y.cluster_id = %(programme)s AND NOT EXISTS (SELECT FROM credit_budgetlaw l WHERE l.year_id = y.id);
CREATE TEMP TABLE new_activity ON COMMIT DROP AS
SELECT nextval('credit_activity_id_seq') AS id, f.id AS file, f.n, f.province, k FROM new_file f, generate_series(1, 20) k;
INSERT INTO credit_activity (id, cluster_id, file_id, name_fa, name_en, search_key, sort_key, province, code, kind, cost, starts_on, ends_on,
    done_on, indicator, effect, by_id, member_share, other_share, owner)
SELECT id, %(programme)s, file, 'فعالیت ' || k, '', 'فعالیت' || k, lpad(k::text, 9, '0'), province, 'T' || n || '-' || k, 'agent', 1000000000,
    %(today)s::date - 3650 + k * 190, %(today)s::date - 3650 + k * 190 + 150, CASE WHEN k < 19 THEN %(today)s::date - 3650 + k * 190 + 150 END,
    '', '', %(officer)s, 0, 0, 'نمونه' FROM new_activity;
CREATE TEMP TABLE new_line ON COMMIT DROP AS
SELECT nextval('credit_creditline_id_seq') AS id, f.id AS file, f.n, f.province, y.id AS year, y.year AS number, y.starts_on
FROM new_file f, credit_fiscalyear y WHERE y.cluster_id = %(programme)s;
INSERT INTO credit_creditline (id, cluster_id, year_id, file_id, name_fa, name_en, search_key, sort_key, code, province, approved, allocated,
    committed, paid, returned, lapsed, carried)
SELECT id, %(programme)s, year, file, 'ردیف ' || n, '', 'ردیف' || n, lpad(n::text, 9, '0'), 'T' || n, province, 5000000000, 4000000000,
    2000000000, 1500000000, 0, 0, 0 FROM new_line;
CREATE TEMP TABLE new_commitment ON COMMIT DROP AS
SELECT nextval('credit_commitment_id_seq') AS id, l.id AS line, l.starts_on,
    (SELECT id FROM credit_payee WHERE cluster_id = %(programme)s ORDER BY id LIMIT 1) AS payee,
    (SELECT a.id FROM new_activity a WHERE a.file = l.file AND a.k = 1 + l.number %% 20) AS activity FROM new_line l, generate_series(1, 2) k;
INSERT INTO credit_commitment (id, cluster_id, line_id, activity_id, payee_id, payee_name, number, title, amount, member_share, other_share,
    agency_max, "on", committed, paid, carried, by_id, at)
SELECT id, %(programme)s, line, activity, payee, 'x', 'T' || id, 'تعهد', 1000000000, 0, 0, 1000, starts_on + 60, 1000000000, 750000000,
    0, %(officer)s, now() FROM new_commitment;
CREATE TEMP TABLE new_order ON COMMIT DROP AS
SELECT nextval('credit_paymentorder_id_seq') AS id, c.id AS commitment, c.line, c.payee, c.starts_on
FROM new_commitment c, generate_series(1, 2) o;
INSERT INTO credit_paymentorder (id, cluster_id, commitment_id, payee_id, number, kind, gross, recovered, amount, invoice_number, invoice_key,
    invoice_on, status, prepared_by_id, prepared_at, decided_by_id, decided_at, reason)
SELECT id, %(programme)s, commitment, payee, 'T' || id, 'invoice', 375000000, 0, 375000000, id::text, 'T' || id, starts_on + 90, 'paid', %(officer)s,
    now(), %(supervisor)s, now(), '' FROM new_order;
CREATE TEMP TABLE new_movement ON COMMIT DROP AS
SELECT nextval('credit_movement_id_seq') AS id, nextval('ledger_entry_id_seq') AS entry, what.* FROM (
    SELECT id AS line, kind, CASE kind WHEN 'approved' THEN 5000000000 ELSE 4000000000 END AS amount, starts_on + 10 AS "on",
        NULL::bigint AS commitment, NULL::bigint AS "order",
        CASE kind WHEN 'approved' THEN (SELECT min(id) FROM credit_budgetlaw l WHERE l.year_id = year) END AS law FROM new_line, unnest(ARRAY['approved', 'allocated']) kind
    UNION ALL SELECT line, 'committed', 1000000000, starts_on + 60, id, NULL, NULL FROM new_commitment
    UNION ALL SELECT line, 'paid', 375000000, starts_on + 100, commitment, id, NULL FROM new_order
) what;
INSERT INTO ledger_entry (id, cluster_id, rule, source, "on", posted_at, reason, posted_by_id, made_in)
SELECT entry, %(programme)s, 'credit_' || kind, 'credit/T' || id, "on", now(), '', %(officer)s, 1 FROM new_movement;
INSERT INTO ledger_leg (cluster_id, entry_id, account, party, amount, currency)
SELECT %(programme)s, entry, 'credit_' || kind, line::text, amount * sign, 'IRR' FROM new_movement, unnest(ARRAY[1, -1]) sign;
INSERT INTO credit_movement (id, cluster_id, line_id, number, kind, amount, "on", document, reason, at, by_id, entry_id, commitment_id, order_id, law_id)
SELECT id, %(programme)s, line, 'T' || id, kind, amount, "on", 'x', '', now(), %(officer)s, entry, commitment, "order", law FROM new_movement;

INSERT INTO results_target (cluster_id, file_id, indicator_id, baseline, baseline_on, baseline_source, target, target_on, reason, by_id, at)
SELECT %(programme)s, f.id, i.id, 1, %(today)s::date - 3650, 'م', 100, %(today)s::date + 365, '', %(officer)s, now()
FROM new_file f, (SELECT id FROM results_indicator WHERE cluster_id = %(programme)s AND measure = '' ORDER BY id LIMIT 5) i;
INSERT INTO results_value (cluster_id, file_id, indicator_id, first, last, value, origin, source, dated, document, document_name, sha256, reason, by_id, at)
SELECT %(programme)s, f.id, i.id, %(today)s::date - q * 91, %(today)s::date - (q - 1) * 91 - 1, q, 'typed', 'م', %(today)s::date - (q - 1) * 91, 'x', 'x',
    md5(f.id || '-' || q), '', %(officer)s, now()
FROM new_file f, (SELECT id FROM results_indicator WHERE cluster_id = %(programme)s AND measure = '' ORDER BY id LIMIT 5) i, generate_series(1, 4 * %(years)s) q;
CREATE TEMP TABLE new_lock ON COMMIT DROP AS
SELECT nextval('results_lock_id_seq') AS id, f.id AS file, y.year, q, y.starts_on + 91 * (q - 1) AS first, y.starts_on + 91 * q - 1 AS last
FROM new_file f, credit_fiscalyear y, generate_series(1, 4) q WHERE y.cluster_id = %(programme)s AND y.starts_on + 91 * q < %(today)s::date;
INSERT INTO results_lock (id, cluster_id, file_id, first, last, by_id, at) SELECT id, %(programme)s, file, first, last, %(officer)s, now() FROM new_lock;
INSERT INTO results_frozen (cluster_id, file_id, lock_id, indicator_id, value, origin, unit, definition, definition_en, source, as_of)
SELECT %(programme)s, l.file, l.id, i.id, l.id %% 100, 'computed', i.unit, i.definition, i.definition_en, i.source, l.last
FROM new_lock l, (SELECT * FROM results_indicator WHERE cluster_id = %(programme)s ORDER BY id LIMIT 20) i;
INSERT INTO reports_report (cluster_id, file_id, province, kind, year, number, first, last, edition, status, done, obstacles, next_steps, content,
    sha256, by_id, at, submitted_at, confirmed_by_id, confirmed_at, received_by_id, received_at, remark)
SELECT %(programme)s, file, '', 'quarter', year, q, first, last, 1, 'received', 'x', '', '', (SELECT content FROM reports_report WHERE content IS NOT NULL
    AND cluster_id = %(programme)s ORDER BY id LIMIT 1), md5(id::text) || md5(id::text), %(agent)s, now(), now(), %(supervisor)s, now(), %(officer)s, now(), '' FROM new_lock;
CREATE TEMP TABLE new_visit ON COMMIT DROP AS
SELECT nextval('visits_visit_id_seq') AS id, f.id AS file, k, %(today)s::date + 61 - 61 * k AS planned FROM new_file f, generate_series(0, 6 * %(years)s) k;
INSERT INTO visits_visit (id, cluster_id, file_id, supervisor_id, planned_on, purpose, status, visited_on, place, met, found, course, reported_at, reason, by_id, at)
SELECT id, %(programme)s, file, %(supervisor)s, planned, 'بازدید دوره‌ای', CASE WHEN k < 2 THEN 'planned' ELSE 'done' END, CASE WHEN k >= 2 THEN planned END,
    '', 'x', 'x', CASE WHEN k < 2 THEN '' ELSE 'good' END, CASE WHEN k >= 2 THEN now() END, '', %(officer)s, now() FROM new_visit;
INSERT INTO visits_advice (cluster_id, file_id, visit_id, position, text, owner_name, due_on, kept_on, kept_how, kept_by_id)
SELECT %(programme)s, file, id, a, 'توصیه', 'عامل', planned + 30, CASE WHEN k > 2 THEN planned + 20 END, CASE WHEN k > 2 THEN 'شد' ELSE '' END,
    CASE WHEN k > 2 THEN %(agent)s END
FROM new_visit, generate_series(1, 2) a WHERE k >= 2;
CREATE TEMP TABLE new_call ON COMMIT DROP AS
SELECT nextval('tender_call_id_seq') AS id, id AS file, n, k FROM new_file, generate_series(1, 3) k;
INSERT INTO tender_call (id, cluster_id, file_id, number, kind, title, scope, handing_in, price_weight, floor, closes_at, status, published_at, reason, by_id, at)
SELECT id, %(programme)s, file, 'T' || n || '-' || k, 'agent', 'فراخوان', 'x', 'x', 300, 60, %(today)s::date - k * 1000, 'cancelled', %(today)s::date - k * 1000 - 20, 'x',
    %(officer)s, now() FROM new_call;
INSERT INTO tender_criterion (cluster_id, call_id, position, name, weight) SELECT %(programme)s, id, 1, 'x', 1000 FROM new_call;
