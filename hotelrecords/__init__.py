"""The site: settings, addresses, engines and whole-system tests. No business rule."""

from hotelrecords.celery import app as celery_app

__all__ = ["celery_app"]
