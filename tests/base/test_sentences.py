"""A sentence of the audit log is kept in Chinese, and read in the language of whoever reads it."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import gettext_lazy, gettext_noop, override

from base import acts, events
from base.models import Event
from base.sentences import read, sentence
from tests.factories import NOW, UserFactory, actor

COUNTY = "430211"
LABEL = gettext_lazy("成员单位")


def appointed():
    return sentence("任职：%(role)s", role=LABEL)


def in_english(said):
    with override("en"):
        return read(said.made_of, instead=said)


@pytest.fixture
def line(db):
    with acts.act():
        target = UserFactory.create()
        events.record("base.user.tested", target=target, by=actor(), at=NOW, chain=COUNTY, data={"says": appointed()})
    return Event.objects.get()


# --- what is kept ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_its_chinese_text_whatever_the_one_who_acts_reads(language):
    with override(language):
        assert appointed() == "任职：成员单位"


def test_a_line_keeps_the_text_and_what_it_was_made_of_in_its_chain(line):
    assert line.data == {
        "says": "任职：成员单位",
        "says_of": {"pattern": "任职：%(role)s", "facts": {"role": {"pattern": "成员单位"}}},
    }
    assert events.verify(COUNTY) is None


def test_a_line_is_read_in_the_language_of_the_reader(line):
    assert events.said(line) == "任职：成员单位"
    with override("en"):
        assert events.said(line) == "Appointed: Member unit"


# --- facts -------------------------------------------------------------------------------------------------
def test_text_is_data_in_every_language():
    """A reason in a person's own words stays, though the catalogue happens to have the same words."""
    assert in_english(sentence("取消会议：%(reason)s", reason="成员单位")) == "Meeting cancelled: 成员单位"


def test_several_facts_are_a_list_in_the_manner_of_the_language():
    said = sentence("修改%(what)s", what=[gettext_lazy("户数"), "甲", sentence(gettext_noop("办公电话"))])
    assert said == "修改户数、甲、办公电话"
    assert in_english(said) == "Changed Households, 甲, Office phone"


def test_days_and_moments_are_written_as_the_reader_writes_them():
    term = sentence("，到%(day)s为止", day=date(2027, 6, 30))
    said = sentence("列入清单，%(day)s起施行%(term)s", day=date(2027, 1, 4), term=term)
    assert said == "列入清单，2027年1月4日起施行，到2027年6月30日为止"
    assert in_english(said) == "On the list, in force from 4 January 2027 until 30 June 2027"
    moved = sentence("会议改期：%(when)s，%(place)s", when=datetime(2026, 11, 20, 8, 12, tzinfo=UTC), place="三楼")
    assert moved == "会议改期：11月20日 16:12，三楼"
    assert in_english(moved) == "Meeting moved: 20 Nov 16:12, 三楼"


def test_a_percent_sign_in_the_data_is_no_place():
    assert in_english(sentence("取消会议：%(reason)s", reason="只到了 40%(d)s")) == "Meeting cancelled: 只到了 40%(d)s"


# --- what no longer fits -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "made_of",
    [
        {"pattern": "谁也不再这样说：%(role)s", "facts": {"role": "甲"}},
        {"pattern": "任职：%(role)s", "facts": {"post": "甲"}},
        {"pattern": "还有 %(n)d 个下级区划在用，请先停用它们。", "facts": {"n": "x"}},
        {"pattern": "任职：%(role)s", "facts": {"role": {"day": "某日"}}},
        {"pattern": "任职：%(role)s", "facts": {"role": {"day": None}}},
        {"pattern": "任职：%(role)s", "facts": {"role": {"label": "甲"}}},
        {"pattern": "任职：%(role)s", "facts": {"role": {"pattern": 7}}},
        {"pattern": ""},
        {"pattern": None},
        {"facts": {}},
        [],
        "任职",
        7,
    ],
)  # fmt: skip
def test_a_line_whose_words_no_longer_fit_is_read_as_it_was_written(made_of):
    line = Event(kind="base.user.tested", data={"says": "任职：成员单位", "says_of": made_of})
    with override("en"):
        assert events.said(line) == "任职：成员单位"


def test_an_empty_label_is_no_header_of_the_catalogue():
    assert in_english(sentence("任职：%(role)s", role=gettext_lazy(""))) == "Appointed: "


def test_a_line_from_before_is_translated_where_its_words_are_known():
    with override("en"):
        assert events.said(Event(kind="base.user.tested", data={"says": "成员单位"})) == "Member unit"
        assert events.said(Event(kind="base.user.tested", data={"says": "任职：成员单位"})) == "任职：成员单位"
        assert events.said(Event(kind="base.user.tested", data={"says": ""})) == "base.user.tested"
