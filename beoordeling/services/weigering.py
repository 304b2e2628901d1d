"""A refusal that somebody must be able to find back is a line of the trail, also though nothing else was changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from beoordeling.models import Loting
from kern.fouten import DomeinFout
from kern.models import Gebruiker
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: A file that is not what was published, a second draw or value or the wish for one, a result that the script does
#: not get.
OP_SCHRIFT = frozenset(
    {
        "bestand-gewijzigd",
        "loting-bestand-onjuist",
        "al-getrokken",
        "bronnen-liggen-vast",
        "bewijs-klopt-niet",
        "uitslag-ligt-vast",
    }
)


@contextmanager
def weigering_op_schrift(loting: Loting, stap: str, *, actor: Gebruiker | None, op: datetime) -> Iterator[None]:
    """Around the transaction of a step of the draw: it is undone by a refusal, and when that is one of
    :data:`OP_SCHRIFT`, the trail of the draw gets a line with who tried what."""
    try:
        yield
    except DomeinFout as fout:
        if fout.code in OP_SCHRIFT:
            log_schrijven(
                Logpost(
                    keten=keten_van(loting),
                    handeling="weigeren",
                    op=op,
                    actor=actor,
                    reden=fout.melding,
                    gegevens={"stap": stap, "code": fout.code},
                )
            )
        raise
