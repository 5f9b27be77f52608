"""The addresses of guests' requests. The name of each is the name of its view and of its template."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
