"""Earlier de-minimis aid: what was declared, our own register of grants, and the test on the day of the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from aanvragen.deminimis import Steun, Steunsom, jaren_terug
from aanvragen.enums import TOEGEKEND, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Organisatie
from aanvragen.omvang import een_onderneming
from aanvragen.selectors import ondernemingen_rond
from aanvragen.termijn import AMSTERDAM, beslistermijn
from aanvragen.toetsen_onderneming import Steunbeeld, steun_van
from kern.fouten import OvergangFout
from kern.geld import euro

#: Grants of which the right arose, whatever happened after, except a withdrawal to the day of the grant.
_VERLEEND = TOEGEKEND - {Status.GESELECTEERD}


def eigen_steun(kvk_nummers: Sequence[str], *, na: date, behalve: Aanvraag) -> list[Steun]:
    """De-minimis grants in this system to these companies after a day; settled ones for the settled amount (R63)."""
    rijen = (
        Aanvraag.objects.filter(
            organisatie__kvk_nummer__in=list(kvk_nummers), status__in=_VERLEEND, besloten_op__date__gt=na
        )
        .exclude(pk=behalve.pk)
        .select_related("tijdvak__regelingversie__regeling", "organisatie")
        .order_by("besloten_op", "pk")
    )
    groepen = Aanvraag.objects.filter(
        deelnemers__kvk_nummer__in=list(kvk_nummers), status__in=_VERLEEND, besloten_op__date__gt=na
    ).exclude(pk__in=[behalve.pk, *(rij.pk for rij in rijen)])
    lid_van = groepen.select_related("tijdvak__regelingversie__regeling", "organisatie").distinct()
    uit = []
    for rij in [*rijen, *lid_van.order_by("besloten_op", "pk")]:
        vol = rij.toegekend_bedrag if rij.vastgesteld_bedrag is None else rij.vastgesteld_bedrag
        bedrag = eigen_deel(rij, vol or Decimal(0), kvk_nummers)
        moment = rij.verzonden_op or rij.besloten_op
        spec = rij.tijdvak.spec
        if bedrag and moment and spec.subsidie.staatssteun == "de-minimis":
            wie = f"{spec.regeling.uitvoerder}, {rij.kenmerk}"
            uit.append(Steun(rij.organisatie.naam, wie, moment.astimezone(AMSTERDAM).date(), bedrag, eigen=True))
    return uit


def eigen_deel(aanvraag: Aanvraag, bedrag: Decimal, kvk_nummers: Sequence[str]) -> Decimal:
    """What of ``bedrag`` goes to these companies: all of it, or in a group whose members have amounts of their own what
    was for them; after a lower decision in proportion. From the grant on every member has an amount of its own."""
    groep = aanvraag.tijdvak.spec.aanvrager.consortium
    if groep is None or not groep.bedrag_per_deelnemer or not aanvraag.gevraagd_bedrag:
        return bedrag
    leden = list(aanvraag.deelnemers.filter(kvk_nummer__in=list(kvk_nummers)))
    if any(lid.toegekend_bedrag is not None for lid in leden):
        return sum((lid.ruimte for lid in leden), Decimal(0))
    deel = sum((lid.bedrag or Decimal(0) for lid in leden), Decimal(0))
    return (bedrag * deel / aanvraag.gevraagd_bedrag).quantize(Decimal("0.01"))


def verwachte_verlening(aanvraag: Aanvraag, op: datetime) -> date:
    """The day to count back from: of the decision, else the legal date for it, or today when that has passed."""
    if moment := aanvraag.verzonden_op or aanvraag.besloten_op:
        return moment.astimezone(AMSTERDAM).date()
    tijdvak, vandaag = aanvraag.tijdvak, op.astimezone(AMSTERDAM).date()
    uiterlijk = aanvraag.beslissen_uiterlijk_op or (
        beslistermijn(
            spec=tijdvak.spec, methode=tijdvak.methode, ingediend_op=op, sluit_op=tijdvak.sluit_op
        ).laatste_dag
    )
    return max(uiterlijk, vandaag)


def steunbeeld(aanvraag: Aanvraag, verleend_op: date) -> Steunbeeld:
    """Everything about earlier aid of the single undertaking, to count back from ``verleend_op``."""
    organisatie = aanvraag.organisatie
    verbonden = een_onderneming(ondernemingen_rond(organisatie))
    nummers = [organisatie.kvk_nummer, *(deel.kvk_nummer for deel in verbonden if deel.kvk_nummer)]
    return Steunbeeld(
        verleend_op=verleend_op,
        opgegeven=[Steun(r.onderneming, r.verlener, r.verleend_op, r.bedrag) for r in aanvraag.de_minimis.all()],
        eigen=eigen_steun(nummers, na=jaren_terug(verleend_op), behalve=aanvraag),
        ondernemingen=[organisatie.naam, *(deel.naam for deel in verbonden)],
    )


def steun_nu(aanvraag: Aanvraag, op: datetime, *, nieuw: Decimal | None = None) -> Steunsom | None:
    """The rolling sum as it stands; ``None`` when the scheme does not ask, or nothing was declared yet."""
    spec = aanvraag.tijdvak.spec
    if spec.subsidie.staatssteun != "de-minimis":
        return None
    beeld = steunbeeld(aanvraag, verwachte_verlening(aanvraag, op))
    bedrag = aanvraag.gevraagd_bedrag or Decimal("0.00") if nieuw is None else nieuw
    bedrag = eigen_deel(aanvraag, bedrag, [aanvraag.organisatie.kvk_nummer])
    return steun_van(beeld, aanvraag.antwoorden, bedrag, spec.subsidie.de_minimis_maximum)


def eis_steunruimte(aanvraag: Aanvraag, op: datetime) -> None:
    """The test again on the day of the decision, with what was granted since (R68). Call inside the transaction.

    The organisations of the undertaking are locked, so that two grants at the same moment cannot both pass. An officer
    who judged this same outcome keeps the last word.
    """
    spec = aanvraag.tijdvak.spec
    toets = aanvraag.toetsen.filter(code="de_minimis").first()
    if spec.subsidie.staatssteun != "de-minimis" or toets is None:
        return
    verbonden = een_onderneming(ondernemingen_rond(aanvraag.organisatie))
    nummers = [aanvraag.organisatie.kvk_nummer, *(deel.kvk_nummer for deel in verbonden if deel.kvk_nummer)]
    list(Organisatie.objects.select_for_update().filter(kvk_nummer__in=nummers).order_by("pk").values_list("pk"))
    beeld = steunbeeld(aanvraag, op.astimezone(AMSTERDAM).date())
    bedrag = eigen_deel(aanvraag, aanvraag.toegekend_bedrag or Decimal("0.00"), nummers)
    som = steun_van(beeld, aanvraag.antwoorden, bedrag, spec.subsidie.de_minimis_maximum)
    if som is None or som.past or (toets.oordeel == Toetsuitkomst.VOLDOET and toets.uitkomst != Toetsuitkomst.VOLDOET):
        return
    raise OvergangFout(
        f"Met deze verlening krijgt de onderneming in drie jaar {euro(som.totaal)} de-minimissteun; "
        f"hoogstens {euro(som.maximum)} mag.",
        actie="Bekijk de eerdere steun op de pagina van de zaak. Verlenen kan niet.",
        code="de-minimis-vol",
    )
