"""The programme beside the small world: officers of the nation and of two provinces, supervisor, committee.

The honey of the first cluster has its file, at the gate of feasibility with papers and a meeting that passed
it on a condition; stone is scored and waits; a file of another province is nobody's here to read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kandoo.programme import actions
from kandoo.programme.models import AgendaItem, Body, BodyMember, ClusterFile, PaperEdition, RequiredPaper, Stage
from kandoo.programme.queries.gates import members_on
from kandoo.register import actions as register
from kandoo.register.access import Seat, seats_of

if TYPE_CHECKING:
    from tests.world import World

PASSWORD = "sarv-o-chenar-1405"
CAST = {
    "province": ("officer", "IR-15"),
    "deputy": ("officer", "IR-15"),
    "elsewhere": ("officer", "IR-10"),
    "supervisor": ("supervisor", "IR-15"),
    "chair": ("committee", "IR-15"),
    "voter": ("committee", "IR-15"),
    "nation2": ("officer", ""),
    "inspector": ("auditor", ""),
    "examiner": ("auditor", "IR-15"),
    "treasurer": ("controller", ""),
    "bursar": ("controller", "IR-15"),
}
WEIGHTS = (("تمرکز بنگاه‌ها", 40), ("صادرات", 35), ("همکاری", 25))


def found_nation(world: World, as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    """The programme, its procedure and its people; nothing on file yet."""
    with as_owner():
        world.programme, world.people["nation"] = actions.found_programme(
            code="nation",
            name_fa="برنامه آزمایشی",
            name_en="Test programme",
            officer_username="nation",
            officer_password=PASSWORD,
            officer_name_fa="شخص nation",
            officer_name_en="Person nation",
            started_on=date(2024, 1, 1),
        )
    with world.as_("nation"):
        for name, (role, province) in CAST.items():
            world.people[name] = register.add_person(
                by=world.people["nation"],
                cluster=world.programme,
                username=name,
                password=PASSWORD,
                name_fa=f"شخص {name}",
                role=role,
                province=province,
                from_on=date(2025, 1, 1),
            )


def seat_of(world: World, name: str) -> Seat:
    """The seat of one of the cast; to be asked for as that person."""
    return seats_of(world.people[name])[0]


def terms(name: str, product: str, province: str = "IR-15", **more: Any) -> actions.FileTerms:
    """A cluster as somebody writes it down."""
    usual: dict[str, Any] = {"definition": "تمرکز بیش از ۲۰ بنگاه", "source": "پیمایش نمونه", "dated": date(2026, 4, 1)}
    return actions.FileTerms(name_fa=name, province=province, product=product, **(usual | more))


def open_file(world: World, by: str, given: actions.FileTerms, today: date) -> ClusterFile:
    """A file begun by an officer."""
    with world.as_(by):
        return actions.open_file(by=world.people[by], programme=world.programme, terms=given, today=today)


def approve_papers(world: World, file: ClusterFile, papers: Sequence[RequiredPaper], now: datetime) -> None:
    """Bring papers and take them through the chain: deputy, supervisor, officer of the nation."""
    for paper in papers:
        content = f"%PDF-1.4 {file.pk} {paper.stage_id} {paper.code}".encode()
        with world.as_("deputy"):
            edition = actions.bring_paper(
                seat=seat_of(world, "deputy"),
                file=file,
                required=paper,
                name=f"{paper.code}.pdf",
                content=content,
                now=now,
            )
        confirm_and_approve(world, edition, now)


def confirm_and_approve(world: World, edition: PaperEdition, now: datetime) -> None:
    """The second and the third person."""
    with world.as_("supervisor"):
        actions.confirm_edition(seat=seat_of(world, "supervisor"), edition=edition, now=now)
    with world.as_("nation"):
        actions.approve_edition(seat=seat_of(world, "nation"), edition=edition, now=now)


def papers_up_to(world: World, file: ClusterFile, code: str) -> list[RequiredPaper]:
    """The papers of every gate up to one."""
    with world.as_("nation"):
        gate = Stage.objects.get(procedure=file.procedure_id, code=code)
        stages = Stage.objects.filter(procedure=file.procedure_id, position__lte=gate.position)
        return list(RequiredPaper.objects.filter(stage__in=stages).select_related("stage"))


def form_body(world: World, kind: str, *, file: ClusterFile | None = None, rule: str = "vote", quorum: int = 2) -> Body:
    """A body of Lorestan led by `chair`, with two further votes."""
    with world.as_("nation"):
        by = world.people["nation"]
        wanted = actions.BodyTerms(
            kind=kind,
            name_fa=f"هیئت {kind}",
            name_en=f"Body {kind}",
            quorum=quorum,
            rule=rule,
            province="" if kind == "nation" else "IR-15",
            file=file,
        )
        body = actions.form_body(by=by, programme=world.programme, terms=wanted)
        since = date(2025, 1, 1)
        lead = "nation" if kind == "nation" else "chair"
        post = BodyMember.Post.CHAIR
        actions.seat_member(by=by, body=body, name="رئیس", from_on=since, post=post, person=world.people[lead])
        actions.seat_member(by=by, body=body, name="عضو", from_on=since, person=world.people["voter"])
        actions.seat_member(by=by, body=body, name="مهمان صاحب رأی", from_on=since)
    return body


def pass_gate(
    world: World, body: Body, file: ClusterFile, today: date, now: datetime, *, outcome: str = "passed", **more: Any
) -> None:
    """Call the body for the file's next gate, all present, all in favour, minutes written."""
    lead = "nation" if body.kind == "nation" else "chair"
    with world.as_(lead):
        seat = seat_of(world, lead)
        meeting = actions.call_meeting(seat=seat, body=body, on=today, files=[file], today=today)
        members = members_on(body, today)
        actions.hold_meeting(seat=seat, meeting=meeting, present=members, today=today)
    if lead == "chair":
        with world.as_("voter"):
            item = AgendaItem.objects.select_related("meeting__body", "stage").get(meeting=meeting)
            actions.cast_ballot(seat=seat_of(world, "voter"), item=item, choice="yes", now=now)
    with world.as_(lead):
        actions.decide(
            seat=seat,
            item=meeting.agenda.get(),
            outcome=outcome,
            votes=actions.Votes(len(members)),
            resolution="موافقت شد.",
            today=today,
            now=now,
            **more,
        )
        actions.close_meeting(seat=seat, meeting=meeting, minutes="نشست برگزار شد.", today=today)


