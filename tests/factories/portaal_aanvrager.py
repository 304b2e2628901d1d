"""People, drafts and cases as the screens of applicants need them; everything goes through the services."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
from django.test import Client

from aanvragen.enums import Machtigingsoort
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.register.gegevens import Navraag
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import (
    Begrotingspost,
    aanvraag_beginnen,
    begroting_bewaren,
    velden_bewaren,
    verklaringen_bewaren,
)
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven, adviseur_bewaren
from aanvragen.services.conceptbijlage import bijlage_toevoegen
from aanvragen.services.conceptsteun import steun_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.organisatie import machtiging_verlenen, organisatie_registreren
from beoordeling.models import Loting
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.rangschikking import loting_vaststellen
from kern.enums import Rol
from kern.models import Gebruiker
from regeling.models import Tijdvak
from tests.factories.ronde import NA, TIJDENS, VOOR, bronnen_ingevoerd, maak_gebruiker, open_tijdvak
from uitvoering.enums import Besluitsoort
from uitvoering.models import Besluit
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
IBAN = "NL91ABNA0417164300"
TREKKING = NA + timedelta(days=10)
BESLOTEN = TREKKING + timedelta(days=3)
#: A scheme that asks everything that a form can ask.
RIJK: dict[str, Any] = {
    "aanvrager": {"soort": "onderneming", "mkb": True, "werkzame_personen_min": 2, "aanvragen_per_aanvrager": 1},
    "subsidie": {
        "vorm": "voucher",
        "eenheid": "euro",
        "percentage": 75,
        "maximum": 24999,
        "staatssteun": "de-minimis",
        "de_minimis_maximum": 300000,
        "voucher_geldig_maanden": 12,
    },
    "kostensoorten": [{"code": "adviseur", "naam": "Externe adviseur", "btw": "exclusief", "uurtarief_maximum": 125}],
    "definitie": {
        "tekst": "Sociale innovatie is anders werken.",
        "kernwaarden": [{"code": "samen", "naam": "U doet het samen", "uitleg": "Medewerkers beslissen mee."}],
    },
    "themas": [{"code": "slimmer", "naam": "slimmer werken"}, {"code": "flexibel", "naam": "flexibel organiseren"}],
    "themakeuze": {"minimum": 1, "maximum": 2, "hoofdthema": True},
    "doelen": {"minimum": 1, "maximum": 6},
    "adviseur": {
        "nodig": True,
        "onafhankelijk": True,
        "referenties": 2,
        "verschillende_opdrachtgevers": True,
        "toets_voor": "geen",  # the check of references has tests of its own
    },
    "project": {"duur_maximum_maanden": 12, "start_na_besluit": True},
    "vragen": [
        {"code": "aanleiding", "tekst": "Wat is de aanleiding?", "soort": "tekst", "maximum_tekens": 50},
        {"code": "partner", "tekst": "Welke partner?", "soort": "keuze", "keuzes": ["vakbond", "branche"]},
        {"code": "eerder", "tekst": "Deed u dit eerder?", "soort": "ja_nee", "verplicht": False},
    ],
    "bijlagen": [
        {"code": "offerte", "naam": "Offerte", "soorten": ["pdf"], "maximum_mb": 1, "aantal_maximum": 1},
        {"code": "foto", "naam": "Foto", "soorten": ["png", "jpg"], "verplicht": False, "aantal_maximum": 1},
        {"code": "verslag", "naam": "Eindverslag", "bij": "declaratie"},
    ],
    "verklaringen": [
        {"code": "naar-waarheid", "tekst": "Wij vulden dit naar waarheid in."},
        {"code": "nieuwsbrief", "tekst": "Wij willen de nieuwsbrief.", "verplicht": False},
    ],
}


def pdf(tekst: str = "") -> bytes:
    """A valid PDF of one page; ``tekst`` makes it differ."""
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = tekst or "leeg"
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def rijk_tijdvak(**opties: Any) -> Tijdvak:
    return open_tijdvak(tabellen=RIJK, **opties)


def aanvrager(*, naam: str = "Proefbakkerij", kvk: str = "00123456") -> tuple[Gebruiker, Organisatie]:
    """A person and the organisation that the person acts for, with a mandate that is beyond doubt."""
    gebruiker = maak_gebruiker()
    gegevens = {"naam": naam, "werkzame_personen": 24, "omzet": Decimal("3200000"), "balanstotaal": Decimal("1400000")}
    organisatie = organisatie_registreren(
        kvk_nummer=kvk, gegevens=gegevens, actor=None, op=VOOR, register=Navraag.aangenomen("proef")
    )
    machtiging_verlenen(
        organisatie=organisatie, gebruiker=gebruiker, soort=Machtigingsoort.BEHEERDER, actor=None, op=VOOR
    )
    return gebruiker, organisatie


def ingelogd(gebruiker: Gebruiker) -> Client:
    """A browser of this person. Make it inside the frozen time."""
    client = Client()
    client.force_login(gebruiker, backend=BACKEND)
    return client


def begonnen(tijdvak: Tijdvak, organisatie: Organisatie, gebruiker: Gebruiker) -> Aanvraag:
    return aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=gebruiker, op=TIJDENS)


def vol_concept(tijdvak: Tijdvak, organisatie: Organisatie, gebruiker: Gebruiker) -> Aanvraag:
    """A draft in a round of :data:`RIJK` that has all it needs."""
    aanvraag = begonnen(tijdvak, organisatie, gebruiker)
    stappen: dict[str, dict[str, Any]] = {
        "organisatie": {"contactpersoon": "Sanne Proef", "contact_email": "sanne@proef.example"},
        "project": {
            "titel": "Zelf roosteren",
            "omschrijving": "Teams maken zelf hun rooster.",
            "start_op": date(2026, 9, 1),
            "eind_op": date(2027, 2, 28),
        },
        "vragen": {"antwoorden": {"aanleiding": "Te veel ziekteverzuim.", "partner": "vakbond"}},
    }
    for stap, gegevens in stappen.items():
        aanvraag = velden_bewaren(aanvraag=aanvraag, stap=stap, gegevens=gegevens, actor=gebruiker, op=TIJDENS)
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="themas",
        gegevens={"doelen": ["innovatie"]},
        themas=["flexibel"],
        actor=gebruiker,
        op=TIJDENS,
    )
    aanvraag = steun_bewaren(aanvraag=aanvraag, ontvangen=False, regels=[], actor=gebruiker, op=TIJDENS)
    aanvraag = adviseur_bewaren(
        aanvraag=aanvraag,
        adviseur=Adviesgegevens("Anouk Advies", "anouk@advies.example", "Advies op Maat", "00999999"),
        referenties=[
            Referentiegegeven("Klant B.V.", "Kees Klant", "kees@klant.example"),
            Referentiegegeven("Ander B.V.", "Ank Ander", "ank@ander.example"),
        ],
        actor=gebruiker,
        op=TIJDENS,
    )
    post = Begrotingspost("adviseur", "Begeleiding", Decimal(12000), Decimal(120), Decimal(100))
    aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=[post], actor=gebruiker, op=TIJDENS)
    bijlage_toevoegen(aanvraag=aanvraag, code="offerte", naam="offerte.pdf", inhoud=pdf(), actor=gebruiker, op=TIJDENS)
    aanvraag.refresh_from_db()
    return verklaringen_bewaren(aanvraag=aanvraag, akkoord={"naar-waarheid": True}, actor=gebruiker, op=TIJDENS)


def verstuurd(tijdvak: Tijdvak, organisatie: Organisatie, gebruiker: Gebruiker) -> Aanvraag:
    return aanvraag_indienen(aanvraag=vol_concept(tijdvak, organisatie, gebruiker), actor=gebruiker, op=TIJDENS)


def handtekening(client: Client, aanvraag: Any) -> dict[str, str]:
    """What the check page sends when somebody signs: name, function, tick, and what was read."""
    context = client.get(f"/aanvragen/{aanvraag.pk}/controleren/").context
    gezien = context.get("gezien", "") if context is not None else ""
    return {"naam": "Sanne Proef", "functie": "Directeur", "akkoord": "on", "gezien": gezien}


class Medewerkers:
    """The staff of a round."""

    def __init__(self) -> None:
        self.behandelaar = maak_gebruiker(Rol.BEHANDELAAR)
        self.beslisser = maak_gebruiker(Rol.BESLISSER, Rol.BEHEERDER)
        self.notaris = maak_gebruiker(Rol.NOTARIS)
        self.financieel = maak_gebruiker(Rol.FINANCIEEL)


def compleet(aanvraag: Aanvraag, staf: Medewerkers) -> Aanvraag:
    if aanvraag.status == "ingediend":
        aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    return compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)


def gepubliceerde_loting(tijdvak: Tijdvak, staf: Medewerkers) -> Loting:
    """Frozen and published, the sources still to come."""
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=TREKKING, actor=staf.behandelaar, op=NA)
    loting = lijst_bevriezen(loting=loting, actor=staf.beslisser, op=NA)
    return loting_publiceren(loting=loting, waar="Staatscourant 2026, 1", actor=staf.behandelaar, op=NA)


def getrokken_loting(loting: Loting, staf: Medewerkers) -> Loting:
    loting = bronnen_ingevoerd(loting, staf.notaris, op=TREKKING)
    return loting_trekken(loting=loting, actor=staf.behandelaar, op=TREKKING)


def geloot(tijdvak: Tijdvak, staf: Medewerkers) -> Loting:
    """Drawn and settled: everybody has a place."""
    loting = getrokken_loting(gepubliceerde_loting(tijdvak, staf), staf)
    return loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING)


def besloten(
    aanvraag: Aanvraag, staf: Medewerkers, soort: Besluitsoort, *, op: datetime = BESLOTEN, **opties: Any
) -> Besluit:
    """A decision that was proposed, signed and sent."""
    besluit = besluit_voorstellen(
        aanvraag=Aanvraag.objects.get(pk=aanvraag.pk),
        soort=soort,
        motivering="Uw project voldoet en er is geld.",
        actor=staf.behandelaar,
        op=op,
        **opties,
    )
    besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=op)
    return besluit_verzenden(besluit=besluit, actor=staf.behandelaar, op=op)


def verleend(tijdvak: Tijdvak, organisatie: Organisatie, gebruiker: Gebruiker, staf: Medewerkers) -> Aanvraag:
    """From a full draft to a grant with a voucher, as the only one in the draw."""
    aanvraag = compleet(verstuurd(tijdvak, organisatie, gebruiker), staf)
    geloot(tijdvak, staf)
    besloten(aanvraag, staf, Besluitsoort.VERLENING)
    return Aanvraag.objects.get(pk=aanvraag.pk)
