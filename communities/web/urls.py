"""Addresses of places, units and posts. Public ones say so in their view."""

from django.urls import path, re_path

from communities.web import accounts, divisions, facts, places, posts, switch, units

app_name = "communities"
urlpatterns = [
    # places
    path("", places.Home.as_view(), name="list"),
    re_path(r"^(?P<code>\d{6})/$", places.County.as_view(), name="county"),
    re_path(r"^(?P<code>\d{9})/$", places.Street.as_view(), name="street"),
    re_path(r"^(?P<code>\d{12})/$", places.CommunityPage.as_view(), name="community"),
    re_path(r"^(?P<code>\d{12})/facts/$", facts.RecordFacts.as_view(), name="facts"),
    re_path(r"^(?P<code>\d{6})/new/$", divisions.NewDivision.as_view(), name="division-new"),
    re_path(r"^(?P<code>\d{6})/enrol/$", divisions.Enrol.as_view(), name="enrol"),
    re_path(r"^(?P<code>\d{6}|\d{9}|\d{12})/close/$", divisions.CloseDivision.as_view(), name="division-close"),
    # units
    re_path(r"^(?P<code>\d{4}|\d{6})/departments/$", units.Departments.as_view(), name="departments"),
    re_path(r"^(?P<code>\d{4}|\d{6})/departments/new/$", units.NewDepartment.as_view(), name="department-new"),
    path("departments/<int:pk>/", units.DepartmentPage.as_view(), name="department"),
    path("departments/<int:pk>/alias/", units.AddAlias.as_view(), name="department-alias"),
    path("departments/<int:pk>/close/", units.CloseDepartment.as_view(), name="department-close"),
    # posts
    path("switch/", switch.Switch.as_view(), name="switch"),
    path("appointments/", posts.Appointments.as_view(), name="appointments"),
    path("appointments/new/", posts.WhichCounty.as_view(), name="appoint"),
    re_path(r"^appointments/new/(?P<code>\d{6})/$", posts.Appoint.as_view(), name="appoint-in"),
    path("appointments/<int:pk>/end/", posts.EndAppointment.as_view(), name="appointment-end"),
    # accounts; "/accounts/" itself is where people sign in
    path("people/", accounts.Accounts.as_view(), name="accounts"),
    path("people/new/", accounts.OpenAccount.as_view(), name="account-new"),
    path("people/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("people/<int:pk>/correct/", accounts.CorrectAccount.as_view(), name="account-correct"),
    path("people/<int:pk>/password/", accounts.ResetPassword.as_view(), name="account-password"),
    path("people/<int:pk>/unlock/", accounts.UnlockAccount.as_view(), name="account-unlock"),
    path("people/<int:pk>/second-factor/", accounts.RemoveSecondFactor.as_view(), name="account-second-factor"),
    path("people/<int:pk>/close/", accounts.CloseAccount.as_view(), name="account-close"),
    path("people/<int:pk>/reopen/", accounts.ReopenAccount.as_view(), name="account-reopen"),
    # files of divisions
    path("imports/", divisions.Imports.as_view(), name="imports"),
    path("imports/<int:pk>/", divisions.ImportPage.as_view(), name="import"),
    path("imports/<int:pk>/refused.csv", divisions.RefusedRows.as_view(), name="import-refused"),
    path("imports/<int:pk>/decide/", divisions.Decide.as_view(), name="import-decide"),
]
