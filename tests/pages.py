"""Every address of the portal with what to fill in, and what each account gets there: one table (rulebook section 3).

The table is written down, not asked of `access`: that the code agrees with it is what the tests prove.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from admission.models import AgendaItem, CommitteeSeat, Opinion
from admission.procedure import TRANSITIONS, Step
from base.models import Outbox
from tests.scene import HERE, NOBODY, POSTS, ROOT, VISITOR, Scene
from worklists.models import WorkItem

OK, ELSEWHERE, REFUSED, MISSING, POST_ONLY, CLOSED = 200, 302, 403, 404, 405, 409
Expected = Callable[[str, str], int]
"""(who, the case that the address is about) -> status."""

# --- who may know of which application -------------------------------------------------------------------------
ORGANS = frozenset({"office", "director", "deputy", "city", "auditor"})
MEMBERS = frozenset({"member", "alternate"})
ASKED = frozenset({"street", "other_street", "community", "other_community"})
EVERYWHERE = ASKED | {"third_street", "third_community"}
OF_THE_LIST = frozenset({"change", "exit"})
"""About an item of the county's list, on which it stands everywhere: who loses it is asked too."""
BEFORE_MEMBERS = frozenset(
    {"meeting_scheduled", "deliberated", "deferred", "awaiting_approval", "approved", "rejected", "notice_issued",
     "filed", "simple", "shared"}
)  # fmt: skip
OWN_ONLY = {
    "draft": frozenset({"dept"}),
    "withdrawn_draft": frozenset({"dept"}),
    "on_behalf": frozenset({"dept", "street"}),
}
APPLICANT = {
    "own": frozenset({"street"}),
    "shared": frozenset({"street"}),
    "recused": frozenset({"host"}),
    "on_behalf": OWN_ONLY["on_behalf"],
}
OFFICE = {"recused": frozenset({"member"})}
ABROAD_KNOWN = frozenset(
    {"foreign_dept", "foreign_office", "foreign_director", "foreign_auditor", "foreign_street", "foreign_community",
     "city"}
)  # fmt: skip
PUBLIC = frozenset({"approved", "rejected", "notice_issued", "filed"})
"""What was decided is told to everybody: outcome and title."""


def applicants(case: str) -> frozenset[str]:
    """Who files it."""
    return frozenset({"foreign_dept"}) if case == "foreign" else APPLICANT.get(case, frozenset({"dept"}))


def offices(case: str) -> frozenset[str]:
    """Who does the office's steps (A-9)."""
    return frozenset({"foreign_office"}) if case == "foreign" else OFFICE.get(case, frozenset({"office"}))


def supervisors(case: str) -> frozenset[str]:
    """The city's organs, and the auditors of its county."""
    return frozenset({"city", "foreign_auditor" if case == "foreign" else "auditor"}) & readers(case)


def readers(case: str) -> frozenset[str]:
    """Who may know of it."""
    if case == "foreign":
        return ABROAD_KNOWN
    if case in OWN_ONLY:
        return OWN_ONLY[case]
    members = MEMBERS if case in BEFORE_MEMBERS else frozenset()
    return applicants(case) | offices(case) | ORGANS | (EVERYWHERE if case in OF_THE_LIST else ASKED) | members


# --- what becomes of a request ---------------------------------------------------------------------------------
def everybody(_who: str, _case: str) -> int:
    """Public."""
    return OK


def leads_on(_who: str, _case: str) -> int:
    """Public, and always leads somewhere else."""
    return ELSEWHERE


def signed_in(who: str, _case: str) -> int:
    """For whoever has a post."""
    return {VISITOR: ELSEWHERE, NOBODY: REFUSED, ROOT: REFUSED}.get(who, OK)


def post_only(who: str, _case: str) -> int:
    """An act without a page: a GET does nothing."""
    return ELSEWHERE if who == VISITOR else POST_ONLY


def only(*allowed: str, otherwise: int = REFUSED, **others: int) -> Expected:
    """For these; others are told why not (or, as said by name, what)."""

    def expected(who: str, case: str) -> int:
        known = signed_in(who, case)
        return known if known != OK else OK if who in allowed else others.get(who, otherwise)

    return expected


