"""Diagnosis and plan in the small world: honey's study confirmed, its vision, objectives and a short results chain."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kandoo.credit.models import Activity
from kandoo.programme.models import ClusterFile
from kandoo.results.models import Indicator
from kandoo.strategy import actions
from kandoo.strategy.models import Diagnosis
from kandoo.strategy.part_files import Row
from kandoo.strategy.parts import PARTS
from kandoo.strategy.queries.rows import Holder

if TYPE_CHECKING:
    from tests.world import World

SOURCE = "کارگاه نمونه"
STUDY: dict[str, list[dict[str, Any]]] = {
    "actors": [
        {"code": "A1", "name_fa": "زنبورداران", "name_en": "Beekeepers", "kind": "firm", "members": 3600, "power": 2, "interest": 5},
        {"code": "A2", "name_fa": "بسته‌بندان", "name_en": "Packers", "kind": "buyer", "members": 12, "power": 5, "interest": 2},
    ],
    "links": [{"source": "A1", "kind": "sells", "target": "A2", "note": ""}],
    "stages": [
        {"code": "S1", "position": 1, "name_fa": "زنبورداری", "name_en": "Beekeeping", "firms": 3600, "price_in": 400_000, "price_out": 1_500_000, "volume": 4_000_000, "inside": 900, "explained": ""},
        {"code": "S2", "position": 2, "name_fa": "بسته‌بندی", "name_en": "Packing", "firms": 12, "price_in": 1_600_000, "price_out": 2_400_000, "volume": 500_000, "inside": 300, "explained": "هزینهٔ حمل تا کارگاه"},
    ],
    "swot": [
        {"code": f"W{place}", "quadrant": quadrant, "text_fa": f"نکتهٔ {place}", "text_en": f"Point {place}", "evidence": SOURCE, "weight": place}
        for place, quadrant in enumerate(("strength", "weakness", "opportunity", "threat"), start=1)
    ],
    "problems": [
        {"code": "P1", "side": "core", "parent": None, "text_fa": "درآمد کم از عسل", "text_en": "Low income from honey"},
        {"code": "P2", "side": "cause", "parent": "P1", "text_fa": "فروش فله", "text_en": "Sold in bulk"},
        {"code": "P3", "side": "cause", "parent": "P2", "text_fa": "نبود آزمون", "text_en": "No tests"},
        {"code": "P4", "side": "effect", "parent": "P1", "text_fa": "رفتن جوانان", "text_en": "The young leave"},
    ],
}  # fmt: skip
COMMON: dict[str, dict[str, Any]] = {
    "actors": {"role": "تولید یا خرید", "source": SOURCE},
    "stages": {"unit": "کیلوگرم", "source": SOURCE, "dated": date(2026, 4, 1)},
    "problems": {"evidence": SOURCE},
}


def row_values(code: str, values: dict[str, Any]) -> dict[str, Any]:
    """A row of a part with what is the same for all of its rows."""
    return COMMON.get(code, {}) | values


def write(
    world: World, holder: Holder, code: str, rows: list[dict[str, Any]], now: datetime, *, by: str = "province"
) -> int:
    """Rows of a part as a table brings them."""
    read = [Row(line, row_values(code, values)) for line, values in enumerate(rows, start=2)]
    with world.as_(by):
        return actions.import_rows(
            by=world.people[by], holder=holder, part=PARTS[code], rows=read, name=f"{code}.csv",
            sha256=f"{code:0<64}", now=now,
        )  # fmt: skip


def begin(world: World, file: ClusterFile, now: datetime, *, by: str = "province") -> Holder:
    """A study with nothing in it."""
    with world.as_(by):
        return Holder(file, actions.open_edition(by=world.people[by], file=file, now=now))


def study(world: World, file: ClusterFile, now: datetime, *, by: str = "province") -> Holder:
    """A whole study, still being written."""
    holder = begin(world, file, now, by=by)
    for code, rows in STUDY.items():
        write(world, holder, code, rows, now, by=by)
    return holder


def freeze(world: World, holder: Holder, on: date, now: datetime) -> Diagnosis:
    """Prepared by the officer, confirmed by the supervisor."""
    assert holder.diagnosis is not None
    with world.as_("province"):
        actions.prepare(by=world.people["province"], diagnosis=holder.diagnosis, now=now)
    with world.as_("supervisor"):
        actions.freeze(by=world.people["supervisor"], diagnosis=holder.diagnosis, on=on, now=now)
        return Diagnosis.objects.get(pk=holder.diagnosis.pk)


def put(world: World, holder: Holder, of: str, /, *, by: str = "province", **values: Any) -> Any:
    """One row as a form brings it; other rows by their code."""
    part = PARTS[of]
    with world.as_(by):
        given = dict.fromkeys((each.name for each in part.columns), "") | row_values(of, values)
        for column in part.columns:
            if column.kind in ("row", "indicator", "activity"):
                wanted = given[column.name]
                given[column.name] = holder.choices(column).get(code=wanted) if wanted else None
        return actions.write_row(by=world.people[by], holder=holder, part=part, values=given)


def plan_strategy(world: World, now: datetime, today: date) -> None:
    """At least one row of every table of strategy: honey whole, saffron of another province a study begun."""
    honey = world.files["honey"]
    holder = study(world, honey, now)
    freeze(world, holder, today, now)
    plan = Holder(honey)
    with world.as_("province"):
        by = world.people["province"]
        terms = actions.VisionTerms(
            "عسل لرستان در بازار جهان", "Lorestan's honey in the world's markets", 1408, today, "شورای راهبری"
        )
        actions.set_vision(by=by, file=honey, terms=terms, now=now)
        activities = {each.code: each for each in Activity.objects.filter(file=honey)}
        indicator = Indicator.objects.filter(cluster=honey.cluster_id, level="outcome").order_by("code").first()
    code = indicator.code if indicator else ""
    put(world, plan, "objectives", code="O1", name_fa="صادرات مشترک", name_en="Joint exports", indicator=code)
    put(
        world,
        plan,
        "chain",
        code="N1",
        level="input",
        text_fa="اعتبار و زمان عامل",
        text_en="Credit and the agent's time",
    )
    put(world, plan, "chain", code="N2", level="activity", text_fa="آموزش پرهیز", text_en="Training", activity="A2")
    put(world, plan, "chain", code="N3", level="output", text_fa="زنبورداران آموزش‌دیده", text_en="Trained beekeepers")
    put(
        world,
        plan,
        "chain",
        code="N4",
        level="outcome",
        text_fa="بهرهای بی‌باقی‌مانده",
        text_en="Clean batches",
        indicator=code,
    )
    put(world, plan, "chain", code="N5", level="impact", text_fa="درآمد بیشتر خانوار", text_en="More income")
    for source, target in (("N1", "N2"), ("N2", "N3"), ("N3", "N4"), ("N4", "N5")):
        put(world, plan, "edges", source=source, target=target, assumption="اعضا می‌آیند", risk="خشکسالی")
    with world.as_("province"):
        objective = plan.rows(PARTS["objectives"]).get()
        actions.serve_objective(by=by, objective=objective, activities=[activities["A2"]])
        cause = holder.rows(PARTS["problems"]).get(code="P3")
        actions.answer_problem(by=by, problem=cause, activities=[activities["A2"]])
    begin(world, world.files["saffron"], now, by="elsewhere")
