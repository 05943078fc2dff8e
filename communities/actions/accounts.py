"""Accounts: opened, corrected, given a one-time password, unlocked, closed and opened again; never deleted.

A one-time password is returned to whoever asked for it and kept nowhere: no log, event or session holds it.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base import acts, events
from base.errors import NotAllowed, RuleViolation
from base.models import User
from communities import access
from communities.access import Act
from communities.models import Account, Appointment
from communities.roles import Actor, chain_of

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is taken for something else on paper: i, l, o, 0, 1."""
GROUPS, GROUP = 4, 4
ONE_TIME_LASTS = timedelta(days=3)
"""Over a weekend, and no longer: two people know it, and it was said on the telephone or stands on paper."""


def open_account(
    username: str, *, by: Actor, at: datetime, display_name: str = "", email: str = ""
) -> tuple[Account, str]:
    """A new account, which is nobody until it is appointed; with it the password for its first sign-in."""
    access.check(by, Act.KEEP_ACCOUNTS, by.code)
    account = Account(username=username, display_name=display_name, email=email, made_in=by.code)
    _check_fields(account)
    with acts.act():
        _check_name_is_free(username)
        password = _give_password(account, at=at)
        account.save()
        _record("open", account, by=by, at=at, says=gettext_noop("开立账号"))
    return account, password


def correct_account(account: Account, *, display_name: str, email: str, by: Actor, at: datetime) -> Account:
    """What it is called on pages, and where the link for a new password goes. Who it is stays: the name to sign in."""
    with _mine(account, by=by, at=at) as locked:
        locked.display_name, locked.email = display_name, email
        _check_fields(locked)
        locked.save()
        EmailAddress.objects.filter(user=locked).delete()  # the sign-in library remembers old addresses
        _record("correct", locked, by=by, at=at, says=gettext_noop("修改账号资料"))
    return locked


def reset_password(account: Account, *, by: Actor, at: datetime) -> str:
    """A one-time password; the old one and every session under it end, and so does a lock-out."""
    with _mine(account, by=by, at=at) as locked:
        _check_not_own(locked, by=by)
        if not locked.is_active:
            raise RuleViolation(_("这个账号已经停用，请先启用，再重设密码。"))
        password = _give_password(locked, at=at)
        locked.save()
        _unlock(locked)
        _record("reset_password", locked, by=by, at=at, says=gettext_noop("重设密码"))
    return password


def unlock_account(account: Account, *, by: Actor, at: datetime) -> Account:
    """Wrong passwords are forgotten; signing in is open again at once."""
    with _mine(account, by=by, at=at) as locked:
        if not _unlock(locked):
            raise RuleViolation(_("这个账号没有锁定，不用解锁。"))
        _record("unlock", locked, by=by, at=at, says=gettext_noop("解除登录锁定"))
    return locked


def remove_second_factor(account: Account, *, by: Actor, at: datetime) -> Account:
    """The telephone or key of the second step is lost: the password alone signs in until another is set up.

    Takes the recovery codes with it, which are of no use without.
    """
    with _mine(account, by=by, at=at) as locked:
        _check_not_own(locked, by=by)
        removed, _kinds = Authenticator.objects.filter(user=locked).delete()
        if not removed:
            raise RuleViolation(_("这个账号没有设两步验证，不用移除。"))
        _record("remove_second_factor", locked, by=by, at=at, says=gettext_noop("移除两步验证"))
    return locked


def close_account(account: Account, *, by: Actor, at: datetime) -> Account:
    """Nobody signs in with it any more. Its posts and what was done under them stay."""
    with _mine(account, by=by, at=at) as locked:
        _check_not_own(locked, by=by)
        if not locked.is_active:
            raise RuleViolation(_("这个账号已经停用了。"))
        locked.is_active = False
        locked.save()
        _record("close", locked, by=by, at=at, says=gettext_noop("停用账号"))
    return locked


def reopen_account(account: Account, *, by: Actor, at: datetime) -> Account:
    """The account that was closed can sign in again, with the password it had."""
    with _mine(account, by=by, at=at) as locked:
        if locked.is_active:
            raise RuleViolation(_("这个账号没有停用。"))
        locked.is_active = True
        locked.save()
        _record("reopen", locked, by=by, at=at, says=gettext_noop("启用账号"))
    return locked


@contextmanager
def _mine(account: Account, *, by: Actor, at: datetime) -> Iterator[Account]:
    """The locked row, if it is this administrator's to keep."""
    access.check(by, Act.KEEP_ACCOUNTS, by.code)
    with acts.act():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if not Account.objects.visible_to(by, on=acts.legal_day(at)).filter(pk=locked.pk).exists():
            raise NotAllowed(_("这个账号在您的辖区以外还有任职，请由上一级的平台管理员办理。"))
        yield locked


def _check_not_own(account: Account, *, by: Actor) -> None:
    if by.user_id == account.pk:
        raise NotAllowed(_("自己的账号不能自己办，请由另一位平台管理员办理；自己改密码请用“改密码”。"))


def _check_fields(account: Account) -> None:
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise RuleViolation("".join(error.messages)) from error


def _check_name_is_free(username: str) -> None:
    if User.objects.filter(username__iexact=username).exists():  # signing in does not tell capitals apart
        raise RuleViolation(_("已经有这个账号名，请换一个。"), field="username")


def _give_password(account: Account, *, at: datetime) -> str:
    """Fits the rules for passwords; whoever signs in with it must change it first, and soon."""
    while True:
        password = "-".join("".join(secrets.choice(READABLE) for _n in range(GROUP)) for _m in range(GROUPS))
        try:
            validate_password(password, account)
        except ValidationError:
            continue
        account.set_password(password)
        account.must_change_password = True
        account.one_time_until = at + ONE_TIME_LASTS
        return password


def _unlock(account: Account) -> int:
    deleted, _kinds = AccessAttempt.objects.filter(username__iexact=account.username).delete()
    return deleted


def _record(verb: str, account: Account, *, by: Actor, at: datetime, says: str) -> None:
    """On the chain of the county where the account works (else where it was made). By its number, never its name."""
    post = Appointment.objects.filter(user=account).select_related("division").order_by("-starts_on", "-pk").first()
    home = post.division.code if post else account.made_in or by.code
    events.record(
        f"communities.account.{verb}", target=account, by=by, at=at, chain=chain_of(home), in_feed=False,
        data={"says": says, "user": account.pk},
    )  # fmt: skip
