"""The app's configuration."""

from django.apps import AppConfig
from django.core import checks as system_checks
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from audit.checks import check_log_is_guarded


class AuditConfig(AppConfig):
    """What happened: loads every app's action codes and guards the log's tables."""

    name = "audit"
    verbose_name = _("Access log")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load ``actions.py`` of every app and register the database check."""
        autodiscover_modules("actions")
        system_checks.register(check_log_is_guarded, system_checks.Tags.database)
