"""A scheme as the text of a file: what ``lezen`` reads back as the same scheme. Pure.

Empty keys and empty lists are left out; every other value is written, also a default, as in the stored form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from regeling.schema import Regelingspec
from regeling.schema_velden import Deel, gewoon


def naar_toml(spec: Regelingspec) -> str:
    """The scheme as TOML."""
    return "\n".join(_tabel(spec, "")).strip() + "\n"


def _tabel(deel: Deel, pad: str) -> Iterator[str]:
    """Plain keys first, then tables and lists of tables under their own heading."""
    delen = [(naam, getattr(deel, naam)) for naam in type(deel).model_fields]
    gevuld = [(naam, waarde) for naam, waarde in delen if waarde is not None and waarde != ()]
    for naam, waarde in gevuld:
        if not _is_tabel(waarde):
            yield f"{naam} = {_waarde(waarde)}"
    for naam, waarde in gevuld:
        plek = f"{pad}.{naam}" if pad else naam
        if isinstance(waarde, Deel):
            yield f"\n[{plek}]"
            yield from _tabel(waarde, plek)
        elif _is_tabel(waarde):
            for onderdeel in waarde:
                yield f"\n[[{plek}]]"
                yield from _tabel(onderdeel, plek)


def _is_tabel(waarde: Any) -> bool:
    return isinstance(waarde, Deel) or (isinstance(waarde, tuple) and isinstance(waarde[0], Deel))


def _waarde(waarde: Any) -> str:
    if isinstance(waarde, bool):
        return "true" if waarde else "false"
    if isinstance(waarde, date):  # a datetime is a date too
        return waarde.isoformat()
    if isinstance(waarde, Decimal):
        return gewoon(waarde)
    if isinstance(waarde, tuple):
        return f"[{', '.join(_waarde(deel) for deel in waarde)}]"
    if isinstance(waarde, str):
        return _tekst(waarde)
    return str(waarde)


def _tekst(tekst: str) -> str:
    """A text between quotes; TOML escapes as JSON does, and DEL as well."""
    return json.dumps(tekst, ensure_ascii=False).replace("\x7f", "\\u007f")
