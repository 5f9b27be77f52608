"""Letters and copies of the record as PDF: fpdf2, with the fonts of the languages embedded, cut to what is used."""

from stays.papers.drawing import as_pdf

__all__ = ["as_pdf"]
