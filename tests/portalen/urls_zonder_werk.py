"""Urls of an installation without screens for staff."""

from django.urls import include, path

from portalen import urls_aanvrager, urls_publiek

_portaal = ([*urls_publiek.urlpatterns, *urls_aanvrager.urlpatterns], "portalen")
urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(_portaal, namespace="portalen")),
]
