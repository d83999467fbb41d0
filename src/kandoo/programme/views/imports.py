"""A table of clusters brought in: the template, the check, all faults at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme import actions, importing
from kandoo.programme.access import at_desk
from kandoo.programme.forms.files import TableForm
from kandoo.programme.reading import number
from kandoo.site import tables
from kandoo.site.lists import asker, words_of

FAULTS_SHOWN = 100


@at_desk("officer")
def import_page(request: HttpRequest) -> HttpResponse:
    """Check a table whole and write it, or show every fault and write nothing."""
    form = TableForm(request.POST or None, request.FILES or None)
    context = {"form": form, "columns": list(importing.COLUMNS.values())}
    if request.method != "POST" or not form.is_valid():
        return render(request, "programme/import.html", context)
    sent = form.cleaned_data["file"]
    try:
        found = actions.import_files(
            seat=asker(request), name=sent.name, content=sent.read(), today=timezone.localdate(), now=timezone.now()
        )
    except actions.Faulty as problem:
        context |= {"faults": problem.faults[:FAULTS_SHOWN], "all": len(problem.faults), "name": sent.name}
        return render(request, "programme/import.html", context)
    except (actions.NotPossible, tables.UnreadableTable) as problem:
        form.add_error("file", words_of(problem))
        return render(request, "programme/import.html", context)
    done = _("Clusters opened: %(opened)s; figures written down: %(counts)s; clusters known before: %(known)s.")
    messages.success(request, done % {
        "opened": number(found.opened), "counts": number(found.counts), "known": number(found.known)
    })  # fmt: skip
    return redirect("programme:files")


@at_desk("officer")
def template(request: HttpRequest) -> HttpResponse:
    """The headings, to be filled in."""
    return tables.as_file(request.GET.get("as", "xlsx"), importing.headings(), [], "clusters")
