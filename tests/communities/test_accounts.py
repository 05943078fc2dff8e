"""Accounts: the administrator of the territory opens, corrects, resets and closes them; nobody reads passwords."""

import io
import logging
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from base.errors import NotAllowed, RuleViolation
from base.models import Event, User
from base.templatetags.portal import zh_moment
from communities import actions
from communities.models import Account, Division
from communities.roles import Actor, Role, system
from tests.factories import NOW, PASSWORD, TODAY, AppointmentFactory, DivisionFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
HERE, ABROAD = "430211", "430204"
ADMIN = actor(Role.ADMIN, HERE)
BY = {"by": ADMIN, "at": NOW}
OWN = "three green boats at noon"


@pytest.fixture
def county():
    DivisionFactory.create(code="4302", name="株洲市", kind="city")
    DivisionFactory.create(code=ABROAD, name="石峰区")
    return DivisionFactory.create(code=HERE, name="天元区")


def account(username="li", code=HERE, **post) -> Account:
    """An account with one post."""
    user = UserFactory.create(username=username)
    AppointmentFactory.create(user=user, division=DivisionFactory.create(code=code), **post)
    return Account.objects.get(pk=user.pk)


@pytest.fixture
def admin(county):
    """A browser of the county's administrator."""
    client = Client()
    post = AppointmentFactory.create(user__username="keeper", role=Role.ADMIN, division=county)
    client.force_login(post.user)
    return client


def sign_in(username, password):
    client = Client()
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


class TestWhose:
    """Rulebook section 3: who appoints in a territory keeps its accounts, and no others."""

    @pytest.mark.parametrize(
        ("posts", "seen"),
        [
            ([(HERE, None)], True),
            ([("430211001", None)], True),
            ([(ABROAD, None)], False),
            ([("4302", None)], False),
            ([(HERE, None), (ABROAD, None)], False),
            ([(HERE, None), (ABROAD, date(2026, 6, 1))], True),
            ([(HERE, date(2026, 6, 1)), (ABROAD, None)], False),
            ([(HERE, date(2026, 6, 1))], True),
        ],
    )
    def test_an_administrator_keeps_whoever_works_here_and_nowhere_else(self, county, posts, seen):
        user = UserFactory.create()
        for code, ends_on in posts:
            AppointmentFactory.create(user=user, division=DivisionFactory.create(code=code), ends_on=ends_on)
        assert Account.objects.visible_to(ADMIN, on=TODAY).filter(pk=user.pk).exists() is seen

    def test_an_account_without_posts_belongs_to_the_county_that_made_it(self, county):
        made, _password = actions.open_account("new", **BY)
        UserFactory.create(username="of the platform")
        neighbour, city = actor(Role.ADMIN, ABROAD), actor(Role.ADMIN, "4302")
        assert [list(Account.objects.visible_to(who, on=TODAY)) for who in (ADMIN, city, neighbour)] == [
            [made], [made], [],
        ]  # fmt: skip

    def test_the_neighbours_account_is_refused_in_the_act_too(self, county):
        theirs = account(code=ABROAD)
        for act in (actions.reset_password, actions.close_account, actions.unlock_account, actions.reopen_account):
            with pytest.raises(NotAllowed, match="上一级"):
                act(theirs, **BY)
        with pytest.raises(NotAllowed):
            actions.correct_account(theirs, display_name="", email="evil@example.org", **BY)

    def test_a_superuser_of_the_platform_is_in_nobodys_hands(self, county):
        root = account("root")
        User.objects.filter(pk=root.pk).update(is_superuser=True)
        with pytest.raises(NotAllowed):
            actions.reset_password(root, **BY)

    @pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMIN, Role.SYSTEM}])
    def test_no_other_role_keeps_accounts(self, county, role):
        some = account()
        assert not Account.objects.visible_to(actor(role), on=TODAY).exists()
        with pytest.raises(NotAllowed):
            actions.open_account("new", by=actor(role), at=NOW)
        with pytest.raises(NotAllowed):
            actions.reset_password(some, by=actor(role), at=NOW)

    def test_ones_own_account_is_anothers_business(self, county):
        own = account("keeper", role=Role.ADMIN)
        herself = Actor(own.pk, 1, Role.ADMIN, HERE, None, "平台")
        for act in (actions.reset_password, actions.close_account):
            with pytest.raises(NotAllowed, match="另一位"):
                act(own, by=herself, at=NOW)


