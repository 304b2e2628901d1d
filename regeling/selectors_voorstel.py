"""Reading proposals: the version in force, its text, and what a proposal would change and may not change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kern.fouten import BestandFout, Regelfout
from regeling.lezen import digest, lees_regeling, waarschuwingen
from regeling.models import Regeling, Regelingbron, Regelingversie, Regelingvoorstel
from regeling.regelverschil import Sleutelverschil, Verschilregel, regelverschil, sleutelverschillen
from regeling.schema import Regelingspec
from regeling.schrijven import naar_toml
from regeling.services.catalogus import CATALOGUS
from regeling.services.verboden import verboden


@dataclass(frozen=True)
class Controle:
    """What there is to say of the text of a proposal. ``spec`` is empty as long as there are ``fouten``.

    ``verboden``: what the law or a key elsewhere does not allow, so that it cannot be published. ``regels`` is ``None``
    when too much differs to compare line by line.
    """

    spec: Regelingspec | None
    fouten: list[Regelfout]
    verboden: list[Regelfout] = field(default_factory=list)
    waarschuwingen: list[Regelfout] = field(default_factory=list)
    sleutels: list[Sleutelverschil] = field(default_factory=list)
    regels: list[list[Verschilregel]] | None = None
    van_kracht: Regelingversie | None = None
    basis_verouderd: bool = False

    @property
    def kan_door(self) -> bool:
        return not (self.fouten or self.verboden or self.basis_verouderd)

    @property
    def niets_nieuws(self) -> bool:
        """The text says what the version in force says, and nothing else stands in the way."""
        return not (self.fouten or self.sleutels) and [een.kolom for een in self.verboden] == ["niets-nieuws"]


def versie_van_kracht(regeling: Regeling) -> Regelingversie | None:
    """The version that was loaded last."""
    return regeling.versies.order_by("-geladen_op", "-pk").first()


def tekst_van_versie(versie: Regelingversie) -> str:
    """The text of the file with its comments, as it was loaded or shipped; else written anew."""
    bron = Regelingbron.objects.filter(versie=versie).first()
    if bron is not None:
        return bron.tekst
    bestand = CATALOGUS / f"{versie.regeling.sleutel}.toml"
    if bestand.is_file():
        inhoud = bestand.read_bytes()
        if digest(lees_regeling(inhoud, bestand.name)) == versie.sha256:
            return inhoud.decode("utf-8-sig").replace("\r\n", "\n")
    return naar_toml(versie.spec)


def spec_van_voorstel(voorstel: Regelingvoorstel) -> Regelingspec:
    """The scheme in the text. Raises :class:`BestandFout` with every error."""
    return lees_regeling(voorstel.tekst.encode("utf-8"), voorstel.bestand)


def controleer(voorstel: Regelingvoorstel, op: datetime) -> Controle:
    """Everything that publication at ``op`` would look at, and the difference with the version in force."""
    geldend = versie_van_kracht(voorstel.regeling) if voorstel.regeling else None
    regels = regelverschil(tekst_van_versie(geldend), voorstel.tekst) if geldend else []
    verouderd = geldend is not None and geldend.pk != voorstel.basis_id
    try:
        spec = spec_van_voorstel(voorstel)
    except BestandFout as fout:
        return Controle(None, fout.fouten, regels=regels, van_kracht=geldend, basis_verouderd=verouderd)
    bezwaren = [*eigen_bezwaren(voorstel, spec), *verboden(voorstel.bestand, spec, op, vergrendel=False)]
    return Controle(
        spec=spec,
        fouten=[],
        verboden=list(dict.fromkeys(bezwaren)),
        waarschuwingen=[*_versienaam(voorstel, spec), *waarschuwingen(spec)],
        sleutels=sleutelverschillen(geldend.spec, spec) if geldend else [],
        regels=regels,
        van_kracht=geldend,
        basis_verouderd=verouderd,
    )


def eigen_bezwaren(voorstel: Regelingvoorstel, spec: Regelingspec) -> list[Regelfout]:
    """What a proposal may not do besides what a file may not do."""
    sleutel = spec.regeling.sleutel
    if voorstel.regeling is not None and sleutel != voorstel.regeling.sleutel:
        melding = (
            f"Dit voorstel is voor de regeling '{voorstel.regeling.sleutel}', maar de sleutel is '{sleutel}'. "
            "Zet de sleutel terug, of begin een voorstel voor een nieuwe regeling."
        )
        return [Regelfout("regeling.sleutel", "andere-regeling", melding)]
    if voorstel.regeling is None and Regeling.objects.filter(sleutel=sleutel).exists():
        melding = (
            f"De regeling '{sleutel}' bestaat al. Begin een voorstel bij die regeling, of kies een andere sleutel."
        )
        return [Regelfout("regeling.sleutel", "dubbele-sleutel", melding)]
    gelijk = Regelingversie.objects.filter(regeling__sleutel=sleutel, sha256=digest(spec)).defer("inhoud").first()
    if gelijk is None:
        return []
    if gelijk == (versie_van_kracht(voorstel.regeling) if voorstel.regeling else None):
        melding = "Het voorstel zegt hetzelfde als de versie die geldt. Wijzig eerst iets."
    else:
        melding = (
            f"Het voorstel zegt hetzelfde als de oude versie {gelijk.versie}. Geef regeling.versie een nieuw nummer."
        )
    return [Regelfout("het bestand", "niets-nieuws", melding)]


def _versienaam(voorstel: Regelingvoorstel, spec: Regelingspec) -> list[Regelfout]:
    naam = spec.regeling.versie
    if voorstel.regeling is None or not voorstel.regeling.versies.filter(versie=naam).exists():
        return []
    melding = f"Er is al een versie {naam}. Geef elke versie een eigen nummer, dan zijn zij uit elkaar te houden."
    return [Regelfout("regeling.versie", "versie", melding)]
