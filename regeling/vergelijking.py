"""Two versions of a scheme side by side: what differs, and what may no longer change for a round.

Legal certainty (Awb 4:26, 4:27; R31): method and ceiling are public before the window opens, and what people relied
on when they applied does not change to their disadvantage. Pure: the moment comes in as ``nu``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kern.fouten import Regelfout
from regeling.lezen import naar_json
from regeling.schema import Regelingspec, Tijdvakspec
from regeling.schema_motor import hoeveel
from regeling.schema_velden import Deel, gewoon

Verschil = tuple[str, Any, Any]

#: Parts on which the outcome depends: fixed once the round is published.
VAST_NA_PUBLICATIE = (
    "aanvrager",
    "subsidie",
    "definitie",
    "kostensoorten",
    "themas",
    "themakeuze",
    "doelen",
    "adviseur",
    "project",
    "leergang",
    "criteria",
)
#: Parts of the form: fixed once somebody has applied.
VAST_NA_AANVRAAG = ("verklaringen", "bijlagen", "vragen", "nulmeting")
#: Explanations may always be made clearer.
VRIJE_SLEUTELS = frozenset({"uitleg", "voorbeelden"})
#: Terms of the applicant may not become shorter, terms of the authority not longer.
TERMIJN_VAN_AANVRAGER = frozenset({"aanvulling", "declaratie", "bezwaar"})
_HERKENNING = ("sleutel", "code", "soort", "artikel")
_DAGEN = {"d": (1, 1), "w": (7, 7), "m": (28, 31)}


def verschillen(oud: Regelingspec, nieuw: Regelingspec) -> list[Verschil]:
    """Every key whose value differs, as (key path, old, new); absent is ``None``. Values are those of the JSON form.

    Tables in a list are matched by their key, code, kind or article, so adding one does not make all others differ:
    ``tijdvakken[ser-mkb-2026].plafond``.
    """
    return list(_vergelijk("", naar_json(oud), naar_json(nieuw)))


def verboden_wijzigingen(
    oud: Regelingspec,
    nieuw: Regelingspec,
    tijdvak_sleutel: str,
    *,
    gepubliceerd: bool,
    heeft_aanvragen: bool,
    nu: datetime,
) -> list[Regelfout]:
    """What ``nieuw`` changes in this round that the law does not allow any more; empty when the change is fine.

    ``gepubliceerd``: ceiling and method were made public. ``heeft_aanvragen``: somebody has applied. ``nu``: aware.
    Raises InvoerFout when ``oud`` has no such round.
    """
    vroeger = oud.tijdvak(tijdvak_sleutel)
    if not (gepubliceerd or heeft_aanvragen):
        return []
    if oud.regeling.sleutel != nieuw.regeling.sleutel:
        melding = f"De sleutel van een regeling verandert nooit. Zet '{oud.regeling.sleutel}' terug."
        return [Regelfout("regeling.sleutel", "andere-regeling", melding)]
    plaats = next((nr for nr, deel in enumerate(nieuw.tijdvakken) if deel.sleutel == tijdvak_sleutel), None)
    if plaats is None:
        melding = f"Het tijdvak '{tijdvak_sleutel}' is gepubliceerd en staat niet meer in het bestand. Zet het terug."
        return [Regelfout("tijdvakken", "tijdvak-verdwenen", melding)]
    later, pad = nieuw.tijdvakken[plaats], f"tijdvakken[{plaats}]"
    return [
        *_vaste_delen(oud, nieuw, VAST_NA_PUBLICATIE, "Het tijdvak is gepubliceerd"),
        *(_vaste_delen(oud, nieuw, VAST_NA_AANVRAAG, "Er zijn al aanvragen") if heeft_aanvragen else ()),
        *_verdeling(oud, nieuw, tijdvak_sleutel, pad),
        *_plafonds(oud, vroeger, later, pad, vast=heeft_aanvragen or nu >= vroeger.open_op, aanvragen=heeft_aanvragen),
        *_venster(vroeger, later, pad, nu),
        *_termijnen(oud, nieuw),
    ]


def _vaste_delen(oud: Regelingspec, nieuw: Regelingspec, delen: tuple[str, ...], waarom: str) -> Iterator[Regelfout]:
    voor, na = naar_json(oud), naar_json(nieuw)
    for deel in delen:
        for plek, was, wordt in _vergelijk(deel, voor.get(deel), na.get(deel), VRIJE_SLEUTELS, volgorde=False):
            melding = f"{waarom}: dit mag niet meer veranderen ({_kort(was)} wordt {_kort(wordt)}). {_TERUG}"
            yield Regelfout(plek, "vast-onderdeel", melding)


def _verdeling(oud: Regelingspec, nieuw: Regelingspec, sleutel: str, pad: str) -> Iterator[Regelfout]:
    """On the merged values: how the file spreads them over [verdeling] and the round does not matter."""
    voor, na = oud.verdeling_voor(sleutel), nieuw.verdeling_voor(sleutel)
    for naam in type(voor).model_fields:
        was, wordt = getattr(voor, naam), getattr(na, naam)
        if was != wordt:
            melding = (
                f"De verdeling is gepubliceerd en mag niet meer veranderen (Awb 4:26): {naam} was {_kort(was)} "
                f"en wordt {_kort(wordt)}. {_TERUG}"
            )
            yield Regelfout(f"{pad}.verdeling.{naam}", "vaste-verdeling", melding)
    vroeger, later = oud.tijdvak(sleutel), nieuw.tijdvak(sleutel)
    if vroeger.loting_historisch != later.loting_historisch:
        melding = f"De gegevens van de oude loting mogen niet meer veranderen. {_TERUG}"
        yield Regelfout(f"{pad}.loting_historisch", "vaste-verdeling", melding)


def _plafonds(
    oud: Regelingspec, vroeger: Tijdvakspec, later: Tijdvakspec, pad: str, *, vast: bool, aanvragen: bool
) -> Iterator[Regelfout]:
    """A ceiling can be changed by a new publication until the window opens; after that only raised, by command."""
    eenheid = oud.subsidie.eenheid
    potten = {pot.code: pot for pot in vroeger.subplafonds}
    nieuwe = {pot.code: (nr, pot) for nr, pot in enumerate(later.subplafonds)}
    paren = [(f"{pad}.plafond", vroeger.plafond, later.plafond)]
    for code, pot in potten.items():
        if code not in nieuwe:
            melding = f"Het deelplafond '{code}' is gepubliceerd en staat niet meer in het bestand. Zet het terug."
            yield Regelfout(f"{pad}.subplafonds", "vaste-verdeling", melding)
            continue
        nummer, nieuw = nieuwe[code]
        if (pot.soort, set(pot.waarden)) != (nieuw.soort, set(nieuw.waarden)):
            melding = f"Waarvoor het deelplafond '{code}' geldt, is gepubliceerd en mag niet meer veranderen. {_TERUG}"
            yield Regelfout(f"{pad}.subplafonds[{nummer}].waarden", "vaste-verdeling", melding)
        paren.append((f"{pad}.subplafonds[{nummer}].bedrag", pot.bedrag, nieuw.bedrag))
    for code, (nummer, _) in nieuwe.items():
        if code not in potten:
            melding = f"Het deelplafond '{code}' is nieuw. Na publicatie komt er geen deelplafond bij. Haal het weg."
            yield Regelfout(f"{pad}.subplafonds[{nummer}]", "vaste-verdeling", melding)
    if not vast:
        return
    waarom = "er zijn al aanvragen" if aanvragen else "het tijdvak is al opengegaan"
    for plek, was, wordt in paren:
        verandering = f"van {hoeveel(was, eenheid)} naar {hoeveel(wordt, eenheid)}"
        if wordt < was:
            melding = f"Een plafond gaat niet meer omlaag, want {waarom} (Awb 4:27): {verandering}. {_TERUG}"
            yield Regelfout(plek, "plafond-verlaagd", melding)
        elif wordt > was:
            melding = (
                f"Verhogen kan niet meer via het bestand, want {waarom}: {verandering}. Gebruik 'verhoog_plafond'."
            )
            yield Regelfout(plek, "plafond-verhoogd", melding)


def _venster(vroeger: Tijdvakspec, later: Tijdvakspec, pad: str, nu: datetime) -> Iterator[Regelfout]:
    yield from _momenten(vroeger, later, pad, nu)
    if (vroeger.vervolg is None) != (later.vervolg is None):
        yield Regelfout(
            f"{pad}.vervolg", "venster", f"Het tweede venster is gepubliceerd en mag niet veranderen. {_TERUG}"
        )
    elif vroeger.vervolg is not None and later.vervolg is not None:
        yield from _momenten(vroeger.vervolg, later.vervolg, f"{pad}.vervolg", nu)
        if vroeger.vervolg.plaatsen != later.vervolg.plaatsen:
            melding = f"Het aantal plaatsen in de tweede stap is gepubliceerd en mag niet veranderen. {_TERUG}"
            yield Regelfout(f"{pad}.vervolg.plaatsen", "vaste-verdeling", melding)
    was, wordt = vroeger.reservelijst_tot, later.reservelijst_tot
    if wordt is not None and (was is None or wordt < was):
        tot = "zonder einddatum" if was is None else f"tot en met {was}"
        melding = f"De reservelijst gold {tot} en wordt korter (tot en met {wordt}). {_TERUG}"
        yield Regelfout(f"{pad}.reservelijst_tot", "venster", melding)


def _momenten(vroeger: Any, later: Any, pad: str, nu: datetime) -> Iterator[Regelfout]:
    """``vroeger`` and ``later`` have open_op and sluit_op: a window may become longer, never shorter."""
    if vroeger.open_op != later.open_op:
        if nu >= vroeger.open_op:
            melding = f"Het venster is al opengegaan op {_tijdstip(vroeger.open_op)}. {_TERUG}"
            yield Regelfout(f"{pad}.open_op", "venster", melding)
        elif later.open_op > vroeger.open_op:
            melding = f"Het venster zou later opengaan dan gepubliceerd ({_tijdstip(vroeger.open_op)}). {_TERUG}"
            yield Regelfout(f"{pad}.open_op", "venster", melding)
        elif later.open_op <= nu:
            yield Regelfout(
                f"{pad}.open_op", "venster", "Een venster kan niet in het verleden opengaan. Kies een later moment."
            )
    if vroeger.sluit_op != later.sluit_op:
        if nu >= vroeger.sluit_op:
            melding = f"Het venster is al gesloten op {_tijdstip(vroeger.sluit_op)}. {_TERUG}"
            yield Regelfout(f"{pad}.sluit_op", "venster", melding)
        elif later.sluit_op < vroeger.sluit_op:
            melding = f"Het venster zou eerder sluiten dan gepubliceerd ({_tijdstip(vroeger.sluit_op)}). {_TERUG}"
            yield Regelfout(f"{pad}.sluit_op", "venster", melding)


def _termijnen(oud: Regelingspec, nieuw: Regelingspec) -> Iterator[Regelfout]:
    plaatsen = {termijn.code: nr for nr, termijn in enumerate(nieuw.termijnen)}
    for was in oud.termijnen:
        wordt = nieuw.termijn(was.code)
        if wordt is None:
            melding = f"De termijn '{was.code}' is gepubliceerd en staat niet meer in het bestand. Zet hem terug."
            yield Regelfout("termijnen", "termijn", melding)
            continue
        plek = f"termijnen[{plaatsen[was.code]}]"
        if was.niveau != wordt.niveau:
            melding = f"Het niveau van de termijn '{was.code}' ({was.niveau}) mag niet meer veranderen. {_TERUG}"
            yield Regelfout(f"{plek}.niveau", "termijn", melding)
        if was.duur == wordt.duur:
            continue
        if was.code in TERMIJN_VAN_AANVRAGER and not _minstens_zo_lang(wordt.duur, was.duur):
            melding = f"De aanvrager zou minder tijd krijgen: van {was.duur} naar {wordt.duur}. {_TERUG}"
            yield Regelfout(f"{plek}.duur", "termijn", melding)
        elif was.code not in TERMIJN_VAN_AANVRAGER and not _minstens_zo_lang(was.duur, wordt.duur):
            melding = f"De aanvrager zou langer moeten wachten: van {was.duur} naar {wordt.duur}. {_TERUG}"
            yield Regelfout(f"{plek}.duur", "termijn", melding)


_TERUG = "Zet de oude waarde terug, of neem de wijziging op in een volgend tijdvak."


def _minstens_zo_lang(lang: str, kort: str) -> bool:
    """Whether ``lang`` certainly is no shorter than ``kort``. A month counts 28 to 31 days, so 1m is not surely 30d."""
    if lang[-1] == kort[-1]:
        return int(lang[:-1]) >= int(kort[:-1])
    return int(lang[:-1]) * _DAGEN[lang[-1]][0] >= int(kort[:-1]) * _DAGEN[kort[-1]][1]


def _vergelijk(
    pad: str, oud: Any, nieuw: Any, vrij: frozenset[str] = frozenset(), *, volgorde: bool = True
) -> Iterator[Verschil]:
    """``vrij``: keys that are not compared. ``volgorde``: whether the order of tables in a list counts."""
    if isinstance(oud, dict) and isinstance(nieuw, dict):
        for naam in list(dict.fromkeys([*oud, *nieuw])):
            if naam not in vrij:
                yield from _vergelijk(
                    f"{pad}.{naam}" if pad else naam, oud.get(naam), nieuw.get(naam), vrij, volgorde=volgorde
                )
    elif _tabellen(oud) and _tabellen(nieuw) and (sleutel := _herken(oud, nieuw)):
        voor, na = ({deel[sleutel]: deel for deel in lijst} for lijst in (oud, nieuw))
        for naam in list(dict.fromkeys([*voor, *na])):
            yield from _vergelijk(f"{pad}[{naam}]", voor.get(naam), na.get(naam), vrij, volgorde=volgorde)
        if volgorde and [naam for naam in voor if naam in na] != [naam for naam in na if naam in voor]:
            yield pad, list(voor), list(na)
    elif oud != nieuw:
        yield pad, oud, nieuw


def _tabellen(waarde: Any) -> bool:
    return isinstance(waarde, list) and all(isinstance(deel, dict) for deel in waarde)


def _herken(oud: list[dict[str, Any]], nieuw: list[dict[str, Any]]) -> str | None:
    """The key that tells the tables of both lists apart; None when no key does."""
    for sleutel in _HERKENNING:
        namen = [[deel.get(sleutel) for deel in lijst] for lijst in (oud, nieuw)]
        if any(namen) and all(None not in rij and len(set(rij)) == len(rij) for rij in namen):
            return sleutel
    return None


def _kort(waarde: Any) -> str:
    if waarde is None:
        return "niets"
    if isinstance(waarde, bool):
        return "true" if waarde else "false"
    if isinstance(waarde, list | tuple) and not any(isinstance(deel, dict | Deel) for deel in waarde):
        return ", ".join(str(deel) for deel in waarde) or "niets"
    if isinstance(waarde, dict | list):
        return "een onderdeel"
    tekst = gewoon(waarde) if hasattr(waarde, "quantize") else str(waarde)
    return f"'{tekst if len(tekst) <= 60 else tekst[:57] + '...'}'"


def _tijdstip(moment: datetime) -> str:
    return f"{moment:%d-%m-%Y %H:%M}"
