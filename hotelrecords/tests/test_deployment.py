"""The production shape: who is given which secret, who reaches whom."""

from typing import Any

import pytest
import yaml
from honcho.environ import parse_procfile

from hotelrecords.embedded.places import CHECKOUT

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "deploy/compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DATABASE_SECRETS = {
    "proxy": set(),
    "web": {"database_url"},
    "worker": {"database_url"},
    "beat": {"database_url"},
    "keeper": {"database_keeper_url"},
    "migrate": {"database_owner_url"},
    "postgres": {"owner_password", "web_password", "keeper_password", "postgres_password"},
    "valkey": set(),
}


@pytest.mark.parametrize("name", DATABASE_SECRETS)
def test_each_service_is_given_its_own_database_secret_only(name: str) -> None:
    secrets = {secret for secret in SERVICES[name].get("secrets", []) if "database" in secret or "_password" in secret}
    assert secrets - {"valkey_password"} == DATABASE_SECRETS[name]


def test_every_service_is_in_the_table() -> None:
    assert set(SERVICES) == set(DATABASE_SECRETS)


def test_every_process_of_the_procfile_has_a_service() -> None:
    processes = set(parse_procfile((CHECKOUT / "Procfile").read_text()).processes)
    assert processes == {name for name, service in SERVICES.items() if service.get("command") == [name]} - {"migrate"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["proxy"]["networks"] == ["front"]


def test_every_secret_named_is_declared_and_used() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", ["web", "worker", "beat", "keeper", "migrate"])
def test_the_environment_names_only_files_that_are_given(name: str) -> None:
    environment = SERVICES[name]["environment"]
    files = {path.removeprefix("/run/secrets/") for key, path in environment.items() if key.endswith("_FILE")}
    assert files == set(SERVICES[name]["secrets"])
    assert "DEMO" not in environment and "DEBUG" not in environment


def test_only_migrate_writes_the_keys() -> None:
    mounts = {name: service["volumes"] for name, service in SERVICES.items() if "keys" in str(service.get("volumes"))}
    assert mounts == {
        "web": ["keys:/keys:ro"],
        "worker": ["keys:/keys:ro"],
        "keeper": ["keys:/keys:ro", "seal:/seal"],
        "migrate": ["keys:/keys"],
    }
