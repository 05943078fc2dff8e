"""Filling in the application form: part by part or whole, kept as one types, however unfinished."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View

from admission import access, actions
from admission.models import Application
from admission.presentation.case import RELATED
from admission.presentation.words import state_of
from admission.procedure import PLAN_OPEN
from admission.requirements import put_on_list
from admission.rules import CountyRules
from admission.web.forms.parts import (
    BY_SLUG,
    PARTS,
    FilledPart,
    Missing,
    missing_for_submission,
    open_parts,
    to_save,
)
from admission.web.forms.unfinished import Draft, draft_of, one_more
from base.errors import NotAllowed, RuleViolation, Stale
from base.templatetags.portal import zh_moment
from communities.actors import ActorMixin, standing_of
from communities.models import Appointment
from communities.roles import Actor
from communities.web.made_under import way_back

WHOLE = "all"


def trail(application: Application, here: str) -> list[tuple[str, str]]:
    """Where a page about one application stands."""
    return [
        (_("申请"), reverse("admission:applications")),
        (str(application), reverse("admission:application", args=[application.pk])),
        (here, ""),
    ]


class FillingIn(ActorMixin, View):
    """A page about a draft for those who fill it in; 403 for who only may see it, 409 once it cannot be changed."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The application, if this person may know of it and fill it in."""
        super().setup(request, *args, **kwargs)
        found = self.seen_by(self.actor)
        may = found is not None and access.applicant(self.actor, found)
        self.owner = None if may else self.own_post()
        self.given_over = False
        if self.owner is not None:
            return
        if found is None:
            raise Http404
        self.application = found
        self.given_over = not may and found.prepared_by_id in self.actor.units
        if self.given_over:
            return
        if not may:
            raise NotAllowed(_("申请表和方案由申请单位填写，您可以查看，不能修改。"))
        if self.application.state not in PLAN_OPEN:
            said = _("本件现在是“%s”，申请表和方案不能再改。要补充材料，请在本件上传附件。")
            raise RuleViolation(said % self.application.state_label)

    def seen_by(self, actor: Actor) -> Application | None:
        """The application of this address, if this post may know of it."""
        rows = Application.objects.visible_to(actor).select_related(*RELATED, "prepared_by")
        return rows.filter(pk=self.kwargs["pk"]).first()

    def own_post(self) -> Appointment | None:
        """The post of this same person that fills it in: they have changed posts, perhaps in another tab."""
        for row in standing_of(self.request).appointments:
            actor = row.actor()
            found = self.seen_by(actor) if actor != self.actor else None
            if found is not None and access.applicant(actor, found):
                return row
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page of another of one's posts says so, and leads back to it; what was typed stays in the browser."""
        if self.given_over:
            return self.endorsed_meanwhile()
        if self.owner is None:
            return super().dispatch(request, *args, **kwargs)
        return way_back(request, self.owner)

    def endorsed_meanwhile(self) -> HttpResponse:
        """The department took over what this street prepared: who, when, and what was typed here, to be handed on."""
        said = {"unit": self.application.applicant, "day": zh_moment(self.application.endorsed_at)}
        reason = _("%(unit)s已于%(day)s认可这份申请，从那时起由它负责和修改，街道不能再改。") % said
        if self.request.headers.get("HX-Request") == "true":
            text = _("还没有存到服务器。%s") % reason
            return HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
        part = BY_SLUG.get(self.kwargs.get("part", ""))
        parts = [part] if part else PARTS
        typed = [FilledPart(each, self.draft, self.request.POST) for each in parts] if self.request.POST else []
        for one in typed:
            one.is_valid()
        unsaved = [clash for one in typed for clash in one.clashes()]
        context = {"application": self.application, "reason": reason, "unsaved": unsaved,
                   "crumbs": trail(self.application, _("填写申请表"))}  # fmt: skip
        return render(self.request, "admission/draft_given_over.html", context, status=403)

    @cached_property
    def draft(self) -> Draft:
        """What is filled in, as it stands now."""
        on = timezone.localdate()
        return draft_of(self.application, on=on, rules=CountyRules(self.application.county.code, on))

    @cached_property
    def missing(self) -> list[Missing]:
        """What is missing for submission; in coordination only the plan can still be filled in."""
        parts = open_parts(self.draft)
        return [gap for gap in missing_for_submission(self.draft) if gap.part in parts]

    def address(self, slug: str) -> str:
        """Where a part is filled in."""
        return reverse("admission:edit", args=[self.application.pk, slug])

    def frame(self, here: str, **more: Any) -> dict[str, Any]:
        """What stands around every page of the form."""
        application = self.application
        slugs = [part.slug for part in open_parts(self.draft)]
        return {
            "application": application,
            "heading": format_html('<span id="draft-title">{}</span>', application),  # it follows what is typed
            "state": state_of(application),
            "crumbs": trail(application, _("填写申请表")),
            "nav_parts": self.parts_nav(here),
            "part_number": slugs.index(here) + 1 if here in slugs else 0,
            "number_of_parts": len(slugs),
            "saved_at": application.changed_at if application.version > 1 else None,
            "version": application.version,
            "is_asked": self.draft.is_asked,
            **more,
        }

    def other_view(self, here: str) -> dict[str, str]:
        """Part by part, or everything on one page."""
        if here == WHOLE:
            return {"label": _("分部分填写"), "url": self.address(open_parts(self.draft)[0].slug)}
        return {"label": _("整张填写"), "url": self.address(WHOLE)}

    def parts_nav(self, here: str, *, wrong: bool = False) -> list[dict[str, Any]]:
        """The parts at the side, each with how far it is."""
        listed = []
        for part in open_parts(self.draft):
            left = sum(gap.part is part for gap in self.missing)
            note = _("还缺 %s 项") % left if left else _("已填好")
            current = here in {part.slug, WHOLE}
            bad = wrong and here == part.slug
            listed.append(
                {"title": part.title, "url": self.address(part.slug), "current": current, "bad": bad,
                 "note": _("有内容要改") if bad else note}
            )  # fmt: skip
        left = len(self.missing)
        note = _("还缺 %s 项") % left if left else _("已经齐了")
        check = {"title": _("检查和提交"), "url": self.address("check"), "note": note, "current": here == "check"}
        return [*listed, check]


