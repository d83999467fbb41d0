"""Years, laws and ceilings; the year's end with its letters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import access, actions, papers, reading, words
from kandoo.credit.access import at_desk
from kandoo.credit.forms import CloseForm, LawForm, RuleForm, YearForm
from kandoo.credit.models import Closing, CostRule
from kandoo.credit.queries import totals
from kandoo.credit.views.parts import form_page, require
from kandoo.site.lists import asker, page_language, page_of


@at_desk("controller")
def year_new(request: HttpRequest) -> HttpResponse:
    """A fiscal year with its law."""
    seat = asker(request)
    require(access.may_govern(seat))
    form = YearForm(request.POST or None)

    def do() -> str:
        values = form.cleaned_data
        made = actions.open_year(
            by=seat.person,
            programme=seat.cluster,
            year=values["year"],
            law=form.law(),
            now=timezone.now(),
            pays_until=values["pays_until"],
        )
        return reverse("credit:year", args=[made.year])

    answer = _("A fiscal year runs from 1 Farvardin to the end of Esfand and begins with its budget law.")
    title, back = _("New fiscal year"), reverse("credit:home")
    return form_page(request, form, do, title=title, answer=answer, submit=_("Begin the year"), back=back)


@at_desk()
def laws(request: HttpRequest, year: int) -> HttpResponse:
    """The year's law with its amendments, and the ceilings in force."""
    seat = asker(request)
    this = access.year_seen_by(seat, year)
    written = [(each, each.movements.exists()) for each in this.laws.order_by("dated", "pk")]
    rules = CostRule.objects.filter(cluster=seat.cluster).order_by("kind", "-from_on")
    rows = [(each, reading.weight(each.agency_max), reading.weight(each.advance_max)) for each in rules]
    context = {"year": this, "laws": written, "rules": rows, "may_govern": access.may_govern(seat)}
    return render(request, "credit/laws.html", context)


@at_desk("controller")
def amendment_new(request: HttpRequest, year: int) -> HttpResponse:
    """An amendment of the year's law."""
    seat = asker(request)
    require(access.may_govern(seat))
    this = access.year_seen_by(seat, year)
    form = LawForm(request.POST or None)
    back = reverse("credit:laws", args=[year])

    def do() -> str:
        actions.amend_law(by=seat.person, year=this, law=form.law(), now=timezone.now())
        return back

    answer = _("The law stays as it was; the amendment has its own day, and lines are raised or cut by it.")
    title = _("New amendment")
    return form_page(request, form, do, title=title, answer=answer, submit=_("Write it down"), back=back)


@at_desk("controller")
def rule_new(request: HttpRequest, year: int) -> HttpResponse:
    """A ceiling from a day on."""
    seat = asker(request)
    require(access.may_govern(seat))
    access.year_seen_by(seat, year)
    form = RuleForm(request.POST or None)
    back = reverse("credit:laws", args=[year])

    def do() -> str:
        actions.set_cost_rule(by=seat.person, programme=seat.cluster, terms=form.terms())
        return back

    answer = _("What was committed before keeps the rule of its own day.")
    title = _("New ceiling")
    return form_page(request, form, do, title=title, answer=answer, submit=_("Put it in force"), back=back)


@at_desk()
def year_end(request: HttpRequest, year: int) -> HttpResponse:
    """The end of a year: which lines are closed, what lapsed, what went on, what is still to be closed."""
    seat = asker(request)
    this = access.year_seen_by(seat, year)
    lines = access.lines_seen_by(seat).filter(year=this).select_related("closing").order_by("closed_on", "code")
    open_lines = lines.filter(closed_on=None)
    page = page_of(request, lines)
    context = {
        "year": this,
        "page_obj": page,
        "rows": [reading.LineRow.of(each) for each in page],
        "open": open_lines.count(),
        "closed": lines.exclude(closed_on=None).count(),
        "state": totals.total(lines),
        "is_over": timezone.localdate() >= this.ends_on,
        "may_move": access.may_move(seat),
    }
    return render(request, "credit/year_end.html", context)


@at_desk("controller")
def line_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a line: choose what goes on; the rest lapses."""
    seat = asker(request)
    line = access.line_seen_by(seat, pk)
    require(access.may_move(seat) and line.closed_on is None)
    unpaid = [each for each in line.commitments.order_by("pk") if each.unpaid]
    on = max(line.year.ends_on, min(timezone.localdate(), line.year.pays_until))
    form = CloseForm(request.POST or None, unpaid=unpaid, on=on)
    back = reverse("credit:line", args=[pk])

    def do() -> str:
        values = form.cleaned_data
        actions.close_line(
            by=seat.person,
            line=line,
            to_carry=form.chosen(),
            on=values["on"],
            now=timezone.now(),
            reason=values["reason"],
        )
        return back

    state = line.state
    answer = _(
        "%(unallocated)s was never allocated and %(uncommitted)s not committed: this lapses. %(unpaid)s is committed and not paid: choose what goes on."
    ) % {
        "unallocated": words.money(state.unallocated),
        "uncommitted": words.money(state.uncommitted),
        "unpaid": words.money(state.unpaid),
    }
    title, submit = _("Close the line for its year"), _("Close it for good")
    return form_page(request, form, do, title=title, answer=answer, submit=submit, back=back, crumb=line)


@at_desk()
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of a closed line as PDF."""
    seat = asker(request)
    line = access.line_seen_by(seat, pk)
    closing = Closing.objects.filter(line=line).select_related("line__year", "line__file", "to_line__year").first()
    if closing is None:
        raise Http404
    pdf = papers.letter_pdf(closing, page_language())
    name = f'attachment; filename="{closing.number}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})
