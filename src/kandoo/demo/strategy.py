"""The honey's study, confirmed as its baseline, its vision, objectives and results chain; a study of stone just begun.

Figures with a named source are published ones; prices, weights and links are invented and say so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kandoo.credit.actions import finish_activity
from kandoo.credit.models import Activity
from kandoo.demo.nation import LORESTAN, PROGRAMME
from kandoo.programme.models import ClusterFile
from kandoo.register.models import Cluster
from kandoo.results.actions import take_shipped_indicators
from kandoo.results.models import Indicator
from kandoo.strategy import actions
from kandoo.strategy.parts import PARTS
from kandoo.strategy.queries.rows import Holder

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

BASELINE_DAYS = 820  # before today, soon after the gate of the diagnosis
TOMAN = 10
SAMPLE = "برآورد نمونه (ساختگی)"
CENSUS = "iribnews.ir 5548716 (۱۴۰۴)"
# code, Persian, English, kind, role, how many, power, interest, source
ACTORS = (
    ("A1", "زنبورداران لرستان", "Beekeepers of Lorestan", "firm", "تولید عسل، موم و گرده", 3_600, 2, 5, CENSUS),
    ("A2", "تعاونی زنبورداران", "Beekeepers’ cooperative", "institution", "خرید مشترک شکر و موم", 1, 3, 5, SAMPLE),
    ("A3", "بسته‌بندان بیرون استان", "Packers outside the province", "buyer", "خرید فله و فروش با نشان خود", 12, 5, 2, SAMPLE),
    ("A4", "صادرکنندگان", "Exporters", "buyer", "فروش به بازارهای بیرون", 2, 4, 4, SAMPLE),
    ("A5", "فروشندگان شکر و دارو", "Sellers of sugar and medicine", "supplier", "نهاده", 20, 4, 1, SAMPLE),
    ("A6", "آزمایشگاه عسل", "Honey laboratory", "support", "آزمون باقی‌مانده و ترکیب", 1, 2, 3, SAMPLE),
    ("A7", "شرکت شهرک‌های صنعتی استان", "Provincial industrial parks company", "support", "اعتبار و نظارت", 1, 5, 4, SAMPLE),
    ("A8", "دامپزشکی استان", "Provincial veterinary office", "support", "گواهی بهداشت و پایش درمان", 1, 4, 3, SAMPLE),
)  # fmt: skip
LINKS = (
    ("A5", "sells", "A1"), ("A1", "sells", "A3"), ("A1", "sells", "A4"), ("A2", "serves", "A1"), ("A6", "serves", "A1"),
    ("A7", "funds", "A2"), ("A8", "rules", "A1"), ("A2", "joins", "A4"),
)  # fmt: skip
# code, place, Persian, English, firms, volume (kg), toman a kg in and out, inside (thousandths), why it does not meet
STAGES = (
    ("S1", 1, "نهاده: شکر، موم، دارو", "Inputs", 20, 4_039_000, 0, 60_000, 100, "", SAMPLE),
    ("S2", 2, "زنبورداری", "Beekeeping", 3_600, 4_039_000, 60_000, 180_000, 950, "", CENSUS),
    ("S3", 3, "گردآوری و فروش فله", "Collecting and bulk sale", 40, 3_900_000, 180_000, 230_000, 500, "", SAMPLE),
    ("S4", 4, "بسته‌بندی", "Packing", 14, 2_000_000, 245_000, 420_000, 80, "کرایهٔ حمل تا بسته‌بندی‌های بیرون استان", SAMPLE),
    ("S5", 5, "خرده‌فروشی و صادرات", "Retail and export", 300, 1_950_000, 420_000, 600_000, 50, "", SAMPLE),
)  # fmt: skip
# code, quadrant, Persian, English, evidence, weight
SWOT = (
    ("W1", "strength", "گون و آویشن کوهستان و مهارت کهن", "Mountain astragalus and thyme, old skill", "۴۴۱ هزار کندو در ۱۴۰۴، iribnews.ir 5548716", 5),
    ("W2", "strength", "شمار بسیار زنبورداران در شهرستان‌های همسایه", "Many beekeepers in neighbouring counties", "۳٬۶۰۰ زنبورستان، iribnews.ir 5548716", 4),
    ("W3", "weakness", "فروش فله و بی‌نشان", "Sold in bulk, without a mark", "عسل در سطل پلاستیکی بی‌طرح می‌ماند؛ گزارش شورای راهبری", 5),
    ("W4", "weakness", "باقی‌ماندهٔ درمان در بخشی از بهرها", "Residues of treatment in some batches", SAMPLE, 4),
    ("W5", "opportunity", "بازار کشورهای همسایه و اروپا", "Markets of neighbours and Europe", "صادرات کشور ۱٬۴۶۹ تن در ۱۴۰۲", 4),
    ("W6", "opportunity", "خط همگن‌سازی مشترک، چنان که در گرجستان راه فرانسه را گشود", "A shared line, as it opened France to Georgia", "۴۳ تن پس از کارخانهٔ همگن‌سازی ۲۰ تنی", 3),
    ("W7", "threat", "ملکهٔ بی‌پروانه و بیماری", "Unlicensed queens and disease", "sarkhat.com 147529572", 4),
    ("W8", "threat", "گرانی نهاده و خشکسالی", "Dear inputs and drought", "بهای دارو تا ۳۰۰ درصد بالا رفت؛ گفتهٔ زنبورداران", 3),
)  # fmt: skip
# code, side, hangs on, Persian, English, evidence
PROBLEMS = (
    ("P1", "core", "", "زنبوردار از عسل خوب، درآمد کمی دارد", "Good honey brings the beekeeper little", "میانگین ۱٫۱ تن در هر زنبورستان و فروش فله"),
    ("P2", "cause", "P1", "هیچ زنبورستانی به‌تنهایی یک بار صادراتی ندارد", "No apiary fills an export load alone", "بار بیست‌فوتی ۲۰٫۳ تن است"),
    ("P3", "cause", "P1", "کیفیت ثابت و سنددار نیست", "Quality is neither even nor documented", SAMPLE),
    ("P4", "cause", "P3", "پرهیز پس از درمان رعایت نمی‌شود", "Withdrawal after treatment is not kept", SAMPLE),
    ("P5", "cause", "P3", "آزمون برای هر نفر گران است", "Tests are dear for each alone", SAMPLE),
    ("P6", "cause", "P2", "زنبورداران به هم اعتماد ندارند", "Beekeepers do not trust each other", SAMPLE),
    ("P7", "effect", "P1", "جوانان از زنبورداری می‌روند", "The young leave beekeeping", SAMPLE),
    ("P8", "effect", "P1", "ارزش افزوده بیرون استان ساخته می‌شود", "Value is added outside the province", "نزدیک نیمی از برداشت بیرون استان فروخته می‌شود"),
)  # fmt: skip
ANSWERS = {"P2": ("H-5",), "P4": ("H-2",), "P5": ("H-3",), "P6": ("H-1", "H-4")}
# code, Persian, English, indicator
OBJECTIVES = (
    ("O1", "بهرهای پاک و سنددار", "Clean, documented batches", "refused-share", ("H-2", "H-3")),
    ("O2", "فروش مشترک به بازارهای بیرون", "Selling together abroad", "kg-exported", ("H-4", "H-5")),
    ("O3", "اعتماد و کار مشترک", "Trust and joint work", "joint-lots", ("H-1",)),
)
# code, level, Persian, English, activity, indicator
NODES = (
    ("I1", "input", "اعتبار برنامه و آوردهٔ اعضا", "Credit of the programme and the members’ part", "", ""),
    ("I2", "input", "وقت عامل توسعه", "The agent’s time", "", ""),
    ("C1", "activity", "عامل توسعهٔ خوشه", "Agent of the cluster", "H-1", ""),
    ("C2", "activity", "آموزش پرهیز پس از درمان", "Training on withdrawal", "H-2", ""),
    ("C3", "activity", "نمونه‌برداری و آزمون", "Sampling and tests", "H-3", ""),
    ("C4", "activity", "غرفهٔ مشترک", "A joint stand", "H-4", ""),
    ("C5", "activity", "خط همگن‌سازی", "Homogenising line", "H-5", ""),
    ("T1", "output", "شبکه‌ها و اقدام‌های مشترک", "Networks and joint actions", "", "joint-lots"),
    ("T2", "output", "زنبورداران آموزش‌دیده", "Trained beekeepers", "", "trained"),
    ("T3", "output", "بهرهای آزموده", "Tested batches", "", "tests"),
    ("T4", "output", "عسل همگن در بار صادراتی", "Homogenised honey by the load", "", "drums-traced"),
    ("D1", "outcome", "بهرها با استاندارد می‌خوانند", "Batches meet the standard", "", "refused-share"),
    ("D2", "outcome", "خریداران تازه و صادرات", "New buyers and exports", "", "kg-exported"),
    ("D3", "outcome", "صرفهٔ همکاری", "Gain of cooperation", "", "saving"),
    ("E1", "impact", "درآمد بیشتر خانوار عضو", "More income for members’ households", "", "income"),
    ("E2", "impact", "کار و ارزش افزوده در استان می‌ماند", "Work and value stay in the province", "", "jobs"),
)  # fmt: skip
# from, to, assumption, risk
EDGES = (
    ("I1", "C2", "تخصیص به‌موقع می‌رسد", "تخصیص دیر"), ("I1", "C3", "تخصیص به‌موقع می‌رسد", "تخصیص دیر"),
    ("I1", "C5", "اعضا آورده را می‌پردازند", "کمبود نقدینگی"), ("I2", "C1", "عامل می‌ماند", "تغییر عامل"),
    ("I1", "C4", "صادرکننده همراه است", "لغو نمایشگاه"), ("C1", "T1", "اعضا سود همکاری را می‌بینند", "بی‌اعتمادی"),
    ("C2", "T2", "آموزش پیش از فصل درمان است", "کوچ همزمان"), ("C3", "T3", "آزمایشگاه ظرفیت دارد", "صف آزمایشگاه"),
    ("C4", "T1", "", "هزینهٔ سفر"), ("C5", "T4", "خط به بهره‌برداری می‌رسد", "بی‌پولی"),
    ("T1", "D3", "پنج عضو یا بیشتر در هر اقدام‌اند", "فروش بیرون از قرارداد"), ("T2", "D1", "آموخته به کار بسته می‌شود", "فشار بیماری"),
    ("T3", "D1", "نتیجه‌ها به زنبوردار می‌رسد", "دستکاری نمونه"), ("T4", "D2", "خریدار بهای کیفیت را می‌دهد", "نوسان ارز"),
    ("T3", "D2", "بازار گواهی آزمون را می‌پذیرد", ""), ("D1", "E1", "بهای بهتر به زنبوردار می‌رسد", "سهم واسطه"), ("D2", "E1", "سهم عادلانه است", "اختلاف بر سهم"),
    ("D2", "E2", "بسته‌بندی در استان است", "بسته‌بندی بیرون"), ("D3", "E1", "صرفه میان اعضا بخش می‌شود", "سواری رایگان"),
)  # fmt: skip


def build(stage: Stage) -> None:
    """The honey's study and plan, then stone's study with its first parts."""
    with stage.played_by("nation") as officer:
        take_shipped_indicators(by=officer, programme=Cluster.objects.get(code=PROGRAMME["code"]))
    with stage.played_by("lorestan"):
        files = ClusterFile.objects.filter(cluster__code=PROGRAMME["code"], province=LORESTAN)
        honey = files.get(product="عسل")
        stone = files.filter(product__startswith="سنگ").order_by("pk").first()
    studied = stage.on(stage.today - timedelta(days=BASELINE_DAYS))
    holder = _study(studied, honey)
    _freeze(studied, holder)
    _plan(stage, holder)
    if stone is not None:
        _begin_stone(stage, stone)


def _write(stage: Stage, holder: Holder, of: str, values: dict[str, Any]) -> None:
    """One row of a part as the officer types it; other rows by their code."""
    part = PARTS[of]
    given = dict.fromkeys((each.name for each in part.columns), "") | values
    for column in part.columns:
        if column.kind in ("row", "activity"):
            wanted = given[column.name]
            given[column.name] = holder.choices(column).get(code=wanted) if wanted else None
        elif column.kind == "indicator":
            given[column.name] = given[column.name] or None
    actions.write_row(by=stage.people["lorestan"], holder=holder, part=part, values=given)


def _study(stage: Stage, file: ClusterFile) -> Holder:
    with stage.played_by("lorestan") as officer:
        holder = Holder(file, actions.open_edition(by=officer, file=file, now=stage.now))
        names = ("code", "name_fa", "name_en", "kind", "role", "members", "power", "interest", "source")
        for row in ACTORS:
            _write(stage, holder, "actors", dict(zip(names, row, strict=True)))
        for source, kind, target in LINKS:
            _write(stage, holder, "links", {"source": source, "kind": kind, "target": target, "note": SAMPLE})
        for code, place, name_fa, name_en, firms, volume, before, after, inside, why, source in STAGES:
            money = {"price_in": before * TOMAN, "price_out": after * TOMAN, "inside": inside, "explained": why}
            held = {"code": code, "position": place, "name_fa": name_fa, "name_en": name_en, "firms": firms}
            more = {"unit": "کیلوگرم", "volume": volume, "source": source, "dated": stage.today - timedelta(days=30)}
            _write(stage, holder, "stages", held | money | more)
        for point in SWOT:
            _write(
                stage,
                holder,
                "swot",
                dict(zip(("code", "quadrant", "text_fa", "text_en", "evidence", "weight"), point, strict=True)),
            )
        for problem in PROBLEMS:
            _write(
                stage,
                holder,
                "problems",
                dict(zip(("code", "side", "parent", "text_fa", "text_en", "evidence"), problem, strict=True)),
            )
    return holder


def _freeze(stage: Stage, holder: Holder) -> None:
    assert holder.diagnosis is not None
    with stage.played_by("lorestan") as officer:
        actions.prepare(by=officer, diagnosis=holder.diagnosis, now=stage.now)
    with stage.played_by("supervisor") as supervisor:
        actions.freeze(by=supervisor, diagnosis=holder.diagnosis, on=stage.today, now=stage.now)


def _plan(stage: Stage, study: Holder) -> None:
    """Vision, what answers what, objectives, the chain; the training is done."""
    honey, plan = study.file, Holder(study.file)
    with stage.played_by("lorestan") as officer:
        activities = {each.code: each for each in Activity.objects.filter(file=honey)}
        indicators = {each.code: each for each in Indicator.objects.filter(cluster=honey.cluster_id)}
        terms = actions.VisionTerms(
            "عسل لرستان تا سه سال دیگر با نشان خود، آزموده و ردیابی‌پذیر، در بازار جهان است (نمونه).",
            "In three years Lorestan’s honey is in the world’s markets under its own mark, tested and traceable (example).",
            1408, stage.today - timedelta(days=690), "شورای راهبری خوشهٔ عسل",
        )  # fmt: skip
        actions.set_vision(by=officer, file=honey, terms=terms, now=stage.now)
        for code, served in ANSWERS.items():
            problem = study.rows(PARTS["problems"]).get(code=code)
            actions.answer_problem(by=officer, problem=problem, activities=[activities[each] for each in served])
        for code, name_fa, name_en, indicator, served in OBJECTIVES:
            named = {"name_fa": name_fa, "name_en": name_en, "indicator": indicators.get(indicator)}
            _write(stage, plan, "objectives", {"code": code, **named})
            objective = plan.rows(PARTS["objectives"]).get(code=code)
            actions.serve_objective(by=officer, objective=objective, activities=[activities[each] for each in served])
        for code, level, text_fa, text_en, activity, measured in NODES:
            texts = {
                "text_fa": text_fa,
                "text_en": text_en,
                "activity": activity,
                "indicator": indicators.get(measured),
            }
            _write(stage, plan, "chain", {"code": code, "level": level, **texts})
        for source, target, assumption, risk in EDGES:
            _write(stage, plan, "edges", {"source": source, "target": target, "assumption": assumption, "risk": risk})
        training = activities["H-2"]
        finish_activity(by=officer, activity=training, on=min(training.ends_on, stage.today - timedelta(days=30)))


def _begin_stone(stage: Stage, file: ClusterFile) -> None:
    """A study that is still being written."""
    with stage.played_by("lorestan") as officer:
        holder = Holder(file, actions.open_edition(by=officer, file=file, now=stage.now))
        for code, name_fa, name_en, kind, power in (
            ("A1", "معدن‌داران", "Quarry owners", "supplier", 5), ("A2", "سنگ‌بری‌ها", "Stone cutters", "firm", 3),
        ):  # fmt: skip
            held = {"code": code, "name_fa": name_fa, "name_en": name_en, "kind": kind, "power": power, "interest": 4}
            _write(stage, holder, "actors", held | {"role": "تولید", "members": 10, "source": SAMPLE})
        _write(stage, holder, "links", {"source": "A1", "kind": "sells", "target": "A2", "note": SAMPLE})
