"""Sending and withdrawing an application, and its receipt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import TOEGEKEND, Bron, Correspondentie, Status, Toetssoort, Toetsuitkomst
from aanvragen.inhoud import ONDERTEKENING, inhoud_sha256, naar_json, rubrieken, verstuurde_rubrieken
from aanvragen.models import Aanvraag, Verklaring
from aanvragen.omvang import grootteklasse, mkb_klasse
from aanvragen.rules import eis_recht
from aanvragen.services.concept import eis_open
from aanvragen.services.postbus import bericht_plaatsen
from aanvragen.services.toetsing import toetsen_uitvoeren, toetsen_vooraf
from aanvragen.termijn import beslistermijn
from aanvragen.toetsen_onderneming import eerder_totaal
from kern.document.html import naar_html
from kern.document.model import Afzender, Alinea, Document, Kop, Samenvatting
from kern.document.pdf import naar_pdf
from kern.fouten import InvoerFout
from kern.models import Bestand, Gebruiker
from kern.momenten import dag_in_woorden, moment_in_woorden
from kern.services.bestanden import document_opslaan
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.taal import in_het_nederlands
from regeling.enums import Methode
from regeling.models import Tijdvak

#: Step of the form where a failing check on completeness is mended; the rest belongs to the organisation.
_STAP_VAN_TOETS = {
    "themas": "themas",
    "doelen": "themas",
    "adviseur": "adviseur",
    "referenties": "adviseur",
    "verklaringen": "verklaringen",
    "bijlagen": "bijlagen",
    "plaatsen": "plaatsen",
    "consortium": "deelnemers",
}


def stap_van_toets(code: str) -> str:
    """Step of the form where a check on completeness is mended."""
    return _STAP_VAN_TOETS.get(code, "organisatie")


@dataclass(frozen=True)
class Gebrek:
    """Something that still has to be filled in before sending: the step, and what to do."""

    stap: str
    melding: str


def gebreken(aanvraag: Aanvraag, op: datetime) -> list[Gebrek]:
    """What is missing for an application to be one (Awb 4:2) and complete by the scheme.

    Optional fields never appear here (R45). A check on substance that fails does not block: the applicant may send and
    the officer decides.
    """
    spec, gevonden = aanvraag.tijdvak.spec, []

    def mist(stap: str, melding: str) -> None:
        gevonden.append(Gebrek(stap, melding))

    if not aanvraag.contactpersoon:
        mist("organisatie", "Vul de naam van de contactpersoon in.")
    per_post = aanvraag.correspondentie == Correspondentie.POST
    if per_post and not (aanvraag.organisatie.straat and aanvraag.organisatie.plaats):
        mist("organisatie", "Vul het adres van de organisatie in: onze brieven gaan per post.")
    if not per_post and not aanvraag.contact_email:
        mist("organisatie", "Vul het e-mailadres van de contactpersoon in.")
    if aanvraag.organisatie.werkzame_personen is None and (spec.aanvrager.mkb or spec.aanvrager.werkzame_personen_min):
        mist("organisatie", "Vul het aantal werkzame personen in.")
    if not aanvraag.titel:
        mist("project", "Geef het project een titel.")
    if not aanvraag.omschrijving:
        mist("project", "Beschrijf het project.")
    for vraag in spec.vragen:
        if vraag.verplicht and aanvraag.antwoorden.get(vraag.code) in (None, ""):
            mist("vragen", f"Beantwoord de vraag: {vraag.tekst}")
    onbekend = spec.subsidie.staatssteun == "de-minimis" and eerder_totaal(aanvraag.antwoorden) is None
    if onbekend and not aanvraag.de_minimis.exists():
        mist("steun", "Geef op of uw onderneming eerder de-minimissteun kreeg.")
    if spec.subsidie.vorm == "plaats" and not aanvraag.gevraagd_stuks:
        mist("plaatsen", "Vul in hoeveel plaatsen u vraagt.")
    groep = spec.aanvrager.consortium
    eigen = groep is not None and groep.bedrag_per_deelnemer  # then the check on the members says what is missing
    if spec.subsidie.vorm != "plaats" and not eigen and not aanvraag.gevraagd_bedrag:
        mist("begroting", "Vul de kosten in.")
    if spec.adviseur.nodig and aanvraag.adviseur is not None and not aanvraag.adviseur.email:
        mist("adviseur", "Vul het e-mailadres van de adviseur in.")
    for nr, referentie in enumerate(aanvraag.referenties.all(), 1):
        if not (referentie.contactpersoon and referentie.email):
            mist("adviseur", f"Vul bij referentie {nr} de contactpersoon en het e-mailadres in.")
    for toets in toetsen_vooraf(aanvraag, op):
        if toets.soort == Toetssoort.VOLLEDIGHEID and toets.uitkomst == Toetsuitkomst.VOLDOET_NIET:
            mist(stap_van_toets(toets.code), f"{toets.naam}: {toets.uitleg}")
    return gevonden


@dataclass(frozen=True)
class Ondertekening:
    """Who signs (R1): name, function and the words that were agreed to."""

    naam: str
    functie: str
    verklaring: str


@in_het_nederlands
def aanvraag_indienen(
    *, aanvraag: Aanvraag, actor: Gebruiker | None, op: datetime, ondertekening: Ondertekening | None = None
) -> Aanvraag:
    """Sends the application: one receipt number, the moment the server got it, a copy of everything (R2, R5, R45).

    ``op`` is when the request reached the server and decides whether it is in time. ``ondertekening`` is what the
    portal asks; an application on paper has its signature there. Sending twice gives the same receipt. Raises
    :class:`InvoerFout` with all that is missing.
    """
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        if aanvraag.status not in {Status.CONCEPT, Status.VERLOPEN}:
            return aanvraag
        eis_recht(actor, "aanvragen.indienen", aanvraag)
        ontvangen = (aanvraag.ingediend_op if aanvraag.bron == Bron.PAPIER else None) or op
        eis_open(aanvraag.tijdvak, ontvangen)
        ontbreekt = gebreken(aanvraag, op)
        if ontbreekt:
            raise InvoerFout(
                "De aanvraag is nog niet klaar: " + " ".join(gebrek.melding for gebrek in ontbreekt),
                actie="Vul aan wat ontbreekt en verstuur opnieuw.",
                code="aanvraag-niet-compleet",
            )
        if ondertekening is not None:
            _ondertekenen(aanvraag, ondertekening, actor, op)
        delen = rubrieken(aanvraag)
        aanvraag.potten = potten_van(aanvraag)
        tijdvak = Tijdvak.objects.select_for_update().get(pk=aanvraag.tijdvak_id)
        eis_open(tijdvak, ontvangen)  # again, now that nobody can freeze the list any more
        tijdvak.volgnummer += 1
        tijdvak.save(update_fields=["volgnummer"])
        uiterlijk = beslistermijn(
            spec=tijdvak.spec, methode=tijdvak.methode, ingediend_op=ontvangen, sluit_op=tijdvak.sluit_op
        ).laatste_dag
        aanvraag.beslissen_uiterlijk_op = uiterlijk
        aanvraag = overgang_toepassen(
            aanvraag,
            "indienen",
            actor=actor,
            op=op,
            vergrendeld=True,
            kenmerk=kenmerk_maken(tijdvak.sleutel, tijdvak.volgnummer),
            inhoud=naar_json(delen),
            inhoud_sha256=inhoud_sha256(delen),
            organisatie_toen=organisatie_toen(aanvraag),
            ontvangen_op=ontvangen,
            gegevens={"inhoud_sha256": inhoud_sha256(delen)},
        )
        toetsen_uitvoeren(aanvraag=aanvraag, op=op)
        aanvraag.klad.all().delete()  # what was typed and not saved was no part of what was sent
        aanvraag.aanwezigen.all().delete()
        if aanvraag.bron != Bron.PAPIER:  # that receipt goes by post
            bericht_plaatsen(
                aanvraag=aanvraag,
                code="ontvangst",
                sleutel=f"ontvangst-{aanvraag.pk}",
                op=op,
                velden={"moment": moment_in_woorden(op), "besluit_uiterlijk": dag_in_woorden(uiterlijk)},
            )
    return aanvraag


def _ondertekenen(aanvraag: Aanvraag, wie: Ondertekening, actor: Gebruiker | None, op: datetime) -> None:
    """Name and function on the application, and the declaration in its own words."""
    aanvraag.ondertekenaar_naam, aanvraag.ondertekenaar_functie = wie.naam, wie.functie
    Verklaring.objects.update_or_create(
        aanvraag=aanvraag,
        code=ONDERTEKENING,
        defaults={"tekst": wie.verklaring, "akkoord": True, "op": op, "door": actor},
    )


def kenmerk_maken(tijdvaksleutel: str, volgnummer: int) -> str:
    """Receipt number: key of the round in capitals and a number; fits `[A-Z0-9][A-Z0-9-]{2,39}` of the lottery."""
    return f"{re.sub('[^A-Z0-9-]', '', tijdvaksleutel.upper())[:33].rstrip('-')}-{volgnummer:05d}"


def potten_van(aanvraag: Aanvraag) -> list[str]:
    """Codes of the sub-ceilings that the application draws on."""
    organisatie = aanvraag.organisatie
    themas = set(aanvraag.gekozen_themas.values_list("thema__code", flat=True))
    typen = _aanvragerstypen(aanvraag)
    codes = []
    for pot in aanvraag.tijdvak.tijdvakspec.subplafonds:
        eigen = {"thema": themas, "provincie": {organisatie.provincie}, "aanvragerstype": typen}[pot.soort]
        if eigen & set(pot.waarden):
            codes.append(pot.code)
    return sorted(codes)


def _aanvragerstypen(aanvraag: Aanvraag) -> set[str]:
    """Kinds of applicant that a sub-ceiling can look at: public or private, size, received before or not."""
    organisatie = aanvraag.organisatie
    eerder = Aanvraag.objects.filter(
        organisatie=organisatie,
        tijdvak__regelingversie__regeling=aanvraag.tijdvak.regelingversie.regeling,
        status__in=TOEGEKEND,
    ).exclude(tijdvak=aanvraag.tijdvak)
    typen = {
        "publiek" if organisatie.publiek else "privaat",
        "eerder-ontvanger" if eerder.exists() else "nieuwe-aanvrager",
    }
    if organisatie.werkzame_personen is not None:
        klasse = mkb_klasse(organisatie.werkzame_personen, organisatie.omzet, organisatie.balanstotaal)
        typen |= {klasse} if klasse else set()
    return typen


def organisatie_toen(aanvraag: Aanvraag) -> dict[str, Any]:
    """What the evaluation needs to know of the organisation, as it was at submission."""
    o = aanvraag.organisatie
    return {
        "kvk_nummer": o.kvk_nummer,
        "naam": o.naam,
        "rechtsvorm": o.rechtsvorm,
        "sbi_code": o.sbi_code,
        "sbi_versie": o.sbi_versie,
        "sector": o.sector,
        "werkzame_personen": o.werkzame_personen,
        "grootteklasse": str(grootteklasse(o.werkzame_personen)) if o.werkzame_personen is not None else "",
        "provincie": o.provincie,
        "publiek_privaat": "publiek" if o.publiek else "privaat",
    }


def aanvraag_intrekken(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker | None, op: datetime) -> Aanvraag:
    """Withdrawal by the applicant, before a decision."""
    with transaction.atomic():
        aanvraag = overgang_toepassen(aanvraag, "intrekken", actor=actor, op=op, reden=reden)
        intrekking_bevestigen(aanvraag=aanvraag, op=op)
    return aanvraag


@in_het_nederlands
def intrekking_bevestigen(*, aanvraag: Aanvraag, op: datetime) -> None:
    """Confirms a withdrawal in the inbox."""
    bericht_plaatsen(
        aanvraag=aanvraag,
        code="ingetrokken",
        sleutel=f"ingetrokken-{aanvraag.pk}",
        op=op,
        velden={"moment": moment_in_woorden(op)},
    )


def concepten_laten_verlopen(*, tijdvak: Tijdvak, op: datetime) -> int:
    """Drafts that were not sent before closing lapse, a day after it (a late request that came in time is safe).

    Not what came in on paper: that was received, and only has to be typed in.
    """
    if op < tijdvak.sluit_op + timedelta(days=1):
        return 0
    concepten = list(Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.CONCEPT).exclude(bron=Bron.PAPIER))
    for aanvraag in concepten:
        overgang_toepassen(aanvraag, "verlopen", actor=None, op=op)
    return len(concepten)


def verlopen_concepten_opruimen(*, op: datetime) -> int:
    """The same for every round that closed. Run by the worker."""
    open_ = Aanvraag.objects.filter(status=Status.CONCEPT).exclude(bron=Bron.PAPIER)
    gesloten = Tijdvak.objects.filter(sluit_op__lt=op - timedelta(days=1), aanvragen__in=open_).distinct()
    return sum(concepten_laten_verlopen(tijdvak=tijdvak, op=op) for tijdvak in gesloten)


def vervolgstappen(aanvraag: Aanvraag, besluit_uiterlijk: date) -> list[str]:
    """What happens after receipt, and by when: on the receipt itself."""
    tijdvak = aanvraag.tijdvak
    zinnen = ["Wij controleren of uw aanvraag compleet is. Mist er iets, dan vragen wij u om aan te vullen."]
    if tijdvak.methode != Methode.VOLGORDE:
        sluit = timezone.localtime(tijdvak.sluit_op)
        zinnen.append(f"Na de sluiting op {dag_in_woorden(sluit.date())} verdelen wij het geld.")
    return [*zinnen, f"U krijgt uiterlijk op {dag_in_woorden(besluit_uiterlijk)} een besluit."]


@in_het_nederlands
def ontvangstdocument(aanvraag: Aanvraag) -> Document:
    """The receipt: number, moment to the second, digest, everything entered, and what happens next."""
    regeling, op = aanvraag.tijdvak.spec.regeling, aanvraag.ingediend_op
    if op is None:
        raise InvoerFout("Deze aanvraag is nog niet verstuurd.", actie="Verstuur de aanvraag eerst.")
    tijdvak = aanvraag.tijdvak
    # As it was at receipt: what changes later (a suspension, a new name) does not change the receipt.
    uiterlijk = beslistermijn(
        spec=tijdvak.spec, methode=tijdvak.methode, ingediend_op=op, sluit_op=tijdvak.sluit_op
    ).laatste_dag
    blokken: list[Any] = [
        Alinea(f"Wij hebben uw aanvraag voor “{tijdvak.naam}” ontvangen."),
        Samenvatting(
            (
                ("Kenmerk", aanvraag.kenmerk),
                ("Ontvangen", moment_in_woorden(op)),
                ("Organisatie", aanvraag.organisatie_toen.get("naam", aanvraag.organisatie.naam)),
                ("Ingediend door", str(aanvraag.ingediend_door or "")),
                ("Besluit uiterlijk", dag_in_woorden(uiterlijk)),
                ("Controlegetal van de inhoud (SHA-256)", aanvraag.inhoud_sha256),
            )
        ),
        Kop("Wat gebeurt er nu?", 2),
        *(Alinea(zin) for zin in vervolgstappen(aanvraag, uiterlijk)),
        Alinea("Hieronder staat alles wat u hebt ingevuld."),
    ]
    for deel in verstuurde_rubrieken(aanvraag):
        blokken += [Kop(deel.titel, 2), Samenvatting(deel.regels)]
    return Document(
        titel=f"Ontvangstbewijs {aanvraag.kenmerk}",
        afzender=Afzender(naam=regeling.uitvoerder),
        datum=timezone.localtime(op).date(),
        blokken=tuple(blokken),
        kenmerk=aanvraag.kenmerk,
        betreft=f"Ontvangst van uw aanvraag voor {regeling.naam}",
    )


def ontvangstbewijs(*, aanvraag: Aanvraag) -> Bestand:
    """The receipt as PDF, made once and kept (R2: immutable). Made from what stood in the application when it was sent.

    Called right after sending; if the server stopped in between, the first reader makes it.
    """
    with transaction.atomic():
        aanvraag = vergrendel(aanvraag)
        if aanvraag.ontvangstbewijs is not None:
            return aanvraag.ontvangstbewijs
        document = ontvangstdocument(aanvraag)
        bestand = document_opslaan(
            inhoud=naar_pdf(document),
            naam=f"ontvangstbewijs-{aanvraag.kenmerk}.pdf",
            mime="application/pdf",
            op=aanvraag.ingediend_op or timezone.now(),
        )
        aanvraag.ontvangstbewijs = bestand
        aanvraag.save(update_fields=["ontvangstbewijs"])
    return bestand


def ontvangst_html(aanvraag: Aanvraag) -> str:
    """The receipt as a page of its own."""
    return naar_html(ontvangstdocument(aanvraag))
