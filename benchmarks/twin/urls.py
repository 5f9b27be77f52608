"""Addresses of the twin."""

from django.urls import path

from benchmarks.twin import views

urlpatterns = [
    path("desk/", views.front_desk, name="twin_front_desk"),
    path("desk/search/", views.search, name="twin_search"),
    path("stays/<str:reference>/", views.stay, name="twin_stay"),
    path("nothing/", views.nothing, name="twin_nothing"),
]
