"""The adviser and the references, in the application and later with the voucher."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag, Adviseur
from aanvragen.services.conceptadviseur import Adviesgegevens, Referentiegegeven
from portalen.formulieren.concept import Stapformulier
from portalen.formulieren.velden import KvkVeld, TelefoonVeld
from portalen.presentatie.regelingtekst import opsomming
from regeling.schema import Regelingspec

#: Rows that the screen shows at most.
MAXIMUM_REFERENTIES = 10


def _mailfout() -> dict[str, str]:
    return {"invalid": _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")}


def adviesvelden() -> dict[str, forms.Field]:
    """Who the adviser is."""
    return {
        "naam": forms.CharField(label=_("Naam van de adviseur"), max_length=200),
        "email": forms.EmailField(label=_("E-mailadres van de adviseur"), max_length=254, error_messages=_mailfout()),
        "bureau_naam": forms.CharField(
            label=_("Naam van het bureau"), max_length=200, help_text=_("Als de adviseur bij een bureau werkt.")
        ),
        "bureau_kvk": KvkVeld(label=_("KvK-nummer van het bureau"), help_text=_("8 cijfers.")),
    }


def referentievelden() -> dict[str, forms.Field]:
    """One earlier client of the adviser."""
    return {
        "organisatie": forms.CharField(label=_("Organisatie"), max_length=200),
        "contactpersoon": forms.CharField(label=_("Contactpersoon bij die organisatie"), max_length=200),
        "email": forms.EmailField(
            label=_("E-mailadres van de contactpersoon"),
            max_length=254,
            help_text=_("Hierop vragen wij om een bevestiging. Vertel dat de contactpersoon bericht krijgt."),
            error_messages=_mailfout(),
        ),
        "opdracht": forms.CharField(label=_("Wat deed de adviseur daar?"), max_length=300),
        "kvk_nummer": KvkVeld(label=_("KvK-nummer van die organisatie"), help_text=_("8 cijfers.")),
        "telefoon": TelefoonVeld(label=_("Telefoonnummer van de contactpersoon")),
    }


def uit_adviseur(adviseur: Adviseur | None) -> dict[str, Any]:
    """Stored values by field name."""
    bureau = adviseur.bureau if adviseur else None
    return {
        "naam": adviseur.naam if adviseur else "",
        "email": adviseur.email if adviseur else "",
        "bureau_naam": bureau.naam if bureau else "",
        "bureau_kvk": bureau.kvk_nummer if bureau else "",
    }


class AdviseurStap(Stapformulier):
    """The adviser and as many references as the scheme asks (or as were kept)."""

    def __init__(self, spec: Regelingspec, *args: Any, **kwargs: Any) -> None:
        eerder = sum(1 for naam in kwargs.get("initial") or {} if naam.endswith("_organisatie"))
        self.aantal = min(max(spec.adviseur.referenties, eerder), MAXIMUM_REFERENTIES)
        super().__init__(spec, *args, **kwargs)

    def opbouwen(self) -> None:
        self.fields.update(adviesvelden())
        self.nodig = {"naam", "email"}
        if self.spec.adviseur.alternatieven:
            self.fields["gecertificeerd"] = forms.BooleanField(
                label=_("Voor de adviseur geldt: %(lijst)s")
                % {"lijst": opsomming(self.spec.adviseur.alternatieven, _("of"))},
                help_text=_("Dan hoeft u geen referenties in te vullen. Wij controleren dit."),
            )
        for nr in range(1, self.aantal + 1):
            self.fields.update({f"ref{nr}_{naam}": veld for naam, veld in referentievelden().items()})
            if nr <= self.spec.adviseur.referenties and not self.spec.adviseur.alternatieven:
                self.nodig |= {f"ref{nr}_{naam}" for naam in ("organisatie", "contactpersoon", "email")}

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        if gegevens.get("bureau_naam") and gegevens.get("bureau_kvk") == "":
            self.add_error("bureau_kvk", _("Vul ook het KvK-nummer van het bureau in. Zonder nummer vervalt de naam."))
        return gegevens

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        adviseur = aanvraag.adviseur
        uit = uit_adviseur(adviseur)
        if aanvraag.tijdvak.spec.adviseur.alternatieven:
            uit["gecertificeerd"] = bool(adviseur and adviseur.gecertificeerd)
        for nr, referentie in enumerate(aanvraag.referenties.all(), 1):
            uit.update({f"ref{nr}_{naam}": getattr(referentie, naam) for naam in referentievelden()})
        return uit

    def eenheden(self) -> list[tuple[str, ...]]:
        """A reference is one thing: half of one and half of another would be nobody."""
        groepen = [tuple(f"ref{nr}_{naam}" for naam in referentievelden()) for nr in range(1, self.aantal + 1)]
        return [(naam,) for naam in self.fields if not naam.startswith("ref")] + groepen

    @property
    def adviseurgroep(self) -> list[Any]:
        return [self[naam] for naam in self.fields if not naam.startswith("ref")]

    @property
    def referentiegroepen(self) -> list[list[Any]]:
        return [[self[f"ref{nr}_{naam}"] for naam in referentievelden()] for nr in range(1, self.aantal + 1)]

    def adviesgegevens(self) -> Adviesgegevens | None:
        """The adviser as typed, what could not be read as it was stored; ``None`` when the fields are empty."""
        waarden = self._met_opgeslagen(["naam", "email", "bureau_naam", "bureau_kvk", "gecertificeerd"])
        if not any(waarden[naam] for naam in ("naam", "email", "bureau_naam", "bureau_kvk")):
            return None
        return Adviesgegevens(
            naam=waarden["naam"],
            email=waarden["email"],
            bureau_naam=waarden["bureau_naam"],
            bureau_kvk=waarden["bureau_kvk"],
            gecertificeerd=bool(waarden["gecertificeerd"]),
        )

    def referenties(self) -> list[Referentiegegeven]:
        """The rows in which something stands."""
        rijen = []
        for nr in range(1, self.aantal + 1):
            waarden = self._met_opgeslagen([f"ref{nr}_{naam}" for naam in referentievelden()])
            if any(waarden.values()):
                rijen.append(Referentiegegeven(*waarden.values()))
        return rijen

    def _met_opgeslagen(self, namen: list[str]) -> dict[str, Any]:
        """Read values; for a field with an error what was kept before, so that nothing is lost."""
        geldig = self.geldig()
        return {naam: geldig.get(naam, self.initial.get(naam, "")) or "" for naam in namen}
