"""The privacy notices shown to guests."""

from typing import ClassVar

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import get_language


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices in the words of the desk."""

    def newest(self) -> "Notice | None":
        """The one shown now."""
        return self.order_by("-version").first()


class Notice(models.Model):
    """One version of the privacy notice, in both languages. A published version is never changed."""

    version = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    text_en = models.TextField()
    text_zh = models.TextField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"

    @property
    def text(self) -> str:
        """In the language of the page; headings are lines that begin with ``## ``."""
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en


auditlog.register(Notice, include_fields=["version", "published_at", "text_en", "text_zh"])
