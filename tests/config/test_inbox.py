"""The messages of a post: read, signed for, and nobody else's."""

import pytest
from django.urls import reverse

from base.models import Event, Outbox
from tests.admission import world as ways
from tests.admission.browsing import signed_in
from tests.admission.conftest import world as world  # noqa: PLC0414  the fixture


@pytest.fixture
def message(world) -> Outbox:
    """The newest message of the office."""
    ways.WAYS["submitted"](world)
    return Outbox.objects.visible_to(world.actors["office"]).order_by("-pk").first()


def test_the_list_shows_the_post_s_messages_and_what_became_of_them(world, message):
    client = signed_in(world, "office")
    html = client.get(reverse("inbox")).content.decode()
    assert message.message.title in html
    assert "未读" in html
    assert len(client.get(reverse("inbox"), {"show": "unread"}).context["object_list"]) == 2
    client.post(reverse("inbox-seen"))
    assert "没有未读的消息" in client.get(reverse("inbox"), {"show": "unread"}).content.decode()
    assert "还没有消息" in signed_in(world, "deputy").get(reverse("inbox")).content.decode()


def test_opening_a_message_is_reading_it_once(world, message):
    client = signed_in(world, "office")
    html = client.get(reverse("inbox-message", args=[message.pk])).content.decode()
    assert message.message.url in html
    message.refresh_from_db()
    assert (message.state, message.seen_by) == ("seen", "民政局 · 审核委员会办公室经办")
    first = message.seen_at
    client.get(reverse("inbox-message", args=[message.pk]))
    message.refresh_from_db()
    assert message.seen_at == first


def test_a_message_is_signed_for_with_an_audit_line(world, message):
    client = signed_in(world, "office")
    address = reverse("inbox-message", args=[message.pk])
    html = client.post(address, follow=True).content.decode()
    assert "已签收" in html
    message.refresh_from_db()
    assert message.state == "acknowledged"
    assert Event.objects.filter(kind="base.outbox.acknowledged", target_pk=str(message.pk)).count() == 1
    client.post(address)
    assert Event.objects.filter(kind="base.outbox.acknowledged").count() == 1


@pytest.mark.parametrize("name", ["dept", "deputy", "street0", "auditor", "admin"])
def test_another_post_s_message_is_not_found(world, message, name):
    client = signed_in(world, name)
    address = reverse("inbox-message", args=[message.pk])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_long_inbox_costs_no_more(world, message, django_assert_max_num_queries):
    for _n in range(3):
        ways.WAYS["submitted"](world)
    client = signed_in(world, "office")
    with django_assert_max_num_queries(9):
        client.get(reverse("inbox"))
