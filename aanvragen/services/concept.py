"""Filling in an application: every step is saved as a draft; nothing is refused for being unfinished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from aanvragen.berekening import Berekening, bereken
from aanvragen.enums import Bron, Status
from aanvragen.models import (
    Aanvraag,
    Aanvraagthema,
    Begrotingsregel,
    Organisatie,
    Verklaring,
)
from aanvragen.services.tweede_stap import eerste_stap, rijen_overnemen, velden_uit
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Eenheid, Tijdvakstatus
from regeling.models import Tijdvak

#: The application and the steps whose supplement is being taken in, see :func:`als_aanvulling`.
_AANVULLING: ContextVar[tuple[UUID, frozenset[str]] | None] = ContextVar("aanvulling", default=None)
#: Plain fields that a step may set.
VELDEN = frozenset(
    {
        "titel",
        "omschrijving",
        "start_op",
        "eind_op",
        "contactpersoon",
        "contact_email",
        "contact_telefoon",
        "iban",
        "doelen",
        "antwoorden",
        "vestigingsnummer",
        "gevraagd_stuks",
    }
)


#: Key of the answer about earlier aid; every scheme with de-minimis aid asks it.
DE_MINIMIS = "de_minimis_eerder"


@dataclass(frozen=True)
class Begrotingspost:
    """One cost line, in euros; with hours and rate the amount is their product."""

    kostensoort: str
    omschrijving: str
    bedrag: Decimal
    aantal: Decimal | None = None
    tarief: Decimal | None = None
    #: Number of the stored line that this one takes the place of.
    regel: int | None = None


def aanvraag_beginnen(
    *,
    tijdvak: Tijdvak,
    organisatie: Organisatie,
    actor: Gebruiker | None,
    op: datetime,
    bron: Bron = Bron.PORTAAL,
    vestigingsnummer: str = "",
) -> Aanvraag:
    """The draft of this organisation in this round; makes it when there is none yet.

    ``vestigingsnummer``: the branch that the actor's mandate is for; empty is the whole organisation, which may go on
    with the draft of a branch, but not the other way round.
    """
    with transaction.atomic():
        Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        bestaand = Aanvraag.objects.filter(tijdvak=tijdvak, organisatie=organisatie, status=Status.CONCEPT).first()
        if bestaand:
            _eis_zelfde_bron(bestaand, bron)
            if vestigingsnummer and bestaand.vestigingsnummer != vestigingsnummer:
                raise OvergangFout(
                    "Een ander deel van uw organisatie is al met een aanvraag voor dit tijdvak bezig.",
                    actie="Overleg met de beheerder van uw organisatie.",
                    code="concept-andere-vestiging",
                )
            return bestaand
        vorige = eerste_stap(tijdvak, organisatie)
        if bron != Bron.PAPIER:  # paper: the moment on the stamp counts, not the moment of typing
            eis_open(tijdvak, op)
        aanvraag = Aanvraag.objects.create(
            tijdvak=tijdvak,
            organisatie=organisatie,
            bron=bron,
            aangemaakt_op=op,
            gewijzigd_op=op,
            aangemaakt_door=actor,
            verantwoordelijke=actor,
            vestigingsnummer=vestigingsnummer,
            een_per_aanvrager=tijdvak.spec.aanvrager.aanvragen_per_aanvrager == 1,
            **velden_uit(vorige),
        )
        if vorige is not None:
            rijen_overnemen(vorige, aanvraag)
        log_schrijven(
            Logpost(keten=keten_van(aanvraag), handeling="aanvraag_beginnen", op=op, actor=actor, naar=aanvraag.status)
        )
    return aanvraag


def _eis_zelfde_bron(concept: Aanvraag, bron: Bron) -> None:
    """One draft per organisation and round: what an officer types from paper is not filled in online, or back."""
    if concept.bron == Bron.PAPIER and bron != Bron.PAPIER:
        raise OvergangFout(
            "Wij verwerken op dit moment uw aanvraag op papier.",
            actie="U krijgt daarover een brief. Wilt u toch digitaal aanvragen? Neem dan contact met ons op.",
            code="papier-in-invoer",
        )
    if bron == Bron.PAPIER and concept.bron != Bron.PAPIER:
        raise OvergangFout(
            "Deze organisatie is in dit tijdvak zelf begonnen met een digitale aanvraag.",
            actie="Vraag de aanvrager welke van de twee geldt.",
            code="digitaal-begonnen",
        )


def eis_open(tijdvak: Tijdvak, op: datetime) -> None:
    """Raises :class:`InvoerFout` unless the round takes applications at ``op`` (when the server got the request)."""
    if tijdvak.is_open_op(op):
        return
    voor_sluiting = {Tijdvakstatus.ONTWERP, Tijdvakstatus.GEPUBLICEERD, Tijdvakstatus.OPEN}
    if tijdvak.status in voor_sluiting and op < tijdvak.open_op:
        raise InvoerFout(
            f"“{tijdvak.naam}” is nog niet open.",
            actie="Op de pagina van de regeling staat vanaf wanneer u kunt aanvragen.",
            code="tijdvak-nog-niet-open",
        )
    raise InvoerFout(
        f"“{tijdvak.naam}” is gesloten. U kunt hiervoor geen aanvraag meer versturen.",
        actie="Wat u had ingevuld, is bewaard en kunt u nog lezen. Kijk of er een volgend tijdvak komt.",
        code="tijdvak-gesloten",
    )


def open_concept(aanvraag: Aanvraag, versie: int | None) -> Aanvraag:
    aanvraag = vergrendel(aanvraag)
    if aanvraag.status != Status.CONCEPT and not _wordt_aangevuld(aanvraag):
        raise OvergangFout(
            "Deze aanvraag is al verstuurd en kan niet meer worden gewijzigd.",
            actie="Bekijk de aanvraag bij “Mijn aanvragen”.",
            code="aanvraag-verstuurd",
        )
    if versie is not None and versie != aanvraag.versie:
        raise OvergangFout(
            "Iemand anders heeft deze aanvraag intussen gewijzigd.",
            actie="Vergelijk uw invoer met wat er nu staat en bewaar opnieuw.",
            code="intussen-gewijzigd",
        )
    return aanvraag


@contextmanager
def concept_vergrendeld(*, aanvraag: Aanvraag) -> Iterator[Aanvraag]:
    """A transaction in which nobody else changes the draft or its organisation: to read, compare and save.

    Raises :class:`OvergangFout` when the application was sent.
    """
    with transaction.atomic():
        vast = open_concept(aanvraag, None)
        vast.organisatie = Organisatie.objects.select_for_update().get(pk=vast.organisatie_id)
        yield vast


def _wordt_aangevuld(aanvraag: Aanvraag) -> bool:
    """Whether a supplement of this application is being taken in right now."""
    gevraagd = _AANVULLING.get()
    return aanvraag.status == Status.AANVULLING_GEVRAAGD and gevraagd is not None and gevraagd[0] == aanvraag.pk


@contextmanager
def als_aanvulling(aanvraag: Aanvraag, stappen: Iterable[str]) -> Iterator[None]:
    """Inside, the saves of a draft also work on a sent application, for the steps that were asked for and no others.

    Only the service that takes in a supplement uses this; everywhere else a sent application cannot be edited.
    """
    teken = _AANVULLING.set((aanvraag.pk, frozenset(stappen)))
    try:
        yield
    finally:
        _AANVULLING.reset(teken)


def stap_bewaard(
    aanvraag: Aanvraag, stap: str, actor: Gebruiker | None, op: datetime, velden: Iterable[str] = ()
) -> Aanvraag:
    gevraagd = _AANVULLING.get()
    if aanvraag.status != Status.CONCEPT and (gevraagd is None or stap not in gevraagd[1]):
        raise OvergangFout("Om dit onderdeel is niet gevraagd.", actie="Vul alleen aan wat wij vragen.")
    if stap not in aanvraag.stappen_klaar:
        aanvraag.stappen_klaar = [*aanvraag.stappen_klaar, stap]
    aanvraag.versie += 1
    aanvraag.gewijzigd_op = op
    aanvraag.save(force_update=True)
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="stap_bewaren",
            op=op,
            actor=actor,
            gegevens={"stap": stap, "velden": sorted(velden)},
        )
    )
    return aanvraag


def velden_bewaren(
    *,
    aanvraag: Aanvraag,
    stap: str,
    gegevens: dict[str, Any],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
    themas: Sequence[str] | None = None,
) -> Aanvraag:
    """Saves one step. ``versie`` guards against two people saving the same page; ``themas`` are codes, main first."""
    onbekend = set(gegevens) - VELDEN
    if onbekend:
        raise InvoerFout(f"Deze gegevens horen niet bij een aanvraag: {', '.join(sorted(onbekend))}.")
    if "gevraagd_stuks" in gegevens and aanvraag.tijdvak.spec.subsidie.vorm != "plaats":
        raise InvoerFout("Deze regeling verdeelt geen plaatsen.", actie="Vul de kosten in.", veld="gevraagd_stuks")
    _eis_bekende_vragen(aanvraag, gegevens.get("antwoorden", {}))
    nummer = gegevens.get("vestigingsnummer")
    if nummer and not aanvraag.organisatie.vestigingen.filter(nummer=nummer).exists():
        raise InvoerFout("Deze vestiging hoort niet bij uw organisatie.", actie="Kies een vestiging uit de lijst.")
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, versie)
        gewijzigd = set()
        for veld, waarde in gegevens.items():
            if veld == "antwoorden":
                oud = aanvraag.antwoorden
                gewijzigd |= {code for code, antwoord in waarde.items() if oud.get(code) != antwoord}
                aanvraag.antwoorden = {**oud, **waarde}
            elif getattr(aanvraag, veld) != waarde:
                gewijzigd.add(veld)
                setattr(aanvraag, veld, waarde)
        if themas is not None and _themas_zetten(aanvraag, themas):
            gewijzigd.add("themas")
        return stap_bewaard(aanvraag, stap, actor, op, gewijzigd)


def _eis_bekende_vragen(aanvraag: Aanvraag, antwoorden: dict[str, Any]) -> None:
    """An answer to a question that the scheme does not ask would not be in the copy (R45)."""
    spec = aanvraag.tijdvak.spec
    vreemd = (
        set(antwoorden)
        - {vraag.code for vraag in spec.vragen}
        - {vraag.sleutel for vraag in spec.nulmeting}
        - {DE_MINIMIS}
    )
    if vreemd:
        raise InvoerFout(f"Deze vragen horen niet bij de regeling: {', '.join(sorted(vreemd))}.")


def _themas_zetten(aanvraag: Aanvraag, codes: Sequence[str]) -> bool:
    """Whether the choice or the main theme changed."""
    bekend = {thema.code: thema for thema in aanvraag.tijdvak.regelingversie.regeling.themas.all()}
    vreemd = [code for code in codes if code not in bekend]
    if vreemd:
        raise InvoerFout(f"Dit thema hoort niet bij de regeling: {', '.join(vreemd)}.")
    codes = list(dict.fromkeys(codes))
    hoofd = aanvraag.tijdvak.spec.themakeuze.hoofdthema
    oud = set(aanvraag.gekozen_themas.values_list("thema__code", "hoofd"))
    aanvraag.gekozen_themas.all().delete()
    Aanvraagthema.objects.bulk_create(
        Aanvraagthema(aanvraag=aanvraag, thema=bekend[code], hoofd=hoofd and nr == 0) for nr, code in enumerate(codes)
    )
    return oud != {(code, hoofd and nr == 0) for nr, code in enumerate(codes)}


def begroting_bewaren(
    *,
    aanvraag: Aanvraag,
    posten: Sequence[Begrotingspost],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
) -> tuple[Aanvraag, Berekening]:
    """Replaces the budget and computes the subsidy asked for. A post that names its ``regel`` keeps that line."""
    if aanvraag.tijdvak.spec.subsidie.vorm == "plaats":
        raise InvoerFout("Bij plaatsen in een leergang hoort geen begroting.", actie="Vul het aantal plaatsen in.")
    bekend = {soort.code for soort in aanvraag.tijdvak.spec.kostensoorten}
    for post in posten:
        if bekend and post.kostensoort not in bekend:
            raise InvoerFout(f"Deze kostensoort hoort niet bij de regeling: {post.kostensoort}.")
        if any(getal is not None and getal <= 0 for getal in (post.bedrag, post.aantal, post.tarief)):
            raise InvoerFout("Een bedrag is altijd hoger dan nul.", actie="Vul een bedrag in of haal de regel weg.")
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, versie)
        gewijzigd = _begroting_zetten(aanvraag, posten)
        berekening = bereken(aanvraag.tijdvak.spec, aanvraag.begroting.all())
        aanvraag.kosten_totaal, aanvraag.gevraagd_bedrag = berekening.kosten, berekening.subsidie
        if aanvraag.tijdvak.eenheid == Eenheid.STUKS:
            aanvraag.gevraagd_stuks = 1
        return stap_bewaard(aanvraag, "begroting", actor, op, gewijzigd), berekening


def _begroting_zetten(aanvraag: Aanvraag, posten: Sequence[Begrotingspost]) -> set[str]:
    """Writes the lines in this order; gives the names of the lines that differ from what stood there."""
    bestaand = {regel.pk: regel for regel in aanvraag.begroting.all()}
    gewijzigd, nieuw = set(), []
    for nr, post in enumerate(posten):
        waarden = {
            "volgorde": nr,
            "kostensoort": post.kostensoort,
            "omschrijving": post.omschrijving,
            "aantal": post.aantal,
            "tarief": post.tarief,
            "bedrag": post.bedrag,
        }
        regel = bestaand.pop(post.regel, None) if post.regel else None
        if regel is None:
            nieuw.append(Begrotingsregel(aanvraag=aanvraag, **waarden))
            gewijzigd.add(f"regel {nr + 1}")
        elif any(getattr(regel, veld) != waarde for veld, waarde in waarden.items()):
            Begrotingsregel.objects.filter(pk=regel.pk).update(**waarden)
            gewijzigd.add(f"regel {nr + 1}")
    if bestaand:
        Begrotingsregel.objects.filter(pk__in=bestaand).delete()
        gewijzigd.add("regels weggehaald")
    Begrotingsregel.objects.bulk_create(nieuw)
    return gewijzigd


def verklaringen_bewaren(
    *, aanvraag: Aanvraag, akkoord: dict[str, bool], actor: Gebruiker | None, op: datetime, versie: int | None = None
) -> Aanvraag:
    """Records what was declared, with the words as they stood in the scheme."""
    vreemd = set(akkoord) - {spec.code for spec in aanvraag.tijdvak.spec.verklaringen}
    if vreemd:
        raise InvoerFout(f"Deze verklaringen horen niet bij de regeling: {', '.join(sorted(vreemd))}.")
    with transaction.atomic():
        aanvraag = open_concept(aanvraag, versie)
        oud = dict(aanvraag.verklaringen.values_list("code", "akkoord"))
        gewijzigd = {code for code, waarde in akkoord.items() if oud.get(code) != waarde}
        for spec in aanvraag.tijdvak.spec.verklaringen:
            if spec.code in akkoord:
                Verklaring.objects.update_or_create(
                    aanvraag=aanvraag,
                    code=spec.code,
                    defaults={"tekst": spec.tekst, "akkoord": akkoord[spec.code], "op": op, "door": actor},
                )
        return stap_bewaard(aanvraag, "verklaringen", actor, op, gewijzigd)
