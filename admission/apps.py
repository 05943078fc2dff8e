from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionConfig(AppConfig):
    name = "admission"
    verbose_name = _("准入审核")
    default_auto_field = "django.db.models.BigAutoField"
