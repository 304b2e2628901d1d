"""Letters about completeness, in the document model: the same source gives HTML and PDF/A."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone

from aanvragen.enums import Correspondentie
from aanvragen.inhoud import LEEG
from aanvragen.models import Aanvraag, Aanvulling, Aanvulonderdeel, Organisatie
from kern.document.model import Afzender, Alinea, Blok, Document, Kop, Lijst, Ondertekening, Samenvatting
from kern.momenten import dag_in_woorden, moment_in_woorden


def geadresseerde(aanvraag: Aanvraag) -> tuple[str, ...]:
    """Name and postal address of the applicant."""
    return adresregels(aanvraag.organisatie, aanvraag.contactpersoon)


def adresregels(organisatie: Organisatie, contactpersoon: str = "") -> tuple[str, ...]:
    """The lines of an address on a letter, without empty ones."""
    regels = [
        organisatie.naam,
        f"t.a.v. {contactpersoon}" if contactpersoon else "",
        organisatie.straat,
        f"{organisatie.postcode} {organisatie.plaats}".strip(),
    ]
    return tuple(regel for regel in regels if regel)


def tekstblokken(tekst: str) -> list[Blok]:
    """Paragraphs of a message as blocks; lines that begin with "- " become a list."""
    blokken: list[Blok] = []
    for stuk in re.split(r"\n\s*\n", tekst.strip()):
        regels = [regel.strip() for regel in stuk.splitlines() if regel.strip()]
        if regels and all(regel.startswith("- ") for regel in regels):
            blokken.append(Lijst(tuple(regel[2:] for regel in regels)))
        elif regels:
            blokken.append(Alinea("\n".join(regels)))
    return blokken


def aanvullingsbrief(
    aanvraag: Aanvraag, *, onderwerp: str, tekst: str, termijn_tot: date, gevraagd: date, behandelaar: str
) -> Document:
    """The letter that asks to complete: what, until when, what happens otherwise, and what it does to our term (R5)."""
    regeling = aanvraag.tijdvak.spec.regeling
    uiterlijk = aanvraag.beslissen_uiterlijk_op
    beslissen = f" Zonder dit verzoek was dat {dag_in_woorden(uiterlijk)}." if uiterlijk else ""
    return Document(
        titel=f"Verzoek om aanvulling: {aanvraag.kenmerk}",
        afzender=Afzender(naam=regeling.uitvoerder),
        datum=gevraagd,
        kenmerk=aanvraag.kenmerk,
        betreft=onderwerp,
        aanhef=f"Geachte {aanvraag.contactpersoon}," if aanvraag.contactpersoon else "Geachte heer of mevrouw,",
        geadresseerde=geadresseerde(aanvraag),
        blokken=(
            *tekstblokken(tekst),
            Kop("Hoe vult u aan?", 1),
            Alinea(_hoe_aanvullen(aanvraag)),
            Kop("Wat als u niet op tijd aanvult?", 1),
            Alinea(
                f"Wat na {dag_in_woorden(termijn_tot)} binnenkomt, telt niet mee. Wij kunnen dan besluiten de aanvraag "
                "niet te behandelen (artikel 4:5 van de Algemene wet bestuursrecht). Hebt u meer tijd nodig? Vraag dat "
                "vóór die dag."
            ),
            Kop("Wanneer beslissen wij?", 1),
            Alinea(
                f"Onze termijn om te beslissen staat stil vanaf {dag_in_woorden(gevraagd + timedelta(days=1))}, tot de "
                "dag waarop u hebt aangevuld of waarop uw tijd om aan te vullen voorbij is (artikel 4:15 van de "
                f"Algemene wet bestuursrecht). De laatste dag om te beslissen schuift zo veel dagen op.{beslissen}"
            ),
        ),
        ondertekening=Ondertekening(naam=behandelaar, namens=(f"{regeling.ondertekenaar},", "namens deze,")),
    )


def _hoe_aanvullen(aanvraag: Aanvraag) -> str:
    """The way of the applicant's own choice first (R44)."""
    kenmerk, niet = aanvraag.kenmerk, "Hebt u iets niet? Schrijf dat dan op."
    if aanvraag.correspondentie == Correspondentie.POST:
        uitvoerder = aanvraag.tijdvak.spec.regeling.uitvoerder
        return f"Stuur uw aanvulling per post aan {uitvoerder}, met het nummer {kenmerk} erbij. {niet}"
    return (
        f"Log in bij Stimulans en open aanvraag {kenmerk}. U kunt daar wijzigen wat wij vragen. {niet} U kunt ook op "
        "papier antwoorden."
    )


def aanvullingsbewijs(aanvulling: Aanvulling, *, nummer: str, ontvangen: datetime) -> Document:
    """The receipt of a supplement: number, moment, digest and a copy of all that changed (R2, R45)."""
    aanvraag = aanvulling.aanvraag
    blokken: list[Blok] = [
        Alinea(f"Wij hebben uw aanvulling bij aanvraag {aanvraag.kenmerk} ontvangen."),
        Samenvatting(
            (
                ("Nummer", nummer),
                ("Ontvangen", moment_in_woorden(ontvangen)),
                ("Verstuurd door", str(aanvulling.beantwoord_door or "de aanvrager, op papier")),
                ("Controlegetal van de inhoud (SHA-256)", aanvulling.inhoud_sha256),
            )
        ),
        Kop("Uw antwoorden", 1),
        Samenvatting(tuple((item.titel, antwoord_in_woorden(item)) for item in aanvulling.items.all())),
    ]
    for _stap, titel, regels in aanvulling.inhoud:
        blokken += [
            Kop(f"Gewijzigd: {titel}", 1),
            Samenvatting(tuple((label, f"{nieuw or LEEG}\n(eerst: {oud or LEEG})") for label, oud, nieuw in regels)),
        ]
    return Document(
        titel=f"Ontvangstbewijs aanvulling {nummer}",
        afzender=Afzender(naam=aanvraag.tijdvak.spec.regeling.uitvoerder),
        datum=timezone.localtime(ontvangen).date(),
        blokken=tuple(blokken),
        kenmerk=aanvraag.kenmerk,
        betreft=f"Ontvangst van uw aanvulling bij {aanvraag.kenmerk}",
    )


def antwoord_in_woorden(item: Aanvulonderdeel) -> str:
    """What the applicant did with one item."""
    if item.niet_geleverd:
        return f"Dit kan ik niet geven: {item.antwoord}"
    return item.antwoord or "Gewijzigd in het formulier; zie hieronder."
