"""Finding interests and recording them: what is known of people and applications is laid side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from aanvragen.contactgegevens import adres_genormaliseerd, eigen_domein, mail_genormaliseerd
from aanvragen.inhoud import adres_als_verstuurd, verstuurd_mailadres
from aanvragen.models import Aanvraag, Machtiging
from aanvragen.selectors import van_kracht
from beoordeling.belangen import Lidfeiten, Zaakfeiten, vind_belangen
from beoordeling.enums_commissie import LEVEND, Belangbron, Belangsoort, Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Belang, Commissielid, Toewijzing
from beoordeling.selectors_commissie import TE_BEOORDELEN, leden_op
from beoordeling.toewijzing.vormen import Voortgang, stil
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: States in which scores are open and nothing is final yet.
NAAR_VERGADERING = (Stand.CONSISTENT, Stand.DIVERGENT, Stand.BESPREKING, Stand.DERDE_BEOORDELAAR)
_BETROKKEN = ("organisatie", "adviseur__bureau")
_BIJ = ("referenties", "deelnemers", "organisatie__verbonden", "organisatie__machtigingen__gebruiker")

#: KvK number → own domains of e-mail of who may act for that organisation.
Domeinen = Mapping[str, frozenset[str]]


def domeinen_van_groep(aanvragen: Iterable[Aanvraag]) -> Domeinen:
    """Of the members of groups that apply together, as far as we know their organisations; one query."""
    kvk = {deel.kvk_nummer for aanvraag in aanvragen for deel in aanvraag.deelnemers.all()}
    if not kvk:
        return {}
    uit: dict[str, set[str]] = defaultdict(set)
    rijen = Machtiging.objects.filter(organisatie__kvk_nummer__in=kvk, ingetrokken_op=None)
    for nummer, email in rijen.values_list("organisatie__kvk_nummer", "gebruiker__email"):
        uit[nummer].add(eigen_domein(email))
    return {nummer: frozenset(domeinen) for nummer, domeinen in uit.items()}


def zaakfeiten(aanvraag: Aanvraag, groep: Domeinen, *, nu: bool = False) -> Zaakfeiten:
    """What an application tells about who is involved, the members of a group that applies together included.
    Prefetch ``_BETROKKEN`` and ``_BIJ`` for many.

    Contact, address and enterprises of the group are those that were sent or were there when it was complete, or an
    applicant could send a strict assessor away by changing them; ``nu``: as they stand now.
    """
    organisatie, adviseur = aanvraag.organisatie, aanvraag.adviseur
    email = aanvraag.contact_email if nu else verstuurd_mailadres(aanvraag)
    vol = None if nu else aanvraag.volledig_op
    verbonden = [v.kvk_nummer for v in organisatie.verbonden.all() if vol is None or v.toegevoegd_op <= vol]
    adres = adres_genormaliseerd(organisatie.straat, organisatie.postcode)
    referenties = list(aanvraag.referenties.all())
    leden = [deel.kvk_nummer for deel in aanvraag.deelnemers.all()]
    gemachtigden = [m.gebruiker.email for m in organisatie.machtigingen.all() if m.ingetrokken_op is None]
    return Zaakfeiten(
        organisatie=organisatie.pk,
        naam=organisatie.naam,
        kvk=frozenset({organisatie.kvk_nummer, *leden, *verbonden} - {""}),
        adres=adres if nu or adres_als_verstuurd(aanvraag) else "",
        domeinen=frozenset({eigen_domein(mail) for mail in [email, *gemachtigden]} - {""}).union(
            *(groep.get(kvk, frozenset()) for kvk in leden)
        ),
        adviseurs=frozenset({mail_genormaliseerd(adviseur.email)} if adviseur and adviseur.email else set()),
        adviseur_kvk=frozenset({adviseur.bureau.kvk_nummer} if adviseur and adviseur.bureau else set()),
        referenten=frozenset(mail_genormaliseerd(r.email) for r in referenties),
        referent_kvk=frozenset({r.kvk_nummer for r in referenties} - {""}),
    )


def lidfeiten(leden: Sequence[Commissielid], op: datetime) -> list[Lidfeiten]:
    """The same of members, in order; a constant number of queries."""
    personen = [lid.gebruiker_id for lid in leden]
    machtigt: dict[int, dict[object, str]] = defaultdict(dict)
    rijen = Machtiging.objects.filter(van_kracht(), gebruiker__in=personen)
    for persoon, organisatie, kvk in rijen.values_list("gebruiker", "organisatie", "organisatie__kvk_nummer"):
        machtigt[persoon][organisatie] = kvk
    adviseerde: dict[str, set[object]] = defaultdict(set)
    eerder = Aanvraag.objects.filter(adviseur__email__in=[lid.gebruiker.email for lid in leden])
    for email, organisatie in eerder.order_by().values_list("adviseur__email", "organisatie").distinct():
        adviseerde[email.lower()].add(organisatie)
    samen: dict[int, dict[str, str]] = defaultdict(dict)
    for lid in Commissielid.objects.filter(pk__in=[lid.pk for lid in leden]).prefetch_related("samenwerkingen"):
        samen[lid.pk] = {rij.kvk_nummer: rij.toelichting for rij in lid.samenwerkingen.all()}
    return [
        Lidfeiten(
            email=lid.gebruiker.email,
            kvk=lid.kvk_nummer,
            adres=adres_genormaliseerd(lid.straat, lid.postcode),
            samenwerkingen=samen[lid.pk],
            organisaties=frozenset(machtigt[lid.gebruiker_id]),
            machtigt_kvk=frozenset(machtigt[lid.gebruiker_id].values()),
            adviseerde=frozenset(adviseerde[lid.gebruiker.email.lower()]),
        )
        for lid in leden
    ]


def belangen_zoeken(
    *,
    leden: Sequence[Commissielid],
    aanvragen: Iterable[Aanvraag],
    op: datetime,
    actor: Gebruiker | None,
    voortgang: Voortgang = stil,
) -> list[Belang]:
    """Looks at every pair and records what is new. What a person lifted before stays lifted. Returns the new ones."""
    pks = [aanvraag.pk for aanvraag in aanvragen]
    bekend = set(Belang.objects.filter(aanvraag__in=pks).values_list("aanvraag", "gebruiker", "soort"))
    feiten = list(zip(leden, lidfeiten(leden, op), strict=True))
    nieuw = []
    for begin in range(0, len(pks), 500):
        voortgang("belangen zoeken", begin / len(pks))
        rijen = Aanvraag.objects.filter(pk__in=pks[begin : begin + 500]).select_related(*_BETROKKEN)
        zaken = list(rijen.prefetch_related(*_BIJ).order_by("kenmerk"))
        groep = domeinen_van_groep(zaken)
        for aanvraag in zaken:
            zaak = zaakfeiten(aanvraag, groep)
            for lid, feit in feiten:
                for soort, reden in vind_belangen(feit, zaak):
                    if (aanvraag.pk, lid.gebruiker_id, soort) not in bekend:
                        nieuw.append(maak_belang(aanvraag, lid, soort, Belangbron.CONTROLE, reden, op, None))
    with transaction.atomic():
        for belang in nieuw:
            leg_vast(belang, op=op, actor=actor)
    return nieuw


def aanvraag_nazien(aanvraag: Aanvraag, *, op: datetime, actor: Gebruiker | None) -> None:
    """Looks at one application for everybody of its committee: members, chair and secretary. Nothing without one."""
    leden = Commissielid.objects.filter(commissie__tijdvak=aanvraag.tijdvak_id).select_related("gebruiker")
    if rijen := list(leden.order_by("pk")):
        belangen_zoeken(leden=rijen, aanvragen=[aanvraag], op=op, actor=actor)


def lid_nazien(lid: Commissielid, *, op: datetime, actor: Gebruiker | None) -> None:
    """Looks at one person for every application that the committee looks at or looked at."""
    rijen = Aanvraag.objects.filter(
        Q(status__in=TE_BEOORDELEN) | Q(beoordelingsstand__isnull=False), tijdvak=lid.commissie.tijdvak_id
    )
    belangen_zoeken(leden=[lid], aanvragen=rijen.only("pk"), op=op, actor=actor)


@dataclass(frozen=True)
class Signaal:
    """Something that may be an interest of this member; for chair or secretary to judge."""

    lid: Commissielid
    reden: str


def mogelijke_belangen(aanvraag: Aanvraag, *, op: datetime) -> list[Signaal]:
    """What only follows from what the applicant changed after sending, for members without an interest on record."""
    leden = list(leden_op(aanvraag.tijdvak.commissie, timezone.localdate(op)))
    rij = Aanvraag.objects.filter(pk=aanvraag.pk).select_related(*_BETROKKEN).prefetch_related(*_BIJ).get()
    groep = domeinen_van_groep([rij])
    toen, nu = zaakfeiten(rij, groep), zaakfeiten(rij, groep, nu=True)
    if toen == nu:
        return []
    belangen = list(Belang.objects.filter(aanvraag=rij))
    dicht = {belang.gebruiker_id for belang in belangen if belang.opgeheven_op is None}
    bekend = {(belang.gebruiker_id, belang.soort) for belang in belangen}
    uit = []
    for lid, feit in zip(leden, lidfeiten(leden, op), strict=True):
        eerder = {soort for soort, _reden in vind_belangen(feit, toen)}
        for soort, reden in vind_belangen(feit, nu):
            if lid.gebruiker_id not in dicht and soort not in eerder and (lid.gebruiker_id, soort) not in bekend:
                uit.append(Signaal(lid, reden))
    return uit


def maak_belang(
    aanvraag: Aanvraag,
    lid: Commissielid,
    soort: Belangsoort,
    bron: Belangbron,
    reden: str,
    op: datetime,
    door: Gebruiker | None,
) -> Belang:
    return Belang(aanvraag=aanvraag, gebruiker=lid.gebruiker, soort=soort, bron=bron, reden=reden, op=op, door=door)


def leg_vast(belang: Belang, *, op: datetime, actor: Gebruiker | None) -> None:
    """Records an interest and ends the person's assignment of that application."""
    belang.save()
    log_schrijven(
        Logpost(
            keten=keten_van(belang.aanvraag),
            handeling="belang_vastleggen",
            op=op,
            actor=actor,
            gegevens={"lid": str(belang.gebruiker), "soort": belang.soort, "bron": belang.bron},
        )
    )
    levend = Toewijzing.objects.filter(
        aanvraag=belang.aanvraag, lid__gebruiker=belang.gebruiker, status__in=LEVEND
    ).exclude(status=Toewijzingstatus.VASTGESTELD)
    for toewijzing in levend.order_by("pk"):
        rij = overgang_toepassen(toewijzing, "belang_melden", actor=actor, op=op, reden=belang.reden)
        overgang_toepassen(rij, "vervallen", actor=actor, op=op, reden=belang.reden)
    stand = Aanvraagbeoordeling.objects.filter(aanvraag=belang.aanvraag, status__in=NAAR_VERGADERING).first()
    telde_mee = Toewijzing.objects.filter(
        aanvraag=belang.aanvraag, lid__gebruiker=belang.gebruiker, status=Toewijzingstatus.VASTGESTELD
    )
    if stand is not None and telde_mee.exists():  # scores that stand no longer count: the meeting decides
        overgang_toepassen(stand, "voorleggen", actor=actor, op=op, reden=belang.reden)
