"""账号: what the administrator of a territory does to the accounts that work in it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from base.errors import RuleViolation
from base.templatetags.portal import once
from base.web import Once
from communities import access, actions
from communities.access import Act
from communities.actors import ActorMixin
from communities.filters import AccountFilter
from communities.models import Account, Appointment
from communities.roles import Actor
from communities.web.account_forms import AccountForm, FactsOfAccountForm
from communities.web.act_page import ActPage

ON_A_PAGE = 50
LIST = reverse_lazy("communities:accounts")


def kept_by(actor: Actor) -> QuerySet[Account]:
    """The accounts of this administrator with their posts and locks; nobody else keeps any."""
    access.check(actor, Act.KEEP_ACCOUNTS, actor.code)
    today = timezone.localdate()
    posts = Appointment.objects.select_related("division", "unit").order_by("-starts_on", "-pk")
    rows = Account.objects.visible_to(actor, on=today).with_lock(timezone.now()).with_second_factor()
    return rows.prefetch_related(Prefetch("appointments", posts))


def state_of(account: Any) -> dict[str, str]:
    """The word for how it stands, and its tone."""
    if not account.is_active:
        return {"label": _("已停用"), "tone": "stop"}
    if account.locked:
        return {"label": _("登录锁定"), "tone": "object"}
    if account.one_time_password_lapsed(timezone.now()):
        return {"label": _("一次性密码已过期"), "tone": "object"}
    if account.must_change_password:
        return {"label": _("等本人改一次性密码"), "tone": "wait"}
    return {"label": _("在用"), "tone": "done"}


class Accounts(ActorMixin, TemplateView):
    """The accounts of the territory: what they hold, how they stand."""

    template_name = "communities/accounts.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = kept_by(self.actor).order_by("username")
        narrowed = AccountFilter(self.request.GET, queryset=rows, today=today)
        page = Paginator(narrowed.qs, ON_A_PAGE).get_page(self.request.GET.get("page"))
        lines = [
            (row, state_of(row), [post for post in row.appointments.all() if not post.ends_on or post.ends_on >= today])
            for row in page
        ]
        return super().get_context_data(
            filter=narrowed,
            page=page,
            lines=lines,
            summary=_("共 %(n)d 个账号") % {"n": page.paginator.count},
            actions=[{"label": _("开立账号"), "url": reverse("communities:account-new"), "primary": True}],
            **context,
        )


class AccountPage(ActorMixin, TemplateView):
    """One account: its posts, and what can be done to it now."""

    template_name = "communities/account.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        account = get_object_or_404(kept_by(self.actor), pk=self.kwargs["pk"])
        own = account.pk == self.actor.user_id
        return super().get_context_data(
            account=account,
            own=own,
            state=state_of(account),
            posts=account.appointments.all(),
            actions=self.offered(account, own=own),
            appoint=appointing(account),
            crumbs=[(_("账号"), str(LIST)), (account.username, "")],
            **context,
        )

    def offered(self, account: Any, *, own: bool) -> list[dict[str, Any]]:
        """The buttons; one's own account is somebody else's to close."""
        wanted = [
            (_("解除登录锁定"), "unlock", account.locked),
            (_("重设密码"), "password", account.is_active and not own),
            (_("移除两步验证"), "second-factor", account.second_factor and not own),
            (_("启用"), "reopen", not account.is_active),
            (_("改资料"), "correct", True),
            (_("停用"), "close", account.is_active and not own),
        ]
        return [
            {"label": label, "url": reverse(f"communities:account-{name}", args=[account.pk]), "primary": first == 0}
            for first, (label, name) in enumerate((label, name) for label, name, now in wanted if now)
        ]


def appointing(account: Account) -> str:
    """The page that gives this account a post. A name may hold a plus or an at sign."""
    return f"{reverse('communities:appoint')}?{urlencode({'username': account.username})}"


@method_decorator(never_cache, name="dispatch")
class OneTimePage(Once, ActPage):
    """An act that ends with a one-time password. It stands in this one answer: no redirect, nothing kept.

    Loaded again, the answer leads to the account, and the password that was written down stays good.
    """

    shown: Account | None = None

    def led_to(self, answer: HttpResponse) -> str:
        """To the account, once its password was shown."""
        return reverse("communities:account", args=[self.shown.pk]) if self.shown else super().led_to(answer)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the field by which a form sent twice is known."""
        return super().get_context_data(hidden=once(), **context)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Shown at once, to be handed on."""
        try:
            account, password = self.perform(**form.cleaned_data)
        except RuleViolation as refusal:
            return self.refused(form, refusal)
        self.shown = account
        context = {
            "account": account, "password": password, "title": self.done, "crumbs": [*self.crumbs, (self.done, "")],
            "appoint": appointing(account),
        }  # fmt: skip
        return render(self.request, "communities/one_time_password.html", context)


class OpenAccount(OneTimePage):
    """开立账号."""

    form_class = AccountForm
    title = gettext_lazy("开立账号")
    lede = gettext_lazy("账号只管登录，能办什么看任职。开立以后给出一次性密码，本人第一次登录时必须改掉。")
    submit = gettext_lazy("开立")
    done = gettext_lazy("账号已开立")
    back = LIST  # type: ignore[assignment]

    def load(self) -> None:
        access.check(self.actor, Act.KEEP_ACCOUNTS, self.actor.code)
        self.crumbs = [(_("账号"), str(LIST))]

    def perform(self, **facts: Any) -> tuple[Account, str]:
        return actions.open_account(facts.pop("username"), by=self.actor, at=timezone.now(), **facts)


class OnAccount(ActPage):
    """An act on one account; most ask nothing but to be meant."""

    form_class = forms.Form
    words: Any = ""

    def load(self) -> None:
        self.account = get_object_or_404(kept_by(self.actor), pk=self.kwargs["pk"])
        self.title = f"{self.words}：{self.account.username}"
        self.back = reverse("communities:account", args=[self.account.pk])
        self.crumbs = [(_("账号"), str(LIST)), (self.account.username, self.back)]


class ResetPassword(OneTimePage, OnAccount):
    """重设密码."""

    words = submit = gettext_lazy("重设密码")
    lede = gettext_lazy("原来的密码马上失效，正在使用的会退出登录；新给的一次性密码，本人登录时必须改掉。")
    done = gettext_lazy("密码已重设")

    def perform(self, **_facts: Any) -> tuple[Account, str]:
        password = actions.reset_password(self.account, by=self.actor, at=timezone.now())
        self.account.refresh_from_db(fields=["one_time_until"])
        return self.account, password


class CorrectAccount(OnAccount):
    """改资料."""

    form_class = FactsOfAccountForm
    words = gettext_lazy("改资料")
    submit = gettext_lazy("保存")
    done = gettext_lazy("已保存。")

    def get_initial(self) -> dict[str, Any]:
        return {"display_name": self.account.display_name, "email": self.account.email}

    def perform(self, **facts: Any) -> Account:
        return actions.correct_account(self.account, by=self.actor, at=timezone.now(), **facts)


class UnlockAccount(OnAccount):
    """解除登录锁定."""

    words = submit = gettext_lazy("解除登录锁定")
    lede = gettext_lazy("密码错得太多，登录会停 15 分钟。请先向本人核实，确实是本人在登录，再解除。")
    done = gettext_lazy("已解除，可以马上登录。")

    def perform(self, **_facts: Any) -> Account:
        return actions.unlock_account(self.account, by=self.actor, at=timezone.now())


class RemoveSecondFactor(OnAccount):
    """移除两步验证."""

    words = submit = gettext_lazy("移除两步验证")
    lede = gettext_lazy(
        "本人丢了手机或安全密钥、恢复码也用完了才用。请先当面或者打办公电话核实是本人。移除以后只凭密码登录，请本人登录后重新设置。"
    )
    done = gettext_lazy("已移除两步验证。")
    danger = True

    def perform(self, **_facts: Any) -> Account:
        return actions.remove_second_factor(self.account, by=self.actor, at=timezone.now())


class CloseAccount(OnAccount):
    """停用."""

    words = submit = gettext_lazy("停用")
    lede = gettext_lazy("停用以后不能登录，正在使用的会退出；任职和办过的事都保留，随时可以再启用。")
    done = gettext_lazy("已停用。")
    danger = True

    def perform(self, **_facts: Any) -> Account:
        return actions.close_account(self.account, by=self.actor, at=timezone.now())


class ReopenAccount(OnAccount):
    """启用."""

    words = submit = gettext_lazy("启用")
    lede = gettext_lazy("启用以后用原来的密码登录；忘了密码的，启用以后再重设。")
    done = gettext_lazy("已启用。")

    def perform(self, **_facts: Any) -> Account:
        return actions.reopen_account(self.account, by=self.actor, at=timezone.now())
