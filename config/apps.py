from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registered as an app so that its management commands (demo, seed_demo) are found."""

    name = "config"
