"""What is kept and what is sent to others is Chinese, also when the one who acts reads English."""

import re

import pytest
from django.utils.translation import override

from admission import actions
from admission.models import WorkNotice
from admission.procedure import State
from base import events
from base.errors import RuleViolation
from base.models import Event, Message
from tests.admission import world as ways

LATIN_WORD = re.compile("[A-Za-z]{3,}")
FILES = re.compile(r"\w+\.(?:pdf|jpg|png|docx)")


def in_english(texts):
    return [text for text in texts if LATIN_WORD.search(FILES.sub("", text))]


@pytest.mark.parametrize("state", [State.FILED, State.REJECTED, State.WITHDRAWN, State.RETURNED, State.DEFERRED])
def test_whoever_reads_english_writes_the_log_and_the_messages_in_chinese(world, state):
    with override("en"):
        application = ways.WAYS[state](world)
    lines = list(Event.objects.about(application))
    assert len(lines) > 1
    assert in_english([line.data["says"] for line in lines]) == []
    assert in_english([line.by_label for line in lines]) == []
    assert in_english(Message.objects.values_list("title", flat=True)) == []
    assert in_english(Message.objects.values_list("body", flat=True)) == []


def test_the_work_notice_is_chinese_whatever_the_office_reads(world):
    with override("en"):
        ways.noticed(world)
    said = WorkNotice.objects.get().content
    words = [said[name] for name in ("kind", "category", "applies_to", "executor", "procedure")]
    assert all(words)
    assert in_english(words) == []


def test_refusals_and_known_sentences_are_read_in_english(world):
    application = ways.drafted(world)
    with override("en"):
        assert events.said(Event.objects.about(application).order_by("seq").first()) == "Draft an application"
        with pytest.raises(RuleViolation, match="State the reason"):
            actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="")
