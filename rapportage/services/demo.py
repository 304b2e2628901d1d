"""The demonstration: people of every role, a live round, a finished round, and the historical round of 2008.

Made through the services, with dates relative to today so that it is always alive. All companies are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from aanvragen.enums import Bron, Machtigingbereik, Machtigingsoort, Onderdeelsoort, Referentiestatus, Relatie, Status
from aanvragen.models import Aanvraag, Organisatie, Postbusbericht, Referentie
from aanvragen.register.gegevens import Navraag, Navraaguitkomst
from aanvragen.services.behandeling import Gevraagd, aanvulling_vragen, in_behandeling_nemen
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.conceptsteun import Steungegevens, steun_bewaren
from aanvragen.services.groep import Verbondengegevens, verbonden_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.nasturen import Upload
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen, organisatie_registreren
from aanvragen.services.papier import Papieradres, papier_beginnen, papier_indienen
from aanvragen.services.post import bericht_posten
from beoordeling.services.behandelvolgorde import toets_afronden
from beoordeling.services.referentie import referentie_voorbereiden
from beoordeling.services.referentie_controle import referentie_in_controle_nemen
from kern.enums import Rol
from kern.models import Gebruiker
from kern.services.gebruikers import gebruiker_aanmaken, rol_toekennen
from rapportage.inlezen.tabel import Bronbestand
from rapportage.services.demo_commissie import commissieronde_maken
from rapportage.services.demo_groep import groep_maken
from rapportage.services.demo_hulp import Mensen, demoregeling, om, ronde_openen
from rapportage.services.demo_leergang import leergang_maken
from rapportage.services.demo_loting import SLEUTEL as TE_LOTEN
from rapportage.services.demo_loting import loting_klaarzetten
from rapportage.services.demo_stappen import stappen_maken
from rapportage.services.inlezen import ronde_inlezen
from regeling.models import Regeling, Tijdvak
from uitvoering.enums import Besluitsoort
from uitvoering.services.besluit import besluit_voorstellen
from uitvoering.simulatie.aanvragers import een_aanvraag
from uitvoering.simulatie.invullen import aanvraag_invullen, voorbeeld_pdf
from uitvoering.simulatie.referenties import referenties_naspelen
from uitvoering.simulatie.ronde import Simulatie

WACHTWOORD = "demo-stimulans-1"
LOPEND, AFGEROND = "demo-lopend", "demo-afgerond"
_PERSONEN = (
    ("ondernemer", "Demo ondernemer", ()),
    ("collega", "Demo collega van de ondernemer", ()),
    ("behandelaar", "Demo behandelaar", (Rol.BEHANDELAAR,)),
    ("beslisser", "Demo beslisser", (Rol.BESLISSER,)),
    ("notaris", "Demo notaris", (Rol.NOTARIS,)),
    ("financieel", "Demo financieel medewerker", (Rol.FINANCIEEL,)),
    ("analist", "Demo analist", (Rol.ANALIST,)),
    ("beheerder", "Demo beheerder", (Rol.BEHEERDER,)),
    ("beheerder2", "Demo tweede beheerder", (Rol.BEHEERDER,)),
    ("auditor", "Demo auditor", (Rol.AUDITOR,)),
    ("beoordelaar", "Demo beoordelaar", (Rol.BEOORDELAAR,)),
    ("beoordelaar2", "Demo tweede beoordelaar", (Rol.BEOORDELAAR,)),
    ("beoordelaar3", "Demo derde beoordelaar", (Rol.BEOORDELAAR,)),
    ("voorzitter", "Demo voorzitter van de commissie", (Rol.VOORZITTER,)),
    ("secretaris", "Demo secretaris van de commissie", (Rol.SECRETARIS,)),
)
_DATA = Path(settings.BASE_DIR, "rapportage", "gegevens", "demo")


def demo_logins() -> list[tuple[str, str]]:
    """(e-mail address, who that is) of the demonstration's people; all have the same password."""
    return [(f"{naam}@demo.example", omschrijving) for naam, omschrijving, _ in _PERSONEN]


