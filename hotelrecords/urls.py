"""Every address of the product: what the rooms below publish, and the site's own health pages."""

from django.urls import include, path

from hotelrecords import views

urlpatterns = [
    path("health/live", views.health_live, name="health_live"),
    path("health/ready", views.health_ready, name="health_ready"),
    path("", include("staff.urls")),
    path("", include("stays.urls")),
    path("", include("privacy.urls")),
]

handler400 = "hotelrecords.views.bad_request"
handler403 = "hotelrecords.views.not_allowed"
handler404 = "hotelrecords.views.not_found"
handler500 = "hotelrecords.views.server_error"
