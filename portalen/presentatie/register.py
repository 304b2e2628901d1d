"""What the trade register says of an organisation, beside what stands with us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aanvragen.enums import Rechtsvorm, Registerstand
from aanvragen.models import Organisatie
from aanvragen.register.gegevens import Registergegevens, verschillen

_SOORT = {
    Registerstand.BEVESTIGD: "ok",
    Registerstand.AFWIJKEND: "warning",
    Registerstand.NIET_GEVONDEN: "error",
    Registerstand.UITGESCHREVEN: "error",
}


@dataclass(frozen=True)
class Registerveld:
    """One field: what stands with us, what the register says, and whether they differ."""

    naam: str
    hier: str
    register: str
    anders: bool


@dataclass(frozen=True)
class Registerblok:
    """``velden`` is empty while the register has not spoken. ``echt``: the register itself said so."""

    stand: str
    stand_tekst: str
    soort: str
    op: datetime | None
    velden: tuple[Registerveld, ...]
    vestigingen: int
    rsin: str
    werkzame_personen: int | None
    activiteit: str
    rechtsvorm_kvk: str
    echt: bool


def veldnamen() -> dict[str, str]:
    return {
        "naam": _("Naam"),
        "rechtsvorm": _("Rechtsvorm"),
        "sbi_code": _("SBI-code"),
        "straat": _("Straat en huisnummer"),
        "postcode": _("Postcode"),
        "plaats": _("Plaats"),
    }


def leesbaar(veld: str, waarde: Any) -> str:
    if veld == "rechtsvorm" and waarde:
        return str(Rechtsvorm(waarde).label)
    return str(waarde or "")


def velden_van(hier: Mapping[str, Any], gegevens: Registergegevens) -> tuple[Registerveld, ...]:
    anders = {deel.veld for deel in verschillen(hier, gegevens)}
    return tuple(
        Registerveld(naam, leesbaar(veld, hier.get(veld)), leesbaar(veld, getattr(gegevens, veld)), veld in anders)
        for veld, naam in veldnamen().items()
    )


def registerblok(organisatie: Organisatie) -> Registerblok:
    bewaard = organisatie.register_gegevens
    gegevens = Registergegevens.uit_json(bewaard["gegevens"]) if bewaard.get("gegevens") else None
    stand, echt = Registerstand(organisatie.register_stand), bewaard.get("bron", "kvk") == "kvk"
    return Registerblok(
        stand=stand.value,
        stand_tekst=str(stand.label) if echt else _("Aangenomen, niet bij het Handelsregister gevraagd"),
        soort=_SOORT.get(stand, "info") if echt else "neutraal",
        op=organisatie.register_op,
        velden=velden_van(vars(organisatie), gegevens) if gegevens else (),
        vestigingen=len(gegevens.vestigingen) if gegevens else 0,
        rsin=organisatie.rsin,
        werkzame_personen=gegevens.werkzame_personen if gegevens else None,
        activiteit=gegevens.sbi_omschrijving if gegevens else "",
        rechtsvorm_kvk=gegevens.rechtsvorm_kvk if gegevens else "",
        echt=echt,
    )
