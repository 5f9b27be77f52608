"""The product's addresses, and beside them those of the plaintext twin."""

from django.urls import include, path

from hotelrecords.urls import handler400, handler403, handler404, handler500
from hotelrecords.urls import urlpatterns as product

urlpatterns = [*product, path("twin/", include("benchmarks.twin.urls"))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
