"""A county's own settings."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.places import Division


class CountySettingQuerySet(models.QuerySet["CountySetting"]):
    def of(self, county: str, on: date) -> dict[str, "CountySetting"]:
        """The county's own settings that apply on a day, by key: the newest `since` not after it."""
        rows = self.filter(county__code=county, since__lte=on).order_by("key", "since")
        return {row.key: row for row in rows}


class CountySetting(models.Model):
    """A county's own value of a setting, with its basis. What is not here has the default of the app that reads it."""

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT)
    key = models.CharField(_("设置"), max_length=40)
    value = models.JSONField(_("值"))
    basis = models.CharField(_("依据"), max_length=300)
    since = models.DateField(_("自何日起"))

    objects = CountySettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("区县设置")
        verbose_name_plural = _("区县设置")
        constraints = [
            models.UniqueConstraint(name="county_setting_once", fields=["county", "key", "since"]),
            models.CheckConstraint(
                name="county_setting_has_basis",
                condition=~Q(basis=""),
                violation_error_message=_("区县自己的设置要写明依据。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
