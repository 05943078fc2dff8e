"""A street or a community refuses what may not be asked of it, with the evidence of the day (PR-2, PR-13)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events, numbering
from base.acts import legal_day
from base.errors import RuleViolation
from base.sentences import sentence
from base.text import spoken_in_chinese
from communities.models import Department, Division
from communities.roles import STREET, Actor
from worklists import access, notifications, rules
from worklists.access import Act
from worklists.kinds import GROUNDS, WRONG_OF, SubjectType, Wrong
from worklists.lists import AsOf
from worklists.models import Refusal, RegisterRule, UnapprovedReport, WorkItem
from worklists.receiving import check
from worklists.receiving.verdicts import Code, Verdict

SERIES = "refusal"


@dataclass(frozen=True)
class Asked:
    """What was asked, by whom, how and when; what is wrong with it, and what the one who refuses adds."""

    what: str
    department_text: str
    channel: UnapprovedReport.Channel
    happened_on: date
    wrong: Wrong
    department: Department | None = None
    remark: str = ""


def refuse(asked: Asked, *, picked: WorkItem | RegisterRule | None, by: Actor, at: datetime) -> Refusal:
    """Issue a numbered refusal in the name of the actor's place.

    `picked` is the item of the list that it resembles or the rule that forbids it, None where there is neither; the
    verdict of today is computed here.
    Raises NotAllowed, RuleViolation where the day lies ahead or the item may be asked of the place.
    """
    access.check(by, Act.REFUSE_WORK, by.county)
    today = legal_day(at)
    if asked.happened_on > today:
        raise RuleViolation(_("交办日期不能晚于今天。"), field="happened_on")
    with acts.act():
        place = Division.objects.select_related("community").get(code=by.code)
        asof = AsOf(today)
        verdict = check.picked_verdict(picked, place, asof)
        if verdict.is_lawful and asked.wrong == Wrong.UNAPPROVED:
            raise RuleViolation(
                _("这件事今天在清单上，不能以没有准入为由拒绝；有别的问题的，请选相应的理由。"), field="wrong"
            )
        county = Division.objects.get(code=by.county)
        wording = rules.value(county.code, rules.Key.REFUSAL_WORDING, on=today)
        refusal = Refusal.objects.create(
            county=county, number=numbering.next_number(county.code, SERIES, wording=wording, on=today, at=at).text,
            place=place, department=asked.department, department_text=asked.department_text, what=asked.what,
            wrong=asked.wrong, channel=asked.channel, happened_on=asked.happened_on, verdict=verdict.code,
            item=picked if isinstance(picked, WorkItem) else None, rule=verdict.rule,
            content=_content(asked, verdict, county), issued_at=at, issued_by=by.label,
        )  # fmt: skip
        events.record(
            "worklists.refusal.issue", target=refusal, by=by, at=at, chain=county.code,
            data={
                "says": sentence(gettext_noop("出具拒绝告知书：%(what)s"), what=asked.what), "verdict": verdict.code,
                "wrong": asked.wrong,
            },
            audience=[by.code[:STREET]],
        )  # fmt: skip
        notifications.work_refused(refusal, at=at)
    return refusal


@spoken_in_chinese
def _content(asked: Asked, verdict: Verdict, county: Division) -> dict[str, Any]:
    """What the paper says, as it was true on the day: names and lists may change afterwards."""
    return {
        "county": county.name,
        "place": verdict.place.name,
        "to": asked.department.name if asked.department else asked.department_text,
        "wrong": str(Wrong(asked.wrong).label),
        "ground": _ground(asked, verdict),
        "channel": str(UnapprovedReport.Channel(asked.channel).label),
        "answer": str(Code(verdict.code).label),
        "finding": verdict.text,
        "evidence": [{"text": line.text, "source": line.source} for line in verdict.evidence],
        "remark": asked.remark,
    }


def wrong_of(rule: RegisterRule) -> Wrong:
    """What is wrong with asking for what a rule forbids."""
    return WRONG_OF.get(SubjectType(rule.subject_type), Wrong.UNAPPROVED)


def _ground(asked: Asked, verdict: Verdict) -> str:
    """Why it is wrong: by the document that forbids it, where that is what is refused."""
    rule = verdict.rule
    if rule is None or asked.wrong != wrong_of(rule):
        return str(GROUNDS[Wrong(asked.wrong)])
    return _("依据%(basis)s，%(finding)s") % {"basis": rule.basis, "finding": verdict.text}
