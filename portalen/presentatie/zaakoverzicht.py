"""What stands beside the timeline of a case: messages, documents, who may act, the adviser's references, the lot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from aanvragen.enums import Referentiestatus
from aanvragen.models import Aanvraag, Machtiging, Postbusbericht, Postbuslezing
from beoordeling.models import Loting
from kern.models import Gebruiker

R = Referentiestatus
#: Messages on the page of a case; the rest is in the inbox.
BERICHTEN = 10


def postbus(aanvraag: Aanvraag, gebruiker: Gebruiker) -> QuerySet[Postbusbericht]:
    """The newest messages about a case, each with ``gelezen``: whether this person opened it."""
    gelezen = Postbuslezing.objects.filter(bericht=OuterRef("pk"), gebruiker=gebruiker)
    rijen = Postbusbericht.objects.filter(aanvraag=aanvraag, deelnemer=None).annotate(gelezen=Exists(gelezen))
    return rijen.order_by("-geplaatst_op", "pk")[:BERICHTEN]


def ongelezen_berichten(gebruiker: Gebruiker) -> Coalesce:
    """Annotation for applications: how many messages about each this person did not open."""
    gelezen = Postbuslezing.objects.filter(bericht=OuterRef("pk"), gebruiker=gebruiker)
    rijen = Postbusbericht.objects.filter(~Exists(gelezen), aanvraag=OuterRef("pk"), deelnemer=None).order_by()
    return Coalesce(Subquery(rijen.values("aanvraag").annotate(n=Count("pk")).values("n")), 0)


@dataclass(frozen=True)
class Gemachtigde:
    """A person who may act for the applicant today."""

    naam: str
    soort: str
    bereik: str
    tot: date | None
    verantwoordelijk: bool


def gemachtigden(aanvraag: Aanvraag, vandaag: date) -> list[Gemachtigde]:
    """Who may act in this case: mandates of today for the organisation, for all schemes or this one."""
    rijen = (
        Machtiging.objects.filter(organisatie=aanvraag.organisatie_id, ingetrokken_op=None)
        .filter(Q(geldig_tot=None) | Q(geldig_tot__gte=vandaag))
        .filter(Q(regeling=None) | Q(regeling=aanvraag.tijdvak.regelingversie.regeling_id))
        .select_related("gebruiker")
        .order_by("gebruiker__naam", "pk")
    )
    return [
        Gemachtigde(
            naam=rij.gebruiker.naam or rij.gebruiker.email,
            soort=rij.get_soort_display(),
            bereik=rij.get_bereik_display(),
            tot=rij.geldig_tot,
            verantwoordelijk=rij.gebruiker_id == aanvraag.verantwoordelijke_id,
        )
        for rij in rijen
    ]


@dataclass(frozen=True)
class Referentieregel:
    """How far one reference is; never what the referee said."""

    organisatie: str
    stand: str
    vlag: str
    uitleg: str


@dataclass(frozen=True)
class Referentieoverzicht:
    """How many references are confirmed of how many the scheme asks, and each of them."""

    bevestigd: int
    nodig: int
    regels: tuple[Referentieregel, ...]


def referenties_van(aanvraag: Aanvraag) -> Referentieoverzicht | None:
    """``None`` when the scheme asks for no references and there are none. Replaced ones are left out."""
    rijen = [rij for rij in aanvraag.referenties.all() if rij.status not in {R.VERVANGEN, R.INGETROKKEN}]
    nodig = aanvraag.tijdvak.spec.adviseur.referenties
    if not rijen and not nodig:
        return None
    regels = tuple(Referentieregel(rij.organisatie, *_stand(Referentiestatus(rij.status))) for rij in rijen)
    return Referentieoverzicht(sum(rij.status == R.BEVESTIGD for rij in rijen), nodig, regels)


def _stand(status: Referentiestatus) -> tuple[str, str, str]:
    """State in words, kind of tag, explanation. Answered, denied and checked look the same: the answer is not yours."""
    wacht = _("Wij hebben de referent nog niet gevraagd om te bevestigen.")
    antwoord = (_("Beantwoord"), "info", _("De referent heeft geantwoord. Wij controleren het antwoord."))
    gevraagd = (_("Gevraagd"), "info", _("De referent kreeg een bericht van ons en heeft nog niet geantwoord."))
    vervang = _("U kunt een andere referentie noemen. Wij laten u weten hoe.")
    return {
        R.CONCEPT: (_("Nog niet gevraagd"), "neutraal", wacht),
        R.GEBLOKKEERD: (_("Wij kijken ernaar"), "info", _("Een medewerker bekijkt deze referentie eerst.")),
        R.KLAAR: (_("Nog niet gevraagd"), "neutraal", wacht),
        R.UITGENODIGD: gevraagd,
        R.HERINNERD: (_("Herinnerd"), "warning", _("De referent heeft na een herinnering nog niet geantwoord.")),
        R.ONBESTELBAAR: (_("Niet te bereiken"), "warning", _("Het e-mailadres werkt niet.") + " " + vervang),
        R.VERLOPEN: (_("Niet op tijd"), "warning", _("De referent heeft niet op tijd geantwoord.") + " " + vervang),
        R.GEWEIGERD: (_("Werkt niet mee"), "warning", _("De referent wil niet meewerken.") + " " + vervang),
        R.ONTKEND: antwoord,
        R.BEANTWOORD: antwoord,
        R.IN_CONTROLE: antwoord,
        R.BEVESTIGD: (_("Bevestigd"), "ok", ""),
        R.NIET_BEVESTIGD: (_("Niet bevestigd"), "error", _("Deze referentie telt niet mee.") + " " + vervang),
        R.INGETROKKEN: (_("Ingetrokken"), "neutraal", ""),
        R.VERVANGEN: (_("Vervangen"), "neutraal", ""),
    }[status]


def stukken(aanvraag: Aanvraag) -> list[dict[str, Any]]:
    """Attachments that were sent, as rows for ``_bestand.html``."""
    namen = {bijlage.code: bijlage.naam for bijlage in aanvraag.tijdvak.spec.bijlagen}
    rijen = aanvraag.bijlagen.filter(verwijderd_op=None).select_related("bestand").order_by("toegevoegd_op", "pk")
    return [
        {
            "naam": f"{namen.get(rij.code, rij.code)}: {rij.bestand.naam}",
            "grootte": rij.bestand.grootte,
            "op": rij.toegevoegd_op,
            "url": reverse("portalen:aanvraag_bijlage", args=[aanvraag.pk, rij.pk]),
        }
        for rij in rijen
    ]


@dataclass(frozen=True)
class Lotplaats:
    """The own place in a draw, with what is needed to check it. ``uitkomst``: at the draw itself."""

    rang: int
    aantal: int
    uitkomst: str
    lot: str
    getrokken_op: datetime | None
    lijst: str
    afspraken: str


def lotingplaats(aanvraag: Aanvraag, loting: Loting | None) -> Lotplaats | None:
    """``None`` until the draw was settled."""
    plaats = getattr(aanvraag, "plaats", None)
    if plaats is None or loting is None:
        return None
    return Lotplaats(
        rang=plaats.rang,
        aantal=loting.aantal,
        uitkomst=str(plaats.get_eerste_uitkomst_display()),
        lot=plaats.lot,
        getrokken_op=loting.getrokken_op,
        lijst=loting.deelnemers_sha256,
        afspraken=loting.protocol_sha256,
    )
