"""Filling in an application: every step is saved as a draft; nothing is refused for being unfinished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from aanvragen.berekening import Berekening, bereken
from aanvragen.enums import Bron, Status
from aanvragen.models import (
    Aanvraag,
    Aanvraagthema,
    Adviesbureau,
    Adviseur,
    Begrotingsregel,
    Bijlage,
    Organisatie,
    Referentie,
    Verklaring,
)
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bestand, Gebruiker
from kern.services.bestanden import bestand_opslaan
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Tijdvakstatus
from regeling.models import Tijdvak

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


@dataclass(frozen=True)
class Adviesgegevens:
    naam: str
    email: str
    bureau_naam: str = ""
    bureau_kvk: str = ""
    gecertificeerd: bool = False


@dataclass(frozen=True)
class Referentiegegeven:
    organisatie: str
    contactpersoon: str
    email: str
    opdracht: str = ""


def aanvraag_beginnen(
    *, tijdvak: Tijdvak, organisatie: Organisatie, actor: Gebruiker | None, op: datetime, bron: Bron = Bron.PORTAAL
) -> Aanvraag:
    """The draft of this organisation in this round; makes it when there is none yet."""
    with transaction.atomic():
        Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        bestaand = Aanvraag.objects.filter(tijdvak=tijdvak, organisatie=organisatie, status=Status.CONCEPT).first()
        if bestaand:
            return bestaand
        eis_open(tijdvak, op)
        aanvraag = Aanvraag.objects.create(
            tijdvak=tijdvak,
            organisatie=organisatie,
            bron=bron,
            aangemaakt_op=op,
            gewijzigd_op=op,
            aangemaakt_door=actor,
            een_per_aanvrager=tijdvak.spec.aanvrager.aanvragen_per_aanvrager == 1,
        )
        log_schrijven(
            Logpost(keten=keten_van(aanvraag), handeling="aanvraag_beginnen", op=op, actor=actor, naar=aanvraag.status)
        )
    return aanvraag


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


def _open_concept(aanvraag: Aanvraag, versie: int | None) -> Aanvraag:
    aanvraag = vergrendel(aanvraag)
    if aanvraag.status != Status.CONCEPT:
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


def _bewaard(aanvraag: Aanvraag, stap: str, actor: Gebruiker | None, op: datetime) -> Aanvraag:
    if stap not in aanvraag.stappen_klaar:
        aanvraag.stappen_klaar = [*aanvraag.stappen_klaar, stap]
    aanvraag.versie += 1
    aanvraag.gewijzigd_op = op
    aanvraag.save(force_update=True)
    log_schrijven(
        Logpost(keten=keten_van(aanvraag), handeling="stap_bewaren", op=op, actor=actor, gegevens={"stap": stap})
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
    _eis_bekende_vragen(aanvraag, gegevens.get("antwoorden", {}))
    with transaction.atomic():
        aanvraag = _open_concept(aanvraag, versie)
        for veld, waarde in gegevens.items():
            setattr(aanvraag, veld, {**aanvraag.antwoorden, **waarde} if veld == "antwoorden" else waarde)
        if themas is not None:
            _themas_zetten(aanvraag, themas)
        return _bewaard(aanvraag, stap, actor, op)


def _eis_bekende_vragen(aanvraag: Aanvraag, antwoorden: dict[str, Any]) -> None:
    """An answer to a question that the scheme does not ask would not be in the copy (R45)."""
    vreemd = set(antwoorden) - {vraag.code for vraag in aanvraag.tijdvak.spec.vragen} - {DE_MINIMIS}
    if vreemd:
        raise InvoerFout(f"Deze vragen horen niet bij de regeling: {', '.join(sorted(vreemd))}.")


def _themas_zetten(aanvraag: Aanvraag, codes: Sequence[str]) -> None:
    bekend = {thema.code: thema for thema in aanvraag.tijdvak.regelingversie.regeling.themas.all()}
    vreemd = [code for code in codes if code not in bekend]
    if vreemd:
        raise InvoerFout(f"Dit thema hoort niet bij de regeling: {', '.join(vreemd)}.")
    codes = list(dict.fromkeys(codes))
    aanvraag.gekozen_themas.all().delete()
    hoofd = aanvraag.tijdvak.spec.themakeuze.hoofdthema
    Aanvraagthema.objects.bulk_create(
        Aanvraagthema(aanvraag=aanvraag, thema=bekend[code], hoofd=hoofd and nr == 0) for nr, code in enumerate(codes)
    )


def begroting_bewaren(
    *,
    aanvraag: Aanvraag,
    posten: Sequence[Begrotingspost],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
) -> tuple[Aanvraag, Berekening]:
    """Replaces the budget and computes the subsidy asked for."""
    bekend = {soort.code for soort in aanvraag.tijdvak.spec.kostensoorten}
    for post in posten:
        if bekend and post.kostensoort not in bekend:
            raise InvoerFout(f"Deze kostensoort hoort niet bij de regeling: {post.kostensoort}.")
        if any(getal is not None and getal <= 0 for getal in (post.bedrag, post.aantal, post.tarief)):
            raise InvoerFout("Een bedrag is altijd hoger dan nul.", actie="Vul een bedrag in of haal de regel weg.")
    with transaction.atomic():
        aanvraag = _open_concept(aanvraag, versie)
        aanvraag.begroting.all().delete()
        regels = Begrotingsregel.objects.bulk_create(
            Begrotingsregel(
                aanvraag=aanvraag,
                volgorde=nr,
                kostensoort=post.kostensoort,
                omschrijving=post.omschrijving,
                aantal=post.aantal,
                tarief=post.tarief,
                bedrag=post.bedrag,
            )
            for nr, post in enumerate(posten)
        )
        berekening = bereken(aanvraag.tijdvak.spec, regels)
        aanvraag.kosten_totaal, aanvraag.gevraagd_bedrag = berekening.kosten, berekening.subsidie
        return _bewaard(aanvraag, "begroting", actor, op), berekening


def adviseur_bewaren(
    *,
    aanvraag: Aanvraag,
    adviseur: Adviesgegevens | None,
    referenties: Sequence[Referentiegegeven],
    actor: Gebruiker | None,
    op: datetime,
    versie: int | None = None,
) -> Aanvraag:
    """Names the adviser (from the register when known) and the references. ``None`` takes the adviser away."""
    with transaction.atomic():
        aanvraag = _open_concept(aanvraag, versie)
        aanvraag.adviseur = adviseur_vinden(gegevens=adviseur) if adviseur else None
        aanvraag.referenties.all().delete()
        Referentie.objects.bulk_create(
            Referentie(
                aanvraag=aanvraag,
                volgorde=nr,
                organisatie=ref.organisatie,
                contactpersoon=ref.contactpersoon,
                email=ref.email,
                opdracht=ref.opdracht,
            )
            for nr, ref in enumerate(referenties)
        )
        return _bewaard(aanvraag, "adviseur", actor, op)


def adviseur_vinden(*, gegevens: Adviesgegevens) -> Adviseur:
    """The adviser with this name, address and bureau from the register, added when there is none yet.

    "Certified" is a claim of one application, so it makes an entry of its own: nobody changes another's adviser.
    """
    bureau = None
    if gegevens.bureau_kvk:
        bureau, _ = Adviesbureau.objects.get_or_create(
            kvk_nummer=gegevens.bureau_kvk, defaults={"naam": gegevens.bureau_naam or gegevens.bureau_kvk}
        )
    kenmerken = {
        "bureau": bureau,
        "email": gegevens.email.lower(),
        "naam": gegevens.naam,
        "extern_nummer": "",
        "gecertificeerd": gegevens.gecertificeerd,
    }
    # A unique constraint sees no equals in an empty bureau: the oldest one counts.
    return Adviseur.objects.filter(**kenmerken).order_by("pk").first() or Adviseur.objects.create(**kenmerken)


def verklaringen_bewaren(
    *, aanvraag: Aanvraag, akkoord: dict[str, bool], actor: Gebruiker | None, op: datetime, versie: int | None = None
) -> Aanvraag:
    """Records what was declared, with the words as they stood in the scheme."""
    vreemd = set(akkoord) - {spec.code for spec in aanvraag.tijdvak.spec.verklaringen}
    if vreemd:
        raise InvoerFout(f"Deze verklaringen horen niet bij de regeling: {', '.join(sorted(vreemd))}.")
    with transaction.atomic():
        aanvraag = _open_concept(aanvraag, versie)
        for spec in aanvraag.tijdvak.spec.verklaringen:
            if spec.code in akkoord:
                Verklaring.objects.update_or_create(
                    aanvraag=aanvraag,
                    code=spec.code,
                    defaults={"tekst": spec.tekst, "akkoord": akkoord[spec.code], "op": op, "door": actor},
                )
        return _bewaard(aanvraag, "verklaringen", actor, op)


def bijlage_toevoegen(
    *, aanvraag: Aanvraag, code: str, naam: str, inhoud: bytes, actor: Gebruiker | None, op: datetime
) -> Bijlage:
    """Adds an attachment of the kind ``code``; an earlier one of that kind is replaced and stays on record."""
    spec = next((b for b in aanvraag.tijdvak.spec.bijlagen if b.code == code and b.bij == "aanvraag"), None)
    if spec is None:
        raise InvoerFout("Deze bijlage hoort niet bij de regeling.")
    with transaction.atomic():
        aanvraag = _open_concept(aanvraag, None)
        bestand: Bestand = bestand_opslaan(
            inhoud=inhoud, naam=naam, actor=actor, op=op, soorten=spec.soorten, maximum_mb=spec.maximum_mb
        )
        aanvraag.bijlagen.filter(code=code, verwijderd_op=None).update(verwijderd_op=op, verwijderd_door=actor)
        bijlage = Bijlage.objects.create(
            aanvraag=aanvraag, code=code, bestand=bestand, toegevoegd_op=op, toegevoegd_door=actor
        )
        _bewaard(aanvraag, "bijlagen", actor, op)
    return bijlage


def bijlage_verwijderen(*, bijlage: Bijlage, actor: Gebruiker | None, op: datetime) -> None:
    """Takes an attachment out of a draft."""
    with transaction.atomic():
        aanvraag = _open_concept(bijlage.aanvraag, None)
        aanvraag.bijlagen.filter(pk=bijlage.pk, verwijderd_op=None).update(verwijderd_op=op, verwijderd_door=actor)
        _bewaard(aanvraag, "bijlagen", actor, op)
