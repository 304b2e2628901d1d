"""The paper route: an officer enters an application that came by post or over the counter (Awb 2:13-2:15, R44).

The same rules, checks and receipt numbers as for everybody; only the moment of receipt is the stamp on the letter, and
everything that we send goes by post. Who typed it in does not decide about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.enums import Bron, Correspondentie, Status
from aanvragen.models import Aanvraag, Bijlage, Organisatie, Papieraanvulling
from aanvragen.selectors import PAPIER_IN_INVOER
from aanvragen.services.bijlagen import eis_ruimte, volgende_plek
from aanvragen.services.concept import aanvraag_beginnen, eis_open
from aanvragen.services.indienen import Ondertekening, aanvraag_indienen, ontvangstbewijs
from aanvragen.services.nasturen import Upload
from aanvragen.services.organisatie import organisatie_registreren, organisatie_wijzigen
from aanvragen.services.postbus import bericht_plaatsen
from aanvragen.services.toetsing import eis_behandelaar, eis_geen_belang
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker, LogRegel
from kern.rechten import eis_rol
from kern.services.bestanden import Gekeurd, bestand_bewaren, bestand_keuren
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands
from regeling.models import Tijdvak
from regeling.schema_delen import Bijlagespec

#: The scan of what came in on paper; no scheme has to name it.
SCAN = Bijlagespec(
    code="papieren-aanvraag",
    naam="Papieren aanvraag",
    uitleg="De scan van alles wat op papier binnenkwam, met het stempel van ontvangst.",
    soorten=("pdf", "png", "jpg"),
    maximum_mb=50,
    aantal_maximum=10,
)
#: Shown when a letter came too late. Art. 6:9(2) Awb (posted in time) is about objection and appeal only.
POSTREGEL = (
    "Voor een aanvraag telt de dag en tijd van ontvangst, niet het poststempel. De regel dat een brief een week later "
    "mag komen als hij op tijd is gepost (Awb 6:9, tweede lid), geldt alleen voor bezwaar en beroep."
)
_GETYPT = ("aanvraag_beginnen", "stap_bewaren", "indienen")
_AANVULLING_GETYPT = ("papieraanvulling_beginnen", "aanvulling_bewaren", "papieraanvulling_versturen")


@dataclass(frozen=True)
class Papieradres:
    """Name and address as they stand on the letter; fills in what we do not know of the organisation yet."""

    naam: str = ""
    straat: str = ""
    postcode: str = ""
    plaats: str = ""


def eis_ontvangst(tijdvak: Tijdvak, ontvangen_op: datetime, op: datetime) -> None:
    """The stamp lies in the window and not in the future; else :class:`InvoerFout`, when late with the post rule."""
    if ontvangen_op > op:
        raise InvoerFout(
            "Het moment van ontvangst ligt in de toekomst.",
            actie="Neem de datum en de tijd over van het stempel.",
            code="ontvangst-in-toekomst",
            veld="ontvangen_dag",
        )
    if ontvangen_op > tijdvak.sluit_op:
        raise InvoerFout(
            f"Deze aanvraag is te laat: “{tijdvak.naam}” sloot op {stempel_in_woorden(tijdvak.sluit_op)}. {POSTREGEL}",
            actie="Stuur de aanvraag terug met een brief waarin dit staat.",
            code="papier-te-laat",
            veld="ontvangen_dag",
        )
    if ontvangen_op < tijdvak.open_op:
        raise InvoerFout(
            f"Deze aanvraag is te vroeg: “{tijdvak.naam}” ging open op {stempel_in_woorden(tijdvak.open_op)}.",
            actie="Vraag de aanvrager om haar na de opening opnieuw te sturen.",
            code="papier-te-vroeg",
            veld="ontvangen_dag",
        )
    eis_open(tijdvak, ontvangen_op)


def papier_beginnen(
    *,
    tijdvak: Tijdvak,
    kvk_nummer: str,
    adres: Papieradres,
    ontvangen_op: datetime,
    scans: Sequence[Upload],
    actor: Gebruiker,
    op: datetime,
) -> Aanvraag:
    """The draft of a paper application with its scan; the steps of the form are filled in after this.

    ``ontvangen_op``: the stamp. The organisation is taken by its KvK number, or registered without a manager.
    """
    eis_rol(actor, Rol.BEHANDELAAR)
    eis_ontvangst(tijdvak, ontvangen_op, op)
    gekeurd = scans_keuren(scans)
    with transaction.atomic():
        organisatie = _organisatie(kvk_nummer, adres, actor, op)
        aanvraag = aanvraag_beginnen(tijdvak=tijdvak, organisatie=organisatie, actor=actor, op=op, bron=Bron.PAPIER)
        eis_geen_belang(actor, aanvraag)
        if aanvraag.ingediend_op is not None:
            raise OvergangFout(
                "Van deze organisatie is al een papieren aanvraag in invoer.",
                actie="Ga verder met die aanvraag. U vindt haar bij “Papier”.",
                code="papier-in-invoer",
            )
        aanvraag = vergrendel(aanvraag)
        aanvraag.ingediend_op, aanvraag.correspondentie = ontvangen_op, Correspondentie.POST
        aanvraag.save(update_fields=["ingediend_op", "correspondentie"])
        log_schrijven(
            Logpost(
                keten=keten_van(aanvraag),
                handeling="papier_ontvangen",
                op=op,
                actor=actor,
                gegevens={"ontvangen_op": ontvangen_op, "scans": len(gekeurd)},
            )
        )
        for bestand in gekeurd:
            _scan_bewaren(aanvraag, bestand, actor, op)
    return aanvraag


def scans_keuren(scans: Sequence[Upload]) -> list[Gekeurd]:
    """Judges the scans of a letter: at least one, each as :data:`SCAN` says.

    Before the transaction: it takes a second.
    """
    if not scans:
        raise InvoerFout(
            "De scan ontbreekt.",
            actie="Scan de hele brief, met het stempel van ontvangst, en voeg de scan toe.",
            code="scan-ontbreekt",
            veld="scans",
        )
    return [_gekeurd(scan) for scan in scans]


def _gekeurd(scan: Upload) -> Gekeurd:
    try:
        return bestand_keuren(inhoud=scan.inhoud, naam=scan.naam, soorten=SCAN.soorten, maximum_mb=SCAN.maximum_mb)
    except InvoerFout as fout:
        raise InvoerFout(fout.melding, actie=fout.actie, code=fout.code, veld="scans") from fout


def _organisatie(kvk_nummer: str, adres: Papieradres, actor: Gebruiker, op: datetime) -> Organisatie:
    bekend = Organisatie.objects.filter(kvk_nummer=kvk_nummer).first()
    if bekend is not None:
        return adres_aanvullen(bekend, adres, actor, op)
    if not adres.naam:
        raise InvoerFout(
            "Wij kennen dit KvK-nummer nog niet.",
            actie="Vul de naam van de organisatie in, zoals in het Handelsregister.",
            veld="naam",
        )
    gegeven = {veld: waarde for veld, waarde in vars(adres).items() if waarde}
    nieuw = organisatie_registreren(kvk_nummer=kvk_nummer, gegevens=gegeven, actor=actor, op=op, machtigen=False)
    return _met_adres(nieuw)


def adres_aanvullen(organisatie: Organisatie, adres: Papieradres, actor: Gebruiker, op: datetime) -> Organisatie:
    """Fills in what we do not know of the address; raises :class:`InvoerFout` when it is not whole after that."""
    ontbreekt = {veld: waarde for veld, waarde in vars(adres).items() if waarde and not getattr(organisatie, veld)}
    return _met_adres(organisatie_wijzigen(organisatie=organisatie, gegevens=ontbreekt, actor=actor, op=op))


def _met_adres(organisatie: Organisatie) -> Organisatie:
    if not (organisatie.straat and organisatie.postcode and organisatie.plaats):
        raise InvoerFout(
            "Wij kennen het adres van deze organisatie niet.",
            actie="Vul straat, postcode en plaats in: onze brieven gaan per post.",
            code="adres-ontbreekt",
            veld="straat",
        )
    return organisatie


def _scan_bewaren(aanvraag: Aanvraag, gekeurd: Gekeurd, actor: Gebruiker, op: datetime) -> Bijlage:
    eis_ruimte(aanvraag, SCAN, len(gekeurd.inhoud))
    return Bijlage.objects.create(
        aanvraag=aanvraag,
        code=SCAN.code,
        volgorde=volgende_plek(aanvraag, SCAN.code),
        bestand=bestand_bewaren(gekeurd=gekeurd, actor=actor, op=op),
        toegevoegd_op=op,
        toegevoegd_door=actor,
    )


def papierscan_toevoegen(*, aanvraag: Aanvraag, scans: Sequence[Upload], actor: Gebruiker, op: datetime) -> None:
    """More pages of the letter, while it is being entered."""
    gekeurd = [_gekeurd(scan) for scan in scans]
    with transaction.atomic():
        aanvraag = _in_invoer(aanvraag, actor)
        for bestand in gekeurd:
            bijlage = _scan_bewaren(aanvraag, bestand, actor, op)
            log_schrijven(
                Logpost(
                    keten=keten_van(aanvraag),
                    handeling="papierscan_toevoegen",
                    op=op,
                    actor=actor,
                    gegevens={"sha256": bijlage.bestand.sha256},
                )
            )


def papierscan_verwijderen(*, bijlage: Bijlage, actor: Gebruiker, op: datetime) -> None:
    """Takes a wrong scan out; it stays on record. At least one scan is needed to send."""
    with transaction.atomic():
        aanvraag = _in_invoer(bijlage.aanvraag, actor)
        weg = aanvraag.bijlagen.filter(pk=bijlage.pk, code=SCAN.code, verwijderd_op=None)
        if weg.update(verwijderd_op=op, verwijderd_door=actor):
            log_schrijven(
                Logpost(
                    keten=keten_van(aanvraag),
                    handeling="papierscan_verwijderen",
                    op=op,
                    actor=actor,
                    gegevens={"sha256": bijlage.bestand.sha256},
                )
            )


def _in_invoer(aanvraag: Aanvraag, actor: Gebruiker) -> Aanvraag:
    eis_behandelaar(actor, aanvraag)
    aanvraag = vergrendel(aanvraag)
    if aanvraag.bron != Bron.PAPIER or aanvraag.status != Status.CONCEPT:
        raise OvergangFout("Deze aanvraag is niet (meer) in invoer.", actie="Bekijk de zaak in de werklijst.")
    return aanvraag


@in_het_nederlands
def papier_indienen(
    *, aanvraag: Aanvraag, actor: Gebruiker, op: datetime, ondertekening: Ondertekening | None = None
) -> Aanvraag:
    """Sends the typed application, received at the moment of its stamp; the receipt with a copy of everything goes on
    the list of post (R2, R45). Sending twice gives the same receipt."""
    with transaction.atomic():
        if aanvraag.status == Status.CONCEPT:
            _in_invoer(aanvraag, actor)
            if not aanvraag.bijlagen.filter(code=SCAN.code, verwijderd_op=None).exists():
                raise InvoerFout(
                    "De scan van de papieren aanvraag ontbreekt.", actie="Voeg de scan toe.", code="scan-ontbreekt"
                )
        aanvraag = aanvraag_indienen(aanvraag=aanvraag, actor=actor, op=op, ondertekening=ondertekening)
        bericht_plaatsen(
            aanvraag=aanvraag,
            code="ontvangst-papier",
            sleutel=f"ontvangst-{aanvraag.pk}",
            op=op,
            actor=actor,
            velden={
                "ontvangen": stempel_in_woorden(aanvraag.ingediend_op or op),
                "uiterlijk": date_format(aanvraag.beslissen_uiterlijk_op, "j F Y")
                if aanvraag.beslissen_uiterlijk_op
                else "",
            },
            bestand=ontvangstbewijs(aanvraag=aanvraag),
        )
        aanvraag.refresh_from_db()
    return aanvraag


def papier_afbreken(*, aanvraag: Aanvraag, reden: str, actor: Gebruiker, op: datetime) -> Aanvraag:
    """Stops an entry that was begun by mistake, so that the organisation can apply."""
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom u stopt met invoeren.", veld="reden")
    with transaction.atomic():
        aanvraag = _in_invoer(aanvraag, actor)
        return overgang_toepassen(aanvraag, "verlopen", actor=actor, op=op, vergrendeld=True, reden=reden.strip())


def aanvraag_invoerders(aanvraag: Aanvraag) -> set[int]:
    """Primary keys of the officers who typed a paper application, up to its sending; empty for any other."""
    if aanvraag.bron != Bron.PAPIER:
        return set()
    regels = LogRegel.objects.filter(keten=keten_van(aanvraag), handeling__in=_GETYPT, actor__isnull=False)
    verstuurd = regels.filter(handeling="indienen").values_list("volgnr", flat=True).first()
    if verstuurd is not None:  # a later supplement saves steps too
        regels = regels.filter(volgnr__lte=verstuurd)
    return set(regels.values_list("actor", flat=True))


def aanvulling_invoerders(aanvraag: Aanvraag) -> set[int]:
    """Primary keys of the officers who typed or sent an answer on paper; stopped entries do not count."""
    rijen = list(Papieraanvulling.objects.filter(aanvulling__aanvraag=aanvraag, verstuurd_op__isnull=False))
    regels = LogRegel.objects.filter(keten__in=[keten_van(rij) for rij in rijen], handeling__in=_AANVULLING_GETYPT)
    return set(regels.filter(actor__isnull=False).values_list("actor", flat=True))


def invoerders(aanvraag: Aanvraag) -> set[int]:
    """Primary keys of the officers who typed anything of this application from paper."""
    return aanvraag_invoerders(aanvraag) | aanvulling_invoerders(aanvraag)


def eis_geen_invoerder(actor: Gebruiker, aanvraag: Aanvraag) -> None:
    """Four eyes: who typed a paper application, or an answer on paper, does not decide about it."""
    if actor.pk in invoerders(aanvraag):
        raise RechtenFout(
            "U hebt papier van deze aanvrager ingevoerd. Wie invoert, beslist niet.",
            actie="Vraag een collega om het besluit voor te stellen of te ondertekenen.",
            code="vier-ogen",
        )


def papier_in_invoer_aantal(tijdvak: Tijdvak) -> int:
    """Paper applications that came in time and are not typed in yet."""
    return Aanvraag.objects.filter(PAPIER_IN_INVOER, tijdvak=tijdvak, status=Status.CONCEPT).count()


def stempel_in_woorden(op: datetime) -> str:
    """'3 maart 2027 om 14:05 uur', Dutch time: a stamp has no seconds."""
    lokaal = timezone.localtime(op)
    return f"{date_format(lokaal, 'j F Y')} om {lokaal:%H:%M} uur"
