"""Interests: finding them, recording them, what they do to an assignment, and lifting one that is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from aanvragen.contactgegevens import adres_genormaliseerd, eigen_domein, mail_genormaliseerd
from aanvragen.models import Aanvraag, Machtiging
from aanvragen.selectors import van_kracht
from beoordeling.belangen import Lidfeiten, Zaakfeiten, vind_belangen
from beoordeling.commissieregels import eis_reden
from beoordeling.enums_commissie import LEVEND, Belangbron, Belangsoort, Commissierol, Stand, Toewijzingstatus
from beoordeling.models import Aanvraagbeoordeling, Belang, Commissielid, Toewijzing
from beoordeling.services.commissie import eis_commissierol
from beoordeling.toewijzing.vormen import Voortgang, stil
from kern.fouten import OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven

#: States in which scores are open and nothing is final yet.
NAAR_VERGADERING = (Stand.CONSISTENT, Stand.DIVERGENT, Stand.BESPREKING, Stand.DERDE_BEOORDELAAR)
_BETROKKEN = ("organisatie", "adviseur__bureau")
_BIJ = ("referenties", "organisatie__verbonden", "organisatie__machtigingen__gebruiker")


def zaakfeiten(aanvraag: Aanvraag) -> Zaakfeiten:
    """What an application tells about who is involved. Prefetch ``_BETROKKEN`` and ``_BIJ`` for many."""
    organisatie, adviseur = aanvraag.organisatie, aanvraag.adviseur
    referenties = list(aanvraag.referenties.all())
    gemachtigden = [m.gebruiker.email for m in organisatie.machtigingen.all() if m.ingetrokken_op is None]
    return Zaakfeiten(
        organisatie=organisatie.pk,
        naam=organisatie.naam,
        kvk=frozenset({organisatie.kvk_nummer, *(v.kvk_nummer for v in organisatie.verbonden.all())} - {""}),
        adres=adres_genormaliseerd(organisatie.straat, organisatie.postcode),
        domeinen=frozenset({eigen_domein(mail) for mail in [aanvraag.contact_email, *gemachtigden]} - {""}),
        adviseurs=frozenset({mail_genormaliseerd(adviseur.email)} if adviseur and adviseur.email else set()),
        adviseur_kvk=frozenset({adviseur.bureau.kvk_nummer} if adviseur and adviseur.bureau else set()),
        referenten=frozenset(mail_genormaliseerd(r.email) for r in referenties),
        referent_kvk=frozenset({r.kvk_nummer for r in referenties} - {""}),
    )


def lidfeiten(leden: Sequence[Commissielid], op: datetime) -> list[Lidfeiten]:
    """The same of members, in order; a constant number of queries."""
    personen = [lid.gebruiker_id for lid in leden]
    machtigt: dict[int, set[object]] = defaultdict(set)
    rijen = Machtiging.objects.filter(van_kracht(), gebruiker__in=personen).values_list("gebruiker", "organisatie")
    for persoon, organisatie in rijen:
        machtigt[persoon].add(organisatie)
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
        for aanvraag in rijen.prefetch_related(*_BIJ).order_by("kenmerk"):
            zaak = zaakfeiten(aanvraag)
            for lid, feit in feiten:
                for soort, reden in vind_belangen(feit, zaak):
                    if (aanvraag.pk, lid.gebruiker_id, soort) not in bekend:
                        nieuw.append(_belang(aanvraag, lid, soort, Belangbron.CONTROLE, reden, op, None))
    with transaction.atomic():
        for belang in nieuw:
            _vastleggen(belang, op=op, actor=actor)
    return nieuw


def _belang(
    aanvraag: Aanvraag,
    lid: Commissielid,
    soort: Belangsoort,
    bron: Belangbron,
    reden: str,
    op: datetime,
    door: Gebruiker | None,
) -> Belang:
    return Belang(aanvraag=aanvraag, gebruiker=lid.gebruiker, soort=soort, bron=bron, reden=reden, op=op, door=door)


def _vastleggen(belang: Belang, *, op: datetime, actor: Gebruiker | None) -> None:
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


def belang_melden(*, toewijzing: Toewijzing, reden: str, actor: Gebruiker, op: datetime) -> Belang:
    """The member says that there is an interest; the assignment lapses, also when scores were handed in.

    Once scores are open to the others it is too late for the assignment: then the chair decides in the meeting.
    """
    reden = eis_reden(reden, "Wat uw belang is,")
    if toewijzing.lid.gebruiker_id != actor.pk:
        raise RechtenFout("Dit is niet uw beoordeling.", actie="Ga terug naar uw lijst.")
    with transaction.atomic():
        rij = vergrendel(toewijzing)
        if rij.status not in LEVEND or rij.status == Toewijzingstatus.VASTGESTELD:
            raise OvergangFout(
                f"Deze beoordeling is “{rij.get_status_display()}”.",
                actie="Meld uw belang bij de voorzitter van de commissie.",
            )
        belang = _nieuw_of_weer(rij.aanvraag, rij.lid, Belangbron.LID, reden, op, actor)
        _vastleggen(belang, op=op, actor=actor)
    return belang


def belang_vastleggen(
    *, aanvraag: Aanvraag, lid: Commissielid, reden: str, actor: Gebruiker | None, op: datetime
) -> Belang:
    """The secretary or chair records an interest of a member, from whatever source; scores that stand then go to the
    meeting, without this member's."""
    eis_commissierol(lid.commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    reden = eis_reden(reden, "De reden")
    with transaction.atomic():
        belang = _nieuw_of_weer(aanvraag, lid, Belangbron.SECRETARIS, reden, op, actor)
        _vastleggen(belang, op=op, actor=actor)
    return belang


def _nieuw_of_weer(
    aanvraag: Aanvraag, lid: Commissielid, bron: Belangbron, reden: str, op: datetime, door: Gebruiker | None
) -> Belang:
    """The row of a declared interest; one that was lifted counts again."""
    rij = Belang.objects.filter(aanvraag=aanvraag, gebruiker=lid.gebruiker, soort=Belangsoort.GEMELD).first()
    rij = rij or _belang(aanvraag, lid, Belangsoort.GEMELD, bron, reden, op, door)
    rij.bron, rij.reden, rij.op, rij.door = bron, reden, op, door
    rij.opgeheven_op, rij.opgeheven_door, rij.opgeheven_reden = None, None, ""
    return rij


def belang_opheffen(*, belang: Belang, reden: str, actor: Gebruiker, op: datetime) -> Belang:
    """A found interest that is none (two firms in one building). Never one that the member declared, nor the own."""
    reden = eis_reden(reden, "De reden")
    commissie = belang.aanvraag.tijdvak.commissie
    eis_commissierol(commissie, actor, Commissierol.SECRETARIS, Commissierol.VOORZITTER, op=op)
    if belang.gebruiker_id == actor.pk:
        raise RechtenFout("Over uw eigen belang beslist een ander.", actie="Vraag de voorzitter.", code="vier-ogen")
    if belang.bron == Belangbron.LID:
        raise OvergangFout(
            "Een belang dat het lid zelf meldt, heft u niet op.", actie="Wijs een ander lid aan deze aanvraag toe."
        )
    with transaction.atomic():
        belang = Belang.objects.select_for_update(of=("self",)).get(pk=belang.pk)
        if belang.opgeheven_op is not None:
            raise OvergangFout("Dit belang is al opgeheven.", actie="Ververs de pagina.")
        belang.opgeheven_op, belang.opgeheven_door, belang.opgeheven_reden = op, actor, reden
        belang.save(update_fields=["opgeheven_op", "opgeheven_door", "opgeheven_reden"])
        log_schrijven(
            Logpost(
                keten=keten_van(belang.aanvraag),
                handeling="belang_opheffen",
                op=op,
                actor=actor,
                reden=reden,
                gegevens={"lid": str(belang.gebruiker), "soort": belang.soort},
            )
        )
    return belang


def eis_zonder_belang(aanvraag: Aanvraag, gebruiker: Gebruiker) -> None:
    """:class:`RechtenFout` when the person has an interest in this application."""
    if Belang.objects.filter(aanvraag=aanvraag, gebruiker=gebruiker, opgeheven_op=None).exists():
        raise RechtenFout(
            "U hebt een belang bij deze aanvraag en mag haar niet beoordelen.",
            actie="Laat deze aanvraag aan de andere leden over.",
            code="belang",
        )
