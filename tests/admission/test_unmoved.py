"""Who decides and who issues the notice reads that something was said to be adopted while the plan stayed (A-33)."""

import pytest
from django.urls import reverse

from admission import actions
from admission.models import MeetingOpinion, Opinion, OpinionResponse
from admission.presentation.unmoved import unmoved
from tests.admission import world as ways
from tests.admission.browsing import signed_in

pytestmark = pytest.mark.django_db


def test_the_approval_and_the_preview_of_the_notice_say_so_and_lead_to_the_opinions(world):
    case = ways.awaiting(world)
    assert OpinionResponse.objects.get().fate == "partly"
    assert MeetingOpinion.objects.get().fate == "adopted"
    said = "有 2 条意见写明采纳或者部分采纳，方案还是第 1 版，没有改过。"
    link = f"{reverse('admission:application', args=[case.pk])}#opinions"

    def html(who: str, step: str) -> str:
        return signed_in(world, who).get(reverse("admission:step", args=[case.pk, step])).content.decode()

    page = html("deputy", "approve")
    assert said in page
    assert link in page
    actions.approve(case, by=world.actors["deputy"], at=world.at(), text="同意准入。")
    page = html("office", "issue_notice")
    assert said in page
    assert link in page


def test_a_plan_changed_after_the_meeting_is_not_said_to_have_stayed(world):
    case = ways.deliberated(world, conclusion="admit_amended")
    dept = world.actors["dept"]
    assert unmoved(case) is not None
    actions.save_draft(case, by=dept, at=world.at(), rows=actions.DraftRows(plan={"powers": "社区只登记。"}))
    actions.attach_revised_plan(case, by=dept, at=world.at())
    actions.answer_meeting_opinion(
        MeetingOpinion.objects.get(), by=dept, at=world.at(), fate="adopted", answer="已列。"
    )
    case.refresh_from_db()
    assert unmoved(case) is None


def test_what_was_not_adopted_calls_for_no_change(world):
    case = ways.coordinating(world)
    [objection] = Opinion.objects.to_respond([case])
    actions.respond_to_opinion(objection, by=world.actors["dept"], at=world.at(), fate="not_adopted", reason="不宜。")
    assert unmoved(case) is None
