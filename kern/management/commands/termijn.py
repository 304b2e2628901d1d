"""``manage.py termijn``: the last day of a legal term with the reason (contract; R48-R52)."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, get_args

from django.core.management.base import CommandError, CommandParser

from kern.commando import Commando
from kern.feestdagen import controleer_dag, datum_tekst
from kern.fouten import InvoerFout
from kern.termijnen import Niveau, Opschorting, Termijn, Verdaging, bereken, lees_duur

T = TypeVar("T")


def _lees_dag(tekst: str) -> date:
    try:
        dag = datetime.strptime(tekst, "%Y-%m-%d").date()
    except ValueError:
        raise InvoerFout(f"'{tekst}' is geen datum.", actie="Schrijf de datum als jjjj-mm-dd.")
    controleer_dag(dag)
    return dag


def _lees_opschorting(tekst: str) -> Opschorting:
    van, teken, tot = tekst.partition(":")
    if not teken:
        raise InvoerFout(f"'{tekst}' is geen periode.", actie="Schrijf VAN:TOT met twee datums.")
    return Opschorting(_lees_dag(van), _lees_dag(tot))


def _lees_verdaging(tekst: str) -> Verdaging:
    return Verdaging(lees_duur(tekst))


def _argument(lees: Callable[[str], T]) -> Callable[[str], T]:
    """A reader whose refusal is wrong usage (exit code 2) with our own message."""

    def lezer(tekst: str) -> T:
        try:
            return lees(tekst)
        except InvoerFout as fout:
            raise ArgumentTypeError(str(fout))

    return lezer


class Command(Commando):
    requires_system_checks = ()  # pure arithmetic: needs no database and no addresses
    help = (
        "Rekent de laatste dag uit van een termijn die begint op de dag na START, en legt uit waarom. "
        "Volgt de Algemene termijnenwet: feestdagen, gelijkgestelde dagen en de grenzen van artikel 4."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        dag, duur = _argument(_lees_dag), _argument(lees_duur)
        parser.add_argument(
            "--start", required=True, type=dag, metavar="DATUM", help="dag van de gebeurtenis (jjjj-mm-dd)"
        )
        parser.add_argument(
            "--duur", required=True, type=duur, metavar="DUUR", help="lengte: 28d, 8w, 6m of 2j (dagen, weken, ...)"
        )
        parser.add_argument(
            "--niveau", required=True, choices=get_args(Niveau), help="waar de termijn staat; een brief is een besluit"
        )
        parser.add_argument("--json", action="store_true", help="schrijf de uitkomst als JSON")
        parser.add_argument(
            "--doorschuiven", action="store_true", help="de regeling schuift de laatste dag door naar een werkdag"
        )
        parser.add_argument("--terug", action="store_true", help="reken terug vanaf START in plaats van vooruit")
        parser.add_argument(
            "--opschorting",
            action="append",
            default=[],
            type=_argument(_lees_opschorting),
            metavar="VAN:TOT",
            help="de termijn staat stil vanaf VAN en loopt weer op TOT; mag vaker",
        )
        parser.add_argument(
            "--verdaging",
            action="append",
            default=[],
            type=_argument(_lees_verdaging),
            metavar="DUUR",
            help="verlenging van de termijn, bijvoorbeeld 6w; mag vaker",
        )

    def uitvoeren(self, **opties: Any) -> None:
        try:
            termijn = Termijn(
                start=opties["start"],
                duur=opties["duur"],
                niveau=opties["niveau"],
                doorschuiven=opties["doorschuiven"],
                terugrekenend=opties["terug"],
                opschortingen=tuple(opties["opschorting"]),
                verdagingen=tuple(opties["verdaging"]),
            )
        except InvoerFout as fout:
            raise CommandError(str(fout), returncode=2)
        uitkomst = bereken(termijn)
        if opties["json"]:
            self.stdout.write(json.dumps(uitkomst.als_dict(), ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"Laatste dag: {datum_tekst(uitkomst.laatste_dag, weekdag=True)} ({uitkomst.laatste_dag})")
        for stap in uitkomst.stappen:
            self.stdout.write(f"- {stap}")
        if uitkomst.waarschuwing:
            self.stderr.write(uitkomst.waarschuwing)
