"""The Celery app: what happens later. The broker is only a bell; what is due stands in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotelrecords.settings")

app = Celery("hotelrecords")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
