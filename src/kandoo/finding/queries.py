"""The cluster's own apiaries as a list of sites, and where work stands."""

import csv
import io
from datetime import date

from kandoo.finding.models import Job, Study
from kandoo.register import places
from kandoo.register.models import Cluster, Site
from kandoo.register.queries import members_on
from kandoo.site.lists import page_language


def own_apiaries(cluster: Cluster, today: date) -> bytes:
    """A CSV of the members' apiaries with a count of hives: number, county, colonies, place."""
    sites = Site.objects.filter(
        cluster=cluster, kind=Site.Kind.APIARY, hives__isnull=False, enterprise__in=members_on(cluster, today)
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("apiary_id", "district", "colonies", "lat", "lon"))
    for site in sites.order_by("pk"):
        county = places.name_of(site.county, page_language()) if site.county else "–"
        writer.writerow((f"A{site.pk}", county, site.hives, site.latitude, site.longitude))
    return text.getvalue().encode()


def waiting_before(job: Job) -> int:
    """How many of the cluster's studies are measured before this one."""
    return Job.objects.filter(
        cluster=job.cluster_id, state__in=(Job.State.WAITING, Job.State.RUNNING), asked_at__lt=job.asked_at
    ).count()


def is_finished(study: Study) -> bool:
    """Whether there are tables to be shown."""
    return study.work is not None and study.work.state == Job.State.DONE
