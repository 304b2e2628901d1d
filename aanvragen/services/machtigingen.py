"""Who may act for an organisation: changing, confirming and ending mandates, and handing over cases (R92)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from aanvragen.enums import Machtigingbereik, Machtigingbron, Machtigingsoort, Status
from aanvragen.models import Aanvraag, Machtiging, Organisatie, Toets
from aanvragen.selectors import eigen_aanvragen, machtigingen_van, telt_mee, van_kracht
from aanvragen.services.toetsing import TE_BEOORDELEN, eis_behandelaar, vertegenwoordiging_hertoetsen
from aanvragen.vertegenwoordiging import CODE
from kern.enums import Berichtsoort
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.services.berichten import bericht_klaarzetten
from kern.services.overgang import vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.models import Regeling

#: Nothing is left to do in a case with one of these ends, so nobody has to look after it.
AFGELOPEN = frozenset(
    {
        Status.VERLOPEN,
        Status.INGETROKKEN,
        Status.BUITEN_BEHANDELING,
        Status.AFGEWEZEN,
        Status.AFGESLOTEN,
        Status.BESLUIT_INGETROKKEN,
    }
)


def beheert(gebruiker: Gebruiker | None, organisatie: Organisatie) -> bool:
    """Is a manager of the whole organisation today."""
    return gebruiker is not None and _beheerders(organisatie).filter(
        pk__in=machtigingen_van(gebruiker).values("pk")
    ).exists()  # fmt: skip


def eis_beheerder(actor: Gebruiker, organisatie: Organisatie) -> None:
    """Raises :class:`RechtenFout` unless the person manages the organisation."""
    if not beheert(actor, organisatie):
        raise RechtenFout(
            "Alleen een beheerder van de organisatie kan machtigingen regelen.",
            actie="Vraag een beheerder van uw organisatie om dit te doen.",
        )


def _beheerders(organisatie: Organisatie) -> QuerySet[Machtiging]:
    return Machtiging.objects.filter(
        van_kracht(), organisatie=organisatie, soort=Machtigingsoort.BEHEERDER, vestigingsnummer=""
    )


def _vergrendeld(machtiging: Machtiging) -> Machtiging:
    """The mandate as it is now, with its organisation locked: two managers cannot both remove the other."""
    Organisatie.objects.select_for_update().get(pk=machtiging.organisatie_id)
    vers = Machtiging.objects.select_related("gebruiker", "organisatie").get(pk=machtiging.pk)
    if vers.ingetrokken_op is not None:
        raise OvergangFout("Deze machtiging is al beëindigd.", actie="Ververs de pagina.")
    return vers


def _eis_niet_laatste(machtiging: Machtiging) -> None:
    if machtiging.soort != Machtigingsoort.BEHEERDER:
        return
    anderen = _beheerders(machtiging.organisatie).filter(telt_mee()).exclude(pk=machtiging.pk)
    if not anderen.exists():
        raise OvergangFout(
            "Dit is de laatste beheerder van de organisatie.",
            actie="Maak eerst iemand anders beheerder.",
            code="laatste-beheerder",
        )


def _eis_niet_zwakker(actor: Gebruiker, machtiging: Machtiging) -> None:
    """A manager on the own word does not touch a mandate that was established by more than that."""
    if machtiging.bevestigd_op is None or actor == machtiging.gebruiker:
        return
    eigen = machtigingen_van(actor).filter(organisatie=machtiging.organisatie, bevestigd_op__isnull=False)
    if not eigen.exists():
        raise RechtenFout(
            "Uw eigen machtiging is nog niet gecontroleerd; deze wel.",
            actie="Log in met eHerkenning, of wacht tot wij uw machtiging hebben gecontroleerd.",
            code="machtiging-niet-bevestigd",
        )


def _spoor(machtiging: Machtiging, handeling: str, actor: Gebruiker | None, op: datetime, **extra: object) -> None:
    reden = str(extra.pop("reden", ""))
    log_schrijven(
        Logpost(
            keten=keten_van(machtiging.organisatie),
            handeling=handeling,
            op=op,
            actor=actor,
            reden=reden,
            gegevens={"gebruiker": machtiging.gebruiker_id, "machtiging": machtiging.pk, **extra},
        )
    )


def eis_vorm(
    soort: Machtigingsoort,
    bereik: Machtigingbereik,
    regeling: Regeling | None,
    geldig_tot: date | None,
    vandaag: date,
) -> None:
    """A manager can do everything and has no end; an intermediary always has an end; an end is not in the past."""
    beperkt = bereik != Machtigingbereik.VOLLEDIG or regeling is not None or geldig_tot is not None
    if soort == Machtigingsoort.BEHEERDER and beperkt:
        raise InvoerFout(
            "Een beheerder mag alles, bij elke regeling, zonder einddatum.",
            actie="Kies “Medewerker” als u minder wilt toestaan.",
            veld="soort",
        )
    if soort == Machtigingsoort.INTERMEDIAIR and geldig_tot is None:
        raise InvoerFout(
            "De einddatum ontbreekt.", actie="Vul in tot wanneer de intermediair voor u mag werken.", veld="geldig_tot"
        )
    if geldig_tot is not None and geldig_tot < vandaag:
        raise InvoerFout("De einddatum is al voorbij.", actie="Vul een dag in vanaf vandaag.", veld="geldig_tot")


def machtiging_wijzigen(
    *,
    machtiging: Machtiging,
    soort: Machtigingsoort,
    bereik: Machtigingbereik,
    regeling: Regeling | None,
    geldig_tot: date | None,
    actor: Gebruiker,
    op: datetime,
) -> Machtiging:
    """Changes what a colleague or intermediary may do; never of the last manager."""
    with transaction.atomic():
        vers = _vergrendeld(machtiging)
        eis_beheerder(actor, vers.organisatie)
        _eis_niet_zwakker(actor, vers)
        eis_vorm(soort, bereik, regeling, geldig_tot, timezone.localtime(op).date())
        if soort != Machtigingsoort.BEHEERDER:
            _eis_niet_laatste(vers)
        elif vers.vestigingsnummer:
            raise InvoerFout(
                "Deze machtiging geldt voor één vestiging.", actie="Kies “Medewerker” of “Intermediair”.", veld="soort"
            )
        vers.soort, vers.bereik, vers.regeling, vers.geldig_tot = soort, bereik, regeling, geldig_tot
        vers.save(update_fields=["soort", "bereik", "regeling", "geldig_tot"])
        _spoor(vers, "machtiging_wijzigen", actor, op, soort=str(soort), bereik=str(bereik), geldig_tot=geldig_tot)
    return vers


def open_zaken_van(machtiging: Machtiging) -> QuerySet[Aanvraag]:
    """Cases of the organisation that the person looks after and in which something can still happen."""
    rijen = Aanvraag.objects.filter(organisatie=machtiging.organisatie, verantwoordelijke=machtiging.gebruiker)
    return rijen.exclude(status__in=AFGELOPEN).order_by("aangemaakt_op", "pk")


def machtiging_beeindigen(
    *, machtiging: Machtiging, opvolger: Gebruiker | None, actor: Gebruiker, op: datetime
) -> Machtiging:
    """Ends a mandate: by a manager, or by the person self. Open cases go to ``opvolger``, who must be able to do them.

    The last manager stays: otherwise nobody could let anybody in.
    """
    with transaction.atomic():
        vers = _vergrendeld(machtiging)
        if actor != vers.gebruiker:
            eis_beheerder(actor, vers.organisatie)
            _eis_niet_zwakker(actor, vers)
        _eis_niet_laatste(vers)
        zaken = list(open_zaken_van(vers))
        if zaken and opvolger is None:
            raise InvoerFout(
                f"{vers.gebruiker} heeft nog {len(zaken)} lopende zaken.",
                actie="Kies wie deze zaken overneemt.",
                veld="opvolger",
            )
        for zaak in zaken:
            assert opvolger is not None
            _overdragen(zaak, opvolger, actor, op)
        machtiging_sluiten(machtiging=vers, actor=actor, op=op)
    return vers


@in_het_nederlands
def machtiging_sluiten(*, machtiging: Machtiging, actor: Gebruiker | None, op: datetime) -> None:
    """Writes the end of a mandate and tells the person; whether it may end was checked by the caller."""
    machtiging.ingetrokken_op, machtiging.ingetrokken_door = op, actor
    machtiging.save(update_fields=["ingetrokken_op", "ingetrokken_door"])
    _spoor(machtiging, "machtiging_beeindigen", actor, op)
    bericht_klaarzetten(
        sleutel=f"machtiging-einde-{machtiging.pk}",
        soort=Berichtsoort.TOEGANG,
        aan=machtiging.gebruiker.email,
        onderwerp=f"Uw machtiging voor {machtiging.organisatie.naam} is beëindigd",
        tekst=(
            f"U kunt in Stimulans niet meer handelen voor {machtiging.organisatie.naam}.\n\n"
            "Klopt dit niet? Vraag het na bij een beheerder van deze organisatie.\n"
        ),
        op=op,
    )


def aanvraag_overdragen(*, aanvraag: Aanvraag, aan: Gebruiker, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Makes a colleague the one who looks after a case. By a manager, or by whoever looks after it now."""
    if actor != aanvraag.verantwoordelijke:
        eis_beheerder(actor, aanvraag.organisatie)
    with transaction.atomic():
        return _overdragen(aanvraag, aan, actor, op)


