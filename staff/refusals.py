"""How a refused deed comes back to the person who typed: as a reason on the form, with a row in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.http import HttpRequest

from audit import services as audit


class Form(Protocol):
    """What takes a reason: a form, or several that are shown as one."""

    @property
    def fields(self) -> Any:
        """The names a reason may belong to."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Put a reason beside a field, or above all of them."""


@contextmanager
def refused_to(form: Form, request: HttpRequest) -> Iterator[None]:
    """Do a deed inside; when it is refused, record that and put its sentence on the form, nothing typed being lost.

    A refusal about rights (403) or a thing that is not there (404) is no matter of the form and goes on upward.
    """
    try:
        yield
    except audit.Refused as refusal:
        if refusal.status in (403, 404):
            raise
        audit.record_refusal(refusal, who=_who(request))
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _who(request: Any) -> audit.Who:
    who: audit.Who = request.who
    return who
