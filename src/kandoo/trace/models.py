"""The public page of an order's part of a lot, fixed when it is delivered."""

from django.db import models


class TracePage(models.Model):
    """What anybody may see behind the QR code: areas, tests, dates, shares. No name, no price."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="+")
    lot = models.ForeignKey("selling.Lot", models.PROTECT, related_name="trace_pages")
    order = models.ForeignKey("selling.Order", models.PROTECT, related_name="trace_pages")
    token = models.CharField(max_length=32, unique=True)  # unguessable; the address on the label
    content = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "order"], name="trace_page_once")]

    def __str__(self) -> str:
        return self.token
