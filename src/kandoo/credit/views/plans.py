"""Activities with the money behind them, and payees."""

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import access, actions, reading
from kandoo.credit.access import at_desk
from kandoo.credit.forms import ActivityChangeForm, ActivityForm, DoneForm, PayeeChangeForm, PayeeForm
from kandoo.credit.queries import totals
from kandoo.credit.queries.warnings import warnings_of
from kandoo.credit.views.parts import form_page, require
from kandoo.programme.access import file_seen_by, files_seen_by
from kandoo.programme.queries.people import names
from kandoo.site import language as lang
from kandoo.site.lists import asker, page_of


@at_desk()
def activities(request: HttpRequest) -> HttpResponse:
    """What money is for: activities with their cost and what is committed and paid for each."""
    seat = asker(request)
    every = found = access.activities_seen_by(seat)
    if key := lang.fold(request.GET.get("q", "")):
        found = found.filter(search_key__contains=key) | found.filter(file__search_key__contains=key)
    rows = found.annotate(
        bound=Sum(F("commitments__committed") - F("commitments__carried")), spent=Sum("commitments__paid")
    )
    page = page_of(request, rows.order_by("-starts_on", "-pk"))
    context = {"page_obj": page, "all": every.count(), "may_prepare": access.may_prepare(seat)}
    return render(request, "credit/activities.html", context)


@at_desk()
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: its indicator and effect, and every movement of money for it."""
    seat = asker(request)
    found = access.activity_seen_by(seat, pk)
    commitments = access.commitments_seen_by(seat).filter(activity=found).order_by("-on", "-pk")
    movements = page_of(request, access.movements_seen_by(seat).filter(activity=found).order_by("-on", "-pk"))
    context = {
        "activity": found,
        "province": reading.province(found.province),
        "commitments": commitments,
        "bound": sum(each.committed - each.carried for each in commitments),
        "spent": sum(each.paid for each in commitments),
        "page_obj": movements,
        "bearers": reading.bearers(found),
        "may_finish": access.may_prepare(seat),
        "may_change": access.may_prepare(seat),
    }
    return render(request, "credit/activity.html", context)


@at_desk("officer")
def activity_new(request: HttpRequest) -> HttpResponse:
    """An activity of a cluster's plan, or of a province."""
    seat = asker(request)
    files = files_seen_by(seat).order_by("sort_key")
    wanted = request.GET.get("file", "")
    file = files.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    form = ActivityForm(request.POST or None, files=files, province=seat.province, file=file)

    def do() -> str:
        made = actions.plan_activity(by=seat.person, programme=seat.cluster, terms=form.terms())
        return reverse("credit:activity", args=[made.pk])

    answer = _("Money is committed to activities, so that every rial leads to an indicator.")
    title, back = _("New activity"), reverse("credit:activities")
    return form_page(request, form, do, title=title, answer=answer, submit=_("Write it down"), back=back)


@at_desk("officer")
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is planned of an activity."""
    seat = asker(request)
    found = access.activity_seen_by(seat, pk)
    form = ActivityChangeForm(request.POST or None, activity=found)
    back = reverse("credit:activity", args=[pk])

    def do() -> str:
        actions.change_activity(by=seat.person, activity=found, terms=form.terms())
        return back

    answer = _("The trail keeps what stood here before.")
    title = _("Change the activity")
    return form_page(request, form, do, title=title, answer=answer, submit=_("Save"), back=back)


@at_desk("officer")
def activity_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an activity is done."""
    seat = asker(request)
    found = access.activity_seen_by(seat, pk)
    require(access.may_prepare(seat))
    form = DoneForm(request.POST or None, today=timezone.localdate())
    back = reverse("credit:activity", args=[pk])

    def do() -> str:
        actions.finish_activity(by=seat.person, activity=found, on=form.cleaned_data["on"])
        return back

    title = _("The activity is done")
    return form_page(request, form, do, title=title, answer=str(found), submit=title, back=back)


@at_desk()
def file_money(request: HttpRequest, pk: int) -> HttpResponse:
    """All money of one cluster over the years; from a paper or a decision of its file back to the movements on it."""
    seat = asker(request)
    file = file_seen_by(seat, pk)
    lines = access.lines_seen_by(seat).filter(file=file)
    movements = access.movements_seen_by(seat).filter(line__file=file)
    for name in ("paper", "decision"):
        if (wanted := request.GET.get(name, "")).isdecimal():
            movements = movements.filter(**{name: int(wanted)})
    page = page_of(request, movements.order_by("-on", "-pk"))
    people = names(seat.cluster.pk)
    state = totals.total(lines).over_years()
    context = {
        "file": file,
        "state": state,
        "picture": reading.picture(state),
        "rows": [reading.LineRow.of(each) for each in lines.order_by("-year__year", "code")],
        "contracts": access.contracts_seen_by(seat).filter(file=file).order_by("-signed_on"),
        "warnings": [each for each in warnings_of(seat, timezone.localdate()) if each.file == file.pk],
        "page_obj": page,
        "movements": [(each, people.get(each.by_id, "")) for each in page],
        "is_narrowed": "paper" in request.GET or "decision" in request.GET,
    }
    return render(request, "credit/file.html", context)


@at_desk(*access.DESKS)
def payees(request: HttpRequest) -> HttpResponse:
    """Who the programme pays."""
    seat = asker(request)
    every = found = access.payees_seen_by(seat)
    if text := request.GET.get("q", "").strip():
        found = found.filter(search_key__contains=lang.fold(text)) | found.filter(
            number__contains=lang.latin_digits(text)
        )
    context = {"page_obj": page_of(request, found), "all": every.count(), "may_prepare": access.may_prepare(seat)}
    return render(request, "credit/payees.html", context)


@at_desk("officer")
def payee_new(request: HttpRequest) -> HttpResponse:
    """Somebody to be paid."""
    seat = asker(request)
    form = PayeeForm(request.POST or None)

    def do() -> str:
        actions.add_payee(by=seat.person, programme=seat.cluster, **form.cleaned_data)
        return reverse("credit:payees")

    answer = _("Known by one national number, so that an invoice used twice is found.")
    title, back = _("New payee"), reverse("credit:payees")
    return form_page(request, form, do, title=title, answer=answer, submit=title, back=back)


@at_desk("officer")
def payee_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a payee's name or account."""
    seat = asker(request)
    found = get_object_or_404(access.payees_seen_by(seat), pk=pk)
    form = PayeeChangeForm(request.POST or None, payee=found)
    back = reverse("credit:payees")

    def do() -> str:
        actions.change_payee(by=seat.person, payee=found, **form.cleaned_data)
        return back

    answer = _("The trail keeps what stood here before.")
    title = _("Correct the payee")
    return form_page(request, form, do, title=title, answer=answer, submit=_("Save"), back=back)
