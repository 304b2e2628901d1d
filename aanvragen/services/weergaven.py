"""Filters of the work list that a person keeps under a name."""

from __future__ import annotations

from datetime import datetime

from aanvragen.models import Werklijstweergave
from kern.fouten import InvoerFout
from kern.models import Gebruiker

#: Views that one person can keep.
MAXIMUM = 20


def weergave_bewaren(*, gebruiker: Gebruiker, naam: str, vraag: str, op: datetime) -> Werklijstweergave:
    """Keeps a filter; the same name again replaces it. A personal setting: it leaves no line in the trail."""
    naam = " ".join(naam.split())
    if not 1 <= len(naam) <= 60:
        raise InvoerFout("Geef de weergave een naam van 1 tot en met 60 tekens.", actie="Ga terug en vul een naam in.")
    anders = Werklijstweergave.objects.filter(gebruiker=gebruiker).exclude(naam=naam)
    if anders.count() >= MAXIMUM:
        raise InvoerFout(f"U hebt al {MAXIMUM} weergaven.", actie="Haal er eerst een weg.")
    weergave, _ = Werklijstweergave.objects.update_or_create(
        gebruiker=gebruiker, naam=naam, defaults={"vraag": vraag, "bewaard_op": op}
    )
    return weergave


def weergave_vergeten(*, gebruiker: Gebruiker, naam: str) -> None:
    """Forgets a view of this person; one that is not there is no error."""
    Werklijstweergave.objects.filter(gebruiker=gebruiker, naam=naam).delete()
