"""The list of applications: views, filters, order, pages, files, reminding for several."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from admission import actions, exports
from admission.models import Application
from base.models import Outbox
from communities.models import Division
from tests.admission import world as ways
from tests.admission.signing import signed_in

LIST = "admission:applications"


def titled(world, title: str, way=ways.drafted, **options):
    """A way through the procedure with another title."""
    application = way(world, **options)
    Application.objects.filter(pk=application.pk).update(title=title)
    return application


def titles(response) -> list[str]:
    return [row["application"].title for row in response.context["rows"]]


def asked(world, title: str):
    application = titled(world, title)
    return actions.open_consultation(application, by=world.actors["dept"], at=world.at())


def test_each_role_finds_what_it_may_know_of(world):
    titled(world, "只有部门看得到的草稿")
    asked(world, "已经征询的")
    seen = {
        who: sorted(titles(signed_in(actor).get(reverse(LIST), {"view": "all"})))
        for who, actor in world.actors.items()
        if who not in {"host", "member", "member_host"}
    }
    both, one = sorted(["只有部门看得到的草稿", "已经征询的"]), ["已经征询的"]
    assert seen == {who: both if who == "dept" else [] if who == "admin" else one for who in seen}


def test_views_hold_what_their_names_say_and_their_counts_agree(world):
    ways.filed(world)
    asked(world, "没有人答复的")
    world.jump(days=30)
    titled(world, "刚起草的")
    views = ("doing", "overdue", "done", "all", "mine")
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["dept"])
        shown = {view: titles(client.get(reverse(LIST), {"view": view})) for view in views}
        counts = {label: count for label, _url, _current, count in client.get(reverse(LIST)).context["tabs"]}
        whom = client.get(reverse(LIST), {"view": "overdue"}).context["rows"][0]["whom"]
    assert shown["doing"] == ["没有人答复的", "刚起草的"]
    assert shown["overdue"] == ["没有人答复的"]
    assert whom == "嵩山路街道、泰山路街道"  # who has not answered, not who may go on without the answer
    assert [len(shown[view]) for view in ("done", "all")] == [1, 3]
    assert counts == {"等我办": 3, "在办": 2, "超期": 1, "已办结": 1, "全部": 3}
    assert set(shown["mine"]) == {
        "没有人答复的",
        "刚起草的",
        ways.FIELDS["title"],
    }  # the last: its notice to acknowledge


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "电动车"}, ["楼道电动车清理"]),
        ({"q": "清理 应急"}, ["楼道电动车清理", "河道清理"]),
        ({"q": "%"}, []),
        ({"state": "draft"}, ["河道清理"]),
        ({"state": "pre_consultation"}, ["楼道电动车清理"]),
        ({"kind": "exit"}, []),
        ({"procedure": "simple"}, []),
        ({"street": "430211001", "q": "楼道"}, ["楼道电动车清理"]),
        ({"street": "430211002", "q": "楼道"}, []),
        ({"sort": "-changed"}, ["楼道电动车清理", "河道清理"]),
        ({"sort": "nonsense"}, ["楼道电动车清理", "河道清理"]),
    ],
)
def test_filters_narrow_the_list(world, query, found):
    titled(world, "河道清理")
    one = titled(world, "楼道电动车清理")
    one.scope.set(Division.objects.filter(code__startswith="430211001"))
    actions.open_consultation(one, by=world.actors["dept"], at=world.at())
    assert titles(signed_in(world.actors["dept"]).get(reverse(LIST), query)) == found


def test_a_list_without_rows_says_why(world):
    client = signed_in(world.actors["office"])
    assert "现在没有在办的申请" in client.get(reverse(LIST)).content.decode()
    assert "没有超期的申请" in client.get(reverse(LIST), {"view": "overdue"}).content.decode()
    narrowed = client.get(reverse(LIST), {"q": "没有这件事"}).content.decode()
    assert "没有符合条件的申请" in narrowed
    assert "清空筛选" in narrowed


def test_the_due_date_says_how_many_working_days_are_left(world):
    asked(world, "等答复的")
    with time_machine.travel(world.at() + timedelta(days=2), tick=False):
        shown = signed_in(world.actors["office"]).get(reverse(LIST))
    row = shown.context["rows"][0]
    assert (row["left"], row["whom"]) == (3, "嵩山路街道、泰山路街道")
    assert "还有 3 个工作日" in shown.content.decode()


def test_the_file_holds_exactly_what_is_shown(world):
    titled(world, "另一件")
    asked(world, "=1+1 征询中的")
    url = reverse("admission:applications-file", args=["xlsx"])
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["dept"])
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(url, {"q": "征询"}).content))
        text = client.get(reverse("admission:applications-file", args=["csv"]), {"q": "征询"}).content.decode(
            "utf-8-sig"
        )
        assert client.get(reverse("admission:applications-file", args=["exe"])).status_code == 404
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["事项", "=1+1 征询中的"]
    assert rows[1][5:9] == ["事前征询", "嵩山路街道、泰山路街道", "征询答复", "2026-11-09"]
    assert "=1+1" in text
    assert ",=1+1" not in text  # nothing that a spreadsheet would calculate


def test_a_file_is_put_together_from_portions_and_leaves_nobody_out(world, monkeypatch):
    """However many there are, only a portion is held at a time; order and columns do not show where one ended."""
    for n in range(5):
        asked(world, f"第{n}件")
    with time_machine.travel(world.at(), tick=False):
        client = signed_in(world.actors["office"])
        url = reverse("admission:applications-file", args=["csv"])
        whole = client.get(url).content
        monkeypatch.setattr(exports, "AT_ONCE", 2)
        assert client.get(url).content == whole
    assert whole.decode("utf-8-sig").count("第") == 5


@pytest.mark.parametrize("query", [{"state": "zzz"}, {"q": "字" * 300}, {"applicant": "999999"}])
def test_a_filter_that_makes_no_sense_shows_and_exports_nothing(world, query):
    asked(world, "已经征询的")
    client = signed_in(world.actors["office"])
    shown = client.get(reverse(LIST), query)
    assert shown.status_code == 200
    assert titles(shown) == []
    refused = client.get(reverse("admission:applications-file", args=["csv"]), query)
    assert refused.status_code == 409
    assert "没有导出" in refused.content.decode()
    assert "按浏览器的" not in refused.content.decode()


@pytest.mark.parametrize("who", ["auditor", "city"])
def test_who_only_watches_has_counts_too_and_no_view_of_its_own(world, who):
    asked(world, "已经征询的")
    tabs = signed_in(world.actors[who]).get(reverse(LIST)).context["tabs"]
    assert [(label, count) for label, _url, _here, count in tabs] == [
        ("在办", 1), ("超期", 1), ("已办结", 0), ("全部", 1),
    ]  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_the_rows(world):
    def queries() -> int:
        client = signed_in(world.actors["office"])
        with CaptureQueriesContext(connection) as seen, time_machine.travel(world.at(), tick=False):
            client.get(reverse(LIST), {"view": "all"})
        return len(seen)

    for way in (ways.coordinating, ways.deliberated, ways.noticed, ways.returned, ways.awaiting):
        way(world)
    asked(world, "第一件")
    few = queries()
    for way in (ways.coordinating, ways.noticed, ways.deliberated):
        way(world)
    for n in range(12):
        asked(world, f"第{n}件")
    assert queries() == few
    assert few <= 65


def test_pages_of_the_list_follow_the_address(world):
    for n in range(23):
        titled(world, f"第{n:02}件")
    client = signed_in(world.actors["dept"])
    assert len(titles(client.get(reverse(LIST)))) == 20
    assert len(titles(client.get(reverse(LIST), {"page": "2"}))) == 3
    assert len(titles(client.get(reverse(LIST), {"page": "no"}))) == 20


def test_reminding_shows_first_who_would_be_told(world):
    waits = asked(world, "等街道的")
    own = ways.screening(world)
    client = signed_in(world.actors["office"])
    picked = {"pick": [waits.pk, own.pk], "do": "remind"}
    with time_machine.travel(world.at(), tick=False):
        before = Outbox.objects.count()
        preview = client.post(reverse("admission:remind-some"), picked)
        assert Outbox.objects.count() == before
        assert "催办 1 件，发 6 条提醒" in preview.content.decode()
        assert "嵩山路街道、泰山路街道、4 个社区" in preview.content.decode()
        sent = client.post(reverse("admission:remind-some"), {**picked, "ok": "1"}, follow=True)
        assert "已催办 1 件，发出 6 条提醒。" in sent.content.decode()
        again = client.post(reverse("admission:remind-some"), {**picked, "ok": "1"}, follow=True)
        assert "今天已经催办过了" in again.content.decode()
    told = Outbox.objects.filter(message__kind="admission.urge", channel="portal").values_list("inbox", flat=True)
    assert sorted(told) == sorted(
        [f"street:{place.code}" for place in world.streets] + [f"community:{place.code}" for place in world.communities]
    )


def test_reminding_nobody_says_so(world):
    client = signed_in(world.actors["office"])
    assert "还没有选中" in client.post(reverse("admission:remind-some"), {}, follow=True).content.decode()
    own = ways.screening(world)
    preview = client.post(reverse("admission:remind-some"), {"pick": [own.pk, "x", "99999"]})
    assert "选中的申请都不用催办" in preview.content.decode()


def test_only_the_office_reminds(world):
    waits = asked(world, "等街道的")
    refused = signed_in(world.actors["street0"]).post(reverse("admission:remind-some"), {"pick": [waits.pk]})
    assert refused.status_code == 403
    assert "由审核委员会办公室催办。" in refused.content.decode()
    url = reverse("admission:remind", args=[waits.pk])
    assert signed_in(world.actors["dept"]).get(url).status_code == 403
    page = signed_in(world.actors["office"]).get(url)
    assert "嵩山路街道、泰山路街道、4 个社区" in page.content.decode()


def test_markup_in_titles_stays_text(world):
    titled(world, "<img src=x onerror=alert(1)>")
    html = signed_in(world.actors["dept"]).get(reverse(LIST)).content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_closed_case_shows_no_running_deadline_although_receipts_are_still_to_be_signed(world):
    with time_machine.travel(world.at(), tick=False):
        case = ways.filed(world)
        assert case.deadlines.filter(stopped_on__isnull=True, clock="acknowledgement").exists()
        office = signed_in(world.actors["office"])
        listed = office.get(reverse("admission:applications"), {"view": "all"}).content.decode()
        assert case.title in listed
        assert "个工作日" not in listed.partition("<tbody")[2].partition("</tbody>")[0]
