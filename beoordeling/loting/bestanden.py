"""The input files of a draw as bytes: strict readers and the only writers (formats: contract ``loting/README.md``).

Reading refuses with :class:`LotingFout` (one Dutch line: file, line, what is wrong). Amounts are integer cents.
A table is kept as columns, because a draw of a million participants has to fit in a few seconds.
"""

from __future__ import annotations

import hashlib
import json
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

from beoordeling.loting.bronnen import controleer_cijfers, controleer_drand
from beoordeling.loting.tabellen import KOLOMMEN_DEELNEMERS, KOLOMMEN_MUTATIES, POT, kopregel, lees_tabel, toon
from beoordeling.loting.vormen import (
    ALGORITME,
    BRONWAARDEN,
    DEELNEMERS,
    MUTATIES,
    PROTOCOL,
    REGELS,
    RICHTINGEN,
    STER,
    Bron,
    Bronwaarden,
    Deelnemer,
    Deelnemers,
    LotingFout,
    Mutatie,
    Protocol,
)
from kern.fouten import InvoerFout

_BRON_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_HEX64 = re.compile("[0-9a-f]{64}")
_POTCODE = re.compile(POT)
_HANDTEKENING = "_handtekening"


def lees_deelnemers(data: bytes) -> Deelnemers:
    """Read the frozen list; refuses anything that is not exactly the format (LotingFout with the line)."""
    kenmerk, bedragen, potten, groep, rang = lees_tabel(DEELNEMERS, data, KOLOMMEN_DEELNEMERS)
    if not kenmerk:
        raise LotingFout(DEELNEMERS, "er staan geen deelnemers in de lijst.")
    if any(map(operator.ge, kenmerk, islice(kenmerk, 1, None))):
        paren = enumerate(pairwise(kenmerk), 3)
        nummer, (vorige, deze) = next((nummer, paar) for nummer, paar in paren if paar[0] >= paar[1])
        wat = "staat er twee keer" if vorige == deze else f"staat na {vorige}; sorteer oplopend op kenmerk"
        raise LotingFout(DEELNEMERS, f"kenmerk {deze} {wat}.", regel=nummer)
    if len(set(map(len, rang))) > 1:
        nummer = next(n for n, r in enumerate(rang, 2) if len(r) != len(rang[0]))
        raise LotingFout(
            DEELNEMERS, "rang is niet even lang als op de regels ervoor. Vul aan met nullen.", regel=nummer
        )
    for samen in set(potten):
        codes = samen.split("+")
        if any(a >= b for a, b in pairwise(codes)):
            melding = f"potten {toon(samen)} staan niet oplopend of bevatten een pot twee keer."
            raise LotingFout(DEELNEMERS, melding, regel=potten.index(samen) + 2)
    # One shared object per distinct amount, pot list and group: the division visits the rows in random order.
    bedrag_van = {b: int(b) for b in set(bedragen)}
    pot_van, groep_van = {p: p for p in set(potten)}, {g: g for g in set(groep)}
    return Deelnemers(
        kenmerk,
        list(map(bedrag_van.__getitem__, bedragen)),
        list(map(pot_van.__getitem__, potten)),
        list(map(groep_van.__getitem__, groep)),
        rang,
        hashlib.sha256(data).hexdigest(),
    )


def schrijf_deelnemers(rijen: Iterable[Deelnemer]) -> bytes:
    """The bytes of ``deelnemers.csv``; the order of ``rijen`` and of their pots does not matter."""
    regels = sorted(
        (r.kenmerk, f"{r.bedrag_cent};{'+'.join(sorted(r.potten)) or '-'};{r.groep};{r.rang}") for r in rijen
    )
    kop = kopregel(KOLOMMEN_DEELNEMERS)
    data = "".join([kop, *(f"{kenmerk};{rest}\n" for kenmerk, rest in regels)]).encode()
    lees_deelnemers(data)
    return data


