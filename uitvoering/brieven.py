"""Decision letters in the order of the ministry's templates (R19): decision, grounds, obligations, payment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from aanvragen.inhoud import bedrag_of_stuks, euro, gevraagd_in_woorden, toegekend_in_woorden
from aanvragen.models import Aanvraag, Deelnemer
from aanvragen.selectors import tijdvak_cijfers
from beoordeling.models import Plaats
from beoordeling.services.plaatsuitleg import heeft_uitleg
from kern.document.model import Afzender, Alinea, Document, Kop, Lijst, Ondertekening, Samenvatting, Tabel
from kern.termijnen import Termijn, bereken, lees_duur
from regeling.ruimte import in_woorden
from regeling.schema_brieven import plaatshouders_in, vul_in
from uitvoering.enums import Afwijzingsgrond, Besluitsoort
from uitvoering.groepsbedragen import naar_rato
from uitvoering.models import Besluit, Betaling, Vaststelling, Voucher
from uitvoering.selectors import per_deelnemer

KOP = {
    Besluitsoort.VERLENING: "Wij verlenen u subsidie",
    Besluitsoort.AFWIJZING: "Wij wijzen uw aanvraag af",
    Besluitsoort.BUITEN_BEHANDELING: "Wij behandelen uw aanvraag niet",
    Besluitsoort.INTREKKING: "Wij trekken de subsidie in",
    Besluitsoort.VASTSTELLING: "Wij stellen uw subsidie vast",
}
NUL = Decimal("0.00")


def besluitbrief(besluit: Besluit, *, verzonden: date, bezwaar_tot: date) -> Document:
    """The letter of a signed decision, as a document that renders to HTML and PDF."""
    aanvraag, soort = besluit.aanvraag, Besluitsoort(besluit.soort)
    spec = aanvraag.tijdvak.spec
    brief = next((b for b in spec.brieven if b.soort == soort), None)
    waarden = _waarden(besluit, verzonden, bezwaar_tot) if brief else {}
    eigen = brief.alineas if brief else ()
    return Document(
        titel=f"{_kop(besluit)}: {aanvraag.kenmerk}",
        afzender=Afzender(naam=spec.regeling.uitvoerder),
        datum=verzonden,
        kenmerk=aanvraag.kenmerk,
        betreft=vul_in(brief.onderwerp, waarden) if brief else _kop(besluit),
        aanhef=f"Geachte {aanvraag.contactpersoon}," if aanvraag.contactpersoon else "Geachte heer of mevrouw,",
        geadresseerde=_geadresseerde(besluit),
        blokken=(
            Kop("Besluit", 1),
            Alinea(f"{_kop(besluit)}."),
            *[Alinea(vul_in(alinea, waarden)) for alinea in eigen if not _motiveert(alinea)],
            Samenvatting(_bedragen(besluit)),
            Kop("Motivering", 1),
            *_motivering(besluit, [alinea for alinea in eigen if _motiveert(alinea)], waarden),
            *_vervolg(besluit),
            Kop("Bent u het niet eens met dit besluit?", 1),
            Alinea(
                f"U kunt bezwaar maken tot en met {_dag(bezwaar_tot)}. De termijn is zes weken. Eindigt die in een "
                "weekend of op een feestdag, dan hebt u tot de eerstvolgende werkdag. Schrijf in uw bezwaar uw naam en "
                "adres, de datum, het kenmerk van deze brief en waarom u het niet eens bent met het besluit. Zet er uw "
                "handtekening onder. Bezwaar maken is gratis."
            ),
            Alinea(f"U kunt uw bezwaar sturen naar: {' '.join(spec.regeling.bezwaar_adres.split())}"),
        ),
        ondertekening=Ondertekening(
            naam=str(besluit.ondertekend_door or ""), namens=(f"{spec.regeling.ondertekenaar},", "namens deze,")
        ),
    )


def _geadresseerde(besluit: Besluit) -> tuple[str, ...]:
    """Who gets the letter; a member of a group care of the coordinator, who acts for all."""
    aanvraag = besluit.aanvraag
    organisatie = aanvraag.organisatie
    lid = besluit.deelnemer
    van_een_ander = lid is not None and lid.kvk_nummer != organisatie.kvk_nummer
    regels = [
        *([lid.naam, f"p/a {organisatie.naam}"] if lid is not None and van_een_ander else [organisatie.naam]),
        f"t.a.v. {aanvraag.contactpersoon}" if aanvraag.contactpersoon else "",
        organisatie.straat,
        f"{organisatie.postcode} {organisatie.plaats}".strip(),
    ]
    return tuple(filter(None, regels))


def _kop(besluit: Besluit) -> str:
    if besluit.soort == Besluitsoort.VERLENING and besluit.bedrag is None:
        return "Wij geven u plaatsen in de leergang"
    return KOP[Besluitsoort(besluit.soort)]


def _motiveert(alinea: str) -> bool:
    """Whether a paragraph of the scheme's own letter gives the grounds; those stand under that heading."""
    return bool({"grond", "artikel"} & set(plaatshouders_in(alinea)))


