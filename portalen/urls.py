"""Pages for people. Every page has a trailing slash; each role has its own file of urls."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/tweede-factor/", include("allauth.mfa.urls")),
    path("account/eherkenning/", include("portalen.eherkenning.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(("portalen.urls_portaal", "portalen"), namespace="portalen")),
]

handler400 = "portalen.views.fouten.fout_400"
handler403 = "portalen.views.fouten.fout_403"
handler404 = "portalen.views.fouten.fout_404"
handler500 = "portalen.views.fouten.fout_500"
