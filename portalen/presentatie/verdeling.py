"""How a round hands out its money, in plain Dutch, from the scheme (R31-R33, design 05)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beoordeling.selectors_behandelvolgorde import loot_vooraf
from portalen.presentatie.regelingtekst import Deel, getal, opsomming
from portalen.templatetags.stimulans import datum
from regeling.enums import Methode
from regeling.models import Tijdvak
from regeling.schema import Regelingspec, Tijdvakspec, Verdeling


def verdeling_uitleg(tijdvak: Tijdvak) -> list[Deel]:
    """The method of a round, with what happens when the money runs out and the reserve list."""
    regels, spec, eigen = tijdvak.verdeling, tijdvak.spec, tijdvak.tijdvakspec
    methode: Callable[[Verdeling, Regelingspec], list[Deel]] = {
        Methode.LOTING: _loting,
        Methode.VOLGORDE: _volgorde,
        Methode.RANGSCHIKKING: _rangschikking,
        Methode.GRIJZE_ZONE: _grijze_zone,
    }[Methode(regels.methode)]
    delen = methode(regels, spec)
    delen.append(Deel(_("Als het geld op is"), tuple(_op(regels))))
    delen.append(Deel(_("De reservelijst"), tuple(_reserve(regels, eigen))))
    if eigen.subplafonds:
        potten = [f"{pot.naam}" for pot in eigen.subplafonds]
        delen.append(
            Deel(
                _("Deelplafonds"),
                (
                    _("Een deel van het geld is apart gehouden voor: %(namen)s.") % {"namen": opsomming(potten)},
                    _(
                        "Wie bij zo’n deel hoort, krijgt alleen geld als het ook daarin past. Is een deel op, dan is "
                        "alleen dat deel dicht."
                    ),
                ),
            )
        )
    return delen


def korte_methode(tijdvak: Tijdvak) -> str:
    """One sentence for a list or summary."""
    if loot_vooraf(tijdvak):
        return _("Wij loten eerst en behandelen de aanvragen op volgorde van hun nummer, zolang er geld is.")
    return {
        Methode.LOTING: _("Wij verdelen het geld door loting onder alle aanvragen die voldoen."),
        Methode.VOLGORDE: _("Wij verdelen het geld op volgorde van binnenkomst."),
        Methode.RANGSCHIKKING: _("Een commissie geeft scores; de aanvragen met de hoogste scores krijgen het geld."),
        Methode.GRIJZE_ZONE: _("Een commissie geeft scores. Rond de grens loten wij."),
    }[Methode(tijdvak.methode)]


def _loting(v: Verdeling, spec: Regelingspec) -> list[Deel]:
    if v.wanneer == "na_toets":
        wie = _("Na de sluiting controleren wij alle aanvragen. Alle aanvragen die voldoen, doen mee aan de loting.")
    else:
        wie = _("Na de sluiting loten wij. De loting bepaalt in welke volgorde wij de aanvragen behandelen.")
    regels = [wie, _("Het maakt niet uit of u op de eerste of op de laatste dag aanvraagt.")]
    if v.eenheid_loting == "aanvrager":
        n = v.toekenningen_per_aanvrager or 1
        regels.append(
            ngettext(
                "Een aanvrager krijgt hoogstens %(n)d keer geld, ook met meer aanvragen.",
                "Een aanvrager krijgt hoogstens %(n)d keer geld, ook met meer aanvragen.", n,
            )
            % {"n": n}
        )  # fmt: skip
    else:
        regels.append(_("Elke aanvraag heeft dezelfde kans."))
    return [Deel(_("Zo werkt de loting"), tuple(regels)), Deel(_("Zo weet u dat het eerlijk gaat"), tuple(_eerlijk(v)))]


def _eerlijk(v: Verdeling) -> list[str]:
    wacht, (dagen, rest) = _("%(n)d uur") % {"n": v.bedenktijd_uren}, divmod(v.bedenktijd_uren, 24)
    if not rest:
        wacht += f" ({ngettext('%(n)d dag', '%(n)d dagen', dagen) % {'n': dagen}})"
    bronnen = {
        "notaris": _("een notaris die gooit met dobbelstenen"),
        "drand": _("een openbaar netwerk dat elke drie seconden een willekeurig getal bekendmaakt (drand)"),
    }
    return [
        _("Vóór de loting maken wij een lijst van alle aanvragen, zonder namen. De vingerafdruk van die lijst en van "
          "de regels maken wij openbaar. Daarna kan niemand er nog iets aan veranderen."),
        _("Daarna wachten wij minstens %(wacht)s.") % {"wacht": wacht},
        _("Pas dan wordt het toeval bepaald door: %(bronnen)s. Wij kunnen dat niet kiezen.")
        % {"bronnen": opsomming(bronnen[bron] for bron in v.bronnen)},
        _("Iedereen kan de loting narekenen met een programma van hoogstens 40 regels."),
    ]  # fmt: skip


def _volgorde(v: Verdeling, spec: Regelingspec) -> list[Deel]:
    regels = [
        _("Wie het eerst een complete aanvraag heeft, is het eerst aan de beurt."),
        _("Vult u uw aanvraag later aan? Dan telt het moment waarop de aanvulling binnen is."),
        _("Op de dag waarop het geld op raakt, loten wij onder de complete aanvragen van die dag.")
        if v.gelijke_rang == "loting"
        else _("Komen aanvragen op dezelfde dag binnen? Dan telt het tijdstip, tot op de seconde."),
    ]
    return [Deel(_("Zo werkt de volgorde"), tuple(regels))]


def _commissie(v: Verdeling, spec: Regelingspec) -> Deel:
    regels = [
        ngettext(
            "%(n)d beoordelaar leest uw aanvraag en geeft scores.",
            "%(n)d beoordelaars lezen uw aanvraag, los van elkaar, en geven scores.",
            v.beoordelaars,
        )
        % {"n": v.beoordelaars}
    ]
    for criterium in spec.criteria:
        tekst = _("%(naam)s telt voor %(gewicht)s%%.") % {
            "naam": criterium.naam,
            "gewicht": getal(criterium.gewicht),
        }
        if criterium.minimum is not None:
            tekst += " " + _("U haalt hier minstens een %(n)s (van 5).") % {"n": getal(criterium.minimum)}
        regels.append(tekst)
    if v.drempel is not None:
        regels.append(_("U haalt in totaal minstens %(n)s van de 100 punten.") % {"n": getal(v.drempel)})
    return Deel(_("Zo werkt de beoordeling"), tuple(regels))


def _rangschikking(v: Verdeling, spec: Regelingspec) -> list[Deel]:
    regels = [
        _("De aanvragen komen op volgorde van hun score. De hoogste score is het eerst aan de beurt."),
        _("Hebben aanvragen dezelfde score? Dan loten wij.")
        if v.gelijke_rang == "loting"
        else _("Hebben aanvragen dezelfde score? Dan gaat voor wie het eerst compleet was."),
    ]
    return [_commissie(v, spec), Deel(_("Zo werkt de volgorde"), tuple(regels))]


def _grijze_zone(v: Verdeling, spec: Regelingspec) -> list[Deel]:
    regels = [
        _("Aanvragen die duidelijk boven de grens scoren, krijgen geld. Wie er duidelijk onder scoort, niet."),
        _("Daartussen zeggen de scores te weinig: met andere beoordelaars had het anders kunnen uitvallen. Onder die "
          "aanvragen loten wij."),
    ]  # fmt: skip
    if v.zone_onder is not None and v.zone_boven is not None:
        regels.append(
            _("Een aanvraag zit daartussen als haar kans op een plek tussen %(onder)s%% en %(boven)s%% ligt.")
            % {"onder": getal(v.zone_onder * 100), "boven": getal(v.zone_boven * 100)}
        )
    return [
        _commissie(v, spec),
        Deel(_("Zo werkt de loting rond de grens"), tuple(regels)),
        Deel(_("Zo weet u dat het eerlijk gaat"), tuple(_eerlijk(v))),
    ]


def _op(v: Verdeling) -> list[str]:
    regels = {
        "STOP": [
            _("Wij gaan de lijst van boven naar beneden af. Elke aanvraag krijgt het hele bedrag."),
            _("Past een aanvraag niet meer helemaal? Dan stoppen wij. Ook een kleinere aanvraag die lager op de lijst "
              "staat, krijgt dan niets. Zo beslist alleen de plek op de lijst."),
        ],
        "SKIP": [
            _("Wij gaan de lijst van boven naar beneden af. Elke aanvraag krijgt het hele bedrag."),
            _("Past een aanvraag niet meer helemaal? Dan slaan wij die over en kijken wij naar de volgende."),
        ],
        "DEEL": [
            _("Wij gaan de lijst van boven naar beneden af."),
            _("Past een aanvraag niet meer helemaal? Dan krijgt die aanvraag wat er nog is. Daarna is het geld op."),
        ],
    }[v.regel]  # fmt: skip
    if v.restronde:
        regels.append(_("Is er daarna nog geld over uit een deelplafond? Dan verdelen wij dat in een tweede ronde."))
    return regels


def _reserve(v: Verdeling, eigen: Tijdvakspec) -> list[str]:
    if not v.reservelijst:
        return [_("Er is geen reservelijst.")]
    regels = [
        _("Wie net geen geld krijgt, komt op de reservelijst."),
        _("Komt er geld vrij, dan is de volgende op de lijst aan de beurt."),
    ]
    if v.reservelijst_maximum is not None:
        regels.append(_("Op de lijst staan hoogstens %(n)d aanvragen.") % {"n": v.reservelijst_maximum})
    if eigen.reservelijst_tot is not None:
        regels.append(_("De lijst geldt tot en met %(dag)s.") % {"dag": datum(eigen.reservelijst_tot)})
    return regels
