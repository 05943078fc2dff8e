"""Forms with one field of every sort that the pages use."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.html import format_html

STREETS = ["嵩山路街道", "泰山路街道", "栗雨街道", "马家河街道", "群丰镇"]


def _label(name: str, meaning: str) -> str:
    return format_html("{}<small>{}</small>", name, meaning)


class SampleForm(forms.Form):
    """One field of every sort that the pages use."""

    title = forms.CharField(
        label="事项名称",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text="写清对象和动作，不超过 200 字。例：住宅小区电动自行车充电安全隐患排查。",
    )
    category = forms.ChoiceField(
        label="拟列类别",
        widget=forms.RadioSelect,
        choices=[
            ("assist", _label("协助", "部门是责任主体，社区帮着联系、告知、发现、报告")),
            ("undertake", _label("承办", "社区具体办理；要写明为什么不能只协助")),
        ],
        help_text="“法定职责”由法律规定，不能靠申请增加（《指导意见》附件）。",
    )
    basis_level = forms.ChoiceField(
        label="依据的级别",
        choices=[("nation", "国家"), ("province", "省"), ("city", "市"), ("county", "区"), ("inner", "部门内部通知")],
        help_text="部门内设科室的通知不能作为依据。",
    )
    streets = forms.MultipleChoiceField(
        label="实施范围",
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, name) for name in STREETS],
        help_text="选中的街道都会收到征询（《指导意见》第六条）。",
    )
    communities = forms.MultipleChoiceField(
        label="涉及的社区",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (street, [(f"{street}{n}", f"{street[:2]}第 {n} 社区") for n in range(1, 9)]) for street in STREETS[:3]
        ],
    )
    money = forms.DecimalField(
        label="经费总额",
        min_value=0,
        widget=forms.NumberInput(attrs={"data-unit": "元"}),
        help_text="给社区用的钱，不含本单位办公开支。",
    )
    why_no_money = forms.CharField(
        label="不需要经费的理由",
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="经费为 0 时必填，街道和社区都看得到（《指导意见》第二条、第六条）。",
        error_messages={"required": "还没有写。写明社区不用花钱、不用添人的理由；要花钱的，请改上面的金额。"},
    )
    starts_on = forms.DateField(label="开始日期", required=False)
    heard_at = forms.DateTimeField(label="协调会时间", required=False)
    attachment = forms.FileField(label="附件", required=False, help_text="可以传 PDF、图片、DOCX，每个不超过 20 MB。")
    promise = forms.BooleanField(label="以上内容已经本单位负责人同意", help_text="提交后，街道和社区会收到征询。")

    def parts(self) -> list[dict[str, Any]]:
        """The parts of the form, as on the paper."""
        return [
            {
                "id": "part-2",
                "title": "二、申请事项",
                "lede": "要社区做什么，凭什么由社区做。",
                "fields": [self[name] for name in ("title", "category", "basis_level", "streets", "communities")],
            },
            {
                "id": "part-3",
                "title": "三、保障措施",
                "lede": "费随事转：人员、经费、培训、指导都要落实，缺一项不能提交。",
                "fields": [
                    self[name] for name in ("money", "why_no_money", "starts_on", "heard_at", "attachment", "promise")
                ],
            },
        ]

    def clean_basis_level(self) -> str:
        if self.cleaned_data["basis_level"] == "inner":
            raise forms.ValidationError("级别不够：请选区级或以上的文件；没有的，先报区委、区政府。")
        return self.cleaned_data["basis_level"]


class UploadForm(forms.Form):
    """A form that only takes a file."""

    attachment = forms.FileField(label="上传补充材料")


class MilestoneForm(forms.Form):
    name = forms.CharField(label="做什么", max_length=100)
    due_on = forms.DateField(label="哪天做完")


class FilterForm(forms.Form):
    q = forms.CharField(
        label="关键词",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "事项、编号、单位"}),
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "办理中"), ("c", "沟通协调")])
    department = forms.ChoiceField(label="申请单位", required=False, choices=[("", "全部单位"), ("1", "区应急管理局")])
    street = forms.ChoiceField(label="涉及街道", required=False, choices=[("", "全部街道"), ("1", "栗雨街道")])


def sample_forms() -> dict[str, Any]:
    milestones = forms.formset_factory(MilestoneForm, extra=1, max_num=5)
    return {
        "empty_form": SampleForm(initial={"streets": STREETS}, prefix="new", use_required_attribute=False),
        "wrong_form": SampleForm(
            {
                "title": "住宅小区电动自行车充电安全隐患排查",
                "category": "assist",
                "basis_level": "inner",
                "streets": STREETS,
                "money": "0",
                "promise": "on",
            },
            use_required_attribute=False,
        ),
        "milestones": milestones(prefix="milestones"),
        "filter_form": FilterForm(),
        "upload_form": UploadForm(prefix="upload"),
        "saved_at": datetime(2026, 11, 23, 6, 32, tzinfo=UTC),
        "more_buttons": [{"label": "预览申请表", "name": "preview"}],
        "parts": [
            {"title": "一、申请单位", "url": "#part-1", "note": "已填好"},
            {"title": "二、申请事项", "url": "#part-2", "note": "1 处要改", "bad": True, "current": True},
            {"title": "三、保障措施", "url": "#part-3", "note": "1 处要改", "bad": True},
            {"title": "四、实施方案", "url": "#part-4", "note": "还差 2 栏"},
        ],
    }
