"""The pages of places, units and posts: what they show, to whom, and at how many queries."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import actions
from communities.models import Appointment, Community, Department, Division, ImportRun
from communities.roles import Role, system
from tests.factories import (
    NOW,
    AppointmentFactory,
    CommunityFactory,
    DepartmentFactory,
    DivisionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ALL_THREE = {"临江社区", "韶溪社区", "胜塘村委会"}
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def county():
    """天元区 with two streets, their office units, three communities and the civil affairs bureau."""
    DivisionFactory.create(code="43", name="湖南省")
    DivisionFactory.create(code="4302", name="株洲市")
    county = DivisionFactory.create(code="430211", name="天元区")
    for code, name in [("430211001", "嵩山路街道"), ("430211102", "雷打石镇")]:
        street = DivisionFactory.create(code=code, name=name)
        DepartmentFactory.create(division=county, kind="street_office", street=street, name=f"{name}的单位")
    DepartmentFactory.create(division=county, name="天元区民政局", short_name="民政局", hosts_office=True)
    for code, name, kind, households in [
        ("430211001004", "临江社区", "urban", 1200), ("430211001005", "韶溪社区", "urban", None),
        ("430211102201", "胜塘村委会", "rural", 800),
    ]:  # fmt: skip
        DivisionFactory.create(code=code, name=name, kind="village" if kind == "rural" else "community")
        CommunityFactory.create(code=code, kind=kind, households=households)
    return county


@pytest.fixture
def sign_in(client, county):
    """Sign in as the holder of a new post."""

    def signed_in(role, code="430211"):
        division = Division.objects.get(code=code)
        unit = None
        if role in {Role.APPLICANT, Role.OFFICE, Role.MEMBER, Role.ALTERNATE}:
            unit = Department.objects.get(short_name="民政局")
        if role == Role.STREET:
            unit = division.office
        post = AppointmentFactory.create(role=role, division=division, unit=unit)
        client.force_login(post.user)
        return post

    return signed_in


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(found)


class TestPublicPages:
    @pytest.mark.parametrize(
        ("url", "shows"),
        [
            ("/communities/430211/", ["天元区的街道和社区", "临江社区", "嵩山路街道", "2,000", "没有填"]),
            ("/communities/430211001/", ["嵩山路街道", "临江社区", "嵩山路街道的单位"]),
            ("/communities/430211001004/", ["临江社区", "1,200 户", "城市社区", "/lists/430211001004/"]),
            ("/communities/430211/departments/", ["天元区民政局", "审核委员会办公室设在这里"]),
        ],
    )
    def test_visitors_see_public_facts_without_buttons(self, client, county, url, shows):
        page = client.get(url).content.decode()
        assert [text for text in shows if text not in page] == []
        for button in ("填写", "新设", "导入区划", "停用", "任职"):
            assert f">{button}" not in page

    def test_the_host_of_the_office_is_named_whether_or_not_it_has_a_short_name(self, client, county):
        for short in ("", "民政"):
            Department.objects.filter(hosts_office=True).update(short_name=short)
            assert "审核委员会办公室设在这里" in client.get("/communities/430211/departments/").content.decode()

    def test_home_leads_to_the_one_county_or_to_ones_own(self, client, county, sign_in):
        assert client.get("/communities/").url == "/communities/430211/"
        DepartmentFactory.create(division=DivisionFactory.create(code="430203", name="芦淞区"))
        page = client.get("/communities/").content.decode()
        assert "芦淞区" in page
        assert "天元区" in page
        sign_in(Role.STREET, "430211001")
        assert client.get("/communities/").url == "/communities/430211/"

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=临江", {"临江社区"}), ("q=430211102", {"胜塘村委会"}), ("q=临江 韶溪", set()),
            ("street=430211001", {"临江社区", "韶溪社区"}), ("kind=rural", {"胜塘村委会"}),
            ("facts=missing", ALL_THREE), ("street=999", ALL_THREE), ("q=%25", set()),
            ("page=999&sort=nonsense", ALL_THREE),
        ],
    )  # fmt: skip
    def test_search_and_filters(self, client, county, query, names):
        shown = {row.division.name for row, _street in client.get(f"/communities/430211/?{query}").context["rows"]}
        assert shown == names

    def test_sorting_puts_the_unknown_last_either_way(self, client, county):
        def order(sort):
            return [row.households for row, _ in client.get(f"/communities/430211/?sort={sort}").context["rows"]]

        assert order("households") == [800, 1200, None]
        assert order("-households") == [1200, 800, None]

    @pytest.mark.parametrize("code", ["430299", "430211009", "430211001999"])
    def test_unknown_places_are_not_found(self, client, county, code):
        assert client.get(f"/communities/{code}/").status_code == 404

    def test_an_ended_place_says_so_and_leads_on(self, client, county):
        heir = Division.objects.get(code="430211001005")
        Division.objects.filter(code="430211001004").update(ends_on=date(2020, 1, 1), successor=heir)
        page = client.get("/communities/430211001004/").content.decode()
        assert "已停用" in page
        assert "/communities/430211001005/" in page
        assert "临江社区" not in client.get("/communities/430211/").content.decode()

    def test_an_ended_unit_says_so_and_leads_on(self, client, county):
        heir = Department.objects.get(short_name="民政局")
        old = DepartmentFactory.create(division=county, name="老局", ends_on=date(2019, 1, 1), successor=heir)
        page = client.get(f"/communities/departments/{old.pk}/").content.decode()
        assert "已撤销" in page
        assert "天元区民政局" in page
        assert "老局" in client.get(f"/communities/departments/{heir.pk}/").content.decode()
        listed = "/communities/430211/departments/"
        assert "老局" not in client.get(listed).content.decode()
        assert "老局" in client.get(f"{listed}?standing=ended").content.decode()

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=民政", {"天元区民政局"}),
            ("q=卫计委&standing=all", {"天元区卫生健康局"}),
            ("kind=coordinating_body", set()),
        ],
    )
    def test_units_are_found_by_any_of_their_names(self, client, county, query, names):
        DepartmentFactory.create(division=county, name="天元区卫生健康局", aliases=["卫计委"])
        rows = client.get(f"/communities/430211/departments/?{query}").context["rows"]
        assert {unit.name for unit in rows} == names

    def test_markup_in_names_stays_text(self, client, county):
        Division.objects.filter(code="430211001004").update(name=MARKUP)
        for url in ("/communities/430211/", "/communities/430211001/", "/communities/430211001004/"):
            assert MARKUP not in client.get(url).content.decode()

    @pytest.mark.parametrize(
        "url", ["/communities/430211/", "/communities/430211001/", "/communities/430211/departments/?standing=all"]
    )
    def test_the_number_of_queries_does_not_grow_with_the_rows(self, client, county, url):
        few = queries(client, url)
        heir = Department.objects.get(short_name="民政局")
        for n in range(100, 140):
            CommunityFactory.create(code=f"430211001{n}", households=n)
            DepartmentFactory.create(division=county, ends_on=date(2019, 1, 1), successor=heir)
        assert queries(client, url) == few


class TestFacts:
    URL = "/communities/430211001004/facts/"
    FILLED = {"kind": "urban", "households": "1300", "residents": "3900", "has_service_station": "True", "seen": "1"}

    @pytest.mark.parametrize(("role", "code"), [(Role.STREET, "430211001"), (Role.OFFICE, "430211")])
    def test_the_street_and_the_office_record(self, client, sign_in, role, code):
        sign_in(role, code)
        assert "填写基本情况" in client.get("/communities/430211001004/").content.decode()
        assert 'value="1200"' in client.get(self.URL).content.decode()
        answer = client.post(self.URL, self.FILLED, follow=True)
        assert "已保存" in answer.content.decode()
        community = Community.objects.get(division__code="430211001004")
        assert (community.households, community.residents, community.has_service_station) == (1300, 3900, True)
        assert "修改户数" in answer.content.decode()

    @pytest.mark.parametrize(
        ("role", "code"),
        [
            (Role.STREET, "430211102"), (Role.COMMUNITY, "430211001004"), (Role.ADMIN, "430211"),
            (Role.AUDITOR, "430211"),
        ],
    )  # fmt: skip
    def test_others_are_refused_with_the_reason(self, client, sign_in, role, code):
        sign_in(role, code)
        assert "填写基本情况" not in client.get("/communities/430211001004/").content.decode()
        for answer in (client.get(self.URL), client.post(self.URL, self.FILLED)):
            assert answer.status_code == 403
            assert "请联系所在街道" in answer.content.decode()
        assert Community.objects.get(division__code="430211001004").households == 1200

    def test_visitors_sign_in_first(self, client, county):
        assert client.get(self.URL).url.startswith("/accounts/login/")

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("households", "-1", "不能是负数"), ("residents", "三千", "请填整数"),
            ("facility_area", "9" * 12, "太大了"),
            ("phone", "0" * 31, "最多 30 个字"),
            ("phone", "打办公室电话", "请填 11 位手机号，或者带区号的座机"), ("kind", "castle", "选"),
        ],
    )  # fmt: skip
    def test_bad_input_gets_a_sentence_at_its_field_and_nothing_typed_is_lost(
        self, client, sign_in, field, value, says
    ):
        sign_in(Role.STREET, "430211001")
        answer = client.post(self.URL, self.FILLED | {field: value})
        assert says in str(answer.context["form"].errors[field])
        assert 'value="1300"' in answer.content.decode() or field == "households"
        assert Community.objects.get(division__code="430211001004").version == 1

    def test_a_stale_form_shows_what_changed_and_can_be_sent_again(self, client, sign_in):
        post = sign_in(Role.STREET, "430211001")
        community = Community.objects.get(division__code="430211001004")
        actions.record_facts(community, phone="0731-1", by=post.actor(), at=timezone.now())
        answer = client.post(self.URL, self.FILLED)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "修改办公电话" in page
        assert 'value="1300"' in page
        assert client.post(self.URL, self.FILLED | {"seen": answer.context["form"]["seen"].value()}).status_code == 302


class TestAdministration:
    """What the administrator does to places and units; nobody else is offered it or may."""

    def pages(self, county):
        unit = Department.objects.get(short_name="民政局")
        return [
            "/communities/430211/new/", "/communities/430211001004/close/", "/communities/430211/departments/new/",
            f"/communities/departments/{unit.pk}/alias/", f"/communities/departments/{unit.pk}/close/",
            "/communities/appointments/new/430211/", "/communities/imports/",
        ]  # fmt: skip

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM, Role.STREET, Role.CITY}))
    def test_only_administrators(self, client, county, sign_in, role):
        code = {Role.COMMUNITY: "430211001004", Role.WORKER: "430211001004"}.get(role, "430211")
        sign_in(role, code)
        wanted = 200 if role == Role.ADMIN else 403
        assert {client.get(url).status_code for url in self.pages(county)} == {wanted}

    def test_a_new_community_and_its_end(self, client, sign_in):
        sign_in(Role.ADMIN)
        facts = {"code": "430211001030", "name": "新湖社区", "starts_on": "2026-11-21"}
        assert client.post("/communities/430211/new/", facts).url == "/communities/430211001030/"
        answer = client.post("/communities/430211/new/", facts)
        assert (answer.status_code, "已经有了" in answer.content.decode()) == (409, True)
        heir = Division.objects.get(code="430211001004")
        client.post("/communities/430211001030/close/", {"ends_on": "2026-12-31", "successor": heir.pk})
        assert Division.objects.get(code="430211001030").successor == heir

    def test_a_new_unit_its_alias_and_its_end(self, client, sign_in):
        sign_in(Role.ADMIN)
        facts = {"name": "天元区医疗保障局", "short_name": "医保局", "aliases": "医保办、医保中心"}
        facts |= {"kind": "department", "starts_on": "2019-04-01"}
        url = client.post("/communities/430211/departments/new/", facts).url
        unit = Department.objects.get(short_name="医保局")
        assert (url, unit.aliases) == (f"/communities/departments/{unit.pk}/", ["医保办", "医保中心"])
        client.post(f"{url}alias/", {"alias": "医保"})
        answer = client.post(f"{url}alias/", {"alias": "民政局"})
        assert "已经是" in answer.content.decode()
        client.post(f"{url}close/", {"ends_on": "2026-11-30"})
        unit.refresh_from_db()
        assert (unit.aliases[-1], unit.ends_on) == ("医保", date(2026, 11, 30))

    def test_communities_that_came_by_a_file_get_their_facts(self, client, sign_in):
        sign_in(Role.ADMIN)
        DivisionFactory.create(code="430211001040", name="后来社区")
        assert "给新社区建立基本情况" in client.get("/communities/430211/").content.decode()
        client.post("/communities/430211/enrol/")
        assert Community.objects.get(division__code="430211001040").kind == "urban"
        assert "给新社区建立基本情况" not in client.get("/communities/430211/").content.decode()


class TestAppointments:
    URL = "/communities/appointments/"

    def facts(self, **change):
        county = Division.objects.get(code="430211")
        unit = Department.objects.get(short_name="民政局")
        return {
            "username": "newcomer", "role": "office", "division": county.pk, "unit": unit.pk, "capacity": "准入办经办",
            "starts_on": "2026-11-21",
        } | change  # fmt: skip

    def test_appoint_and_end(self, client, sign_in):
        sign_in(Role.ADMIN)
        UserFactory.create(username="newcomer")
        assert client.get(f"{self.URL}new/").url == f"{self.URL}new/430211/"
        page = client.get(f"{self.URL}new/430211/").content.decode()
        assert "嵩山路街道 / 临江社区" in page
        assert client.post(f"{self.URL}new/430211/", self.facts()).url == self.URL
        post = Appointment.objects.get(user__username="newcomer")
        assert post.actor().label == "天元区民政局 · 准入办经办"
        assert "newcomer" in client.get(f"{self.URL}?q=newcomer").content.decode()
        ended = client.post(f"{self.URL}{post.pk}/end/", {"ends_on": "2026-11-30"}, follow=True)
        assert "已终止" in ended.content.decode()

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"username": "nobody"}, "没有这个账号"), ({"role": "system"}, "选"), ({"unit": ""}, "要写明单位"),
            ({"role": "street"}, "请选对应级别的区划"), ({"starts_on": "21.11.2026"}, "这不是一个日期"),
            ({"ends_on": "2026-11-20"}, "不能早于"), ({"division": "999999"}, "没有这个区划"),
            ({"capacity": "长" * 41}, "最多 40 个字"),
        ],
    )  # fmt: skip
    def test_bad_input_keeps_what_was_typed(self, client, sign_in, change, says):
        sign_in(Role.ADMIN)
        UserFactory.create(username="newcomer")
        page = client.post(f"{self.URL}new/430211/", self.facts(**change)).content.decode()
        assert says in page
        assert 'value="准入办经办"' in page or "capacity" in change
        assert not Appointment.objects.filter(user__username="newcomer").exists()

    def test_an_administrator_of_the_city_says_the_county_first(self, client, sign_in):
        sign_in(Role.ADMIN, "4302")
        assert client.get(f"{self.URL}new/").status_code == 200
        assert client.post(f"{self.URL}new/", {"county": "430211"}).url == f"{self.URL}new/430211/"
        assert "没有这个区县" in client.post(f"{self.URL}new/", {"county": "430299"}).content.decode()
        assert "株洲市" in client.get(f"{self.URL}new/430211/").content.decode()

    def test_auditors_read_and_others_do_not(self, client, sign_in):
        sign_in(Role.AUDITOR)
        page = client.get(self.URL).content.decode()
        assert "共 1 项任职" in page
        assert "终止" not in page.replace("已终止的", "")
        sign_in(Role.OFFICE)
        assert client.get(self.URL).status_code == 403

    def test_a_foreign_post_is_not_found_and_ones_own_cannot_be_ended(self, client, sign_in):
        foreign = AppointmentFactory.create(division=DivisionFactory.create(code="430203"))
        own = sign_in(Role.ADMIN)
        assert client.get(f"{self.URL}{foreign.pk}/end/").status_code == 404
        answer = client.post(f"{self.URL}{own.pk}/end/", {"ends_on": "2026-12-01"})
        assert answer.status_code == 403
        assert "另一位平台管理员" in answer.content.decode()

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, client, sign_in):
        sign_in(Role.ADMIN)
        few = queries(client, self.URL)
        for _n in range(40):
            AppointmentFactory.create(unit=DepartmentFactory.create(), role=Role.MEMBER)
        assert queries(client, self.URL) == few

    def test_terms_are_told_apart(self, client, sign_in):
        sign_in(Role.ADMIN)
        today = timezone.localdate()
        AppointmentFactory.create(ends_on=today - timedelta(days=1))
        AppointmentFactory.create(starts_on=today + timedelta(days=1))
        counts = {
            name: client.get(f"{self.URL}?standing={name}").context["page"].paginator.count
            for name in ("now", "ended", "coming", "all")
        }
        assert counts == {"now": 1, "ended": 1, "coming": 1, "all": 3}


class TestImportPages:
    URL = "/communities/imports/"

    def hand_in(self, client, text="code,name\n430211001030,新湖社区\n坏,行\n", name="区划.csv", **more):
        return client.post(self.URL, {"file": SimpleUploadedFile(name, text.encode()), "level": "", **more})

    def test_upload_check_confirm_report(self, client, sign_in):
        sign_in(Role.ADMIN)
        url = self.hand_in(client).url
        page = client.get(url).content.decode()
        assert "检查完了，还没有保存" in page
        assert "区划代码只能是数字" in page
        assert "新湖社区" in page
        assert "嵩山路街道" in page
        assert not Division.objects.filter(code="430211001030").exists()
        page = client.post(f"{url}decide/", {"go": "1"}, follow=True).content.decode()
        assert "已导入" in page
        assert Division.objects.filter(code="430211001030").exists()
        assert "区划.csv" in client.get(self.URL).content.decode()
        again = client.post(f"{url}decide/", {"go": "1"})
        assert (again.status_code, "已经办过" in again.content.decode()) == (409, True)

    def test_refused_rows_are_to_be_had_as_a_table_without_formulas(self, client, sign_in):
        sign_in(Role.ADMIN)
        url = self.hand_in(client, "code,name\n=1+1,行\n").url
        assert f"{url}refused.csv" in client.get(url).content.decode()
        answer = client.get(f"{url}refused.csv")
        head, row = answer.content.decode("utf-8-sig").splitlines()
        assert head == "行号,内容,原因"
        assert row.startswith("2,'=1+1 行,")
        assert answer["Content-Type"].startswith("text/csv")

    def test_discarding(self, client, sign_in):
        sign_in(Role.ADMIN)
        url = self.hand_in(client).url
        page = client.post(f"{url}decide/", {"go": "0"}, follow=True).content.decode()
        assert "已放弃" in page
        assert not Division.objects.filter(code="430211001030").exists()

    def test_a_large_file_is_left_to_a_worker_with_progress(self, client, sign_in, monkeypatch):
        monkeypatch.setattr("communities.web.divisions.AT_ONCE", 10)
        sign_in(Role.ADMIN)
        url = self.hand_in(client).url
        assert "正在检查文件" in client.get(url).content.decode()
        part = client.get(f"{url}?part=job").content.decode()
        assert "<html" not in part
        assert "<progress" in part

    @pytest.mark.parametrize(
        ("name", "text", "says"),
        [
            ("区划.csv", "", "空文件"), ("区划.exe", "code,name\n", "不是可以上传的文件"),
            ("区划.csv", "甲,乙\n", "没有找到表头"),
        ],
    )  # fmt: skip
    def test_files_that_are_none(self, client, sign_in, name, text, says):
        sign_in(Role.ADMIN)
        answer = self.hand_in(client, text, name)
        page = (client.get(answer.url) if answer.status_code == 302 else answer).content.decode()
        assert says in page
        assert not ImportRun.objects.filter(state="preview").exists()

    def test_another_territorys_import_is_not_found(self, client, sign_in):
        run = ImportRun.objects.create(what="divisions", county="430203", started_by="别处", started_at=NOW)
        sign_in(Role.ADMIN)
        assert client.get(f"{self.URL}{run.pk}/").status_code == 404
        assert client.post(f"{self.URL}{run.pk}/decide/", {"go": "1"}).status_code == 404

    def test_a_run_of_the_command_has_its_page_too(self, client, sign_in):
        run = ImportRun.objects.create(
            what="divisions", county="430211", started_by=system().label, started_at=NOW, state="done", finished_at=NOW,
            report={"new": 1, "changed": 1, "same": 0, "refused": 0, "refusals": [], "changes": [["43", "旧", "新"]]},
        )  # fmt: skip
        sign_in(Role.ADMIN)
        assert "由命令导入" in client.get(f"{self.URL}{run.pk}/").content.decode()
