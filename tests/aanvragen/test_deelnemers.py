"""Groups: members with their own amounts, what counts as aid to whom, and who may send a full proposal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aanvragen.models import Aanvraag
from aanvragen.services.concept import aanvraag_beginnen, velden_bewaren
from aanvragen.services.deelnemers import Deelnemergegevens, deelnemers_bewaren
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.steun import eigen_deel
from aanvragen.services.toetsing import toetsen_vooraf
from kern.fouten import InvoerFout, OvergangFout
from kern.services.overgang import overgang_toepassen
from regeling.models import Plafond, Tijdvak
from tests.factories.ronde import (
    NA,
    TIJDENS,
    Staf,
    besluit_op,
    loting_tot,
    maak_compleet,
    maak_organisatie,
    op_rang,
    open_tijdvak,
    regeling_dict,
)
from uitvoering.enums import Besluitsoort

pytestmark = pytest.mark.django_db


def groepsronde(*, tabellen: dict[str, Any] | None = None, **consortium: Any) -> Tijdvak:
    """A subsidy of half the costs, at most € 1,000 per member."""
    eis = {"min": 2, "max": 3, "bedrag_per_deelnemer": True, **consortium}
    subsidie = {"vorm": "subsidie", "eenheid": "euro", "percentage": 50, "maximum": 1000, "per": "deelnemer"}
    return open_tijdvak(
        tabellen={
            "aanvrager": {"soort": "consortium", "consortium": eis},
            "subsidie": {**subsidie, "staatssteun": "de-minimis", "de_minimis_maximum": 1500},
            **(tabellen or {}),
        }
    )


def concept(tijdvak: Tijdvak) -> Aanvraag:
    aanvraag = aanvraag_beginnen(
        tijdvak=tijdvak, organisatie=maak_organisatie(kvk_nummer="00612345"), actor=None, op=TIJDENS
    )
    gegevens = {
        "contactpersoon": "Contact",
        "contact_email": "contact@proef.example",
        "titel": "Samen",
        "omschrijving": "Wat wij samen doen.",
        "antwoorden": {"de_minimis_eerder": "0.00"},
    }
    return velden_bewaren(aanvraag=aanvraag, stap="project", gegevens=gegevens, actor=None, op=TIJDENS)


def met(aanvraag: Aanvraag, *leden: tuple[str, int]) -> Aanvraag:
    gegevens = [Deelnemergegevens(kvk, f"Bedrijf {kvk}", kosten=Decimal(kosten)) for kvk, kosten in leden]
    return deelnemers_bewaren(aanvraag=aanvraag, deelnemers=gegevens, actor=None, op=TIJDENS)


def test_elke_deelnemer_krijgt_hoogstens_het_maximum_en_samen_is_de_som() -> None:
    aanvraag = met(concept(groepsronde()), ("00612345", 1500), ("00600002", 9000))
    assert [(lid.kosten, lid.bedrag) for lid in aanvraag.deelnemers.all()] == [(1500, 750), (9000, 1000)]
    assert (aanvraag.kosten_totaal, aanvraag.gevraagd_bedrag) == (10_500, 1750)
    aanvraag = met(aanvraag, ("00612345", 500), ("00600003", 500))
    assert list(aanvraag.deelnemers.values_list("kvk_nummer", flat=True)) == ["00612345", "00600003"]
    assert aanvraag.gevraagd_bedrag == 500
    verzonden = aanvraag_indienen(aanvraag=aanvraag, actor=None, op=TIJDENS)
    with pytest.raises(OvergangFout, match="al verstuurd"):
        met(verzonden, ("00612345", 1), ("00600004", 1))


@pytest.mark.parametrize(
    ("leden", "uitleg"),
    [
        (["00612345", "00600002"], "De groep heeft 2 deelnemers."),
        (["00612345"], "Niet goed: er zijn 1 deelnemers; het moeten er minstens 2 en hoogstens 3 zijn."),
        (
            ["00600001", "00600002", "00600003", "00600004"],
            "Niet goed: er zijn 4 deelnemers; het moeten er minstens 2 en hoogstens 3 zijn; "
            "de penvoerder die aanvraagt, staat niet bij de deelnemers.",
        ),
    ],
)
def test_de_samenstelling_van_de_groep(leden: list[str], uitleg: str) -> None:
    aanvraag = met(concept(groepsronde()), *[(kvk, 100) for kvk in leden])
    toets = next(t for t in toetsen_vooraf(aanvraag, TIJDENS) if t.code == "consortium")
    assert (toets.uitleg, toets.uitkomst) == (uitleg, "voldoet" if "Niet" not in uitleg else "voldoet_niet")


def test_een_rol_die_ontbreekt() -> None:
    rollen = [{"code": "school", "naam": "school", "minimum": 2}]
    aanvraag = concept(groepsronde(rollen=rollen))
    gegevens = [
        Deelnemergegevens("00612345", "A", "school", Decimal(1)),
        Deelnemergegevens("00600002", "B", "bakker", Decimal(1)),
    ]
    with pytest.raises(InvoerFout, match="Regel 2: kies als rol school."):
        deelnemers_bewaren(aanvraag=aanvraag, deelnemers=gegevens, actor=None, op=TIJDENS)
    deelnemers_bewaren(aanvraag=aanvraag, deelnemers=gegevens[:1], actor=None, op=TIJDENS)
    toets = next(t for t in toetsen_vooraf(aanvraag, TIJDENS) if t.code == "consortium")
    assert "er is te weinig “school”: 1 van 2" in toets.uitleg


def test_voor_de_minimis_telt_wat_de_aanvrager_zelf_krijgt() -> None:
    """The group asks € 1,750 and the ceiling of aid is € 1,500; the applicant itself gets € 750."""
    aanvraag = met(concept(groepsronde()), ("00612345", 1500), ("00600002", 9000))
    toets = next(t for t in toetsen_vooraf(aanvraag, TIJDENS) if t.code == "de_minimis")
    assert toets.uitleg == "Samen € 750; het maximum is € 1.500."
    assert eigen_deel(aanvraag, Decimal(1750), ["00600002"]) == Decimal(1000)
    assert eigen_deel(aanvraag, Decimal(875), ["00600002", "00612345"]) == Decimal(875)
    assert eigen_deel(aanvraag, Decimal(875), ["00600002"]) == Decimal(500)  # half was granted


def test_zonder_groep_zijn_er_geen_deelnemers() -> None:
    aanvraag = aanvraag_beginnen(tijdvak=open_tijdvak(), organisatie=maak_organisatie(), actor=None, op=TIJDENS)
    with pytest.raises(InvoerFout, match="vraagt men niet als groep aan"):
        met(aanvraag, ("00600001", 1))
    assert eigen_deel(aanvraag, Decimal(10), ["00600001"]) == 10


def test_de_tweede_stap_is_voor_wie_door_de_eerste_kwam(staf: Staf) -> None:
    eerste = open_tijdvak(plafond=1000)
    zaken = [maak_compleet(eerste, staf.behandelaar) for _ in range(2)]
    tweede = Tijdvak.objects.create(
        sleutel=f"{eerste.sleutel}-stap-2",
        specsleutel=eerste.specsleutel,
        naam="Stap 2",
        regelingversie=eerste.regelingversie,
        open_op=eerste.open_op,
        sluit_op=NA,
        methode=eerste.methode,
        status="ontwerp",
        stap=2,
        vorige_stap=eerste,
    )
    Plafond.objects.create(tijdvak=tweede, code="*", naam="Plafond", bedrag=1000)
    loting_tot(eerste, staf)
    winnaar, verliezer = op_rang(eerste)
    assert {winnaar.pk, verliezer.pk} == {zaak.pk for zaak in zaken}
    tweede = overgang_toepassen(tweede, "publiceren", actor=None, op=TIJDENS)
    with pytest.raises(InvoerFout, match="voor aanvragers die door de eerste stap zijn gekomen"):
        aanvraag_beginnen(tijdvak=tweede, organisatie=verliezer.organisatie, actor=None, op=TIJDENS)
    vol = aanvraag_beginnen(tijdvak=tweede, organisatie=winnaar.organisatie, actor=None, op=TIJDENS)
    assert (vol.titel, vol.contact_email) == (winnaar.titel, winnaar.contact_email)


def test_in_de_eerste_stap_wordt_niets_verleend(staf: Staf) -> None:
    ankers = ["een", "twee", "drie", "vier", "vijf"]
    tijdvak = open_tijdvak(plafond=1000)
    zaak = maak_compleet(tijdvak, staf.behandelaar)
    loting_tot(tijdvak, staf)
    inhoud = tijdvak.regelingversie.inhoud
    inhoud["verdeling"] = {**regeling_dict()["verdeling"], **inhoud["verdeling"], "stappen": 2}
    inhoud["criteria"] = [{"code": "a", "naam": "A", "gewicht": "100", "ankers": ankers}]
    type(tijdvak.regelingversie).objects.filter(pk=tijdvak.regelingversie_id).update(inhoud=inhoud)
    with pytest.raises(OvergangFout, match="In deze stap wordt geen subsidie verleend."):
        besluit_op(Aanvraag.objects.get(pk=zaak.pk), Besluitsoort.VERLENING, staf)
