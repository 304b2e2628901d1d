"""Messages to the applicant: placed in the inbox, with a notice by e-mail for who agreed to that (Awb 2:8, R46)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from aanvragen.berichttekst import Berichttekst
from aanvragen.berichtteksten import TEKSTEN
from aanvragen.enums import Bron, Correspondentie
from aanvragen.models import Aanvraag, Deelnemer, Machtiging, Organisatie, Postbusbericht, Postbuslezing
from aanvragen.selectors import telt_mee
from kern.enums import Berichtsoort, Berichtstatus
from kern.fouten import InvoerFout
from kern.models import Bericht, Bestand, Gebruiker
from kern.services.berichten import berichten_klaarzetten
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.services.voorkeuren import wil_email
from kern.taal import in_het_nederlands
from kern.voorkeuren import OFFICIEEL
from regeling.models import Berichtsjabloon

_VELD = re.compile(r"\{([a-z_]+)\}")
#: Begin of the key of a notice in the outbox; the id of the message follows.
NOTIFICATIE = "notificatie-"


@in_het_nederlands
def bericht_plaatsen(
    *,
    aanvraag: Aanvraag,
    code: str,
    sleutel: str,
    op: datetime,
    actor: Gebruiker | None = None,
    velden: Mapping[str, str] | None = None,
    bestand: Bestand | None = None,
    per_post: bool = False,
) -> Postbusbericht:
    """Places message ``code`` (see `aanvragen.berichtteksten`) in the inbox, once per ``sleutel``.

    The moment of placing counts as sending. Notices go to the contact address and to every person of the organisation
    who wants this kind by e-mail; they hold no content. With correspondence by post it goes on the post list, and with
    ``per_post`` always (it answers something that came on paper).
    """
    return _plaatsen(
        aanvraag,
        code,
        velden,
        sleutel=sleutel,
        organisatie=aanvraag.organisatie,
        bestand=bestand,
        geplaatst_op=op,
        geplaatst_door=actor,
        per_post=per_post or aanvraag.correspondentie == Correspondentie.POST,
    )


@in_het_nederlands
def bericht_aan_lid(
    *,
    deelnemer: Deelnemer,
    code: str,
    sleutel: str,
    op: datetime,
    actor: Gebruiker | None = None,
    velden: Mapping[str, str] | None = None,
    bestand: Bestand | None = None,
) -> None:
    """The same for a member of a group that is known here and did not apply itself; who is not known sees on its own
    page what happened as soon as it is. ``{deelnemer}`` is always there."""
    aanvraag = deelnemer.aanvraag
    organisatie = Organisatie.objects.filter(kvk_nummer=deelnemer.kvk_nummer).exclude(pk=aanvraag.organisatie_id)
    for eigen in organisatie:
        _plaatsen(
            aanvraag,
            code,
            {"deelnemer": deelnemer.naam, **(velden or {})},
            sleutel=sleutel,
            organisatie=eigen,
            deelnemer=deelnemer,
            bestand=bestand,
            geplaatst_op=op,
            geplaatst_door=actor,
        )


def _plaatsen(
    aanvraag: Aanvraag, code: str, velden: Mapping[str, str] | None, *, sleutel: str, **vast: Any
) -> Postbusbericht:
    """Fills in the text, stores the message unless its key is there already, and tells of a new one."""
    standaard = TEKSTEN[code]
    waarden = {**algemene_velden(aanvraag), **(velden or {})}
    onderwerp, tekst, sjabloon = sjabloontekst(aanvraag, code, standaard)
    with transaction.atomic():
        bericht, nieuw = Postbusbericht.objects.get_or_create(
            sleutel=sleutel,
            defaults={
                "aanvraag": aanvraag,
                "soort": standaard.soort,
                "onderwerp": vul_in(onderwerp, waarden)[:200],
                "tekst": vul_in(tekst, waarden),
                "sjabloon": sjabloon,
                **vast,
            },
        )
        if nieuw:
            _notificeren(bericht, aanvraag, vast["geplaatst_op"])
    return bericht


def _notificeren(bericht: Postbusbericht, aanvraag: Aanvraag, op: datetime) -> None:
    """Puts the notices in the outbox: nothing of the message itself, no name and no number (R46)."""
    berichten_klaarzetten(
        [
            Bericht(
                sleutel=f"{NOTIFICATIE}{bericht.pk}{achter}",
                soort=bericht.soort,
                aan=adres,
                onderwerp="Er staat een bericht voor u klaar in Stimulans",
                tekst="Goedendag,\n\nEr staat een bericht voor u klaar in Stimulans.\n\n"
                "Log in en kijk bij “Berichten”. Om uw gegevens te beschermen staat de inhoud niet in deze e-mail.\n\n"
                "Bij “Hoe krijgt u bericht?” kiest u welke e-mails u krijgt.\n\n"
                "Met vriendelijke groet,\nStimulans\n",
                aangemaakt_op=op,
                volgende_poging_op=op,
            )
            for adres, achter in _adressen(bericht, aanvraag, op)
        ]
    )


def _adressen(bericht: Postbusbericht, aanvraag: Aanvraag, op: datetime) -> list[tuple[str, str]]:
    """(address, end of the key) of everybody who gets a notice.

    The contact address was given for this, so it counts as consent unless that person said no or wants post.
    """
    mensen = dict(_gemachtigden(bericht, aanvraag, op).values_list("gebruiker_id", "gebruiker__email"))
    uit: list[tuple[str, str]] = []
    willen: set[int] = set()
    geweigerd: set[str] = set()
    if mensen:
        soort = Berichtsoort(bericht.soort)
        willen = wil_email(mensen, soort)
        nee = Gebruiker.objects.filter(
            pk__in=mensen, berichtvoorkeuren__soort=soort, berichtvoorkeuren__per_email=False
        ).values_list("email", flat=True)
        geweigerd = {email.lower() for email in nee}
    contact = "" if bericht.deelnemer_id else aanvraag.contact_email.lower()
    if contact and not bericht.per_post and contact not in geweigerd:
        uit.append((aanvraag.contact_email, ""))
    uit += [(email, f"-{pk}") for pk, email in sorted(mensen.items()) if pk in willen and email.lower() != contact]
    return uit


def _gemachtigden(bericht: Postbusbericht, aanvraag: Aanvraag, op: datetime) -> QuerySet[Machtiging]:
    """Mandates of who may read the message; the same rule as in `aanvragen.selectors.postbus_van`."""
    rijen = Machtiging.objects.filter(
        telt_mee(),
        Q(geldig_tot=None) | Q(geldig_tot__gte=timezone.localdate(op)),
        Q(regeling=None) | Q(regeling=aanvraag.tijdvak.regelingversie.regeling_id),
        organisatie=bericht.organisatie_id,
        ingetrokken_op=None,
        gebruiker__is_active=True,
    )
    if aanvraag.bron != Bron.PORTAAL:
        rijen = rijen.filter(bevestigd_op__isnull=False)
    if bericht.deelnemer_id:
        return rijen.filter(vestigingsnummer="", bevestigd_op__isnull=False)
    return rijen.filter(vestigingsnummer__in={"", aanvraag.vestigingsnummer})


def vul_in(tekst: str, waarden: Mapping[str, str]) -> str:
    """Fills ``{naam}``; other braces stay. Raises :class:`InvoerFout` for a name that has no value."""
    onbekend = sorted({naam for naam in _VELD.findall(tekst) if naam not in waarden})
    if onbekend:
        raise InvoerFout(
            f"Het sjabloon gebruikt {', '.join(f'{{{naam}}}' for naam in onbekend)}, maar die naam is er niet.",
            actie=f"Gebruik alleen: {', '.join(sorted(waarden))}.",
            code="sjabloon-veld-onbekend",
        )
    return _VELD.sub(lambda gevonden: waarden[gevonden[1]], tekst)


def algemene_velden(aanvraag: Aanvraag) -> dict[str, str]:
    return {
        "kenmerk": aanvraag.kenmerk,
        "regeling": aanvraag.tijdvak.naam,
        "organisatie": aanvraag.organisatie.naam,
        "titel": aanvraag.titel,
    }


def sjabloontekst(aanvraag: Aanvraag, code: str, standaard: Berichttekst) -> tuple[str, str, str]:
    """Subject, text and name of the template: of the scheme, else the general one, else the text in the code."""
    regeling = aanvraag.tijdvak.regelingversie.regeling_id
    sjabloon = (
        Berichtsjabloon.objects.filter(Q(regeling=regeling) | Q(regeling=None), code=code, in_gebruik_op__isnull=False)
        .order_by(F("regeling").asc(nulls_last=True), "-versie")
        .first()
    )
    if sjabloon is None:
        return standaard.onderwerp, standaard.tekst, code
    return sjabloon.onderwerp, sjabloon.tekst, f"{code} versie {sjabloon.versie}"


def bericht_lezen(*, bericht: Postbusbericht, actor: Gebruiker, op: datetime) -> Postbuslezing:
    """Records that a person read a message; the first time counts (R47: the body proves that it was received)."""
    with transaction.atomic():
        lezing, nieuw = Postbuslezing.objects.get_or_create(bericht=bericht, gebruiker=actor, defaults={"op": op})
        if nieuw and bericht.aanvraag is not None:
            log_schrijven(
                Logpost(
                    keten=keten_van(bericht.aanvraag),
                    handeling="bericht_lezen",
                    op=op,
                    actor=actor,
                    gegevens={"bericht": str(bericht.pk), "onderwerp": bericht.onderwerp},
                )
            )
    return lezing


def onbestelbare_volgen(*, op: datetime) -> int:
    """Official messages whose notices all failed go on the post list (R46); run by the worker, harmless to repeat.

    What was read, or told of at another address, is left alone. The line in the trail is the officer's work item.
    """
    aantal = 0
    for pk in onbestelbare_berichten():
        with transaction.atomic():
            bericht = Postbusbericht.objects.select_for_update(of=("self",)).get(pk=pk)
            if bericht.per_post or is_aangekomen(bericht):
                continue
            bericht.per_post = True
            bericht.save(update_fields=["per_post"])
            _log(bericht, "bericht_onbestelbaar", op, None)
            aantal += 1
    return aantal


def onbestelbare_berichten() -> list[UUID]:
    """Official messages of which a notice failed for good, that are not on the post list yet."""
    mislukt = Bericht.objects.filter(
        status__in=[Berichtstatus.MISLUKT, Berichtstatus.ONBESTELBAAR],
        soort__in=sorted(OFFICIEEL),
        sleutel__startswith=NOTIFICATIE,
    ).values_list("sleutel", flat=True)
    begin = len(NOTIFICATIE)
    namen = {UUID(sleutel[begin : begin + 36]) for sleutel in mislukt}
    return list(Postbusbericht.objects.filter(pk__in=namen, per_post=False).order_by("pk").values_list("pk", flat=True))


def notificaties_van(bericht: Postbusbericht) -> QuerySet[Bericht]:
    """The notices of a message in the outbox."""
    return Bericht.objects.filter(sleutel__startswith=f"{NOTIFICATIE}{bericht.pk}")


def is_aangekomen(bericht: Postbusbericht) -> bool:
    """Whether the applicant can be held to the message: read, posted, or told of by a notice that did not fail.

    A message that waits on the post list was not sent yet.
    """
    if bericht.gepost_op is not None or bericht.lezingen.exists():
        return True
    return notificaties_van(bericht).filter(status=Berichtstatus.VERZONDEN).exists() or (
        not bericht.per_post and notificaties_van(bericht).filter(status=Berichtstatus.KLAARGEZET).exists()
    )


def _log(bericht: Postbusbericht, handeling: str, op: datetime, actor: Gebruiker | None) -> None:
    if bericht.aanvraag is not None:
        log_schrijven(
            Logpost(
                keten=keten_van(bericht.aanvraag),
                handeling=handeling,
                op=op,
                actor=actor,
                gegevens={"bericht": str(bericht.pk), "onderwerp": bericht.onderwerp},
            )
        )
