"""The order of a historical round: the ranks of its draw (replayed when the seed is known), or of its scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from beoordeling.loting.historisch import REGEL as ALGORITME
from beoordeling.loting.historisch import bepaal_volgorde
from rapportage.inlezen.ronde import GEEN_RUIMTE, Regel, Ronde
from regeling.enums import Methode


@dataclass(frozen=True)
class Rangorde:
    """``volgorde``: the applications from first to last. ``herkomst``: where the order comes from, for the record."""

    volgorde: tuple[Regel, ...]
    herkomst: dict[str, Any]
    #: What does not agree with the seed: line, and message. ``None`` when all does or there is no seed.
    verschil: tuple[str, str] | None = None


def controleer_rangen(ronde: Ronde) -> None:
    """Ranks run from 1 to n, each once: over the whole round, or within each stratum."""
    tabel = ronde.tabel
    if not tabel.volledig or not any(regel.rij.waarde("loting_rang") for regel in ronde.regels):
        return
    for regel in ronde.regels:
        mee = regel.ingeloot or regel.is_toegekend or regel.status == "uitgeloot"
        if mee and not regel.rij.waarde("loting_rang"):
            tabel.fout(regel.rij.plek, "loting_rang", "Deze aanvraag deed mee aan de loting. Vul de rang in.")
    if any(fout.kolom == "loting_rang" for fout in tabel.fouten):
        return
    geloot = [regel for regel in ronde.regels if regel.rang is not None]
    if _is_reeks(geloot):
        return
    groepen = _per_stratum(geloot)
    if ronde.heeft("stratum") and all(_is_reeks(groep) for groep in groepen.values()):
        return
    _meld_reeks(ronde, geloot)


def _is_reeks(regels: Sequence[Regel]) -> bool:
    return sorted(regel.rang or 0 for regel in regels) == list(range(1, len(regels) + 1))


def _per_stratum(regels: Sequence[Regel]) -> dict[str, list[Regel]]:
    groepen: dict[str, list[Regel]] = defaultdict(list)
    for regel in regels:
        groepen[regel.stratum].append(regel)
    return dict(sorted(groepen.items()))


def _meld_reeks(ronde: Ronde, geloot: Sequence[Regel]) -> None:
    eerste: dict[int, int] = {}
    for regel in geloot:
        rang = regel.rang or 0
        if eerste.setdefault(rang, regel.rij.regel) != regel.rij.regel:
            melding = f"Rang {rang} staat ook op regel {eerste[rang]}. Geef elke aanvraag een eigen rang."
            ronde.tabel.fout(regel.rij.plek, "loting_rang", melding)
        elif rang > len(geloot):
            melding = f"Rang {rang} is hoger dan het aantal aanvragen in de loting ({len(geloot)}). Nummer vanaf 1."
            ronde.tabel.fout(regel.rij.plek, "loting_rang", melding)


def bepaal_rangorde(ronde: Ronde, methode: str, zaad: str | None) -> Rangorde | None:
    """The order in which the round was decided, or ``None`` when the file does not tell. The file has no errors."""
    if any(regel.rang is not None for regel in ronde.regels):
        return _uit_rangen(ronde, zaad)
    if methode == Methode.LOTING and zaad:
        return _uit_zaad(ronde, zaad)
    if methode == Methode.VOLGORDE and ronde.heeft("binnenkomst_seconden"):
        op_tijd = [regel for regel in ronde.regels if regel.binnenkomst is not None]
        volgorde = sorted(op_tijd, key=lambda regel: (regel.binnenkomst, regel.kenmerk))
        return Rangorde(tuple(volgorde), {"bron": "binnenkomst_seconden"}) if volgorde else None
    beoordeeld = [regel for regel in ronde.regels if regel.score is not None]
    if methode in {Methode.RANGSCHIKKING, Methode.GRIJZE_ZONE} and beoordeeld:
        volgorde = sorted(beoordeeld, key=lambda regel: (-(regel.score or 0), regel.kenmerk))
        return Rangorde(tuple(volgorde), {"bron": "score"})
    return None


def _uit_rangen(ronde: Ronde, zaad: str | None) -> Rangorde:
    geloot = [regel for regel in ronde.regels if regel.rang is not None]
    groepen = [geloot] if _is_reeks(geloot) else list(_per_stratum(geloot).values())
    volgorde = [regel for groep in groepen for regel in sorted(groep, key=lambda regel: regel.rang or 0)]
    if not zaad:
        return Rangorde(tuple(volgorde), {"bron": "loting_rang"})
    verschil = next(filter(None, (_verschil(groep, zaad) for groep in groepen)), None)
    herkomst = {"algoritme": ALGORITME, "zaad": zaad, "nagerekend": verschil is None}
    return Rangorde(tuple(volgorde), herkomst, verschil)


def _verschil(groep: Sequence[Regel], zaad: str) -> tuple[str, str] | None:
    """The first rank that the seed gives to another application than the file does."""
    verwacht = [groep[nr] for nr in bepaal_volgorde(zaad, [regel.kenmerk for regel in groep])]
    for rang, (hoort, regel) in enumerate(zip(verwacht, sorted(groep, key=lambda r: r.rang or 0), strict=True), 1):
        if hoort is not regel:
            melding = (
                f"{regel.kenmerk} heeft rang {rang}, maar met het zaad '{zaad}' hoort {hoort.kenmerk} "
                f"(regel {hoort.rij.regel}) op die plaats. Controleer het zaad of de rangen."
            )
            return regel.rij.plek, melding
    return None


def _uit_zaad(ronde: Ronde, zaad: str) -> Rangorde:
    """No ranks in the file: the seed gives them. It is the right seed only when the winners come first."""
    geloot = [
        regel
        for regel in ronde.regels
        if regel.is_toegekend or regel.status in GEEN_RUIMTE or regel.ingeloot is not None
    ]
    volgorde = [geloot[nr] for nr in bepaal_volgorde(zaad, [regel.kenmerk for regel in geloot])]
    gewonnen = [regel.is_toegekend or bool(regel.ingeloot) for regel in volgorde]
    verschil = None
    if sum(gewonnen) and not all(gewonnen[: sum(gewonnen)]):
        fout = volgorde[gewonnen.index(False)]
        melding = (
            f"Met het zaad '{zaad}' is {fout.kenmerk} eerder aan de beurt dan een aanvraag die wel is ingeloot. "
            "Controleer het zaad."
        )
        verschil = (fout.rij.plek, melding)
    return Rangorde(tuple(volgorde), {"algoritme": ALGORITME, "zaad": zaad, "nagerekend": verschil is None}, verschil)
