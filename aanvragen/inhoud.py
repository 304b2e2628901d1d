"""Everything an applicant entered, in order: the source of check-your-answers, receipt and copy (R45)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format

from aanvragen.models import Aanvraag, Organisatie
from kern.geld import euro as als_euro
from regeling.enums import Doel
from regeling.ruimte import in_woorden
from regeling.schema_delen import Nulmetingvraag

LEEG = "Niet ingevuld"
#: Code of the declaration that is made by signing.
ONDERTEKENING = "ondertekening"


@dataclass(frozen=True)
class Rubriek:
    """A section: key of the step, heading and (label, value) pairs. Values are text as the applicant knows them."""

    stap: str
    titel: str
    regels: tuple[tuple[str, str], ...]


def euro(bedrag: Any) -> str:
    """'€ 18.000' or '€ 18.000,50'; words for an amount that was not filled in."""
    return LEEG if bedrag is None else als_euro(bedrag)


def gevraagd_in_woorden(aanvraag: Aanvraag) -> str:
    """What is asked: '€ 18.000', or '3 plaatsen' where no money is asked."""
    return bedrag_of_stuks(aanvraag.gevraagd_bedrag, aanvraag.gevraagd_stuks, aanvraag)


def toegekend_in_woorden(aanvraag: Aanvraag) -> str:
    """What is granted, in the same words."""
    return bedrag_of_stuks(aanvraag.toegekend_bedrag, aanvraag.toegekend_stuks, aanvraag)


def bedrag_of_stuks(bedrag: Decimal | None, stuks: int | None, aanvraag: Aanvraag) -> str:
    """Euros where there are any, else the pieces in words."""
    if bedrag is None and stuks is not None:
        return in_woorden(stuks, aanvraag.tijdvak)
    return euro(bedrag)


def _tekst(waarde: Any) -> str:
    if waarde is None or waarde == "" or waarde == []:
        return LEEG
    if isinstance(waarde, bool):
        return "Ja" if waarde else "Nee"
    return str(waarde)


def _antwoord(soort: str, waarde: Any) -> str:
    """An answer as text; amounts are stored as text with a point, because JSON has no decimals."""
    if soort == "bedrag" and waarde not in (None, ""):
        try:
            return euro(Decimal(str(waarde)))
        except InvalidOperation:
            return str(waarde)
    return _tekst(waarde)


def rubrieken(aanvraag: Aanvraag) -> list[Rubriek]:
    """The sections of an application, in the order of the form; only what the scheme asks for."""
    spec, organisatie = aanvraag.tijdvak.spec, aanvraag.organisatie
    delen = [
        Rubriek(
            "organisatie",
            "Uw organisatie",
            (
                ("Naam", _tekst(organisatie.naam)),
                ("KvK-nummer", organisatie.kvk_nummer),
                ("Rechtsvorm", _tekst(organisatie.get_rechtsvorm_display())),
                (
                    "SBI-code",
                    " ".join(filter(None, [organisatie.sbi_code, f"({organisatie.sbi_versie})"]))
                    if organisatie.sbi_code
                    else LEEG,
                ),
                ("Aantal werkzame personen", _tekst(organisatie.werkzame_personen)),
                ("Jaar van de cijfers", _tekst(organisatie.omvang_jaar)),
                ("Jaaromzet", euro(organisatie.omzet)),
                ("Balanstotaal", euro(organisatie.balanstotaal)),
                *_groep(aanvraag),
                ("Publieke organisatie", _tekst(organisatie.publiek)),
                ("Adres", _adres(organisatie)),
                ("Provincie", _tekst(organisatie.provincie)),
                *_vestiging(aanvraag),
                ("Contactpersoon", _tekst(aanvraag.contactpersoon)),
                ("E-mailadres", _tekst(aanvraag.contact_email)),
                ("Telefoonnummer", _tekst(aanvraag.contact_telefoon)),
                ("Rekeningnummer (IBAN)", _tekst(aanvraag.iban)),
            ),
        ),
        Rubriek(
            "project",
            "Het project",
            (
                ("Titel", _tekst(aanvraag.titel)),
                ("Omschrijving", _tekst(aanvraag.omschrijving)),
                ("Begin", date_format(aanvraag.start_op, "j F Y") if aanvraag.start_op else LEEG),
                ("Einde", date_format(aanvraag.eind_op, "j F Y") if aanvraag.eind_op else LEEG),
            ),
        ),
    ]
    keuzes: list[tuple[str, str]] = []
    if spec.themas:
        gekozen = [rij.thema.naam for rij in aanvraag.gekozen_themas.select_related("thema").order_by("-hoofd", "id")]
        keuzes.append(("Thema's", ", ".join(gekozen) or LEEG))
    keuzes.append(("Doelen", ", ".join(str(Doel(code).label) for code in aanvraag.doelen) or LEEG))
    delen.append(Rubriek("themas", "Thema's en doelen", tuple(keuzes)))
    if nulmeting := _nulmeting(aanvraag):
        delen.append(Rubriek("nulmeting", "Waar staat u nu?", tuple(nulmeting)))
    vragen = [(vraag.tekst, _antwoord(vraag.soort, aanvraag.antwoorden.get(vraag.code))) for vraag in spec.vragen]
    if vragen:
        delen.append(Rubriek("vragen", "Vragen over het project", tuple(vragen)))
    if spec.subsidie.staatssteun == "de-minimis":
        delen.append(Rubriek("steun", "Eerdere steun", tuple(_steun(aanvraag))))
    if spec.adviseur.nodig or aanvraag.adviseur_id:
        delen.append(Rubriek("adviseur", "De adviseur", tuple(_adviseur(aanvraag))))
    groep = spec.aanvrager.consortium
    if groep is not None:
        delen.append(Rubriek("deelnemers", "Deelnemers", tuple(_deelnemers(aanvraag))))
    if spec.subsidie.vorm == "plaats":
        delen.append(Rubriek("plaatsen", "Plaatsen", (("Aantal plaatsen", _tekst(aanvraag.gevraagd_stuks)),)))
    elif groep is None or not groep.bedrag_per_deelnemer:  # else costs and amounts stand with the members
        delen.append(Rubriek("begroting", "Kosten en subsidie", tuple(_begroting(aanvraag))))
    if spec.bijlagen:
        delen.append(Rubriek("bijlagen", "Bijlagen", tuple(_bijlagen(aanvraag))))
    if spec.verklaringen:
        gegeven = dict(aanvraag.verklaringen.values_list("code", "akkoord"))
        delen.append(
            Rubriek(
                "verklaringen",
                "Verklaringen",
                tuple((v.tekst, "Akkoord" if gegeven.get(v.code) else LEEG) for v in spec.verklaringen),
            )
        )
    if aanvraag.ondertekenaar_naam:
        delen.append(Rubriek("ondertekening", "Ondertekening", tuple(_ondertekening(aanvraag))))
    return delen


def _nulmeting(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    """The baseline of each chosen objective, in the order of the scheme."""
    return [
        (
            f"{Doel(vraag.doel).label}: {vraag.tekst}",
            _meting(vraag, aanvraag.antwoorden.get(vraag.sleutel)),
        )
        for vraag in aanvraag.tijdvak.spec.nulmeting_voor(aanvraag.doelen)
    ]


def _meting(vraag: Nulmetingvraag, waarde: Any) -> str:
    if waarde in (None, ""):
        return LEEG
    if vraag.soort == "schaal":
        return f"{waarde} (op een schaal van 1 tot en met 5)"
    tekst = str(waarde).replace(".", ",") if vraag.soort == "getal" else str(waarde)
    return f"{tekst} {vraag.eenheid}".strip()


def _ondertekening(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    regels = [
        ("Naam", aanvraag.ondertekenaar_naam),
        ("Functie", _tekst(aanvraag.ondertekenaar_functie)),
    ]
    verklaring = aanvraag.verklaringen.filter(code=ONDERTEKENING).first()
    return [*regels, (verklaring.tekst, "Akkoord")] if verklaring else regels


def _adres(organisatie: Organisatie) -> str:
    plaats = f"{organisatie.postcode} {organisatie.plaats}".strip()
    return ", ".join(filter(None, [organisatie.straat, plaats])) or LEEG


def _vestiging(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    """The branch the application is for, where one was chosen."""
    if not aanvraag.vestigingsnummer:
        return []
    rij = aanvraag.organisatie.vestigingen.filter(nummer=aanvraag.vestigingsnummer).first()
    return [("Vestiging", f"{rij.naam}, {rij.plaats} ({rij.nummer})" if rij else aanvraag.vestigingsnummer)]


def _groep(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    """What was given about the size besides the own figures; only where the scheme looks at it."""
    spec, organisatie = aanvraag.tijdvak.spec, aanvraag.organisatie
    regels: list[tuple[str, str]] = []
    if spec.aanvrager.mkb and organisatie.omvang_vorig:
        regels.append(("Grootte in het jaar ervoor", str(organisatie.get_omvang_vorig_display())))
    if spec.aanvrager.mkb and organisatie.publiek_aandeel is not None:
        regels.append(("Aandeel van de overheid", _procent(organisatie.publiek_aandeel)))
    if spec.aanvrager.mkb or spec.subsidie.staatssteun == "de-minimis":
        for rij in organisatie.verbonden.select_related("via"):
            delen = [
                str(rij.get_relatie_display()),
                _procent(rij.percentage),
                f"via {rij.via.naam}" if rij.via else "",
                f"KvK {rij.kvk_nummer}" if rij.kvk_nummer else "",
                f"{rij.werkzame_personen} werkzame personen" if rij.werkzame_personen is not None else "",
                f"jaaromzet {als_euro(rij.omzet)}" if rij.omzet is not None else "",
                f"balanstotaal {als_euro(rij.balanstotaal)}" if rij.balanstotaal is not None else "",
                f"cijfers van {rij.jaar}" if rij.jaar else "",
            ]
            regels.append((f"Onderneming in de groep: {rij.naam}", ", ".join(filter(None, delen))))
    return regels


def _procent(getal: Decimal) -> str:
    return f"{getal.normalize():f} %".replace(".", ",")


def _steun(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    """The declaration of earlier de-minimis aid: lines, or one answer."""
    regels = [
        (f"{rij.onderneming}, {rij.verlener}, {date_format(rij.verleend_op, 'j F Y')}", euro(rij.bedrag))
        for rij in aanvraag.de_minimis.all()
    ]
    if regels:
        return regels
    eerder = aanvraag.antwoorden.get("de_minimis_eerder")
    return [("De-minimissteun in de afgelopen drie jaar", _antwoord("bedrag", eerder))]


def _adviseur(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    adviseur = aanvraag.adviseur
    regels = [
        ("Naam", adviseur.naam if adviseur else LEEG),
        ("E-mailadres", _tekst(adviseur.email if adviseur else "")),
    ]
    if adviseur and adviseur.bureau:
        regels.append(("Bureau", f"{adviseur.bureau.naam} (KvK {adviseur.bureau.kvk_nummer})"))
    if aanvraag.tijdvak.spec.adviseur.alternatieven:
        regels.append(("Gecertificeerd", _tekst(bool(adviseur and adviseur.gecertificeerd))))
    for nr, ref in enumerate(aanvraag.referenties.all(), 1):
        extra = [f"KvK {ref.kvk_nummer}" if ref.kvk_nummer else "", ref.telefoon]
        omschrijving = ", ".join(filter(None, [ref.organisatie, ref.contactpersoon, ref.email, *extra]))
        regels.append((f"Referentie {nr}", f"{omschrijving}: {ref.opdracht}" if ref.opdracht else omschrijving))
    return regels


def _begroting(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    namen = {soort.code: soort.naam for soort in aanvraag.tijdvak.spec.kostensoorten}
    regels = []
    for regel in aanvraag.begroting.all():
        uren = f" ({regel.aantal.normalize():f} uur" if regel.aantal else ""
        uren += f" à {euro(regel.tarief)})" if uren and regel.tarief else ")" if uren else ""
        regels.append(
            (f"{namen.get(regel.kostensoort, regel.kostensoort)}: {regel.omschrijving}{uren}", euro(regel.bedrag))
        )
    return [
        *regels,
        ("Kosten die meetellen", euro(aanvraag.kosten_totaal)),
        ("Gevraagd bedrag", euro(aanvraag.gevraagd_bedrag)),
    ]


def _deelnemers(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    """The members in order; with their own amounts where the scheme gives those, and then the sum."""
    eis = aanvraag.tijdvak.spec.aanvrager.consortium
    namen = {rol.code: rol.naam for rol in eis.rollen} if eis else {}
    regels = []
    for nr, rij in enumerate(aanvraag.deelnemers.all(), 1):
        delen = [f"{rij.naam} (KvK {rij.kvk_nummer})", namen.get(rij.rol, rij.rol)]
        if rij.kosten is not None:
            delen.append(f"kosten {euro(rij.kosten)}, gevraagd {euro(rij.bedrag)}")
        regels.append((f"Deelnemer {nr}", ", ".join(filter(None, delen))))
    if eis is not None and eis.bedrag_per_deelnemer:
        regels += [
            ("Kosten van alle deelnemers", euro(aanvraag.kosten_totaal)),
            ("Samen gevraagd", euro(aanvraag.gevraagd_bedrag)),
        ]
    return regels or [("Deelnemers", LEEG)]


def _bijlagen(aanvraag: Aanvraag) -> list[tuple[str, str]]:
    aanwezig = list(aanvraag.bijlagen.filter(verwijderd_op=None).select_related("bestand"))
    regels = []
    for spec in aanvraag.tijdvak.spec.bijlagen:
        if spec.bij == "aanvraag":
            eigen = [f"{b.bestand.naam} (SHA-256 {b.bestand.sha256})" for b in aanwezig if b.code == spec.code]
            regels.append((spec.naam, "\n".join(eigen) or LEEG))
    return regels


def naar_json(delen: list[Rubriek]) -> list[list[Any]]:
    """As plain lists, to be kept with the application as it was sent."""
    return [[deel.stap, deel.titel, [list(regel) for regel in deel.regels]] for deel in delen]


def verstuurde_rubrieken(aanvraag: Aanvraag) -> list[Rubriek]:
    """What was sent, word for word; for a draft what stands there now."""
    if not aanvraag.ingediende_inhoud:
        return rubrieken(aanvraag)
    return [
        Rubriek(stap, titel, tuple((label, waarde) for label, waarde in regels))
        for stap, titel, regels in aanvraag.ingediende_inhoud
    ]


def verstuurd_mailadres(aanvraag: Aanvraag) -> str:
    """The address of the contact as it was sent; what stands there now when no copy was kept (a historical file)."""
    waarde = _verstuurde_regels(aanvraag).get("E-mailadres", aanvraag.contact_email)
    return "" if waarde == LEEG else waarde


def adres_als_verstuurd(aanvraag: Aanvraag) -> bool:
    """Whether street and postcode of the organisation are still those of the copy, or no copy was kept."""
    organisatie, toen = aanvraag.organisatie, _verstuurde_regels(aanvraag).get("Adres")
    nu = ", ".join(filter(None, [organisatie.straat, organisatie.postcode]))
    return toen is None or toen.startswith(nu)


def _verstuurde_regels(aanvraag: Aanvraag) -> dict[str, str]:
    """Label → value of the section on the organisation and its contact; empty when no copy was kept."""
    return {
        label: waarde
        for stap, _titel, regels in aanvraag.ingediende_inhoud
        if stap == "organisatie"
        for label, waarde in regels
    }


def inhoud_sha256(delen: list[Rubriek]) -> str:
    """Digest over everything entered; printed on the receipt."""
    tekst = json.dumps(naar_json(delen), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(tekst.encode()).hexdigest()
