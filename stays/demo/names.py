"""Names of people who do not exist: Chinese in both scripts, with surnames that are read in more than one way."""

from dataclasses import dataclass
from random import Random
from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
)
READ_TWO_WAYS: Final = "单解仇查区朴翟缪覃盖折乐种隗尹华纪"
COMPOUND: Final = ("欧阳", "司马", "上官", "慕容", "令狐", "皇甫", "尉迟", "长孙", "万俟", "宇文", "司徒", "诸葛")
GIVEN_F: Final = (
    "海棠", "雨桐", "若溪", "晚晴", "书宁", "采薇", "思衡", "静姝", "云舒", "玉岚", "春禾", "秋实", "佳禾", "念安",
    "婉清", "月华", "素心", "锦书", "苒", "蔓", "筠", "芷兰", "慧敏", "桂香",
)  # fmt: skip
GIVEN_M: Final = (
    "文川", "志远", "景行", "明哲", "知行", "望舒", "承业", "立言", "怀瑾", "长风", "远山", "守拙", "致和", "伯安",
    "培根", "国栋", "建功", "振声", "衡", "屹", "砚", "泽林", "树人", "德海",
)  # fmt: skip
TRADITIONAL: Final = (
    "陳詠恩",
    "張彥廷",
    "劉柏翰",
    "黃佩蓉",
    "葉梓晴",
    "鄭宇軒",
    "許雅筑",
    "羅啟賢",
    "馮樂兒",
    "盧穎彤",
)
TRADITIONAL_LATIN: Final = (
    "Chan Wing Yan", "Chang Yen-ting", "Liu Po-han", "Huang Pei-jung", "Yip Tsz Ching",
    "Cheng Yu-hsuan", "Hsu Ya-chu", "Lo Kai Yin", "Fung Lok Yee", "Lo Wing Tung",
)  # fmt: skip

# Nationality (ICAO), women's and men's given names, surnames, and the beginning of a phone number kept for fiction.
FOREIGN: Final = (
    ("GBR", ("Imogen", "Harriet", "Niamh"), ("Rupert", "Alistair", "Owen"),
     ("Thistlewood", "Penhaligon", "O'Dowd"), "+447700900"),
    ("USA", ("Marlene", "Odessa", "June"), ("Wendell", "Curtis", "Amos"),
     ("Hollenbeck", "Van Dorn", "Castaneda"), "+1202555"),
    ("DEU", ("Anneliese", "Käthe", "Ulrike"), ("Jörg", "Matthias", "Gernot"),
     ("Müllner", "Straßburger", "von Hagen"), "+4930231251"),
    ("FRA", ("Élodie", "Capucine", "Maëlle"), ("Loïc", "Anselme", "Thibault"),
     ("Marchandeau", "Le Guennec", "d'Aubry"), "+3319900"),
    ("ESP", ("Nuria", "Begoña", "Inés"), ("Íñigo", "Gonzalo", "Efrén"),
     ("Etxeberria Ruiz", "Villalba", "Ordóñez"), "+34910000"),
    ("BRA", ("Thaís", "Conceição", "Iara"), ("Ubirajara", "Caio", "Otávio"),
     ("Assunção", "Figueiredo", "Brandão"), "+55110000"),
    ("JPN", ("美緒", "小百合", "澪"), ("健吾", "拓海", "蓮司"), ("小鳥遊", "五十嵐", "佐久間"), "+81300000"),
    ("KOR", ("Seo-yun", "Ha-eun", "Bo-ra"), ("Min-jae", "Do-hyun", "Ji-ho"),
     ("Namgung", "Hwangbo", "Pyo"), "+8220000"),
    ("RUS", ("Зоя", "Ульяна", "Варвара"), ("Лука", "Ефим", "Тихон"),
     ("Снегирёв", "Щукин", "Журавль"), "+74950000"),
    ("IND", ("Ishita", "Kaveri", "Meenal"), ("Devdutt", "Omkar", "Tarun"),
     ("Chattopadhyay", "Deshpande", "Iyer"), "+91110000"),
)  # fmt: skip
LATIN: Final = {
    "美緒": "Mio", "小百合": "Sayuri", "澪": "Rei", "健吾": "Kengo", "拓海": "Takumi", "蓮司": "Renji",
    "小鳥遊": "Takanashi", "五十嵐": "Igarashi", "佐久間": "Sakuma",
    "Зоя": "Zoya", "Ульяна": "Ulyana", "Варвара": "Varvara", "Лука": "Luka", "Ефим": "Yefim", "Тихон": "Tikhon",
    "Снегирёв": "Snegiryov", "Щукин": "Shchukin", "Журавль": "Zhuravl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name with what comes with it. ``nationality``: ICAO. ``phone_start``: E.164 digits the phone begins with."""

    name: str
    latin_name: str
    sex: str
    nationality: str
    phone_start: str


def chinese(random: Random, number: int, *, surname: str = "") -> Name:
    """A mainland name; every ninth surname is read in two ways, every fourteenth has two characters."""
    sex = random.choice("FM")
    if not surname and number % 14 == 3:
        surname = COMPOUND[number // 14 % len(COMPOUND)]
    elif not surname and number % 9 == 5:
        surname = READ_TWO_WAYS[number // 9 % len(READ_TWO_WAYS)]
    given = random.choice(GIVEN_F if sex == "F" else GIVEN_M)
    return Name((surname or _common(random)) + given, "", sex, "CHN", "+861390000")


def traditional(number: int) -> Name:
    """A name from Hong Kong, Macao or Taiwan in traditional characters."""
    place = number % len(TRADITIONAL)
    return Name(TRADITIONAL[place], TRADITIONAL_LATIN[place], "F" if place % 2 == 0 else "M", "CHN", "+8525550")


def foreign(random: Random, number: int) -> Name:
    """A foreign name, in its own script and in Latin letters where these differ."""
    nationality, women, men, surnames, phone_start = FOREIGN[number % len(FOREIGN)]
    sex = random.choice("FM")
    given, surname = random.choice(women if sex == "F" else men), random.choice(surnames)
    latin = f"{LATIN.get(given, given)} {LATIN.get(surname, surname)}"
    own = (
        latin
        if latin == f"{given} {surname}"
        else f"{surname}{given}"
        if nationality == "JPN"
        else f"{given} {surname}"
    )
    return Name(own, latin, sex, nationality, phone_start)


def _common(random: Random) -> str:
    """A common surname, the first ones much more often than the last."""
    return SURNAMES[min(int(random.expovariate(1 / 12)), len(SURNAMES) - 1)]