def _motivering(besluit: Besluit, eigen: list[str], waarden: dict[str, str]) -> list[Alinea]:
    genoemd = {naam for alinea in eigen for naam in plaatshouders_in(alinea)}
    delen = [vul_in(alinea, waarden) for alinea in eigen]
    if "grond" not in genoemd:
        delen.insert(0, besluit.motivering)
    if "artikel" not in genoemd:
        delen.append(f"Dit besluit rust op {besluit.artikel}.")
    if besluit.grond in {Afwijzingsgrond.PLAFOND, Afwijzingsgrond.SCORE} and heeft_uitleg(besluit.aanvraag):
        delen.append(
            "In Stimulans leest u bij uw aanvraag onder “Waarom deze plaats?” hoe uw plaats tot stand kwam, met alle "
            "getallen en hoe u ze zelf narekent. U kunt ons ook vragen om die uitleg op papier."
        )
    return [Alinea(deel) for deel in delen]


def _dag(dag: date | None) -> str:
    return date_format(dag, "j F Y") if dag else ""


def _waarden(besluit: Besluit, verzonden: date, bezwaar_tot: date) -> dict[str, str]:
    """A value for every placeholder of the letter; words where the case has no value."""
    aanvraag = besluit.aanvraag
    tijdvak, spec = aanvraag.tijdvak, aanvraag.tijdvak.spec
    cijfers = tijdvak_cijfers(tijdvak)
    plaats = Plaats.objects.filter(aanvraag=aanvraag).first()
    aanvulling = aanvraag.aanvullingen.order_by("-gevraagd_op").first()
    voucher = Voucher.objects.filter(aanvraag=aanvraag).first()
    percentage = spec.subsidie.percentage
    voorschot = (besluit.bedrag or NUL) * spec.subsidie.voorschot_percentage / 100
    vaststelling = Vaststelling.objects.filter(besluit=besluit).first()
    al_betaald = betaald(aanvraag, tot=besluit.verzonden_op, deelnemer=besluit.deelnemer)
    return {
        "kenmerk": aanvraag.kenmerk,
        "organisatie": aanvraag.organisatie.naam if besluit.deelnemer is None else besluit.deelnemer.naam,
        "kvk_nummer": aanvraag.organisatie.kvk_nummer,
        "regeling": spec.regeling.naam,
        "tijdvak": tijdvak.naam,
        "project": f"“{aanvraag.titel}”",
        "datum_aanvraag": _dag(timezone.localtime(aanvraag.ingediend_op).date() if aanvraag.ingediend_op else None),
        "datum_besluit": _dag(verzonden),
        "bedrag_gevraagd": gevraagd_in_woorden(aanvraag),
        # As it was when the decision was proposed: the PDF may be made later than the HTML, and must say the same.
        "plafond": in_woorden(Decimal(besluit.plafondstand.get("bedrag", cijfers.plafond)), tijdvak),
        "artikel": besluit.artikel,
        "uitvoerder": spec.regeling.uitvoerder,
        "ondertekenaar": spec.regeling.ondertekenaar,
        "bezwaar_adres": spec.regeling.bezwaar_adres,
        "bezwaar_tot": _dag(bezwaar_tot),
        "bedrag": _verleend(besluit),
        "percentage": f"{percentage.normalize():f} procent" if percentage is not None else "een vast bedrag",
        "bedrag_voorschot": euro(voorschot),
        "uiterste_startdatum": _dag(uiterste_start(aanvraag, verzonden)) or "de datum in uw aanvraag",
        "einddatum_project": _dag(aanvraag.eind_op) or "de einddatum in uw aanvraag",
        "uiterste_datum_declaratie": _dag(uiterste_declaratie(aanvraag)) or "de datum die in de regeling staat",
        "voucher_geldig_tot": _dag(voucher.geldig_tot) if voucher else "de datum op de voucher",
        "vouchercode": voucher.code if voucher else "op de voucher te vinden",
        "rangnummer": str(plaats.rang) if plaats else "(niet geloot)",
        "aantal_aanvragen": str(cijfers.aanvragen),
        "aantal_toegekend": str(cijfers.toegekend),
        "grond": besluit.motivering,
        "datum_verzoek": _dag(timezone.localtime(aanvulling.gevraagd_op).date()) if aanvulling else "",
        "datum_hersteltermijn": _dag(aanvulling.termijn_tot) if aanvulling else "",
        "bedrag_verleend": euro(vaststelling.verleend) if vaststelling else toegekend_in_woorden(aanvraag),
        "bedrag_betaald": euro(al_betaald),
        "bedrag_terug": euro(max(al_betaald - (besluit.bedrag or NUL), NUL)),
    }


