"""Reading papers and PDFs in tests."""

from collections.abc import Iterable

import pypdfium2

from stays.papers.blocks import Facts, Heading, Paper, Points, Table, Text


def lines(paper: Paper) -> list[str]:
    """Everything a paper says after its head, a line for each paragraph, fact and row."""
    return [line for block in paper.blocks for line in _lines(block)]


def _lines(block: object) -> Iterable[str]:
    match block:
        case Heading(text):
            return [f"# {text}"]
        case Text(text):
            return [text]
        case Points(texts):
            return [f"- {text}" for text in texts]
        case Facts(rows):
            return [f"{label}: {value}" for label, value in rows]
        case Table(head, rows, _widths):
            return [" | ".join(cell.replace("\n", " / ") for cell in row) for row in (head, *rows)]
    raise ValueError(block)


def pdf_text(content: bytes) -> str:
    """What a PDF says, without line breaks and spaces, as they depend on the layout."""
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())
