"""The checker's acts: phone back, hear, propose, agree by a second person, confirm, lift."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aanvragen.enums import Referentiestatus, Toetsuitkomst
from aanvragen.models import Postbusbericht, Referentie
from beoordeling.models import Referentiecontrole
from beoordeling.services.referentie_controle import (
    Terugbelgegevens,
    adviseur_horen,
    blokkade_opheffen,
    niet_bevestigen_voorstellen,
    ontbreekt_voor_voorstel,
    referentie_bevestigen,
    referentie_in_controle_nemen,
    referentie_intrekken,
    terugbellen_vastleggen,
    voorstel_beoordelen,
)
from kern.enums import Rol
from kern.fouten import DomeinFout, InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.spoor import spoor_controleren
from tests.factories.referenties import (
    UUR,
    beantwoord,
    bevestigd,
    in_controle,
    met_referenties,
    referent,
    referentietijdvak,
    uitgenodigd,
    voorbereid,
    zonder_steekproef,
)
from tests.factories.ronde import TIJDENS, maak_gebruiker, vers

pytestmark = pytest.mark.django_db
S = Referentiestatus
LATER = TIJDENS + timedelta(days=1)
GESPREK = Terugbelgegevens(
    telefoonnummer="030 765 43 21",
    nummer_bron="Website van de organisatie",
    gesproken_met="Mevrouw Berg",
    uitkomst="ontkent",
    verslag="Zij kent de adviseur niet.",
)


@pytest.fixture
def een() -> Gebruiker:
    return maak_gebruiker(Rol.BEHANDELAAR)


@pytest.fixture
def twee() -> Gebruiker:
    return maak_gebruiker(Rol.BEHANDELAAR)


def klaar_voor_voorstel(referentie: Referentie, actor: Gebruiker) -> None:
    terugbellen_vastleggen(referentie=referentie, gegevens=GESPREK, actor=actor, op=LATER)
    adviseur_horen(referentie=referentie, verslag="Hij zegt dat het klopt.", actor=actor, op=LATER)


def afgewezen(referentie: Referentie, een: Gebruiker, twee: Gebruiker) -> Referentie:
    klaar_voor_voorstel(referentie, een)
    niet_bevestigen_voorstellen(referentie=referentie, reden="Ontkend aan de telefoon.", actor=een, op=LATER)
    return voorstel_beoordelen(referentie=referentie, akkoord=True, reden="Mee eens.", actor=twee, op=LATER + UUR)


def test_niet_bevestigen_in_vier_stappen_en_met_twee_mensen(een: Gebruiker, twee: Gebruiker) -> None:
    referentie = in_controle()
    assert ontbreekt_voor_voorstel(referentie) == ["bel de referent terug", "hoor de adviseur"]
    with pytest.raises(OvergangFout) as fout:
        niet_bevestigen_voorstellen(referentie=referentie, reden="Ontkend.", actor=een, op=LATER)
    assert fout.value.code == "controle-niet-compleet"
    terugbellen_vastleggen(referentie=referentie, gegevens=GESPREK, actor=een, op=LATER)
    with pytest.raises(OvergangFout):
        niet_bevestigen_voorstellen(referentie=referentie, reden="Ontkend.", actor=een, op=LATER)
    adviseur_horen(referentie=referentie, verslag="Hij zegt dat het klopt.", actor=een, op=LATER)
    niet_bevestigen_voorstellen(referentie=referentie, reden="Ontkend aan de telefoon.", actor=een, op=LATER)
    assert vers(referentie).status == S.IN_CONTROLE
    with pytest.raises(RechtenFout) as weigering:
        voorstel_beoordelen(referentie=referentie, akkoord=True, reden="Zelf akkoord.", actor=een, op=LATER)
    assert weigering.value.code == "vier-ogen"
    referentie = voorstel_beoordelen(referentie=referentie, akkoord=True, reden="Mee eens.", actor=twee, op=LATER + UUR)
    assert (referentie.status, referentie.beoordeeld_door, referentie.reden) == (
        S.NIET_BEVESTIGD,
        twee,
        "Ontkend aan de telefoon.",
    )
    assert list(Referentiecontrole.objects.values_list("stap", "door")) == [
        ("terugbellen", een.pk),
        ("adviseur_gehoord", een.pk),
        ("voorstel", een.pk),
        ("akkoord", twee.pk),
    ]
    assert "Ontkend aan de telefoon." in Postbusbericht.objects.get(soort="referentie").tekst
    assert vers(referentie.aanvraag).toetsen.get(code="referenties").uitkomst == Toetsuitkomst.VOLDOET_NIET
    assert list(spoor_controleren()) == []


def test_de_tweede_kan_het_oneens_zijn(een: Gebruiker, twee: Gebruiker) -> None:
    referentie = in_controle()
    klaar_voor_voorstel(referentie, een)
    niet_bevestigen_voorstellen(referentie=referentie, reden="Ontkend.", actor=een, op=LATER)
    with pytest.raises(OvergangFout) as fout:
        referentie_bevestigen(referentie=referentie, reden="Toch goed.", actor=twee, op=LATER)
    assert fout.value.code == "voorstel-open"
    with pytest.raises(OvergangFout):
        niet_bevestigen_voorstellen(referentie=referentie, reden="Nog eens.", actor=twee, op=LATER)
    voorstel_beoordelen(referentie=referentie, akkoord=False, reden="Er was een misverstand.", actor=twee, op=LATER)
    referentie = referentie_bevestigen(
        referentie=referentie, reden="Het was een andere vestiging.", actor=twee, op=LATER
    )
    assert (referentie.status, str(referentie.geldig_tot)) == (S.BEVESTIGD, "2028-03-06")
    signaal = referentie.signalen.get()
    assert (signaal.opgeheven_door, signaal.opgeheven_reden) == (twee, "Het was een andere vestiging.")


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"telefoonnummer": "030 1112233"}, "telefoonnummer"),  # given by the applicant for the referee
        ({"telefoonnummer": "+31 6 11112222"}, "telefoonnummer"),  # the adviser's own
        ({"telefoonnummer": "06-33334444"}, "telefoonnummer"),  # the applicant's own
        ({"telefoonnummer": "12"}, "telefoonnummer"),
        ({"nummer_bron": ""}, "nummer_bron"),
        ({"gesproken_met": " "}, "gesproken_met"),
        ({"verslag": "ok"}, "verslag"),
        ({"uitkomst": "misschien"}, "uitkomst"),
    ],
)
def test_terugbellen_op_een_eigen_gevonden_nummer(een: Gebruiker, anders: dict[str, str], veld: str) -> None:
    referentie = in_controle()
    Referentie.objects.filter(pk=referentie.pk).update(telefoon="030-1112233")
    referentie.aanvraag.contact_telefoon = "0633334444"
    referentie.aanvraag.save()
    assert referentie.adviseur is not None
    referentie.adviseur.telefoon = "0611112222"
    referentie.adviseur.save()
    with pytest.raises(InvoerFout) as fout:
        terugbellen_vastleggen(referentie=vers(referentie), gegevens=replace(GESPREK, **anders), actor=een, op=LATER)
    assert fout.value.veld == veld
    assert not Referentiecontrole.objects.exists()


def test_wie_niet_bereikt_is_heeft_geen_naam(een: Gebruiker) -> None:
    referentie = in_controle()
    gesprek = replace(GESPREK, uitkomst="niet_bereikt", gesproken_met="")
    terugbellen_vastleggen(referentie=referentie, gegevens=gesprek, actor=een, op=LATER)
    assert referentie.controles.get().uitkomst == "niet_bereikt"


def test_een_ontkende_referentie_bevestigen_kan_pas_na_terugbellen(een: Gebruiker) -> None:
    referentie = in_controle()
    with pytest.raises(OvergangFout) as fout:
        referentie_bevestigen(referentie=referentie, reden="Lijkt mij goed.", actor=een, op=LATER)
    assert fout.value.code == "eerst-terugbellen"
    terugbellen_vastleggen(referentie=referentie, gegevens=replace(GESPREK, uitkomst="bevestigt"), actor=een, op=LATER)
    assert referentie_bevestigen(referentie=referentie, reden="Teruggebeld.", actor=een, op=LATER).status == S.BEVESTIGD


def test_alleen_een_behandelaar_die_er_niets_mee_te_maken_heeft() -> None:
    referentie = in_controle()
    for rol in (Rol.BESLISSER, Rol.AUDITOR, Rol.NOTARIS):
        with pytest.raises(RechtenFout):
            adviseur_horen(referentie=referentie, verslag="Verslag.", actor=maak_gebruiker(rol), op=LATER)


def test_nieuwe_feiten_na_een_bevestiging(een: Gebruiker, twee: Gebruiker) -> None:
    """The earlier steps do not count again: the referee is phoned anew."""
    zonder = uitgenodigd()
    zonder_steekproef(zonder.aanvraag.tijdvak, 1000)
    referentie = beantwoord(zonder)
    klaar_voor_voorstel(referentie, een)
    referentie = referentie_bevestigen(referentie=referentie, reden="Alles klopt.", actor=een, op=LATER + UUR)
    referentie = referentie_in_controle_nemen(
        referentie=referentie, reden="Een tip van de bank.", actor=een, op=LATER + 2 * UUR
    )
    assert (referentie.status, referentie.geldig_tot) == (S.IN_CONTROLE, None)
    assert ontbreekt_voor_voorstel(referentie) == ["bel de referent terug", "hoor de adviseur"]


def test_wie_op_een_afgewezen_referentie_leunt_komt_ook_in_controle(een: Gebruiker, twee: Gebruiker) -> None:
    tijdvak = referentietijdvak()
    bron = bevestigd(met_referenties(tijdvak)).referenties.order_by("pk")[0]
    geleend = voorbereid(met_referenties(tijdvak), TIJDENS + timedelta(days=1))[0]
    assert (geleend.status, geleend.hergebruik_van) == (S.BEVESTIGD, bron)
    bron = referentie_in_controle_nemen(referentie=bron, reden="Een tip.", actor=een, op=LATER)
    afgewezen(bron, een, twee)
    assert vers(geleend).status == S.IN_CONTROLE
    assert vers(geleend.aanvraag).toetsen.get(code="referenties").uitkomst == Toetsuitkomst.HANDMATIG


def test_een_blokkade_opheffen(een: Gebruiker) -> None:
    fout = voorbereid(met_referenties(referentietijdvak(), referent(1, kvk_nummer="00999999"), referent(2)))[0]
    assert fout.status == S.GEBLOKKEERD
    with pytest.raises(InvoerFout):
        blokkade_opheffen(referentie=fout, reden=" ", actor=een, op=LATER)
    goed = blokkade_opheffen(referentie=fout, reden="Het nummer was verkeerd getypt.", actor=een, op=LATER)
    signaal = goed.signalen.get()
    assert (goed.status, signaal.opgeheven_door, goed.verzoeken.count()) == (S.UITGENODIGD, een, 1)
    with pytest.raises(OvergangFout):
        blokkade_opheffen(referentie=goed, reden="Nog eens.", actor=een, op=LATER)


def test_een_referentie_intrekken_maakt_de_link_dood(een: Gebruiker) -> None:
    referentie = uitgenodigd()
    referentie = referentie_intrekken(referentie=referentie, reden="Op verzoek.", actor=een, op=LATER)
    assert (referentie.status, referentie.verzoeken.get().ingetrokken_op) == (S.INGETROKKEN, LATER)


HANDELINGEN: list[tuple[Any, dict[str, Any]]] = [
    (terugbellen_vastleggen, {"gegevens": GESPREK}),
    (adviseur_horen, {"verslag": "Verslag."}),
    (niet_bevestigen_voorstellen, {"reden": "Daarom."}),
    (voorstel_beoordelen, {"akkoord": True, "reden": "Daarom."}),
    (referentie_bevestigen, {"reden": "Daarom."}),
    (blokkade_opheffen, {"reden": "Daarom."}),
    (referentie_in_controle_nemen, {"reden": "Daarom."}),
]


@pytest.mark.parametrize(("dienst", "velden"), HANDELINGEN, ids=lambda w: getattr(w, "__name__", ""))
def test_buiten_de_juiste_stand_gebeurt_er_niets(een: Gebruiker, dienst: Any, velden: dict[str, Any]) -> None:
    referentie = uitgenodigd()
    with pytest.raises(DomeinFout):
        dienst(referentie=referentie, actor=een, op=LATER, **velden)
    assert (vers(referentie).status, Referentiecontrole.objects.count()) == (S.UITGENODIGD, 0)