def demo_vullen(*, op: datetime, melden: Callable[[str], None] = lambda _: None) -> bool:
    """Fills an empty database with the demonstration; ``False`` when it is there already."""
    if Gebruiker.objects.filter(email=f"{_PERSONEN[0][0]}@demo.example").exists():
        return False
    mensen = personen_maken(op)
    melden("De ronde van 2008 inlezen (265 aanvragen)")
    csv = _DATA / "ronde_2008.csv"
    ronde_inlezen(sleutel="esf-e-2008", bestand=Bronbestand(csv.name, csv.read_bytes()), actor=None, op=op)
    demorondes_maken(op)
    melden("Een hele ronde spelen, van aanvraag tot voucher (45 aanvragen)")
    firma = _afgerond(mensen["ondernemer"], mensen["behandelaar"], op)
    _collega(firma, mensen["ondernemer"], mensen["collega"], op)
    melden("Een lopende ronde vullen (13 aanvragen)")
    _lopend(mensen, firma, op)
    melden("Een loting klaarzetten voor de notaris (8 aanvragen)")
    loting_klaarzetten(mensen=mensen, op=op)
    melden("Een ronde met een commissie maken (6 aanvragen)")
    commissieronde_maken(mensen=mensen, op=op)
    melden("Een groep, een regeling in twee stappen en een leergang maken")
    groep = groep_maken(mensen=mensen, op=op)
    stappen_maken(mensen=mensen, organisatie=firma, op=op)
    leergang_maken(mensen=mensen, organisatie=groep.organisatie, op=op)
    return True


def _referenties(ingediend: list[Aanvraag], behandelaar: Gebruiker, op: datetime) -> None:
    """Confirmed references, and some that wait: for a checker, and for an answer."""
    for aanvraag in ingediend[:4]:
        referenties_naspelen(aanvraag, behandelaar)
    eerste = Referentie.objects.filter(aanvraag__in=ingediend[:4], status=Referentiestatus.BEVESTIGD).order_by("pk")[0]
    referentie_in_controle_nemen(
        referentie=eerste, reden="De referent belde: het ging om een ander project.", actor=behandelaar, op=op
    )
    for referentie in ingediend[4].referenties.order_by("pk"):
        referentie_voorbereiden(referentie=referentie, op=op)


def personen_maken(op: datetime) -> dict[str, Gebruiker]:
    """The people who can log in, by the first part of their address."""
    return {naam: _persoon(naam, omschrijving, rollen, op) for naam, omschrijving, rollen in _PERSONEN}


def _persoon(naam: str, omschrijving: str, rollen: tuple[Rol, ...], op: datetime) -> Gebruiker:
    gebruiker = gebruiker_aanmaken(email=f"{naam}@demo.example", naam=omschrijving, wachtwoord=WACHTWOORD, op=op)
    for rol in rollen:
        rol_toekennen(gebruiker=gebruiker, rol=rol, op=op, actor=None)
    return gebruiker


def demorondes_maken(op: datetime) -> None:
    """A copy of the flagship scheme with lottery rounds around today: one is over, one is to be drawn, one is open."""
    loting = {"methode": "loting", "bronnen": ["notaris"], "bedenktijd_uren": 24}
    rondes = (
        (LOPEND, "lopend", -14, 28, 500_000),
        (TE_LOTEN, "gesloten", -50, -20, 150_000),
        (AFGEROND, "afgerond", -80, -60, 750_000),
    )
    spec = demoregeling(
        "ser-mkb",
        op=op,
        regeling={"sleutel": "demo", "naam": "Sociale innovatie mkb (demonstratie)"},
        tijdvakken=[
            {
                "sleutel": sleutel,
                "naam": f"Sociale innovatie mkb: {naam} tijdvak",
                "open_op": om(op, begin, 9),
                "sluit_op": om(op, einde, 17),
                "plafond": plafond,
                "verdeling": loting,
            }
            for sleutel, naam, begin, einde, plafond in rondes
        ],
    )
    for sleutel, *_ in rondes:
        ronde_openen(spec, sleutel, op)


