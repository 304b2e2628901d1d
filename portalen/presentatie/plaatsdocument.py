"""The explanation of a place as a document: for the applicant, for the officer, and in full for who has to judge it.

Page and PDF are made of the same blocks, and the blocks of the replayed draw (design 05; Awb 4:25-4:27, R28-R33).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from beoordeling.enums import Uitkomst
from beoordeling.loting.uitleg import Uitleg
from beoordeling.models import Loting
from beoordeling.services.plaatsuitleg import Daguitleg, Plaatsuitleg, Scoreuitleg, Zoneuitleg
from kern.document import Afzender, Alinea, Blok, Document, Kader, Kop, Lijst, Samenvatting, Tabel, Tekst, code
from portalen.presentatie.plaatswoorden import Woorden, alle_mutaties, daarna, geld, kort, potregel, volgorde
from portalen.templatetags.stimulans import datum, datumtijd, getal
from regeling.enums import Herkomst, Methode
from regeling.ruimte import in_woorden


class Lezer(StrEnum):
    """Who reads it. Totals of the assessors, all mutations and the formulae are in the version to judge by."""

    AANVRAGER = "aanvrager"
    MEDEWERKER = "medewerker"
    RECHTER = "rechter"


def plaatsdocument(uitleg: Plaatsuitleg, lezer: Lezer) -> Document:
    """The document. Its date is that of the last thing in it, so that the same facts give the same bytes."""
    tijdvak = uitleg.tijdvak
    vol = _(" (volledig)") if lezer == Lezer.RECHTER else ""
    return Document(
        titel=_("Hoe deze plaats tot stand kwam"),
        afzender=Afzender(naam=tijdvak.spec.regeling.uitvoerder),
        datum=_dag_van(uitleg),
        kenmerk=uitleg.aanvraag.kenmerk,
        betreft=f"{tijdvak.spec.regeling.naam}, {tijdvak.naam}{vol}",
        blokken=tuple(plaatsblokken(uitleg, lezer)),
    )


def _dag_van(uitleg: Plaatsuitleg) -> date:
    momenten = [m.op for m in uitleg.mutaties]
    if uitleg.loting is not None and uitleg.loting.vastgesteld_op is not None:
        momenten.append(uitleg.loting.vastgesteld_op)
    if uitleg.plaats is not None:
        momenten.append(uitleg.plaats.rangschikking.gemaakt_op)
    return timezone.localdate(max(momenten)) if momenten else uitleg.dag.dag if uitleg.dag else date.min


def plaatsblokken(uitleg: Plaatsuitleg, lezer: Lezer) -> list[Blok]:
    """The content, section by section; what does not exist for the method is left out."""
    w = Woorden(uitleg.tijdvak, uitleg.mutaties)
    blokken: list[Blok] = [Kader(tuple(_kort(uitleg, w)), titel=_("In het kort"))]
    if uitleg.score is not None:
        blokken += _score(uitleg.score, lezer)
    if uitleg.zone is not None:
        blokken += _zone(uitleg.zone)
    if uitleg.dag is not None:
        blokken += _dag(uitleg.dag, w)
    if uitleg.uitleg is not None and uitleg.loting is not None:
        blokken += lotingblokken(uitleg.uitleg, uitleg.loting, w, volledig=lezer == Lezer.RECHTER)
    if lezer == Lezer.RECHTER:
        blokken += _grondslag(uitleg)
    return blokken


def _kort(uitleg: Plaatsuitleg, w: Woorden) -> list[Blok]:
    blokken: list[Blok] = []
    if uitleg.uitleg is not None:
        blokken += kort(uitleg.uitleg, w)
    elif uitleg.score is not None and uitleg.score.niet_gehaald:
        namen = ", ".join(_("het totaal") if naam == "totaal" else naam for naam in uitleg.score.niet_gehaald)
        blokken.append(
            Alinea(
                _(
                    "De aanvraag %(kenmerk)s haalde een minimumscore niet (%(namen)s). Zij staat "
                    "daarom niet op de lijst."
                )
                % {"kenmerk": uitleg.aanvraag.kenmerk, "namen": namen}
            )
        )
    elif uitleg.zone is not None and uitleg.zone.zone == "AFWIJZEN":
        blokken.append(Alinea(_("De score ligt duidelijk onder de grens. De aanvraag deed niet mee met de loting.")))
    elif uitleg.dag is not None:
        blokken.append(Alinea(_("De aanvraag is verdeeld op de dag waarop zij compleet was. Hieronder staat hoe.")))
    elif uitleg.uit_bestand and uitleg.plaats is not None:
        blokken.append(
            Alinea(
                _(
                    "Deze rangschikking komt uit een bestand van vroeger. De plaats was %(n)s. Wij "
                    "kunnen haar hier niet narekenen."
                )
                % {"n": getal(uitleg.plaats.rang)}
            )
        )
    nu = _stand_nu(uitleg, w)
    return [*blokken, Alinea(nu)] if nu else blokken


def _stand_nu(uitleg: Plaatsuitleg, w: Woorden) -> str:
    """What the administration has now where that follows from something else than the log."""
    if uitleg.plaats is None or uitleg.uitleg is None:
        return ""
    laatste = uitleg.uitleg.uitkomst
    if uitleg.plaats.uitkomst == Uitkomst.AFGEWEZEN and laatste in {"RESERVE", "GROEP"}:
        return _("De reservelijst gaf geen plaats (meer): zij was vol, is vervallen of bestaat niet bij deze regeling.")
    van_log = uitleg.uitleg.uitkomst if isinstance(laatste, int) else None
    zelfde = {"RESERVE": "reserve", "GROEP": "groep", "UIT": "uit", "INGETROKKEN": "vervallen"}
    if (
        van_log is None
        and uitleg.plaats.uitkomst != zelfde[str(laatste)]
        or (van_log is not None and uitleg.plaats.uitkomst != Uitkomst.TOEGEWEZEN)
    ):
        return _("Het logboek was gesloten toen dit daarna veranderde. De stand is nu: %(stand)s.") % {
            "stand": str(uitleg.plaats.get_uitkomst_display()).lower()
        }
    return ""


def lotingblokken(uitleg: Uitleg, loting: Loting, w: Woorden, *, volledig: bool) -> list[Blok]:
    """The draw of one label: order, money, afterwards, and how to check it. Everything in it is in the package."""
    blokken = [
        Kop(_("De plaats op de lijst")),
        *volgorde(uitleg, w),
        Kop(_("Het geld")),
        *geld(uitleg, w),
        Kop(_("Wat er daarna veranderde")),
        *daarna(uitleg, w),
    ]
    if volledig:
        blokken += alle_mutaties(uitleg, w)
    return [*blokken, *_narekenen(uitleg, loting, w, volledig=volledig)]


def _narekenen(uitleg: Uitleg, loting: Loting, w: Woorden, *, volledig: bool) -> list[Blok]:
    trekking = uitleg.uitslag.trekking
    regels: list[tuple[str, Tekst]] = [
        (_("Loting"), loting.kenmerk),
        (_("Vingerafdruk van het protocol (H_P)"), code(trekking.hp.hex())),
        (_("Gepubliceerd"), _wanneer_waar(loting)),
        (_("Vingerafdruk van de lijst"), code(uitleg.uitslag.deelnemers.sha256)),
        *((_("Bron: %s") % bron, code(waarde)) for bron, waarde in uitleg.uitslag.bronwaarden.waarden.items()),
        (_("Zaad (PRK)"), code(trekking.prk.hex())),
        (_("Lot"), code(uitleg.lot)),
    ]
    prk = trekking.prk.hex()
    opdracht = (
        'python3 -c "import hmac; print(hmac.digest('
        f"bytes.fromhex('{prk}'), b'{uitleg.kenmerk}\\x01', 'sha256').hex())\""
    )
    blokken: list[Blok] = [
        Kop(_("Zelf narekenen")),
        Samenvatting(tuple(regels)),
        Alinea((_("Dit lot rekent u na met deze opdracht: "), code(opdracht))),
        Alinea(
            (
                _(
                    "De hele uitslag rekent u na met het bewijspakket van deze loting. Pak het uit "
                    "en geef in die map de opdracht: "
                ),
                code("python3 verifieer_loting.py"),
                _(". Staat er KLOPT, dan volgt de uitslag precies uit de lijst, de regels en de bronwaarden."),
            )
        ),
    ]
    if volledig:
        protocol = uitleg.uitslag.protocol
        blokken += [
            Kop(_("De rekenregels")),
            Lijst(
                (
                    _("IKM = per bron, in de volgorde van het protocol: naam=waarde en een regeleinde, in ASCII."),
                    _("PRK = HMAC-SHA256 met sleutel H_P (32 bytes) over IKM. Dit is HKDF-Extract (RFC 5869)."),
                    _(
                        "lot(kenmerk) = HMAC-SHA256 met sleutel PRK over het kenmerk in ASCII en de "
                        "byte 01 (HKDF-Expand)."
                    ),
                    _(
                        "Volgorde: oplopend op lot, dan op kenmerk; daarna op rang, waarbij gelijke "
                        "rangen zo blijven staan."
                    ),
                    _(
                        "Verdeling: op volgorde. Een toekenning gaat af van het hele plafond en van "
                        "elke pot van de aanvraag."
                    ),
                    _(
                        "Elke regel van het logboek wordt in volgorde nagespeeld. Toekenningen "
                        "worden nooit opnieuw berekend."
                    ),
                ),
                geordend=True,
            ),
            Samenvatting(
                (
                    (_("IKM"), code(trekking.ikm.decode("ascii"))),
                    (_("Potten aan het begin"), potregel({"*": protocol.plafond_cent, **protocol.potten}, w)),
                    (_("Regel"), protocol.regel),
                    (_("Tweede ronde"), _("ja") if protocol.restronde else _("nee")),
                    (_("Richting van de rang"), _("aflopend") if protocol.richting == "AF" else _("oplopend")),
                    (_("Hoogstens per aanvrager"), str(protocol.per_groep) if uitleg.groep != "-" else _("geen grens")),
                    (_("Groep van deze aanvraag"), uitleg.groep),
                    (_("Aanvragen van deze groep"), ", ".join(uitleg.groepsgenoten) or _("geen")),
                )
            ),
        ]
    return blokken


def _wanneer_waar(loting: Loting) -> str:
    return f"{datumtijd(loting.gepubliceerd_op, 's')}, {loting.gepubliceerd_waar}"


def _punten(waarde: Decimal) -> str:
    return getal(waarde, 2)


def _score(score: Scoreuitleg, lezer: Lezer) -> list[Blok]:
    """Criteria times weights, thresholds, total. No names, and no scores of one assessor."""
    rijen: list[tuple[Tekst, ...]] = [
        (
            regel.naam,
            _punten(regel.score),
            getal(regel.gewicht),
            _punten(regel.bijdrage),
            "-" if regel.minimum is None else _punten(regel.minimum),
            "-" if regel.minimum is None else (_("ja") if regel.gehaald else _("nee")),
        )
        for regel in score.regels
    ]
    drempel, gehaald = "-", "-"
    if score.drempel is not None:
        drempel, gehaald = _punten(score.drempel), _("ja") if score.totaal >= score.drempel else _("nee")
    gewicht = sum((regel.gewicht for regel in score.regels), Decimal(0))
    rijen.append((_("Totaal"), "", getal(gewicht), _punten(score.totaal), drempel, gehaald))
    blokken: list[Blok] = [
        Kop(_("De score")),
        Alinea(
            _(
                "Een criterium krijgt 1 tot en met 5. De punten zijn: gewicht x (score - 1) / 4. "
                "Samen is dat hoogstens 100."
            )
        ),
        Tabel(
            koppen=(_("Criterium"), _("Score"), _("Gewicht"), _("Punten"), _("Minimum"), _("Gehaald")),
            rijen=tuple(rijen),
            uitlijning=("links", "rechts", "rechts", "rechts", "rechts", "links"),
            bijschrift=_("Scores en punten"),
            rijkop=True,
            totaalrij=True,
        ),
    ]
    if score.som != score.totaal:
        blokken.append(
            Alinea(
                _("De punten per criterium zijn samen %(som)s. Het totaal is %(totaal)s: het is vastgesteld als het "
                  "gemiddelde van de totalen, of door de commissie. Elk getal is afgerond op twee decimalen.")
                % {"som": _punten(score.som), "totaal": _punten(score.totaal)}
            )
        )  # fmt: skip
    if lezer == Lezer.RECHTER:
        if score.totalen:
            totalen = "; ".join(_punten(totaal) for totaal in score.totalen)
            blokken.append(Alinea(_("Totalen van de beoordelaars, van hoog naar laag en zonder naam: %s.") % totalen))
        if score.vastgesteld_op is not None:
            blokken.append(
                Alinea(
                    _("De score is vastgesteld op %(op)s. Bron: %(bron)s.")
                    % {"op": datumtijd(score.vastgesteld_op), "bron": score.bron}
                )
            )
    return blokken


def _zone(zone: Zoneuitleg) -> list[Blok]:
    """The line, the chance and the zone."""
    naam = {
        "TOEWIJZEN": _("duidelijk boven de grens: toegewezen op score"),
        "GRIJS": _("rond de grens: de loting beslist"),
        "AFWIJZEN": _("duidelijk onder de grens: niet op de lijst"),
    }[zone.zone]
    regels: list[tuple[str, Tekst]] = [(_("Deze aanvraag"), naam)]
    if zone.grens is not None:
        regels.append((_("Er passen"), _("%(k)s van %(n)s") % {"k": getal(zone.grens.k), "n": getal(zone.grens.n)}))
        if not zone.gekalibreerd:
            regels.append((_("De grens: de score van de laatste die past"), _punten(zone.grens.lijn)))
    if zone.kans is not None:
        regels.append((_("Kans om boven de grens te horen"), getal(Decimal(str(zone.kans)), 3)))
    regels.append(
        (
            _("Loten tussen"),
            _("een kans van %(onder)s en %(boven)s") % {"onder": getal(zone.onder, 2), "boven": getal(zone.boven, 2)},
        )
    )
    uitleg = (
        _("De regeling bepaalde vooraf dat gekalibreerde scores beslissen: zonder het verschil tussen strenge en milde "
          "beoordelaars. De grens is de aanvraag op de laatste plaats die past, op volgorde van de verwachte rang. "
          "P = de kans dat de score van deze aanvraag hoger is dan die van de grens.")
        if zone.gekalibreerd
        else _("De kans volgt uit de score, de grens en hoeveel beoordelaars onderling verschillen: "
               "P = Phi((score - grens) / sd), met sd² = de variantie tussen beoordelaars gedeeld door hun aantal.")
    )  # fmt: skip
    return [Kop(_("De grens")), Alinea(uitleg), Samenvatting(tuple(regels))]


def _dag(dag: Daguitleg, w: Woorden) -> list[Blok]:
    """Order of receipt: the day, what was asked and what there was, and the draw of a critical day."""
    regels: list[tuple[str, Tekst]] = [
        (_("Compleet op"), datumtijd(dag.compleet_op, "s") if dag.compleet_op else ""),
        (_("Telt op de dag"), datum(dag.dag)),
        (_("Complete aanvragen op die dag"), getal(dag.aantal)),
    ]
    if dag.nummer and dag.uitleg is not None:
        regels.append((_("Nummer in de loting van die dag"), getal(dag.nummer)))
    if dag.eerder_dicht:
        regels.append((_("Eerder op geraakt"), ", ".join(w.pot(pot) for pot in dag.eerder_dicht)))
    alles = _("Alles paste. Elke complete aanvraag van die dag kreeg een plaats, zonder loting.")
    niet = _("Niet alles paste. Daarom besliste het lot onder de complete aanvragen van die dag.")
    if dag.kritiek and dag.uitleg is None:
        niet = _("Niet alles paste. Voor deze aanvraag was op die dag geen loting nodig: de regel zegt wat er gebeurt.")
    blokken: list[Blok] = [
        Kop(_("De dag")),
        Alinea(_("Wie het eerst compleet is, is het eerst aan de beurt. Het gaat om de dag, niet om het tijdstip.")),
        Samenvatting(tuple(regels)),
        Tabel(
            koppen=(_("Pot"), _("Ruimte aan het begin van de dag"), _("Die dag gevraagd"), _("Past het?")),
            rijen=tuple(
                (
                    w.pot(pot),
                    in_woorden(ruimte, w.tijdvak),
                    in_woorden(dag.gevraagd.get(pot, Decimal(0)), w.tijdvak),
                    _("ja") if dag.gevraagd.get(pot, Decimal(0)) <= ruimte else _("nee"),
                )
                for pot, ruimte in dag.ruimte.items()
            ),
            uitlijning=("links", "rechts", "rechts", "links"),
            bijschrift=_("Ruimte en vraag op deze dag"),
            rijkop=True,
        ),
        Alinea(niet if dag.kritiek else alles),
    ]
    if dag.uitleg is not None and dag.loting is not None:
        blokken += [Kop(_("De loting van die dag"))]
        blokken += [*kort(dag.uitleg, w), *volgorde(dag.uitleg, w), *geld(dag.uitleg, w)]
        blokken.append(
            Samenvatting(
                (
                    (_("Loting"), dag.loting.kenmerk),
                    (_("Vingerafdruk van het protocol (H_P)"), code(dag.loting.protocol_sha256)),
                    (_("Zaad (PRK)"), code(dag.uitleg.uitslag.trekking.prk.hex())),
                )
            )
        )
    return blokken


def _grondslag(uitleg: Plaatsuitleg) -> list[Blok]:
    """The articles behind the way of dividing, and the ones of the scheme itself."""
    items: list[Tekst] = [
        _("Artikel 4:25, lid 2, Awb: een subsidie wordt geweigerd voor zover het plafond wordt overschreden."),
        _("Artikel 4:25, lid 3, Awb: na bezwaar of beroep telt het plafond zoals het gold bij het eerste besluit."),
        _("Artikel 4:26 Awb: de wijze van verdelen staat in de regeling en is bekendgemaakt met het plafond."),
        _("Artikel 4:27 Awb: het plafond is bekendgemaakt voordat het tijdvak begon."),
    ]
    if uitleg.methode == Methode.VOLGORDE:
        items.append(_("Raad van State, ECLI:NL:RVS:2018:2310: geen rangorde op het tijdstip binnen een dag."))
    if uitleg.methode in {Methode.RANGSCHIKKING, Methode.GRIJZE_ZONE}:
        items.append(
            _(
                "Artikelen 3:9 en 2:4 Awb: het bestuursorgaan toetst het advies van de commissie, "
                "zonder vooringenomenheid."
            )
        )
    grondslag = [f"{g.artikel}: {g.onderwerp}" for g in uitleg.tijdvak.spec.regeling.grondslag]
    if uitleg.tijdvak.herkomst == Herkomst.SIMULATIE:
        items.append(_("Dit tijdvak is een simulatie met verzonnen aanvragen."))
    return [Kop(_("De regels")), Lijst((*items, *grondslag))]
