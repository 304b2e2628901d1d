"""An invented applicant fills in the form, step by step, as the scheme asks."""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pikepdf
from django.utils import timezone

from aanvragen.models import Aanvraag
from aanvragen.services.concept import Begrotingspost, begroting_bewaren, velden_bewaren, verklaringen_bewaren
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven, adviseur_bewaren
from aanvragen.services.conceptbijlage import bijlage_toevoegen
from aanvragen.services.deelnemers import Deelnemergegevens, deelnemers_bewaren
from aanvragen.termijn import maanden_erbij
from kern.models import Gebruiker
from regeling.enums import Doel
from regeling.schema_delen import Vraagspec
from uitvoering.simulatie import gegevens
from uitvoering.simulatie.gegevens import kosten_voor
from uitvoering.simulatie.plan import Aanvraagplan, groepsgrootte

#: Most places that one invented company asks in a course for people of several companies.
PLAATSEN = 3
IBAN = "NL91ABNA0417164300"  # the published example number


def aanvraag_invullen(
    aanvraag: Aanvraag,
    toeval: random.Random,
    op: datetime,
    actor: Gebruiker | None = None,
    plan: Aanvraagplan | None = None,
) -> Aanvraag:
    """Every step of the form; returns the draft, ready to be sent."""
    plan = plan or Aanvraagplan()
    spec = aanvraag.tijdvak.spec
    start = timezone.localtime(aanvraag.tijdvak.sluit_op).date() + timedelta(weeks=12)
    duur = max(min(spec.project.duur_maximum_maanden or 9, 9), (spec.project.duur_minimum_maanden or 0) + 1)
    aanvraag = velden_bewaren(
        aanvraag=aanvraag,
        stap="project",
        actor=actor,
        op=op,
        themas=gegevens.themas(spec, toeval),
        gegevens={
            "contactpersoon": "Contactpersoon van de simulatie",
            "titel": gegevens.titel(toeval),
            "contact_email": f"contact@{aanvraag.organisatie.kvk_nummer}.simulatie.example",
            "omschrijving": "Wij willen het werk slimmer organiseren. Medewerkers denken mee over de aanpak.",
            "start_op": start,
            "eind_op": maanden_erbij(start, duur) - timedelta(days=5),
            "doelen": toeval.sample(Doel.values, max(1, spec.doelen.minimum)),
            "antwoorden": {vraag.code: _antwoord(vraag, toeval) for vraag in spec.vragen}
            | ({"de_minimis_eerder": "0.00"} if spec.subsidie.staatssteun == "de-minimis" else {}),
        },
    )
    groep = spec.aanvrager.consortium
    if groep is not None:
        leden = _deelnemers(aanvraag, plan)
        aanvraag = deelnemers_bewaren(aanvraag=aanvraag, deelnemers=leden, actor=actor, op=op)
    if spec.subsidie.vorm == "plaats":
        plaatsen = {"gevraagd_stuks": toeval.randint(1, PLAATSEN)}
        aanvraag = velden_bewaren(aanvraag=aanvraag, stap="plaatsen", gegevens=plaatsen, actor=actor, op=op)
    elif groep is None or not groep.bedrag_per_deelnemer:
        posten = _begroting(aanvraag, toeval, plan.bedrag)
        aanvraag, _ = begroting_bewaren(aanvraag=aanvraag, posten=posten, actor=actor, op=op)
    if spec.adviseur.nodig:
        aanvraag = _adviseur(aanvraag, toeval, actor, op)
    for bijlage in spec.bijlagen:
        if bijlage.verplicht and bijlage.bij == "aanvraag":
            bijlage_toevoegen(
                aanvraag=aanvraag,
                code=bijlage.code,
                naam=f"{bijlage.code}.pdf",
                inhoud=voorbeeld_pdf(),
                actor=actor,
                op=op,
            )
    if spec.verklaringen:
        akkoord = {verklaring.code: True for verklaring in spec.verklaringen}
        verklaringen_bewaren(aanvraag=aanvraag, akkoord=akkoord, actor=actor, op=op)
    return aanvraag


