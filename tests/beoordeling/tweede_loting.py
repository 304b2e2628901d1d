"""A second, naive implementation of LOTING-HKDF-SHA256-1, written from the definition and sharing no code with ours.

One object per application, everything recomputed on the spot; slow and literal, to compare the real one with.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field


@dataclass
class Aanvraag:
    kenmerk: str
    bedrag: int
    potten: list[str]
    groep: str | None
    rang: str
    lot: str = ""
    stand: str = "RESERVE"
    toegekend: int = 0
    betaald_uit: list[str] = field(default_factory=list)

    @property
    def status(self) -> int | str:
        return self.toegekend if self.stand == "TOEGEKEND" else self.stand


class TweedeLoting:
    """``aanvragen`` in draw order; ``over`` is the room per pot. ``muteer`` changes the standing."""

    def __init__(self, deelnemers: str, protocol: bytes, bronnen: dict, extra_mee: str | None = None) -> None:
        self.invoer = (deelnemers, protocol, bronnen)
        self.afspraak = json.loads(protocol)
        self.over = {"*": self.afspraak["plafond_cent"]}
        self.over.update(self.afspraak["potten"])
        self.aanvragen: list[Aanvraag] = []
        for regel in deelnemers.strip().split("\n")[1:]:
            kenmerk, bedrag, potten, groep, rang = regel.split(";")
            self.aanvragen.append(
                Aanvraag(
                    kenmerk,
                    int(bedrag),
                    [] if potten == "-" else potten.split("+"),
                    None if groep == "-" else groep,
                    rang,
                )
            )
        ikm = b""
        for bron in self.afspraak["bronnen"]:
            ikm += bron["id"].encode() + b"=" + bronnen[bron["id"]].encode() + b"\n"
        self.prk = hmac.new(hashlib.sha256(protocol).digest(), ikm, hashlib.sha256).digest()
        for aanvraag in self.aanvragen:
            aanvraag.lot = hmac.new(self.prk, aanvraag.kenmerk.encode() + bytes([1]), hashlib.sha256).hexdigest()
        self.aanvragen.sort(key=lambda a: (a.lot, a.kenmerk))
        groepen: dict[str, list[Aanvraag]] = {}
        for aanvraag in self.aanvragen:
            groepen.setdefault(aanvraag.rang, []).append(aanvraag)
        rangen = sorted(groepen) if self.afspraak["richting"] == "OP" else sorted(groepen)[::-1]
        self.aanvragen = [aanvraag for rang in rangen for aanvraag in groepen[rang]]
        for aanvraag in self.aanvragen:
            if aanvraag.kenmerk in bronnen.get("uitgesloten", []) and aanvraag.kenmerk != extra_mee:
                aanvraag.stand = "UIT"
        self.ronde(alleen_plafond=False)
        if self.afspraak["restronde"]:
            self.ronde(alleen_plafond=True)

    def ronde(self, alleen_plafond: bool) -> None:
        gesloten: list[str] = []
        for aanvraag in self.aanvragen:
            if aanvraag.stand != "RESERVE":
                continue
            genoten = [a for a in self.aanvragen if a.stand == "TOEGEKEND" and a.groep == aanvraag.groep]
            if aanvraag.groep is not None and len(genoten) >= self.afspraak["per_groep"]:
                aanvraag.stand = "GROEP"
                continue
            potten = ["*"] if alleen_plafond else ["*"] + aanvraag.potten
            if [p for p in potten if p in gesloten]:
                continue
            minste = min(self.over[p] for p in potten)
            if aanvraag.bedrag <= minste:
                self.ken_toe(aanvraag, aanvraag.bedrag, potten)
            elif self.afspraak["regel"] != "SKIP":
                gesloten += [p for p in potten if self.over[p] < aanvraag.bedrag]
                if self.afspraak["regel"] == "DEEL" and minste > 0:
                    self.ken_toe(aanvraag, minste, potten)

    def ken_toe(self, aanvraag: Aanvraag, bedrag: int, potten: list[str]) -> None:
        aanvraag.stand, aanvraag.toegekend, aanvraag.betaald_uit = "TOEGEKEND", bedrag, potten
        for pot in potten:
            self.over[pot] -= bedrag

    def zoek(self, kenmerk: str) -> Aanvraag:
        return [a for a in self.aanvragen if a.kenmerk == kenmerk][0]

    def muteer(self, soort: str, kenmerk: str, bedrag: int) -> None:
        if soort == "VERHOGING":
            self.over[kenmerk] += bedrag
        elif soort == "VERLAGING":
            aanvraag = self.zoek(kenmerk)
            for pot in aanvraag.betaald_uit:
                self.over[pot] += aanvraag.toegekend - bedrag
            aanvraag.toegekend = bedrag
        elif soort == "HERSTEL":
            aanvraag = self.zoek(kenmerk)
            toen = TweedeLoting(*self.invoer, extra_mee=kenmerk).zoek(kenmerk)
            if toen.stand == "TOEGEKEND":
                self.ken_toe(aanvraag, toen.toegekend, toen.betaald_uit)
                return
            aanvraag.stand = "RESERVE"
        else:
            aanvraag = self.zoek(kenmerk)
            had_toekenning = aanvraag.stand == "TOEGEKEND"
            if had_toekenning:
                for pot in aanvraag.betaald_uit:
                    self.over[pot] += aanvraag.toegekend
            aanvraag.stand = "INGETROKKEN" if soort == "INTREKKING" else "UIT"
            for ander in self.aanvragen:
                if had_toekenning and aanvraag.groep and ander.groep == aanvraag.groep and ander.stand == "GROEP":
                    ander.stand = "RESERVE"
        self.ronde(alleen_plafond=self.afspraak["restronde"])

    def status(self) -> dict[str, int | str]:
        return {a.kenmerk: a.status for a in self.aanvragen}
