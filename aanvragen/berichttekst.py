"""What a standard text of a message holds, and the fields that every message can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kern.enums import Berichtsoort

#: Fields that every message about an application can use.
VELDEN = ("kenmerk", "regeling", "organisatie", "titel")
#: Values of those fields in a preview.
VOORBEELD = {
    "kenmerk": "VOORBEELD-00012",
    "regeling": "Eerste tijdvak 2027",
    "organisatie": "Bakkerij Voorbeeld",
    "titel": "Zelf roosteren",
}


@dataclass(frozen=True)
class Berichttekst:
    """One kind of message: what it is about, subject, text, and the fields it uses besides ``VELDEN``.

    ``wanneer`` says when it goes out; ``voorbeeld`` has values of its own fields for a preview.
    """

    soort: Berichtsoort
    onderwerp: str
    tekst: str
    velden: tuple[str, ...] = ()
    wanneer: str = ""
    voorbeeld: Mapping[str, str] = field(default_factory=dict)

    @property
    def alle_velden(self) -> tuple[str, ...]:
        return (*VELDEN, *self.velden)

    def voorbeeldwaarden(self) -> dict[str, str]:
        """A value for every field; the name in brackets where nobody wrote an example."""
        waarden = {naam: f"[{naam}]" for naam in self.alle_velden}
        return {**waarden, **VOORBEELD, **self.voorbeeld}
