"""Standard texts about the members of a group: ``deelnemer_…`` to its coordinator, ``lid_…`` to the member itself."""

from __future__ import annotations

from aanvragen.berichttekst import Berichttekst
from kern.enums import Berichtsoort

GROEPSTEKSTEN: dict[str, Berichttekst] = {
    "deelnemer_declaratie_ontvangen": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben de declaratie van een deelnemer ontvangen: {kenmerk}",
        "Wij hebben de declaratie van {deelnemer} bij aanvraag {kenmerk} ontvangen op {moment}. Wij controleren nu de "
        "kosten.\n",
        velden=("deelnemer", "moment"),
        wanneer="Zodra een deelnemer van een groep heeft gedeclareerd",
        voorbeeld={"deelnemer": "Voorbeeldbedrijf B.V.", "moment": "1 december 2027 om 11:00:00 uur"},
    ),
    "deelnemer_betaald": Berichttekst(
        Berichtsoort.UITVOERING,
        "Wij hebben een deelnemer betaald: {kenmerk}",
        "Wij hebben {bedrag} betaald aan {deelnemer} voor aanvraag {kenmerk}.\n",
        velden=("bedrag", "deelnemer"),
        wanneer="Als de bank de betaling aan een deelnemer van een groep heeft bevestigd",
        voorbeeld={"bedrag": "€ 18.000", "deelnemer": "Voorbeeldbedrijf B.V."},
    ),
    "lid_verleend": Berichttekst(
        Berichtsoort.BESLUIT,
        "De groep waarin {deelnemer} meedoet, krijgt subsidie: {kenmerk}",
        "{organisatie} vroeg subsidie aan voor een groep waarin {deelnemer} meedoet: “{titel}”. Die subsidie is "
        "verleend.\n\nHet deel voor {deelnemer} is ten hoogste {bedrag}. U declareert dat deel zelf, in Stimulans bij "
        "“Mijn aanvragen”. {organisatie} heeft de brief met het besluit.\n",
        velden=("deelnemer", "bedrag"),
        wanneer="Als subsidie is verleend aan een groep; aan elke deelnemer die in Stimulans bekend is",
        voorbeeld={"deelnemer": "Voorbeeldbedrijf B.V.", "bedrag": "€ 18.000"},
    ),
    "lid_vertrokken": Berichttekst(
        Berichtsoort.BESLUIT,
        "{deelnemer} doet niet meer mee in de groep: {kenmerk}",
        "{deelnemer} doet sinds {moment} niet meer mee in de groep van {organisatie} (“{titel}”). U kunt hiervoor geen "
        "kosten meer declareren.\n\nDe reden: {reden}\n\nKlopt dit niet? Neem dan contact met ons op.\n",
        velden=("deelnemer", "moment", "reden"),
        wanneer="Als een deelnemer uit een groep vertrekt; aan die deelnemer",
        voorbeeld={
            "deelnemer": "Voorbeeldbedrijf B.V.",
            "moment": "1 december 2027 om 11:00:00 uur",
            "reden": "Het bedrijf stopt met het project.",
        },
    ),
    "lid_declaratie_ontvangen": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben de declaratie van {deelnemer} ontvangen: {kenmerk}",
        "Wij hebben de declaratie van {deelnemer} bij aanvraag {kenmerk} ontvangen op {moment}. Wij controleren nu de "
        "kosten.\n",
        velden=("deelnemer", "moment"),
        wanneer="Zodra voor een deelnemer van een groep is gedeclareerd; aan die deelnemer",
        voorbeeld={"deelnemer": "Voorbeeldbedrijf B.V.", "moment": "1 december 2027 om 11:00:00 uur"},
    ),
    "lid_besluit": Berichttekst(
        Berichtsoort.BESLUIT,
        "Er is een besluit over het deel van {deelnemer}: {kenmerk}",
        "{besluit}.\n\nDe brief staat in Stimulans bij “Mijn aanvragen”, bij het deel van {deelnemer}. "
        "U kunt bezwaar maken tot en met {bezwaar_tot}.\n",
        velden=("deelnemer", "besluit", "bezwaar_tot"),
        wanneer="Als een besluit over een deelnemer van een groep is verzonden; aan die deelnemer",
        voorbeeld={
            "deelnemer": "Voorbeeldbedrijf B.V.",
            "besluit": "Wij stellen uw subsidie vast",
            "bezwaar_tot": "12 augustus 2028",
        },
    ),
    "lid_betaald": Berichttekst(
        Berichtsoort.UITVOERING,
        "Wij hebben {deelnemer} betaald: {kenmerk}",
        "Wij hebben {bedrag} betaald aan {deelnemer} voor aanvraag {kenmerk} van {organisatie}.\n",
        velden=("bedrag", "deelnemer"),
        wanneer="Als de bank de betaling aan een deelnemer heeft bevestigd; aan die deelnemer",
        voorbeeld={"bedrag": "€ 18.000", "deelnemer": "Voorbeeldbedrijf B.V."},
    ),
}
