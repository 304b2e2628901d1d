"""A login with eHerkenning becomes a mandate (R92)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aanvragen.eherkenning import Eherkenningbewijs
from aanvragen.enums import Machtigingbron, Machtigingsoort
from aanvragen.models import Machtiging, Organisatie
from aanvragen.selectors import van_kracht
from aanvragen.services.machtigingen import machtiging_sluiten, zaken_hertoetsen
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: Mandates that the login takes over. What the organisation or an officer gave stays theirs; it is confirmed.
OVERNEEMBAAR = frozenset({Machtigingbron.ZELF, Machtigingbron.EHERKENNING, Machtigingbron.SYSTEEM})


def eherkenning_verwerken(*, gebruiker: Gebruiker, bewijs: Eherkenningbewijs, op: datetime) -> Machtiging:
    """Registers the organisation if needed and gives the person one mandate of eHerkenning, for this organisation only.

    The person becomes manager of the organisation, unless eHerkenning restricts to a branch (then: colleague for that
    branch) or the person acts for an intermediary. What the organisation restricted in Stimulans stays restricted.
    """
    with transaction.atomic():
        organisatie = _organisatie(bewijs.kvk_nummer, op)
        namens = _organisatie(bewijs.intermediair_kvk, op) if bewijs.intermediair_kvk else None
        eerder = Machtiging.objects.filter(gebruiker=gebruiker, bron=Machtigingbron.EHERKENNING, ingetrokken_op=None)
        for oud in eerder.exclude(organisatie=organisatie).select_related("organisatie", "gebruiker"):
            machtiging_sluiten(machtiging=oud, actor=None, op=op)
        machtiging = Machtiging.objects.filter(van_kracht(), gebruiker=gebruiker, organisatie=organisatie).first()
        if machtiging is None:
            machtiging = machtiging_verlenen(
                organisatie=organisatie,
                gebruiker=gebruiker,
                soort=_soort(bewijs),
                actor=None,
                op=op,
                voorwaarden=Machtigingvoorwaarden(
                    bron=Machtigingbron.EHERKENNING,
                    vestigingsnummer=bewijs.vestigingsnummer,
                    namens=namens,
                    betrouwbaarheid=bewijs.niveau,
                ),
            )
        else:
            _bijwerken(machtiging, bewijs, namens, op)
        log_schrijven(
            Logpost(
                keten=keten_van(organisatie),
                handeling="eherkenning_inloggen",
                op=op,
                actor=gebruiker,
                gegevens={"niveau": bewijs.niveau, "vestiging": bewijs.vestigingsnummer},
            )
        )
        zaken_hertoetsen(organisatie=organisatie, op=op)
    return machtiging


def _organisatie(kvk_nummer: str, op: datetime) -> Organisatie:
    """By its number; the name comes from the trade register later."""
    organisatie, nieuw = Organisatie.objects.get_or_create(
        kvk_nummer=kvk_nummer, defaults={"naam": f"KvK {kvk_nummer}", "aangemaakt_op": op}
    )
    if nieuw:
        log_schrijven(Logpost(keten=keten_van(organisatie), handeling="organisatie_registreren", op=op))
    return organisatie


def _soort(bewijs: Eherkenningbewijs) -> Machtigingsoort:
    if bewijs.intermediair_kvk:
        return Machtigingsoort.INTERMEDIAIR
    return Machtigingsoort.MEDEWERKER if bewijs.vestigingsnummer else Machtigingsoort.BEHEERDER


def _bijwerken(machtiging: Machtiging, bewijs: Eherkenningbewijs, namens: Organisatie | None, op: datetime) -> None:
    machtiging.bevestigd_op = machtiging.bevestigd_op or op
    machtiging.betrouwbaarheid = bewijs.niveau
    if machtiging.bron in OVERNEEMBAAR:
        anders = machtiging.bron != Machtigingbron.EHERKENNING
        anders |= (machtiging.vestigingsnummer, machtiging.namens) != (bewijs.vestigingsnummer, namens)
        if anders:
            machtiging.soort = _soort(bewijs)
        machtiging.bron = Machtigingbron.EHERKENNING
        machtiging.vestigingsnummer, machtiging.namens = bewijs.vestigingsnummer, namens
    machtiging.save(update_fields=["bevestigd_op", "betrouwbaarheid", "bron", "soort", "vestigingsnummer", "namens"])
