"""Running numbers within a cluster, never given twice and never telling who else has taken one."""

from django.db import connection


def next_code(cluster_id: int, series: str) -> str:
    """The next code of a series: "B-1405" gives "B-1405-0001", then "B-1405-0002"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kandoo_next_number(%s, %s)", [cluster_id, series])
        (number,) = cursor.fetchone()
    return f"{series}-{number:04d}"
