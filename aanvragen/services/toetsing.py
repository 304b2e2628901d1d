"""Running the checks and recording an officer's judgement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from aanvragen.berekening import bereken
from aanvragen.enums import OPEN_VOOR_BEHANDELING, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from aanvragen.rules import handelt_voor_aanvrager
from aanvragen.toetsen import VERSIE, Referentiegegevens, Toetsinvoer, Toetsresultaat, toets_alles
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Until there is a decision; afterwards its grounds stand in the decision.
TE_BEOORDELEN = OPEN_VOOR_BEHANDELING | {
    Status.COMPLEET,
    Status.IN_VERDELING,
    Status.GESELECTEERD,
    Status.RESERVE,
    Status.NIET_GESELECTEERD,
}


def eis_behandelaar(actor: Gebruiker, aanvraag: Aanvraag) -> None:
    """An officer, and never for an organisation that the officer acts for."""
    eis_rol(actor, Rol.BEHANDELAAR)
    eis_geen_belang(actor, aanvraag)


def eis_geen_belang(actor: Gebruiker | None, aanvraag: Aanvraag) -> None:
    """Nobody handles, decides or pays an application of an organisation that they act for."""
    if actor is not None and handelt_voor_aanvrager(actor, aanvraag):
        raise RechtenFout(
            "U handelt zelf voor deze aanvrager en mag de aanvraag niet behandelen.", actie="Draag de zaak over."
        )


def toetsinvoer(aanvraag: Aanvraag, op: datetime) -> Toetsinvoer:
    """Gathers what the checks look at. Before submission ``op`` stands for the moment of receipt."""
    organisatie, adviseur = aanvraag.organisatie, aanvraag.adviseur
    begroting = list(aanvraag.begroting.all())
    ander = Aanvraag.objects.filter(tijdvak=aanvraag.tijdvak).exclude(pk=aanvraag.pk).exclude(kenmerk="")
    # Two requests can reach the server at the same moment: then the receipt number decides.
    moment, gelijk = aanvraag.ingediend_op or op, Q(kenmerk__lt=aanvraag.kenmerk) if aanvraag.kenmerk else Q()
    eerder = ander.filter(Q(ingediend_op__lt=moment) | (Q(ingediend_op=moment) & gelijk), organisatie=organisatie)
    eerder = eerder.exclude(status__in=["ingetrokken", "buiten_behandeling"])
    iban = aanvraag.iban
    zelfde = ander.filter(iban=iban).exclude(organisatie=organisatie) if iban else ander.none()
    return Toetsinvoer(
        ingediend_op=aanvraag.ingediend_op or op,
        sluit_op=aanvraag.tijdvak.sluit_op,
        kvk_nummer=organisatie.kvk_nummer,
        rechtsvorm=organisatie.rechtsvorm,
        sbi_code=organisatie.sbi_code,
        sbi_versie=organisatie.sbi_versie,
        provincie=organisatie.provincie,
        werkzame_personen=organisatie.werkzame_personen,
        omzet=organisatie.omzet,
        balanstotaal=organisatie.balanstotaal,
        start_op=aanvraag.start_op,
        eind_op=aanvraag.eind_op,
        contact_email=aanvraag.contact_email,
        iban=iban,
        themas=list(aanvraag.gekozen_themas.values_list("thema__code", flat=True)),
        doelen=aanvraag.doelen,
        antwoorden=aanvraag.antwoorden,
        berekening=bereken(aanvraag.tijdvak.spec, begroting),
        tarieven=[(regel.kostensoort, regel.tarief) for regel in begroting],
        adviseur_email=adviseur.email if adviseur else "",
        bureau_kvk=adviseur.bureau.kvk_nummer if adviseur and adviseur.bureau else "",
        adviseur_gecertificeerd=bool(adviseur and adviseur.gecertificeerd),
        heeft_adviseur=adviseur is not None,
        referenties=[Referentiegegevens(r.organisatie, r.email) for r in aanvraag.referenties.all()],
        verklaringen=dict(aanvraag.verklaringen.values_list("code", "akkoord")),
        bijlagen=frozenset(aanvraag.bijlagen.filter(verwijderd_op=None).values_list("code", flat=True)),
        eerdere_aanvragen=list(eerder.order_by("ingediend_op").values_list("kenmerk", flat=True)[:10]),
        zelfde_iban=list(zelfde.values_list("kenmerk", flat=True)[:10]),
    )


def toetsen_vooraf(aanvraag: Aanvraag, op: datetime) -> list[Toetsresultaat]:
    """The checks as they would come out now; nothing is stored. Shown before submitting."""
    tijdvak = aanvraag.tijdvak
    return toets_alles(toetsinvoer(aanvraag, op), tijdvak.spec, tijdvak.tijdvakspec)


def toetsen_uitvoeren(*, aanvraag: Aanvraag, op: datetime) -> list[Toets]:
    """Runs and stores the checks; an earlier judgement of an officer stays when the outcome is the same."""
    resultaten = toetsen_vooraf(aanvraag, op)
    with transaction.atomic():
        oud = {toets.code: toets for toets in aanvraag.toetsen.all()}
        nieuw: list[Toets] = []
        gewijzigd: list[Toets] = []
        for resultaat in resultaten:
            toets = oud.pop(resultaat.code, None) or Toets(aanvraag=aanvraag, code=resultaat.code)
            if toets.uitkomst != resultaat.uitkomst:
                toets.oordeel, toets.oordeel_reden, toets.oordeel_op, toets.oordeel_door = "", "", None, None
            toets.naam, toets.artikel, toets.soort = resultaat.naam, resultaat.artikel, resultaat.soort
            toets.uitkomst, toets.uitleg, toets.invoer = resultaat.uitkomst, resultaat.uitleg, resultaat.invoer
            toets.versie, toets.op = VERSIE, op
            (gewijzigd if toets.pk else nieuw).append(toets)
        Toets.objects.bulk_create(nieuw)
        for toets in gewijzigd:
            toets.save(force_update=True)
        aanvraag.toetsen.filter(pk__in=[toets.pk for toets in oud.values()]).delete()
    return [*gewijzigd, *nieuw]


def toets_beoordelen(*, toets: Toets, oordeel: Toetsuitkomst, reden: str, actor: Gebruiker, op: datetime) -> Toets:
    """An officer's judgement over one check, with a reason."""
    eis_behandelaar(actor, toets.aanvraag)
    if oordeel == Toetsuitkomst.HANDMATIG:
        raise InvoerFout("Kies of de aanvraag aan deze eis voldoet of niet.")
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf kort op waarom u dit vindt.", veld="reden")
    with transaction.atomic():
        aanvraag = vergrendel(toets.aanvraag)
        if aanvraag.status not in TE_BEOORDELEN:
            raise OvergangFout(
                f"De aanvraag is “{aanvraag.get_status_display()}”; een toets beoordelen kan niet meer.",
                actie="De gronden staan in het besluit.",
            )
        toets = Toets.objects.select_for_update(of=("self",)).select_related("aanvraag").get(pk=toets.pk)
        toets.oordeel, toets.oordeel_reden, toets.oordeel_op, toets.oordeel_door = oordeel, reden.strip(), op, actor
        toets.save(force_update=True)
        gegevens: dict[str, Any] = {"toets": toets.code, "uitkomst": toets.uitkomst, "oordeel": str(oordeel)}
        log_schrijven(
            Logpost(
                keten=keten_van(toets.aanvraag),
                handeling="toets_beoordelen",
                op=op,
                actor=actor,
                reden=reden.strip(),
                gegevens=gegevens,
            )
        )
    return toets
