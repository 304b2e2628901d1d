"""Reading the answers of the KvK API: type-checked shapes, and from those to our own names. Pure.

The shapes follow the published API documentation (developers.kvk.nl: Zoeken v2, Basisprofiel v1, Vestigingsprofiel v1,
Naamgeving v1; R93). Fields that we do not use are ignored; a field that we do use and that has another type makes the
whole answer unusable: nothing of a strange answer is believed (H21, OWASP API10).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from aanvragen.enums import Rechtsvorm
from aanvragen.register.gegevens import Registergegevens, Vestigingsgegevens
from aanvragen.register.provincie import provincie_van

#: No answer that we ask for comes near this many bytes.
GROOTSTE_ANTWOORD = 1_000_000
#: KvK says by these codes that something is out of order for a while (R93).
TIJDELIJK = frozenset({"IPD1002", "IPD1003"})
#: And by these that there is no such registration.
ONBEKEND = frozenset({"IPD0005", "IPD5200"})
#: The register turned to SBI 2025 in the weekend of 6 September 2025 (R94); its answers do not name the version.
SBI_2025_VANAF = date(2025, 9, 6)

Kort = Annotated[str, StringConstraints(strict=True, max_length=500, strip_whitespace=True)]
Kvk = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{8}$")]
Nummer = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{12}$")]
Rsin = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{9}$")]
Datum = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{8}$")]
Ja = Annotated[str, StringConstraints(strict=True, pattern=r"^(?:[Jj]a|[Nn]ee)$")]


class OnbruikbaarAntwoord(ValueError):
    """An answer that is not what it should be. Its text holds no data of the answer."""


class _Vorm(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _zonder_leeg(cls, waarden: Any) -> Any:
        """KvK writes null for what it does not have; that is the same as leaving it out."""
        if isinstance(waarden, dict):
            return {naam: waarde for naam, waarde in waarden.items() if waarde is not None}
        return waarden


class Binnenland(_Vorm):
    straatnaam: Kort = ""
    plaats: Kort = ""


class Zoekadres(_Vorm):
    binnenlandsAdres: Binnenland | None = None


class Zoekregel(_Vorm):
    kvkNummer: Kvk
    vestigingsnummer: Nummer | None = None
    naam: Kort = ""
    type: Kort = ""
    actief: Ja = "Ja"
    adres: Zoekadres | None = None


class Zoekantwoord(_Vorm):
    totaal: int = Field(ge=0, strict=True)
    resultaten: list[Zoekregel] = Field(max_length=100)


class Adres(_Vorm):
    type: Kort = ""
    straatnaam: Kort = ""
    huisnummer: Annotated[int, Field(strict=True)] | Kort | None = None
    huisletter: Kort | None = None
    huisnummerToevoeging: Kort | None = None
    postcode: Kort | None = None
    plaats: Kort | None = None
    land: Kort | None = None


class Periode(_Vorm):
    datumAanvang: Datum | None = None
    datumEinde: Datum | None = None


class Handelsnaam(_Vorm):
    naam: Kort


class Activiteit(_Vorm):
    sbiCode: Annotated[str, StringConstraints(strict=True, pattern=r"^\d{2,6}$")]
    sbiOmschrijving: Kort = ""
    indHoofdactiviteit: Ja


class Hoofdvestiging(_Vorm):
    vestigingsnummer: Nummer
    eersteHandelsnaam: Kort = ""
    adressen: list[Adres] = Field(default_factory=list, max_length=20)


class Eigenaar(_Vorm):
    rsin: Rsin | None = None
    rechtsvorm: Kort = ""
    uitgebreideRechtsvorm: Kort = ""
    adressen: list[Adres] = Field(default_factory=list, max_length=20)


class Ingebed(_Vorm):
    hoofdvestiging: Hoofdvestiging | None = None
    eigenaar: Eigenaar | None = None


class Basisprofiel(_Vorm):
    kvkNummer: Kvk
    naam: Kort = Field(min_length=1)
    statutaireNaam: Kort | None = None
    materieleRegistratie: Periode | None = None
    totaalWerkzamePersonen: Annotated[int, Field(ge=0, strict=True)] | None = None
    handelsnamen: list[Handelsnaam] = Field(default_factory=list, max_length=500)
    sbiActiviteiten: list[Activiteit] = Field(default_factory=list, max_length=100)
    embedded: Ingebed = Field(default_factory=Ingebed, alias="_embedded")


class Vestigingsprofiel(_Vorm):
    vestigingsnummer: Nummer
    kvkNummer: Kvk
    eersteHandelsnaam: Kort = ""
    indHoofdvestiging: Ja = "Nee"
    adressen: list[Adres] = Field(default_factory=list, max_length=20)


class Naamvestiging(_Vorm):
    vestigingsnummer: Nummer
    eersteHandelsnaam: Kort = ""
    handelsnamen: list[Handelsnaam] = Field(default_factory=list, max_length=500)


class Naamgeving(_Vorm):
    kvkNummer: Kvk
    naam: Kort = ""
    statutaireNaam: Kort | None = None
    ookGenoemd: Kort | None = None
    vestigingen: list[Naamvestiging] = Field(default_factory=list, max_length=1000)


class _Melding(_Vorm):
    code: Kort


class Foutantwoord(_Vorm):
    """``{"fout": [{"code": "IPD0005", "omschrijving": "..."}]}``."""

    fout: list[_Melding] = Field(min_length=1, max_length=20)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(melding.code for melding in self.fout)


V = TypeVar("V", bound=BaseModel)


def lees(vorm: type[V], inhoud: bytes) -> V:
    """The answer as ``vorm``; :class:`OnbruikbaarAntwoord` for anything else."""
    if len(inhoud) > GROOTSTE_ANTWOORD:
        raise OnbruikbaarAntwoord("het antwoord is te groot")
    try:
        return vorm.model_validate(json.loads(inhoud))
    except ValidationError as fout:
        plek = ".".join(str(deel) for deel in fout.errors(include_input=False)[0]["loc"]) or "antwoord"
        raise OnbruikbaarAntwoord(f"{vorm.__name__}: {plek} heeft een andere vorm") from None
    except (ValueError, RecursionError):
        raise OnbruikbaarAntwoord(f"{vorm.__name__}: het antwoord is geen JSON") from None


def foutcodes(inhoud: bytes) -> frozenset[str]:
    """KvK codes in an error answer; empty when it has another form (a proxy, a wrong address)."""
    try:
        return lees(Foutantwoord, inhoud).codes
    except OnbruikbaarAntwoord:
        return frozenset()


def eis_zelfde(gevraagd: str, *gekregen: str) -> None:
    """An answer about another company than asked is not used."""
    if any(nummer != gevraagd for nummer in gekregen):
        raise OnbruikbaarAntwoord("het antwoord gaat over een ander nummer dan gevraagd")


#: Beginning of the legal form as KvK writes it (small letters) → ours. The first that fits counts.
_RECHTSVORMEN = (
    ("eenmanszaak", Rechtsvorm.EENMANSZAAK),
    ("maatschap", Rechtsvorm.MAATSCHAP),
    ("vennootschap onder firma", Rechtsvorm.VOF),
    ("commanditaire vennootschap", Rechtsvorm.CV),
    ("besloten vennootschap", Rechtsvorm.BV),
    ("naamloze vennootschap", Rechtsvorm.NV),
    ("coöperatie", Rechtsvorm.COOPERATIE),
    ("cooperatie", Rechtsvorm.COOPERATIE),
    ("onderlinge waarborgmaatschappij", Rechtsvorm.ONDERLINGE),
    ("stichting", Rechtsvorm.STICHTING),
    ("vereniging", Rechtsvorm.VERENIGING),
    ("kerkgenootschap", Rechtsvorm.KERKGENOOTSCHAP),
    ("kerkelijke", Rechtsvorm.KERKGENOOTSCHAP),
    ("publiekrechtelijke", Rechtsvorm.PUBLIEKRECHTELIJK),
    ("buitenlandse", Rechtsvorm.BUITENLANDS),
    ("europees economisch", Rechtsvorm.BUITENLANDS),
)


def rechtsvorm_van(*termen: str) -> str:
    """Our code for a legal form of KvK (short or extended name); empty when it is not in the table."""
    for term in termen:
        klein = " ".join(term.lower().split())
        for begin, rechtsvorm in _RECHTSVORMEN:
            if klein.startswith(begin):
                return str(rechtsvorm.value)
    return ""


def registergegevens(
    basis: Basisprofiel, gevonden: Zoekantwoord, *, vandaag: date, naamgeving: Naamgeving | None = None
) -> Registergegevens:
    """The answers put together. ``vandaag`` decides which SBI list the codes are of."""
    eigenaar, hoofd = basis.embedded.eigenaar, basis.embedded.hoofdvestiging
    adres = _bezoekadres(hoofd.adressen if hoofd else []) or _bezoekadres(eigenaar.adressen if eigenaar else [])
    hoofdactiviteit = sorted(basis.sbiActiviteiten, key=lambda a: a.indHoofdactiviteit.lower() != "ja")[:1]
    einde = _datum(basis.materieleRegistratie.datumEinde) if basis.materieleRegistratie else None
    if einde is None and gevonden.resultaten and all(r.actief.lower() == "nee" for r in gevonden.resultaten):
        einde = vandaag  # the search says that nothing of it is active any more, without a date
    postcode = _postcode(adres)
    return Registergegevens(
        kvk_nummer=basis.kvkNummer,
        naam=basis.naam[:200],
        namen=_namen(basis, naamgeving),
        rechtsvorm=rechtsvorm_van(eigenaar.rechtsvorm, eigenaar.uitgebreideRechtsvorm) if eigenaar else "",
        rechtsvorm_kvk=eigenaar.uitgebreideRechtsvorm or eigenaar.rechtsvorm if eigenaar else "",
        sbi_code=hoofdactiviteit[0].sbiCode if hoofdactiviteit else "",
        sbi_versie=("SBI 2025" if vandaag >= SBI_2025_VANAF else "SBI 2008") if hoofdactiviteit else "",
        sbi_omschrijving=hoofdactiviteit[0].sbiOmschrijving if hoofdactiviteit else "",
        straat=_straat(adres),
        postcode=postcode,
        plaats=(adres.plaats or "")[:100] if adres else "",
        provincie=provincie_van(postcode),
        rsin=(eigenaar.rsin or "") if eigenaar else "",
        werkzame_personen=basis.totaalWerkzamePersonen,
        uitgeschreven_op=einde,
        vestigingen=_vestigingen(gevonden.resultaten, hoofd, adres),
    )


def vestiging_van(profiel: Vestigingsprofiel) -> Vestigingsgegevens:
    adres = _bezoekadres(profiel.adressen)
    return Vestigingsgegevens(
        nummer=profiel.vestigingsnummer,
        naam=profiel.eersteHandelsnaam[:200],
        straat=_straat(adres),
        postcode=_postcode(adres),
        plaats=(adres.plaats or "")[:100] if adres else "",
        hoofd=profiel.indHoofdvestiging.lower() == "ja",
    )


def _namen(basis: Basisprofiel, naamgeving: Naamgeving | None) -> tuple[str, ...]:
    namen = [basis.naam, basis.statutaireNaam or "", *(deel.naam for deel in basis.handelsnamen)]
    if naamgeving is not None:
        namen += [naamgeving.naam, naamgeving.statutaireNaam or "", naamgeving.ookGenoemd or ""]
        for deel in naamgeving.vestigingen:
            namen += [deel.eersteHandelsnaam, *(naam.naam for naam in deel.handelsnamen)]
    return tuple(dict.fromkeys(naam[:200] for naam in namen if naam))[:50]


def _vestigingen(
    regels: Sequence[Zoekregel], hoofd: Hoofdvestiging | None, adres: Adres | None
) -> tuple[Vestigingsgegevens, ...]:
    """Branches by number; the main one has the full address, the others street and place."""
    uit: dict[str, Vestigingsgegevens] = {}
    for regel in regels:
        if regel.vestigingsnummer is None or regel.actief.lower() == "nee":
            continue
        waar = regel.adres.binnenlandsAdres if regel.adres and regel.adres.binnenlandsAdres else Binnenland()
        uit[regel.vestigingsnummer] = Vestigingsgegevens(
            nummer=regel.vestigingsnummer,
            naam=regel.naam[:200],
            straat=waar.straatnaam[:200],
            plaats=waar.plaats[:100],
            hoofd=regel.type.lower() == "hoofdvestiging",
        )
    if hoofd is not None:
        uit[hoofd.vestigingsnummer] = Vestigingsgegevens(
            nummer=hoofd.vestigingsnummer,
            naam=hoofd.eersteHandelsnaam[:200],
            straat=_straat(adres),
            postcode=_postcode(adres),
            plaats=(adres.plaats or "")[:100] if adres else "",
            hoofd=True,
        )
    return tuple(sorted(uit.values(), key=lambda v: (not v.hoofd, v.nummer)))


def _bezoekadres(adressen: Sequence[Adres]) -> Adres | None:
    return next((a for a in adressen if a.type.lower() == "bezoekadres"), adressen[0] if adressen else None)


def _straat(adres: Adres | None) -> str:
    if adres is None:
        return ""
    nummer = f"{'' if adres.huisnummer is None else adres.huisnummer}{adres.huisletter or ''}"
    return " ".join(deel for deel in (adres.straatnaam, nummer, adres.huisnummerToevoeging or "") if deel)[:200]


def _postcode(adres: Adres | None) -> str:
    """As '1234 AB'; empty for a foreign or strange one."""
    gevonden = re.fullmatch(r"(\d{4})\s?([A-Za-z]{2})", (adres.postcode or "").strip()) if adres else None
    return f"{gevonden[1]} {gevonden[2].upper()}" if gevonden else ""


def _datum(tekst: str | None) -> date | None:
    """KvK writes 20171205, and 00 for a month or day that is not known."""
    if not tekst:
        return None
    jaar, maand, dag = int(tekst[:4]), int(tekst[4:6]) or 1, int(tekst[6:]) or 1
    try:
        return date(jaar, maand, dag)
    except ValueError:
        raise OnbruikbaarAntwoord("een datum bestaat niet") from None


def als_fout(code: str, omschrijving: str) -> dict[str, Any]:
    """An error answer in the form of KvK."""
    return {"fout": [{"code": code, "omschrijving": omschrijving}]}
