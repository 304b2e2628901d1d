"""An answer on paper to a request to complete: an officer types it in on the pages of the applicant (R44, Awb 4:5).

As with a paper application the stamp is the moment that counts, what we send about it goes by post, and who typed does
not decide. Until it is sent everything stands apart from the application and from what the applicant types online:
whoever sends first answers the request, and the other loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from aanvragen.enums import Status
from aanvragen.models import Aanvraag, Aanvulling, Bijlage, Papieraanvulling, Papierscan
from aanvragen.services.aanvulklad import eis_invoer, items_van, klad_wissen
from aanvragen.services.aanvulling import (
    Toepassing,
    aanvulling_ontvangstbewijs,
    aanvulling_verwerken,
    besluit_in_woorden,
    nummer_van,
)
from aanvragen.services.behandeling import eis_te_beantwoorden
from aanvragen.services.bijlagen import MAXIMUM_BESTANDEN, eis_ruimte, volgende_plek
from aanvragen.services.nasturen import Upload
from aanvragen.services.papier import SCAN, Papieradres, adres_aanvullen, scans_keuren, stempel_in_woorden
from aanvragen.services.postbus import bericht_plaatsen
from aanvragen.services.toetsing import eis_behandelaar
from kern.enums import Scanuitslag
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import dag_in_woorden
from kern.services.bestanden import Gekeurd, bestand_bewaren
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

#: The scan of an answer on paper, once it is an attachment of the application.
AANVULSCAN = SCAN.model_copy(update={"code": "papieren-aanvulling", "naam": "Aanvulling op papier"})
#: Said where the stamp is asked for. Art. 6:9(2) Awb (posted in time) is about objection and appeal only.
AANVULPOSTREGEL = (
    "Voor een aanvulling telt de dag en tijd van ontvangst, niet het poststempel. Ook als u haar later invoert, telt "
    "het moment van ontvangst."
)


def papieraanvulling_van(aanvulling: Aanvulling) -> Papieraanvulling | None:
    """The entry that was begun for this request and neither sent nor stopped."""
    return aanvulling.papieren.filter(verstuurd_op=None, gestopt_op=None).select_related("begonnen_door").first()


def eis_stempel(aanvulling: Aanvulling, ontvangen_op: datetime, op: datetime) -> None:
    """The stamp lies between the request and the last day of its term, and not in the future."""
    if ontvangen_op > op:
        raise InvoerFout(
            "Het moment van ontvangst ligt in de toekomst.",
            actie="Neem de datum en de tijd over van het stempel.",
            code="ontvangst-in-toekomst",
            veld="ontvangen_dag",
        )
    if ontvangen_op < aanvulling.gevraagd_op:
        raise InvoerFout(
            f"Het moment van ontvangst ligt voor ons verzoek van {stempel_in_woorden(aanvulling.gevraagd_op)}.",
            actie="Neem de datum en de tijd over van het stempel. Of hoort deze brief bij iets anders?",
            code="papier-te-vroeg",
            veld="ontvangen_dag",
        )
    if timezone.localdate(ontvangen_op) > aanvulling.termijn_tot:
        raise InvoerFout(
            f"Deze aanvulling is te laat: dat kon tot en met {dag_in_woorden(aanvulling.termijn_tot)}. "
            f"{AANVULPOSTREGEL}",
            actie="Ga verder zonder aanvulling, of stel voor om de aanvraag niet te behandelen.",
            code="papier-te-laat",
            veld="ontvangen_dag",
        )


@in_het_nederlands
def papieraanvulling_beginnen(
    *,
    aanvulling: Aanvulling,
    ontvangen_op: datetime,
    scans: Sequence[Upload],
    actor: Gebruiker,
    op: datetime,
    adres: Papieradres | None = None,
) -> Papieraanvulling:
    """Records the receipt of an answer on paper, with its scan; from here on an officer can type it in.

    ``ontvangen_op``: the stamp. ``adres``: where the receipt goes, when we do not know the address of the applicant.
    """
    eis_behandelaar(actor, aanvulling.aanvraag)
    gekeurd = scans_keuren(scans)
    with transaction.atomic():
        aanvraag = vergrendel(aanvulling.aanvraag)
        if aanvraag.status != Status.AANVULLING_GEVRAAGD:
            raise OvergangFout(
                "Er is geen vraag om aanvulling open.", actie="Bekijk de zaak.", code="geen-vraag-om-aanvulling"
            )
        if papieraanvulling_van(aanvulling) is not None:
            raise OvergangFout(
                "Deze aanvulling op papier is al in invoer.",
                actie="Ga verder met die invoer, of stop daar eerst mee.",
                code="papieraanvulling-in-invoer",
            )
        eis_stempel(aanvulling, ontvangen_op, op)
        aanvulling = eis_te_beantwoorden(aanvulling, ontvangen_op)
        adres_aanvullen(aanvraag.organisatie, adres or Papieradres(), actor, op)
        papier = Papieraanvulling.objects.create(
            aanvulling=aanvulling, ontvangen_op=ontvangen_op, begonnen_op=op, begonnen_door=actor
        )
        gegevens = {"ontvangen_op": ontvangen_op, "scans": len(gekeurd)}
        for keten in (keten_van(aanvraag), keten_van(papier)):
            log_schrijven(
                Logpost(keten=keten, handeling="papieraanvulling_beginnen", op=op, actor=actor, gegevens=gegevens)
            )
        for bestand in gekeurd:
            _scan_bewaren(papier, aanvraag, bestand, actor, op)
    return papier


def _scan_bewaren(
    papier: Papieraanvulling, aanvraag: Aanvraag, gekeurd: Gekeurd, actor: Gebruiker, op: datetime
) -> Papierscan:
    aanwezig = list(papier.scans.filter(verwijderd_op=None).values_list("bestand__grootte", flat=True))
    if len(aanwezig) >= AANVULSCAN.aantal_maximum:
        raise InvoerFout(
            f"Er zijn al {AANVULSCAN.aantal_maximum} scans. Meer kan niet.",
            actie="Haal een scan weg, of voeg bladzijden samen in één PDF.",
            code="te-veel-bestanden",
            veld="scans",
        )
    try:  # they become attachments, so there must be room for all of them
        spec = AANVULSCAN.model_copy(update={"aantal_maximum": MAXIMUM_BESTANDEN})
        eis_ruimte(aanvraag, spec, sum(aanwezig) + len(gekeurd.inhoud))
    except InvoerFout as fout:
        raise InvoerFout(fout.melding, actie=fout.actie, code=fout.code, veld="scans") from fout
    return Papierscan.objects.create(
        papier=papier,
        bestand=bestand_bewaren(gekeurd=gekeurd, actor=actor, op=op),
        toegevoegd_op=op,
        toegevoegd_door=actor,
    )


def papieraanvulling_scan_toevoegen(
    *, papier: Papieraanvulling, scans: Sequence[Upload], actor: Gebruiker, op: datetime
) -> None:
    """More pages of the letter, while it is being entered."""
    gekeurd = scans_keuren(scans)
    with transaction.atomic():
        aanvraag = vergrendel(papier.aanvulling.aanvraag)
        eis_invoer(papier, aanvraag, actor)
        for bestand in gekeurd:
            scan = _scan_bewaren(papier, aanvraag, bestand, actor, op)
            _log_scan(scan, "papierscan_toevoegen", actor, op)


def papieraanvulling_scan_verwijderen(*, scan: Papierscan, actor: Gebruiker, op: datetime) -> None:
    """Takes a wrong scan out; it stays on record. At least one scan is needed to send."""
    with transaction.atomic():
        eis_invoer(scan.papier, vergrendel(scan.papier.aanvulling.aanvraag), actor)
        if Papierscan.objects.filter(pk=scan.pk, verwijderd_op=None).update(verwijderd_op=op):
            _log_scan(scan, "papierscan_verwijderen", actor, op)


def _log_scan(scan: Papierscan, handeling: str, actor: Gebruiker, op: datetime) -> None:
    log_schrijven(
        Logpost(
            keten=keten_van(scan.papier),
            handeling=handeling,
            op=op,
            actor=actor,
            gegevens={"sha256": scan.bestand.sha256},
        )
    )


@in_het_nederlands
def papieraanvulling_versturen(
    *, papier: Papieraanvulling, stappen: Mapping[str, Toepassing], actor: Gebruiker, op: datetime
) -> Aanvulling:
    """Sends the typed answer, received at the moment of its stamp; scans become attachments, the receipt goes by post.

    ``stappen`` as in `aanvulling_versturen`. Raises :class:`OvergangFout` when the applicant answered online meanwhile.
    """
    with transaction.atomic():
        aanvulling = aanvulling_verwerken(
            aanvulling=papier.aanvulling, stappen=stappen, actor=actor, op=op, papier=papier
        )
        _scans_overnemen(papier, aanvulling.aanvraag, actor, op)
        papier.verstuurd_op, papier.verstuurd_door = op, actor
        papier.save(update_fields=["verstuurd_op", "verstuurd_door"])
        log_schrijven(Logpost(keten=keten_van(papier), handeling="papieraanvulling_versturen", op=op, actor=actor))
        bericht_plaatsen(
            aanvraag=aanvulling.aanvraag,
            code="aanvulling-ontvangen-papier",
            sleutel=f"aanvulling-ontvangen-{aanvulling.pk}",
            op=op,
            actor=actor,
            velden={
                "moment": stempel_in_woorden(papier.ontvangen_op),
                "nummer": nummer_van(aanvulling),
                "besluit_uiterlijk": besluit_in_woorden(aanvulling.aanvraag.beslissen_uiterlijk_op),
            },
            bestand=aanvulling_ontvangstbewijs(aanvulling=aanvulling),
            per_post=True,
        )
    return aanvulling


def _scans_overnemen(papier: Papieraanvulling, aanvraag: Aanvraag, actor: Gebruiker, op: datetime) -> None:
    scans = list(papier.scans.filter(verwijderd_op=None).select_related("bestand"))
    besmet = [scan.bestand.naam for scan in scans if scan.bestand.scan == Scanuitslag.BESMET]
    if besmet:
        raise InvoerFout(
            f"In {', '.join(besmet)} is een virus gevonden.",
            actie="Haal deze scan weg en voeg een nieuwe toe.",
            code="scan-besmet",
        )
    if not scans:
        raise InvoerFout(
            "De scan van de aanvulling op papier ontbreekt.", actie="Voeg de scan toe.", code="scan-ontbreekt"
        )
    for scan in scans:
        Bijlage.objects.create(
            aanvraag=aanvraag,
            code=AANVULSCAN.code,
            volgorde=volgende_plek(aanvraag, AANVULSCAN.code),
            bestand_id=scan.bestand_id,
            toegevoegd_op=op,
            toegevoegd_door=actor,
        )


def papieraanvulling_stoppen(*, papier: Papieraanvulling, reden: str, actor: Gebruiker, op: datetime) -> None:
    """Stops an entry that was begun by mistake, or that the applicant overtook; the application stays as it is.

    What was typed goes; that and why there was an entry stays in the trail.
    """
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom u stopt met invoeren.", veld="reden")
    with transaction.atomic():
        aanvraag = vergrendel(papier.aanvulling.aanvraag)
        eis_behandelaar(actor, aanvraag)
        rij = Papieraanvulling.objects.select_for_update(of=("self",)).get(pk=papier.pk)
        if rij.verstuurd_op is not None or rij.gestopt_op is not None:
            raise OvergangFout("Deze aanvulling op papier is niet (meer) in invoer.", actie="Bekijk de zaak.")
        klad_wissen(items_van(rij.aanvulling), rij)
        rij.gestopt_op = op
        rij.save(update_fields=["gestopt_op"])
        for keten in (keten_van(aanvraag), keten_van(rij)):
            log_schrijven(
                Logpost(keten=keten, handeling="papieraanvulling_stoppen", op=op, actor=actor, reden=reden.strip())
            )
