from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklistsConfig(AppConfig):
    name = "worklists"
    verbose_name = _("工作事项清单")
    default_auto_field = "django.db.models.BigAutoField"
