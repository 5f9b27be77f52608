"""An export and the offline verifier, which is run as an outsider runs it: one file and a folder."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from runpy import run_path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from audit.anchors import Anchors
from audit.exporting import ExportRefused, export
from audit.notes import Checkpoint, Signer
from audit.reopening import reopen
from audit.seal_key import read_key
from audit.sealing import KEY
from audit.tests.sealed_house import House

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_log.py"
ONLY_ENTRIES = 'Of each line its "entry" is proved, and nothing that stands beside it.'
# RFC 8032, 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
        "8dc027beceea1ec40a",
    ),
]


def verified(path: Path, *options: str) -> tuple[int, str]:
    """Exit status and words of the verifier."""
    done = subprocess.run([sys.executable, "-I", VERIFIER, path, *options], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def folder(house: House, tmp_path: Path) -> Path:
    """An export of 300 entries in three checkpoints, with an anchor and a proof."""
    house.sealed(5)
    Anchors(house.folder, house.state.origin).add(house.note)
    house.write_together(200)
    house.seal()
    house.write_together(93)
    house.seal()
    found = tmp_path / "export"
    anchors = Anchors(house.folder, house.state.origin).notes()
    [*_steps] = export(house.keeper, found, private=True, proofs=[7, 299], anchors=anchors)
    return found


def test_an_export_is_verified_offline(house: House, folder: Path) -> None:
    code, told = verified(folder, "--key", str(house.verifier))
    assert (code, told.split(":")[0]) == (0, "UNBROKEN")
    assert "300 entries of" in told and "300 of them read" in told and "1 anchors" in told
    assert verified(folder) == (code, told)
    assert sorted(path.name for path in folder.iterdir()) == [
        "anchors.jsonl", "checkpoint", "checkpoints.jsonl", "entries", "key", "private", "proofs", "tile",
        "verify_log.py",
    ]  # fmt: skip


def test_a_proof_is_verified_offline(house: House, folder: Path) -> None:
    path, key = folder / "proofs" / "7.tlog-proof", str(house.verifier)
    code, told = verified(path, "--key", key)
    assert code == 0 and told.endswith("The entry stands in the signed log.\n") and '"kind":"event"' in told
    assert verified(path)[0] == 1
    path.write_text(path.read_text().replace("index 7", "index 8"))
    assert verified(path, "--key", key) == (
        1,
        "BROKEN: the proof does not lead from this entry at place 8 to the signed root\n",
    )
    path.write_text(path.read_text().replace("index", "indeks"))
    assert verified(path, "--key", key)[1].startswith("BROKEN: ")


@pytest.mark.parametrize("index", ["index 07", "index +7", "index 7 ", "7", "index ٧", f"index {'9' * 5000}"])
def test_an_index_is_written_in_one_way(house: House, folder: Path, index: str) -> None:
    path = folder / "proofs" / "7.tlog-proof"
    path.write_text(path.read_text().replace("index 7", index))
    code, told = verified(path, "--key", str(house.verifier))
    assert (code, told.split(":")[0]) == (1, "BROKEN")


def test_lines_are_read_as_everybody_reads_them(house: House, folder: Path) -> None:
    """A name that stands twice is read one way here and another elsewhere; half a character is none."""
    proof = (folder / "proofs" / "7.tlog-proof").read_text()
    line = json.dumps({"entry": json.loads((folder / ENTRIES).read_text().splitlines()[7]), "proof": proof})
    path, key = folder / "lines.jsonl", str(house.verifier)
    path.write_text(line + "\n")
    assert verified(path, "--key", key) == (
        0,
        f"1 lines stand in the signed log, 0 have no proof yet. {ONLY_ENTRIES}\n",
    )
    for forged in (line.replace('{"entry"', '{"entry": {}, "entry"', 1), line.replace('"log.read"', '"\\ud800"', 1)):
        path.write_text(forged + "\n")
        assert verified(path, "--key", key) == (1, "BROKEN: lines.jsonl, line 1, is no JSON\n")
    path.write_text('{"entry": null, "proof": null}\n')
    assert verified(path, "--key", key)[0] == 1


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file of an export."""
    content = path.read_bytes()
    path.write_bytes(change(content))
    assert path.read_bytes() != content


