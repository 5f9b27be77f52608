"""A paper drawn on A4: letterhead, recipient, body, tables, page numbers. Millimetres and points."""

from collections.abc import Sequence
from typing import Final

from fpdf import FPDF

from stays.papers import fonts
from stays.papers.blocks import Block, Facts, Heading, Paper, Points, Table, Text
from stays.papers.lines import wrapped

LEFT, RIGHT, TOP, BOTTOM = 25.0, 185.0, 20.0, 272.0
WIDTH: Final = RIGHT - LEFT
LINE: Final = 1.55  # heights of the letters
POINT: Final = 25.4 / 72
PAD: Final = 1.8
ACCENT: Final = (13, 92, 99)
INK: Final = (31, 36, 48)
SOFT: Final = (91, 95, 106)
RULE: Final = (208, 202, 188)
SHADE: Final = (241, 238, 230)
LANGUAGES: Final = {"en": "en-GB", "zh-hans": "zh-CN"}


def as_pdf(papers: Sequence[Paper]) -> bytes:
    """The papers one after another, each on pages of its own, numbered throughout."""
    sheet = Sheet(papers[0])
    for paper in papers:
        sheet.draw(paper)
    sheet.number_pages()
    return bytes(sheet.pdf.output())


class Sheet:
    """The document being drawn: a pen that goes down the page and turns it."""

    def __init__(self, first: Paper) -> None:
        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        fonts.load(self.pdf)
        self.pdf.set_lang(LANGUAGES.get(first.language, first.language))
        self.pdf.set_title(first.title)
        self.pdf.set_author(first.house)
        self.feet: list[str] = []
        self.y = TOP

    def draw(self, paper: Paper) -> None:
        """One paper, beginning on a new page."""
        self.paper = paper
        self.turn()
        self.head()
        for block in paper.blocks:
            self.block(block)
        self.gap(6)
        for line in paper.closing:
            self.write(line)

    def head(self) -> None:
        """Letterhead, recipient, number and date, title."""
        self.write(self.paper.house, size=19, font=fonts.TITLE, color=ACCENT)
        if self.paper.group:
            self.write(self.paper.group, size=9, color=SOFT)
        self.rule(self.y + 1.5, ACCENT, 0.5)
        self.y += 10
        top, self.y = self.y, self.y
        self.write(self.paper.recipient, size=11, width=WIDTH * 0.5)
        below, self.y = self.y, top
        for label, value in self.paper.facts:
            self.beside(label, value, left=LEFT + WIDTH * 0.58, share=0.36)
        self.y = max(self.y, below) + 9
        self.write(self.paper.title, size=15, font=fonts.TITLE)
        self.gap(3)

    def block(self, block: Block) -> None:
        """One block of the body."""
        match block:
            case Heading(text):
                self.keep(40)  # no heading stands alone at the foot of a page
                self.gap(3.5)
                self.write(text, size=12, font=fonts.TITLE, color=ACCENT)
                self.gap(1)
            case Text(text):
                self.write(text)
                self.gap(2.4)
            case Points(texts):
                for text in texts:
                    self.point(text)
                self.gap(1.2)
            case Facts(rows):
                for label, value in rows:
                    self.beside(label, value, left=LEFT, share=0.3)
                self.gap(2.4)
            case Table():
                self.table(block)

    def write(
        self, text: str, *, size: float = 10.5, font: str = fonts.BODY, color: tuple[int, int, int] = INK,
        left: float = LEFT, width: float = WIDTH,
    ) -> None:  # fmt: skip
        """A paragraph, over as many lines and pages as it takes."""
        for line in self.lines(text, size, width, font):
            self.keep(size * POINT * LINE)
            self.put(line, left, self.y, size, font, color)
            self.y += size * POINT * LINE

    def point(self, text: str) -> None:
        """A paragraph with a mark in front."""
        self.keep(10.5 * POINT * LINE)
        self.put("•", LEFT + 1, self.y, 10.5, fonts.BODY, ACCENT)
        self.write(text, left=LEFT + 5.5, width=WIDTH - 5.5)
        self.gap(1.2)

    def beside(self, label: str, value: str, *, left: float, share: float) -> None:
        """A label with its value beside it; ``share``: of the width that is left for both."""
        size, width = 9.5, RIGHT - left
        edge = width * share
        labels = self.lines(label, size, edge - 2, fonts.BODY)
        values = self.lines(value, size, width - edge, fonts.BODY)
        for n in range(max(len(labels), len(values))):
            self.keep(size * POINT * LINE)
            self.put(labels[n] if n < len(labels) else "", left, self.y, size, fonts.BODY, SOFT)
            self.put(values[n] if n < len(values) else "", left + edge, self.y, size, fonts.BODY, INK)
            self.y += size * POINT * LINE

    def table(self, table: Table) -> None:
        """Rows under a shaded head, which is drawn again on every page."""
        self.keep(26)
        self.table_head(table)
        for row in table.rows:
            self.row(table, row)
        self.gap(3.5)

    def table_head(self, table: Table) -> None:
        """The shaded names of the columns."""
        cells, size = self.cells(table, table.head, 9), 9.0
        height = max(map(len, cells)) * size * POINT * LINE + 2 * PAD
        self.pdf.set_fill_color(*SHADE)
        self.pdf.rect(LEFT, self.y, WIDTH, height, style="F")
        self.cell_lines(table, cells, self.y + PAD, size, SOFT)
        self.y += height

    def row(self, table: Table, row: Sequence[str]) -> None:
        """One row; one that is longer than the page goes on, line by line, on the next."""
        size = 9.5
        step = size * POINT * LINE
        cells = self.cells(table, row, size)
        count = max(map(len, cells))
        if self.y + min(count * step + 2 * PAD, (BOTTOM - TOP) / 2) > BOTTOM:
            self.turn(table)
        self.y += PAD
        for n in range(count):
            if self.y + step > BOTTOM:
                self.turn(table)
            self.cell_lines(table, [lines[n : n + 1] for lines in cells], self.y, size, INK)
            self.y += step
        self.y += PAD
        self.rule(self.y, RULE, 0.15)

    def cells(self, table: Table, row: Sequence[str], size: float) -> list[list[str]]:
        """The lines of each cell of a row."""
        widths = (right - left for left, right in self.columns(table))
        return [self.lines(text, size, width - 3, fonts.BODY) for text, width in zip(row, widths, strict=True)]

    def cell_lines(
        self, table: Table, cells: Sequence[Sequence[str]], top: float, size: float, color: tuple[int, int, int]
    ) -> None:
        """Draw the lines of the cells of a row."""
        for lines, (left, _right) in zip(cells, self.columns(table), strict=True):
            for n, line in enumerate(lines):
                self.put(line, left + 1.5, top + n * size * POINT * LINE, size, fonts.BODY, color)

    def columns(self, table: Table) -> list[tuple[float, float]]:
        """The left and right edges of the columns."""
        whole, edges = sum(table.widths), [LEFT]
        for share in table.widths:
            edges.append(edges[-1] + WIDTH * share / whole)
        return list(zip(edges, edges[1:], strict=False))

    def lines(self, text: str, size: float, width: float, font: str) -> list[str]:
        """The text in lines of this width."""
        self.pdf.set_font(font, size=size)
        return wrapped(fonts.printable(self.pdf, text), width, self.pdf.get_string_width)

    def put(self, line: str, x: float, y: float, size: float, font: str, color: tuple[int, int, int]) -> None:
        """Set one line, its top at y."""
        if line:
            self.pdf.set_font(font, size=size)
            self.pdf.set_text_color(*color)
            self.pdf.text(x, y + size * POINT * 1.12, line)

    def rule(self, y: float, color: tuple[int, int, int], thickness: float) -> None:
        """A line across the page."""
        self.pdf.set_draw_color(*color)
        self.pdf.set_line_width(thickness)
        self.pdf.line(LEFT, y, RIGHT, y)

    def gap(self, height: float) -> None:
        """Go down, but not off the page."""
        self.y = min(self.y + height, BOTTOM)

    def keep(self, height: float) -> None:
        """Turn the page unless so much is left of it."""
        if self.y + height > BOTTOM:
            self.turn()

    def turn(self, table: Table | None = None) -> None:
        """Go on at the top of a new page, under the head of the table that goes on."""
        self.pdf.add_page()
        self.feet.append(self.paper.foot)
        self.y = TOP
        if table is not None:
            self.table_head(table)

    def number_pages(self) -> None:
        """Write the foot of every page, now that their number is known."""
        last = len(self.feet)
        for page, foot in enumerate(self.feet, start=1):
            self.pdf.page = page
            # The page drawn last may have set the very pen that follows: what is not changed is not written out.
            self.pdf.set_font(fonts.BODY, size=1)
            self.pdf.set_draw_color(0)
            self.pdf.set_line_width(1)
            self.rule(BOTTOM + 4, RULE, 0.15)
            self.put(foot, LEFT, BOTTOM + 6, 8, fonts.BODY, SOFT)
            count = f"{page} / {last}"
            self.pdf.set_font(fonts.BODY, size=8)
            self.put(count, RIGHT - self.pdf.get_string_width(count), BOTTOM + 6, 8, fonts.BODY, SOFT)
        self.pdf.page = last
