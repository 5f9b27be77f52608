"""Papers as HTML, for the screen and for printing from it. Every word is escaped."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stays.papers.blocks import Block, Facts, Heading, Paper, Points, Table, Text

BREAK = SafeString("<br>")
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}


def as_html(papers: Sequence[Paper]) -> SafeString:
    """An article for each paper, without style of its own; its classes are those of ``paper`` in the house's CSS."""
    return format_html_join("\n", "{}", ((_article(paper),) for paper in papers))


def _article(paper: Paper) -> SafeString:
    return format_html(
        '<article class="paper" lang="{}"><header class="paper-head"><p class="paper-house">{}</p>'
        '<p class="paper-group">{}</p></header><div class="paper-to"><p>{}</p>{}</div><h2>{}</h2>{}'
        '<p class="paper-closing">{}</p><footer class="paper-foot">{}</footer></article>',
        LANGUAGES.get(paper.language, paper.language),
        paper.house,
        paper.group,
        paper.recipient,
        _facts(paper.facts),
        paper.title,
        format_html_join("", "{}", ((_block(block),) for block in paper.blocks)),
        format_html_join(BREAK, "{}", ((line,) for line in paper.closing)),
        paper.foot,
    )


def _block(block: Block) -> SafeString:
    match block:
        case Heading(text):
            return format_html("<h3>{}</h3>", text)
        case Text(text):
            return format_html("<p>{}</p>", text)
        case Points(texts):
            return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((text,) for text in texts)))
        case Facts(rows):
            return _facts(rows)
        case Table():
            return _table(block)


def _facts(rows: Sequence[tuple[str, str]]) -> SafeString:
    return format_html('<dl class="facts">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))


def _table(table: Table) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in table.head))
    rows = ((format_html_join("", "<td>{}</td>", ((_lines(cell),) for cell in row)),) for row in table.rows)
    return format_html(
        '<div class="table-wrap"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        head,
        format_html_join("", "<tr>{}</tr>", rows),
    )


def _lines(cell: str) -> SafeString:
    return format_html_join(BREAK, "{}", ((line,) for line in cell.split("\n")))
