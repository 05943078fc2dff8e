"""The consultation: a body answers, the applicant responds, bodies that a new version touches are asked again."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admission import access, actions, differences
from admission.actions.coordination import why_not_withdrawn
from admission.models import Application, ImplementationPlan, Opinion
from admission.models.consultation import LAST_WORD
from admission.presentation.highlights import as_asked
from admission.presentation.opinions import answered_for, said_already, words_of
from admission.procedure import OPEN_FOR_OPINIONS, Step
from admission.requirements import STREET_KINDS, fixed_plan
from admission.web.action_page import ActionPage
from admission.web.forms import opinions as forms
from base.errors import NotAllowed
from communities.roles import Actor, Role


def heard_by(actor: Actor) -> QuerySet[Opinion]:
    """The opinions of the applications that this person may know of."""
    rows = Opinion.objects.filter(round__application__in=Application.objects.visible_to(actor))
    return rows.select_related("body", "on_behalf_by", "round__plan", "round__application")


class Give(ActionPage):
    """A street or community answers once, in writing; a street also for its communities (A-4).

    A community for which its street has answered may answer for itself while the consultation is open.
    """

    template_name = "admission/opinion_give.html"
    form_class = forms.GiveOpinion
    act = staticmethod(actions.give_opinion)
    title = gettext_lazy("答复征询")
    lede = gettext_lazy("答复以后不能修改。没有答复会记录下来，不算同意（指导意见第六条、第七条）。")
    submit = gettext_lazy("提交答复")

    @cached_property
    def instead(self) -> bool:
        """Does this community answer for itself what its street has answered for it?"""
        return self.opinion.on_behalf_by_id is not None and self.case.mine_to_answer == self.opinion

    def heading(self) -> str:
        """An answer, or one that takes the place of the street's."""
        return _("由本社区自己答复") if self.instead else super().heading()

    def shown(self) -> Application:
        """As the round put it: the draft may have been changed since."""
        return differences.as_put(self.object, self.opinion.round.plan.form)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The row of this body; its application is what the page is about."""
        self.request = request
        self.opinion = get_object_or_404(heard_by(self.actor), pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.opinion.round.application_id})

    def check(self) -> None:
        """Only the body itself."""
        if not access.asked(self.actor, self.opinion):
            raise NotAllowed(_("只能由被征询的街道、社区自己答复。"))

    def problems(self) -> list[str]:
        """Answered already, asked anew, or over."""
        if self.instead:
            return []
        if self.opinion.answered_at:
            in_its_round = self.rows().filter(round=self.opinion.round).order_by(*LAST_WORD)[0]
            return [said_already(self.opinion, standing=in_its_round)]
        if self.object.state not in OPEN_FOR_OPINIONS:
            return [_("本件现在是“%s”，征询已经结束。") % self.object.state_label]
        if self.case.mine_to_answer != self.opinion:
            return [_("方案有了新的版本，请在新的征询里答复。")]
        return []

    @cached_property
    def silent_below(self) -> list[Opinion]:
        """The communities of this street that have not answered in this round."""
        if self.actor.role is not Role.STREET:
            return []
        rows = Opinion.objects.filter(
            round=self.opinion.round, answered_at__isnull=True, body__code__startswith=self.actor.code
        )
        return list(rows.exclude(body__kind__in=STREET_KINDS).select_related("body").order_by("body__code"))

    def rows(self) -> QuerySet[Opinion]:
        """What this body was asked and said about this application."""
        return Opinion.objects.filter(round__application=self.object, body=self.opinion.body)

    @cached_property
    def earlier(self) -> Opinion | None:
        """What stood of this body before this round: its last answer, else the last round without one."""
        rows = self.rows().filter(round__number__lt=self.opinion.round.number)
        words = rows.annotate(silent=Q(answered_at__isnull=True)).order_by("silent", *LAST_WORD)
        return words.select_related("round__plan", "response", "on_behalf_by").first()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whom the street may answer for."""
        return {**super().get_form_kwargs(), "communities": [row.body for row in self.silent_below]}

    def get_initial(self) -> dict[str, Any]:
        """An answer has no version: a new round is noticed by the act."""
        return {}

    def perform(self, form: Any) -> Opinion:
        """The answer is to this row."""
        self.below = len(form.cleaned_data["on_behalf_of"])
        return actions.give_opinion(self.opinion, by=self.actor, at=timezone.now(), **form.cleaned_data)

    def said(self) -> str:
        """For how many, or instead of whom."""
        if self.result.pk != self.opinion.pk:
            return _("答复已提交，以本社区的答复为准；街道的代答留在记录里。")
        return _("答复已提交，连同 %s 个社区。") % self.below if self.below else _("答复已提交。")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The plan in short, what was said before, and what has changed since."""
        earlier, plan = self.earlier, self.opinion.round.plan
        changed = differences.changed(differences.of_plans(earlier.round.plan, plan)) if earlier else []
        return super().get_context_data(
            opinion=self.opinion,
            instead=answered_for(self.opinion) if self.instead else "",
            own_words=words_of(self.opinion),
            left=self.case.calendar.left(self.case.today, self.opinion.round.due_on),
            facts=as_asked(self.case, plan, earlier.round.plan if earlier else None),
            plan=plan,
            plan_url=reverse("admission:plan", args=[self.object.pk, plan.number]),
            earlier=earlier,
            earlier_words=words_of(earlier) if earlier else "",
            earlier_response=getattr(earlier, "response", None),
            changed=changed,
            **context,
        )


class Respond(ActionPage):
    """The applicant says what becomes of one condition or objection (form field 35)."""

    template_name = "admission/opinion_respond.html"
    form_class = forms.Respond
    act = staticmethod(actions.respond_to_opinion)
    title = gettext_lazy("说明采纳情况")
    lede = gettext_lazy("街道、社区和审核委员会都看得到；说明以后不能改。有条件的意见，改了方案还要对方书面确认。")
    submit = gettext_lazy("提交说明")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The opinion that is answered."""
        self.request = request
        self.opinion = get_object_or_404(heard_by(self.actor).select_related("response"), pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.opinion.round.application_id})

    def check(self) -> None:
        """Only the applicant."""
        if not access.applicant(self.actor, self.object):
            raise NotAllowed(_("由申请单位说明采纳情况。"))

    def problems(self) -> list[str]:
        """Said already, or nothing to say."""
        if hasattr(self.opinion, "response"):
            return [_("这条意见已经说明过采纳情况。")]
        if self.object.is_closed:
            return [_("本件已经办结。")]
        if self.opinion.stance not in {Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION}:
            return [_("只有有条件同意和有异议的意见需要说明采纳情况。")]
        if self.opinion.on_behalf_by_id is not None:
            return [_("这条意见由%s代答，在街道的意见下一并说明。") % self.opinion.on_behalf_by]
        return []

    def perform(self, form: Any) -> Any:
        """The response is to this opinion."""
        return actions.respond_to_opinion(self.opinion, by=self.actor, at=timezone.now(), **form.cleaned_data)

    def said(self) -> str:
        """How many are left."""
        self.__dict__.pop("case", None)
        left = len(self.case.matrix.without_reply) if self.case.matrix else 0
        return _("说明已提交，还有 %s 条没有说明。") % left if left else _("说明已提交，每条意见都有了说明。")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The opinion word for word."""
        return super().get_context_data(opinion=self.opinion, words=words_of(self.opinion), **context)


class WithdrawObjection(ActionPage):
    """A street or community that objected insists no more, while the case is coordinated (A-3, T9)."""

    template_name = "admission/opinion_withdraw.html"
    form_class = forms.WithdrawObjection
    act = staticmethod(actions.withdraw_objection)
    title = gettext_lazy("书面撤回异议")
    lede = gettext_lazy("撤回以后，本单位的书面答复是“无异议”，不能再改；原来的意见留在记录里。")
    submit = gettext_lazy("撤回异议")
    done = gettext_lazy("异议已书面撤回，申请单位和办公室会收到通知。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The answer that is withdrawn."""
        self.request = request
        self.opinion = get_object_or_404(heard_by(self.actor).select_related("response"), pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.opinion.round.application_id})

    def check(self) -> None:
        """Only the body itself."""
        if not access.asked(self.actor, self.opinion):
            raise NotAllowed(_("只能由提出意见的街道、社区自己撤回。"))

    def problems(self) -> list[str]:
        """Not coordinated, or nothing to withdraw."""
        said = why_not_withdrawn(self.opinion)
        return [said] if said else []

    @cached_property
    def plan(self) -> ImplementationPlan:
        """What it then agrees to: the version that was last put to anybody."""
        return fixed_plan(self.object)

    def shown(self) -> Application:
        """As that version put it."""
        return differences.as_put(self.object, self.plan.form)

    def perform(self, form: Any) -> Opinion:
        """This very answer."""
        return actions.withdraw_objection(self.opinion, by=self.actor, at=timezone.now(), **form.cleaned_data)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What it said, and the plan in short with what has changed since."""
        return super().get_context_data(
            opinion=self.opinion,
            words=words_of(self.opinion),
            response=getattr(self.opinion, "response", None),
            below=Opinion.objects.echoing(self.opinion).select_related("body").order_by("body__code"),
            facts=as_asked(self.case, self.plan, self.opinion.round.plan),
            plan=self.plan,
            plan_url=reverse("admission:plan", args=[self.object.pk, self.plan.number]),
            **context,
        )


class Reopen(ActionPage):
    """The new version of the plan goes to the bodies that it touches."""

    step = Step.OPEN_CONSULTATION
    template_name = "admission/opinion_reopen.html"
    form_class = forms.Reopen
    act = staticmethod(actions.reopen_consultation)
    title = gettext_lazy("再次征询")
    lede = gettext_lazy("修改后的方案就此定稿，发给选中的单位书面答复；没有选中的，原来的答复继续有效。")
    submit = gettext_lazy("发出征询")

    def over(self) -> bool:
        """It may be asked again where somebody has been asked, not where the first round begins."""
        return self.object.state not in OPEN_FOR_OPINIONS

    def problems(self) -> list[str]:
        """Not in this state, or nothing new to ask about."""
        if self.object.state not in OPEN_FOR_OPINIONS:
            return [_("本件现在是“%s”，不能再次征询。") % self.object.state_label]
        if not self.case.has_open_plan:
            return [_("方案没有新的版本，先修改方案再征询。")]
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        """Everybody who was asked before."""
        rows = Opinion.objects.current(self.object).select_related("body")
        return {**super().get_form_kwargs(), "asked": [row.body for row in rows]}

    def get_initial(self) -> dict[str, Any]:
        """Those who did not agree."""
        standing = Opinion.objects.standing(self.object)
        chosen = [str(row.body_id) for row in standing if row.stance != Opinion.Stance.NO_OBJECTION]
        return {**super().get_initial(), "bodies": chosen}

    def said(self) -> str:
        """How many, until when."""
        return _("已发出%(round)s，最晚 %(day)s 答复。") % {"round": self.result, "day": self.result.due_on}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What is new in the plan since it was last put to anybody."""
        rounds, plan = self.case.rounds, self.case.plan
        changed = differences.changed(differences.of_plans(rounds[0].plan, plan)) if rounds and plan else []
        return super().get_context_data(changed=changed, plan=plan, **context)
