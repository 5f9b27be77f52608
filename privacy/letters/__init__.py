"""What each letter says: finished words made from a request and the rows of its decision.

A letter is in the language of the request, or in both; never in that of whoever happens to read it.
"""

from privacy.letters.composing import compose
from privacy.letters.matter import Matter
from privacy.letters.pages import as_html
from stays.papers.blocks import Paper, as_text, from_text

__all__ = ["Matter", "Paper", "as_html", "as_text", "compose", "from_text"]
