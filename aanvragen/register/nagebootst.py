"""A stand-in for the KvK API, for the demonstration and the tests: the same form, invented data (R93).

The numbers of the list in R93 are the public test numbers of KvK; names, addresses and all else are our own invention.
Numbers that start with ``00`` are companies that cannot exist.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aanvragen.register.lezen import als_fout

SLEUTEL = "nagebootst"


class Stand(StrEnum):
    """How the stand-in behaves. The last three are kinds of wrong answers."""

    NORMAAL = "normaal"
    WEG = "weg"
    TRAAG = "traag"
    STUK = "stuk"
    ANDERE_VORM = "andere-vorm"
    ANDER_NUMMER = "ander-nummer"


@dataclass(frozen=True)
class Bedrijf:
    naam: str
    rechtsvorm: str
    sbi: str
    activiteit: str
    straat: str
    huisnummer: int
    postcode: str
    plaats: str
    personen: int = 1
    rsin: str | None = None
    einde: str | None = None
    handelsnamen: tuple[str, ...] = ()
    #: (street, number, postcode, place) of the branches besides the main one.
    neven: tuple[tuple[str, int, str, str], ...] = field(default=())


BEDRIJVEN: dict[str, Bedrijf] = {
    "69599084": Bedrijf(
        "Fietsmaker De Ketting", "Eenmanszaak", "95290", "Reparatie van fietsen", "Kettingpad", 4, "9711AA", "Groningen"
    ),
    "68750110": Bedrijf(
        "Roosterwerk B.V.",
        "Besloten Vennootschap",
        "62010",
        "Ontwikkelen van software",
        "Proeflaan",
        12,
        "3511AA",
        "Utrecht",
        28,
        "000000012",
        handelsnamen=("Roosterwerk", "Roosterwerk Academie"),
        neven=(("Kadeweg", 7, "5611AA", "Eindhoven"), ("Havenplein", 2, "3011AA", "Rotterdam")),
    ),
    "68727720": Bedrijf(
        "Groot & Zonen N.V.",
        "Naamloze Vennootschap",
        "25620",
        "Bewerken van metaal",
        "Smeltweg",
        100,
        "5611AB",
        "Eindhoven",
        640,
        "000000024",
    ),
    "69599068": Bedrijf(
        "Stichting Samen Beter Werken",
        "Stichting",
        "88990",
        "Overig maatschappelijk advies",
        "Overlegplein",
        1,
        "2511AA",
        "Den Haag",
        6,
        "000000036",
    ),
    "69599076": Bedrijf(
        "Bakkerij Deeg en Co",
        "Vennootschap onder firma",
        "10710",
        "Vervaardigen van brood",
        "Ovenstraat",
        8,
        "6811AA",
        "Arnhem",
        9,
        "000000048",
    ),
    "90001745": Bedrijf(
        "Maatschap Rustig & Recht",
        "Maatschap",
        "69103",
        "Rechtskundig advies",
        "Pleitersgracht",
        3,
        "8911AA",
        "Leeuwarden",
        4,
        "000000050",
    ),
    "00000101": Bedrijf(
        "Demo Zorgteam B.V.",
        "Besloten vennootschap met gewone structuur",
        "86912",
        "Praktijken van fysiotherapeuten",
        "Voorbeeldstraat",
        5,
        "3512AB",
        "Utrecht",
        32,
        "000000061",
    ),
    "00000102": Bedrijf(
        "Demo Gestopt B.V.",
        "Besloten Vennootschap",
        "47910",
        "Detailhandel via internet",
        "Eindweg",
        1,
        "1311AA",
        "Almere",
        0,
        "000000073",
        einde="20260131",
    ),
}
#: Public test number for which KvK answers with an error.
FOUTNUMMER = "90004973"


def _vestigingsnummer(kvk_nummer: str, volgnr: int) -> str:
    return f"{volgnr:04d}{kvk_nummer}"


def _adres(straat: str, nummer: int, postcode: str, plaats: str) -> dict[str, Any]:
    return {
        "type": "bezoekadres",
        "indAfgeschermd": "Nee",
        "volledigAdres": f"{straat} {nummer} {postcode} {plaats}",
        "straatnaam": straat,
        "huisnummer": nummer,
        "postcode": postcode,
        "plaats": plaats,
        "land": "Nederland",
    }


def _vestigingen(kvk: str, b: Bedrijf) -> list[tuple[str, str, dict[str, Any]]]:
    """(number, kind, address), the main branch first."""
    alle = [(b.straat, b.huisnummer, b.postcode, b.plaats), *b.neven]
    return [
        (_vestigingsnummer(kvk, nr), "nevenvestiging" if nr else "hoofdvestiging", _adres(*adres))
        for nr, adres in enumerate(alle)
    ]


def zoeken(kvk: str, b: Bedrijf) -> dict[str, Any]:
    actief = "Nee" if b.einde else "Ja"
    regels: list[dict[str, Any]] = [
        {
            "kvkNummer": kvk,
            "vestigingsnummer": nummer,
            "naam": b.naam,
            "type": soort,
            "actief": actief,
            "adres": {
                "binnenlandsAdres": {
                    "type": "bezoekadres",
                    "straatnaam": adres["straatnaam"],
                    "plaats": adres["plaats"],
                }
            },
            "links": [],
        }
        for nummer, soort, adres in _vestigingen(kvk, b)
    ]
    if b.rsin:
        regels.append(
            {"kvkNummer": kvk, "rsin": b.rsin, "naam": b.naam, "type": "rechtspersoon", "actief": actief, "links": []}
        )
    return {"pagina": 1, "resultatenPerPagina": 100, "totaal": len(regels), "resultaten": regels, "links": []}


def basisprofiel(kvk: str, b: Bedrijf) -> dict[str, Any]:
    nummer, _, adres = _vestigingen(kvk, b)[0]
    registratie = {"datumAanvang": "20150101", **({"datumEinde": b.einde} if b.einde else {})}
    return {
        "kvkNummer": kvk,
        "indNonMailing": "Ja",
        "naam": b.naam,
        "formeleRegistratiedatum": "20150105",
        "materieleRegistratie": registratie,
        "totaalWerkzamePersonen": b.personen,
        "handelsnamen": [{"naam": naam, "volgorde": nr} for nr, naam in enumerate((b.naam, *b.handelsnamen))],
        "sbiActiviteiten": [{"sbiCode": b.sbi, "sbiOmschrijving": b.activiteit, "indHoofdactiviteit": "Ja"}],
        "links": [],
        "_embedded": {
            "hoofdvestiging": {
                "vestigingsnummer": nummer,
                "kvkNummer": kvk,
                "rsin": b.rsin,
                "eersteHandelsnaam": b.naam,
                "indHoofdvestiging": "Ja",
                "adressen": [adres],
            },
            "eigenaar": {"rsin": b.rsin, "rechtsvorm": b.rechtsvorm, "uitgebreideRechtsvorm": b.rechtsvorm},
        },
    }


def vestigingsprofiel(kvk: str, b: Bedrijf, nummer: str) -> dict[str, Any]:
    for eigen, soort, adres in _vestigingen(kvk, b):
        if eigen == nummer:
            return {
                "vestigingsnummer": nummer,
                "kvkNummer": kvk,
                "rsin": b.rsin,
                "eersteHandelsnaam": b.naam,
                "indHoofdvestiging": "Ja" if soort == "hoofdvestiging" else "Nee",
                "adressen": [adres],
            }
    return als_fout("IPD0005", "Geen gegevens gevonden.")


def naamgeving(kvk: str, b: Bedrijf) -> dict[str, Any]:
    return {
        "kvkNummer": kvk,
        "rsin": b.rsin,
        "statutaireNaam": b.naam if b.rsin else None,
        "naam": b.naam,
        "startdatum": "20150101",
        "vestigingen": [
            {
                "vestigingsnummer": nummer,
                "eersteHandelsnaam": b.naam,
                "handelsnamen": [{"naam": naam, "volgorde": nr} for nr, naam in enumerate((b.naam, *b.handelsnamen))],
            }
            for nummer, _, _ in _vestigingen(kvk, b)
        ],
    }


def antwoord_op(pad: str, vraag: Mapping[str, list[str]]) -> tuple[int, dict[str, Any]]:
    """Status and body for a path of the API."""
    delen = pad.strip("/").split("/")
    nummer = vraag.get("kvkNummer", [""])[0] if delen == ["api", "v2", "zoeken"] else delen[-1]
    kvk = nummer[4:] if "vestigingsprofielen" in delen else nummer
    if kvk == FOUTNUMMER:
        return 500, als_fout("IPD1002", "Er is een technische fout opgetreden.")
    bedrijf = BEDRIJVEN.get(kvk)
    if bedrijf is None:
        return 404, als_fout("IPD0005", "Geen gegevens gevonden.")
    match delen[:3]:
        case ["api", "v2", "zoeken"]:
            return 200, zoeken(kvk, bedrijf)
        case ["api", "v1", "basisprofielen"]:
            return 200, basisprofiel(kvk, bedrijf)
        case ["api", "v1", "vestigingsprofielen"]:
            profiel = vestigingsprofiel(kvk, bedrijf, nummer)
            return (404 if "fout" in profiel else 200), profiel
        case ["api", "v1", "naamgevingen"]:
            return 200, naamgeving(kvk, bedrijf)
    return 404, als_fout("IPD9999", "Dit adres bestaat niet.")


class NagebootstRegister:
    """The stand-in as a server on this machine. Use as a context manager; ``stand`` can change while it runs."""

    def __init__(self, *, poort: int = 0, stand: Stand = Stand.NORMAAL, traag_seconden: float = 10.0) -> None:
        self.stand, self.traag_seconden = stand, traag_seconden
        #: Paths that were asked for, without what is after the question mark.
        self.gevraagd: list[str] = []
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", poort), self._handler())
        self._server.daemon_threads = True

    @property
    def adres(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def draai(self) -> None:
        """Serves until :meth:`stop`."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> NagebootstRegister:
        threading.Thread(target=self.draai, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stop()

    def _handler(register) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                delen = urlsplit(self.path)
                register.gevraagd.append(delen.path)
                if register.stand == Stand.TRAAG and register._stop.wait(register.traag_seconden):
                    return
                if self.headers.get("apikey") != SLEUTEL:
                    self._stuur(401, b'{"fout": "geen sleutel"}')
                    return
                status, inhoud = antwoord_op(delen.path, parse_qs(delen.query))
                match register.stand:
                    case Stand.WEG:
                        status, inhoud = 500, als_fout("IPD1002", "Er is een technische fout opgetreden.")
                    case Stand.STUK:
                        self._stuur(200, json.dumps(inhoud).encode()[:-7])
                        return
                    case Stand.ANDERE_VORM:
                        inhoud = {"kvkNummer": 1, "naam": ["geen", "naam"], "totaal": "veel", "resultaten": {}}
                    case Stand.ANDER_NUMMER:
                        status, inhoud = antwoord_op(*_ander(delen.path, parse_qs(delen.query)))
                self._stuur(status, json.dumps(inhoud).encode())

            def _stuur(self, status: int, inhoud: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(inhoud)))
                    self.end_headers()
                    self.wfile.write(inhoud)
                except OSError:
                    self.close_connection = True  # who asked did not wait for the answer

            def log_message(self, format: str, *args: object) -> None:
                """No log: the address holds a KvK number."""

        return Handler


def _ander(pad: str, vraag: Mapping[str, list[str]]) -> tuple[str, dict[str, list[str]]]:
    """The same question about another company."""
    nummer = "69599068"
    if pad.endswith("/zoeken"):
        return pad, {**vraag, "kvkNummer": [nummer]}
    vestiging = "vestigingsprofielen" in pad
    return f"{pad.rpartition('/')[0]}/{_vestigingsnummer(nummer, 0) if vestiging else nummer}", {}
