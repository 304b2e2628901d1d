"""Loading scheme files into the database: all of them or none, and nothing twice (design 02, R31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from kern.enums import Rol
from kern.fouten import BestandFout, InvoerFout, Regelfout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen
from kern.services.spoor import Logpost, keten_van, log_schrijven
from regeling.enums import Herkomst, Tijdvakstatus
from regeling.lezen import digest, dubbele_sleutels, lees_regeling, naar_json, waarschuwingen
from regeling.models import Plafond, Regeling, Regelingbron, Regelingversie, Regelingvoorstel, Thema, Tijdvak
from regeling.schema import Regelingspec, Tijdvakspec
from regeling.services.verboden import potten_in, verboden

CATALOGUS = Path(__file__).resolve().parent.parent / "catalogus"
AANGEMAAKT, GEWIJZIGD, ONGEWIJZIGD = "aangemaakt", "gewijzigd", "ongewijzigd"
INGETROKKEN, VERWIJDERD = "ingetrokken", "verwijderd"
#: Rounds that are over: a later file may still explain the scheme better, but these keep the version they ran under.
_VOORBIJ = (Tijdvakstatus.AFGEHANDELD, Tijdvakstatus.INGETROKKEN)


@dataclass(frozen=True)
class Laadregel:
    """What happened to one object: kind, key and outcome (see the constants above)."""

    bestand: str
    soort: str
    sleutel: str
    uitkomst: str


@dataclass(frozen=True)
class Laadverslag:
    """Report of a load: one line per object, and what deserves a look before publication."""

    regels: tuple[Laadregel, ...]
    waarschuwingen: tuple[Regelfout, ...]

    @property
    def gewijzigd(self) -> bool:
        return any(regel.uitkomst != ONGEWIJZIGD for regel in self.regels)


@dataclass(frozen=True)
class _Bron:
    """One file that was read."""

    bestand: str
    spec: Regelingspec
    tekst: str


@dataclass
class _Lading:
    """One scheme that is being written. ``heel``: the file is the whole scheme, so what it lacks has lapsed. ``tekst``:
    the file itself, where there is one."""

    bestand: str
    spec: Regelingspec
    actor: Gebruiker | None
    op: datetime
    herkomst: Herkomst
    heel: bool
    tekst: str = ""
    regels: list[Laadregel] = field(default_factory=list)

    def noteer(self, obj: models.Model, sleutel: str, uitkomst: str, gegevens: dict[str, Any] | None = None) -> None:
        self.regels.append(Laadregel(self.bestand, obj._meta.model_name or "", sleutel, uitkomst))
        if uitkomst not in {ONGEWIJZIGD, INGETROKKEN}:  # a withdrawal is logged by its transition
            log_schrijven(
                Logpost(
                    keten=keten_van(obj),
                    handeling=f"catalogus_{uitkomst}",
                    op=self.op,
                    actor=self.actor,
                    gegevens={"bestand": self.bestand, "sleutel": sleutel, **(gegevens or {})},
                )
            )

    def bijwerken(self, obj: models.Model, sleutel: str, waarden: dict[str, Any]) -> None:
        """Writes only what differs."""
        anders = {naam: waarde for naam, waarde in waarden.items() if getattr(obj, naam) != waarde}
        gegevens = {naam: {"oud": _kort(getattr(obj, naam)), "nieuw": _kort(anders[naam])} for naam in anders}
        for naam, waarde in anders.items():
            setattr(obj, naam, waarde)
        if anders:
            obj.save(update_fields=list(anders))
        self.noteer(obj, sleutel, GEWIJZIGD if anders else ONGEWIJZIGD, gegevens)


def regelingen_laden(*, pad: Path | None, actor: Gebruiker | None, op: datetime) -> Laadverslag:
    """Loads a scheme file, or all ``*.toml`` of a folder (default: the catalogue).

    Every file is validated first; then all are written in one transaction. A file that says what the database has
    already writes nothing. Raises :class:`BestandFout` with every error of every file, also for a change that the law
    does not allow any more after publication (R31); the database is then as it was.
    """
    eis_rol(actor, Rol.BEHEERDER)
    return _laden(_bronnen(pad), actor, op)


def regeling_laden(*, inhoud: bytes, bestand: str, actor: Gebruiker | None, op: datetime) -> Laadverslag:
    """The same for the content of one file, wherever it comes from; ``bestand`` names it in messages."""
    eis_rol(actor, Rol.BEHEERDER)
    return _laden([_Bron(bestand, lees_regeling(inhoud, bestand), _als_tekst(inhoud))], actor, op)


def _laden(bronnen: Sequence[_Bron], actor: Gebruiker | None, op: datetime) -> Laadverslag:
    let_op = [
        Regelfout(f"{bron.bestand}: {fout.plek}", fout.kolom, fout.melding)
        for bron in bronnen
        for fout in waarschuwingen(bron.spec)
    ]
    regels: list[Laadregel] = []
    with transaction.atomic():
        ladingen = []
        for bron in bronnen:
            uit_browser = _uit_browser(bron.spec)
            if uit_browser is not None and _gezien(bron.spec):
                naam = f"{bron.spec.regeling.sleutel} {bron.spec.regeling.versie}"
                regels.append(Laadregel(bron.bestand, "regelingversie", naam, ONGEWIJZIGD))
                let_op.append(_vervangen(bron, uit_browser))
                continue
            if uit_browser is not None:
                let_op.append(_vervangt(bron, uit_browser))
            ladingen.append(
                _Lading(bron.bestand, bron.spec, actor, op, Herkomst.CATALOGUS, heel=True, tekst=bron.tekst)
            )
        _weiger([fout for lading in ladingen for fout in verboden(lading.bestand, lading.spec, op)])
        for lading in ladingen:
            _vastleggen(lading)
    regels += [regel for lading in ladingen for regel in lading.regels]
    return Laadverslag(regels=tuple(regels), waarschuwingen=tuple(let_op))


def _uit_browser(spec: Regelingspec) -> Regelingversie | None:
    """The version in force, when that was published in the browser and says something else than the file."""
    versies = Regelingversie.objects.filter(regeling__sleutel=spec.regeling.sleutel).defer("inhoud")
    nieuwste = versies.order_by("-geladen_op", "-pk").first()
    if nieuwste is None or nieuwste.sha256 == digest(spec):
        return None
    return nieuwste if Regelingvoorstel.objects.filter(versie=nieuwste).exists() else None


def _gezien(spec: Regelingspec) -> bool:
    """Whether this content was loaded before: then it is the file that is behind, not the version in force."""
    return Regelingversie.objects.filter(regeling__sleutel=spec.regeling.sleutel, sha256=digest(spec)).exists()


def _vervangen(bron: _Bron, nieuwste: Regelingversie) -> Regelfout:
    """Why the file writes nothing: what it says was followed by a version that was published in the browser."""
    melding = (
        f"Versie {bron.spec.regeling.versie} is in de browser vervangen door versie {nieuwste.versie}. Er is niets "
        "gewijzigd. Download de versie die geldt en zet haar in de plaats van dit bestand."
    )
    return Regelfout(f"{bron.bestand}: regeling.versie", "vervangen", melding)


def _vervangt(bron: _Bron, nieuwste: Regelingversie) -> Regelfout:
    """A new file takes the place of a version that was published in the browser: that may not have been meant."""
    op = timezone.localtime(nieuwste.geladen_op)
    melding = (
        f"Versie {bron.spec.regeling.versie} vervangt versie {nieuwste.versie}, die op {op:%d-%m-%Y} in de browser is "
        "gepubliceerd. Staat alles uit die versie ook in dit bestand? Vergelijk ze bij Beheer, Regelingen."
    )
    return Regelfout(f"{bron.bestand}: regeling.versie", "vervangt", melding)


def lees_regelingen(pad: Path | None) -> list[tuple[str, Regelingspec]]:
    """(file name, scheme) of one file or of a folder, in order of name. Raises BestandFout with all errors at once."""
    return [(bron.bestand, bron.spec) for bron in _bronnen(pad)]


def _bronnen(pad: Path | None) -> list[_Bron]:
    bronnen: list[_Bron] = []
    fouten: list[Regelfout] = []
    for bestand in _bestanden(pad or CATALOGUS):
        try:
            inhoud = bestand.read_bytes()
            bronnen.append(_Bron(bestand.name, lees_regeling(inhoud, bestand.name), _als_tekst(inhoud)))
        except BestandFout as fout:
            fouten += [Regelfout(f"{bestand.name}: {een.plek}", een.kolom, een.melding) for een in fout.fouten]
        except OSError as fout:
            fouten.append(Regelfout(bestand.name, "lezen", f"Het bestand is niet te lezen ({type(fout).__name__})."))
    fouten += dubbele_sleutels([(bron.bestand, bron.spec) for bron in bronnen])
    _weiger(fouten)
    return bronnen


def _als_tekst(inhoud: bytes) -> str:
    """The text of a file that could be read, with lines that end in a newline only."""
    return inhoud.decode("utf-8-sig").replace("\r\n", "\n")


def catalogusbestand(tijdvak_sleutel: str) -> Path | None:
    """The file of the shipped catalogue that holds this round, or ``None``."""
    for bestand in _bestanden(CATALOGUS):
        spec = lees_regeling(bestand.read_bytes(), bestand.name)
        if any(tijdvak.sleutel == tijdvak_sleutel for tijdvak in spec.tijdvakken):
            return bestand
    return None


def ronde_uit_spec(*, spec: Regelingspec, bestand: str, sleutel: str, actor: Gebruiker | None, op: datetime) -> Tijdvak:
    """Writes the round of a scheme that was made from a data file and returns it; the rest of an existing scheme is
    left alone. ``bestand`` names the source in messages and in the trail. Raises :class:`BestandFout`."""
    lading = _Lading(bestand, spec, actor, op, Herkomst.IMPORT, heel=False)
    with transaction.atomic():
        _weiger(list(verboden(bestand, spec, op)))
        _vastleggen(lading)
        return Tijdvak.objects.get(sleutel=sleutel)


def _vastleggen(lading: _Lading) -> None:
    """The version, its rounds and ceilings, its themes."""
    regeling = _regeling(lading)
    versie = _versie(lading, regeling)
    tijdvakken = [rij for deel in lading.spec.tijdvakken for rij in _tijdvakken(lading, versie, deel)]
    if lading.heel:
        _vervallen_tijdvakken(lading, regeling, {tijdvak.pk for tijdvak in tijdvakken})
    _themas(lading, regeling)


def _bestanden(pad: Path) -> list[Path]:
    if pad.is_dir():
        bestanden = sorted(deel for deel in pad.glob("*.toml") if deel.is_file())
        if not bestanden:
            raise InvoerFout(f"In de map {pad} staat geen regelingsbestand.", actie="Zet er bestanden in op .toml.")
        return bestanden
    if not pad.exists():
        raise InvoerFout(f"{pad} bestaat niet.", actie="Geef een regelingsbestand of een map met regelingsbestanden.")
    return [pad]


def _weiger(fouten: Sequence[Regelfout]) -> None:
    uniek = list(dict.fromkeys(fouten))
    if uniek:
        aantal = "1 fout" if len(uniek) == 1 else f"{len(uniek)} fouten"
        raise BestandFout(f"De regelingen zijn niet geladen: {aantal}.", uniek)


def _regeling(lading: _Lading) -> Regeling:
    gegevens = lading.spec.regeling
    regeling = Regeling.objects.select_for_update().filter(sleutel=gegevens.sleutel).first()
    if regeling is None:
        regeling = Regeling.objects.create(sleutel=gegevens.sleutel, naam=gegevens.naam)
        lading.noteer(regeling, regeling.sleutel, AANGEMAAKT)
    elif lading.heel:
        lading.bijwerken(regeling, regeling.sleutel, {"naam": gegevens.naam})
    return regeling


def _versie(lading: _Lading, regeling: Regeling) -> Regelingversie:
    """The frozen version with this content; the same digest is no new version."""
    som = digest(lading.spec)
    versie = Regelingversie.objects.filter(regeling=regeling, sha256=som).first()
    naam = f"{regeling.sleutel} {lading.spec.regeling.versie}"
    if versie is None:
        versie = Regelingversie.objects.create(
            regeling=regeling,
            versie=lading.spec.regeling.versie,
            inhoud=naar_json(lading.spec),
            sha256=som,
            geladen_op=lading.op,
            geladen_door=lading.actor,
        )
        if lading.tekst:
            Regelingbron.objects.create(versie=versie, tekst=lading.tekst)
        lading.noteer(versie, naam, AANGEMAAKT, {"sha256": som})
    else:
        lading.noteer(versie, naam, ONGEWIJZIGD)
    return versie


def _tijdvakken(lading: _Lading, versie: Regelingversie, deel: Tijdvakspec) -> list[Tijdvak]:
    """The round of a file; with two stages two rounds, of which the second is for who passed the first."""
    eerste = _tijdvak(lading, versie, deel, stap=1, vorige=None)
    return [eerste] if deel.vervolg is None else [eerste, _tijdvak(lading, versie, deel, stap=2, vorige=eerste)]


def _tijdvak(
    lading: _Lading, versie: Regelingversie, bron: Tijdvakspec, *, stap: int, vorige: Tijdvak | None
) -> Tijdvak:
    deel = bron.in_stap(stap)
    waarden = {
        "naam": deel.naam,
        "regelingversie": versie,
        "methode": lading.spec.verdeling_voor(bron.sleutel).methode,
        "eenheid": lading.spec.eenheid_in(bron.sleutel, stap),
        "open_op": deel.open_op,
        "sluit_op": deel.sluit_op,
    }
    tijdvak = Tijdvak.objects.select_related("regelingversie").filter(sleutel=deel.sleutel).first()
    if tijdvak is None:
        tijdvak = Tijdvak.objects.create(
            sleutel=deel.sleutel,
            specsleutel=bron.sleutel,
            herkomst=lading.herkomst,
            stap=stap,
            vorige_stap=vorige,
            **waarden,
        )
        lading.noteer(tijdvak, deel.sleutel, AANGEMAAKT)
        _plafonds(lading, tijdvak, potten_in(deel))
    elif tijdvak.status in _VOORBIJ:
        lading.noteer(tijdvak, deel.sleutel, ONGEWIJZIGD)
    elif tijdvak.status == Tijdvakstatus.ONTWERP:
        lading.bijwerken(tijdvak, deel.sleutel, waarden)
        _plafonds(lading, tijdvak, potten_in(deel))
    else:
        # Published: an extension after an outage and a raised ceiling live in the database, not in the file.
        oud = tijdvak.tijdvakspec.in_stap(stap)
        if oud.sluit_op == deel.sluit_op:
            del waarden["sluit_op"]
        gewijzigd = {code: pot for code, pot in potten_in(deel).items() if potten_in(oud)[code] != pot}
        lading.bijwerken(tijdvak, deel.sleutel, waarden)
        _plafonds(lading, tijdvak, gewijzigd)
    return tijdvak


def _plafonds(lading: _Lading, tijdvak: Tijdvak, potten: dict[str, tuple[str, Decimal]]) -> None:
    """The ceilings as the file has them; the balance columns stay as they are."""
    bestaand = {pot.code: pot for pot in tijdvak.plafonds.select_for_update()}
    for code, (naam, bedrag) in potten.items():
        sleutel = f"{tijdvak.sleutel} {code}"
        if code in bestaand:
            lading.bijwerken(bestaand[code], sleutel, {"naam": naam, "bedrag": bedrag})
        else:
            pot = Plafond.objects.create(tijdvak=tijdvak, code=code, naam=naam, bedrag=bedrag)
            lading.noteer(pot, sleutel, AANGEMAAKT, {"bedrag": str(bedrag)})
    if tijdvak.status == Tijdvakstatus.ONTWERP:
        for code, pot in bestaand.items():
            if code not in potten:
                lading.noteer(pot, f"{tijdvak.sleutel} {code}", VERWIJDERD)
                pot.delete()


def _vervallen_tijdvakken(lading: _Lading, regeling: Regeling, blijven: set[int]) -> None:
    """A draft that left the file is withdrawn, not erased: its trail stays."""
    weg = Tijdvak.objects.filter(
        regelingversie__regeling=regeling, status=Tijdvakstatus.ONTWERP, herkomst=Herkomst.CATALOGUS
    ).exclude(pk__in=blijven)
    for tijdvak in weg.order_by("sleutel"):
        overgang_toepassen(
            tijdvak,
            "intrekken",
            actor=lading.actor,
            op=lading.op,
            reden=f"Staat niet meer in het regelingsbestand {lading.bestand}.",
        )
        lading.noteer(tijdvak, tijdvak.sleutel, INGETROKKEN)


def _themas(lading: _Lading, regeling: Regeling) -> None:
    """Theme rows of the scheme. A theme stays as long as the version of some round has it."""
    bestaand = {thema.code: thema for thema in regeling.themas.all()}
    for volgorde, deel in enumerate(lading.spec.themas, 1):
        sleutel = f"{regeling.sleutel} {deel.code}"
        if deel.code in bestaand:
            if lading.heel:
                lading.bijwerken(bestaand[deel.code], sleutel, {"naam": deel.naam, "volgorde": volgorde})
        else:
            thema = Thema.objects.create(regeling=regeling, code=deel.code, naam=deel.naam, volgorde=volgorde)
            lading.noteer(thema, sleutel, AANGEMAAKT)
    if not lading.heel:
        return
    nodig = {deel.code for deel in lading.spec.themas}
    for versie in Regelingversie.objects.filter(tijdvakken__isnull=False, regeling=regeling).distinct():
        nodig |= {deel.code for deel in versie.spec.themas}
    for code, thema in bestaand.items():
        if code not in nodig:
            lading.noteer(thema, f"{regeling.sleutel} {code}", VERWIJDERD)
            thema.delete()


def _kort(waarde: Any) -> str:
    return waarde.sha256 if isinstance(waarde, Regelingversie) else str(waarde)
