"""Changing contact data after sending: trail, inbox, and a word to the old address."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from aanvragen.enums import Correspondentie
from aanvragen.models import Aanvraag, Organisatie, Postbusbericht
from aanvragen.services.contact import Contactgegevens, contact_wijzigbaar, contact_wijzigen
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Bericht, LogRegel
from kern.services.spoor import keten_van
from tests.factories.portaal_aanvrager import aanvrager, begonnen, rijk_tijdvak, verstuurd
from tests.factories.ronde import NA, maak_gebruiker

pytestmark = pytest.mark.django_db
OUD = Contactgegevens("Sanne Proef", "sanne@proef.example", "", Correspondentie.DIGITAAL)
NIEUW = Contactgegevens("Noor Nieuw", "noor@proef.example", "010 123 45 67", Correspondentie.DIGITAAL)


class Zaak:
    def __init__(self) -> None:
        self.gebruiker, self.organisatie = aanvrager()
        self.aanvraag = verstuurd(rijk_tijdvak(), self.organisatie, self.gebruiker)
        self.eerder = set(Bericht.objects.values_list("sleutel", flat=True))

    def wijzig(self, nieuw: Contactgegevens = NIEUW, **anders) -> Aanvraag:
        return contact_wijzigen(
            **{"aanvraag": self.aanvraag, "nieuw": nieuw, "actor": self.gebruiker, "op": NA, **anders}
        )

    def berichten(self) -> list[Postbusbericht]:
        """What came in the inbox after the receipt."""
        return list(Postbusbericht.objects.exclude(sleutel__startswith="ontvangst-"))

    def post(self) -> dict[str, str]:
        """E-mail after the receipt: address → subject."""
        return {b.aan: b.onderwerp for b in Bericht.objects.exclude(sleutel__in=self.eerder)}

    def spoor(self) -> list[LogRegel]:
        return list(LogRegel.objects.filter(keten=keten_van(self.aanvraag), handeling="contact_wijzigen"))


@pytest.fixture
def zaak() -> Zaak:
    return Zaak()


def velden(aanvraag: Aanvraag) -> Contactgegevens:
    vers = Aanvraag.objects.get(pk=aanvraag.pk)
    return Contactgegevens(vers.contactpersoon, vers.contact_email, vers.contact_telefoon, vers.correspondentie)


def test_new_data_with_old_and_new_in_the_trail(zaak):
    assert velden(zaak.aanvraag) == OUD
    verstuurde_inhoud = zaak.aanvraag.inhoud_sha256
    zaak.wijzig()
    assert velden(zaak.aanvraag) == NIEUW
    (regel,) = zaak.spoor()
    assert (regel.actor, regel.op, regel.gegevens) == (
        zaak.gebruiker,
        NA,
        {
            "contactpersoon": ["Sanne Proef", "Noor Nieuw"],
            "contact_email": ["sanne@proef.example", "noor@proef.example"],
            "contact_telefoon": ["", "010 123 45 67"],
        },
    )
    assert Aanvraag.objects.get(pk=zaak.aanvraag.pk).inhoud_sha256 == verstuurde_inhoud


def test_inbox_new_address_and_old_address_hear_it(zaak):
    with translation.override("en"):
        zaak.wijzig()
    (bericht,) = zaak.berichten()
    assert bericht.onderwerp == f"De contactgegevens van aanvraag {zaak.aanvraag.kenmerk} zijn gewijzigd"
    assert "is gewijzigd: het e-mailadres, het telefoonnummer, de contactpersoon." in bericht.tekst
    er_is_een_bericht = "Er staat een bericht voor u klaar in Stimulans"
    assert zaak.post() == {
        zaak.gebruiker.email: er_is_een_bericht,
        "noor@proef.example": er_is_een_bericht,
        "sanne@proef.example": f"U krijgt geen berichten meer over aanvraag {zaak.aanvraag.kenmerk}",
    }


def test_other_changes_do_not_write_to_the_same_address_twice(zaak):
    zaak.wijzig(replace(OUD, contact_telefoon="06 12345678"))
    assert set(zaak.post()) == {"sanne@proef.example", zaak.gebruiker.email}
    assert Bericht.objects.exclude(sleutel__in=zaak.eerder).count() == 2


def test_nothing_changed_nothing_happens(zaak):
    zaak.wijzig(OUD)
    assert (zaak.spoor(), zaak.berichten(), zaak.post()) == ([], [], {})


def test_post_needs_an_address(zaak):
    per_post = replace(OUD, correspondentie=Correspondentie.POST)
    with pytest.raises(InvoerFout) as fout:
        zaak.wijzig(per_post)
    assert (fout.value.code, fout.value.veld) == ("postadres-ontbreekt", "correspondentie")
    assert velden(zaak.aanvraag) == OUD
    Organisatie.objects.filter(pk=zaak.organisatie.pk).update(straat="Straat 1", postcode="1234 AB", plaats="Voorbeeld")
    zaak.wijzig(per_post)
    assert velden(zaak.aanvraag) == per_post
    assert [bericht.per_post for bericht in zaak.berichten()] == [True]


@pytest.mark.parametrize(("veld", "leeg"), [("contactpersoon", " "), ("contact_email", "")])
def test_name_and_address_are_needed(zaak, veld, leeg):
    with pytest.raises(InvoerFout) as fout:
        zaak.wijzig(replace(NIEUW, **{veld: leeg}))
    assert fout.value.veld == veld


def test_only_who_acts_for_the_applicant(zaak):
    with pytest.raises(RechtenFout):
        zaak.wijzig(actor=maak_gebruiker())
    assert velden(zaak.aanvraag) == OUD


def test_a_draft_is_changed_in_the_form_itself():
    gebruiker, organisatie = aanvrager()
    concept = begonnen(rijk_tijdvak(), organisatie, gebruiker)
    assert not contact_wijzigbaar(concept)
    with pytest.raises(OvergangFout):
        contact_wijzigen(aanvraag=concept, nieuw=NIEUW, actor=gebruiker, op=NA)
