"""Every address of the portal. Each app brings its own under its own name."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import accounts, health, home, inbox, pages, sign_in, views_kept
from config.styleguide.views import styleguide

urlpatterns = [
    path("", home.home, name="home"),
    path("messages/", inbox.Inbox.as_view(), name="inbox"),
    path("messages/seen/", inbox.AllSeen.as_view(), name="inbox-seen"),
    path("messages/<int:pk>/", inbox.Message.as_view(), name="inbox-message"),
    path("views/", views_kept.Keep.as_view(), name="view-keep"),
    path("views/<int:pk>/forget/", views_kept.Forget.as_view(), name="view-forget"),
    path("help/", pages.Help.as_view(), name="help"),
    path("help/<slug:chapter>/", pages.Help.as_view(), name="help-chapter"),
    path("feedback/", pages.FeedbackPage.as_view(), name="feedback"),
    path("accessibility/", pages.Accessibility.as_view(), name="accessibility"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("accounts/login/", login_not_required(sign_in.SignIn.as_view()), name="account_login"),
    path("accounts/again/", sign_in.Again.as_view(), name="again"),
    path("accounts/email/", accounts.no_email_page, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("communities/", include("communities.web.urls")),
    path("", include("worklists.web.urls")),
    path("", include("admission.web.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.errors.too_many_requests"  # of django-allauth
handler500 = "config.errors.server_error"

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
