"""Cases of proofs in the form of transparency-dev/merkle, made here: each is decided as it wants."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.tests.test_tree import leaves_of, tiles_of
from audit.tree import EMPTY_ROOT

SIZES = [(1, 8), (2, 5), (6, 7), (6, 8), (255, 256), (256, 257), (300, 700)]
GARBAGE = b"WrongLeaf"


def inclusion(index: int, size: int) -> dict[str, Any]:
    """A true case."""
    leaves = leaves_of(size)
    tiles = tiles_of(leaves)
    facts = {"leafIdx": index, "treeSize": size, "root": tiles.root(size), "leafHash": leaves[index]}
    return facts | {"proof": tiles.inclusion_proof(index, size), "desc": "happy path", "wantErr": False}


def consistency(old: int, new: int) -> dict[str, Any]:
    """A true case."""
    tiles = tiles_of(leaves_of(new))
    facts = {"size1": old, "size2": new, "root1": tiles.root(old), "root2": tiles.root(new)}
    return facts | {"proof": tiles.consistency_proof(old, new), "desc": "happy path", "wantErr": False}


def spoiled_proofs(proof: list[bytes], *roots: bytes) -> Iterator[list[bytes]]:
    """The proof with something too much, too little or other."""
    yield from ([*proof, b""], [b"", *proof], [*proof, proof[0]], [proof[0], *proof], proof[:-1], proof[1:], [])
    yield from ([*proof, root] for root in roots)
    yield from ([root, *proof] for root in roots)
    for place, part in enumerate(proof):
        yield [*proof[:place], bytes([part[0] ^ 8]) + part[1:], *proof[place + 1 :]]


def spoiled(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """False cases made of a true one."""
    places = [name for name in ("leafIdx", "size1") if name in case]
    sizes = [name for name in ("treeSize", "size2") if name in case]
    hashes = [name for name in ("root", "leafHash", "root1", "root2") if name in case]
    for name in places:
        yield from (case | {name: other} for other in (case[name] + 1, case[name] - 1, case[name] ^ 2, 2**64 - 1))
    for name in sizes:
        # A size near by can have a path of the same shape: a proof of inclusion does not prove the size.
        yield from (case | {name: other} for other in (case[name] * 2, case[name] // 2))
    for name in hashes:
        yield from (case | {name: other} for other in (GARBAGE, b"", EMPTY_ROOT))
    if case["proof"]:
        for proof in spoiled_proofs(case["proof"], *(case[name] for name in hashes)):
            yield case | {"proof": proof}


def written(case: dict[str, Any]) -> str:
    """A case as JSON, hashes in base64."""

    def plain(value: Any) -> Any:
        if isinstance(value, bytes):
            return b64encode(value).decode()
        return [plain(each) for each in value] if isinstance(value, list) else value

    return json.dumps({name: plain(value) for name, value in case.items()})


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder with these cases."""

    def write(*cases: dict[str, Any]) -> Path:
        for number, case in enumerate(cases):
            path = tmp_path / str(number % 3) / f"case [{number}] @{number}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(written(case))
        return tmp_path

    return write


def told(folder: Path) -> str:
    """What the command says about a folder in which all is well."""
    out = StringIO()
    call_command("verify_proofs", str(folder), stdout=out)
    return out.getvalue()


def test_every_case_is_decided_as_it_wants(folder: Callable[..., Path]) -> None:
    true = [*(inclusion(size[0], size[1]) for size in SIZES), *(consistency(*size) for size in SIZES)]
    false = [case | {"wantErr": True} for each in true for case in spoiled(each)]
    assert len(false) > 300
    assert told(folder(*true, *false)).startswith(f"{len(true) + len(false)} cases: {len(true) + len(false)} decided")


EQUAL = {"root1": b"not a hash", "root2": b"not a hash", "proof": [], "desc": "", "wantErr": False}
BORDERS = [
    inclusion(0, 1),
    inclusion(0, 1) | {"proof": None},
    inclusion(0, 1) | {"leafHash": b"", "root": b"", "wantErr": True},
    {"leafIdx": 0, "treeSize": 0, "root": b"", "leafHash": EMPTY_ROOT, "proof": [], "desc": "", "wantErr": True},
    EQUAL | {"size1": 1, "size2": 1},
    EQUAL | {"size1": 0, "size2": 0},
    EQUAL | {"size1": 0, "size2": 1, "wantErr": True},
    EQUAL | {"size1": 2, "size2": 1, "wantErr": True},
    EQUAL | {"size1": 1, "size2": 1, "root2": b"other", "wantErr": True},
    EQUAL | {"size1": 1, "size2": 1, "proof": [EMPTY_ROOT], "wantErr": True},
]


THREE = inclusion(2, 3)
FOREIGN = [
    {name.replace("Idx", "Index"): value for name, value in THREE.items()},
    inclusion(1, 3) | {"desc": {"nested": [1]}, "more": None},
    {"treeSize": 1, "leafHash": EMPTY_ROOT, "root": EMPTY_ROOT, "wantErr": False},
    {"size2": 1, "root2": EMPTY_ROOT, "wantErr": True},
    THREE | {"leafIdx": None, "wantErr": True},
    THREE | {"leafIdx": "2", "wantErr": True},
    THREE | {"leafIdx": -1, "wantErr": True},
    THREE | {"leafIdx": 2.0, "wantErr": True},
    THREE | {"leafIdx": 2 + 2**64, "treeSize": 3 + 2**64, "wantErr": True},
    THREE | {"root": None, "wantErr": True},
    THREE | {"root": "_-_-", "wantErr": True},
    THREE | {"root": "AAA", "wantErr": True},
    THREE | {"leafHash": 7, "wantErr": True},
    THREE | {"proof": "AAAA", "wantErr": True},
    THREE | {"proof": [None], "wantErr": True},
    THREE | {"proof": [[]], "wantErr": True},
    THREE | {"proof": THREE["proof"][0], "wantErr": True},
]


@pytest.mark.parametrize("case", [*BORDERS, *FOREIGN])
def test_cases_at_the_border(folder: Callable[..., Path], case: dict[str, Any]) -> None:
    assert "1 cases: 1 decided as wanted" in told(folder(case))


def test_a_case_decided_otherwise_is_named(folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(inclusion(3, 8) | {"wantErr": True}, consistency(3, 8))
    with pytest.raises(CommandError) as failure:
        call_command("verify_proofs", str(path))
    assert failure.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        "0/case [0] @0.json: accepted, but should not be",
        "2 cases: 1 decided as wanted (1 of consistency), 1 not.",
    ]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "[" * 100_000, '{"size1": 1}', written(inclusion(0, 2)).replace("0", '"0"', 1)]
)
def test_what_is_no_case_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CommandError):
        call_command("verify_proofs", str(tmp_path))
    assert "x.json: not a case" in capsys.readouterr().out


def test_an_empty_folder_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no case"):
        call_command("verify_proofs", str(tmp_path))
