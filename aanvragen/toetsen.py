"""The automatic checks: small pure functions with an id, a name, an article, the inputs used and an explanation.

``voldoet_niet`` never decides: an officer judges, with a reason. ``handmatig`` means that the system cannot tell; until
somebody has, no decision is possible. A check that a scheme does not ask for is not run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aanvragen.contactgegevens import eigen_domein, mail_genormaliseerd, zelfde_domein
from aanvragen.enums import Referentiestatus, Toetssoort, Toetsuitkomst
from aanvragen.omvang import aanvrager
from aanvragen.referentietoets import referenties_toetsen
from aanvragen.termijn import AMSTERDAM, maanden_erbij
from aanvragen.toetsen_onderneming import (
    Omvangbeeld,
    Steunbeeld,
    de_minimis,
    kvk_register,
    mkb,
    steun_van,
)
from aanvragen.toetsinvoer import Toetsinvoer
from kern.geld import euro
from regeling.schema import Regelingspec, Tijdvakspec

VERSIE = "1"
JA, NEE, ZELF = Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET_NIET, Toetsuitkomst.HANDMATIG
VOLLEDIG, INHOUD = Toetssoort.VOLLEDIGHEID, Toetssoort.INHOUD
#: Codes of the declaration that no other European money is in the project.
GEEN_ANDER_EU = ("geen-ander-eu-geld", "geen-andere-eu-middelen")


@dataclass(frozen=True)
class Toetsresultaat:
    code: str
    naam: str
    artikel: str
    soort: Toetssoort
    uitkomst: Toetsuitkomst
    uitleg: str
    invoer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Uitslag:
    """``soort``: where the scheme says what kind of check it is."""

    uitkomst: Toetsuitkomst
    uitleg: str
    invoer: dict[str, Any] = field(default_factory=dict)
    soort: Toetssoort | None = None


_Functie = Callable[[Toetsinvoer, Regelingspec], _Uitslag | None]
_TOETSEN: list[tuple[str, str, str, Toetssoort, _Functie]] = []


def _toets(code: str, naam: str, artikel: str, soort: Toetssoort) -> Callable[[_Functie], _Functie]:
    def bewaar(functie: _Functie) -> _Functie:
        _TOETSEN.append((code, naam, artikel, soort, functie))
        return functie

    return bewaar


def toets_alles(invoer: Toetsinvoer, spec: Regelingspec, tijdvak: Tijdvakspec) -> list[Toetsresultaat]:
    """Runs every check that the scheme asks for, in a fixed order."""
    resultaten = []
    for code, naam, artikel, soort, functie in _TOETSEN:
        uitslag = functie(invoer, spec)
        if uitslag is not None:
            resultaten.append(
                Toetsresultaat(
                    code, naam, artikel, uitslag.soort or soort, uitslag.uitkomst, uitslag.uitleg, uitslag.invoer
                )
            )
    return resultaten


@_toets("venster", "Op tijd verstuurd", "Awb 4:26 en de regeling", INHOUD)
def _venster(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag:
    invoer = {"ingediend_op": i.ingediend_op.isoformat(), "sluit_op": i.sluit_op.isoformat()}
    if i.ingediend_op <= i.sluit_op:
        return _Uitslag(JA, "De aanvraag is binnen het tijdvak ontvangen.", invoer)
    return _Uitslag(NEE, "De aanvraag is na sluiting ontvangen.", invoer)


@_toets("kvk", "KvK-nummer", "Awb 4:2", VOLLEDIG)
def _kvk(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag:
    invoer = {"kvk_nummer": i.kvk_nummer}
    if len(i.kvk_nummer) == 8 and i.kvk_nummer.isdigit():
        return _Uitslag(JA, "Het nummer heeft 8 cijfers.", invoer)
    return _Uitslag(NEE, "Een KvK-nummer heeft 8 cijfers.", invoer)


@_toets("kvk_register", "Handelsregister", "Awb 3:2", INHOUD)
def _kvk_register(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag:
    return _Uitslag(*kvk_register(i.register))


@_toets("een_per_aanvrager", "Eén aanvraag per aanvrager", "de regeling", INHOUD)
def _een_per_aanvrager(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    maximum = spec.aanvrager.aanvragen_per_aanvrager
    if maximum is None:
        return None
    invoer = {"eerder": list(i.eerdere_aanvragen), "maximum": maximum}
    if len(i.eerdere_aanvragen) < maximum:
        return _Uitslag(JA, f"Er zijn niet meer dan {maximum} aanvragen van deze aanvrager.", invoer)
    return _Uitslag(
        NEE,
        f"Deze aanvrager had al {', '.join(i.eerdere_aanvragen)} ingediend. Per aanvrager tellen er {maximum}.",
        invoer,
    )


@_toets("mkb", "Omvang van de onderneming", "Aanbeveling 2003/361/EG", INHOUD)
def _mkb(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if not spec.aanvrager.mkb:
        return None
    eigen = aanvrager(i.naam, i.kvk_nummer, i.werkzame_personen, i.omzet, i.balanstotaal)
    beeld = Omvangbeeld(eigen, i.groep, i.omvang_vorig, i.publiek, i.publiek_aandeel)
    return _Uitslag(*mkb(beeld, spec.aanvrager.mkb_klassen))


@_toets("rechtsvorm", "Rechtsvorm", "de regeling", INHOUD)
def _rechtsvorm(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    return _uit_lijst("De rechtsvorm", i.rechtsvorm, spec.aanvrager.rechtsvormen)


@_toets("provincie", "Provincie", "de regeling", INHOUD)
def _provincie(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    return _uit_lijst("De provincie", i.provincie, spec.aanvrager.provincies)


def _uit_lijst(wat: str, waarde: str, toegestaan: Sequence[str]) -> _Uitslag | None:
    if not toegestaan:
        return None
    invoer = {"waarde": waarde, "toegestaan": list(toegestaan)}
    if not waarde:
        return _Uitslag(ZELF, f"{wat} is niet bekend.", invoer)
    if waarde in toegestaan:
        return _Uitslag(JA, f"{wat} “{waarde}” past bij de regeling.", invoer)
    return _Uitslag(NEE, f"{wat} “{waarde}” past niet bij de regeling.", invoer)


@_toets("sector", "Sector", "de regeling", INHOUD)
def _sector(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    eis = spec.aanvrager.sectoren
    if eis is None:
        return None
    invoer = {"sbi_code": i.sbi_code, "sbi_versie": i.sbi_versie, "eis_versie": eis.versie}
    if not i.sbi_code or i.sbi_versie != eis.versie:
        return _Uitslag(
            ZELF,
            f"De regeling kijkt naar {eis.versie}; de code van de aanvrager is van {i.sbi_versie or 'onbekend'}.",
            invoer,
        )
    if any(i.sbi_code.startswith(code) for code in eis.uitgesloten):
        return _Uitslag(NEE, f"SBI-code {i.sbi_code} is uitgesloten.", invoer)
    if eis.toegestaan and not any(i.sbi_code.startswith(code) for code in eis.toegestaan):
        return _Uitslag(NEE, f"SBI-code {i.sbi_code} staat niet op de lijst van de regeling.", invoer)
    return _Uitslag(JA, f"SBI-code {i.sbi_code} past bij de regeling.", invoer)


@_toets("werkzame_personen", "Minimum aantal werkzame personen", "de regeling", INHOUD)
def _werkzame_personen(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    minimum = spec.aanvrager.werkzame_personen_min
    if not minimum:
        return None
    invoer = {"werkzame_personen": i.werkzame_personen, "minimum": minimum}
    if i.werkzame_personen is None:
        return _Uitslag(ZELF, "Het aantal werkzame personen is niet bekend.", invoer)
    uitkomst = JA if i.werkzame_personen >= minimum else NEE
    return _Uitslag(uitkomst, f"{i.werkzame_personen} werkzame personen; nodig zijn er {minimum}.", invoer)


@_toets("themas", "Thema's", "de regeling", VOLLEDIG)
def _themas(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if not spec.themas:
        return None
    minimum, maximum = spec.themakeuze.minimum, spec.themakeuze.maximum or len(spec.themas)
    uitkomst = JA if minimum <= len(i.themas) <= maximum else NEE
    return _Uitslag(
        uitkomst, f"{len(i.themas)} gekozen; het moeten er {minimum} tot {maximum} zijn.", {"themas": list(i.themas)}
    )


@_toets("doelen", "Doelen", "de regeling", VOLLEDIG)
def _doelen(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if not spec.doelen.minimum:
        return None
    gekozen = len(set(i.doelen))
    return _Uitslag(
        JA if spec.doelen.minimum <= gekozen <= spec.doelen.maximum else NEE,
        f"{gekozen} gekozen; het moeten er {spec.doelen.minimum} tot {spec.doelen.maximum} zijn.",
        {"doelen": list(i.doelen)},
    )


@_toets("consortium", "Samenstelling van de groep", "de regeling", VOLLEDIG)
def _consortium(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    eis = spec.aanvrager.consortium
    if eis is None:
        return None
    n, rollen = len(i.deelnemers), [rol for _, rol in i.deelnemers]
    invoer = {"deelnemers": n, "minimum": eis.min, "maximum": eis.max, "penvoerder": i.kvk_nummer}
    fouten = []
    if n < eis.min or (eis.max is not None and n > eis.max):
        hoogstens = f" en hoogstens {eis.max}" if eis.max is not None else ""
        fouten.append(f"er zijn {n} deelnemers; het moeten er minstens {eis.min}{hoogstens} zijn")
    if eis.penvoerder and i.kvk_nummer not in {kvk for kvk, _ in i.deelnemers}:
        fouten.append("de penvoerder die aanvraagt, staat niet bij de deelnemers")
    fouten += [
        f"er is te weinig “{rol.naam}”: {rollen.count(rol.code)} van {rol.minimum}"
        for rol in eis.rollen
        if rollen.count(rol.code) < rol.minimum
    ]
    if fouten:
        return _Uitslag(NEE, f"Niet goed: {'; '.join(fouten)}.", invoer)
    return _Uitslag(JA, f"De groep heeft {n} deelnemers.", invoer)


@_toets("plaatsen", "Aantal plaatsen", "de regeling", VOLLEDIG)
def _plaatsen(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if spec.subsidie.vorm != "plaats":
        return None
    maximum = spec.leergang.groep_maximum if spec.leergang else None
    invoer = {"plaatsen": i.stuks, "maximum": maximum}
    if not i.stuks:
        return _Uitslag(NEE, "Er zijn geen plaatsen gevraagd.", invoer)
    if maximum is not None and i.stuks > maximum:
        return _Uitslag(NEE, f"Er zijn {i.stuks} plaatsen gevraagd; een groep heeft er hoogstens {maximum}.", invoer)
    return _Uitslag(JA, f"Er zijn {i.stuks} plaatsen gevraagd.", invoer)


@_toets("bedrag", "Kosten en subsidie", "de regeling", INHOUD)
def _bedrag(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if spec.subsidie.vorm == "plaats":
        return None
    regel, b = spec.subsidie, i.berekening
    invoer = {"kosten": str(b.kosten), "subsidie": str(b.subsidie), "eigen_bijdrage": str(b.eigen_bijdrage)}
    fouten = []
    if regel.kosten_minimum is not None and b.kosten < regel.kosten_minimum:
        fouten.append(f"de kosten ({euro(b.kosten)}) zijn lager dan {euro(regel.kosten_minimum)}")
    if regel.minimum is not None and b.subsidie < regel.minimum:
        fouten.append(f"de subsidie ({euro(b.subsidie)}) is lager dan {euro(regel.minimum)}")
    if regel.eigen_bijdrage_minimum is not None and b.eigen_bijdrage < regel.eigen_bijdrage_minimum:
        fouten.append(f"de eigen bijdrage ({euro(b.eigen_bijdrage)}) is lager dan {euro(regel.eigen_bijdrage_minimum)}")
    if fouten:
        return _Uitslag(NEE, "Niet goed: " + "; ".join(fouten) + ".", invoer)
    return _Uitslag(
        JA, f"Kosten {euro(b.kosten)}, subsidie {euro(b.subsidie)}, eigen {euro(b.eigen_bijdrage)}.", invoer
    )


@_toets("uurtarief", "Uurtarief", "de regeling", INHOUD)
def _uurtarief(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    grenzen = {s.code: s.uurtarief_maximum for s in spec.kostensoorten if s.uurtarief_maximum is not None}
    if not grenzen:
        return None
    boven = [
        (soort, tarief) for soort, tarief in i.tarieven if tarief is not None and tarief > grenzen.get(soort, tarief)
    ]
    invoer = {"tarieven": [[soort, str(tarief)] for soort, tarief in i.tarieven]}
    if boven:
        return _Uitslag(ZELF, "Een tarief ligt boven het maximum; het meerdere telt niet mee in de berekening.", invoer)
    if any(soort in grenzen and tarief is None for soort, tarief in i.tarieven):
        return _Uitslag(ZELF, "Bij een regel ontbreken uren en tarief; het maximum is niet te toetsen.", invoer)
    return _Uitslag(JA, "Alle tarieven liggen onder het maximum.", invoer)


@_toets("duur", "Begin en duur van het project", "de regeling", INHOUD)
def _duur(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    minimum, maximum = spec.project.duur_minimum_maanden, spec.project.duur_maximum_maanden
    if minimum is None and maximum is None and not spec.project.start_na_besluit:
        return None
    invoer = {"start_op": str(i.start_op), "eind_op": str(i.eind_op), "maximum_maanden": maximum}
    if i.start_op is None or i.eind_op is None:
        return _Uitslag(ZELF, "Begin of einde van het project is niet ingevuld.", invoer)
    if maximum is not None and i.eind_op >= maanden_erbij(i.start_op, maximum):
        return _Uitslag(NEE, f"Het project duurt langer dan {maximum} maanden.", invoer)
    if minimum is not None and i.eind_op + timedelta(days=1) < maanden_erbij(i.start_op, minimum):
        return _Uitslag(NEE, f"Het project duurt korter dan {minimum} maanden.", invoer)
    if spec.project.start_na_besluit and i.start_op <= i.ingediend_op.astimezone(AMSTERDAM).date():
        return _Uitslag(NEE, "Het project begint vóór de aanvraag; het mag pas na het besluit beginnen.", invoer)
    return _Uitslag(JA, "Begin en duur van het project passen bij de regeling.", invoer)


@_toets("adviseur", "Adviseur", "de regeling", VOLLEDIG)
def _adviseur(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if not spec.adviseur.nodig:
        return None
    if i.heeft_adviseur:
        return _Uitslag(JA, "Er is een adviseur genoemd.")
    return _Uitslag(NEE, "Er is geen adviseur genoemd.")


@_toets("onafhankelijk", "Adviseur staat los van de aanvrager", "de regeling", INHOUD)
def _onafhankelijk(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if not (spec.adviseur.onafhankelijk and i.heeft_adviseur):
        return None
    invoer = {"kvk_aanvrager": i.kvk_nummer, "kvk_bureau": i.bureau_kvk}
    if i.bureau_kvk and i.bureau_kvk == i.kvk_nummer:
        return _Uitslag(NEE, "De adviseur werkt bij de aanvrager zelf: het KvK-nummer is hetzelfde.", invoer)
    adres = mail_genormaliseerd(i.adviseur_email)
    if adres and adres in {mail_genormaliseerd(email) for email in {i.contact_email, *i.emails_aanvrager}}:
        return _Uitslag(NEE, "De adviseur is iemand van de aanvrager zelf: het e-mailadres is hetzelfde.", invoer)
    domein = eigen_domein(i.adviseur_email)
    if any(zelfde_domein(domein, eigen_domein(email)) for email in {i.contact_email, *i.emails_aanvrager}):
        return _Uitslag(
            ZELF,
            f"Adviseur en aanvrager gebruiken allebei e-mail van {domein}. Werkt de adviseur bij de aanvrager?",
            invoer,
        )
    return _Uitslag(JA, "KvK-nummer en e-mailadres van adviseur en aanvrager verschillen.", invoer)


@_toets("referenties", "Referenties van de adviseur", "de regeling", VOLLEDIG)
def _referenties(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    eis = spec.adviseur
    if not eis.referenties:
        return None
    invoer = {
        "aantal": len(i.referenties),
        "bevestigd": sum(r.status == Referentiestatus.BEVESTIGD for r in i.referenties),
        "nodig": eis.referenties,
        "gecertificeerd": i.adviseur_gecertificeerd,
    }
    if eis.alternatieven and i.certificaat_geldig:
        return _Uitslag(JA, "De adviseur heeft een gecontroleerd certificaat: referenties zijn niet nodig.", invoer)
    if eis.alternatieven and i.adviseur_gecertificeerd:
        return _Uitslag(
            ZELF, "De adviseur is gecertificeerd: dan zijn referenties niet nodig. Controleer het bewijs.", invoer
        )
    uitkomst, uitleg = referenties_toetsen(i.referenties, eis, verstuurd=i.verstuurd)
    later = i.verstuurd and eis.toets_voor == "besluit"
    return _Uitslag(uitkomst, uitleg, invoer, INHOUD if later else VOLLEDIG)


@_toets("verklaringen", "Verklaringen", "de regeling", VOLLEDIG)
def _verklaringen(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    verplicht = [v for v in spec.verklaringen if v.verplicht]
    if not verplicht:
        return None
    ontbreekt = [v for v in verplicht if not i.verklaringen.get(v.code)]
    if ontbreekt:
        aantal = len(ontbreekt)
        wat = f"“{ontbreekt[0].tekst}”" if aantal == 1 else f"{aantal} van de {len(verplicht)} verplichte verklaringen."
        return _Uitslag(NEE, f"Niet aangekruist: {wat}", {"ontbreekt": [v.code for v in ontbreekt]})
    return _Uitslag(JA, "Alle verplichte verklaringen zijn afgelegd.", {"ontbreekt": []})


@_toets("bijlagen", "Bijlagen", "Awb 4:2, tweede lid", VOLLEDIG)
def _bijlagen(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    verplicht = [b for b in spec.bijlagen if b.verplicht and b.bij == "aanvraag"]
    if not verplicht:
        return None
    ontbreekt = [b.naam for b in verplicht if b.code not in i.bijlagen]
    if ontbreekt:
        return _Uitslag(NEE, f"Ontbreekt: {', '.join(ontbreekt)}.", {"ontbreekt": ontbreekt})
    return _Uitslag(JA, "Alle verplichte bijlagen zijn er.", {"ontbreekt": []})


@_toets("andere_eu", "Geen ander Europees geld", "de regeling", INHOUD)
def _andere_eu(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if spec.project.andere_eu_middelen:
        return None
    if any(i.verklaringen.get(code) for code in GEEN_ANDER_EU):
        return _Uitslag(JA, "De aanvrager verklaart dat er geen ander Europees geld in het project zit.")
    return _Uitslag(ZELF, "De aanvrager heeft niet verklaard dat er geen ander Europees geld in het project zit.")


@_toets("de_minimis", "De-minimissteun over drie jaar", "Verordening (EU) 2023/2831, art. 3", INHOUD)
def _de_minimis(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag | None:
    if spec.subsidie.staatssteun != "de-minimis":
        return None
    beeld = i.steun or Steunbeeld(i.ingediend_op.astimezone(AMSTERDAM).date())
    bedrag = i.berekening.subsidie if i.eigen_subsidie is None else i.eigen_subsidie
    som = steun_van(beeld, i.antwoorden, bedrag, spec.subsidie.de_minimis_maximum)
    return _Uitslag(*de_minimis(som))


@_toets("iban", "Rekeningnummer", "de regeling", INHOUD)
def _iban(i: Toetsinvoer, spec: Regelingspec) -> _Uitslag:
    if not i.iban:
        return _Uitslag(JA, "Er is nog geen rekeningnummer. Het is pas nodig bij de betaling.")
    if i.zelfde_iban:
        return _Uitslag(
            ZELF, f"Ook bij {', '.join(i.zelfde_iban)} staat dit rekeningnummer.", {"zelfde_iban": list(i.zelfde_iban)}
        )
    return _Uitslag(JA, "Het rekeningnummer is geldig en komt bij geen andere aanvrager voor.")
