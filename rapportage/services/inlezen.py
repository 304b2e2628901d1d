"""Importing a round of the past from its files: all of it or nothing (contract; design 06).

The files are checked first, without the database; then once more against the round (themes, ceiling), and every error
of every file is reported at once. Only a set of files without errors is written, in one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from rapportage.inlezen.koppelen import Koppeling, lees_koppeling
from rapportage.inlezen.rangorde import Rangorde, bepaal_rangorde, controleer_rangen
from rapportage.inlezen.ronde import (
    Ronde,
    bepaal_potten,
    controleer_plafond,
    controleer_themas,
    lees_ronde,
    themas_in,
)
from rapportage.inlezen.rondespec import Rondefeiten, maak_spec, themacodes
from rapportage.inlezen.tabel import HET_BESTAND, Bronbestand, geweigerd, lees_tabel
from rapportage.services.inlezen_opslag import Bronnen, ronde_opslaan
from regeling.enums import HOOFDPOT, Eenheid, Methode, Tijdvakstatus
from regeling.models import Plafond, Regeling, Tijdvak
from regeling.schema_velden import gewoon
from regeling.services.catalogus import catalogusbestand, regelingen_laden, ronde_uit_spec

_SLEUTEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_GELOOT = frozenset({Methode.LOTING, Methode.GRIJZE_ZONE})


@dataclass(frozen=True)
class Rondeopties:
    """What the file of a new round cannot tell; amounts in euros, ``drempel`` a score."""

    methode: str | None = None
    plafond: Decimal | None = None
    drempel: Decimal | None = None
    zaad: str | None = None
    regeling: str | None = None
    jaar: int | None = None


@dataclass
class Inleesverslag:
    """What was imported. ``per_status``: word of the file -> number. ``meldingen``: what deserves a look."""

    sleutel: str
    aanvragen: int = 0
    toegekend: int = 0
    toegekend_bedrag: Decimal = Decimal(0)
    plafond: Decimal = Decimal(0)
    vrijgevallen: Decimal = Decimal(0)
    per_status: dict[str, int] = field(default_factory=dict)
    gekoppeld: dict[str, tuple[int, int]] = field(default_factory=dict)
    rangschikking: str = ""
    meldingen: list[str] = field(default_factory=list)


def ronde_inlezen(
    *,
    sleutel: str,
    bestand: Bronbestand,
    koppelen: Sequence[Bronbestand] = (),
    opties: Rondeopties = Rondeopties(),
    actor: Gebruiker | None,
    op: datetime,
    stap: Callable[[str], None] = lambda tekst: None,
) -> Inleesverslag:
    """Imports one round with its linked files; ``stap`` hears what is being done.

    A round that does not exist is taken from the catalogue, else made from the file. Raises :class:`BestandFout` with
    all errors, :class:`InvoerFout` or :class:`OvergangFout` when the round cannot take an import.
    """
    eis_rol(actor, Rol.BEHEERDER)
    stap("Bestanden lezen en controleren")
    ronde = lees_ronde(lees_tabel(bestand))
    controleer_rangen(ronde)
    nummers = {regel.kenmerk for regel in ronde.regels}
    koppelingen = [lees_koppeling(lees_tabel(een), nummers) for een in koppelen]
    _eis_verschillend(ronde, koppelingen)
    verslag = Inleesverslag(sleutel)
    with transaction.atomic():
        tijdvak = _bestaand_tijdvak(sleutel, opties, actor=actor, op=op, verslag=verslag)
        if tijdvak is not None:
            _pas_opties(tijdvak, opties)
            _controleer_bij(tijdvak, ronde)
            jaar = tijdvak.tijdvakspec.open_op.year
            if ronde.jaar is not None and ronde.jaar != jaar:
                verslag.meldingen.append(f"Het bestand noemt ronde {ronde.jaar}; het tijdvak is van {jaar}.")
        elif opties.plafond is not None:
            controleer_plafond(ronde, opties.plafond)
        methode = tijdvak.methode if tijdvak is not None else _methode(ronde, opties)
        rangorde = _rangorde(ronde, koppelingen, methode, _zaad(tijdvak, opties), opties, verslag)
        if tijdvak is None:
            stap("Tijdvak maken uit het bestand")
            tijdvak = _nieuw_tijdvak(sleutel, ronde, bestand.naam, methode, opties, actor=actor, op=op, verslag=verslag)
        stap("Aanvragen, rangorde en boekingen vastleggen")
        ronde_opslaan(
            tijdvak=tijdvak,
            ronde=ronde,
            rangorde=rangorde,
            koppelingen=koppelingen,
            bronnen=Bronnen(bestand, tuple(koppelen)),
            actor=actor,
            op=op,
        )
        _vul(verslag, ronde, koppelingen, Plafond.objects.get(tijdvak=tijdvak, code=HOOFDPOT))
    return verslag


def _eis_verschillend(ronde: Ronde, koppelingen: Sequence[Koppeling]) -> None:
    gezien: set[str] = set()
    for koppeling in koppelingen:
        if koppeling.soort in gezien:
            melding = f"Er is al een bestand met {koppeling.soort} gekoppeld. Koppel er één, of voeg ze samen."
            koppeling.tabel.fout(HET_BESTAND, "kolommen", melding)
        if koppeling.soort is not None:
            gezien.add(koppeling.soort)


def _bestaand_tijdvak(
    sleutel: str, opties: Rondeopties, *, actor: Gebruiker | None, op: datetime, verslag: Inleesverslag
) -> Tijdvak | None:
    """The round, locked and fit for an import; from the catalogue when it is not loaded yet; ``None`` when new."""
    tijdvak = Tijdvak.objects.select_for_update().filter(sleutel=sleutel).first()
    if tijdvak is None:
        pad = catalogusbestand(sleutel)
        if pad is None:
            return None
        regelingen_laden(pad=pad, actor=actor, op=op)
        verslag.meldingen.append(f"Het tijdvak {sleutel} is eerst geladen uit de catalogus ({pad.name}).")
        tijdvak = Tijdvak.objects.select_for_update().get(sleutel=sleutel)
    if tijdvak.inlezingen.exists() or tijdvak.aanvragen.exists():
        raise OvergangFout(
            f"Het tijdvak {sleutel} is al ingelezen of heeft al aanvragen.",
            actie="Kies een andere sleutel voor een nieuwe ronde. Er is niets gewijzigd.",
        )
    if tijdvak.status != Tijdvakstatus.ONTWERP:
        raise OvergangFout(
            f"Het tijdvak {sleutel} heeft de status “{tijdvak.get_status_display()}”: "
            "een bestand inlezen kan alleen in een ontwerp.",
            actie="Kies een andere sleutel voor een ronde uit het verleden.",
        )
    if tijdvak.eenheid != Eenheid.EURO:
        raise InvoerFout(
            f"Het plafond van tijdvak {sleutel} telt in stuks; een bestand noemt bedragen in euro's.",
            actie="Kies een andere sleutel, met --plafond in euro's.",
        )
    return tijdvak


def _pas_opties(tijdvak: Tijdvak, opties: Rondeopties) -> None:
    """An existing round says these things itself; an option may repeat them, not change them."""
    gegeven: list[tuple[str, object, object]] = [
        ("methode", opties.methode, tijdvak.methode),
        ("plafond", opties.plafond, _plafond(tijdvak)),
        ("drempel", opties.drempel, tijdvak.verdeling.drempel),
        ("regeling", opties.regeling, tijdvak.regelingversie.regeling.sleutel),
        ("jaar", opties.jaar, tijdvak.tijdvakspec.open_op.year),
    ]
    for naam, gevraagd, heeft in gegeven:
        if gevraagd is not None and gevraagd != heeft:
            waarde = gewoon(heeft) if isinstance(heeft, Decimal) else heeft
            stand = f"{naam} {waarde}" if heeft is not None else f"zonder {naam}"
            raise InvoerFout(
                f"Het tijdvak {tijdvak.sleutel} bestaat al ({stand}): --{naam} {gevraagd} kan dat niet veranderen.",
                actie=f"Laat --{naam} weg, of kies een andere sleutel voor een nieuwe ronde.",
            )


def _controleer_bij(tijdvak: Tijdvak, ronde: Ronde) -> None:
    """What only the round can tell: its themes, its ceiling and sub-ceilings."""
    themas = _themas(tijdvak)
    controleer_themas(ronde, {naam.casefold(): naam for naam in themas})
    bepaal_potten(ronde, tijdvak.tijdvakspec, themas)
    deelplafonds = tijdvak.plafonds.exclude(code=HOOFDPOT).order_by("code")
    controleer_plafond(ronde, _plafond(tijdvak), {pot.code: (pot.naam, pot.bedrag) for pot in deelplafonds})


def _plafond(tijdvak: Tijdvak) -> Decimal:
    return Plafond.objects.values_list("bedrag", flat=True).get(tijdvak=tijdvak, code=HOOFDPOT)


def _themas(tijdvak: Tijdvak) -> dict[str, str]:
    """Name -> code of the themes that the scheme of the round has."""
    return {deel.naam: deel.code for deel in tijdvak.spec.themas}


def _zaad(tijdvak: Tijdvak | None, opties: Rondeopties) -> str | None:
    if opties.zaad is not None or tijdvak is None:
        return opties.zaad
    oude_loting = tijdvak.tijdvakspec.loting_historisch
    return oude_loting.zaad if oude_loting is not None else None


def _methode(ronde: Ronde, opties: Rondeopties) -> str:
    """The method of a new round: given, or what the columns show."""
    if opties.methode is not None:
        return opties.methode
    for kolom, methode in (
        ("loting_rang", Methode.LOTING),
        ("ingeloot", Methode.LOTING),
        ("score", Methode.RANGSCHIKKING),
        ("binnenkomst_seconden", Methode.VOLGORDE),
    ):
        if any(regel.rij.waarde(kolom) for regel in ronde.regels):
            return methode
    return Methode.LOTING if opties.zaad is not None else ""


def _rangorde(
    ronde: Ronde,
    koppelingen: Sequence[Koppeling],
    methode: str,
    zaad: str | None,
    opties: Rondeopties,
    verslag: Inleesverslag,
) -> Rangorde | None:
    """The order of the round. Here the errors of all files are raised: those of the draw are the last to be found."""
    tabellen = [ronde.tabel, *(koppeling.tabel for koppeling in koppelingen)]
    if any(tabel.fouten for tabel in tabellen):
        raise geweigerd(tabellen)
    if opties.zaad is not None and methode not in _GELOOT:
        raise InvoerFout(
            "Een zaad hoort bij een loting.", actie="Laat --zaad weg, of kies --methode loting als er is geloot."
        )
    rangorde = bepaal_rangorde(ronde, methode, zaad if methode in _GELOOT else None)
    if rangorde is None:
        verslag.rangschikking = "geen (het bestand noemt geen volgorde)"
        return None
    if rangorde.verschil is not None:
        plek, melding = rangorde.verschil
        if opties.zaad is not None:
            ronde.tabel.fout(plek, "loting_rang", melding)
            raise geweigerd(tabellen)
        verslag.meldingen.append(f"Het zaad uit de regeling past niet bij dit bestand: {plek}: {melding}")
        if not ronde.heeft("loting_rang"):
            verslag.rangschikking = "geen (het zaad uit de regeling past niet bij dit bestand)"
            return None
    waarvan = {True: ", nagerekend met het zaad: klopt", False: ", klopt niet met het zaad", None: ""}
    nagerekend = rangorde.herkomst.get("nagerekend")
    aantal = f"{len(rangorde.volgorde):,}".replace(",", ".")
    verslag.rangschikking = f"{aantal} plaatsen{waarvan[nagerekend]}"
    return rangorde


def _nieuw_tijdvak(
    sleutel: str,
    ronde: Ronde,
    bestandsnaam: str,
    methode: str,
    opties: Rondeopties,
    *,
    actor: Gebruiker | None,
    op: datetime,
    verslag: Inleesverslag,
) -> Tijdvak:
    """A round made from the file: its scheme holds only what the file and the options tell."""
    regelingsleutel = opties.regeling or sleutel
    for naam, waarde, maximum in (("het tijdvak", sleutel, 80), ("de regeling", regelingsleutel, 60)):
        if not _SLEUTEL.fullmatch(waarde) or len(waarde) > maximum:
            raise InvoerFout(
                f"'{waarde}' kan geen sleutel van {naam} zijn.",
                actie=f"Gebruik hoogstens {maximum} kleine letters en cijfers, met losse streepjes: mijn-ronde-2012.",
            )
    jaar = opties.jaar or ronde.jaar
    if jaar is None:
        raise InvoerFout("Het jaar van de ronde is onbekend.", actie="Geef --jaar, of de kolom ronde in het bestand.")
    if not methode:
        raise InvoerFout("De methode van verdelen is onbekend.", actie="Geef --methode.")
    drempel = _drempel(ronde, methode, opties)
    plafond = opties.plafond
    if plafond is None:
        plafond = ronde.toegekend_bedrag
        if plafond == 0:
            raise InvoerFout("Het plafond is onbekend en er is niets toegekend.", actie="Geef --plafond.")
        verslag.meldingen.append("Er is geen plafond gegeven. Als plafond geldt nu de som van wat is toegekend.")
    regeling = Regeling.objects.filter(sleutel=regelingsleutel).first()
    bestaand = {thema.naam.casefold(): thema.code for thema in regeling.themas.all()} if regeling else {}
    spec = maak_spec(
        Rondefeiten(
            sleutel=sleutel,
            regeling=regelingsleutel,
            regelingnaam=regeling.naam if regeling else f"Regeling {regelingsleutel}",
            jaar=jaar,
            methode=methode,
            plafond=plafond,
            maximum=max(regel.gevraagd or Decimal(0) for regel in ronde.regels),
            drempel=drempel,
            zaad=opties.zaad if methode == Methode.LOTING else None,
            themas=themacodes(themas_in(ronde), bestaand),
        ),
        bestandsnaam,
    )
    tijdvak = ronde_uit_spec(spec=spec, bestand=bestandsnaam, sleutel=sleutel, actor=actor, op=op)
    _controleer_bij(tijdvak, ronde)  # the same theme in other capitals gets one spelling
    return tijdvak


def _drempel(ronde: Ronde, methode: str, opties: Rondeopties) -> Decimal | None:
    if opties.drempel is not None and ronde.drempel is not None and opties.drempel != ronde.drempel:
        raise InvoerFout(
            f"--drempel is {opties.drempel}, maar de kolom drempel zegt {ronde.drempel}.",
            actie="Laat --drempel weg of verbeter het bestand.",
        )
    drempel = opties.drempel if opties.drempel is not None else ronde.drempel
    if methode == Methode.GRIJZE_ZONE and drempel is None:
        raise InvoerFout("Bij loting in een grijze zone hoort een drempel.", actie="Geef --drempel.")
    return drempel


def _vul(verslag: Inleesverslag, ronde: Ronde, koppelingen: Sequence[Koppeling], plafond: Plafond) -> None:
    for regel in ronde.regels:
        woord = regel.status or ""
        verslag.per_status[woord] = verslag.per_status.get(woord, 0) + 1
    verslag.aanvragen = len(ronde.regels)
    verslag.toegekend = sum(regel.is_toegekend for regel in ronde.regels)
    verslag.toegekend_bedrag = ronde.toegekend_bedrag
    verslag.plafond = plafond.bedrag
    verslag.vrijgevallen = plafond.vrijgevallen
    if "vastgesteld" in verslag.per_status and not ronde.heeft("vastgesteld_bedrag"):
        verslag.meldingen.append("Er is geen kolom vastgesteld_bedrag: er is geen vaststelling geboekt.")
    for koppeling in koppelingen:
        rijen = sum(len(rijen) for rijen in koppeling.rijen.values())
        verslag.gekoppeld[koppeling.soort or ""] = (rijen, len(koppeling.rijen))