class Edit(FillingIn):
    """One part of the form, or all of it; whatever can be kept is saved, however unfinished."""

    def get(self, request: HttpRequest, pk: int, part: str = "") -> HttpResponse:
        """The questions with what was answered so far."""
        if not part:
            first = self.missing[0].part if self.missing else open_parts(self.draft)[0]
            return redirect(self.address(first.slug))
        return self.show(self.filled(more=request.GET.get("more", "")))

    def post(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        """Keep what was typed. One group may ask for one more row (`add`), where no script does it."""
        typed = self.filled(request.POST)
        fit = [one.is_valid() for one in typed]
        if not all(fit):
            return self.not_kept(typed)
        try:
            self.keep(typed)
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            return self.refused(typed, refusal)
        return self.kept(typed)

    @property
    def is_autosave(self) -> bool:
        """Sent by htmx while somebody types, not by a button."""
        return self.request.headers.get("HX-Request") == "true"

    def filled(self, data: Any = None, *, more: str = "") -> list[FilledPart]:
        """The part of this address, or every part; 404 for a part that there is not, or not now."""
        slug = self.kwargs["part"]
        parts = open_parts(self.draft) if slug == WHOLE else [BY_SLUG.get(slug)]
        if any(part not in open_parts(self.draft) for part in parts):
            raise Http404
        return [FilledPart(part, self.draft, data, more=more) for part in parts if part]

    def keep(self, typed: Sequence[FilledPart]) -> None:
        """The one act; none when nothing was changed."""
        if not any(one.has_changed() for one in typed):
            return
        seen = self.request.POST.get("seen", "")
        self.application = actions.save_draft(
            self.application, by=self.actor, at=timezone.now(), seen=int(seen) if seen.isdecimal() else 0,
            **to_save(typed),
        )  # fmt: skip
        for known in ("draft", "missing"):
            self.__dict__.pop(known, None)

    def kept(self, typed: Sequence[FilledPart]) -> HttpResponse:
        """What was typed is kept: onwards, unless something in it cannot stay."""
        post = self.request.POST
        if self.is_autosave:
            here = self.kwargs["part"]
            return render(self.request, "admission/draft_saved.html", self.frame(here))
        if add := post.get("add"):
            return redirect(f"{self.address(self.kwargs['part'])}?more={add}#{add}")
        wrong = [one.contradict(self.application) for one in typed]
        if any(wrong):
            return self.show(typed, saved=True)
        if post.get("go") == "check" or self.kwargs["part"] == WHOLE:
            return redirect(self.address("check"))
        parts = open_parts(self.draft)
        after = parts.index(BY_SLUG[self.kwargs["part"]]) + 1
        return redirect(self.address(parts[after].slug if after < len(parts) else "check"))

    def not_kept(self, typed: Sequence[FilledPart]) -> HttpResponse:
        """Something cannot be kept as it was typed: nothing is saved, everything typed comes back."""
        if self.is_autosave:
            _anchor, label, sentence = next(problem for one in typed for problem in one.problems())
            return HttpResponse(_("还没有存到服务器。%(label)s：%(sentence)s") % {"label": label, "sentence": sentence},
                                status=422, content_type="text/plain; charset=utf-8")  # fmt: skip
        add = self.request.POST.get("add", "")
        if add in {group.name for one in typed for group, _formset in one.groups}:
            typed = self.filled(one_more(self.request.POST, add))
        return self.show(typed)

    def refused(self, typed: Sequence[FilledPart], refusal: RuleViolation) -> HttpResponse:
        """A rule says no, or somebody changed it since: the reason, what changed, and everything that was typed."""
        if self.is_autosave:
            return HttpResponse(
                _("还没有存到服务器。%s") % refusal, status=409, content_type="text/plain; charset=utf-8"
            )
        self.application.refresh_from_db()
        if not isinstance(refusal, Stale):
            return self.show(typed, status=409, refusal=str(refusal))
        clashes = [clash for one in typed for clash in one.clashes()]
        return self.show(typed, status=409, refusal=str(refusal), clashes=clashes, changes=refusal.changes)

    def show(self, filled: Sequence[FilledPart], *, status: int = 200, **more: Any) -> HttpResponse:
        """The page."""
        here = self.kwargs["part"]
        problems = [problem for one in filled if one.form.is_bound for problem in one.problems()]
        last = here in {WHOLE, open_parts(self.draft)[-1].slug}
        context = self.frame(
            here, filled=filled, problems=problems, is_last=last, is_whole=here == WHOLE,
            fixed_scope=list(self.application.scope.order_by("code")) if self.draft.scope_is_fixed else [],
            head_actions=[self.other_view(here)],
            carried=put_on_list(self.application, by=self.actor),
            defects=self.application.defect_notes.filter(answered_at__isnull=True).order_by("-pk").first(),
            files=self.application.files.filter(removed_at__isnull=True).select_related("attachment").order_by("pk"),
        )  # fmt: skip
        context["nav_parts"] = self.parts_nav(here, wrong=bool(problems))
        return render(self.request, "admission/draft_part.html", {**context, **more}, status=status)
