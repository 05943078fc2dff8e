"""A form made under one post and sent under another says so, keeps what was typed, and leads back; so does a page."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions
from admission.models import Opinion
from base.models import Event, Outbox
from communities.models import Appointment, Department, Division
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


@pytest.mark.parametrize("sign", [False, True])
def test_the_messages_of_another_post_are_not_marked_read_nor_signed_for(world, both, sign):
    client, office, dept = both
    submitted(world)
    waiting = Outbox.objects.visible_to(office.actor()).unread()
    address = reverse("inbox-message", args=[waiting.first().pk]) if sign else reverse("inbox-seen")
    client.post(SWITCH, {"appointment": dept.pk})
    assert set(carried(client.get(reverse("inbox")))) == {str(dept.pk)}
    client.post(SWITCH, {"appointment": office.pk})  # in another tab
    count = waiting.count()
    answer = client.post(address, {"made_under": dept.pk})
    assert answer.status_code == 409
    assert "这一页是另一个职务的" in answer.content.decode()
    assert waiting.count() == count > 0


def test_signing_out_and_the_language_belong_to_no_post(both):
    client, office, dept = both
    client.post(SWITCH, {"appointment": dept.pk})
    assert client.post(reverse("set_language"), {"language": "en", "made_under": office.pk}).status_code == 302
    assert client.post("/accounts/logout/", {"made_under": office.pk}).status_code == 302


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


def at_the(world, now, *others):
    """Somebody who holds these posts and works under the first; their client and appointments."""
    client = signed_in(world.actors[now])
    own = Appointment.objects.get(user_id=client.session["_auth_user_id"])
    held = [own]
    for name in others:
        actor = world.actors[name]
        unit = Department.objects.filter(pk=actor.unit_id).first()
        held.append(
            Appointment.objects.create(
                user=own.user, role=actor.role, division=Division.objects.get(code=actor.code), unit=unit,
                starts_on=own.starts_on,
            )
        )  # fmt: skip
    client.post(SWITCH, {"appointment": own.pk})
    return client, held


def offered(answer):
    """The posts whose switch the page itself offers; the head of every page has its own."""
    return re.findall(r'btn-primary" type="submit" name="appointment" value="(\d+)"', answer.content.decode())


def of_the_other(world, kind):
    """The address of a page that a department's clerk opens, and a community elsewhere does not."""
    if kind == "meeting":
        return reverse("admission:meeting", args=[ways.scheduled(world)[1].pk])
    application = ways.returned(world)
    return {
        "opinion": lambda: reverse("admission:respond", args=[_contested(application)]),
        "step": lambda: reverse("admission:step", args=[application.pk, "resubmit"]),
        "page": lambda: reverse("admission:application", args=[application.pk]),
        "plan": lambda: reverse("admission:plan", args=[application.pk]),
        "edit": lambda: reverse("admission:edit", args=[application.pk]),
    }[kind]()


def _contested(application):
    return Opinion.objects.filter(round__application=application).order_by("pk")[0].pk


@pytest.mark.parametrize("kind", ["opinion", "step", "page", "plan", "edit", "meeting"])
def test_a_page_opened_under_another_post_says_whose_it_is_and_leads_to_it(world, kind):
    client, (elsewhere, dept) = at_the(world, "host", "dept")
    page = of_the_other(world, kind) + "?from=mail"
    answer = client.get(page)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"您现在以“{elsewhere.actor().label}”的身份办理；这个页面要以“{dept.actor().label}”的身份打开" in html
    assert f'name="next" value="{page}"' in html
    assert offered(answer) == [str(dept.pk)]
    assert "刚才填的内容" not in html

    back = client.post(SWITCH, {"appointment": dept.pk, "next": page, "made_under": elsewhere.pk})
    assert (back.status_code, back.url) == (302, page)
    assert client.get(page, follow=True).status_code == 200


def test_a_page_that_one_may_see_but_not_use_leads_to_the_post_that_may(world):
    application = actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())
    client, (_street, community) = at_the(world, "street0", "community0")
    row = Opinion.objects.get(round__application=application, body=world.communities[0])
    answer = client.get(reverse("admission:opinion", args=[row.pk]))
    assert (answer.status_code, offered(answer)) == (409, [str(community.pk)])


def test_of_what_none_of_ones_posts_may_see_nothing_is_told(world):
    draft = ways.drafted(world)
    client, _held = at_the(world, "host", "street0", "member", "community0")
    for page in (
        reverse("admission:application", args=[draft.pk]), reverse("admission:plan", args=[draft.pk]),
        reverse("admission:step", args=[draft.pk, "open_consultation"]),
        reverse("admission:application", args=[draft.pk + 1000]), reverse("admission:opinion", args=[1000]),
        reverse("admission:step", args=[draft.pk, "no-such-step"]),
    ):  # fmt: skip
        answer = client.get(page)
        assert (answer.status_code, offered(answer)) == (404, [])
        assert "没有找到这一页" in answer.content.decode()


def test_a_post_that_has_ended_opens_nothing(world):
    client, (_now, dept) = at_the(world, "host", "dept")
    page = of_the_other(world, "page")
    Appointment.objects.filter(pk=dept.pk).update(ends_on=world.at().date().replace(month=1, day=2))
    assert client.get(page).status_code == 404


def test_part_of_a_page_that_a_script_asks_for_stays_not_found(world):
    client, _held = at_the(world, "host", "dept")
    assert client.get(of_the_other(world, "page"), headers={"HX-Request": "true"}).status_code == 404


def test_only_who_finds_nothing_is_looked_after_further(world):
    """No query more where the page opens; for who has a single post, none where it does not."""
    several, _held = at_the(world, "dept", "host")
    single = signed_in(world.actors["member_host"])
    page, missing = of_the_other(world, "page"), reverse("admission:application", args=[100000])

    def asked(client, url):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return [query["sql"] for query in captured]

    assert not [sql for sql in asked(several, page) if "SAVEPOINT" in sql]
    assert sum('FROM "admission_application"' in sql for sql in asked(single, missing)) == 1
    assert sum('FROM "admission_application"' in sql for sql in asked(several, missing)) == 2
    with_two = len(asked(several, page))
    Appointment.objects.filter(user__username=world.actors["dept"].inbox, unit=world.units["host"]).delete()
    assert len(asked(several, page)) == with_two


def test_looking_whose_page_it_is_leaves_nothing_behind(world):
    client, (now, _dept) = at_the(world, "host", "dept")
    page = of_the_other(world, "page")
    before = Event.objects.count()
    client.get(page)
    assert Event.objects.count() == before
    assert client.session["appointment"] == now.pk
    assert carried(client.get(page)) == [str(now.pk)] * len(carried(client.get(page)))