def of_case(may: Callable[[str], frozenset[str]] = readers, *, opens: int = OK) -> Expected:
    """A page about an application: 404 for who may not know of it, 403 for who may not do this."""

    def expected(who: str, case: str) -> int:
        known = signed_in(who, case)
        if known != OK:
            return known
        if who not in readers(case):
            return MISSING
        return opens if who in may(case) else REFUSED

    return expected


def nobody_at(_case: str) -> frozenset[str]:
    """No one."""
    return frozenset()


def members_of(case: str) -> frozenset[str]:
    """A-2: member units, never on their own application."""
    return frozenset({"foreign_member"}) if case == "foreign" else MEMBERS


def deciders_of(case: str) -> frozenset[str]:
    """Director and deputy of the county."""
    return frozenset({"foreign_director"}) if case == "foreign" else frozenset({"director", "deputy"})


def form_open(parts: frozenset[str], *, opens: int = OK, gone: int = CLOSED) -> Expected:
    """The form is filled in by its applicant while the state is one of `parts`."""

    def expected(who: str, case: str) -> int:
        status = of_case(applicants, opens=opens)(who, case)
        return status if status != opens or who not in applicants(case) or case in parts else gone

    return expected


FORM_OPEN = frozenset(
    {"draft", "on_behalf", "pre_consultation", "returned", "own", "change", "exit", "foreign"}
)  # fmt: skip
PLAN_OPEN = FORM_OPEN | {"coordination", "deliberated", "deferred"}


def only_of(*cases: str, then: Expected) -> Expected:
    """There is such a page for these cases only."""

    def expected(who: str, case: str) -> int:
        status = then(who, case)
        return status if case in cases or status in {ELSEWHERE, REFUSED} else MISSING

    return expected


def body(street: str) -> Expected:
    """An opinion's own page."""
    return of_case(lambda _case: frozenset({street}))


# --- what to fill in -------------------------------------------------------------------------------------------
Filled = tuple[str, dict[str, Any]]
"""The case that an address is about ("" for none), and what stands in the address."""


def nothing(_scene: Scene) -> Iterator[Filled]:
    """An address without anything to fill in."""
    yield "", {}


def said(**kwargs: Any) -> Callable[[Scene], Iterator[Filled]]:
    """The same for everybody; a callable gets the scene."""

    def fill(scene: Scene) -> Iterator[Filled]:
        yield "", {name: value(scene) if callable(value) else value for name, value in kwargs.items()}

    return fill


def each_case(*names: str, **more: Any) -> Callable[[Scene], Iterator[Filled]]:
    """Every application of the scene, or those named."""

    def fill(scene: Scene) -> Iterator[Filled]:
        for name, case in scene.cases.items():
            if not names or name in names:
                yield name, {"pk": case.pk, **more}

    return fill


def each_file(scene: Scene) -> Iterator[Filled]:
    """The attachment of every application that has one."""
    for name, case in scene.cases.items():
        for file in case.files.all():
            yield name, {"pk": file.pk}


def opinions(*, of: str) -> Callable[[Scene], Iterator[Filled]]:
    """The opinion of one street in every application."""

    def fill(scene: Scene) -> Iterator[Filled]:
        for name, case in scene.cases.items():
            for opinion in Opinion.objects.filter(round__application=case, body__code=of):
                yield name, {"pk": opinion.pk}

    return fill


def points(scene: Scene) -> Iterator[Filled]:
    """The disputed points."""
    for name, case in scene.cases.items():
        if hasattr(case, "coordination"):
            for point in case.coordination.points.all():
                yield name, {"pk": point.pk}


def notices(scene: Scene) -> Iterator[Filled]:
    """The work notices."""
    for name, case in scene.cases.items():
        if hasattr(case, "notice"):
            yield name, {"pk": case.notice.pk}


def receipts(scene: Scene) -> Iterator[Filled]:
    """A receipt of each notice."""
    for name, case in scene.cases.items():
        if hasattr(case, "notice"):
            yield name, {"pk": case.notice.receipts.order_by("pk").first().pk}


def meetings(scene: Scene) -> Iterator[Filled]:
    """The meetings at which a case was heard, under the name of the case."""
    for name, case in scene.cases.items():
        for item in AgendaItem.objects.filter(application=case):
            yield name, {"pk": item.meeting_id}


