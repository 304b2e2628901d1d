"""Reading applications: who sees which rows, and the figures of a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.module_loading import import_string

from aanvragen.enums import OPEN_VOOR_BEHANDELING, TOEGEKEND, Bron, Machtigingbereik, Status
from aanvragen.models import (
    Aanvraag,
    Adviseur,
    Certificaat,
    Deelnemer,
    Machtiging,
    Organisatie,
    Papieraanvulling,
    Postbusbericht,
    Postbuslezing,
    Verbonden,
)
from aanvragen.omvang import Onderneming
from kern.enums import Rol
from kern.models import Gebruiker
from regeling.enums import HOOFDPOT, Eenheid
from regeling.models import Plafond, Tijdvak

#: Staff roles that may read every case that was sent in.
LEZENDE_ROLLEN = frozenset({Rol.BEHANDELAAR, Rol.BESLISSER, Rol.FINANCIEEL, Rol.BEZWAARBEHANDELAAR, Rol.AUDITOR})
#: A paper application that an officer is typing: no business of the applicant's yet (R44).
PAPIER_IN_INVOER = Q(bron=Bron.PAPIER, status__in=[Status.CONCEPT, Status.VERLOPEN])
#: An answer on paper that an officer is typing, to a request that has no answer yet.
PAPIERAANVULLING_IN_INVOER = Q(verstuurd_op=None, gestopt_op=None, aanvulling__beantwoord_op=None)
NUL = Decimal("0.00")


#: What a mandate must cover at least → the scopes that do.
DEKT: dict[Machtigingbereik, tuple[Machtigingbereik, ...]] = {
    Machtigingbereik.LEZEN: (Machtigingbereik.LEZEN, Machtigingbereik.INVULLEN, Machtigingbereik.VOLLEDIG),
    Machtigingbereik.INVULLEN: (Machtigingbereik.INVULLEN, Machtigingbereik.VOLLEDIG),
    Machtigingbereik.VOLLEDIG: (Machtigingbereik.VOLLEDIG,),
}


def van_kracht() -> Q:
    """Mandates that were not withdrawn and have not ended; the last day still counts."""
    return Q(ingetrokken_op=None) & (Q(geldig_tot=None) | Q(geldig_tot__gte=timezone.localdate()))


def bevestigd_voor(organisatie: Any) -> QuerySet[Machtiging]:
    """Mandates that were ever established by more than the person's own word, also those that ended since."""
    return Machtiging.objects.filter(organisatie=organisatie, bevestigd_op__isnull=False)


def telt_mee() -> Q:
    """Mandates that count: established, or on one's own word while nobody's was ever established for the organisation
    (whoever registers a KvK number first does not keep it, and does not get it back)."""
    return Q(bevestigd_op__isnull=False) | Q(~Exists(bevestigd_voor(OuterRef("organisatie"))))


def machtigingen_van(gebruiker: Gebruiker, minstens: Machtigingbereik = Machtigingbereik.LEZEN) -> QuerySet[Machtiging]:
    """Mandates of the person that count today and cover at least ``minstens``."""
    if not gebruiker.is_authenticated:
        return Machtiging.objects.none()
    return Machtiging.objects.filter(van_kracht(), telt_mee(), gebruiker=gebruiker, bereik__in=DEKT[minstens])


def organisaties_van(
    gebruiker: Gebruiker, minstens: Machtigingbereik = Machtigingbereik.LEZEN
) -> QuerySet[Organisatie]:
    """Organisations for which the person has a mandate today."""
    mijn = machtigingen_van(gebruiker, minstens).filter(organisatie=OuterRef("pk"))
    return Organisatie.objects.filter(Exists(mijn)).order_by("naam")


