"""The pages for everybody: handbook, accessibility, feedback that reaches the office."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from base.models import Message, Outbox, User
from communities.models import Department, Division
from communities.roles import Role
from config import feedback, handbook
from tests.admission.browsing import holding, signed_in
from tests.admission.conftest import world as world  # noqa: PLC0414  the fixture
from tests.factories import actor

TYPED = {"county": "430211", "topic": "complaint", "text": "有人在群里派活，还要求打卡。", "contact": "", "page": ""}


# --- the handbook
def test_every_role_has_its_chapter_and_every_chapter_is_read(db):
    assert set(handbook.CHAPTER_OF.values()) <= set(handbook.ORDER)
    for name, chapter in handbook.chapters().items():
        html = Client().get(reverse("help-chapter", args=[name])).content.decode()
        assert chapter.title in html
        assert all(str(line) in html for block in chapter.blocks for line in block.lines)
    assert Client().get(reverse("help-chapter", args=["made-up"])).status_code == 404


def test_help_opens_at_the_chapter_of_the_role(world):
    assert signed_in(world, "street0").get("/help/").context["chapter"].name == "street"
    assert Client().get("/help/").context["chapter"].name == "public"


def test_markdown_becomes_blocks_and_nothing_else_becomes_html():
    text = "# 标题\n\n第一行\n第二行\n\n## 小节\n- 甲 **重** \n- <script>\n1. 一\n2. 二\n"
    chapter = handbook.read("x", text)
    assert chapter.title == "标题"
    assert [(block.kind, len(block.lines)) for block in chapter.blocks] == [("p", 1), ("h2", 1), ("ul", 2), ("ol", 2)]
    assert chapter.blocks[0].lines[0] == "第一行第二行"
    assert "<strong>重</strong>" in chapter.blocks[2].lines[0]
    assert chapter.blocks[2].lines[1] == "&lt;script&gt;"


def test_the_chapters_use_only_what_the_reader_understands():
    for chapter in handbook.chapters().values():
        for block in chapter.blocks:
            assert not [line for line in block.lines if line.startswith(("#", "*", "|", ">"))], chapter.name
            assert not [line for line in block.lines if "！" in line or "](" in line], chapter.name


def test_the_accessibility_statement_needs_no_sign_in(db):
    html = Client().get("/accessibility/").content.decode()
    assert "GB/T 37668" in html
    assert 'href="/feedback/"' in html


# --- feedback
def test_a_visitor_reaches_the_office_and_the_administrator(world):
    holding(world.actors["admin"])
    response = Client().post("/feedback/", TYPED, follow=True)
    assert "已送到天元区" in response.content.decode()
    message = Message.objects.get(kind=feedback.KIND)
    assert message.title == "投诉：有人在群里派活，还要求打卡。"
    assert "没有登录的来访者" in message.body
    assert {row.inbox for row in message.deliveries.all()} == {f"office:{world.units['host'].pk}", "admin:430211"}
    assert message.title in signed_in(world, "office").get("/messages/").content.decode()
    assert message.title not in signed_in(world, "deputy").get("/messages/").content.decode()


def test_whoever_is_signed_in_is_named_by_post_and_the_page_is_kept(world):
    client = signed_in(world, "community0")
    came_from = {"headers": {"referer": "http://testserver/notices/7/?x=1"}}
    form = client.get("/feedback/", **came_from).context["form"]
    assert form["page"].value() == "/notices/7/"
    assert form.fields["county"].widget.is_hidden
    client.post("/feedback/", {**TYPED, "page": "/notices/7/", "contact": "0731-00000000"})
    body = Message.objects.get(kind=feedback.KIND).body
    assert "嵩山1社区 · 社区" in body
    assert "所在页面：/notices/7/" in body
    assert "联系方式：0731-00000000" in body


def test_another_site_s_address_is_not_taken_for_a_page(world):
    form = Client().get("/feedback/", headers={"referer": "https://example.org/x"}).context["form"]
    assert form["page"].value() == ""


def test_the_same_words_on_the_same_day_arrive_once(world):
    Client().post("/feedback/", TYPED)
    Client().post("/feedback/", TYPED)
    assert Message.objects.filter(kind=feedback.KIND).count() == 1


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "长" * 2001}, {"topic": "other"}, {"county": "430204"}])
def test_what_cannot_be_sent_is_said_and_kept(world, wrong):
    response = Client().post("/feedback/", {**TYPED, **wrong})
    assert list(response.context["form"].errors) == list(wrong)
    assert not Message.objects.exists()


@pytest.fixture
def one_an_hour(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "feedback": "1/h/ip"}


def test_a_flood_from_one_address_shuts_the_channel_for_nobody_else(world, one_an_hour):
    Client().post("/feedback/", TYPED)
    assert Client().post("/feedback/", {**TYPED, "text": "又一条。"}).status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.8").post("/feedback/", {**TYPED, "text": "别处来的。"}).status_code == 302


def test_who_holds_a_post_is_not_counted(world, one_an_hour):
    client = signed_in(world, "community0")
    for text in ("一。", "二。", "三。"):
        assert client.post("/feedback/", {**TYPED, "text": text}).status_code == 302


def test_a_flood_into_the_inbox_is_one_letter_an_hour(world):
    office = holding(world.actors["office"])
    User.objects.filter(pk=office.session["_auth_user_id"]).update(email="office@example.org")
    for text in ("一。", "二。", "三。"):
        Client().post("/feedback/", {**TYPED, "text": text})
    letters = Outbox.objects.filter(channel=Outbox.Channel.EMAIL)
    assert letters.count() == 1
    assert Outbox.objects.filter(channel=Outbox.Channel.PORTAL, inbox__startswith="office").count() == 3
    signed_in(world, "community0").post("/feedback/", {**TYPED, "text": "社区说的。"})
    assert letters.count() == 2


def test_a_flood_is_refused_with_what_to_do_instead(world, one_an_hour):
    Client().post("/feedback/", TYPED)
    response = Client().post("/feedback/", {**TYPED, "text": "又一条。"})
    assert "请过一会儿再提交" in response.content.decode()
    assert "又一条。" in response.content.decode()
    assert Message.objects.count() == 1
    with time_machine.travel("2027-01-04 10:00+08:00"):
        assert Client().post("/feedback/", {**TYPED, "text": "又一条。"}).status_code == 302


def test_with_several_counties_one_is_chosen_and_one_s_own_is_not_asked(world):
    other = Division.objects.create(code="430204", name="石峰区", kind="county")
    host = Department.objects.create(division=other, name="民政局", hosts_office=True)
    form = Client().get("/feedback/").context["form"]
    assert [code for code, _name in form.fields["county"].choices] == ["430204", "430211"]
    own = signed_in(world, "street0").get("/feedback/").context["form"]
    assert [code for code, _name in own.fields["county"].choices] == ["430211"]
    Client().post("/feedback/", {**TYPED, "county": "430204"})
    assert Outbox.objects.get(message__kind=feedback.KIND).inbox == f"office:{host.pk}"


def test_before_any_county_takes_part_the_page_says_so(db):
    assert "还没有区县开通" in Client().get("/feedback/").content.decode()


def test_an_office_that_has_moved_is_found_at_its_new_host(world):
    world.units["host"].hosts_office = False
    world.units["host"].save()
    world.units["legal"].hosts_office = True
    world.units["legal"].save()
    at = world.at()
    boxes = feedback.readers(world.county, at)
    assert boxes == [f"office:{world.units['legal'].pk}"]
    said = feedback.Feedback(feedback.Topic.SUGGESTION, "字再大一点。")
    message = feedback.give_feedback(world.county, by=actor(Role.AUDITOR), at=at, said=said)
    assert message.written_at.date() == date(2026, 11, 2)
