"""The programme of the demo: a nation of 197 clusters, Lorestan's ten, and the whole file of the honey.

Numbers of clusters follow what was published; clusters, people and papers are invented and marked as examples.
Files of other provinces are written in bulk, as a table brought in would be; Lorestan's go through the actions.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from importlib.resources import files as resources
from typing import TYPE_CHECKING

from kandoo.demo import nation_honey, password_of
from kandoo.demo.cast import CLUSTER, NATION
from kandoo.programme import actions
from kandoo.programme.actions.files import new_count, new_file
from kandoo.programme.models import AgentTerm, Body, BodyMember, ClusterFile, Count, SelectionRound
from kandoo.register import actions as register
from kandoo.register import places
from kandoo.register.access import Seat, seats_of
from kandoo.register.models import Cluster, Person
from kandoo.site import security
from kandoo.site.language import parse_day

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

PROGRAMME = {
    "code": "cluster-programme",
    "name_fa": "برنامهٔ نمونهٔ توسعهٔ خوشه‌ها",
    "name_en": "Sample programme of cluster development",
}
LORESTAN = "IR-15"
IDENTIFIED = 197  # published for the country; 10 of them in Lorestan
# How many stand where, outside Lorestan: 70 in feasibility or implementation in all.
STAGES = {"G0": 94, "G1": 27, "G2": 27, "G3": 10, "G4": 8, "G5": 7, "G6": 10, "G7": 1, "G8": 2, "G9": 1}
PRODUCTS = (
    ("فرش دستباف", "Hand-knotted carpet"), ("گلیم", "Kilim"), ("سنگ ساختمانی", "Building stone"),
    ("مبل و چوب", "Furniture"), ("کفش", "Shoes"), ("پوشاک", "Clothing"), ("زعفران", "Saffron"), ("خرما", "Dates"),
    ("پسته", "Pistachio"), ("گیاهان دارویی", "Medicinal plants"), ("سرامیک و سفال", "Pottery"),
    ("قطعات خودرو", "Car parts"), ("لوازم خانگی", "Home appliances"), ("ماهی گرمابی", "Warm-water fish"),
    ("گل و گیاه", "Flowers"), ("کشمش", "Raisins"), ("چرم", "Leather"), ("صنایع غذایی", "Food"),
    ("شیشه", "Glass"), ("نرم‌افزار", "Software"), ("گردشگری", "Tourism"), ("ابریشم", "Silk"),
)  # fmt: skip
LORESTAN_FILES = (  # name, in English, product, county, stage, months at it
    ("سنگ لرستان", "Stone of Lorestan", "سنگ", "Azna", "G7", 9),
    ("گلیم و ورنی لرستان", "Kilim of Lorestan", "گلیم", "Khorramabad", "G1", 16),
    ("ماهی سردآبی الیگودرز", "Trout of Aligudarz", "ماهی سردآبی", "Aligudarz", "G3", 5),
    ("گیاهان دارویی لرستان", "Medicinal plants of Lorestan", "گیاهان دارویی", "Khorramabad", "G1", 7),
    ("ورشو و صنایع دستی بروجرد", "Metalwork of Borujerd", "صنایع دستی", "Borujerd", "G0", 30),
    ("حبوبات لرستان", "Pulses of Lorestan", "حبوبات", "Selseleh", "G0", 30),
    ("انجیر پلدختر", "Figs of Poldokhtar", "انجیر", "Poldokhtar", "G0", 30),
    ("گلخانه‌های دورود", "Greenhouses of Dorud", "گل و گیاه", "Dorud", "G0", 26),
    ("لبنیات سنتی لرستان", "Traditional dairy of Lorestan", "لبنیات", "Delfan", "G0", 26),
)
CRITERIA = (
    ("تمرکز و شمار بنگاه‌ها", "Concentration of firms", 30),
    ("توان صادرات", "Export potential", 25),
    ("آمادگی همکاری", "Readiness to cooperate", 25),
    ("اشتغال در هر تومان کمک", "Jobs per toman of support", 20),
)
DEFINITION = "بنگاه‌های یک جا با محصول همانند یا مکمل (نمونه)"
SOURCE = "پیمایش نمونه"


def found(today: date) -> None:
    """The programme and its first officer, as the database's owner."""
    officer = NATION[0]
    actions.found_programme(
        **PROGRAMME,
        officer_username=officer.username,
        officer_password=password_of(officer.username),
        officer_name_fa=officer.name_fa,
        officer_name_en=officer.name_en,
        started_on=today - timedelta(days=6 * 365),
        is_demo=True,
    )


