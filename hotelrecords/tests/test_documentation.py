"""The documentation names every action code, role, right, setting and command, and no code that does not exist."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from django.core.management import get_commands
from django.utils import translation

from audit import registry
from hotelrecords.embedded.places import CHECKOUT
from staff.roles import RIGHTS, RIGHTS_OF, ROLE_NAMES

CODES = CHECKOUT / "docs" / "audit-codes.md"
ROLES = CHECKOUT / "docs" / "roles.md"
APPS = ("audit", "vault", "staff", "stays", "privacy", "hotelrecords")
READ_BY_ENV = {"bool", "int", "str", "list", "path", "dj_db_url", "dj_email_url", "url", "json", "float"}


def handbook() -> str:
    """All pages for people who run or build the product."""
    pages: Iterable[Path] = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *(CHECKOUT / "docs").rglob("*.md")]
    return "\n".join(page.read_text() for page in pages if page.exists())


def unnamed(names: Iterable[str]) -> list[str]:
    """Those of the names that stand nowhere in the handbook as code."""
    text = handbook()
    return sorted(
        name for name in names if not re.search(rf"`[^`\n]*(?<![\w-]){re.escape(name)}(?![\w-])[^`\n]*`", text)
    )


def settings_read() -> set[str]:
    """Names of the environment that the settings ask for."""
    tree = ast.parse((CHECKOUT / "hotelrecords" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    asked = [call for call in calls if getattr(call.func.value, "id", "") == "env" and call.func.attr in READ_BY_ENV]
    return {call.args[0].value for call in asked}


def documented_codes() -> dict[str, str]:
    """Code and sentence of each row of the table."""
    return dict(re.findall(r"^\| `([\w.]+)` \| (.+?) \|$", CODES.read_text(), re.MULTILINE))


def registered_codes() -> dict[str, str]:
    """Code and English sentence as the apps declare them, people and things as dots."""
    with translation.override("en"):
        return {code: registry.label(code) for code in registry.codes()}


def test_every_action_code_is_documented_with_its_sentence() -> None:
    assert documented_codes() == registered_codes()


def test_every_role_and_right_is_documented() -> None:
    assert unnamed([*ROLE_NAMES, *RIGHTS]) == []


def test_the_documented_table_of_roles_is_the_one_in_force() -> None:
    lines = [line.strip("|").split("|") for line in ROLES.read_text().splitlines() if line.startswith("|")]
    head, _line, *body = [[cell.strip().strip("`") for cell in line] for line in lines]
    marks = [(role, line[0]) for line in body for role, mark in zip(head[2:], line[2:], strict=True) if mark]
    assert sorted(marks) == sorted((role, right) for role, rights in RIGHTS_OF.items() for right in rights)


def test_every_setting_is_documented() -> None:
    assert "DATABASE_URL" in settings_read()
    assert unnamed(settings_read() | {"DATABASE_OWNER_URL", "DATABASE_KEEPER_URL"}) == []


def test_every_command_is_documented() -> None:
    own = {name for name, app in get_commands().items() if app in APPS}
    assert unnamed(own) == []


def test_every_picture_of_the_handbook_is_there_and_shown() -> None:
    pages = (CHECKOUT / "docs" / "handbook").glob("*.md")
    named = [each for page in pages for each in re.findall(r"\]\((pictures/[^)]+)\)", page.read_text())]
    there = sorted((CHECKOUT / "docs" / "handbook").glob("pictures/**/*.png"))
    assert max(path.stat().st_size for path in there) <= 60_000
    assert sorted(named) == sorted(str(path.relative_to(CHECKOUT / "docs" / "handbook")) for path in there)


def test_every_script_is_documented() -> None:
    scripts = {f"script/{path.name}" for path in (CHECKOUT / "script").iterdir() if path.is_file() and not path.suffix}
    assert unnamed(scripts - {"script/setup"}) == []