def lees_json(bestand: str, data: bytes, soort: type = dict) -> Any:
    """A JSON object (or list): UTF-8 without BOM, no duplicate keys, no numbers with a fraction."""

    def paren(sleutels: list[tuple[str, Any]]) -> dict[str, Any]:
        uit: dict[str, Any] = {}
        for sleutel, waarde in sleutels:
            if sleutel in uit:
                raise LotingFout(bestand, f"de sleutel {toon(sleutel)} staat er twee keer.")
            uit[sleutel] = waarde
        return uit

    def geen_geheel(getal: str) -> Any:
        raise LotingFout(bestand, f"{toon(getal)} is geen geheel getal. Gebruik alleen gehele getallen.")

    if data.startswith(b"\xef\xbb\xbf"):
        raise LotingFout(bestand, "het bestand begint met een BOM. Sla het op zonder BOM.", regel=1)
    try:
        inhoud = json.loads(
            data.decode("utf-8"), object_pairs_hook=paren, parse_float=geen_geheel, parse_constant=geen_geheel
        )
    except json.JSONDecodeError as fout:
        raise LotingFout(bestand, "dit is geen geldige JSON.", regel=fout.lineno) from fout
    except (ValueError, RecursionError) as fout:
        raise LotingFout(bestand, "dit is geen geldige JSON in UTF-8.") from fout
    if not isinstance(inhoud, soort):
        vorm = "een JSON-object zijn: { ... }" if soort is dict else "een JSON-lijst zijn: [ ... ]"
        raise LotingFout(bestand, f"het bestand moet {vorm}.")
    return inhoud


def _veld(bestand: str, inhoud: Mapping[str, Any], naam: str, soort: type, *, minimum: int = 0) -> Any:
    """A required field of exactly this type: a bool is no integer here, and text is never empty or unprintable."""
    namen = {int: f"een geheel getal vanaf {minimum}", str: "tekst (1 tot 200 leesbare tekens)", bool: "true of false"}
    if naam not in inhoud:
        raise LotingFout(bestand, f"het veld {naam} ontbreekt.")
    waarde = inhoud[naam]
    goed = type(waarde) is soort
    if goed and soort is int:
        goed = waarde >= minimum
    elif goed and soort is str:
        goed = 0 < len(waarde) <= 200 and waarde.isprintable()
    if not goed:
        verwacht = namen.get(soort, "een lijst" if soort is list else "een object")
        raise LotingFout(bestand, f"{naam} is {toon(waarde)}; dat moet zijn: {verwacht}.")
    return waarde


def _keuze(inhoud: Mapping[str, Any], naam: str, keuzes: Sequence[str]) -> str:
    waarde: str = _veld(PROTOCOL, inhoud, naam, str)
    if waarde not in keuzes:
        raise LotingFout(PROTOCOL, f"{naam} is {toon(waarde)}; dat moet zijn: {' of '.join(keuzes)}.")
    return waarde


def _hex64(inhoud: Mapping[str, Any], naam: str) -> str:
    waarde: str = _veld(PROTOCOL, inhoud, naam, str)
    if not _HEX64.fullmatch(waarde):
        raise LotingFout(PROTOCOL, f"{naam} is {toon(waarde)}; dat moet zijn: 64 tekens 0-9 en a-f.")
    return waarde


def _bron(inhoud: Any) -> Bron:
    if not isinstance(inhoud, dict):
        raise LotingFout(PROTOCOL, "elke bron in bronnen moet een object zijn.")
    naam, soort = _veld(PROTOCOL, inhoud, "id", str), _keuze(inhoud, "soort", ("cijfers", "drand"))
    if not _BRON_ID.fullmatch(naam) or naam.endswith(_HANDTEKENING) or naam == "uitgesloten":
        raise LotingFout(PROTOCOL, f"het id van een bron is {toon(naam)}; gebruik letters, cijfers, - en _.")
    if soort == "cijfers":
        return Bron(naam, soort, lengte=_veld(PROTOCOL, inhoud, "lengte", int, minimum=1))
    return Bron(naam, soort, keten=_hex64(inhoud, "keten"), ronde=_veld(PROTOCOL, inhoud, "ronde", int, minimum=1))


