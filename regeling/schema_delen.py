"""The tables of a scheme file, except the distribution and the rounds (see ``schema``).

Every key carries a Dutch explanation; ``docs/regelingsbestand.md`` is the reference for authors.
Rules between keys stand in ``schema_regels``. Sources: design 02 (table of schemes), R43, R53-R58, R70, R73.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from regeling.schema_velden import (
    Ankerscore,
    Artikel,
    Bedrag,
    BedragBovenNul,
    Datum,
    Deel,
    Duur,
    Geheel,
    GeheelBovenNul,
    Getal,
    JaNee,
    Kort,
    Maanden,
    MkbKlasse,
    Percentage,
    PercentageBovenNul,
    Provincie,
    Rechtsvorm,
    Regel,
    Sbicode,
    SbiVersie,
    Sleutel,
    Tekst,
    Uitleg,
    Uniek,
    geheel_tussen,
    veld,
)

Briefsoort = Literal["verlening", "afwijzing", "buiten_behandeling", "vaststelling"]
Termijncode = Literal["beslissing", "aanvulling", "declaratie", "betaling", "vaststelling", "bezwaar"]
Doelgroep = Literal["ingeloot", "uitgeloot", "afgewezen", "adviseurs", "medewerkers", "or-pvt"]
Doelcode = Literal[
    "arbeidsproductiviteit",
    "bedrijfsprestaties",
    "innovatie",
    "arbeidskwaliteit",
    "arbeidsverhoudingen",
    "ontplooiing",
]
Besluit = Literal["plafond", "verdeling", "verlening", "afwijzing", "buiten_behandeling", "vaststelling"]


class Grondslag(Deel):
    artikel: Regel = veld("het artikel, bijvoorbeeld 'artikel 3 van de Kaderwet SZW-subsidies'")
    onderwerp: Regel = veld("waar dit artikel over gaat")
    voor: Annotated[tuple[Besluit, ...], Uniek] = veld("bij welke besluiten dit artikel in de brief komt", ())


class Regelinggegevens(Deel):
    """What the scheme is and stands on (R28, R43)."""

    sleutel: Sleutel = veld("de vaste, korte naam van de regeling; die verandert nooit")
    naam: Regel = veld("de naam van de regeling zoals de aanvrager die ziet")
    versie: Kort = veld("het nummer of de naam van deze versie, tussen aanhalingstekens")
    samenvatting: Tekst = veld("in een paar zinnen: voor wie, waarvoor en hoeveel")
    doel: Tekst = veld("wat de regeling wil bereiken")
    geldig_vanaf: Datum = veld("de eerste dag waarop de regeling geldt")
    vervaldatum: Datum | None = veld("de dag met ingang waarvan de regeling vervalt", None)
    evaluatiedatum: Datum | None = veld("de dag waarop het verslag over de effecten er moet zijn", None)
    grondslag: tuple[Grondslag, ...] = veld("de artikelen waarop de regeling rust; minstens één")
    uitvoerder: Regel = veld("de naam van de organisatie die de regeling uitvoert")
    ondertekenaar: Regel = veld("namens wie de brieven worden ondertekend")
    bezwaar_adres: Tekst = veld("het adres waar een bezwaarschrift naartoe kan")


class Sectoren(Deel):
    versie: SbiVersie = veld("de SBI-versie van de codes: 'SBI 2008' of 'SBI 2025'")
    toegestaan: Annotated[tuple[Sbicode, ...], Uniek] = veld("SBI-codes die mogen aanvragen; leeg is alle sectoren", ())
    uitgesloten: Annotated[tuple[Sbicode, ...], Uniek] = veld("SBI-codes die niet mogen aanvragen", ())


class Consortiumrol(Deel):
    code: Sleutel = veld("de vaste naam van de rol")
    naam: Regel = veld("de naam van de rol, bijvoorbeeld 'kennisinstelling'")
    minimum: Geheel = veld("hoeveel deelnemers met deze rol er minstens zijn", 1)


class Consortium(Deel):
    """A group that applies together (IPC: 15-35 enterprises with a coordinator)."""

    min: Annotated[int, geheel_tussen(2, 1000)] = veld("het kleinste aantal deelnemers")
    max: Annotated[int, geheel_tussen(2, 1000)] | None = veld(
        "het grootste aantal deelnemers; weglaten is onbeperkt", None
    )
    gemeenschappelijk: Annotated[tuple[Literal["regio", "sector", "keten"], ...], Uniek] = veld(
        "wat de deelnemers gemeen moeten hebben; één van de genoemde is genoeg", ()
    )
    penvoerder: JaNee = veld("of één deelnemer namens allen optreedt", True)
    bedrag_per_deelnemer: JaNee = veld("of elke deelnemer een eigen bedrag krijgt", False)
    declaratie_per_deelnemer: JaNee = veld("of elke deelnemer zelf declareert", False)
    rollen: tuple[Consortiumrol, ...] = veld("rollen die in het samenwerkingsverband moeten voorkomen", ())


class Aanvrager(Deel):
    """Who may apply; the SME definition is that of R70-R71."""

    soort: Literal["onderneming", "arbeidsorganisatie", "consortium", "werknemers"] = veld("wie aanvraagt")
    mkb: JaNee = veld("of de aanvrager mkb moet zijn volgens de EU-definitie", False)
    mkb_klassen: Annotated[tuple[MkbKlasse, ...], Uniek] = veld("welke mkb-klassen mogen aanvragen; leeg is alle", ())
    rechtsvormen: Annotated[tuple[Rechtsvorm, ...], Uniek] = veld(
        "welke rechtsvormen mogen aanvragen; leeg is alle", ()
    )
    sectoren: Sectoren | None = veld("welke sectoren wel of niet mogen aanvragen", None)
    provincies: Annotated[tuple[Provincie, ...], Uniek] = veld("in welke provincies de aanvrager zit; leeg is alle", ())
    werkzame_personen_min: Geheel = veld("hoeveel werkzame personen de aanvrager minstens heeft", 0)
    aanvragen_per_aanvrager: GeheelBovenNul | None = veld(
        "hoeveel aanvragen van één aanvrager per tijdvak meedoen; weglaten is onbeperkt", None
    )
    consortium: Consortium | None = veld("eisen aan een samenwerkingsverband", None)


class Subsidie(Deel):
    """What is granted (R34), accounted for (R54-R58), settled (R74); de minimis R62-R68; ESF money R58, R107."""

    vorm: Literal["subsidie", "voucher", "plaats"] = veld("wat de aanvrager krijgt")
    eenheid: Literal["euro", "stuks"] = veld("waarin het plafond telt")
    percentage: PercentageBovenNul | None = veld("welk deel van de kosten wordt vergoed", None)
    maximum: BedragBovenNul | None = veld("het hoogste bedrag per aanvraag", None)
    minimum: Bedrag | None = veld("het laagste bedrag per aanvraag", None)
    vast_bedrag: BedragBovenNul | None = veld("het vaste bedrag per aanvraag of voucher", None)
    per: Literal["aanvraag", "deelnemer"] = veld("of de bedragen per aanvraag of per deelnemer gelden", "aanvraag")
    kosten_minimum: Bedrag | None = veld("de laagste kosten die het project mag hebben", None)
    kosten_maximum: BedragBovenNul | None = veld("de hoogste kosten die het project mag hebben", None)
    kosten_minimum_vaststelling: Bedrag | None = veld(
        "zijn de kosten bij de vaststelling lager, dan is de subsidie nihil", None
    )
    eigen_bijdrage_minimum: Bedrag | None = veld("het bedrag dat de aanvrager minstens zelf betaalt", None)
    voorschot_percentage: Percentage = veld("welk deel van de subsidie vooraf wordt betaald", Decimal(0))
    realisatie_ondergrens: PercentageBovenNul | None = veld(
        "welk deel van de verleende subsidie minstens gehaald moet worden", None
    )
    realisatie_gevolg: Literal["nihil", "lager-percentage", "afweging"] | None = veld(
        "wat er onder de ondergrens gebeurt", None
    )
    realisatie_percentage: PercentageBovenNul | None = veld("het lagere percentage onder de ondergrens", None)
    voucher_geldig_maanden: Maanden | None = veld("hoeveel maanden een voucher geldig is", None)
    verzilverbaar_bij: Annotated[
        tuple[Literal["adviseur", "adviesbureau", "kennisinstelling", "opleider"], ...], Uniek
    ] = veld("bij wie een voucher kan worden ingeleverd; leeg is bij iedereen", ())
    aangewezen_instellingen: Annotated[tuple[Regel, ...], Uniek] = veld(
        "gesloten lijst van instellingen waar de voucher geldig is; leeg is geen lijst", ()
    )
    staatssteun: Literal["geen", "de-minimis"] = veld("of de subsidie staatssteun is die onder de-minimis valt")
    de_minimis_maximum: BedragBovenNul | None = veld("het hoogste bedrag aan de-minimissteun in drie jaar", None)
    eu_middelen: Literal["geen", "esf", "efro"] = veld("of er geld van een Europees fonds in zit", "geen")
    verantwoording: Literal["ambtshalve", "prestatie", "kosten"] | None = veld(
        "hoe de ontvanger verantwoording aflegt; weglaten is naar de hoogte van het bedrag", None
    )


class Kostensoort(Deel):
    code: Sleutel = veld("de vaste naam van de kostensoort")
    naam: Regel = veld("de naam zoals de aanvrager die ziet")
    uitleg: Uitleg = veld("wat er wel en niet onder valt", "")
    uurtarief_maximum: BedragBovenNul | None = veld("het hoogste uurtarief dat telt", None)
    btw: Literal["inclusief", "exclusief"] = veld("of bedragen met of zonder btw tellen")
    aandeel_maximum: PercentageBovenNul | None = veld("welk deel van alle kosten deze soort hoogstens is", None)


class Themaspec(Deel):
    code: Sleutel = veld("de vaste naam van het thema")
    naam: Regel = veld("de naam van het thema, zoals in rapporten")
    uitleg: Uitleg = veld("wat er onder het thema valt, met een voorbeeld", "")


class Themakeuze(Deel):
    minimum: Geheel = veld("hoeveel thema's de aanvrager minstens kiest", 0)
    maximum: Geheel = veld("hoeveel thema's de aanvrager hoogstens kiest", 0)
    hoofdthema: JaNee = veld("of één van de thema's het hoofdthema is", False)


class Doelkeuze(Deel):
    """How many of the six objectives of design 02 are chosen."""

    minimum: Annotated[int, geheel_tussen(0, 6)] = veld("hoeveel van de zes doelen de aanvrager minstens kiest", 1)
    maximum: Annotated[int, geheel_tussen(0, 6)] = veld("hoeveel van de zes doelen de aanvrager hoogstens kiest", 6)


class Kernwaarde(Deel):
    code: Sleutel = veld("de vaste naam van de kernwaarde")
    naam: Regel = veld("de kernwaarde in een paar woorden")
    uitleg: Tekst = veld("wat de kernwaarde betekent")
    voorbeelden: tuple[Tekst, ...] = veld("voorbeelden van projecten die wel of niet passen", ())


class Definitie(Deel):
    """The closed definition that a project is tested against, in at most three core values (design 02)."""

    tekst: Tekst = veld("de definitie in gewone taal")
    kernwaarden: tuple[Kernwaarde, ...] = veld("de kernwaarden; één tot drie")


class Adviseur(Deel):
    nodig: JaNee = veld("of het project een externe adviseur nodig heeft", False)
    natuurlijk_persoon: JaNee = veld("of de adviseur een persoon is en geen bureau", False)
    onafhankelijk: JaNee = veld("of de adviseur los staat van de aanvrager en daar niet in dienst is", False)
    referenties: Annotated[int, geheel_tussen(0, 10)] = veld("hoeveel referenties de adviseur heeft", 0)
    verschillende_opdrachtgevers: JaNee = veld("of de referenties van verschillende opdrachtgevers komen", False)
    alternatieven: Annotated[tuple[Regel, ...], Uniek] = veld("wat in plaats van referenties ook goed is", ())
    toets_voor: Literal["volledigheid", "besluit", "geen"] = veld(
        "wanneer de referenties gecontroleerd moeten zijn; 'geen': ze worden alleen genoemd", "besluit"
    )
    referentie_geldig_maanden: Annotated[int, geheel_tussen(1, 120)] = veld(
        "hoeveel maanden een bevestigde referentie bij een nieuwe aanvraag telt", 24
    )


class Project(Deel):
    duur_minimum_maanden: Maanden | None = veld("hoeveel maanden het project minstens duurt", None)
    duur_maximum_maanden: Maanden | None = veld("hoeveel maanden het project hoogstens duurt", None)
    start_uiterlijk_weken: GeheelBovenNul | None = veld("binnen hoeveel weken na het besluit het project begint", None)
    start_na_besluit: JaNee = veld("of het project pas na het besluit mag beginnen", False)
    andere_eu_middelen: JaNee = veld("of er ook ander geld van de EU in het project mag zitten", True)
    eindproduct: Uitleg = veld("wat het project moet opleveren", "")


class Tarief(Deel):
    code: Sleutel = veld("de vaste naam van het tarief")
    naam: Regel = veld("de naam van het tarief")
    bedrag: BedragBovenNul = veld("het tarief in euro's")
    per: Literal["deelnemer", "bijeenkomst"] = veld("waarvoor het tarief geldt")


class Leergang(Deel):
    """A course with places instead of euros (design 02, `leergang`)."""

    bijeenkomsten: GeheelBovenNul = veld("hoeveel bijeenkomsten er ongeveer zijn")
    groep_minimum: GeheelBovenNul = veld("hoeveel deelnemers een groep minstens heeft")
    groep_maximum: GeheelBovenNul = veld("hoeveel deelnemers een groep hoogstens heeft")
    bijeenkomst_maximum: GeheelBovenNul | None = veld("hoeveel mensen er hoogstens bij één bijeenkomst zijn", None)
    certificaat: JaNee = veld("of deelnemers een certificaat krijgen", False)
    certificaat_minimum: GeheelBovenNul | None = veld(
        "hoeveel bijeenkomsten iemand minstens bijwoont voor het certificaat; weglaten is alle", None
    )
    vervolgregeling: Sleutel | None = veld("de regeling waarin een voorstel een aanvraag kan worden", None)
    voorstellen_minimum: Geheel | None = veld("hoeveel projectvoorstellen een groep minstens oplevert", None)
    voorstellen_maximum: GeheelBovenNul | None = veld("hoeveel projectvoorstellen een groep hoogstens oplevert", None)
    tarieven: tuple[Tarief, ...] = veld("wat een deelnemer of een bijeenkomst kost", ())


class Verklaringspec(Deel):
    code: Sleutel = veld("de vaste naam van de verklaring")
    tekst: Tekst = veld("de tekst die de aanvrager verklaart")
    uitleg: Uitleg = veld("waarom we dit vragen", "")
    verplicht: JaNee = veld("of de aanvraag zonder deze verklaring onvolledig is", True)
    artikel: Artikel = veld("het artikel waar de verklaring op rust", "")


class Bijlagespec(Deel):
    code: Sleutel = veld("de vaste naam van de bijlage")
    naam: Regel = veld("de naam van de bijlage")
    uitleg: Uitleg = veld("wat erin moet staan", "")
    verplicht: JaNee = veld("of de bijlage verplicht is", True)
    bij: Literal["aanvraag", "declaratie", "vaststelling"] = veld("wanneer de bijlage wordt gevraagd", "aanvraag")
    soorten: Annotated[tuple[Literal["pdf", "png", "jpg", "docx", "xlsx", "odt", "ods"], ...], Uniek] = veld(
        "welke bestandssoorten mogen", ("pdf",)
    )
    maximum_mb: Annotated[int, geheel_tussen(1, 50)] = veld("hoe groot een bestand hoogstens is, in megabyte", 10)
    aantal_maximum: Annotated[int, geheel_tussen(1, 20)] = veld("hoeveel bestanden de aanvrager hoogstens meestuurt", 5)


class Vraagspec(Deel):
    code: Sleutel = veld("de vaste naam van de vraag")
    tekst: Tekst = veld("de vraag")
    uitleg: Uitleg = veld("toelichting bij de vraag", "")
    soort: Literal["tekst", "ja_nee", "keuze", "bedrag", "aantal"] = veld("de soort antwoord")
    keuzes: Annotated[tuple[Regel, ...], Uniek] = veld("de antwoorden bij soort 'keuze'", ())
    verplicht: JaNee = veld("of een antwoord verplicht is", True)
    maximum_tekens: Annotated[int, geheel_tussen(1, 20_000)] | None = veld(
        "hoe lang een antwoord bij soort 'tekst' mag zijn", None
    )


class Nulmetingvraag(Deel):
    """A question about where the applicant stands now, for one objective; asked again later. Never obligatory (R45)."""

    code: Sleutel = veld("de vaste naam van de vraag; latere metingen gebruiken dezelfde naam")
    doel: Doelcode = veld("bij welk van de zes doelen de vraag hoort")
    tekst: Tekst = veld("de vraag")
    uitleg: Uitleg = veld("toelichting bij de vraag", "")
    soort: Literal["schaal", "getal", "tekst"] = veld("de soort antwoord; 'schaal' is 1 tot en met 5")
    eenheid: Artikel = veld("wat het getal telt, bijvoorbeeld '%' of 'dagen'; alleen bij soort 'getal'", "")
    minimum: Getal = veld("het kleinste antwoord dat kan; alleen bij soort 'getal'", Decimal(0))
    maximum: Getal | None = veld(
        "het grootste antwoord dat kan; bij de eenheid '%' is dat 100 als er niets staat", None
    )
    laag: Artikel = veld("wat een 1 betekent; alleen bij soort 'schaal'", "")
    hoog: Artikel = veld("wat een 5 betekent; alleen bij soort 'schaal'", "")

    @property
    def grenzen(self) -> tuple[Decimal, Decimal | None]:
        """Smallest and largest number that can be an answer, inclusive; ``None``: no largest."""
        honderd = Decimal(100) if self.eenheid == "%" else None
        return self.minimum, self.maximum if self.maximum is not None else honderd

    @property
    def sleutel(self) -> str:
        """Name under which the answer is stored; no question of the scheme can have it."""
        return f"nulmeting_{self.code}"


class Criteriumspec(Deel):
    """Scored 1-5 with an anchor text per value; total 0-100 (design 05, part 4)."""

    code: Sleutel = veld("de vaste naam van het criterium")
    naam: Regel = veld("de naam van het criterium")
    gewicht: PercentageBovenNul = veld("het gewicht; alle gewichten samen zijn 100")
    minimum: Ankerscore | None = veld("de laagste score (1 tot en met 5) waarmee een aanvraag nog meedoet", None)
    ankers: tuple[Tekst, ...] = veld("vijf teksten: wat de score 1, 2, 3, 4 en 5 betekent")
    stap: Annotated[int, geheel_tussen(1, 2)] | None = veld(
        "in welke stap het criterium telt; weglaten is in elke stap", None
    )


class Meetmomentspec(Deel):
    code: Sleutel = veld("de vaste naam van het meetmoment")
    naam: Regel = veld("de naam van het meetmoment")
    na: Literal["aanvraag", "besluit", "einde"] = veld("vanaf welke gebeurtenis we tellen")
    maanden: Annotated[int, geheel_tussen(0, 120)] = veld("hoeveel maanden na die gebeurtenis; 0 is meteen")
    doelgroepen: Annotated[tuple[Doelgroep, ...], Uniek] = veld("wie de vragen krijgt; leeg is alle aanvragers", ())
    verplicht: JaNee = veld("of het invullen bij de aanvraag hoort", False)


class Termijnspec(Deel):
    """A term with its legal level (R52); only 'wet' and 'amvb' roll to a working day (T4)."""

    code: Termijncode = veld("welke termijn")
    duur: Duur = veld("de lengte, bijvoorbeeld '13w', '28d' of '6m'")
    niveau: Literal["wet", "amvb", "regeling", "besluit"] = veld("waar de termijn is vastgelegd")
    artikel: Artikel = veld("het artikel met de termijn", "")


class Briefspec(Deel):
    soort: Briefsoort = veld("bij welk besluit de brief hoort")
    onderwerp: Regel = veld("het onderwerp van de brief")
    alineas: tuple[Tekst, ...] = veld("de alinea's van de brief, op volgorde")