def _antwoord(vraag: Vraagspec, toeval: random.Random) -> Any:
    match vraag.soort:
        case "ja_nee":
            return True
        case "keuze":
            return toeval.choice(vraag.keuzes)
        case "bedrag":
            return f"{toeval.randint(0, 50) * 1000}.00"
        case "aantal":
            return toeval.randint(1, 40)
        case _:
            return "Medewerkers en leiding kiezen samen de aanpak en kijken elk kwartaal wat beter kan."


def _deelnemers(aanvraag: Aanvraag, plan: Aanvraagplan) -> list[Deelnemergegevens]:
    """The applicant itself and others; where members have own amounts these add up to the amount of the plan."""
    spec = aanvraag.tijdvak.spec
    eis, n = spec.aanvrager.consortium, plan.leden or groepsgrootte(spec, 1)
    nummer = int(aanvraag.organisatie.kvk_nummer) % (100_000 // gegevens.LEDEN_PER_GROEP)
    begin = gegevens.EERSTE_KVK_LEDEN + nummer * gegevens.LEDEN_PER_GROEP
    wie = [(aanvraag.organisatie.kvk_nummer, aanvraag.organisatie.naam)]
    wie += [(f"00{begin + lid:06d}", f"Deelnemer {lid} van {aanvraag.organisatie.naam}") for lid in range(1, n)]
    rollen = [rol.code for rol in eis.rollen] if eis is not None else []
    som = int(plan.bedrag) if plan.bedrag is not None else n * int((spec.subsidie.maximum or Decimal(40_000)) * 3 / 4)
    eigen = eis is not None and eis.bedrag_per_deelnemer
    return [
        Deelnemergegevens(
            kvk_nummer=kvk,
            naam=naam,
            rol=rollen[lid % len(rollen)] if rollen else "",
            kosten=kosten_voor(Decimal((lid + 1) * som // n - lid * som // n), spec.subsidie.percentage)
            if eigen
            else None,
        )
        for lid, (kvk, naam) in enumerate(wie)
    ]


def _begroting(aanvraag: Aanvraag, toeval: random.Random, vraag: Decimal | None) -> list[Begrotingspost]:
    spec = aanvraag.tijdvak.spec
    bedrag = gegevens.kosten(spec, toeval) if vraag is None else kosten_voor(vraag, spec.subsidie.percentage)
    soort = spec.kostensoorten[0] if spec.kostensoorten else None
    if soort is None or soort.uurtarief_maximum is None:
        return [
            Begrotingspost(
                kostensoort=soort.code if soort else "kosten", omschrijving="Kosten van het project", bedrag=bedrag
            )
        ]
    uren = (bedrag / soort.uurtarief_maximum).to_integral_value(rounding="ROUND_CEILING")
    return [
        Begrotingspost(
            kostensoort=soort.code,
            omschrijving="Begeleiding door de adviseur",
            aantal=uren,
            tarief=soort.uurtarief_maximum,
            bedrag=uren * soort.uurtarief_maximum,
        )
    ]


def _adviseur(aanvraag: Aanvraag, toeval: random.Random, actor: Gebruiker | None, op: datetime) -> Aanvraag:
    nummer = toeval.randrange(300)
    return adviseur_bewaren(
        aanvraag=aanvraag,
        actor=actor,
        op=op,
        adviseur=Adviesgegevens(
            naam=f"Adviseur {nummer}",
            email=f"adviseur{nummer}@advies{nummer % 60}.simulatie.example",
            bureau_naam=f"Adviesbureau {nummer % 60}",
            bureau_kvk=f"00{900_000 + nummer % 60:06d}",
        ),
        referenties=[
            Referentiegegeven(
                organisatie=f"Opdrachtgever {nummer}-{n}",
                contactpersoon=f"Referent {n}",
                email=f"referent{n}@opdrachtgever{nummer}-{n}.simulatie.example",
                opdracht="Begeleiding van een verandertraject",
            )
            for n in range(1, aanvraag.tijdvak.spec.adviseur.referenties + 1)
        ],
    )


@cache
def voorbeeld_pdf() -> bytes:
    """A valid PDF of one blank page."""
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
