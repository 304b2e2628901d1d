"""Vouchers that rest on a reference that turned out not to be confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aanvragen.models import Aanvraag, Postbusbericht
from api.selectors import voucher_controleren
from beoordeling.services.referentie_controle import (
    Terugbelgegevens,
    adviseur_horen,
    niet_bevestigen_voorstellen,
    referentie_in_controle_nemen,
    terugbellen_vastleggen,
)
from kern.fouten import OvergangFout, RechtenFout
from tests.factories.referenties import bevestigd, met_referenties, referentietijdvak
from tests.factories.ronde import (
    BESLUIT,
    EINDE,
    NA,
    Staf,
    besluit_op,
    compleet_verklaren,
    eis_grootboek_klopt,
    gedeclareerd,
    in_behandeling_nemen,
    loting_tot,
    maak_adviseur,
    opgedragen,
    verleen,
    vers,
)
from uitvoering.enums import Besluitsoort
from uitvoering.models import Voucheraanhouding
from uitvoering.services.aanhouding import (
    aangehouden_voucher_intrekken,
    aanhouding_opheffen,
    referentie_afwijzen,
    vouchers_aanhouden,
)
from uitvoering.services.declaratie import declaratie_beoordelen, declaratie_in_controle, kostenregel_beoordelen
from uitvoering.services.voucher import voucher_opdragen

pytestmark = pytest.mark.django_db
LATER = BESLUIT + timedelta(days=2)


def geselecteerd(staf: Staf, *, met_bevestiging: bool = True) -> Aanvraag:
    aanvraag = met_referenties(referentietijdvak())
    if met_bevestiging:
        aanvraag = bevestigd(aanvraag)
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    aanvraag = compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    loting_tot(aanvraag.tijdvak, staf)
    return vers(aanvraag)


def met_voucher(staf: Staf) -> Aanvraag:
    return vers(verleen(geselecteerd(staf), staf))


def afgewezen(aanvraag: Aanvraag, staf: Staf, op: Any = LATER) -> Aanvraag:
    """New facts about the first reference: not confirmed after all."""
    referentie = aanvraag.referenties.order_by("pk")[0]
    referentie = referentie_in_controle_nemen(referentie=referentie, reden="Een tip.", actor=staf.behandelaar, op=op)
    gesprek = Terugbelgegevens("030 7654321", "Website", "Mevrouw Berg", "ontkent", "Kent hem niet.")
    terugbellen_vastleggen(referentie=referentie, gegevens=gesprek, actor=staf.behandelaar, op=op)
    adviseur_horen(referentie=referentie, verslag="Hij zegt van wel.", actor=staf.behandelaar, op=op)
    niet_bevestigen_voorstellen(referentie=referentie, reden="Niet waar.", actor=staf.behandelaar, op=op)
    referentie_afwijzen(referentie=referentie, akkoord=True, reden="Mee eens.", actor=staf.behandelaar2, op=op)
    return vers(aanvraag)


def stand(aanvraag: Aanvraag) -> str:
    return voucher_controleren(vers(aanvraag).voucher.code, LATER.date()).status


def test_zonder_bevestigde_referenties_geen_verlening(staf: Staf) -> None:
    aanvraag = geselecteerd(staf, met_bevestiging=False)
    with pytest.raises(OvergangFout) as fout:
        besluit_op(aanvraag, Besluitsoort.VERLENING, staf, tot="voorstellen")
    assert fout.value.code == "toetsen-open"


def test_volledigheid_wacht_als_de_regeling_dat_wil(staf: Staf) -> None:
    aanvraag = met_referenties(referentietijdvak(toets_voor="volledigheid"))
    aanvraag = in_behandeling_nemen(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    with pytest.raises(OvergangFout) as fout:
        compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=NA)
    assert fout.value.code == "toetsen-open"
    aanvraag = bevestigd(vers(aanvraag))
    assert compleet_verklaren(aanvraag=aanvraag, actor=staf.behandelaar, op=NA).status == "compleet"


def test_een_referentie_die_valt_houdt_de_voucher_aan(staf: Staf) -> None:
    aanvraag = met_voucher(staf)
    assert stand(aanvraag) == "geldig"
    afgewezen(aanvraag, staf)
    aanhouding = Voucheraanhouding.objects.get()
    assert (aanhouding.voucher, aanhouding.aangehouden_op) == (aanvraag.voucher, LATER)
    assert stand(aanvraag) == "aangehouden"
    with pytest.raises(OvergangFout) as fout:
        voucher_opdragen(voucher=aanvraag.voucher, adviseur=maak_adviseur(), actor=None, op=LATER)
    assert fout.value.code == "voucher-aangehouden"
    assert Postbusbericht.objects.filter(onderwerp__startswith="U kunt uw voucher voorlopig niet").count() == 1
    assert vouchers_aanhouden(op=LATER) == 0  # the worker comes by: nothing new


def test_een_declaratie_wordt_niet_goedgekeurd(staf: Staf) -> None:
    aanvraag = opgedragen(met_voucher(staf))
    declaratie = declaratie_in_controle(declaratie=gedeclareerd(aanvraag), actor=staf.behandelaar, op=EINDE)
    afgewezen(vers(aanvraag), staf, EINDE)
    for regel in declaratie.regels.all():
        kostenregel_beoordelen(regel=regel, goedgekeurd=regel.bedrag, oordeel="", actor=staf.behandelaar, op=EINDE)
    with pytest.raises(OvergangFout) as fout:
        declaratie_beoordelen(declaratie=declaratie, actor=staf.behandelaar, op=EINDE)
    assert fout.value.code == "voucher-aangehouden"


def test_opheffen_laat_de_voucher_weer_gebruiken_en_blijft_zo(staf: Staf) -> None:
    aanvraag = afgewezen(met_voucher(staf), staf)
    with pytest.raises(RechtenFout):
        aanhouding_opheffen(aanvraag=aanvraag, reden="Mag.", actor=staf.financieel, op=LATER)
    aanhouding_opheffen(aanvraag=aanvraag, reden="Er zijn genoeg andere klanten.", actor=staf.behandelaar, op=LATER)
    assert (vouchers_aanhouden(op=LATER), stand(aanvraag)) == (0, "geldig")
    assert (
        voucher_opdragen(voucher=vers(aanvraag).voucher, adviseur=maak_adviseur(), actor=None, op=LATER).status
        == "opgedragen"
    )
    with pytest.raises(OvergangFout):
        aanhouding_opheffen(aanvraag=vers(aanvraag), reden="Nog eens.", actor=staf.behandelaar, op=LATER)


def test_intrekken_door_een_beslisser_die_de_zaak_niet_behandelt(staf: Staf) -> None:
    aanvraag = afgewezen(met_voucher(staf), staf)
    with pytest.raises(RechtenFout):
        aangehouden_voucher_intrekken(aanvraag=aanvraag, reden="Niet waar.", actor=staf.behandelaar, op=LATER)
    aangehouden_voucher_intrekken(aanvraag=aanvraag, reden="Onjuiste gegevens.", actor=staf.beslisser, op=LATER)
    aanvraag = vers(aanvraag)
    assert (aanvraag.status, aanvraag.voucher.status) == ("besluit_ingetrokken", "ingetrokken")
    assert "Onjuiste gegevens." in Postbusbericht.objects.get(onderwerp__startswith="Uw voucher is ingetrokken").tekst
    eis_grootboek_klopt(aanvraag.tijdvak)


def test_een_voucher_zonder_aanhouding_is_zo_niet_in_te_trekken(staf: Staf) -> None:
    with pytest.raises(OvergangFout):
        aangehouden_voucher_intrekken(aanvraag=met_voucher(staf), reden="Zomaar.", actor=staf.beslisser, op=LATER)


def test_wat_voor_het_besluit_al_viel_houdt_niets_aan(staf: Staf) -> None:
    """Somebody judged the check with that knowledge, before the voucher was issued."""
    aanvraag = afgewezen(met_voucher(staf), staf, BESLUIT - timedelta(days=1))
    assert not Voucheraanhouding.objects.filter(voucher=aanvraag.voucher).exists()
