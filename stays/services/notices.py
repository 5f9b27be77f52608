"""Publishing the privacy notice that guests are shown."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from stays import actions
from stays.models import Notice


class NoticeEmpty(audit.Refused):
    """A notice without words in one of the languages."""

    action = actions.NOTICE_PUBLISHED
    outcome = "failed"
    message = _("A privacy notice needs its text in English and in Chinese.")


def publish_notice(*, text_en: str, text_zh: str, at: datetime) -> Notice:
    """Publish the next version; it is the one shown from now on, earlier ones stay as they were.

    The operator's deed, at the machine. Raises ``NoticeEmpty``.
    """
    text_en, text_zh = text_en.strip(), text_zh.strip()
    if not text_en or not text_zh:
        raise NoticeEmpty
    with transaction.atomic():
        _one_at_a_time()
        newest = Notice.objects.newest()
        version = newest.version + 1 if newest else 1
        notice = Notice.objects.create(version=version, published_at=at, text_en=text_en, text_zh=text_zh)
        audit.record(actions.NOTICE_PUBLISHED, who=audit.SYSTEM, object_type="notice", object_ref=str(version))
    return notice


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('stays.notice'))")
