"""Fields that read what people type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from portalen.formulieren.velden import (
    BedragFout,
    BedragVeld,
    DatumVeld,
    IbanVeld,
    KvkVeld,
    PostcodeVeld,
    lees_bedrag,
)


@pytest.fixture(autouse=True)
def _nederlands():
    with translation.override("nl"):
        yield


def fout(veld: forms.Field, waarde: object) -> str:
    with pytest.raises(ValidationError) as opgevangen:
        veld.clean(waarde)
    assert len(opgevangen.value.messages) == 1
    return opgevangen.value.messages[0]


@pytest.mark.parametrize(
    "getypt", ["00123456", "0012 3456", "00.12.34.56", " 00123456 ", "0012\u00a03456", "00-123456", "\u200b00123456"]
)
def test_kvk_strips_separators(getypt):
    assert KvkVeld().clean(getypt) == "00123456"


@pytest.mark.parametrize(
    ("getypt", "melding"),
    [
        ("0012345", "Het KvK-nummer heeft 8 cijfers. U vulde er 7 in. Controleer het nummer."),
        ("KVK00123456", "Vul het KvK-nummer in: 8 cijfers, bijvoorbeeld 00123456."),
        ("\uff10\uff10123456", "Vul het KvK-nummer in: 8 cijfers, bijvoorbeeld 00123456."),
        (
            "000012345678",
            "Dit lijkt een vestigingsnummer (12 cijfers). Vul het KvK-nummer in: 8 cijfers. "
            "Beide nummers staan op het uittreksel van de Kamer van Koophandel.",
        ),
        (
            "001234567",
            "Dit lijkt een RSIN (9 cijfers). Vul het KvK-nummer in: 8 cijfers. "
            "Beide nummers staan op het uittreksel van de Kamer van Koophandel.",
        ),
    ],
)
def test_kvk_refuses_with_advice(getypt, melding):
    assert fout(KvkVeld(), getypt) == melding


@pytest.mark.parametrize("veld", [KvkVeld, IbanVeld, PostcodeVeld])
def test_optional_code_gives_empty_text(veld):
    assert veld(required=False).clean("") == ""
    assert veld(required=False).clean(" . ") == ""


@pytest.mark.parametrize("veld", [KvkVeld, IbanVeld, PostcodeVeld])
def test_required_code_refuses_only_separators(veld):
    with pytest.raises(ValidationError) as opgevangen:
        veld().clean(" . ")
    assert opgevangen.value.code == "required"


@pytest.mark.parametrize(
    ("getypt", "iban"),
    [
        ("NL91ABNA0417164300", "NL91ABNA0417164300"),
        ("nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        ("NL91.ABNA.0417.1643.00", "NL91ABNA0417164300"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("BE68 5390 0754 7034", "BE68539007547034"),
    ],
)
def test_iban_accepts_sepa(getypt, iban):
    assert IbanVeld().clean(getypt) == iban


@pytest.mark.parametrize(
    ("getypt", "melding"),
    [
        (
            "NL91ABNA0417164301",
            "Dit rekeningnummer klopt niet. Waarschijnlijk staat er een typefout in. Controleer het nummer.",
        ),
        (
            "NL91ABNA041716430",
            "Een IBAN uit NL heeft 18 tekens. U vulde er 17 in. Controleer het nummer.",
        ),
        ("417164300", "Dit is geen IBAN. Een IBAN begint met twee letters, bijvoorbeeld NL91 ABNA 0417 1643 00."),
        (
            "XX91ABNA0417164300",
            "Wij kennen de landcode XX niet. Een Nederlandse IBAN begint met NL. Controleer het nummer.",
        ),
        (
            "TR330006100519786457841326",
            "Wij betalen alleen naar een rekening in het SEPA-gebied. Vul een andere rekening in.",
        ),
        (
            "NL91123404171643AB",
            "Dit is geen IBAN. Een IBAN begint met twee letters, bijvoorbeeld NL91 ABNA 0417 1643 00.",
        ),
    ],
)
def test_iban_refuses_with_advice(getypt, melding):
    assert fout(IbanVeld(), getypt) == melding


def test_iban_is_shown_in_groups_of_four():
    assert IbanVeld().prepare_value("NL91ABNA0417164300") == "NL91 ABNA 0417 1643 00"
    assert IbanVeld().prepare_value("zomaar iets") == "zomaar iets"


@pytest.mark.parametrize("getypt", ["1234AB", "1234 ab", " 1234  AB ", "NL-1234 AB"])
def test_postcode(getypt):
    assert PostcodeVeld().clean(getypt) == "1234 AB"


@pytest.mark.parametrize(
    ("getypt", "melding"),
    [
        ("123 AB", "Vul een postcode in van 4 cijfers en 2 letters, bijvoorbeeld 1234 AB."),
        ("AB 1234", "Vul een postcode in van 4 cijfers en 2 letters, bijvoorbeeld 1234 AB."),
        ("0123 AB", "Deze postcode bestaat niet. Controleer de 4 cijfers en de 2 letters."),
        ("1234 SS", "Deze postcode bestaat niet. Controleer de 4 cijfers en de 2 letters."),
    ],
)
def test_postcode_refuses_with_advice(getypt, melding):
    assert fout(PostcodeVeld(), getypt) == melding


@pytest.mark.parametrize(
    ("getypt", "bedrag"),
    [
        ("18000", "18000.00"),
        ("18.000", "18000.00"),
        ("1.234.567", "1234567.00"),
        ("1.234.567,8", "1234567.80"),
        ("18 000", "18000.00"),
        ("18\u00a0000,50", "18000.50"),
        ("18\u202f000", "18000.00"),
        ("18000,5", "18000.50"),
        ("18000.5", "18000.50"),
        ("18000.50", "18000.50"),
        ("18.000,50", "18000.50"),
        ("18,000.50", "18000.50"),
        ("€ 18.000,50", "18000.50"),
        ("18.000,50 euro", "18000.50"),
        ("EUR 18000", "18000.00"),
        ("€ 18.000,-", "18000.00"),
        ("18.000,--", "18000.00"),
        ("18.000,=", "18000.00"),
        ("0", "0.00"),
        ("0,05", "0.05"),
        ("0.05", "0.05"),
        ("007", "7.00"),
        ("-500", "-500.00"),
        ("\u2212 500", "-500.00"),
        ("999999999999,99", "999999999999.99"),
    ],
)
def test_lees_bedrag(getypt, bedrag):
    gelezen = lees_bedrag(getypt)
    assert str(gelezen) == bedrag


@pytest.mark.parametrize(
    ("getypt", "code"),
    [
        ("18,000", "dubbelzinnig"),
        ("1,000,000", "dubbelzinnig"),
        ("0.500", "dubbelzinnig"),
        ("1800.000", "dubbelzinnig"),
        ("18,0055", "decimalen"),
        ("18.0055", "decimalen"),
        ("18.000,505", "decimalen"),
        ("18 000.505", "decimalen"),
        ("1.23.456", "ongeldig"),
        ("18 00", "ongeldig"),
        ("1,2.3,4", "ongeldig"),
        ("18.000.", "ongeldig"),
        (",50", "ongeldig"),
        ("18k", "ongeldig"),
        ("1e5", "ongeldig"),
        ("€", "ongeldig"),
        ("--5", "ongeldig"),
        ("NaN", "ongeldig"),
        ("\u0661\u0662", "ongeldig"),
        ("1" * 13, "te_groot"),
        ("9" * 5000, "te_groot"),
    ],
)
def test_lees_bedrag_never_guesses(getypt, code):
    with pytest.raises(BedragFout) as opgevangen:
        lees_bedrag(getypt)
    assert opgevangen.value.code == code


def test_bedrag_limits():
    veld = BedragVeld(minimum=Decimal("3250"), maximum=lambda: Decimal("24999"))
    assert veld.clean("3.250") == Decimal("3250.00")
    assert veld.clean("24.999,00") == Decimal("24999.00")
    assert fout(veld, "3.249,99") == "Vul een bedrag in van ten minste € 3.250."
    assert fout(veld, "25.000") == "Vul een bedrag in van ten hoogste € 24.999."
    assert fout(BedragVeld(), "-1") == "Vul het bedrag in zonder minteken."
    assert BedragVeld(minimum=None).clean("-1") == Decimal("-1.00")


def test_bedrag_empty_and_messages():
    assert BedragVeld(required=False).clean(" ") is None
    assert fout(BedragVeld(), "18,000") == (
        "Dit bedrag kunnen wij op twee manieren lezen. Gebruik een punt voor duizendtallen en een komma "
        "voor centen, bijvoorbeeld 18.000,50."
    )


@pytest.mark.parametrize(("taal", "getoond"), [("nl", "18.000,50"), ("en", "18000.50")])
def test_bedrag_is_shown_so_that_it_can_be_read_back(taal, getoond):
    with translation.override(taal):
        assert BedragVeld().prepare_value(Decimal("18000.50")) == getoond
        assert BedragVeld().clean(getoond) == Decimal("18000.50")


def test_bedrag_unchanged_when_only_the_notation_differs():
    assert BedragVeld().has_changed(Decimal("18000"), "18.000,00") is False
    assert BedragVeld().has_changed(Decimal("18000"), "18.000,01") is True


class Datumformulier(forms.Form):
    start = DatumVeld(required=False)


def lees_datum(dag: str, maand: str, jaar: str) -> date | None:
    formulier = Datumformulier({"start_dag": dag, "start_maand": maand, "start_jaar": jaar})
    assert formulier.is_valid(), formulier.errors.as_json()
    return formulier.cleaned_data["start"]


@pytest.mark.parametrize(
    ("dag", "maand", "jaar"),
    [
        ("1", "3", "2027"),
        ("01", "03", "2027"),
        (" 1 ", "mrt", "2027"),
        ("1", "mrt.", "2027"),
        ("1", "Maart", "2027"),
        ("1", "march", "2027"),
        ("1-3-2027", "", ""),
        ("2027-03-01", "", ""),
        ("1 maart 2027", "", ""),
    ],
)
def test_datum_is_lenient(dag, maand, jaar):
    assert lees_datum(dag, maand, jaar) == date(2027, 3, 1)


def test_datum_empty():
    assert lees_datum("", " ", "") is None


@pytest.mark.parametrize(
    ("delen", "melding"),
    [
        (["1", "", "2027"], "De datum is niet volledig. Vul ook de maand in."),
        (["1", "", ""], "De datum is niet volledig. Vul ook de maand en het jaar in."),
        (["32", "1", "2027"], "Vul bij de dag een getal van 1 tot en met 31 in."),
        (["x", "1", "2027"], "Vul bij de dag een getal van 1 tot en met 31 in."),
        (["1", "13", "2027"], "Vul bij de maand een getal van 1 tot en met 12 in, of de naam van de maand."),
        (["1", "lente", "2027"], "Vul bij de maand een getal van 1 tot en met 12 in, of de naam van de maand."),
        (["1", "1", "27"], "Vul het jaar in met 4 cijfers, bijvoorbeeld 2026."),
        (["31", "2", "2027"], "31-2-2027 bestaat niet. Controleer de dag, de maand en het jaar."),
        (["29", "feb", "2027"], "29-2-2027 bestaat niet. Controleer de dag, de maand en het jaar."),
    ],
)
def test_datum_refuses_with_advice(delen, melding):
    assert fout(DatumVeld(), delen) == melding


def test_datum_limits():
    veld = DatumVeld(vanaf=date(2026, 11, 21), tot_en_met=lambda: date(2027, 1, 31))
    assert veld.clean(["21", "11", "2026"]) == date(2026, 11, 21)
    assert veld.clean(["31", "1", "2027"]) == date(2027, 1, 31)
    assert fout(veld, ["20", "11", "2026"]) == "Vul een datum in die op of na 21 november 2026 ligt."
    assert fout(veld, ["1", "2", "2027"]) == "Vul een datum in die op of voor 31 januari 2027 ligt."


def test_datum_reads_a_stored_draft():
    formulier = Datumformulier({"start": "2027-03-01"})
    assert formulier.is_valid()
    assert formulier.cleaned_data["start"] == date(2027, 3, 1)
    assert Datumformulier(initial={"start": "2027-03-01"})["start"].field.widget.decompress("2027-03-01") == [
        "01",
        "03",
        "2027",
    ]


def test_datum_has_changed():
    veld = DatumVeld()
    assert veld.has_changed(date(2027, 3, 1), ["1", "3", "2027"]) is False
    assert veld.has_changed(date(2027, 3, 1), ["2", "3", "2027"]) is True
