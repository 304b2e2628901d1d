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
ACCEPT = {"pdf": ".pdf", "png": ".png", "jpg": ".jpg,.jpeg"}
MB = 1024 * 1024


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


def uploadveld(bijlage: Bijlagespec, *, vervangt: bool) -> Uploadveld:
    return Uploadveld(
        label=(_("Ander bestand voor “%(naam)s”") if vervangt else _("Kies een bestand voor “%(naam)s”"))
        % {"naam": bijlage.naam},
        help_text=bijlage_eisen(bijlage),
        required=False,
        max_length=200,
        maximum_mb=bijlage.maximum_mb,
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPT[soort] for soort in bijlage.soorten)}),
    )


class Bijlagenformulier(forms.Form):
    """One input per attachment; ``aanwezig``: codes that have a file already."""

    bound_field_class = Conceptveld

    def __init__(self, specs: list[Bijlagespec], aanwezig: set[str], *args: Any, **kwargs: Any) -> None:
        self.nodig = {bijlage.code for bijlage in specs}  # the heading says which ones are optional
        super().__init__(*args, **kwargs)
        for bijlage in specs:
            self.fields[bijlage.code] = uploadveld(bijlage, vervangt=bijlage.code in aanwezig)

    def gekozen(self) -> dict[str, UploadedFile]:
        """Chosen files that are not too large, by code."""
        return gekozen_uit(self.cleaned_data)


def gekozen_uit(gegevens: dict[str, Any]) -> dict[str, UploadedFile]:
    """The files among read values, by field name."""
    return {naam: waarde for naam, waarde in gegevens.items() if isinstance(waarde, UploadedFile)}


def als_uploads(bestanden: dict[str, UploadedFile]) -> list[Upload]:
    """As the service takes them."""
    return [Upload(code, bestand.name or code, bestand.read()) for code, bestand in bestanden.items()]