def _afgerond(ondernemer: Gebruiker, behandelaar: Gebruiker, op: datetime) -> Organisatie:
    """A round up to its decisions, of which some wait for a signature; returns the firm of ``ondernemer``."""
    tijdvak = Tijdvak.objects.get(sleutel=AFGEROND)
    regeling = Regeling.objects.get(sleutel="demo")
    simulatie = Simulatie(regeling=regeling, aantal=45, aanvragers=45, zaad=7, tijdvak=tijdvak)
    tijdvak = simulatie.speel("verdelen")
    simulatie.besluiten(tijdvak, hoogstens=26)
    besloten = tijdvak.sluit_op + timedelta(days=20)
    for aanvraag in Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.GESELECTEERD).order_by("plaats__rang"):
        besluit_voorstellen(
            aanvraag=aanvraag,
            soort=Besluitsoort.VERLENING,
            motivering="Uw aanvraag voldoet aan de voorwaarden en is ingeloot.",
            actor=behandelaar,
            op=besloten,
        )
    eerste = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.VERLEEND).order_by("plaats__rang")[0]
    machtiging_verlenen(
        organisatie=eerste.organisatie, gebruiker=ondernemer, soort=Machtigingsoort.BEHEERDER, actor=None, op=op
    )
    return eerste.organisatie


def _collega(firma: Organisatie, ondernemer: Gebruiker, collega: Gebruiker, op: datetime) -> None:
    """Somebody of the same firm who may fill in but not sign."""
    machtiging_verlenen(
        organisatie=firma,
        gebruiker=collega,
        soort=Machtigingsoort.MEDEWERKER,
        actor=ondernemer,
        op=op,
        voorwaarden=Machtigingvoorwaarden(bereik=Machtigingbereik.INVULLEN),
    )


def _lopend(mensen: Mensen, firma: Organisatie, op: datetime) -> None:
    tijdvak = Tijdvak.objects.get(sleutel=LOPEND)
    toeval, behandelaar = random.Random("demo"), mensen["behandelaar"]
    ingediend = [
        een_aanvraag(tijdvak, 100 + nr, toeval, tijdvak.open_op + timedelta(days=nr, hours=nr)) for nr in range(11)
    ]
    _ongecontroleerd(tijdvak, toeval, tijdvak.open_op + timedelta(days=11, hours=11))
    for aanvraag in ingediend[:5]:
        in_behandeling_nemen(aanvraag=aanvraag, actor=behandelaar, op=op)
    for aanvraag in ingediend[:2]:
        toets_afronden(aanvraag=aanvraag, actor=behandelaar, op=op)
    _referenties(ingediend, behandelaar, op)
    aanvulling_vragen(
        aanvraag=ingediend[2],
        onderdelen=[
            Gevraagd(Onderdeelsoort.STAP, "Het project", "Beschrijf wie er meedoet en wat u wilt bereiken.", "project"),
            "Stuur een recente verklaring van de ondernemingsraad, of leg uit waarom die er niet is",
        ],
        termijn_dagen=14,
        actor=behandelaar,
        op=op,
    )
    _op_papier(tijdvak, toeval, behandelaar, op)
    concept = aanvraag_beginnen(tijdvak=tijdvak, organisatie=firma, actor=mensen["ondernemer"], op=op)
    velden_bewaren(
        aanvraag=concept,
        stap="project",
        actor=mensen["ondernemer"],
        op=op,
        gegevens={
            "titel": "Teams die hun eigen rooster maken",
            "contactpersoon": "Demo ondernemer",
            "contact_email": "ondernemer@demo.example",
        },
    )
    machtiging_verlenen(
        organisatie=ingediend[2].organisatie,
        gebruiker=mensen["ondernemer"],
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=op,
    )


