"""What we carry of others is what scripts/vendor.py took: whole, unchanged, with its licence."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / "static/vendor", ROOT / "tests/vendor"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_files_match_their_hashes(folder):
    listed = {}
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        listed[name] = digest

    present = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }

    assert present == listed


@pytest.mark.parametrize(
    "package", [path for folder in FOLDERS for path in folder.iterdir() if path.is_dir()], ids=lambda path: path.name
)
def test_vendored_package_has_licence_and_version(package):
    assert (package / "LICENSE").read_text(encoding="utf-8").strip()
    assert (package / "VERSION").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    "path", [path for folder in FOLDERS for path in folder.rglob("*.min.*")], ids=lambda path: path.name
)
def test_vendored_file_points_to_no_source_map(path):
    assert b"sourceMappingURL" not in path.read_bytes()
