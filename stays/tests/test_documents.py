"""Documents: what a number says, and what looks wrong. Never an error, always a warning."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stays import documents, mrz
from stays.documents import DocumentType
from stays.tests.factories import TODAY, resident_id

# The example of ICAO Doc 9303 part 4
ICAO = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def read(kind, number, today=TODAY):
    return documents.read_document(kind, number, today)


def test_resident_number_says_birth_sex_and_region():
    reading = read("resident_id", "11010519491231002x")  # the example of GB 11643
    assert (reading.document_number, reading.warnings) == ("11010519491231002X", ())
    assert (reading.birth_date, reading.sex, reading.region, reading.nationality) == (
        date(1949, 12, 31), "F", "11", "CHN",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "number", "count"),
    [
        ("resident_id", "110105194912310021", 1),
        ("resident_id", "990105194912310023", 1),
        ("resident_id", "11010519491331002X", 2),
        ("resident_id", "11010520991231002X", 2),
        ("resident_id", "1101051949123100", 1),
        ("residence_permit", resident_id(region="810000"), 0),
        ("residence_permit", resident_id(region="830000"), 0),
        ("residence_permit", resident_id(region="110101"), 1),
        ("permanent_resident", "FRA110080010101", 0),
        ("permanent_resident", "110080010101", 1),
        ("hk_macao_permit", "H12345678", 0),
        ("hk_macao_permit", "m1234567800", 0),
        ("hk_macao_permit", "A12345678", 1),
        ("taiwan_permit", "12345678", 0),
        ("taiwan_permit", "1234567", 1),
        ("passport", "zz 123 4567", 0),
        ("passport", "12", 1),
        ("military", "军字第 123456", 0),
        ("identity_certificate", "第7号", 0),
        ("resident_id", "", 0),
    ],
)
def test_number_gives_as_many_warnings(kind, number, count):
    assert len(read(kind, number).warnings) == count


def test_permanent_resident_number_of_2023_is_checked():
    body = "91100019850101001"
    number = body + documents.mod_11_2.calc_check_digit(body)
    right, wrong = (
        read("permanent_resident", number),
        read("permanent_resident", body + ("1" if number[-1] != "1" else "2")),
    )
    assert (right.warnings, right.birth_date, right.sex, len(wrong.warnings)) == ((), date(1985, 1, 1), "M", 1)


def test_permits_say_where_the_guest_is_from():
    found = [read(kind, number).region for kind, number in (
        ("hk_macao_permit", "H12345678"), ("hk_macao_permit", "M12345678"), ("taiwan_permit", "12345678"),
    )]  # fmt: skip
    assert found == ["81", "82", "71"]


@pytest.mark.parametrize(
    ("kind", "nationality", "overseas"),
    [
        ("resident_id", "CHN", False),
        ("passport", "CHN", False),
        ("passport", "GBR", True),
        ("passport", "", True),
        ("hk_macao_permit", "CHN", True),
        ("taiwan_permit", "CHN", True),
        ("residence_permit", "CHN", True),
        ("permanent_resident", "DEU", True),
        ("identity_certificate", "", False),
        ("military", "CHN", False),
    ],
)
def test_who_is_reported_as_from_outside_the_mainland(kind, nationality, overseas):
    assert documents.is_overseas(kind, nationality) is overseas


@pytest.mark.parametrize(
    ("kind", "nationality", "region", "key"),
    [
        ("resident_id", "CHN", "31", "CN-31"),
        ("hk_macao_permit", "CHN", "82", "CN-82"),
        ("passport", "FRA", "", "FRA"),
        ("passport", "", "", "unknown"),
    ],
)
def test_origin_for_figures(kind, nationality, region, key):
    assert documents.origin_key(kind, nationality, region) == key


def test_region_has_a_name_in_both_languages():
    with translation.override("en"):
        assert (documents.region_name("31"), documents.region_name("99")) == ("Shanghai", "")


def test_expired_document_is_told():
    assert [len(documents.expiry_warnings(day, TODAY)) for day in (TODAY - timedelta(days=1), TODAY, None)] == [1, 0, 0]


@pytest.mark.parametrize(("born", "day", "age"), [("2008-05-13", "2026-05-12", 17), ("2008-05-12", "2026-05-12", 18)])
def test_age_turns_on_the_birthday(born, day, age):
    assert documents.age_on(date.fromisoformat(born), date.fromisoformat(day)) == age


days = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)


@given(days, st.integers(0, 999), st.sampled_from(sorted(documents.REGIONS)))
def test_every_right_resident_number_reads_back(born, sequence, province):
    reading = read("resident_id", resident_id(sequence, birth=f"{born:%Y%m%d}", region=f"{province}0000"))
    assert (reading.warnings, reading.birth_date, reading.region) == ((), born, province)
    assert reading.sex == ("M" if sequence % 2 else "F")


@given(days, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_warns(born, sequence, place, shift):
    number = resident_id(sequence, birth=f"{born:%Y%m%d}")
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert len(read("resident_id", wrong).warnings) >= 1


@given(st.sampled_from(DocumentType.values), st.text(max_size=40))
def test_whatever_is_typed_is_read_without_an_error(kind, text):
    assert read(kind, text).document_type == kind


# Machine-readable zone


def test_icao_example_is_read():
    reading = mrz.read_mrz("\n".join(ICAO), date(2011, 1, 1))
    assert (reading.document_number, reading.nationality, reading.latin_name) == (
        "L898902C3",
        "UTO",
        "ERIKSSON ANNA MARIA",
    )
    assert (reading.birth_date, reading.sex, reading.expires_on, reading.warnings) == (
        date(1974, 8, 12), "F", date(2012, 4, 15), (),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["".join(ICAO), " ".join(ICAO), "\r\n".join(ICAO).lower(), f"  {ICAO[0]}\n\n{ICAO[1]} "]
)
def test_lines_may_be_pasted_in_any_way(text):
    assert mrz.read_mrz(text, TODAY).document_number == "L898902C3"


@pytest.mark.parametrize("text", ["", ICAO[0], ICAO[1] * 2, "I" + "".join(ICAO)[1:], "".join(ICAO)[:-1] + "*"])
def test_other_text_is_not_machine_readable(text):
    with pytest.raises(mrz.NotMachineReadable):
        mrz.read_mrz(text, TODAY)


@pytest.mark.parametrize(("text", "digit"), [("520727", 3), ("L898902C3", 6), ("<<<<<<", 0)])
def test_check_digits_of_the_standard(text, digit):
    assert mrz.mrz_check_digit(text) == digit


@given(st.sampled_from([*range(9), *range(13, 19), *range(21, 27)]), st.sampled_from("0123456789"))
def test_changed_digit_of_the_second_line_warns(place, sign):
    line = ICAO[1][:place] + sign + ICAO[1][place + 1 :]
    warnings = mrz.read_mrz(ICAO[0] + line, TODAY).warnings
    same_value = mrz.mrz_check_digit(sign) == mrz.mrz_check_digit(ICAO[1][place])
    assert len(warnings) == (0 if same_value else 1)


def test_birth_is_never_in_the_future():
    line = "L898902C36UTO3008122F3104159ZE184226B<<<<<10"
    reading = mrz.read_mrz(ICAO[0] + line, TODAY)
    assert (reading.birth_date, reading.expires_on) == (date(1930, 8, 12), date(2031, 4, 15))
