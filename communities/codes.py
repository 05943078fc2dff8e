"""Statistical division codes and the names of places: cut, classed and checked. Asks no database.

Digits 1-2 province, 3-4 city, 5-6 county, 7-9 street or town, 10-12 village level (GB/T 2260, GB/T 10114-2003).
"""

import unicodedata

from django.utils.translation import gettext as _

from base.cells import FORMULA_STARTS
from base.errors import RuleViolation
from communities.models import Community, Division
from communities.roles import LEVEL_LENGTHS

VILLAGE_LENGTH = LEVEL_LENGTHS[-1]
GROUPS = tuple(zip(LEVEL_LENGTHS[-2::-1], LEVEL_LENGTHS[:0:-1], strict=True))  # (9, 12), (6, 9), (4, 6), (2, 4)
NAME_LENGTH = 80
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})  # private use (Co) occurs in real village names
BY_LENGTH = {2: Division.Kind.PROVINCE, 4: Division.Kind.CITY, 6: Division.Kind.COUNTY}
# The last three digits of a township's and of a village's code.
TOWNSHIP_KINDS = {
    f"{n:03}": kind
    for numbers, kind in (
        (range(1, 100), Division.Kind.STREET),
        (range(100, 200), Division.Kind.TOWN),
        (range(200, 400), Division.Kind.TOWNSHIP),
    )
    for n in numbers
}
VILLAGE_KINDS = {
    f"{n:03}": kind
    for numbers, kind in ((range(1, 200), Division.Kind.COMMUNITY), (range(200, 400), Division.Kind.VILLAGE))
    for n in numbers
}
LENGTH_OF_KIND: dict[str, int] = {
    Division.Kind.PROVINCE: 2, Division.Kind.CITY: 4, Division.Kind.COUNTY: 6,
    Division.Kind.STREET: 9, Division.Kind.TOWN: 9, Division.Kind.TOWNSHIP: 9,
    Division.Kind.COMMUNITY: 12, Division.Kind.VILLAGE: 12,
}  # fmt: skip


def kind_of(code: str) -> Division.Kind:
    """What the digits say a place is."""
    if len(code) == VILLAGE_LENGTH:
        return VILLAGE_KINDS.get(code[-3:], Division.Kind.OTHER)
    return BY_LENGTH.get(len(code)) or TOWNSHIP_KINDS.get(code[-3:], Division.Kind.OTHER)


def cut(code: str) -> str:
    """A full code of 12 digits cut to its level: whole groups of zeros go, 500000000000 -> 50, 411000000000 -> 4110.

    Shorter codes are cut already. A code whose own group is zeros (442000 中山市, 350527000 金门县) needs its level.
    """
    if len(code) != VILLAGE_LENGTH:
        return code
    for start, end in GROUPS:
        if code[start:end].strip("0"):
            return code[:end]
    return code[: LEVEL_LENGTHS[0]]


def community_kind(name: str) -> Community.Kind | None:
    """What the name says: 社区 and 居委会 are urban, 村 and 村委会 rural. 村改居 does not show in a name."""
    if name.endswith(("村", "村委会", "村民委员会")):
        return Community.Kind.RURAL
    if name.endswith(("社区", "居委会", "居民委员会")):
        return Community.Kind.URBAN
    return None


def clean_code(text: str) -> str:
    """The code as digits, or the sentence that says what is wrong with it."""
    code = text.strip()
    if not (code.isascii() and code.isdigit()):
        raise RuleViolation(_("区划代码只能是数字。"))
    if len(code) not in LEVEL_LENGTHS:
        raise RuleViolation(_("区划代码应为 2、4、6、9 或 12 位数字，这里是 %(n)d 位。") % {"n": len(code)})
    return code


def clean_name(text: str) -> str:
    """The name with single spaces, or the sentence that says what is wrong with it."""
    if not text.isprintable() and any(unicodedata.category(char) in UNPRINTABLE for char in text.strip()):
        raise RuleViolation(_("名称里有看不见的控制字符，请删去后重填。"))
    name = " ".join(text.split())
    if not name:
        raise RuleViolation(_("名称是空的，请填写。"))
    if len(name) > NAME_LENGTH:
        raise RuleViolation(_("名称有 %(n)d 个字，最多 %(most)d 个字。") % {"n": len(name), "most": NAME_LENGTH})
    if name.startswith(FORMULA_STARTS):
        raise RuleViolation(_("名称不能以 = + - @ 开头。"))
    if "\ufffd" in name:
        raise RuleViolation(_("名称里有乱码，请检查文件的编码。"))
    return name
