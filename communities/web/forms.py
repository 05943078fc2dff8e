"""The forms of places, units and posts. The keys are the keywords of the acts."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.forms import UploadField, needed_when
from base.models import User
from communities.actions.posts import OF_OTHERS
from communities.imports.divisions import LARGEST, TABLES
from communities.models import Account, Community, Department, Division
from communities.roles import COUNTY, Actor, Role, lineage
from communities.web.fields import (
    CHOOSE,
    EMPTY,
    CodeField,
    CountField,
    DayField,
    LineField,
    NameField,
    PhoneField,
    PlaceChoice,
    UnitChoice,
)

NONE = gettext_lazy("没有")
ROLES = [("", CHOOSE), *(choice for choice in Role.choices if choice[0] != Role.SYSTEM)]


class FactsForm(forms.Form):
    """社区基本情况."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Community.Kind.choices, widget=forms.RadioSelect)
    households = CountField(label=gettext_lazy("户数"), unit=gettext_lazy("户"))
    residents = CountField(
        label=gettext_lazy("常住人口"), unit=gettext_lazy("人"), help_text=gettext_lazy("在本社区住满半年的人。")
    )
    registered_population = CountField(label=gettext_lazy("户籍人口"), unit=gettext_lazy("人"))
    facility_area = CountField(label=gettext_lazy("综合服务设施面积"), unit=gettext_lazy("平方米"))
    has_service_station = forms.TypedChoiceField(
        label=gettext_lazy("设有社区服务站"), required=False, widget=forms.RadioSelect, empty_value=None,
        choices=[("True", gettext_lazy("有")), ("False", gettext_lazy("没有"))], coerce=lambda value: value == "True",
    )  # fmt: skip
    phone = PhoneField(
        label=gettext_lazy("办公电话"), max_length=30, required=False,
        help_text=gettext_lazy("办公室的电话，会公开；不要填个人手机。"),
        widget=forms.TextInput(attrs={"class": "w-m", "inputmode": "tel"}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DivisionForm(forms.Form):
    """新设区划."""

    code = CodeField(
        label=gettext_lazy("统计用区划代码"), max_length=12, widget=forms.TextInput(attrs={"class": "w-m num"}),
        help_text=gettext_lazy("街道、乡镇 9 位，社区、村 12 位。类型按代码确定。"),
    )  # fmt: skip
    name = NameField(label=gettext_lazy("名称"))
    starts_on = DayField(label=gettext_lazy("启用日期"))


class CloseDivisionForm(forms.Form):
    """停用区划."""

    ends_on = DayField(label=gettext_lazy("最后一天"), help_text=gettext_lazy("这一天仍在用，第二天起停用。"))
    successor = PlaceChoice(
        label=gettext_lazy("承继区划"), queryset=Division.objects.none(), required=False, empty_label=NONE,
        help_text=gettext_lazy("由哪个同级区划接着管，从列表里选。"),
    )  # fmt: skip

    def __init__(self, *args: Any, successors: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].set_places(successors)  # type: ignore[attr-defined]


class DepartmentForm(forms.Form):
    """新设单位."""

    name = NameField(label=gettext_lazy("全称"))
    short_name = NameField(label=gettext_lazy("简称"), max_length=40, required=False)
    aliases = LineField(
        label=gettext_lazy("曾用名和别名"), max_length=400, required=False,
        help_text=gettext_lazy("清单里印过的其他名称，用顿号隔开。导入清单时按这些名称找到本单位。"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Department.Kind.choices, widget=forms.RadioSelect)
    street = needed_when(
        PlaceChoice(label=gettext_lazy("所在街道（乡镇）"), queryset=Division.objects.none(), required=False),
        gettext_lazy("（只有街道办事处、乡镇政府要选）"),
    )
    starts_on = DayField(label=gettext_lazy("设立日期"))

    def __init__(self, *args: Any, streets: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].set_places(streets)  # type: ignore[attr-defined]

    def clean_aliases(self) -> list[str]:
        """One name each."""
        text = self.cleaned_data["aliases"].replace("，", "、").replace(",", "、")
        return [name.strip() for name in text.split("、") if name.strip()]

    def clean_kind(self) -> Department.Kind:
        """As the act wants it."""
        return Department.Kind(self.cleaned_data["kind"])


class CloseDepartmentForm(forms.Form):
    """撤销单位."""

    ends_on = DayField(label=gettext_lazy("最后一天"), help_text=gettext_lazy("这一天仍在，第二天起撤销。"))
    successor = UnitChoice(
        label=gettext_lazy("承继单位"), queryset=Department.objects.none(), required=False, empty_label=NONE,
        help_text=gettext_lazy("谁接着负责它的工作事项；原单位的变更、退出由承继单位申请。"),
    )  # fmt: skip

    def __init__(self, *args: Any, successors: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]


class AliasForm(forms.Form):
    """增加别名."""

    alias = NameField(label=gettext_lazy("别名"), help_text=gettext_lazy("清单里印的名称，照原样填。"))


class AppointForm(forms.Form):
    """任职, within one county: its places and units, and the places above that the administrator covers."""

    username = LineField(
        label=gettext_lazy("账号"), max_length=150, help_text=gettext_lazy("登录用的账号名。"),
        widget=forms.TextInput(attrs={"class": "w-m", "autocapitalize": "none"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=ROLES, error_messages={"required": EMPTY})
    division = PlaceChoice(
        label=gettext_lazy("辖区"), queryset=Division.objects.none(),
        help_text=gettext_lazy("部门、成员单位选区县，街道经办选街道，社区选社区。"),
    )  # fmt: skip
    unit = needed_when(
        UnitChoice(label=gettext_lazy("单位"), queryset=Department.objects.none(), required=False),
        gettext_lazy("（部门、街道、办公室和成员单位的角色要选）"),
    )
    capacity = LineField(
        label=gettext_lazy("身份"), max_length=40, required=False,
        help_text=gettext_lazy("留痕和文书里怎么称呼这个岗位，例如“准入办经办”。不填就用角色名称；不要写姓名。"),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("任职日期"))
    ends_on = DayField(
        label=gettext_lazy("离任日期"), required=False, help_text=gettext_lazy("任期已定的可以先填，到期自动失效。")
    )

    def __init__(self, *args: Any, county: Division, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.today = actor, today
        code = county.code
        above = [place for place in lineage(code)[:-1] if actor.covers(place)]
        places = Division.objects.under(code) | Division.objects.filter(code__in=above)
        self.fields["division"].set_places(places.valid(today).order_by("code"))  # type: ignore[attr-defined]
        units = Department.objects.of(code).valid(today).listed()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_username(self) -> User:
        """The account itself."""
        user = User.objects.filter(username=self.cleaned_data["username"]).first()
        if user is None:
            raise ValidationError(_("没有这个账号，请核对账号名；没有账号的，先开立账号。"))
        if not Account.objects.appointable_by(self.actor, self.today).filter(pk=user.pk).exists():
            raise ValidationError(str(OF_OTHERS))
        return user

    def clean_role(self) -> Role:
        """As the act wants it."""
        return Role(self.cleaned_data["role"])


class EndForm(forms.Form):
    """终止任职."""

    ends_on = DayField(label=gettext_lazy("最后一天"), help_text=gettext_lazy("这一天仍可办理，第二天起失效。"))


class CountyForm(forms.Form):
    """Which county, for an administrator of more than one."""

    county = CodeField(
        label=gettext_lazy("区县代码"), max_length=6, widget=forms.TextInput(attrs={"class": "w-s num"}),
        help_text=gettext_lazy("6 位统计用区划代码，例如 430211。"),
    )  # fmt: skip

    def clean_county(self) -> str:
        """A county that there is."""
        code = self.cleaned_data["county"]
        if len(code) != COUNTY or not Division.objects.filter(code=code).exists():
            raise ValidationError(_("没有这个区县，请核对代码。"))
        return code


class ImportForm(forms.Form):
    """导入区划."""

    file = UploadField(
        label=gettext_lazy("CSV 文件"), allowed=TABLES, limit=LARGEST,
        help_text=gettext_lazy(
            "新增的区划从“启用日期”（starts_on）那天起用；没有这一列的，区县第一次导入的算一直都有，后来新增的从导入那天起用。"
        ),
        error_messages={"required": gettext_lazy("请选择文件。")},
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=gettext_lazy("文件里的代码是哪一级"), coerce=int, empty_value=None, required=False,
        choices=[
            ("", gettext_lazy("各级都有，或者文件里写了级别")), (2, gettext_lazy("省级")), (4, gettext_lazy("市级")),
            (6, gettext_lazy("县级")), (9, gettext_lazy("街道、乡镇")), (12, gettext_lazy("社区、村")),
        ],
        help_text=gettext_lazy("12 位代码末尾成组的 0 会去掉；只有一级、代码末尾又都是 0 的文件，在这里写明。"),
    )  # fmt: skip
