"""How rows of base name themselves, in logs and in the administrator's tables."""

import pytest
from django.db import models

from base.models import (
    Attachment,
    CalendarYear,
    DocumentNumber,
    Event,
    EventChain,
    Holiday,
    Message,
    NumberSeries,
    Outbox,
    User,
)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (EventChain(code="430211", seq=7), "430211#7"),
        (EventChain(code=""), "platform#0"),
        (Event(chain="430211", seq=7, kind="base.holiday.set"), "430211#7 base.holiday.set"),
        (CalendarYear(year=2026), "2026"),
        (Holiday(date="2026-10-01", name="国庆节"), "2026-10-01 国庆节"),
        (NumberSeries(owner="430211", kind="filing", year=2026, last=3), "430211 filing 2026: 3"),
        (DocumentNumber(text="准备〔2026〕3号"), "准备〔2026〕3号"),
        (Attachment(name="方案.pdf"), "方案.pdf"),
        (Message(title="请您征询意见"), "请您征询意见"),
        (Outbox(message_id=1, inbox="office:3"), "1 -> office:3"),
        (User(username="office"), "office"),
        (User(username="office", display_name="区民政局"), "区民政局"),
    ],
)
def test_rows_name_themselves(row: models.Model, name: str):
    assert str(row) == name
