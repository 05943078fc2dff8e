"""The form and its pages say what the kind of application asks: of an exit, of a change, of what is undertaken."""

from datetime import date

import pytest
from django.urls import reverse

from admission import actions, requirements
from admission.presentation.case import Case
from admission.presentation.changes import changes
from admission.procedure import Kind
from tests.admission import world as ways
from tests.admission.browsing import signed_in
from tests.admission.filling import address

pytestmark = pytest.mark.django_db


def test_what_is_undertaken_says_in_which_field_why_assisting_is_not_enough(world):
    draft, client = ways.drafted(world), signed_in(world, "dept")
    assert "要在“必要性说明”里写明为什么不能只协助" in client.get(address(draft, "basics")).content.decode()
    assert "还要写明为什么不能只协助" not in client.get(address(draft, "grounds")).content.decode()
    actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields={"category": "undertake"})
    assert "还要写明为什么不能只协助" in client.get(address(draft, "grounds")).content.decode()


def test_an_exit_is_not_told_that_guarantees_are_needed(world):
    item, client = ways.noticed(world).item, signed_in(world, "dept")
    leaves, stays = ways.drafted(world, kind=Kind.EXIT, item=item), ways.drafted(world)
    page = client.get(address(leaves, "guarantees"))
    assert "缺一项不能提交" not in page.content.decode()
    assert not any(field.required for field in page.context["filled"][0].form.fields.values())
    assert "缺一项不能提交" in client.get(address(stays, "guarantees")).content.decode()


def test_what_an_exit_lacks_is_called_as_its_form_calls_it(world):
    draft = ways.drafted(world, kind=Kind.EXIT, item=ways.noticed(world).item)
    fields = {"justification": "", "starts_on": None}
    draft = actions.save_draft(draft, by=world.actors["dept"], at=world.at(), fields=fields)
    assert requirements.form_gaps(draft) == ["退出的理由", "退出日期"]


def test_a_prefilled_end_is_not_said_to_be_missing(world):
    item, dept = ways.noticed(world).item, world.actors["dept"]
    draft = actions.draft_application(by=dept, at=world.at(), kind=Kind.CHANGE, item=item)
    assert (draft.starts_on, draft.ends_on) == (None, date(2027, 6, 30))
    [term] = [row for row in changes(Case(draft, dept, date(2026, 11, 3))) if row.name == "施行期间"]
    assert term.after == "到2027年6月30日为止，还没有填开始日期"


def test_who_confirms_the_item_reads_the_printed_unit_and_the_unit_of_today(world):
    item = ways.noticed(world).item
    unit = world.units["dept"]
    unit.name = "应急局"
    unit.save()
    url = f"{reverse('admission:new')}?kind=exit&item={item.pk}"
    html = signed_in(world, "dept").get(url).content.decode()
    assert "应急管理局（现在是应急局）" in html
    assert "<dd>应急局</dd>" in html