def lees_protocol(data: bytes) -> Protocol:
    """Read ``protocol.json``. Extra keys are allowed (they are in H_P too) and land in ``extra``."""
    inhoud = lees_json(PROTOCOL, data)
    _keuze(inhoud, "algoritme", (ALGORITME,))
    bronnen = tuple(_bron(b) for b in _veld(PROTOCOL, inhoud, "bronnen", list))
    if not bronnen or len({b.id for b in bronnen}) != len(bronnen):
        raise LotingFout(PROTOCOL, "bronnen moet minstens een bron bevatten, elk met een eigen id.")
    potten = _veld(PROTOCOL, inhoud, "potten", dict)
    for code, cent in potten.items():
        if not _POTCODE.fullmatch(code):
            raise LotingFout(PROTOCOL, f"de potcode {toon(code)} moet 1 tot 20 hoofdletters en cijfers zijn.")
        _veld(PROTOCOL, {f"pot {code}": cent}, f"pot {code}", int)
    bekend = {
        "loting": _veld(PROTOCOL, inhoud, "loting", str),
        "deelnemers_sha256": _hex64(inhoud, "deelnemers_sha256"),
        "plafond_cent": _veld(PROTOCOL, inhoud, "plafond_cent", int),
        "per_groep": _veld(PROTOCOL, inhoud, "per_groep", int, minimum=1),
        "regel": _keuze(inhoud, "regel", REGELS),
        "restronde": _veld(PROTOCOL, inhoud, "restronde", bool),
        "richting": _keuze(inhoud, "richting", RICHTINGEN),
    }
    extra = {k: v for k, v in inhoud.items() if k not in {*bekend, "algoritme", "bronnen", "potten"}}
    return Protocol(**bekend, bronnen=bronnen, potten=potten, hp=hashlib.sha256(data).digest(), extra=extra)


