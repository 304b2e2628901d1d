"""Voucher codes: 12 random characters and a check character, in groups: ``AB3D-EF7H-JKMN-P``.

The alphabet leaves out what people confuse (0/O, 1/I/L, U/V). 12 characters of 30 are 58 bits; guessing is also rate
limited where codes are checked.
"""

from __future__ import annotations

import secrets

from stdnum import luhn

ALFABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LENGTE = 12


def maak() -> str:
    """A new code from the system's source of randomness."""
    kern = "".join(secrets.choice(ALFABET) for _ in range(LENGTE))
    return _in_groepen(kern + luhn.calc_check_digit(kern, ALFABET))


def normaliseer(code: str) -> str | None:
    """The code as it is stored, from what somebody typed; ``None`` when it cannot be one (check character wrong)."""
    kaal = "".join(teken for teken in code.upper() if teken.isalnum())
    if len(kaal) != LENGTE + 1 or set(kaal) - set(ALFABET) or not luhn.is_valid(kaal, ALFABET):
        return None
    return _in_groepen(kaal)


def _in_groepen(kaal: str) -> str:
    return "-".join(kaal[begin : begin + 4] for begin in range(0, len(kaal), 4))
