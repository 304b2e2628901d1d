"""The draw, step by step: prepare, freeze, publish, sources, draw, settle (design 05, part 1).

Files are written once and kept as bytes; what is computed is computed from those bytes. Who prepares does not freeze,
who draws does not settle.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count

from aanvragen.enums import OPEN_VOOR_BEHANDELING, Status, Toetsuitkomst
from aanvragen.models import Aanvraag, Toets
from aanvragen.services.papier import papier_in_invoer_aantal
from beoordeling.enums import Lotingstatus
from beoordeling.loting import bereken, schrijf_deelnemers, schrijf_protocol, schrijf_uitslag
from beoordeling.models import Loting, Volgordedag
from beoordeling.selectors_behandelvolgorde import LOOT_MEE, loot_vooraf, niet_de_eerste
from beoordeling.selectors_volgorde import beletselen_tot
from beoordeling.services.bewijs import aktetekst as aktetekst  # also part of this face
from beoordeling.services.bewijs import bestand_bewaren, lotingbestanden, moment_tekst
from beoordeling.services.bewijs import bewijspakket as bewijspakket
from beoordeling.services.lotingslijst import MET_SCORE, deelnemers_van, protocol_van
from beoordeling.services.volgorde import te_loten_dag
from beoordeling.services.weigering import weigering_op_schrift
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout, RechtenFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, overgangen_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Tijdvakstatus
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken


def loting_voorbereiden(
    *, tijdvak: Tijdvak, trekking_gepland_op: datetime, actor: Gebruiker | None, op: datetime
) -> Loting:
    """Starts a draw for a closed round whose applications have all been checked, or will be in the order of the draw.

    With order of receipt: for the day on which the room ran out, also while the round is open; when all days are
    handled and the round is closed, for the list of the whole round.
    """
    eis_rol(actor, Rol.BEHANDELAAR, Rol.BEHEERDER)
    with transaction.atomic():
        tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=op)
        dag = te_loten_dag(tijdvak=tijdvak, actor=actor, op=op)
        vorige = tijdvak.lotingen.filter(status=Lotingstatus.ONGELDIG, vervangen_door=None, dag=dag).first()
        kan = tijdvak.status == Tijdvakstatus.GESLOTEN or (vorige and tijdvak.status == Tijdvakstatus.IN_VERDELING)
        if dag is None and not kan:
            raise OvergangFout(
                f"Het tijdvak is “{tijdvak.get_status_display()}”; loten kan pas na sluiting.",
                actie="Wacht tot het tijdvak gesloten is.",
                code="tijdvak-niet-gesloten",
            )
        _eis_geen_beletsel(tijdvak, dag)
        if Loting.objects.filter(tijdvak=tijdvak, dag=dag).exclude(status__in=["vervangen", "ongeldig"]).exists():
            raise OvergangFout("Dit tijdvak heeft al een loting.", actie="Ga verder met die loting.")
        nummer = Loting.objects.filter(tijdvak=tijdvak).count() + 1
        loting = Loting.objects.create(
            tijdvak=tijdvak,
            dag=dag,
            kenmerk=f"{tijdvak.sleutel}-{nummer}"[-60:],
            vervangt=vorige,
            trekking_gepland_op=trekking_gepland_op,
            voorbereid_op=op,
            voorbereid_door=actor,
        )
        if dag is not None:
            Volgordedag.objects.filter(tijdvak=tijdvak, dag=dag).update(loting=loting)
        log_schrijven(
            Logpost(keten=keten_van(loting), handeling="voorbereiden", op=op, actor=actor, naar=loting.status)
        )
    return loting


def _eis_geen_beletsel(tijdvak: Tijdvak, dag: date | None) -> None:
    """A second draw after an invalid one is over the applications that were frozen before."""
    if dag is not None:
        beletsel = beletselen_tot(tijdvak, dag)
    else:
        beletsel = beletselen(tijdvak) if tijdvak.status == Tijdvakstatus.GESLOTEN else []
    if beletsel:
        raise OvergangFout(" ".join(beletsel), actie="Werk deze aanvragen eerst af.", code="aanvragen-open")


def beletselen(tijdvak: Tijdvak) -> list[str]:
    """What stands in the way of a draw, in words; empty when the list can be frozen."""
    if loot_vooraf(tijdvak):
        return _beletselen_vooraf(tijdvak)
    rijen = Aanvraag.objects.filter(tijdvak=tijdvak)
    gevonden = []
    open_ = rijen.filter(status__in=OPEN_VOOR_BEHANDELING).count()
    if open_:
        gevonden.append(f"{open_} aanvragen zijn nog niet compleet verklaard.")
    gevonden += _papier_in_invoer(tijdvak)
    compleet = rijen.filter(status=Status.COMPLEET)
    if not compleet.exists() and not tijdvak.volgordedagen.exists():
        gevonden.append("Er zijn geen complete aanvragen.")
    if tijdvak.methode in MET_SCORE:
        zonder = compleet.filter(eindscore=None).count()
        if zonder:
            gevonden.append(f"{zonder} aanvragen hebben nog geen eindscore.")
    # A referee who has not answered yet keeps nobody out of the draw: there is no decision until the answer.
    oordeel = Toets.objects.filter(aanvraag__in=compleet).exclude(code="referenties")
    wacht = oordeel.filter(oordeel="", uitkomst=Toetsuitkomst.HANDMATIG).values("aanvraag").distinct().count()
    if wacht:
        gevonden.append(f"Bij {wacht} aanvragen wacht een toets op uw oordeel.")
    negatief = oordeel.filter(oordeel="", uitkomst=Toetsuitkomst.VOLDOET_NIET) | oordeel.filter(
        oordeel=Toetsuitkomst.VOLDOET_NIET
    )
    fout = negatief.values("aanvraag").distinct().count()
    if fout:
        gevonden.append(f"{fout} aanvragen voldoen niet en zijn nog niet afgewezen.")
    een = compleet.filter(een_per_aanvrager=True).order_by()
    dubbel = een.values("organisatie").annotate(n=Count("id")).filter(n__gt=1).count()
    if dubbel:
        gevonden.append(f"Bij {dubbel} aanvragers is meer dan één aanvraag compleet; per aanvrager doet er één mee.")
    return gevonden


def _beletselen_vooraf(tijdvak: Tijdvak) -> list[str]:
    """Drawn before the assessment: everything that came in must be on the list, with an amount."""
    gevonden = _papier_in_invoer(tijdvak)
    mee = Aanvraag.objects.filter(tijdvak=tijdvak, status__in=LOOT_MEE)
    if not mee.exists():
        gevonden.append("Er zijn geen aanvragen om over te loten.")
    zonder = sum(not aanvraag.ruimte_gevraagd for aanvraag in mee.select_related("tijdvak"))
    if zonder:
        gevonden.append(f"{zonder} aanvragen noemen geen bedrag.")
    return gevonden


def _papier_in_invoer(tijdvak: Tijdvak) -> list[str]:
    papier = papier_in_invoer_aantal(tijdvak)
    return [f"{papier} aanvragen op papier zijn op tijd ontvangen en nog niet ingevoerd."] if papier else []


def lijst_bevriezen(*, loting: Loting, actor: Gebruiker | None, op: datetime) -> Loting:
    """Freezes list and protocol. ALL received applications are on it; refused ones get UIT at the draw, so that an
    upheld objection needs no new draw."""
    eis_rol(actor, Rol.BESLISSER, Rol.BEHEERDER)
    with transaction.atomic():
        loting = vergrendel(loting)
        if loting.status != Lotingstatus.ONTWERP:
            raise OvergangFout(
                f"Dit kan niet meer: {loting} heeft nu de status “{loting.get_status_display()}”.",
                actie="Ververs de pagina en kijk wat er is gebeurd.",
            )
        eis_andere(actor, loting.voorbereid_door, "Wie de lijst voorbereidt, bevriest haar niet.")
        tijdvak = vergrendel(loting.tijdvak)
        _eis_geen_beletsel(tijdvak, loting.dag)
        lijst = deelnemers_van(loting)
        if not lijst:
            raise OvergangFout(
                "Geen enkele aanvraag haalt de drempels: er is niets te verdelen.",
                actie="Rond de verdeling af zonder lijst.",
                code="lijst-leeg",
            )
        deelnemers = schrijf_deelnemers(lijst)
        protocol = schrijf_protocol(protocol_van(loting, tijdvak, hashlib.sha256(deelnemers).hexdigest()))
        loting.deelnemers_sha256 = hashlib.sha256(deelnemers).hexdigest()
        loting.protocol_sha256 = hashlib.sha256(protocol).hexdigest()
        loting.aantal = deelnemers.count(b"\n") - 1
        bestand_bewaren(loting, "deelnemers.csv", deelnemers, op)
        bestand_bewaren(loting, "protocol.json", protocol, op)
        compleet = Aanvraag.objects.filter(tijdvak=tijdvak, status=Status.COMPLEET)
        if loting.dag is not None:
            compleet = compleet.filter(kenmerk__in=[deelnemer.kenmerk for deelnemer in lijst])
        elif loot_vooraf(tijdvak):
            compleet = compleet.exclude(kenmerk__in=niet_de_eerste(tijdvak))
        overgangen_toepassen(list(compleet), "in_verdeling_nemen", actor=actor, op=op)
        if tijdvak.status == Tijdvakstatus.GESLOTEN and loting.dag is None:
            overgang_toepassen(tijdvak, "verdeling_beginnen", actor=actor, op=op, vergrendeld=True)
        return overgang_toepassen(
            loting,
            "bevriezen",
            actor=actor,
            op=op,
            vergrendeld=True,
            gegevens={"protocol_sha256": loting.protocol_sha256, "aantal": loting.aantal},
        )


def loting_publiceren(*, loting: Loting, waar: str, actor: Gebruiker | None, op: datetime) -> Loting:
    """T0: makes H_P public. The draw (T1) is at least the reflection time of the scheme later, never under 24 hours."""
    eis_rol(actor, Rol.BEHANDELAAR, Rol.BESLISSER, Rol.BEHEERDER)
    if not waar.strip():
        raise InvoerFout(
            "Waar wordt de hash gepubliceerd?", actie="Noem de plek, bijvoorbeeld de Staatscourant.", veld="waar"
        )
    bedenktijd = timedelta(hours=loting.tijdvak.verdeling.bedenktijd_uren)
    if op + bedenktijd > loting.trekking_gepland_op:
        raise InvoerFout(
            f"Tussen publicatie en trekking zitten minstens {loting.tijdvak.verdeling.bedenktijd_uren} uur.",
            actie="Verklaar deze loting ongeldig en plan een latere trekking.",
            code="te-snel",
        )
    return overgang_toepassen(loting, "publiceren", actor=actor, op=op, waar=waar.strip())


def loting_trekken(*, loting: Loting, actor: Gebruiker | None, op: datetime) -> Loting:
    """Computes lots, order and division from the stored bytes. Once."""
    eis_rol(actor, Rol.BEHANDELAAR, Rol.NOTARIS, Rol.BEHEERDER)
    with weigering_op_schrift(loting, "trekken", actor=actor, op=op), transaction.atomic():
        loting = vergrendel(loting)
        if loting.getrokken_op is not None:
            raise OvergangFout(
                f"Deze loting is al getrokken op {moment_tekst(loting.getrokken_op)}.",
                actie="De uitslag ligt vast; een tweede trekking bestaat niet.",
                code="al-getrokken",
            )
        if loting.status != Lotingstatus.BRONNEN_VOLLEDIG:
            raise OvergangFout(
                f"De loting is “{loting.get_status_display()}”: trekken kan nog niet.",
                actie="Bevries de lijst, publiceer de hash en leg de bronnen vast.",
                code="lijst-niet-bevroren",
            )
        uitslag = bereken(lotingbestanden(loting))
        for naam, inhoud in schrijf_uitslag(uitslag).items():
            bestand_bewaren(loting, naam, inhoud, op)
        loting = overgang_toepassen(loting, "trekken", actor=actor, op=op, vergrendeld=True)
        return overgang_toepassen(loting, "verdelen", actor=actor, op=op, vergrendeld=True)


def loting_ongeldig_verklaren(*, loting: Loting, reden: str, actor: Gebruiker | None, op: datetime) -> Loting:
    """Before the moment of the draw only; the round goes on with a new draw over the frozen list.

    From that moment on dice may lie on the table and beacons are public: who knows them can compute the result, and
    declaring the draw invalid would be asking for another one. The list is then drawn as it was published; an error in
    it is mended afterwards, by a mutation.
    """
    eis_rol(actor, Rol.BESLISSER, Rol.BEHEERDER)
    if not reden.strip():
        raise InvoerFout("De reden ontbreekt.", actie="Schrijf op wat er mis is.", veld="reden")
    with weigering_op_schrift(loting, "ongeldig_verklaren", actor=actor, op=op), transaction.atomic():
        loting = vergrendel(loting)
        if is_uitslag_te_berekenen(loting, op):
            raise OvergangFout(
                f"De trekking was gepland op {moment_tekst(loting.trekking_gepland_op)}. Sinds dat moment kan iemand "
                "de uitslag kennen: de loting gaat door zoals zij is gepubliceerd.",
                actie="Ga verder met de trekking. Een fout in de lijst wordt daarna hersteld, of na bezwaar.",
                code="uitslag-ligt-vast",
            )
        return overgang_toepassen(
            loting, "ongeldig_verklaren", actor=actor, op=op, vergrendeld=True, reden=reden.strip()
        )


def is_uitslag_te_berekenen(loting: Loting, op: datetime) -> bool:
    """Whether somebody could know how the draw will end. A list that was not published in time is never drawn."""
    if loting.status in {Lotingstatus.ONTWERP, Lotingstatus.BEVROREN}:
        return False
    return loting.status != Lotingstatus.GEPUBLICEERD or op >= loting.trekking_gepland_op


def eis_andere(actor: Gebruiker | None, eerste: Gebruiker | None, melding: str) -> None:
    if actor is not None and actor == eerste:
        raise RechtenFout(melding, actie="Vraag een collega om deze stap te doen.", code="vier-ogen")
