"""Official documents are in Dutch, whatever language the person at the keyboard reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import translation

P = ParamSpec("P")
T = TypeVar("T")


def in_het_nederlands(functie: Callable[P, T]) -> Callable[P, T]:
    """Runs a function with Dutch as language: what it writes or stores is the same for every reader."""

    @wraps(functie)
    def binnen(*args: P.args, **kwargs: P.kwargs) -> T:
        with translation.override("nl"):
            return functie(*args, **kwargs)

    return binnen
