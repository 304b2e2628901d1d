"""Rounds, staff and applications for tests, made through the services (a status has no other way)."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import pikepdf

from aanvragen.enums import Bron, Registerstand
from aanvragen.models import Aanvraag, Adviesbureau, Adviseur, Deelnemer, Organisatie
from aanvragen.services.behandeling import compleet_verklaren, in_behandeling_nemen
from aanvragen.services.concept import Begrotingspost, aanvraag_beginnen, begroting_bewaren, velden_bewaren
from aanvragen.services.conceptadviseur import Adviesgegevens, adviseur_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from beoordeling.models import Loting
from beoordeling.services.bronnen import dobbelstenen_invoeren
from beoordeling.services.loting import (
    lijst_bevriezen,
    loting_publiceren,
    loting_trekken,
    loting_voorbereiden,
)
from beoordeling.services.rangschikking import loting_vaststellen
from kern.enums import Rol
from kern.models import Gebruiker
from kern.services.gebruikers import gebruiker_aanmaken, rol_toekennen
from regeling.lezen import digest, naar_json, regeling_uit_dict
from regeling.models import Plafond, Regeling, Regelingversie, Tijdvak
from regeling.schema import Regelingspec
from regeling.services.grootboek import saldi_nagerekend
from regeling.services.tijdvak import tijdvak_bijwerken, tijdvak_publiceren
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.models import Besluit, Declaratie
from uitvoering.services.besluit import besluit_ondertekenen, besluit_verzenden, besluit_voorstellen
from uitvoering.services.declaratie import (
    Kostengegevens,
    declaratie_beginnen,
    declaratie_beoordelen,
    declaratie_in_controle,
    declaratie_indienen,
    kostenregel_beoordelen,
    kostenregel_toevoegen,
)
from uitvoering.services.vaststelling import vaststelling_verzenden, vaststelling_voorstellen
from uitvoering.services.voucher import voucher_opdragen

OPEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SLUIT = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
VOOR = OPEN - timedelta(days=10)
TIJDENS = OPEN + timedelta(days=3)
NA = SLUIT + timedelta(days=1)
_teller = itertools.count(1)


def regeling_dict(sleutel: str = "proef", *, plafond: int = 100_000, **anders: Any) -> dict[str, Any]:
    """A minimal lottery scheme as a dict; ``anders`` replaces whole tables."""
    basis: dict[str, Any] = {
        "formaat": 1,
        "regeling": {
            "sleutel": sleutel,
            "naam": "Proefregeling",
            "versie": "1",
            "samenvatting": "Een regeling voor de tests.",
            "doel": "Testen.",
            "geldig_vanaf": date(2026, 1, 1),
            "uitvoerder": "Uitvoerder",
            "ondertekenaar": "de Minister",
            "bezwaar_adres": "Postbus 1, 1234 AB Voorbeeldstad",
            "grondslag": [{"artikel": "artikel 3 van de Kaderwet", "onderwerp": "subsidies"}],
        },
        "aanvrager": {"soort": "onderneming", "aanvragen_per_aanvrager": 1},
        "verdeling": {
            "methode": "loting",
            "eenheid_loting": "aanvrager",
            "regel": "STOP",
            "bronnen": ["notaris"],
            "bedenktijd_uren": 24,
        },
        "subsidie": {
            "vorm": "voucher",
            "eenheid": "euro",
            "percentage": 50,
            "maximum": 1000,
            "staatssteun": "geen",
            "voucher_geldig_maanden": 12,
        },
        "kostensoorten": [{"code": "adviseur", "naam": "Adviseur", "btw": "exclusief"}],
        "doelen": {"minimum": 0, "maximum": 6},
        "termijnen": [
            {"code": "beslissing", "duur": "13w", "niveau": "regeling"},
            {"code": "aanvulling", "duur": "14d", "niveau": "besluit"},
            {"code": "bezwaar", "duur": "6w", "niveau": "wet"},
        ],
        "tijdvakken": [
            {"sleutel": f"{sleutel}-1", "naam": "Proefronde", "open_op": OPEN, "sluit_op": SLUIT, "plafond": plafond}
        ],
    }
    return {**basis, **anders}


@cache
def _spec(sleutel: str, plafond: int) -> Any:
    return regeling_uit_dict(regeling_dict(sleutel, plafond=plafond), "proef.toml")


def maak_tijdvak(
    *, sleutel: str | None = None, plafond: int = 100_000, tabellen: dict[str, Any] | None = None
) -> Tijdvak:
    """A round in state ontwerp with its ceiling."""
    sleutel = sleutel or f"proef{next(_teller)}"
    if tabellen:
        spec = regeling_uit_dict(regeling_dict(sleutel, plafond=plafond, **tabellen), "proef.toml")
    else:
        spec = _spec(sleutel, plafond)
    regeling = Regeling.objects.create(sleutel=sleutel, naam=spec.regeling.naam)
    versie = Regelingversie.objects.create(
        regeling=regeling, versie="1", inhoud=naar_json(spec), sha256=digest(spec), geladen_op=VOOR
    )
    for nr, thema in enumerate(spec.themas):
        regeling.themas.create(code=thema.code, naam=thema.naam, volgorde=nr)
    deel = spec.tijdvakken[0]
    tijdvak = Tijdvak.objects.create(
        sleutel=deel.sleutel,
        specsleutel=deel.sleutel,
        naam=deel.naam,
        regelingversie=versie,
        open_op=deel.open_op,
        sluit_op=deel.sluit_op,
        methode=spec.verdeling_voor(deel.sleutel).methode,
        eenheid=spec.subsidie.eenheid,
    )
    Plafond.objects.create(tijdvak=tijdvak, code="*", naam="Plafond", bedrag=deel.plafond)
    for pot in deel.subplafonds:
        Plafond.objects.create(tijdvak=tijdvak, code=pot.code, naam=pot.naam, bedrag=pot.bedrag)
    return tijdvak


def open_tijdvak(**opties: Any) -> Tijdvak:
    """A round that is open at ``TIJDENS``."""
    tijdvak = tijdvak_publiceren(tijdvak=maak_tijdvak(**opties), actor=None, op=VOOR)
    return tijdvak_bijwerken(tijdvak=tijdvak, op=OPEN)


def maak_gebruiker(*rollen: Rol, email: str | None = None) -> Gebruiker:
    """A person with these roles and the password ``geheim-genoeg-1``."""
    nummer = next(_teller)
    gebruiker = gebruiker_aanmaken(
        email=email or f"persoon{nummer}@proef.example", naam=f"Persoon {nummer}", wachtwoord="geheim-genoeg-1", op=VOOR
    )
    for rol in rollen:
        rol_toekennen(gebruiker=gebruiker, rol=rol, op=VOOR, actor=None)
    return gebruiker


def maak_organisatie(**velden: Any) -> Organisatie:
    nummer = next(_teller)
    gegevens = {
        "naam": f"Proefbedrijf {nummer}",
        "kvk_nummer": f"00{nummer:06d}",
        "werkzame_personen": 12,
        "aangemaakt_op": VOOR,
        "provincie": "Utrecht",
        "sbi_code": "2562",
        "sbi_versie": "SBI 2008",
        "sector": "Industrie",
        "register_stand": Registerstand.BEVESTIGD,
        "register_op": VOOR,
    }
    return Organisatie.objects.create(**{**gegevens, **velden})


def maak_concept(
    tijdvak: Tijdvak, organisatie: Organisatie | None = None, *, kosten: Decimal = Decimal(2000)
) -> Aanvraag:
    """A draft that has all it needs to be sent."""
    aanvraag = aanvraag_beginnen(
        tijdvak=tijdvak, organisatie=organisatie or maak_organisatie(), actor=None, op=TIJDENS, bron=Bron.PORTAAL
    )
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="project",
        actor=None,
        op=TIJDENS,
        gegevens={
            "contactpersoon": "Contact",
            "contact_email": "contact@proef.example",
            "titel": "Project",
            "omschrijving": "Wat we gaan doen.",
        },
    )
    if tijdvak.spec.adviseur.nodig:
        gegevens = Adviesgegevens("Adviseur", "adviseur@advies.example", "Adviesbureau", "00999999")
        aanvraag = adviseur_bewaren(aanvraag=aanvraag, adviseur=gegevens, referenties=[], actor=None, op=TIJDENS)
    posten = [Begrotingspost(kostensoort="adviseur", omschrijving="Advies", bedrag=kosten)]
    return begroting_bewaren(aanvraag=aanvraag, posten=posten, actor=None, op=TIJDENS)[0]


def maak_ingediend(tijdvak: Tijdvak, organisatie: Organisatie | None = None, **opties: Any) -> Aanvraag:
    return aanvraag_indienen(aanvraag=maak_concept(tijdvak, organisatie, **opties), actor=None, op=TIJDENS)


def maak_compleet(
    tijdvak: Tijdvak, behandelaar: Gebruiker, organisatie: Organisatie | None = None, **opties: Any
) -> Aanvraag:
    aanvraag = in_behandeling_nemen(aanvraag=maak_ingediend(tijdvak, organisatie, **opties), actor=behandelaar, op=NA)
    return compleet_verklaren(aanvraag=aanvraag, actor=behandelaar, op=NA)


# --- A whole round, step by step --------------------------------------------------------------------------------

#: The draw: prepared, frozen and published at LOTEN, drawn at TREKKING.
LOTEN = NA + timedelta(days=1)
TREKKING = LOTEN + timedelta(hours=25)
BESLUIT = TREKKING + timedelta(days=7)
EINDE = BESLUIT + timedelta(days=200)
CIJFERS = "31415926535897932384626433832795"
IBAN = "NL91ABNA0417164300"


def maak_spec(**tabellen: Any) -> Regelingspec:
    """The scheme of :func:`regeling_dict`, read."""
    return regeling_uit_dict(regeling_dict(**tabellen), "proef.toml")


def tabel(naam: str, **velden: Any) -> dict[str, Any]:
    """``{naam: ...}``: one table of the scheme with some keys changed, for :func:`open_tijdvak` or ``maak_spec``."""
    return {naam: {**regeling_dict()[naam], **velden}}


def pdf() -> bytes:
    """A valid PDF of one blank page."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


