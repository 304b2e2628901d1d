"""Who gets what: ``onderzoeker`` (pseudonymised micro data, full tables) and ``openbaar`` (suppressed tables only).

Pure: the pseudonym key is an argument, made by the caller for one export and kept or destroyed there.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from kern.fouten import InvoerFout
from rapportage.canoniek import als_tekst, gesorteerd
from rapportage.codeboek import NOOIT, TEKST, Codeboekregel, maak_codeboek, variabele
from rapportage.onderdrukking import Blok, Regels, onderdruk, verborgen_groepen
from rapportage.tabellen.model import INGELOOT, TOTAAL, UITGELOOT, VERSCHIL, Record, Tabel, Weggelaten

ONDERZOEKER, OPENBAAR = "onderzoeker", "openbaar"
PROFIELEN = (ONDERZOEKER, OPENBAAR)
KVK = "kvk_nummer"
MIN_SLEUTEL = 16
GEEN_DATA = (
    "Dit bestand bevat geen gegevens per aanvraag. De openbare versie bevat alleen tabellen, zodat niemand "
    "een aanvrager "
    "kan herkennen. Onderzoekers kunnen de gepseudonimiseerde gegevens krijgen onder een overeenkomst met de "
    "verantwoordelijke organisatie."
)


@dataclass(frozen=True, slots=True)
class Levering:
    """What a profile delivers. ``data`` is ``None`` when no micro data may leave; ``sdc`` describes the rules used."""

    profiel: str
    data: pd.DataFrame | None
    codeboek: tuple[Codeboekregel, ...]
    tabellen: tuple[Tabel, ...]
    records: tuple[Record, ...]
    weggelaten: tuple[Weggelaten, ...]
    sdc: dict[str, object] = field(default_factory=dict)
    niet_geleverd: tuple[str, ...] = ()
    onbekend: tuple[str, ...] = ()


def pseudoniem(sleutel: bytes, waarde: str, *, voorvoegsel: str) -> str:
    """HMAC-SHA256 of ``voorvoegsel`` and ``waarde``, first 80 bits in hexadecimal: the same key gives the same name.

    With one key the linked files of one export still fit together; with another key they do not.
    """
    if len(sleutel) < MIN_SLEUTEL:
        raise InvoerFout(
            f"De sleutel voor de pseudoniemen is te kort ({len(sleutel)} bytes).",
            actie=f"Geef een geheime, willekeurige sleutel van ten minste {MIN_SLEUTEL} bytes mee.",
        )
    som = hmac.new(sleutel, f"{voorvoegsel}\x00{waarde}".encode(), hashlib.sha256).hexdigest()
    return f"{voorvoegsel}-{som[:20]}"


def onderzoeksdata(df: pd.DataFrame, *, sleutel: bytes, met_kvk: bool = False) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The micro data for a researcher, and the columns that were left out.

    Identifying columns go (``gevoeligheid`` = nooit; ``kvk_nummer`` stays with ``met_kvk``), keys become pseudonyms,
    and the rows are put in the order of the pseudonym: the old order would give the key back.
    """
    weg, kolommen = [], {}
    for naam in df.columns:
        kolom, feiten = df[naam], variabele(df[naam])
        if feiten.gevoeligheid == NOOIT and not (met_kvk and naam == KVK):
            weg.append(str(naam))
        elif feiten.pseudoniem:
            kolommen[naam] = pd.Series(
                [
                    None if pd.isna(waarde) else _pseudoniem(sleutel, waarde, feiten.pseudoniem)
                    for waarde in kolom.tolist()
                ],
                index=kolom.index,
                dtype=object,
            )
        else:
            kolommen[naam] = kolom
    uit = pd.DataFrame(kolommen, index=df.index, columns=pd.Index([naam for naam in df.columns if naam in kolommen]))
    return gesorteerd(uit).reset_index(drop=True), tuple(weg)


def _pseudoniem(sleutel: bytes, waarde: object, voorvoegsel: str) -> str:
    return pseudoniem(sleutel, als_tekst(waarde, TEKST), voorvoegsel=voorvoegsel)


