"""Chinese telephone numbers as people type them, and as they are kept. Pure."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from base.errors import RuleViolation

LANDLINE = re.compile(
    r"""(?P<area>010|02\d|0[3-9]\d{2})           # Beijing and the large cities have three digits
        (?P<number>\d{7,8})
        (?:(?:转|-|分机|ext\.?)(?P<extension>\d{1,6}))?""",
    re.VERBOSE | re.IGNORECASE,
)
MOBILE = re.compile(r"(?:\+?86|0086)?(?P<number>1[3-9]\d{9})")
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212~", "-"))
WHAT_TO_TYPE = _(
    "这不是一个电话号码：请填 11 位手机号，或者带区号的座机，如 0731-28000000，分机接着写 -801。只填一个。"
)
PADDING = re.compile(r"[\s()]")


class NotATelephoneNumber(RuleViolation):
    """What was typed is no single mobile number and no landline with its area code."""


def normalised(typed: str) -> str:
    """The number as it is kept: 13800000000, 0731-28000000, 0731-28000000-801. Raises NotATelephoneNumber.

    Full-width digits, spaces, hyphens and brackets are as good as none; +86 before a mobile number is left out.
    """
    text = PADDING.sub("", unicodedata.normalize("NFKC", typed).translate(DASHES))
    if mobile := MOBILE.fullmatch(text.replace("-", "")):
        return mobile["number"]
    head, *rest = re.split(r"(转|分机|ext\.?)", text, maxsplit=1, flags=re.IGNORECASE)
    for candidate in (text, head.replace("-", "") + "".join(rest), _joined(text)):
        if landline := LANDLINE.fullmatch(candidate):
            return "-".join(filter(None, landline.groups()))
    raise NotATelephoneNumber(str(WHAT_TO_TYPE))


def masked(kept: str) -> str:
    """The number for who need not call it: 138****0000, 0731-****0000. Of what is no number nothing is shown."""
    if not is_telephone(kept):
        return "****" if kept else ""
    head, *rest = normalised(kept).split("-")
    return f"{head}-****{rest[0][-4:]}" if rest else f"{head[:3]}****{head[-4:]}"


def is_telephone(typed: str) -> bool:
    """Can it be kept as a number?"""
    try:
        return bool(normalised(typed))
    except NotATelephoneNumber:
        return False


def _joined(text: str) -> str:
    """Hyphens inside the number go (0731-2800-0000); the last one stays where an extension may follow it."""
    head, dash, tail = text.rpartition("-")
    return head.replace("-", "") + dash + tail
