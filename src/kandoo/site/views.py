"""The frame's own pages: health, home, seats, notices, trail and errors."""

import logging

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from kandoo import __version__
from kandoo.register.access import SESSION_SEAT, Seat, seated, seats_of
from kandoo.register.models import Cluster, Person, Role
from kandoo.site import language, notices, redenomination
from kandoo.site.forms import DayField, WholeField
from kandoo.site.models import AuditRecord, Redenomination

log = logging.getLogger("kandoo")


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether the site is ready: its version and the state of its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            server = cursor.fetchone()[0]
    except DatabaseError as problem:
        log.warning("healthz: %s", problem)
        return JsonResponse({"status": "unavailable", "version": __version__, "database": "down"}, status=503)
    return JsonResponse({"status": "ok", "version": __version__, "database": "up", "postgresql": server})


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The page a person begins from: the answer first, then one next step."""
    from kandoo.selling.home import home_figures

    seat = Seat.of(request)
    if seat is None:
        return render(request, "site/no_seat.html")
    if seat.cluster.kind == Cluster.Kind.PROGRAMME:
        return redirect("programme:portfolio")
    return render(request, "site/home.html", home_figures(seat, timezone.localdate()))


@require_POST
@login_required
def take_seat(request: HttpRequest) -> HttpResponse:
    """Go on in another of one's roles."""
    wanted = request.POST.get("seat", "")
    if any(str(seat.pk) == wanted for seat in seats_of(request.user)):  # type: ignore[arg-type]
        request.session[SESSION_SEAT] = int(wanted)
    return redirect("home")


@login_required
def notices_page(request: HttpRequest) -> HttpResponse:
    """What concerns this person; POST marks all as read."""
    own = request.user.notices.order_by("-at")  # type: ignore[union-attr]
    if request.method == "POST":
        notices.mark_read(request.user, timezone.now())
        return redirect("notices")
    page = Paginator(own, 30).get_page(request.GET.get("page"))
    return render(
        request,
        "site/notices.html",
        {"page_obj": page, "notices": [(each, notices.text_of(each)) for each in page]},
    )


class ProfileForm(forms.ModelForm):
    """What a person may change of themselves."""

    class Meta:
        model = Person
        fields = ("name_fa", "name_en", "phone")

    def clean_phone(self) -> str:
        return language.latin_digits(self.cleaned_data["phone"])


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """One's own names and phone; keys and passwords are on the security page."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "site/profile.html", {"form": form})


class UnitForm(forms.Form):
    """The terms of a redenomination, as its decree gives them."""

    name_fa = forms.CharField(label=_lazy("Name of the new unit in Persian"), max_length=40)
    name_en = forms.CharField(label=_lazy("Name of the new unit in English"), max_length=40)
    rial = WholeField(
        label=_lazy("Rial of today in one new unit"),
        min_value=2,
        max_value=10**9,
        initial=10_000,
        help_text=_lazy("Four zeros less: 10,000."),
    )
    starts_on = DayField(label=_lazy("First day"))
    both_until = DayField(
        label=_lazy("Both units are shown until"),
        help_text=_lazy("From the first day until this one, toman stands beside the new unit."),
    )
    source = forms.CharField(label=_lazy("Source"), max_length=200, help_text=_lazy("The law or decree and its day."))


@seated(Role.Name.AGENT)
def money_unit(request: HttpRequest) -> HttpResponse:
    """The unit in which amounts are written, and a coming change of it."""
    seat = Seat.of(request)
    assert seat is not None
    today = timezone.localdate()
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            redenomination.announce(by=seat.person, cluster=seat.cluster, today=today, **form.cleaned_data)
        except redenomination.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The new unit is announced. No stored amount changes."))
            return redirect("money_unit")
    coming = Redenomination.objects.filter(cluster=seat.cluster).first()
    context = {"form": form, "change": coming, "has_begun": coming is not None and coming.starts_on <= today}
    return render(request, "site/money_unit.html", context)


@require_POST
@seated(Role.Name.AGENT)
def call_off_money_unit(request: HttpRequest) -> HttpResponse:
    """Take back a change of the unit that has not begun."""
    seat = Seat.of(request)
    assert seat is not None
    try:
        redenomination.call_off(by=seat.person, cluster=seat.cluster, today=timezone.localdate())
    except redenomination.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The change is taken back."))
    return redirect("money_unit")


@seated(Role.Name.AGENT, Role.Name.AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """What was done in the cluster, by whom and when."""
    seat = Seat.of(request)
    assert seat is not None
    records = AuditRecord.objects.filter(cluster=seat.cluster).select_related("person").order_by("-at", "-pk")
    subject = request.GET.get("subject", "").strip()
    if subject:
        records = records.filter(subject__startswith=subject)
    page = Paginator(records, 50).get_page(request.GET.get("page"))
    return render(request, "site/trail.html", {"page_obj": page, "subject": subject})


def _error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context = {"reference": getattr(request, "reference", "")}
    return HttpResponse(loader.render_to_string(template, context, request), status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for somebody in the wrong seat."""
    return _error(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not there, or not for this person."""
    return _error(request, "404.html", 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open too long."""
    return _error(request, "403_csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own fault. It asks the database for nothing."""
    text = loader.render_to_string("500.html", {"reference": getattr(request, "reference", "")})
    return HttpResponse(text, status=500)