def meeting_page(may: frozenset[str] | None = None, *, opens: int = OK) -> Expected:
    """The county's organs and members see every meeting, others those that hear what they may know of."""

    def expected(who: str, case: str) -> int:
        known = signed_in(who, case)
        if known != OK:
            return known
        heard = SHARED if case in SHARED else {case}
        if who not in ORGANS | MEMBERS and not any(who in readers(name) for name in heard):
            return MISSING
        return opens if may is None or who in may else REFUSED

    return expected


SHARED = frozenset({"meeting_scheduled", "shared"})
"""Heard at one meeting: who may know of one of them sees the meeting, and of the other nothing."""


def recorded(who: str, case: str) -> int:
    """The office records, until the minutes are closed."""
    status = meeting_page(offices(case) | {"office"})(who, case)
    return CLOSED if status == OK and case not in SHARED else status


ANY_STEP = frozenset({"draft", "on_behalf", "recused", "foreign"})
"""Cases for which every step is tried; of the others, in the short round, only those that start there."""


def steps(scene: Scene) -> Iterator[Filled]:
    """The steps of the applications; the case is named "step of case"."""
    for step in Step:
        for name, case in scene.cases.items():
            if scene.whole or name in ANY_STEP or case.state in TRANSITIONS[step][0]:
                yield f"{step.value} of {name}", {"pk": case.pk, "step": step.value}


STEP_IS_FOR: dict[Step, Callable[[str], frozenset[str]]] = {
    **dict.fromkeys((Step.OPEN_CONSULTATION, Step.WITHDRAW), applicants),
    **dict.fromkeys((Step.SUBMIT, Step.RESUBMIT, Step.RESUBMIT_TO_SCREENING), lambda case: applicants(case) - (
        frozenset({"street"}) if case == "on_behalf" else frozenset())),
    **dict.fromkeys(
        (Step.RETURN, Step.ACCEPT, Step.BEGIN_SCREENING, Step.RETURN_FROM_SCREENING, Step.PROPOSE_SIMPLE,
         Step.BEGIN_COORDINATION, Step.BACK_TO_SCREENING, Step.SCHEDULE_MEETING, Step.REQUEST_APPROVAL,
         Step.ISSUE_NOTICE, Step.FILE), offices),
    **dict.fromkeys((Step.APPROVE, Step.REJECT, Step.SEND_BACK_TO_MEETING), deciders_of),
    Step.REQUEST_MEETING: members_of,
}  # fmt: skip


def step_page(who: str, said: str) -> int:
    """The page of a step; closing, deferring and taking off belong to the meeting and have none."""
    step, _of, case = said.partition(" of ")
    if step in {Step.CLOSE_DELIBERATION, Step.DEFER, Step.TAKE_OFF_AGENDA}:
        return ELSEWHERE if who == VISITOR else MISSING
    return of_case(STEP_IS_FOR[Step(step)])(who, case)


def unit(name: str) -> Callable[[Scene], int]:
    """A department of the county."""
    return lambda scene: scene.world.units[name].pk


def thing(name: str) -> Callable[[Scene], int]:
    """A row that the scene keeps by name."""
    return lambda scene: scene.things[name].pk


def item_code(scene: Scene) -> str:
    """An item of the county's list."""
    return WorkItem.objects.filter(owner__code=HERE).order_by("pk").first().code


def thing_code(name: str) -> Callable[[Scene], str]:
    """The code of an item that the scene keeps by name."""
    return lambda scene: scene.things[name].code


def version_of(scene: Scene) -> int:
    """What is recorded now of an item."""
    return scene.things["item"].versions.known().get().pk


def message_of(inbox: str) -> Callable[[Scene], int]:
    """A message of a post."""
    return lambda _scene: Outbox.objects.filter(inbox=inbox, channel="portal").order_by("pk").first().pk


def a_seat(_scene: Scene) -> int:
    """A seat of the county's committee."""
    return CommitteeSeat.objects.filter(county__code=HERE).order_by("pk").first().pk


@dataclass(frozen=True)
class Page:
    """One row of the table: who gets what; what to fill in; what the address asks for besides."""

    expect: Expected
    fill: Callable[[Scene], Iterator[Filled]] = nothing
    query: str = ""
    sent: str = "html"


