"""Every code has its sentence, every sentence its article, every refusal all that the law wants in it."""

import re
from dataclasses import fields
from datetime import date

import pytest
from django.utils import translation

from privacy.letters.parts import PARTS
from privacy.policy import refusals, words
from privacy.policy.articles import ARTICLES, TOPICS, article
from privacy.policy.blockers import Block
from privacy.policy.grounds import Ground
from privacy.policy.profiles import PROFILES
from privacy.policy.rules import RULES, End, Record, Start, Unit
from privacy.templatetags.sheet import part_of_record, rule_told
from staff.models import Jurisdiction
from vault.categories import Category


def test_every_code_of_the_tables_has_its_word() -> None:
    pairs = (
        (words.GROUNDS, Ground),
        (words.BLOCKERS, Block),
        (words.RECORDS, Record),
        (words.STARTS, Start),
        (words.ENDS, End),
    )
    assert [(set(texts), set(codes)) for texts, codes in pairs if set(texts) != set(codes)] == []
    assert set(words.AT_ONCE) == {rule.at_once_on for rule in RULES if rule.at_once_on}
    assert set(words.INSTRUMENTS) == {rule.instrument for rule in RULES if rule.instrument}


def test_every_law_has_an_article_for_every_topic() -> None:
    assert {law: set(topics) for law, topics in ARTICLES.items()} == dict.fromkeys(ARTICLES, set(TOPICS))
    assert {profile.law for profile in PROFILES.values()} == set(ARTICLES)


def test_every_sentence_rests_on_an_article_everywhere() -> None:
    assert set(words.TOPIC_OF) == set(words.WORDINGS)
    with translation.override("en"):
        cited = [str(words.article_of(code, place)) for code in words.WORDINGS for place in PROFILES]
    assert [text for text in cited if not re.search(r"\d", text)] == []


@pytest.mark.parametrize(
    ("topic", "place", "cited"),
    [
        ("D1", "CN", "PIPL, article 47(1)(1)"),
        ("law_period", "CN", "PIPL, article 47(2)"),
        ("transfer", "CN", "PIPL, article 45(3)"),
        ("D3", "DE", "GDPR, article 17(1)(b)"),
        ("access", "UK", "UK GDPR, article 15"),
        ("deletion", "US-CA", "California Civil Code, section 1798.105(a)"),
    ],
)
def test_citations(topic: str, place: str, cited: str) -> None:
    with translation.override("en"):
        assert str(article(topic, place)) == cited


def test_an_erasure_cites_its_ground() -> None:
    with translation.override("en"):
        assert str(words.article_of("erased", "CN", ground="D3")) == "PIPL, articles 15 and 47(1)(3)"
        assert str(words.article_of("locked", "CN", ground="D3")) == "PIPL, article 47(2)"


def test_a_day_is_written_as_the_language_does() -> None:
    with translation.override("en"):
        assert "until 2028-05-01." in words.say("law_until", until=date(2028, 5, 1))
    with translation.override("zh-hans"):
        assert "2028年5月1日" in words.say("law_until", until=date(2028, 5, 1))


def test_a_sentence_that_names_a_day_wants_one() -> None:
    with pytest.raises(ValueError, match="names a day"):
        words.say("register_until")


@pytest.mark.parametrize(
    ("number", "unit", "said"), [(1, "years", "1 year"), (180, "days", "180 days"), (24, "hours", "24 hours")]
)
def test_periods_in_words(number: int, unit: str, said: str) -> None:
    with translation.override("en"):
        assert words.period(number, unit) == said


def test_every_unit_has_its_word() -> None:
    with translation.override("en"):
        assert [words.period(2, unit) for unit in Unit] == ["2 hours", "2 days", "2 months", "2 years"]


def test_an_instrument_is_called_by_its_english_name_or_its_own() -> None:
    with translation.override("en"):
        assert (words.instrument("民法典"), words.instrument("上海市旅馆业管理办法")) == (
            "Civil Code",
            "上海市旅馆业管理办法",
        )


def test_a_rule_is_told_in_the_order_of_the_language() -> None:
    rule = next(rule for rule in RULES if rule.code == "CN-RET-01")
    with translation.override("en"):
        assert rule_told(rule) == (
            "at least 3 years from check-out · Measures for the Public Security of Hotels, art. 6"
        )
    with translation.override("zh-hans"):
        lasts, source = rule_told(rule).split(" · ")
    assert (lasts.replace(" ", ""), source[-5:]) == ("自离店之日起至少3年", "第 6 条")


def test_the_sheet_calls_a_part_as_the_letter_does() -> None:
    """One word for one thing: what the officer decides is what the guest reads."""
    with translation.override("zh-hans"):
        assert [part_of_record(category) for category in Category] == [str(PARTS[category]) for category in Category]
        assert part_of_record(Category.PAYMENT) == "账单与支付"


@pytest.mark.parametrize("place", sorted(PROFILES))
@pytest.mark.parametrize("ground", sorted(refusals.GROUNDS))
def test_a_refusal_has_reason_article_appeal_complaint_and_court(ground: str, place: str) -> None:
    refused = refusals.refusal(ground, place)
    ways = [str(getattr(refused.remedies, each.name)) for each in fields(refused.remedies)]
    assert all([str(refused.reason), str(refused.article), *ways])
    assert len(ways) == len(set(ways)) == 3


def test_there_are_remedies_everywhere() -> None:
    assert set(refusals.REMEDIES) == set(Jurisdiction.values)


@pytest.mark.parametrize(("ground", "place"), [("", "CN"), ("public_interest", "CN"), ("no_ground", "FR")])
def test_nothing_is_refused_without_a_known_ground(ground: str, place: str) -> None:
    with pytest.raises(KeyError):
        refusals.refusal(ground, place)


@pytest.mark.parametrize("ground", ["unverified", "not_entitled"])
def test_a_stranger_learns_nothing_from_a_refusal(ground: str) -> None:
    with translation.override("en"):
        reason = str(refusals.refusal(ground, "CN").reason)
    assert "does not say whether there is a record" in reason
    assert re.search(r"\b(guest of|stayed|your stay|hold)\b", reason) is None


def test_no_sentence_tells_of_a_secrecy_duty_or_a_confidential_hold() -> None:
    with translation.override("en"):
        said = " ".join(
            str(text) for text in (*words.WORDINGS.values(), *(r for r, _topic in refusals.GROUNDS.values()))
        )
    assert re.search(r"secre|confidential|police|investigat", said) is None
