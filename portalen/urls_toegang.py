"""Logging in and staying logged in: what belongs to no role."""

from django.urls import path

from portalen.views import sessie

urlpatterns = [
    path("sessie/", sessie.sessie, name="sessie"),
    path("sessie/herstel/", sessie.sessie_herstel, name="sessie_herstel"),
    path("tweede-stap/", sessie.tweede_stap, name="tweede_stap"),
]
