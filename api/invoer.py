"""Strict input: what we do not know is an error, all errors come together, and a body has limits (R81, H9, H19)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from api.problemen import TeGroot

#: Bytes of a JSON body; the largest request is a few hundred bytes.
MAXIMUM_BODY = 64 * 1024
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


class StrengeJSONParser(BaseParser):
    """JSON in UTF-8 without duplicate keys, at most :data:`MAXIMUM_BODY` bytes."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        data = stream.read(MAXIMUM_BODY + 1)
        if len(data) > MAXIMUM_BODY:
            raise TeGroot()
        try:
            return json.loads(data.decode("utf-8"), object_pairs_hook=_uniek, parse_constant=_geen_getal)
        except (ValueError, RecursionError):
            raise ParseError("De inhoud is geen geldige JSON in UTF-8.")


def _uniek(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    inhoud = dict(paren)
    if len(inhoud) != len(paren):
        raise ValueError("dubbele sleutel")
    return inhoud


def _geen_getal(naam: str) -> Any:
    raise ValueError(naam)


class Invoer(serializers.Serializer):
    """Base of query and body descriptions: a name that is not described is an error of its own."""

    def to_internal_value(self, data: Any) -> Any:
        fouten: dict[str, Any] = {}
        dubbel: list[str] = []
        if isinstance(data, QueryDict):
            data, dubbel = self._uit_query(data)
        waarde: Any = None
        try:
            waarde = super().to_internal_value(data)
        except serializers.ValidationError as fout:
            fouten.update(fout.detail)  # type: ignore[arg-type]  # the stubs take no nested detail
        for naam in dubbel:
            fouten[naam] = [serializers.ErrorDetail("Deze parameter staat er vaker dan één keer.", "dubbel")]
        if isinstance(data, Mapping):
            for naam in set(map(str, data)) - set(self.fields):
                fouten[naam[:100]] = [serializers.ErrorDetail("Deze naam kennen wij hier niet.", "onbekend")]
        if fouten:
            raise serializers.ValidationError(fouten)
        return waarde

    def _uit_query(self, query: QueryDict) -> tuple[dict[str, Any], list[str]]:
        """The query as plain values, so that an empty value is a value and not, as in a form, an absent one; and the
        names that occur twice where one value is meant."""
        lijsten = {naam for naam, veld in self.fields.items() if isinstance(veld, serializers.ListField)}
        waarden = {naam: query.getlist(naam) if naam in lijsten else query[naam] for naam in query}
        dubbel = [naam for naam in query if naam not in lijsten and len(query.getlist(naam)) > 1]
        return waarden, dubbel


class Tijdstip(serializers.DateTimeField):
    """RFC 3339 moment. In: any offset, never without one and never -00:00. Out: UTC with `Z` (R82)."""

    default_error_messages = {
        "vorm": _(
            "Schrijf een moment als 2026-11-02T09:00:00Z of 2026-11-02T10:00:00+01:00. Codeer een + in een URL als %2B."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default_timezone", UTC)
        super().__init__(**kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not _RFC3339.fullmatch(value) or value.endswith("-00:00"):
            self.fail("vorm")
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("vorm")
            raise


class Tekst(serializers.CharField):
    """Text; a number or a boolean is not text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Paginavraag(Invoer):
    """Query of a list."""

    cursor = Tekst(
        required=False, max_length=500, help_text="De plek waar deze pagina begint. Neem die over uit de vorige pagina."
    )
    paginaGrootte = serializers.IntegerField(
        required=False,
        min_value=1,
        default=50,
        help_text="Hoeveel regels u per pagina wilt. U krijgt er hoogstens 100.",
    )
