"""What everybody may read: the notice, and how long what is kept."""

import pytest
from django.test import Client

from audit.models import Event
from privacy.tests.factories import AT, NoticeFactory, make_property, make_rule
from staff.models import Property

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}
CHINESE = {"Accept-Language": "zh-hans"}


def test_the_newest_notice_and_the_versions(client: Client) -> None:
    older = NoticeFactory(version=901)
    newest = NoticeFactory(version=902, published_at=AT, text_en="## Newest\nWords.", text_zh="## 最新\n内容。")
    answer = client.get("/privacy/", headers=ENGLISH)
    assert (answer.context["notice"], answer.context["versions"][:2]) == (newest, [newest, older])
    assert "<h2>Newest</h2>" in answer.content.decode()
    assert "<h2>最新</h2>" in client.get("/privacy/", headers=CHINESE).content.decode()


def test_without_a_notice_the_page_says_so(client: Client) -> None:
    assert "No notice published yet" in client.get("/privacy/", headers=ENGLISH).content.decode()


def test_the_periods_of_where_the_house_is(client: Client, house: Property) -> None:
    [(place, lines, _coming)] = client.get("/retention/", headers=ENGLISH).context["parts"]
    register = next(line for line in lines if line.record == "Guest register")
    assert (place, register.period, register.starts) == ("Mainland China", "at least 3 years", "from check-out")
    assert (register.ends, register.is_confirmed) == ("Unlinked and erased; figures without persons stay", False)
    assert register.source == "Measures for the Public Security of Hotels, art. 6"


def test_what_the_house_entered_goes_before_what_is_shipped(client: Client, house: Property) -> None:
    make_rule("CN-RET-01", number=5, confirmed_on=AT.date())
    [(_place, lines, _coming)] = client.get("/retention/", headers=ENGLISH).context["parts"]
    register = next(line for line in lines if line.record == "Guest register")
    assert (register.period, register.is_confirmed) == ("at least 5 years", True)


def test_one_part_for_each_jurisdiction(client: Client, house: Property) -> None:
    make_property()
    abroad = make_property()
    Property.objects.filter(pk=abroad.pk).update(jurisdiction="DE")
    parts = client.get("/retention/", headers=ENGLISH).context["parts"]
    assert [place for place, _lines, _coming in parts] == ["Mainland China", "Germany"]


def test_nothing_is_looked_up_or_logged_about_who_reads(client: Client, house: Property) -> None:
    before = Event.objects.count()
    codes = [client.get(page).status_code for page in ("/privacy/", "/retention/", "/consent/", "/consent/received/")]
    assert (codes, Event.objects.count()) == ([200] * 4, before)
