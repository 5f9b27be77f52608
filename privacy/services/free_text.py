"""Free text in a deed: refused where it holds what looks like a number of a person, whatever form it came by."""

from django.core.exceptions import ValidationError

from stays.free_text import refuse_numbers
from stays.refusals import NotInFreeText


def require_harmless(text: str, *, about: str, field: str = "text") -> None:
    """Raise ``NotInFreeText`` when the text looks personal; ``about`` and ``field`` say where it stands."""
    try:
        refuse_numbers(text)
    except ValidationError as reason:
        raise NotInFreeText(reason.message, object_type=about, field=field) from reason
