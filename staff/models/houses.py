"""The properties of the house, the rights held at them, the posts that bundle those."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from audit.changes import log_changes_of
from staff.roles import RIGHTS, ROLE_NAMES

region_rule = RegexValidator(
    r"\A[A-Z]{2}-[A-Z0-9]{1,3}\Z", _("Write the region by its ISO 3166-2 code, such as CN-31 for Shanghai.")
)


def check_time_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone of this name."), code="time_zone")


class Jurisdiction(models.TextChoices):
    """Whose law a property works under (policy.md, jurisdiction profiles)."""

    CN = "CN", _("Mainland China")
    HK = "HK", pgettext_lazy("jurisdiction", "Hong Kong")
    SG = "SG", _("Singapore")
    EU = "EU", _("European Union")
    DE = "DE", _("Germany")
    ES = "ES", _("Spain")
    UK = "UK", _("United Kingdom")
    US_CA = "US-CA", _("California")


class Property(models.Model):  # type: ignore[django-manager-missing]
    """One hotel. Carries every right of the house, because a right is held on a property.

    ``region``: the province or state whose rules may differ from those of the jurisdiction, in ISO 3166-2 (CN-31).
    """

    rights_held: models.Manager[PropertyRight]

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    group_name = models.CharField(_("hotel group"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai", validators=[check_time_zone])
    jurisdiction = models.CharField(
        _("jurisdiction"), max_length=8, choices=Jurisdiction.choices, default=Jurisdiction.CN
    )
    region = models.CharField(_("region"), max_length=16, blank=True, validators=[region_rule])
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("property")
        verbose_name_plural = _("properties")
        default_permissions = ()
        permissions = tuple(RIGHTS.items())  # type: ignore[arg-type]  # the stubs know no lazy text here
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def property_id(self) -> int:
        """The property a change of this record belongs to: itself."""
        return self.pk

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_zh if is_chinese() else self.name_en

    @property
    def zone(self) -> ZoneInfo:
        """The property's time zone."""
        return ZoneInfo(self.time_zone)

    def local(self, at: datetime) -> datetime:
        """The moment on the property's own clock."""
        return at.astimezone(self.zone)

    def today(self, at: datetime) -> date:
        """The business day at that moment; it turns at 06:00 on the property's clock (a setting)."""
        return (self.local(at) - timedelta(hours=settings.BUSINESS_DAY_TURNS_AT_HOUR)).date()


class PropertyRight(GroupObjectPermissionBase):
    """A right a group holds on a property: django-guardian's row, with a true foreign key."""

    content_object = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="rights_held")

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = _("right at a property")
        verbose_name_plural = _("rights at properties")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.group_id}:{self.permission_id}"


class Post(models.Model):
    """A role at a property. Whoever is in its group holds the post."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="posts", verbose_name=_("property"))
    role = models.CharField(_("role"), max_length=32, choices=tuple(ROLE_NAMES.items()))
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="post", verbose_name=_("group"))

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        default_permissions = ()
        ordering = ("property", "role")
        constraints = (models.UniqueConstraint(fields=("property", "role"), name="one_post_per_role_and_property"),)

    def __str__(self) -> str:
        return f"{self.property_id}:{self.role}"


def is_chinese() -> bool:
    """Whether the active language is Chinese."""
    return (get_language() or "").startswith("zh")


log_changes_of(Property, "code", "name_en", "name_zh", "group_name", "time_zone", "jurisdiction", "region")
