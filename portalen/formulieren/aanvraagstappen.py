"""The steps of an application that are plain forms: organisation, project, themes, questions, declarations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aanvragen.models import Aanvraag
from portalen.formulieren.concept import Aantalveld, Stapformulier, Tekstveld, bedrag_uit_tekst
from portalen.formulieren.organisatie import organisatievelden, uit_organisatie
from portalen.formulieren.velden import BedragVeld, DatumVeld, IbanVeld, TelefoonVeld
from regeling.enums import Doel
from regeling.schema import Regelingspec
from regeling.schema_delen import Vraagspec


def keuze_met_uitleg(naam: str, uitleg: str | None) -> str | SafeString:
    """Label of a choice: the name, and under it what it means."""
    if not uitleg:
        return naam[:1].upper() + naam[1:]
    return format_html(
        '{}<span class="stimulans-takenlijst__hint">{}</span>', naam[:1].upper() + naam[1:], " ".join(uitleg.split())
    )


def organisatievelden_voor(spec: Regelingspec) -> list[str]:
    """Fields of the organisation that this scheme looks at."""
    eis = spec.aanvrager
    namen = ["werkzame_personen", "omvang_jaar"]
    if eis.mkb:
        namen += ["omzet", "balanstotaal", "omvang_vorig"]
    if eis.rechtsvormen:
        namen.append("rechtsvorm")
    if eis.sectoren is not None:
        namen += ["sbi_code", "sbi_versie"]
    if eis.provincies or any(pot.soort == "provincie" for t in spec.tijdvakken for pot in t.subplafonds):
        namen.append("provincie")
    return namen


class OrganisatieStap(Stapformulier):
    """Contact person, what the scheme asks about the organisation, and the account number."""

    aanvraagvelden = ("contactpersoon", "contact_email", "contact_telefoon", "vestigingsnummer", "iban")

    def opbouwen(self) -> None:
        self.fields["contactpersoon"] = forms.CharField(
            label=_("Naam van de contactpersoon"),
            max_length=200,
            help_text=_("Met deze persoon nemen wij contact op over de aanvraag."),
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )
        self.fields["contact_email"] = forms.EmailField(
            label=_("E-mailadres van de contactpersoon"),
            max_length=254,
            help_text=_("Hierop krijgt u onze berichten."),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"invalid": _("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")},
        )
        self.fields["contact_telefoon"] = TelefoonVeld(
            label=_("Telefoonnummer"), widget=forms.TextInput(attrs={"autocomplete": "tel"})
        )
        vestigingen = (self.initial or {}).get("vestigingen", [])
        if len(vestigingen) > 1:
            self.fields["vestigingsnummer"] = forms.ChoiceField(
                label=_("Voor welke vestiging vraagt u aan?"),
                choices=[("", _("Voor de hele organisatie")), *vestigingen],
                help_text=_("Deze vestigingen staan in het Handelsregister."),
            )
        alle = organisatievelden()
        for naam in organisatievelden_voor(self.spec):
            self.fields[naam] = alle[naam]
        self.fields["iban"] = IbanVeld(
            label=_("Rekeningnummer (IBAN) van uw organisatie"),
            help_text=_("Wij hebben dit pas nodig als wij u geld betalen. U mag het ook later invullen."),
        )
        self.nodig = {"contactpersoon", "contact_email"}
        eis = self.spec.aanvrager
        if eis.mkb or eis.werkzame_personen_min:
            self.nodig |= {"werkzame_personen"}
        if eis.mkb:
            self.nodig |= {"omzet", "balanstotaal"}
        self.nodig |= {"rechtsvorm", "sbi_code", "sbi_versie", "provincie"} & set(self.fields)

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        velden = organisatievelden_voor(aanvraag.tijdvak.spec)
        bekend = uit_organisatie(aanvraag.organisatie)
        return {
            **{naam: getattr(aanvraag, naam) for naam in cls.aanvraagvelden},
            **{naam: bekend[naam] for naam in velden},
            "vestigingen": [
                [rij.nummer, f"{rij.naam}, {rij.plaats}" if rij.plaats else rij.naam]
                for rij in aanvraag.organisatie.vestigingen.all()
            ],
        }

    def van_aanvraag(self) -> dict[str, Any]:
        return {naam: waarde for naam, waarde in self.geldig().items() if naam in self.aanvraagvelden}

    def van_organisatie(self) -> dict[str, Any]:
        return {naam: waarde for naam, waarde in self.geldig().items() if naam not in self.aanvraagvelden}


class ProjectStap(Stapformulier):
    samen: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"start_op", "eind_op"}),)

    def opbouwen(self) -> None:
        eis = self.spec.project
        self.fields["titel"] = forms.CharField(
            label=_("Titel van het project"), max_length=200, help_text=_("Een korte naam, hoogstens 200 tekens.")
        )
        self.fields["omschrijving"] = Tekstveld(
            label=_("Wat gaat u doen?"),
            maximum=5000,
            help_text=_("Beschrijf het project in gewone woorden. Hoogstens 5.000 tekens."),
        )
        hulp = _("Bijvoorbeeld 1 3 2027.")
        if eis.start_na_besluit:
            hulp = _("Kies een dag na ons besluit. Wat u eerder doet, vergoeden wij niet. Bijvoorbeeld 1 3 2027.")
        self.fields["start_op"] = DatumVeld(label=_("Wanneer begint het project?"), help_text=hulp)
        hulp = ""
        if eis.duur_maximum_maanden is not None:
            hulp = _("Het project duurt hoogstens %(n)d maanden.") % {"n": eis.duur_maximum_maanden}
        self.fields["eind_op"] = DatumVeld(label=_("Wanneer is het project klaar?"), help_text=hulp)
        # Dates that are not known yet do not block (R45); the officer asks for them.
        self.nodig = {"titel", "omschrijving"}

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        begin, einde = gegevens.get("start_op"), gegevens.get("eind_op")
        if begin and einde and einde < begin:
            self.add_error("eind_op", _("Het einde van het project ligt vóór het begin. Controleer de datums."))
        return gegevens

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        return {naam: getattr(aanvraag, naam) for naam in ("titel", "omschrijving", "start_op", "eind_op")}


class ThemaStap(Stapformulier):
    samen: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"themas", "hoofdthema"}),)

    def opbouwen(self) -> None:
        spec = self.spec
        if spec.themas:
            self.fields["themas"] = forms.MultipleChoiceField(
                label=_("Welke thema’s passen bij uw project?"),
                choices=[(thema.code, keuze_met_uitleg(thema.naam, thema.uitleg)) for thema in spec.themas],
                widget=forms.CheckboxSelectMultiple,
                help_text=_hoeveel(spec.themakeuze.minimum, spec.themakeuze.maximum or len(spec.themas)),
            )
            if spec.themakeuze.minimum:
                self.nodig.add("themas")
        if spec.themas and spec.themakeuze.hoofdthema:
            self.fields["hoofdthema"] = forms.ChoiceField(
                label=_("Welk thema is het belangrijkst?"),
                choices=[("", _("Maak een keuze")), *((t.code, keuze_met_uitleg(t.naam, None)) for t in spec.themas)],
                help_text=_("Kies een thema dat u hierboven ook hebt aangekruist. Dit gebruiken wij voor rapporten."),
            )
        if spec.doelen.maximum:
            self.fields["doelen"] = forms.MultipleChoiceField(
                label=_("Wat wilt u met het project verbeteren?"),
                choices=Doel.choices,
                widget=forms.CheckboxSelectMultiple,
                help_text=_hoeveel(spec.doelen.minimum, spec.doelen.maximum),
            )
            if spec.doelen.minimum:
                self.nodig.add("doelen")

    def clean(self) -> dict[str, Any]:
        gegevens = super().clean() or {}
        hoofd = gegevens.get("hoofdthema")
        if hoofd and "themas" in gegevens and hoofd not in gegevens["themas"]:
            self.add_error("hoofdthema", _("Kies een thema dat u hierboven ook hebt aangekruist."))
        return gegevens

    def codes(self) -> list[str] | None:
        """Chosen themes, the main one first; ``None`` when they could not be read."""
        gegevens = self.geldig()
        if "themas" not in gegevens:
            return None
        hoofd = gegevens.get("hoofdthema")
        return sorted(gegevens["themas"], key=lambda code: code != hoofd)

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        gekozen = list(aanvraag.gekozen_themas.select_related("thema").order_by("thema__volgorde"))
        uit: dict[str, Any] = {"doelen": aanvraag.doelen}
        if aanvraag.tijdvak.spec.themas:
            uit["themas"] = [rij.thema.code for rij in gekozen]
            if aanvraag.tijdvak.spec.themakeuze.hoofdthema:
                uit["hoofdthema"] = next((rij.thema.code for rij in gekozen if rij.hoofd), "")
        return uit


def _hoeveel(minimum: int, maximum: int) -> str:
    if minimum == maximum:
        return _("Kies er precies %(n)d.") % {"n": minimum}
    if not minimum:
        return _("Kies er hoogstens %(n)d.") % {"n": maximum}
    return _("Kies er %(van)d tot en met %(tot)d.") % {"van": minimum, "tot": maximum}


class VragenStap(Stapformulier):
    """The questions of the scheme; the code of a question is the name of its field."""

    def opbouwen(self) -> None:
        for vraag in self.spec.vragen:
            self.fields[vraag.code] = vraagveld(vraag)
            if vraag.verplicht:
                self.nodig.add(vraag.code)

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        soorten = {vraag.code: vraag.soort for vraag in aanvraag.tijdvak.spec.vragen}
        return {code: _gelezen(soort, aanvraag.antwoorden.get(code)) for code, soort in soorten.items()}

    def antwoorden(self) -> dict[str, Any]:
        """The answers as they are stored: amounts as text, because JSON has no decimals."""
        return {code: str(waarde) if isinstance(waarde, Decimal) else waarde for code, waarde in self.geldig().items()}


class PlaatsenStap(Stapformulier):
    """How many places in the course; at most one whole group."""

    def opbouwen(self) -> None:
        leergang = self.spec.leergang
        hulp = ""
        if leergang is not None:
            hulp = _("Een groep heeft hoogstens %(n)d deelnemers. Meer kunt u niet vragen.") % {
                "n": leergang.groep_maximum
            }
        self.fields["gevraagd_stuks"] = Aantalveld(label=_("Hoeveel plaatsen vraagt u?"), help_text=hulp, min_value=1)
        self.nodig = {"gevraagd_stuks"}

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        return {"gevraagd_stuks": aanvraag.gevraagd_stuks}


def _gelezen(soort: str, waarde: Any) -> Any:
    return bedrag_uit_tekst(waarde) if soort == "bedrag" else waarde


#: An explanation that is longer stands folded under the question, so that the questions themselves stay in sight.
KORTE_UITLEG = 120


def vraagveld(vraag: Vraagspec) -> forms.Field:
    """The field for a question of the scheme; a long explanation is ``veld.uitleg``, a short one the hint."""
    uitleg = " ".join((vraag.uitleg or "").split())
    veld = _vraagveld(vraag, uitleg if len(uitleg) <= KORTE_UITLEG else "")
    if len(uitleg) > KORTE_UITLEG:
        veld.uitleg = uitleg  # type: ignore[attr-defined]  # read by formulieren/veld.html
    return veld


def _vraagveld(vraag: Vraagspec, hint: str) -> forms.Field:
    basis: dict[str, Any] = {"label": vraag.tekst, "help_text": hint}
    if vraag.soort == "ja_nee":
        return forms.TypedChoiceField(
            **basis,
            choices=[("True", _("Ja")), ("False", _("Nee"))],
            coerce=lambda waarde: waarde == "True",
            empty_value=None,
            widget=forms.RadioSelect(attrs={"class": "stimulans-keuzes--naast-elkaar"}),
        )
    if vraag.soort == "keuze":
        return forms.ChoiceField(**basis, choices=[(keuze, keuze) for keuze in vraag.keuzes], widget=forms.RadioSelect)
    if vraag.soort == "bedrag":
        return BedragVeld(**basis, maximum=Decimal("99999999999"))
    if vraag.soort == "aantal":
        return Aantalveld(**basis)
    if vraag.maximum_tekens:
        grens = _("Hoogstens %(n)s tekens.") % {"n": f"{vraag.maximum_tekens:,}".replace(",", ".")}
        basis["help_text"] = f"{basis['help_text']} {grens}".strip()
    return Tekstveld(**basis, maximum=vraag.maximum_tekens)


class VerklaringenStap(Stapformulier):
    def opbouwen(self) -> None:
        for verklaring in self.spec.verklaringen:
            self.fields[verklaring.code] = forms.BooleanField(
                label=" ".join(verklaring.tekst.split())
                + ("" if verklaring.verplicht else f" {_('(niet verplicht)')}"),
                help_text=" ".join((verklaring.uitleg or "").split()),
            )

    @classmethod
    def begin(cls, aanvraag: Aanvraag) -> dict[str, Any]:
        gegeven = dict(aanvraag.verklaringen.values_list("code", "akkoord"))
        return {v.code: gegeven.get(v.code) for v in aanvraag.tijdvak.spec.verklaringen}  # None: not answered yet
