"""The app's configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class StaysConfig(AppConfig):
    """Stays."""

    name = "stays"
    verbose_name = _("Stays")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the purposes to look for and the marks of stays of every room."""
        autodiscover_modules("actions")  # first, in the order of the rooms: of two words for a code the last is told
        autodiscover_modules("purposes")
        autodiscover_modules("marks")