E = Page
STREET, COMMUNITY = "430211001", "430211001001"
FORMATS = ("csv", "xlsx")
DRAFT_READERS = ("office", "director", "deputy", "auditor", "city")
DRAFTERS = only("office", director=REFUSED, otherwise=MISSING)


def follows_a_list(who: str, case: str) -> int:
    """Whoever works in a county, a street or a community."""
    return only(*(name for name, (_role, code, _unit) in POSTS.items() if len(code) >= len(HERE)))(who, case)


def draft_of_list(*allowed: str) -> Expected:
    """A draft edition: others than its readers do not know of it."""
    return only(*allowed, otherwise=MISSING, **dict.fromkeys(DRAFT_READERS, REFUSED))


def work_here(who: str, _case: str) -> int:
    """Public; whoever works in a county is led there."""
    return ELSEWHERE if who in POSTS and len(POSTS[who][1]) >= len(HERE) else OK


def strangers(who: str, _case: str) -> int:
    """For who has not signed in yet; the others are led home."""
    return OK if who == VISITOR else ELSEWHERE


def with_account(who: str, _case: str) -> int:
    """One's own account; needs no post."""
    return ELSEWHERE if who == VISITOR else OK


def not_yet(who: str, _case: str) -> int:
    """About a second factor: nobody has one."""
    return ELSEWHERE if who == VISITOR else MISSING


OWN_COUNTY = only(
    "office", "admin", "foreign_office", "foreign_admin", foreign_city=MISSING
)  # settings are changed by the office or the administrator, each in the own county
OWN_ADMIN = only("admin", "foreign_admin", foreign_city=MISSING)
SEAT_KEEPERS = only("office", "admin", **{who: MISSING for who in POSTS if who.startswith("foreign_")})
READS_AUDIT = only("office", "city", "auditor", "foreign_office", "foreign_auditor", foreign_city=MISSING)
ADMIN_HERE = only("admin")

FILING_READERS = frozenset({"dept", *ORGANS, *MEMBERS, *EVERYWHERE})
REPORT_READERS = frozenset({"community", "street", "dept", *ORGANS})
OWN_REPORT_READERS = frozenset({"community", "street", "member", *ORGANS})
"""About work of the office's own unit, which has not been passed on to it (A-9)."""


def filing(*allowed: str) -> Expected:
    """A filing reached the whole county."""
    return only(*allowed, otherwise=MISSING, **dict.fromkeys(FILING_READERS - set(allowed), REFUSED))


def report(*allowed: str) -> Expected:
    """The reporter, the street above it, who was asked to answer, the county's organs."""
    return only(*allowed, otherwise=MISSING, **dict.fromkeys(REPORT_READERS - set(allowed), REFUSED))


def own_report(*allowed: str) -> Expected:
    """The same about the office's own unit: the organisation department handles it."""
    return only(*allowed, otherwise=MISSING, **dict.fromkeys(OWN_REPORT_READERS - set(allowed), REFUSED))


CASE_READERS = frozenset({"dept", *ORGANS})


def supervision(*allowed: str, of: str = "dept") -> Expected:
    """The unit that is supervised, the county's organs; no street, no community."""
    return only(*allowed, otherwise=MISSING, **dict.fromkeys({of, *ORGANS} - set(allowed), REFUSED))


def file_of_answer(scene: Scene) -> int:
    """What the unit attached to its first answer."""
    return scene.things["case"].answers.order_by("pk").first().files.get().pk


def file_of(name: str) -> Callable[[Scene], int]:
    """What was attached to a report."""
    return lambda scene: scene.things[name].files.get().pk


