"""The guide for partner developers says what is so: its addresses, bodies, scopes, codes and limits exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from oauth2_provider.settings import oauth2_settings

from api.codes import AANVRAAGSTATUS, Voucherstand
from api.paginering import MAXIMUM
from api.problemen import SOORTEN
from api.versie import BASIS, VERSIE
from config.settings import basis
from tests.api.conftest import Wereld

TEKST = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()


def tabel(kop: str) -> list[list[str]]:
    """Cells of the rows under a header row, without backticks."""
    regels = TEKST.split(f"\n{kop}\n", 1)[1].splitlines()[1:]
    rijen = []
    for regel in regels:
        if not regel.startswith("|"):
            break
        rijen.append([cel.strip().strip("`") for cel in regel.strip("|").split("|")])
    return rijen


def test_elk_adres_in_de_handleiding_bestaat_en_elk_adres_staat_erin() -> None:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    paden = document["paths"]
    sjablonen = {pad: re.compile(re.sub(r"{\w+}", r"[^/]+", pad)) for pad in paden}
    gezien = set()
    for adres in re.findall(rf"{BASIS}(/[^\s\"'`?|…]*)", TEKST):
        passend = adres if adres in paden else next((p for p, s in sjablonen.items() if s.fullmatch(adres)), None)
        assert passend is not None or adres in {"/openapi.json", "/openapi.yaml"}, adres
        gezien.add(passend)
    assert gezien - {None} == set(paden)
    for adres, methode, scope, _uitleg in tabel("| Adres | Methode | Scope | Wat u krijgt |"):
        bewerking = paden[adres.removeprefix(BASIS)][methode.lower()]
        nodig = [naam for eis in bewerking["security"] for naam in eis.get("oauth2", [])]
        assert nodig == ([scope.strip("`")] if ":" in scope else []), adres


def test_query_in_de_voorbeelden_klopt() -> None:
    paden = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    voorbeelden = re.findall(rf"{BASIS}(/\w+)\?(\w+)=", TEKST)
    assert voorbeelden == [("/tijdvakken", "status"), ("/aanvragen", "gewijzigdNa")]
    for pad, naam in voorbeelden:
        assert naam in [parameter["name"] for parameter in paden[pad]["get"]["parameters"]]


@pytest.mark.django_db
def test_voorbeelden_met_een_body_werken(client: Client, wereld: Wereld) -> None:
    voorbeelden = re.findall(r"-d '(\{.*?\})' \"\$S(/\S+)\"", TEKST)
    assert len(voorbeelden) == 2
    for body, adres in voorbeelden:
        antwoord = client.post(adres, json.loads(body), content_type="application/json", headers=wereld.kop)
        assert antwoord.status_code == 200, antwoord.content


def test_tabellen_zijn_volledig() -> None:
    assert dict(tabel("| Scope | Waarvoor |")) == oauth2_settings.SCOPES
    fouten = {(int(status), code) for status, code, _ in tabel("| Status | Code in `type` | Wat u doet |")}
    assert fouten == {(soort.status, code) for code, soort in SOORTEN.items()}
    assert [code for code, _ in tabel("| Status | Betekenis |")] == Voucherstand.values
    assert re.findall(r"`([a-z-]+)`", TEKST.split("een van: ", 1)[1].split(". ", 1)[0]) == [
        c for c, _ in AANVRAAGSTATUS
    ]


def test_getallen_en_versie_kloppen() -> None:
    tarieven = basis.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    lezen, zoeken, token = (tarieven[naam].removesuffix("/min") for naam in ("lezen", "zoeken", "token"))
    zin = f"{lezen} verzoeken om te lezen, {zoeken} om te zoeken of een voucher te controleren, {token} om een token"
    assert f"Per minuut: {zin}." in TEKST.replace("\n", " ")
    assert f"u krijgt er hoogstens {MAXIMUM}." in TEKST
    assert tabel("| Versie | Wat er nieuw is |")[0][0] == VERSIE