def pas_toe(
    profiel: str,
    df: pd.DataFrame,
    tabellen: Sequence[Tabel],
    records: Sequence[Record],
    weggelaten: Sequence[Weggelaten],
    *,
    sleutel: bytes = b"",
    met_kvk: bool = False,
    regels: Regels | None = None,
) -> Levering:
    """Apply a profile to the data and the tables made from it (:class:`InvoerFout` for an unknown profile)."""
    if profiel not in PROFIELEN:
        raise InvoerFout(f"Onbekend profiel: {profiel}.", actie=f"Kies uit: {', '.join(PROFIELEN)}.")
    onbekend = tuple(str(naam) for naam in df.columns if not variabele(df[naam]).bekend)
    if profiel == ONDERZOEKER:
        data, weg = onderzoeksdata(df, sleutel=sleutel, met_kvk=met_kvk)
        return Levering(
            profiel=profiel,
            data=data,
            codeboek=tuple(maak_codeboek(data)),
            tabellen=tuple(tabellen),
            records=tuple(records),
            weggelaten=tuple(weggelaten),
            sdc={"id": "geen", "uitleg": "Niets onderdrukt; gepseudonimiseerd, alleen onder overeenkomst."},
            niet_geleverd=weg,
            onbekend=onbekend,
        )
    regels = regels or Regels()
    zichtbaar = [naam for naam in df.columns if variabele(df[naam]).gevoeligheid != NOOIT]
    publiek, eigen_records, extra = openbaar(tabellen, records, regels)
    return Levering(
        profiel=profiel,
        data=None,
        codeboek=tuple(maak_codeboek(df[zichtbaar], openbaar=True, minimum=regels.minimum)),
        tabellen=publiek,
        records=eigen_records,
        weggelaten=(*weggelaten, *extra),
        sdc={
            "id": regels.id,
            "minimum": regels.minimum,
            "grootste_aandeel": regels.grootste_aandeel,
            "bedrag_grootste": float(regels.bedrag_grootste),
            "bedrag_p": float(regels.bedrag_p),
            "breedte": regels.breedte,
        },
        niet_geleverd=tuple(str(naam) for naam in df.columns),
        onbekend=onbekend,
    )


def openbaar(
    tabellen: Iterable[Tabel], records: Sequence[Record], regels: Regels
) -> tuple[tuple[Tabel, ...], tuple[Record, ...], tuple[Weggelaten, ...]]:
    """Suppressed tables, records with the same cells emptied plus one ``SDC`` record per table, and tables lost."""
    tabellen = list(tabellen)
    met_totaal = (tabel.basis for tabel in tabellen if TOTAAL in tabel.basis and INGELOOT in tabel.basis)
    groepen = verborgen_groepen(next(met_totaal, {}), regels)
    uit_tabellen: list[Tabel] = []
    uit_records: list[Record] = []
    verloren: list[Weggelaten] = []
    for tabel in tabellen:
        hoofdstuk2 = groepen if tabel.code.startswith("T2.") else frozenset()
        publiek, verborgen = onderdruk(tabel, regels, hoofdstuk2)
        if publiek is None:
            reden = "In de openbare versie niet te beveiligen tegen herkenning."
            verloren.append(Weggelaten(tabel.code, tabel.titel, reden))
            uit_records.append(_sdc_record(tabel, {(r.rij, r.blok) for r in records if r.tabel == tabel.code}))
            continue
        uit_tabellen.append(publiek)
        uit_records += [
            _verborgen_record(record, publiek, regels) if (record.rij, record.blok) in verborgen else record
            for record in records
            if record.tabel == tabel.code
        ]
        uit_records.append(_sdc_record(tabel, verborgen))
    return tuple(uit_tabellen), tuple(uit_records), tuple(verloren)


def _verborgen_record(record: Record, publiek: Tabel, regels: Regels) -> Record:
    """The record without its value; the base stays when the table prints it."""
    blokken = (INGELOOT, UITGELOOT) if record.blok == VERSCHIL else (record.blok,)
    zichtbaar = all(publiek.basis.get(blok) is not None for blok in blokken)
    n = record.n if zichtbaar and not regels.klein(record.n) else None
    return replace(record, waarde=None, x=None, bi=None, p=None, n=n)


def _sdc_record(tabel: Tabel, verborgen: Iterable[Blok]) -> Record:
    cellen = sorted(f"{rij}|{blok}" for rij, blok in verborgen)
    return Record(
        tabel="SDC",
        rij=tabel.code,
        maat="onderdrukt",
        groep=TOTAAL,
        waarde=cellen,
        n=len(cellen),
        methode="minimum 10, secundair met lineair programma",
    )