def _verleend(besluit: Besluit) -> str:
    """What a decision gives: euros, or pieces where it gives no money."""
    return bedrag_of_stuks(besluit.bedrag if besluit.stuks else besluit.bedrag or NUL, besluit.stuks, besluit.aanvraag)


def betaald(aanvraag: Aanvraag, *, tot: datetime | None = None, deelnemer: Deelnemer | None = None) -> Decimal:
    """Euros paid so far, or up to and including the moment ``tot``; of one member, or of the whole."""
    betalingen = Betaling.objects.filter(aanvraag=aanvraag, status="betaald")
    if deelnemer is not None:
        betalingen = betalingen.filter(deelnemer=deelnemer)
    if tot is not None:
        betalingen = betalingen.filter(betaald_op__lte=tot)
    return sum((b.bedrag for b in betalingen), NUL)


def uiterste_start(aanvraag: Aanvraag, verzonden: date) -> date | None:
    """Latest start of the project: some weeks after the decision, where the scheme says so."""
    weken = aanvraag.tijdvak.spec.project.start_uiterlijk_weken
    return verzonden + timedelta(weeks=weken) if weken else None


def uiterste_declaratie(aanvraag: Aanvraag) -> date | None:
    """Last day to claim: the scheme's term after the end of the project."""
    termijn = aanvraag.tijdvak.spec.termijn("declaratie")
    if termijn is None or aanvraag.eind_op is None:
        return None
    return bereken(
        Termijn(start=aanvraag.eind_op, duur=lees_duur(termijn.duur), niveau=termijn.niveau, doorschuiven=True)
    ).laatste_dag


