"""Divisions from files: bad rows are refused one by one with a reason, the rest is taken over; repeatable."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from base.errors import NotAllowed, RuleViolation
from base.models import Event, User
from communities import tasks
from communities.imports import (
    TIANYUAN,
    TIANYUAN_DEPARTMENTS,
    divisions,
    import_divisions,
    load_departments,
    load_places,
)
from communities.models import Community, Department, Division, ImportRun
from communities.roles import Role, system
from tests.factories import NOW, TODAY, AppointmentFactory, DivisionFactory, actor

pytestmark = pytest.mark.django_db
ADMIN = actor(Role.ADMIN, "430211")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def imported(text, *, encoding="utf-8", by=None, **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return import_divisions(io.BytesIO(content), by=by or system(), at=NOW, **options)


def by_user(by):
    return User.objects.get(pk=by.user_id)


def refusals(run):
    return {line: why for line, _text, why in run.report["refusals"]}


@pytest.fixture
def province():
    for code, name in [("43", "湖南省"), ("4302", "株洲市"), ("430211", "天元区"), ("430211001", "嵩山路街道")]:
        DivisionFactory.create(code=code, name=name)


class TestRows:
    def test_a_table_of_all_levels_with_full_codes(self):
        run = imported(
            "统计用区划代码,名称\n430000000000,湖南省\n430200000000,株洲市\n430211000000,天元区\n"
            "430211001000,嵩山路街道\n430211001004,临江社区\n430211102000,雷打石镇\n430211102201,胜塘村委会\n"
        )
        assert list(Division.objects.order_by("code").values_list("code", "kind")) == [
            ("43", "province"), ("4302", "city"), ("430211", "county"), ("430211001", "street"),
            ("430211001004", "community"), ("430211102", "town"), ("430211102201", "village"),
        ]  # fmt: skip
        assert (run.state, run.rows, run.done, run.report["new"]) == ("done", 7, 7, 7)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
    @pytest.mark.parametrize("delimiter", [",", "\t", ";"])
    def test_encodings_and_delimiters(self, encoding, delimiter):
        imported(f"code{delimiter}name\r\n43{delimiter}湖南省\r\n", encoding=encoding)
        assert Division.objects.get().name == "湖南省"

    @pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
    def test_every_kind_of_line_end(self, end, encoding):
        run = imported(end.join(["code,name", "43,湖南省", '4302,"株洲市"', ""]), encoding=encoding)
        assert (run.report["new"], run.report["refused"]) == (2, 0)
        assert Division.objects.get(code="4302").name == "株洲市"

    def test_bad_rows_are_refused_one_by_one_and_the_rest_is_taken(self, province):
        run = imported(
            "code,name,kind\n"
            "430211001004,临江社区,\n"      # 2
            "430299001,某街道,\n"            # 3 unknown parent
            "430211001004,又一个,\n"         # 4 repeated
            "43021A001,字母,\n"              # 5
            "43021,短,\n"                    # 6
            ",没有代码,\n"                   # 7
            "430211001005,,\n"               # 8 no name
            "\n"                             # 9 empty
            ",,\n"                           # 10 empty
            f"430211001006,{'长' * 10_000},\n"   # 11
            "430211001007,控\x07制,\n"       # 12
            "430211001008,=1+1,\n"           # 13
            "430211001009,某社区,星球\n"     # 14
            "430211001010\n"                 # 15 cells missing
            "4.30211E+11,科学,\n"            # 16
            "430211001011,十一社区,社区\n"   # 17
            "430211001012,十二社区,街道\n"   # 18 code and kind disagree
        )  # fmt: skip
        assert {line: why.split("，")[0].rstrip("。") for line, why in refusals(run).items()} == {
            3: "上级区划还没有", 4: "与第 2 行的代码重复", 5: "区划代码只能是数字",
            6: "区划代码应为 2、4、6、9 或 12 位数字", 7: "区划代码只能是数字", 8: "名称是空的",
            11: "名称有 10000 个字", 12: "名称里有看不见的控制字符", 13: "名称不能以 = + - @ 开头",
            14: "类型“星球”不认识", 15: "名称是空的", 16: "区划代码成了科学记数法",
            18: "区划代码 430211001012 与级别“街道、乡镇”不符",
        }  # fmt: skip
        taken = Division.objects.filter(code__startswith="430211001", code__length=12)
        assert set(taken.values_list("name", flat=True)) == {"临江社区", "十一社区"}
        assert (run.report["new"], run.report["refused"], run.rows) == (2, 13, 15)

    def test_a_cell_beyond_all_bounds_does_not_stop_the_rest(self, province):
        run = imported(f'code,name\n430211002,"{"长" * 140_000}"\n430211003,栗雨街道\n')
        assert refusals(run)[2] == "这一行读不出来：引号不成对，或者一格太长。"
        assert Division.objects.filter(code="430211003").exists()

    def test_those_below_a_refused_row_are_refused_too(self, province):
        run = imported("code,name\n430299,某县\n430299001,\n430299001001,某社区\n")
        assert set(refusals(run)) == {3, 4}
        assert not Division.objects.filter(code__startswith="430299001").exists()

    def test_the_level_said_decides_where_a_real_code_ends_in_zeros(self):
        for code, name in [
            ("44", "广东省"),
            ("4420", "中山市"),
            ("35", "福建省"),
            ("3505", "泉州市"),
            ("350527", "金门县"),
        ]:
            DivisionFactory.create(code=code, name=name)
        imported("code,name\n442000000000,中山市\n", level=6)
        imported("code,name,level\n350527000000,金门县,乡级\n350527000000,金门县,5\n")
        assert set(Division.objects.filter(code__length__gte=6).values_list("code", flat=True)) == {
            "442000", "350527", "350527000", "350527000000",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "第一行要有"),
            (b"a,b\n1,2\n", "文件里第一行是：a、b"),
            ("名称,人口\n某地,3\n".encode(), "没有找到表头"),
            (b"\x00\x01MZ\x02", "没有找到表头"),
            (b"\xff\xfe\x00\xff", "读不出文件里的文字"),
        ],
    )
    def test_a_file_that_is_no_such_table(self, content, says):
        with pytest.raises(RuleViolation, match=says):
            imported(content)
        assert Division.objects.count() == 0

    @pytest.mark.parametrize(
        ("head", "named"),
        [("区划代码,名称,名称,代码", "区划代码、名称、名称、代码"), ("code,name,类型,kind", "类型、kind")],
    )
    def test_two_columns_for_one_thing_are_refused_by_name(self, head, named):
        with pytest.raises(RuleViolation, match=named):
            imported(f"{head}\n43,湖南省,湖南省,43\n")
        assert not Division.objects.exists()

    def test_the_first_rows_are_told_as_they_were_read(self, province):
        rows = "".join(f"430211001{n:03},第{n}社区\n" for n in range(1, 15))
        run = imported(f"code,name\n430211002,泰山路街道\n430211002001,泰山社区\n坏,行\n{rows}", encoding="gbk")
        assert len(run.report["first"]) == 10
        assert [tuple(row) for row in run.report["first"][:3]] == [
            (2, "430211002", "泰山路街道", "天元区"),
            (3, "430211002001", "泰山社区", "泰山路街道"),
            (5, "430211001001", "第1社区", "嵩山路街道"),
        ]


class TestTakingOver:
    def test_repeating_changes_nothing(self, province):
        text = "code,name\n430211001004,临江社区\n430211001005,韶溪社区\n"
        imported(text)
        before = list(Division.objects.order_by("code").values())
        run = imported(text)
        assert list(Division.objects.order_by("code").values()) == before
        assert (run.report["new"], run.report["changed"], run.report["same"]) == (0, 0, 2)

    def test_a_new_name_is_taken_and_reported_but_a_kind_only_when_the_file_says_it(self, province):
        DivisionFactory.create(code="430211001004", name="临江居委会", kind="other")
        run = imported("code,name\n430211001004,临江社区\n")
        assert run.report["changes"] == [["430211001004", "临江居委会", "临江社区"]] or run.report["changes"] == [
            ("430211001004", "临江居委会", "临江社区")
        ]
        place = Division.objects.get(code="430211001004")
        assert (place.name, place.kind) == ("临江社区", "other")
        imported("code,name,kind\n430211001004,临江社区,社区\n")
        assert Division.objects.get(code="430211001004").kind == "community"

    def test_what_joins_a_known_county_exists_from_its_first_day_and_not_before(self, province):
        imported("code,name\n430211001004,临江社区\n430211001005,韶溪社区\n")
        imported(
            "code,name,starts_on\n430211001006,新社区,\n430211001007,另一社区,2026/3/1\n430212,新设区,2025-01-01\n"
        )
        days = dict(Division.objects.values_list("code", "starts_on"))
        always = date(1949, 10, 1)
        assert (days["430211001004"], days["430211001005"]) == (always, always)
        assert (days["430211001006"], days["430211001007"]) == (TODAY, date(2026, 3, 1))
        assert days["430212"] == date(2025, 1, 1)
        places = Division.objects.under("430211001").of_level(12)
        assert places.valid(date(2020, 1, 1)).count() == 2
        assert places.valid(TODAY).count() == 4

    def test_a_first_day_that_was_wrong_is_mended_by_the_file_and_the_old_one_stays_in_the_log(self, province):
        imported("code,name\n430211001004,临江社区\n")
        run = imported("code,name,启用日期\n430211001004,临江社区,2026-03-01\n430211001005,韶溪社区,三月\n")
        assert refusals(run)[3] == "启用日期“三月”读不出来，请写成 2026-11-21 的样子。"
        assert (run.report["changed"], run.report["new"]) == (1, 0)
        assert Division.objects.get(code="430211001004").starts_on == date(2026, 3, 1)
        line = Event.objects.filter(kind="communities.division.import").order_by("-seq").first()
        assert line.data["changes"] == [["430211001004", "临江社区 1949-10-01", "临江社区 2026-03-01"]]
        again = imported("code,name\n430211001004,临江社区\n")
        assert (again.report["changed"], Division.objects.get(code="430211001004").starts_on) == (0, date(2026, 3, 1))

    def test_every_overwritten_name_stays_in_the_log(self, province, monkeypatch):
        monkeypatch.setattr(divisions, "IN_A_LINE", 50)
        codes = [f"430211001{n:03}" for n in range(1, 121)]
        imported("code,name\n" + "".join(f"{code},旧{code}社区\n" for code in codes))
        run = imported("code,name\n" + "".join(f"{code},新{code}社区\n" for code in codes))
        lines = Event.objects.filter(target_pk=str(run.pk), kind__startswith="communities.division.").order_by("seq")
        assert [len(line.data["changes"]) for line in lines] == [50, 50, 20]
        old = [(code, before) for line in lines for code, before, _after in line.data["changes"]]
        assert old == [(code, f"旧{code}社区") for code in codes]
        assert len(run.report["changes"]) == 100

    def test_ended_places_stay_ended(self, province):
        DivisionFactory.create(code="430211001004", name="旧社区", ends_on=date(2020, 1, 1))
        DivisionFactory.create(code="430211002", name="旧街道", ends_on=date(2020, 1, 1))
        run = imported("code,name\n430211001004,新社区\n430211002001,某社区\n")
        assert "已经停用" in refusals(run)[2]
        assert "上级区划还没有，或者已经停用" in refusals(run)[3]

    def test_an_administrator_imports_in_the_own_territory_only(self, province):
        DivisionFactory.create(code="430203", name="芦淞区")
        run = imported("code,name\n43,湖南省\n4302,改名市\n430203001,外区街道\n430211002,泰山路街道\n", by=ADMIN)
        assert refusals(run) == {3: "不在您的辖区内。", 4: "不在您的辖区内。"}
        assert Division.objects.get(code="4302").name == "株洲市"
        assert Division.objects.filter(code="430211002").exists()

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
    def test_nobody_else_imports(self, role):
        with pytest.raises(NotAllowed):
            imported("code,name\n43,湖南省\n", by=actor(role, "430211"))

    def test_one_event_for_a_file(self, province):
        run = imported("code,name\n430211001004,临江社区\n430211001005,韶溪社区\n", by=ADMIN)
        line = Event.objects.get(kind="communities.division.import")
        assert (line.kind, line.chain, line.target_pk) == ("communities.division.import", "430211", str(run.pk))
        assert line.data["says"] == "导入区划：新增 2，修改 0，没有导入 0"

    def test_progress_is_told_in_batches(self, province, monkeypatch):
        monkeypatch.setattr("communities.imports.staging.CHUNK", 4)
        rows = "".join(f"4302110010{n:02},第{n}社区\n" for n in range(1, 100))
        told = []
        imported(f"code,name\n{rows}", told=told.append)
        assert told == [40, 80, 99]
        assert Division.objects.filter(code__length=12).count() == 99


class TestRuns:
    """Upload, look, confirm, carry out: as the page and the worker do it."""

    @pytest.fixture
    def by(self, province):
        post = AppointmentFactory.create(role=Role.ADMIN, division=Division.objects.get(code="430211"))
        return post.actor()

    def handed_in(self, by, text="code,name\n430211001004,临江社区\n4302110010,坏行\n"):
        return divisions.upload(SimpleUploadedFile("区划.csv", text.encode()), by=by, at=NOW)

    def test_nothing_is_saved_before_it_is_confirmed(self, by):
        run = self.handed_in(by)
        with pytest.raises(RuleViolation, match="还没有检查完"):
            divisions.confirm(run, by=by, at=NOW)
        tasks.run_imports()
        run.refresh_from_db()
        assert (run.state, run.report["new"], run.report["refused"]) == ("preview", 1, 1)
        assert not Division.objects.filter(code="430211001004").exists()
        divisions.confirm(run, by=by, at=NOW)
        tasks.run_imports()
        run.refresh_from_db()
        assert run.state == "done"
        assert Division.objects.get(code="430211001004").name == "临江社区"
        assert Event.objects.get(kind="communities.division.import").by_user_id == by.user_id

    def test_the_same_step_twice_is_refused(self, by):
        run = self.handed_in(by)
        divisions.proceed(run, at=NOW)
        divisions.confirm(run, by=by, at=NOW)
        for act in (divisions.confirm, divisions.discard):
            with pytest.raises(RuleViolation, match="已经办过"):
                act(run, by=by, at=NOW)

    @pytest.mark.parametrize(
        ("rows", "says"), [("", "表头下面没有一行数据"), ("4302110010,坏行\n", "没有一行可以导入")]
    )
    def test_a_file_without_a_good_row_offers_nothing_to_confirm(self, by, client, rows, says):
        run = self.handed_in(by, f"code,name\n{rows}")
        divisions.proceed(run, at=NOW)
        client.force_login(by_user(by), backend=BACKEND)
        page = client.get(f"/communities/imports/{run.pk}/").content.decode()
        assert says in page
        assert "确认导入" not in page
        with pytest.raises(RuleViolation, match="没有一行可以导入"):
            divisions.confirm(run, by=by, at=NOW)

    def test_a_new_community_of_the_own_county_is_asked_and_told_at_once(self, by, client):
        run = self.handed_in(by, "code,name\n430211001004,临江社区\n430211001201,胜塘村委会\n430211001497,工业园区\n")
        divisions.proceed(run, at=NOW)
        divisions.proceed(divisions.confirm(run, by=by, at=NOW), at=NOW)
        assert list(Community.objects.order_by("division__code").values_list("division__name", "kind")) == [
            ("临江社区", "urban"), ("胜塘村委会", "rural"),
        ]  # fmt: skip
        client.force_login(by_user(by), backend=BACKEND)
        assert "2 个新的社区（村）已建立基本情况" in client.get(f"/communities/imports/{run.pk}/").content.decode()

    def test_a_wider_import_leads_to_the_counties(self, province, client):
        by = AppointmentFactory.create(role=Role.ADMIN, division=Division.objects.get(code="4302")).actor()
        run = self.handed_in(by)
        divisions.proceed(run, at=NOW)
        divisions.proceed(divisions.confirm(run, by=by, at=NOW), at=NOW)
        assert not Community.objects.exists()
        client.force_login(by_user(by), backend=BACKEND)
        assert "给新社区建立基本情况" in client.get(f"/communities/imports/{run.pk}/").content.decode()

    def test_a_discarded_file_imports_nothing(self, by):
        run = self.handed_in(by)
        divisions.proceed(run, at=NOW)
        divisions.discard(run, by=by, at=NOW)
        tasks.run_imports()
        assert ImportRun.objects.get().state == "failed"
        assert not Division.objects.filter(code="430211001004").exists()

    def test_a_file_that_is_no_table_fails_with_its_sentence(self, by):
        run = self.handed_in(by, "甲,乙\n1,2\n")
        divisions.proceed(run, at=NOW)
        assert (run.state, run.report["error"][:6]) == ("failed", "没有找到表头")
        assert list(divisions.waiting()) == []

    def test_broken_off_in_the_middle_it_is_simply_done_again(self, by, monkeypatch):
        run = self.handed_in(by)
        divisions.proceed(run, at=NOW)
        run = divisions.confirm(run, by=by, at=NOW)
        with monkeypatch.context() as broken:
            broken.setattr(divisions, "take_over", lambda *args, **kwargs: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                divisions.proceed(run, at=NOW)
        assert list(divisions.waiting()) == [run]
        tasks.run_imports()
        assert ImportRun.objects.get().state == "done"

    def test_without_a_broker_the_scheduler_finds_the_file_later(self, by, settings, caplog):
        app = tasks.run_imports.app
        before, app.conf.broker_url = app.conf.broker_url, "redis://127.0.0.1:1/0"
        try:
            run = self.handed_in(by)
            tasks.wake()
        finally:
            app.conf.broker_url = before
        assert "the broker is away" in caplog.text
        assert list(divisions.waiting()) == [run]

    def test_only_texts_are_taken(self, by):
        with pytest.raises(RuleViolation):
            divisions.upload(SimpleUploadedFile("区划.csv", b"MZ\x90\x00" * 100), by=by, at=NOW)
        with pytest.raises(RuleViolation):
            divisions.upload(SimpleUploadedFile("区划.exe", b"code,name\n"), by=by, at=NOW)
        assert ImportRun.objects.count() == 0


class TestCommands:
    def test_import_tells_the_result_and_the_refused_rows(self, tmp_path: Path, capsys):
        path = tmp_path / "a.csv"
        path.write_text("code,name\n43,湖南省\n4x,坏\n" + "44,\n" * 30, encoding="utf-8")
        call_command("import_divisions", path)
        said = capsys.readouterr().out
        assert "32 行：新增 1，修改 0，无变化 0，拒绝 31。" in said
        assert "第 3 行（4x 坏）：区划代码只能是数字。" in said
        assert "其余 11 行没有列出。" in said

    def test_import_says_in_one_sentence_what_is_wrong(self, tmp_path: Path):
        (tmp_path / "a.csv").write_text("x\n")
        with pytest.raises(CommandError, match="没有找到表头"):
            call_command("import_divisions", tmp_path / "a.csv")
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_divisions", tmp_path / "none.csv")

    def test_the_first_administrator_is_appointed_by_command(self, province, django_user_model, capsys):
        user = django_user_model.objects.create_user("admin")
        call_command("appoint", "admin", "admin", "430211")
        assert user.appointments.get().actor().label == "天元区 · 平台管理员"
        for arguments, says in [
            (("nobody", "admin", "430211"), "没有这个账号"),
            (("admin", "admin", "430211001"), "请选对应级别的区划"),
            (("admin", "office", "430211", "--unit=无此局"), "没有这个单位"),
        ]:
            with pytest.raises(CommandError, match=says):
                call_command("appoint", *arguments)


class TestTianyuan:
    """The places and units that the project carries."""

    @pytest.fixture
    def county(self):
        county = load_places(TIANYUAN, by=system(), at=NOW)
        load_departments(TIANYUAN_DEPARTMENTS, county=county, by=system(), at=NOW)
        return county

    def test_seven_streets_and_towns_and_a_hundred_communities(self, county):
        assert (county.code, county.name) == ("430211", "天元区")
        assert Division.objects.of_level(9).count() == 7
        communities = Community.objects.under("430211")
        assert (communities.count(), communities.filter(kind="rural").count()) == (100, 28)
        assert all((row.division.kind == "village") == (row.kind == "rural") for row in communities)

    def test_every_printed_department_finds_one_unit_then_and_now(self, county):
        source = Path(__file__).parents[2] / "worklists" / "data" / "guidance_list.csv"
        lines = source.read_text(encoding="utf-8-sig").splitlines()
        printed = {line.split(",")[1] for line in lines[1:]}
        assert len(printed) == 37
        for name in printed:
            then = Department.objects.of("430211").named(name).valid(date(2018, 12, 3)).get()
            heir = then.successor or then
            assert heir.ends_on is None, name
            assert Department.objects.of("430211").valid(TODAY).filter(pk=heir.pk).exists()

    def test_the_committee_and_the_streets_have_their_units(self, county):
        units = Department.objects.of("430211").valid(TODAY)
        for name in ("组织部", "民政局", "编办", "司法局"):
            assert units.named(name).count() == 1
        assert units.get(hosts_office=True).short_name == "民政局"
        assert units.filter(kind="street_office").count() == 7
        assert units.filter(kind="coordinating_body").count() == 3

    def test_loading_again_changes_nothing(self, county):
        before = (Division.objects.count(), Department.objects.count(), Community.objects.count())
        load_places(TIANYUAN, by=system(), at=NOW)
        load_departments(TIANYUAN_DEPARTMENTS, county=county, by=system(), at=NOW)
        assert (Division.objects.count(), Department.objects.count(), Community.objects.count()) == before

    def test_a_file_with_a_bad_row_is_said_so(self, tmp_path):
        path = tmp_path / "places.csv"
        path.write_text("code,name\n43,湖南省\n430211,天元区\n", encoding="utf-8")
        with pytest.raises(RuleViolation, match="第 3 行（430211 天元区）：上级区划还没有"):
            load_places(path, by=system(), at=NOW)
