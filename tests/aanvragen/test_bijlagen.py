"""How many attachments, in which order, what replaces what, and a virus that is found late."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from aanvragen.inhoud import rubrieken
from aanvragen.models import Aanvraag, Bijlage, Postbusbericht
from aanvragen.services import bijlagen
from aanvragen.services.bijlagen import besmette_bijlagen_afhandelen, eis_ruimte
from aanvragen.services.conceptbijlage import bijlage_toevoegen, bijlage_verplaatsen, bijlage_verwijderen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.nasturen import Upload, bijlage_vastleggen, upload_keuren
from kern.enums import Scanuitslag
from kern.fouten import InvoerFout
from kern.models import Bestand, LogRegel
from tests.factories.ronde import NA, TIJDENS, maak_concept, maak_staf, open_tijdvak, pdf

pytestmark = pytest.mark.django_db
TABELLEN = {
    "bijlagen": [
        {"code": "plan", "naam": "Plan", "aantal_maximum": 3, "verplicht": False},
        {"code": "een", "naam": "Eén bestand", "aantal_maximum": 1, "verplicht": False},
        {"code": "vrij", "naam": "Vrij", "verplicht": False},
    ]
}


@pytest.fixture
def aanvraag() -> Aanvraag:
    return maak_concept(open_tijdvak(tabellen=TABELLEN))


def erbij(aanvraag: Aanvraag, naam: str, code: str = "plan", **opties: Any) -> Bijlage:
    return bijlage_toevoegen(aanvraag=aanvraag, code=code, naam=naam, inhoud=pdf(), actor=None, op=TIJDENS, **opties)


def namen(aanvraag: Aanvraag, code: str = "plan") -> list[str]:
    return [b.bestand.naam for b in aanvraag.bijlagen.filter(code=code, verwijderd_op=None)]


def test_zonder_sleutel_mogen_er_vijf(aanvraag: Aanvraag) -> None:
    assert [spec.aantal_maximum for spec in aanvraag.tijdvak.spec.bijlagen] == [3, 1, 5]


def test_toevoegen_tot_het_maximum(aanvraag: Aanvraag) -> None:
    for naam in ("a.pdf", "b.pdf", "c.pdf"):
        erbij(aanvraag, naam)
    with pytest.raises(InvoerFout) as fout:
        erbij(aanvraag, "d.pdf")
    assert (fout.value.code, fout.value.veld) == ("te-veel-bestanden", "plan")
    assert (namen(aanvraag), Bestand.objects.count()) == (["a.pdf", "b.pdf", "c.pdf"], 3)
    erbij(aanvraag, "x.pdf", "een")
    erbij(aanvraag, "y.pdf", "een")  # one file: the new one takes the place of the old
    assert (namen(aanvraag, "een"), aanvraag.bijlagen.filter(code="een").count()) == (["y.pdf"], 2)


def test_vervangen_houdt_de_plek(aanvraag: Aanvraag) -> None:
    a, _b, _c = erbij(aanvraag, "a.pdf"), erbij(aanvraag, "b.pdf"), erbij(aanvraag, "c.pdf")
    erbij(aanvraag, "nieuw.pdf", vervangt=a)  # also when there is no room for one more
    assert namen(aanvraag) == ["nieuw.pdf", "b.pdf", "c.pdf"]
    a.refresh_from_db()
    assert a.verwijderd_op == TIJDENS


def test_volgorde(aanvraag: Aanvraag) -> None:
    a, b, c = (erbij(aanvraag, f"{letter}.pdf") for letter in "abc")
    erbij(aanvraag, "los.pdf", "vrij")
    stappen = [(c, True, "acb"), (c, True, "cab"), (c, True, "cab"), (b, False, "cab"), (a, False, "cba")]
    for bijlage, omhoog, verwacht in stappen:
        bijlage_verplaatsen(bijlage=bijlage, omhoog=omhoog, actor=None, op=TIJDENS)
        assert "".join(naam[0] for naam in namen(aanvraag)) == verwacht
    bijlage_verwijderen(bijlage=b, actor=None, op=TIJDENS)
    erbij(aanvraag, "d.pdf")
    assert "".join(naam[0] for naam in namen(aanvraag)) == "cad"
    deel = next(deel for deel in rubrieken(aanvraag) if deel.stap == "bijlagen")
    assert [regel.split()[0] for regel in dict(deel.regels)["Plan"].splitlines()] == ["c.pdf", "a.pdf", "d.pdf"]


@pytest.mark.parametrize(
    ("grens", "waarde", "code"),
    [
        ("MAXIMUM_BESTANDEN", 2, "te-veel-bestanden"),
        ("MAXIMUM_MB", 0, "bestanden-samen-te-groot"),
        ("MAXIMUM_OOIT_MB", 0, "bestanden-samen-te-groot"),
    ],
)
def test_grenzen_over_de_hele_aanvraag(
    aanvraag: Aanvraag, monkeypatch: pytest.MonkeyPatch, grens: str, waarde: int, code: str
) -> None:
    erbij(aanvraag, "a.pdf")
    erbij(aanvraag, "b.pdf", "vrij")
    spec = aanvraag.tijdvak.spec.bijlagen[0]
    eis_ruimte(aanvraag, spec, 1000)
    monkeypatch.setattr(bijlagen, grens, waarde)
    with pytest.raises(InvoerFout) as fout:
        eis_ruimte(aanvraag, spec, 1000)
    assert fout.value.code == code


def test_nasturen_vervangt_wat_er_van_die_soort_was(aanvraag: Aanvraag) -> None:
    """All files of the kind that came before; those that come together stay together."""
    staf = maak_staf()
    erbij(aanvraag, "oud1.pdf")
    erbij(aanvraag, "oud2.pdf")
    erbij(aanvraag, "blijft.pdf", "vrij")
    aanvraag = aanvraag_indienen(aanvraag=aanvraag, actor=None, op=TIJDENS)
    with pytest.raises(InvoerFout) as fout:
        upload_keuren(aanvraag=aanvraag, upload=Upload("plan", "x.pdf", b"x"), bij="aanvraag")
    assert (fout.value.veld, namen(aanvraag)) == ("plan", ["oud1.pdf", "oud2.pdf"])
    gekeurd = [
        upload_keuren(aanvraag=aanvraag, upload=Upload("plan", naam, pdf()), bij="aanvraag")
        for naam in ("nieuw1.pdf", "nieuw2.pdf")
    ]
    with transaction.atomic():
        for upload in gekeurd:
            bijlage_vastleggen(aanvraag=aanvraag, gekeurd=upload, actor=staf.financieel, op=NA)
    assert (namen(aanvraag), namen(aanvraag, "vrij")) == (["nieuw1.pdf", "nieuw2.pdf"], ["blijft.pdf"])


def test_een_laat_gevonden_virus(aanvraag: Aanvraag) -> None:
    """Out of a draft, so that it counts as missing; for a sent application a message, once."""
    goed, kwaad = erbij(aanvraag, "goed.pdf"), erbij(aanvraag, "kwaad.pdf")
    assert besmette_bijlagen_afhandelen(op=NA) == 0
    Bestand.objects.filter(pk=kwaad.bestand_id).update(scan=Scanuitslag.BESMET)
    assert (besmette_bijlagen_afhandelen(op=TIJDENS), besmette_bijlagen_afhandelen(op=TIJDENS)) == (1, 0)
    assert namen(aanvraag) == ["goed.pdf"]
    aanvraag = aanvraag_indienen(aanvraag=Aanvraag.objects.get(pk=aanvraag.pk), actor=None, op=TIJDENS)
    Bestand.objects.filter(pk=goed.bestand_id).update(scan=Scanuitslag.BESMET)
    assert (besmette_bijlagen_afhandelen(op=NA), besmette_bijlagen_afhandelen(op=NA)) == (1, 0)
    bericht = Postbusbericht.objects.exclude(sleutel__startswith="ontvangst-").get(aanvraag=aanvraag)
    assert ("goed.pdf" in bericht.tekst, aanvraag.kenmerk in bericht.tekst) == (True, True)
    assert namen(aanvraag) == ["goed.pdf"]  # what was sent stays on record
    assert LogRegel.objects.filter(handeling="bijlage_besmet").count() == 2
