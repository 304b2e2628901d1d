"""A document as plain data and back, so that a letter can be kept as it was and rendered again to the same bytes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from kern.document import model

_KLASSEN = {naam: klasse for naam, klasse in vars(model).items() if isinstance(klasse, type) and is_dataclass(klasse)}


def naar_json(waarde: Any) -> Any:
    """Dataclasses become objects with their class name under ``_``; tuples lists; dates ISO text under ``_datum``."""
    if is_dataclass(waarde) and not isinstance(waarde, type):
        return {"_": type(waarde).__name__, **{v.name: naar_json(getattr(waarde, v.name)) for v in fields(waarde)}}
    if isinstance(waarde, tuple | list):
        return [naar_json(deel) for deel in waarde]
    if isinstance(waarde, date):
        return {"_datum": waarde.isoformat()}
    return waarde


def uit_json(waarde: Any) -> Any:
    """The inverse of :func:`naar_json`; lists come back as tuples."""
    if isinstance(waarde, list):
        return tuple(uit_json(deel) for deel in waarde)
    if isinstance(waarde, dict) and "_datum" in waarde:
        return date.fromisoformat(waarde["_datum"])
    if isinstance(waarde, dict):
        klasse = _KLASSEN[waarde["_"]]
        return klasse(**{naam: uit_json(deel) for naam, deel in waarde.items() if naam != "_"})
    return waarde