ENTRIES, TILE = "entries/000000000000.jsonl", "tile/0/000"
DAMAGE = [
    (ENTRIES, lambda text: text.replace(b"log.read", b"log.rexd", 1), "entry 1 (entries/000000000000.jsonl, line 2)"),
    (ENTRIES, lambda text: b"".join(text.splitlines(keepends=True)[1:]), "entry 0 (entries/"),
    (ENTRIES, lambda text: text + text[-400:].splitlines(keepends=True)[-1], "has more lines than were sealed"),
    (ENTRIES, lambda text: text[:-30], "ends in the middle of a line"),
    ("private/000000000000.jsonl", lambda text: text.replace(b'"actor":7', b'"actor":8', 1), "private/0000"),
    ("private/000000000000.jsonl", lambda text: b"{}\n" + text, "private/000000000000.jsonl, line 1,"),
    ("private/000000000000.jsonl", lambda text: text + text.splitlines(keepends=True)[5], "line 301, is not what was"),
    (
        "private/000000000000.jsonl",
        lambda text: text.replace(b'{"private"', b'{"private":{"actor":8},"private"', 1),
        "private/000000000000.jsonl, line 1,",
    ),
    (
        ENTRIES,
        lambda text: b"\n".join([*text.split(b"\n")[:7], b"", *text.split(b"\n")[8:]]),
        "1 entries are left out, and no entry says that a year was dropped",
    ),
    (
        "checkpoints.jsonl",
        lambda text: text.replace(b"\\n207\\n", b"\\n7\\n", 1),
        "the first 7 entries are not those of a checkpoint",
    ),
    (
        "checkpoints.jsonl",
        lambda text: text.replace(b"\\n7\\n", b"\\n307\\n", 1),
        "a checkpoint knows 307 entries, the export 300: the log was rolled back",
    ),
    (TILE, lambda tile: tile[:-32], "tile/0/000 is cut short: 8160 bytes instead of 8192"),
    (TILE, lambda tile: bytes([tile[0] ^ 1]) + tile[1:], "tile/0/000 does not belong to the tile above it"),
    ("tile/0/001.p/44", lambda tile: tile[:-1] + bytes([tile[-1] ^ 1]), "entry 299"),
    ("tile/1/000.p/1", lambda tile: bytes(32), "tile/0/000 does not belong to the tile above it"),
    ("checkpoint", lambda note: note.replace(b"\n300\n", b"\n301\n"), "is not signed by the key of this log"),
    ("checkpoint", lambda note: b"", "checkpoint: "),
    ("checkpoint", lambda note: note.replace("— ".encode(), b"- "), "is not signed by the key of this log"),
    ("checkpoints.jsonl", lambda text: text.replace(b"\\n7\\n", b"\\n8\\n"), "the checkpoint of 8 entries"),
    ("checkpoints.jsonl", lambda text: text[:-9], "checkpoints.jsonl, line 3, is no JSON"),
    ("anchors.jsonl", lambda text: text.replace(b"\\n7\\n", b"\\n9\\n"), "the anchor of 9 entries is not genuine"),
    ("key", lambda text: b"nonsense\n", "this is not a verifier key: 'nonsense'"),
    (
        "checkpoint",
        lambda note: note.replace(b"\n300\n", b"\n9223372036854775807\n"),
        " is missing, of a log of 92233720",
    ),
    ("checkpoints.jsonl", lambda text: b"[" * 100_000, "checkpoints.jsonl, line 1, is no JSON"),
    ("anchors.jsonl", lambda text: b"12\n", "an anchor: "),
]


@pytest.mark.parametrize(("name", "change", "said"), DAMAGE, ids=range(len(DAMAGE)))
def test_damage_is_named(folder: Path, name: str, change: Callable[[bytes], bytes], said: str) -> None:
    """Defence: in each case the comparison in the verifier that says the sentence."""
    rewrite(folder / name, change)
    code, told = verified(folder)
    assert code == 1
    assert said in told


@pytest.mark.parametrize(
    "name", ["key", "checkpoint", "checkpoints.jsonl", "anchors.jsonl", TILE, "tile/0/001.p/44", "tile/1/000.p/1"]
)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    code, told = verified(folder)
    assert (code, told.split(":")[0]) == (1, "BROKEN")


def test_entries_left_out_are_named(folder: Path) -> None:
    """Defence: the numbers of the bundles in ``verify_entries``; a rule of retention leaves an empty line instead."""
    entries = folder / "entries"
    shutil.rmtree(folder / "private")
    lines = (folder / ENTRIES).read_bytes().splitlines(keepends=True)
    for start, end in ((0, 100), (200, 300)):
        (entries / f"{start:012d}.jsonl").write_bytes(b"".join(lines[start:end]))
    assert verified(folder) == (1, "BROKEN: entries/000000000200.jsonl does not follow on entry 99\n")
    (entries / "000000000200.jsonl").unlink()
    assert verified(folder) == (1, "BROKEN: entries 100 to 299 are missing\n")
    (entries / "000000000000.jsonl").rename(entries / "first.jsonl")
    code, told = verified(folder)
    assert (code, told) == (1, "BROKEN: entries/first.jsonl is not named by the number of its first entry\n")


