"""Who works here: people, how they enrol, their shifts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .houses import Property, is_chinese

staff_number_rule = RegexValidator(
    r"\A[a-z0-9][a-z0-9-]{1,31}\Z",
    _("Use 2 to 32 small letters, digits and hyphens, beginning with a letter or digit."),
)


class PersonQuerySet(models.QuerySet["Person"]):
    """People as administrators ask for them."""

    def at(self, properties: Iterable[Property]) -> Self:
        """Those whose account is kept at one of the properties, or who hold a post there."""
        ids = [one.pk for one in properties]
        holders = Q(groups__post__property__in=ids)
        return self.filter(Q(kept_at__in=ids) | Q(pk__in=self.model.objects.filter(holders).values("pk")))

    def holding(self, role: str, property: Property | OuterRef) -> Self:
        """Those who hold the role at the property and may sign in."""
        return self.filter(is_active=True, groups__post__role=role, groups__post__property=property)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Makes people; there is no superuser here."""

    def create_user(self, staff_number: str, password: str | None = None, **fields: Any) -> Person:
        """Store a person; without a password nobody can sign in as them until they enrol."""
        person: Person = self.model(staff_number=staff_number.lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this staff number, in whatever case it was typed."""
        person: Person = self.get(staff_number=(username or "").lower())
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """One who works here and signs in. ``str()`` is the staff number, never the name."""

    class Language(models.TextChoices):
        """The languages a person may work in."""

        EN = "en", "English"
        ZH_HANS = "zh-hans", "简体中文"

    staff_number = models.CharField(_("staff number"), max_length=32, unique=True, validators=[staff_number_rule])
    name = models.CharField(_("name"), max_length=80)
    latin_name = models.CharField(_("name in Latin letters"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.ZH_HANS)
    is_active = models.BooleanField(_("active"), default=True)
    enrolled_at = models.DateTimeField(_("enrolled at"), null=True, blank=True)
    kept_at = models.ForeignKey(
        Property,
        on_delete=models.PROTECT,
        null=True,
        related_name="accounts",
        verbose_name=_("property that keeps the account"),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "staff_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        default_permissions = ()
        ordering = ("staff_number",)
        constraints = (
            models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_has_every_right"),
            models.CheckConstraint(condition=Q(staff_number=Lower("staff_number")), name="staff_number_is_lower"),
        )

    def __str__(self) -> str:
        return self.staff_number

    def get_full_name(self) -> str:
        """The name as the person's colleagues read it in the active language."""
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the active language: the Latin name, where there is one, outside Chinese."""
        return self.name if is_chinese() or not self.latin_name else self.latin_name


class Shift(models.Model):
    """A person on duty at a property and terminal. Explains why a look makes sense (audit.md, E1)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("person"))
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("property"))
    terminal = models.CharField(_("terminal"), max_length=40)
    session_ref = models.UUIDField(_("session"), unique=True)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        default_permissions = ()
        ordering = ("-opened_at",)
        indexes = (models.Index(fields=("person", "-opened_at"), name="shifts_by_person"),)

    def __str__(self) -> str:
        return str(self.session_ref)


class Enrolment(models.Model):
    """A link given once to a person, with which they choose a password. Only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("person"))
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
