"""The pictures of the handbook: a dozen of those the journeys keep, made small.

First ``script/test hotelrecords/tests/journeys -n0 --pictures``, then
``python -m hotelrecords.tests.journeys.handbook``.
"""

from pathlib import Path
from typing import Final

from PIL import Image

from hotelrecords.embedded.places import CHECKOUT

PICTURES: Final = CHECKOUT / ".local" / "pictures"
HANDBOOK: Final = CHECKOUT / "docs" / "handbook" / "pictures"
LANGUAGES: Final = ("en", "zh-hans")
# The name in the handbook, and the look it is taken from.
CHOSEN: Final = {
    "home": "page-front-desk-arrivals",
    "room-board": "room-board",
    "rooms-by-date": "room-timeline",
    "check-in": "walk-in-typed",
    "group": "group",
    "stay": "stay-moved",
    "move": "move",
    "handover": "handover",
    "caller": "caller",
    "minors": "minors",
    "registrations": "registrations",
    "roll-call": "roll-call",
    "import": "import-checked",
}
SIZE: Final = "1280x800"
HIGHEST: Final = 1000
COLOURS: Final = 48


def main() -> None:
    """Make every picture of the handbook. Raises FileNotFoundError where a journey was not run."""
    for path, made in _all():
        made.parent.mkdir(parents=True, exist_ok=True)
        shrink(path, made)


def shrink(path: Path, made: Path) -> None:
    """A palette and no more height than a page of the handbook needs."""
    with Image.open(path) as whole:
        top = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, HIGHEST)))
    top.quantize(COLOURS, dither=Image.Dither.NONE).save(made, optimize=True)


def _all() -> list[tuple[Path, Path]]:
    return [
        (PICTURES / language / f"{look}-{SIZE}.png", HANDBOOK / language / f"{name}.png")
        for language in LANGUAGES
        for name, look in CHOSEN.items()
    ]


if __name__ == "__main__":
    main()
