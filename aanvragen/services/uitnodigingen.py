"""Inviting somebody to act for an organisation: a link by e-mail of which only the digest is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.enums import Machtigingbereik, Machtigingbron, Machtigingsoort
from aanvragen.models import Machtiging, Organisatie, Uitnodiging
from aanvragen.selectors import van_kracht
from aanvragen.services.machtigingen import beheert, eis_beheerder, eis_vorm
from aanvragen.services.organisatie import Machtigingvoorwaarden, machtiging_verlenen
from kern.enums import Berichtsoort
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.geheim import nieuw_geheim, vingerafdruk
from kern.models import Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.models import Regeling

GELDIG = timedelta(days=14)
#: Open invitations of one organisation: enough for a firm, too few to bother strangers with mail.
MAXIMUM_OPEN = 20


@dataclass(frozen=True)
class Uitnodiginggegevens:
    """Who is invited, for what. ``machtiging_tot`` is the last day of the mandate, not of the link."""

    email: str
    soort: Machtigingsoort
    bereik: Machtigingbereik
    regeling: Regeling | None = None
    machtiging_tot: date | None = None


def open_uitnodigingen(organisatie: Organisatie) -> QuerySet[Uitnodiging]:
    """Invitations that were not accepted or withdrawn; also those whose link lapsed, so that they can be sent again."""
    return organisatie.uitnodigingen.filter(aanvaard_op=None, ingetrokken_op=None).order_by("verstuurd_op", "pk")


def uitnodiging_bij(geheim: str) -> Uitnodiging | None:
    """The invitation of a link; ``None`` for one that never was."""
    rijen = Uitnodiging.objects.select_related("organisatie", "verstuurd_door", "regeling")
    return rijen.filter(token_sha256=vingerafdruk(geheim)).first()


@in_het_nederlands
def uitnodiging_versturen(
    *,
    organisatie: Organisatie,
    gegevens: Uitnodiginggegevens,
    maak_link: Callable[[str], str],
    actor: Gebruiker,
    op: datetime,
) -> Uitnodiging:
    """Invites by e-mail; an earlier invitation of the same address is withdrawn, so its link stops working."""
    eis_beheerder(actor, organisatie)
    vandaag = timezone.localtime(op).date()
    eis_vorm(gegevens.soort, gegevens.bereik, gegevens.regeling, gegevens.machtiging_tot, vandaag)
    email = gegevens.email.strip().lower()
    with transaction.atomic():
        Organisatie.objects.select_for_update().get(pk=organisatie.pk)
        if Machtiging.objects.filter(van_kracht(), organisatie=organisatie, gebruiker__email__iexact=email).exists():
            raise InvoerFout("Deze persoon is al gemachtigd.", actie="Wijzig de machtiging in de lijst.", veld="email")
        open_uitnodigingen(organisatie).filter(email=email).update(ingetrokken_op=op, ingetrokken_door=actor)
        if open_uitnodigingen(organisatie).count() >= MAXIMUM_OPEN:
            raise OvergangFout(
                f"Er staan al {MAXIMUM_OPEN} uitnodigingen open.", actie="Trek eerst een uitnodiging in."
            )
        geheim, digest = nieuw_geheim()
        uitnodiging = Uitnodiging.objects.create(
            organisatie=organisatie,
            email=email,
            soort=gegevens.soort,
            bereik=gegevens.bereik,
            regeling=gegevens.regeling,
            machtiging_tot=gegevens.machtiging_tot,
            token_sha256=digest,
            verstuurd_op=op,
            verstuurd_door=actor,
            verloopt_op=op + GELDIG,
        )
        _spoor(uitnodiging, "uitnodiging_versturen", actor, op)
        laatste = date_format(timezone.localtime(uitnodiging.verloopt_op), "j F Y H:i")
        bericht_klaarzetten(
            sleutel=f"uitnodiging-{uitnodiging.pk}",
            soort=Berichtsoort.TOEGANG,
            aan=email,
            onderwerp=f"Uitnodiging om te handelen voor {organisatie.naam}",
            tekst=(
                f"{actor} nodigt u uit om in Stimulans te handelen voor {organisatie.naam}.\n\n"
                f"U mag dan: {Machtigingbereik(gegevens.bereik).label}.\n\n"
                f"Open deze link en log in met dit e-mailadres ({email}):\n{maak_link(geheim)}\n\n"
                f"De link werkt tot {laatste} uur. Kent u deze organisatie niet? Doe dan niets.\n"
            ),
            op=op,
        )
    return uitnodiging


def uitnodiging_opnieuw(
    *, uitnodiging: Uitnodiging, maak_link: Callable[[str], str], actor: Gebruiker, op: datetime
) -> Uitnodiging:
    """Sends it again with a new link; the old one stops working."""
    gegevens = Uitnodiginggegevens(
        email=uitnodiging.email,
        soort=Machtigingsoort(uitnodiging.soort),
        bereik=Machtigingbereik(uitnodiging.bereik),
        regeling=uitnodiging.regeling,
        machtiging_tot=uitnodiging.machtiging_tot,
    )
    return uitnodiging_versturen(
        organisatie=uitnodiging.organisatie, gegevens=gegevens, maak_link=maak_link, actor=actor, op=op
    )


def uitnodiging_intrekken(*, uitnodiging: Uitnodiging, actor: Gebruiker, op: datetime) -> Uitnodiging:
    """Withdraws an invitation that was not accepted."""
    eis_beheerder(actor, uitnodiging.organisatie)
    with transaction.atomic():
        vers = _open(uitnodiging)
        vers.ingetrokken_op, vers.ingetrokken_door = op, actor
        vers.save(update_fields=["ingetrokken_op", "ingetrokken_door"])
        _spoor(vers, "uitnodiging_intrekken", actor, op)
    return vers


def _open(uitnodiging: Uitnodiging) -> Uitnodiging:
    vers = Uitnodiging.objects.select_for_update(of=("self",)).get(pk=uitnodiging.pk)
    if vers.aanvaard_op is not None or vers.ingetrokken_op is not None:
        raise OvergangFout(
            "Deze uitnodiging geldt niet meer.", actie="Vraag om een nieuwe uitnodiging.", code="uitnodiging-gesloten"
        )
    return vers


def is_voor(uitnodiging: Uitnodiging, gebruiker: Gebruiker) -> bool:
    """The person showed to own the invited address."""
    return EmailAddress.objects.filter(user=gebruiker, email__iexact=uitnodiging.email, verified=True).exists()


def uitnodiging_aanvaarden(*, uitnodiging: Uitnodiging, actor: Gebruiker, op: datetime) -> Machtiging:
    """Accepts: only by the invited address, in time, and while the inviter still manages the organisation."""
    if not is_voor(uitnodiging, actor):
        raise RechtenFout(
            f"Deze uitnodiging is voor {uitnodiging.email}.",
            actie="Log in met dat e-mailadres, of vraag een uitnodiging voor uw eigen adres.",
            code="uitnodiging-ander-adres",
        )
    with transaction.atomic():
        vers = _open(uitnodiging)
        tot = vers.machtiging_tot
        if op > vers.verloopt_op or (tot is not None and tot < timezone.localtime(op).date()):
            raise OvergangFout(
                "Deze uitnodiging is verlopen.",
                actie="Vraag de beheerder om een nieuwe uitnodiging.",
                code="uitnodiging-verlopen",
            )
        if not beheert(vers.verstuurd_door, vers.organisatie):
            raise OvergangFout(
                "Wie u uitnodigde, is geen beheerder meer van deze organisatie.",
                actie="Vraag een beheerder om een nieuwe uitnodiging.",
                code="uitnodiging-gesloten",
            )
        if Machtiging.objects.filter(van_kracht(), gebruiker=actor, organisatie=vers.organisatie).exists():
            raise OvergangFout("U bent al gemachtigd voor deze organisatie.", actie="Ga naar “Mijn aanvragen”.")
        voorwaarden = Machtigingvoorwaarden(
            bereik=Machtigingbereik(vers.bereik),
            bron=Machtigingbron.UITNODIGING,
            regeling=vers.regeling,
            geldig_tot=tot,
        )
        machtiging = machtiging_verlenen(
            organisatie=vers.organisatie,
            gebruiker=actor,
            soort=Machtigingsoort(vers.soort),
            actor=vers.verstuurd_door,
            op=op,
            voorwaarden=voorwaarden,
        )
        vers.aanvaard_op, vers.aanvaard_door = op, actor
        vers.save(update_fields=["aanvaard_op", "aanvaard_door"])
        _spoor(vers, "uitnodiging_aanvaarden", actor, op)
    return machtiging


def _spoor(uitnodiging: Uitnodiging, handeling: str, actor: Gebruiker, op: datetime) -> None:
    log_schrijven(
        Logpost(
            keten=keten_van(uitnodiging.organisatie),
            handeling=handeling,
            op=op,
            actor=actor,
            gegevens={"uitnodiging": str(uitnodiging.pk), "soort": uitnodiging.soort, "bereik": uitnodiging.bereik},
        )
    )
