"""Meetings: agenda, quorum, recusals, votes, minutes, and the final score (design 05 part 4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from beoordeling.enums_commissie import Belangsoort, Commissierol, Stand, Vergaderstatus
from beoordeling.models import Belang, Eindscore, Stem, Vergadering
from beoordeling.selectors_commissie import agenda_voor, te_agenderen
from beoordeling.services.belangen import belang_vastleggen
from beoordeling.services.bespreken import aan_commissie_voorleggen
from beoordeling.services.notulen import notulen_document
from beoordeling.services.vergadering import (
    agenda_vullen,
    agendapunt_afsluiten,
    lid_verschonen,
    stem_uitbrengen,
    vergadering_afzeggen,
    vergadering_openen,
    vergadering_plannen,
    vergadering_sluiten,
)
from kern.document import naar_html
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import LogRegel
from tests.factories.commissie import SCOREN, VERGADEREN, commissieronde, maak_lid, scoor, stem, wijs_alles_toe
from tests.factories.ronde import maak_gebruiker, vers

pytestmark = pytest.mark.django_db
VER = ((5, 5, 5, 5), (2, 2, 2, 2))


def geweigerd(obj: object) -> list[tuple[str, str]]:
    keten = f"{obj._meta.model_name}:{obj.pk}"  # type: ignore[attr-defined]
    rijen = LogRegel.objects.filter(keten=keten, handeling__endswith="_geweigerd").order_by("volgnr")
    return [(rij.handeling, rij.gegevens["code"]) for rij in rijen]


def vergaderronde(leden: int = 5, aantal: int = 1):
    """A round whose applications wait for a meeting, and that meeting with its agenda."""
    ronde = commissieronde(aantal, leden)
    wijs_alles_toe(ronde)
    for zaak in ronde.zaken:
        scoor(ronde, zaak, *VER)
        aan_commissie_voorleggen(aanvraag=zaak, reden="Te ver uiteen.", actor=ronde.secretaris.gebruiker, op=SCOREN)
    leiding = ronde.secretaris.gebruiker
    vergadering = vergadering_plannen(
        commissie=ronde.commissie, gepland_op=VERGADEREN, plaats="Utrecht", actor=leiding, op=SCOREN
    )
    punten = agenda_vullen(vergadering=vergadering, aanvragen=ronde.zaken, actor=leiding, op=SCOREN)
    return ronde, vergadering, punten


def open_met(ronde, vergadering: Vergadering, *leden) -> Vergadering:
    return vergadering_openen(
        vergadering=vergadering, aanwezigen=leden, actor=ronde.secretaris.gebruiker, op=VERGADEREN
    )


def stemt(punt, lid, *rij: int) -> Stem:
    return stem_uitbrengen(punt=punt, scores=stem(rij), actor=lid.gebruiker, op=VERGADEREN)


def test_a_whole_meeting() -> None:
    """Five members and a chair vote; one is recused: out of the room, out of the denominator, and in the minutes."""
    ronde, vergadering, (punt, later) = vergaderronde(5, aantal=2)
    zaak, weg = ronde.zaken[0], ronde.leden[0]
    belang_vastleggen(aanvraag=zaak, lid=weg, reden="Familie.", actor=ronde.voorzitter.gebruiker, op=SCOREN)
    open_met(ronde, vergadering, *ronde.leden, ronde.voorzitter, ronde.secretaris)
    verschoning = punt.verschoningen.get()
    assert (verschoning.lid, later.verschoningen.count()) == (weg, 0)
    keten = LogRegel.objects.filter(keten=f"aanvraag:{zaak.pk}", handeling="verschoning")
    assert keten.get().gegevens == {"lid": str(weg), "vergadering": 1}
    assert [p.pk for p in agenda_voor(vergadering, weg.gebruiker)] == [later.pk]
    with pytest.raises(RechtenFout) as fout:
        stemt(punt, weg, 5, 5, 5, 5)
    assert fout.value.code == "belang"
    for lid, rij in zip(ronde.leden[1:], [(4, 4, 4, 4), (4, 4, 4, 3), (3, 3, 3, 3), (5, 4, 4, 4)], strict=True):
        stemt(punt, lid, *rij)
    with pytest.raises(OvergangFout) as stil:
        agendapunt_afsluiten(punt=punt, verslag="Besproken.", actor=ronde.voorzitter.gebruiker, op=VERGADEREN)
    assert stil.value.code == "stemmen-ontbreken"
    stemt(punt, ronde.voorzitter, 4, 4, 4, 4)
    punt = agendapunt_afsluiten(
        punt=punt, verslag="De begroting overtuigt.", actor=ronde.voorzitter.gebruiker, op=VERGADEREN
    )
    assert punt.quorum == {"stemgerechtigd": 6, "verschoond": 1, "nodig": 3, "gestemd": 5}
    eindscore = Eindscore.objects.get(aanvraag=zaak)
    assert (eindscore.totaal, eindscore.bron) == (Decimal("75.00"), "commissie")  # 50, 71.25, 75, 75, 85
    assert vers(zaak).beoordelingsstand.status == Stand.SCORE_VAST
    with pytest.raises(OvergangFout):
        stemt(punt, ronde.leden[1], 1, 1, 1, 1)
    vergadering = vergadering_sluiten(vergadering=vergadering, actor=ronde.secretaris.gebruiker, op=VERGADEREN)
    assert vergadering.status == Vergaderstatus.GESLOTEN
    with vergadering.notulen_html.inhoud.open("rb") as bestand:
        html = bestand.read().decode()
    for tekst in (
        zaak.kenmerk,
        f"{weg}: Zelf gemeld",
        "De begroting overtuigt.",
        "middelste stem: 75,00",
        "5 leden stemden",
    ):
        assert tekst in html
    assert "Dit punt is niet behandeld." in html
    with vergadering.notulen_pdf.inhoud.open("rb") as bestand:
        assert bestand.read(5) == b"%PDF-"
    assert [z.pk for z in te_agenderen(ronde.commissie)] == [ronde.zaken[1].pk]  # back on the pile


def test_minutes_for_somebody_with_an_interest_leave_that_item_out() -> None:
    ronde, vergadering, (een, ander) = vergaderronde(5, aantal=2)
    open_met(ronde, vergadering, *ronde.leden)
    alles = naar_html(notulen_document(vers(vergadering), op=VERGADEREN))
    deel = naar_html(notulen_document(vers(vergadering), op=VERGADEREN, alleen={ander.aanvraag_id}))
    assert een.aanvraag.kenmerk in alles
    assert (een.aanvraag.kenmerk in deel, ander.aanvraag.kenmerk in deel) == (False, True)


@pytest.mark.parametrize(
    ("aanwezig", "weg", "genoeg"), [(4, 0, True), (3, 0, False), (3, 1, True), (3, 2, True), (2, 3, False)]
)
def test_the_quorum_counts_who_is_left(aanwezig: int, weg: int, genoeg: bool) -> None:
    """Six voters (five members and the chair); ``weg`` of the absent ones are recused."""
    ronde, vergadering, (punt,) = vergaderronde(5)
    stemmers = [*ronde.leden, ronde.voorzitter]
    for lid in stemmers[aanwezig : aanwezig + weg]:
        belang_vastleggen(aanvraag=punt.aanvraag, lid=lid, reden="Oud-collega.", actor=None, op=SCOREN)
    open_met(ronde, vergadering, *stemmers[:aanwezig])
    for lid in stemmers[:aanwezig]:
        stemt(punt, lid, 3, 3, 3, 3)

    def sluit() -> None:
        agendapunt_afsluiten(punt=punt, verslag="Besproken.", actor=ronde.secretaris.gebruiker, op=VERGADEREN)

    if genoeg:
        sluit()
        assert Eindscore.objects.get().totaal == Decimal("50.00")
    else:
        with pytest.raises(OvergangFout) as fout:
            sluit()
        assert fout.value.code == "geen-quorum"
        assert "Het quorum is niet gehaald" in str(fout.value)
        assert geweigerd(vergadering) == [("agendapunt_afsluiten_geweigerd", "geen-quorum")]
        assert not Eindscore.objects.exists()


def test_who_votes_and_what_a_vote_is() -> None:
    ronde, vergadering, (punt,) = vergaderronde(5)
    with pytest.raises(OvergangFout):  # not opened yet
        stemt(punt, ronde.leden[0], 3, 3, 3, 3)
    open_met(ronde, vergadering, *ronde.leden[:4], ronde.secretaris)
    for wie, code in [
        (ronde.leden[4].gebruiker, "geen-recht"),  # not there
        (ronde.secretaris.gebruiker, "geen-recht"),  # has no vote
        (maak_gebruiker(Rol.BEOORDELAAR), "geen-recht"),
    ]:
        with pytest.raises(RechtenFout) as fout:
            stem_uitbrengen(punt=punt, scores=stem((3, 3, 3, 3)), actor=wie, op=VERGADEREN)
        assert fout.value.code == code
    for scores, code in [({"aanpak": "3"}, "score-ontbreekt"), (stem((6, 3, 3, 3)), "score-buiten-schaal")]:
        with pytest.raises(InvoerFout) as onjuist:
            stem_uitbrengen(punt=punt, scores=scores, actor=ronde.leden[0].gebruiker, op=VERGADEREN)
        assert onjuist.value.code == code
    assert [code for _h, code in geweigerd(vergadering)][-2:] == ["score-ontbreekt", "score-buiten-schaal"]
    stemt(punt, ronde.leden[0], 3, 3, 3, 3)
    stemt(punt, ronde.leden[0], 4, 4, 4, 4)  # changed before closing
    assert [rij.totaal for rij in Stem.objects.all()] == [Decimal("75.00")]


def test_leaving_the_room_undoes_a_vote() -> None:
    ronde, vergadering, (punt,) = vergaderronde(5)
    open_met(ronde, vergadering, *ronde.leden)
    stemt(punt, ronde.leden[0], 5, 5, 5, 5)
    with pytest.raises(RechtenFout):
        lid_verschonen(
            punt=punt, lid=ronde.leden[0], reden="Ken ze goed.", actor=ronde.leden[1].gebruiker, op=VERGADEREN
        )
    lid_verschonen(punt=punt, lid=ronde.leden[0], reden="Ken ze goed.", actor=ronde.leden[0].gebruiker, op=VERGADEREN)
    assert not Stem.objects.exists()
    with pytest.raises(RechtenFout) as fout:
        stemt(punt, ronde.leden[0], 5, 5, 5, 5)
    assert fout.value.code == "verschoond"


def test_the_agenda_takes_only_what_waits_and_looks_for_interests() -> None:
    ronde, vergadering, _punten = vergaderronde(5)
    leiding = ronde.secretaris.gebruiker
    with pytest.raises(InvoerFout):  # on this agenda already
        agenda_vullen(vergadering=vergadering, aanvragen=ronde.zaken, actor=leiding, op=SCOREN)
    with pytest.raises(InvoerFout):
        agenda_vullen(vergadering=vergadering, aanvragen=[], actor=leiding, op=SCOREN)
    with pytest.raises(RechtenFout):
        agenda_vullen(vergadering=vergadering, aanvragen=ronde.zaken, actor=ronde.leden[0].gebruiker, op=SCOREN)
    vergadering_afzeggen(vergadering=vergadering, reden="Te weinig leden.", actor=leiding, op=SCOREN)
    collega = maak_lid(ronde.commissie, Commissierol.VOORZITTER, kvk_nummer=ronde.zaken[0].organisatie.kvk_nummer)
    nieuw = vergadering_plannen(
        commissie=ronde.commissie, gepland_op=VERGADEREN, plaats="Utrecht", actor=leiding, op=SCOREN
    )
    agenda_vullen(vergadering=nieuw, aanvragen=ronde.zaken, actor=leiding, op=SCOREN)
    assert (nieuw.nummer, Belang.objects.get().soort) == (2, Belangsoort.WERKGEVER)
    assert not agenda_voor(nieuw, collega.gebruiker).exists()


def test_only_members_are_there() -> None:
    ronde, vergadering, _punten = vergaderronde(5)
    vreemd = commissieronde(1, 2).leden[0]
    for leden in ([vreemd], []):
        with pytest.raises(InvoerFout):
            open_met(ronde, vergadering, *leden)
    assert [naam for naam, _code in geweigerd(vergadering)] == ["openen_geweigerd"] * 2
