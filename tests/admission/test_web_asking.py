"""What a page asks for it says beforehand: what is needed when, and how many rows there are."""

import re

import pytest
import time_machine
from django.urls import reverse

from admission import actions
from admission.models import Application
from admission.web.forms.meeting import PlanMeetingForm
from admission.web.forms.start import BeginForm
from admission.web.forms.steps import Return
from base.templatetags.portal import control
from tests.admission import world as ways
from tests.admission.signing import send, signed_in
from worklists.web.receiving_forms import ReportForm


@pytest.fixture(autouse=True)
def _a_working_day(world):
    with time_machine.travel(world.at(), tick=False):
        yield


@pytest.fixture
def office(world):
    return signed_in(world.actors["office"])


@pytest.fixture
def url(world):
    """Where the office sends an application back."""
    application = actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())
    return reverse("admission:step", args=[application.pk, "return"])


def behind_labels(html: str) -> dict[str, str]:
    """What stands in brackets behind each label."""
    found = re.findall(r"<label[^>]*>([^<]+?)\s*<span class=\"opt\">([^<]*)</span>", html)
    return {label.strip(): words for label, words in found}


# --- what is needed at times -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("form", "name", "words"),
    [
        (ReportForm, "department", "（名单里有的在这里选）"),
        (ReportForm, "department_text", "（上面没有选的必须写）"),
        (BeginForm, "applicant", "（代部门起草时必须选）"),
        (PlanMeetingForm, "authorisation", "（办公室主持时必须填）"),
    ],
)
def test_a_field_that_is_needed_at_times_says_when(form, name, words):
    assert form.base_fields[name].needed_when == words


def test_the_words_stand_where_else_it_says_that_it_may_stay_empty(office):
    labels = behind_labels(office.get(reverse("admission:meeting-new")).content.decode())
    assert labels == {"授权依据": "（办公室主持时必须填）"}


# --- the rows of a return ----------------------------------------------------------------------------------
def test_a_return_begins_with_two_rows_and_says_that_one_is_needed(office, url):
    page = office.get(url)
    html = page.content.decode().partition("<template")[0]
    assert page.context["form"].total == 2
    assert re.findall(r"怎样补正 <span class=\"opt\">(.*?)</span>", html) == ["（至少写一处）", "（可以不填）"]
    assert html.count("（不选就是整件申请）") == 2


def test_one_more_row_without_scripts_keeps_what_was_typed_and_checks_nothing(office, url):
    page = send(office, url, part1="people", what2="补盖章。", add="what")
    form = page.context["form"]
    assert (page.status_code, form.total, form.errors) == (200, 3, {})
    assert [row["part"].value() or "" for row in form.rows()] == ["people", "", ""]
    assert [row["what"].value() or "" for row in form.rows()] == ["", "补盖章。", ""]
    assert 'value="补盖章。"' in page.content.decode()


def test_rows_that_a_script_added_count_and_come_back(office, url):
    half = send(office, url, what1="写明账户。", part5="adds", **{"what-TOTAL_FORMS": "5"})
    assert half.context["form"].errors == {"what5": ["写明这一栏怎样补正。"]}
    assert half.context["form"].total == 5
    said = {"what1": "写明账户。", "part5": "adds", "what5": "台账写清楚。", "what-TOTAL_FORMS": "5"}
    assert send(office, url, **said).status_code == 302
    note = Application.objects.get().defect_notes.get()
    assert note.defects == [
        {"part": "整件申请", "what": "写明账户。"},
        {"part": "新设负担", "what": "台账写清楚。"},
    ]


@pytest.mark.parametrize("total", ["", "-1", "many", "9999999999", "0"])
def test_a_wrong_number_of_rows_does_no_harm(office, url, total):
    page = send(office, url, **{"what-TOTAL_FORMS": total})
    assert page.context["form"].errors["what1"] == ["至少写一条；要一次写明需要补正的全部内容。"]
    assert page.context["form"].total in {2, 40}


def test_a_defect_can_be_in_every_part_that_is_asked_for():
    labels = {str(label) for _value, label in Return().fields["part1"].choices}
    assert labels >= {"新设负担", "能否购买服务", "事前沟通", "盖章声明", "社区做什么", "结束日期"}
    assert 'data-most="500"' in control(Return()["what1"])
