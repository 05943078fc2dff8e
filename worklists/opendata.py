"""Lists as open data: what each column is called and means, and the rows as JSON with codes instead of words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.text import Words
from worklists import lists
from worklists.kinds import AppliesTo, Category, Executor, Side


@dataclass(frozen=True)
class Column:
    """One column: its lasting key, its heading in tables, what it says, the words for its codes."""

    key: str
    heading: Words
    meaning: Words
    choices: type[models.TextChoices] | None = None


ITEM = (
    Column("number", _("清单序号"), _("清单上印的序号；清单公布以后准入、确认的，是“准”“确”加顺序号")),
    Column("code", _("事项编号"), _("事项的编号，一直不变，可以用来引用")),
    Column("department", _("部门"), _("清单原文写的部门")),
    Column("department_today", _("现部门"), _("机构改革以后的部门；没有登记的是空的")),
    Column("category", _("类别"), _("社区对这一事项是什么责任"), Category),
    Column("title", _("事项"), _("事项全文")),
    Column("side", _("两清单"), _("属于政居分开的哪一张清单"), Side),
    Column("applies_to", _("适用"), _("城市社区还是村"), AppliesTo),
    Column("executor", _("承接主体"), _("由社区的哪个组织承接"), Executor),
    Column("starts_on", _("施行日期"), _("从这一天起施行")),
    Column("ends_on", _("截止日期"), _("施行的最后一天；没有期限的是空的")),
    Column("scope", _("范围"), _("在哪些街道（乡镇）、社区施行")),
    Column("basis", _("列入依据"), _("清单的名称，或者工作告知单的编号")),
    Column("does", _("社区做什么"), _("准入时写明的社区工作内容")),
    Column("does_not", _("社区不做什么"), _("准入时写明社区不承担的")),
)
"""A list of items, column by column; what is empty in a table is empty here too."""


def to_json(versions: Iterable[lists.Shown], about: Mapping[str, str | None]) -> bytes:
    """UTF-8: `about` the list, then its `items`; the rows come from `lists.shown`, dates are ISO 8601."""
    return json.dumps({**about, "items": list(_items(versions))}, ensure_ascii=False, indent=1).encode()


def _items(versions: Iterable[lists.Shown]) -> Iterator[dict[str, str]]:
    for row in versions:
        last = lists.last_day(row)
        yield {
            "number": lists.number(row), "code": row.code, "department": row.department_text,
            "department_today": row.unit_name or "", "category": row.category, "title": row.title, "side": row.side,
            "applies_to": row.applies_to, "executor": row.executor, "starts_on": row.in_force.lower.isoformat(),
            "ends_on": last.isoformat() if last else "", "scope": row.scope_text,
            "basis": row.edition_title or row.notice_number, "does": row.does, "does_not": row.does_not,
        }  # fmt: skip
