"""T1-T2 of a draw: the dice, typed twice without seeing the other time, and the beacon (design 05, part 1).

Two entries of one attempt that are equal are the value. When they differ, both are kept, the places are told but not
the digits, and a new attempt begins: who types again must read the dice, not the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from beoordeling.enums import Lotingstatus
from beoordeling.loting import (
    Bronwaarden,
    Protocol,
    bereken,
    cijfers_uit_invoer,
    controleer_bls,
    drand_waarde,
    lees_protocol,
    schrijf_bronwaarden,
)
from beoordeling.loting.bronnen import bls_beschikbaar
from beoordeling.models import Broninvoer, Loting
from beoordeling.selectors_bronnen import Invoerstand, Verschil, invoerstand
from beoordeling.services.bewijs import bestand_bewaren, lotingbestand, lotingbestanden, moment_tekst
from beoordeling.services.loting import eis_andere
from beoordeling.services.lotingslijst import meedoend
from beoordeling.services.weigering import weigering_op_schrift
from kern.enums import Rol
from kern.fouten import InvoerFout, OvergangFout
from kern.models import Gebruiker
from kern.rechten import eis_rol
from kern.services.overgang import overgang_toepassen, vergrendel
from kern.services.spoor import Logpost, keten_van, log_schrijven
from kern.taal import in_het_nederlands

#: Digits of the dice are read and named in groups of so many.
GROEP = 8
#: Places at which two entries differ that are named one by one.
MAXIMUM_VERSCHILLEN = 8


def protocol_lezen(*, loting: Loting, actor: Gebruiker | None, op: datetime) -> Protocol:
    """The published protocol, for who is going to fill in its sources. When it is not what was published any more, the
    refusal is on record with who met it."""
    with weigering_op_schrift(loting, "protocol_lezen", actor=actor, op=op):
        return lees_protocol(lotingbestand(loting, "protocol.json"))


def dobbelstenen_invoeren(
    *, loting: Loting, waarden: Mapping[str, str], poging: int, keer: int, actor: Gebruiker | None, op: datetime
) -> Loting:
    """Records one entry of the dice: the first by a notary, the second by a notary or a witness (secretary), also the
    same notary. Two equal ones fix the sources, unless a beacon must still come.

    ``waarden``: id of the source → digits as typed. ``poging`` and ``keer``: the entry that the person was asked for;
    the same button pressed twice is no second entry. :class:`InvoerFout` ``invoer-verschilt``: both entries were kept,
    with a line in the trail, and the next attempt can begin.
    """
    eis_rol(actor, Rol.NOTARIS, Rol.SECRETARIS)
    with weigering_op_schrift(loting, "dobbelstenen_invoeren", actor=actor, op=op), transaction.atomic():
        loting = _te_vullen(loting, actor, op)
        protocol = lees_protocol(lotingbestand(loting, "protocol.json"))
        stand = _eis_aan_de_beurt(invoerstand(loting), poging, keer, actor)
        schoon = {
            bron.id: cijfers_uit_invoer(waarden.get(bron.id, ""), bron.lengte)
            for bron in protocol.bronnen
            if bron.soort == "cijfers"
        }
        if not schoon:
            raise OvergangFout("Bij deze loting horen geen dobbelstenen.", actie="Leg de waarde van het baken vast.")
        Broninvoer.objects.create(
            loting=loting, poging=stand.poging, keer=stand.keer, waarden=schoon, op=op, door=actor
        )
        verschil: Verschil = {}
        if stand.keer == 2:
            verschil = invoerstand(loting).verschil
        _in_het_spoor(loting, stand, verschil, actor, op)
        if stand.keer == 2 and not verschil and all(bron.soort == "cijfers" for bron in protocol.bronnen):
            loting = _vastleggen(loting, protocol, {}, actor, op)
    if verschil:
        raise verschilt(verschil)
    return loting


def _te_vullen(loting: Loting, actor: Gebruiker | None, op: datetime) -> Loting:
    """The locked draw, when its sources can be determined now and by this person."""
    loting = vergrendel(loting)
    if loting.bronnen_op is not None:
        raise OvergangFout(
            f"De bronnen liggen vast sinds {moment_tekst(loting.bronnen_op)}.",
            actie="Een tweede keer vastleggen bestaat niet.",
            code="bronnen-liggen-vast",
        )
    if loting.status != Lotingstatus.GEPUBLICEERD:
        raise OvergangFout(
            f"De loting is “{loting.get_status_display()}”: bronnen vastleggen kan nu niet.",
            actie="Bevries en publiceer eerst de lijst." if loting.status in {"ontwerp", "bevroren"} else "",
            code="lijst-niet-gepubliceerd",
        )
    if op < loting.trekking_gepland_op:
        raise OvergangFout(
            f"De trekking is op {moment_tekst(loting.trekking_gepland_op)}; het is nog te vroeg.",
            actie="Wacht tot dat moment.",
            code="te-vroeg",
        )
    for ander in (loting.voorbereid_door, loting.bevroren_door):
        eis_andere(actor, ander, "Wie de lijst maakt of bevriest, bepaalt de bronnen niet.")
    return loting


def _eis_aan_de_beurt(stand: Invoerstand, poging: int, keer: int, actor: Gebruiker | None) -> Invoerstand:
    """The entry that this is. A witness who was asked for the first while the notary gave it, gives the second."""
    if stand.gelijk is not None:
        raise OvergangFout(
            "De cijfers zijn twee keer gelijk ingevoerd en liggen vast.",
            actie="Leg nu de waarde van het baken vast.",
            code="bronnen-liggen-vast",
        )
    ander = stand.eerste is not None and actor is not None and stand.eerste.door != actor
    if (poging, keer) not in {(stand.poging, stand.keer), (stand.poging, 1) if ander else ()}:
        raise OvergangFout(
            "Deze invoer is al bewaard.",
            actie="Ververs de pagina. Lees daarna de dobbelstenen opnieuw af voor de volgende invoer.",
            code="invoer-al-gedaan",
        )
    if stand.keer == 1:
        eis_rol(actor, Rol.NOTARIS)
    return stand


def _in_het_spoor(
    loting: Loting, stand: Invoerstand, verschil: Verschil, actor: Gebruiker | None, op: datetime
) -> None:
    """Who typed which time, and whether it agreed; no digits, because the next one must not be able to read them."""
    log_schrijven(
        Logpost(
            keten=keten_van(loting),
            handeling="dobbelstenen_verschillen" if verschil else "dobbelstenen_invoeren",
            op=op,
            actor=actor,
            reden=in_het_nederlands(verschil_in_woorden)(verschil),
            gegevens={"poging": stand.poging, "keer": stand.keer, **({"plaatsen": verschil} if verschil else {})},
        )
    )


def verschil_in_woorden(verschil: Verschil) -> str:
    """'Zij verschillen bij cijfer 13 (groep 2, cijfer 5).'; empty without a difference. Places, never digits."""
    plaatsen = [
        _("%(nr)d (groep %(groep)d, cijfer %(plaats)d)")
        % {"nr": nr, "groep": (nr - 1) // GROEP + 1, "plaats": (nr - 1) % GROEP + 1}
        for waar in verschil.values()
        for nr in waar
    ]
    if not plaatsen:
        return ""
    rest = len(plaatsen) - MAXIMUM_VERSCHILLEN
    meer = _(", en nog %(n)d andere") % {"n": rest} if rest > 0 else ""
    genoemd = ", ".join(plaatsen[:MAXIMUM_VERSCHILLEN])
    return _("Zij verschillen bij cijfer %(genoemd)s%(meer)s.") % {"genoemd": genoemd, "meer": meer}


def verschilt(verschil: Verschil) -> InvoerFout:
    """The refusal of two entries that are not equal."""
    return InvoerFout(
        f"De twee keren zijn niet gelijk. {verschil_in_woorden(verschil)}",
        actie="Er is niets vastgelegd. Kijk naar die dobbelstenen en voer alle cijfers opnieuw in, weer twee keer.",
        code="invoer-verschilt",
    )


def bronnen_vastleggen(
    *, loting: Loting, handtekeningen: Mapping[str, str], actor: Gebruiker | None, op: datetime
) -> Loting:
    """T2: the beacon, after the dice. ``handtekeningen``: id of the source → signature; its value is computed."""
    eis_rol(actor, Rol.NOTARIS)
    with weigering_op_schrift(loting, "bronnen_vastleggen", actor=actor, op=op), transaction.atomic():
        loting = _te_vullen(loting, actor, op)
        protocol = lees_protocol(lotingbestand(loting, "protocol.json"))
        return _vastleggen(loting, protocol, handtekeningen, actor, op)


def _vastleggen(
    loting: Loting, protocol: Protocol, handtekeningen: Mapping[str, str], actor: Gebruiker | None, op: datetime
) -> Loting:
    """Writes the values of all sources, and who is excluded (withdrawn or refused since the freeze)."""
    gelijk = invoerstand(loting).gelijk
    tekens = {bron: waarde.strip().lower() for bron, waarde in handtekeningen.items()}
    waarden: dict[str, str] = {}
    for bron in protocol.bronnen:
        if bron.soort == "cijfers":
            if gelijk is None:
                raise OvergangFout(
                    "De cijfers van de dobbelstenen zijn nog niet twee keer gelijk ingevoerd.",
                    actie="Voer eerst de cijfers in.",
                    code="cijfers-ontbreken",
                )
            waarden[bron.id] = gelijk[0].waarden[bron.id]
        else:
            waarden[bron.id] = drand_waarde(tekens.get(bron.id, ""))
            if bls_beschikbaar():  # otherwise anybody who compares with the beacon sees it
                controleer_bls(bron.ronde, tekens[bron.id])
    inhoud = schrijf_bronwaarden(
        Bronwaarden(waarden=waarden, handtekeningen=tekens, uitgesloten=frozenset(_uitgesloten(loting)))
    )
    bestand_bewaren(loting, "bronwaarden.json", inhoud, op)
    bereken(lotingbestanden(loting))
    return overgang_toepassen(loting, "bronnen_vastleggen", actor=actor, op=op, vergrendeld=True)


def _uitgesloten(loting: Loting) -> list[str]:
    op_lijst = {regel.split(";", 1)[0] for regel in lotingbestand(loting, "deelnemers.csv").decode().splitlines()[1:]}
    return sorted(op_lijst - meedoend(loting))
