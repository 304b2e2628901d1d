"""The register of advisers: the link by which a person completes the profile, and certificates that officers check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.models import Aanvraag, Adviesbureau, Adviseur, Certificaat, Profiellink
from aanvragen.services.toetsing import TE_BEOORDELEN, toetsen_uitvoeren
from kern.enums import Berichtsoort, Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.geheim import nieuw_geheim, vingerafdruk
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.berichten import bericht_klaarzetten
from kern.services.bestanden import bestand_opslaan
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

LINK_GELDIG = timedelta(days=30)
#: Certificates that one person can hand in; more is a mistake.
CERTIFICATEN = 10


@dataclass(frozen=True)
class Profielgegevens:
    """What an adviser says about the own work. The e-mail address is not among it: the link went there."""

    naam: str
    telefoon: str = ""
    functie: str = ""
    toelichting: str = ""
    bureau_naam: str = ""
    bureau_kvk: str = ""


@dataclass(frozen=True)
class Certificaatgegevens:
    naam: str
    uitgever: str
    nummer: str = ""
    geldig_tot: date | None = None


@in_het_nederlands
def profiellink_sturen(*, adviseur: Adviseur, actor: Gebruiker | None, op: datetime) -> Profiellink:
    """Mails the adviser a link of thirty days; an earlier one stops working."""
    eis_rol(actor, Rol.BEHANDELAAR)
    if not adviseur.email:
        raise InvoerFout("Van deze adviseur is geen e-mailadres bekend.", actie="Vraag het adres aan de aanvrager.")
    with transaction.atomic():
        adviseur = Adviseur.objects.select_for_update(of=("self",)).get(pk=adviseur.pk)
        adviseur.profiellinks.filter(ingetrokken_op=None).update(ingetrokken_op=op)
        geheim, afdruk = nieuw_geheim()
        link = Profiellink.objects.create(
            adviseur=adviseur, token_sha256=afdruk, verstuurd_op=op, verloopt_op=op + LINK_GELDIG
        )
        dag = date_format(timezone.localtime(link.verloopt_op), "j F Y")
        bericht_klaarzetten(
            sleutel=f"profiellink-{link.pk}",
            soort=Berichtsoort.TOEGANG,
            aan=adviseur.email,
            onderwerp="Uw gegevens als adviseur in Stimulans",
            tekst=(
                f"Beste {adviseur.naam},\n\n"
                "Een bedrijf noemde u als adviseur in een aanvraag om subsidie. Wilt u uw gegevens aanvullen? U kunt "
                "er ook een certificaat toevoegen en zien welke referenties al zijn bevestigd. U hebt geen account "
                "nodig.\n\n"
                f"{settings.SITE_ADRES}{reverse('portalen:adviseur_profiel', args=[geheim])}\n\n"
                f"De link werkt tot en met {dag} en is alleen voor u. Stuur hem niet door.\n"
            ),
            op=op,
        )
        _log(adviseur, "profiellink_sturen", actor=actor, op=op)
    return link


def profiellink_bij(geheim: str, op: datetime) -> Profiellink | None:
    """The link, when it still works."""
    rijen = Profiellink.objects.select_related("adviseur__bureau")
    return rijen.filter(token_sha256=vingerafdruk(geheim), ingetrokken_op=None, verloopt_op__gt=op).first()


def _eis_geldig(link: Profiellink, op: datetime) -> Adviseur:
    """Locks the adviser; :class:`OvergangFout` when the link no longer works."""
    adviseur = Adviseur.objects.select_for_update(of=("self",)).get(pk=link.adviseur_id)
    link.refresh_from_db(fields=["ingetrokken_op", "verloopt_op", "gebruikt_op"])
    if link.ingetrokken_op is not None or op >= link.verloopt_op:
        raise OvergangFout("Deze link werkt niet meer.", actie="Vraag ons om een nieuwe link.", code="link-verlopen")
    if link.gebruikt_op is None:
        link.gebruikt_op = op
        link.save(update_fields=["gebruikt_op"])
    return adviseur


def profiel_bewaren(*, link: Profiellink, gegevens: Profielgegevens, op: datetime) -> Adviseur:
    """The adviser completes the own profile."""
    if not gegevens.naam.strip():
        raise InvoerFout("Uw naam ontbreekt.", actie="Vul uw naam in.", veld="naam")
    try:
        with transaction.atomic():
            adviseur = _eis_geldig(link, op)
            adviseur.naam, adviseur.telefoon = gegevens.naam.strip(), gegevens.telefoon.strip()
            adviseur.functie, adviseur.toelichting = gegevens.functie.strip(), gegevens.toelichting.strip()
            adviseur.bureau = _bureau(gegevens)
            adviseur.profiel_op = op
            adviseur.save()
            _log(adviseur, "profiel_bewaren", actor=None, op=op)
    except IntegrityError as fout:
        raise InvoerFout(
            "Deze gegevens staan al bij een andere inschrijving van u.",
            actie="Neem contact met ons op; wij voegen ze samen.",
            code="adviseur-dubbel",
        ) from fout
    return adviseur


def _bureau(gegevens: Profielgegevens) -> Adviesbureau | None:
    """The bureau with this KvK number; its name is taken from whoever named it first."""
    if not gegevens.bureau_kvk:
        return None
    naam = gegevens.bureau_naam.strip() or gegevens.bureau_kvk
    return Adviesbureau.objects.get_or_create(kvk_nummer=gegevens.bureau_kvk, defaults={"naam": naam})[0]


def certificaat_indienen(
    *, link: Profiellink, gegevens: Certificaatgegevens, bestand: bytes, bestandsnaam: str, op: datetime
) -> Certificaat:
    """Adds a certificate with its document; it counts only after an officer approved it."""
    with transaction.atomic():
        adviseur = _eis_geldig(link, op)
        if adviseur.certificaten.count() >= CERTIFICATEN:
            raise OvergangFout(
                f"Er staan al {CERTIFICATEN} certificaten.", actie="Neem contact met ons op als er een bij moet."
            )
        opgeslagen = bestand_opslaan(inhoud=bestand, naam=bestandsnaam, actor=None, op=op)
        certificaat = Certificaat.objects.create(
            adviseur=adviseur,
            naam=gegevens.naam,
            uitgever=gegevens.uitgever,
            nummer=gegevens.nummer,
            geldig_tot=gegevens.geldig_tot,
            bestand=opgeslagen,
            ingediend_op=op,
        )
        _log(adviseur, "certificaat_indienen", actor=None, op=op, sha256=opgeslagen.sha256)
    return certificaat


def certificaat_beoordelen(
    *, certificaat: Certificaat, goedgekeurd: bool, reden: str, actor: Gebruiker, op: datetime
) -> Certificaat:
    """An officer approves or rejects; open applications of this adviser are looked at again."""
    eis_rol(actor, Rol.BEHANDELAAR)
    if not goedgekeurd and not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op waarom u het certificaat afkeurt.", veld="reden")
    with transaction.atomic():
        certificaat = Certificaat.objects.select_for_update(of=("self",)).get(pk=certificaat.pk)
        certificaat.goedgekeurd, certificaat.reden = goedgekeurd, reden.strip()
        certificaat.gecontroleerd_op, certificaat.gecontroleerd_door = op, actor
        certificaat.save(update_fields=["goedgekeurd", "reden", "gecontroleerd_op", "gecontroleerd_door"])
        adviseur = certificaat.adviseur
        _log(adviseur, "certificaat_beoordelen", actor=actor, op=op, reden=reden.strip(), goedgekeurd=goedgekeurd)
        zelfde = {"adviseur__email": adviseur.email} if adviseur.email else {"adviseur": adviseur}
        for aanvraag in Aanvraag.objects.filter(status__in=TE_BEOORDELEN, **zelfde).order_by("pk"):
            toetsen_uitvoeren(aanvraag=aanvraag, op=op, alleen={"referenties"})
    return certificaat


def _log(
    adviseur: Adviseur, handeling: str, *, actor: Gebruiker | None, op: datetime, reden: str = "", **gegevens: object
) -> None:
    log_schrijven(
        Logpost(keten=keten_van(adviseur), handeling=handeling, op=op, actor=actor, reden=reden, gegevens=gegevens)
    )
