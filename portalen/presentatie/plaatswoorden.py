"""A draw in words: the order, the money at a turn, and what changed afterwards, as blocks of a document.

The same blocks stand on the pages and in the PDF. What is here is public: label, amounts and lots are in the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beoordeling.enums import Mutatiesoort
from beoordeling.loting.uitleg import MUTATIE, REST, Beurt, Gebeurtenis, Uitleg
from beoordeling.loting.vormen import STER, Uitkomst
from beoordeling.loting.vormen import Mutatie as Regel
from beoordeling.models import Mutatie
from kern.document import Alinea, Blok, Lijst, Samenvatting, Tabel, Tekst, code
from portalen.templatetags.stimulans import datum, getal
from regeling.enums import Methode
from regeling.models import Tijdvak
from regeling.ruimte import in_woorden, uit_delen


@dataclass(frozen=True)
class Woorden:
    """How a round says amounts and pots. ``momenten``: number of a mutation → its row, for the date."""

    tijdvak: Tijdvak
    mutaties: Sequence[Mutatie] = field(default_factory=tuple)

    @cached_property
    def potnamen(self) -> dict[str, str]:
        return {plafond.code: plafond.naam for plafond in self.tijdvak.plafonds.all()}

    def bedrag(self, delen: int) -> str:
        """'€ 1.000' or '3 vouchers' from the whole number of the files; below zero after an upheld objection."""
        woorden = in_woorden(uit_delen(abs(delen), self.tijdvak), self.tijdvak)
        return woorden if delen >= 0 else f"-{woorden}"

    def pot(self, pot: str) -> str:
        return _("Het hele plafond") if pot == STER else self.potnamen.get(pot, pot)

    def uitkomst(self, uitkomst: Uitkomst) -> str:
        """What a word of the result means."""
        if isinstance(uitkomst, int):
            return _("toegewezen: %(bedrag)s") % {"bedrag": self.bedrag(uitkomst)}
        return {
            "RESERVE": _("reserve: er was geen ruimte"),
            "GROEP": _("de aanvrager had al een toekenning"),
            "UIT": _("deed niet mee met de verdeling"),
            "INGETROKKEN": _("ingetrokken"),
        }[uitkomst]

    def op(self, nr: int) -> str:
        return next((datum(m.op) for m in self.mutaties if m.nr == nr), "")


def regel_in_woorden(regel: str) -> str:
    """What happens when a request does not fit."""
    return {
        "STOP": _(
            "STOP: past een aanvraag niet, dan krijgt zij niets en gaan de potten dicht die te weinig hebben. Wie "
            "daarna uit zo’n pot vraagt, krijgt ook niets, ook als het bedrag kleiner is."
        ),
        "SKIP": _("SKIP: past een aanvraag niet, dan krijgt zij niets en gaat de beurt naar de volgende."),
        "DEEL": _(
            "DEEL: past een aanvraag niet helemaal, dan krijgt zij wat er nog is. Daarna gaan de potten dicht die te "
            "weinig hadden."
        ),
    }[regel]


def kort(uitleg: Uitleg, w: Woorden) -> list[Blok]:
    """The whole story in a few sentences."""
    zinnen = [
        _("De aanvraag %(kenmerk)s kwam op plaats %(plaats)s van %(aantal)s. Gevraagd is %(bedrag)s.")
        % {
            "kenmerk": uitleg.kenmerk,
            "plaats": getal(uitleg.plaats),
            "aantal": getal(uitleg.aantal),
            "bedrag": w.bedrag(uitleg.gevraagd),
        }
    ]
    if uitleg.uitgesloten:
        zinnen.append(_("Op het moment van de loting deed zij niet meer mee, want zij was ingetrokken of afgewezen."))
    zinnen += [_beurtzin(beurt, uitleg.gevraagd, w) for beurt in uitleg.beurten]
    zinnen.append(_("Uitkomst van de verdeling: %(wat)s.") % {"wat": w.uitkomst(uitleg.eerste)})
    if uitleg.uitkomst != uitleg.eerste:
        zinnen.append(
            _("Daarna is dat veranderd. Volgens het logboek is het nu: %(wat)s.") % {"wat": w.uitkomst(uitleg.uitkomst)}
        )
    return [Alinea(" ".join(zinnen))]


def _beurtzin(beurt: Beurt, gevraagd: int, w: Woorden) -> str:
    """What decided at a turn."""
    begin = _("In de tweede ronde, waarin alleen het hele plafond telt: ") if beurt.soort == REST else ""
    if beurt.uitkomst == "GROEP":
        zin = ngettext(
            "Toen zij aan de beurt was, had de aanvrager al %(n)d toekenning. Meer mag niet.",
            "Toen zij aan de beurt was, had de aanvrager al %(n)d toekenningen. Meer mag niet.",
            beurt.toegekend_in_groep,
        ) % {"n": beurt.toegekend_in_groep}
    elif beurt.dicht:
        pot, sluiting = next(iter(beurt.dicht.items()))
        zin = _(
            "Toen zij aan de beurt was, was deze pot al dicht: %(pot)s. Die ging dicht bij plaats %(plaats)s "
            "(%(kenmerk)s): daar werd %(gevraagd)s gevraagd, en er was nog %(over)s."
        ) % {
            "pot": w.pot(pot).lower(),
            "plaats": getal(sluiting.plaats),
            "kenmerk": sluiting.kenmerk,
            "gevraagd": w.bedrag(sluiting.gevraagd),
            "over": w.bedrag(sluiting.over),
        }
    else:
        over = {"over": w.bedrag(beurt.kleinste), "gevraagd": w.bedrag(gevraagd)}
        past = beurt.kleinste >= gevraagd
        zin = (
            _("Toen zij aan de beurt was, was er nog %(over)s. Dat was genoeg.") % over
            if past
            else _("Toen zij aan de beurt was, was er nog %(over)s. Gevraagd was %(gevraagd)s. Dat paste niet.") % over
        )
    return begin + zin


def volgorde(uitleg: Uitleg, w: Woorden) -> list[Blok]:
    """The place in the order: rank, lot, neighbours."""
    regels: list[tuple[str, Tekst]] = [
        (_("Plaats"), _("%(n)s van %(aantal)s") % {"n": getal(uitleg.plaats), "aantal": getal(uitleg.aantal)})
    ]
    if uitleg.gelijk < uitleg.aantal:
        regels.append((_("Rang op de lijst"), rang_in_woorden(uitleg.rang, w.tijdvak)))
        regels.append(
            (
                _("Aanvragen met dezelfde rang"),
                _("%(n)s; deze is daarin nummer %(plaats)s")
                % {"n": getal(uitleg.gelijk), "plaats": getal(uitleg.plaats_in_gelijk)},
            )
        )
    regels.append((_("Lot van deze aanvraag"), code(uitleg.lot)))
    for buur in uitleg.buren:
        wat = _("Lot van wie ervoor staat") if buur.plaats < uitleg.plaats else _("Lot van wie erna komt")
        regels.append((wat, (f"{buur.kenmerk}: ", code(buur.lot))))
    zin = (
        _("Alle aanvragen staan op volgorde van hun lot: het laagste lot is het eerst aan de beurt.")
        if uitleg.gelijk == uitleg.aantal
        else _("De aanvragen staan op volgorde van hun rang. Bij een gelijke rang gaat het laagste lot voor.")
    )
    return [Alinea(zin), Samenvatting(tuple(regels))]


def rang_in_woorden(rang: str, tijdvak: Tijdvak) -> str:
    """The rank as the list has it, with what it means for the method of the round."""
    if tijdvak.methode == Methode.RANGSCHIKKING:
        betekenis = _("score %(score)s") % {"score": f"{int(rang) // 100},{int(rang) % 100:02d}"}
    elif tijdvak.methode == Methode.VOLGORDE and len(rang) == 14:
        dag, nr = f"{rang[6:8]}-{rang[4:6]}-{rang[:4]}", int(rang[8:])
        betekenis = _("dag %(dag)s, nummer %(nr)s in de loting van die dag") if nr else _("dag %(dag)s, zonder loting")
        betekenis %= {"dag": dag, "nr": getal(nr)}
    elif tijdvak.methode == Methode.VOLGORDE and len(rang) > 14:
        betekenis = _("compleet op %(dag)s om %(tijd)s uur") % {
            "dag": f"{rang[6:8]}-{rang[4:6]}-{rang[:4]}",
            "tijd": f"{rang[8:10]}:{rang[10:12]}:{rang[12:14]}",
        }
    elif tijdvak.methode == Methode.GRIJZE_ZONE:
        betekenis = _("toegewezen op score") if rang.startswith("1") else _("in de loting rond de grens")
    else:
        return rang
    return f"{rang} ({betekenis})"


def geld(uitleg: Uitleg, w: Woorden) -> list[Blok]:
    """How the money stood at each turn, per pot, and the rule."""
    protocol = uitleg.uitslag.protocol
    blokken: list[Blok] = [
        Alinea(
            _("Te verdelen was %(bedrag)s. De regel: %(regel)s")
            % {"bedrag": w.bedrag(protocol.plafond_cent), "regel": regel_in_woorden(protocol.regel)}
        )
    ]
    begin = {STER: protocol.plafond_cent, **protocol.potten}
    for nr, beurt in enumerate(uitleg.beurten, 1):
        kop = _("De stand bij beurt %(nr)d") % {"nr": nr} if len(uitleg.beurten) > 1 else _("De stand bij deze beurt")
        blokken.append(_stand(beurt, uitleg.gevraagd, w, kop, begin))
    if not uitleg.beurten:
        blokken.append(Alinea(_("Deze aanvraag deed niet mee met de verdeling en kreeg dus geen beurt.")))
    for buur, zin in (
        (uitleg.laatste, _("De laatste toegewezen aanvraag staat op plaats %(plaats)s (%(kenmerk)s).")),
        (uitleg.eerste_niet, _("De eerste waarvoor geen ruimte was, staat op plaats %(plaats)s (%(kenmerk)s).")),
    ):
        if buur is not None:
            blokken.append(Alinea(zin % {"plaats": getal(buur.plaats), "kenmerk": buur.kenmerk}))
    return blokken


def _stand(beurt: Beurt, gevraagd: int, w: Woorden, kop: str, begin: Mapping[str, int] | None = None) -> Tabel:
    rijen: list[tuple[Tekst, ...]] = []
    for pot, over in beurt.ruimte.items():
        if pot in beurt.dicht:
            sluiting = beurt.dicht[pot]
            past = _("dicht sinds plaats %(plaats)s (%(kenmerk)s)") % {
                "plaats": getal(sluiting.plaats),
                "kenmerk": sluiting.kenmerk,
            }
        else:
            past = _("ja") if over >= gevraagd else _("nee")
        eerst = (w.bedrag(begin[pot]),) if begin is not None else ()
        rijen.append((w.pot(pot), *eerst, w.bedrag(over), w.bedrag(gevraagd), past))
    koppen = (
        _("Pot"),
        *((_("Aan het begin"),) if begin is not None else ()),
        _("Nog over"),
        _("Gevraagd"),
        _("Past het?"),
    )
    rechts = ["rechts"] * (len(koppen) - 2)
    return Tabel(
        koppen=koppen,
        rijen=tuple(rijen),
        uitlijning=("links", *rechts, "links"),  # type: ignore[arg-type]  # a tuple of as many as there are pots
        bijschrift=kop,
        rijkop=True,
    )


def daarna(uitleg: Uitleg, w: Woorden) -> list[Blok]:
    """What changed after the draw, from the log."""
    if not uitleg.mutaties:
        return [Alinea(_("Er is na de verdeling niets veranderd: het logboek is leeg."))]
    if not uitleg.gebeurtenissen:
        n = len(uitleg.mutaties)
        tekst = ngettext(
            "Het logboek heeft %(n)d regel. Die veranderde niets voor deze aanvraag.",
            "Het logboek heeft %(n)d regels. Die veranderden niets voor deze aanvraag.",
            n,
        )
        return [Alinea(tekst % {"n": n})]
    return [Lijst(tuple(_gebeurtenis(g, uitleg.gevraagd, w) for g in uitleg.gebeurtenissen), geordend=False)]


def _gebeurtenis(g: Gebeurtenis, gevraagd: int, w: Woorden) -> str:
    op = w.op(g.mutatie.nr)
    kop = _("Regel %(nr)d van het logboek") % {"nr": g.mutatie.nr} + (f" ({op})" if op else "")
    zinnen = [f"{kop}: {mutatie_in_woorden(g.mutatie, w)}."]
    if g.beurt is not None and g.beurt.soort == MUTATIE:
        zinnen.append(
            _("Bij de beurt die daarop volgde, was er %(over)s; gevraagd was %(gevraagd)s.")
            % {"over": w.bedrag(g.beurt.kleinste), "gevraagd": w.bedrag(gevraagd)}
        )
    elif g.beurt is not None:
        zinnen.append(
            _("De eerste verdeling is opnieuw gedaan met deze aanvraag erbij. Toen was er %(over)s bij haar beurt.")
            % {"over": w.bedrag(g.beurt.kleinste)}
        )
    zinnen.append(
        _("Was: %(van)s. Werd: %(naar)s.") % {"van": w.uitkomst(g.van), "naar": w.uitkomst(g.naar)}
        if g.van != g.naar
        else _("Het bleef: %(naar)s.") % {"naar": w.uitkomst(g.naar)}
    )
    return " ".join(zinnen)


def mutatie_in_woorden(mutatie: Regel, w: Woorden) -> str:
    """'intrekking van PROEF-00002', 'verhoging van het hele plafond met € 1.000'."""
    soort, kenmerk, bedrag = mutatie.soort, mutatie.kenmerk, mutatie.bedrag
    if soort == Mutatiesoort.VERHOGING:
        return _("verhoging van %(pot)s met %(bedrag)s") % {"pot": w.pot(kenmerk).lower(), "bedrag": w.bedrag(bedrag)}
    naam = str(Mutatiesoort(soort).label).lower()
    if soort == Mutatiesoort.VERLAGING:
        return _("%(soort)s van %(kenmerk)s tot %(bedrag)s") % {
            "soort": naam,
            "kenmerk": kenmerk,
            "bedrag": w.bedrag(bedrag),
        }
    return _("%(soort)s van %(kenmerk)s") % {"soort": naam, "kenmerk": kenmerk}


def potregel(ruimte: Mapping[str, int], w: Woorden) -> str:
    """'het hele plafond € 500, Zeeland € 0'."""
    return ", ".join(f"{w.pot(pot).lower() if pot == STER else w.pot(pot)} {w.bedrag(c)}" for pot, c in ruimte.items())


def alle_mutaties(uitleg: Uitleg, w: Woorden) -> Iterable[Blok]:
    """Every line of the log with the standing of this application and the room after it."""
    if not uitleg.mutaties:
        return []
    return [
        Tabel(
            koppen=(_("Nr"), _("Datum"), _("Wat"), _("Stand van deze aanvraag"), _("Ruimte daarna")),
            rijen=tuple(
                (
                    str(na.mutatie.nr),
                    w.op(na.mutatie.nr),
                    mutatie_in_woorden(na.mutatie, w),
                    w.uitkomst(na.status[uitleg.kenmerk]),
                    potregel(na.ruimte, w),
                )
                for na in uitleg.mutaties
            ),
            bijschrift=_("Alle regels van het logboek"),
            rijkop=True,
        )
    ]
