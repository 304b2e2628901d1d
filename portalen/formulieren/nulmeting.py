"""Reading the definition, and where the applicant stands now for each chosen objective (never obligatory, R45)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aanvragen.models import Aanvraag
from portalen.formulieren.concept import Stapformulier, Tekstveld, bedrag_uit_tekst
from portalen.formulieren.velden import BedragVeld
from regeling.enums import Doel
from regeling.schema_delen import Nulmetingvraag

_l = gettext_lazy
#: Longest answer in words.
LANGSTE_ANTWOORD = 2000


class DefinitieStap(Stapformulier):
    """The closed definition: to read, nothing to fill in."""


class Getalveld(BedragVeld):
    """A number with at most two decimals, read like an amount and shown without the euro sign."""

    widget = forms.TextInput  # type: ignore[assignment]  # the stubs forbid another widget
    default_error_messages = {
        "ongeldig": _l("Vul een getal in met cijfers, bijvoorbeeld 12 of 4,5."),
        "dubbelzinnig": _l("Dit getal kunnen wij op twee manieren lezen. Schrijf het zonder punt, bijvoorbeeld 1200."),
        "decimalen": _l("Gebruik ten hoogste 2 cijfers achter de komma, bijvoorbeeld 4,25."),
        "te_groot": _l("Dit getal is te groot. Controleer het aantal cijfers."),
        "negatief": _l("Vul het getal in zonder minteken."),
        "minimum": _l("Vul een getal in van ten minste %(grens)s."),
        "maximum": _l("Vul een getal in van ten hoogste %(grens)s."),
    }

    def grens(self, getal: Decimal) -> str:
        return f"{getal.normalize():f}".replace(".", ",")


def metingveld(vraag: Nulmetingvraag) -> forms.Field:
    """The field for a baseline question, by its kind of answer."""
    uitleg = " ".join(vraag.uitleg.split())
    if vraag.soort == "schaal":
        uiteinden = {1: vraag.laag, 5: vraag.hoog}
        return forms.TypedChoiceField(
            label=vraag.tekst,
            help_text=uitleg,
            choices=[(n, f"{n}: {uiteinden[n]}" if uiteinden.get(n) else str(n)) for n in range(1, 6)],
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
        )
    if vraag.soort == "getal":
        eenheid = _("In %(eenheid)s.") % {"eenheid": vraag.eenheid} if vraag.eenheid else ""
        minimum, maximum = vraag.grenzen
        return Getalveld(label=vraag.tekst, help_text=f"{eenheid} {uitleg}".strip(), minimum=minimum, maximum=maximum)
    return Tekstveld(label=vraag.tekst, help_text=uitleg, maximum=LANGSTE_ANTWOORD)


class NulmetingStap(Stapformulier):
    """The questions of the chosen objectives; without an application (the list of all questions): every question."""

    def opbouwen(self) -> None:
        doelen = self.initial.get("doelen")
        self.vragen = [
            # An answer that was typed is read, also when a colleague just took that objective away.
            vraag
            for vraag in self.spec.nulmeting
            if doelen is None or vraag.doel in doelen or vraag.sleutel in self.data
        ]
        for vraag in self.vragen:
            self.fields[vraag.sleutel] = metingveld(vraag)

    @property
    def groepen(self) -> list[tuple[str, list[Any]]]:
        """Name of the objective and its fields."""
        uit: dict[str, list[Any]] = {}
        for vraag in self.vragen:
            uit.setdefault(str(Doel(vraag.doel).label), []).append(self[vraag.sleutel])
        return list(uit.items())

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        antwoorden = aanvraag.antwoorden
        return {"doelen": aanvraag.doelen} | {
            vraag.sleutel: bedrag_uit_tekst(antwoorden.get(vraag.sleutel))
            if vraag.soort == "getal"
            else antwoorden.get(vraag.sleutel)
            for vraag in aanvraag.tijdvak.spec.nulmeting_voor(aanvraag.doelen)
        }

    def antwoorden(self) -> dict[str, Any]:
        """The answers as they are stored: numbers as text, because JSON has no decimals."""
        return {
            sleutel: f"{waarde.normalize():f}" if isinstance(waarde, Decimal) else waarde
            for sleutel, waarde in self.geldig().items()
        }