def build_nation(world: World, as_owner: Callable[[], AbstractContextManager[Any]], now: datetime, today: date) -> None:
    """At least one row of every table of the programme."""
    found_nation(world, as_owner)
    honey = world.files["honey"] = open_file(world, "province", terms("عسل لرستان", "عسل"), today)
    world.files["stone"] = open_file(world, "province", terms("سنگ ازنا", "سنگ", name_en="Stone of Azna"), today)
    world.files["saffron"] = open_file(world, "elsewhere", terms("زعفران نمونه", "زعفران", "IR-10"), today)
    officer = world.people["province"]
    with world.as_("province"):
        actions.link_tenant(by=officer, file=honey, code=world.cluster.code)
        actions.change_agent(by=officer, file=honey, name="عامل پیشین", from_on=date(2026, 5, 1))
        actions.change_agent(
            by=officer,
            file=honey,
            name="عامل عسل",
            from_on=date(2026, 6, 1),
            reason="استعفا",
            handed_over="فهرست اعضا",
        )
        count = actions.CountTerms("firms", 3_600, "زنبورستان‌های ثبت‌شده", date(2026, 3, 1), "خبر نمونه")
        actions.add_count(by=officer, programme=world.programme, terms=count, today=today, now=now, file=honey)
        listed = actions.CountTerms("clusters", 13, "خوشه‌های فهرست‌شده", date(2014, 3, 20), "خبر", province="IR-15")
        actions.add_count(by=officer, programme=world.programme, terms=listed, today=today, now=now)
        table = "استان,نام به فارسی,محصول,تعریف,منبع,تاریخ منبع,بنگاه‌ها\nلرستان,گلیم,گلیم,تمرکز,نامه,1405/01/15,40\n"
        seat = seat_of(world, "province")
        actions.import_files(seat=seat, name="files.csv", content=table.encode(), today=today, now=now)
    _score(world, today)
    approve_papers(world, honey, papers_up_to(world, honey, "G2"), now)
    with world.as_("supervisor"):
        edition = PaperEdition.objects.filter(file=honey).first()
        assert edition is not None
        actions.comment_on(seat=seat_of(world, "supervisor"), edition=edition, text="خوب است.", now=now)
    committee = form_body(world, "committee")
    pass_gate(world, committee, honey, today, now)
    condition = actions.NewCondition("سهم اعضا نوشته شود", "عامل عسل", today + timedelta(days=5))
    pass_gate(world, committee, honey, today, now, outcome="conditional", conditions=[condition])
    with world.as_("province"):
        assert actions.remind(programme=world.programme, today=today) == 1


def _score(world: World, today: date) -> None:
    """Honey before stone, on evidence."""
    with world.as_("province"):
        seat = seat_of(world, "province")
        files = [world.files["honey"], world.files["stone"]]
        opened = actions.open_round(
            seat=seat,
            name_fa="اولویت‌بندی لرستان",
            province="IR-15",
            year=1405,
            criteria=[actions.CriterionTerms(name, weight) for name, weight in WEIGHTS],
            files=files,
            today=today,
        )
        for candidate in opened.candidates.all():
            for place, criterion in enumerate(opened.criteria.all()):
                value = (90, 60, 70)[place] if candidate.file_id == files[0].pk else (70, 80, 40)[place]
                actions.score(
                    seat=seat,
                    candidate=candidate,
                    criterion=criterion,
                    value=value,
                    evidence="برآورد نمونه",
                    dated=date(2026, 4, 1),
                    today=today,
                )
        actions.close_round(seat=seat, round=opened, today=today)