def test_only_the_key_one_knows_tells_a_forged_export(house: House, folder: Path) -> None:
    """Defence: ``--key``; a forger brings a key of their own along, which without it is believed."""
    forger = Signer(house.state.origin, Ed25519PrivateKey.generate())
    (folder / "checkpoint").write_text(forger.signed((folder / "checkpoint").read_text().partition("\n\n")[0] + "\n"))
    (folder / "key").write_text(f"{forger.verifier}\n")
    for name in ("checkpoints.jsonl", "anchors.jsonl"):
        (folder / name).write_text("")
    assert verified(folder)[0] == 0
    assert verified(folder, "--key", str(house.verifier)) == (
        1, "BROKEN: the checkpoint is not signed by the key of this log\n",
    )  # fmt: skip


def test_only_an_anchor_kept_elsewhere_shows_an_old_export(house: House, folder: Path, tmp_path: Path) -> None:
    house.write(3)
    house.seal()
    kept = tmp_path / "printed"
    kept.write_text(house.note)
    assert verified(folder)[0] == 0
    code, told = verified(folder, "--anchors", str(kept))
    assert (code, "an anchor knows 303 entries, the export 300: the log was rolled back" in told) == (1, True)


def test_an_anchor_from_before_a_restore_is_compared(house: House, tmp_path: Path) -> None:
    """Defence: ``ends``; up to where a restore ended the former name, its tree is the beginning of the new one."""
    before = house.sealed(5)
    key = read_key(house.folder / KEY)
    house.write(1)
    reopen(house.sealer)
    [*_steps] = export(house.keeper, tmp_path / "export")
    kept, named = tmp_path / "kept", Signer(before.origin, key)
    for root, code in ((before.root, 0), (bytes(32), 1)):
        kept.write_text(named.signed(Checkpoint(before.origin, before.size, root).text))
        found, told = verified(tmp_path / "export", "--anchors", str(kept))
        assert (found, "1 anchors" in told, "are not those of an anchor" in told) == (code, not code, bool(code))


def test_only_the_newest_entries_can_be_exported(house: House, folder: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    [*_steps] = export(house.keeper, part, begins=290)
    assert len((part / "entries" / "000000000290.jsonl").read_text().splitlines()) == 10
    code, told = verified(part)
    assert (code, "10 of them read" in told) == (0, True)


def test_an_export_overwrites_nothing(house: House, folder: Path) -> None:
    with pytest.raises(ExportRefused, match="is not empty"):
        next(export(house.keeper, folder))


def test_the_command_logs_what_it_reads(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house.sealed(3)
    house.become_keeper(monkeypatch)
    call_command("export_log", str(tmp_path / "out"), proofs="2")
    assert house.sql("SELECT action, detail FROM audit_event ORDER BY id DESC LIMIT 2") == [
        ("log.exported", {"count": 5}),
        ("log.export_begun", {"since": 0}),
    ]
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_log", str(tmp_path / "out"))
    with pytest.raises(CommandError, match="no sealed row 99"):
        call_command("export_log", str(tmp_path / "other"), proofs="99")


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_ed25519_as_the_rfc_has_it(public: str, message: str, signature: str) -> None:
    accepts = run_path(str(VERIFIER))["accepts"]
    key, text, signed = (bytes.fromhex(each) for each in (public, message, signature))
    assert accepts(key, text, signed)
    assert not accepts(key, text + b"x", signed)
    assert not accepts(key, text, signed[:-1] + bytes([signed[-1] ^ 16]))
    assert not accepts(key, text, signed[:32] + (int.from_bytes(signed[32:], "little") + 2**252).to_bytes(32, "little"))
    assert not accepts(key[:-1], text, signed)


def test_ed25519_agrees_with_the_library() -> None:
    accepts = run_path(str(VERIFIER))["accepts"]
    for number in range(20):
        key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([number])).digest())
        message = json.dumps(number).encode() * number
        signature = key.sign(message)
        assert accepts(key.public_key().public_bytes_raw(), message, signature)
        flipped = bytes([signature[number] ^ 1 << number % 8])
        assert not accepts(
            key.public_key().public_bytes_raw(), message, signature[:number] + flipped + signature[number + 1 :]
        )
