"""The fonts of a paper, and what is written of a character they do not have."""

import logging
import unicodedata
from collections.abc import Container
from typing import Final

import pylopdf_fonts_zh_cn as noto
from fpdf import FPDF
from fpdf.fonts import TTFFont

BODY: Final = "body"
TITLE: Final = "title"

# Both tell what characters a document is made of, and that is somebody's name: such lines are never written.
for library in ("fpdf", "fontTools"):
    logging.getLogger(library).setLevel(logging.ERROR)


def load(pdf: FPDF) -> None:
    """Make both fonts known to the document; what is used of them is embedded when it is put out."""
    pdf.add_font(BODY, fname=noto.sans_path())
    pdf.add_font(TITLE, fname=noto.serif_path())


def printable(pdf: FPDF, text: str) -> str:
    """The text as the fonts can show it: a character they lack stands as its code point, such as [U+20BB7].

    Format and control characters, which show nothing and can turn the direction of a line, are left out.
    """
    font = pdf.fonts[BODY]
    held = font.cmap if isinstance(font, TTFFont) else {}
    return "".join(_shown(sign, held) for sign in text)


def _shown(sign: str, held: Container[int]) -> str:
    if sign == "\n" or ord(sign) in held:
        return sign
    return "" if unicodedata.category(sign) in ("Cc", "Cf") else f"[U+{ord(sign):04X}]"
