"""The pages of editions: public when published, drafts for those who make and decide them; import with bad rows."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from communities.models import ImportRun
from communities.roles import Role
from tests.factories import NOW, DepartmentFactory, actor, city_edition, county_draft, county_edition, row
from tests.worklists.test_reading import GUIDANCE, HEAD, workbook
from worklists import actions, todo
from worklists.models import ItemList, ListEntry

pytestmark = pytest.mark.django_db
Y2027 = date(2027, 1, 1)
COVER = {"title": "清单（2027年）", "issue_number": "株天办发〔2026〕8号", "starts_on": "2027-01-01"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def guidance(county, city):
    return city_edition(city, "维护社会稳定", "出租房屋登记")


def upload(client, content, *, name="list.csv", **cover):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post("/lists/editions/import/", {**COVER, **cover, "file": file}, follow=True)


def errors(response):
    return [str(error) for field in response.context["form"].errors.values() for error in field]


# --- what everybody sees -----------------------------------------------------------------------------------
def test_a_published_edition_is_public_with_its_hash_and_exports(client, guidance):
    response = client.get(f"/lists/editions/{guidance.pk}/")
    text = response.content.decode()
    assert guidance.sha256 in text
    assert "按现有条目重算的哈希与公布时一致" in text
    assert "审定公布" not in text
    assert "维护社会稳定" in client.get(f"/lists/editions/{guidance.pk}/list.csv").content.decode()
    assert client.get("/lists/editions/").context["editions"][0] == guidance


@pytest.mark.parametrize(
    ("post", "sees"),
    [
        ((Role.OFFICE, "430211"), True), ((Role.DIRECTOR, "430211"), True), ((Role.DEPUTY, "430211"), True),
        ((Role.AUDITOR, "430211"), True), ((Role.CITY, "4302"), True), ((Role.OFFICE, "430204"), False),
        ((Role.STREET, "430211001"), False), ((Role.COMMUNITY, "430211001001"), False),
        ((Role.APPLICANT, "430211"), False), ((Role.MEMBER, "430211"), False),
    ],
)  # fmt: skip
def test_who_sees_a_draft(sign_in, county, guidance, post, sees):
    draft = county_draft(guidance, county, starts_on=Y2027)
    client = sign_in(*post)
    assert client.get(f"/lists/editions/{draft.pk}/").status_code == (200 if sees else 404)
    assert (draft in client.get("/lists/editions/").context["editions"]) is sees


def test_the_difference_of_two_editions_is_shown_field_by_field(client, county, city, guidance):
    second = city_edition(
        city, rows=[row(1, "维护社会稳定", category="undertake"), row(2, "社区矫正")], starts_on=Y2027
    )
    response = client.get(f"/lists/editions/{guidance.pk}/to/{second.pk}/")
    found = response.context["found"]
    assert [line.title for line in found.added] == ["社区矫正"]
    assert [line.title for line in found.removed] == ["出租房屋登记"]
    assert response.context["changed"][0][1] == [{"name": "类别", "before": "协助", "after": "承办"}]
    same = client.get(f"/lists/editions/{second.pk}/to/{second.pk}/")
    assert "两版没有差异" in same.content.decode()


def test_a_countys_edition_is_compared_with_its_citys(client, county, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.drop_entry(draft.entries.get(seq=2), reason="由派出所办理", by=actor(), at=NOW)
    actions.publish_edition(draft, by=actor(Role.DIRECTOR), at=NOW)
    page = client.get(f"/lists/editions/{guidance.pk}/to/{draft.pk}/")
    assert [line.title for line in page.context["found"].removed] == ["出租房屋登记"]
    assert page.context["changed"] == []
    assert "由派出所办理" in page.content.decode()


# --- import ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("指导清单.csv", GUIDANCE.read_bytes()),
        ("list.csv", GUIDANCE.read_text(encoding="utf-8").encode("gbk")),
        ("list.csv", b"\xef\xbb\xbf" + GUIDANCE.read_bytes()),
    ],
)
def test_the_city_reads_in_its_list_looks_at_it_and_confirms(sign_in, county, name, content):
    client = sign_in(Role.CITY, "4302")
    preview = upload(client, content, name=name)
    text = preview.content.decode()
    assert "有 149 行可以导入" in text
    assert "类别系推断，请核对原件。" in text
    assert not ItemList.objects.exists()
    draft = client.post(preview.request["PATH_INFO"], follow=True)
    assert draft.context["edition"].state == "draft"
    assert draft.context["uncertain"] == 121
    assert ListEntry.objects.count() == 149


def test_bad_rows_are_shown_each_with_its_reason_and_left_out(sign_in, county):
    client = sign_in(Role.CITY, "4302")
    lines = [
        "1,公安局,协助,巡逻",
        "2,,协助,登记",
        f"3,公安局,协助,{'长' * 10_000}",
        "",
        "4,公安局,协助,巡逻",
        "5,公安局,配合,走访",
    ]
    preview = upload(client, HEAD + "\n".join(lines) + "\n")
    text = preview.content.decode()
    for words in (
        "有 1 行可以导入", "有 4 行要改", "没有写部门。", "事项有 10000 个字，最多 200 个。", "与第 2 行重复。",
        "类别只能是“法定职责”“承办”“协助”，这里是“配合”。", "空行已跳过：第 5 行",
    ):  # fmt: skip
        assert words in text
    bad = client.get(f"{preview.request['PATH_INFO']}?show=bad")
    assert [each.line for each in bad.context["rows"]] == [3, 4, 6, 7]
    client.post(preview.request["PATH_INFO"])
    assert list(ListEntry.objects.values_list("title", flat=True)) == ["巡逻"]
    again = client.post(preview.request["PATH_INFO"], follow=True)
    assert "这次导入已经办过" in again.content.decode()
    assert ItemList.objects.count() == 1


def test_a_department_that_no_unit_of_the_county_answers_to_is_to_be_checked_in_the_preview(sign_in, county):
    DepartmentFactory.create(division=county, name="区公安局", short_name="公安局")
    client = sign_in(Role.OFFICE)
    preview = upload(client, HEAD + "1,公安局,协助,巡逻\n2,公安分局,协助,登记\n3,,协助,走访\n")
    noted = client.get(f"{preview.request['PATH_INFO']}?show=notes")
    assert [(row.line, row.notes) for row in noted.context["rows"]] == [
        (3, ("没有找到叫“公安分局”的单位，请核对名称；名称没错的，请平台管理员在单位里补上别名。",))
    ]
    client.post(preview.request["PATH_INFO"])  # to be checked, not refused
    assert ListEntry.objects.filter(department__isnull=True).get().department_text == "公安分局"


def test_a_file_without_any_good_row_offers_nothing_to_confirm(sign_in, county):
    client = sign_in(Role.CITY, "4302")
    preview = upload(client, HEAD + "1,,,\n2,,协助,登记\n")
    assert "导入这" not in preview.content.decode()
    assert "没有可以导入的行" in client.post(preview.request["PATH_INFO"], follow=True).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", b"", "是空文件"),
        ("list.csv", "部门,事项\n公安局,巡逻\n", "表头要有“部门”“类别”“事项”三列"),
        ("list.csv", HEAD + "\n,,,\n", "文件里只有表头，没有事项。"),
        ("list.csv", b"\x00\x01", "“list.csv”"),
        ("list.exe", b"MZ", "不是可以上传的文件"),
        ("list.xlsx", b"MZ\x90\x00 an executable", "“list.xlsx”"),
        ("list.xlsx", workbook([["说明"]]), "文件里第一行是：说明"),
        ("list.csv", HEAD.encode() + b"x" * (5 * 1024 * 1024), "超过了每个文件"),
    ],
    ids=[
        "empty",
        "columns missing",
        "only headings",
        "no text",
        "a program",
        "a program as a workbook",
        "no list",
        "too large",
    ],
)  # by name: the bytes of a workbook carry the second in which they were made, and differ from worker to worker
def test_a_file_that_is_no_list_is_refused_at_its_field_and_the_cover_is_kept(sign_in, county, name, content, says):
    response = upload(sign_in(Role.CITY, "4302"), content, name=name, title="我写好的名称")
    assert says in errors(response)[0]
    assert "我写好的名称" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_workbook_is_read_from_the_sheet_that_holds_the_list(sign_in, county):
    table = [["序号", "部门", "类别", "事项"], [1, "公安局", "协助", "=巡逻"]]
    preview = upload(sign_in(Role.CITY, "4302"), workbook([["说明"]], table), name="list.xlsx")
    assert [each.title for each in preview.context["rows"]] == ["=巡逻"]


def test_markup_in_a_file_is_shown_as_text(sign_in, county):
    preview = upload(sign_in(Role.CITY, "4302"), HEAD + "1,<b>局</b>,协助,<script>alert(1)</script>\n")
    text = preview.content.decode()
    assert "&lt;script&gt;" in text
    assert "<script>alert(1)" not in text


@pytest.mark.parametrize("role", [Role.STREET, Role.APPLICANT, Role.DIRECTOR, Role.AUDITOR, Role.COMMUNITY])
def test_who_does_not_draft_is_told_who_does(sign_in, guidance, role):
    client = sign_in(role, "430211001001" if role is Role.COMMUNITY else "430211")
    for address in ("/lists/editions/import/", f"/lists/editions/adopt/{guidance.pk}/"):
        response = client.get(address)
        assert response.status_code == 403
        assert "清单草案由审核委员会办公室起草" in response.content.decode()
    assert upload(client, HEAD + "1,公安局,协助,巡逻\n").status_code == 403


def test_the_preview_of_another_county_is_not_there(sign_in, county):
    preview = upload(sign_in(Role.CITY, "4302"), HEAD + "1,公安局,协助,巡逻\n")
    assert sign_in(Role.OFFICE).get(preview.request["PATH_INFO"]).status_code == 404


@pytest.mark.parametrize("address", ["import/", "import/1/", "adopt/1/", "1/cover/", "1/publish/", "1/entries/1/"])
def test_drafting_needs_a_sign_in(client, county, address):
    response = client.get(f"/lists/editions/{address}")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


# --- from draft to decision --------------------------------------------------------------------------------
def test_the_office_adopts_entry_by_entry_and_the_director_publishes(sign_in, county, guidance):
    office = sign_in(Role.OFFICE)
    assert "采用市级指导清单" in office.get("/lists/editions/").content.decode()
    form = office.get(f"/lists/editions/adopt/{guidance.pk}/")
    assert form.context["form"].initial["title"] == "天元区社区工作事项清单（2026年）"
    draft = office.post(f"/lists/editions/adopt/{guidance.pk}/", COVER, follow=True).context["edition"]
    base = f"/lists/editions/{draft.pk}"
    office.post(f"{base}/entries/2/drop/", {"drop-reason": "由派出所办理"})
    added = {"department_text": "民政局", "category": "undertake", "title": "为老\n走访", "applies_to": "urban"}
    refused = office.post(f"{base}/entries/new/", added)
    assert errors(refused) == ["增列的事项要写明决定文号。"]
    office.post(f"{base}/entries/new/", {**added, "decision_number": "株天社准〔2026〕2号"})
    office.post(f"{base}/entries/1/", {**added, "department_text": "公安局", "title": "维护社会稳定"})
    assert list(draft.entries.order_by("seq").values_list("title", "category", "fate")) == [
        ("维护社会稳定", "undertake", "adopted"), ("出租房屋登记", "assist", "dropped"),
        ("为老 走访", "undertake", "added"),
    ]  # fmt: skip
    assert office.post(f"{base}/publish/").status_code == 403
    assert [(line.act, line.title) for line in todo.lines(actor(Role.DIRECTOR), NOW.date())] == [
        ("publish_edition", "清单（2027年）"),
    ]  # fmt: skip
    director = sign_in(Role.DIRECTOR)
    assert "审定公布" in director.get(f"{base}/").content.decode()
    draft.refresh_from_db()
    page = director.post(f"{base}/publish/", {"seen": draft.version, "knowing": "on"}, follow=True)
    assert page.context["edition"].state == "published"


def test_what_changed_since_is_said_and_the_second_try_goes_through(sign_in, county, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    actions.drop_entry(draft.entries.get(seq=2), reason="由派出所办理", by=actor(), at=NOW)
    director = sign_in(Role.DIRECTOR)
    refused = director.post(f"/lists/editions/{draft.pk}/publish/", {"seen": draft.version, "knowing": "on"})
    text = refused.content.decode()
    assert "不采用“出租房屋登记”：由派出所办理" in text
    assert f'name="seen" value="{draft.version + 1}"' in text
    director.post(f"/lists/editions/{draft.pk}/publish/", {"seen": draft.version + 1, "knowing": "on"})
    draft.refresh_from_db()
    assert draft.state == "published"


def test_a_draft_can_be_revised_kept_and_discarded_on_its_pages(sign_in, county, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    office, base = sign_in(Role.OFFICE), f"/lists/editions/{draft.pk}"
    assert office.get(f"{base}/cover/").context["form"].initial["issue_number"] == draft.issue_number
    office.post(f"{base}/cover/", {**COVER, "title": "改过的名称"})
    office.post(f"{base}/entries/1/drop/", {"drop-reason": "不要"})
    assert "还是采用" in office.get(f"{base}/entries/1/").content.decode()
    assert errors(office.post(f"{base}/entries/2/drop/", {"drop-reason": ""})) == ["还没有填。"]
    office.get(f"{base}/entries/1/keep/")
    office.post(f"{base}/entries/1/keep/")
    draft.refresh_from_db()
    assert (draft.title, draft.entries.get(seq=1).fate) == ("改过的名称", "adopted")
    office.get(f"{base}/discard/")
    assert office.post(f"{base}/discard/", follow=True).redirect_chain == [("/lists/editions/", 302)]
    assert not ItemList.objects.filter(pk=draft.pk).exists()


def test_a_published_edition_offers_nothing_to_change(sign_in, county, guidance):
    edition = county_edition(guidance, county, starts_on=Y2027)
    office = sign_in(Role.OFFICE)
    page = office.get(f"/lists/editions/{edition.pk}/").content.decode()
    assert "修改封面" not in page
    assert "增列事项" not in page
    refused = office.post(f"/lists/editions/{edition.pk}/cover/", COVER)
    assert errors(refused) == ["这一版已经公布，内容不能再改。要调整的，请起草新的一版。"]


def test_what_no_unit_answers_for_is_named_to_the_office(sign_in, county, guidance):
    draft = county_draft(guidance, county, starts_on=Y2027)
    assert sign_in(Role.OFFICE).get(f"/lists/editions/{draft.pk}/").context["unplaced"] == ["公安局"]