def _overdragen(aanvraag: Aanvraag, aan: Gebruiker, actor: Gebruiker | None, op: datetime) -> Aanvraag:
    vers = vergrendel(aanvraag)
    if not eigen_aanvragen(aan, Machtigingbereik.INVULLEN).filter(pk=vers.pk).exists():
        raise InvoerFout(
            f"{aan} mag {vers} niet invullen.",
            actie="Kies iemand die deze zaak mag doen, of verruim eerst de machtiging.",
            veld="opvolger",
        )
    vorige, vers.verantwoordelijke = vers.verantwoordelijke, aan
    vers.save(update_fields=["verantwoordelijke"])
    log_schrijven(
        Logpost(
            keten=keten_van(vers),
            handeling="aanvraag_overdragen",
            op=op,
            actor=actor,
            gegevens={"van": str(vorige or ""), "aan": str(aan)},
        )
    )
    return vers


def machtiging_goedkeuren(*, machtiging: Machtiging, actor: Gebruiker, op: datetime) -> Machtiging:
    """A manager whose own mandate is established vouches for a colleague."""
    with transaction.atomic():
        vers = _vergrendeld(machtiging)
        eis_beheerder(actor, vers.organisatie)
        eigen = _beheerders(vers.organisatie).filter(gebruiker=actor, bevestigd_op__isnull=False)
        if actor == vers.gebruiker or not eigen.exists():
            raise RechtenFout(
                "U kunt deze machtiging niet bevestigen.",
                actie="Dat kan een beheerder van wie de machtiging zelf al is gecontroleerd.",
                code="machtiging-niet-bevestigd",
            )
        _bevestigd(vers, Machtigingbron.UITNODIGING, actor, op, reden="")
    return vers


