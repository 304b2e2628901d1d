"""Read and write a scheme as data. Pure: bytes, dicts and text in, a frozen ``Regelingspec`` or an error report out.

All errors of a file are reported at once. Keys are checked one by one, then the rules between keys run on whatever
could be read: a rule that needs a key that was refused keeps silent, all others speak.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import types
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, NoReturn, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from kern.fouten import BestandFout, Regelfout
from regeling.schema import Regelingspec
from regeling.schema_fouten import onbekende_sleutel, toml_fout, vertaalde_fouten, voeg_toe
from regeling.schema_motor import Gedeeltelijk
from regeling.schema_regels import pas_regels_toe, pas_waarschuwingen_toe
from regeling.schema_velden import Deel, gewoon, toon

MAXIMUM_BYTES = 1_000_000
#: A hundred times what a scheme needs; the parser and the difference take seconds beyond it.
MAXIMUM_REGELS = 10_000
#: Dots in a row of bare or quoted names, as in a key; the format needs two.
_DIEPE_SLEUTEL = re.compile(r"(?:[\w\"'-]{1,60}[ \t]{0,3}\.[ \t]{0,3}){20}")
_NIETS = object()


def lees_regeling(inhoud: bytes, bestand: str) -> Regelingspec:
    """The scheme in a TOML file. ``bestand`` is only used in messages. Raises BestandFout with every error found."""
    if len(inhoud) > MAXIMUM_BYTES:
        _weiger(
            bestand, [Regelfout("het bestand", "te-groot", "Het bestand is groter dan 1 megabyte. Maak het kleiner.")]
        )
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError as fout:
        regelnummer = inhoud.count(b"\n", 0, fout.start) + 1
        melding = "Hier staat een teken dat geen UTF-8 is. Bewaar het bestand als UTF-8."
        _weiger(bestand, [Regelfout(f"regel {regelnummer}", "codering", melding)])
    _weiger_te_veel(tekst, bestand)
    try:
        gegevens = tomllib.loads(tekst, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fout:
        _weiger(bestand, [toml_fout(str(fout), tekst)])
    except (ValueError, RecursionError):
        melding = "Het bestand bevat een veel te groot getal of te diep geneste lijsten. Verwijder ze."
        _weiger(bestand, [Regelfout("het bestand", "toml", melding)])
    return regeling_uit_dict(gegevens, bestand)


def _weiger_te_veel(tekst: str, bestand: str) -> None:
    """What a person never writes, and what takes the parser or the page minutes."""
    regels = tekst.count("\n") + 1
    if regels > MAXIMUM_REGELS:
        melding = f"Het bestand heeft {regels} regels; hoogstens {MAXIMUM_REGELS} mag. Maak het korter."
        _weiger(bestand, [Regelfout("het bestand", "te-groot", melding)])
    diep = _DIEPE_SLEUTEL.search(tekst)
    if diep is not None:
        regelnummer = tekst.count("\n", 0, diep.start()) + 1
        melding = "Hier staan te veel punten achter elkaar, als in een sleutel. Verwijder ze."
        _weiger(bestand, [Regelfout(f"regel {regelnummer}", "toml", melding)])


def regeling_uit_dict(d: dict[str, Any], bestand: str) -> Regelingspec:
    """The scheme in a dict as TOML gives it, checked against every rule. Raises BestandFout with every error found."""
    formaat = d.get("formaat")
    if isinstance(formaat, int) and not isinstance(formaat, bool) and formaat != 1:
        melding = f"Het formaat is {toon(formaat)}. Dit programma leest formaat 1: zet formaat = 1."
        _weiger(bestand, [Regelfout("formaat", "formaat", melding)])
    fouten: list[Regelfout] = []
    gelezen = _lees_tabel(Regelingspec, d, "", fouten, {})
    if gelezen is not _NIETS:
        fouten += pas_regels_toe(gelezen)
    if fouten:
        _weiger(bestand, fouten)
    return gelezen


def waarschuwingen(spec: Regelingspec) -> list[Regelfout]:
    """What is allowed but deserves a look before publication (R43, R54, design 05)."""
    return pas_waarschuwingen_toe(spec)


def dubbele_sleutels(specs: Sequence[tuple[str, Regelingspec]]) -> list[Regelfout]:
    """Keys of schemes and rounds that occur in more than one file; ``specs`` are pairs of file name and scheme."""
    gezien: dict[tuple[str, str], str] = {}
    fouten = []
    for bestand, spec in specs:
        eigen = [("regeling", spec.regeling.sleutel, "regeling.sleutel")]
        eigen += [("tijdvak", t.sleutel, f"tijdvakken[{nr}].sleutel") for nr, t in enumerate(spec.tijdvakken)]
        for soort, sleutel, plek in eigen:
            eerder = gezien.setdefault((soort, sleutel), bestand)
            if eerder != bestand:
                melding = f"De sleutel '{sleutel}' staat ook in {eerder}. Kies een andere sleutel."
                fouten.append(Regelfout(f"{bestand}: {plek}", "dubbele-sleutel", melding))
    return fouten


def naar_json(spec: Regelingspec) -> dict[str, Any]:
    """The scheme as JSON-safe dict. Every default is written out, so a later default cannot change a stored scheme;
    only empty (``None``) keys are left out. Amounts and numbers with decimals are text, moments carry their offset."""
    resultaat = _json_waarde(spec)
    assert isinstance(resultaat, dict)
    return resultaat


def spec_uit_json(d: dict[str, Any]) -> Regelingspec:
    """The scheme in stored JSON. Checks keys and types, not the rules between keys: those may become stricter later,
    and what was once published must stay readable. The result is shared (frozen), cached by content."""
    return _spec_uit_tekst(_canoniek(d))


def digest(spec: Regelingspec) -> str:
    """SHA-256 (hex) over the canonical JSON: sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(_canoniek(naar_json(spec)).encode("utf-8")).hexdigest()