def _bedragen(besluit: Besluit) -> tuple[tuple[str, str], ...]:
    if besluit.aanvraag.gevraagd_bedrag is None and besluit.aanvraag.gevraagd_stuks is not None:
        gevraagd = ("Gevraagd", gevraagd_in_woorden(besluit.aanvraag))
        return (gevraagd, ("Toegekend", _verleend(besluit))) if besluit.soort == Besluitsoort.VERLENING else (gevraagd,)
    if (lid := besluit.deelnemer) is not None:
        return (
            ("Deelnemer", lid.naam),
            ("Verleend bedrag", euro(lid.toegekend_bedrag)),
            ("Vastgesteld bedrag", euro(besluit.bedrag)),
        )
    regels = [("Gevraagd bedrag", euro(besluit.aanvraag.gevraagd_bedrag))]
    if besluit.soort == Besluitsoort.VERLENING:
        regels.append(("Verleend bedrag (hoogstens)", euro(besluit.bedrag)))
    elif besluit.soort == Besluitsoort.VASTSTELLING:
        regels += [
            ("Verleend bedrag", euro(besluit.aanvraag.toegekend_bedrag)),
            ("Vastgesteld bedrag", euro(besluit.bedrag)),
        ]
    return tuple(regels)


def _per_deelnemer(aanvraag: Aanvraag) -> list[Any]:
    """The amount of every member, where each has its own."""
    if not per_deelnemer(aanvraag.tijdvak.spec):
        return []
    leden = list(aanvraag.deelnemers.all())
    delen = naar_rato([lid.bedrag or NUL for lid in leden], aanvraag.toegekend_bedrag or NUL)
    rijen = tuple((lid.naam, lid.kvk_nummer, euro(deel)) for lid, deel in zip(leden, delen, strict=True))
    return [
        Kop("Wat krijgt elke deelnemer hoogstens?", 1),
        Tabel(
            ("Deelnemer", "KvK-nummer", "Bedrag"),
            rijen,
            uitlijning=("links", "links", "rechts"),
            bijschrift="Het bedrag per deelnemer",
        ),
    ]


def _vervolg(besluit: Besluit) -> list[Any]:
    aanvraag = besluit.aanvraag
    if besluit.soort == Besluitsoort.VERLENING and besluit.bedrag is None:
        return [
            Kop("Waaraan moet u voldoen?", 1),
            Lijst(
                (
                    "Laat de deelnemers alle bijeenkomsten volgen.",
                    "Meld het ons meteen als iemand niet meer kan: dan kan een ander die plaats krijgen.",
                )
            ),
        ]
    if besluit.soort == Besluitsoort.VERLENING:
        declareren = uiterste_declaratie(aanvraag)
        plichten = [
            "Voer het project uit zoals het in uw aanvraag staat.",
            "Meld het ons meteen als het project niet, later of anders wordt uitgevoerd.",
            "Bewaar de facturen en betaalbewijzen en vraag na afloop de vaststelling van de subsidie aan"
            + (f", uiterlijk op {_dag(declareren)}." if declareren else "."),
            "Doet u dit niet, dan kunnen wij de subsidie lager vaststellen of terugvragen (Awb 4:46 en 4:48).",
        ]
        return [
            *_per_deelnemer(aanvraag),
            Kop("Waaraan moet u voldoen?", 1),
            Lijst(tuple(plichten)),
            Kop("Wanneer krijgt u het geld?", 1),
            Alinea(
                "Wij betalen binnen zes weken na het besluit over de vaststelling, op het rekeningnummer dat u opgeeft."
            ),
        ]
    if besluit.soort == Besluitsoort.VASTSTELLING:
        vaststelling = Vaststelling.objects.filter(besluit=besluit).first()
        rijen = (
            tuple((r["omschrijving"], euro(Decimal(r["bedrag"]))) for r in vaststelling.berekening)
            if vaststelling
            else ()
        )
        return [
            Kop("Zo hebben wij gerekend", 1),
            Tabel(
                ("Onderdeel", "Bedrag"), rijen, uitlijning=("links", "rechts"), bijschrift="Berekening van de subsidie"
            ),
            Kop("Wanneer krijgt u het geld?", 1),
            Alinea("Wij betalen binnen zes weken na de datum van deze brief."),
        ]
    return []
