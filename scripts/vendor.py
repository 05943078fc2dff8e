"""Refresh the third-party files that the portal carries: `python scripts/vendor.py` (needs npm).

Each file is taken whole from the named npm package at the pinned version, with its licence. Only the pointer
to a source map, which we do not carry, is removed. `SHA256SUMS` beside the files says what was taken;
tests/test_vendor.py checks it.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SUMS = "SHA256SUMS"
SOURCE_MAP = re.compile(rb"\s*(/\*|//)# sourceMappingURL=[^\n]*\n?")

MIT = """{notice}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following
conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions
of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL
THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
"""


class Package(NamedTuple):
    """One npm package at one version, the files we take from it and the folder they go to."""

    name: str
    version: str
    files: dict[str, str]  # path in the package: name here
    folder: str
    notice: str = ""  # the package carries no licence text of its own: MIT with this copyright line


PACKAGES = [
    Package(
        "@tabler/core",
        "1.6.1",
        {"dist/css/tabler.min.css": "tabler.min.css"},
        "static/vendor/tabler",
        notice="MIT License\n\nCopyright (c) 2018-2026 The Tabler Authors",
    ),
    Package(
        "htmx.org",
        "2.0.11",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
        "static/vendor/htmx",
    ),
    Package(
        "axe-core",
        "4.14.1",
        {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE", "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt"},
        "tests/vendor/axe",
    ),
]


def fetch(package: Package, into: Path) -> Path:
    """Download the package with npm and answer the folder it was unpacked to."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to refresh the vendored files.")
    command = [npm, "pack", "--json", f"{package.name}@{package.version}"]
    answer = subprocess.run(command, cwd=into, check=True, capture_output=True, text=True)  # noqa: S603 (fixed words)
    with tarfile.open(into / json.loads(answer.stdout)[0]["filename"]) as archive:
        archive.extractall(into, filter="data")
    return into / "package"


def take(package: Package) -> None:
    """Put the files of one package in place."""
    target = ROOT / package.folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = fetch(package, Path(scratch))
        for path, name in package.files.items():
            (target / name).write_bytes(SOURCE_MAP.sub(b"\n", (source / path).read_bytes()))
    if package.notice:
        (target / "LICENSE").write_text(MIT.format(notice=package.notice), encoding="utf-8")
    (target / "VERSION").write_text(f"{package.name} {package.version}\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """List every file under the folder with its hash, in the form that `sha256sum --check` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def main() -> None:
    for package in PACKAGES:
        take(package)
    for folder in ("static/vendor", "tests/vendor"):
        write_sums(ROOT / folder)


if __name__ == "__main__":
    main()
