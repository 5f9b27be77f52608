"""A keyboard whose strokes are counted, at the pace of a person or without waiting."""

from typing import Final

from playwright.sync_api import Page

STROKES_PER_SECOND: Final = 5
MILLISECONDS: Final = 1000


class Keyboard:
    """``pace``: strokes in a second, or 0 for as fast as the browser takes them."""

    def __init__(self, page: Page, pace: float = 0) -> None:
        self.page, self.strokes = page, 0
        self.delay = MILLISECONDS / pace if pace else 0

    def press(self, *keys: str) -> None:
        """Strike single keys, such as Tab or Enter."""
        for key in keys:
            self.page.keyboard.press(key)
            self._struck(1)

    def type(self, text: str) -> None:
        """Write letters and digits, a stroke each."""
        for sign in text:
            self.page.keyboard.type(sign)
            self._struck(1)

    def compose(self, characters: str, pinyin: str) -> None:
        """Write Chinese characters as an input method does: the letters of their reading, then a space."""
        self._struck(len(pinyin) + 1)
        self.page.keyboard.insert_text(characters)

    def _struck(self, strokes: int) -> None:
        self.strokes += strokes
        if self.delay:
            self.page.wait_for_timeout(self.delay * strokes)
