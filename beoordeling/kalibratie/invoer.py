"""The file of ``kalibreer``: ``aanvraag;thema;beoordelaar;score`` in UTF-8. Every error at once, by line and column.

Nothing is guessed: a field is text as it stands (spaces around it off), a score is a number with a point or a comma.
A score that was not given is a line that is not there.
"""

from __future__ import annotations

import csv
import io
import re

from beoordeling.kalibratie.ontwerp import Score
from kern.fouten import BestandFout, Regelfout

KOLOMMEN = ("aanvraag", "thema", "beoordelaar", "score")
MAXIMUM_BYTES = 100_000_000
_GETAL = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")


def lees_scores(naam: str, data: bytes) -> list[Score]:
    """The scores of a file. BestandFout with every line that is wrong (a repeated pair, an application in two themes,
    a field too many, an empty name, a score that is no number)."""
    fouten: list[Regelfout] = []
    tekst = _tekst(naam, data)
    lezer = csv.reader(io.StringIO(tekst, newline=""), delimiter=";", strict=True)
    scores: list[Score] = []
    thema_van: dict[str, tuple[str, int]] = {}
    paar_op: dict[tuple[str, str], int] = {}
    kolommen: list[str] = []
    regel = 1
    try:
        for velden in lezer:
            begin, regel = regel, lezer.line_num + 1
            if not velden:
                continue
            velden = [veld.strip() for veld in velden]
            if not kolommen:
                kolommen = velden
                _controleer_kop(naam, kolommen, begin)
                continue
            if len(velden) != len(kolommen):
                melding = f"Er staan {len(velden)} velden, dat moeten er {len(kolommen)} zijn."
                fouten.append(Regelfout(f"regel {begin}", "velden", melding))
                continue
            rij = dict(zip(kolommen, velden, strict=True))
            eigen = _rijfouten(rij, begin, thema_van, paar_op)
            fouten += eigen
            if not eigen:
                waarde = float(rij["score"].replace(",", "."))
                scores.append(Score(rij["aanvraag"], rij["thema"], rij["beoordelaar"], waarde))
    except csv.Error:
        melding = "Een veld met aanhalingstekens klopt niet of wordt niet afgesloten. Controleer de aanhalingstekens."
        fouten.append(Regelfout(f"regel {regel}", "aanhalingstekens", melding))
    if not kolommen or (not scores and not fouten):
        fouten.append(Regelfout("het bestand", "inhoud", "Er staan geen scores in. Geef een kopregel en rijen."))
    if fouten:
        raise _geweigerd(naam, fouten)
    return scores


def _geweigerd(naam: str, fouten: list[Regelfout]) -> BestandFout:
    aantal = "1 fout" if len(fouten) == 1 else f"{len(fouten)} fouten"
    actie = "Verbeter het bestand en bied het opnieuw aan. Er is niets berekend."
    return BestandFout(f"{naam} is niet ingelezen: {aantal}.", fouten, actie=actie)


def _tekst(naam: str, data: bytes) -> str:
    """UTF-8 text, with or without BOM, or BestandFout."""
    if len(data) > MAXIMUM_BYTES:
        raise _geweigerd(naam, [Regelfout("het bestand", "omvang", "Het bestand is groter dan 100 MB. Splits het.")])
    try:
        tekst = data.decode("utf-8-sig")
    except UnicodeDecodeError as fout:
        plek = f"regel {data.count(10, 0, fout.start) + 1}"
        melding = "Dit is geen tekst in UTF-8. Bewaar het blad als 'CSV UTF-8'."
        raise _geweigerd(naam, [Regelfout(plek, "tekens", melding)]) from fout
    if "\0" in tekst:
        plek = f"regel {tekst.count(chr(10), 0, tekst.index(chr(0))) + 1}"
        melding = "Dit is geen gewone tekst. Bewaar het blad als 'CSV UTF-8'."
        raise _geweigerd(naam, [Regelfout(plek, "tekens", melding)])
    return tekst


def _controleer_kop(naam: str, kolommen: list[str], regel: int) -> None:
    """Each of the four columns once, and no other: an unknown one may be a misspelt one."""
    plek = f"regel {regel}"
    fouten = []
    for kolom in KOLOMMEN:
        if kolommen.count(kolom) != 1:
            wat = "ontbreekt" if kolom not in kolommen else "staat er meer dan een keer"
            kop = ";".join(KOLOMMEN)
            fouten.append(Regelfout(plek, kolom, f"De kolom '{kolom}' {wat}. De kop is: {kop}"))
    for kolom in kolommen:
        if kolom not in KOLOMMEN:
            fouten.append(Regelfout(plek, kolom[:40], "Deze kolom is onbekend. Haal hem weg."))
    if fouten:
        raise _geweigerd(naam, fouten)


def _rijfouten(
    rij: dict[str, str], regel: int, thema_van: dict[str, tuple[str, int]], paar_op: dict[tuple[str, str], int]
) -> list[Regelfout]:
    plek = f"regel {regel}"
    fouten = [
        Regelfout(plek, kolom, f"Het veld is leeg. Vul de {kolom} in.")
        for kolom in ("aanvraag", "beoordelaar")
        if not rij[kolom]
    ]
    score = rij["score"]
    if not score:
        fouten.append(Regelfout(plek, "score", "Het veld is leeg. Laat de hele regel weg als er geen score is."))
    elif not _GETAL.fullmatch(score):
        fouten.append(Regelfout(plek, "score", f"'{score[:40]}' is geen getal. Schrijf bijvoorbeeld 73,75 of 73.75."))
    if not rij["aanvraag"] or not rij["beoordelaar"]:
        return fouten
    thema, eerste = thema_van.setdefault(rij["aanvraag"], (rij["thema"], regel))
    if thema != rij["thema"]:
        melding = f"Aanvraag {rij['aanvraag']} heeft op regel {eerste} een ander thema. Kies een van de twee."
        fouten.append(Regelfout(plek, "thema", melding))
    vorige = paar_op.setdefault((rij["aanvraag"], rij["beoordelaar"]), regel)
    if vorige != regel:
        melding = f"Deze beoordelaar scoort {rij['aanvraag']} ook op regel {vorige}. Laat een van de twee weg."
        fouten.append(Regelfout(plek, "beoordelaar", melding))
    return fouten
