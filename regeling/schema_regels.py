"""All rules between the keys of a scheme file, with their ids; each has a failing example in the tests."""

from __future__ import annotations

from kern.fouten import Regelfout
from regeling.schema import Regelingspec
from regeling.schema_motor import Bestandsregel
from regeling.schema_regels_algemeen import REGELS as ALGEMEEN
from regeling.schema_regels_formulier import REGELS as FORMULIER
from regeling.schema_regels_tijdvak import REGELS as TIJDVAK
from regeling.schema_waarschuwingen import WAARSCHUWINGEN

REGELS: tuple[Bestandsregel, ...] = (*ALGEMEEN, *FORMULIER, *TIJDVAK)


def pas_regels_toe(spec: Regelingspec) -> list[Regelfout]:
    """The rules that this scheme breaks, in the order of the rules."""
    return [fout for regel in REGELS for fout in regel.bevindingen(spec)]


def pas_waarschuwingen_toe(spec: Regelingspec) -> list[Regelfout]:
    """The warnings for this scheme, in the order of the list."""
    return [fout for regel in WAARSCHUWINGEN for fout in regel.bevindingen(spec)]