def machtiging_bevestigen(
    *, machtiging: Machtiging, aanvraag: Aanvraag, reden: str, actor: Gebruiker, op: datetime
) -> Machtiging:
    """An officer established, in a case, that the person may act; ``reden`` says from what evidence."""
    eis_behandelaar(actor, aanvraag)
    if not reden.strip():
        raise InvoerFout("Het bewijs ontbreekt.", actie="Schrijf op waaruit de machtiging blijkt.", veld="reden")
    if machtiging.organisatie_id != aanvraag.organisatie_id:
        raise InvoerFout("Deze machtiging hoort niet bij de aanvrager.")
    with transaction.atomic():
        vers = _vergrendeld(machtiging)
        if vers.bevestigd_op is not None:
            raise OvergangFout("Deze machtiging is al bevestigd.", actie="Ververs de pagina.")
        _bevestigd(vers, Machtigingbron.MEDEWERKER, actor, op, reden=reden.strip())
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling="machtiging_bevestigen",
                op=op,
                actor=actor,
                reden=reden.strip(),
                gegevens={"machtiging": vers.pk},
            )
        )
    return vers


def _bevestigd(machtiging: Machtiging, bron: Machtigingbron, actor: Gebruiker | None, op: datetime, reden: str) -> None:
    """Confirms, and with it what this person gave to others; the cases that waited for it are looked at again."""
    wachtrij = [machtiging]
    while wachtrij:
        rij = wachtrij.pop()
        rij.bevestigd_op, rij.bevestigd_door = op, actor
        if rij == machtiging:
            rij.bron = bron
        rij.save(update_fields=["bevestigd_op", "bevestigd_door", "bron"])
        _spoor(rij, "machtiging_bevestigen", actor, op, reden=reden, bron=str(rij.bron))
        wachtrij += Machtiging.objects.filter(
            organisatie=rij.organisatie, verleend_door=rij.gebruiker, bevestigd_op=None, ingetrokken_op=None
        ).select_related("organisatie", "gebruiker").exclude(gebruiker=rij.gebruiker)  # fmt: skip
    zaken_hertoetsen(organisatie=machtiging.organisatie, op=op)


def zaken_hertoetsen(*, organisatie: Organisatie, op: datetime) -> None:
    """Looks again at who acts in the cases of the organisation that were sent and are not decided."""
    wacht = Toets.objects.filter(code=CODE, aanvraag__organisatie=organisatie, aanvraag__status__in=TE_BEOORDELEN)
    for toets in wacht.select_related("aanvraag").order_by("aanvraag"):
        vertegenwoordiging_hertoetsen(aanvraag=vergrendel(toets.aanvraag), op=op)