def eigen_aanvragen(gebruiker: Gebruiker, minstens: Machtigingbereik = Machtigingbereik.LEZEN) -> QuerySet[Aanvraag]:
    """Applications that a mandate of the person covers: organisation, scheme and branch (R92).

    On one's own word only what came in through the portal: an application on paper may be of the real firm.
    """
    dekkend = machtigingen_van(gebruiker, minstens).filter(
        Q(regeling=None) | Q(regeling=OuterRef("tijdvak__regelingversie__regeling")),
        Q(vestigingsnummer="") | Q(vestigingsnummer=OuterRef("vestigingsnummer")),
        organisatie=OuterRef("organisatie"),
    )
    bevestigd = Exists(dekkend.filter(bevestigd_op__isnull=False))
    return Aanvraag.objects.filter(bevestigd | Q(Exists(dekkend), bron=Bron.PORTAAL)).exclude(PAPIER_IN_INVOER)


def eigen_deelnames(gebruiker: Gebruiker, minstens: Machtigingbereik = Machtigingbereik.LEZEN) -> QuerySet[Deelnemer]:
    """Members of granted groups that the person may act for: as the coordinator, whose mandate covers the application,
    or as the member itself. The latter only with a mandate that was confirmed: it is about somebody's money."""
    als_penvoerder = Q(aanvraag__in=eigen_aanvragen(gebruiker, minstens).order_by().values("pk"))
    return Deelnemer.objects.filter(als_penvoerder | _als_lid(gebruiker, minstens), toegekend_bedrag__isnull=False)


def _als_lid(gebruiker: Gebruiker, minstens: Machtigingbereik = Machtigingbereik.LEZEN) -> Exists:
    """Condition on members: the person has a confirmed mandate of that member."""
    return Exists(
        machtigingen_van(gebruiker, minstens).filter(
            Q(regeling=None) | Q(regeling=OuterRef("aanvraag__tijdvak__regelingversie__regeling")),
            bevestigd_op__isnull=False,
            vestigingsnummer="",
            organisatie__kvk_nummer=OuterRef("kvk_nummer"),
        )
    )


def deelnames_van_lid(gebruiker: Gebruiker) -> QuerySet[Deelnemer]:
    """Those in groups for which somebody else applied, newest first."""
    rijen = eigen_deelnames(gebruiker).exclude(aanvraag__in=eigen_aanvragen(gebruiker).order_by().values("pk"))
    return rijen.select_related("aanvraag").order_by("-aanvraag__gewijzigd_op", "pk")


def machtigingen_voor(gebruiker: Gebruiker, tijdvak: Tijdvak) -> QuerySet[Machtiging]:
    """Mandates under which the person can begin an application in this round."""
    regeling = tijdvak.regelingversie.regeling_id
    return (
        machtigingen_van(gebruiker, Machtigingbereik.INVULLEN)
        .filter(Q(regeling=None) | Q(regeling=regeling))
        .select_related("organisatie")
        .order_by("organisatie__naam", "pk")
    )


def onderneming_uit(rij: Verbonden) -> Onderneming:
    return Onderneming(
        sleutel=rij.pk,
        naam=rij.naam,
        relatie=rij.relatie,
        percentage=rij.percentage,
        personen=rij.werkzame_personen,
        omzet=rij.omzet,
        balans=rij.balanstotaal,
        via=rij.via_id,
        kvk_nummer=rij.kvk_nummer,
    )


def ondernemingen_rond(organisatie: Organisatie) -> list[Onderneming]:
    """Partner and linked enterprises of an organisation, as the computation of the group wants them."""
    return [onderneming_uit(rij) for rij in organisatie.verbonden.all()]


