"""Papers as PDF: lines, pages, tables, fonts."""

import io
import logging

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stays.papers import as_pdf
from stays.papers.blocks import Block, Facts, Heading, Paper, Points, Table, Text, as_text, from_text
from stays.papers.lines import wrapped
from stays.tests.papers import pdf_text

A4 = (595, 842)  # points


def paper(*blocks: Block, language: str = "zh-hans", recipient: str = "欧阳海棠") -> Paper:
    """A paper with these blocks."""
    return Paper(
        language=language,
        house="海棠酒店",
        group="海棠集团",
        recipient=recipient,
        facts=(("编号", "R-2026-000042"), ("日期", "2026年5月12日")),
        title="对您请求的答复",
        blocks=blocks,
        closing=("海棠酒店",),
        foot="R-2026-000042 · 海棠酒店",
    )


def pages(content: bytes) -> list[str]:
    """The text of each page, without spaces."""
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(content)]


def test_a_page_has_head_body_and_foot() -> None:
    everything = (
        Heading("逐项决定"),
        Text("We grant your request."),
        Points(("您可以申诉。", "您可以起诉。")),
        Facts((("姓名", "欧阳海棠"),)),
        Table(("序号", "内容"), (("1", "偏好\n已删除"),), (1, 5)),
    )
    content = as_pdf([paper(*everything)])
    (page,) = pypdfium2.PdfDocument(content)
    assert tuple(round(edge) for edge in page.get_size()) == A4
    assert pages(content) == [
        "海棠酒店海棠集团欧阳海棠编号R-2026-000042日期2026年5月12日对您请求的答复逐项决定Wegrantyourrequest."
        "•您可以申诉。•您可以起诉。姓名欧阳海棠序号内容1偏好已删除海棠酒店R-2026-000042·海棠酒店1/1"
    ]


def test_pages_are_numbered_and_tables_go_on_under_their_head() -> None:
    rows = tuple((str(n), "旅客登记须保存至2029年5月14日。" * 3) for n in range(1, 41))
    told = pages(as_pdf([paper(Table(("序号", "内容"), rows, (1, 9)))]))
    count = len(told)
    assert count > 1
    assert [page[-3:] for page in told] == [f"{n}/{count}" for n in range(1, count + 1)]
    assert all("序号内容" in page for page in told)
    assert [page.count("海棠集团") for page in told] == [1, *[0] * (count - 1)]
    numbers = [n for n, _text in rows]
    assert [n for n in numbers if sum(f"{n}旅客登记" in page for page in told) == 0] == []


def test_a_row_longer_than_a_page_goes_on() -> None:
    text = "".join(f"第{n}句话。" for n in range(1, 900))
    told = pages(as_pdf([paper(Table(("内容",), ((text,),), (1,)))]))
    bare = [page.removesuffix(f"R-2026-000042·海棠酒店{n}/{len(told)}") for n, page in enumerate(told, start=1)]
    whole = bare[0] + "".join(page.removeprefix("内容") for page in bare[1:])
    assert len(told) > 1
    assert text in whole


def test_both_languages_have_pages_of_their_own() -> None:
    english = paper(Text("We grant your request."), language="en", recipient="Ouyang Haitang")
    told = pages(as_pdf([paper(Text("我们同意您的请求。")), english]))
    assert ["我们同意您的请求。" in told[0], "Wegrantyourrequest." in told[1], told[1].endswith("2/2")] == [True] * 3


def test_the_fonts_are_embedded_and_cut_to_what_is_used() -> None:
    content = as_pdf([paper(Text("我们同意您的请求。"))])
    assert content.count(b"/FontFile") == 2
    assert len(content) < 60_000


def test_a_character_without_a_form_stands_as_its_code_and_an_unseen_one_not_at_all() -> None:
    told = pdf_text(as_pdf([paper(Text("𠮷田\u202e某\u200b"), recipient="𠮷田某")]))
    assert "[U+20BB7]田某" in told
    assert told.count("[U+20BB7]") == 2


def test_what_makes_pdfs_tells_no_log_which_characters(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    as_pdf([paper(Text("𠮷田某"))])
    assert [record.getMessage() for record in caplog.records if record.name.startswith(("fpdf", "fontTools"))] == []


def test_the_file_names_the_house_and_nobody_else() -> None:
    document = pypdfium2.PdfDocument(io.BytesIO(as_pdf([paper(Text("。"))])))
    told = {
        name: value for name, value in document.get_metadata_dict().items() if name not in ("CreationDate", "Producer")
    }
    assert told == {
        "Title": "对您请求的答复", "Author": "海棠酒店", "Subject": "", "Keywords": "", "Creator": "", "ModDate": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("我们同意，您的请求", 4, ["我们同", "意，您的", "请求"]),
        ("依据《民法典》第一条", 3, ["依据", "《民法", "典》第", "一条"]),
        ("keep until 2029", 10, ["keep until", "2029"]),
        ("保存至2029年5月14日", 6, ["保存至", "2029年5", "月14日"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("一\n\n二", 9, ["一", "", "二"]),
        ("", 9, [""]),
    ],
)
def test_where_lines_end(text: str, width: int, told: list[str]) -> None:
    assert wrapped(text, width, len) == told


@given(st.text(alphabet="我们ab 1，。（）《》、", max_size=60), st.integers(min_value=4, max_value=20))
def test_nothing_is_lost_and_no_line_begins_or_ends_wrong(text: str, width: int) -> None:
    lines = wrapped(text, width, len)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert [line for line in lines if len(line) > width] == []


def test_papers_come_back_as_they_were_sealed() -> None:
    papers = (
        paper(Heading("一"), Text("二"), Points(("三",)), Facts((("四", "五"),)), Table(("六",), (("七",),), (1,))),
    )
    assert from_text(as_text(papers)) == papers