class Staf:
    """One person per task, made when first asked for; the second ones are for four eyes."""

    beheerder = cached_property(lambda self: maak_gebruiker(Rol.BEHEERDER))
    behandelaar = cached_property(lambda self: maak_gebruiker(Rol.BEHANDELAAR))
    beslisser = cached_property(lambda self: maak_gebruiker(Rol.BESLISSER))
    notaris = cached_property(lambda self: maak_gebruiker(Rol.NOTARIS))
    financieel = cached_property(lambda self: maak_gebruiker(Rol.FINANCIEEL))
    behandelaar2 = cached_property(lambda self: maak_gebruiker(Rol.BEHANDELAAR))
    beslisser2 = cached_property(lambda self: maak_gebruiker(Rol.BESLISSER))


def maak_staf() -> Staf:
    return Staf()


def bronnen_ingevoerd(
    loting: Loting, notaris: Gebruiker, *, op: datetime, cijfers: str = CIJFERS, getuige: Gebruiker | None = None
) -> Loting:
    """The dice, typed twice the same."""
    for keer, wie in ((1, notaris), (2, getuige or notaris)):
        loting = dobbelstenen_invoeren(
            loting=loting, waarden={"notaris": cijfers}, poging=1, keer=keer, actor=wie, op=op
        )
    return loting


