"""Asking the KvK API: one deadline over everything, one circuit breaker for all processes, nothing believed unread.

The KvK number stands in KvK's own addresses, so no address and no text of a network error is ever logged: only the kind
of failure (R84; a sole trader's number is personal data).
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import requests
from django.conf import settings
from django.core.cache import cache

from aanvragen.register.gegevens import Navraag, Navraaguitkomst, Registergegevens
from aanvragen.register.lezen import (
    GROOTSTE_ANTWOORD,
    ONBEKEND,
    TIJDELIJK,
    Basisprofiel,
    Naamgeving,
    OnbruikbaarAntwoord,
    V,
    Vestigingsprofiel,
    Zoekantwoord,
    eis_zelfde,
    foutcodes,
    lees,
    registergegevens,
    vestiging_van,
)

logger = logging.getLogger(__name__)

#: Seconds that a person waits at most, over all calls together; and that one call may take in the background.
WACHTTIJD_SCHERM, WACHTTIJD_ACHTERGROND = 3.0, 5.0
#: After this many failures in a row nothing is asked for this many seconds.
MISLUKT_MAXIMUM, RUST_SECONDEN = 3, 60
#: Branches of which the full address is asked in one background run.
VESTIGINGEN_MAXIMUM = 10
_MISLUKT, _RUST = "kvk-mislukt", "kvk-rust"


class Onbereikbaar(Exception):
    """No usable answer. The text says why, without any number or address."""


class NietGevonden(Exception):
    """The register has no such registration."""


@dataclass(frozen=True)
class KvkClient:
    """One connection: address and key. Calls raise :class:`Onbereikbaar` or :class:`NietGevonden`."""

    adres: str
    sleutel: str

    def zoeken(self, kvk_nummer: str, *, seconden: float) -> Zoekantwoord:
        """All registrations under a number, also those that ended. None is an empty list, not an error."""
        parameters = {"kvkNummer": kvk_nummer, "resultatenPerPagina": "100", "inclusiefInactieveRegistraties": "true"}
        try:
            antwoord = self._vraag("/api/v2/zoeken", Zoekantwoord, seconden, parameters)
        except NietGevonden:
            return Zoekantwoord(totaal=0, resultaten=[])
        eis_zelfde(kvk_nummer, *(regel.kvkNummer for regel in antwoord.resultaten))
        return antwoord

    def basisprofiel(self, kvk_nummer: str, *, seconden: float) -> Basisprofiel:
        antwoord = self._vraag(f"/api/v1/basisprofielen/{kvk_nummer}", Basisprofiel, seconden)
        eis_zelfde(kvk_nummer, antwoord.kvkNummer)
        return antwoord

    def vestigingsprofiel(self, nummer: str, *, kvk_nummer: str, seconden: float) -> Vestigingsprofiel:
        antwoord = self._vraag(f"/api/v1/vestigingsprofielen/{nummer}", Vestigingsprofiel, seconden)
        eis_zelfde(nummer, antwoord.vestigingsnummer)
        eis_zelfde(kvk_nummer, antwoord.kvkNummer)
        return antwoord

    def naamgeving(self, kvk_nummer: str, *, seconden: float) -> Naamgeving:
        antwoord = self._vraag(f"/api/v1/naamgevingen/kvknummer/{kvk_nummer}", Naamgeving, seconden)
        eis_zelfde(kvk_nummer, antwoord.kvkNummer)
        return antwoord

    def _vraag(self, pad: str, vorm: type[V], seconden: float, parameters: dict[str, str] | None = None) -> V:
        """One GET. No redirects, no retries, a bounded body; the key goes nowhere else."""
        if seconden <= 0:
            raise Onbereikbaar("de tijd is om")
        try:
            with requests.get(
                self.adres.rstrip("/") + pad,
                params=parameters,
                headers={"apikey": self.sleutel, "Accept": "application/json"},
                timeout=seconden,
                allow_redirects=False,
                stream=True,
            ) as antwoord:
                status, inhoud = antwoord.status_code, antwoord.raw.read(GROOTSTE_ANTWOORD + 1, decode_content=True)
        except Exception as fout:  # whatever a network, a proxy or a broken stream can come up with
            raise Onbereikbaar(f"verbinding: {type(fout).__name__}") from None
        if status == 200:
            return lees(vorm, inhoud)
        codes = foutcodes(inhoud)
        # A bare 404 is a wrong address or a proxy, not the register speaking.
        if codes & ONBEKEND or (status == 404 and codes and not codes & TIJDELIJK):
            raise NietGevonden
        raise Onbereikbaar(f"antwoord {status} {' '.join(sorted(codes))}".strip())


def client() -> KvkClient | None:
    """The connection of this deployment; ``None`` when none is set."""
    return KvkClient(settings.KVK_URL, settings.KVK_SLEUTEL) if settings.KVK_URL else None


def navragen(kvk_nummer: str, *, vandaag: date) -> Navraag:
    """Asks while a person waits: never longer than ``WACHTTIJD_SCHERM``, whatever the other side does."""
    verbinding = client()
    if verbinding is None:
        return Navraag(Navraaguitkomst.ONBEREIKBAAR, reden="er is geen verbinding ingesteld", gevraagd=False)
    einde = time.monotonic() + WACHTTIJD_SCHERM

    def vraag() -> Registergegevens:
        basis = verbinding.basisprofiel(kvk_nummer, seconden=einde - time.monotonic())
        gevonden = verbinding.zoeken(kvk_nummer, seconden=einde - time.monotonic())
        return registergegevens(basis, gevonden, vandaag=vandaag)

    return _bewaakt(lambda: _binnen(WACHTTIJD_SCHERM, vraag))


def volledig_navragen(kvk_nummer: str, *, vandaag: date) -> Navraag:
    """Asks in the background: also all trade names and the addresses of the branches."""
    verbinding, seconden = client(), WACHTTIJD_ACHTERGROND
    if verbinding is None:
        return Navraag(Navraaguitkomst.ONBEREIKBAAR, reden="er is geen verbinding ingesteld", gevraagd=False)

    def vraag() -> Registergegevens:
        basis = verbinding.basisprofiel(kvk_nummer, seconden=seconden)
        gevonden = verbinding.zoeken(kvk_nummer, seconden=seconden)
        namen = verbinding.naamgeving(kvk_nummer, seconden=seconden)
        gegevens = registergegevens(basis, gevonden, vandaag=vandaag, naamgeving=namen)
        vestigingen = [
            vestiging_van(verbinding.vestigingsprofiel(deel.nummer, kvk_nummer=kvk_nummer, seconden=seconden))
            if nr < VESTIGINGEN_MAXIMUM and not deel.postcode
            else deel
            for nr, deel in enumerate(gegevens.vestigingen)
        ]
        return replace(gegevens, vestigingen=tuple(vestigingen), volledig=True)

    return _bewaakt(vraag)


def _bewaakt(vraag: Callable[[], Registergegevens]) -> Navraag:
    """The circuit breaker: counts failures in a row and stops asking for a while."""
    if cache.get(_RUST):
        return Navraag(Navraaguitkomst.ONBEREIKBAAR, reden="het register gaf net geen antwoord", gevraagd=False)
    try:
        gegevens = vraag()
    except NietGevonden:
        cache.delete(_MISLUKT)
        return Navraag(Navraaguitkomst.NIET_GEVONDEN)
    except (Onbereikbaar, OnbruikbaarAntwoord) as fout:
        mislukt = cache.get(_MISLUKT, 0) + 1
        cache.set(_MISLUKT, mislukt, 3600)
        if mislukt >= MISLUKT_MAXIMUM:
            cache.set(_RUST, True, RUST_SECONDEN)
        logger.warning("Handelsregister zonder bruikbaar antwoord (%s keer na elkaar): %s", mislukt, fout)
        return Navraag(Navraaguitkomst.ONBEREIKBAAR, reden=str(fout))
    cache.delete(_MISLUKT)
    return Navraag(Navraaguitkomst.GEVONDEN, gegevens)


def _binnen(seconden: float, doe: Callable[[], Registergegevens]) -> Registergegevens:
    """The result within a hard limit, or :class:`Onbereikbaar`.

    The time-outs of a socket are per read, and looking up a name has none: a server that drips could hold a person for
    ever. The thread is left behind; it ends by its own time-outs.
    """
    uit: queue.SimpleQueue[Registergegevens | Exception] = queue.SimpleQueue()

    def draai() -> None:
        try:
            uit.put(doe())
        except Exception as fout:
            uit.put(fout)

    threading.Thread(target=draai, name="handelsregister", daemon=True).start()
    try:
        antwoord = uit.get(timeout=seconden)
    except queue.Empty:
        raise Onbereikbaar("de tijd is om") from None
    if isinstance(antwoord, Exception):
        raise antwoord
    return antwoord
