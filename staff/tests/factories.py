"""People, properties and shifts for tests."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from staff import second_factor
from staff.models import Enrolment, Person, Post, Property
from staff.services import found_property

PASSWORD = "welcome to the desk"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# The hash of PASSWORD, made once and shared.
_HASH: list[str] = []


class PropertyFactory(DjangoModelFactory[Property]):
    """A property with a post for every role."""

    class Meta:
        model = Property

    code = factory.Sequence(lambda n: f"hotel-{n}")
    name_en = factory.LazyAttribute(lambda it: f"{it.code.title()} Hotel")
    name_zh = factory.LazyAttribute(lambda it: f"{it.code} 酒店")

    @classmethod
    def _create(cls, model_class: type[Property], *args: Any, **facts: Any) -> Property:
        return found_property(**facts)


class PersonFactory(DjangoModelFactory[Person]):
    """A person with password and authenticator app; ``roles={property: [role, …]}`` gives posts."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    staff_number = factory.Sequence(lambda n: f"staff-{n}")
    name = factory.Sequence(lambda n: f"李伟{n}")
    latin_name = factory.Sequence(lambda n: f"Li Wei {n}")
    language = "en"
    enrolled_at = factory.LazyFunction(timezone.now)
    password = factory.LazyFunction(lambda: _hashed())

    @factory.post_generation
    def roles(self: Person, create: bool, given: dict[Property, list[str]] | None, **_: Any) -> None:  # type: ignore[misc]
        """Give the posts; the account is kept by the first property."""
        for property, names in (given or {}).items():
            posts = Post.objects.filter(property=property, role__in=names)
            self.groups.add(*posts.values_list("group_id", flat=True))
            self.kept_at = self.kept_at or property
        self.save(update_fields=["kept_at"])

    @factory.post_generation
    def app(self: Person, create: bool, secret: str | None | bool = None, **_: Any) -> None:  # type: ignore[misc]
        """An authenticator app with the known secret; ``app=False`` for a person who is not enrolled."""
        if secret is not False:
            second_factor.add_totp(self, secret or SECRET, timezone.now())


class EnrolmentFactory(DjangoModelFactory[Enrolment]):
    """An open enrolment link."""

    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory, app=False)
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timezone.timedelta(hours=1))


def _hashed() -> str:
    if not _HASH:
        person = Person()
        person.set_password(PASSWORD)
        _HASH.append(person.password)
    return _HASH[0]
