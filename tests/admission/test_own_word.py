"""A community answers for itself where its street has answered for it: its own word stands, both stay (A-4)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admission import actions, requirements, todo
from admission.actions.screening import derived_procedure
from admission.models import Application, DisputedPoint, Opinion
from admission.presentation import possible, warnings
from admission.presentation.case import Case
from admission.presentation.dossier import Dossier
from admission.presentation.meetings import Sitting
from admission.procedure import Procedure
from base import events
from base.errors import RuleViolation
from base.models import Event, Message, Outbox
from tests.admission import world as ways
from tests.admission.signing import signed_in
from tests.races import at_once

TODAY = date(2026, 11, 2)
AGAINST = {"stance": "objection", "points": "本社区没有充电棚。"}


def asked(world) -> Application:
    """Everybody was asked, nobody has answered."""
    return actions.open_consultation(ways.drafted(world), by=world.actors["dept"], at=world.at())


def row(application, place) -> Opinion:
    """What this place may answer, or what it said last."""
    return Opinion.objects.current(application).select_related("round__application").get(body=place)


def by_street(world, application, n=0, stance="no_objection", **said) -> Opinion:
    """The street answers, for both of its communities too."""
    street = world.streets[n]
    below = [place for place in world.communities if place.code.startswith(street.code)]
    who = world.actors[f"street{n}"]
    return actions.give_opinion(
        row(application, street), by=who, at=world.at(), stance=stance, on_behalf_of=below, **said
    )


def by_itself(world, application, **said) -> Opinion:
    """The first community answers for itself."""
    opinion = row(application, world.communities[0])
    return actions.give_opinion(opinion, by=world.actors["community0"], at=world.at(), **said)


def objected(world) -> Application:
    """All agreed through their streets; then the first community objected."""
    application = asked(world)
    for n in (0, 1):
        by_street(world, application, n)
    by_itself(world, application, **AGAINST)
    return application


def fresh(application) -> Application:
    return Application.objects.get(pk=application.pk)


def case_of(world, application, who) -> Case:
    return Case(fresh(application), world.actors[who], TODAY)


def test_its_own_answer_stands_beside_the_frozen_one_of_its_street(world):
    application = asked(world)
    by_street(world, application, stance="conditional", points="要有人带队。")
    told = row(application, world.communities[0])
    own = by_itself(world, application, **AGAINST)
    assert (own.pk != told.pk, own.round_id, own.on_behalf_by, own.answered_by) == (
        True, told.round_id, None, "嵩山1社区 · 社区",
    )  # fmt: skip
    kept = Opinion.objects.get(pk=told.pk)
    assert (kept.stance, kept.points, kept.on_behalf_by) == ("conditional", "要有人带队。", world.streets[0])
    assert row(application, world.communities[0]) == own
    assert Opinion.objects.standing(application).get(body=world.communities[0]) == own
    line = Event.objects.filter(kind="admission.application.give_opinion").latest("pk")
    assert events.said(line) == "嵩山1社区答复：有异议（代替嵩山路街道的代答）"


def test_it_answers_for_itself_once(world):
    application = asked(world)
    by_street(world, application)
    told = row(application, world.communities[0])
    own = by_itself(world, application, **AGAINST)
    for again in (told, own):
        with pytest.raises(RuleViolation, match="本单位已经答复过了"):
            actions.give_opinion(again, by=world.actors["community0"], at=world.at(), stance="no_objection")
    assert Opinion.objects.filter(body=world.communities[0]).count() == 2


def test_only_the_community_itself_replaces_what_its_street_said(world):
    application = asked(world)
    by_street(world, application)
    told = row(application, world.communities[0])
    for who in ("street0", "community1", "office", "dept"):
        with pytest.raises(RuleViolation, match="只能由被征询的街道、社区自己答复"):
            actions.give_opinion(told, by=world.actors[who], at=world.at(), stance="no_objection")


def test_what_its_street_says_after_its_own_answer_is_ignored(world):
    application = asked(world)
    own = by_itself(world, application, **AGAINST)
    by_street(world, application)
    assert list(Opinion.objects.filter(body=world.communities[0])) == [own]
    assert row(application, world.communities[1]).on_behalf_by == world.streets[0]


def test_after_the_consultation_the_answer_of_the_street_stays(world):
    application = asked(world)
    for n in (0, 1):
        by_street(world, application, n)
    actions.submit(application, by=world.actors["dept"], at=world.at())
    with pytest.raises(RuleViolation, match="征询已经结束"):
        by_itself(world, application, **AGAINST)


def test_in_an_old_round_nothing_is_replaced(world):
    application = asked(world)
    for n in (0, 1):
        by_street(world, application, n)
    old = row(application, world.communities[0])
    rows = actions.DraftRows(plan={"people": "每街道三名专业人员。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    actions.reopen_consultation(
        application, by=world.actors["dept"], at=world.at(), bodies=[world.streets[0], world.communities[0]]
    )
    with pytest.raises(RuleViolation, match="方案有了新的版本"):
        actions.give_opinion(old, by=world.actors["community0"], at=world.at(), **AGAINST)
    by_street(world, application)
    assert by_itself(world, application, **AGAINST).round.number == 2


def test_its_objection_counts_in_the_procedure_and_waits_for_a_response(world):
    application = objected(world)
    counts = requirements.standing_counts(fresh(application), TODAY)
    assert (counts.no_objection, counts.objection, counts.silent) == (5, 1, 0)
    assert derived_procedure(fresh(application)) is Procedure.ORDINARY
    assert [opinion.body for opinion in Opinion.objects.to_respond([application])] == [world.communities[0]]
    assert "respond_to_opinion" in {line.act for line in todo.lines(world.actors["dept"], TODAY)}
    response = actions.respond_to_opinion(
        Opinion.objects.to_respond([application]).get(), by=world.actors["dept"], at=world.at(), fate="adopted",
        reason="先建充电棚。",
    )  # fmt: skip
    assert response.opinion.on_behalf_by is None
    assert not Opinion.objects.to_respond([application])


def test_its_agreement_takes_the_place_of_what_the_street_objected_for_it(world):
    application = asked(world)
    by_street(world, application, stance="objection", points="人手不够。")
    by_street(world, application, 1)
    by_itself(world, application, stance="no_objection")
    counts = requirements.standing_counts(fresh(application), TODAY)
    assert (counts.no_objection, counts.objection) == (4, 2)
    assert [opinion.body for opinion in Opinion.objects.to_respond([application])] == [world.streets[0]]


def test_nobody_waits_for_a_community_whose_street_has_answered(world):
    application = asked(world)
    by_street(world, application)
    assert todo.lines(world.actors["community0"], TODAY) == []
    assert not Opinion.objects.waiting_for(world.communities[0].code)
    by_itself(world, application, stance="no_objection")
    left = Opinion.objects.unanswered().order_by("body__code").select_related("body")
    assert [opinion.body for opinion in left] == [world.streets[1], *world.communities[2:]]


def told_of_it() -> list[str]:
    """Whose inbox has a message that somebody answered for them."""
    rows = Outbox.objects.filter(message__kind="admission.answered_for", channel=Outbox.Channel.PORTAL)
    return sorted(rows.values_list("inbox", flat=True))


def test_a_community_is_told_what_its_street_answered_for_it_and_that_its_own_word_counts(world):
    application = asked(world)
    by_street(world, application, stance="conditional", points="要有人带队。", suggested_change="写明谁带队。")
    assert told_of_it() == [f"community:{place.code}" for place in world.communities[:2]]
    message = Message.objects.get(kind="admission.answered_for")
    assert message.title == f"{application}：嵩山路街道代本社区作了答复"
    assert message.body.splitlines() == [
        "答复：有条件同意。", "意见：要有人带队。", "建议怎样改：写明谁带队。",
        "征询结束以前，本社区可以自己答复；自己答复以后，以本社区的答复为准。",
        "各单位都答复以后，征询随时可能结束，请尽快看。",
    ]  # fmt: skip
    assert message.url == reverse("admission:application", args=[application.pk])
    home = signed_in(world.actors["community0"]).get(reverse("inbox")).content.decode()
    assert "嵩山路街道代本社区作了答复" in home


def test_a_community_that_has_answered_itself_is_told_of_no_answer_for_it(world):
    application = asked(world)
    by_itself(world, application, **AGAINST)
    by_street(world, application)
    assert told_of_it() == [f"community:{world.communities[1].code}"]


def test_a_street_that_answers_for_itself_alone_tells_no_community(world):
    application = asked(world)
    street = world.streets[0]
    actions.give_opinion(row(application, street), by=world.actors["street0"], at=world.at(), stance="no_objection")
    assert told_of_it() == []


def test_who_only_follows_a_case_is_not_told_what_a_street_answered_for_a_community(world):
    application = asked(world)
    actions.watch(application, by=world.actors["city"], at=world.at())
    by_street(world, application)
    assert told_of_it() == [f"community:{place.code}" for place in world.communities[:2]]


def test_in_a_later_round_a_community_is_told_again(world):
    application = asked(world)
    by_street(world, application)
    rows = actions.DraftRows(plan={"people": "每街道三名专业人员。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    actions.reopen_consultation(
        application, by=world.actors["dept"], at=world.at(), bodies=[world.streets[0], world.communities[0]]
    )
    by_street(world, application)
    assert told_of_it() == [f"community:{world.communities[n].code}" for n in (0, 0, 1)]


def with_the_office(world, application) -> Application:
    application = actions.submit(application, by=world.actors["dept"], at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    return actions.begin_screening(application, by=world.actors["office"], at=world.at())


def test_an_objection_before_the_screening_is_one_point_of_its_own(world):
    application = with_the_office(world, objected(world))
    line = next(line for line in todo.lines(world.actors["office"], TODAY))
    assert line.what.endswith("有异议 1 个")
    actions.begin_coordination(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)
    points = DisputedPoint.objects.filter(coordination__application=application)
    assert [(point.opinion.body, point.subject) for point in points] == [
        (world.communities[0], "本社区没有充电棚。")
    ]  # fmt: skip


def in_coordination(world) -> Application:
    """The first street objected, for its communities too; its point is disputed."""
    application = asked(world)
    by_street(world, application, stance="objection", points="人手不够。")
    by_street(world, application, 1)
    application = with_the_office(world, application)
    return actions.begin_coordination(application, by=world.actors["office"], at=world.at(), findings=ways.FINDINGS)


def test_an_objection_during_coordination_becomes_its_own_point_and_the_streets_stays(world):
    application = in_coordination(world)
    by_itself(world, application, **AGAINST)
    points = DisputedPoint.objects.filter(coordination__application=application).order_by("pk")
    assert [(point.opinion.body, point.opinion.on_behalf_by) for point in points] == [
        (world.streets[0], None), (world.communities[0], None),
    ]  # fmt: skip
    with pytest.raises(RuleViolation, match="还没有书面答复无异议"):
        actions.handle_point(points[1], by=world.actors["office"], at=world.at(), result="withdrawn", reason="已谈妥。")


def test_its_agreement_during_coordination_makes_no_point(world):
    application = in_coordination(world)
    by_itself(world, application, stance="no_objection")
    points = DisputedPoint.objects.filter(coordination__application=application)
    assert [point.opinion.body for point in points] == [world.streets[0]]


def test_the_matrix_shows_its_own_word_and_keeps_the_streets_in_its_history(world):
    application = objected(world)
    matrix = case_of(world, application, "dept").matrix
    voice = next(voice for voice in matrix.voices if voice.code == world.communities[0].code)
    assert (voice.stance, voice.words, voice.echo, voice.needs_reply) == (
        "objection", "“本社区没有充电棚。”", False, True,
    )  # fmt: skip
    assert voice.earlier == ["第 1 轮（11月2日）嵩山路街道代答，无异议"]
    street = next(voice for voice in matrix.voices if voice.code == world.streets[0].code)
    assert street.speaks_for == 1
    assert matrix.communities == "4 个社区：无异议 3、有异议 1"
    html = signed_in(world.actors["street0"]).get(reverse("admission:application", args=[application.pk]))
    assert "第 1 轮（11月2日）嵩山路街道代答，无异议" in html.content.decode()


def test_the_dossier_keeps_both_answers_and_says_which_stands(world):
    application = objected(world)
    said = Dossier(case_of(world, application, "office")).opinions()[0]
    of_it = [opinion for opinion in said["opinions"] if opinion.body == world.communities[0]]
    assert [opinion.stance for opinion in of_it] == ["no_objection", "objection"]
    assert said["replaced"] == {of_it[0].pk}
    html = signed_in(world.actors["office"]).get(reverse("admission:dossier", args=[application.pk])).content.decode()
    assert html.count("社区后来自己作了答复，以社区的答复为准") == 1


def test_a_meeting_hears_its_own_word(world):
    application = with_the_office(world, objected(world))
    office = world.actors["office"]
    actions.begin_coordination(application, by=office, at=world.at(), findings=ways.FINDINGS)
    actions.record_contact(
        application, by=office, at=world.at(), department=world.units["legal"], held_on=TODAY, summary="同意。"
    )
    for point in DisputedPoint.objects.all():
        actions.handle_point(point, by=office, at=world.at(), result="to_meeting", reason="未能一致。")
    when = world.soon()
    meeting = actions.plan_meeting(by=office, at=when, planned_at=when, place="三楼", chair="deputy")
    actions.schedule_meeting(fresh(application), by=office, at=world.at(), meeting=meeting)
    assert [heard.voices for heard in Sitting(meeting, office).agenda] == ["无异议 5、有异议 1"]


def test_its_page_says_what_the_street_answered_and_offers_to_answer_itself(world):
    application = asked(world)
    by_street(world, application, stance="conditional", points="要有人带队。")
    case = case_of(world, application, "community0")
    url = reverse("admission:opinion", args=[row(application, world.communities[0]).pk])
    assert [(one["label"], one["url"]) for one in possible.possible(case).actions] == [("由本社区自己答复", url)]
    said = "街道已代为答复：有条件同意。本社区可以自己答复；自己答复以后，以本社区的答复为准。"
    assert said in warnings.warnings(case)
    client = signed_in(world.actors["community0"])
    html = client.get(url).content.decode()
    for words in ("嵩山路街道代本社区的答复", "街道已代为答复：有条件同意", "“要有人带队。”", "由本社区自己答复"):
        assert words in html
    assert "现在办不了" not in html
    done = client.post(url, AGAINST, follow=True)
    assert "答复已提交，以本社区的答复为准；街道的代答留在记录里。" in done.content.decode()
    assert row(application, world.communities[0]).points == "本社区没有充电棚。"
    assert "由本社区自己答复" not in done.content.decode()
    after = client.get(url).content.decode()
    assert "本社区后来自己作了答复：有异议。以本社区的答复为准。" in after
    assert "“要有人带队。”" in after
    assert client.post(url, AGAINST).status_code == 409


@pytest.mark.parametrize("who", ["street0", "community1", "dept", "office"])
def test_others_are_not_offered_to_answer_for_it(world, who):
    application = asked(world)
    by_street(world, application)
    html = signed_in(world.actors[who]).get(reverse("admission:application", args=[application.pk])).content.decode()
    assert ("由本社区自己答复" in html) is (who == "community1")  # which answers for itself, on its own row
    url = reverse("admission:opinion", args=[row(application, world.communities[0]).pk])
    assert signed_in(world.actors[who]).get(url).status_code == 403


def test_in_a_later_round_the_old_page_still_says_whose_answer_counted(world):
    application = objected(world)
    told = Opinion.objects.get(body=world.communities[0], on_behalf_by__isnull=False)
    rows = actions.DraftRows(plan={"people": "每街道三名专业人员。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=rows)
    actions.reopen_consultation(application, by=world.actors["dept"], at=world.at(), bodies=world.communities[:1])
    client = signed_in(world.actors["community0"])
    html = client.get(reverse("admission:opinion", args=[told.pk])).content.decode()
    assert "本社区后来自己作了答复：有异议。以本社区的答复为准。" in html
    new = client.get(reverse("admission:opinion", args=[row(application, world.communities[0]).pk])).content.decode()
    assert "第 1 轮您是这样答复的" in new
    assert "本社区没有充电棚。" in new


def test_once_submitted_its_page_only_tells_what_the_street_answered(world):
    application = asked(world)
    for n in (0, 1):
        by_street(world, application, n)
    actions.submit(application, by=world.actors["dept"], at=world.at())
    assert case_of(world, application, "community0").mine_to_answer is None
    url = reverse("admission:opinion", args=[row(application, world.communities[0]).pk])
    html = signed_in(world.actors["community0"]).get(url).content.decode()
    assert "嵩山路街道在2026年11月2日代本社区作了书面答复：无异议。答复不能修改。" in html


def test_a_form_opened_before_the_street_answered_is_still_its_own_answer(world):
    application = asked(world)
    url = reverse("admission:opinion", args=[row(application, world.communities[0]).pk])
    client = signed_in(world.actors["community0"])
    client.get(url)
    by_street(world, application)
    assert client.post(url, AGAINST).status_code == 302
    assert row(application, world.communities[0]).stance == "objection"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("n", range(4))
def test_street_and_community_at_the_same_moment_leave_its_own_word(n):
    """Whoever comes first: its own answer stands, and each row is frozen as it was given."""
    world = ways.make_world()
    application = asked(world)
    street, own = row(application, world.streets[0]), row(application, world.communities[0])
    when = world.at()
    calls = [
        lambda: actions.give_opinion(
            street, by=world.actors["street0"], at=when, stance="no_objection", on_behalf_of=world.communities[:2]
        ),
        lambda: actions.give_opinion(own, by=world.actors["community0"], at=when, **AGAINST),
    ]
    outcomes = at_once(*(calls if n % 2 else calls[::-1]))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    rows = Opinion.objects.filter(body=world.communities[0])
    assert Opinion.objects.standing(application).get(body=world.communities[0]).stance == "objection"
    assert {opinion.stance for opinion in rows.filter(on_behalf_by__isnull=False)} <= {"no_objection"}
    assert row(application, world.communities[1]).on_behalf_by == world.streets[0]


@pytest.mark.django_db(transaction=True)
def test_two_people_of_one_community_replace_the_answer_once():
    world = ways.make_world()
    application = asked(world)
    by_street(world, application)
    told, when = row(application, world.communities[0]), world.at()
    call = lambda: actions.give_opinion(told, by=world.actors["community0"], at=when, **AGAINST)  # noqa: E731
    outcomes = at_once(call, call, call)
    assert len([outcome for outcome in outcomes if isinstance(outcome, RuleViolation)]) == 2
    assert Opinion.objects.filter(body=world.communities[0], on_behalf_by__isnull=True).count() == 1


def test_more_own_words_ask_the_database_no_more_often(world):
    application = objected(world)
    pages = [("dept", "application"), ("office", "dossier"), ("community1", "application")]

    def counted() -> list[int]:
        found = []
        for who, name in pages:
            client = signed_in(world.actors[who])
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(f"admission:{name}", args=[application.pk])).status_code == 200
            found.append(len(captured))
        return found

    few = counted()
    for n in (2, 3):
        opinion = row(application, world.communities[n])
        actions.give_opinion(opinion, by=world.actors[f"community{n}"], at=world.at(), **AGAINST)
    assert counted() == few
    client = signed_in(world.actors["community1"])
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("admission:opinion", args=[row(application, world.communities[1]).pk]))
    assert len(captured) <= 25
