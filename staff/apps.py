"""The app's configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Staff."""

    name = "staff"
    verbose_name = _("Staff")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load ``duties.py`` and ``detection.py`` of every app."""
        autodiscover_modules("duties")
        autodiscover_modules("detection")
