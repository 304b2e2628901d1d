"""The closed list of placeholders in letters of a scheme file, and how they are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kern.fouten import InvoerFout

_ALLE = frozenset({"verlening", "afwijzing", "buiten_behandeling", "vaststelling"})
_PLAATSHOUDER = re.compile(r"\{([^{}]*)\}")

#: Name -> (explanation, kinds of letter in which it has a value).
PLAATSHOUDERS: dict[str, tuple[str, frozenset[str]]] = {
    "kenmerk": ("het kenmerk van de aanvraag", _ALLE),
    "organisatie": ("de naam van de aanvrager", _ALLE),
    "kvk_nummer": ("het KvK-nummer van de aanvrager", _ALLE),
    "regeling": ("de naam van de regeling", _ALLE),
    "tijdvak": ("de naam van het tijdvak", _ALLE),
    "project": ("de titel van het project", _ALLE),
    "datum_aanvraag": ("de dag waarop de aanvraag is ingediend", _ALLE),
    "datum_besluit": ("de datum van het besluit", _ALLE),
    "bedrag_gevraagd": ("het gevraagde bedrag", _ALLE),
    "plafond": ("het subsidieplafond van het tijdvak", _ALLE),
    "artikel": ("het artikel waarop het besluit rust", _ALLE),
    "uitvoerder": ("de organisatie die de regeling uitvoert", _ALLE),
    "ondertekenaar": ("namens wie is ondertekend", _ALLE),
    "bezwaar_adres": ("het adres voor een bezwaarschrift", _ALLE),
    "bezwaar_tot": ("de laatste dag om bezwaar te maken", _ALLE),
    "bedrag": ("het verleende of vastgestelde bedrag", frozenset({"verlening", "vaststelling"})),
    "percentage": ("het percentage van de kosten dat wordt vergoed", frozenset({"verlening", "vaststelling"})),
    "bedrag_voorschot": ("het bedrag dat vooraf wordt betaald", frozenset({"verlening"})),
    "uiterste_startdatum": ("de laatste dag waarop het project mag beginnen", frozenset({"verlening"})),
    "einddatum_project": ("de laatste dag van het project", frozenset({"verlening", "vaststelling"})),
    "uiterste_datum_declaratie": ("de laatste dag om te declareren", frozenset({"verlening"})),
    "voucher_geldig_tot": ("de laatste dag waarop de voucher geldig is", frozenset({"verlening"})),
    "vouchercode": ("de code van de voucher", frozenset({"verlening"})),
    "rangnummer": ("de plaats op de ranglijst of lotinglijst", frozenset({"verlening", "afwijzing"})),
    "aantal_aanvragen": ("hoeveel aanvragen er in het tijdvak waren", frozenset({"verlening", "afwijzing"})),
    "aantal_toegekend": ("hoeveel aanvragen zijn toegekend", frozenset({"verlening", "afwijzing"})),
    "grond": ("de reden van het besluit", frozenset({"afwijzing", "buiten_behandeling", "vaststelling"})),
    "datum_verzoek": ("de dag waarop om aanvulling is gevraagd", frozenset({"buiten_behandeling"})),
    "datum_hersteltermijn": ("de laatste dag om aan te vullen", frozenset({"buiten_behandeling"})),
    "bedrag_verleend": ("het eerder verleende bedrag", frozenset({"vaststelling"})),
    "bedrag_betaald": ("wat al is betaald", frozenset({"vaststelling"})),
    "bedrag_terug": ("wat de ontvanger terugbetaalt", frozenset({"vaststelling"})),
}


def plaatshouders_voor(soort: str) -> list[str]:
    """The placeholders that have a value in this kind of letter, in the order of the list."""
    return [naam for naam, (_, soorten) in PLAATSHOUDERS.items() if soort in soorten]


def plaatshouders_in(tekst: str) -> list[str]:
    """The placeholders used in a text, in order, each once."""
    return list(dict.fromkeys(_PLAATSHOUDER.findall(tekst)))


def onjuiste_plaatshouders(tekst: str, soort: str) -> Iterator[str]:
    """What is wrong with the placeholders of a text, one message per fault."""
    bekend = plaatshouders_voor(soort)
    for naam in plaatshouders_in(tekst):
        if naam not in PLAATSHOUDERS:
            yield f"De plaatshouder {{{naam}}} bestaat niet. Kies uit: {', '.join(bekend)}."
        elif naam not in bekend:
            yield f"De plaatshouder {{{naam}}} heeft geen waarde in een brief van soort '{soort}'. Haal hem weg."
    if re.search(r"[{}]", _PLAATSHOUDER.sub("", tekst)):
        yield "Er staat een losse accolade in de tekst. Schrijf een plaatshouder als {kenmerk}."


def vul_in(tekst: str, waarden: Mapping[str, str]) -> str:
    """The text with its placeholders filled in. Values are put in as they are, never read as placeholders themselves.

    Raises InvoerFout when a value is missing: a letter never goes out with a hole in it.
    """
    ontbreekt = [naam for naam in plaatshouders_in(tekst) if not waarden.get(naam)]
    if ontbreekt:
        raise InvoerFout(
            f"De brief mist een waarde voor: {', '.join(ontbreekt)}.",
            actie="Vul de gegevens van het dossier aan en maak de brief opnieuw.",
            code="brief-onvolledig",
        )
    return _PLAATSHOUDER.sub(lambda treffer: waarden[treffer.group(1)], tekst)
