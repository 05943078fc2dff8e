"""Applications in every state and on every way that differs, for tests that look at many at once."""

from datetime import timedelta

from admission import actions
from admission.models import AgendaItem, Application, Opinion
from admission.procedure import Kind
from tests.admission import world as ways
from tests.admission.world import FINDINGS, World


def gather(world: World) -> None:
    """One application on each way; every one by the acts alone."""
    for way in [*ways.WAYS.values(), *VARIANTS]:
        way(world)


def nobody_answered(world: World) -> Application:
    """Asked; the period runs."""
    application = ways.drafted(world)
    return actions.open_consultation(application, by=world.actors["dept"], at=world.at())


def empty_draft(world: World) -> Application:
    """Nothing filled in."""
    return actions.draft_application(by=world.actors["dept"], at=world.at(), kind=Kind.ADMISSION)


def half_asked(world: World) -> Application:
    """Asked before the form was whole: the streets have answered, the form has a gap."""
    application = ways.consulted(world)
    return actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), fields={"justification": "", "seal_confirmed": False}
    )


def plan_under_way(world: World) -> Application:
    """The plan was changed after the consultation went out."""
    application = ways.consulted(world, stances={world.streets[0].code: "conditional"})
    return actions.save_draft(
        application, by=world.actors["dept"], at=world.at(), rows=actions.DraftRows(plan={"goal": "改过的目标。"})
    )


def prepared(world: World) -> Application:
    """A street prepared it, the department has not endorsed it."""
    return ways.drafted(world, by="street0", applicant=world.units["dept"])


def prepared_and_asked(world: World) -> Application:
    """The same, put to consultation by the street."""
    application = actions.open_consultation(prepared(world), by=world.actors["street0"], at=world.at())
    ways.answer_all(world, application)
    return application


def endorsed(world: World) -> Application:
    """The department has taken it over."""
    return actions.endorse(prepared_and_asked(world), by=world.actors["dept"], at=world.at())


def of_a_street(world: World) -> Application:
    """A street for itself."""
    return ways.consulted(world, by="street0")


def window_open(world: World) -> Application:
    """The simple procedure, members may still ask for a meeting."""
    application = ways.screening(world)
    return actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=FINDINGS)


def points_open(world: World) -> Application:
    """In coordination, nothing registered yet."""
    application = ways.screening(world, stances={world.streets[1].code: "objection"})
    return actions.begin_coordination(application, by=world.actors["office"], at=world.at(), findings=FINDINGS)


def nobody_contacted(world: World) -> Application:
    """In coordination, every point handled, no department talked to."""
    application = points_open(world)
    for point in application.coordination.points.all():
        actions.handle_point(
            point, by=world.actors["office"], at=world.at(), result="to_meeting", reason="双方未能一致。"
        )
    return application


def planned_ahead(world: World) -> Application:
    """On the agenda of a meeting a month away."""
    application, office = ways.coordinating(world), world.actors["office"]
    when = world.at() + timedelta(days=30)
    meeting = actions.plan_meeting(
        by=office, at=world.at(), planned_at=when, place="三楼会议室", chair="director", beside=ways.planned()
    )
    return actions.schedule_meeting(application, by=office, at=world.at(), meeting=meeting)


def minutes_open(world: World) -> Application:
    """Heard and recorded, the minutes wait for the chair."""
    application, meeting = ways.scheduled(world)
    heard = [
        actions.Heard(item, "专题汇报。", "admit", "结论说明。", [])
        for item in AgendaItem.objects.filter(meeting=meeting)
    ]
    present = {world.units[key]: "副局长" for key in ("org", "host", "staffing", "legal")}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="会议纪要。"
    )
    return application


def amended(world: World) -> Application:
    """Agreed subject to changes: the opinions are answered, the revised plan is missing."""
    application = ways.deliberated(world, conclusion="admit_amended")
    for item in application.agenda_items.all():
        for opinion in item.opinions.all():
            actions.answer_meeting_opinion(
                opinion, by=world.actors["dept"], at=world.at(), fate="adopted", answer="已列入预算。"
            )
    return application


def amended_and_revised(world: World) -> Application:
    """The revised plan was handed in."""
    application = amended(world)
    plan = actions.DraftRows(plan={"goal": "会后改过的目标。"})
    actions.save_draft(application, by=world.actors["dept"], at=world.at(), rows=plan)
    return actions.attach_revised_plan(application, by=world.actors["dept"], at=world.at())


def all_answered(world: World) -> Application:
    """After the meeting everything is answered."""
    application = ways.deliberated(world)
    for item in application.agenda_items.all():
        for opinion in item.opinions.all():
            actions.answer_meeting_opinion(
                opinion, by=world.actors["dept"], at=world.at(), fate="adopted", answer="已列入预算。"
            )
    return application


def of_the_host(world: World) -> Application:
    """The bureau that hosts the office applies: a member unit does the office's steps (A-9)."""
    application = ways.consulted(world, by="host")
    return actions.submit(application, by=world.actors["host"], at=world.at())


def said_no(world: World) -> Application:
    """Objections that nobody has answered."""
    application = nobody_answered(world)
    ways.answer_all(world, application, {body.body.code: "objection" for body in Opinion.objects.current(application)})
    return application


def acknowledged_by_one(world: World) -> Application:
    """One community has acknowledged the notice."""
    application = ways.noticed(world)
    receipt = application.notice.receipts.get(body=world.communities[0])
    actions.acknowledge(receipt, by=world.actors["community0"], at=world.at())
    return application


VARIANTS = (
    nobody_answered, empty_draft, half_asked, plan_under_way, prepared, prepared_and_asked, endorsed, of_a_street,
    window_open, points_open, nobody_contacted, planned_ahead, minutes_open, amended, amended_and_revised,
    all_answered, of_the_host, said_no, acknowledged_by_one,
)  # fmt: skip
