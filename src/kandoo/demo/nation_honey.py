"""The honey's file gate by gate over four years, a cluster in trouble, and the committee's next meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kandoo.demo import nation
from kandoo.programme import actions
from kandoo.programme.models import Body, ClusterFile, Condition, Meeting, PaperEdition, RequiredPaper
from kandoo.programme.models import Stage as Gate
from kandoo.programme.queries.gates import members_on
from kandoo.register.models import Cluster
from kandoo.site.language import format_day

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

# gate, days ago, who decides, what the minutes say
GATES = (
    ("G1", 1290, "committee", "خوشهٔ عسل با بالاترین امتیاز استان در اولویت قرار گرفت."),
    ("G2", 1100, "committee", "گزارش امکان‌سنجی پذیرفته شد، به شرط آن‌که سهم آوردهٔ اعضا نوشته شود."),
    ("G3", 980, "office", "عامل توسعه و ناظر فنی با امتیاز فنی و قیمت برگزیده و قراردادها بسته شد."),
    ("G4", 830, "council", "مطالعهٔ شناختی با اصلاح بخش زنجیرهٔ ارزش پذیرفته شد؛ خط پایه برای سنجش‌های بعد ثابت شد."),
    ("G5", 690, "council", "چشم‌انداز سه‌ساله و برنامهٔ عمل با سهم هزینه‌ها به اجماع پذیرفته شد."),
    ("G6", 45, "committee", "گزارش‌های فصلی و مالی خوانده شد؛ محموله‌های مشترک ادامه یابد."),
)
MINUTES = "حاضران به حد نصاب رسیدند. گزارش عامل خوانده شد. {resolution} نشست بعد پس از گزارش فصلی. (نمونه)"
EXAMPLE = "این سند نمونه است و برای نمایش ساخته شده: {paper}، خوشهٔ {cluster}، {day}."


def file(stage: Stage, programme: Cluster, bodies: Mapping[str, Body]) -> ClusterFile:
    """From identification to implementation: papers through three hands, meetings, a condition that was kept."""
    begun = stage.on(stage.today - timedelta(days=1460))
    with begun.played_by("lorestan") as officer:
        terms = actions.FileTerms(
            name_fa="عسل لرستان", name_en="Honey of Lorestan", province=nation.LORESTAN, product="عسل",
            definition="بیش از هزار زنبورستان در شهرستان‌های همسایه (نمونه)", source="پیمایش نمونه", dated=begun.today,
            is_example=True,
        )  # fmt: skip
        honey = actions.open_file(by=officer, programme=programme, terms=terms, today=begun.today)
        _published(stage, programme, honey)
    council: Body | None = None
    for code, days, kind, resolution in GATES:
        held = stage.on(stage.today - timedelta(days=days))
        if kind == "council" and council is None:
            council = _council(held, programme, honey)
        body = council if kind == "council" and council else bodies[kind]
        _papers(held.on(held.today - timedelta(days=20)), honey, code)
        conditions = []
        if code == "G2":
            due = held.today + timedelta(days=60)
            conditions = [actions.NewCondition("نوشتن سهم آوردهٔ اعضا", "نمونه، کارشناس لرستان", due)]
        pass_gate(held, body, honey, resolution, conditions)
        if code == "G2":
            _keep(held, honey)
        if code == "G3":
            with stage.played_by("lorestan") as officer:
                actions.change_agent(by=officer, file=honey, name="نمونه، عامل خوشه", from_on=held.today)
    return honey


def _published(stage: Stage, programme: Cluster, honey: ClusterFile) -> None:
    """Two sources of two years: what was published of Lorestan's beekeeping."""
    for measure, value, definition, years_back, source in (
        ("firms", 3_600, "زنبورستان‌های استان (۱۴۰۴)", 0, "iribnews.ir 5548716"),
        ("workers", 3_900, "شاغلان زنبورداری استان (۱۴۰۴)", 0, "iribnews.ir 5548716"),
        ("firms", 3_722, "زنبورستان‌های استان (سالی دیگر)", 1, "sarkhat.com 147529572"),
    ):
        dated = stage.today - timedelta(days=60 + 365 * years_back)
        terms = actions.CountTerms(measure, value, definition, dated, source)
        actions.add_count(
            by=stage.people["lorestan"], programme=programme, terms=terms, today=stage.today, now=stage.now, file=honey
        )


def _council(stage: Stage, programme: Cluster, honey: ClusterFile) -> Body:
    with stage.played_by("nation") as by:
        terms = actions.BodyTerms(
            kind="council", name_fa="شورای راهبری خوشهٔ عسل", name_en="Steering council of the honey cluster",
            quorum=3, rule=Body.Rule.CONSENSUS, file=honey,
        )  # fmt: skip
        council = actions.form_body(by=by, programme=programme, terms=terms)
        nation.seat_members(stage, by, council, stage.people["committee"])
    return council