def build(stage: Stage) -> None:
    """Everything after that, as the people of the programme."""
    with security.acting_as(None, desk="sign-in"):
        officer = Person.objects.get(username=NATION[0].username)
    stage.people[officer.username] = officer
    with security.acting_as(officer.pk):
        programme = Cluster.objects.get(code=PROGRAMME["code"])
        _add_people(stage, programme)
        _published(stage, programme)
        _the_nation(stage, programme)
    _lorestan(stage, programme)


def seat_of(stage: Stage, username: str) -> Seat:
    """The programme's seat of one of its people; to be asked for as that person."""
    return next(each for each in seats_of(stage.people[username]) if each.cluster.code == PROGRAMME["code"])


def _add_people(stage: Stage, programme: Cluster) -> None:
    since = stage.today - timedelta(days=5 * 365)
    for each in NATION[1:]:
        stage.people[each.username] = register.add_person(
            by=stage.people["nation"],
            cluster=programme,
            username=each.username,
            password=password_of(each.username),
            name_fa=each.name_fa,
            name_en=each.name_en,
            role=each.role,
            province=each.province,
            from_on=since,
        )


def _published(stage: Stage, programme: Cluster) -> None:
    """What officials said at different times, by different definitions: side by side."""
    text = (resources("kandoo") / "data" / "programme" / "published_counts.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        terms = actions.CountTerms(
            measure=row["measure"],
            value=int(row["value"]),
            province=row["province"],
            product=row["product"],
            stage=row["stage"],
            definition=row["definition_fa"],
            dated=min(parse_day(row["dated"]), stage.today),
            source=row["source"],
        )
        actions.add_count(by=stage.people["nation"], programme=programme, terms=terms, today=stage.today, now=stage.now)


def _the_nation(stage: Stage, programme: Cluster) -> None:
    """The clusters of the other thirty provinces, from earlier records."""
    by = stage.people["nation"]
    wanted = [code for code, number in STAGES.items() for _each in range(number)]
    stage.random.shuffle(wanted)
    places_left = _places(len(wanted))
    found = [
        _example(stage, programme, by, place, product, code)
        for (place, product), code in zip(places_left, wanted, strict=True)
    ]
    ClusterFile.objects.bulk_create(found)
    _agents_and_figures(stage, programme, by, found)


def _places(number: int) -> list[tuple[places.Area, tuple[str, str]]]:
    """So many pairs of province and product, spread evenly, none twice."""
    others = [each for each in places.provinces() if each.code != LORESTAN]
    pairs = [
        (place, PRODUCTS[(turn * 7 + number_of) % len(PRODUCTS)])
        for turn in range(len(PRODUCTS))
        for number_of, place in enumerate(others)
    ]
    return pairs[:number]


def _example(
    stage: Stage, programme: Cluster, by: Person, place: places.Area, product: tuple[str, str], code: str
) -> ClusterFile:
    """One invented cluster; the further it is, the later it got there."""
    later = int(code[1])
    days = int(stage.random.integers(40, 1500 if later < 2 else 900))
    since = stage.today - timedelta(days=days)
    status = ClusterFile.Status.ACTIVE
    if later == 1 and stage.random.random() < 0.25:
        status = ClusterFile.Status.REJECTED if stage.random.random() < 0.4 else ClusterFile.Status.WAITING
    if later >= 8:
        status = ClusterFile.Status.EXITED
    terms = actions.FileTerms(
        name_fa=f"{product[0]} {place.name_fa}",
        name_en=f"{product[1]} of {place.name_en}",
        province=place.code,
        product=product[0],
        definition=DEFINITION,
        source=SOURCE,
        dated=min(since, stage.today - timedelta(days=400)),
        stage=code,
        stage_since=since,
        status=status,
        is_example=True,
        from_records=True,
    )
    file = new_file(by=by, programme=programme, terms=terms, today=stage.today)
    # Papers of most have moved of late; a few lie still, as they do.
    still = stage.random.random() < 0.12
    file.last_moved_on = stage.today - timedelta(
        days=int(stage.random.integers(100, 400) if still else stage.random.integers(2, 85))
    )
    return file


def _agents_and_figures(stage: Stage, programme: Cluster, by: Person, files: list[ClusterFile]) -> None:
    """An agent from the contract on; firms and workers of those under way, counted twice."""
    led = [each for each in files if each.stage >= "G3" and each.status == ClusterFile.Status.ACTIVE]
    for number, file in enumerate(led, start=1):
        file.agent_name = f"نمونه، عامل خوشه {number}"
    ClusterFile.objects.bulk_update(led, ["agent_name"])
    AgentTerm.objects.bulk_create(
        AgentTerm(cluster=programme, file=each, name=each.agent_name, from_on=each.stage_since) for each in led
    )
    counts = []
    for file in files:
        if file.stage < "G2":
            continue
        firms = int(stage.random.integers(30, 400))
        for back, growth in ((700, 1.0), (60, 1 + 0.3 * stage.random.random())):
            for measure, value in (("firms", firms), ("workers", firms * 6)):
                terms = actions.CountTerms(
                    measure, int(value * growth), "بنگاه‌های فعال (نمونه)", stage.today - timedelta(days=back), SOURCE,
                    is_example=True,
                )  # fmt: skip
                counts.append(new_count(by=by, programme=programme, terms=terms, now=stage.now, file=file))
    Count.objects.bulk_create(counts)


