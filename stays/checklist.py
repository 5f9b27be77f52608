"""The review standard a house begins with: what must be met before a check-in completes (M02).

From the first day it is data: rows of ``ReviewRule``, which the house words and switches as it needs.
"""

from stays.models import ReviewRule

_ANY, _MINOR, _OVERSEAS = ReviewRule.AppliesTo.ANY, ReviewRule.AppliesTo.MINOR, ReviewRule.AppliesTo.OVERSEAS
_RETURNING = ReviewRule.AppliesTo.RETURNING
_BY_HAND, _BY_ITSELF = ReviewRule.Kind.MANUAL, ReviewRule.Kind.AUTOMATIC

RULES = (
    ("document_seen", _ANY, _BY_HAND, "I saw every original document and compared the photo.",
     "已查验每位客人的证件原件，人证相符。"),
    ("every_document", _ANY, _BY_ITSELF,
     "Every guest has a type and number of document.", "每位客人均有证件类型和号码。"),
    ("fields_complete", _ANY, _BY_ITSELF, "Every guest has a name; the lead guest has a phone or an e-mail address.",
     "每位客人均有姓名；主客有电话或邮箱。"),
    ("birth_dates", _ANY, _BY_ITSELF, "Every guest has a date of birth, so that a minor is noticed.",
     "每位客人均已登记出生日期，以便识别未成年人。"),
    ("notice_shown", _ANY, _BY_ITSELF, "The privacy notice has been shown.", "已向客人出示隐私政策。"),
    ("relation_asked", _MINOR, _BY_HAND, "Minor: I asked how the people of the party are related.",
     "未成年人：已询问同住人员之间的关系。"),
    ("guardian_contact", _MINOR, _BY_ITSELF, "Minor: a guardian's name and phone are recorded.",
     "未成年人：已登记监护人姓名和电话。"),
    ("guardian_called", _MINOR, _BY_HAND, "Minor: a guardian is in the party or has been reached by phone.",
     "未成年人：监护人同住，或已电话联系监护人。"),
    ("patrol_told", _MINOR, _BY_HAND, "Minor: the patrol knows the room; what is suspicious is reported.",
     "未成年人：已告知巡查人员该房间；可疑情况将及时报告。"),
    ("overseas_fields", _OVERSEAS, _BY_ITSELF,
     "Guest from outside the mainland: nationality and date of birth are recorded.",
     "境外客人：已登记国籍（地区）和出生日期。"),
    ("report_within_day", _OVERSEAS, _BY_HAND, "Guest from outside the mainland: the report is due within 24 hours.",
     "境外客人：知悉须在 24 小时内报送住宿登记。"),
    ("contact_confirmed", _RETURNING, _BY_HAND, "Returning guest: I asked whether phone and e-mail are still right.",
     "回头客：已核对电话和电子邮箱是否有变。"),
)  # fmt: skip


def write_checklist() -> int:
    """Write the standard checklist where there is none yet; returns how many lines were written."""
    if ReviewRule.objects.exists():
        return 0
    written = ReviewRule.objects.bulk_create(
        ReviewRule(code=code, applies_to=applies_to, kind=kind, text_en=text_en, text_zh=text_zh, position=10 * place)
        for place, (code, applies_to, kind, text_en, text_zh) in enumerate(RULES, start=1)
    )
    return len(written)
