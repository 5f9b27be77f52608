"""Telling the database in plain SQL, past models and services, to see what it refuses."""

from typing import Any

from django.db import IntegrityError, connection, models, transaction


def change(thing: models.Model, **columns: Any) -> None:
    """Change columns in plain SQL, past the models and services."""
    values = {name: getattr(value, "pk", value) for name, value in columns.items()}
    assignments = ", ".join(f"{name} = %s" for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {thing._meta.db_table} SET {assignments} WHERE id = %s", [*values.values(), thing.pk])
        assert cursor.rowcount == 1


def refusing(thing: models.Model, **columns: Any) -> str:
    """The constraint that refuses the change; empty when none does."""
    try:
        change(thing, **columns)
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return ""
