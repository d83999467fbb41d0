"""Who is in a cluster: enterprises and institutions, their sites, memberships, people and roles."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kandoo.register import places
from kandoo.site.language import fold, sort_key


class Person(AbstractUser):
    """Somebody who signs in. What they may do comes from their roles."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name_fa = models.CharField(_("Name in Persian"), max_length=120, blank=True)
    name_en = models.CharField(_("Name in English"), max_length=120, blank=True)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    added_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    def get_full_name(self) -> str:
        first, second = (self.name_fa, self.name_en)
        if (get_language() or "fa").startswith("en"):
            first, second = second, first
        return first or second or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def __str__(self) -> str:
        return self.get_full_name()


class Cluster(models.Model):
    """A tenant: firms of one place that work as one network, or the programme that develops such clusters."""

    class Kind(models.TextChoices):
        CLUSTER = "cluster", _("Cluster")
        PROGRAMME = "programme", _("Programme of cluster development")

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.CLUSTER)
    code = models.SlugField(max_length=60, unique=True)
    name_fa = models.CharField(_("Name in Persian"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=120, blank=True)
    profile = models.SlugField(_("Product profile"), max_length=40, blank=True)  # a programme has none
    province = models.CharField(_("Province (ISO 3166-2)"), max_length=6, blank=True)  # IR-15; a programme has none
    place_fa = models.CharField(_("Place in Persian"), max_length=120, blank=True)
    place_en = models.CharField(_("Place in English"), max_length=120, blank=True)
    counties = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # keys of the boundary file
    started_on = models.DateField(_("Started on"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        english = (get_language() or "fa").startswith("en")
        return (self.name_en or self.name_fa) if english else self.name_fa


class NamedRow(models.Model):
    """A row with a Persian and an English name, found under a folded key, listed in Persian order."""

    name_fa = models.CharField(_("Name in Persian"), max_length=160)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)
    search_key = models.CharField(max_length=400, editable=False, db_index=True)
    sort_key = models.CharField(max_length=200, editable=False, db_collation="C")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        english = (get_language() or "fa").startswith("en")
        return (self.name_en or self.name_fa) if english else self.name_fa

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Make the keys from the names; bulk writers call it themselves."""
        self.search_key = f"{fold(self.name_fa)} {fold(self.name_en)}"
        self.sort_key = sort_key(self.name_fa)[:200]


class Enterprise(NamedRow):
    """A firm or an institution of the cluster, commercial or not."""

    class Form(models.TextChoices):
        FIRM = "firm", _("Firm")
        INSTITUTION = "institution", _("Institution")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="enterprises")
    form = models.CharField(_("Form"), max_length=12, choices=Form, default=Form.FIRM)
    is_commercial = models.BooleanField(_("Commercial"), default=True)
    stage = models.CharField(_("Stage of the value chain"), max_length=40)  # a code of the profile
    workers = models.PositiveIntegerField(_("Workers"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["cluster", "sort_key"]), models.Index(fields=["cluster", "stage"])]


class Particulars(models.Model):
    """What of an enterprise is its own and the agent's: a table apart, because rows are what is hidden."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+")
    enterprise = models.OneToOneField(Enterprise, models.CASCADE, related_name="particulars")
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    sheba = models.CharField(_("Sheba (IBAN)"), max_length=26, blank=True)
    note = models.TextField(_("Remark"), blank=True)

    def __str__(self) -> str:
        return f"particulars of {self.enterprise_id}"


class Identifier(models.Model):
    """A number by which others know an enterprise: national id, apiary code, GLN."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("Scheme"), max_length=40)  # a code of the profile
    value = models.CharField(_("Value"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "scheme", "value"], name="identifier_once_in_cluster"),
            models.UniqueConstraint(fields=["enterprise", "scheme"], name="one_value_per_scheme"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class Site(NamedRow):
    """A place where an enterprise works: an apiary, a plant, a store, an office."""

    class Kind(models.TextChoices):
        APIARY = "apiary", _("Apiary")
        PLANT = "plant", _("Plant")
        STORE = "store", _("Store")
        LABORATORY = "laboratory", _("Laboratory")
        OFFICE = "office", _("Office")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="sites")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="sites")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.APIARY)
    latitude = models.DecimalField(_("Latitude (degrees)"), max_digits=8, decimal_places=5)
    longitude = models.DecimalField(_("Longitude (degrees)"), max_digits=8, decimal_places=5)
    county = models.CharField(_("County"), max_length=60, blank=True)  # key of the boundary file
    hives = models.PositiveIntegerField(_("Hives"), null=True, blank=True)
    hives_on = models.DateField(_("Hives counted on"), null=True, blank=True)
    hives_source = models.CharField(_("Source of the count"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(latitude__range=(-90, 90)), name="site_latitude"),
            models.CheckConstraint(condition=Q(longitude__range=(-180, 180)), name="site_longitude"),
        ]
        indexes = [models.Index(fields=["cluster", "county"])]


class Membership(models.Model):
    """The days on which an enterprise belongs to the cluster; the last day is not included."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="memberships")
    joined_on = models.DateField(_("Joined on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    reason = models.CharField(_("Reason for leaving"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gt=F("joined_on")), name="membership_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="membership_never_twice_at_once",
                expressions=[
                    ("enterprise", RangeOperators.EQUAL),
                    (
                        Func(
                            F("joined_on"),
                            F("left_on"),
                            RangeBoundary(),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} from {self.joined_on}"


class Role(models.Model):
    """What a person does in a cluster, for which enterprise, and when."""

    class Name(models.TextChoices):
        AGENT = "agent", _("Cluster development agent")
        MEMBER = "member", _("Member")
        SUPPLIER = "supplier", _("Supplier")
        LABORATORY = "laboratory", _("Laboratory")
        BUYER = "buyer", _("Buyer")
        OFFICER = "officer", _("Programme officer")
        AUDITOR = "auditor", _("Auditor")
        CONTROLLER = "controller", _("Controller")
        SUPERVISOR = "supervisor", _("Technical supervisor")
        COMMITTEE = "committee", _("Committee member")

    OF_AN_ENTERPRISE = (Name.MEMBER, Name.SUPPLIER, Name.LABORATORY, Name.BUYER)
    OF_A_PROGRAMME = (Name.OFFICER, Name.AUDITOR, Name.CONTROLLER, Name.SUPERVISOR, Name.COMMITTEE)
    OF_A_CLUSTER = (Name.AGENT, *OF_AN_ENTERPRISE, Name.OFFICER, Name.AUDITOR, Name.CONTROLLER)

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="roles")
    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    role = models.CharField(_("Role"), max_length=12, choices=Name)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="roles")
    province = models.CharField(_("Province"), max_length=6, blank=True)  # in a programme; blank: the whole nation
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["member", "supplier", "laboratory", "buyer"], enterprise__isnull=False)
                | Q(
                    role__in=["agent", "officer", "auditor", "controller", "supervisor", "committee"],
                    enterprise__isnull=True,
                ),
                name="role_names_its_enterprise",
            ),
            models.UniqueConstraint(
                fields=["cluster", "person", "role", "enterprise", "province"],
                nulls_distinct=False,
                name="role_given_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"

    @property
    def province_name(self) -> str:
        """The province the role is held for, in the language of the page; empty where it is of no province."""
        language = "en" if (get_language() or "fa").startswith("en") else "fa"
        return places.name_of(self.province, language) if self.province else ""


class SeasonYield(models.Model):
    """The most a hive plausibly gave in a season; the profile's figure where none is set."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="season_yields")
    season = models.PositiveSmallIntegerField(_("Season (Jalali year)"))
    kg_per_hive = models.DecimalField(_("Plausible yield (kg per hive)"), max_digits=5, decimal_places=1)
    source = models.CharField(_("Source"), max_length=200)
    dated = models.DateField(_("Date of the source"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "season"], name="one_yield_per_season"),
            models.CheckConstraint(condition=Q(kg_per_hive__gt=0), name="yield_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.season}: {self.kg_per_hive} kg"


class ImportDraft(models.Model):
    """An uploaded file on its way: checked whole, doubles decided, then written or thrown away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()  # the cells as read, with the line each came from
    faults = models.JSONField(default=list)
    doubles = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.file_name
