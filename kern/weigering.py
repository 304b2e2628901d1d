"""Why a file is refused, in plain Dutch, and what to do about it. One text per cause."""

from __future__ import annotations

from kern.fouten import InvoerFout
from kern.keuring.grenzen import KOLOMMEN, PDF_BLADZIJDEN, RIJEN

_OPNIEUW = "Maak het bestand opnieuw en stuur het nog eens."
_ALS_PDF = "Sla het op als PDF en stuur de PDF."

#: Cause → (code of the error, what is wrong, what to do). ``{naam}`` is the name of the file.
TEKSTEN: dict[str, tuple[str, str, str]] = {
    "leeg": ("bestand-leeg", "“{naam}” is leeg.", "Kies een ander bestand."),
    "virus": (
        "bestand-virus",
        "In “{naam}” is een virus gevonden. Wij hebben het bestand niet bewaard.",
        "Controleer uw computer op virussen en stuur een schoon bestand.",
    ),
    "beveiligd": (
        "bestand-beveiligd",
        "“{naam}” is beveiligd met een wachtwoord.",
        "Haal het wachtwoord eraf en stuur het opnieuw.",
    ),
    "beschadigd": ("bestand-beschadigd", "“{naam}” is beschadigd en kan niet worden geopend.", _OPNIEUW),
    "macro": (
        "bestand-macro",
        "“{naam}” bevat een macro: een programma in een document.",
        "Sla het op zonder macro’s (als .docx of .xlsx) of als PDF.",
    ),
    "script": (
        "bestand-script",
        "“{naam}” bevat een programma dat start als iemand de PDF opent.",
        "Druk het document af naar een nieuwe PDF en stuur die.",
    ),
    "ingesloten": (
        "bestand-in-bestand",
        "In “{naam}” zit een ander bestand verstopt.",
        "Haal het ingesloten bestand eruit. Stuur het apart, of sla het geheel op als PDF.",
    ),
    "koppeling": (
        "bestand-koppeling",
        "“{naam}” haalt gegevens op uit een ander bestand of programma.",
        f"Verbreek de koppelingen. {_ALS_PDF}",
    ),
    "archief": (
        "bestand-archief",
        "“{naam}” is niet veilig ingepakt: er zit te veel in, of een ander ingepakt bestand.",
        f"Stuur de documenten apart. {_ALS_PDF}",
    ),
    "programma": ("bestand-programma", "In “{naam}” zit een programma.", _ALS_PDF),
    "dubbel": (
        "bestand-dubbel",
        "“{naam}” is meer dan één soort bestand tegelijk. Zo’n bestand kan iets verbergen.",
        _OPNIEUW,
    ),
    "xml": ("bestand-onveilig", "“{naam}” bevat onderdelen die niet in een document horen.", _ALS_PDF),
    "cellen": (
        "bestand-te-veel-cellen",
        f"“{{naam}}” heeft een werkblad met meer dan {RIJEN:,} rijen of {KOLOMMEN} kolommen.".replace(",", "."),
        "Laat alleen de cellen staan die wij nodig hebben, of sla het werkblad op als PDF.",
    ),
    "bladzijden": (
        "bestand-te-veel-bladzijden",
        f"“{{naam}}” heeft meer dan {PDF_BLADZIJDEN} bladzijden.",
        "Stuur alleen de bladzijden die nodig zijn, of splits het bestand.",
    ),
    "beeldpunten": (
        "afbeelding-te-groot",
        "De afbeelding “{naam}” is te groot: zij heeft te veel beeldpunten.",
        "Maak de afbeelding kleiner en stuur haar opnieuw.",
    ),
    "te-zwaar": (
        "bestand-te-ingewikkeld",
        "“{naam}” is te ingewikkeld. Wij konden het niet veilig openen.",
        f"Maak het document eenvoudiger. {_ALS_PDF}",
    ),
}


def weigering(oorzaak: str, naam: str) -> InvoerFout:
    """The error for this cause; raise it."""
    code, melding, actie = TEKSTEN[oorzaak]
    return InvoerFout(melding.format(naam=naam), actie=actie, code=code)
