"""Chapter 4, effectiveness: T4.3, what applicants say they would have done against what the others did."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rapportage import statistiek
from rapportage.tabellen.cellen import LEEG, Deel, maal100, procent
from rapportage.tabellen.groepen import heeft, ja_nee, respondenten, toewijzing
from rapportage.tabellen.model import (
    INGELOOT,
    ONGEWOGEN,
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
)

ZELFDE, NIET, AANGEPAST = "zelfde", "niet", "aangepast"
VOORVOEGSEL = "enquete_cf_"
RIJEN = (
    (ZELFDE, "Precies zo uitgevoerd", ""),
    (AANGEPAST, "Aangepast uitgevoerd", ""),
    ("kleiner", "w.o. kleinere omvang", AANGEPAST),
    ("later", "w.o. later begonnen", AANGEPAST),
    ("minder_extern", "w.o. minder externen ingehuurd", AANGEPAST),
    (NIET, "Niet uitgevoerd", ""),
)
"""Rows of T4.3: (code, label, part of)."""


def antwoorden(df: pd.DataFrame) -> pd.DataFrame:
    """The counterfactual answers of respondents in the draw: 1.0 yes, 0.0 no, missing = no answer.

    Columns: those of ``RIJEN`` that the data hold, and ``aangepast`` = neither ``zelfde`` nor ``niet`` (missing when
    one of the two is missing). Index: that of ``df``; rows of others are left out.
    """
    in_loting = toewijzing(df).isin([INGELOOT, UITGELOOT])
    rijen = df[in_loting & respondenten(df)]
    uit = pd.DataFrame(index=rijen.index)
    for code, _, _ in RIJEN:
        if heeft(df, VOORVOEGSEL + code):
            uit[code] = ja_nee(rijen[VOORVOEGSEL + code])
    if ZELFDE in uit and NIET in uit and AANGEPAST not in uit:
        geldig = uit[ZELFDE].notna() & uit[NIET].notna()
        uit[AANGEPAST] = (uit[ZELFDE].eq(0.0) & uit[NIET].eq(0.0)).astype(float).where(geldig)
    return uit


def t4_3(df: pd.DataFrame, ronde: Rondegegevens) -> tuple[Tabel, list[Record]]:
    """First-order effect: own statement of the drawn against the facts of the others. Shares in percent, differences
    in percentage points (drawn minus not drawn). Base: respondents of the group who answered the item.
    """
    waarden, groep = antwoorden(df), toewijzing(df)
    basis = {arm: int(groep.loc[waarden.index].eq(arm).sum()) for arm in (INGELOOT, UITGELOOT)}
    rijen, records, afwijkend = [], [], []
    for code, label, onder in RIJEN:
        if code not in waarden:
            continue
        een, nul = (_deel(waarden[code], groep, arm) for arm in (INGELOOT, UITGELOOT))
        vergelijking = Vergelijking(een, nul)
        rijen.append(Rij(code, label, _cellen(label, vergelijking), onder=onder))
        records += vergelijking.records("T4.3", code)
        if (een.n, nul.n) != (basis[INGELOOT], basis[UITGELOOT]):
            afwijkend.append(f"{label.removeprefix('w.o. ')} (ingeloot n = {een.n}, uitgeloot n = {nul.n})")
    n1, n0 = basis[INGELOOT], basis[UITGELOOT]
    basiscellen = [Cel("Basis n (respondenten)"), Cel(n1, n1, n1), Cel(100.0 if n1 else None, n1, n1), LEEG]
    basiscellen += [Cel(n0, n0, n0), Cel(100.0 if n0 else None, n0, n0), LEEG, LEEG, LEEG, LEEG]
    rijen.append(Rij("basis", "Basis n (respondenten)", tuple(basiscellen), is_basis=True))
    noten = [
        "Ingeloot: wat zou er zonder de subsidie met het project zijn gebeurd (eigen opgave). "
        "Uitgeloot: wat er zonder de subsidie is gebeurd (feitelijk).",
        "Aangepast uitgevoerd is afgeleid: respondenten die noch 'precies zo', noch 'niet uitgevoerd' antwoordden.",
        "Groepen volgens de loting (toewijzing), niet volgens het gebruik van de subsidie.",
        "95%-BI van een percentage: Wilson; van het verschil: Newcombe (1998), methode 10. p: exacte toets van Fisher, "
        "tweezijdig.",
        f"{ONGEWOGEN} De respons kan tussen de groepen verschillen.",
    ]
    detail = ["Meer antwoorden mogelijk bij de rijen met w.o.: samen kunnen zij meer zijn dan Aangepast uitgevoerd."]
    if afwijkend:
        detail.append("Andere basis door ontbrekende antwoorden: " + "; ".join(afwijkend) + ".")
    tabel = Tabel(
        code="T4.3",
        titel="Eerste orde, eigen opgave tegenover feitelijk",
        kolommen=KOLOMMEN,
        rijen=tuple(rijen),
        peildatum=ronde.peildatum,
        basis=basis,
        bron=f"enquête onder aanvragers; {ronde.bron}",
        noten=tuple(noten),
        noten_detail=tuple(detail),
        grafiek=Grafiek(
            titel="Wat gebeurt er zonder subsidie? Eigen opgave tegenover feitelijk",
            as_categorie="Zonder subsidie",
            as_waarde="% van de respondenten, met 95%-betrouwbaarheidsinterval",
            reeksen=(
                Reeks("Ingeloot (zou)", "ingeloot_pct", "ingeloot_bi"),
                Reeks("Uitgeloot (feitelijk)", "uitgeloot_pct", "uitgeloot_bi"),
            ),
            beschrijving="Staafdiagram met foutbalken: per antwoord het percentage van de ingelote respondenten (eigen "
            "opgave) en van de uitgelote respondenten (feitelijk), met 95%-betrouwbaarheidsinterval. De "
            "cijfers staan in "
            "de tabel boven het diagram.",
        ),
        samenvoegen=tuple(code for code, _, onder in RIJEN if onder),
    )
    return tabel, records


KOLOMMEN = (
    Kolom("zonder_subsidie", "Zonder subsidie", Soort.TEKST),
    Kolom("ingeloot_n", "Ingeloot (zou) n", Soort.AANTAL, INGELOOT),
    Kolom("ingeloot_pct", "%", Soort.PERCENTAGE, INGELOOT),
    Kolom("ingeloot_bi", "95%-BI", Soort.INTERVAL, INGELOOT),
    Kolom("uitgeloot_n", "Uitgeloot (feitelijk) n", Soort.AANTAL, UITGELOOT),
    Kolom("uitgeloot_pct", "%", Soort.PERCENTAGE, UITGELOOT),
    Kolom("uitgeloot_bi", "95%-BI", Soort.INTERVAL, UITGELOOT),
    Kolom("verschil", "Verschil (pp)", Soort.PP, VERSCHIL),
    Kolom("verschil_bi", "95%-BI", Soort.INTERVAL_PP, VERSCHIL),
    Kolom("p", "p", Soort.P, VERSCHIL),
)


@dataclass(frozen=True, slots=True)
class Vergelijking:
    """Two shares against each other: ``een`` (drawn) minus or over ``nul`` (not drawn)."""

    een: Deel
    nul: Deel

    @property
    def paar(self) -> tuple[int, int, int, int]:
        return self.een.x, self.een.n, self.nul.x, self.nul.n

    def records(self, tabel: str, rij: str) -> list[Record]:
        """``aandeel`` of both groups, ``verschil_pp``, ``verschil_mn``, ``rr`` and ``rr_score``."""
        paar, n = self.paar, self.een.n + self.nul.n
        verschil, ratio = maal100(statistiek.verschil(*paar)), statistiek.rr(*paar)

        def record(
            maat: str, waarde: float | None, bi: tuple[float, float] | None, methode: str, p: float | None = None
        ) -> Record:
            return Record(tabel, rij, maat, VERSCHIL, waarde, n=n, bi=bi, p=p, methode=methode, blok=VERSCHIL)

        return [
            self.een.record(tabel, rij, INGELOOT),
            self.nul.record(tabel, rij, UITGELOOT),
            record(
                "verschil_pp",
                verschil,
                procent(statistiek.newcombe(*paar)),
                "newcombe-10; p: fisher",
                statistiek.fisher(*paar),
            ),
            record("verschil_mn", verschil, procent(statistiek.miettinen_nurminen(*paar)), "miettinen-nurminen"),
            record("rr", ratio, statistiek.katz(*paar), "katz"),
            record("rr_score", ratio, statistiek.rr_score(*paar), "score"),
        ]


def _deel(antwoord: pd.Series, groep: pd.Series, arm: str) -> Deel:
    geldig = antwoord[groep.loc[antwoord.index].eq(arm)].dropna()
    return Deel(int(geldig.sum()), len(geldig))


def _cellen(label: str, vergelijking: Vergelijking) -> tuple[Cel, ...]:
    een, nul, paar = vergelijking.een, vergelijking.nul, vergelijking.paar
    n = een.n + nul.n
    return (
        Cel(label),
        een.aantal_cel,
        een.pct_cel,
        een.bi_cel,
        nul.aantal_cel,
        nul.pct_cel,
        nul.bi_cel,
        Cel(maal100(statistiek.verschil(*paar)), None, n),
        Cel(procent(statistiek.newcombe(*paar)), None, n),
        Cel(statistiek.fisher(*paar), None, n),
    )
