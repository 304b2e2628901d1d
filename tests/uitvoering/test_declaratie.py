"""Claims: real invoices, handed in once, judged line by line with an explanation."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from aanvragen.enums import Machtigingsoort, Status
from aanvragen.models import Aanvraag
from aanvragen.services.organisatie import machtiging_verlenen
from kern.enums import Rol
from kern.fouten import DomeinFout, InvoerFout, OvergangFout, RechtenFout
from kern.models import Bestand, LogRegel
from regeling.enums import Boekingsoort
from regeling.models import Boeking
from tests.factories.ronde import (
    EINDE,
    IBAN,
    NA,
    VOOR,
    Staf,
    eis_grootboek_klopt,
    gecontroleerd,
    gedeclareerd,
    geloot,
    kosten,
    maak_gebruiker,
    opgedragen,
    tabel,
    verleen,
    vers,
    voeg_kosten_toe,
)
from uitvoering.models import Declaratie, Kostenregel
from uitvoering.services.declaratie import (
    declaratie_beginnen,
    declaratie_beoordelen,
    declaratie_in_controle,
    declaratie_indienen,
    kostenregel_beoordelen,
    kostenregel_toevoegen,
    kostenregel_verwijderen,
)

pytestmark = pytest.mark.django_db


def uitvoerend(staf: Staf, **opties: Any) -> Aanvraag:
    """Granted, with the voucher given to an adviser."""
    return opgedragen(verleen(geloot(1, staf, **opties)[1][0], staf))


@pytest.fixture
def aanvraag(staf: Staf) -> Aanvraag:
    return uitvoerend(staf)


def begin(aanvraag: Aanvraag) -> Declaratie:
    return declaratie_beginnen(aanvraag=aanvraag, actor=None, op=EINDE)


def dien_in(declaratie: Declaratie, iban: str = IBAN) -> Declaratie:
    return declaratie_indienen(declaratie=declaratie, toelichting=" Klaar. ", iban=iban, actor=None, op=EINDE)


# --- Beginning --------------------------------------------------------------------------------------------------


def test_declareren_kan_pas_na_verlening_en_opdracht(staf: Staf) -> None:
    zaak = geloot(1, staf)[1][0]
    with pytest.raises(OvergangFout, match="Declareren kan pas als de subsidie is verleend."):
        begin(zaak)
    zaak = verleen(zaak, staf)
    with pytest.raises(OvergangFout, match="nog geen opdracht gegeven aan een adviseur"):
        begin(zaak)
    opgedragen(zaak)
    declaratie = begin(zaak)
    assert (declaratie.status, declaratie.aangemaakt_op) == ("concept", EINDE)
    assert begin(zaak) == declaratie  # there is one claim
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaratie.objects.create(aanvraag=zaak, aangemaakt_op=EINDE)


def test_zonder_voucher_kan_het_meteen(staf: Staf) -> None:
    subsidie = {naam: w for naam, w in tabel("subsidie")["subsidie"].items() if naam != "voucher_geldig_maanden"}
    zaak = verleen(geloot(1, staf, tabellen={"subsidie": {**subsidie, "vorm": "subsidie"}})[1][0], staf)
    assert gedeclareerd(zaak).status == "ingediend"
    assert vers(zaak).status == Status.VASTSTELLING_GEVRAAGD


# --- Lines ------------------------------------------------------------------------------------------------------


def test_een_kostenregel_heeft_een_factuur(aanvraag: Aanvraag) -> None:
    declaratie = begin(aanvraag)
    regel = voeg_kosten_toe(declaratie, kosten(Decimal("1234.56"), factuurnummer="F-1"))
    assert (regel.bedrag, regel.factuurnummer, regel.goedgekeurd) == (Decimal("1234.56"), "F-1", None)
    assert (regel.factuur.naam, regel.factuur.mime) == ("factuur.pdf", "application/pdf")
    log = LogRegel.objects.get(keten=f"declaratie:{declaratie.pk}", handeling="kostenregel_toevoegen")
    assert log.gegevens == {"factuurnummer": "F-1", "bedrag": "1234.56", "sha256": regel.factuur.sha256}


def op_schijf() -> set[Path]:
    return {pad for pad in Path(settings.MEDIA_ROOT).rglob("*") if pad.is_file()}


VANDAAG = EINDE.date()


@pytest.mark.parametrize(
    ("anders", "code", "veld"),
    [
        ({"factuurdatum": VANDAAG + timedelta(days=1)}, "ongeldige-invoer", "factuurdatum"),
        ({"bedrag": Decimal(0)}, "ongeldige-invoer", "bedrag"),
        ({"bedrag": Decimal("-1.00")}, "ongeldige-invoer", "bedrag"),
        ({"kostensoort": "reizen"}, "ongeldige-invoer", "kostensoort"),
        ({"aantal": Decimal(-3)}, "ongeldige-invoer", "aantal"),
        ({"factuurnummer": "F-1", "omschrijving": "Advies"}, "dubbele-factuur", "factuurnummer"),
    ],
)
def test_een_onmogelijke_regel_wordt_geweigerd(
    aanvraag: Aanvraag, anders: dict[str, Any], code: str, veld: str
) -> None:
    declaratie = begin(aanvraag)
    voeg_kosten_toe(declaratie, kosten(factuurnummer="F-1"))
    voor = op_schijf()
    with pytest.raises(InvoerFout) as fout:
        voeg_kosten_toe(declaratie, kosten(**anders))
    assert (fout.value.code, fout.value.veld) == (code, veld)
    assert (declaratie.regels.count(), op_schijf()) == (1, voor)


def test_een_factuur_kan_meer_regels_hebben(aanvraag: Aanvraag) -> None:
    declaratie = begin(aanvraag)
    voeg_kosten_toe(declaratie, kosten(factuurnummer="F-1", omschrijving="Advies"))
    voeg_kosten_toe(declaratie, kosten(factuurnummer="F-1", omschrijving="Training"))
    assert declaratie.regels.count() == 2


def test_een_factuur_van_vandaag_mag_op_de_nederlandse_dag(aanvraag: Aanvraag) -> None:
    """23:30 UTC on 30 October is 31 October here."""
    declaratie, laat = begin(aanvraag), datetime(2026, 10, 30, 23, 30, tzinfo=UTC)
    voeg_kosten_toe(declaratie, kosten(factuurdatum=date(2026, 10, 31)), op=laat)
    with pytest.raises(InvoerFout, match="De factuurdatum ligt in de toekomst."):
        voeg_kosten_toe(declaratie, kosten(factuurdatum=date(2026, 11, 1)), op=laat)


@pytest.mark.parametrize(("inhoud", "naam"), [(b"", "f.pdf"), (b"MZ\x90\x00" + b"\x00" * 300, "f.pdf")])
def test_een_verkeerd_bestand_laat_niets_achter(aanvraag: Aanvraag, inhoud: bytes, naam: str) -> None:
    declaratie, voor = begin(aanvraag), (Bestand.objects.count(), op_schijf())
    with pytest.raises(InvoerFout):
        kostenregel_toevoegen(
            declaratie=declaratie, gegevens=kosten(), factuur=inhoud, factuurnaam=naam, actor=None, op=EINDE
        )
    assert (Kostenregel.objects.count(), (Bestand.objects.count(), op_schijf())) == (0, voor)


def test_bij_een_uurtarief_horen_uren(staf: Staf) -> None:
    """Without hours the hourly cap could not be applied (R73)."""
    soorten = [
        {"code": "adviseur", "naam": "Adviseur", "btw": "exclusief"},
        {"code": "uren", "naam": "Uren", "btw": "exclusief", "uurtarief_maximum": 125},
    ]
    declaratie = begin(uitvoerend(staf, tabellen={"kostensoorten": soorten}))
    with pytest.raises(InvoerFout, match="Het aantal uren ontbreekt."):
        voeg_kosten_toe(declaratie, kosten(kostensoort="uren"))
    assert voeg_kosten_toe(declaratie, kosten(kostensoort="uren", aantal=Decimal(16))).aantal == 16
    assert voeg_kosten_toe(declaratie, kosten()).aantal is None


def test_een_regel_weghalen_kan_tot_het_indienen(aanvraag: Aanvraag) -> None:
    declaratie = begin(aanvraag)
    eerste, tweede = voeg_kosten_toe(declaratie), voeg_kosten_toe(declaratie)
    kostenregel_verwijderen(regel=eerste, actor=None, op=EINDE)
    assert list(declaratie.regels.all()) == [tweede]
    assert Bestand.objects.filter(naam="factuur.pdf").count() == 2  # the invoice stays in store
    dien_in(declaratie)
    with pytest.raises(OvergangFout, match="Deze declaratie is al ingediend."):
        kostenregel_verwijderen(regel=tweede, actor=None, op=EINDE)
    with pytest.raises(OvergangFout, match="Deze declaratie is al ingediend."):
        voeg_kosten_toe(declaratie)
    assert declaratie.regels.count() == 1


# --- Handing in -------------------------------------------------------------------------------------------------


def test_indienen_boekt_wat_is_gedeclareerd(aanvraag: Aanvraag) -> None:
    declaratie = gedeclareerd(aanvraag, Decimal("1200.50"), Decimal("800"))
    assert (declaratie.status, declaratie.toelichting, declaratie.ingediend_op) == ("ingediend", "Klaar.", EINDE)
    nu = vers(aanvraag)
    assert (nu.status, nu.iban, nu.voucher.status) == (Status.VASTSTELLING_GEVRAAGD, IBAN, "gedeclareerd")
    boeking = Boeking.objects.get(soort=Boekingsoort.DECLARATIE)
    assert (boeking.bedrag, boeking.onderwerp) == (Decimal("2000.50"), aanvraag.pk)
    eis_grootboek_klopt(aanvraag.tijdvak)


def test_twee_keer_indienen_is_een_keer(aanvraag: Aanvraag) -> None:
    declaratie = gedeclareerd(aanvraag)
    weer = dien_in(declaratie, iban="NL02ABNA0123456789")
    assert (weer.pk, weer.ingediend_op, vers(aanvraag).iban) == (declaratie.pk, EINDE, IBAN)
    assert Boeking.objects.filter(soort=Boekingsoort.DECLARATIE).count() == 1
    assert LogRegel.objects.filter(keten=f"declaratie:{declaratie.pk}", handeling="indienen").count() == 1


def test_zonder_kosten_of_rekeningnummer_geen_declaratie(aanvraag: Aanvraag) -> None:
    declaratie = begin(aanvraag)
    with pytest.raises(InvoerFout, match="Er staan geen kosten in de declaratie."):
        dien_in(declaratie)
    voeg_kosten_toe(declaratie)
    with pytest.raises(InvoerFout, match="Het rekeningnummer ontbreekt."):
        dien_in(declaratie, iban="")
    assert (vers(declaratie).status, vers(aanvraag).status) == ("concept", Status.IN_UITVOERING)
    assert Boeking.objects.filter(soort=Boekingsoort.DECLARATIE).count() == 0


# --- Checking ---------------------------------------------------------------------------------------------------


@pytest.fixture
def in_controle(staf: Staf, aanvraag: Aanvraag) -> Declaratie:
    declaratie = gedeclareerd(aanvraag, Decimal(1200), Decimal(800))
    return declaratie_in_controle(declaratie=declaratie, actor=staf.behandelaar, op=EINDE)


def beoordeel(regel: Kostenregel, staf: Staf, bedrag: str, oordeel: str = "") -> Kostenregel:
    return kostenregel_beoordelen(
        regel=regel, goedgekeurd=Decimal(bedrag), oordeel=oordeel, actor=staf.behandelaar, op=EINDE
    )


@pytest.mark.parametrize(
    ("goedgekeurd", "status", "reden"),
    [
        (("1200", "800"), "goedgekeurd", ""),
        (("1200", "799.99"), "deels_goedgekeurd", "{1}: Hoort er niet bij."),
        (("0", "800"), "deels_goedgekeurd", "{0}: Hoort er niet bij."),
        (("0", "0"), "afgekeurd", "{0}: Hoort er niet bij.; {1}: Hoort er niet bij."),
    ],
)
def test_de_uitkomst_volgt_uit_de_regels(
    staf: Staf, aanvraag: Aanvraag, goedgekeurd: tuple[str, str], status: str, reden: str
) -> None:
    declaratie = gedeclareerd(aanvraag, Decimal(1200), Decimal(800))
    nummers = list(declaratie.regels.values_list("factuurnummer", flat=True))
    declaratie = gecontroleerd(declaratie, staf, *map(Decimal, goedgekeurd))
    assert (declaratie.status, declaratie.reden) == (status, reden.format(*nummers))
    assert (declaratie.beoordeeld_op, declaratie.beoordeeld_door) == (EINDE, staf.behandelaar)


@pytest.mark.parametrize(
    ("bedrag", "oordeel", "melding"),
    [
        ("1200.01", "x", "ligt tussen nul en het gedeclareerde bedrag"),
        ("-0.01", "x", "ligt tussen nul en het gedeclareerde bedrag"),
        ("1199.99", "", "De uitleg ontbreekt."),
        ("0", "  ", "De uitleg ontbreekt."),
    ],
)
def test_minder_goedkeuren_vraagt_uitleg(
    staf: Staf, in_controle: Declaratie, bedrag: str, oordeel: str, melding: str
) -> None:
    regel = in_controle.regels.all()[0]
    with pytest.raises(InvoerFout, match=melding):
        beoordeel(regel, staf, bedrag, oordeel)
    assert vers(regel).goedgekeurd is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Kostenregel.objects.filter(pk=regel.pk).update(goedgekeurd=Decimal("1200.01"))


def test_eerst_elke_regel_dan_de_conclusie(staf: Staf, in_controle: Declaratie) -> None:
    beoordeel(in_controle.regels.all()[0], staf, "1200")
    with pytest.raises(OvergangFout) as fout:
        declaratie_beoordelen(declaratie=in_controle, actor=staf.behandelaar, op=EINDE)
    assert (fout.value.code, vers(in_controle).status) == ("regels-open", "in_controle")


def test_een_oordeel_kan_anders_tot_de_conclusie(staf: Staf, in_controle: Declaratie) -> None:
    eerste, tweede = in_controle.regels.all()
    beoordeel(eerste, staf, "1000", "Te duur")
    beoordeel(eerste, staf, "1200")
    beoordeel(tweede, staf, "800")
    assert vers(eerste).oordeel == ""
    assert declaratie_beoordelen(declaratie=in_controle, actor=staf.behandelaar, op=EINDE).status == "goedgekeurd"
    with pytest.raises(OvergangFout, match="Deze declaratie is niet in controle."):
        beoordeel(eerste, staf, "0", "Toch niet")
    with pytest.raises(OvergangFout):
        declaratie_beoordelen(declaratie=in_controle, actor=staf.behandelaar2, op=EINDE)
    assert vers(eerste).goedgekeurd == 1200


def test_beoordelen_voor_de_controle_kan_niet(staf: Staf, aanvraag: Aanvraag) -> None:
    declaratie = gedeclareerd(aanvraag)
    with pytest.raises(OvergangFout, match="Neem haar eerst in controle"):
        beoordeel(declaratie.regels.get(), staf, "2000")


def test_wie_controleert(staf: Staf, in_controle: Declaratie) -> None:
    regel = in_controle.regels.all()[0]
    eigen = maak_gebruiker(Rol.BEHANDELAAR)
    machtiging_verlenen(
        organisatie=in_controle.aanvraag.organisatie,
        gebruiker=eigen,
        soort=Machtigingsoort.MEDEWERKER,
        actor=None,
        op=VOOR,
    )
    for actor in [eigen, *(maak_gebruiker(rol) for rol in Rol if rol != Rol.BEHANDELAAR)]:
        with pytest.raises(RechtenFout):
            kostenregel_beoordelen(regel=regel, goedgekeurd=Decimal(1200), oordeel="", actor=actor, op=EINDE)
        with pytest.raises(RechtenFout):
            declaratie_beoordelen(declaratie=in_controle, actor=actor, op=EINDE)
        with pytest.raises(RechtenFout):
            declaratie_in_controle(declaratie=in_controle, actor=actor, op=EINDE)
    assert vers(regel).goedgekeurd is None


@pytest.mark.django_db(transaction=True)
def test_concluderen_en_beoordelen_tegelijk_geeft_geen_halve_uitkomst(staf: Staf) -> None:
    """One officer concludes while another lowers a line: whichever comes first, status and lines agree."""
    declaratie = gedeclareerd(uitvoerend(staf), Decimal(1200))
    declaratie_in_controle(declaratie=declaratie, actor=staf.behandelaar, op=EINDE)
    regel, ander = declaratie.regels.get(), staf.behandelaar2
    beoordeel(regel, staf, "1200")
    start, fouten = threading.Barrier(2), []

    def doe(handeling: Any) -> None:
        try:
            start.wait()
            handeling()
        except DomeinFout as fout:
            fouten.append(fout.code)
        finally:
            connection.close()

    draden = [
        threading.Thread(target=doe, args=(lambda: declaratie_beoordelen(declaratie=declaratie, actor=ander, op=NA),)),
        threading.Thread(target=doe, args=(lambda: beoordeel(regel, staf, "700", "Te duur"),)),
    ]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    uit = (vers(declaratie).status, vers(regel).goedgekeurd, fouten)
    assert uit in [("goedgekeurd", 1200, ["overgang-niet-toegestaan"]), ("deels_goedgekeurd", 700, [])]
