"""Readings of Chinese names.

A surname's reading is often not its character's common one, so surnames have their own table here: the reading as a
surname first, then the others people use or type. Given names: the reading of each character by itself, so that a
character reads the same in every name, and the second readings names are known to use.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache

from pypinyin import Style, pinyin

from .normalise import is_han

# First the reading as a surname, then every other reading a clerk or a guest may use.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan", "dan", "chan"),
    "解": ("xie", "jie", "hai"),
    "仇": ("qiu", "chou"),
    "查": ("zha", "cha"),
    "区": ("ou", "qu"),
    "朴": ("piao", "pu", "po"),
    "曾": ("zeng", "ceng"),
    "翟": ("zhai", "di"),
    "缪": ("miao", "mou", "miu"),
    "覃": ("qin", "tan", "xun"),
    "任": ("ren",),
    "盖": ("ge", "gai"),
    "葛": ("ge",),
    "华": ("hua",),
    "尉": ("wei", "yu"),
    "乐": ("yue", "le"),
    "召": ("shao", "zhao"),
    "员": ("yun", "yuan"),
    "洗": ("xian", "xi"),
    "冼": ("xian",),
    "种": ("chong", "zhong"),
    "重": ("chong", "zhong"),
    "秘": ("bi", "mi"),
    "折": ("she", "zhe"),
    "黑": ("he", "hei"),
    "哈": ("ha",),
    "过": ("guo",),
    "宁": ("ning",),
    "繁": ("po", "fan"),
    "么": ("yao", "me"),
    "幺": ("yao",),
    "祭": ("zhai", "ji"),
    "句": ("gou", "ju"),
    "阚": ("kan",),
    "能": ("nai", "neng"),
    "牟": ("mu", "mou"),
    "逄": ("pang",),
    "俞": ("yu", "shu"),
    "於": ("yu", "wu"),
    "隗": ("wei", "kui"),
    "晟": ("cheng", "sheng"),
    "车": ("che", "ju"),
    "谌": ("chen", "shen"),
    "谷": ("gu", "yu"),
    "贾": ("jia", "gu"),
    "纪": ("ji",),
    "柏": ("bai", "bo"),
    "卜": ("bu",),
    "薄": ("bo", "bao"),
    "长": ("chang", "zhang"),
    "晁": ("chao",),
    "都": ("du", "dou"),
    "费": ("fei", "bi"),
    "佴": ("nai", "er"),
    "艾": ("ai", "yi"),
    "应": ("ying",),
    "令": ("ling",),
    "褚": ("chu", "zhe"),
    "沈": ("shen", "chen"),
    "邵": ("shao",),
    "盛": ("sheng", "cheng"),
    "石": ("shi", "dan"),
    "宿": ("su", "xiu"),
    "粘": ("nian", "zhan"),
    "万": ("wan", "mo"),
    "无": ("wu",),
    "郗": ("xi", "chi"),
    "冯": ("feng", "ping"),
    "夏": ("xia",),
    "相": ("xiang",),
    "咸": ("xian",),
    "许": ("xu",),
    "燕": ("yan",),
    "要": ("yao",),
    "叶": ("ye", "she"),
    "殷": ("yin", "yan"),
    "於陵": ("yuling",),
    "臧": ("zang",),
    "占": ("zhan",),
    "仉": ("zhang",),
    "祝": ("zhu",),
    "訾": ("zi",),
    "祖": ("zu",),
    "教": ("jiao",),
    "厍": ("she",),
    "佘": ("she",),
    "撒": ("sa",),
    "瞿": ("qu", "ju"),
    "曲": ("qu",),
    "麴": ("qu",),
    "麹": ("qu",),
    "阙": ("que",),
    "卒": ("zu",),
    "炅": ("gui", "jiong"),
    "昝": ("zan",),
    "郇": ("xun", "huan"),
    "洪": ("hong",),
    "那": ("na",),
    "倪": ("ni",),
    "戚": ("qi",),
    "强": ("qiang",),
    "覀": ("xi",),
    "隽": ("juan", "jun"),
    "适": ("kuo", "shi"),
    "莘": ("shen", "xin"),
    "藏": ("zang", "cang"),
    "颉": ("xie", "jie"),
    "亓": ("qi",),
    "行": ("xing", "hang"),
    "咎": ("gao", "jiu"),
    "戴": ("dai",),
    "呙": ("guo", "wai"),
    "妫": ("gui",),
    "恽": ("yun",),
    "逯": ("lu",),
    "靳": ("jin",),
    "吕": ("lv",),
    "闾": ("lv",),
    "禄": ("lu",),
    "六": ("lu", "liu"),
    "陆": ("lu", "liu"),
    "伍": ("wu",),
    "芮": ("rui",),
    "尹": ("yin",),
    "云": ("yun",),
    "余": ("yu",),
    "佟": ("tong",),
    "仝": ("tong",),
    "同": ("tong",),
    "钭": ("tou",),
    "庹": ("tuo",),
    "鲜": ("xian",),
    "车非": ("chefei",),
}

# Surnames of two characters, each with its readings.
COMPOUND_SURNAMES: dict[str, tuple[str, ...]] = {
    "欧阳": ("ou yang",),
    "司马": ("si ma",),
    "上官": ("shang guan",),
    "诸葛": ("zhu ge",),
    "司徒": ("si tu",),
    "司空": ("si kong",),
    "东方": ("dong fang",),
    "夏侯": ("xia hou",),
    "皇甫": ("huang fu",),
    "尉迟": ("yu chi", "wei chi"),
    "公孙": ("gong sun",),
    "慕容": ("mu rong",),
    "长孙": ("zhang sun", "chang sun"),
    "宇文": ("yu wen",),
    "轩辕": ("xuan yuan",),
    "令狐": ("ling hu",),
    "呼延": ("hu yan",),
    "端木": ("duan mu",),
    "南宫": ("nan gong",),
    "独孤": ("du gu",),
    "西门": ("xi men",),
    "东郭": ("dong guo",),
    "百里": ("bai li",),
    "万俟": ("mo qi", "wan si"),
    "澹台": ("tan tai", "dan tai"),
    "淳于": ("chun yu",),
    "单于": ("chan yu", "shan yu"),
    "太史": ("tai shi",),
    "申屠": ("shen tu",),
    "钟离": ("zhong li",),
    "闻人": ("wen ren",),
    "赫连": ("he lian",),
    "宗政": ("zong zheng",),
    "濮阳": ("pu yang",),
    "公冶": ("gong ye",),
    "仲孙": ("zhong sun",),
    "鲜于": ("xian yu",),
    "闾丘": ("lv qiu",),
    "第五": ("di wu",),
    "拓跋": ("tuo ba",),
    "纳兰": ("na lan",),
    "完颜": ("wan yan",),
    "叶赫": ("ye he",),
    "耶律": ("ye lv",),
    "乐正": ("yue zheng", "le zheng"),
    "公羊": ("gong yang",),
    "左丘": ("zuo qiu",),
    "梁丘": ("liang qiu",),
    "东野": ("dong ye",),
    "漆雕": ("qi diao",),
    "羊舌": ("yang she",),
    "微生": ("wei sheng",),
    "公良": ("gong liang",),
    "巫马": ("wu ma",),
    "亓官": ("qi guan",),
    "司寇": ("si kou",),
    "子车": ("zi ju", "zi che"),
    "颛孙": ("zhuan sun",),
    "壤驷": ("rang si",),
    "谷梁": ("gu liang",),
    "宰父": ("zai fu",),
    "夹谷": ("jia gu",),
    "段干": ("duan gan",),
    "南门": ("nan men",),
    "归海": ("gui hai",),
    "爱新": ("ai xin",),
    "欧侯": ("ou hou",),
    "舒穆": ("shu mu",),
    "车正": ("che zheng",),
    "佟佳": ("tong jia",),
    "那拉": ("na la",),
    "富察": ("fu cha",),
    "钮祜": ("niu hu",),
    "贺兰": ("he lan",),
    "哥舒": ("ge shu",),
    "贺若": ("he ruo",),
    "阿史": ("a shi",),
    "达奚": ("da xi",),
    "若干": ("ruo gan",),
    "库狄": ("she di", "ku di"),
    "可频": ("ke pin",),
    "张简": ("zhang jian",),
    "范姜": ("fan jiang",),
    "陈林": ("chen lin",),
}

# Second readings that given names use.
GIVEN: dict[str, tuple[str, ...]] = {
    "乐": ("le", "yue"),
    "茜": ("qian", "xi"),
    "朝": ("chao", "zhao"),
    "长": ("chang", "zhang"),
    "行": ("xing", "hang", "heng"),
    "晟": ("sheng", "cheng"),
    "盛": ("sheng", "cheng"),
    "柏": ("bai", "bo"),
    "重": ("zhong", "chong"),
    "曾": ("zeng", "ceng"),
    "和": ("he", "huo"),
    "娜": ("na", "nuo"),
    "哪": ("na", "ne"),
    "菲": ("fei",),
    "莎": ("sha", "suo"),
    "楠": ("nan",),
    "琛": ("chen",),
    "蔚": ("wei", "yu"),
    "尉": ("wei", "yu"),
    "隽": ("juan", "jun"),
    "俊": ("jun", "zun"),
    "炅": ("jiong", "gui"),
    "瑾": ("jin",),
    "露": ("lu", "lou"),
    "薇": ("wei",),
    "葳": ("wei",),
    "叶": ("ye", "xie"),
    "洋": ("yang",),
    "藏": ("cang", "zang"),
    "了": ("liao", "le"),
    "省": ("xing", "sheng"),
    "传": ("chuan", "zhuan"),
    "翟": ("zhai", "di"),
    "度": ("du", "duo"),
    "期": ("qi", "ji"),
    "奇": ("qi", "ji"),
    "阿": ("a", "e"),
    "若": ("ruo", "re"),
    "否": ("fou", "pi"),
    "都": ("du", "dou"),
    "大": ("da", "dai"),
    "石": ("shi", "dan"),
    "解": ("jie", "xie"),
    "单": ("dan", "shan"),
    "见": ("jian", "xian"),
    "吓": ("xia", "he"),
    "扎": ("zha", "za"),
    "卡": ("ka", "qia"),
    "得": ("de", "dei"),
    "拾": ("shi", "she"),
    "瑢": ("rong",),
    "囡": ("nan",),
    "妤": ("yu",),
    "粲": ("can",),
    "圳": ("zhen", "chou"),
    "浚": ("jun", "xun"),
    "绮": ("qi", "yi"),
    "祎": ("yi", "hui"),
    "祯": ("zhen",),
    "璇": ("xuan",),
    "璟": ("jing",),
    "彧": ("yu",),
    "禺": ("yu",),
    "筠": ("yun", "jun"),
    "郁": ("yu",),
    "玥": ("yue",),
    "媛": ("yuan",),
    "颉": ("jie", "xie"),
    "汶": ("wen", "men"),
    "涌": ("yong", "chong"),
    "参": ("shen", "can", "cen"),
    "冲": ("chong",),
    "曲": ("qu",),
    "兴": ("xing",),
    "量": ("liang",),
    "正": ("zheng",),
    "衡": ("heng",),
    "为": ("wei",),
    "中": ("zhong",),
    "子": ("zi",),
    "少": ("shao",),
    "的": ("di", "de"),
    "地": ("di", "de"),
    "好": ("hao",),
    "宁": ("ning",),
    "什": ("shi", "shen"),
    "尔": ("er",),
    "弹": ("tan", "dan"),
    "调": ("tiao", "diao"),
    "降": ("jiang", "xiang"),
    "强": ("qiang", "jiang"),
    "巷": ("xiang", "hang"),
    "校": ("xiao", "jiao"),
    "觉": ("jue", "jiao"),
    "角": ("jiao", "jue"),
    "会": ("hui", "kuai"),
    "还": ("huan", "hai"),
    "落": ("luo", "la", "lao"),
    "率": ("lv", "shuai"),
    "蕃": ("fan", "bo"),
    "殷": ("yin", "yan"),
    "员": ("yuan", "yun"),
    "车": ("che", "ju"),
    "贾": ("jia", "gu"),
    "臭": ("chou", "xiu"),
    "秘": ("mi", "bi"),
    "熟": ("shu", "shou"),
    "血": ("xue", "xie"),
    "壳": ("ke", "qiao"),
    "色": ("se", "shai"),
}

_FINALS: dict[str, str] = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue un uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan ue un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ao ei en eng o u",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
LONGEST_SYLLABLE = max(map(len, SYLLABLES))
MOST_SPLITS = 6
MOST_SYLLABLES = 8

# Tone marks over ü, and the ways ü is typed. Passports have written LYU since 2012, LU before.
_MARKED = str.maketrans("ǖǘǚǜü", "vvvvv")
_TYPED = re.compile(r"(?<=l)yu|(?<=^n)yu")
_NEEDLESS = re.compile(r"(?<=[jqxy])v")


def as_typed(word: str) -> str:
    """Typed pinyin in one form: no tone marks, ü as v (``lü``, ``lyu``, ``lv``), plain letters only."""
    bare = unicodedata.normalize("NFC", word).casefold().translate(_MARKED)
    bare = "".join(c for c in unicodedata.normalize("NFD", bare) if unicodedata.category(c) != "Mn")
    return _NEEDLESS.sub("u", _TYPED.sub("v", bare))


@cache
def _common_reading(character: str) -> str:
    read = pinyin(character, style=Style.NORMAL, v_to_u=False, errors="ignore")
    found = as_typed(read[0][0]) if read and read[0] else ""
    return found if found in SYLLABLES else ""


def _with_u(readings: tuple[str, ...]) -> tuple[str, ...]:
    """The readings, and with u where they have ü: many people type lu for lü."""
    return tuple(dict.fromkeys((*readings, *(reading.replace("v", "u") for reading in readings))))


@lru_cache(maxsize=32768)
def given_readings(character: str) -> tuple[str, ...]:
    """Readings of a character inside a name, the common one first. Without any, the character is its own."""
    known = (_common_reading(character), *GIVEN.get(character, ()))
    return _with_u(tuple(filter(None, known))) or (character,)


@lru_cache(maxsize=8192)
def surname_readings(surname: str) -> tuple[str, ...]:
    """Readings of a surname of one or two characters, syllables joined; the reading as a surname first."""
    if surname in COMPOUND_SURNAMES:
        return _with_u(tuple(reading.replace(" ", "") for reading in COMPOUND_SURNAMES[surname]))
    return _with_u(SURNAMES.get(surname, ())) or given_readings(surname)


@lru_cache(maxsize=32768)
def readings(name: str) -> tuple[frozenset[str], ...]:
    """For each Chinese character of a normalised name every reading it may have there."""
    characters = [character for character in name if is_han(character)]
    found = [set(given_readings(character)) for character in characters]
    if found:
        found[0].update(surname_readings(characters[0]))
    for spelled in COMPOUND_SURNAMES.get("".join(characters[:2]), ()):
        for place, syllable in enumerate(spelled.split()):
            found[place].update(_with_u((syllable,)))
    return tuple(map(frozenset, found))


def splits(letters: str) -> list[tuple[str, ...]]:
    """The ways to read letters as syllables, at most MOST_SPLITS: ``xian`` is xian and xi an."""
    found: list[tuple[str, ...]] = []
    for split in _split(letters, MOST_SYLLABLES):
        found.append(split)
        if len(found) == MOST_SPLITS:
            break
    return found


def _split(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
    elif most:
        for length in range(min(LONGEST_SYLLABLE, len(letters)), 0, -1):
            if letters[:length] in SYLLABLES:
                for rest in _split(letters[length:], most - 1):
                    yield (letters[:length], *rest)


def spells(words: Sequence[str], heard: Sequence[Collection[str]], *, is_partial: bool = False) -> bool:
    """Whether typed words spell a run of characters with these readings, each word whole characters.

    The surname may come first or last. With ``is_partial`` the last syllable may be only begun.
    """
    if not words or not heard:
        return False
    if any(_reach(words, heard, start, is_partial) for start in range(len(heard))):
        return True
    turned = [words[-1], *words[:-1]]
    return len(words) > 1 and len(heard) in _reach(turned, heard, 0, False)


def _reach(words: Sequence[str], heard: Sequence[Collection[str]], start: int, is_partial: bool) -> set[int]:
    """The characters after which all words, spelled from ``start`` on, may end."""
    places = {start}
    for number, word in enumerate(words):
        may_break_off = is_partial and number == len(words) - 1
        places = {end for place in places for end in _spell(word, heard, place, may_break_off)}
    return places


def _spell(letters: str, heard: Sequence[Collection[str]], place: int, may_break_off: bool) -> Iterator[int]:
    if not letters:
        yield place
    elif place < len(heard):
        for reading in heard[place]:
            if letters.startswith(reading):
                yield from _spell(letters[len(reading) :], heard, place + 1, may_break_off)
            elif may_break_off and reading.startswith(letters):
                yield place + 1
