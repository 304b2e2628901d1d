"""The kinds of work on the work list: what is to be decided, and claims that wait, also of members of a group."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aanvragen.enums import Status
from tests.factories.portaal_medewerker import als, tekst
from tests.factories.ronde import (
    Staf,
    gecontroleerd,
    gedeclareerd,
    loting_tot,
    maak_compleet,
    open_tijdvak,
    opgedragen,
    vastgesteld,
    verleen,
    vers,
)
from tests.factories.twee_stappen import na_stap_1, twee_rondes
from tests.uitvoering.test_deelnemers import gekozen_groep

pytestmark = pytest.mark.django_db


def aantallen(pagina: Any) -> dict[str, int]:
    return {keuze.naam: keuze.aantal for keuze in pagina.context["keuzes"] if keuze.groep}


def test_een_declaratie_van_een_deelnemer_is_werk(staf: Staf) -> None:
    """The case of the group itself stays "in uitvoering" until the last member."""
    groep = vers(verleen(gekozen_groep(staf), staf))
    client = als(staf.behandelaar)
    assert aantallen(client.get("/werk/lijst/"))["Declaraties"] == 0
    claim = gedeclareerd(groep, Decimal(1000), deelnemer=groep.deelnemers.get(volgorde=1))
    pagina = client.get("/werk/lijst/?status=declaraties")
    assert [rij.aanvraag for rij in pagina.context["rijen"]] == [groep]
    assert aantallen(pagina)["Declaraties"] == 1
    gecontroleerd(claim, staf)
    vastgesteld(vers(groep), staf, deelnemer=groep.deelnemers.get(volgorde=1))
    assert aantallen(client.get("/werk/lijst/"))["Declaraties"] == 0
    tijdvak = open_tijdvak()
    zaak = maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf)
    gedeclareerd(opgedragen(verleen(vers(zaak), staf)))
    assert aantallen(client.get("/werk/lijst/"))["Declaraties"] == 1


def test_wie_is_uitgenodigd_staat_niet_bij_te_besluiten(staf: Staf) -> None:
    zaken = na_stap_1(twee_rondes(), staf, 90, 80, 60)
    assert [zaak.status for zaak in zaken] == [Status.GESELECTEERD, Status.GESELECTEERD, Status.NIET_GESELECTEERD]
    pagina = als(staf.behandelaar).get("/werk/lijst/?status=te-besluiten")
    assert [rij.aanvraag for rij in pagina.context["rijen"]] == [zaken[2]]
    assert aantallen(pagina)["Te besluiten"] == 1
    gekozen = als(staf.behandelaar).get("/werk/lijst/?status=geselecteerd")
    assert tekst(gekozen).count("Aanvrager ziet: Uitgenodigd voor de tweede stap") == 2
