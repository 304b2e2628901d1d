"""What the checks look at, taken from the database by the service. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aanvragen.berekening import Berekening
from aanvragen.omvang import Onderneming
from aanvragen.referentietoets import Referentiegegevens
from aanvragen.toetsen_onderneming import (
    Registerbeeld,
    Steunbeeld,
)


@dataclass(frozen=True)
class Toetsinvoer:
    """Everything the checks look at, taken from the database by the service. Amounts in euros."""

    ingediend_op: datetime
    sluit_op: datetime
    kvk_nummer: str
    rechtsvorm: str
    sbi_code: str
    sbi_versie: str
    provincie: str
    werkzame_personen: int | None
    omzet: Decimal | None
    balanstotaal: Decimal | None
    start_op: date | None
    eind_op: date | None
    contact_email: str
    iban: str
    themas: Sequence[str]
    doelen: Sequence[str]
    antwoorden: Mapping[str, Any]
    berekening: Berekening
    tarieven: Sequence[tuple[str, Decimal | None]]
    adviseur_email: str
    bureau_kvk: str
    adviseur_gecertificeerd: bool
    heeft_adviseur: bool
    referenties: Sequence[Referentiegegevens]
    verklaringen: Mapping[str, bool]
    bijlagen: frozenset[str]
    eerdere_aanvragen: Sequence[str] = ()
    zelfde_iban: Sequence[str] = ()
    naam: str = "De aanvrager"
    register: Registerbeeld = Registerbeeld()
    groep: Sequence[Onderneming] = ()
    omvang_vorig: str = ""
    publiek: bool = False
    publiek_aandeel: Decimal | None = None
    steun: Steunbeeld | None = None
    #: What the applicant itself gets, where that is not all (a member of a group); None: all of it.
    eigen_subsidie: Decimal | None = None
    #: The application was sent: from then on references are asked for their confirmation.
    verstuurd: bool = False
    #: The adviser has a certificate that an officer has seen and that is still valid.
    certificaat_geldig: bool = False
    emails_aanvrager: frozenset[str] = frozenset()
    #: Members of the group: KvK number and role.
    deelnemers: Sequence[tuple[str, str]] = ()
    #: Places that are asked; only where a scheme hands out places.
    stuks: int | None = None
