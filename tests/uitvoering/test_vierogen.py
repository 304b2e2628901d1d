"""Four eyes over a whole case: who judged does not sign, and who prepared or signed does not pay."""

from __future__ import annotations

import pytest

from aanvragen.enums import Toetsuitkomst
from aanvragen.models import Aanvraag
from aanvragen.services.toetsing import toets_beoordelen
from kern.enums import Rol
from kern.fouten import RechtenFout
from kern.models import Gebruiker
from kern.services.gebruikers import rol_intrekken, rol_toekennen
from tests.factories.portaal_medewerker import als, op_moment, tekst
from tests.factories.ronde import (
    BESLUIT,
    EINDE,
    Staf,
    besluit_op,
    gedeclareerd,
    geloot,
    maak_gebruiker,
    maak_staf,
    opgedragen,
    verleen,
    vers,
)
from uitvoering.enums import Besluitsoort
from uitvoering.models import Besluit, Declaratie
from uitvoering.services.besluit import besluit_ondertekenen, besluit_terugnemen, besluit_voorstellen
from uitvoering.services.betaling import betaling_accorderen, betaling_klaarzetten, betaling_weigeren
from uitvoering.services.declaratie import declaratie_beoordelen, declaratie_in_controle, kostenregel_beoordelen
from uitvoering.services.vaststelling import vaststelling_verzenden, vaststelling_voorstellen

pytestmark = pytest.mark.django_db


@pytest.fixture
def staf() -> Staf:
    return maak_staf()


@pytest.fixture
def gekozen(staf: Staf) -> Aanvraag:
    return geloot(1, staf)[1][0]


@pytest.fixture
def dubbel() -> Gebruiker:
    """An officer who may sign as well."""
    return maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)


@pytest.fixture
def declaratie(staf: Staf, gekozen: Aanvraag) -> Declaratie:
    declaratie = gedeclareerd(opgedragen(verleen(gekozen, staf)))
    return declaratie_in_controle(declaratie=declaratie, actor=staf.behandelaar, op=EINDE)


def tekent_niet(besluit: Besluit, actor: Gebruiker) -> None:
    with pytest.raises(RechtenFout, match="een toets beoordeelde of de declaratie controleerde") as fout:
        besluit_ondertekenen(besluit=vers(besluit), actor=actor, op=EINDE)
    assert (fout.value.code, vers(besluit).status) == ("vier-ogen", "voorgesteld")


def beoordeel_regels(declaratie: Declaratie, actor: Gebruiker) -> None:
    for regel in declaratie.regels.all():
        kostenregel_beoordelen(regel=regel, goedgekeurd=regel.bedrag, oordeel="", actor=actor, op=EINDE)


@pytest.mark.parametrize("handeling", ["regels", "afronden"])
def test_wie_de_declaratie_controleert_ondertekent_de_vaststelling_niet(
    staf: Staf, gekozen: Aanvraag, declaratie: Declaratie, dubbel: Gebruiker, handeling: str
) -> None:
    """One of the two acts is enough; who did neither signs."""
    beoordeel_regels(declaratie, dubbel if handeling == "regels" else staf.behandelaar)
    wie = dubbel if handeling == "afronden" else staf.behandelaar
    declaratie_beoordelen(declaratie=vers(declaratie), actor=wie, op=EINDE)
    besluit = vaststelling_voorstellen(aanvraag=vers(gekozen), motivering="", actor=staf.behandelaar, op=EINDE)
    tekent_niet(besluit, dubbel)
    ander = maak_gebruiker(Rol.BEHANDELAAR, Rol.BESLISSER)
    assert besluit_ondertekenen(besluit=besluit, actor=ander, op=EINDE).status == "ondertekend"


def test_wie_een_toets_beoordeelt_ondertekent_de_verlening_niet(
    staf: Staf, gekozen: Aanvraag, dubbel: Gebruiker
) -> None:
    toets = gekozen.toetsen.first()
    toets_beoordelen(toets=toets, oordeel=Toetsuitkomst.VOLDOET, reden="Gezien.", actor=dubbel, op=BESLUIT)
    besluit = besluit_op(vers(gekozen), Besluitsoort.VERLENING, staf, tot="voorstellen")
    tekent_niet(besluit, dubbel)
    assert besluit_ondertekenen(besluit=besluit, actor=staf.beslisser, op=BESLUIT).status == "ondertekend"


def test_wie_eerder_voorstelde_ondertekent_het_nieuwe_voorstel_niet(
    staf: Staf, gekozen: Aanvraag, dubbel: Gebruiker
) -> None:
    velden = {"aanvraag": gekozen, "soort": Besluitsoort.VERLENING, "op": BESLUIT}
    besluit = besluit_voorstellen(**velden, motivering="Voldoet.", actor=dubbel)
    besluit_terugnemen(besluit=besluit, reden="Anders.", actor=staf.beslisser, op=BESLUIT)
    besluit = besluit_voorstellen(**velden, motivering="Voldoet nu.", actor=staf.behandelaar)
    assert besluit.voorgesteld_door == staf.behandelaar
    tekent_niet(besluit, dubbel)


