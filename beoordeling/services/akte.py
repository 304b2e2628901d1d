"""The deed of a draw as a document (HTML and PDF from one source), made from the stored bytes: the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.utils import timezone

from beoordeling.enums import Uitkomst
from beoordeling.loting import Uitslag, bereken
from beoordeling.loting.bronnen import drand_tijd
from beoordeling.loting.verdeling import GROEP, RESERVE, UIT
from beoordeling.loting.vormen import STER, Bron
from beoordeling.models import Broninvoer, Loting
from beoordeling.selectors_bronnen import verschil_tussen
from beoordeling.services.bewijs import lotingbestanden, moment_tekst
from beoordeling.services.bronnen import verschil_in_woorden
from kern.document import Afzender, Alinea, Blok, Document, Kop, Lijst, Samenvatting, Tabel, Tekst, code
from kern.fouten import OvergangFout
from kern.models import Gebruiker
from kern.taal import in_het_nederlands
from regeling.ruimte import in_woorden, uit_delen

_WOORDEN = {RESERVE: Uitkomst.RESERVE, GROEP: Uitkomst.GROEP, UIT: Uitkomst.UIT}
_REGELS = {
    "STOP": "STOP: past een aanvraag niet, dan gaan de potten dicht die te weinig hebben",
    "SKIP": "SKIP: past een aanvraag niet, dan gaat de beurt naar de volgende",
    "DEEL": "DEEL: past een aanvraag niet helemaal, dan krijgt zij wat er nog is",
}


@in_het_nederlands
def akte_document(loting: Loting) -> Document:
    """The deed; :class:`OvergangFout` before the draw, or when a stored file is not what was written."""
    if loting.getrokken_op is None:
        raise OvergangFout("Deze loting is nog niet getrokken.", actie="De akte bestaat pas na de trekking.")
    uitslag = bereken(lotingbestanden(loting))
    tijdvak = loting.tijdvak
    return Document(
        titel="Akte van loting",
        afzender=Afzender(naam=tijdvak.spec.regeling.uitvoerder),
        datum=timezone.localdate(loting.getrokken_op),
        kenmerk=loting.kenmerk,
        betreft=f"{tijdvak.spec.regeling.naam}, {tijdvak.naam}",
        blokken=(
            Alinea("Dit is het proces-verbaal van een loting. Alle tijden zijn Nederlandse tijd."),
            *_vooraf(loting, uitslag),
            *_toeval(loting, uitslag),
            *_uitkomst(loting, uitslag),
            *_stappen(loting),
            *_narekenen(),
            *_handtekeningen(),
        ),
    )


def _vooraf(loting: Loting, uitslag: Uitslag) -> list[Blok]:
    protocol, tijdvak = uitslag.protocol, loting.tijdvak
    namen = {plafond.code: plafond.naam for plafond in tijdvak.plafonds.all()}
    regels: list[tuple[str, Tekst]] = [
        ("Loting", loting.kenmerk),
        ("Regeling", f"{tijdvak.spec.regeling.naam}, versie {tijdvak.regelingversie.versie}"),
        ("Tijdvak", f"{tijdvak.naam} ({tijdvak.sleutel})"),
        ("Aanvragen op de lijst", f"{len(uitslag.deelnemers)}"),
        ("Te verdelen", in_woorden(uit_delen(protocol.plafond_cent, tijdvak), tijdvak)),
        *(
            (f"Deelplafond {namen.get(pot, pot)}", in_woorden(uit_delen(delen, tijdvak), tijdvak))
            for pot, delen in protocol.potten.items()
        ),
        ("Regel van verdelen", _REGELS[protocol.regel]),
        ("Tweede ronde", "ja, waarin alleen het hele plafond telt" if protocol.restronde else "nee"),
        ("SHA-256 van de lijst (deelnemers.csv)", code(uitslag.deelnemers.sha256)),
        ("SHA-256 van het protocol (H_P)", code(protocol.hp.hex())),
        ("Gepubliceerd", f"{_moment(loting.gepubliceerd_op)}, {loting.gepubliceerd_waar}"),
    ]
    if loting.vervangt is not None and loting.vervangt.protocol_sha256:
        regels.append(("Komt in de plaats van de lijst met H_P", code(loting.vervangt.protocol_sha256)))
    return [Kop("Wat vooraf vastlag"), Samenvatting(tuple(regels))]


def _toeval(loting: Loting, uitslag: Uitslag) -> list[Blok]:
    """Sources, the entries of the dice, and the seed."""
    waarden, bronnen = uitslag.bronwaarden, uitslag.protocol.bronnen
    regels: list[tuple[str, Tekst]] = []
    for bron in bronnen:
        regels.append((_bronnaam(bron), code(_in_groepen(waarden.waarden[bron.id], bron))))
        if bron.id in waarden.handtekeningen:
            regels.append(("Handtekening van die ronde", code(waarden.handtekeningen[bron.id])))
    regels.append(("Zaad (PRK = HMAC-SHA256 met sleutel H_P)", code(uitslag.trekking.prk.hex())))
    uit = sorted(waarden.uitgesloten)
    return [
        Kop("Waar het toeval vandaan kwam"),
        Samenvatting(tuple(regels)),
        *_invoeren(loting),
        Alinea(
            f"Op het moment van de loting deden {len(uit)} aanvragen op de lijst niet meer mee: {', '.join(uit)}."
            if uit
            else "Alle aanvragen op de lijst deden mee."
        ),
    ]


def _bronnaam(bron: Bron) -> str:
    if bron.soort == "cijfers":
        return f"{bron.lengte} worpen met een dobbelsteen met tien kanten"
    return f"Openbaar baken drand, ronde {bron.ronde} ({moment_tekst(drand_tijd(bron.ronde))})"


def _in_groepen(waarde: str, bron: Bron) -> str:
    if bron.soort != "cijfers":
        return waarde
    return " ".join(waarde[begin : begin + 8] for begin in range(0, len(waarde), 8))


def _invoeren(loting: Loting) -> list[Blok]:
    """Who typed the dice when; also the attempts that did not agree, with their digits."""
    paren: dict[int, list[Broninvoer]] = {}
    for rij in loting.invoeren.select_related("door"):
        paren.setdefault(rij.poging, []).append(rij)
    regels = []
    for poging, rijen in sorted(paren.items()):
        wie = " en ".join(f"{_persoon(rij.door)} ({_moment(rij.op)})" for rij in rijen)
        verschil = verschil_tussen(rijen[0], rijen[1]) if len(rijen) == 2 else {}
        if verschil:
            cijfers = "; ".join(" ".join(rij.waarden.values()) for rij in rijen)
            slot = f"De twee keren waren niet gelijk. {verschil_in_woorden(verschil)} Ingevoerd was: {cijfers}."
        else:
            slot = "De twee keren waren gelijk."
            if rijen[0].door == rijen[-1].door:
                slot += " Beide keren door dezelfde persoon, die de eerste invoer bij de tweede niet zag."
        regels.append(f"Poging {poging}: {wie}. {slot}")
    return [Alinea("De cijfers zijn twee keer ingevoerd, los van elkaar:"), Lijst(tuple(regels))] if regels else []


def _uitkomst(loting: Loting, uitslag: Uitslag) -> list[Blok]:
    telling = Counter(Uitkomst.TOEGEWEZEN if isinstance(wat, int) else _WOORDEN[wat] for wat in uitslag.stand.uitkomst)
    verdeeld = sum(wat for wat in uitslag.stand.uitkomst if isinstance(wat, int))
    tijdvak = loting.tijdvak

    def bedrag(delen: int) -> str:
        return in_woorden(uit_delen(delen, tijdvak), tijdvak)

    return [
        Kop("Wat de loting gaf"),
        Tabel(
            koppen=("Uitkomst", "Aantal"),
            rijen=(
                *((str(uitkomst.label), str(telling[uitkomst])) for uitkomst in Uitkomst if telling[uitkomst]),
                ("Samen", str(len(uitslag.deelnemers))),
            ),
            uitlijning=("links", "rechts"),
            bijschrift="Aanvragen per uitkomst, bij de trekking",
            rijkop=True,
            totaalrij=True,
        ),
        Samenvatting(
            (
                ("Verdeeld", bedrag(verdeeld)),
                ("Over onder het hele plafond", bedrag(uitslag.stand.ruimte[STER])),
                ("SHA-256 van de uitslag (uitkomst.csv)", code(loting.bestanden.get(naam="uitkomst.csv").sha256)),
            )
        ),
    ]


def _stappen(loting: Loting) -> list[Blok]:
    stappen = (
        ("Lijst voorbereid", loting.voorbereid_op, loting.voorbereid_door),
        ("Lijst bevroren", loting.bevroren_op, loting.bevroren_door),
        ("H_P gepubliceerd", loting.gepubliceerd_op, loting.gepubliceerd_door),
        ("Bronnen vastgelegd", loting.bronnen_op, loting.bronnen_door),
        ("Getrokken", loting.getrokken_op, loting.getrokken_door),
        ("Nagerekend en vastgesteld", loting.vastgesteld_op, loting.vastgesteld_door),
    )
    rijen = tuple((wat, moment_tekst(op), _persoon(door)) for wat, op, door in stappen if op is not None)
    return [
        Kop("Wie wat deed, en wanneer"),
        Tabel(koppen=("Stap", "Moment", "Wie"), rijen=rijen, bijschrift="Stappen van de loting", rijkop=True),
    ]


def _narekenen() -> list[Blok]:
    return [
        Kop("Narekenen"),
        Alinea(
            (
                "De uitslag volgt uit de lijst, het protocol en de bronwaarden. Iedereen kan dat narekenen met het "
                "bewijspakket en Python 3, zonder internet: ",
                code("python3 verifieer_loting.py"),
                ". Het programma telt hoogstens 40 regels en zegt KLOPT, of wat er anders is.",
            )
        ),
    ]


def _handtekeningen() -> list[Blok]:
    """Lines to sign on; the notary and the witness write their names themselves."""
    lijn = "." * 40
    return [
        Kop("Ondertekening"),
        Alinea("De ondergetekenden waren bij de worpen en verklaren dat de cijfers hierboven zijn gegooid."),
        Samenvatting(
            tuple(
                (f"{wie}: {wat}", lijn if wat != "handtekening" else f"\n\n{lijn}")
                for wie in ("Notaris", "Getuige")
                for wat in ("naam", "plaats en datum", "handtekening")
            )
        ),
    ]


def _moment(op: datetime | None) -> str:
    return moment_tekst(op) if op is not None else ""


def _persoon(persoon: Gebruiker | None) -> str:
    return str(persoon) if persoon else "het systeem"
