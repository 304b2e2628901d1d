"""Pages by keyset: a page begins right after a row, so rows that come in or go out move nothing (P16).

The cursor is the sort key of the last row, signed: it cannot be made up, only handed back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

from api.problemen import Invoerfouten, invoerfout

M = TypeVar("M", bound=Model)

#: Rows in one answer, whatever is asked (H19).
MAXIMUM = 100
_ZOUT = "api.paginering"


class _Json:
    """JSON of signed values; moments and UUIDs become text."""

    def dumps(self, obj: Any) -> bytes:
        return DjangoJSONEncoder(separators=(",", ":")).encode(obj).encode()

    def loads(self, data: bytes) -> Any:
        return signing.JSONSerializer().loads(data)


@dataclass(frozen=True)
class Pagina(Generic[M]):
    """Rows of one page and the cursor of the next; ``None`` on the last page."""

    rijen: list[M]
    cursor: str | None


def pagineer(rijen: QuerySet[M], *, velden: tuple[str, ...], cursor: str, grootte: int, plek: str) -> Pagina[M]:
    """One page of ``rijen``, ascending by ``velden`` (the last one unique). ``plek``: where the cursor came from.

    Raises :class:`Invoerfouten` for a cursor that is not ours.
    """
    grootte = min(grootte, MAXIMUM)
    rijen = rijen.order_by(*velden)
    if cursor:
        rijen = rijen.filter(_na(rijen.model, velden, _lees(cursor, velden, plek)))
    blad = list(rijen[: grootte + 1])
    if len(blad) <= grootte:
        return Pagina(blad, None)
    blad.pop()
    waarden = [_tekst(getattr(blad[-1], veld)) for veld in velden]
    return Pagina(blad, signing.dumps([list(velden), waarden], salt=_ZOUT, serializer=_Json))


def _tekst(waarde: Any) -> Any:
    # isoformat keeps the microseconds that DjangoJSONEncoder cuts off.
    return waarde.isoformat() if hasattr(waarde, "isoformat") else waarde


def _lees(cursor: str, velden: tuple[str, ...], plek: str) -> list[Any]:
    try:
        namen, waarden = signing.loads(cursor, salt=_ZOUT, serializer=_Json)
    except signing.BadSignature:
        namen, waarden = [], []
    if namen != list(velden):
        raise Invoerfouten([invoerfout("cursor", plek, "ongeldig", "Deze cursor hoort niet bij deze lijst.")])
    return waarden


def _na(model: type[Model], velden: tuple[str, ...], waarden: list[Any]) -> Q:
    """(a, b) > (x, y) written out: a > x, or a = x and b > y."""
    voorwaarde, gelijk = Q(), Q()
    for veld, waarde in zip(velden, waarden, strict=True):
        waarde = model._meta.get_field(veld).to_python(waarde)  # type: ignore[union-attr]  # only fields of the model itself are sorted on
        voorwaarde |= gelijk & Q(**{f"{veld}__gt": waarde})
        gelijk &= Q(**{veld: waarde})
    return voorwaarde
