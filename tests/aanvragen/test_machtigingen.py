"""Mandates: what they cover, who gives and ends them, and what they are worth (R92)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from aanvragen.eherkenning import Eherkenningbewijs
from aanvragen.enums import Bron, Machtigingbereik, Machtigingbron, Machtigingsoort, Relatie, Toetsuitkomst
from aanvragen.models import Aanvraag, Machtiging, Organisatie, Uitnodiging
from aanvragen.selectors import eigen_aanvragen, organisaties_van, postbus_van
from aanvragen.services.behandeling import in_behandeling_nemen, openstaande_oordelen
from aanvragen.services.concept import aanvraag_beginnen
from aanvragen.services.eherkenning import eherkenning_verwerken
from aanvragen.services.groep import Verbondengegevens, verbonden_bewaren, verbonden_verwijderen
from aanvragen.services.indienen import aanvraag_indienen
from aanvragen.services.machtigingen import (
    aanvraag_overdragen,
    beheert,
    machtiging_beeindigen,
    machtiging_bevestigen,
    machtiging_goedkeuren,
    machtiging_wijzigen,
)
from aanvragen.services.organisatie import (
    Machtigingvoorwaarden,
    machtiging_verlenen,
    organisatie_registreren,
    organisatie_wijzigen,
)
from aanvragen.services.postbus import bericht_plaatsen
from aanvragen.services.uitnodigingen import (
    MAXIMUM_OPEN,
    Uitnodiginggegevens,
    uitnodiging_aanvaarden,
    uitnodiging_bij,
    uitnodiging_intrekken,
    uitnodiging_opnieuw,
    uitnodiging_versturen,
)
from kern.enums import Berichtsoort, Rol
from kern.fouten import DomeinFout, InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, Gebruiker, LogRegel
from kern.services.voorkeuren import voorkeuren_bewaren
from tests.factories.ronde import (
    NA,
    TIJDENS,
    VOOR,
    maak_concept,
    maak_gebruiker,
    maak_ingediend,
    maak_organisatie,
    open_tijdvak,
    vers,
)

pytestmark = pytest.mark.django_db
LEZEN, INVULLEN, VOLLEDIG = Machtigingbereik.LEZEN, Machtigingbereik.INVULLEN, Machtigingbereik.VOLLEDIG
BEHEERDER, MEDEWERKER, INTERMEDIAIR = (
    Machtigingsoort.BEHEERDER,
    Machtigingsoort.MEDEWERKER,
    Machtigingsoort.INTERMEDIAIR,
)
HIER, DAAR = "000012345678", "000099999999"


def machtig(organisatie: Organisatie, soort: Machtigingsoort = MEDEWERKER, **opties: Any) -> Gebruiker:
    gebruiker = maak_gebruiker()
    machtiging_verlenen(
        organisatie=organisatie,
        gebruiker=gebruiker,
        soort=soort,
        actor=None,
        op=VOOR,
        voorwaarden=Machtigingvoorwaarden(**opties),
    )
    return gebruiker


def van(gebruiker: Gebruiker) -> Machtiging:
    return Machtiging.objects.get(gebruiker=gebruiker, ingetrokken_op=None)


# --- Rights follow the mandate ------------------------------------------------------------------------------------


def test_selector_en_predikaat_zijn_het_eens() -> None:
    """Every combination of scope, scheme, branch, end and confirmation, over two schemes and branches."""
    organisatie, ronde, andere = maak_organisatie(), open_tijdvak(), open_tijdvak()
    regeling = ronde.regelingversie.regeling
    papier = maak_ingediend(ronde, organisatie)
    zaken = [maak_concept(ronde, organisatie), maak_concept(andere, organisatie), maak_concept(ronde), papier]
    Aanvraag.objects.filter(pk=zaken[0].pk).update(vestigingsnummer=HIER)
    Aanvraag.objects.filter(pk=papier.pk).update(bron=Bron.PAPIER)
    zaken = [vers(zaak) for zaak in zaken]
    vandaag = timezone.localdate()
    rechten = {LEZEN: "aanvragen.zien", INVULLEN: "aanvragen.wijzigen", VOLLEDIG: "aanvragen.indienen"}
    gezien = set()
    for bevestigd, bereik, soort_regeling, vestiging, dagen in product(
        (False, True, False), (LEZEN, INVULLEN, VOLLEDIG), (None, regeling), ("", HIER, DAAR), (None, 0, -1)
    ):
        gebruiker = machtig(
            organisatie,
            bereik=bereik,
            regeling=soort_regeling,
            vestigingsnummer=vestiging,
            geldig_tot=None if dagen is None else vandaag + timedelta(days=dagen),
        )
        if not bevestigd:
            Machtiging.objects.filter(gebruiker=gebruiker).update(bevestigd_op=None)
        for minstens, recht in rechten.items():
            rijen = set(eigen_aanvragen(gebruiker, minstens))
            assert rijen == {zaak for zaak in zaken if gebruiker.has_perm(recht, zaak)}
            gezien.add((minstens, len(rijen)))
    assert gezien == {(m, n) for m in rechten for n in (0, 1, 2, 3)}


@pytest.mark.parametrize(
    ("bereik", "zien", "wijzigen", "indienen"),
    [(LEZEN, True, False, False), (INVULLEN, True, True, False), (VOLLEDIG, True, True, True)],
)
def test_het_bereik(bereik: Machtigingbereik, zien: bool, wijzigen: bool, indienen: bool) -> None:
    zaak = maak_concept(open_tijdvak())
    gebruiker = machtig(zaak.organisatie, bereik=bereik)
    assert [gebruiker.has_perm(f"aanvragen.{r}", zaak) for r in ("zien", "wijzigen", "indienen")] == [
        zien,
        wijzigen,
        indienen,
    ]


def test_indienen_vraagt_een_volledige_machtiging() -> None:
    zaak = maak_concept(open_tijdvak())
    with pytest.raises(RechtenFout) as fout:
        aanvraag_indienen(aanvraag=zaak, actor=machtig(zaak.organisatie, bereik=INVULLEN), op=TIJDENS)
    assert fout.value.code == "machtiging-te-beperkt"
    assert vers(zaak).status == "concept"
    assert aanvraag_indienen(aanvraag=zaak, actor=machtig(zaak.organisatie), op=TIJDENS).status == "ingediend"


def test_een_beperkte_machtiging_is_wel_een_belang() -> None:
    """An officer with any mandate of the applicant does not handle its cases, also of another branch."""
    zaak = maak_concept(open_tijdvak())
    officier = machtig(zaak.organisatie, bereik=LEZEN, vestigingsnummer=DAAR)
    zaak = aanvraag_indienen(aanvraag=zaak, actor=None, op=TIJDENS)
    from kern.services.gebruikers import rol_toekennen

    rol_toekennen(gebruiker=officier, rol=Rol.BEHANDELAAR, op=VOOR, actor=None)
    with pytest.raises(RechtenFout):
        in_behandeling_nemen(aanvraag=zaak, actor=officier, op=NA)


def test_een_vestiging_gaat_niet_verder_met_het_concept_van_een_andere() -> None:
    organisatie, tijdvak = maak_organisatie(), open_tijdvak()
    opties: dict[str, Any] = {"tijdvak": tijdvak, "organisatie": organisatie, "actor": None, "op": TIJDENS}
    eerste = aanvraag_beginnen(vestigingsnummer=HIER, **opties)
    assert (eerste.vestigingsnummer, aanvraag_beginnen(vestigingsnummer=HIER, **opties)) == (HIER, eerste)
    assert aanvraag_beginnen(**opties) == eerste  # the whole organisation may
    with pytest.raises(OvergangFout) as fout:
        aanvraag_beginnen(vestigingsnummer=DAAR, **opties)
    assert fout.value.code == "concept-andere-vestiging"


# --- Whoever registers a KvK number --------------------------------------------------------------------------------


def zelf_aangemeld() -> tuple[Gebruiker, Organisatie]:
    gebruiker = maak_gebruiker()
    gegevens = {"naam": "Zelf bv", "werkzame_personen": 12}
    return gebruiker, organisatie_registreren(kvk_nummer="00888888", gegevens=gegevens, actor=gebruiker, op=VOOR)


def test_wie_zichzelf_opgeeft_wacht_op_controle() -> None:
    gebruiker, _ = zelf_aangemeld()
    machtiging = van(gebruiker)
    assert (machtiging.bron, machtiging.bevestigd_op, machtiging.soort) == (Machtigingbron.ZELF, None, BEHEERDER)


@pytest.mark.parametrize("langs", ["medewerker", "eherkenning"])
def test_zonder_bevestiging_geen_besluit(langs: str) -> None:
    gebruiker, organisatie = zelf_aangemeld()
    behandelaar = maak_gebruiker(Rol.BEHANDELAAR)
    zaak = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak(), organisatie), actor=gebruiker, op=TIJDENS)
    toets = zaak.toetsen.get(code="vertegenwoordiging")
    assert (toets.uitkomst, toets.soort) == (Toetsuitkomst.HANDMATIG, "inhoud")
    assert "Bevoegd om aan te vragen" in openstaande_oordelen(zaak)
    if langs == "medewerker":
        machtiging_bevestigen(
            machtiging=van(gebruiker), aanvraag=zaak, reden="Uittreksel gezien.", actor=behandelaar, op=NA
        )
        assert van(gebruiker).bron == Machtigingbron.MEDEWERKER
        regel = LogRegel.objects.get(keten=f"aanvraag:{zaak.pk}", handeling="machtiging_bevestigen")
        assert (regel.actor, regel.reden) == (behandelaar, "Uittreksel gezien.")
    else:
        bewijs = Eherkenningbewijs("p", "00888888", "urn:etoegang:core:assurance-class:loa3")
        eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs, op=NA)
        assert van(gebruiker).bron == Machtigingbron.EHERKENNING
    assert openstaande_oordelen(vers(zaak)) == ["Handelsregister"]
    assert vers(toets).uitkomst == Toetsuitkomst.VOLDOET


def test_bevestigen_vraagt_een_behandelaar_en_bewijs() -> None:
    gebruiker, organisatie = zelf_aangemeld()
    zaak = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak(), organisatie), actor=gebruiker, op=TIJDENS)
    opties: dict[str, Any] = {"machtiging": van(gebruiker), "aanvraag": zaak, "op": NA}
    with pytest.raises(RechtenFout):
        machtiging_bevestigen(reden="Ja.", actor=gebruiker, **opties)
    with pytest.raises(RechtenFout):
        machtiging_bevestigen(reden="Ja.", actor=maak_gebruiker(Rol.FINANCIEEL), **opties)
    with pytest.raises(InvoerFout) as fout:
        machtiging_bevestigen(reden=" ", actor=maak_gebruiker(Rol.BEHANDELAAR), **opties)
    assert (fout.value.veld, van(gebruiker).bevestigd_op) == ("reden", None)


def test_wie_door_een_onbevestigde_is_uitgenodigd_is_dat_ook() -> None:
    """And when the first is confirmed, so is what that person gave."""
    gebruiker, organisatie = zelf_aangemeld()
    collega = maak_gebruiker()
    machtiging_verlenen(organisatie=organisatie, gebruiker=collega, soort=MEDEWERKER, actor=gebruiker, op=VOOR)
    assert (van(collega).bron, van(collega).bevestigd_op) == (Machtigingbron.UITNODIGING, None)
    zaak = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak(), organisatie), actor=collega, op=TIJDENS)
    behandelaar = maak_gebruiker(Rol.BEHANDELAAR)
    machtiging_bevestigen(machtiging=van(gebruiker), aanvraag=zaak, reden="Gebeld.", actor=behandelaar, op=NA)
    assert (van(collega).bevestigd_op, van(collega).bron) == (NA, Machtigingbron.UITNODIGING)
    assert openstaande_oordelen(vers(zaak)) == ["Handelsregister"]  # nobody asked the register here


def test_wie_het_bewijst_neemt_het_over() -> None:
    """A squatter sees nothing any more and cannot touch the one who proved it; that one can let the other in."""
    kaper, organisatie = zelf_aangemeld()
    echte = maak_gebruiker()
    bewijs = Eherkenningbewijs("p", "00888888", "urn:etoegang:core:assurance-class:loa3")
    eherkenning_verwerken(gebruiker=echte, bewijs=bewijs, op=NA)
    assert (beheert(echte, organisatie), beheert(kaper, organisatie)) == (True, False)
    assert list(organisaties_van(kaper)) == []
    with pytest.raises(RechtenFout):
        machtiging_beeindigen(machtiging=van(echte), opvolger=None, actor=kaper, op=NA)
    with pytest.raises(RechtenFout):
        machtiging_goedkeuren(machtiging=van(kaper), actor=kaper, op=NA)
    machtiging_goedkeuren(machtiging=van(kaper), actor=echte, op=NA)
    assert list(organisaties_van(kaper)) == [organisatie]


def test_wie_sliep_wordt_niet_meer_wakker() -> None:
    """Also when the one who proved it goes: to another firm with eHerkenning, or for good."""
    kaper, organisatie = zelf_aangemeld()
    echte, zaak = maak_gebruiker(), maak_concept(open_tijdvak(), organisatie)
    assert list(eigen_aanvragen(kaper)) == [zaak]
    eherkenning_verwerken(gebruiker=echte, bewijs=bewijs(), op=NA)
    with pytest.raises(OvergangFout) as fout:
        machtiging_beeindigen(machtiging=van(echte), opvolger=None, actor=echte, op=NA)
    assert fout.value.code == "laatste-beheerder"  # the one who sleeps is no manager
    eherkenning_verwerken(gebruiker=echte, bewijs=bewijs("00999999"), op=NA)
    assert not Machtiging.objects.filter(gebruiker=echte, organisatie=organisatie, ingetrokken_op=None).exists()
    assert (list(eigen_aanvragen(kaper)), list(organisaties_van(kaper))) == ([], [])
    assert not kaper.has_perm("aanvragen.zien", zaak)


@pytest.mark.parametrize("anders", [{"intermediair_kvk": "00777777"}, {"vestigingsnummer": HIER}])
def test_elk_bewijs_legt_het_eigen_woord_stil(anders: dict[str, str]) -> None:
    kaper, organisatie = zelf_aangemeld()
    eherkenning_verwerken(gebruiker=maak_gebruiker(), bewijs=bewijs(**anders), op=NA)
    assert list(organisaties_van(kaper)) == []
    assert not beheert(kaper, organisatie)


def test_op_eigen_woord_komt_niemand_bij_een_aanvraag_op_papier() -> None:
    """Somebody else of the real firm may have written it: not to be read, changed or withdrawn, and no notices."""
    kaper, organisatie = zelf_aangemeld()
    zaak = maak_ingediend(open_tijdvak(), organisatie)
    assert list(eigen_aanvragen(kaper)) == [zaak]
    Aanvraag.objects.filter(pk=zaak.pk).update(bron=Bron.PAPIER)
    zaak = vers(zaak)
    assert (list(eigen_aanvragen(kaper)), list(postbus_van(kaper))) == ([], [])
    assert not any(kaper.has_perm(f"aanvragen.{recht}", zaak) for recht in ("zien", "wijzigen", "indienen"))
    voorkeuren_bewaren(gebruiker=kaper, keuzes=dict.fromkeys(Berichtsoort, True), actor=kaper, op=NA)
    bericht_plaatsen(
        aanvraag=zaak, code="ontvangst-papier", sleutel="p", op=NA, velden={"ontvangen": "", "uiterlijk": ""}
    )
    assert not Bericht.objects.filter(aan=kaper.email).exists()
    with pytest.raises(RechtenFout, match="gelden voor alle aanvragen"):
        organisatie_wijzigen(organisatie=organisatie, gegevens={"straat": "Elders 1"}, actor=kaper, op=NA)


def test_wie_een_deel_mag_wijzigt_niet_het_geheel() -> None:
    """Name, address, size and group count for every application of the organisation."""
    organisatie, ronde = maak_organisatie(), open_tijdvak()
    beperkt = machtig(organisatie, bereik=INVULLEN, regeling=ronde.regelingversie.regeling)
    baas = machtig(organisatie, BEHEERDER)
    maak_concept(ronde, organisatie)
    dochter = Verbondengegevens("Dochter bv", Relatie.VERBONDEN, Decimal(100), omzet=Decimal(90_000_000))

    def wijzig(actor: Gebruiker, straat: str) -> None:
        organisatie_wijzigen(organisatie=organisatie, gegevens={"straat": straat}, actor=actor, op=NA)

    wijzig(beperkt, "Dorpsstraat 1")  # all that there is
    maak_concept(open_tijdvak(), organisatie)
    for handeling in (
        lambda: wijzig(beperkt, "Elders 1"),
        lambda: verbonden_bewaren(organisatie=organisatie, gegevens=dochter, actor=beperkt, op=NA),
    ):
        with pytest.raises(RechtenFout, match="gelden voor alle aanvragen"):
            handeling()
    assert (vers(organisatie).straat, organisatie.verbonden.count()) == ("Dorpsstraat 1", 0)
    wijzig(baas, "Kade 2")
    rij = verbonden_bewaren(organisatie=organisatie, gegevens=dochter, actor=baas, op=NA)
    with pytest.raises(RechtenFout, match="gelden voor alle aanvragen"):
        verbonden_verwijderen(rij=rij, actor=beperkt, op=NA)
    assert vers(organisatie).straat == "Kade 2"


def test_het_systeem_is_zijn_eigen_bewijs() -> None:
    machtiging = van(machtig(maak_organisatie()))
    assert (machtiging.bron, machtiging.bevestigd_op) == (Machtigingbron.SYSTEEM, VOOR)
    zaak = aanvraag_indienen(aanvraag=maak_concept(open_tijdvak()), actor=None, op=TIJDENS)
    assert not zaak.toetsen.filter(code="vertegenwoordiging").exists()


# --- eHerkenning --------------------------------------------------------------------------------------------------


def bewijs(kvk: str = "00888888", **anders: Any) -> Eherkenningbewijs:
    return Eherkenningbewijs("p", kvk, "urn:etoegang:core:assurance-class:loa4", **anders)


def test_nog_een_keer_inloggen_verandert_niets() -> None:
    gebruiker = maak_gebruiker()
    eerste = eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs(), op=VOOR)
    assert eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs(), op=NA) == eerste
    assert (Machtiging.objects.count(), van(gebruiker).bevestigd_op) == (1, VOOR)


def test_een_beperking_door_de_organisatie_blijft() -> None:
    gebruiker, organisatie = maak_gebruiker(), maak_organisatie(kvk_nummer="00888888")
    baas = machtig(organisatie, BEHEERDER)
    eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs(), op=VOOR)
    machtiging_wijzigen(
        machtiging=van(gebruiker),
        soort=MEDEWERKER,
        bereik=LEZEN,
        regeling=None,
        geldig_tot=None,
        actor=baas,
        op=NA,
    )
    eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs(), op=NA)
    assert (van(gebruiker).soort, van(gebruiker).bereik) == (MEDEWERKER, LEZEN)


def test_een_nieuwe_vestiging_in_het_bewijs_geldt_meteen() -> None:
    gebruiker = maak_gebruiker()
    eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs(), op=VOOR)
    eherkenning_verwerken(gebruiker=gebruiker, bewijs=bewijs(vestigingsnummer=HIER), op=NA)
    assert (van(gebruiker).soort, van(gebruiker).vestigingsnummer) == (MEDEWERKER, HIER)


# --- Ending and handing over --------------------------------------------------------------------------------------


def test_de_laatste_beheerder_blijft() -> None:
    organisatie = maak_organisatie()
    baas, tweede = machtig(organisatie, BEHEERDER), machtig(organisatie, BEHEERDER)
    machtiging_beeindigen(machtiging=van(tweede), opvolger=None, actor=tweede, op=NA)
    for handeling in (
        lambda: machtiging_beeindigen(machtiging=van(baas), opvolger=None, actor=baas, op=NA),
        lambda: machtiging_wijzigen(
            machtiging=van(baas), soort=MEDEWERKER, bereik=VOLLEDIG, regeling=None, geldig_tot=None, actor=baas, op=NA
        ),
    ):
        with pytest.raises(OvergangFout) as fout:
            handeling()
        assert fout.value.code == "laatste-beheerder"
    assert beheert(baas, organisatie)


def test_lopende_zaken_gaan_naar_een_collega() -> None:
    organisatie, tijdvak = maak_organisatie(), open_tijdvak()
    baas, gaat, leest = machtig(organisatie, BEHEERDER), machtig(organisatie), machtig(organisatie, bereik=LEZEN)
    zaak = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=gaat, op=TIJDENS)
    assert zaak.verantwoordelijke == gaat
    for opvolger in (None, leest, maak_gebruiker()):
        with pytest.raises(InvoerFout) as fout:
            machtiging_beeindigen(machtiging=van(gaat), opvolger=opvolger, actor=baas, op=NA)
        assert fout.value.veld == "opvolger"
    machtiging_beeindigen(machtiging=van(gaat), opvolger=baas, actor=baas, op=NA)
    assert vers(zaak).verantwoordelijke == baas
    assert list(organisaties_van(gaat)) == []
    regel = LogRegel.objects.get(handeling="aanvraag_overdragen")
    assert regel.gegevens == {"van": str(gaat), "aan": str(baas)}
    assert Bericht.objects.get(aan=gaat.email).onderwerp == f"Uw machtiging voor {organisatie.naam} is beëindigd"


def test_overdragen_mag_de_verantwoordelijke_of_een_beheerder() -> None:
    organisatie = maak_organisatie()
    baas, een, twee = machtig(organisatie, BEHEERDER), machtig(organisatie), machtig(organisatie)
    zaak = aanvraag_beginnen(tijdvak=open_tijdvak(), organisatie=organisatie, actor=een, op=TIJDENS)
    with pytest.raises(RechtenFout):
        aanvraag_overdragen(aanvraag=zaak, aan=twee, actor=twee, op=NA)
    assert aanvraag_overdragen(aanvraag=zaak, aan=twee, actor=een, op=NA).verantwoordelijke == twee
    assert aanvraag_overdragen(aanvraag=vers(zaak), aan=een, actor=baas, op=NA).verantwoordelijke == een


@pytest.mark.parametrize("soort", [MEDEWERKER, INTERMEDIAIR])
def test_alleen_een_beheerder_regelt_machtigingen(soort: Machtigingsoort) -> None:
    organisatie = maak_organisatie()
    machtig(organisatie, BEHEERDER)
    ander, gewoon = machtig(organisatie), machtig(organisatie, soort)
    with pytest.raises(RechtenFout):
        machtiging_beeindigen(machtiging=van(ander), opvolger=None, actor=gewoon, op=NA)
    with pytest.raises(RechtenFout):
        uitnodigen(organisatie, gewoon)


# --- Inviting -----------------------------------------------------------------------------------------------------

NU = NA


def uitnodigen(
    organisatie: Organisatie, actor: Gebruiker, email: str = "nieuw@proef.example", **anders: Any
) -> tuple[Uitnodiging, str]:
    geheimen: list[str] = []

    def link(geheim: str) -> str:
        geheimen.append(geheim)
        return f"https://stimulans.example/{geheim}/"

    gegevens = Uitnodiginggegevens(email, **{"soort": MEDEWERKER, "bereik": INVULLEN, **anders})
    rij = uitnodiging_versturen(organisatie=organisatie, gegevens=gegevens, maak_link=link, actor=actor, op=NU)
    return rij, geheimen[0]


def test_uitnodigen_en_aannemen() -> None:
    organisatie = maak_organisatie()
    baas = machtig(organisatie, BEHEERDER)
    rij, geheim = uitnodigen(organisatie, baas, "Nieuw@Proef.example")
    bericht = Bericht.objects.get(aan="nieuw@proef.example")
    assert f"https://stimulans.example/{geheim}/" in bericht.tekst
    assert geheim not in f"{rij.__dict__} {[r.gegevens for r in LogRegel.objects.all()]}"
    assert (uitnodiging_bij(geheim), uitnodiging_bij("anders")) == (rij, None)
    collega = maak_gebruiker(email="nieuw@proef.example")
    machtiging = uitnodiging_aanvaarden(uitnodiging=rij, actor=collega, op=NU + timedelta(days=13))
    assert (machtiging.bereik, machtiging.soort, machtiging.bron) == (INVULLEN, MEDEWERKER, Machtigingbron.UITNODIGING)
    assert (machtiging.verleend_door, machtiging.bevestigd_op) == (baas, NU + timedelta(days=13))
    with pytest.raises(OvergangFout):
        uitnodiging_aanvaarden(uitnodiging=rij, actor=collega, op=NU)


def test_een_nieuwe_link_maakt_de_oude_onbruikbaar() -> None:
    organisatie = maak_organisatie()
    baas = machtig(organisatie, BEHEERDER)
    oud, _ = uitnodigen(organisatie, baas)
    nieuw = uitnodiging_opnieuw(uitnodiging=oud, maak_link=str, actor=baas, op=NU)
    collega = maak_gebruiker(email="nieuw@proef.example")
    with pytest.raises(OvergangFout) as fout:
        uitnodiging_aanvaarden(uitnodiging=oud, actor=collega, op=NU)
    assert fout.value.code == "uitnodiging-gesloten"
    assert uitnodiging_aanvaarden(uitnodiging=nieuw, actor=collega, op=NU).gebruiker == collega


def test_waarom_een_uitnodiging_niet_werkt() -> None:
    organisatie = maak_organisatie()
    baas, tweede = machtig(organisatie, BEHEERDER), machtig(organisatie, BEHEERDER)
    rij, _ = uitnodigen(organisatie, baas)
    collega = maak_gebruiker(email="nieuw@proef.example")

    def code(uitnodiging: Uitnodiging, actor: Gebruiker, dagen: int = 0) -> str:
        with pytest.raises(DomeinFout) as fout:
            uitnodiging_aanvaarden(uitnodiging=uitnodiging, actor=actor, op=NU + timedelta(days=dagen))
        return fout.value.code

    assert code(rij, maak_gebruiker()) == "uitnodiging-ander-adres"
    assert code(rij, collega, 15) == "uitnodiging-verlopen"
    collega.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
    assert code(rij, collega) == "uitnodiging-ander-adres"
    collega.emailaddress_set.update(verified=True)  # type: ignore[attr-defined]
    machtiging_beeindigen(machtiging=van(baas), opvolger=None, actor=tweede, op=NU)
    assert code(rij, collega) == "uitnodiging-gesloten"
    ander, _ = uitnodigen(organisatie, tweede)
    uitnodiging_intrekken(uitnodiging=ander, actor=tweede, op=NU)
    assert code(ander, collega) == "uitnodiging-gesloten"
    assert not Machtiging.objects.filter(gebruiker=collega).exists()


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"soort": BEHEERDER, "bereik": LEZEN}, "soort"),
        ({"soort": BEHEERDER, "bereik": VOLLEDIG, "machtiging_tot": NU.date()}, "soort"),
        ({"soort": INTERMEDIAIR}, "geldig_tot"),
        ({"machtiging_tot": NU.date() - timedelta(days=1)}, "geldig_tot"),
    ],
)
def test_een_uitnodiging_die_niet_kan(anders: dict[str, Any], veld: str) -> None:
    organisatie = maak_organisatie()
    baas = machtig(organisatie, BEHEERDER)
    with pytest.raises(InvoerFout) as fout:
        uitnodigen(organisatie, baas, **anders)
    assert (fout.value.veld, Uitnodiging.objects.count()) == (veld, 0)


def test_een_grens_aan_het_aantal_uitnodigingen() -> None:
    organisatie = maak_organisatie()
    baas = machtig(organisatie, BEHEERDER)
    for nr in range(MAXIMUM_OPEN):
        uitnodigen(organisatie, baas, f"p{nr}@proef.example")
    with pytest.raises(OvergangFout):
        uitnodigen(organisatie, baas, "nog@proef.example")
