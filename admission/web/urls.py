"""Every address of admission, one line each."""

from django.urls import path

from admission.web import (
    about_item,
    answering,
    applications,
    audit,
    calendar,
    checking,
    coordination,
    dossier,
    drafting,
    endorsing,
    files,
    listing,
    meetings,
    notices,
    opinions,
    outcomes,
    plan,
    reminding,
    settings,
    starting,
    steps,
)

app_name = "admission"
urlpatterns = [
    # drafts
    path("applications/new/", starting.New.as_view(), name="new"),
    path("applications/<int:pk>/edit/", drafting.Edit.as_view(), name="edit"),
    path("applications/<int:pk>/edit/check/", checking.Check.as_view(), name="edit-check"),
    path("applications/<int:pk>/edit/<slug:part>/", drafting.Edit.as_view(), name="edit"),
    path("applications/<int:pk>/endorse/", endorsing.Endorse.as_view(), name="endorse"),
    path("applications/<int:pk>/plan/", plan.Plan.as_view(), name="plan"),
    path("applications/<int:pk>/plan/<int:number>/", plan.Plan.as_view(), name="plan"),
    path("applications/<int:pk>/plan/diff/", plan.PlanDiff.as_view(), name="plan-diff"),
    path("applications/<int:pk>/plan/<int:before>/<int:after>/", plan.PlanDiff.as_view(), name="plan-diff"),
    path("applications/<int:pk>/difference/", plan.ListedDiff.as_view(), name="difference"),
    path("applications/<int:pk>/untouched/", plan.Untouched.as_view(), name="untouched"),
    path("applications/<int:pk>/revised-plan/", plan.RevisedPlan.as_view(), name="revised-plan"),
    # applications
    path("applications/", listing.ApplicationList.as_view(), name="applications"),
    path("applications/list.<str:format>", listing.ApplicationList.as_view(), name="applications-file"),
    path("applications/about/<slug:code>/", about_item.ForItem.as_view(), name="for-item"),
    path("applications/remind/", reminding.RemindSome.as_view(), name="remind-some"),
    path("applications/<int:pk>/", applications.Page.as_view(), name="application"),
    path("applications/<int:pk>/do/<slug:step>/", steps.step_page, name="step"),
    path("applications/<int:pk>/dossier/", dossier.DossierPage.as_view(), name="dossier"),
    path("applications/<int:pk>/watch/", applications.Follow.as_view(), name="watch"),
    path("applications/<int:pk>/remind/", reminding.Remind.as_view(), name="remind"),
    path("applications/<int:pk>/files/", files.Files.as_view(), name="files"),
    path("files/<int:pk>/", files.Download.as_view(), name="file"),
    path("files/<int:pk>/remove/", files.Remove.as_view(), name="file-remove"),
    # consultation and coordination
    path("opinions/<int:pk>/", opinions.Give.as_view(), name="opinion"),
    path("opinions/<int:pk>/respond/", opinions.Respond.as_view(), name="respond"),
    path("applications/<int:pk>/reopen/", opinions.Reopen.as_view(), name="reopen"),
    path("applications/<int:pk>/contact/", coordination.Contact.as_view(), name="contact"),
    path("applications/<int:pk>/summary/", coordination.Summary.as_view(), name="summary"),
    path("points/<int:pk>/", coordination.Point.as_view(), name="point"),
    # meetings
    path("meetings/", meetings.Meetings.as_view(), name="meetings"),
    path("meetings/new/", meetings.MeetingNew.as_view(), name="meeting-new"),
    path("meetings/<int:pk>/", meetings.MeetingShown.as_view(), name="meeting"),
    path("meetings/<int:pk>/record/", meetings.MeetingRecord.as_view(), name="meeting-record"),
    path("meetings/<int:pk>/close/", meetings.MeetingClose.as_view(), name="meeting-close"),
    path("meetings/<int:pk>/minutes/", meetings.MeetingMinutes.as_view(), name="meeting-minutes"),
    path("applications/<int:pk>/meeting-answers/", answering.MeetingAnswer.as_view(), name="meeting-answer"),
    # notices
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/<int:pk>/", notices.Notice.as_view(), name="notice"),
    path("receipts/<int:pk>/acknowledge/", notices.Acknowledge.as_view(), name="notice-receipt"),
    path("outcomes/", outcomes.Outcomes.as_view(), name="outcomes"),
    # settings, calendar, audit log
    path("settings/", settings.Settings.as_view(), name="settings"),
    path("settings/<slug:key>/", settings.Change.as_view(), name="setting"),
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("audit/", audit.Audit.as_view(), name="audit"),
    path("audit.csv", audit.AuditFile.as_view(), name="audit-file"),
]
