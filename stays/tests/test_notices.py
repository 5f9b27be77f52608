"""The privacy notice: versions, both languages, its row."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Event
from stays.models import Notice
from stays.services.notices import NoticeEmpty, publish_notice

pytestmark = pytest.mark.django_db


def test_each_publication_is_the_next_version() -> None:
    at = timezone.now()
    first = publish_notice(text_en="What\n", text_zh="何事", at=at)
    second = publish_notice(text_en="What else", text_zh="又何事", at=at)
    assert second.version == first.version + 1
    assert Notice.objects.newest() == second
    assert list(Notice.objects.filter(pk=first.pk).values_list("text_en", "text_zh")) == [("What", "何事")]


def test_the_publication_is_a_row() -> None:
    notice = publish_notice(text_en="What", text_zh="何事", at=timezone.now())
    row = Event.objects.newest()[0]
    assert (row.action, row.actor, row.actor_role, row.object_type, row.object_ref, row.outcome) == (
        "notice.published", None, "system", "notice", str(notice.version), "ok",
    )  # fmt: skip


def test_one_language_is_not_enough() -> None:
    with pytest.raises(NoticeEmpty):
        publish_notice(text_en="What", text_zh=" ", at=timezone.now())
    assert Notice.objects.count() == 0


def test_the_command_reads_two_files_and_names_a_missing_one(tmp_path: Path) -> None:
    english, chinese = tmp_path / "en.txt", tmp_path / "zh.txt"
    english.write_text("What", encoding="utf-8")
    with pytest.raises(CommandError, match=r"zh\.txt"):
        call_command("publish_notice", english, chinese)
    chinese.write_text("何事", encoding="utf-8")
    call_command("publish_notice", english, chinese)
    assert list(Notice.objects.values_list("version", "text_en", "text_zh")) == [(1, "What", "何事")]
