"""Drafts of a supplement, one set per item: of the applicant, or of an officer who types an answer on paper.

The two never mix: the applicant's words stand in the items and in `Kladveld` under ``aanvulling-<item>``, the officer's
in `Papierantwoord` and under ``papier-<entry>-<item>``. Nothing of the application changes until one of them is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from aanvragen.enums import Onderdeelsoort, Status
from aanvragen.models import Aanvraag, Aanvulling, Aanvulonderdeel, Kladveld, Papieraanvulling, Papierantwoord
from aanvragen.selectors import papieraanvullingen_in_invoer
from aanvragen.services.behandeling import eis_te_beantwoorden
from aanvragen.services.toetsing import eis_behandelaar
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Bestand, Gebruiker
from kern.services.bestanden import bestand_opslaan
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Name of the draft field that holds the id of a stored file.
BESTAND = "bestand"
#: Name of the draft field that holds an answer in words that was never sent.
WOORDEN = "woorden"


def kladstap(item: Aanvulonderdeel, papier: Papieraanvulling | None = None) -> str:
    """Key of the draft of an item; no step of the form has such a name."""
    return f"papier-{papier.pk}-{item.pk}" if papier else f"aanvulling-{item.pk}"


def klad_van(item: Aanvulonderdeel, papier: Papieraanvulling | None = None) -> dict[str, list[str]]:
    """What was typed for an item, by field name, as the form sends it."""
    rijen = Kladveld.objects.filter(aanvraag=item.aanvulling.aanvraag_id, stap=kladstap(item, papier)).order_by("pk")
    return dict(rijen.values_list("veld", "waarde"))


def bestand_van(item: Aanvulonderdeel, papier: Papieraanvulling | None = None) -> Bestand | None:
    """The file that was chosen for an item and not sent yet."""
    gekozen = klad_van(item, papier).get(BESTAND)
    return Bestand.objects.filter(pk=gekozen[0]).first() if gekozen else None


def items_van(aanvulling: Aanvulling, papier: Papieraanvulling | None = None) -> list[Aanvulonderdeel]:
    """The items of a request; with ``papier`` the words of that entry stand in them, not saved."""
    items = list(aanvulling.items.select_related("aanvulling__aanvraag__tijdvak__regelingversie"))
    if papier is not None:
        antwoorden = {rij.item_id: rij for rij in papier.antwoorden.all()}
        for item in items:
            rij = antwoorden.get(item.pk)
            item.antwoord, item.niet_geleverd = (rij.antwoord, rij.niet_geleverd) if rij else ("", False)
    return items


def ingevulde_items(aanvulling: Aanvulling, papier: Papieraanvulling | None = None) -> set[int]:
    """Ids of the items that have an answer: a draft, a text, or the word that it cannot be given."""
    stappen = set(Kladveld.objects.filter(aanvraag=aanvulling.aanvraag_id).values_list("stap", flat=True))
    return {item.pk for item in items_van(aanvulling, papier) if item.antwoord or kladstap(item, papier) in stappen}


def eis_invoer(papier: Papieraanvulling, aanvraag: Aanvraag, actor: Gebruiker) -> None:
    """An officer without an interest, and an entry for this application that was neither sent nor stopped.

    The caller holds the lock of the application, which every change of an entry takes first.
    """
    eis_behandelaar(actor, aanvraag)
    if not papieraanvullingen_in_invoer(actor).filter(pk=papier.pk, aanvulling__aanvraag=aanvraag.pk).exists():
        raise OvergangFout(
            "Deze aanvulling op papier is niet (meer) in invoer.",
            actie="Bekijk de zaak in de werklijst.",
            code="papieraanvulling-gesloten",
        )


def klad_wissen(items: Iterable[Aanvulonderdeel], papier: Papieraanvulling | None) -> None:
    """Takes the drafts of these items away: the applicant's, or those of one entry on paper."""
    for item in items:
        Kladveld.objects.filter(aanvraag=item.aanvulling.aanvraag_id, stap=kladstap(item, papier)).delete()
    if papier is not None:
        papier.antwoorden.all().delete()


def woorden_bewaren(aanvulling: Aanvulling, op: datetime) -> None:
    """Keeps what the applicant has typed in words and not sent, before the words on paper take their place."""
    Kladveld.objects.bulk_create(
        Kladveld(aanvraag_id=aanvulling.aanvraag_id, stap=kladstap(item), veld=WOORDEN, waarde=[item.antwoord], op=op)
        for item in aanvulling.items.exclude(antwoord="")
    )


# --- Saving -----------------------------------------------------------------------------------------------------