def loting_tot(tijdvak: Tijdvak, staf: Staf, tot: str = "vaststellen") -> Loting:
    """A draw over the complete applications, up to and with one of
    voorbereiden, bevriezen, publiceren, bronnen, trekken, vaststellen."""
    loting = loting_voorbereiden(tijdvak=tijdvak, trekking_gepland_op=TREKKING, actor=staf.behandelaar, op=LOTEN)
    stappen: dict[str, Callable[[], Loting]] = {
        "bevriezen": lambda: lijst_bevriezen(loting=loting, actor=staf.beslisser, op=LOTEN),
        "publiceren": lambda: loting_publiceren(loting=loting, waar="Staatscourant", actor=staf.beslisser, op=LOTEN),
        "bronnen": lambda: bronnen_ingevoerd(loting, staf.notaris, op=TREKKING),
        "trekken": lambda: loting_trekken(loting=loting, actor=staf.notaris, op=TREKKING),
        "vaststellen": lambda: loting_vaststellen(loting=loting, actor=staf.beslisser, op=TREKKING),
    }
    for naam, stap in stappen.items():
        if tot == "voorbereiden":
            break
        loting = stap()
        if naam == tot:
            break
    return loting


def geloot(aantal: int, staf: Staf, **opties: Any) -> tuple[Tijdvak, list[Aanvraag]]:
    """A round with ``aantal`` applications of € 1.000 (costs € 2.000) after its draw; applications in rank order."""
    tijdvak = open_tijdvak(**opties)
    for _ in range(aantal):
        maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf)
    return Tijdvak.objects.get(pk=tijdvak.pk), op_rang(tijdvak)


def op_rang(tijdvak: Tijdvak) -> list[Aanvraag]:
    return list(Aanvraag.objects.filter(tijdvak=tijdvak, plaats__isnull=False).order_by("plaats__rang"))


def vers(obj: Any) -> Any:
    """The object as the database has it now."""
    return type(obj).objects.get(pk=obj.pk)


