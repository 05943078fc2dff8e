"""Every address of the lists, one line each. Public ones say so in their view."""

from django.urls import path, register_converter

from worklists.kinds import SubjectType
from worklists.web import (
    by_kind,
    changes,
    check,
    correcting,
    drafting,
    editions,
    filings,
    importing,
    items,
    near,
    opendata,
    places,
    refusals,
    report_list,
    reports,
    supervision,
)


class Code:
    """A division code of one level."""

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class CountyCode(Code):
    regex = r"\d{6}"


class StreetCode(Code):
    regex = r"\d{9}"


class CommunityCode(Code):
    regex = r"\d{12}"


class Subject:
    """One of the eleven kinds."""

    regex = "|".join(SubjectType.values)

    def to_python(self, value: str) -> SubjectType:
        """The kind itself."""
        return SubjectType(value)

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(CountyCode, "county")
register_converter(StreetCode, "street")
register_converter(CommunityCode, "community")
register_converter(Subject, "subject")

app_name = "worklists"
urlpatterns = [
    # may this be asked of us?
    path("check/", check.Check.as_view(), name="check"),
    path("refusals/", refusals.Refusals.as_view(), name="refusals"),
    path("refusals/new/", refusals.New.as_view(), name="refusal-new"),
    path("refusals/<int:pk>/", refusals.RefusalPage.as_view(), name="refusal"),
    # the lists
    path("lists/", places.Home.as_view(), name="list"),
    path("lists/data/", opendata.OpenData.as_view(), name="open-data"),
    path("lists/<county:code>/", places.PlaceList.as_view(), name="county"),
    path("lists/<county:code>/list.<format>", places.PlaceList.as_view(), name="county-export"),
    path("lists/<county:code>/changes/", changes.PlaceChanges.as_view(), name="county-changes"),
    path("lists/<street:code>/", places.PlaceList.as_view(), name="street"),
    path("lists/<street:code>/list.<format>", places.PlaceList.as_view(), name="street-export"),
    path("lists/<street:code>/changes/", changes.PlaceChanges.as_view(), name="street-changes"),
    path("lists/<community:code>/", places.PlaceList.as_view(), name="community"),
    path("lists/<community:code>/list.<format>", places.PlaceList.as_view(), name="community-export"),
    path("lists/<community:code>/changes/", changes.PlaceChanges.as_view(), name="community-changes"),
    path("lists/departments/<int:pk>/", places.DepartmentList.as_view(), name="department"),
    path("lists/departments/<int:pk>/list.<format>", places.DepartmentList.as_view(), name="department-export"),
    path("lists/items/<slug:code>/", items.ItemPage.as_view(), name="item"),
    path("lists/items/<slug:code>/correct/<int:pk>/", correcting.Correct.as_view(), name="item-correct"),
    # the list by kind, and what must not be asked
    path("registers/", by_kind.Home.as_view(), name="registers"),
    path("registers/<county:code>/", by_kind.Overview.as_view(), name="registers-of"),
    path("registers/<county:code>/<subject:subject>/", by_kind.RegisterPage.as_view(), name="register"),
    # editions
    path("lists/editions/", editions.Editions.as_view(), name="editions"),
    path("lists/editions/import/", importing.Import.as_view(), name="import"),
    path("lists/editions/import/<int:pk>/", importing.Preview.as_view(), name="import-preview"),
    path("lists/editions/adopt/<int:pk>/", importing.Adopt.as_view(), name="adopt"),
    path("lists/editions/<int:pk>/", editions.EditionPage.as_view(), name="edition"),
    path("lists/editions/<int:pk>/near/", near.EditionNear.as_view(), name="edition-near"),
    path("lists/editions/<int:pk>/list.<format>", editions.EditionPage.as_view(), name="edition-export"),
    path("lists/editions/<int:before>/to/<int:after>/", editions.EditionDiff.as_view(), name="edition-diff"),
    path("lists/editions/<int:pk>/cover/", drafting.Revise.as_view(), name="edition-revise"),
    path("lists/editions/<int:pk>/publish/", drafting.Publish.as_view(), name="edition-publish"),
    path("lists/editions/<int:pk>/discard/", drafting.Discard.as_view(), name="edition-discard"),
    path("lists/editions/<int:pk>/entries/new/", drafting.Add.as_view(), name="entry-new"),
    path("lists/editions/<int:pk>/entries/<int:seq>/", drafting.EntryPage.as_view(), name="entry"),
    path("lists/editions/<int:pk>/entries/<int:seq>/drop/", drafting.Drop.as_view(), name="entry-drop"),
    path("lists/editions/<int:pk>/entries/<int:seq>/keep/", drafting.Keep.as_view(), name="entry-keep"),
    # completion and early exit
    path("filings/", filings.Filings.as_view(), name="filings"),
    path("filings/new/<slug:code>/", filings.File.as_view(), name="filing-new"),
    path("filings/<int:pk>/", filings.FilingPage.as_view(), name="filing"),
    path("filings/<int:pk>/acknowledge/", filings.Acknowledge.as_view(), name="filing-acknowledge"),
    path("filings/<int:pk>/comment/", filings.Comment.as_view(), name="filing-comment"),
    # reports of unapproved work
    path("unapproved/", report_list.Reports.as_view(), name="reports"),
    path("unapproved/new/", reports.New.as_view(), name="report-new"),
    path("unapproved/<int:pk>/", reports.ReportPage.as_view(), name="report"),
    path("unapproved/<int:pk>/pass-on/", reports.PassOn.as_view(), name="report-pass-on"),
    path("unapproved/<int:pk>/close/", reports.Close.as_view(), name="report-close"),
    path("unapproved/<int:pk>/answer/", reports.Answer.as_view(), name="report-answer"),
    path("unapproved/<int:pk>/supervise/", supervision.FromReport.as_view(), name="report-supervise"),
    path("unapproved/<int:pk>/files/<int:file>/", reports.Attached.as_view(), name="report-file"),
    # supervision
    path("supervision/", supervision.Cases.as_view(), name="supervision"),
    path("supervision/new/", supervision.New.as_view(), name="supervision-new"),
    path("supervision/<int:pk>/", supervision.CasePage.as_view(), name="supervision-case"),
    path("supervision/<int:pk>/answer/", supervision.Answer.as_view(), name="supervision-answer"),
    path("supervision/<int:pk>/again/", supervision.AskAgain.as_view(), name="supervision-again"),
    path("supervision/<int:pk>/close/", supervision.Close.as_view(), name="supervision-close"),
    path("supervision/<int:pk>/files/<int:file>/", supervision.Attached.as_view(), name="supervision-file"),
]
