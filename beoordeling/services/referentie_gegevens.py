"""What the rules of the reference check look at, taken from the database."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from aanvragen.contactgegevens import adres_genormaliseerd, eigen_domein, mail_genormaliseerd, maildomein
from aanvragen.enums import Referentiestatus, Registerstand
from aanvragen.models import Aanvraag, Adviseur, Organisatie, Referentie
from beoordeling.models import Referentieantwoord
from beoordeling.referentie.kring import Kenmerken, kring
from beoordeling.referentie.namen import normaliseer
from beoordeling.referentie.regels import Antwoord, Invoer, Partij, Register
from kern.enums import Rol
from kern.models import Roltoekenning

_BEOORDEELT = (Rol.BEOORDELAAR, Rol.VOORZITTER, Rol.SECRETARIS, Rol.BEHANDELAAR, Rol.BESLISSER)
#: Was never asked, or no longer counts: says nothing about who vouches for whom.
_TELT_NIET = (Referentiestatus.CONCEPT, Referentiestatus.INGETROKKEN, Referentiestatus.GEBLOKKEERD)
_IN_REGISTER = (Registerstand.BEVESTIGD, Registerstand.AFWIJKEND, Registerstand.UITGESCHREVEN)


def invoer_van(referentie: Referentie, antwoord: Antwoord | None = None) -> Invoer:
    """The inputs of every rule for this reference."""
    return Invoer(
        referent=_referent(referentie),
        adviseur=_adviseur(referentie.adviseur),
        aanvrager=_aanvrager(referentie.aanvraag),
        beoordelaars=frozenset(
            Roltoekenning.objects.filter(rol__in=_BEOORDEELT, ingetrokken_op=None)
            .order_by()
            .values_list("gebruiker__email", flat=True)
        ),
        adviseurs_van_referent=len(_adviseurs_van(referentie)),
        kring=_kring(referentie),
        opdracht_tot=referentie.opdracht_tot,
        register=_register(referentie.kvk_nummer),
        antwoord=antwoord,
    )


def _referent(referentie: Referentie) -> Partij:
    return Partij(
        namen=(referentie.contactpersoon,),
        emails=frozenset({referentie.email}),
        telefoons=frozenset({referentie.telefoon}),
        organisatie=referentie.organisatie,
        kvk_nummers=frozenset({referentie.kvk_nummer} - {""}),
        ibans=_ibans(referentie.kvk_nummer),
        adressen=_adressen(referentie.kvk_nummer),
    )


def _adviseur(adviseur: Adviseur | None) -> Partij:
    if adviseur is None:
        return Partij()
    kvk = adviseur.bureau.kvk_nummer if adviseur.bureau else ""
    return Partij(
        namen=(adviseur.naam,),
        emails=frozenset({adviseur.email} - {""}),
        telefoons=frozenset({adviseur.telefoon}),
        organisatie=adviseur.bureau.naam if adviseur.bureau else "",
        kvk_nummers=frozenset({kvk} - {""}),
        ibans=_ibans(kvk),
        adressen=_adressen(kvk),
    )


def _aanvrager(aanvraag: Aanvraag) -> Partij:
    """The contact person and everybody who may act for the applicant."""
    organisatie = aanvraag.organisatie
    mensen = list(
        organisatie.machtigingen.filter(ingetrokken_op=None)
        .order_by("pk")
        .values_list("gebruiker__naam", "gebruiker__email")
    )
    return Partij(
        namen=tuple(dict.fromkeys([aanvraag.contactpersoon, *(naam for naam, _ in mensen)])),
        emails=frozenset({aanvraag.contact_email, *(email for _, email in mensen)} - {""}),
        telefoons=frozenset({aanvraag.contact_telefoon}),
        organisatie=organisatie.naam,
        kvk_nummers=frozenset({organisatie.kvk_nummer}),
        ibans=_ibans(organisatie.kvk_nummer) | frozenset({aanvraag.iban} - {""}),
        adressen=_adressen(organisatie.kvk_nummer),
    )


def _ibans(kvk: str) -> frozenset[str]:
    """Account numbers that the organisation with this KvK number used in applications."""
    rijen = Aanvraag.objects.filter(organisatie__kvk_nummer=kvk).exclude(iban="").order_by() if kvk else None
    return frozenset(rijen.values_list("iban", flat=True)) if rijen is not None else frozenset()


def _adressen(kvk: str) -> frozenset[str]:
    organisatie = Organisatie.objects.filter(kvk_nummer=kvk).prefetch_related("vestigingen").first() if kvk else None
    if organisatie is None:
        return frozenset()
    plekken: list[Any] = [organisatie, *organisatie.vestigingen.all()]
    return frozenset(adres_genormaliseerd(plek.straat, plek.postcode) for plek in plekken) - {""}


def _register(kvk: str) -> Register | None:
    """What the trade register said of this organisation, where somebody asked."""
    organisatie = Organisatie.objects.filter(kvk_nummer=kvk, register_stand__in=_IN_REGISTER).first() if kvk else None
    if organisatie is None:
        return None
    begin = organisatie.register_gegevens.get("ingeschreven_op")
    return Register(
        actief=organisatie.register_stand != Registerstand.UITGESCHREVEN,
        ingeschreven_op=date.fromisoformat(begin) if begin else None,
    )


def _adviseurs_van(referentie: Referentie) -> set[str]:
    """The advisers that this referee (by mailbox) was named for, one per e-mail address."""
    eigen = mail_genormaliseerd(referentie.email)
    rijen = (
        Referentie.objects.filter(email__iendswith=f"@{maildomein(referentie.email)}", adviseur__isnull=False)
        .exclude(status__in=_TELT_NIET)
        .order_by()
        .values_list("email", "adviseur__email", "adviseur_id")
        .distinct()
    )
    bekend = {adviseur or str(pk) for email, adviseur, pk in rijen if mail_genormaliseerd(email) == eigen}
    adviseur = referentie.adviseur
    return bekend | ({adviseur.email or str(adviseur.pk)} if adviseur else set())


def _kenmerken(kvk: str | None, email: str, naam: str) -> Kenmerken:
    """By what an organisation is known: KvK number and own mail domain, else the mailbox, else the name."""
    domein = eigen_domein(email)
    gevonden = {f"kvk:{kvk}" if kvk else "", f"domein:{domein}" if domein else ""} - {""}
    if not gevonden:
        gevonden = {f"mail:{mail_genormaliseerd(email)}"} if email else {f"naam:{normaliseer(naam)}"}
    return frozenset(gevonden)


def _kring(referentie: Referentie) -> int | None:
    if referentie.adviseur is None:
        return None
    rijen = (
        Referentie.objects.filter(adviseur__isnull=False)
        .exclude(status__in=[*_TELT_NIET, Referentiestatus.NIET_BEVESTIGD])
        .exclude(pk=referentie.pk)
        .order_by()
        .values_list(
            "adviseur__bureau__kvk_nummer", "adviseur__email", "adviseur__naam", "kvk_nummer", "email", "organisatie"
        )
        .distinct()
    )
    adviseur, bureau = referentie.adviseur, referentie.adviseur.bureau
    return kring(
        [(_kenmerken(*rij[:3]), _kenmerken(*rij[3:])) for rij in rijen],
        _kenmerken(bureau.kvk_nummer if bureau else "", adviseur.email, adviseur.naam),
        _kenmerken(referentie.kvk_nummer, referentie.email, referentie.organisatie),
    )


def andere_teksten(referentie: Referentie) -> list[tuple[str, str]]:
    """(mark of the application, what the adviser did) of other answers in this round or about this adviser."""
    zelfde = Q(verzoek__referentie__aanvraag__tijdvak_id=referentie.aanvraag.tijdvak_id)
    if referentie.adviseur is not None:
        zelfde |= Q(verzoek__referentie__adviseur=referentie.adviseur)
    rijen = (
        Referentieantwoord.objects.filter(zelfde)
        .exclude(verzoek__referentie=referentie)
        .order_by("pk")
        .values_list("verzoek__referentie__aanvraag__kenmerk", "antwoorden__werk")
    )
    return [(kenmerk, werk) for kenmerk, werk in rijen if werk]
