"""The facts of an application: itself, plan, consultation, coordination, meeting, decision, notice, clocks."""

from admission.models.application import Application, ApplicationFile, Basis, PriorContact, Watch
from admission.models.consultation import ConsultationRound, Opinion, OpinionResponse
from admission.models.coordination import Coordination, CoordinationContact, DefectNote, DisputedPoint, Screening
from admission.models.deadline import Deadline
from admission.models.decision import Decision, FilingRecord, NoticeReceipt, WorkNotice
from admission.models.meeting import AgendaItem, Attendance, CommitteeSeat, Guest, Meeting, MeetingOpinion
from admission.models.plan import ImplementationPlan

__all__ = [
    "AgendaItem",
    "Application",
    "ApplicationFile",
    "Attendance",
    "Basis",
    "CommitteeSeat",
    "ConsultationRound",
    "Coordination",
    "CoordinationContact",
    "Deadline",
    "Decision",
    "DefectNote",
    "DisputedPoint",
    "FilingRecord",
    "Guest",
    "ImplementationPlan",
    "Meeting",
    "MeetingOpinion",
    "NoticeReceipt",
    "Opinion",
    "OpinionResponse",
    "PriorContact",
    "Screening",
    "Watch",
    "WorkNotice",
]