def als_aanvrager(gebruiker: Gebruiker) -> Q:
    """Applications in which the person has or had a part on the side of the applicant: began it, answers for it or sent
    it in the portal, or had any mandate (covering or not) of the organisation or of a member of its group at some
    moment since it was begun. Ending the mandate does not undo it."""
    ik = gebruiker.pk
    zelf = Q(ingediend_door=ik) | Q(aangemaakt_door=ik) | Q(verantwoordelijke=ik)
    deel = Aanvraag.objects.filter(zelf, bron=Bron.PORTAAL)
    organisatie = Aanvraag.objects.filter(
        Q(organisatie__machtigingen__ingetrokken_op=None)
        | Q(organisatie__machtigingen__ingetrokken_op__gte=F("aangemaakt_op")),
        Q(organisatie__machtigingen__geldig_tot=None)
        | Q(organisatie__machtigingen__geldig_tot__gte=F("aangemaakt_op__date")),
        organisatie__machtigingen__gebruiker=ik,
    )
    van_lid = Machtiging.objects.filter(
        Q(ingetrokken_op=None) | Q(ingetrokken_op__gte=OuterRef("aanvraag__aangemaakt_op")),
        Q(geldig_tot=None) | Q(geldig_tot__gte=OuterRef("aanvraag__aangemaakt_op__date")),
        gebruiker=ik,
        organisatie__kvk_nummer=OuterRef("kvk_nummer"),
    )
    leden = Deelnemer.objects.filter(Exists(van_lid))
    return (
        Q(pk__in=deel.order_by().values("pk"))
        | Q(pk__in=organisatie.order_by().values("pk"))
        | Q(pk__in=leden.order_by().values("aanvraag"))
    )


def afgeschermd_voor(gebruiker: Gebruiker) -> Q:
    """Applications that are shut off from this person as staff: who acts or acted for the applicant, or has an
    interest that a higher room knows (settings)."""
    uit = als_aanvrager(gebruiker)
    for pad in settings.AFGESCHERMD:
        uit |= Q(pk__in=import_string(pad)(gebruiker))
    return uit


def afgeschermde_aanvragen(gebruiker: Gebruiker) -> QuerySet[Any]:
    """Keys of what is shut off, for lists that start from something else than the application."""
    return Aanvraag.objects.filter(afgeschermd_voor(gebruiker)).order_by().values("pk")


