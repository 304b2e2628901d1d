"""The namespace ``portalen``: public pages, applicants, staff."""

from django.urls import include, path

urlpatterns = [
    path("", include("portalen.urls_publiek")),
    path("", include("portalen.urls_referent")),
    path("", include("portalen.urls_toegang")),
    path("", include("portalen.urls_aanvrager")),
    path("werk/", include("portalen.urls_medewerker")),
]
