"""Every Django form gets our look, and every field a label, a hint and an error that belong together."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from portalen.formulieren.velden import BedragVeld, DatumVeld, KvkVeld
from portalen.formulieren.weergave import STANDAARD_VERPLICHT, Weergave


@pytest.fixture(autouse=True)
def _nederlands():
    with translation.override("nl"):
        yield


class Lezer(HTMLParser):
    """Elements of a page as (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elementen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elementen.append((tag, dict(attrs)))

    def met(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        gezocht = {naam.rstrip("_").replace("_", "-"): waarde for naam, waarde in attrs.items()}
        return [e for t, e in self.elementen if t == tag and all(e.get(n) == w for n, w in gezocht.items())]

    def ids(self) -> list[str]:
        return [e["id"] for _t, e in self.elementen if e.get("id")]


class Alles(forms.Form):
    naam = forms.CharField(label="Naam", help_text="Zoals in het <register>.")
    tekst = forms.CharField(label="Toelichting", required=False, widget=forms.Textarea)
    aantal = forms.IntegerField(label="Aantal")
    kvk = KvkVeld(label="KvK-nummer")
    bedrag = BedragVeld(label="Bedrag", help_text="Zonder btw.")
    start = DatumVeld(label="Wanneer begint u?", help_text="Bijvoorbeeld 1 3 2027.")
    keuze = forms.ChoiceField(label="Provincie", choices=[("", "Kies"), ("ZE", "Zeeland")])
    groep = forms.ChoiceField(label="Groep", choices=[("Kop", [("a", "A")]), ("b", "B")], widget=forms.RadioSelect)
    vinkjes = forms.MultipleChoiceField(
        label="Thema’s", help_text="Meer mag.", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    akkoord = forms.BooleanField(label="Ik ga akkoord", help_text="Lees eerst de voorwaarden.")
    bestand = forms.FileField(label="Offerte")
    geheim = forms.CharField(initial="s", widget=forms.HiddenInput)


def formulier(data=None, **kwargs) -> Alles:
    return Alles(data, renderer=Weergave(), **kwargs)


def test_every_control_has_exactly_one_name():
    html = Lezer(str(formulier()))
    labels = {e["for"] for e in html.met("label")}
    velden = [e for tag in ("input", "select", "textarea") for e in html.met(tag) if e.get("type") != "hidden"]
    assert len(velden) == 15
    assert {e["id"] for e in velden} == labels
    assert len(html.ids()) == len(set(html.ids()))


def test_classes_per_kind_of_widget():
    html = Lezer(str(formulier()))
    assert [e["class"] for e in html.met("input", name="naam")] == ["utrecht-textbox"]
    assert [e["class"] for e in html.met("textarea")] == ["utrecht-textarea"]
    assert [e["class"] for e in html.met("select")] == ["utrecht-select"]
    assert [e["class"] for e in html.met("input", type="radio")] == ["utrecht-radio-button"] * 2
    assert [e["class"] for e in html.met("input", type="checkbox")] == ["utrecht-checkbox"] * 3
    assert [e["class"] for e in html.met("input", type="file")] == ["stimulans-bestandskeuze"]
    assert [e["class"] for e in html.met("input", name="kvk")] == ["utrecht-textbox stimulans-breedte-10"]
    assert [e.get("class") for e in html.met("input", name="geheim")] == [None]


def test_groups_are_fieldsets_with_a_legend():
    tekst = str(formulier())
    html = Lezer(tekst)
    assert len(html.met("fieldset")) == 3
    for legenda in ("Wanneer begint u?", "Groep", "Thema’s"):
        assert f'<legend class="utrecht-form-fieldset__legend">{legenda}</legend>' in tekst
    assert [e.get("aria-describedby") for e in html.met("fieldset")] == [
        "id_start_helptext",
        None,
        "id_vinkjes_helptext",
    ]


def test_date_has_three_labelled_boxes():
    html = Lezer(str(formulier()["start"].as_field_group()))
    assert [(e["name"], e["id"], e["inputmode"]) for e in html.met("input")] == [
        ("start_dag", "id_start_0", "numeric"),
        ("start_maand", "id_start_1", "numeric"),
        ("start_jaar", "id_start_2", "numeric"),
    ]
    ingevuld = Lezer(str(formulier(initial={"start": date(2027, 3, 1)})["start"]))
    assert [e["value"] for e in ingevuld.met("input")] == ["1", "3", "2027"]


def test_hint_and_error_are_tied_to_the_control():
    gebonden = formulier({"bedrag": "18,000"})
    html = Lezer(gebonden["bedrag"].as_field_group())
    (invoer,) = html.met("input")
    assert invoer["aria-describedby"] == "id_bedrag_helptext id_bedrag_error"
    assert invoer["aria-invalid"] == "true"
    assert invoer["class"] == "utrecht-textbox utrecht-textbox--invalid stimulans-breedte-10"
    assert invoer["value"] == "18,000"
    assert {"id_bedrag_helptext", "id_bedrag_error"} <= set(html.ids())


def test_help_text_is_escaped_unless_marked_safe():
    assert "Zoals in het &lt;register&gt;." in formulier()["naam"].as_field_group()

    class Veilig(forms.Form):
        naam = forms.CharField(help_text=mark_safe("<a href='/x'>Uitleg</a>"))

    assert "<a href='/x'>Uitleg</a>" in Veilig(renderer=Weergave())["naam"].as_field_group()


def test_placeholder_is_not_rendered():
    class Plaats(forms.Form):
        naam = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Naam", "autocomplete": "name"}))

    (invoer,) = Lezer(str(Plaats(renderer=Weergave())["naam"])).met("input")
    assert (invoer.get("placeholder"), invoer["autocomplete"]) == (None, "name")


def test_optional_is_marked_unless_the_form_says_not_to():
    assert "(niet verplicht)" in formulier()["tekst"].as_field_group()
    assert "(niet verplicht)" not in formulier()["naam"].as_field_group()
    filters = formulier()
    filters.toon_niet_verplicht = False
    assert "(niet verplicht)" not in filters["tekst"].as_field_group()


def test_empty_form_says_what_to_do_per_field():
    gebonden = formulier({})
    assert {naam: list(fouten) for naam, fouten in gebonden.errors.items()} == {
        "naam": ["Vul “Naam” in."],
        "aantal": ["Vul “Aantal” in."],
        "kvk": ["Vul “KvK-nummer” in."],
        "bedrag": ["Vul “Bedrag” in."],
        "start": ["Geef antwoord op de vraag “Wanneer begint u?”."],
        "keuze": ["Maak een keuze bij “Provincie”."],
        "groep": ["Maak een keuze bij “Groep”."],
        "vinkjes": ["Maak een keuze bij “Thema’s”."],
        "akkoord": ["Zet een vinkje bij “Ik ga akkoord”."],
        "bestand": ["Kies een bestand bij “Offerte”."],
        "geheim": ["Vul “Geheim” in."],
    }


def test_own_message_for_an_empty_field_is_kept_and_other_forms_are_untouched():
    class Eigen(forms.Form):
        naam = forms.CharField(error_messages={"required": "Hoe heet u?"})
        plaats = forms.CharField()

    assert Eigen({}, renderer=Weergave()).errors["naam"] == ["Hoe heet u?"]
    assert Eigen.base_fields["plaats"].error_messages["required"] is STANDAARD_VERPLICHT


def test_error_summary_links_to_the_first_control_of_each_field():
    html = Lezer(str(formulier({})))
    ankers = [e["href"] for e in html.met("a")]
    assert ankers == [
        "#id_naam",
        "#id_aantal",
        "#id_kvk",
        "#id_bedrag",
        "#id_start_0",
        "#id_keuze",
        "#id_groep_0_0",
        "#id_vinkjes_0",
        "#id_akkoord",
        "#id_bestand",
    ]
    assert {anker[1:] for anker in ankers} <= set(html.ids())
    (kop,) = html.met("h2")
    assert (kop["tabindex"], "autofocus" in kop) == ("-1", True)


def test_valid_form_has_no_summary():
    gebonden = formulier(
        {
            "naam": "Voorbeeld B.V.",
            "aantal": "3",
            "kvk": "00123456",
            "bedrag": "18.000",
            "start": "2027-03-01",
            "keuze": "ZE",
            "groep": "a",
            "vinkjes": ["a"],
            "akkoord": "on",
            "geheim": "s",
        },
        files={"bestand": SimpleUploadedFile("o.pdf", b"%PDF")},
    )
    assert gebonden.is_valid(), gebonden.errors.as_json()
    assert Lezer(str(gebonden)).met("section") == []


def test_typed_text_is_escaped_and_kept():
    gebonden = formulier({"naam": '"><script>alert(1)</script>', "tekst": "</textarea><script>"})
    tekst = str(gebonden)
    assert "<script>" not in tekst
    assert Lezer(tekst).met("input", name="naam")[0]["value"] == '"><script>alert(1)</script>'


def test_saved_optional_file_can_be_removed_or_replaced():
    class Opgeslagen(ContentFile):
        url = "/bestand/1"

    class Bijlage(forms.Form):
        bestand = forms.FileField(label="Jaarrekening", required=False)

    html = Lezer(
        Bijlage(initial={"bestand": Opgeslagen(b"x", name="j.pdf")}, renderer=Weergave())["bestand"].as_field_group()
    )
    assert len(html.met("fieldset")) == 1
    assert [e["href"] for e in html.met("a")] == ["/bestand/1"]
    assert (
        {e["for"] for e in html.met("label")}
        == {e["id"] for e in html.met("input")}
        == {
            "id_bestand",
            "bestand-clear_id",
        }
    )


def test_formset_shows_one_summary_and_every_row():
    class Regel(forms.Form):
        omschrijving = forms.CharField(label="Omschrijving")

    Regels = forms.formset_factory(Regel, extra=0)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-omschrijving": "x", "form-1-omschrijving": ""}
    Regels.renderer = Weergave()
    formset = Regels(data, form_kwargs={"empty_permitted": False, "use_required_attribute": False})
    html = Lezer(str(formset))
    assert [e["href"] for e in html.met("a")] == ["#id_form-1-omschrijving"]
    assert [e["aria-label"] for e in html.met("div", role="group")] == ["Onderdeel 1", "Onderdeel 2"]
    assert len(html.met("section")) == 1


def test_question_page_makes_the_label_the_heading():
    sjabloon = Template('{% include "portalen/onderdelen/_veld.html" with veld=veld kop=True %}')
    tekst = sjabloon.render(Context({"veld": formulier()["naam"]}))
    label = '<label class="utrecht-form-label" for="id_naam">Naam</label>'
    assert f'<h1 class="utrecht-heading-1 stimulans-labelkop">{label}</h1>' in tekst
    groep = sjabloon.render(Context({"veld": formulier()["groep"]}))
    kop = '<h1 class="utrecht-heading-1">Groep</h1>'
    assert f'<legend class="utrecht-form-fieldset__legend stimulans-labelkop">{kop}</legend>' in groep
