"""The portfolio of a nation: 500 clusters and ten years, a fixed number of queries, quick at the database."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kandoo.programme import access
from kandoo.programme.models import Procedure, Stage
from kandoo.programme.queries import portfolio
from kandoo.programme.queries.procedure import all_stages
from kandoo.programme.queries.warnings import warnings
from kandoo.register import places
from kandoo.register.models import Cluster
from tests import nation
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
CLUSTERS, EDITIONS_EACH = 500, 60
MOST_QUERIES = 45  # the frame's own and the page's, however many clusters there are
MOST_SECONDS = 0.3  # at the database, on a machine that does nothing else; told in the report, guarded loosely here

FILL = """
INSERT INTO programme_clusterfile (cluster_id, code, name_fa, name_en, search_key, sort_key, province, county, product,
    procedure_id, stage, stage_since, first_gate, status, agent_name, definition, source, dated, is_example, last_moved_on, opened_by_id)
SELECT %(programme)s, 'T-' || n, 'خوشه ' || n, '', 'خوشه ' || n, lpad(n::text, 9, '0'), (%(provinces)s::text[])[1 + n %% 31], '',
    'محصول ' || n %% 23, %(procedure)s, 'G' || n %% 10, %(today)s::date - (n * 7) %% 3000, 0, 'active', '', 'ت', 'م', %(today)s, true,
    %(today)s::date - (n * 3) %% 200, %(by)s
FROM generate_series(1, %(n)s) n;
INSERT INTO programme_stagemark (cluster_id, file_id, stage, "on")
SELECT f.cluster_id, f.id, 'G' || g, %(today)s::date - 3650 + g * 365
FROM programme_clusterfile f, generate_series(0, 8) g WHERE f.code LIKE 'T-%%';
INSERT INTO programme_paper (cluster_id, file_id, title)
SELECT f.cluster_id, f.id, 'p' FROM programme_clusterfile f WHERE f.code LIKE 'T-%%';
INSERT INTO programme_paperedition (cluster_id, file_id, paper_id, number, note, name, document, sha256, size, status, prepared_by_id, prepared_at)
SELECT p.cluster_id, p.file_id, p.id, n, '', 'x', 'x', p.id || '-' || n, 1, 'prepared', %(by)s, %(now)s::timestamptz - n * interval '50 days'
FROM programme_paper p, generate_series(1, %(each)s) n WHERE p.title = 'p';
INSERT INTO programme_count (cluster_id, file_id, province, product, stage, measure, value, definition, dated, source, is_example, entered_by_id, entered_at)
SELECT f.cluster_id, f.id, f.province, f.product, '', m, n * 10, 'ت', %(today)s::date - n * 365, 'م', true, %(by)s, %(now)s
FROM programme_clusterfile f, generate_series(1, 10) n, unnest(ARRAY['firms', 'workers']) m WHERE f.code LIKE 'T-%%';
ANALYZE;
"""


@pytest.fixture
def large(nation_world: World, as_owner: Callable[[], Any]) -> World:
    """500 clusters of ten years with 30,000 editions of papers and 10,000 figures."""
    with as_owner() as cursor:
        cursor.execute(
            FILL,
            {
                "programme": nation_world.programme.pk,
                "procedure": Procedure.objects.get().pk,
                "provinces": [each.code for each in places.provinces()],
                "today": TODAY,
                "now": NOW,
                "by": nation_world.people["nation"].pk,
                "n": CLUSTERS,
                "each": EDITIONS_EACH,
            },
        )
    return nation_world


@pytest.mark.parametrize("name", ["nation", "province"])
@pytest.mark.parametrize("address", ["portfolio", "files", "warned", "papers", "counts", "conditions"])
def test_a_page_of_the_nation_is_quick_and_asks_a_fixed_number_of_times(large: World, name: str, address: str) -> None:
    client = large.client(name)
    client.get(reverse(f"programme:{address}"))  # what is read once is read
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse(f"programme:{address}")).status_code == 200
    seconds = sum(float(each["time"]) for each in asked.captured_queries)
    print(f"{address} of {name}: {len(asked)} queries, {1000 * seconds:.0f} ms at the database")
    assert len(asked) <= MOST_QUERIES
    assert seconds < 4 * MOST_SECONDS  # other work may share the machine


def test_warnings_name_the_still_the_overdue_the_changed_and_the_leaderless(nation_world: World) -> None:
    with nation_world.as_("nation"):
        seat = nation.seat_of(nation_world, "nation")
        files, stages = access.files_seen_by(seat), all_stages(nation_world.programme)
        honey = nation_world.files["honey"].pk
        kinds = {day: kinds_of(files, stages, TODAY + timedelta(days=day), honey) for day in (0, 10, 91, 400)}
    assert kinds == {
        0: ["agent"],
        10: ["agent", "overdue"],
        91: ["agent", "overdue", "still"],
        400: ["overdue", "still"],
    }


def kinds_of(files: Any, stages: list[Stage], day: date, pk: int) -> list[str]:
    found = warnings(files, stages, day)
    assert set(found) <= {pk}  # those not under way are never warned of
    return sorted(each.kind for each in found[pk])


def test_the_funnel_counts_who_had_reached_a_stage_by_the_end_of_each_year(nation_world: World) -> None:
    with nation_world.as_("nation"):
        seat = nation.seat_of(nation_world, "nation")
        found = portfolio.funnel(access.files_seen_by(seat), all_stages(nation_world.programme), TODAY)
    assert found.years[-1] == 1405
    rows = {stage.code: reached for stage, reached in found.rows}
    assert rows["G0"][-1] == 4 and rows["G2"][-1] == 1 and rows["G3"][-1] == 0
    assert rows["G0"][-2] == 0


def test_a_change_is_told_only_between_figures_of_one_definition_and_source(nation_world: World) -> None:
    from kandoo.programme import actions

    honey = nation_world.files["honey"]
    with nation_world.as_("province"):
        for value, definition, day in (
            (100, "کارگاه", "2024-01-01"),
            (150, "کارگاه", "2025-01-01"),
            (9, "دیگر", "2026-01-01"),
        ):
            terms = actions.CountTerms("workers", value, definition, date.fromisoformat(day), "نامه")
            by, programme = nation_world.people["province"], nation_world.programme
            actions.add_count(by=by, programme=programme, terms=terms, today=TODAY, now=NOW, file=honey)
        seat = nation.seat_of(nation_world, "province")
        (found,) = (each for each in portfolio.compared(access.files_seen_by(seat), TODAY) if each.file.pk == honey.pk)
    assert [round(ratio, 2) for _measure, ratio, _first, _last in found.changes] == [0.5]


def test_a_programme_needs_no_profile(nation_world: World) -> None:
    assert nation_world.programme.kind == Cluster.Kind.PROGRAMME and nation_world.programme.profile == ""
