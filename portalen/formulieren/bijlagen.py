"""Uploads: one file input per attachment that the scheme asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from aanvragen.services.nasturen import Upload
from portalen.formulieren.concept import Conceptveld
from portalen.presentatie.regelingtekst import bijlage_eisen
from regeling.schema_delen import Bijlagespec

#: Extensions for the file chooser; what a file really is, is decided by its content.
ACCEPT = {soort: f".{soort}" for soort in ("pdf", "png", "docx", "xlsx", "odt", "ods")} | {"jpg": ".jpg,.jpeg"}
MB = 1024 * 1024


class Bestandskeuze(forms.FileInput):
    """A file chooser, for one file or (``meer``) several at once."""

    allow_multiple_selected = True

    def __init__(self, *, meer: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if meer:
            self.attrs["multiple"] = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else super().value_from_datadict(data, files, name)


class Uploadveld(forms.FileField):
    """A file that may be empty or of the wrong kind: the service says what is wrong. Only size is judged here,
    before the bytes are read."""

    def __init__(self, *, maximum_mb: int, **kwargs: Any) -> None:
        kwargs.setdefault("allow_empty_file", True)
        super().__init__(**kwargs)
        self.maximum_mb = maximum_mb

    def clean(self, data: Any, initial: Any = None) -> Any:
        bestand = super().clean(data, initial)
        if isinstance(bestand, UploadedFile) and (bestand.size or 0) > self.maximum_mb * MB:
            grootte = f"{(bestand.size or 0) / MB:.1f}".replace(".", ",")
            raise ValidationError(
                _("“%(naam)s” is te groot: %(grootte)s MB. Een bestand mag hoogstens %(maximum)d MB zijn. "
                  "Maak het kleiner of splits het.")
                % {"naam": bestand.name, "grootte": grootte, "maximum": self.maximum_mb}
            )  # fmt: skip
        return bestand


class Uploadsveld(Uploadveld):
    """At most ``aantal`` files at once, at least one where it is required; cleans to a list."""

    def __init__(self, *, aantal: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.aantal = aantal

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        gekozen = [deel for deel in data if deel] if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not gekozen:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(gekozen) > self.aantal:
            raise ValidationError(
                _("U koos %(n)d bestanden. U kunt er hier hoogstens %(maximum)d tegelijk sturen.")
                % {"n": len(gekozen), "maximum": self.aantal}
            )
        return [super(Uploadsveld, self).clean(deel, initial) for deel in gekozen]


def uploadveld(bijlage: Bijlagespec, *, vervangt: bool, ruimte: int | None = None, oud: str = "") -> Uploadsveld:
    """``ruimte``: how many more files of this kind fit; ``oud``: name of the file that the new one replaces."""
    aantal = bijlage.aantal_maximum if ruimte is None else max(1, ruimte)
    if oud:
        label = _("Kies het bestand dat “%(oud)s” vervangt") % {"oud": oud}
    else:
        label = (_("Ander bestand voor “%(naam)s”") if vervangt else _("Kies een bestand voor “%(naam)s”")) % {
            "naam": bijlage.naam
        }
    return Uploadsveld(
        label=label,
        help_text=bijlage_eisen(bijlage, meer=aantal > 1 and not oud),
        required=False,
        max_length=200,
        maximum_mb=bijlage.maximum_mb,
        aantal=1 if oud else aantal,
        widget=Bestandskeuze(
            meer=aantal > 1 and not oud, attrs={"accept": ",".join(ACCEPT[soort] for soort in bijlage.soorten)}
        ),
    )


class Bijlagenformulier(forms.Form):
    """One input per attachment. ``aanwezig``: how many files there are, by code; ``vervang``: (code, name) of the file
    that is to be replaced."""

    bound_field_class = Conceptveld

    def __init__(
        self,
        specs: list[Bijlagespec],
        aanwezig: dict[str, int],
        *args: Any,
        vervang: tuple[str, str] = ("", ""),
        **kwargs: Any,
    ) -> None:
        self.nodig = {bijlage.code for bijlage in specs}  # the heading says which ones are optional
        super().__init__(*args, **kwargs)
        for bijlage in specs:
            er, enkel = aanwezig.get(bijlage.code, 0), bijlage.aantal_maximum == 1
            self.fields[bijlage.code] = uploadveld(
                bijlage,
                vervangt=enkel and er > 0,
                ruimte=1 if enkel else bijlage.aantal_maximum - er,
                oud=vervang[1] if vervang[0] == bijlage.code else "",
            )

    def gekozen(self) -> list[tuple[str, UploadedFile]]:
        """Chosen files that are not too large, with their code."""
        return gekozen_uit(self.cleaned_data)


def gekozen_uit(gegevens: dict[str, Any]) -> list[tuple[str, UploadedFile]]:
    """The files among read values, with the name of their field."""
    return [
        (naam, bestand)
        for naam, waarde in gegevens.items()
        if isinstance(waarde, list)
        for bestand in waarde
        if isinstance(bestand, UploadedFile)
    ]


def als_uploads(bestanden: list[tuple[str, UploadedFile]]) -> list[Upload]:
    """As the service takes them."""
    return [Upload(code, bestand.name or code, bestand.read()) for code, bestand in bestanden]
