"""The names of those who work on the programme's files."""

from django.db import connection
from django.utils.translation import get_language


def names(programme_id: int) -> dict[int, str]:
    """Names by the person's number, in the language of the page; people's records stay unread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name_fa, name_en FROM kandoo_programme_people(%s)", [programme_id])
        rows = cursor.fetchall()
    english = (get_language() or "fa").startswith("en")
    return {pk: (name_en or name_fa) if english else (name_fa or name_en) for pk, name_fa, name_en in rows}


def people_for(programme_id: int, province: str, *roles: str) -> list[int]:
    """Those who hold one of these roles today for a province or the nation; told of things they may read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kandoo_people_for(%s, %s, %s)", [programme_id, province, list(roles)])
        return [row[0] for row in cursor.fetchall()]


def officered(programme_id: int) -> set[str]:
    """The provinces that have an officer of their own today; of the others the nation's officers take care."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(kandoo_officered())")
        places = (row[0].split(":") for row in cursor.fetchall())
        return {province for programme, province in places if int(programme) == programme_id}