class TestActs:
    def test_a_new_account_has_a_password_that_fits_the_rules_and_is_to_be_changed(self, county):
        made, password = actions.open_account("wang", display_name="民政局经办", **BY)
        validate_password(password, made)
        kept = User.objects.get(username="wang")
        assert kept.check_password(password)
        assert (kept.must_change_password, kept.made_in, kept.display_name) == (True, HERE, "民政局经办")
        assert not kept.is_staff
        assert actions.open_account("zhao", **BY)[1] != password

    @pytest.mark.parametrize("name", ["li", "LI", "a b", "", "x" * 151])
    def test_a_name_that_is_taken_or_unfit_is_refused_with_a_sentence(self, county, name):
        account("li")
        with pytest.raises(RuleViolation):
            actions.open_account(name, **BY)
        assert User.objects.count() == 1

    def test_a_reset_ends_the_old_password_its_sessions_and_the_lock(self, county):
        some, browser = account(), sign_in("li", PASSWORD)
        assert browser.get("/messages/").status_code == 200
        lock("LI")
        password = actions.reset_password(some, **BY)
        assert browser.get("/messages/").url.startswith("/accounts/login/")
        assert not AccessAttempt.objects.exists()
        assert "_auth_user_id" not in sign_in("li", PASSWORD).session
        assert "_auth_user_id" in sign_in("li", password).session

    def test_unlocking_opens_at_once_and_needs_a_lock(self, county):
        some = account()
        with pytest.raises(RuleViolation, match="没有锁定"):
            actions.unlock_account(some, **BY)
        for _again in range(5):
            sign_in("li", "wrong password")
        assert Account.objects.with_lock(AccessAttempt.objects.get().attempt_time).get().locked
        actions.unlock_account(some, **BY)
        assert "_auth_user_id" in sign_in("li", PASSWORD).session

    def test_a_closed_account_goes_out_and_comes_back_as_it_was(self, county):
        some, browser = account(), sign_in("li", PASSWORD)
        actions.close_account(some, **BY)
        assert browser.get("/messages/").url.startswith("/accounts/login/")
        assert "_auth_user_id" not in sign_in("li", PASSWORD).session
        for act, says in ((actions.close_account, "已经停用"), (actions.reset_password, "先启用")):
            with pytest.raises(RuleViolation, match=says):
                act(some, **BY)
        actions.reopen_account(some, **BY)
        assert "_auth_user_id" in sign_in("li", PASSWORD).session
        with pytest.raises(RuleViolation, match="没有停用"):
            actions.reopen_account(some, **BY)

    def test_a_corrected_address_is_the_only_one_that_is_left(self, county):
        some = account()
        EmailAddress.objects.create(user=some, email="old@example.org", primary=True, verified=True)
        actions.correct_account(some, display_name="嵩山路街道", email="new@example.org", **BY)
        kept = User.objects.get(pk=some.pk)
        assert (kept.display_name, kept.email) == ("嵩山路街道", "new@example.org")
        assert not EmailAddress.objects.exists()
        with pytest.raises(RuleViolation):
            actions.correct_account(some, display_name="", email="no address", **BY)

    def test_a_lost_second_factor_is_removed_with_its_recovery_codes(self, county):
        some, other = account(), account("other")
        for user, kind in ((some, "totp"), (some, "recovery_codes"), (other, "totp")):
            Authenticator.objects.create(user=user, type=kind, data={})
        actions.remove_second_factor(some, **BY)
        assert [row.user_id for row in Authenticator.objects.all()] == [other.pk]
        assert Event.objects.get(kind="communities.account.remove_second_factor").data == {
            "says": "移除两步验证", "user": some.pk,
        }  # fmt: skip
        with pytest.raises(RuleViolation, match="没有设两步验证"):
            actions.remove_second_factor(some, **BY)

    def test_nobody_removes_their_own_second_factor_here_nor_one_of_another_territory(self, county):
        own, abroad = account("keeper"), account("abroad", code=ABROAD)
        Authenticator.objects.create(user=own, type="totp", data={})
        with pytest.raises(NotAllowed, match="自己的账号"):
            actions.remove_second_factor(own, by=replace(actor(Role.ADMIN, HERE), user_id=own.pk), at=NOW)
        with pytest.raises(NotAllowed):
            actions.remove_second_factor(abroad, **BY)
        assert Authenticator.objects.exists()

    def test_every_act_leaves_a_line_on_the_countys_chain_without_name_or_password(self, county, caplog):
        caplog.set_level(logging.DEBUG)
        made, first = actions.open_account("secretive", display_name="某人", **BY)
        lock("secretive")
        actions.unlock_account(made, **BY)
        second = actions.reset_password(made, **BY)
        actions.correct_account(made, display_name="另一人", email="x@example.org", **BY)
        actions.close_account(made, **BY)
        actions.reopen_account(made, by=actor(Role.ADMIN, "4302"), at=NOW)
        lines = list(Event.objects.order_by("seq"))
        assert [line.kind.rpartition(".")[2] for line in lines] == [
            "open", "unlock", "reset_password", "correct", "close", "reopen",
        ]  # fmt: skip
        assert {(line.chain, line.in_feed, line.data["user"]) for line in lines} == {(HERE, False, made.pk)}
        written = "".join(f"{line.data}{line.target_label}" for line in lines) + caplog.text
        for word in (first, second, "某人", "另一人", "x@example.org"):
            assert word not in written


