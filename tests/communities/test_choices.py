"""Units are offered by kind, in the order of their sound, without the county that all share."""

import pytest

from communities.choices import grouped, local_name
from communities.models import Department, Division
from communities.web.fields import UnitChoice
from tests.factories import DepartmentFactory, DivisionFactory

KINDS = ["职能部门", "议事协调机构", "街道办事处（乡镇政府）"]


@pytest.fixture
def county(db):
    return DivisionFactory.create(code="430211", name="天元区")


def unit(county, name, **facts):
    return DepartmentFactory.create(division=county, name=name, **facts)


def street(county, code, name):
    place = DivisionFactory.create(code=code, name=name, kind=Division.Kind.STREET)
    return unit(county, f"天元区{name}办事处", kind="street_office", street=place)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("天元区民政局", "民政局"),
        ("天元区委组织部", "区委组织部"),
        ("株洲市公安局天元分局", "株洲市公安局天元分局"),
        ("区信访局", "区信访局"),
        ("天元区", "天元区"),
    ],
)
def test_the_county_that_all_share_is_left_off(name, said):
    assert local_name(Department(name=name, division=Division(name="天元区"))) == said


def test_units_stand_by_kind_and_sound_and_streets_by_code(county):
    street(county, "430211002", "泰山路街道")
    street(county, "430211001", "嵩山路街道")
    for name in ("天元区卫生健康局", "天元区民政局", "天元区安监局", "天元区司法局"):
        unit(county, name)
    unit(county, "天元区安全生产委员会", kind="coordinating_body")

    groups = [(kind, [local_name(one) for one in units]) for kind, units in grouped(list(Department.objects.all()))]
    assert groups == [
        (KINDS[0], ["安监局", "民政局", "司法局", "卫生健康局"]),
        (KINDS[1], ["安全生产委员会"]),
        (KINDS[2], ["嵩山路街道办事处", "泰山路街道办事处"]),
    ]


def test_a_field_offers_groups_with_one_query_and_none_for_a_single_kind(county, django_assert_num_queries):
    one = unit(county, "天元区民政局")
    field = UnitChoice(queryset=Department.objects.all())
    assert list(field.choices) == [("", "请选择"), (one.pk, "民政局")]
    other = unit(county, "天元区防汛抗旱指挥部", kind="coordinating_body")
    with django_assert_num_queries(1):
        assert list(iter(field.choices))[1:] == [
            (KINDS[0], [(one.pk, "民政局")]),
            (KINDS[1], [(other.pk, "防汛抗旱指挥部")]),
        ]
    assert field.clean(str(other.pk)) == other
