"""Every field of every table says whether it is personal, of which grade, on which ground, and how it ends."""

from django.apps import apps
from django.db.models import Model

import audit.personal_data
import privacy.personal_data
import staff.personal_data
import stays.personal_data
import vault.personal_data
from audit.personal_data import Fields, Personal
from vault.categories import CLASS_OF, FIELDS, Category

OURS = {"audit", "vault", "staff", "stays", "privacy", "hotelrecords"}
DECLARED: dict[str, Fields] = {
    **audit.personal_data.MODELS,
    **vault.personal_data.MODELS,
    **staff.personal_data.MODELS,
    **staff.personal_data.OF_PACKAGES,
    **stays.personal_data.MODELS,
    **privacy.personal_data.MODELS,
}
GRADES = {"guest": {"basic", "sensitive", "preference", "reference"}, "staff": {"work", "secret", "reference"}}


def fields_of(model: type[Model]) -> set[str]:
    """The names of a model's own columns and its links to many."""
    return {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}


def actual_fields() -> set[tuple[str, str]]:
    """Every (model, field) that is installed, tables of packages included."""
    return {(model._meta.label, name) for model in apps.get_models() for name in fields_of(model)}


def declared_fields() -> set[tuple[str, str]]:
    """Every (model, field) that is classified."""
    return {(label, name) for label, fields in DECLARED.items() for name in fields}


def test_every_field_is_classified() -> None:
    assert sorted(actual_fields() - declared_fields()) == []


def test_no_classification_outlives_its_field() -> None:
    assert sorted(declared_fields() - actual_fields()) == []


def test_each_app_classifies_its_own_models() -> None:
    modules = (
        audit.personal_data,
        vault.personal_data,
        staff.personal_data,
        stays.personal_data,
        privacy.personal_data,
    )
    foreign = [label for one in modules for label in one.MODELS if label.split(".")[0] != one.__package__]
    assert foreign == []


def test_packages_are_classified_apart() -> None:
    assert {label.split(".")[0] for label in staff.personal_data.OF_PACKAGES} & OURS == set()


def test_a_classification_is_complete() -> None:
    said = [one for fields in DECLARED.values() for one in fields.values() if isinstance(one, Personal)]
    assert len(said) > 50
    assert [one for one in said if one.grade not in GRADES[one.of] or not one.basis or not one.ends] == []


def test_every_field_of_every_envelope_is_classified() -> None:
    content = vault.personal_data.CONTENT
    assert set(content) == {str(category) for category in Category}
    assert {name: set(fields) for name, fields in content.items()} == {
        str(category): set(FIELDS.get(category, ())) for category in Category
    }


def test_the_grade_of_a_field_is_the_class_of_its_category() -> None:
    content = vault.personal_data.CONTENT
    graded = {(name, one.grade) for name, fields in content.items() for one in fields.values() if one}
    assert graded == {(name, str(CLASS_OF[Category(name)])) for name, fields in content.items() if fields}
