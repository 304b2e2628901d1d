"""Pages of applicants; all of them ask to log in."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from portalen.views import (
    aanvraagstand,
    aanvraagstap,
    aanvragen,
    aanvullen,
    geschiedenis,
    groep,
    klad,
    mensen,
    organisatie,
    postbus,
    referenties_aanvrager,
    stap_bijlagen,
    uitvoering_aanvrager,
    versturen,
)


class Vorm(StringConverter):
    """How a document is given."""

    regex = "pdf|html"


register_converter(Vorm, "documentvorm")

urlpatterns = [
    path("berichten/", postbus.postbus, name="postbus"),
    path("berichten/voorkeuren/", postbus.voorkeuren, name="berichtvoorkeuren"),
    path("berichten/<uuid:pk>/", postbus.bericht, name="postbus_bericht"),
    path("berichten/<uuid:pk>/gelezen/", postbus.gelezen, name="postbus_gelezen"),
    path("berichten/<uuid:pk>/bijlage/", postbus.bijlage, name="postbus_bijlage"),
    path("mijn-aanvragen/", aanvragen.mijn_aanvragen, name="mijn_aanvragen"),
    path("organisatie/nieuw/", organisatie.organisatie_nieuw, name="organisatie_nieuw"),
    path("organisatie/buitenland/", organisatie.organisatie_buitenland, name="organisatie_buitenland"),
    path("organisatie/<uuid:pk>/", organisatie.organisatie, name="organisatie"),
    path("organisatie/<uuid:pk>/mensen/", mensen.mensen, name="mensen"),
    path("organisatie/<uuid:pk>/mensen/uitnodigen/", mensen.mensen_uitnodigen, name="mensen_uitnodigen"),
    path("organisatie/<uuid:pk>/mensen/<int:nummer>/", mensen.machtiging, name="machtiging"),
    path("organisatie/<uuid:pk>/mensen/<int:nummer>/einde/", mensen.machtiging_einde, name="machtiging_einde"),
    path("organisatie/<uuid:pk>/mensen/<int:nummer>/akkoord/", mensen.machtiging_akkoord, name="machtiging_akkoord"),
    path(
        "organisatie/<uuid:pk>/uitnodigingen/<uuid:uitnodiging>/<slug:stap>/",
        mensen.uitnodiging_stap,
        name="uitnodiging_stap",
    ),
    path("uitnodiging/<str:geheim>/", mensen.uitnodiging, name="uitnodiging"),
    path("organisatie/<uuid:pk>/groep/", groep.organisatie_groep, name="organisatie_groep"),
    path("organisatie/<uuid:pk>/groep/<int:rij>/", groep.organisatie_groep_rij, name="organisatie_groep_rij"),
    path("aanvragen/nieuw/<slug:sleutel>/", aanvragen.aanvraag_nieuw, name="aanvraag_nieuw"),
    path("aanvragen/<uuid:pk>/", aanvragen.aanvraag, name="aanvraag"),
    path("aanvragen/<uuid:pk>/stap/<slug:stap>/", aanvraagstap.aanvraag_stap, name="aanvraag_stap"),
    path("aanvragen/<uuid:pk>/stap/<slug:stap>/klad/", klad.aanvraag_klad, name="aanvraag_klad"),
    path("aanvragen/<uuid:pk>/controleren/", versturen.controleren, name="aanvraag_controleren"),
    path("aanvragen/<uuid:pk>/versturen/", versturen.versturen, name="aanvraag_versturen"),
    path("aanvragen/<uuid:pk>/klaarzetten/", versturen.klaarzetten, name="aanvraag_klaarzetten"),
    path("aanvragen/<uuid:pk>/teruggeven/", versturen.teruggeven, name="aanvraag_teruggeven"),
    path("aanvragen/<uuid:pk>/bijlagen/<int:bijlage>/", stap_bijlagen.aanvraag_bijlage, name="aanvraag_bijlage"),
    path(
        "aanvragen/<uuid:pk>/bijlagen/<int:bijlage>/bekijken/",
        stap_bijlagen.aanvraag_bijlage_bekijken,
        name="aanvraag_bijlage_bekijken",
    ),
    path(
        "aanvragen/<uuid:pk>/bijlagen/<int:bijlage>/bladzijden/<int:nummer>.png",
        stap_bijlagen.aanvraag_bijlage_bladzijde,
        name="aanvraag_bijlage_bladzijde",
    ),
    path("aanvragen/<uuid:pk>/geschiedenis/", geschiedenis.geschiedenis, name="aanvraag_geschiedenis"),
    path("aanvragen/<uuid:pk>/ontvangst/", aanvraagstand.ontvangst, name="aanvraag_ontvangst"),
    path(
        "aanvragen/<uuid:pk>/ontvangst/<documentvorm:vorm>/",
        aanvraagstand.ontvangst_bestand,
        name="aanvraag_ontvangst_bestand",
    ),
    path("aanvragen/<uuid:pk>/aanvulling/", aanvullen.aanvulling, name="aanvraag_aanvulling"),
    path("aanvragen/<uuid:pk>/aanvulling/<int:onderdeel>/", aanvullen.onderdeel, name="aanvraag_aanvulonderdeel"),
    path(
        "aanvragen/<uuid:pk>/aanvulling/<int:onderdeel>/bestand/",
        aanvullen.bestand,
        name="aanvraag_aanvulonderdeel_bestand",
    ),
    path("aanvragen/<uuid:pk>/aanvulling/controleren/", aanvullen.controleren, name="aanvraag_aanvulling_controleren"),
    path(
        "aanvragen/<uuid:pk>/aanvullingen/<int:aanvulling>/",
        aanvullen.ontvangst,
        name="aanvraag_aanvulling_ontvangst",
    ),
    path(
        "aanvragen/<uuid:pk>/aanvullingen/<int:aanvulling>/ontvangst.pdf",
        aanvullen.ontvangst_pdf,
        name="aanvraag_aanvulling_ontvangst_pdf",
    ),
    path(
        "aanvragen/<uuid:pk>/aanvullingen/<int:aanvulling>/brief/<documentvorm:vorm>/",
        aanvullen.brief,
        name="aanvraag_aanvulling_brief",
    ),
    path("aanvragen/<uuid:pk>/referenties/", referenties_aanvrager.aanvraag_referenties, name="aanvraag_referenties"),
    path(
        "aanvragen/<uuid:pk>/referenties/<int:referentie>/vervangen/",
        referenties_aanvrager.aanvraag_referentie_vervangen,
        name="aanvraag_referentie_vervangen",
    ),
    path(
        "aanvragen/<uuid:pk>/referenties/<int:referentie>/opnieuw/",
        referenties_aanvrager.aanvraag_referentie_opnieuw,
        name="aanvraag_referentie_opnieuw",
    ),
    path("aanvragen/<uuid:pk>/intrekken/", aanvraagstand.intrekken, name="aanvraag_intrekken"),
    path("aanvragen/<uuid:pk>/contactgegevens/", aanvraagstand.contact, name="aanvraag_contact"),
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
