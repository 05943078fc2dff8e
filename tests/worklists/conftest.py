"""One county with two streets and three communities, and its neighbour."""

import pytest

from communities.models import Division
from communities.roles import Role
from tests.factories import AppointmentFactory, DepartmentFactory, DivisionFactory


@pytest.fixture
def county(db):
    DivisionFactory.create(code="43", name="湖南省")
    DivisionFactory.create(code="4302", name="株洲市")
    county = DivisionFactory.create(code="430211", name="天元区")
    DivisionFactory.create(code="430211001", name="嵩山路街道")
    DivisionFactory.create(code="430211002", name="泰山路街道")
    DivisionFactory.create(code="430211001001", name="湘银社区")
    DivisionFactory.create(code="430211001002", name="天台社区")
    DivisionFactory.create(code="430211002001", name="长江社区")
    DivisionFactory.create(code="430204", name="石峰区")
    return county


@pytest.fixture
def city(county):
    return Division.objects.get(code="4302")


@pytest.fixture
def sign_in(client):
    """sign_in(Role.OFFICE) -> a client that works under that post; `code` and `unit` where they matter."""

    def _sign_in(role, code="430211", unit=None):
        division = DivisionFactory.create(code=code)
        if unit is None and role in {Role.APPLICANT, Role.STREET, Role.OFFICE, Role.MEMBER, Role.ALTERNATE}:
            unit = DepartmentFactory.create(division=DivisionFactory.create(code="430211"))
        post = AppointmentFactory.create(role=role, division=division, unit=unit)
        client.force_login(post.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return _sign_in
