"""What every test can rely on: settings of a test run, a clean media directory, the marks."""

import os
from pathlib import Path

import pytest
from django.conf import settings

LONGEST_ID = 32  # bytes
CHROMIUM = Path("/usr/bin/chromium")
NO_BROWSER = "没有找到 Chromium（/usr/bin/chromium），浏览器测试跳过；安装后会自动运行：apt-get install chromium。"


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.TEMPLATES[0]["OPTIONS"]["debug"] = True  # or coverage cannot trace templates, and says so forever
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker("browser")
        if item.get_closest_marker("browser") and not CHROMIUM.exists() and "REQUIRE_BROWSER" not in os.environ:
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    """Every test has its own place for attachments."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium, talking to nobody but us."""
    return {
        **browser_type_launch_args,
        "executable_path": str(CHROMIUM),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files go by the name of their argument: the bytes of a workbook carry the second in which they were made, and two
    workers that collect in different seconds would not have the same tests."""
    return argname if isinstance(val, bytes) and len(val) > LONGEST_ID else None
