"""A plot of growth, drawn as SVG with attributes only."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LEAST_HEIGHT, NAME = 800, 400, 18
LEFT, RIGHT, TOP, BOTTOM = 64, 280, 24, 48
# Told apart by shade, dash and the name at the end of the line, never by colour alone.
STROKES = (
    ("#1f4e5f", ""),
    ("#b4552d", "6 3"),
    ("#5a6b2f", "2 3"),
    ("#6b3f69", "8 3 2 3"),
    ("#8a6d1f", "1 4"),
    ("#444", "10 4"),
)


# By the place of a size the value there.
Line = Mapping[int, float]


def growth(title: str, sizes: Sequence[int], lines: Mapping[str, Line]) -> str:
    """Milliseconds over the number of guests, both logarithmic; a line may have no value for some size."""
    values = [value for line in lines.values() for value in line.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    scale = _Scale(sizes, low, max(high, low + 1), max(LEAST_HEIGHT, TOP + NAME * len(lines) + BOTTOM))
    parts = [_grid(scale), *(_line(scale, place, name, line) for place, (name, line) in enumerate(_spread(lines)))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {scale.height}" width="{WIDTH}"'
        f' height="{scale.height}"'
        f' font-family="system-ui, sans-serif" font-size="12" role="img">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{scale.height}" fill="#fffdf8"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


class _Scale:
    def __init__(self, sizes: Sequence[int], low: int, high: int, height: int) -> None:
        self.sizes, self.low, self.high, self.height = sizes, low, high, height

    def x(self, place: int) -> float:
        return LEFT + place * (WIDTH - LEFT - RIGHT) / max(1, len(self.sizes) - 1)

    def y(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.height - BOTTOM - share * (self.height - TOP - BOTTOM)


def _spread(lines: Mapping[str, Line]) -> list[tuple[str, Line]]:
    return sorted(lines.items(), key=lambda item: -item[1][max(item[1])])


def _grid(scale: _Scale) -> str:
    parts = []
    for power in range(scale.low, scale.high + 1):
        y = scale.y(10.0**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd6c8"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{10.0**power:g} ms</text>')
    foot = scale.height - BOTTOM + 20
    for place, size in enumerate(scale.sizes):
        x = scale.x(place)
        parts.append(f'<text x="{x:.1f}" y="{foot}" text-anchor="middle" fill="#555">{size:,}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{scale.height - 8}" text-anchor="middle" fill="#555">guests</text>')
    return "\n".join(parts)


def _line(scale: _Scale, place: int, name: str, line: Line) -> str:
    colour, dash = STROKES[place % len(STROKES)]
    points = " ".join(f"{scale.x(at):.1f},{scale.y(line[at]):.1f}" for at in sorted(line))
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    x, y, last = WIDTH - RIGHT + 10, TOP + 12 + place * NAME, max(line)
    end = f"{scale.x(last):.1f},{scale.y(line[last]):.1f}"
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>'
        f'<polyline points="{end} {x - 2},{y - 4}" fill="none" stroke="{colour}" stroke-width="0.5"/>'
        f'<text x="{x}" y="{y}" fill="{colour}">{escape(name)}</text>'
    )
