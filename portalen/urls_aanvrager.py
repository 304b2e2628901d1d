"""Pages of applicants; all of them ask to log in."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from portalen.views import (
    aanvraagstand,
    aanvraagstap,
    aanvragen,
    organisatie,
    stap_bijlagen,
    uitvoering_aanvrager,
)


class Vorm(StringConverter):
    """How a document is given."""

    regex = "pdf|html"


register_converter(Vorm, "documentvorm")

urlpatterns = [
    path("mijn-aanvragen/", aanvragen.mijn_aanvragen, name="mijn_aanvragen"),
    path("organisatie/nieuw/", organisatie.organisatie_nieuw, name="organisatie_nieuw"),
    path("organisatie/<uuid:pk>/", organisatie.organisatie, name="organisatie"),
    path("aanvragen/nieuw/<slug:sleutel>/", aanvragen.aanvraag_nieuw, name="aanvraag_nieuw"),
    path("aanvragen/<uuid:pk>/", aanvragen.aanvraag, name="aanvraag"),
    path("aanvragen/<uuid:pk>/stap/<slug:stap>/", aanvraagstap.aanvraag_stap, name="aanvraag_stap"),
    path("aanvragen/<uuid:pk>/controleren/", aanvragen.controleren, name="aanvraag_controleren"),
    path("aanvragen/<uuid:pk>/versturen/", aanvragen.versturen, name="aanvraag_versturen"),
    path("aanvragen/<uuid:pk>/bijlagen/<int:bijlage>/", stap_bijlagen.aanvraag_bijlage, name="aanvraag_bijlage"),
    path("aanvragen/<uuid:pk>/ontvangst/", aanvraagstand.ontvangst, name="aanvraag_ontvangst"),
    path(
        "aanvragen/<uuid:pk>/ontvangst/<documentvorm:vorm>/",
        aanvraagstand.ontvangst_bestand,
        name="aanvraag_ontvangst_bestand",
    ),
    path("aanvragen/<uuid:pk>/aanvulling/", aanvraagstand.aanvulling, name="aanvraag_aanvulling"),
    path("aanvragen/<uuid:pk>/intrekken/", aanvraagstand.intrekken, name="aanvraag_intrekken"),
    path("aanvragen/<uuid:pk>/besluit/<uuid:besluit>/<documentvorm:vorm>/", aanvraagstand.brief, name="aanvraag_brief"),
    path("aanvragen/<uuid:pk>/voucher/", uitvoering_aanvrager.voucher, name="aanvraag_voucher"),
    path("aanvragen/<uuid:pk>/declaratie/", uitvoering_aanvrager.declaratie, name="aanvraag_declaratie"),
    path(
        "aanvragen/<uuid:pk>/declaratie/indienen/",
        uitvoering_aanvrager.declaratie_versturen,
        name="aanvraag_declaratie_indienen",
    ),
    path(
        "aanvragen/<uuid:pk>/declaratie/stukken/",
        uitvoering_aanvrager.declaratie_stukken,
        name="aanvraag_declaratie_stukken",
    ),
    path(
        "aanvragen/<uuid:pk>/declaratie/<int:regel>/verwijderen/",
        uitvoering_aanvrager.kostenregel_weg,
        name="aanvraag_kostenregel_weg",
    ),
    path("aanvragen/<uuid:pk>/declaratie/<int:regel>/factuur/", uitvoering_aanvrager.factuur, name="aanvraag_factuur"),
]
