"""Members of a granted group: their amounts, leaving, and when the group as a whole is done."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aanvragen.enums import Status
from aanvragen.inhoud import euro
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.services.postbus import bericht_aan_lid
from beoordeling.enums import Mutatiesoort
from beoordeling.models import Rangschikking
from beoordeling.services.rangschikking import mutatie_verwerken, rangschikking_vergrendelen
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.momenten import moment_in_woorden
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Boekingsoort
from regeling.services.grootboek import Opdracht, boeken
from uitvoering.enums import Betalingstatus
from uitvoering.groepsbedragen import naar_rato
from uitvoering.selectors import heeft_ingediend, open_deelnemers, per_deelnemer, toegekende_deelnemers

LOOPT = {Status.VERLEEND, Status.IN_UITVOERING}


def bedragen_vastleggen(aanvraag: Aanvraag, actor: Gebruiker | None, op: datetime) -> None:
    """Gives every member its part of the grant, in proportion to what it asked, and tells it so. In the transaction of
    the decision."""
    if not per_deelnemer(aanvraag.tijdvak.spec):
        return
    leden = list(aanvraag.deelnemers.all())
    delen = naar_rato([lid.bedrag or Decimal(0) for lid in leden], aanvraag.toegekend_bedrag or Decimal(0))
    for lid, deel in zip(leden, delen, strict=True):
        lid.toegekend_bedrag = deel
    Deelnemer.objects.bulk_update(leden, ["toegekend_bedrag"])
    for lid, deel in zip(leden, delen, strict=True):
        bericht_aan_lid(
            deelnemer=lid,
            code="lid_verleend",
            sleutel=f"lid-verleend-{lid.pk}",
            op=op,
            actor=actor,
            velden={"bedrag": euro(deel)},
        )


def ruimte_van(aanvraag: Aanvraag) -> Decimal:
    """Euros that the group takes of the ceilings now."""
    return sum((lid.ruimte for lid in toegekende_deelnemers(aanvraag)), Decimal(0))


def deelnemer_vergrendelen(deelnemer: Deelnemer) -> Deelnemer:
    """The row, locked and read again; the caller holds the lock of the application."""
    return Deelnemer.objects.select_for_update().get(pk=deelnemer.pk)


def deelnemer_laten_vertrekken(*, deelnemer: Deelnemer, reden: str, actor: Gebruiker | None, op: datetime) -> list[str]:
    """A member leaves the group: its amount comes free and the grant of the group becomes that much lower.

    Returns the kenmerken that were called from the reserve list. Not after its claim was handed in, and never the last
    one: then the whole grant is given back.
    """
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom deze deelnemer vertrekt.", veld="reden")
    with transaction.atomic():
        rangschikking = rangschikking_vergrendelen(deelnemer.aanvraag.tijdvak)
        aanvraag = vergrendel(deelnemer.aanvraag)
        deelnemer = deelnemer_vergrendelen(deelnemer)
        if deelnemer.toegekend_bedrag is None or aanvraag.status not in LOOPT:
            raise OvergangFout(
                "Een deelnemer kan alleen vertrekken zolang het project loopt.",
                actie="Kijk op de pagina van de aanvraag wat nu kan.",
            )
        if not deelnemer.doet_mee:
            raise OvergangFout(f"{deelnemer.naam} is al vertrokken.", actie="U hoeft niets te doen.")
        if deelnemer.vastgesteld_bedrag is not None or heeft_ingediend(deelnemer):
            raise OvergangFout(
                f"{deelnemer.naam} heeft al gedeclareerd en kan niet meer vertrekken.",
                actie="De declaratie wordt gewoon afgehandeld.",
                code="al-gedeclareerd",
            )
        if not toegekende_deelnemers(aanvraag).filter(vertrokken_op=None).exclude(pk=deelnemer.pk).exists():
            raise OvergangFout(
                "Dit is de laatste deelnemer van de groep.",
                actie="Trek de hele aanvraag in.",
                code="laatste-deelnemer",
            )
        vrij = deelnemer.ruimte
        _vertrekken(deelnemer, reden.strip(), actor, op)
        aanvraag.toegekend_bedrag = (aanvraag.toegekend_bedrag or Decimal(0)) - vrij
        aanvraag.gewijzigd_op, aanvraag.versie = op, aanvraag.versie + 1
        aanvraag.save(update_fields=["toegekend_bedrag", "gewijzigd_op", "versie"])
        _log(aanvraag, deelnemer, vrij, reden.strip(), actor, op)
        vrijgeven(aanvraag, vrij, f"vrijval-vertrek-{deelnemer.pk}", actor, op)
        opgeroepen = verlaging_verwerken(rangschikking, aanvraag, vrij, "Een deelnemer is vertrokken", actor, op)
        groep_afronden(aanvraag=aanvraag, actor=actor, op=op)
    return opgeroepen


def _vertrekken(deelnemer: Deelnemer, reden: str, actor: Gebruiker | None, op: datetime) -> None:
    deelnemer.vertrokken_op, deelnemer.vertrokken_door, deelnemer.vertrekreden = op, actor, reden
    deelnemer.save(update_fields=["vertrokken_op", "vertrokken_door", "vertrekreden"])
    bericht_aan_lid(
        deelnemer=deelnemer,
        code="lid_vertrokken",
        sleutel=f"lid-vertrokken-{deelnemer.pk}",
        op=op,
        actor=actor,
        velden={"moment": moment_in_woorden(op), "reden": reden},
    )


def _log(
    aanvraag: Aanvraag, deelnemer: Deelnemer, vrij: Decimal, reden: str, actor: Gebruiker | None, op: datetime
) -> None:
    gegevens = {"kvk_nummer": deelnemer.kvk_nummer, "bedrag": str(vrij), "totaal": str(aanvraag.toegekend_bedrag)}
    log_schrijven(
        Logpost(
            keten=keten_van(aanvraag),
            handeling="deelnemer_vertrekken",
            op=op,
            actor=actor,
            reden=reden,
            gegevens=gegevens,
        )
    )


def vrijgeven(aanvraag: Aanvraag, bedrag: Decimal, sleutel: str, actor: Gebruiker | None, op: datetime) -> None:
    """Books what comes free of a grant."""
    if not bedrag:
        return
    opdracht = Opdracht(
        soort=Boekingsoort.VRIJVAL, bedrag=bedrag, onderwerp=aanvraag.pk, sleutel=sleutel, potten=aanvraag.potten
    )
    boeken(tijdvak=aanvraag.tijdvak, opdrachten=[opdracht], actor=actor, op=op)


def verlaging_verwerken(
    rangschikking: Rangschikking | None,
    aanvraag: Aanvraag,
    vrij: Decimal,
    reden: str,
    actor: Gebruiker | None,
    op: datetime,
) -> list[str]:
    """Writes the lower room of the group in the log of the round and calls the reserve list."""
    if rangschikking is None or not vrij:
        return []
    blijft = ruimte_van(aanvraag)
    return mutatie_verwerken(
        rangschikking=rangschikking,
        soort=Mutatiesoort.VERLAGING if blijft else Mutatiesoort.INTREKKING,
        kenmerk=aanvraag.kenmerk,
        bedrag=blijft,
        reden=reden,
        actor=actor,
        op=op,
    )


def groep_beeindigen(aanvraag: Aanvraag, reden: str, actor: Gebruiker | None, op: datetime) -> None:
    """The whole grant ends: every member leaves. Refused when one of them has claimed already."""
    leden = list(open_deelnemers(aanvraag))
    if any(map(heeft_ingediend, leden)) or toegekende_deelnemers(aanvraag).exclude(vastgesteld_bedrag=None).exists():
        raise OvergangFout(
            "Deelnemers van deze groep hebben al gedeclareerd.",
            actie="Laat de deelnemers die stoppen een voor een vertrekken.",
            code="deelnemers-gedeclareerd",
        )
    for lid in leden:
        _vertrekken(lid, reden, actor, op)


def groep_afronden(*, aanvraag: Aanvraag, actor: Gebruiker | None, op: datetime) -> Aanvraag:
    """When every member was settled or left: the group is settled for their sum, and closed when all was paid."""
    if aanvraag.status not in LOOPT or open_deelnemers(aanvraag).exists():
        return aanvraag
    totaal = ruimte_van(aanvraag)
    aanvraag = overgang_toepassen(aanvraag, "vaststelling_vragen", actor=actor, op=op, vergrendeld=True)
    aanvraag = overgang_toepassen(aanvraag, "vaststellen", actor=actor, op=op, vergrendeld=True, bedrag=totaal)
    return groep_sluiten(aanvraag=aanvraag, actor=actor, op=op)


def groep_sluiten(*, aanvraag: Aanvraag, actor: Gebruiker | None, op: datetime) -> Aanvraag:
    """Closes a settled group as soon as every member has its money."""
    te_betalen = toegekende_deelnemers(aanvraag).filter(vastgesteld_bedrag__gt=0)
    if aanvraag.status != Status.VASTGESTELD or te_betalen.exclude(betalingen__status=Betalingstatus.BETAALD).exists():
        return aanvraag
    return overgang_toepassen(aanvraag, "afsluiten", actor=actor, op=op, vergrendeld=True)
