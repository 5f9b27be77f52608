"""The key folder, the registry and what is derived."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from vault import keys, sealing
from vault.models import KeyEpoch


@pytest.fixture
def folder(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def modes(folder):
    return {path.name: oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())}


def test_keys_are_their_owners_alone(folder):
    keys.provider().create("kek", 1)
    assert modes(folder) == {"keys": "0o700", "root.key": "0o600", "kek-000001.key": "0o600"}


def test_a_key_is_made_once(folder):
    reference = keys.provider().create("kek", 1)
    made = keys.provider().unwrap(reference)
    assert keys.provider().create("kek", 1) == reference
    assert keys.provider().unwrap(reference) == made
    assert len(made) == 32


def test_the_newest_key_is_current(folder):
    provider = keys.provider()
    assert provider.current("kek") is None
    for epoch in (1, 2, 10):
        provider.create("kek", epoch)
    provider.create("index", 11)
    assert provider.current("kek") == "kek-000010.key"


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o750, 0o755])
def test_an_open_folder_is_refused(folder, mode):
    reference = keys.provider().create("kek", 1)
    folder.chmod(mode)
    with pytest.raises(keys.KeysExposed, match="chmod 700"):
        keys.provider().unwrap(reference)


@pytest.mark.parametrize("name", ["root.key", "kek-000001.key"])
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644])
def test_an_open_key_is_refused(folder, name, mode):
    reference = keys.provider().create("kek", 1)
    (folder / name).chmod(mode)
    with pytest.raises(keys.KeysExposed, match="chmod 600"):
        keys.provider().unwrap(reference)


def test_a_link_is_no_key(folder):
    reference = keys.provider().create("kek", 1)
    (folder / "elsewhere").write_bytes((folder / reference).read_bytes())
    (folder / reference).unlink()
    (folder / reference).symlink_to(folder / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        keys.provider().unwrap(reference)


def test_a_key_of_another_root_is_refused(folder):
    reference = keys.provider().create("kek", 1)
    (folder / "root.key").write_bytes(os.urandom(32))
    with pytest.raises(sealing.SealBroken):
        keys.provider().unwrap(reference)


def test_a_key_under_another_name_is_refused(folder):
    reference = keys.provider().create("kek", 1)
    (folder / reference).rename(folder / "kek-000002.key")
    with pytest.raises(sealing.SealBroken):
        keys.provider().unwrap("kek-000002.key")


def test_a_destroyed_key_is_gone(folder):
    reference = keys.provider().create("kek", 1)
    keys.provider().destroy(reference)
    with pytest.raises(keys.KeyUnknown):
        keys.provider().unwrap(reference)


def test_a_missing_key_is_said_in_one_sentence(folder):
    with pytest.raises(keys.KeyUnknown, match="make_keys"):
        keys.provider().unwrap("kek-000001.key")


@pytest.mark.django_db
def test_the_house_has_one_active_epoch_of_each():
    assert list(KeyEpoch.objects.order_by("purpose").values_list("purpose", "epoch", "reference", "state")) == [
        ("index", 1, "index-000001.key", "active"),
        ("kek", 1, "kek-000001.key", "active"),
    ]
    assert list(keys.missing_keys()) == []


@pytest.mark.django_db
def test_make_keys_does_nothing_where_they_exist():
    said = StringIO()
    call_command("make_keys", stdout=said)
    assert said.getvalue() == "The keys are there.\n"


@pytest.mark.django_db
def test_make_keys_says_when_the_folder_is_lost(folder):
    with pytest.raises(CommandError, match="Restore the folder"):
        call_command("make_keys")


@pytest.mark.django_db
def test_an_unknown_epoch_is_another_error_than_a_broken_seal():
    with pytest.raises(keys.KeyUnknown):
        keys.kek_cipher(99)


@pytest.mark.django_db
def test_index_keys_differ_by_kind():
    assert len({keys.index_key(1, kind) for kind in ("name", "bucket", "phone", "document", "frequencies")}) == 5


def test_derivation_and_tokens_are_fixed():
    key = keys.derive(bytes(range(32)), "phone")
    assert key.hex() == "6e16eb1bd414a77ad58e3cba4060866ecd56cd4aca3b529e274609e1d4035c49"
    assert keys.token(key, "8613800005678") == 1908774758
