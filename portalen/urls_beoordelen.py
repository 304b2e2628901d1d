"""Screens of committees, under ``/werk/``."""

from django.urls import path

from portalen import omzetters  # noqa: F401  (registers the kinds of part that an address may have)
from portalen.views import beoordelen, commissie, commissie_aanvraag, commissie_toewijzen, vergaderingen

RONDE = "tijdvakken/<slug:sleutel>/commissie/"
EIGEN = "beoordelen/<int:pk>/"
ZAAK = "commissie/aanvragen/<uuid:pk>/"
VERGADERING = "vergaderingen/<int:pk>/"

urlpatterns = [
    path("beoordelen/", beoordelen.beoordelen, name="beoordelen"),
    path(EIGEN, beoordelen.beoordeling, name="beoordeling"),
    path(f"{EIGEN}klad/", beoordelen.beoordeling_klad, name="beoordeling_klad"),
    path(f"{EIGEN}bijlagen/<int:bijlage>/", beoordelen.beoordeling_bijlage, name="beoordeling_bijlage"),
    path(f"{EIGEN}<slug:stap>/", beoordelen.beoordeling_stap, name="beoordeling_stap"),
    path(RONDE, commissie.commissie, name="commissie"),
    path(f"{RONDE}instellen/", commissie.instellen, name="commissie_instellen"),
    path(f"{RONDE}benoemen/", commissie.benoemen, name="commissie_benoemen"),
    path(f"{RONDE}toewijzen/", commissie_toewijzen.toewijzen, name="commissie_toewijzen"),
    path(f"{RONDE}termijn/", commissie.termijn, name="commissie_termijn"),
    path(f"{RONDE}vaststellen/", commissie.vaststellen, name="commissie_vaststellen"),
    path(f"{RONDE}kalibratie/", commissie.kalibratie, name="commissie_kalibratie"),
    path(f"{RONDE}scores.csv", commissie.scores_csv, name="commissie_scores"),
    path(f"{RONDE}vergadering/", vergaderingen.vergadering_nieuw, name="vergadering_nieuw"),
    path("commissie/leden/<int:pk>/", commissie.lid, name="commissie_lid"),
    path(ZAAK, commissie_aanvraag.aanvraag, name="commissie_aanvraag"),
    path(f"{ZAAK}<slug:stap>/", commissie_aanvraag.aanvraag_stap, name="commissie_aanvraag_stap"),
    path(VERGADERING, vergaderingen.vergadering, name="vergadering"),
    path(f"{VERGADERING}notulen.<str:vorm>", vergaderingen.notulen, name="notulen"),
    path(f"{VERGADERING}punten/<int:punt>/", vergaderingen.agendapunt, name="agendapunt"),
    path(f"{VERGADERING}punten/<int:punt>/<slug:stap>/", vergaderingen.agendapunt_stap, name="agendapunt_stap"),
    path(f"{VERGADERING}<slug:stap>/", vergaderingen.vergadering_stap, name="vergadering_stap"),
]
