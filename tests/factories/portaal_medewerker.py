"""Cases in every state for the tests of staff screens, made through the services, and a client with a role."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import time_machine
from django.test import Client

from aanvragen.models import Aanvraag, Adviseur
from aanvragen.services.organisatie import machtiging_verlenen
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
from tests.factories.ronde import NA, bronnen_ingevoerd, maak_compleet, maak_gebruiker, open_tijdvak
from uitvoering.enums import Besluitsoort
from uitvoering.models import Declaratie, Voucher
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

TREKKING = NA + timedelta(days=2)
LATER = TREKKING + timedelta(days=5)
CIJFERS = "1234567890" * 3 + "12"
IBAN = "NL91ABNA0417164300"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@dataclass
class Ploeg:
    """One person per role; ``behandelaar2`` and ``beslisser2`` are for four eyes."""

    behandelaar: Gebruiker
    behandelaar2: Gebruiker
    beslisser: Gebruiker
    beslisser2: Gebruiker
    notaris: Gebruiker
    financieel: Gebruiker
    analist: Gebruiker
    beheerder: Gebruiker
    auditor: Gebruiker
    aanvrager: Gebruiker


def maak_ploeg() -> Ploeg:
    return Ploeg(
        behandelaar=maak_gebruiker(Rol.BEHANDELAAR),
        behandelaar2=maak_gebruiker(Rol.BEHANDELAAR),
        beslisser=maak_gebruiker(Rol.BESLISSER),
        beslisser2=maak_gebruiker(Rol.BESLISSER),
        notaris=maak_gebruiker(Rol.NOTARIS),
        financieel=maak_gebruiker(Rol.FINANCIEEL),
        analist=maak_gebruiker(Rol.ANALIST),
        beheerder=maak_gebruiker(Rol.BEHEERDER),
        auditor=maak_gebruiker(Rol.AUDITOR),
        aanvrager=maak_gebruiker(),
    )


@contextmanager
def op_moment(moment: datetime):
    """The clock stands still at ``moment``."""
    with time_machine.travel(moment, tick=False):
        yield


def als(gebruiker: Gebruiker) -> Client:
    """A logged-in browser. Log in under the same clock as the requests."""
    client = Client()
    client.force_login(Gebruiker.objects.get(pk=gebruiker.pk))
    return client


def tekst(antwoord: Any) -> str:
    """The page as text with one space between words, entities decoded."""
    return " ".join(unescape(antwoord.content.decode()).split())


def meldingen(antwoord: Any) -> list[str]:
    """The messages that the next page shows."""
    return [str(bericht) for bericht in antwoord.wsgi_request._messages]


def versie_van(pagina: str) -> str:
    """The token in the first form of a page of a case."""
    return pagina.split('name="versie" value="', 1)[1].split('"', 1)[0]


@dataclass
class Ronde:
    """A round with its people and cases."""

    tijdvak: Tijdvak
    ploeg: Ploeg
    zaken: list[Aanvraag]
    loting: Loting | None = None


def complete_ronde(aantal: int = 3, *, plafond: int = 2_000, ploeg: Ploeg | None = None, **opties: Any) -> Ronde:
    """``aantal`` complete cases of € 1.000 under the ceiling; all in hand with ``ploeg.behandelaar``."""
    ploeg = ploeg or maak_ploeg()
    tijdvak = open_tijdvak(plafond=plafond, **opties)
    return Ronde(tijdvak, ploeg, [maak_compleet(tijdvak, ploeg.behandelaar) for _ in range(aantal)])


def gelote_ronde(aantal: int = 3, *, plafond: int = 2_000, **opties: Any) -> Ronde:
    """A round after the draw: two selected, the rest on the reserve list (with the default ceiling)."""
    ronde = complete_ronde(aantal, plafond=plafond, **opties)
    ploeg = ronde.ploeg
    loting = loting_voorbereiden(tijdvak=ronde.tijdvak, trekking_gepland_op=TREKKING, actor=ploeg.behandelaar, op=NA)
    loting = lijst_bevriezen(loting=loting, actor=ploeg.beslisser, op=NA)
    loting = loting_publiceren(loting=loting, waar="Staatscourant", actor=ploeg.beslisser, op=NA)
    loting = bronnen_ingevoerd(loting, ploeg.notaris, op=TREKKING, cijfers=CIJFERS)
    loting = loting_trekken(loting=loting, actor=ploeg.notaris, op=TREKKING)
    ronde.loting = loting_vaststellen(loting=loting, actor=ploeg.beslisser, op=TREKKING)
    ronde.zaken = list(Aanvraag.objects.filter(tijdvak=ronde.tijdvak).order_by("plaats__rang"))
    return ronde


def verleend(ronde: Ronde, zaak: Aanvraag, op: datetime = LATER) -> Aanvraag:
    """Grants a selected case: proposed, signed, sent."""
    besluit = besluit_voorstellen(
        aanvraag=zaak, soort=Besluitsoort.VERLENING, motivering="Voldoet.", actor=ronde.ploeg.behandelaar, op=op
    )
    besluit = besluit_ondertekenen(besluit=besluit, actor=ronde.ploeg.beslisser, op=op)
    besluit_verzenden(besluit=besluit, actor=ronde.ploeg.behandelaar, op=op)
    return Aanvraag.objects.get(pk=zaak.pk)


def gedeclareerd(ronde: Ronde, zaak: Aanvraag, *bedragen: int, op: datetime = LATER) -> Declaratie:
    """A claim with one invoice per amount, handed in."""
    zaak = verleend(ronde, zaak, op)
    voucher = Voucher.objects.get(aanvraag=zaak)
    bureau_adviseur = _adviseur()
    voucher_opdragen(voucher=voucher, adviseur=bureau_adviseur, actor=ronde.ploeg.aanvrager, op=op)
    machtiging_verlenen(
        organisatie=zaak.organisatie, gebruiker=ronde.ploeg.aanvrager, soort="beheerder", actor=None, op=op
    )
    declaratie = declaratie_beginnen(aanvraag=Aanvraag.objects.get(pk=zaak.pk), actor=ronde.ploeg.aanvrager, op=op)
    for nr, bedrag in enumerate(bedragen or (2000,), 1):
        kostenregel_toevoegen(
            declaratie=declaratie,
            gegevens=Kostengegevens("adviseur", f"Advies {nr}", f"F-{nr}", op.date(), Decimal(bedrag)),
            factuur=PNG,
            factuurnaam=f"factuur-{nr}.png",
            actor=ronde.ploeg.aanvrager,
            op=op,
        )
    return declaratie_indienen(
        declaratie=declaratie, toelichting="Gedaan.", iban=IBAN, actor=ronde.ploeg.aanvrager, op=op
    )


def _adviseur() -> Any:
    return Adviseur.objects.create(naam="Adviseur", email="adviseur@proef.example")


def gecontroleerd(
    ronde: Ronde, zaak: Aanvraag, *bedragen: int, goed: int | None = None, op: datetime = LATER
) -> Declaratie:
    """A claim that was checked; ``goed`` is what is approved of the first line."""
    declaratie = declaratie_in_controle(
        declaratie=gedeclareerd(ronde, zaak, *bedragen, op=op), actor=ronde.ploeg.behandelaar, op=op
    )
    for nr, regel in enumerate(declaratie.regels.all()):
        bedrag = regel.bedrag if goed is None or nr else Decimal(goed)
        kostenregel_beoordelen(
            regel=regel, goedgekeurd=bedrag, oordeel="Minder uren.", actor=ronde.ploeg.behandelaar, op=op
        )
    return declaratie_beoordelen(declaratie=declaratie, actor=ronde.ploeg.behandelaar, op=op)


def vastgesteld(ronde: Ronde, zaak: Aanvraag, *bedragen: int, op: datetime = LATER) -> Aanvraag:
    """A case with a settlement that was sent: its payment is ready to be approved."""
    gecontroleerd(ronde, zaak, *bedragen, op=op)
    besluit = vaststelling_voorstellen(
        aanvraag=Aanvraag.objects.get(pk=zaak.pk), motivering="", actor=ronde.ploeg.behandelaar, op=op
    )
    besluit = besluit_ondertekenen(besluit=besluit, actor=ronde.ploeg.beslisser, op=op)
    vaststelling_verzenden(besluit=besluit, actor=ronde.ploeg.behandelaar, op=op)
    return Aanvraag.objects.get(pk=zaak.pk)
