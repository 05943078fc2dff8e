"""The pages that everybody may see: the way in, the handbook, feedback, the accessibility statement."""

from typing import Any
from urllib.parse import urlsplit

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from base.forms import CleanCharField
from communities.actors import actor_of
from communities.models import Division
from communities.roles import COUNTY
from config import handbook
from config.feedback import Feedback, Topic, counties, give_feedback


@method_decorator(login_not_required, name="dispatch")
class Help(TemplateView):
    """The handbook: the chapter of one's own role first, then the others."""

    template_name = "help.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The chapter that was asked for, else the one for this role."""
        found = handbook.chapters()
        actor = actor_of(self.request)
        own = handbook.CHAPTER_OF.get(actor.role, "start") if actor else "public"
        name = context.pop("chapter", own)
        if name not in found:
            raise Http404
        return super().get_context_data(chapter=found[name], chapters=list(found.values()), own=own, **context)


@method_decorator(login_not_required, name="dispatch")
class Accessibility(TemplateView):
    """What we promise to people who use other senses or tools, and whom to tell when it is not so."""

    template_name = "accessibility.html"


class FeedbackForm(forms.Form):
    """A complaint or a suggestion."""

    county = forms.ChoiceField(label=gettext_lazy("给哪个区县"))
    topic = forms.ChoiceField(
        label=gettext_lazy("您要说的是"), choices=Topic, widget=forms.RadioSelect, initial=Topic.SUGGESTION
    )
    text = CleanCharField(
        label=gettext_lazy("内容"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写明什么事、哪一页、您希望怎样改。请不要写身份证号和别人的隐私。"),
    )
    contact = CleanCharField(
        label=gettext_lazy("联系方式"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("愿意收到回复的，请留电话或邮箱；只有审核委员会办公室和平台管理员看得到。"),
    )
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, places: list[Division], **options: Any) -> None:
        super().__init__(*args, **options)
        county = self.fields["county"]
        county.choices = [(place.code, place.name) for place in places]  # type: ignore[attr-defined]
        if len(places) == 1:
            county.widget = forms.HiddenInput()
            county.initial = places[0].code


@method_decorator(login_not_required, name="dispatch")
class FeedbackPage(FormView):
    """Say what is wrong or could be better; no sign-in is needed."""

    template_name = "feedback.html"
    form_class = FeedbackForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The counties one may write to: one's own, else all that have an office."""
        super().setup(request, *args, **kwargs)
        self.places = counties(timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        """One's own county is not asked for again."""
        actor = actor_of(self.request)
        own = [place for place in self.places if actor and len(actor.code) >= COUNTY and place.code == actor.county]
        return {**super().get_form_kwargs(), "places": own or self.places}

    def get_initial(self) -> dict[str, Any]:
        """The page one came from."""
        came_from = urlsplit(self.request.META.get("HTTP_REFERER", ""))
        same_host = came_from.netloc == self.request.get_host()
        return {**super().get_initial(), "page": came_from.path[:200] if same_host else ""}

    def form_valid(self, form: FeedbackForm) -> HttpResponse:
        """Into the inbox of the office. A stranger's address may say so much in an hour; who holds a post, any."""
        typed, by = form.cleaned_data, actor_of(self.request)
        if by is None and not ratelimit.consume(self.request, action="feedback"):
            form.add_error(None, _("您这里一小时内提交得太多，请过一会儿再提交，或者直接打审核委员会办公室的电话。"))
            return self.form_invalid(form)
        county = next(place for place in self.places if place.code == typed["county"])
        said = Feedback(Topic(typed["topic"]), typed["text"], typed["contact"], typed["page"])
        give_feedback(county, by=by, at=timezone.now(), said=said)
        messages.success(self.request, _("已送到%s社区工作事项审核委员会办公室，谢谢您。") % county.name)
        return redirect("feedback")
