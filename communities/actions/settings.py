"""A county's own settings. Which keys there are, and what may stand in them, the app that reads them knows."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import RuleViolation
from communities import access
from communities.access import Act
from communities.models import CountySetting, Division
from communities.roles import COUNTY, Actor


def set_county_setting(
    county: Division, *, key: str, value: Any, basis: str, since: date, by: Actor, at: datetime
) -> CountySetting:
    """The county's own value from a day on. Never backwards: what began under the old value keeps it."""
    access.check(by, Act.SET_COUNTY_SETTING, county.code)
    if len(county.code) != COUNTY:
        raise RuleViolation(_("设置按区县保存，请选一个区县。"))
    if not basis.strip():
        raise RuleViolation(_("请写明依据，例如区里的文件名称和文号。"), field="basis")
    if since < acts.legal_day(at):
        raise RuleViolation(_("设置不能追溯，请填今天或以后的日期。"), field="since")
    with acts.act():
        Division.objects.select_for_update().get(pk=county.pk)
        before = CountySetting.objects.of(county.code, since).get(key)
        setting, _created = CountySetting.objects.update_or_create(
            county=county, key=key, since=since, defaults={"value": value, "basis": basis.strip()}
        )
        events.record(
            "communities.county_setting.set", target=setting, by=by, at=at, chain=county.code, audience=[county.code],
            data={
                "says": gettext_noop("修改本区设置"), "key": key,
                "before": before.value if before else None, "value": value,
                "basis": setting.basis, "since": since.isoformat(),
            },
        )  # fmt: skip
    return setting
