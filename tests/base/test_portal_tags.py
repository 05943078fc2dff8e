"""Days read as people write them, and a plain Django form gets our classes, pickers and descriptions."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from base.templatetags import portal
from base.workdays import Calendar, Day

TODAY = date(2026, 11, 23)
LATE_EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # half past midnight of the 21st in Zhuzhou


@pytest.mark.parametrize(
    ("show", "value", "chinese", "english"),
    [
        (portal.zh_day, date(2026, 11, 21), "2026年11月21日", "21 November 2026"),
        (portal.zh_day, LATE_EVENING, "2026年11月21日", "21 November 2026"),
        (portal.zh_day, None, "", ""),
        (portal.zh_month_day, date(2026, 11, 7), "11月7日", "7 Nov"),
        (portal.zh_day_short, date(2026, 11, 27), "11月27日（周五）", "Fri 27 Nov"),
        (portal.zh_day_short, date(2026, 11, 29), "11月29日（周日）", "Sun 29 Nov"),
        (portal.zh_day_short, None, "", ""),
        (portal.zh_moment, LATE_EVENING, "11月21日 00:30", "21 Nov 00:30"),
        (portal.zh_moment, None, "", ""),
    ],
)
def test_days_read_as_people_write_them(show, value, chinese, english):
    with translation.override("zh-hans"):
        assert show(value) == chinese
    with translation.override("en"):
        assert show(value) == english


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (portal.zh_month_day, "2027年1月8日"),
        (portal.zh_day_short, "2027年1月8日（周五）"),
    ],
)
def test_the_year_is_said_when_it_is_another_one(show, expected):
    assert show(date(2027, 1, 8), TODAY) == expected
    assert "年" not in show(date(2026, 12, 31), TODAY)


def test_a_citation_stays_together():
    text = "缺一项不能提交（《指导意见》第六条）。费用<br>自理（见下）"

    assert portal.cite(text) == "缺一项不能提交<cite>（《指导意见》第六条）</cite>。费用&lt;br&gt;自理（见下）"


class Form(forms.Form):
    title = forms.CharField(widget=forms.Textarea, help_text="写清对象和动作。")
    held_on = forms.DateField()
    held_at = forms.DateTimeField()
    money = forms.DecimalField(widget=forms.NumberInput(attrs={"data-unit": "元"}), help_text="给社区用的钱。")
    level = forms.ChoiceField(choices=[("", "请选"), ("county", "区")])
    phone = forms.CharField(label="电话", widget=forms.TextInput(attrs={"class": "w-s", "placeholder": "电话"}))
    streets = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("1", "甲"), ("2", "乙")])
    places = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("北", [("1", "甲"), ("2", "乙")]), ("南", [("3", "丙")])]
    )
    agreed = forms.BooleanField()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", ['class="form-control w-l"', 'rows="4"', 'aria-describedby="id_title_helptext"']),
        ("held_on", ['type="date"', 'class="form-control w-s num"']),
        ("held_at", ['type="datetime-local"', 'class="form-control w-t num"']),
        ("money", ['class="form-control w-s num"', 'aria-describedby="id_money_helptext id_money_unit"', ">元</span>"]),
        ("level", ['class="form-select w-m"']),
        ("phone", ['class="form-control w-s"']),
        ("agreed", ['class="form-check-input"']),
    ],
)
def test_a_control_gets_its_look_from_its_widget(name, expected):
    html = portal.control(Form()[name])

    assert [words for words in expected if words not in html] == []


def test_a_placeholder_that_repeats_the_label_is_left_out():
    assert "placeholder" not in portal.control(Form()["phone"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_is_sent_and_shown_as_the_browser_wants_it_in_every_language(language):
    with translation.override(language):
        form = Form(initial={"held_on": date(2026, 11, 3), "held_at": datetime(2026, 11, 3, 14, 30)})  # noqa: DTZ001
        assert 'value="2026-11-03"' in portal.control(form["held_on"])
        assert 'value="2026-11-03T14:30"' in portal.control(form["held_at"])

        sent = Form({"held_on": "2026-11-03", "held_at": "2026-11-03T14:30"})
        sent.is_valid()
        assert sent.cleaned_data["held_on"] == date(2026, 11, 3)
        assert sent.cleaned_data["held_at"].minute == 30


def test_a_wrong_control_points_to_its_error():
    form = Form({"title": ""})

    html = portal.control(form["title"])

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html


def test_choices_come_by_group():
    form = Form({"places": ["3"]})

    plain = [(name, [box.choice_label for box in boxes]) for name, boxes in portal.choice_groups(form["streets"])]
    grouped = [(name, list(boxes)) for name, boxes in portal.choice_groups(form["places"])]

    assert plain == [("", ["甲", "乙"])]
    assert [(name, [box.choice_label for box in boxes]) for name, boxes in grouped] == [
        ("北", ["甲", "乙"]),
        ("南", ["丙"]),
    ]
    tag = grouped[1][1][0].tag()
    assert "checked" in tag
    assert 'class="form-check-input"' in tag


def test_kinds_of_questions_are_told_apart():
    form = Form()

    assert [field.name for field in form if portal.is_boxes(field)] == ["streets", "places"]
    assert [field.name for field in form if portal.is_single_box(field)] == ["agreed"]


def test_the_token_survives_an_include_with_only():
    inner = Template("{% load portal %}{% csrf_token %}{% csrf %}")
    context = RequestContext(RequestFactory().get("/"), {"inner": inner})

    html = Template("{% include inner only %}").render(context)

    assert html.count('name="csrfmiddlewaretoken" value="') == 1


def test_without_a_request_there_is_no_token():
    assert portal.csrf(RequestContext(None, {})) == ""


def test_the_calendar_shows_every_day_of_a_count():
    calendar = Calendar({date(2026, 11, 26): Day(is_workday=False, name="停电"), date(2026, 11, 28): Day(True, "调休")})
    count = calendar.count(date(2026, 11, 19), 6)

    weeks = portal.calendar_weeks(count, date(2026, 11, 24))

    shown = [[cell and (cell["day"].day, cell["kind"], cell["note"]) for cell in week] for week in weeks]
    assert shown == [
        [None, None, None, (19, "start", "起"), (20, "gone", "1"), (21, "off", ""), (22, "off", "")],
        [
            (23, "gone", "2"),
            (24, "today", "3"),
            (25, "", "4"),
            (26, "off", "停电"),
            (27, "", "5"),
            (28, "due", "6"),
            None,
        ],
    ]


def test_the_calendar_of_no_days_is_empty():
    assert portal.calendar_weeks(Calendar().count(TODAY, 0), TODAY) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, [1, 2, "…", 20]), (10, [1, "…", 9, 10, 11, "…", 20]), (20, [1, "…", 19, 20])],
)
def test_pages_near_the_present_one_are_offered(number, expected):
    paginator = Paginator(range(200), 10)

    assert [str(each) for each in portal.page_window(paginator.page(number))] == [str(each) for each in expected]


class Narrowing(forms.Form):
    q = forms.CharField(required=False)
    standing = forms.ChoiceField(required=False, choices=[("now", "现在的"), ("all", "全部")], initial="now")
    since = forms.DateField(required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)


class TwoVersions(forms.Form):
    old = forms.ChoiceField(choices=[("1", "第 1 版")])
    new = forms.ChoiceField(choices=[("2", "第 2 版")])


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        (None, 0),
        ({}, 0),
        ({"q": "充电", "sort": "due"}, 0),
        ({"standing": "now"}, 0),
        ({"standing": "all", "q": "充电"}, 1),
        ({"standing": "all", "since": "2026-11-01"}, 2),
    ],
)
def test_a_folded_filter_counts_when_it_is_set_to_something_else(sent, number):
    assert portal.chosen(Narrowing(sent)) == number


def test_filters_fold_behind_a_search_box_only():
    assert portal.folds(Narrowing())
    assert not portal.folds(TwoVersions())