def _op_papier(tijdvak: Tijdvak, toeval: random.Random, behandelaar: Gebruiker, op: datetime) -> None:
    """An application on paper that misses something: the request went by post, the answer can be typed in."""
    ontvangen = op - timedelta(days=9)
    organisatie = organisatie_registreren(
        kvk_nummer="00000102",
        gegevens={
            "naam": "Demo Drukwerk B.V.",
            "rechtsvorm": "bv",
            "straat": "Voorbeeldkade 2",
            "postcode": "1234 AB",
            "plaats": "Voorbeeldstad",
            "werkzame_personen": 18,
            "omzet": Decimal(1_900_000),
            "balanstotaal": Decimal(700_000),
        },
        actor=None,
        op=ontvangen,
        register=Navraag.aangenomen("demonstratie"),
    )
    aanvraag = papier_beginnen(
        tijdvak=tijdvak,
        kvk_nummer=organisatie.kvk_nummer,
        adres=Papieradres(),
        ontvangen_op=ontvangen,
        scans=[Upload("scan", "papieren-aanvraag.pdf", voorbeeld_pdf())],
        actor=behandelaar,
        op=ontvangen + timedelta(hours=1),
    )
    aanvraag = aanvraag_invullen(aanvraag, toeval, ontvangen + timedelta(hours=1), behandelaar)
    aanvraag = papier_indienen(aanvraag=aanvraag, actor=behandelaar, op=ontvangen + timedelta(hours=2))
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=behandelaar, op=op - timedelta(days=8))
    aanvulling_vragen(
        aanvraag=aanvraag,
        onderdelen=[
            Gevraagd(Onderdeelsoort.STAP, "Het project", "De omschrijving zegt niet wie er meedoet.", "project"),
            "Wie heeft het formulier ondertekend? De handtekening is niet te lezen.",
        ],
        termijn_dagen=21,
        actor=behandelaar,
        op=op - timedelta(days=7),
    )
    verzoek = Postbusbericht.objects.get(aanvraag=aanvraag, sleutel__startswith="aanvulling-")
    bericht_posten(bericht=verzoek, actor=behandelaar, op=op - timedelta(days=7))


def _ongecontroleerd(tijdvak: Tijdvak, toeval: random.Random, op: datetime) -> None:
    """A company that applied while the register was away: the worker asks again and finds another address."""
    organisatie = organisatie_registreren(
        kvk_nummer="00000101",
        gegevens={
            "naam": "Demo Zorgteam B.V.",
            "straat": "Oude Voorbeeldstraat 1",
            "werkzame_personen": 32,
            "omzet": Decimal(2_400_000),
            "balanstotaal": Decimal(900_000),
        },
        actor=None,
        op=op,
        register=Navraag(Navraaguitkomst.ONBEREIKBAAR, reden="demonstratie"),
    )
    verbonden_bewaren(
        organisatie=organisatie,
        gegevens=Verbondengegevens(
            "Demo Zorgholding B.V.",
            Relatie.VERBONDEN,
            Decimal(100),
            werkzame_personen=2,
            omzet=Decimal(150_000),
            balanstotaal=Decimal(600_000),
        ),
        actor=None,
        op=op,
    )
    concept = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=None, op=op, bron=Bron.SIMULATIE)
    concept = aanvraag_invullen(concept, toeval, op)
    regels = [
        Steungegevens(
            "Demo Zorgholding B.V.", "Gemeente Voorbeeldstad", (op - timedelta(days=400)).date(), Decimal(8000)
        )
    ]
    concept = steun_bewaren(aanvraag=concept, ontvangen=True, regels=regels, actor=None, op=op)
    aanvraag_indienen(aanvraag=concept, actor=None, op=op)
