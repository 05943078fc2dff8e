"""Several at once: one wins, the others get a sentence, nothing is there twice."""

import io
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from base import events
from base.errors import RuleViolation
from base.models import Event
from communities import actions
from communities.imports import divisions, import_divisions
from communities.models import Appointment, Community, Department, Division, ImportRun
from communities.roles import Role, system
from tests.factories import NOW, TODAY, CommunityFactory, DepartmentFactory, DivisionFactory, UserFactory, actor
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6
BY = {"by": actor(Role.ADMIN), "at": NOW}


def one_won(outcomes):
    refused = [outcome for outcome in outcomes if isinstance(outcome, RuleViolation)]
    return len(refused) == TIMES - 1 and len({str(refusal) for refusal in refused}) == 1


def test_the_same_place_is_set_up_once():
    DivisionFactory.create(code="430211001")
    create = partial(actions.create_division, "430211001030", name="新湖社区", starts_on=TODAY, **BY)
    assert one_won(at_once(*[create] * TIMES))
    assert (Division.objects.filter(code="430211001030").count(), Community.objects.count()) == (1, 1)
    assert events.verify("430211") is None


def test_the_same_unit_is_set_up_once():
    county = DivisionFactory.create(code="430211")
    assert one_won(at_once(*[partial(actions.create_department, county, name="某局", starts_on=TODAY, **BY)] * TIMES))
    assert Department.objects.count() == 1


def test_the_same_post_is_taken_up_once():
    user, county = UserFactory.create(), DivisionFactory.create(code="430211")
    appoint = partial(actions.appoint, user, role=Role.AUDITOR, division=county, starts_on=TODAY, **BY)
    assert one_won(at_once(*[appoint] * TIMES))
    assert Appointment.objects.count() == 1


def test_a_unit_is_closed_once():
    unit = DepartmentFactory.create()
    assert one_won(at_once(*[partial(actions.close_department, unit, ends_on=TODAY, **BY)] * TIMES))
    assert Event.objects.filter(kind="communities.department.close").count() == 1


def test_of_two_stale_forms_one_is_told_what_changed():
    community = CommunityFactory.create(code="430211001004")
    record = partial(actions.record_facts, community, by=actor(), at=NOW, seen=1)
    outcomes = at_once(*[partial(record, households=n) for n in range(TIMES)])
    assert sum(isinstance(outcome, RuleViolation) for outcome in outcomes) == TIMES - 1
    assert Community.objects.get(pk=community.pk).version == 2


def test_a_file_and_a_form_that_bring_the_same_place():
    DivisionFactory.create(code="43")
    for code in ("4302", "430211", "430211001"):
        DivisionFactory.create(code=code)
    content = ("code,name\n" + "".join(f"430211001{n:03},第{n}社区\n" for n in range(1, 100))).encode()
    outcomes = at_once(
        lambda: import_divisions(io.BytesIO(content), by=system(), at=NOW),
        lambda: import_divisions(io.BytesIO(content), by=system(), at=NOW),
        lambda: actions.create_division("430211001050", name="第50社区", starts_on=TODAY, **BY),
    )
    assert all(isinstance(outcome, ImportRun) for outcome in outcomes[:2])
    assert Division.objects.filter(code__startswith="430211001", code__length=12).count() == 99


def test_two_workers_do_not_import_the_same_file():
    for code in ("43", "4302", "430211", "430211001"):
        DivisionFactory.create(code=code)
    file = SimpleUploadedFile("a.csv", "code,name\n430211001004,临江社区\n".encode())
    run = divisions.upload(file, by=actor(Role.ADMIN), at=NOW)
    divisions.proceed(run, at=NOW)
    divisions.confirm(run, by=actor(Role.ADMIN), at=NOW)
    rows = [ImportRun.objects.get(pk=run.pk) for _worker in range(TIMES)]
    assert set(at_once(*[partial(divisions.proceed, row, at=NOW) for row in rows])) == {None}
    assert ImportRun.objects.get().state == "done"
    assert Event.objects.filter(kind="communities.division.import").count() == 1