def test_de_schermen_zeggen_waarom_en_bieden_het_niet_aan(
    staf: Staf, gekozen: Aanvraag, declaratie: Declaratie, dubbel: Gebruiker
) -> None:
    beoordeel_regels(declaratie, dubbel)
    declaratie_beoordelen(declaratie=vers(declaratie), actor=dubbel, op=EINDE)
    besluit = vaststelling_voorstellen(aanvraag=vers(gekozen), motivering="", actor=staf.behandelaar, op=EINDE)
    reden = "U hebt deze zaak eerder behandeld of beoordeeld. Een andere beslisser moet het besluit ondertekenen."
    with op_moment(EINDE):
        client = als(dubbel)
        lijst = client.get("/werk/besluiten/")
        assert [bezwaar for _, bezwaar in lijst.context["rijen"]] == [reden]
        scherm = client.get(f"/werk/besluiten/{besluit.pk}/")
        assert reden in tekst(scherm)
        assert f"{besluit.pk}/ondertekenen/" not in scherm.content.decode()
        vooraf = client.post("/werk/besluiten/bulk/", {"handeling": "ondertekenen", "gekozen": [str(besluit.pk)]})
        assert [regel.bezwaar for regel, _ in vooraf.context["regels"]] == [reden]
        client.post(f"/werk/besluiten/{besluit.pk}/ondertekenen/", {"gezien": scherm.context["gezien"]})
        assert vers(besluit).status == "voorgesteld"
        anders = als(staf.beslisser).get(f"/werk/besluiten/{besluit.pk}/")
    assert anders.context["vier_ogen"] == ""


# --- Payment ----------------------------------------------------------------------------------------------------


def nu_financieel(gebruiker: Gebruiker) -> Gebruiker:
    """The person gives up every role and pays from now on."""
    for rol in list(gebruiker.rollen):
        rol_intrekken(gebruiker=gebruiker, rol=rol, op=EINDE, actor=None)
    rol_toekennen(gebruiker=gebruiker, rol=Rol.FINANCIEEL, op=EINDE, actor=None)
    return Gebruiker.objects.get(pk=gebruiker.pk)


@pytest.mark.parametrize("deel", ["controleerde", "stelde voor", "ondertekende", "verzond"])
def test_wie_eerder_een_deel_deed_accordeert_de_betaling_niet(
    staf: Staf, gekozen: Aanvraag, declaratie: Declaratie, deel: str
) -> None:
    """Another role now does not wash away what the person did; the sender is not who put it ready the second time."""
    personen = {naam: maak_gebruiker(Rol.BEHANDELAAR) for naam in ("controleerde", "stelde voor", "verzond")}
    personen["ondertekende"] = maak_gebruiker(Rol.BESLISSER)
    beoordeel_regels(declaratie, personen["controleerde"])
    declaratie_beoordelen(declaratie=vers(declaratie), actor=personen["controleerde"], op=EINDE)
    zaak = vers(gekozen)
    besluit = vaststelling_voorstellen(aanvraag=zaak, motivering="", actor=personen["stelde voor"], op=EINDE)
    besluit = besluit_ondertekenen(besluit=besluit, actor=personen["ondertekende"], op=EINDE)
    vaststelling_verzenden(besluit=besluit, actor=personen["verzond"], op=EINDE)
    betaling = zaak.betalingen.get()
    betaling = betaling_accorderen(betaling=betaling, actor=staf.financieel, op=EINDE)
    betaling_weigeren(betaling=betaling, reden="Rekening onbekend", actor=staf.financieel, op=EINDE)
    betaling = betaling_klaarzetten(aanvraag=vers(zaak), bedrag=betaling.bedrag, actor=staf.financieel, op=EINDE)
    wie = nu_financieel(personen[deel])
    with pytest.raises(RechtenFout, match="accordeert de betaling niet") as fout:
        betaling_accorderen(betaling=betaling, actor=wie, op=EINDE)
    assert (fout.value.code, vers(betaling).status) == ("vier-ogen", "klaargezet")
    with op_moment(EINDE):
        client = als(wie)
        reden = "U had eerder een deel van deze zaak in handen. Een collega moet de betaling accorderen."
        assert [bezwaar for _, bezwaar in client.get("/werk/betalingen/").context["rijen"]] == [reden]
        keuze = {"handeling": "accorderen", "gekozen": [str(betaling.pk)]}
        vooraf = client.post("/werk/betalingen/bulk/", keuze)
        assert [regel.bezwaar for regel, _ in vooraf.context["regels"]] == [reden]
        client.post("/werk/betalingen/bulk/", {**keuze, "bevestigd": "ja"})
    assert vers(betaling).status == "klaargezet"
    collega = maak_gebruiker(Rol.FINANCIEEL)
    assert betaling_accorderen(betaling=betaling, actor=collega, op=EINDE).status == "geaccordeerd"
