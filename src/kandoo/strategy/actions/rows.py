"""The only writer of parts: a row written, taken away, or a whole table read in. The trail keeps what changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from kandoo.register.models import Person
from kandoo.site import audit
from kandoo.strategy import laws, part_files
from kandoo.strategy.models import Diagnosis, ImportedPart, Level, Node, Problem
from kandoo.strategy.parts import EDGES, LINKS, NODES, PROBLEMS, STAGES, Part
from kandoo.strategy.problems import Fault, Faulty, NotPossible
from kandoo.strategy.queries.rows import Holder, as_typed

Values = dict[str, Any]


@transaction.atomic
def write_row(*, by: Person, holder: Holder, part: Part, values: Values, row: Any = None) -> Any:
    """Write a row, or change the given one.

    Raises NotPossible where the edition is no longer being written, the row is there already, or a law of the part
    (tree, chain, levels) would be broken.
    """
    lock(holder)
    written = _write(by, holder, part, values, row)
    _check_whole(holder, part)
    return written


@transaction.atomic
def remove_row(*, by: Person, holder: Holder, part: Part, row: Any) -> None:
    """Take a row away, as long as nothing hangs on it."""
    lock(holder)
    subject, held = _subject(part, row), _plain(as_typed(part, row))
    try:
        row.delete()
    except ProtectedError:
        raise NotPossible(_("Something else here hangs on it. Take that away first.")) from None
    note(by, holder, "remove-strategy", subject, part=part.code, held=held)


@transaction.atomic
def import_rows(
    *, by: Person, holder: Holder, part: Part, rows: Sequence[part_files.Row], name: str, sha256: str, now: datetime
) -> int:
    """Write the rows of a table: known keys are changed, others added, nothing is taken away.

    Raises Faulty with every fault by its row, or NotPossible when this very table was read before; then nothing is written.
    """
    lock(holder)
    place = {"file": holder.file, "diagnosis": None if part.of_plan else holder.diagnosis}
    if ImportedPart.objects.filter(**place, part=part.code, sha256=sha256).exists():
        raise NotPossible(_("This very file was read before. Nothing was written."))
    faults: list[Fault] = []
    for row in _in_order(part, rows):
        try:
            values = {column: _resolved(holder, part, column, value) for column, value in row.values.items()}
            _write(by, holder, part, values, holder.row_of_key(part, values), in_trail=False)
        except NotPossible as problem:
            faults.append(Fault(row.line, _label(part, problem.field or part.key[0]), str(problem)))
    if faults:
        raise Faulty(faults)
    _check_whole(holder, part)
    ImportedPart.objects.create(
        cluster_id=holder.file.cluster_id, **place, part=part.code, name=name[-200:], sha256=sha256, rows=len(rows),
        by=by, at=now,
    )  # fmt: skip
    note(by, holder, "import-strategy", f"cluster-file/{holder.file.pk}", part=part.code, rows=len(rows), sha256=sha256)
    return len(rows)


def lock(holder: Holder) -> None:
    """Take the edition for this transaction; refuse when it is no longer being written."""
    if holder.diagnosis is None:
        return
    held = Diagnosis.objects.select_for_update(of=("self",)).get(pk=holder.diagnosis.pk)
    if held.status != Diagnosis.Status.DRAFT:
        raise NotPossible(_("This edition of the study is no longer being written; begin a further edition."))


def note(by: Person, holder: Holder, verb: str, subject: str, **detail: Any) -> None:
    """A line in the trail of the programme."""
    file = holder.file
    audit.record(by=by, cluster_id=file.cluster_id, verb=verb, subject=subject, province=file.province, **detail)


def _subject(part: Part, row: Any) -> str:
    return f"strategy-{part.code}/{row.pk}"


def _in_order(part: Part, rows: Sequence[part_files.Row]) -> list[part_files.Row]:
    """Rows of a tree with each after the one it hangs on, as far as that stands in the table."""
    if part is not PROBLEMS:
        return list(rows)
    parents = {row.values["code"]: part_files.code_of(row.values["parent"] or "") for row in rows}

    def depth(code: str) -> int:
        steps = 0
        while (code := parents.get(code, "")) and steps <= len(parents):
            steps += 1
        return steps

    return sorted(rows, key=lambda row: depth(row.values["code"]))


def _label(part: Part, field: str) -> str:
    return next((str(each.label) for each in part.columns if each.name == field), "")


def _resolved(holder: Holder, part: Part, name: str, value: Any) -> Any:
    """A row named by its code, as the row."""
    column = next(each for each in part.columns if each.name == name)
    if column.kind != "row" or not isinstance(value, str) or not value:
        return value
    found = holder.choices(column).filter(code=value).first()
    if found is None:
        raise NotPossible(_("There is nothing with the code “%(name)s” here.") % {"name": value}, name)
    return found


def _write(by: Person, holder: Holder, part: Part, values: Values, row: Any, *, in_trail: bool = True) -> Any:
    same = holder.row_of_key(part, values)
    if same is not None and (row is None or same.pk != row.pk):
        raise NotPossible(_("This is there already: %(row)s.") % {"row": same})
    _check_laws(holder, part, values, row)
    before = _plain(as_typed(part, row)) if row is not None else {}
    row = row if row is not None else part.model(**holder.place(part))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    after = _plain(as_typed(part, row))
    if in_trail and after != before:
        changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
        note(by, holder, "write-strategy", _subject(part, row), part=part.code, changed=changed)
    return row


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _check_laws(holder: Holder, part: Part, values: Values, row: Any) -> None:
    for name in part.fixed:
        if row is not None and getattr(row, name) != values[name]:
            label = next(each.label for each in part.columns if each.name == name)
            raise NotPossible(
                _("“%(field)s” stays as it was written; take the row away and write it anew.") % {"field": label}, name
            )
    if part is LINKS and values["source"] == values["target"]:
        raise NotPossible(_("An actor has no link to itself."), "target")
    if part is PROBLEMS:
        _check_tree(holder, values, row)
    if part is NODES:
        _check_node(values, row)
    if part is EDGES and not laws.leads_on(values["source"].level, values["target"].level):
        raise NotPossible(_("A step leads to a later level: input, activity, output, outcome, impact."), "target")


def _check_tree(holder: Holder, values: Values, row: Problem | None) -> None:
    side, parent = values["side"], values["parent"]
    if not laws.may_hang(side, parent.side if parent else None):
        raise NotPossible(
            _("The core problem hangs on nothing; a cause on the core or a cause, an effect on the core or an effect."),
            "parent",
        )
    others = holder.rows(PROBLEMS).filter(side=Problem.Side.CORE)
    if side == Problem.Side.CORE and any(row is None or each.pk != row.pk for each in others):
        raise NotPossible(_("There is one core problem; this tree has it already."), "side")
    parents: dict[str, str | None] = dict(holder.rows(PROBLEMS).values_list("code", "parent__code"))
    parents[row.code if row else values["code"]] = parent.code if parent else None
    if row is not None and laws.is_circle(row.code, parents):
        raise NotPossible(_("A problem does not hang on what hangs on it."), "parent")


def _check_node(values: Values, row: Node | None) -> None:
    activity = values["activity"]
    if activity is None:
        return
    if values["level"] != Level.ACTIVITY:
        raise NotPossible(_("An activity of the plan stands at the level of activities."), "activity")
    held = Node.objects.filter(activity=activity).first()
    if held is not None and (row is None or held.pk != row.pk):
        raise NotPossible(_("This activity stands in the chain already."), "activity")


def _check_whole(holder: Holder, part: Part) -> None:
    """What can only be said when all rows of a table are there."""
    if part is STAGES:
        places = list(holder.rows(STAGES).values_list("position", flat=True))
        if len(set(places)) < len(places):
            raise NotPossible(_("Two stages have the same place in the chain."))
