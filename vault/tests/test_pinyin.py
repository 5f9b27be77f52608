"""Readings of names: surnames that read otherwise than their characters, ü, and how syllables are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import normalise, pinyin
from vault.surnames import COMPOUND_SURNAMES, GIVEN, SURNAMES

# Each with its reading as a surname, as dictionaries of surnames give it.
POLYPHONIC = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "朴": "piao", "曾": "zeng", "翟": "zhai",
    "缪": "miao", "覃": "qin", "盖": "ge", "尉": "wei", "乐": "yue", "召": "shao", "员": "yun", "种": "chong",
    "秘": "bi", "折": "she", "繁": "po", "祭": "zhai", "句": "gou", "阚": "kan", "能": "nai", "牟": "mu",
    "隗": "wei", "晟": "cheng", "卜": "bu", "薄": "bo", "都": "du", "粘": "nian", "郇": "xun", "莘": "shen",
    "藏": "zang", "咎": "gao", "贠": "yun", "乜": "nie", "洗": "xian", "黑": "he", "么": "yao", "费": "fei",
    "宁": "ning", "任": "ren", "华": "hua", "葛": "ge", "石": "shi", "叶": "ye", "冯": "feng", "沈": "shen",
    "吕": "lv", "佘": "she", "厍": "she", "仉": "zhang", "訾": "zi", "逄": "pang", "冼": "xian", "那": "na",
}  # fmt: skip


@pytest.mark.parametrize("surname", POLYPHONIC)
def test_surnames_read_as_surnames(surname):
    assert pinyin.surname_readings(surname)[0] == POLYPHONIC[surname]


@pytest.mark.parametrize("name", ["单雄信", "解缙", "曾国藩", "朴树", "覃海洋"])
def test_both_readings_of_a_surname_find_it(name):
    heard = pinyin.readings(name)
    surname, common = POLYPHONIC[name[0]], pinyin.given_readings(name[0])[0]
    rest = [sorted(readings)[0] for readings in heard[1:]]
    assert [pinyin.spells([first, *rest], heard) for first in (surname, common)] == [True, True]


@pytest.mark.parametrize("surname", COMPOUND_SURNAMES)
def test_compound_surnames_are_spelled_in_every_reading(surname):
    heard = pinyin.readings(surname + "明")
    for spelled in COMPOUND_SURNAMES[surname]:
        ways = [spelled.split(), [spelled.replace(" ", "")], [spelled.replace(" ", "") + "ming"]]
        assert [pinyin.spells(way, heard) for way in ways] == [True, True, True]


@pytest.mark.parametrize("table", [SURNAMES, GIVEN])
def test_tables_hold_syllables_that_say_something_new(table):
    for character, readings in table.items():
        assert set(readings) <= pinyin.SYLLABLES
        assert readings != (pinyin._common_reading(character),)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lvbu", "吕布"), ("lübu", "吕布"), ("lyubu", "吕布"), ("lubu", "吕布"), ("lv bu", "吕布"), ("LÜ BU", "吕布"),
        ("lǚ bù", "吕布"), ("nv wa", "女娃"), ("nyu wa", "女娃"), ("zhangwei", "张伟"), ("Zhāng Wěi", "张伟"),
        ("wei zhang", "张伟"), ("linyu", "林玉"), ("lin yu", "林玉"), ("xian", "西安"), ("xi an", "西安"),
        ("xian", "贤"), ("jv hong", "居红"), ("weiming", "张伟明"), ("zhang weiming", "张伟明"), ("lve", "略"),
        ("qian long", "乾隆"), ("gan long", "乾隆"), ("li hui", "李煇"),
        ("ouyang xiu", "欧阳修"), ("ou yangxiu", "欧阳修"), ("xiu ouyang", "欧阳修"),
    ],
)  # fmt: skip
def test_typed_pinyin_spells_the_name(typed, name):
    words = [pinyin.as_typed(word) for word in normalise.name(typed).split()]
    assert pinyin.spells(words, pinyin.readings(normalise.name(name))) is True


@pytest.mark.parametrize(
    ("typed", "name"),
    [("zhang", "王伟"), ("zhangwe", "张伟"), ("xi an", "贤"), ("ming zhang", "张伟明"), ("", "张伟"), ("li", "John")],
)
def test_other_pinyin_does_not(typed, name):
    assert pinyin.spells(typed.split(), pinyin.readings(name)) is False


@pytest.mark.parametrize(("typed", "name"), [("zhangw", "张伟"), ("zh", "张伟"), ("zhang we", "张伟"), ("w", "张伟")])
def test_a_beginning_spells_in_part(typed, name):
    assert pinyin.spells(typed.split(), pinyin.readings(name), is_partial=True) is True


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("zhangwei", {("zhang", "wei")}),
        ("xian", {("xian",), ("xi", "an")}),
        ("fangang", {("fan", "gang"), ("fang", "ang")}),
        ("smith", set()),
        ("", {()}),
    ],
)
def test_splits(letters, ways):
    assert set(pinyin.splits(letters)) == ways


def test_splits_are_bounded():
    assert len(pinyin.splits("xianxianxianxian")) == pinyin.MOST_SPLITS
    assert pinyin.splits("a" * 100) == []


@given(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
def test_every_character_reads_as_syllables_or_as_itself(character):
    readings = pinyin.given_readings(character)
    assert set(readings) <= pinyin.SYLLABLES or readings == (character,)


def test_a_character_without_reading_is_its_own():
    assert pinyin.given_readings("㐂") == ("㐂",)