def _open_item(
    item: Aanvulonderdeel, papier: Papieraanvulling | None, actor: Gebruiker, op: datetime
) -> Aanvulonderdeel:
    aanvraag = vergrendel(item.aanvulling.aanvraag)
    if aanvraag.status != Status.AANVULLING_GEVRAAGD:
        raise OvergangFout("Er is geen vraag om aanvulling meer open.", actie="Bekijk de stand van uw aanvraag.")
    eis_te_beantwoorden(item.aanvulling, papier.ontvangen_op if papier else op)
    if papier is not None:
        eis_invoer(papier, aanvraag, actor)
    return (
        Aanvulonderdeel.objects.select_for_update(of=("self",)).select_related("aanvulling__aanvraag").get(pk=item.pk)
    )


def _klad_zetten(
    item: Aanvulonderdeel,
    papier: Papieraanvulling | None,
    velden: Mapping[str, Sequence[str]],
    actor: Gebruiker,
    op: datetime,
) -> None:
    aanvraag_id, stap = item.aanvulling.aanvraag_id, kladstap(item, papier)
    Kladveld.objects.filter(aanvraag=aanvraag_id, stap=stap).delete()
    Kladveld.objects.bulk_create(
        Kladveld(aanvraag_id=aanvraag_id, stap=stap, veld=veld, waarde=list(waarde), op=op, door=actor)
        for veld, waarde in velden.items()
    )


def onderdeel_velden_bewaren(
    *,
    item: Aanvulonderdeel,
    velden: Mapping[str, Sequence[str]],
    actor: Gebruiker,
    op: datetime,
    papier: Papieraanvulling | None = None,
) -> Aanvulonderdeel:
    """Keeps what was typed on the page of a step, as typed; it counts when the supplement is sent."""
    with transaction.atomic():
        item = _open_item(item, papier, actor, op)
        if item.soort != Onderdeelsoort.STAP:
            raise InvoerFout("Dit onderdeel is geen deel van het formulier.")
        _klad_zetten(item, papier, velden, actor, op)
        return _antwoord_zetten(item, papier, "", False, actor, op)


def onderdeel_bestand_bewaren(
    *,
    item: Aanvulonderdeel,
    naam: str,
    inhoud: bytes,
    actor: Gebruiker,
    op: datetime,
    papier: Papieraanvulling | None = None,
) -> Aanvulonderdeel:
    """Keeps a file for an attachment that was asked for."""
    with transaction.atomic():
        item = _open_item(item, papier, actor, op)
        spec = next(
            (
                b
                for b in item.aanvulling.aanvraag.tijdvak.spec.bijlagen
                if item.soort == Onderdeelsoort.BIJLAGE and b.code == item.code and b.bij == "aanvraag"
            ),
            None,
        )
        if spec is None:
            raise InvoerFout("Deze bijlage hoort niet bij de regeling.")
        bestand = bestand_opslaan(
            inhoud=inhoud, naam=naam, actor=actor, op=op, soorten=spec.soorten, maximum_mb=spec.maximum_mb
        )
        _klad_zetten(item, papier, {BESTAND: [str(bestand.pk)]}, actor, op)
        return _antwoord_zetten(item, papier, "", False, actor, op)


def onderdeel_antwoorden(
    *,
    item: Aanvulonderdeel,
    antwoord: str,
    niet_geleverd: bool,
    actor: Gebruiker,
    op: datetime,
    papier: Papieraanvulling | None = None,
) -> Aanvulonderdeel:
    """Answers an item in words: something else that was asked, or why it cannot be given (then any draft goes)."""
    if not antwoord.strip():
        raise InvoerFout("Uw antwoord is leeg.", actie="Schrijf uw antwoord op.", veld="antwoord")
    with transaction.atomic():
        item = _open_item(item, papier, actor, op)
        if item.soort != Onderdeelsoort.OVERIG and not niet_geleverd:
            raise InvoerFout("Dit onderdeel vult u aan in het formulier.")
        _klad_zetten(item, papier, {}, actor, op)
        return _antwoord_zetten(item, papier, antwoord.strip(), niet_geleverd, actor, op)


def _antwoord_zetten(
    item: Aanvulonderdeel,
    papier: Papieraanvulling | None,
    antwoord: str,
    niet_geleverd: bool,
    actor: Gebruiker,
    op: datetime,
) -> Aanvulonderdeel:
    """On a chain of its own: an officer at work on the case is not disturbed by somebody typing."""
    item.antwoord, item.niet_geleverd = antwoord, niet_geleverd
    if papier is None:
        item.save(update_fields=["antwoord", "niet_geleverd"])
    elif antwoord:
        waarden = {"antwoord": antwoord, "niet_geleverd": niet_geleverd}
        Papierantwoord.objects.update_or_create(papier=papier, item=item, defaults=waarden)
    else:
        papier.antwoorden.filter(item=item).delete()
    log_schrijven(
        Logpost(
            keten=keten_van(papier or item.aanvulling),
            handeling="aanvulling_bewaren",
            op=op,
            actor=actor,
            gegevens={"onderdeel": item.titel, "niet_geleverd": niet_geleverd},
        )
    )
    return item