def _papers(stage: Stage, file: ClusterFile, code: str) -> None:
    """The papers still lacking up to a gate: prepared by the deputy, confirmed by the supervisor, approved above."""
    with stage.played_by("nation"):
        gate = Gate.objects.get(procedure=file.procedure_id, code=code)
        stages = Gate.objects.filter(procedure=file.procedure_id, position__range=(file.first_gate, gate.position))
        held = PaperEdition.objects.filter(file=file, status="approved").values("paper__required")
        lacking = list(RequiredPaper.objects.filter(stage__in=stages).exclude(pk__in=held).select_related("stage"))
    for number, paper in enumerate(lacking):
        _approve(stage, bring(stage, file, paper, stage.now + timedelta(minutes=number)), stage.now)


def bring(stage: Stage, file: ClusterFile, paper: RequiredPaper, now: datetime) -> PaperEdition:
    """A short document that says it is an example."""
    day = format_day(stage.today, "fa", style="short")
    words = EXAMPLE.format(paper=paper.name_fa, cluster=file.name_fa, day=day)
    with stage.played_by("deputy"):
        return actions.bring_paper(
            seat=nation.seat_of(stage, "deputy"),
            file=file,
            required=paper,
            name=f"{paper.code}.txt",
            content=words.encode(),
            now=now,
        )


def _approve(stage: Stage, edition: PaperEdition, now: datetime) -> None:
    with stage.played_by("supervisor"):
        actions.confirm_edition(seat=nation.seat_of(stage, "supervisor"), edition=edition, now=now + timedelta(days=3))
    with stage.played_by("nation"):
        actions.approve_edition(seat=nation.seat_of(stage, "nation"), edition=edition, now=now + timedelta(days=6))


def pass_gate(
    stage: Stage, body: Body, file: ClusterFile, resolution: str, conditions: list[actions.NewCondition]
) -> Meeting:
    """A meeting of one gate: all present, all in favour, closed with its minutes."""
    with stage.played_by("committee"):
        seat = nation.seat_of(stage, "committee")
        meeting = actions.call_meeting(seat=seat, body=body, on=stage.today, files=[file], today=stage.today)
        present = members_on(body, stage.today)
        actions.hold_meeting(seat=seat, meeting=meeting, present=present, today=stage.today)
        actions.decide(
            seat=seat,
            item=meeting.agenda.get(),
            outcome="conditional" if conditions else "passed",
            votes=actions.Votes(len(present)),
            resolution=resolution,
            conditions=conditions,
            today=stage.today,
            now=stage.now,
        )
        return actions.close_meeting(
            seat=seat, meeting=meeting, minutes=MINUTES.format(resolution=resolution), today=stage.today
        )


def _keep(stage: Stage, file: ClusterFile) -> None:
    later = stage.on(stage.today + timedelta(days=40))
    with later.played_by("lorestan"):
        actions.keep_condition(
            seat=nation.seat_of(later, "lorestan"),
            condition=Condition.objects.get(file=file, kept_on=None),
            evidence="صورت‌جلسهٔ مجمع اعضا (نمونه)",
            on=later.today,
            today=later.today,
        )


def trouble(stage: Stage, committee: Body, file: ClusterFile) -> None:
    """A cluster whose condition is overdue, whose agent left and whose papers lie still."""
    held = stage.on(stage.today - timedelta(days=230))
    _papers(held.on(held.today - timedelta(days=20)), file, "G2")
    condition = actions.NewCondition(
        "پیوستن دست‌کم بیست بافنده", "نمونه، کارشناس لرستان", held.today + timedelta(days=90)
    )
    pass_gate(held, committee, file, "پذیرفته شد، به شرط پیوستن بافندگان.", [condition])
    with stage.played_by("lorestan") as officer:
        first, second = held.today - timedelta(days=30), stage.today - timedelta(days=150)
        actions.change_agent(by=officer, file=file, name="نمونه، عامل پیشین گلیم", from_on=first)
        actions.change_agent(
            by=officer, file=file, name="نمونه، عامل گلیم", from_on=second,
            reason="قرارداد پایان یافت (نمونه)", handed_over="فهرست بافندگان\nصورت‌جلسه‌ها\nقراردادهای فروش",
        )  # fmt: skip


def next_meeting(stage: Stage, committee: Body, file: ClusterFile) -> None:
    """The committee sits today on the feasibility of a cluster whose papers are all approved; one more waits."""
    _papers(stage.on(stage.today - timedelta(days=15)), file, "G2")
    with stage.played_by("committee"):
        actions.call_meeting(
            seat=nation.seat_of(stage, "committee"),
            body=committee,
            on=stage.today,
            files=[file],
            today=stage.today,
            place="خرم‌آباد (نمونه)",
        )
    with stage.played_by("nation"):
        running = Gate.objects.get(procedure=file.procedure_id, code="G3")
        waiting = RequiredPaper.objects.filter(stage=running).first()
    assert waiting is not None
    bring(stage, file, waiting, stage.now)
