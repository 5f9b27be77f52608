"""Short marks of files, by which a step is known to be done already."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from hotelrecords.embedded.places import CHECKOUT

APPS = ("audit", "vault", "staff", "stays", "privacy", "hotelrecords")
# What decides the shape of a migrated database: migrations and what they call, and the models' permissions.
SHAPING = ("migrations/*.py", "models.py", "models/*.py", "apps.py", "grants.py", "keys.py", "make_keys.py", "roles.py")


def of_database() -> str:
    """Changes when a migrated database would."""
    paths = {path for app in APPS for pattern in SHAPING for path in (CHECKOUT / app).rglob(pattern)}
    return of_files([*paths, CHECKOUT / "requirements.txt"])


def of_static_files() -> str:
    """Changes when the collected static files would."""
    folders = [CHECKOUT / "static", *(CHECKOUT / app / "static" for app in APPS)]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return of_files([*paths, CHECKOUT / "requirements.txt"])


def of_files(paths: Iterable[Path]) -> str:
    """Changes when a file comes, goes or changes."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(CHECKOUT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
