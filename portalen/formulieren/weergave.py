"""Renders every Django form with our templates: set ``FORM_RENDERER = "portalen.formulieren.weergave.Weergave"``.

``{{ form }}`` gives the error summary, then the fields. ``{{ veld.as_field_group }}`` gives one field with label, hint
and error. The ``<form method="post" novalidate>`` element and the buttons belong to the page.

Own engine, so that Django's widget templates can be replaced without touching the template settings of the site:
templates are sought in ``portalen/formulieren/django/forms``, then in Django, then in the apps.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext

from portalen.formulieren.datum import ALLE_VAKKEN, DatumWidget

STANDAARD_VERPLICHT = forms.Field.default_error_messages["required"]
EIGEN_MAP = Path(__file__).resolve().parent.parent / "templates" / "portalen" / "formulieren"


def verplichtmelding(veld: forms.Field, label: str) -> str:
    """What to do about an empty field. Understandable in the error summary, away from the field itself."""
    if isinstance(veld, forms.BooleanField):
        return gettext("Zet een vinkje bij “%(label)s”.") % {"label": label}
    if isinstance(veld, forms.FileField):
        return gettext("Kies een bestand bij “%(label)s”.") % {"label": label}
    if isinstance(veld, forms.ChoiceField | forms.ModelChoiceField):
        return gettext("Maak een keuze bij “%(label)s”.") % {"label": label}
    if label.endswith("?"):
        return gettext("Geef antwoord op de vraag “%(label)s”.") % {"label": label}
    return gettext("Vul “%(label)s” in.") % {"label": label}


class Veldweergave(BoundField):
    """A field on a page. Adds what the templates need and replaces Django's bare "this field is required"."""

    def __init__(self, form: Any, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        # The form holds its own copy of the field; a message given by the form writer is left alone.
        if field.error_messages.get("required") is STANDAARD_VERPLICHT:
            field.error_messages["required"] = verplichtmelding(field, str(self.label))

    @property
    def use_fieldset(self) -> bool:
        """A file input is one control; only together with "remove this file" is it a group."""
        widget = self.field.widget
        if isinstance(widget, forms.ClearableFileInput):
            return widget.is_initial(self.value()) and not self.field.required
        return widget.use_fieldset

    @property
    def anker(self) -> str:
        """Id of the first control, for the link in the error summary."""
        if not self.auto_id:
            return ""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect):
            return self.subwidgets[0].id_for_label or "" if self.subwidgets else ""
        if isinstance(widget, forms.MultiWidget):
            return f"{widget.attrs.get('id') or self.auto_id}_{self.foute_vakken[0]}"
        return self.id_for_label

    @property
    def foute_vakken(self) -> tuple[int, ...]:
        """Which boxes of a date the first error is about; all of them when it does not say."""
        for fout in self.form.errors.as_data().get(self.name, []) if self.form.is_bound else []:
            return tuple((fout.params or {}).get("vakken", ALLE_VAKKEN))
        return ALLE_VAKKEN

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> Any:
        """The control; of a date only the boxes with the error are marked as wrong."""
        if isinstance(self.field.widget, DatumWidget):
            self.field.widget.foute_vakken = self.foute_vakken
        return super().as_widget(widget, attrs, only_initial)

    @property
    def is_vinkje(self) -> bool:
        """One check box, whose label stands beside it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def niet_verplicht(self) -> bool:
        """Whether to add "(niet verplicht)". A form of filters switches it off: ``toon_niet_verplicht = False``."""
        if self.field.required or self.field.disabled or self.is_vinkje:
            return False
        return bool(getattr(self.form, "toon_niet_verplicht", True))


class Weergave(DjangoTemplates):
    """The form renderer of the portal."""

    form_template_name = "portalen/formulieren/formulier.html"
    formset_template_name = "portalen/formulieren/formset.html"
    field_template_name = "portalen/formulieren/veld.html"
    bound_field_class = Veldweergave

    @cached_property
    def engine(self) -> Any:
        van_django = Path(django.forms.__file__).resolve().parent / "templates"
        return self.backend(
            {"APP_DIRS": True, "DIRS": [EIGEN_MAP, van_django], "NAME": "stimulansforms", "OPTIONS": {}}
        )
