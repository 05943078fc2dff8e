"""The vocabulary of work items: what is asked for, of whom, in which column of the list. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubjectType(models.TextChoices):
    """What may enter a community only by admission (S2-P4 art 1; S3 四(一)); the eleven of decisions.md."""

    WORK_ITEM = "work_item", _("工作事项")
    LEDGER = "ledger", _("台账")
    SEAL_USE = "seal_use", _("印章使用")
    PROOF = "proof", _("证明")
    BODY_OR_PLATE = "body_or_plate", _("机构和牌子")
    TRAINING = "training", _("教育培训")
    SURVEY = "survey", _("摸底调查")
    EVALUATION = "evaluation", _("考核评比")
    REPORT_FORM = "report_form", _("报表总结")
    MEETING = "meeting", _("会议")
    INFO_SYSTEM = "info_system", _("信息系统")


class Category(models.TextChoices):
    """The three columns of the guidance list (S2-P4 annex)."""

    STATUTORY = "statutory", _("法定职责")
    UNDERTAKE = "undertake", _("承办")
    ASSIST = "assist", _("协助")


class Side(models.TextChoices):
    """The two lists of 政居分开 (S0 三(一)); A-20 maps the categories."""

    SELF_GOVERNANCE = "self_governance", _("依法履职")
    GOVERNMENT = "government", _("协助政府")


SIDE_OF = {
    Category.STATUTORY: Side.SELF_GOVERNANCE,
    Category.UNDERTAKE: Side.GOVERNMENT,
    Category.ASSIST: Side.GOVERNMENT,
}


class AppliesTo(models.TextChoices):
    """Urban or rural communities (A-12); converted villages take both."""

    BOTH = "both", _("城市和农村")
    URBAN = "urban", _("城市社区")
    RURAL = "rural", _("村")


APPLIES = {
    "urban": [AppliesTo.BOTH, AppliesTo.URBAN],
    "rural": [AppliesTo.BOTH, AppliesTo.RURAL],
    "converted": [AppliesTo.BOTH, AppliesTo.URBAN, AppliesTo.RURAL],
}


class Executor(models.TextChoices):
    """Which body of the community carries it out (S3 四(四))."""

    COMMITTEE = "committee", _("居民委员会")
    STATION = "station", _("社区服务站")


class Origin(models.TextChoices):
    """How an item came onto the list."""

    LIST = "list", _("清单列入")
    ADMISSION = "admission", _("准入")
    CONFIRMATION = "confirmation", _("确认")


class Ending(models.TextChoices):
    """Why a version stopped (rulebook 5.3, T19, T20)."""

    COMPLETED = "completed", _("已完结")
    EXITED_EARLY = "exited_early", _("提前退出")
    SUPERSEDED = "superseded", _("已变更")
    REMOVED = "removed", _("已移出清单")
    EXPIRED = "expired", _("期满")


ENDED_BY_AN_ACT = frozenset({Ending.COMPLETED, Ending.EXITED_EARLY, Ending.REMOVED})
"""Somebody has ended the item; nothing follows."""


class Wrong(models.TextChoices):
    """What is wrong with what a community was asked, each told apart (rulebook section 2)."""

    UNAPPROVED = "unapproved", _("没有经过准入")
    EVALUATION = "evaluation", _("部门单独考核评比")
    PLATE = "plate", _("要求挂牌子")
    LEDGER = "ledger", _("要求另建台账")
    PROOF = "proof", _("要求出具证明、盖章")
    SYSTEM = "system", _("要求用信息系统、建工作群")
    SECONDMENT = "secondment", _("借调、抽调社区工作人员")
    UNFUNDED = "unfunded", _("经费没有到位")


GROUNDS = {
    Wrong.UNAPPROVED: _("未经审核批准的，不得擅自新增、变更及退出（《指导意见》第四条）。"),
    Wrong.EVALUATION: _("考核评比进社区，没有审核批准的，不得擅自新增（《指导意见》第四条）。"),
    Wrong.PLATE: _("挂牌子没有审核批准的，不得擅自新增（《指导意见》第四条）。"),
    Wrong.LEDGER: _("社区台账实行准入，没有审核批准的，不得擅自新增（《指导意见》第一条、第四条）。"),
    Wrong.PROOF: _("印章使用实行准入，没有审核批准的，不得要求社区出具（《指导意见》第一条、第四条）。"),
    Wrong.SYSTEM: _("信息系统、工作群没有审核批准的，不得擅自新增（《指导意见》第四条）。"),
    Wrong.SECONDMENT: _("严禁从社区抽调工作人员（《关于加强市区城市社区工作者队伍建设的实施意见（试行）》第四条）。"),
    Wrong.UNFUNDED: _("经审核准入的事项，部门要落实人员、经费、场地等保障，确保权责对等（《指导意见》第二条）。"),
}
"""Why each is wrong, for the paper (S2-P4 art 1, 2, 4; S2-P5 art 4)."""

WRONG_OF = {
    SubjectType.PROOF: Wrong.PROOF,
    SubjectType.SEAL_USE: Wrong.PROOF,
    SubjectType.BODY_OR_PLATE: Wrong.PLATE,
    SubjectType.LEDGER: Wrong.LEDGER,
    SubjectType.EVALUATION: Wrong.EVALUATION,
    SubjectType.INFO_SYSTEM: Wrong.SYSTEM,
}
"""What is wrong with asking for something of a kind that a rule forbids; the others have no word of their own."""
