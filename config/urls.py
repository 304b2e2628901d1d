"""Root urls: the API has no trailing slashes, the portal has."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("api.urls")),
    path("", include("portalen.urls")),
]
