"""Pages behind a secret link, for people without an account: referees and advisers."""

from django.urls import path

from portalen.views import adviseurprofiel, referent

urlpatterns = [
    path("referentie/bedankt/", referent.referent_klaar, name="referent_klaar"),
    path("referentie/<str:geheim>/", referent.referent, name="referent"),
    path("referentie/<str:geheim>/code/", referent.referent_code, name="referent_code"),
    path("referentie/<str:geheim>/vragen/", referent.referent_vragen, name="referent_vragen"),
    path("adviseur/<str:geheim>/", adviseurprofiel.adviseur_profiel, name="adviseur_profiel"),
]