def zaken_zichtbaar_voor(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """What the screens of staff show this person: sent in, and not shut off. The own applications are elsewhere."""
    rijen = Aanvraag.objects.select_related("tijdvak", "organisatie")
    if not gebruiker.is_authenticated or not gebruiker.rollen & LEZENDE_ROLLEN:
        return rijen.none()
    return rijen.exclude(status__in=[Status.CONCEPT, Status.VERLOPEN]).exclude(afgeschermd_voor(gebruiker))


def aanvragen_zichtbaar_voor(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """Rows the person may read at all: as staff, and what the own mandates cover."""
    rijen = Aanvraag.objects.select_related("tijdvak", "organisatie")
    if not gebruiker.is_authenticated:
        return rijen.none()
    uit = Q(pk__in=eigen_aanvragen(gebruiker).order_by().values("pk"))
    if gebruiker.rollen & LEZENDE_ROLLEN:
        uit |= Q(pk__in=papier_in_invoer(gebruiker).values("pk"))
        uit |= Q(pk__in=zaken_zichtbaar_voor(gebruiker).order_by().values("pk"))
    return rijen.filter(uit)


def emails_van(organisatie: Organisatie) -> frozenset[str]:
    """E-mail addresses of who may act for the organisation now."""
    geldig = organisatie.machtigingen.filter(ingetrokken_op=None)
    return frozenset(geldig.order_by().values_list("gebruiker__email", flat=True))


def certificaat_geldig(adviseur: Adviseur, op: datetime) -> bool:
    """Whether an officer approved a certificate of this person (by e-mail address) that is valid on that day."""
    eigen = Q(adviseur=adviseur)
    if adviseur.email:
        eigen |= Q(adviseur__email=adviseur.email)
    geldig = Q(geldig_tot=None) | Q(geldig_tot__gte=timezone.localtime(op).date())
    return Certificaat.objects.filter(eigen, geldig, goedgekeurd=True).exists()


def papier_in_invoer(gebruiker: Gebruiker) -> QuerySet[Aanvraag]:
    """Paper applications that this officer may go on typing: none of an organisation that the officer acts for."""
    rijen = Aanvraag.objects.filter(bron=Bron.PAPIER, status=Status.CONCEPT)
    if not gebruiker.is_authenticated or Rol.BEHANDELAAR not in gebruiker.rollen:
        return rijen.none()
    return rijen.exclude(organisatie__in=organisaties_van(gebruiker).order_by())


def papieraanvullingen_onderhanden(gebruiker: Gebruiker) -> QuerySet[Papieraanvulling]:
    """Answers on paper that were begun and neither sent nor stopped, of applicants that this officer does not act for.

    Also those that the applicant overtook by answering online: they cannot be sent any more, only stopped.
    """
    rijen = Papieraanvulling.objects.filter(verstuurd_op=None, gestopt_op=None)
    if not gebruiker.is_authenticated or Rol.BEHANDELAAR not in gebruiker.rollen:
        return rijen.none()
    return rijen.exclude(aanvulling__aanvraag__in=afgeschermde_aanvragen(gebruiker))


def papieraanvullingen_in_invoer(gebruiker: Gebruiker) -> QuerySet[Papieraanvulling]:
    """Those that this officer can go on typing and send; agrees with ``aanvragen.papieraanvulling_invoeren``."""
    return papieraanvullingen_onderhanden(gebruiker).filter(
        PAPIERAANVULLING_IN_INVOER, aanvulling__aanvraag__status=Status.AANVULLING_GEVRAAGD
    )


def werklijst(tijdvak: Tijdvak | None = None) -> QuerySet[Aanvraag]:
    """Cases an officer has to work on, the earliest legal date first."""
    rijen = Aanvraag.objects.filter(status__in=[*OPEN_VOOR_BEHANDELING, Status.COMPLEET])
    if tijdvak is not None:
        rijen = rijen.filter(tijdvak=tijdvak)
    return rijen.select_related("tijdvak", "organisatie", "behandelaar").order_by(
        "beslissen_uiterlijk_op", "ingediend_op", "id"
    )


def postbus_van(gebruiker: Gebruiker) -> QuerySet[Any]:
    """Messages about the applications that a mandate of the person covers, and about its own part in groups of others;
    with ``gelezen``: whether this person read it."""
    lezing = Postbuslezing.objects.filter(bericht=OuterRef("pk"), gebruiker=gebruiker.pk)
    over_aanvraag = Q(deelnemer=None, aanvraag__in=eigen_aanvragen(gebruiker).order_by().values("pk"))
    als_lid = Q(deelnemer__in=Deelnemer.objects.filter(_als_lid(gebruiker)).order_by().values("pk"))
    return Postbusbericht.objects.filter(over_aanvraag | als_lid).annotate(gelezen=Exists(lezing))


def ongelezen_aantal(gebruiker: Gebruiker) -> int:
    """How many messages the person has not read; for the main navigation."""
    return postbus_van(gebruiker).filter(gelezen=False).count()


@dataclass(frozen=True)
class Vervolg:
    """The second stage of a proposal that passed the first. ``aanvraag``: the full proposal, once it was begun."""

    tijdvak: Tijdvak
    aanvraag: Aanvraag | None

    @property
    def wacht(self) -> bool:
        """Whether the full proposal has not been sent."""
        return self.aanvraag is None or self.aanvraag.status == Status.CONCEPT


def vervolg_van(aanvraag: Aanvraag) -> Vervolg | None:
    """``None`` for an application that has no second stage before it."""
    if not aanvraag.is_uitgenodigd:
        return None
    volgende = Tijdvak.objects.filter(vorige_stap=aanvraag.tijdvak_id).first()
    if volgende is None:
        return None
    rijen = Aanvraag.objects.filter(tijdvak=volgende, organisatie=aanvraag.organisatie_id)
    return Vervolg(volgende, rijen.exclude(status=Status.VERLOPEN).order_by("-aangemaakt_op").first())


def eerste_voorstel(aanvraag: Aanvraag) -> Aanvraag | None:
    """The proposal of the first stage that this full proposal goes on from."""
    if aanvraag.tijdvak.vorige_stap_id is None:
        return None
    rijen = Aanvraag.objects.filter(
        tijdvak=aanvraag.tijdvak.vorige_stap_id, organisatie=aanvraag.organisatie_id, toegekend_stuks__gt=0
    )
    return rijen.select_related("eindscore").first()


def eerdere_besluiten(aanvraag: Aanvraag) -> list[Aanvraag]:
    """Earlier applications of this applicant under the same scheme that were refused or not treated, newest first.

    A repeat without new facts may be refused by pointing at the earlier decision (Awb 4:6, R7).
    """
    rijen = Aanvraag.objects.filter(
        organisatie=aanvraag.organisatie_id,
        tijdvak__regelingversie__regeling=aanvraag.tijdvak.regelingversie.regeling_id,
        status__in=[Status.AFGEWEZEN, Status.BUITEN_BEHANDELING],
        besloten_op__isnull=False,
    ).exclude(pk=aanvraag.pk)
    if aanvraag.ingediend_op is not None:
        rijen = rijen.filter(besloten_op__lt=aanvraag.ingediend_op)
    return list(rijen.select_related("tijdvak").order_by("-besloten_op")[:10])


@dataclass(frozen=True)
class Tijdvakcijfers:
    """Live figures of a round; amounts in the unit of the round (euros or pieces)."""

    aanvragen: int
    gevraagd_bedrag: Decimal
    toegekend: int
    toegekend_bedrag: Decimal
    plafond: Decimal
    resteert: Decimal
    reserve: int
    per_status: dict[str, int]


def ruimtevelden(tijdvak: Tijdvak) -> tuple[str, str]:
    """The columns of what is asked and granted in the unit of the round."""
    if tijdvak.eenheid == Eenheid.STUKS:
        return "gevraagd_stuks", "toegekend_stuks"
    return "gevraagd_bedrag", "toegekend_bedrag"


def tijdvak_cijfers(tijdvak: Tijdvak) -> Tijdvakcijfers:
    """Counts what was sent in; drafts and lapsed drafts are shown in ``per_status`` only."""
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak).order_by()
    per_status = dict(rijen.values_list("status").annotate(n=Count("id")).order_by("status"))
    ontvangen = rijen.exclude(status__in=[Status.CONCEPT, Status.VERLOPEN])
    gevraagd, toegekend = ruimtevelden(tijdvak)
    sommen = ontvangen.aggregate(
        aanvragen=Count("id"),
        gevraagd=Sum(gevraagd),
        toegekend=Count("id", filter=Q(status__in=TOEGEKEND)),
        bedrag=Sum(toegekend, filter=Q(status__in=TOEGEKEND)),
        reserve=Count("id", filter=Q(status=Status.RESERVE)),
    )
    plafond = Plafond.objects.get(tijdvak=tijdvak, code=HOOFDPOT)
    return Tijdvakcijfers(
        aanvragen=sommen["aanvragen"],
        gevraagd_bedrag=Decimal(sommen["gevraagd"] or NUL),
        toegekend=sommen["toegekend"],
        toegekend_bedrag=Decimal(sommen["bedrag"] or NUL),
        plafond=plafond.bedrag,
        resteert=plafond.resteert,
        reserve=sommen["reserve"],
        per_status=per_status,
    )


def dagen_over(aanvraag: Aanvraag, vandaag: date) -> int | None:
    """Days until the legal date; negative when it has passed."""
    if aanvraag.beslissen_uiterlijk_op is None:
        return None
    return (aanvraag.beslissen_uiterlijk_op - vandaag).days
