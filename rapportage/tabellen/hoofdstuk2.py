"""Chapter 2, contents and reach: T2.1 key figures, T2.2-T2.5 characteristics of applicants, T2.6 themes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from rapportage import statistiek
from rapportage.tabellen.cellen import LEEG, Deel, blokken, categorieen, groepsnoten, maal100, procent
from rapportage.tabellen.groepen import bedragen, heeft, ontvankelijk, sleutel, sleutels, toegekend
from rapportage.tabellen.model import (
    AFGEWEZEN,
    DOSSIER,
    INGELOOT,
    MEER_ANTWOORDEN,
    ONGEWOGEN,
    TOTAAL,
    UITGELOOT,
    VERSCHIL,
    Cel,
    Grafiek,
    Kolom,
    Record,
    Reeks,
    Rij,
    Rondegegevens,
    Soort,
    Tabel,
    Telling,
)

ONBEKEND = "onbekend"
KOPPEN = {TOTAAL: "Aanvragen", INGELOOT: "Toegekend", UITGELOOT: "Uitgeloot", AFGEWEZEN: "Afgewezen op inhoud"}
VOLGORDE: dict[str, tuple[str, ...]] = {
    "sector": (
        "Industrie",
        "Zorg",
        "Zakelijke dienstverlening",
        "Bouw",
        "Handel",
        "Vervoer en opslag",
        "Onderwijs",
        "Openbaar bestuur",
        "Overig",
    ),
    "grootteklasse": ("1", "2-9", "10-49", "50-249", "250+"),
    "provincie": (
        "Groningen",
        "Fryslân",
        "Drenthe",
        "Overijssel",
        "Flevoland",
        "Gelderland",
        "Utrecht",
        "Noord-Holland",
        "Zuid-Holland",
        "Zeeland",
        "Noord-Brabant",
        "Limburg",
    ),
    "publiek_privaat": ("publiek", "privaat"),
    "themas": ("slimmer werken", "flexibilisering arbeidsorganisatie", "vernieuwen arbeidsverhoudingen"),
}
BINNEN_PUBLIEK = (("zorg", "zorg"), ("onderwijs", "onderwijs"), ("openbaar_bestuur", "overheid"))
"""Sectors shown within public, as (category code of ``sector``, printed word)."""


def t2_1(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """Key figures of the round: one row. Amounts in euros (exact), shares as percent."""
    aanvragen, verleend = len(df), toegekend(df)
    gevraagd, gevraagd_top = _som(df, "gevraagd_bedrag")
    bedrag, bedrag_top = _som(df[verleend], "toegekend_bedrag")
    vastgesteld, vastgesteld_top = _som(df[verleend], "vastgesteld_bedrag")
    deel = Deel(int(verleend.sum()), aanvragen)
    toelaatbaar = Deel(int(ontvankelijk(df).sum()), aanvragen)
    plafond = ronde.plafond if ronde.plafond else None
    factor = gevraagd / plafond if gevraagd is not None and plafond else None
    uitputting = 100 * bedrag / plafond if bedrag is not None and plafond else None
    vrijval = bedrag - vastgesteld if bedrag is not None and vastgesteld is not None else None

    def euro(waarde: Decimal | None, n: int, top: tuple[Decimal, Decimal] | None) -> Cel:
        return Cel(waarde, n, n, grootste=top)

    inhoud: list[tuple[Kolom, Cel]] = [
        (Kolom("tijdvak", "Tijdvak", Soort.TEKST), Cel(ronde.naam)),
        (Kolom("verdeelmethode", "Verdeelmethode", Soort.TEKST), Cel(ronde.methode)),
        (Kolom("budget", "Budget", Soort.EURO), Cel(ronde.plafond)),
        (Kolom("maximum", "Maximum", Soort.EURO), Cel(ronde.maximum)),
        (Kolom("aanvragen", "Aanvragen", Soort.AANTAL, TOTAAL), Cel(aanvragen, aanvragen, aanvragen)),
        (Kolom("gevraagd_bedrag", "Gevraagd bedrag", Soort.EURO, TOTAAL), euro(gevraagd, aanvragen, gevraagd_top)),
        (Kolom("overvraging", "Overvraging (x)", Soort.FACTOR, TOTAAL), euro(factor, aanvragen, gevraagd_top)),
        (Kolom("ontvankelijk", "Ontvankelijk", Soort.AANTAL, "ontvankelijk"), toelaatbaar.aantal_cel),
        (Kolom("toegekend", "Toegekend", Soort.AANTAL, INGELOOT), deel.aantal_cel),
        (Kolom("toekenning_pct", "Toekenning %", Soort.PERCENTAGE, INGELOOT), deel.pct_cel),
        (Kolom("toegekend_bedrag", "Toegekend bedrag", Soort.EURO, INGELOOT), euro(bedrag, deel.x, bedrag_top)),
        (Kolom("uitputting_pct", "Uitputting %", Soort.PERCENTAGE, INGELOOT), euro(uitputting, deel.x, bedrag_top)),
        (Kolom("vastgesteld", "Vastgesteld", Soort.EURO, INGELOOT), euro(vastgesteld, deel.x, vastgesteld_top)),
        (Kolom("vrijval", "Vrijval", Soort.EURO, INGELOOT), euro(vrijval, deel.x, vastgesteld_top)),
    ]
    noten = [
        "Overvraging = gevraagd bedrag gedeeld door budget. Uitputting = toegekend bedrag als percentage van "
        "het budget.",
        "Ontvankelijk: aanvragen die niet zijn ingetrokken, vervallen of buiten behandeling gelaten.",
        ONGEWOGEN,
    ]
    if bedrag is None:
        noten.append("Toegekend bedrag: niet in de gegevens.")
    if vastgesteld is None:
        noten.append("Vastgesteld en Vrijval: nog geen vaststellingen in de gegevens.")
    tabel = Tabel(
        code="T2.1",
        titel="Kerncijfers per tijdvak",
        kolommen=tuple(kolom for kolom, _ in inhoud),
        rijen=(Rij(TOTAAL, ronde.naam, tuple(cel for _, cel in inhoud)),),
        peildatum=ronde.peildatum,
        basis={TOTAAL: aanvragen},
        bron=ronde.bron,
        noten=tuple(noten),
        telling=Telling.KERNCIJFERS,
    )
    records = [
        Record(
            tabel="T2.1",
            rij=TOTAAL,
            groep=TOTAAL,
            maat=kolom.code,
            n=cel.n,
            x=cel.x if kolom.code in {"toegekend", "toekenning_pct", "ontvankelijk"} else None,
            waarde=cel.waarde if isinstance(cel.waarde, int | float | Decimal) else None,
            bi=deel.bi if kolom.code == "toekenning_pct" else None,
            methode=_methode(kolom),
            blok=kolom.groep,
        )
        for kolom, cel in inhoud
        if kolom.soort is not Soort.TEKST
    ]
    return tabel, records


def t2_2(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """Sector."""
    return _kenmerk(df, ronde, Kenmerk("T2.2", "sector", "Sector", "sector"))


def t2_3(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """Size class (persons employed)."""
    return _kenmerk(df, ronde, Kenmerk("T2.3", "grootteklasse", "Grootteklasse", "grootteklasse"))


def t2_4(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """Province."""
    return _kenmerk(df, ronde, Kenmerk("T2.4", "provincie", "Provincie", "provincie"))


def t2_5(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """Public and private, with care, education and government within public."""
    kenmerk = Kenmerk(
        "T2.5", "publiek_privaat", "Publiek/privaat (zorg, onderwijs, overheid)", "publiek/privaat", False
    )
    return _kenmerk(df, ronde, kenmerk)


@dataclass(frozen=True, slots=True)
class Kenmerk:
    tabel: str
    kolom: str
    titel: str
    woord: str
    met_grafiek: bool = True


def _kenmerk(df: pd.DataFrame, ronde: Rondegegevens, kenmerk: Kenmerk) -> tuple[Tabel, list[Record]]:
    """Shares per category of one column, per block. Base: every row of the block, unknown included as a category."""
    waarden = df[kenmerk.kolom].astype(object)
    codes = sleutels(waarden).astype(object).fillna(ONBEKEND)
    maskers = blokken(df)
    basis = {blok: int(masker.sum()) for blok, masker in maskers.items()}
    cbs = {sleutel(naam): aantal for naam, aantal in ronde.cbs.get(kenmerk.kolom, {}).items()}
    regels: list[tuple[str, str, str, pd.Series]] = []
    lijst = categorieen(waarden, VOLGORDE.get(kenmerk.kolom, ()))
    if (codes == ONBEKEND).any() and ONBEKEND not in dict(lijst):
        lijst.append((ONBEKEND, "Onbekend"))
    for code, label in lijst:
        regels.append((code, label[:1].upper() + label[1:], "", codes.eq(code)))
        if kenmerk.kolom == "publiek_privaat" and code == "publiek" and heeft(df, "sector"):
            sector = sleutels(df["sector"])
            for deel_code, woord in BINNEN_PUBLIEK:
                regels.append((deel_code, f"w.o. {woord}", code, codes.eq(code) & sector.eq(deel_code)))

    kolommen = [Kolom("categorie", "Categorie", Soort.TEKST), *_aandeelkolommen(TOTAAL, "Aanvragen n", bi=False)]
    kolommen += _aandeelkolommen(INGELOOT, "Toegekend n", bi=True)
    kolommen += _aandeelkolommen(UITGELOOT, "Uitgeloot n", bi=False)
    kolommen += _aandeelkolommen(AFGEWEZEN, "Afgewezen n", bi=False)
    if cbs:
        kolommen += [
            Kolom("cbs_pct", "Bedrijven in Nederland % (CBS)", Soort.PERCENTAGE),
            Kolom("bereik", "Bereik per 1.000 bedrijven", Soort.FACTOR, TOTAAL),
        ]
    if DOSSIER in maskers:
        kolommen += _aandeelkolommen(DOSSIER, "Dossiers n", bi=True)

    rijen, records = [], []
    for code, label, onder, masker in regels:
        delen = {blok: Deel(int((masker & lid).sum()), basis[blok]) for blok, lid in maskers.items()}
        rijen.append(Rij(code, label, tuple(_rijcellen(label, delen, cbs, code)), onder=onder))
        for blok, deel in delen.items():
            if blok == DOSSIER:
                records.append(deel.record(kenmerk.tabel, code, INGELOOT, kolom=DOSSIER))
            elif blok != AFGEWEZEN or basis[AFGEWEZEN]:
                records.append(deel.record(kenmerk.tabel, code, blok))
    rijen.append(_basisrij(basis, cbs))
    noten = [*groepsnoten(df, ronde), ONGEWOGEN, "95%-BI: Wilson."]
    if not cbs:
        noten.append(
            "Bedrijven in Nederland % (CBS) en Bereik per 1.000 bedrijven ontbreken: er zijn geen "
            "CBS-aantallen opgegeven."
        )
    binnen = tuple(code for code, _, onder, _ in regels if onder)
    tabel = Tabel(
        code=kenmerk.tabel,
        titel=kenmerk.titel,
        kolommen=tuple(kolommen),
        rijen=tuple(rijen),
        peildatum=ronde.peildatum,
        basis=basis,
        bron=ronde.bron,
        noten=tuple(noten),
        noten_detail=("Zorg, onderwijs en overheid: alleen de aanvragen binnen publiek.",) if binnen else (),
        grafiek=_grafiek(basis, f"Aanvragen naar {kenmerk.woord}", kenmerk.titel) if kenmerk.met_grafiek else None,
        samenvoegen=binnen,
        koppen=KOPPEN,
    )
    return tabel, records


def t2_6(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """Themes; more answers possible. Base: applications of the block with at least one theme."""
    gekozen = df["themas"].astype(object).map(_themas, na_action="ignore")
    bekend = gekozen.map(bool, na_action="ignore").eq(True)
    namen = pd.Series([naam for keuze in gekozen[bekend] for naam in keuze.values()], dtype=object)
    maskers = {blok: masker & bekend for blok, masker in blokken(df).items() if blok not in (TOTAAL, AFGEWEZEN)}
    basis = {blok: int(masker.sum()) for blok, masker in maskers.items()}
    kolommen = [Kolom("thema", "Thema", Soort.TEKST), *_aandeelkolommen(INGELOOT, "Toegekend n", bi=True)]
    kolommen += [*_aandeelkolommen(UITGELOOT, "Uitgeloot n", bi=False), _verschilkolom()]
    if DOSSIER in maskers:
        kolommen += _aandeelkolommen(DOSSIER, "Dossiers n", bi=True)

    rijen, records = [], []
    for code, label in categorieen(namen, VOLGORDE["themas"]):
        heeft_thema = gekozen.map(lambda keuze, code=code: code in keuze, na_action="ignore").eq(True)
        delen = {blok: Deel(int((heeft_thema & lid).sum()), basis[blok]) for blok, lid in maskers.items()}
        een, nul = delen[INGELOOT], delen[UITGELOOT]
        paar = (een.x, een.n, nul.x, nul.n)
        verschil = maal100(statistiek.verschil(*paar))
        label = label[:1].upper() + label[1:]
        cellen = [Cel(label), een.aantal_cel, een.pct_cel, een.bi_cel, nul.aantal_cel, nul.pct_cel]
        cellen.append(Cel(verschil, None, een.n + nul.n))
        if DOSSIER in delen:
            cellen += [delen[DOSSIER].aantal_cel, delen[DOSSIER].pct_cel, delen[DOSSIER].bi_cel]
            records.append(delen[DOSSIER].record("T2.6", code, INGELOOT, kolom=DOSSIER))
        rijen.append(Rij(code, label, tuple(cellen)))
        records += [een.record("T2.6", code, INGELOOT), nul.record("T2.6", code, UITGELOOT)]
        records.append(
            Record(
                tabel="T2.6",
                rij=code,
                groep=VERSCHIL,
                maat="verschil_pp",
                n=een.n + nul.n,
                waarde=verschil,
                bi=procent(statistiek.newcombe(*paar)),
                p=statistiek.fisher(*paar),
                methode="newcombe-10; p: fisher",
                blok=VERSCHIL,
            )
        )
    leeg = [LEEG]
    basiscellen = [Cel("Basis n"), *_basiscellen(basis, INGELOOT), *leeg, *_basiscellen(basis, UITGELOOT), *leeg]
    if DOSSIER in basis:
        basiscellen += [*_basiscellen(basis, DOSSIER), *leeg]
    rijen.append(Rij("basis", "Basis n", tuple(basiscellen), is_basis=True))
    tabel = Tabel(
        code="T2.6",
        titel="Thema's (meer antwoorden)",
        kolommen=tuple(kolommen),
        rijen=tuple(rijen),
        peildatum=ronde.peildatum,
        basis=basis,
        bron=ronde.bron,
        noten=(
            MEER_ANTWOORDEN,
            *groepsnoten(df, ronde),
            "Basis: aanvragen met ten minste een thema.",
            ONGEWOGEN,
            "95%-BI: Wilson.",
        ),
        telling=Telling.MEERVOUDIG,
        grafiek=_grafiek(basis, "Aanvragen naar thema (meer antwoorden)", "Thema"),
        koppen=KOPPEN,
    )
    return tabel, sorted(records, key=lambda record: record.kolom is not None)


def _methode(kolom: Kolom) -> str:
    if kolom.groep == "":
        return "opgave"
    if kolom.code == "toekenning_pct":
        return "wilson"
    return "telling" if kolom.soort is Soort.AANTAL else "som" if kolom.soort is Soort.EURO else "verhouding"


def _themas(tekst: object) -> dict[str, str]:
    """The themes of one application, code -> name; a theme that is named twice counts once."""
    return {sleutel(deel): deel.strip() for deel in str(tekst).split(";") if deel.strip()}


def _aandeelkolommen(blok: str, kop: str, *, bi: bool) -> list[Kolom]:
    kolommen = [Kolom(f"{blok}_n", kop, Soort.AANTAL, blok), Kolom(f"{blok}_pct", "%", Soort.PERCENTAGE, blok)]
    return [*kolommen, Kolom(f"{blok}_bi", "95%-BI", Soort.INTERVAL, blok)] if bi else kolommen


def _verschilkolom() -> Kolom:
    return Kolom("verschil", "Verschil (pp)", Soort.PP, VERSCHIL)


def _rijcellen(label: str, delen: Mapping[str, Deel], cbs: Mapping[str, int], code: str) -> list[Cel]:
    alle, een = delen[TOTAAL], delen[INGELOOT]
    cellen = [Cel(label), alle.aantal_cel, alle.pct_cel, een.aantal_cel, een.pct_cel, een.bi_cel]
    for blok in (UITGELOOT, AFGEWEZEN):
        cellen += [delen[blok].aantal_cel, delen[blok].pct_cel]
    if cbs:
        bedrijven = cbs.get(code)
        deel = Deel(bedrijven, sum(cbs.values())) if bedrijven else None
        bereik = 1000 * alle.x / bedrijven if bedrijven else None
        cellen += [deel.pct_cel if deel else Cel(None), Cel(bereik, alle.x, bedrijven)]
    if DOSSIER in delen:
        cellen += [delen[DOSSIER].aantal_cel, delen[DOSSIER].pct_cel, delen[DOSSIER].bi_cel]
    return cellen


def _basiscellen(basis: Mapping[str, int], blok: str) -> list[Cel]:
    n = basis[blok]
    return [Cel(n, n, n), Cel(100.0 if n else None, n, n)]


def _basisrij(basis: Mapping[str, int], cbs: Mapping[str, int]) -> Rij:
    cellen = [Cel("Totaal (basis n)"), *_basiscellen(basis, TOTAAL), *_basiscellen(basis, INGELOOT), LEEG]
    cellen += [*_basiscellen(basis, UITGELOOT), *_basiscellen(basis, AFGEWEZEN)]
    if cbs:
        bedrijven = sum(cbs.values())
        cellen += [Cel(100.0), Cel(1000 * basis[TOTAAL] / bedrijven if bedrijven else None, basis[TOTAAL], bedrijven)]
    if DOSSIER in basis:
        cellen += [*_basiscellen(basis, DOSSIER), LEEG]
    return Rij("totaal", "Totaal (basis n)", tuple(cellen), is_basis=True)


def _grafiek(basis: Mapping[str, int], titel: str, as_categorie: str) -> Grafiek | None:
    """Clustered bars: the share of each category within every block that has rows."""
    reeksen = tuple(Reeks(KOPPEN[blok], f"{blok}_pct") for blok in (INGELOOT, UITGELOOT, AFGEWEZEN) if basis.get(blok))
    if not reeksen:
        return None
    namen = ", ".join(reeks.naam.lower() for reeks in reeksen)
    return Grafiek(
        titel=titel,
        as_categorie=as_categorie,
        as_waarde="% van de groep",
        reeksen=reeksen,
        beschrijving=f"Staafdiagram. {titel}: percentage per categorie binnen de groepen {namen}. "
        "De cijfers staan in de tabel boven het diagram.",
    )


def _som(df: pd.DataFrame, kolom: str) -> tuple[Decimal | None, tuple[Decimal, Decimal] | None]:
    """Sum of an amount column and its two largest values; ``None`` when the column is absent or empty."""
    waarden = bedragen(df[kolom]) if kolom in df.columns else []
    if not waarden:
        return (None, None) if kolom not in df.columns or len(df) else (Decimal(0), None)
    top = sorted(waarden, reverse=True)[:2] + [Decimal(0)]
    return sum(waarden, Decimal(0)), (top[0], top[1])