def schrijf_protocol(inhoud: Mapping[str, Any]) -> bytes:
    """The bytes to freeze and publish: sorted keys, no spaces, UTF-8, no final LF. ``algoritme`` is filled in."""
    velden = {"algoritme": ALGORITME, **inhoud}
    data = json.dumps(velden, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    lees_protocol(data)
    return data


def controleer_lijst(protocol: Protocol, deelnemers: Deelnemers) -> None:
    """The list must be the one that the protocol binds, and use only its pots."""
    if deelnemers.sha256 != protocol.deelnemers_sha256:
        raise LotingFout(
            DEELNEMERS,
            f"de SHA-256 is {deelnemers.sha256}, maar protocol.json noemt {protocol.deelnemers_sha256}.",
            actie="Gebruik precies de gepubliceerde bestanden.",
        )
    for samen in set(deelnemers.potten) - {"-"}:
        for code in samen.split("+"):
            if code not in protocol.potten:
                regel = deelnemers.potten.index(samen) + 2
                raise LotingFout(DEELNEMERS, f"de pot {code} staat niet in protocol.json.", regel=regel)


def lees_bronwaarden(data: bytes, protocol: Protocol, deelnemers: Deelnemers) -> Bronwaarden:
    """Read the source values: exactly the keys that the protocol needs; ``uitgesloten`` may be left out if empty."""
    inhoud = lees_json(BRONWAARDEN, data)
    waarden: dict[str, str] = {}
    handtekeningen: dict[str, str] = {}
    for bron in protocol.bronnen:
        waarden[bron.id] = waarde = _veld(BRONWAARDEN, inhoud, bron.id, str)
        if bron.soort == "drand":
            handtekeningen[bron.id] = _veld(BRONWAARDEN, inhoud, bron.id + _HANDTEKENING, str)
        try:
            if bron.soort == "cijfers":
                controleer_cijfers(waarde, bron.lengte)
            else:
                controleer_drand(waarde, handtekeningen[bron.id])
        except InvoerFout as fout:
            raise LotingFout(BRONWAARDEN, f"{bron.id}: {fout.melding}", actie=fout.actie) from fout
    verwacht = {*waarden, *(naam + _HANDTEKENING for naam in handtekeningen), "uitgesloten"}
    if teveel := sorted(inhoud.keys() - verwacht):
        raise LotingFout(BRONWAARDEN, f"de sleutel {toon(teveel[0])} hoort niet bij de bronnen van protocol.json.")
    uitgesloten = _veld(BRONWAARDEN, {"uitgesloten": [], **inhoud}, "uitgesloten", list)
    if not all(isinstance(k, str) for k in uitgesloten) or len(set(uitgesloten)) != len(uitgesloten):
        raise LotingFout(BRONWAARDEN, "uitgesloten moet een lijst van verschillende kenmerken zijn.")
    if onbekend := sorted(set(uitgesloten).difference(deelnemers.kenmerk)):
        raise LotingFout(BRONWAARDEN, f"uitgesloten noemt {toon(onbekend[0])}; dat staat niet in {DEELNEMERS}.")
    return Bronwaarden(waarden, handtekeningen, frozenset(uitgesloten))


def schrijf_bronwaarden(bronwaarden: Bronwaarden) -> bytes:
    """The bytes of ``bronwaarden.json``: indented, because people read the values aloud from it."""
    inhoud: dict[str, Any] = {}
    for naam, waarde in bronwaarden.waarden.items():
        inhoud[naam] = waarde
        if naam in bronwaarden.handtekeningen:
            inhoud[naam + _HANDTEKENING] = bronwaarden.handtekeningen[naam]
    return (json.dumps({**inhoud, "uitgesloten": sorted(bronwaarden.uitgesloten)}, indent=1) + "\n").encode()


def lees_mutaties(data: bytes, protocol: Protocol, deelnemers: Deelnemers) -> list[Mutatie]:
    """Read the log. What a mutation may do to the standing of that moment is checked while replaying it."""
    rijen = zip(*lees_tabel(MUTATIES, data, KOLOMMEN_MUTATIES), strict=True)
    mutaties = [Mutatie(int(nr), soort, kenmerk, int(bedrag)) for nr, soort, kenmerk, bedrag in rijen]
    kenmerken = set(deelnemers.kenmerk) if mutaties else set()
    for volgnummer, (nr, soort, kenmerk, bedrag) in enumerate(mutaties, 1):
        melding = ""
        if nr != volgnummer:
            melding = f"nr is {nr}, dat moet {volgnummer} zijn."
        elif soort == "VERHOGING" and kenmerk != STER and kenmerk not in protocol.potten:
            melding = f"de pot {kenmerk} staat niet in protocol.json. Gebruik * of een pot daaruit."
        elif soort == "VERHOGING" and bedrag == 0:
            melding = "een VERHOGING moet meer dan 0 cent zijn."
        elif soort != "VERHOGING" and kenmerk not in kenmerken:
            melding = f"kenmerk {kenmerk} staat niet in {DEELNEMERS}."
        elif soort not in ("VERHOGING", "VERLAGING") and bedrag != 0:
            melding = f"bij {soort} moet bedrag_cent 0 zijn."
        if melding:
            raise LotingFout(MUTATIES, melding, regel=volgnummer + 1)
    return mutaties


def schrijf_mutaties(mutaties: Iterable[Mutatie]) -> bytes:
    """The bytes of ``mutaties.csv``."""
    kop = kopregel(KOLOMMEN_MUTATIES)
    return "".join([kop, *(f"{m.nr};{m.soort};{m.kenmerk};{m.bedrag}\n" for m in mutaties)]).encode()
