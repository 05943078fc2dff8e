"""A page of the lists opened under one of a person's posts that is for another of them: whose it is, and the switch."""

import re
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.roles import Role
from tests.factories import NOW, AppointmentFactory, DepartmentFactory, actor, city_edition, county_draft
from worklists.receiving import actions
from worklists.receiving.actions import Handed

pytestmark = pytest.mark.django_db
SWITCH = reverse("communities:switch")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def posts(client, county):
    """posts(now, other) -> the second of two posts of one person, who works under the first."""

    def _posts(now, other):
        unit = DepartmentFactory.create(division=county)
        first = AppointmentFactory.create(role=now, division=county, unit=unit)
        units = {} if other in {Role.DIRECTOR, Role.AUDITOR} else {"unit": DepartmentFactory.create(division=county)}
        second = AppointmentFactory.create(user=first.user, role=other, division=county, **units)
        client.force_login(first.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.post(SWITCH, {"appointment": first.pk})
        return second

    return _posts


@pytest.fixture
def report(county):
    handed = Handed(
        department_text="城管局", what="沿街商铺登记", channel="group_chat", details="要求一周内报表。",
        happened_on=date(2026, 11, 20), done="waiting",
    )  # fmt: skip
    picture = SimpleUploadedFile("群截图.png", PICTURE)
    return actions.report_work(handed, uploads=[picture], by=actor(Role.COMMUNITY, "430211001001"), at=NOW)


def offered(answer):
    return re.findall(r'btn-primary" type="submit" name="appointment" value="(\d+)"', answer.content.decode())


@pytest.mark.parametrize("page", ["", "pass-on/", "close/"])
def test_a_report_opened_under_another_post_leads_to_the_one_that_handles_it(client, posts, report, page):
    office = posts(Role.APPLICANT, Role.OFFICE)
    url = f"/unapproved/{report.pk}/{page}"
    answer = client.get(url)
    assert (answer.status_code, offered(answer)) == (409, [str(office.pk)])
    assert f"这个页面要以“{office.actor().label}”的身份打开" in answer.content.decode()
    assert client.post(SWITCH, {"appointment": office.pk, "next": url}).url == url
    assert client.get(url).status_code == 200


def test_a_file_of_a_report_leads_there_too(client, posts, report):
    office = posts(Role.APPLICANT, Role.OFFICE)
    url = f"/unapproved/{report.pk}/files/{report.files.get().pk}/"
    assert offered(client.get(url)) == [str(office.pk)]
    client.post(SWITCH, {"appointment": office.pk})
    assert b"".join(client.get(url).streaming_content) == PICTURE


def test_a_draft_of_an_edition_opened_under_another_post_leads_to_the_one_that_drafts_it(client, posts, county, city):
    draft = county_draft(city_edition(city, "维护社会稳定"), county, starts_on=date(2027, 1, 1))
    director = posts(Role.STREET, Role.DIRECTOR)
    assert offered(client.get(f"/lists/editions/{draft.pk}/")) == [str(director.pk)]


def test_what_another_post_may_see_but_not_do_is_not_offered(client, posts, report):
    posts(Role.APPLICANT, Role.AUDITOR)
    assert client.get(f"/unapproved/{report.pk}/pass-on/").status_code == 404


def test_what_none_of_ones_posts_may_see_stays_not_found(client, posts, report):
    posts(Role.APPLICANT, Role.MEMBER)
    for url in (f"/unapproved/{report.pk}/", f"/unapproved/{report.pk + 1000}/", f"/unapproved/{report.pk}/pass-on/"):
        answer = client.get(url)
        assert (answer.status_code, offered(answer)) == (404, [])
