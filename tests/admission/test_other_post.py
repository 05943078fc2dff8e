"""A form made under one post and sent under another says so, keeps what was typed, and leads back."""

import re

import pytest
import time_machine
from django.urls import reverse

from admission import actions
from communities.models import Appointment
from tests.admission import world as ways
from tests.admission.signing import signed_in

SWITCH = reverse("communities:switch")


@pytest.fixture(autouse=True)
def _a_working_day(world):
    with time_machine.travel(world.at(), tick=False):
        yield


@pytest.fixture
def both(world):
    """Somebody who is the office's clerk and a department's too; at the office now."""
    client = signed_in(world.actors["office"])
    office = Appointment.objects.get(user_id=client.session["_auth_user_id"])
    dept = Appointment.objects.create(
        user=office.user, role="applicant", division=office.division, unit=world.units["dept"],
        starts_on=office.starts_on,
    )  # fmt: skip
    client.post(SWITCH, {"appointment": office.pk})
    return client, office, dept


def submitted(world):
    """Submitted by the department, at the office."""
    return actions.submit(ways.consulted(world), by=world.actors["dept"], at=world.at())


def carried(answer):
    return re.findall(r'name="made_under" value="(\d+)"', answer.content.decode())


def test_a_step_sent_under_another_post_leads_back_and_is_not_taken(world, both):
    client, office, dept = both
    application = submitted(world)
    page = reverse("admission:step", args=[application.pk, "return"])
    form = client.get(page)
    assert set(carried(form)) == {str(office.pk)}

    client.post(SWITCH, {"appointment": dept.pk, "made_under": office.pk})  # in another tab
    answer = client.post(page, {"made_under": office.pk, "what1": "缺经费来源", "seen": application.version})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "这一页是另一个职务的" in html
    assert f"现在以“{dept.actor().label}”的身份办理，这一页是“{office.actor().label}”的" in html
    assert "刚才填的内容没有存到服务器，还留在这台电脑上" in html
    assert f'name="next" value="{page}"' in html
    assert f'name="appointment" value="{office.pk}"' in html
    application.refresh_from_db()
    assert application.state == "submitted"

    back = client.post(SWITCH, {"appointment": office.pk, "next": page, "made_under": dept.pk})
    assert (back.status_code, back.url) == (302, page)
    assert client.get(page).status_code == 200


def test_a_form_that_has_no_page_of_its_own_leads_back_to_the_page_it_stood_on(both):
    client, office, dept = both
    client.post(SWITCH, {"appointment": dept.pk})
    listed = reverse("admission:applications")
    answer = client.post(
        reverse("admission:remind-some"),
        {"made_under": office.pk},
        headers={"Referer": f"http://testserver{listed}?view=all"},
    )
    assert f'name="next" value="{listed}?view=all"' in answer.content.decode()


def test_an_autosave_under_another_post_answers_with_a_sentence(world, both):
    client, _office, dept = both
    draft = actions.draft_application(by=world.actors["dept"], at=world.at(), kind="admission")
    page = reverse("admission:edit", args=[draft.pk, "basics"])
    answer = client.post(page, {"made_under": dept.pk, "title": "边写边存"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert "您换了职务" in answer.content.decode()


def test_a_post_that_ended_and_a_single_post_are_nothing_to_lead_back_to(world, both):
    client, office, _dept = both
    application = submitted(world)
    Appointment.objects.filter(pk=office.pk).update(ends_on=world.at().date().replace(year=2026, month=1, day=2))
    page = reverse("admission:step", args=[application.pk, "return"])
    assert client.post(page, {"made_under": office.pk}).status_code in {403, 404}
    assert carried(client.get(reverse("admission:application", args=[application.pk]))) == []
