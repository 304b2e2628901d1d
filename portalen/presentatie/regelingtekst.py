"""A scheme in plain Dutch: who, how much, what is needed. Every sentence follows from the scheme file.

Each function gives a list of sentences; an empty list means that the scheme asks nothing of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aanvragen.enums import Rechtsvorm
from portalen.templatetags.stimulans import datum, euro
from regeling.enums import Doel
from regeling.schema import Regelingspec
from regeling.schema_delen import Bijlagespec, Kostensoort

_EENHEDEN = {"d": ("dag", "dagen"), "w": ("week", "weken"), "m": ("maand", "maanden")}


@dataclass(frozen=True)
class Deel:
    """A part of the page: heading and sentences."""

    kop: str
    regels: tuple[str, ...]


def opsomming(woorden: Iterable[str], slot: str = "") -> str:
    """'a, b en c'."""
    lijst = list(woorden)
    if len(lijst) < 2:
        return "".join(lijst)
    return f"{', '.join(lijst[:-1])} {slot or _('en')} {lijst[-1]}"


def getal(waarde: Decimal) -> str:
    """A percentage or number without trailing zeros, with a comma."""
    return f"{waarde.normalize():f}".replace(".", ",")


def duur(code: str) -> str:
    """'13w' becomes '13 weken'."""
    aantal, (enkel, meer) = int(code[:-1]), _EENHEDEN[code[-1]]
    return f"{aantal} {enkel if aantal == 1 else meer}"


def wie(spec: Regelingspec) -> list[str]:
    """Who may apply."""
    eis = spec.aanvrager
    soorten = {
        "onderneming": _("U vraagt aan voor een onderneming."),
        "arbeidsorganisatie": _("U vraagt aan voor een organisatie waar mensen werken: een bedrijf of een instelling."),
        "consortium": _("U vraagt aan voor een groep organisaties die samenwerken."),
        "werknemers": _("U vraagt aan als werknemer, alleen of met collega’s."),
    }
    regels = [soorten[eis.soort]]
    if eis.mkb:
        regels.append(_mkb(eis.mkb_klassen or ("micro", "klein", "middelgroot")))
    if eis.werkzame_personen_min:
        regels.append(
            ngettext(
                "Er werkt minstens %(n)d persoon bij u.", "Er werken minstens %(n)d personen bij u.",
                eis.werkzame_personen_min,
            )
            % {"n": eis.werkzame_personen_min}
        )  # fmt: skip
    if eis.rechtsvormen:
        namen = [str(Rechtsvorm(code).label) for code in eis.rechtsvormen]
        regels.append(_("Uw rechtsvorm is %(namen)s.") % {"namen": opsomming(namen, _("of"))})
    if eis.provincies:
        regels.append(_("U zit in %(namen)s.") % {"namen": opsomming(eis.provincies, _("of"))})
    if eis.sectoren is not None and eis.sectoren.toegestaan:
        regels.append(
            _("Uw SBI-code begint met %(codes)s (%(versie)s).")
            % {"codes": opsomming(eis.sectoren.toegestaan, _("of")), "versie": eis.sectoren.versie}
        )
    if eis.sectoren is not None and eis.sectoren.uitgesloten:
        regels.append(
            _("Uw SBI-code begint niet met %(codes)s (%(versie)s).")
            % {"codes": opsomming(eis.sectoren.uitgesloten, _("of")), "versie": eis.sectoren.versie}
        )
    if eis.consortium is not None:
        regels.append(_("De groep heeft minstens %(n)d deelnemers.") % {"n": eis.consortium.min})
    if eis.aanvragen_per_aanvrager is not None:
        regels.append(
            ngettext(
                "Per aanvrager telt %(n)d aanvraag mee.", "Per aanvrager tellen %(n)d aanvragen mee.",
                eis.aanvragen_per_aanvrager,
            )
            % {"n": eis.aanvragen_per_aanvrager}
        )  # fmt: skip
    return regels


def _mkb(klassen: tuple[str, ...]) -> str:
    grenzen = {"micro": (10, 2, 2), "klein": (50, 10, 10), "middelgroot": (250, 50, 43)}
    hoogste = max(klassen, key=lambda klasse: grenzen[klasse][0])
    personen, omzet, balans = grenzen[hoogste]
    tekst = _(
        "Uw onderneming hoort bij het mkb: er werken minder dan %(personen)d personen, en de jaaromzet is hoogstens "
        "€ %(omzet)d miljoen of het balanstotaal is hoogstens € %(balans)d miljoen. Tel verbonden bedrijven mee."
    ) % {"personen": personen, "omzet": omzet, "balans": balans}
    if set(klassen) != {klasse for klasse, grens in grenzen.items() if grens[0] <= personen}:
        tekst += " " + _("De regeling is voor deze klassen: %(namen)s.") % {"namen": opsomming(klassen)}
    return tekst


def bedragen(spec: Regelingspec) -> list[str]:
    """What one gets and pays."""
    regel = spec.subsidie
    per = {"aanvraag": _("per aanvraag"), "deelnemer": _("per deelnemer")}[regel.per]
    regels = []
    if regel.vast_bedrag is not None:
        regels.append(_("U krijgt een vast bedrag van %(bedrag)s %(per)s.") % _geld(regel.vast_bedrag, per))
    if regel.percentage is not None:
        regels.append(_("Wij vergoeden %(procent)s%% van de kosten.") % {"procent": getal(regel.percentage)})
    if regel.maximum is not None:
        regels.append(_("U krijgt hoogstens %(bedrag)s %(per)s.") % _geld(regel.maximum, per))
    if regel.minimum:
        regels.append(_("De subsidie is minstens %(bedrag)s %(per)s.") % _geld(regel.minimum, per))
    if regel.kosten_minimum:
        regels.append(_("De kosten van uw project zijn minstens %(bedrag)s.") % _geld(regel.kosten_minimum))
    if regel.kosten_maximum is not None:
        regels.append(_("Kosten boven %(bedrag)s tellen niet mee.") % _geld(regel.kosten_maximum))
    if regel.eigen_bijdrage_minimum:
        regels.append(_("U betaalt zelf minstens %(bedrag)s.") % _geld(regel.eigen_bijdrage_minimum))
    if regel.voorschot_percentage:
        regels.append(
            _("Vooraf betalen wij %(procent)s%% van de subsidie.") % {"procent": getal(regel.voorschot_percentage)}
        )
    elif regel.vorm != "plaats":
        regels.append(_("U krijgt geen voorschot. Wij betalen na afloop, als u de kosten hebt gedeclareerd."))
    if regel.voucher_geldig_maanden:
        regels.append(_("De voucher is %(n)d maanden geldig na het besluit.") % {"n": regel.voucher_geldig_maanden})
    if regel.staatssteun == "de-minimis":
        regels.append(
            _(
                "De subsidie is de-minimissteun. In drie jaar mag uw onderneming, samen met verbonden bedrijven, "
                "hoogstens %(bedrag)s aan zulke steun krijgen."
            )
            % _geld(regel.de_minimis_maximum or Decimal(300_000))
        )
    return regels


def _geld(bedrag: Decimal, per: str = "") -> dict[str, str]:
    return {"bedrag": euro(bedrag), "per": per}


def kosten(spec: Regelingspec) -> list[str]:
    """Which costs count."""
    return [kostensoort_tekst(soort) for soort in spec.kostensoorten]


def kostensoort_tekst(soort: Kostensoort) -> str:
    delen = [f"{soort.naam}."]
    if soort.uitleg:
        delen.append(" ".join(soort.uitleg.split()))
    if soort.uurtarief_maximum is not None:
        delen.append(_("Een uur telt mee tot %(bedrag)s.") % {"bedrag": euro(soort.uurtarief_maximum)})
    if soort.aandeel_maximum is not None:
        delen.append(_("Dit is hoogstens %(procent)s%% van alle kosten.") % {"procent": getal(soort.aandeel_maximum)})
    delen.append(_("Bedragen met btw.") if soort.btw == "inclusief" else _("Bedragen zonder btw."))
    return " ".join(delen)


def adviseur(spec: Regelingspec) -> list[str]:
    """What the adviser must be."""
    eis = spec.adviseur
    if not eis.nodig:
        return []
    regels = [_("U werkt met een adviseur van buiten uw organisatie.")]
    if eis.natuurlijk_persoon:
        regels.append(_("U noemt de persoon die het werk doet, niet alleen het bureau."))
    if eis.onafhankelijk:
        regels.append(_("De adviseur is niet bij u in dienst en heeft niets over uw organisatie te zeggen."))
    if eis.referenties:
        tekst = ngettext(
            "De adviseur heeft %(n)d referentie: een eerdere opdrachtgever die het werk kan bevestigen.",
            "De adviseur heeft %(n)d referenties: eerdere opdrachtgevers die het werk kunnen bevestigen.",
            eis.referenties,
        ) % {"n": eis.referenties}
        if eis.verschillende_opdrachtgevers and eis.referenties > 1:
            tekst += " " + _("Het zijn verschillende opdrachtgevers.")
        regels.append(tekst)
    if eis.alternatieven:
        regels.append(
            _("In plaats van referenties mag ook: %(lijst)s.") % {"lijst": opsomming(eis.alternatieven, _("of"))}
        )
    return regels


def project(spec: Regelingspec) -> list[str]:
    """What the project must be."""
    eis = spec.project
    regels = []
    if eis.duur_minimum_maanden is not None:
        regels.append(_("Het project duurt minstens %(n)d maanden.") % {"n": eis.duur_minimum_maanden})
    if eis.duur_maximum_maanden is not None:
        regels.append(_("Het project duurt hoogstens %(n)d maanden.") % {"n": eis.duur_maximum_maanden})
    if eis.start_na_besluit:
        regels.append(_("Het project begint pas na ons besluit. Wat u eerder doet, vergoeden wij niet."))
    if eis.start_uiterlijk_weken is not None:
        regels.append(_("Het project begint binnen %(n)d weken na ons besluit.") % {"n": eis.start_uiterlijk_weken})
    if not eis.andere_eu_middelen:
        regels.append(_("In het project zit geen ander geld van de Europese Unie."))
    if eis.eindproduct:
        regels.append(_("Het project levert dit op: %(tekst)s") % {"tekst": " ".join(eis.eindproduct.split())})
    if spec.themas:
        regels.append(themakeuze(spec))
    if spec.doelen.maximum:
        regels.append(doelkeuze(spec))
    return regels


def themakeuze(spec: Regelingspec) -> str:
    namen = opsomming((thema.naam for thema in spec.themas), _("of"))
    aantal = _van_tot(spec.themakeuze.minimum, min(spec.themakeuze.maximum or len(spec.themas), len(spec.themas)))
    return _("U kiest %(aantal)s: %(namen)s.") % {"aantal": aantal % {"wat": _("thema’s")}, "namen": namen}


def doelkeuze(spec: Regelingspec) -> str:
    namen = opsomming((str(doel.label).lower() for doel in Doel), _("of"))
    aantal = _van_tot(spec.doelen.minimum, spec.doelen.maximum)
    return _("U kiest %(aantal)s: %(namen)s.") % {"aantal": aantal % {"wat": _("doelen")}, "namen": namen}


def _van_tot(minimum: int, maximum: int) -> str:
    if minimum == maximum:
        return f"{minimum} %(wat)s"
    if not minimum:
        return _("hoogstens %(n)d") % {"n": maximum} + " %(wat)s"
    return _("%(van)d tot en met %(tot)d") % {"van": minimum, "tot": maximum} + " %(wat)s"


def bijlagen(spec: Regelingspec, bij: str = "aanvraag") -> list[str]:
    """Attachments asked at this moment: 'aanvraag', 'declaratie' or 'vaststelling'."""
    return [
        (bijlage.naam if bijlage.verplicht else _("%(naam)s (niet verplicht)") % {"naam": bijlage.naam})
        + f". {bijlage_eisen(bijlage)}"
        for bijlage in spec.bijlagen
        if bijlage.bij == bij
    ]


def bijlage_eisen(bijlage: Bijlagespec, *, meer: bool = True) -> str:
    """``meer``: more than one file can be sent here."""
    soorten = opsomming((soort.upper() for soort in bijlage.soorten), _("of"))
    eisen = _("%(soorten)s, hoogstens %(mb)d MB.") % {"soorten": soorten, "mb": bijlage.maximum_mb}
    if meer and bijlage.aantal_maximum > 1:
        eisen += " " + _("U kunt %(n)d bestanden sturen.") % {"n": bijlage.aantal_maximum}
    return eisen


def klaarleggen(spec: Regelingspec) -> list[str]:
    """What to have at hand before beginning."""
    regels = [_("Uw KvK-nummer en het aantal mensen dat bij u werkt.")]
    if spec.aanvrager.mkb:
        regels.append(_("Uw jaaromzet en balanstotaal van het laatste boekjaar."))
    if spec.adviseur.nodig:
        regels.append(_("De naam en het e-mailadres van uw adviseur, en het KvK-nummer van het bureau."))
    if spec.adviseur.referenties:
        regels.append(
            ngettext(
                "Van %(n)d eerdere opdrachtgever van de adviseur: naam, contactpersoon en e-mailadres.",
                "Van %(n)d eerdere opdrachtgevers van de adviseur: naam, contactpersoon en e-mailadres.",
                spec.adviseur.referenties,
            )
            % {"n": spec.adviseur.referenties}
        )
    if spec.subsidie.vorm == "plaats":
        regels.append(_("Hoeveel mensen u wilt laten meedoen."))
    else:
        regels.append(_("De kosten van het project."))
    if spec.subsidie.staatssteun == "de-minimis":
        regels.append(_("Hoeveel de-minimissteun uw onderneming in de afgelopen drie jaar kreeg."))
    return regels + bijlagen(spec)


def termijnen(spec: Regelingspec) -> list[str]:
    """What happens when, after sending."""
    namen = {
        "beslissing": _("U krijgt een besluit binnen %(duur)s."),
        "aanvulling": _("Mist er iets? Dan krijgt u %(duur)s om uw aanvraag aan te vullen."),
        "declaratie": _("Na het einde van het project hebt u %(duur)s om de kosten te declareren."),
        "vaststelling": _("Daarna stellen wij het eindbedrag vast binnen %(duur)s."),
        "betaling": _("Wij betalen binnen %(duur)s na de vaststelling."),
        "bezwaar": _("Bent u het niet eens met een besluit? Dan kunt u binnen %(duur)s bezwaar maken."),
    }
    return [namen[t.code] % {"duur": duur(t.duur)} for code in namen for t in spec.termijnen if t.code == code]


def voorwaarden(spec: Regelingspec) -> list[Deel]:
    """All conditions, in the order of the page; parts without sentences are left out."""
    delen = [
        (_("Wat krijgt u?"), bedragen(spec)),
        (_("Welke kosten tellen mee?"), kosten(spec)),
        (_("Wat zijn de eisen aan het project?"), project(spec)),
        (_("Wat zijn de eisen aan de adviseur?"), adviseur(spec)),
        (_("Wat verklaart u?"), [" ".join(verklaring.tekst.split()) for verklaring in spec.verklaringen]),
        (_("Wat vragen wij bij de declaratie?"), bijlagen(spec, "declaratie")),
    ]
    return [Deel(kop, tuple(regels)) for kop, regels in delen if regels]


def geldigheid(spec: Regelingspec) -> str:
    regel = spec.regeling
    if regel.vervaldatum is None:
        return _("De regeling geldt vanaf %(van)s.") % {"van": datum(regel.geldig_vanaf)}
    return _("De regeling geldt vanaf %(van)s en vervalt op %(tot)s.") % {
        "van": datum(regel.geldig_vanaf),
        "tot": datum(regel.vervaldatum),
    }