def lock(username):
    """Five wrong passwords."""
    AccessAttempt.objects.create(username=username, ip_address="10.0.0.1", failures_since_start=5)


class TestOneTimePassword:
    @pytest.fixture
    def beginner(self, county):
        """A browser signed in with a one-time password, and that password."""
        password = actions.reset_password(account(), by=ADMIN, at=timezone.now())
        return sign_in("li", password), password

    @pytest.mark.parametrize("url", ["/", "/messages/", "/communities/430211/", "/accounts/2fa/", "/admin/", "/help/"])
    def test_it_opens_nothing_but_the_page_to_change_it(self, beginner, url):
        client, _password = beginner
        answer = client.get(url)
        assert (answer.status_code, answer.url) == (302, "/accounts/password/change/")
        assert client.post(url).status_code in {302, 405}
        assert "一次性密码" in client.get(answer.url).content.decode()

    def test_signing_out_remains_possible(self, beginner):
        client, _password = beginner
        client.post("/accounts/logout/")
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("new", ["the same", "short", "1234567890123"])
    def test_the_new_one_is_ones_own_and_fits_the_rules(self, beginner, new):
        client, password = beginner
        new = password if new == "the same" else new
        answer = client.post(
            "/accounts/password/change/", {"oldpassword": password, "password1": new, "password2": new}
        )
        assert answer.status_code == 200
        assert User.objects.get(username="li").must_change_password

    def test_then_one_goes_to_work(self, beginner):
        client, password = beginner
        answer = client.post(
            "/accounts/password/change/", {"oldpassword": password, "password1": OWN, "password2": OWN}
        )
        assert (answer.status_code, answer.url) == (302, "/")
        assert client.get("/").status_code == 200
        assert client.get("/messages/").status_code == 200
        assert "_auth_user_id" not in sign_in("li", password).session

    @pytest.mark.parametrize(("hours", "open_"), [(71, True), (72, False)])
    def test_it_lapses_after_three_days(self, county, hours, open_):
        start = timezone.now()
        with time_machine.travel(start, tick=False):
            password = actions.reset_password(account(), by=ADMIN, at=start)
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            client = Client()
            answer = client.post("/accounts/login/", {"login": "li", "password": password})
            assert ("_auth_user_id" in client.session) is open_
            assert ("一次性密码已过期" in answer.content.decode()) is not open_

    def test_a_session_that_was_opened_with_it_ends_when_it_lapses(self, beginner):
        client, _password = beginner
        User.objects.update(one_time_until=timezone.now())
        answer = client.get("/accounts/password/change/")
        assert (answer.status_code, "一次性密码已过期" in answer.content.decode()) == (403, True)
        assert "_auth_user_id" not in client.session

    def test_ones_own_password_does_not_lapse(self, beginner):
        client, password = beginner
        client.post("/accounts/password/change/", {"oldpassword": password, "password1": OWN, "password2": OWN})
        kept = User.objects.get(username="li")
        assert (kept.must_change_password, kept.one_time_until) == (False, None)


