"""The site's configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """The site."""

    name = "hotelrecords"
    verbose_name = _("Hotel Records")

    def ready(self) -> None:
        """Register the checks that refuse unsafe combinations."""
        import_module("hotelrecords.checks")