FILING = filing(*FILING_READERS)
PAGES: dict[str, list[Page]] = {
    "home": [E(everybody), E(everybody, query="tab=done"), E(everybody, query="tab=followed"),
             E(everybody, query="tab=overdue")],
    "inbox": [E(signed_in), E(signed_in, query="show=unread")],
    "inbox-seen": [E(post_only)],
    "view-keep": [E(post_only)],
    "view-forget": [E(post_only, said(pk=1))],
    "inbox-message": [
        E(only("street", otherwise=MISSING), said(pk=message_of("street:430211001"))),
    ],
    "help": [E(everybody)],
    "help-chapter": [E(everybody, said(chapter=name)) for name in ("start", "department", "office", "public")],
    "feedback": [E(everybody)],
    "accessibility": [E(everybody)],
    "healthz": [E(everybody, sent="text")],
    "readyz": [E(everybody, sent="text")],
    "set_language": [E(leads_on)],
    # places, units, posts
    "communities:list": [E(work_here)],
    "communities:county": [E(everybody, said(code=HERE))],
    "communities:street": [E(everybody, said(code=STREET))],
    "communities:community": [E(everybody, said(code=COMMUNITY))],
    "communities:facts": [E(only("street", "office"), said(code=COMMUNITY))],
    "communities:division-new": [E(ADMIN_HERE, said(code=HERE))],
    "communities:division-close": [E(ADMIN_HERE, said(code=STREET))],
    "communities:enrol": [E(post_only, said(code=HERE))],
    "communities:departments": [E(everybody, said(code=HERE))],
    "communities:department-new": [E(ADMIN_HERE, said(code=HERE))],
    "communities:department": [E(everybody, said(pk=unit("dept")))],
    "communities:department-alias": [E(ADMIN_HERE, said(pk=unit("dept")))],
    "communities:department-close": [E(ADMIN_HERE, said(pk=unit("dept")))],
    "communities:switch": [E(post_only)],
    "communities:appointments": [E(only("admin", "auditor", "foreign_admin", "foreign_auditor"))],
    "communities:appoint": [E(only(admin=ELSEWHERE, foreign_admin=ELSEWHERE))],
    "communities:appoint-in": [E(ADMIN_HERE, said(code=HERE))],
    "communities:appointment-end": [
        E(only("admin", auditor=REFUSED, otherwise=MISSING), said(pk=thing("post of dept"))),
    ],
    "communities:accounts": [E(only("admin", "foreign_admin")), E(only("admin", "foreign_admin"), query="state=idle")],
    "communities:account-new": [E(only("admin", "foreign_admin"))],
    **{
        f"communities:account{act}": [E(only("admin", foreign_admin=MISSING), said(pk=lambda s: s.accounts["dept"].pk))]
        for act in ("", "-correct", "-password", "-unlock", "-second-factor", "-close", "-reopen")
    },
    "communities:imports": [E(only("admin", "foreign_admin"))],
    "communities:import": [E(only("admin", foreign_admin=MISSING), said(pk=thing("import")))],
    "communities:import-refused": [E(only("admin", foreign_admin=MISSING), said(pk=thing("import")), sent="csv")],
    "communities:import-decide": [E(post_only, said(pk=thing("import")))],
    # the lists
    "worklists:list": [E(leads_on)],
    "worklists:county": [E(everybody, said(code=HERE)), E(everybody, said(code=HERE), query="on=2027-02-01")],
    "worklists:county-export": [
        E(everybody, said(code=HERE, format=ending), "on=2027-02-01", ending) for ending in (*FORMATS, "json")
    ],
    "worklists:street": [E(everybody, said(code=STREET))],
    "worklists:street-export": [E(everybody, said(code=STREET, format=ending), sent=ending) for ending in FORMATS],
    "worklists:county-changes": [
        E(everybody, said(code=HERE)), E(everybody, said(code=HERE), query="before=2026-01-01&after=2027-02-01"),
    ],
    "worklists:street-changes": [E(everybody, said(code=STREET))],
    "worklists:community-changes": [E(everybody, said(code=COMMUNITY))],
    "worklists:community": [E(everybody, said(code=COMMUNITY)),
                            E(everybody, said(code=COMMUNITY), query="on=2027-02-01")],
    "worklists:community-export": [
        E(everybody, said(code=COMMUNITY, format=ending), sent=ending) for ending in FORMATS
    ],
    "worklists:department": [E(everybody, said(pk=unit("dept")))],
    "worklists:department-export": [
        E(everybody, said(pk=unit("dept"), format=ending), sent=ending) for ending in FORMATS
    ],
    "worklists:open-data": [E(everybody)],
    "worklists:registers": [E(leads_on)],
    "worklists:registers-of": [E(everybody, said(code=HERE)), E(everybody, said(code=HERE), query="on=2019-01-01")],
    "worklists:register": [
        E(everybody, said(code=HERE, subject="proof")), E(everybody, said(code=HERE, subject="work_item")),
        E(everybody, said(code=HERE, subject="body_or_plate"), query="on=2027-02-01"),
    ],
    "worklists:item": [E(everybody, said(code=item_code))],
    "worklists:item-correct": [
        E(only("office"), said(code=thing_code("item"), pk=version_of)),
    ],
    "worklists:editions": [E(everybody)],
    "worklists:import": [E(only("office", "city", "foreign_office", "foreign_city"))],
    "worklists:import-preview": [
        E(only("office", otherwise=REFUSED, **{who: MISSING for who in POSTS if POSTS[who][1] != HERE}),
          said(pk=thing("preview"))),
    ],
    "worklists:adopt": [E(only("office", "foreign_office"), said(pk=thing("guidance")))],
    "worklists:edition": [
        E(everybody, said(pk=thing("edition"))),
        E(lambda who, _case: OK if who in DRAFT_READERS else MISSING, said(pk=thing("edition_draft"))),
    ],
    "worklists:edition-near": [
        E(everybody, said(pk=thing("edition"))),
        E(lambda who, _case: OK if who in DRAFT_READERS else MISSING, said(pk=thing("edition_draft"))),
    ],
    "worklists:edition-export": [
        *(E(everybody, said(pk=thing("edition"), format=ending), sent=ending) for ending in FORMATS),
        E(lambda who, _case: OK if who in DRAFT_READERS else MISSING, said(pk=thing("edition_draft"), format="csv"),
          sent="csv"),
    ],
    "worklists:edition-diff": [
        E(everybody, said(before=thing("guidance"), after=thing("edition"))),
        E(lambda who, _case: OK if who in DRAFT_READERS else MISSING,
          said(before=thing("edition"), after=thing("edition_draft"))),
    ],
    "worklists:edition-revise": [E(draft_of_list("office"), said(pk=thing("edition_draft")))],
    "worklists:edition-publish": [E(draft_of_list("director", "deputy"), said(pk=thing("edition_draft")))],
    "worklists:edition-discard": [E(draft_of_list("office"), said(pk=thing("edition_draft")))],
    "worklists:entry-new": [E(draft_of_list("office"), said(pk=thing("edition_draft")))],
    "worklists:entry": [E(draft_of_list("office"), said(pk=thing("edition_draft"), seq=1))],
    "worklists:entry-drop": [E(draft_of_list("office"), said(pk=thing("edition_draft"), seq=1))],
    "worklists:entry-keep": [E(draft_of_list("office"), said(pk=thing("edition_draft"), seq=1))],
    # completion and early exit
    "worklists:filings": [E(signed_in), E(signed_in, query="state=open")],
    "worklists:filing-new": [E(only("dept"), said(code=thing_code("item")))],
    "worklists:filing": [E(FILING, said(pk=thing("filing")))],
    "worklists:filing-acknowledge": [E(filing("office"), said(pk=thing("filing")))],
    "worklists:filing-comment": [E(filing(*EVERYWHERE), said(pk=thing("filing")))],
    # may this be asked of us?
    "worklists:check": [
        E(follows_a_list), E(follows_a_list, query="q=出租房屋登记"), E(follows_a_list, query="q=没有的事&item=none"),
    ],
    "worklists:refusals": [E(signed_in)],
    "worklists:refusal-new": [
        E(only(*(who for who, (role, _code, _unit) in POSTS.items() if role in {"street", "community"}))),
    ],
    "worklists:refusal": [E(report(*REPORT_READERS), said(pk=thing("refusal")))],
    # reports of unapproved work
    "worklists:reports": [
        E(signed_in), E(signed_in, query="state=all"), E(signed_in, query="state=all&wrong=unapproved"),
    ],
    "worklists:report-new": [
        E(only(*(who for who, (role, _code, _unit) in POSTS.items() if role in {"street", "community"}))),
    ],
    "worklists:report": [
        E(report(*REPORT_READERS), said(pk=thing("report"))),
        E(report(*REPORT_READERS), said(pk=thing("supervised report"))),
        E(own_report(*OWN_REPORT_READERS), said(pk=thing("report of host"))),
    ],
    "worklists:report-pass-on": [
        E(report("office"), said(pk=thing("report"))), E(own_report("member"), said(pk=thing("report of host"))),
    ],
    "worklists:report-close": [
        E(report("office"), said(pk=thing("report"))), E(own_report("member"), said(pk=thing("report of host"))),
    ],
    "worklists:report-answer": [
        E(report("dept"), said(pk=thing("report"))), E(own_report(), said(pk=thing("report of host"))),
    ],
    "worklists:report-supervise": [
        E(report("office"), said(pk=thing("report"))), E(own_report("member"), said(pk=thing("report of host"))),
    ],
    "worklists:report-file": [
        E(only("office", "community", otherwise=MISSING),
          said(pk=thing("report"), file=file_of("report")), sent="pdf"),
        E(only("member", "community", otherwise=MISSING),
          said(pk=thing("report of host"), file=file_of("report of host")), sent="pdf"),
    ],
    # supervision
    "worklists:supervision": [E(signed_in), E(signed_in, query="state=closed"), E(signed_in, query="state=all")],
    "worklists:supervision-new": [E(only("city", "auditor", "foreign_city", "foreign_auditor"))],
    "worklists:supervision-case": [
        E(supervision(*CASE_READERS), said(pk=thing("case"))),
        E(supervision("other_dept", *ORGANS, of="other_dept"), said(pk=thing("case of city"))),
    ],
    "worklists:supervision-answer": [
        E(supervision("dept"), said(pk=thing("case"))),
        E(supervision("other_dept", of="other_dept"), said(pk=thing("case of city"))),
    ],
    **{
        f"worklists:supervision-{act}": [
            E(supervision("office"), said(pk=thing("case"))),
            E(supervision("city", of="other_dept"), said(pk=thing("case of city"))),
        ]
        for act in ("again", "close")
    },
    "worklists:supervision-file": [
        E(only(*CASE_READERS, otherwise=MISSING), said(pk=thing("case"), file=file_of_answer), sent="pdf"),
    ],
    # applications
    "admission:new": [
        E(only(*(who for who, (role, _code, _unit) in POSTS.items() if role in {"applicant", "street"}))),
        *(E(only(*(who for who, (role, _code, _unit) in POSTS.items() if role in {"applicant", "street"})),
            query=f"kind={kind}") for kind in ("admission", "change", "exit", "confirmation")),
    ],
    "admission:edit": [
        E(form_open(PLAN_OPEN, opens=ELSEWHERE), each_case()),
        E(form_open(PLAN_OPEN), each_case(part="plan")),
        E(form_open(PLAN_OPEN), each_case(part="all")),
        *(E(form_open(FORM_OPEN), each_case("draft", "pre_consultation", part=part))
          for part in ("basics", "grounds", "scope", "guarantees", "burden", "contact", "declaration")),
    ],
    "admission:edit-check": [E(form_open(PLAN_OPEN), each_case())],
    "admission:endorse": [
        E(of_case(lambda case: frozenset({"dept"}) if case == "on_behalf" else frozenset()), each_case()),
    ],
    "admission:plan": [E(of_case(), each_case()), E(of_case(), each_case(number=1))],
    "admission:plan-diff": [E(of_case(), each_case()), E(of_case(), each_case(before=1, after=1))],
    "admission:difference": [E(only_of("change", then=of_case()), each_case())],
    "admission:untouched": [E(of_case(applicants), each_case())],
    "admission:revised-plan": [E(of_case(applicants), each_case())],
    "admission:applications": [E(signed_in, query=f"view={view}") for view in ("", "all", "doing", "overdue", "done")],
    "admission:for-item": [E(signed_in, said(code=item_code)), E(signed_in, said(code=thing_code("item")))],
    "admission:applications-file": [
        E(signed_in, said(format=ending), "view=all", ending) for ending in FORMATS
    ],
    "admission:remind-some": [E(post_only)],
    "admission:application": [E(of_case(), each_case())],
    "admission:step": [E(step_page, steps)],
    "admission:dossier": [E(of_case(), each_case())],
    "admission:watch": [E(post_only, each_case())],
    "admission:remind": [E(of_case(offices), each_case())],
    "admission:supervise": [E(of_case(supervisors), each_case())],
    "admission:files": [E(of_case(), each_case())],
    "admission:file": [E(of_case(), each_file, sent="pdf")],
    "admission:file-remove": [E(of_case(applicants), each_file)],
    "admission:opinion": [
        E(body("street"), opinions(of=STREET)), E(body("other_street"), opinions(of="430211002")),
        E(body("community"), opinions(of=COMMUNITY)),
    ],
    "admission:opinion-withdraw": [
        E(body("street"), opinions(of=STREET)), E(body("other_street"), opinions(of="430211002")),
        E(body("community"), opinions(of=COMMUNITY)),
    ],
    "admission:respond": [E(of_case(applicants), opinions(of="430211002"))],
    "admission:reopen": [E(of_case(applicants), each_case())],
    "admission:contact": [E(of_case(offices), each_case())],
    "admission:summary": [E(of_case(offices), each_case())],
    "admission:point": [E(of_case(offices), points)],
    "admission:meetings": [E(signed_in)],
    "admission:meeting-new": [E(only("office", "foreign_office", "member"))],
    "admission:meeting": [E(meeting_page(), meetings)],
    "admission:meeting-move": [E(recorded, meetings)],
    "admission:meeting-cancel": [E(recorded, meetings)],
    "admission:meeting-lapse": [E(recorded, meetings)],
    "admission:meeting-record": [E(recorded, meetings)],
    "admission:meeting-close": [E(meeting_page(frozenset({"deputy"})), meetings)],
    "admission:meeting-minutes": [E(meeting_page(ORGANS | MEMBERS), meetings)],
    "admission:meeting-answer": [E(of_case(applicants), each_case())],
    "admission:notices": [E(signed_in)],
    "admission:notice": [E(of_case(), notices)],
    "admission:notice-receipt": [E(post_only, receipts)],
    "admission:outcomes": [E(everybody), E(everybody, query=f"county={HERE}"), E(everybody, query="number=x")],
    # settings, calendar, audit log
    "admission:settings": [E(only(*(who for who in POSTS if who != "foreign_city"), foreign_city=MISSING))],
    "admission:setting": [E(OWN_COUNTY, said(key="quorum_percent"))],
    "admission:committee": [E(only(*(who for who in POSTS if who != "foreign_city"), foreign_city=MISSING))],
    "admission:committee-office": [E(OWN_ADMIN)],
    "admission:seat-new": [E(OWN_COUNTY)],
    "admission:seat-end": [E(SEAT_KEEPERS, said(pk=a_seat))],
    "admission:calendar": [E(signed_in)],
    "admission:audit": [E(READS_AUDIT)],
    "admission:audit-file": [E(READS_AUDIT, sent="csv")],
    # accounts
    "account_login": [E(strangers)],
    "again": [E(leads_on)],
    "account_signup": [E(strangers)],
    "account_logout": [E(with_account)],
    "account_email_verification_sent": [E(everybody)],
    "account_confirm_email": [E(everybody, said(key="x"))],
    "account_confirm_login_code": [E(leads_on)],
    **{f"mfa_{name}": [E(with_account)] for name in ("index", "list_webauthn")},
    **{
        f"mfa_{name}": [E(leads_on)]  # the password is asked for again first
        for name in ("authenticate", "reauthenticate", "activate_totp", "generate_recovery_codes", "add_webauthn",
                     "reauthenticate_webauthn")
    },
    **{
        f"mfa_{name}": [E(not_yet)]
        for name in ("deactivate_totp", "view_recovery_codes", "download_recovery_codes")
    },
    "mfa_remove_webauthn": [E(leads_on, said(pk=1))],
    "mfa_edit_webauthn": [E(leads_on, said(pk=1))],
}  # fmt: skip


def addresses(page: Page, name: str, scene: Scene) -> Iterator[tuple[str, str]]:
    """(case, address) of a row of the table."""
    for case, kwargs in page.fill(scene):
        yield case, reverse(name, kwargs=kwargs) + (f"?{page.query}" if page.query else "")


def patterns() -> dict[str, set[str]]:
    """Every named address of the URL configuration with its routes."""
    found: dict[str, set[str]] = {}

    def walk(resolver: URLResolver, spaces: str, before: str) -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                walk(one, f"{spaces}{one.namespace}:" if one.namespace else spaces, before + str(one.pattern))
            elif isinstance(one, URLPattern):
                found.setdefault(f"{spaces}{one.name}", set()).add(before + str(one.pattern))

    walk(get_resolver(), "", "")
    return found
