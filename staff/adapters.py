"""What django-allauth asks this house: where a client is, who gets in, which sentences it says, what is recorded."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import services as audit
from staff import locking, permissions
from staff.actions import SIGN_IN_FAILED, SIGNED_IN, SIGNED_OUT
from staff.addresses import client_address
from staff.models import Person
from staff.services import sessions
from vault import services as vault

NOWHERE = "0.0.0.0"  # noqa: S104  # stands for an address nobody could tell, where a column or a limit needs one

TOO_MANY = gettext_lazy("Too many attempts. Wait five minutes, then try again or ask your administrator.")
WRONG_PASSWORD = gettext_lazy("The staff number or the password is not right.")
WRONG_CODE = gettext_lazy("The code is not right, or was used before. Wait for the next one.")


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and out."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "username_password_mismatch": WRONG_PASSWORD,
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Never allauth's own: it stores the form that was sent. ``staff.stepping_up`` asks instead."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address, or a stand-in; never an error."""
        return client_address(request) or NOWHERE

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person these words belong to. A deactivated account answers like one that does not exist."""
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return person if person and person.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the failure, naming the account only where it exists: what was typed may be a password."""
        known = Person.objects.filter(staff_number=str(credentials.get("username", "")).lower()[:32]).first()
        record_failure(known, factor="password")

    def login(self, request: HttpRequest, user: Person) -> None:
        """Begin the session."""
        super().login(request, user)
        locking.begin(request)
        audit.record_look(SIGNED_IN, who=permissions.who_of_account(user))

    def logout(self, request: Any) -> None:
        """Close the shift and end the session."""
        who = permissions.who_of_account(request.user)
        sessions.close_shift_of(request.session, at=timezone.now())
        super().logout(request)
        audit.record_look(SIGNED_OUT, who=who)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """A passkey of a deactivated account leads back to the first page."""
        messages.error(request, _("You cannot sign in with this passkey."))
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Pass on errors; the pages themselves say what worked."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: the log tells what was done to an account."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        """Secrets and seeds of codes are sealed before they are stored."""
        return vault.seal_credential(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What ``encrypt`` sealed. Raises SealBroken when it was changed."""
        return vault.open_credential(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name beside the account in the app."""
        return str(settings.SITE_NAME)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return str(user)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name for a new passkey, which its owner may change."""
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}


def record_failure(person: Person | None, *, factor: str) -> None:
    """Record that a proof (``password``, ``totp``, ``webauthn``) for the account, if there is such, was wrong."""
    audit.record_look(
        SIGN_IN_FAILED,
        who=audit.Who(property=person.kept_at_id if person else None),
        outcome="denied",
        object_type="person" if person else "",
        object_ref=person.staff_number if person else "",
        fields=[factor],
    )
