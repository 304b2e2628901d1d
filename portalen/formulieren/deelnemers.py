"""The members of a consortium: one line per member, so that a list from a spreadsheet can be pasted as it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from aanvragen.models import Aanvraag
from aanvragen.services.deelnemers import Deelnemergegevens, deelnemersfouten
from portalen.formulieren.concept import Stapformulier, Tekstveld
from portalen.formulieren.medewerker import Medewerkerformulier
from portalen.formulieren.velden import BedragVeld
from regeling.schema import Regelingspec

#: Longest text: a thousand members of a hundred characters.
MAXIMUM_TEKENS = 100_000


class Vertrekformulier(Medewerkerformulier):
    """Why a member leaves a granted group."""

    reden = forms.CharField(
        label=_l("Waarom vertrekt deze deelnemer?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class DeelnemersStap(Stapformulier):
    """``KvK-nummer; naam; rol; kosten`` per line, with role and costs only where the scheme asks for them."""

    def opbouwen(self) -> None:
        self.fields["deelnemers"] = Tekstveld(
            label=_("Wie doen er mee?"), help_text=_hulp(self.spec), maximum=MAXIMUM_TEKENS
        )
        self.fields["deelnemers"].widget.attrs["rows"] = 16
        self.nodig = {"deelnemers"}

    def clean_deelnemers(self) -> str:
        tekst: str = self.cleaned_data["deelnemers"]
        lees_deelnemers(tekst, self.spec)
        return tekst

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        return {"deelnemers": als_tekst(aanvraag)}

    def gegevens(self) -> list[Deelnemergegevens] | None:
        """The members; ``None`` when the text could not be read."""
        tekst = self.geldig().get("deelnemers")
        return None if tekst is None else lees_deelnemers(tekst, self.spec)


def kolommen(spec: Regelingspec) -> list[str]:
    """What stands on a line, in order."""
    eis = spec.aanvrager.consortium
    namen = [_("KvK-nummer"), _("naam")]
    if eis is not None and eis.rollen:
        namen.append(_("rol"))
    if eis is not None and eis.bedrag_per_deelnemer:
        namen.append(_("kosten"))
    return namen


def _hulp(spec: Regelingspec) -> str:
    eis = spec.aanvrager.consortium
    regels = [
        _("Zet elke deelnemer op een eigen regel: %(kolommen)s. Zet een puntkomma of een tab ertussen.")
        % {"kolommen": ", ".join(kolommen(spec))},
        _("U kunt een lijst uit een rekenblad plakken."),
    ]
    if eis is not None:
        if eis.max is not None:
            regels.append(_("Er zijn %(van)d tot en met %(tot)d deelnemers.") % {"van": eis.min, "tot": eis.max})
        else:
            regels.append(_("Er zijn minstens %(van)d deelnemers.") % {"van": eis.min})
        if eis.rollen:
            namen = ", ".join(rol.code for rol in eis.rollen)
            regels.append(_("Kies als rol een van: %(namen)s.") % {"namen": namen})
    return " ".join(regels)


def lees_deelnemers(tekst: str, spec: Regelingspec) -> list[Deelnemergegevens]:
    """The members of a text; ValidationError that names each line that cannot be read."""
    namen, fouten, uit = kolommen(spec), [], []
    eis = spec.aanvrager.consortium
    met_rol, met_kosten = bool(eis and eis.rollen), bool(eis and eis.bedrag_per_deelnemer)
    for nr, regel in enumerate((r for r in tekst.splitlines() if r.strip()), 1):
        delen = [deel.strip() for deel in regel.replace("\t", ";").split(";")]
        if len(delen) != len(namen):
            fouten.append(_("Regel %(nr)d: zet hier %(kolommen)s.") % {"nr": nr, "kolommen": ", ".join(namen)})
            continue
        kosten: Decimal | None = None
        if met_kosten:
            try:
                kosten = BedragVeld().clean(delen[-1])
            except ValidationError:
                fouten.append(_("Regel %(nr)d: “%(tekst)s” is geen bedrag.") % {"nr": nr, "tekst": delen[-1]})
                continue
        kvk = delen[0].replace(" ", "").replace(".", "")
        uit.append(Deelnemergegevens(kvk, delen[1], delen[2].lower() if met_rol else "", kosten))
    fouten = fouten or deelnemersfouten(uit, spec)
    if fouten:
        raise ValidationError([ValidationError(fout) for fout in fouten])
    return uit


def als_tekst(aanvraag: Aanvraag) -> str:
    """The stored members as the form shows them."""
    eis = aanvraag.tijdvak.spec.aanvrager.consortium
    regels = []
    for rij in aanvraag.deelnemers.all():
        delen = [rij.kvk_nummer, rij.naam]
        if eis is not None and eis.rollen:
            delen.append(rij.rol)
        if eis is not None and eis.bedrag_per_deelnemer:
            delen.append(f"{rij.kosten:.2f}".replace(".", ",").removesuffix(",00") if rij.kosten is not None else "")
        regels.append("; ".join(delen))
    return "\n".join(regels)
