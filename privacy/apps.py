"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Guests' requests about their records."""

    name = "privacy"
    verbose_name = _("Requests of guests")
    default_auto_field = "django.db.models.BigAutoField"
