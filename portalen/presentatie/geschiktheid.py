"""The outcome of the qualification check in words: a reason per condition, its article, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.enums import Rechtsvorm, Toetsuitkomst
from aanvragen.geschiktheid import JA, NEE, ZELF, Oordeel, Uitslag
from portalen.presentatie import regelingtekst
from portalen.presentatie.regelingtekst import opsomming
from regeling.schema import Regelingspec


@dataclass(frozen=True)
class Regel:
    """One condition on the outcome page. ``vlag``: kind of status tag."""

    naam: str
    stand: str
    vlag: str
    reden: str
    doen: str
    artikel: str
    blad: str


def bladtitel(blad: str) -> str:
    """Heading of a page of questions."""
    return {
        "organisatie": _("Uw organisatie"),
        "omvang": _("Het aantal mensen"),
        "cijfers": _("De cijfers van uw organisatie"),
        "project": _("Het project"),
        "adviseur": _("De adviseur"),
    }[blad]


def bladuitleg(blad: str) -> str:
    """Why the page is asked; empty when that is clear."""
    return {
        "cijfers": _(
            "De regeling is voor kleinere ondernemingen. Daarvoor telt naast het aantal mensen ook de omzet of de "
            "balans. Een van de twee is genoeg."
        ),
    }.get(blad, "")


def kop(uitslag: Uitslag) -> tuple[str, str, str]:
    """Kind of alert, heading and sentence for the whole outcome."""
    teksten = {
        JA: (
            "ok",
            _("Ja, u lijkt in aanmerking te komen"),
            _("Uw antwoorden passen bij de voorwaarden die wij hier vragen. Wij beslissen pas na uw aanvraag."),
        ),
        NEE: (
            "warning",
            _("Nee, u lijkt niet in aanmerking te komen"),
            _("Minstens één antwoord past niet bij de voorwaarden. U mag altijd een aanvraag doen; wij beslissen dan."),
        ),
        ZELF: (
            "info",
            _("Misschien: dit hangt van een paar dingen af"),
            _("Hieronder staat wat u nog moet nagaan. Daarna weet u of u aan deze voorwaarden voldoet."),
        ),
    }
    return teksten[uitslag.uitkomst]


def regels(spec: Regelingspec, uitslag: Uitslag) -> list[Regel]:
    """The conditions, first what stands in the way, then what is not known, then what is fine."""
    volgorde = [NEE, ZELF, JA]
    gesorteerd = sorted(uitslag.oordelen, key=lambda oordeel: volgorde.index(oordeel.uitkomst))
    return [_regel(spec, oordeel) for oordeel in gesorteerd]


def _regel(spec: Regelingspec, oordeel: Oordeel) -> Regel:
    stand, vlag = {
        JA: (_("Voldoet"), "ok"),
        NEE: (_("Voldoet niet"), "error"),
        ZELF: (_("Nog niet zeker"), "warning"),
    }[oordeel.uitkomst]
    reden, doen = _woorden(spec, oordeel.code, oordeel.uitkomst)
    artikel = _("de regeling %(naam)s") % {"naam": spec.regeling.naam} if oordeel.artikel == "de regeling" else (
        oordeel.artikel
    )  # fmt: skip
    return Regel(_naam(oordeel.code), stand, vlag, reden, doen, artikel, oordeel.blad)


def _naam(code: str) -> str:
    return {
        "wie": _("Wie aanvraagt"),
        "rechtsvorm": _("Rechtsvorm"),
        "provincie": _("Provincie"),
        "sector": _("Sector"),
        "werkzame_personen": _("Aantal mensen"),
        "mkb": _("Grootte van de onderneming"),
        "duur": _("Begin van het project"),
        "andere_eu": _("Ander geld van de Europese Unie"),
        "adviseur": _("Adviseur"),
        "onafhankelijk": _("Adviseur staat los van u"),
        "referenties": _("Referenties van de adviseur"),
    }[code]


def _woorden(spec: Regelingspec, code: str, uitkomst: Toetsuitkomst) -> tuple[str, str]:
    """Reason, and what to do (empty when there is nothing to do)."""
    eis = _eis(spec, code)
    if uitkomst == JA:
        return eis, ""
    if uitkomst == NEE:
        return eis + " " + _("Uw antwoord past daar niet bij."), _doen(spec, code)
    return eis + " " + _nagaan(code), ""


def _eis(spec: Regelingspec, code: str) -> str:
    """The condition itself, in the words of the page of the scheme."""
    aanvrager, wie = spec.aanvrager, regelingtekst.wie(spec)
    if code == "wie":
        return wie[0]
    if code == "mkb":
        return wie[1]
    if code == "werkzame_personen":
        return _("Er werken minstens %(n)d mensen bij u.") % {"n": aanvrager.werkzame_personen_min}
    if code == "rechtsvorm":
        namen = [str(Rechtsvorm(vorm).label) for vorm in aanvrager.rechtsvormen]
        return _("Uw rechtsvorm is %(namen)s.") % {"namen": opsomming(namen, _("of"))}
    if code == "provincie":
        return _("U zit in %(namen)s.") % {"namen": opsomming(aanvrager.provincies, _("of"))}
    if code == "sector":
        return " ".join(regel for regel in wie if "SBI" in regel)
    return {
        "duur": _("Het project begint pas na ons besluit. Wat u eerder doet, vergoeden wij niet."),
        "andere_eu": _("In het project zit geen ander geld van de Europese Unie."),
        "adviseur": _("U werkt met een adviseur van buiten uw organisatie."),
        "onafhankelijk": _("De adviseur is niet bij u in dienst en heeft niets over uw organisatie te zeggen."),
        "referenties": ngettext(
            "De adviseur heeft %(n)d referentie: een eerdere opdrachtgever die het werk kan bevestigen.",
            "De adviseur heeft %(n)d referenties: eerdere opdrachtgevers die het werk kunnen bevestigen.",
            spec.adviseur.referenties,
        )
        % {"n": spec.adviseur.referenties},
    }[code]


def _doen(spec: Regelingspec, code: str) -> str:
    return {
        "wie": _("Vraag aan voor een organisatie met een KvK-nummer. Werkt u ergens? Vraag het uw werkgever."),
        "rechtsvorm": _("Bekijk of een andere regeling beter past."),
        "provincie": _("Bekijk of een andere regeling beter past."),
        "sector": _("Bekijk of een andere regeling beter past."),
        "werkzame_personen": _("Bekijk of een andere regeling beter past."),
        "mkb": _("Klopt uw antwoord, met verbonden bedrijven erbij? Bekijk dan of een andere regeling beter past."),
        "duur": _("Vraag aan voor een project of een deel dat nog niet is begonnen."),
        "andere_eu": _("Haal het andere Europese geld uit het project, of vraag aan voor een ander project."),
        "adviseur": _("Zoek een adviseur voordat u aanvraagt."),
        "onafhankelijk": _("Kies een adviseur die niet bij u werkt en geen zeggenschap in uw organisatie heeft."),
        "referenties": _("Vraag de adviseur om eerdere opdrachtgevers, of kies een andere adviseur."),
    }[code]


def _nagaan(code: str) -> str:
    return {
        "wie": _("Of dat bij u zo is, kunnen wij hier niet zeggen. Neem contact met ons op als u twijfelt."),
        "rechtsvorm": _("Zoek uw rechtsvorm op. Die staat op uw uittreksel van de Kamer van Koophandel."),
        "provincie": _("Ga na in welke provincie uw organisatie is ingeschreven."),
        "sector": _("Zoek uw SBI-code op. Die staat op uw uittreksel van de Kamer van Koophandel."),
        "werkzame_personen": _("Tel hoeveel mensen er bij u werken."),
        "mkb": _("Zoek uw jaaromzet en balanstotaal op, en tel verbonden bedrijven mee."),
        "duur": _("Ga na wanneer het project begint."),
        "andere_eu": _("Ga na wie er aan het project meebetaalt."),
        "adviseur": _("U hebt de naam van de adviseur nodig als u aanvraagt."),
        "onafhankelijk": _("Vraag dit na bij de adviseur."),
        "referenties": _("Vraag dit na bij de adviseur. Wij controleren het later."),
    }[code]


def niet_gevraagd(spec: Regelingspec) -> list[str]:
    """Conditions that this check leaves out, so that nobody takes its "yes" for all there is."""
    rest = []
    if spec.subsidie.staatssteun == "de-minimis":
        rest.append(_("Hoeveel de-minimissteun u de afgelopen drie jaar kreeg."))
    if spec.definitie is not None:
        rest.append(_("Of uw project past bij wat de regeling sociale innovatie noemt."))
    if spec.subsidie.kosten_minimum is not None or spec.subsidie.eigen_bijdrage_minimum is not None:
        rest.append(_("Of de kosten van het project hoog genoeg zijn."))
    if spec.project.duur_minimum_maanden is not None or spec.project.duur_maximum_maanden is not None:
        rest.append(_("Hoe lang het project duurt."))
    if spec.aanvrager.aanvragen_per_aanvrager is not None:
        rest.append(_("Of uw organisatie in dit tijdvak al een aanvraag deed."))
    return [*rest, _("Of er genoeg geld is voor uw aanvraag.")]
