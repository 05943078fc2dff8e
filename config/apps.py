from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registered as an app so that its management commands (reference, seed_demo) and checks are found."""

    name = "config"

    def ready(self) -> None:
        """The checks register themselves."""
        from config import checks  # noqa: F401, PLC0415  only now are the apps there
