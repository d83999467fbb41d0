"""The programme's pages with 500 clusters of ten years: how long the database works for each.

bin/bench portfolio [--clusters 500] [--years 10]

A site of its own with the demo is filled twice, with a tenth of the clusters and with all of them, and every page is read
as an officer of the nation, then of one province, through the application's role and its row-level security. Milliseconds
are those of all statements of a page together, from sending to the last row, quicker of two readings; `grows` is how
much longer the same page takes with all clusters than with the tenth.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

FILL = (Path(__file__).parent / "portfolio.sql").read_text(encoding="utf-8")
ROWS = (
    "programme_paperedition",
    "credit_movement",
    "results_value",
    "results_frozen",
    "reports_report",
    "visits_visit",
)
PAGES = (
    "/programme/", "/programme/clusters/", "/programme/warnings/", "/programme/compare/", "/programme/papers/",
    "/programme/meetings/", "/programme/conditions/", "/programme/counts/", "/programme/selection/", "/programme/clusters/{file}/",
    "/credit/", "/credit/orders/", "/credit/contracts/", "/credit/activities/", "/results/", "/results/files/{file}/", "/strategy/",
    "/reports/", "/reports/files/{file}/", "/visits/", "/visits/files/{file}/", "/tender/", "/maturity/", "/open/",
    "/open/clusters.csv", "/open/budget.csv", "/open/results.csv", "/open/calls.csv",
)  # fmt: skip


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench portfolio", description=__doc__)
    parser.add_argument("--clusters", type=int, default=500)
    parser.add_argument("--years", type=int, default=10)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        os.environ.update(KANDOO_DATA=folder, DJANGO_SETTINGS_MODULE="kandoo.site.settings")
        os.environ.pop("DATABASE_URL", None)
        from kandoo.site.database import embedded, preparation
        from kandoo.site.running import steps

        server = embedded.Server(Path(folder), dies_with_parent=True)
        server.start()
        try:
            preparation.prepare_embedded(server)
            subprocess.run(
                [sys.executable, "-P", "-m", steps.__name__, "--demo"], check=True, stdout=subprocess.DEVNULL
            )
            _compare(server, options.clusters, options.years)
        finally:
            server.stop()


def _compare(server: Any, clusters: int, years: int) -> None:
    import django

    django.setup()
    tenth = clusters // 10
    _fill(server, 1, tenth, years)
    few = {who: _read(who) for who in ("nation", "lorestan")}
    _fill(server, tenth + 1, clusters, years)
    print(f"\n## The programme's pages, {clusters} clusters, {years} years\n")
    with server.connect(database="kandoo") as connection:
        counted = [(name, connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in ROWS]
    print("Rows: " + ", ".join(f"{name} {number:,}" for name, number in counted) + ".\n")
    for who in few:
        print(f"| page, read by {who} | statements | ms at the database | grows |\n| --- | ---: | ---: | ---: |")
        many = _read(who)
        for page, (statements, seconds) in many.items():
            print(f"| `{page}` | {statements} | {1000 * seconds:.0f} | {seconds / max(few[who][page][1], 1e-4):.1f} |")
        slowest = max(seconds for page, (_statements, seconds) in many.items() if page.endswith("/"))
        print(
            f"\nThe slowest page takes {1000 * slowest:.0f} ms; files of open data hold the whole nation.\n", flush=True
        )


def _fill(server: Any, first: int, last: int, years: int) -> None:
    """Clusters numbered from first to last, in the 31 provinces in turn."""
    from kandoo.register import places

    with server.connect(database="kandoo") as connection:
        asked = _names(connection) | {"first": first, "last": last, "years": years, "today": date.today()}
        asked["provinces"] = [each.code for each in places.provinces()]
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            psycopg.ClientCursor(connection).execute(FILL, asked)
        connection.execute("ANALYZE")


def _names(connection: Any) -> dict[str, Any]:
    """Of the demo's programme."""

    def one(text: str) -> Any:
        return connection.execute(text).fetchone()[0]

    return {
        "programme": one("SELECT cluster_id FROM programme_clusterfile ORDER BY id LIMIT 1"),
        "procedure": one("SELECT procedure_id FROM programme_clusterfile ORDER BY id LIMIT 1"),
        "officer": one("SELECT opened_by_id FROM programme_clusterfile WHERE province = 'IR-15' ORDER BY id LIMIT 1"),
        "agent": one("SELECT by_id FROM reports_report WHERE file_id IS NOT NULL ORDER BY id LIMIT 1"),
        "supervisor": one("SELECT supervisor_id FROM visits_visit ORDER BY id LIMIT 1"),
    }


def _read(who: str) -> dict[str, tuple[int, float]]:
    """(statements, seconds) of each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from kandoo.demo import logins

    username, password = next((name, word) for role, name, word in logins() if role == who)
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/account/login/", {"login": username, "password": password})
    file = _file_of(client)
    found = {}
    for page in PAGES:
        address = page.format(file=file)
        best = (0, float("inf"))
        for _again in range(3):  # the first reading compiles templates
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address, follow=True)
                _whole(answer)
            if answer.status_code != 200:
                raise SystemExit(f"{address}, read by {who}: {answer.status_code}")
            best = min(
                best,
                (len(asked), sum(float(each["time"]) for each in asked.captured_queries)),
                key=lambda each: each[1],
            )
        found[page] = best
    return found


def _whole(answer: Any) -> None:
    """Streamed answers ask the database while they are sent."""
    if answer.streaming:
        for _part in answer.streaming_content:
            pass


def _file_of(client: Any) -> int:
    """A cluster that was filled in, from the list of clusters."""
    import re

    text = client.get("/programme/clusters/?q=خوشه&stage=G6").content.decode()
    numbers = re.findall(r"/programme/clusters/(\d+)/", text)
    return int(max(numbers, key=int))