def _lorestan(stage: Stage, programme: Cluster) -> None:
    """Ten clusters: stone ahead, honey in implementation with its whole file, kilim in trouble."""
    files = {}
    with stage.played_by("lorestan") as officer:
        for name_fa, name_en, product, county, code, months in LORESTAN_FILES:
            since = stage.today - timedelta(days=int(30.4 * months))
            terms = actions.FileTerms(
                name_fa=name_fa, name_en=name_en, province=LORESTAN, county=county, product=product, stage=code,
                stage_since=since, definition=DEFINITION, source=SOURCE, dated=since, is_example=True, from_records=True,
                agent_name=f"نمونه، عامل {product}" if code >= "G3" else "",
            )  # fmt: skip
            files[product] = actions.open_file(by=officer, programme=programme, terms=terms, today=since)
    committee = _form(stage, programme, "committee", "کمیتهٔ استانی لرستان", "Provincial committee of Lorestan")
    office = _form(stage, programme, "office", "دفتر استانی لرستان", "Provincial office of Lorestan")
    _form(stage, programme, "nation", "کمیتهٔ ملی توسعهٔ خوشه‌ها", "National committee of cluster development")
    honey = nation_honey.file(stage, programme, {"committee": committee, "office": office})
    with stage.played_by("lorestan") as officer:
        actions.link_tenant(by=officer, file=honey, code=CLUSTER["code"])
    nation_honey.trouble(stage, committee, files["گلیم"])
    nation_honey.next_meeting(stage, committee, files["گیاهان دارویی"])
    _selection(stage, [files[each] for each in ("صنایع دستی", "حبوبات", "انجیر", "گل و گیاه", "لبنیات")])


def _form(stage: Stage, programme: Cluster, kind: str, name_fa: str, name_en: str) -> Body:
    """A body of five, led by the chair who can sign in."""
    province = "" if kind == "nation" else LORESTAN
    with stage.played_by("nation") as by:
        terms = actions.BodyTerms(kind=kind, name_fa=name_fa, name_en=name_en, quorum=3, province=province)
        body = actions.form_body(by=by, programme=programme, terms=terms)
        lead = stage.people["nation" if kind == "nation" else "committee"]
        seat_members(stage, by, body, lead)
    return body


def seat_members(stage: Stage, by: Person, body: Body, lead: Person) -> None:
    """Chair, secretary and three further votes of invented people."""
    since = stage.today - timedelta(days=5 * 365)
    actions.seat_member(
        by=by, body=body, name=lead.name_fa, from_on=since, post=BodyMember.Post.CHAIR, person=lead,
        organisation="معاونت برنامه‌ریزی (نمونه)",
    )  # fmt: skip
    for name, organisation in (
        ("نمونه، نمایندهٔ شهرک‌های صنعتی", "شرکت شهرک‌های صنعتی"),
        ("نمونه، نمایندهٔ جهاد کشاورزی", "جهاد کشاورزی"),
        ("نمونه، نمایندهٔ بنگاه‌ها", "اتاق بازرگانی"),
        ("نمونه، نمایندهٔ دانشگاه", "دانشگاه"),
    ):
        actions.seat_member(by=by, body=body, name=name, from_on=since, organisation=organisation)


def _selection(stage: Stage, files: list[ClusterFile]) -> None:
    """This year's round, half scored: the officer goes on from here."""
    with stage.played_by("lorestan"):
        seat = seat_of(stage, "lorestan")
        opened = actions.open_round(
            seat=seat,
            name_fa="اولویت‌بندی خوشه‌های لرستان",
            name_en="Prioritising the clusters of Lorestan",
            province=LORESTAN,
            year=1405,
            criteria=[
                actions.CriterionTerms(fa, weight, en, "۰ هیچ، ۱۰۰ بهترین در استان") for fa, en, weight in CRITERIA
            ],
            files=files,
            today=stage.today,
        )
        _score(stage, seat, opened)


def _score(stage: Stage, seat: Seat, opened: SelectionRound) -> None:
    """All candidates but the last."""
    for candidate in list(opened.candidates.order_by("pk"))[:-1]:
        for criterion in opened.criteria.order_by("position"):
            actions.score(
                seat=seat,
                candidate=candidate,
                criterion=criterion,
                value=int(stage.random.integers(20, 90)),
                evidence="برآورد کارشناسی نمونه",
                dated=stage.today - timedelta(days=30),
                today=stage.today,
            )
