"""Letters and copies of the record as PDF: fpdf2, with the fonts of the languages embedded, cut to what is used."""

from collections.abc import Sequence
from importlib import import_module

from stays.papers.blocks import Paper


def as_pdf(papers: Sequence[Paper]) -> bytes:
    """The papers one after another, each on pages of its own, numbered throughout.

    Who draws them is looked up for the first: fpdf2 takes half a second to load, and few processes make a PDF.
    """
    pdf: bytes = import_module("stays.papers.drawing").as_pdf(papers)
    return pdf
