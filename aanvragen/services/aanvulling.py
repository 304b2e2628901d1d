"""A supplement by the applicant: sent once, applied to the application in one transaction. Drafts: `aanvulklad`.

What was submitted first stays word for word as it was (`Aanvraag.ingediende_inhoud`); the supplement keeps what
changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from aanvragen.brieven import aanvullingsbewijs, antwoord_in_woorden
from aanvragen.enums import Onderdeelsoort
from aanvragen.inhoud import LEEG, Rubriek, rubrieken
from aanvragen.models import Aanvraag, Aanvulling, Aanvulonderdeel, Bijlage, Papieraanvulling
from aanvragen.services.aanvulklad import (
    bestand_van,
    eis_invoer,
    ingevulde_items,
    items_van,
    klad_wissen,
    woorden_bewaren,
)
from aanvragen.services.behandeling import LANGSTE_TERMIJN, aanvulling_beantwoorden, eis_te_beantwoorden
from aanvragen.services.concept import als_aanvulling
from aanvragen.services.postbus import bericht_plaatsen
from aanvragen.services.toetsing import eis_behandelaar
from kern.document.html import naar_html
from kern.document.json import uit_json
from kern.document.pdf import naar_pdf
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bestand, Gebruiker
from kern.momenten import dag_in_woorden, moment_in_woorden
from kern.services.bestanden import document_opslaan
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

#: Saves one step of the form from its draft; gets the locked application.
Toepassing = Callable[[Aanvraag], object]


# --- Sending ----------------------------------------------------------------------------------------------------


@in_het_nederlands
def aanvulling_proef(
    *,
    aanvulling: Aanvulling,
    stappen: Mapping[str, Toepassing],
    actor: Gebruiker,
    op: datetime,
    papier: Papieraanvulling | None = None,
) -> list[list[Any]]:
    """What would change if it were sent now, in sections of [step, title, [[label, old, new]]]; nothing is kept."""
    with transaction.atomic():
        aanvraag = vergrendel(aanvulling.aanvraag)
        uit = _toepassen(aanvraag, items_van(aanvulling, papier), stappen, actor, op, papier)
        transaction.set_rollback(True)
    return uit


@in_het_nederlands
def aanvulling_versturen(
    *, aanvulling: Aanvulling, stappen: Mapping[str, Toepassing], actor: Gebruiker, op: datetime
) -> Aanvulling:
    """Sends the supplement, once: applies it, keeps what changed with its digest, confirms receipt (R2, R45).

    ``stappen``: per step that was asked and filled in, what saves it. Every item needs an answer; "I do not have
    this" is one. Raises :class:`InvoerFout` for an item without, :class:`OvergangFout` after the term.
    """
    with transaction.atomic():
        aanvulling = aanvulling_verwerken(aanvulling=aanvulling, stappen=stappen, actor=actor, op=op)
        uiterlijk = aanvulling.aanvraag.beslissen_uiterlijk_op
        bericht_plaatsen(
            aanvraag=aanvulling.aanvraag,
            code="aanvulling_ontvangen",
            sleutel=f"aanvulling-ontvangen-{aanvulling.pk}",
            op=op,
            velden={
                "moment": moment_in_woorden(op),
                "nummer": nummer_van(aanvulling),
                "besluit_uiterlijk": besluit_in_woorden(uiterlijk),
            },
        )
        nummer = aanvulling.pk
        transaction.on_commit(lambda: aanvulling_bewijs_maken.enqueue(nummer))
    return aanvulling


def besluit_in_woorden(uiterlijk: date | None) -> str:
    """By when we decide, for the confirmation of receipt."""
    return dag_in_woorden(uiterlijk) if uiterlijk else "de datum die u nog hoort"


def aanvulling_verwerken(
    *,
    aanvulling: Aanvulling,
    stappen: Mapping[str, Toepassing],
    actor: Gebruiker,
    op: datetime,
    papier: Papieraanvulling | None = None,
) -> Aanvulling:
    """Applies the drafts and answers the request, inside the caller's transaction; confirms nothing.

    With ``papier`` its drafts are applied and its stamp is the moment of answering. What the applicant has typed online
    meanwhile stays in drafts that only the applicant sees.
    """
    aanvraag = vergrendel(aanvulling.aanvraag)
    moment = papier.ontvangen_op if papier else op
    aanvulling = eis_te_beantwoorden(aanvulling, moment)
    if papier is not None:
        eis_invoer(papier, aanvraag, actor)
    items, klaar = items_van(aanvulling, papier), ingevulde_items(aanvulling, papier)
    leeg = [item.titel for item in items if item.pk not in klaar]
    if leeg:
        raise InvoerFout(
            f"Nog niet ingevuld: {', '.join(leeg)}.",
            actie="Vul dit in, of geef aan dat u het niet hebt.",
            code="aanvulling-onvolledig",
        )
    wijzigingen = _toepassen(aanvraag, items, stappen, actor, op, papier)
    if papier is not None:
        woorden_bewaren(aanvulling, op)
    for item in items:
        item.beantwoord_op = moment
    Aanvulonderdeel.objects.bulk_update(items, ["antwoord", "niet_geleverd", "beantwoord_op"])
    klad_wissen(items, papier)
    aanvulling.inhoud, aanvulling.inhoud_sha256 = wijzigingen, wijzigingen_sha256(wijzigingen)
    aanvulling.save(update_fields=["inhoud", "inhoud_sha256"])
    antwoord = "\n".join(f"{item.titel}: {antwoord_in_woorden(item)}" for item in items)
    aanvulling = aanvulling_beantwoorden(aanvulling=aanvulling, antwoord=antwoord, actor=actor, op=op, papier=papier)
    aanvulling.aanvraag = Aanvraag.objects.get(pk=aanvraag.pk)
    return aanvulling


def _toepassen(
    aanvraag: Aanvraag,
    items: Sequence[Aanvulonderdeel],
    stappen: Mapping[str, Toepassing],
    actor: Gebruiker,
    op: datetime,
    papier: Papieraanvulling | None,
) -> list[list[Any]]:
    gevraagd = {item.code for item in items if item.soort == Onderdeelsoort.STAP}
    vreemd = set(stappen) - gevraagd
    if vreemd:
        raise InvoerFout(f"Hierom is niet gevraagd: {', '.join(sorted(vreemd))}.")
    voor = rubrieken(aanvraag)
    with als_aanvulling(aanvraag, gevraagd):
        for toepassen in stappen.values():
            toepassen(Aanvraag.objects.get(pk=aanvraag.pk))
    for item in items:
        bestand = bestand_van(item, papier) if item.soort == Onderdeelsoort.BIJLAGE else None
        if bestand is not None:
            _bijlage_zetten(aanvraag, item, bestand, actor, op)
    na = rubrieken(Aanvraag.objects.select_related("organisatie", "tijdvak__regelingversie").get(pk=aanvraag.pk))
    antwoorden = [[item.titel, "", antwoord_in_woorden(item)] for item in items if item.antwoord]
    return [*([["antwoorden", "Antwoorden", antwoorden]] if antwoorden else []), *verschillen(voor, na)]


def _bijlage_zetten(
    aanvraag: Aanvraag, item: Aanvulonderdeel, bestand: Bestand, actor: Gebruiker, op: datetime
) -> None:
    aanvraag.bijlagen.filter(code=item.code, verwijderd_op=None).update(verwijderd_op=op, verwijderd_door=actor)
    Bijlage.objects.create(aanvraag=aanvraag, code=item.code, bestand=bestand, toegevoegd_op=op, toegevoegd_door=actor)
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="bijlage_nasturen",
            op=op,
            actor=actor,
            gegevens={"code": item.code, "sha256": bestand.sha256},
        )
    )


def verschillen(voor: Sequence[Rubriek], na: Sequence[Rubriek]) -> list[list[Any]]:
    """Sections with the lines that differ: [step, title, [[label, old, new]]]; empty text where there was nothing."""
    oud = {deel.stap: dict(deel.regels) for deel in voor}
    uit = []
    for deel in na:
        was, nu = oud.get(deel.stap, {}), dict(deel.regels)
        labels = list(dict.fromkeys([*was, *nu]))
        regels = [
            [label, _leeg(was.get(label)), _leeg(nu.get(label))] for label in labels if was.get(label) != nu.get(label)
        ]
        if regels:
            uit.append([deel.stap, deel.titel, regels])
    return uit


def _leeg(waarde: str | None) -> str:
    return "" if waarde in (None, LEEG) else str(waarde)


def wijzigingen_sha256(inhoud: list[list[Any]]) -> str:
    """Digest over what a supplement changed; printed on its receipt."""
    return hashlib.sha256(json.dumps(inhoud, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def nummer_van(aanvulling: Aanvulling) -> str:
    """Number of a supplement: the receipt number of the application and which request it was."""
    volgnummer = Aanvulling.objects.filter(aanvraag=aanvulling.aanvraag_id, pk__lte=aanvulling.pk).count()
    return f"{aanvulling.aanvraag.kenmerk}-A{volgnummer}"


@in_het_nederlands
def aanvulling_ontvangstbewijs(*, aanvulling: Aanvulling) -> Bestand:
    """The receipt of a supplement as PDF/A, made once and kept."""
    with transaction.atomic():
        rij = Aanvulling.objects.select_for_update(of=("self",)).select_related("ontvangstbewijs").get(pk=aanvulling.pk)
        if rij.ontvangstbewijs is not None:
            return rij.ontvangstbewijs
        if rij.beantwoord_op is None:
            raise OvergangFout("Deze aanvulling is nog niet verstuurd.", actie="Verstuur de aanvulling eerst.")
        nummer = nummer_van(rij)
        document = aanvullingsbewijs(rij, nummer=nummer, ontvangen=rij.beantwoord_op)
        rij.ontvangstbewijs = document_opslaan(
            inhoud=naar_pdf(document),
            naam=f"ontvangstbewijs-{nummer}.pdf",
            mime="application/pdf",
            op=rij.beantwoord_op,
        )
        rij.save(update_fields=["ontvangstbewijs"])
    return rij.ontvangstbewijs


@task()
def aanvulling_bewijs_maken(aanvulling_id: int) -> str:
    """Background work: the receipt; harmless to repeat. Returns its SHA-256."""
    return aanvulling_ontvangstbewijs(aanvulling=Aanvulling.objects.get(pk=aanvulling_id)).sha256


# --- The letter, and more time ----------------------------------------------------------------------------------


def aanvullingsbrief_html(aanvulling: Aanvulling) -> str:
    """The letter as it was sent, as a page of its own."""
    return naar_html(uit_json(_briefdocument(aanvulling)))


@in_het_nederlands
def aanvullingsbrief_pdf(*, aanvulling: Aanvulling) -> Bestand:
    """The letter as PDF/A, made once and kept; the same request gives the same bytes."""
    with transaction.atomic():
        rij = (
            Aanvulling.objects.select_for_update(of=("self",)).select_related("brief", "aanvraag").get(pk=aanvulling.pk)
        )
        if rij.brief is None:
            rij.brief = document_opslaan(
                inhoud=naar_pdf(uit_json(_briefdocument(rij))),
                naam=f"verzoek-om-aanvulling-{nummer_van(rij)}.pdf",
                mime="application/pdf",
                op=rij.gevraagd_op,
            )
            rij.save(update_fields=["brief"])
    return rij.brief


def _briefdocument(aanvulling: Aanvulling) -> dict[str, Any]:
    if not aanvulling.brief_document:
        raise OvergangFout("Bij dit verzoek hoort geen brief.", actie="Lees het bericht in de postbus.")
    document: dict[str, Any] = aanvulling.brief_document
    return document


@in_het_nederlands
def aanvulling_verlengen(
    *, aanvulling: Aanvulling, termijn_tot: date, reden: str, actor: Gebruiker, op: datetime
) -> Aanvulling:
    """More time to complete, given before the term lapses; the decision term stands still as long."""
    eis_behandelaar(actor, aanvulling.aanvraag)
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom er meer tijd is.", veld="reden")
    vandaag = timezone.localdate(op)
    with transaction.atomic():
        aanvraag = vergrendel(aanvulling.aanvraag)
        aanvulling = eis_te_beantwoorden(aanvulling, op)
        oud = aanvulling.termijn_tot
        if not oud < termijn_tot <= vandaag + timedelta(days=LANGSTE_TERMIJN):
            raise InvoerFout(
                f"De nieuwe dag ligt na {dag_in_woorden(oud)} en hoogstens {LANGSTE_TERMIJN} dagen na vandaag.",
                actie="Kies een andere dag.",
                veld="termijn_tot",
            )
        aanvulling.termijn_tot = termijn_tot
        aanvulling.verlopen_op = None
        aanvulling.save(update_fields=["termijn_tot", "verlopen_op"])
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling="aanvulling_verlengen",
                op=op,
                actor=actor,
                reden=reden.strip(),
                gegevens={"van": oud.isoformat(), "tot": termijn_tot.isoformat()},
            )
        )
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="aanvulling_verlengd",
            sleutel=f"aanvulling-verlengd-{aanvulling.pk}-{termijn_tot.isoformat()}",
            op=op,
            actor=actor,
            velden={"termijn_tot": dag_in_woorden(termijn_tot), "reden": reden.strip()},
        )
    return aanvulling
