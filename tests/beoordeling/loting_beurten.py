"""The second implementation with a notebook: how the money stood at every turn. Shares no code with ours."""

from __future__ import annotations

import json
from typing import Any

from tests.beoordeling.tweede_loting import Aanvraag, TweedeLoting

Beurt = dict[str, Any]


class BeurtenLoting(TweedeLoting):
    """``beurten``: label → its turns in the walk that was made last (the division makes two with a rest round)."""

    beurten: dict[str, list[Beurt]]

    def ronde(self, alleen_plafond: bool) -> None:
        if not alleen_plafond or not hasattr(self, "beurten"):
            self.beurten = {}
        gesloten: dict[str, tuple[str, int]] = {}
        for aanvraag in self.aanvragen:
            if aanvraag.stand != "RESERVE":
                continue
            potten = ["*"] if alleen_plafond else ["*", *aanvraag.potten]
            voor = {pot: self.over[pot] for pot in potten}
            dicht = {pot: gesloten[pot] for pot in potten if pot in gesloten}
            genoten = self._al_in_groep(aanvraag)
            self._beslis(aanvraag, potten, gesloten, genoten)
            self.beurten.setdefault(aanvraag.kenmerk, []).append(
                {"ruimte": voor, "dicht": dicht, "groep": genoten, "uitkomst": aanvraag.status}
            )

    def _al_in_groep(self, aanvraag: Aanvraag) -> int:
        if aanvraag.groep is None:
            return 0
        return len([a for a in self.aanvragen if a.stand == "TOEGEKEND" and a.groep == aanvraag.groep])

    def _beslis(
        self, aanvraag: Aanvraag, potten: list[str], gesloten: dict[str, tuple[str, int]], genoten: int
    ) -> None:
        if aanvraag.groep is not None and genoten >= self.afspraak["per_groep"]:
            aanvraag.stand = "GROEP"
            return
        if [p for p in potten if p in gesloten]:
            return
        minste = min(self.over[p] for p in potten)
        if aanvraag.bedrag <= minste:
            self.ken_toe(aanvraag, aanvraag.bedrag, potten)
        elif self.afspraak["regel"] != "SKIP":
            krap = [p for p in potten if self.over[p] < aanvraag.bedrag]
            gesloten.update({p: (aanvraag.kenmerk, self.over[p]) for p in krap})
            if self.afspraak["regel"] == "DEEL" and minste > 0:
                self.ken_toe(aanvraag, minste, potten)

    def muteer(self, soort: str, kenmerk: str, bedrag: int) -> None:
        self.beurten = {}
        super().muteer(soort, kenmerk, bedrag)


def beurten_van(bestanden: dict[str, bytes]) -> tuple[BeurtenLoting, list[dict[str, Any]]]:
    """The division with its turns, and after each line of the log: status, room and turns."""
    invoer = (
        bestanden["deelnemers.csv"].decode(),
        bestanden["protocol.json"],
        json.loads(bestanden["bronwaarden.json"]),
    )
    verdeling, loopt = BeurtenLoting(*invoer), BeurtenLoting(*invoer)
    na = []
    for regel in bestanden.get("mutaties.csv", b"").decode().splitlines()[1:]:
        _nr, soort, kenmerk, bedrag = regel.split(";")
        loopt.muteer(soort, kenmerk, int(bedrag))
        na.append({"status": loopt.status(), "ruimte": dict(loopt.over), "beurten": dict(loopt.beurten)})
    return verdeling, na
