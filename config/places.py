"""Where this installation keeps what it writes, and the addresses of the embedded services there.

Only names: nothing is made or started here, so that the settings may import it.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE_USER = "portal"
DATABASE_NAME = "portal"


def private_root() -> Path:
    """A place of this user's own, outside the clone and short enough for socket paths (config/embedded/home.py)."""
    return Path(f"/var/tmp/zhunru-{os.geteuid()}")  # noqa: S108  its owner and mode are checked before use


def data_dir(configured: str = "") -> Path:
    """`DATA_DIR` (as the settings found it, else of the environment), else a place outside the clone, by its path.

    `nobody` may not enter a clone.
    """
    if configured := configured or os.environ.get("DATA_DIR", ""):
        return Path(configured).expanduser().absolute()
    return private_root() / hashlib.sha256(os.fsencode(BASE_DIR)).hexdigest()[:10]


def services_note(data: Path) -> Path:
    """The file that says where the services live, when that is not the data directory itself."""
    return data / "services"


def services_home(data: Path) -> Path:
    try:
        home = Path(services_note(data).read_text().strip())
    except OSError:
        return data
    return home if home.is_dir() else data


def database_url(home: Path, name: str = DATABASE_NAME) -> str:
    """The embedded PostgreSQL listens on a socket only."""
    return f"postgresql://{DATABASE_USER}@/{name}?host={quote(str(home / 'pg'), safe='/')}"


def broker_url(home: Path) -> str:
    return f"redis+socket://{quote(str(home / 'broker' / 's'), safe='/')}"


def kept_secret(data: Path) -> Path:
    """The demo's SECRET_KEY, made on its first start."""
    return data / "secret_key"
