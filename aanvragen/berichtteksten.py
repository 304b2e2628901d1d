"""Standard texts of messages to applicants; a `Berichtsjabloon` of the scheme takes their place.

``{namen}`` are filled in from the fields that the service gives; `VELDEN` always holds. Write to the applicant: plain
Dutch, "u". An empty line begins a new paragraph; lines that begin with "- " are a list, also in the letter.
"""

from __future__ import annotations

from aanvragen.berichttekst import Berichttekst
from aanvragen.berichtteksten_groep import GROEPSTEKSTEN
from kern.enums import Berichtsoort

_VERVANG = (
    "U kunt een andere referentie noemen. Ga in Stimulans naar uw aanvraag en kies “Referenties”. Dat kan hoogstens "
    "twee keer bij een aanvraag.\n"
)

TEKSTEN: dict[str, Berichttekst] = {
    "ontvangst-papier": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben uw aanvraag ontvangen: {kenmerk}",
        "Wij hebben uw aanvraag “{titel}” op papier ontvangen op {ontvangen}. Uw kenmerk is {kenmerk}.\n\n"
        "Een medewerker heeft uw aanvraag overgenomen in ons systeem. Bij deze brief zit een kopie van alles wat is "
        "ingevuld. Klopt er iets niet? Laat het ons zo snel mogelijk weten.\n\n"
        "U krijgt uiterlijk {uiterlijk} een besluit. Al onze brieven over deze aanvraag sturen wij u per post.",
        ("ontvangen", "uiterlijk"),
        wanneer="Zodra een aanvraag op papier is ingevoerd en verstuurd",
        voorbeeld={"ontvangen": "3 maart 2027 om 10:00 uur", "uiterlijk": "1 juli 2027"},
    ),
    "bijlage-besmet": Berichttekst(
        Berichtsoort.AANVULLING,
        "In een bijlage bij uw aanvraag zit een virus",
        "Onze virusscanner heeft een virus gevonden in het bestand “{bestand}” bij uw aanvraag {kenmerk}.\n"
        "Niemand kan het bestand openen. Wij kunnen het daarom niet meenemen.\n\n"
        "Controleer uw computer op virussen. Wij vragen u om een schoon bestand als wij het nodig hebben.",
        ("bestand",),
        wanneer="Als de virusscanner later een virus vindt in een bijlage",
        voorbeeld={"bestand": "offerte.pdf"},
    ),
    "contact_gewijzigd": Berichttekst(
        soort=Berichtsoort.TOEGANG,
        onderwerp="De contactgegevens van aanvraag {kenmerk} zijn gewijzigd",
        tekst=(
            "Bij aanvraag {kenmerk} van {organisatie} is gewijzigd: {wat}.\n\n"
            "Dit deed {door}. Klopt dit niet? Neem dan meteen contact met ons op.\n"
        ),
        velden=("wat", "door"),
        wanneer="Als iemand de contactgegevens van een aanvraag wijzigt",
        voorbeeld={"wat": "e-mailadres", "door": "een collega"},
    ),
    "referentie_geblokkeerd": Berichttekst(
        Berichtsoort.REFERENTIE,
        "Noem een andere referentie bij aanvraag {kenmerk}",
        "Wij kunnen deze referentie niet gebruiken: {referentie}.\n\n{reden}\n\n" + _VERVANG,
        velden=("referentie", "reden"),
        wanneer="Als een referentie niet te gebruiken is",
        voorbeeld={
            "referentie": "Voorbeeld B.V.",
            "reden": "De referent en de adviseur hebben hetzelfde e-mailadres.",
        },
    ),
    "referentie_onbestelbaar": Berichttekst(
        Berichtsoort.REFERENTIE,
        "Wij kunnen een referentie niet bereiken: aanvraag {kenmerk}",
        "Ons bericht aan {referentie} kwam terug. Misschien klopt het e-mailadres niet.\n\n" + _VERVANG,
        velden=("referentie",),
        wanneer="Als het bericht aan een referent terugkomt",
        voorbeeld={"referentie": "Voorbeeld B.V."},
    ),
    "referentie_verlopen": Berichttekst(
        Berichtsoort.REFERENTIE,
        "Een referentie heeft niet geantwoord: aanvraag {kenmerk}",
        "{referentie} heeft niet op tijd geantwoord. U kunt in Stimulans bij “Referenties” nog een keer om een "
        "antwoord vragen.\n\n" + _VERVANG,
        velden=("referentie",),
        wanneer="Als een referent niet op tijd antwoordt",
        voorbeeld={"referentie": "Voorbeeld B.V."},
    ),
    "referentie_geweigerd": Berichttekst(
        Berichtsoort.REFERENTIE,
        "Een referentie werkt niet mee: aanvraag {kenmerk}",
        "{referentie} wil niet meewerken. Dat mag, en het zegt niets over het werk van uw adviseur.\n\n" + _VERVANG,
        velden=("referentie",),
        wanneer="Als een referent niet wil meewerken",
        voorbeeld={"referentie": "Voorbeeld B.V."},
    ),
    "referentie_niet_bevestigd": Berichttekst(
        Berichtsoort.REFERENTIE,
        "Een referentie is niet bevestigd: aanvraag {kenmerk}",
        "Na controle is deze referentie niet bevestigd: {referentie}.\n\nDe reden: {reden}\n\nVindt u dat dit niet "
        "klopt? Laat het ons weten. Wij luisteren naar u voordat wij beslissen.\n\n" + _VERVANG,
        velden=("referentie", "reden"),
        wanneer="Als een referentie na controle niet is bevestigd",
        voorbeeld={"referentie": "Voorbeeld B.V.", "reden": "De referent kent de adviseur niet."},
    ),
    "voucher_aangehouden": Berichttekst(
        Berichtsoort.UITVOERING,
        "U kunt uw voucher voorlopig niet gebruiken: aanvraag {kenmerk}",
        "Een referentie van uw adviseur is na controle niet bevestigd: {referentie}. Daarom kunt u uw voucher nu niet "
        "gebruiken.\n\nWij nemen contact met u op. Geef uw adviseur tot die tijd geen nieuwe opdracht. U kunt bij "
        "“Referenties” een andere referentie noemen, of ons schrijven wat u ervan vindt.\n",
        velden=("referentie",),
        wanneer="Als een voucher wordt aangehouden om een referentie",
        voorbeeld={"referentie": "Voorbeeld B.V."},
    ),
    "voucher_vrijgegeven": Berichttekst(
        Berichtsoort.UITVOERING,
        "U kunt uw voucher weer gebruiken: aanvraag {kenmerk}",
        "Wij hebben de voucher bij aanvraag {kenmerk} weer vrijgegeven. U kunt hem gebruiken zoals in het besluit "
        "staat.\n\nDe reden: {reden}\n",
        velden=("reden",),
        wanneer="Als een aangehouden voucher weer gebruikt mag worden",
        voorbeeld={"reden": "Een andere referentie is bevestigd."},
    ),
    "voucher_ingetrokken": Berichttekst(
        Berichtsoort.UITVOERING,
        "Uw voucher is ingetrokken: aanvraag {kenmerk}",
        "Wij hebben de verlening en de voucher bij aanvraag {kenmerk} ingetrokken (artikel 4:48 van de Algemene wet "
        "bestuursrecht).\n\nDe reden: {reden}\n\nU kunt binnen zes weken bezwaar maken. In de brief over de verlening "
        "staat hoe.\n",
        velden=("reden",),
        wanneer="Als een aangehouden voucher wordt ingetrokken",
        voorbeeld={"reden": "De gegevens over de adviseur klopten niet."},
    ),
    "ter_ondertekening": Berichttekst(
        soort=Berichtsoort.ALGEMEEN,
        onderwerp="Een aanvraag voor {organisatie} wacht op uw handtekening",
        tekst="{wie} heeft de aanvraag “{titel}” voor {regeling} klaargezet om te ondertekenen.\n\n"
        "Controleer de aanvraag, onderteken haar en verstuur haar. U kunt haar ook teruggeven met een opmerking.\n"
        "De aanvraag telt pas mee als zij is verstuurd. Dat kan tot en met {sluit_op}.\n\n"
        "De aanvraag staat in Stimulans bij “Mijn aanvragen”.\n",
        velden=("wie", "sluit_op"),
        wanneer="Als een collega de aanvraag klaarzet om te ondertekenen",
        voorbeeld={"wie": "Een collega", "sluit_op": "18 december 2026 om 17:00 uur"},
    ),
    "ondertekening_terug": Berichttekst(
        soort=Berichtsoort.ALGEMEEN,
        onderwerp="Uw aanvraag voor {organisatie} is teruggegeven",
        tekst="{wie} heeft de aanvraag “{titel}” voor {regeling} niet ondertekend en teruggegeven.\n\n"
        "De opmerking is:\n{opmerking}\n\n"
        "Pas de aanvraag aan en zet haar opnieuw klaar. Versturen kan tot en met {sluit_op}.\n",
        velden=("wie", "opmerking", "sluit_op"),
        wanneer="Als de ondertekenaar de aanvraag teruggeeft",
        voorbeeld={
            "wie": "Een collega",
            "opmerking": "Het bedrag klopt nog niet.",
            "sluit_op": "18 december 2026 om 17:00 uur",
        },
    ),
    "ontvangst": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben uw aanvraag ontvangen: {kenmerk}",
        "Wij hebben uw aanvraag “{titel}” ontvangen op {moment}.\n\n"
        "Uw kenmerk is {kenmerk}. Bewaar dit nummer.\n"
        "U krijgt uiterlijk {besluit_uiterlijk} een besluit.\n\n"
        "Een kopie van alles wat u hebt ingevuld, staat in Stimulans bij “Mijn aanvragen”.\n",
        velden=(
            "moment",
            "besluit_uiterlijk",
        ),
        wanneer="Zodra een aanvraag is verstuurd",
        voorbeeld={"moment": "3 maart 2027 om 14:05:09 uur", "besluit_uiterlijk": "1 juli 2027"},
    ),
    "aanvulling": Berichttekst(
        Berichtsoort.AANVULLING,
        "Uw aanvraag {kenmerk} is nog niet compleet",
        "Wij missen nog iets in uw aanvraag {kenmerk}:\n\n{onderdelen}\n\n"
        "Vul dit aan vóór of op {termijn_tot}, {hoe}. Doet u dat niet, dan kunnen wij besluiten de aanvraag niet te "
        "behandelen.\n",
        velden=(
            "onderdelen",
            "termijn_tot",
            "hoe",
        ),
        wanneer="Als de behandelaar om aanvulling vraagt; deze tekst staat ook in de brief",
        voorbeeld={
            "onderdelen": "- Offerte: De offerte is niet ondertekend.\n- Het project: De einddatum ontbreekt.",
            "termijn_tot": "17 maart 2027",
            "hoe": "in Stimulans bij “Mijn aanvragen”",
        },
    ),
    "aanvulling_verlengd": Berichttekst(
        Berichtsoort.AANVULLING,
        "U hebt langer de tijd om uw aanvraag {kenmerk} aan te vullen",
        "U kunt uw aanvraag {kenmerk} nu aanvullen tot en met {termijn_tot}.\n\nDe reden: {reden}\n",
        velden=(
            "termijn_tot",
            "reden",
        ),
        wanneer="Als de behandelaar meer tijd geeft om aan te vullen",
        voorbeeld={"termijn_tot": "31 maart 2027", "reden": "U vroeg om uitstel."},
    ),
    "aanvulling_ontvangen": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben uw aanvulling ontvangen: {kenmerk}",
        "Wij hebben uw aanvulling bij aanvraag {kenmerk} ontvangen op {moment}.\n\n"
        "Het nummer van uw aanvulling is {nummer}. Een kopie staat in Stimulans bij “Mijn aanvragen”.\n\n"
        "Wij kijken nu of uw aanvraag compleet is. U krijgt uiterlijk {besluit_uiterlijk} een besluit.\n",
        velden=(
            "moment",
            "nummer",
            "besluit_uiterlijk",
        ),
        wanneer="Zodra de aanvrager een aanvulling verstuurt",
        voorbeeld={
            "moment": "10 maart 2027 om 09:30:00 uur",
            "nummer": "VOORBEELD-00012-A1",
            "besluit_uiterlijk": "8 juli 2027",
        },
    ),
    "aanvulling-ontvangen-papier": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben uw aanvulling ontvangen: {kenmerk}",
        "Wij hebben uw aanvulling bij aanvraag {kenmerk} op papier ontvangen op {moment}. Dat moment telt.\n\n"
        "Een medewerker heeft uw aanvulling overgenomen in ons systeem. Bij deze brief zit een ontvangstbewijs met het "
        "nummer {nummer} en een kopie van alles wat is ingevuld. Klopt er iets niet? Laat het ons zo snel mogelijk "
        "weten.\n\n"
        "Wij kijken nu of uw aanvraag compleet is. U krijgt uiterlijk {besluit_uiterlijk} een besluit.",
        (
            "moment",
            "nummer",
            "besluit_uiterlijk",
        ),
        wanneer="Zodra een medewerker een aanvulling op papier heeft ingevoerd en verstuurd",
        voorbeeld={
            "moment": "10 maart 2027 om 09:30 uur",
            "nummer": "VOORBEELD-00012-A1",
            "besluit_uiterlijk": "8 juli 2027",
        },
    ),
    "besluit": Berichttekst(
        Berichtsoort.BESLUIT,
        "Er is een besluit over uw aanvraag {kenmerk}",
        "{besluit}.\n\nDe brief staat in Stimulans bij “Mijn aanvragen”. "
        "U kunt bezwaar maken tot en met {bezwaar_tot}.\n",
        velden=(
            "besluit",
            "bezwaar_tot",
        ),
        wanneer="Als een besluit is verzonden",
        voorbeeld={"besluit": "Wij verlenen u subsidie", "bezwaar_tot": "12 augustus 2027"},
    ),
    "tweede_stap": Berichttekst(
        Berichtsoort.BESLUIT,
        "U kunt een volledig voorstel sturen: {kenmerk}",
        "Uw voorstel {kenmerk} is door de eerste stap gekomen. Wij nodigen u uit om een volledig voorstel te "
        "sturen.\n\n"
        "Dat kan van {open_op} tot en met {sluit_op}, in Stimulans bij “Mijn aanvragen”. Wat u eerder invulde, staat "
        "er al; u kunt het nog aanpassen. Een commissie beoordeelt daarna de volledige voorstellen. Deze uitnodiging "
        "is nog geen subsidie.\n",
        velden=("open_op", "sluit_op"),
        wanneer="Als een voorstel een plaats krijgt in de tweede stap",
        voorbeeld={"open_op": "1 juni 2027 om 09:00:00 uur", "sluit_op": "31 augustus 2027 om 17:00:00 uur"},
    ),
    "leergang_ingedeeld": Berichttekst(
        Berichtsoort.UITVOERING,
        "Uw medewerkers zijn ingedeeld in de leergang: {kenmerk}",
        "Voor aanvraag {kenmerk} zijn ingedeeld in de groep {groep}: {namen}.\n\n"
        "De datums en plaatsen staan in Stimulans. Uw medewerkers zien ze daar zelf ook, als zij inloggen met het "
        "e-mailadres dat u opgaf.\n",
        velden=("groep", "namen"),
        wanneer="Als deelnemers zijn ingedeeld in een groep van de leergang",
        voorbeeld={"groep": "Voorjaar, groep 1", "namen": "Deelnemer 1, Deelnemer 2"},
    ),
    "leergang_voorstel": Berichttekst(
        Berichtsoort.UITVOERING,
        "Er is een voorstel uit de leergang: {kenmerk}",
        "Uw medewerker heeft in de leergang een voorstel gemaakt: {titel}.\n\n"
        "U kunt er een aanvraag van maken, bij de deelnemers van aanvraag {kenmerk}.\n",
        velden=("titel",),
        wanneer="Als een deelnemer aan de leergang een voorstel indient",
        voorbeeld={"titel": "Roosters door de teams zelf"},
    ),
    "ingetrokken": Berichttekst(
        Berichtsoort.ONTVANGST,
        "U hebt uw aanvraag {kenmerk} ingetrokken",
        "U hebt uw aanvraag {kenmerk} ingetrokken op {moment}. Wij behandelen de aanvraag niet verder.\n",
        velden=("moment",),
        wanneer="Als de aanvrager de aanvraag intrekt",
        voorbeeld={"moment": "3 maart 2027 om 14:05:09 uur"},
    ),
    "opdracht": Berichttekst(
        Berichtsoort.UITVOERING,
        "De opdracht aan uw adviseur is vastgelegd: {kenmerk}",
        "U hebt met uw voucher opdracht gegeven aan {adviseur}. Het project kan beginnen.\n\n"
        "Declareer na afloop de kosten in Stimulans bij “Mijn aanvragen”.\n",
        velden=("adviseur",),
        wanneer="Als de ontvanger met de voucher opdracht geeft aan een adviseur",
        voorbeeld={"adviseur": "Adviesbureau Voorbeeld"},
    ),
    "declaratie_ontvangen": Berichttekst(
        Berichtsoort.ONTVANGST,
        "Wij hebben uw declaratie ontvangen: {kenmerk}",
        "Wij hebben uw declaratie bij aanvraag {kenmerk} ontvangen op {moment}. Wij controleren nu de kosten.\n",
        velden=("moment",),
        wanneer="Zodra een declaratie is ingediend",
        voorbeeld={"moment": "1 december 2027 om 11:00:00 uur"},
    ),
    "betaling": Berichttekst(
        Berichtsoort.UITVOERING,
        "Wij hebben u betaald: {kenmerk}",
        "Wij hebben {bedrag} aan u betaald voor aanvraag {kenmerk}.\n",
        velden=("bedrag",),
        wanneer="Als de bank een betaling heeft bevestigd",
        voorbeeld={"bedrag": "€ 18.000"},
    ),
    **GROEPSTEKSTEN,
}
