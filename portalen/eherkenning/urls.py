"""Logging in with eHerkenning; without configuration these pages do not exist."""

from django.urls import include, path

from portalen.eherkenning import views

urlpatterns = [
    path("inloggen/", views.inloggen, name="eherkenning_login"),
    path("terug/", views.terug, name="eherkenning_callback"),
    path("", include("allauth.socialaccount.urls")),
]
