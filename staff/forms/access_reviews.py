"""What a manager decides on one role."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.models import AccessReviewLine
from staff.roles import ROLE_NAMES, lesser_roles

Decision = AccessReviewLine.Decision


class DecisionForm(forms.Form):
    """Keep, lower or remove; lower only where some role holds a part of the rights."""

    decision = forms.ChoiceField(label=_("What becomes of the role"), widget=forms.RadioSelect)
    lowered_to = forms.ChoiceField(label=_("Lower to"), required=False)

    def __init__(self, data: Any = None, *, line: AccessReviewLine) -> None:
        super().__init__(data)
        lesser = lesser_roles(line.role)
        offered = [choice for choice in Decision.choices if lesser or choice[0] != Decision.LOWER]
        self.fields["decision"].choices = offered  # type: ignore[attr-defined]
        self.fields["lowered_to"].choices = [("", "–"), *((role, ROLE_NAMES[role]) for role in lesser)]  # type: ignore[attr-defined]
        self.fields["lowered_to"].expected = True  # type: ignore[attr-defined]
        if not lesser:
            del self.fields["lowered_to"]

    def clean(self) -> dict[str, Any]:
        """Lowering names a role, the others name none."""
        typed = super().clean() or {}
        lowered_to = typed.get("lowered_to", "")
        if typed.get("decision") == Decision.LOWER and not lowered_to:
            self.add_error("lowered_to", _("Choose the role to lower to."))
        return typed | {"lowered_to": lowered_to if typed.get("decision") == Decision.LOWER else ""}
