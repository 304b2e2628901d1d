import time
from typing import Any

from django.core.management.base import CommandParser
from django.db.models.functions import TruncDate

from aanvragen.models import Aanvraag
from beoordeling.services.rangschikking import plafond_verhogen
from kern.commando import Commando
from kern.fouten import DomeinFout, InvoerFout
from regeling.models import Tijdvak
from uitvoering.simulatie import FASEN, Simulatie
from uitvoering.simulatie.plan import aantallen
from uitvoering.simulatie.ronde import regeling_van, ronde_van
from uitvoering.simulatie.tabel import TABEL, Bekend, Vergelijking, vergelijk


class Command(Commando):
    help = (
        "Speelt tijdvakken uit het verleden op volle omvang na en legt de uitkomst naast de bekende cijfers. "
        "Alles samen duurt op een gewone computer ongeveer een uur, vooral door esf-e-voucher-2011 en "
        "innovatievoucher-2010. Eindigt met een fout als een cijfer afwijkt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("regelingen", nargs="*", metavar="REGELING", help="sleutels van regelingen")
        parser.add_argument("--alles", action="store_true", help="speel alle regelingen van de tabel na")
        parser.add_argument("--zaad", type=int, default=1, help="getal waarmee het is te herhalen (standaard 1)")
        parser.add_argument(
            "--tot", choices=FASEN[1:], default="verdelen", help="tot en met welke fase (standaard verdelen)"
        )

    def uitvoeren(self, **opties: Any) -> None:
        gekozen = [b for b in TABEL if opties["alles"] or b.regeling in opties["regelingen"]]
        onbekend = set(opties["regelingen"]) - {b.regeling for b in TABEL}
        if onbekend or not gekozen:
            raise InvoerFout(
                f"Deze regelingen staan niet in de tabel: {', '.join(sorted(onbekend))}."
                if onbekend
                else "Er is geen regeling gekozen.",
                actie=f"Kies uit {', '.join(dict.fromkeys(b.regeling for b in TABEL))}, of geef --alles.",
            )
        afwijkend, begin = 0, time.monotonic()
        for bekend in gekozen:
            start = time.monotonic()
            regels = self._speel(bekend, opties["zaad"], opties["tot"])
            self.stdout.write(f"{bekend.ronde or bekend.regeling} ({time.monotonic() - start:.0f} seconden)")
            for regel in regels:
                woord = "klopt" if regel.klopt else "WIJKT AF"
                self.stdout.write(f"  {regel.wat:<32}{_getal(regel.bekend):>14}{_getal(regel.nagespeeld):>14}  {woord}")
                afwijkend += not regel.klopt
        self.stdout.write(f"Samen {time.monotonic() - begin:.0f} seconden; {afwijkend} cijfers wijken af.")
        if afwijkend:
            raise DomeinFout("Niet alle cijfers kloppen.", actie="Bekijk de regels met “WIJKT AF”.")

    def _speel(self, bekend: Bekend, zaad: int, tot: str) -> list[Vergelijking]:
        regeling = regeling_van(bekend.regeling)
        aantal, aanvragers = aantallen(ronde_van(regeling, bekend.ronde), None, None)
        simulatie = Simulatie(
            regeling=regeling,
            aantal=aantal,
            aanvragers=aanvragers,
            zaad=zaad,
            voortgang=self.voortgang,
            ronde=bekend.ronde,
        )
        tijdvak = simulatie.speel(tot)
        regels = vergelijk(bekend.cijfers, cijfers_van(simulatie, tijdvak))
        if bekend.verhoging is not None:
            plafond_verhogen(
                tijdvak=tijdvak,
                bedrag=bekend.verhoging.bedrag,
                reden="Verhoging achteraf, nagespeeld",
                actor=None,
                op=tijdvak.verdeeld_op or tijdvak.sluit_op,
            )
            na = vergelijk(bekend.verhoging.daarna, cijfers_van(simulatie, tijdvak))
            regels += [Vergelijking(f"{r.wat}, na verhoging", r.bekend, r.nagespeeld) for r in na]
        return regels


def cijfers_van(simulatie: Simulatie, tijdvak: Tijdvak) -> dict[str, Any]:
    """The figures of a replay by the names of the table."""
    tijdvak = Tijdvak.objects.get(pk=tijdvak.pk)
    trechter = simulatie.trechter(tijdvak)
    ontvangen = Aanvraag.objects.filter(tijdvak=tijdvak, ingediend_op__isnull=False).order_by()
    return {
        **trechter.als_dict(),
        "overvraging_procent": trechter.gevraagd * 100 // trechter.plafond,
        "dagen": ontvangen.annotate(dag=TruncDate("ingediend_op")).values("dag").distinct().count(),
        "stappen": tijdvak.stap,
    }


def _getal(waarde: int) -> str:
    return f"{waarde:,}".replace(",", ".")
