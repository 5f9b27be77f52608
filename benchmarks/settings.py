"""The product's settings, with the plaintext twin's pages beside the product's own."""

from hotelrecords.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
SECURE_SSL_REDIRECT = False
