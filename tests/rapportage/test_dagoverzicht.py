"""The daily mail to staff: per role, only when there is something, once per day, only who asked for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from aanvragen.models import Aanvraag
from aanvragen.services.behandeling import aanvulling_vragen, in_behandeling_nemen
from kern.enums import Berichtsoort, Berichtstatus, Rol
from kern.models import Bericht, Gebruiker
from kern.services.voorkeuren import voorkeuren_bewaren
from rapportage.services.dagoverzicht import dagoverzicht_maken, dagoverzicht_versturen, overzicht_van
from tests.factories.ronde import NA, VOOR, maak_gebruiker, maak_ingediend, open_tijdvak

pytestmark = pytest.mark.django_db
OCHTEND = datetime(2026, 4, 13, 6, 0, tzinfo=UTC)


def met_overzicht(*rollen: Rol) -> Gebruiker:
    persoon = maak_gebruiker(*rollen)
    voorkeuren_bewaren(gebruiker=persoon, keuzes={Berichtsoort.DAGOVERZICHT: True}, actor=persoon, op=VOOR)
    return persoon


def mails() -> list[str]:
    return sorted(Bericht.objects.filter(soort=Berichtsoort.DAGOVERZICHT).values_list("aan", flat=True))


def test_per_rol_en_per_persoon_wat_er_te_doen_is() -> None:
    een, twee = met_overzicht(Rol.BEHANDELAAR), met_overzicht(Rol.BEHANDELAAR)
    beheerder, niet = met_overzicht(Rol.BEHEERDER), maak_gebruiker(Rol.BEHANDELAAR)
    met_overzicht()  # no role
    tijdvak = open_tijdvak()
    nieuw, van_een, verlopen = (maak_ingediend(tijdvak) for _ in range(3))
    for zaak in (van_een, verlopen):
        in_behandeling_nemen(aanvraag=zaak, actor=een, op=NA)
    aanvulling_vragen(aanvraag=verlopen, onderdelen=["Plan"], termijn_dagen=14, actor=een, op=NA)
    Aanvraag.objects.filter(pk=van_een.pk).update(beslissen_uiterlijk_op=date(2026, 4, 20))
    dag = OCHTEND.date()
    assert overzicht_van(een, dag) == [
        ("Nieuwe zaken", [nieuw.kenmerk]),
        ("Besluit nodig binnen 7 dagen, of te laat", [van_een.kenmerk]),
        ("Termijn om aan te vullen voorbij", [verlopen.kenmerk]),
    ]
    assert overzicht_van(een, dag - timedelta(days=2)) == [("Nieuwe zaken", [nieuw.kenmerk])]
    assert overzicht_van(twee, dag) == [("Nieuwe zaken", [nieuw.kenmerk])]
    assert overzicht_van(beheerder, dag) == []
    assert dagoverzicht_maken(op=OCHTEND) == 2
    assert mails() == sorted([een.email, twee.email])
    assert niet.email not in mails()
    assert dagoverzicht_maken(op=OCHTEND + timedelta(hours=3)) == 0  # once per day
    tekst = Bericht.objects.get(sleutel=f"dagoverzicht-{een.pk}-2026-04-13").tekst
    assert f"Termijn om aan te vullen voorbij: 1\n- {verlopen.kenmerk}\n" in tekst


def test_zonder_werk_geen_mail_en_wat_niet_aankwam_is_werk_voor_de_beheerder() -> None:
    behandelaar, beheerder = met_overzicht(Rol.BEHANDELAAR), met_overzicht(Rol.BEHEERDER)
    assert dagoverzicht_maken(op=OCHTEND) == 0
    Bericht.objects.create(
        sleutel="x", aan="a@b.example", onderwerp="o", tekst="t", status=Berichtstatus.MISLUKT,
        aangemaakt_op=NA, volgende_poging_op=NA,
    )  # fmt: skip
    assert overzicht_van(behandelaar, OCHTEND.date()) == []
    assert overzicht_van(beheerder, OCHTEND.date()) == [("E-mails die niet aankwamen", ["1 e-mails"])]


@pytest.mark.parametrize(("uur", "aantal"), [(3, 0), (4, 1), (22, 0)])
def test_niet_midden_in_de_nacht(uur: int, aantal: int) -> None:
    """From six in the morning Dutch summer time (4 UTC); 22 UTC is the next day here, at midnight."""
    met_overzicht(Rol.BEHANDELAAR)
    maak_ingediend(open_tijdvak())
    assert dagoverzicht_versturen(op=OCHTEND.replace(hour=uur)) == aantal


def test_de_opdracht() -> None:
    met_overzicht(Rol.BEHANDELAAR)
    maak_ingediend(open_tijdvak())
    uit = StringIO()
    call_command("dagoverzicht", op=date(2026, 4, 13), stdout=uit)
    call_command("dagoverzicht", "--op", "2026-04-13", stdout=uit)
    assert uit.getvalue() == "Klaargezet: 1 e-mails.\nKlaargezet: 0 e-mails.\n"