def _canoniek(d: dict[str, Any]) -> str:
    return json.dumps(d, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@lru_cache(maxsize=128)
def _spec_uit_tekst(tekst: str) -> Regelingspec:
    fouten: list[Regelfout] = []
    spec = _lees_tabel(Regelingspec, json.loads(tekst), "", fouten, {"json": True})
    if fouten:
        _weiger("in de opslag", fouten)
    return spec


def _json_waarde(waarde: Any) -> Any:
    if isinstance(waarde, Deel):
        paren = ((naam, getattr(waarde, naam)) for naam in type(waarde).model_fields)
        return {naam: _json_waarde(deel) for naam, deel in paren if deel is not None}
    if isinstance(waarde, tuple):
        return [_json_waarde(deel) for deel in waarde]
    if isinstance(waarde, Decimal):
        return gewoon(waarde)
    if isinstance(waarde, date):  # a datetime is a date too
        return waarde.isoformat()
    return waarde


def _weiger(bestand: str, fouten: list[Regelfout]) -> NoReturn:
    aantal = "1 fout" if len(fouten) == 1 else f"{len(fouten)} fouten"
    raise BestandFout(f"Het regelingsbestand {bestand} is geweigerd: {aantal}.", fouten)


def _lees_tabel(model: type[Deel], waarde: Any, pad: str, fouten: list[Regelfout], context: dict[str, Any]) -> Any:
    """The table as model; with refused keys as :class:`Gedeeltelijk`; _NIETS when it is no table at all."""
    if not isinstance(waarde, dict):
        hulp = f"Schrijf een tabel met sleutels, bijvoorbeeld [{pad}]." if pad else "Schrijf sleutels met waarden."
        fouten.append(
            Regelfout(pad or "het bestand", "type", f"Hier hoort een tabel, maar er staat {toon(waarde)}. {hulp}")
        )
        return _NIETS
    gelezen: dict[str, Any] = {}
    for naam, info in model.model_fields.items():
        plek = voeg_toe(pad, naam)
        if naam not in waarde:
            if info.is_required():
                fouten.append(
                    Regelfout(plek, "verplicht", f"De sleutel '{naam}' ontbreekt. Vul in: {info.description}.")
                )
            else:
                gelezen[naam] = info.default
            continue
        resultaat = _lees_sleutel(model, naam, waarde[naam], plek, fouten, context)
        if resultaat is not _NIETS:
            gelezen[naam] = resultaat
    for sleutel in waarde:
        if sleutel not in model.model_fields:
            fouten.append(onbekende_sleutel(pad, str(sleutel), model.model_fields, _thuis_van_sleutels()))
    return model.model_construct(**gelezen) if len(gelezen) == len(model.model_fields) else Gedeeltelijk(gelezen)


def _lees_sleutel(
    model: type[Deel], naam: str, waarde: Any, plek: str, fouten: list[Regelfout], context: dict[str, Any]
) -> Any:
    vorm, doel = vorm_van(model, naam)
    if vorm == "tabel" and not (waarde is None and model.model_fields[naam].default is None):
        return _lees_tabel(doel, waarde, plek, fouten, context)
    if vorm == "lijst":
        if not isinstance(waarde, list | tuple):
            hulp = f"Schrijf elk onderdeel onder een eigen kop [[{plek}]]."
            fouten.append(
                Regelfout(plek, "type", f"Hier hoort een lijst van tabellen, maar er staat {toon(waarde)}. {hulp}")
            )
            return _NIETS
        delen = (_lees_tabel(doel, deel, voeg_toe(plek, nr), fouten, context) for nr, deel in enumerate(waarde))
        return tuple(deel if deel is not _NIETS else Gedeeltelijk({}) for deel in delen)
    try:
        return _adapter(model, naam).validate_python(waarde, context=context)
    except ValidationError as fout:
        fouten += vertaalde_fouten(fout, plek)
        return _NIETS


@cache
def vorm_van(model: type[Deel], naam: str) -> tuple[str, type[Deel]]:
    """Whether a key holds a table, a list of tables or a plain value, and the model of its tables."""
    soort = model.model_fields[naam].annotation
    if get_origin(soort) in {Union, types.UnionType}:
        soort = next(deel for deel in get_args(soort) if deel is not type(None))
    if isinstance(soort, type) and issubclass(soort, Deel):
        return "tabel", soort
    if get_origin(soort) is tuple:
        element = get_args(soort)[0]
        if isinstance(element, type) and issubclass(element, Deel):
            return "lijst", element
    return "waarde", Deel


@cache
def _adapter(model: type[Deel], naam: str) -> TypeAdapter[Any]:
    info = model.model_fields[naam]
    soort: Any = info.annotation
    return TypeAdapter(Annotated[(soort, *info.metadata)] if info.metadata else soort)


@lru_cache(maxsize=1)
def _thuis_van_sleutels() -> dict[str, str]:
    """Key -> the table where it belongs, for keys that occur in one table only."""
    thuis: dict[str, set[str]] = {}

    def loop(model: type[Deel], kop: str) -> None:
        for naam in model.model_fields:
            vorm, doel = vorm_van(model, naam)
            thuis.setdefault(naam, set()).add(f"[{kop}]" if kop else "het begin van het bestand")
            if vorm != "waarde":
                loop(doel, f"{kop}.{naam}" if kop else naam)

    loop(Regelingspec, "")
    return {naam: next(iter(koppen)) for naam, koppen in thuis.items() if len(koppen) == 1}
