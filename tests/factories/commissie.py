"""Committee rounds for tests, made through the services."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from aanvragen.models import Aanvraag
from beoordeling.enums_commissie import Commissierol, Kennis, Toewijzingstatus
from beoordeling.models import Commissie, Commissielid, Toewijzing
from beoordeling.services.commissie import Lidgegevens, commissie_instellen, deskundigheid_bewaren, lid_benoemen
from beoordeling.services.scoren import beoordeling_indienen
from beoordeling.services.toewijzen import beoordelaars_toewijzen
from beoordeling.services.toewijzing_antwoord import toewijzing_aanvaarden
from kern.enums import Rol
from kern.models import Gebruiker
from regeling.models import Tijdvak
from regeling.services.tijdvak import tijdvak_bijwerken
from tests.factories.ronde import NA, VOOR, maak_compleet, maak_gebruiker, open_tijdvak, regeling_dict

TOEWIJZEN = NA + timedelta(days=1)
SCOREN = TOEWIJZEN + timedelta(days=3)
SCOREN_TOT = TOEWIJZEN + timedelta(days=20)
VERGADEREN = SCOREN_TOT + timedelta(days=3)
CODES = ("aanpak", "draagvlak", "resultaat", "overdraagbaar")
GEWICHTEN = (40, 25, 20, 15)
_NAMEN = ("Kwaliteit van het plan", "Rol van medewerkers", "Verwacht resultaat", "Bruikbaar voor anderen")
_teller = itertools.count(1)
#: A ranking with the weights of the contract case; threshold 50.
TABELLEN: dict[str, Any] = {
    "verdeling": {
        **regeling_dict()["verdeling"],
        "methode": "rangschikking",
        "eenheid_loting": "aanvraag",
        "drempel": 50,
        "beoordelaars": 2,
    },
    "criteria": [
        {"code": code, "naam": naam, "gewicht": gewicht, "ankers": [f"{naam}: waarde {n}." for n in range(1, 6)]}
        for code, naam, gewicht in zip(CODES, _NAMEN, GEWICHTEN, strict=True)
    ],
}
#: Total 66.25 and 50.00 with these weights.
GOED, MIDDEN = (4, 4, 3, 3), (3, 3, 3, 3)
THEMAS = [{"code": "slimmer", "naam": "slimmer werken"}, {"code": "flexibel", "naam": "flexibel organiseren"}]


def scores(rij: Sequence[int], reden: str = "Dat staat goed in het plan.") -> dict[str, tuple[object, str]]:
    """A filled-in scoring form."""
    return {code: (score, reden) for code, score in zip(CODES, rij, strict=True)}


def stem(rij: Sequence[int]) -> dict[str, object]:
    return dict(zip(CODES, rij, strict=True))


@dataclass
class Commissieronde:
    """A closed round with complete applications and its committee."""

    tijdvak: Tijdvak
    commissie: Commissie
    zaken: list[Aanvraag]
    leden: list[Commissielid]
    voorzitter: Commissielid
    secretaris: Commissielid
    behandelaar: Gebruiker

    def toewijzingen(self, zaak: Aanvraag) -> list[Toewijzing]:
        """The living assignments of an application."""
        dood = [Toewijzingstatus.VERVALLEN, Toewijzingstatus.GEWEIGERD, Toewijzingstatus.BELANG_GEMELD]
        rijen = Toewijzing.objects.filter(aanvraag=zaak).exclude(status__in=dood)
        return list(rijen.select_related("lid__gebruiker").order_by("pk"))


def maak_lid(
    commissie: Commissie, rol: Commissierol = Commissierol.LID, *, gebruiker: Gebruiker | None = None, **velden: Any
) -> Commissielid:
    """A member with the matching role in the organisation, from before the round."""
    nodig = {
        Commissierol.LID: Rol.BEOORDELAAR,
        Commissierol.VOORZITTER: Rol.VOORZITTER,
        Commissierol.SECRETARIS: Rol.SECRETARIS,
    }[rol]
    gegevens = Lidgegevens(**{"rol": rol, "van": VOOR.date(), **velden})
    if gebruiker is None:  # a domain of their own, or each would share one with the applicants
        nr = next(_teller)
        gebruiker = maak_gebruiker(nodig, email=f"lid@bureau{nr}.example")
    return lid_benoemen(commissie=commissie, gebruiker=gebruiker, gegevens=gegevens, actor=None, op=VOOR)


def commissieronde(
    aantal: int = 3,
    leden: int = 4,
    *,
    kosten: Decimal = Decimal(2000),
    emails: Mapping[int, str] | None = None,
    tabellen: dict[str, Any] | None = None,
    scoren_tot: datetime = SCOREN_TOT,
    **opties: Any,
) -> Commissieronde:
    """``aantal`` complete applications, ``leden`` members (each with an address at a domain of their own), a chair and
    a secretary. Nothing is assigned yet."""
    tijdvak = open_tijdvak(tabellen={**TABELLEN, **(tabellen or {})}, **opties)
    behandelaar = maak_gebruiker(Rol.BEHANDELAAR)
    zaken = [maak_compleet(tijdvak, behandelaar, kosten=kosten) for _ in range(aantal)]
    tijdvak = tijdvak_bijwerken(tijdvak=tijdvak, op=NA)
    commissie = commissie_instellen(tijdvak=tijdvak, naam="", scoren_tot=scoren_tot, actor=None, op=VOOR)

    def persoon(rol: Rol, nr: int) -> Gebruiker:
        email = (emails or {}).get(nr, f"lid{nr}@kantoor{nr}-{tijdvak.pk}.example")
        return maak_gebruiker(rol, email=email)

    rijen = [maak_lid(commissie, gebruiker=persoon(Rol.BEOORDELAAR, nr)) for nr in range(leden)]
    return Commissieronde(
        tijdvak=tijdvak,
        commissie=commissie,
        zaken=zaken,
        leden=rijen,
        voorzitter=maak_lid(commissie, Commissierol.VOORZITTER, gebruiker=persoon(Rol.VOORZITTER, leden + 1)),
        secretaris=maak_lid(commissie, Commissierol.SECRETARIS, gebruiker=persoon(Rol.SECRETARIS, leden + 2)),
        behandelaar=behandelaar,
    )


def deskundig(lid: Commissielid, *codes: str) -> None:
    themas = lid.commissie.tijdvak.regelingversie.regeling.themas.filter(code__in=codes)
    niveaus = dict.fromkeys(themas, Kennis.DESKUNDIG)
    deskundigheid_bewaren(lid=lid, niveaus=niveaus, actor=None, op=VOOR)


def wijs_alles_toe(ronde: Commissieronde, *, op: datetime = TOEWIJZEN) -> None:
    beoordelaars_toewijzen(commissie=ronde.commissie, actor=ronde.secretaris.gebruiker, op=op)


def aanvaard(toewijzing: Toewijzing, *, op: datetime = TOEWIJZEN) -> Toewijzing:
    return toewijzing_aanvaarden(toewijzing=toewijzing, verklaring=True, actor=toewijzing.lid.gebruiker, op=op)


def dien_in(toewijzing: Toewijzing, rij: Sequence[int] = GOED, *, op: datetime = SCOREN) -> Toewijzing:
    """Accepted when that was not done, and handed in."""
    if toewijzing.status == Toewijzingstatus.VOORGESTELD:
        toewijzing = aanvaard(toewijzing)
    return beoordeling_indienen(toewijzing=toewijzing, ingevuld=scores(rij), actor=toewijzing.lid.gebruiker, op=op)


def scoor(ronde: Commissieronde, zaak: Aanvraag, *rijen: Sequence[int]) -> None:
    """All assessors of an application hand in, one row of scores each."""
    for toewijzing, rij in zip(ronde.toewijzingen(zaak), rijen, strict=True):
        dien_in(toewijzing, rij)
