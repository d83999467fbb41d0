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
from django.views.decorators.http import require_GET, require_POST

from kandoo import __version__
from kandoo.register.access import SESSION_SEAT, Seat, seated, seats_of
from kandoo.register.models import Person, Role
from kandoo.site import language, notices
from kandoo.site.models import AuditRecord

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
