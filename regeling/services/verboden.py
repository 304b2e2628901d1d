"""What a published round does not allow any more, and keys in use elsewhere (R31): the refusals of a load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from kern.fouten import Regelfout
from regeling.enums import HOOFDPOT, Herkomst, Tijdvakstatus
from regeling.models import Boeking, Tijdvak
from regeling.schema import Regelingspec, Tijdvakspec
from regeling.vergelijking import verboden_wijzigingen


def verboden(bestand: str, spec: Regelingspec, op: datetime, *, vergrendel: bool = True) -> Iterator[Regelfout]:
    """Keys in use elsewhere, and what a published round does not allow any more (R31). ``vergrendel`` locks the
    rounds and needs an open transaction; without it the answer is for reading only."""
    nieuw = {deel.sleutel: (nr, deel) for nr, deel in enumerate(spec.tijdvakken)}
    sleutel = spec.regeling.sleutel
    bestaand = Tijdvak.objects.select_related("regelingversie__regeling")
    if vergrendel:
        bestaand = bestaand.select_for_update(of=("self",))
    for tijdvak in bestaand.filter(sleutel__in=nieuw).order_by("sleutel"):
        if tijdvak.regelingversie.regeling.sleutel != sleutel or tijdvak.specsleutel != tijdvak.sleutel:
            melding = (
                f"De sleutel '{tijdvak.sleutel}' is al in gebruik bij {tijdvak.regelingversie.regeling.sleutel}. "
                "Kies een andere sleutel."
            )
            yield Regelfout(f"{bestand}: tijdvakken[{nieuw[tijdvak.sleutel][0]}].sleutel", "dubbele-sleutel", melding)
    eigen = bestaand.filter(regelingversie__regeling__sleutel=sleutel).exclude(herkomst=Herkomst.SIMULATIE)
    for tijdvak in eigen.exclude(status=Tijdvakstatus.ONTWERP).order_by("sleutel"):
        if tijdvak.herkomst == Herkomst.IMPORT and tijdvak.sleutel not in nieuw:
            continue  # made from a data file: it never stood in a scheme file
        for fout in _verboden_in(tijdvak, spec, nieuw, op):
            yield Regelfout(f"{bestand}: {fout.plek}", fout.kolom, fout.melding)


def _verboden_in(
    tijdvak: Tijdvak, spec: Regelingspec, nieuw: dict[str, tuple[int, Tijdvakspec]], op: datetime
) -> Iterator[Regelfout]:
    plek, deel = nieuw.get(tijdvak.sleutel, (None, None))
    if tijdvak.status == Tijdvakstatus.INGETROKKEN:
        if deel is not None and deel != tijdvak.tijdvakspec:
            melding = f"Het tijdvak '{tijdvak.sleutel}' is ingetrokken. Kies een nieuwe sleutel voor een nieuw tijdvak."
            yield Regelfout(f"tijdvakken[{plek}]", "ingetrokken", melding)
        return
    gevonden = verboden_wijzigingen(
        tijdvak.spec,
        spec,
        tijdvak.specsleutel,
        gepubliceerd=True,
        heeft_aanvragen=tijdvak.volgnummer > 0 or tijdvak.verdeeld_op is not None,
        nu=op,
    )
    yield from gevonden
    if deel is None:
        return
    al_gemeld = {fout.plek for fout in gevonden}
    oude = potten_in(tijdvak.tijdvakspec)
    for code, (_, bedrag) in potten_in(deel).items():
        pad = f"tijdvakken[{plek}].{_pad_van_pot(deel, code)}"
        if code not in oude or pad in al_gemeld or bedrag == oude[code][1]:
            continue
        if bedrag > oude[code][1]:
            melding = "Het plafond is gepubliceerd. Zet de oude waarde terug en gebruik verhoog_plafond."
            yield Regelfout(pad, "plafond-verhoogd", melding)
        elif Boeking.objects.filter(plafond__tijdvak=tijdvak, plafond__code=code).exists():
            melding = "Op dit plafond is al geboekt: verlagen kan niet meer (Awb 4:27). Zet de oude waarde terug."
            yield Regelfout(pad, "plafond-verlaagd", melding)
    if deel.sluit_op not in {tijdvak.tijdvakspec.sluit_op, tijdvak.sluit_op} and deel.sluit_op < tijdvak.sluit_op:
        tot = f"{timezone.localtime(tijdvak.sluit_op):%d-%m-%Y %H:%M}"
        melding = f"Het tijdvak is verlengd tot {tot}. Kies dat moment of een later moment."
        yield Regelfout(f"tijdvakken[{plek}].sluit_op", "venster", melding)


def potten_in(deel: Tijdvakspec) -> dict[str, tuple[str, Decimal]]:
    """Code -> (name, amount) of the ceiling and its sub-ceilings."""
    return {
        HOOFDPOT: ("Plafond van het tijdvak", deel.plafond),
        **{pot.code: (pot.naam, pot.bedrag) for pot in deel.subplafonds},
    }


def _pad_van_pot(deel: Tijdvakspec, code: str) -> str:
    nummers = [nr for nr, pot in enumerate(deel.subplafonds) if pot.code == code]
    return f"subplafonds[{nummers[0]}].bedrag" if nummers else "plafond"
