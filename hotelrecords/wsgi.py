"""What the web server serves; it refuses to start with an unsafe combination of settings."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from hotelrecords.checks import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotelrecords.settings")

application = get_wsgi_application()
refuse_unsafe_settings()
# What was loaded to start stays until the end: looking through it again for garbage stopped a page for 0.1 s at times.
# What a page leaves in cycles is little: looking for it once in some ten pages is often enough.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
