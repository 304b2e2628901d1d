"""People and roles: one address one person, a role in force once, everything in the trail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from kern.enums import Rol
from kern.fouten import InvoerFout, RechtenFout
from kern.models import Gebruiker, LogRegel, Roltoekenning
from kern.rechten import eis_rol, heeft_rol
from kern.services.gebruikers import gebruiker_aanmaken, rol_intrekken, rol_toekennen

OP = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def maak(email: str = "iemand@proef.example", *, actor: Gebruiker | None = None) -> Gebruiker:
    return gebruiker_aanmaken(email=email, naam="Iemand", wachtwoord="geheim-genoeg-1", op=OP, actor=actor)


def test_een_nieuwe_gebruiker_kan_inloggen_en_heeft_geen_rol() -> None:
    beheerder = maak("beheer@proef.example")
    gebruiker = maak("Iemand@Proef.Example", actor=beheerder)
    assert (gebruiker.email, str(gebruiker)) == ("iemand@proef.example", "Iemand")
    assert gebruiker.check_password("geheim-genoeg-1")
    assert gebruiker.password != "geheim-genoeg-1"
    assert (gebruiker.rollen, gebruiker.is_medewerker, gebruiker.is_superuser) == (frozenset(), False, False)
    regel = LogRegel.objects.get(keten=f"gebruiker:{gebruiker.pk}")
    assert (regel.handeling, regel.actor, regel.gegevens) == ("gebruiker_aanmaken", beheerder, {})


def test_zonder_wachtwoord_kan_niemand_inloggen() -> None:
    gebruiker = gebruiker_aanmaken(email="staf@proef.example", naam="Staf", wachtwoord=None, op=OP)
    assert gebruiker.has_usable_password() is False
    assert gebruiker.check_password("") is False


@pytest.mark.parametrize("email", ["iemand@proef.example", "IEMAND@proef.example", "Iemand@Proef.Example"])
def test_een_adres_is_van_een_persoon(email: str) -> None:
    maak()
    with pytest.raises(InvoerFout, match="Er is al een gebruiker met dit e-mailadres."):
        maak(email)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gebruiker.objects.create(email=email, naam="Dubbel")
    assert Gebruiker.objects.count() == 1


def test_een_rol_geldt_meteen_en_een_keer() -> None:
    beheerder, gebruiker = maak("beheer@proef.example"), maak()
    rol_toekennen(gebruiker=beheerder, rol=Rol.BEHEERDER, op=OP, actor=None)
    assert gebruiker.rollen == frozenset()
    eerste = rol_toekennen(gebruiker=gebruiker, rol=Rol.NOTARIS, op=OP, actor=beheerder)
    assert rol_toekennen(gebruiker=gebruiker, rol=Rol.NOTARIS, op=OP, actor=None) == eerste
    assert (gebruiker.rollen, gebruiker.is_medewerker) == (frozenset({"notaris"}), True)
    regels = LogRegel.objects.filter(keten=f"gebruiker:{gebruiker.pk}", handeling="rol_toekennen")
    assert [(regel.gegevens, regel.actor) for regel in regels] == [({"rol": "notaris"}, beheerder)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Roltoekenning.objects.create(gebruiker=gebruiker, rol=Rol.NOTARIS)


def test_een_ingetrokken_rol_geldt_niet_en_kan_terugkomen() -> None:
    gebruiker = maak()
    eerste = rol_toekennen(gebruiker=gebruiker, rol=Rol.NOTARIS, op=OP, actor=None)
    Roltoekenning.objects.filter(pk=eerste.pk).update(ingetrokken_op=OP)
    nu = Gebruiker.objects.get(pk=gebruiker.pk)
    assert nu.rollen == frozenset()
    assert rol_toekennen(gebruiker=nu, rol=Rol.NOTARIS, op=OP, actor=None) != eerste
    assert nu.rollen == frozenset({"notaris"})


def test_wie_niet_actief_is_heeft_geen_rollen() -> None:
    gebruiker = maak()
    rol_toekennen(gebruiker=gebruiker, rol=Rol.BEHEERDER, op=OP, actor=None)
    Gebruiker.objects.filter(pk=gebruiker.pk).update(is_active=False)
    assert Gebruiker.objects.get(pk=gebruiker.pk).rollen == frozenset()


def test_een_rol_eisen() -> None:
    gebruiker = maak()
    rol_toekennen(gebruiker=gebruiker, rol=Rol.FINANCIEEL, op=OP, actor=None)
    eis_rol(gebruiker, Rol.BEHEERDER, Rol.FINANCIEEL)
    eis_rol(None, Rol.BEHEERDER)  # the system itself
    with pytest.raises(RechtenFout) as fout:
        eis_rol(gebruiker, Rol.BESLISSER, Rol.BEHEERDER)
    assert str(fout.value) == (
        "Dit mag alleen een beslisser of beheerder. Vraag een collega met deze rol om het te doen."
    )
    assert heeft_rol(Rol.FINANCIEEL)(gebruiker) is True
    assert heeft_rol(Rol.BESLISSER)(gebruiker) is False


def test_een_superuser_heeft_geen_rol_van_de_regeling() -> None:
    """Technical management does not decide on subsidies."""
    gebruiker = Gebruiker.objects.create_superuser("root@proef.example", "geheim-genoeg-1", naam="Root")
    with pytest.raises(RechtenFout):
        eis_rol(gebruiker, Rol.BESLISSER)


def test_rollen_die_niet_samengaan_en_zichzelf_een_rol_geven() -> None:
    """Four eyes need two heads: nobody makes himself the second signatory."""
    beheerder, gebruiker = maak("beheer@proef.example"), maak()
    rol_toekennen(gebruiker=beheerder, rol=Rol.BEHEERDER, op=OP, actor=None)
    with pytest.raises(RechtenFout, match="U kunt uzelf geen rol geven"):
        rol_toekennen(gebruiker=beheerder, rol=Rol.BESLISSER, op=OP, actor=beheerder)
    rol_toekennen(gebruiker=gebruiker, rol=Rol.BEHANDELAAR, op=OP, actor=beheerder)
    for rol in (Rol.NOTARIS, Rol.FINANCIEEL, Rol.AUDITOR):
        with pytest.raises(RechtenFout, match="gaat niet samen met Behandelaar"):
            rol_toekennen(gebruiker=gebruiker, rol=rol, op=OP, actor=beheerder)
    rol_intrekken(gebruiker=gebruiker, rol=Rol.BEHANDELAAR, op=OP, actor=beheerder)
    rol_toekennen(gebruiker=gebruiker, rol=Rol.NOTARIS, op=OP, actor=beheerder)
    assert gebruiker.rollen == frozenset({"notaris"})
    regels = LogRegel.objects.filter(keten=f"gebruiker:{gebruiker.pk}").order_by("volgnr")
    assert [regel.handeling for regel in regels] == [
        "gebruiker_aanmaken",
        "rol_toekennen",
        "rol_intrekken",
        "rol_toekennen",
    ]
