"""The error family: a domain error has a code and is translated once, at the edge.

A form shows ``melding`` above the page, the API turns the error into problem+json, a command prints it and
exits with ``exitcode``. Every message is plain Dutch (B1) and says what to do (``actie``).
"""

from __future__ import annotations

from dataclasses import dataclass


class DomeinFout(Exception):
    """A request that the rules refuse. Nothing was changed.

    ``code``: stable, lower case with hyphens; part of the API. ``melding``: what is wrong.
    ``actie``: what the reader can do about it. ``http_status``: 4xx for the web. ``exitcode``: 1 refused, 2 usage.
    """

    code = "geweigerd"
    http_status = 409
    exitcode = 1

    def __init__(self, melding: str, *, actie: str = "", code: str | None = None, veld: str | None = None) -> None:
        super().__init__(melding)
        self.melding = melding
        self.actie = actie
        self.veld = veld
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.melding} {self.actie}".strip()


class OvergangFout(DomeinFout):
    """The state of the object does not allow this step (any more)."""

    code = "overgang-niet-toegestaan"


class InvoerFout(DomeinFout):
    """Input that has the right shape but breaks a rule."""

    code = "ongeldige-invoer"
    http_status = 400


class RechtenFout(DomeinFout):
    """The person may not do this."""

    code = "geen-recht"
    http_status = 403


class OpslagFout(DomeinFout):
    """The file cannot be written now: the disk is full (507) or the storage does not answer (503). Nothing was kept of
    it; everything else was (F9)."""

    def __init__(self, *, vol: bool, naam: str) -> None:
        super().__init__(
            f"Wij kunnen “{naam}” nu niet bewaren. Dat ligt aan ons, niet aan uw bestand.",
            actie="De rest van uw gegevens is bewaard. Probeer het over een uur opnieuw.",
            code="opslag-vol" if vol else "opslag-onbereikbaar",
        )
        self.http_status = 507 if vol else 503


class PlafondFout(DomeinFout):
    """The ceiling does not leave room (Awb 4:25, R29)."""

    code = "plafond-bereikt"


@dataclass(frozen=True)
class Regelfout:
    """One error in an imported file: ``plek`` is a line number or a key path, ``kolom`` the column or rule."""

    plek: str
    kolom: str
    melding: str

    def __str__(self) -> str:
        return f"{self.plek}, {self.kolom}: {self.melding}" if self.kolom else f"{self.plek}: {self.melding}"


class BestandFout(InvoerFout):
    """A file that was refused as a whole, with a line-by-line report."""

    code = "bestand-geweigerd"

    def __init__(self, melding: str, fouten: list[Regelfout], *, actie: str = "") -> None:
        super().__init__(melding, actie=actie or "Verbeter het bestand en bied het opnieuw aan. Er is niets gewijzigd.")
        self.fouten = fouten

    def verslag(self, maximum: int = 50) -> str:
        """The report as text: one line per error, at most ``maximum`` of them."""
        regels = [self.melding, *(f"  - {fout}" for fout in self.fouten[:maximum])]
        if len(self.fouten) > maximum:
            regels.append(f"  ... en nog {len(self.fouten) - maximum} fouten")
        return "\n".join([*regels, self.actie])
