"""The forms of accounts. The keys are the keywords of the acts; no form here ever holds a password."""

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy

from communities.web.fields import LineField


class FactsOfAccountForm(forms.Form):
    """改资料."""

    display_name = LineField(
        label=gettext_lazy("显示名称"), max_length=60, required=False,
        help_text=gettext_lazy("页面上怎么称呼这个账号，例如“民政局经办”。文书和留痕用任职里的身份，不用这个。"),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("电子邮箱"), required=False, max_length=254,
        help_text=gettext_lazy("收通知，也收自己重设密码的链接。请填单位配发、只有本人能看的邮箱。"),
        error_messages={"invalid": gettext_lazy("电子邮箱的写法不对，应像 name@example.gov.cn 这样。")},
    )  # fmt: skip


class AccountForm(FactsOfAccountForm):
    """开立账号."""

    username = LineField(
        label=gettext_lazy("账号名"), max_length=150,
        help_text=gettext_lazy("登录用，开立以后不能改。用字母、数字和 @ . + - _，不分大小写，不要有空格。"),
        widget=forms.TextInput(attrs={"class": "w-m", "autocapitalize": "none", "autocomplete": "off"}),
        validators=[
            UnicodeUsernameValidator(message=gettext_lazy("账号名只能用文字、数字和 @ . + - _，不能有空格。")),
        ],
    )  # fmt: skip
    field_order = ["username", "display_name", "email"]
