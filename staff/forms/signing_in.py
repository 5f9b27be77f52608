"""Proving who one is: staff number and password, then a code or a passkey."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from staff import second_factor
from staff.adapters import WRONG_CODE, record_failure
from staff.forms.fields import LineField, code_field, password_field
from staff.models import Person

WRONG_PROOF = _("This is not right, or the code was used before. Wait for the next code and try again.")


class SignInForm(LoginForm):
    """Staff number and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = LineField(
            label=_("Staff number"),
            max_length=32,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
        )
        self.fields["password"] = password_field()


class SignInCodeForm(AuthenticateForm):
    """The code after the password. A code counts once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        """Check the code under the rate limit of the account."""
        forgive = check_rate_limit(self.user)
        self.authenticator = second_factor.by_code(self.user, self.cleaned_data["code"])
        if self.authenticator is None:
            record_failure(self.user, factor="totp")
            raise ValidationError(WRONG_CODE, code="incorrect_code")
        forgive()
        return str(self.cleaned_data["code"])


class SignInPasskeyForm(LoginWebAuthnForm):
    """A passkey in place of staff number, password and code."""

    def clean_credential(self) -> Authenticator:
        """The passkey whose answer this is; it stands for all proofs, so its holder was verified too."""
        with _failure_recorded(None), second_factor.passkey_answer():
            second_factor.require_holder_verified(self.cleaned_data["credential"])
            return super().clean_credential()


class SecondStepPasskeyForm(AuthenticateWebAuthnForm):
    """A passkey after the password."""

    def clean_credential(self) -> Authenticator:
        """The person's passkey whose answer this is."""
        with _failure_recorded(self.user), second_factor.passkey_answer():
            return super().clean_credential()


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, as the browser made it."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, user=person, **kwargs)
        self.fields["name"] = LineField(label=_("Name of this passkey"), max_length=60, required=False)
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without a password")
        self.fields["passwordless"].help_text = _("The device then asks for a finger, a face or its own PIN.")

    def clean(self) -> dict[str, Any]:
        """Check the browser's answer to our challenge."""
        with second_factor.passkey_answer():
            typed: dict[str, Any] = super().clean()
        return typed


class ProofForm(forms.Form):
    """A fresh second proof: a code or the answer of a passkey."""

    code = code_field(required=False)
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.authenticator: Authenticator | None = None
        # A passkey can stand in for it, by a button of its own; the code is not something to be left out.
        self.fields["code"].expected = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check everything under the rate limit of the account, and say no more than that it is not right."""
        typed = super().clean() or {}
        if self.errors:
            return typed
        forgive = check_rate_limit(self.person)
        self.authenticator = self._proof(typed)
        if self.authenticator is None:
            record_failure(self.person, factor="totp" if typed.get("code") else "webauthn")
            raise ValidationError(WRONG_PROOF, code="wrong")
        forgive()
        return typed

    def _proof(self, typed: dict[str, Any]) -> Authenticator | None:
        if typed.get("code"):
            return second_factor.by_code(self.person, typed["code"])
        credential = typed.get("credential")
        return second_factor.by_passkey(self.person, credential) if isinstance(credential, dict) else None


class UnlockForm(ProofForm):
    """The same person once more: password and second proof."""

    password = password_field()
    field_order = ("password", "code", "credential")

    def _proof(self, typed: dict[str, Any]) -> Authenticator | None:
        if not self.person.check_password(typed.get("password", "")):
            return None
        return super()._proof(typed)


class NewPasswordForm(forms.Form):
    """A password chosen, typed twice."""

    password = password_field(_("New password"), is_new=True)
    repeated = password_field(_("The same once more"), is_new=True)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = _("At least 12 characters. A sentence of a few words is good.")

    def clean_password(self) -> str:
        """Refuse a password that is short, common or like the account."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        typed = super().clean() or {}
        if typed.get("password") and typed["password"] != typed.get("repeated"):
            self.add_error("repeated", _("The two do not match."))
        return typed


class OwnPasswordForm(NewPasswordForm):
    """A new password in exchange for the old one."""

    old = password_field(_("Present password"))
    field_order = ("old", "password", "repeated")

    def clean_old(self) -> str:
        """Refuse the wrong one, under the rate limit of the account."""
        forgive = check_rate_limit(self.person)
        if not self.person.check_password(self.cleaned_data["old"]):
            raise ValidationError(_("This is not your present password."), code="wrong")
        forgive()
        return str(self.cleaned_data["old"])


class TotpForm(forms.Form):
    """The first code of a new authenticator app; refused when it does not fit the secret shown."""

    code = code_field()

    def __init__(self, *args: Any, person: Person, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.secret = secret
        self.fields["code"].help_text = _("The six digits which the app shows now.")

    def clean_code(self) -> str:
        """Check the code against the secret."""
        forgive = check_rate_limit(self.person, error_key="rate_limited")
        code = str(self.cleaned_data["code"])
        if not second_factor.fits(self.secret, code):
            raise ValidationError(WRONG_CODE, code="incorrect_code")
        forgive()
        return code


@contextmanager
def _failure_recorded(person: Person | None) -> Iterator[None]:
    try:
        yield
    except ValidationError:
        record_failure(person, factor="webauthn")
        raise