class TestPages:
    def test_how_long_a_one_time_password_lasts_stands_beside_it(self, admin):
        page = admin.post(f"/communities/people/{account().pk}/password/").content.decode()
        until = User.objects.get(username="li").one_time_until
        assert f"{zh_moment(until)}（三天）" in page
        User.objects.filter(username="li").update(one_time_until=timezone.now())
        assert "一次性密码已过期" in admin.get("/communities/people/?q=li").content.decode()

    def test_the_button_for_a_lost_second_factor_stands_where_there_is_one(self, admin):
        some = account()
        page = f"/communities/people/{some.pk}/"
        assert "移除两步验证" not in admin.get(page).content.decode()
        Authenticator.objects.create(user=some, type="totp", data={})
        assert "移除两步验证" in admin.get(page).content.decode()
        assert admin.post(f"{page}second-factor/").status_code == 302
        assert not Authenticator.objects.exists()

    def test_the_list_says_what_each_holds_and_how_it_stands(self, admin):
        account("li", role=Role.AUDITOR)
        account("abroad", code=ABROAD)
        closed = account("closed")
        actions.close_account(closed, **BY)
        actions.open_account("fresh", **BY)
        lock("li")
        page = admin.get("/communities/people/").content.decode()
        for word in ("li", "审计", "天元区", "登录锁定", "已停用", "等本人改一次性密码", "没有任职"):
            assert word in page
        assert "abroad" not in page

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=LI", {"li"}), ("q=天元", {"li", "keeper", "closed"}), ("state=closed", {"closed"}),
            ("state=new", {"fresh"}), ("state=idle", {"fresh"}), ("state=locked", set()),
            ("state=open", {"li", "keeper", "fresh"}), ("state=nonsense", {"li", "keeper", "closed", "fresh"}),
        ],
    )  # fmt: skip
    def test_search_and_filter(self, admin, query, names):
        account("li")
        actions.close_account(account("closed"), **BY)
        actions.open_account("fresh", **BY)
        rows = admin.get(f"/communities/people/?{query}").context["lines"]
        assert {row.username for row, _state, _posts in rows} == names

    def test_an_account_is_opened_and_its_password_shown_this_once(self, admin):
        answer = admin.post("/communities/people/new/", {"username": "wang", "display_name": "民政局经办", "email": ""})
        password = answer.context["password"]
        assert password in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert password not in str(dict(admin.session))
        made = User.objects.get(username="wang")
        assert password not in admin.get(f"/communities/people/{made.pk}/").content.decode()
        assert sign_in("wang", password).get("/").url == "/accounts/password/change/"
        assert 'value="wang"' in admin.get(f"{answer.context['appoint']}", follow=True).content.decode()

    @pytest.mark.parametrize("name", ["li", "li si", ""])
    def test_a_name_that_does_not_do_is_said_at_the_form(self, admin, name):
        account("li")
        answer = admin.post("/communities/people/new/", {"username": name})
        assert answer.status_code in {200, 409}
        assert answer.context["form"].errors
        assert User.objects.count() == 2

    def test_the_buttons_are_those_that_make_sense(self, admin):
        def labels(some):
            found = admin.get(f"/communities/people/{some.pk}/").context["actions"]
            return [str(button["label"]) for button in found]

        some = account()
        assert labels(some) == ["重设密码", "改资料", "停用"]
        lock("li")
        assert labels(some) == ["解除登录锁定", "重设密码", "改资料", "停用"]
        actions.close_account(some, **BY)
        assert labels(some) == ["解除登录锁定", "启用", "改资料"]
        assert labels(User.objects.get(username="keeper")) == ["改资料"]

    def test_each_act_has_its_page(self, admin):
        some = account()
        lock("li")
        at = f"/communities/people/{some.pk}"
        assert admin.post(f"{at}/unlock/").url == f"{at}/"
        assert admin.post(f"{at}/unlock/").status_code == 409
        assert admin.post(f"{at}/correct/", {"display_name": "经办", "email": "a@example.org"}).url == f"{at}/"
        password = admin.post(f"{at}/password/").context["password"]
        assert admin.post(f"{at}/close/").url == f"{at}/"
        assert admin.post(f"{at}/password/").status_code == 409
        assert admin.post(f"{at}/reopen/").url == f"{at}/"
        kept = User.objects.get(pk=some.pk)
        assert (kept.display_name, kept.email, kept.is_active) == ("经办", "a@example.org", True)
        assert kept.check_password(password)

    def test_loading_the_page_of_a_one_time_password_again_leaves_the_password_as_it_was_written_down(self, admin):
        some = account()
        at = f"/communities/people/{some.pk}"
        form = re.search(r'name="once" value="([^"]+)"', admin.get(f"{at}/password/").content.decode())
        sent = {"once": form.group(1)}
        password = admin.post(f"{at}/password/", sent).context["password"]
        again = admin.post(f"{at}/password/", sent)
        assert (again.status_code, again.url) == (302, f"{at}/")
        assert User.objects.get(pk=some.pk).check_password(password)
        opened = re.search(r'name="once" value="([^"]+)"', admin.get("/communities/people/new/").content.decode())
        assert opened

    def test_a_name_with_a_plus_or_an_at_sign_goes_along_to_its_appointment(self, admin):
        actions.open_account("wang+1@x", **BY)
        some = User.objects.get(username="wang+1@x")
        link = admin.get(f"/communities/people/{some.pk}/").context["appoint"]
        assert 'value="wang+1@x"' in admin.get(link, follow=True).content.decode()

    def test_the_name_goes_along_through_the_question_for_which_county(self, county):
        client = Client()
        city = Division.objects.get(code="4302")
        client.force_login(AppointmentFactory.create(user__username="city", role=Role.ADMIN, division=city).user)
        page = client.post("/communities/appointments/new/?username=li%2B1", {"county": HERE}, follow=True)
        assert 'value="li+1"' in page.content.decode()

    def test_the_appointments_lead_here(self, admin):
        assert 'href="/communities/people/"' in admin.get("/communities/appointments/").content.decode()
        page = admin.get("/communities/appointments/new/430211/").content.decode()
        assert 'href="/communities/people/new/"' in page
        assert "后台" not in page


class TestCommand:
    def test_the_first_administrator_comes_from_the_command(self, county):
        out = io.StringIO()
        call_command("appoint", "keeper", "admin", HERE, "--new", stdout=out)
        made = User.objects.get(username="keeper")
        assert made.must_change_password
        assert made.check_password(out.getvalue().partition("一次性密码：")[2].partition("（")[0])
        assert Account.objects.visible_to(ADMIN, on=date.max).get() == Account.objects.get(pk=made.pk)

    def test_nothing_is_left_of_an_appointment_that_is_refused(self, county):
        with pytest.raises(CommandError):
            call_command("appoint", "keeper", "office", HERE, "--new")
        with pytest.raises(CommandError, match="--new"):
            call_command("appoint", "keeper", "admin", HERE)
        with pytest.raises(CommandError, match="区划"):
            call_command("appoint", "keeper", "admin", "999999", "--new")
        assert not User.objects.exists()

    def test_the_platform_itself_keeps_every_account(self, county):
        assert actions.reset_password(account(code=ABROAD), by=system(), at=NOW)