def besluit_op(
    aanvraag: Aanvraag,
    soort: Besluitsoort,
    staf: Staf,
    *,
    tot: str = "verzenden",
    op: datetime = BESLUIT,
    grond: Afwijzingsgrond | None = None,
) -> Besluit:
    """A decision up to and with voorstellen, ondertekenen or verzenden."""
    besluit = besluit_voorstellen(
        aanvraag=aanvraag, soort=soort, motivering="Daarom.", grond=grond, actor=staf.behandelaar, op=op
    )
    if tot in {"ondertekenen", "verzenden"}:
        besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=op)
    if tot == "verzenden":
        besluit = besluit_verzenden(besluit=besluit, actor=staf.beslisser, op=op)
    return besluit


def verleen(aanvraag: Aanvraag, staf: Staf, *, op: datetime = BESLUIT) -> Aanvraag:
    return besluit_op(aanvraag, Besluitsoort.VERLENING, staf, op=op).aanvraag


def maak_adviseur(*, kvk_nummer: str = "00999999") -> Adviseur:
    bureau, _ = Adviesbureau.objects.get_or_create(kvk_nummer=kvk_nummer, defaults={"naam": "Adviesbureau"})
    nummer = next(_teller)
    return Adviseur.objects.create(naam=f"Adviseur {nummer}", email=f"adviseur{nummer}@advies.example", bureau=bureau)


def opgedragen(aanvraag: Aanvraag, *, op: datetime = BESLUIT) -> Aanvraag:
    """The voucher of a grant is given to an adviser."""
    voucher_opdragen(voucher=vers(aanvraag).voucher, adviseur=maak_adviseur(), actor=None, op=op)
    return vers(aanvraag)


def kosten(bedrag: Decimal = Decimal(2000), **anders: Any) -> Kostengegevens:
    gegevens = {
        "kostensoort": "adviseur",
        "omschrijving": "Advies",
        "factuurnummer": f"F{next(_teller)}",
        "factuurdatum": EINDE.date(),
        "bedrag": bedrag,
    }
    return Kostengegevens(**{**gegevens, **anders})


def voeg_kosten_toe(declaratie: Declaratie, gegevens: Kostengegevens | None = None, *, op: datetime = EINDE) -> Any:
    return kostenregel_toevoegen(
        declaratie=declaratie,
        gegevens=gegevens or kosten(),
        factuur=pdf(),
        factuurnaam="factuur.pdf",
        actor=None,
        op=op,
    )


def gedeclareerd(
    aanvraag: Aanvraag, *bedragen: Decimal, op: datetime = EINDE, deelnemer: Deelnemer | None = None
) -> Declaratie:
    """A claim that was handed in, one line per amount."""
    declaratie = declaratie_beginnen(aanvraag=aanvraag, actor=None, op=op, deelnemer=deelnemer)
    for bedrag in bedragen or (Decimal(2000),):
        voeg_kosten_toe(declaratie, kosten(bedrag), op=op)
    return declaratie_indienen(declaratie=declaratie, toelichting="Klaar.", iban=IBAN, actor=None, op=op)


def gecontroleerd(declaratie: Declaratie, staf: Staf, *goedgekeurd: Decimal, op: datetime = EINDE) -> Declaratie:
    """A claim whose lines were judged; without amounts everything is approved."""
    declaratie = declaratie_in_controle(declaratie=declaratie, actor=staf.behandelaar, op=op)
    regels = list(declaratie.regels.all())
    for regel, bedrag in zip(regels, goedgekeurd or [regel.bedrag for regel in regels], strict=True):
        oordeel = "" if bedrag == regel.bedrag else "Hoort er niet bij."
        kostenregel_beoordelen(regel=regel, goedgekeurd=bedrag, oordeel=oordeel, actor=staf.behandelaar, op=op)
    return declaratie_beoordelen(declaratie=declaratie, actor=staf.behandelaar, op=op)


def vastgesteld(aanvraag: Aanvraag, staf: Staf, *, op: datetime = EINDE, deelnemer: Deelnemer | None = None) -> Besluit:
    """A settlement, proposed, signed and sent."""
    besluit = vaststelling_voorstellen(
        aanvraag=aanvraag, motivering="", actor=staf.behandelaar, op=op, deelnemer=deelnemer
    )
    besluit = besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=op)
    return vaststelling_verzenden(besluit=besluit, actor=staf.beslisser, op=op)


def eis_grootboek_klopt(tijdvak: Tijdvak) -> None:
    """The kept balances of every ceiling equal those recomputed from the lines."""
    for plafond in tijdvak.plafonds.all():
        nagerekend = saldi_nagerekend(plafond)
        assert {naam: getattr(plafond, naam) for naam in nagerekend} == nagerekend, plafond.code
