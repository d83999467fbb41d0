"""What holds of a study and a chain whoever asks: one root, no circle, later levels only, a baseline that never changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kandoo.credit import actions as credit
from kandoo.credit.models import Activity
from kandoo.engine.money import apportion
from kandoo.site.security import acting_as
from kandoo.strategy import actions, laws
from kandoo.strategy.models import Diagnosis, Edge, Node, Problem, Vision
from kandoo.strategy.parts import OF_DIAGNOSIS, PARTS
from kandoo.strategy.queries.rows import Holder, as_typed
from kandoo.strategy.tests.conftest import Stage
from tests import crediting, strategy
from tests.world import NOW, TODAY, World

FROZEN = (
    "strategy_diagnosis",
    "strategy_actor",
    "strategy_actorlink",
    "strategy_chainstage",
    "strategy_swotpoint",
    "strategy_problem",
)


@given(st.lists(st.tuples(st.sampled_from(laws.LEVELS), st.sampled_from(laws.LEVELS)), max_size=30))
def test_steps_to_later_levels_make_no_circle(pairs: list[tuple[str, str]]) -> None:
    kept = [(laws.rank(a), laws.rank(b)) for a, b in pairs if laws.leads_on(a, b)]
    after = laws.along(kept)
    assert all(start not in laws.reached(start, after) for start in range(5))


@given(st.data(), st.integers(1, 12))
def test_a_tree_in_which_each_hangs_on_one_before_has_no_circle(data: st.DataObject, size: int) -> None:
    parents: dict[str, str | None] = {"0": None}
    for place in range(1, size):
        parents[str(place)] = str(data.draw(st.integers(0, place - 1)))
    assert not any(laws.is_circle(code, parents) for code in parents)
    if size > 1:
        child = str(data.draw(st.integers(1, size - 1)))
        below = [code for code in parents if _hangs_on(code, child, parents)]
        assert laws.is_circle(child, parents | {child: data.draw(st.sampled_from(below))})


def _hangs_on(code: str, other: str, parents: dict[str, str | None]) -> bool:
    here: str | None = code
    while here is not None and here != other:
        here = parents[here]
    return here == other


@given(st.sampled_from(("core", "cause", "effect")), st.sampled_from((None, "core", "cause", "effect")))
def test_causes_and_effects_never_mix(side: str, parent: str | None) -> None:
    assert laws.may_hang(side, parent) == ((side, parent) in {
        ("core", None), ("cause", "core"), ("cause", "cause"), ("effect", "core"), ("effect", "effect"),
    })  # fmt: skip


@given(st.integers(1, 10**15), st.integers(0, 1000), st.integers(0, 1000))
def test_who_bears_a_cost_adds_up_to_the_rial(cost: int, member: int, other: int) -> None:
    activity = Activity(cost=cost, member_share=min(member, 1000), other_share=min(other, 1000 - min(member, 1000)))
    assert activity.agency_share + activity.member_share + activity.other_share == 1000
    assert sum(activity.borne.values()) == cost and min(activity.borne.values()) >= 0
    assert activity.borne == apportion(cost, {
        "agency": activity.agency_share, "member": activity.member_share, "other": activity.other_share
    })  # fmt: skip


def refused(person: int | None, statement: str, *values: Any) -> None:
    """The database refuses a statement, whoever gives it."""
    with pytest.raises(DatabaseError), acting_as(person), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount != 0, "nothing was there to refuse"


@pytest.mark.django_db
def test_a_baseline_never_changes_not_even_for_the_owner(stage: Stage, as_owner: Callable[[], Any]) -> None:
    strategy.freeze(stage.world, stage.study, TODAY, NOW)
    with as_owner():
        for table in FROZEN:
            for statement in (f"UPDATE {table} SET cluster_id = cluster_id", f"DELETE FROM {table}"):
                with (
                    pytest.raises(DatabaseError, match="never changes"),
                    transaction.atomic(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute(statement)
    with stage.world.as_("province"), pytest.raises(actions.NotPossible, match="ویرایش"):
        row = stage.study.rows(PARTS["actors"]).first()
        actions.remove_row(by=stage.world.people["province"], holder=stage.study, part=PARTS["actors"], row=row)


@pytest.mark.django_db
def test_a_further_edition_is_a_copy_that_may_change(stage: Stage) -> None:
    world, honey = stage.world, stage.world.files["honey"]
    strategy.freeze(world, stage.study, TODAY, NOW)
    with world.as_("province"):
        by = world.people["province"]
        cause = stage.study.rows(PARTS["problems"]).get(code="P3")
        actions.answer_problem(by=by, problem=cause, activities=list(Activity.objects.filter(code="A2")))
        with pytest.raises(actions.NotPossible):
            actions.open_edition(by=by, file=honey, now=NOW)  # without a reason
        second = Holder(honey, actions.open_edition(by=by, file=honey, now=NOW, reason="سال تازه"))
        for part in OF_DIAGNOSIS:
            before = [as_typed(part, each) for each in stage.study.rows(part)]
            assert [as_typed(part, each) for each in second.rows(part)] == before
        copy = second.rows(PARTS["problems"]).get(code="P3")
        assert copy.pk != cause.pk and [each.activity.code for each in copy.answers.all()] == ["A2"]
        actions.remove_row(
            by=by, holder=second, part=PARTS["problems"], row=second.rows(PARTS["problems"]).get(code="P4")
        )
        assert stage.study.rows(PARTS["problems"]).count() == 4
        with pytest.raises(actions.NotPossible):
            actions.open_edition(by=by, file=honey, now=NOW, reason="باز هم")  # one is open


@pytest.mark.django_db
def test_two_persons_freeze_a_study_and_the_second_is_a_supervisor(stage: Stage) -> None:
    world, diagnosis = stage.world, stage.diagnosis
    with world.as_("province"):
        actions.prepare(by=world.people["province"], diagnosis=diagnosis, now=NOW)
    update = (
        "UPDATE strategy_diagnosis SET status = 'frozen', confirmed_by_id = %s, confirmed_at = now(), baseline_on = current_date"
        " WHERE id = %s"
    )
    for name in ("province", "deputy"):
        refused(world.people[name].pk, update, world.people[name].pk, diagnosis.pk)
    with world.as_("province"), pytest.raises(actions.NotPossible):
        actions.freeze(by=world.people["province"], diagnosis=diagnosis, on=TODAY, now=NOW)
    with world.as_("supervisor"):
        actions.freeze(by=world.people["supervisor"], diagnosis=diagnosis, on=TODAY, now=NOW)
        assert Diagnosis.objects.get().status == "frozen"


@pytest.mark.django_db
def test_after_midnight_the_day_of_a_baseline_is_the_new_day_not_a_day_to_come(stage: Stage) -> None:
    world, after_midnight = stage.world, NOW.replace(hour=21)  # 00:30 in Iran, of the day after TODAY
    with world.as_("province"):
        actions.prepare(by=world.people["province"], diagnosis=stage.diagnosis, now=after_midnight)
    with world.as_("supervisor"):
        supervisor, tomorrow = world.people["supervisor"], TODAY + timedelta(days=1)
        with pytest.raises(actions.NotPossible):
            actions.freeze(by=supervisor, diagnosis=stage.diagnosis, on=TODAY + timedelta(days=2), now=after_midnight)
        actions.freeze(by=supervisor, diagnosis=stage.diagnosis, on=tomorrow, now=after_midnight)
        assert Diagnosis.objects.get().baseline_on == tomorrow


@pytest.mark.django_db
def test_a_study_that_is_not_whole_says_every_reason(funded: World) -> None:
    holder = strategy.begin(funded, funded.files["honey"], NOW)
    assert holder.diagnosis is not None
    with funded.as_("province"), pytest.raises(actions.NotPossible) as caught:
        actions.prepare(by=funded.people["province"], diagnosis=holder.diagnosis, now=NOW)
    assert str(caught.value).count("خالی است") == len(OF_DIAGNOSIS)
    strategy.write(funded, holder, "stages", [
        each | {"explained": ""} for each in strategy.STUDY["stages"]
    ], NOW)  # fmt: skip
    strategy.put(funded, holder, "swot", **strategy.STUDY["swot"][0])
    with funded.as_("province"), pytest.raises(actions.NotPossible) as caught:
        actions.prepare(by=funded.people["province"], diagnosis=holder.diagnosis, now=NOW)
    assert "۱۶۰٬۰۰۰ تومان" in str(caught.value) and "تهدید" in str(caught.value)


@pytest.mark.django_db
def test_a_supervisor_sends_back_and_the_writer_goes_on(stage: Stage) -> None:
    world = stage.world
    with world.as_("province"):
        actions.prepare(by=world.people["province"], diagnosis=stage.diagnosis, now=NOW)
        with pytest.raises(actions.NotPossible):
            actions.remove_row(
                by=world.people["province"], holder=stage.study, part=PARTS["links"],
                row=stage.study.rows(PARTS["links"]).first(),
            )  # fmt: skip
    refused(world.people["province"].pk, "DELETE FROM strategy_actorlink WHERE diagnosis_id = %s", stage.diagnosis.pk)
    with world.as_("supervisor"):
        actions.send_back(by=world.people["supervisor"], diagnosis=stage.diagnosis, remark="خریداران کم‌اند")
    strategy.put(
        world, stage.study, "actors", code="A3", name_fa="خریداران دبی", kind="buyer", members=3, power=3, interest=3
    )


@pytest.mark.django_db
def test_the_database_holds_the_tree(stage: Stage) -> None:
    world = stage.world
    person = world.people["province"].pk
    with world.as_("province"):
        pks = dict(Problem.objects.values_list("code", "pk"))
    refused(person, "UPDATE strategy_problem SET parent_id = %s WHERE id = %s", pks["P3"], pks["P2"])  # a circle
    refused(person, "UPDATE strategy_problem SET parent_id = %s WHERE id = %s", pks["P4"], pks["P2"])  # cause on effect
    refused(person, "UPDATE strategy_problem SET parent_id = NULL WHERE id = %s", pks["P2"])  # a second root
    for values in (
        {"code": "P9", "side": "core", "parent": "", "text_fa": "هستهٔ دوم"},
        {"code": "P9", "side": "cause", "parent": "", "text_fa": "بی‌ریشه"},
        {"code": "P9", "side": "effect", "parent": "P2", "text_fa": "روی علت"},
    ):
        with pytest.raises(actions.NotPossible):
            strategy.put(world, stage.study, "problems", **values)


@pytest.mark.django_db
def test_the_database_holds_the_chain(stage: Stage) -> None:
    world = stage.world
    strategy.freeze(world, stage.study, TODAY, NOW)
    _chain(world)
    person = world.people["province"].pk
    with world.as_("province"):
        pks = dict(Node.objects.values_list("code", "pk"))
        edge = Edge.objects.get(source=pks["N2"])
    refused(
        person, "UPDATE strategy_edge SET source_id = %s, target_id = %s WHERE id = %s", pks["N5"], pks["N2"], edge.pk
    )
    refused(person, "UPDATE strategy_node SET level = 'input' WHERE id = %s", pks["N3"])
    with pytest.raises(actions.NotPossible):
        strategy.put(world, Holder(world.files["honey"]), "edges", source="N4", target="N3")
    with pytest.raises(actions.NotPossible):
        strategy.put(
            world, Holder(world.files["honey"]), "chain", code="N9", level="output", text_fa="x", activity="A1"
        )
    with world.as_("province"):
        vision = Vision.objects.get()
    refused(person, "UPDATE strategy_vision SET text_fa = 'x' WHERE id = %s", vision.pk)


def _chain(world: World) -> None:
    honey = Holder(world.files["honey"])
    with world.as_("province"):
        terms = actions.VisionTerms("چشم‌انداز", "Vision", 1408, TODAY, "شورا")
        actions.set_vision(by=world.people["province"], file=honey.file, terms=terms, now=NOW)
    for code, level in (("N2", "activity"), ("N3", "output"), ("N4", "outcome"), ("N5", "impact")):
        strategy.put(world, honey, "chain", code=code, level=level, text_fa=f"حلقهٔ {code}")
    for source, target in (("N2", "N3"), ("N3", "N4"), ("N4", "N5")):
        strategy.put(world, honey, "edges", source=source, target=target, assumption="فرض")


@pytest.mark.django_db
def test_shares_above_the_rule_are_refused_plainly(funded: World) -> None:
    with pytest.raises(credit.NotPossible) as caught:
        crediting.plan(funded, "A7", "training", member_share=400)
    assert "۶۰٪" in str(caught.value) and "۵۰٪" in str(caught.value)
    with pytest.raises(credit.NotPossible):
        crediting.plan(funded, "A7", "agent", member_share=600, other_share=500)
    made = crediting.plan(funded, "A7", "training", member_share=300, other_share=200)
    assert made.agency_share == 500
    refused(funded.people["province"].pk, "UPDATE credit_activity SET member_share = 900 WHERE id = %s", made.pk)


@pytest.mark.django_db
def test_a_changed_activity_leaves_what_it_was_in_the_trail(funded: World, as_owner: Callable[[], Any]) -> None:
    made = crediting.plan(funded, "A7", "training")
    terms = credit.ActivityTerms(
        "x", made.name_fa, "", "training", made.cost * 2, made.starts_on, made.ends_on, made.indicator, made.effect,
        owner="عامل", member_share=600,
    )  # fmt: skip
    with funded.as_("province"):
        changed = credit.change_activity(by=funded.people["province"], activity=made, terms=terms)
        assert (changed.code, changed.member_share, changed.cost) == ("A7", 600, made.cost * 2)
        bound = Activity.objects.get(code="A2")
        small = credit.ActivityTerms(
            "A2", bound.name_fa, "", "training", 10, bound.starts_on, bound.ends_on, "x", "y", member_share=500
        )
        with pytest.raises(credit.NotPossible):  # a hundred million is committed to it
            credit.change_activity(by=funded.people["province"], activity=bound, terms=small)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT detail -> 'changed' -> 'member_share' FROM site_auditrecord WHERE verb = 'change-activity'"
        )
        assert cursor.fetchall() == [("[500, 600]",)]
