"""Screens of staff, under ``/werk/``."""

from django.urls import path

from kern.enums import Rol
from portalen import bulk
from portalen.toegang import rol_vereist
from portalen.views import (
    beheer,
    besluiten,
    betalingen,
    evaluatie,
    loting,
    tijdvakken,
    werklijst,
    zaak,
    zaak_besluit,
    zaak_bestanden,
    zaak_declaratie,
)

resultaat = rol_vereist(Rol.BEHANDELAAR, Rol.BESLISSER, Rol.FINANCIEEL)(bulk.resultaat)
ZAAK = "zaken/<uuid:pk>/"
RONDE = "tijdvakken/<slug:sleutel>/"

urlpatterns = [
    path("lijst/", werklijst.werklijst, name="werklijst"),
    path("lijst/bulk/", werklijst.werklijst_bulk, name="werklijst_bulk"),
    path("resultaat/<str:sleutel>/", resultaat, name="bulk_resultaat"),
    path(ZAAK, zaak.zaak, name="zaak"),
    path(f"{ZAAK}stap/<slug:stap>/", zaak.zaak_stap, name="zaak_stap"),
    path(f"{ZAAK}toetsen/<slug:code>/", zaak.zaak_toets, name="zaak_toets"),
    path(f"{ZAAK}aanvulling/", zaak.zaak_aanvulling, name="zaak_aanvulling"),
    path(f"{ZAAK}verder/", zaak.zaak_verder, name="zaak_verder"),
    path(f"{ZAAK}besluit/<slug:soort>/", zaak_besluit.zaak_besluit, name="zaak_besluit"),
    path(f"{ZAAK}declaratie/", zaak_declaratie.zaak_declaratie, name="zaak_declaratie"),
    path(f"{ZAAK}vaststelling/", zaak_besluit.zaak_vaststelling, name="zaak_vaststelling"),
    path(f"{ZAAK}bijlagen/<int:bijlage>/", zaak_bestanden.zaak_bijlage, name="zaak_bijlage"),
    path(f"{ZAAK}facturen/<int:regel>/", zaak_bestanden.zaak_factuur, name="zaak_factuur"),
    path(f"{ZAAK}brieven/<uuid:besluit>.<str:vorm>", zaak_bestanden.zaak_brief, name="zaak_brief"),
    path(f"{ZAAK}spoor/", zaak_bestanden.zaak_spoor, name="zaak_spoor"),
    path("besluiten/", besluiten.besluiten, name="besluiten"),
    path("besluiten/bulk/", besluiten.besluiten_bulk, name="besluiten_bulk"),
    path("besluiten/<uuid:pk>/", besluiten.besluit, name="besluit"),
    path("besluiten/<uuid:pk>/<slug:stap>/", besluiten.besluit_stap, name="besluit_stap"),
    path("tijdvakken/", tijdvakken.tijdvakken, name="tijdvakken"),
    path(RONDE, tijdvakken.tijdvak, name="tijdvak"),
    path(f"{RONDE}publiceren/", tijdvakken.publiceren, name="tijdvak_publiceren"),
    path(f"{RONDE}verlengen/", tijdvakken.verlengen, name="tijdvak_verlengen"),
    path(f"{RONDE}plafond/", tijdvakken.ophogen, name="tijdvak_ophogen"),
    path(f"{RONDE}loting/", loting.loting, name="loting"),
    path(f"{RONDE}loting/bronnen/", loting.loting_bronnen, name="loting_bronnen"),
    path(f"{RONDE}loting/uitslag/", loting.loting_uitslag, name="loting_uitslag"),
    path(f"{RONDE}loting/<slug:stap>/", loting.loting_stap, name="loting_stap"),
    path("lotingen/<uuid:pk>/bewijs.zip", loting.loting_bewijs, name="loting_bewijs"),
    path("lotingen/<uuid:pk>/bestanden/<str:naam>", loting.loting_bestand, name="loting_bestand"),
    path("betalingen/", betalingen.betalingen, name="betalingen"),
    path("betalingen/bulk/", betalingen.betalingen_bulk, name="betalingen_bulk"),
    path("betalingen/lijst/", betalingen.betaallijst_nieuw, name="betaallijst_nieuw"),
    path("betalingen/lijst/<int:nummer>.csv", betalingen.betaallijst, name="betaallijst"),
    path("evaluatie/", evaluatie.evaluatie, name="evaluatie"),
    path("evaluatie/<uuid:pk>/", evaluatie.export, name="export"),
    path("beheer/", beheer.beheer, name="beheer"),
    path("beheer/proef/", beheer.beheer_proef, name="beheer_proef"),
    path("beheer/rol/", beheer.beheer_rol, name="beheer_rol"),
]
