"""A report holds what was estimated and said, and every figure in it opens its evidence."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdf
import pytest
from report.invented import CASES, END, EVENT, KAZAKH, STATEMENTS, posterior, report_input, statement

from tolqyn.claims import Qualifier
from tolqyn.errors import ReportError, UsageError
from tolqyn.estimate.posterior import Reading, Told, Torn
from tolqyn.report import build_report, to_html, to_pdf, write_report
from tolqyn.report.model import Cards, Chart, Dispute, Entry, Paragraph, Table, plain
from tolqyn.report.words import amount

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Tags, ids, links and text of a page; fails on tags that do not nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.sources, self.tags, self.open, self.text = [], [], [], [], [], []
        self.headings, self.policy = [], None
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if attrs.get("http-equiv") == "Content-Security-Policy":
            self.policy = attrs["content"]
        if tag == "a":
            self.links.append(attrs["href"])
        self.sources += [attrs[name] for name in ("src", "srcset", "xlink:href", "action") if name in attrs]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def report():
    return build_report(report_input())


@pytest.fixture(scope="module")
def html(report):
    return to_html(report)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.fixture(scope="module")
def pdf(report):
    return to_pdf(report)


def blocks(report, kind):
    return [block for section in report.sections for block in section.blocks if isinstance(block, kind)]


def spans(report):
    for paragraph in blocks(report, Paragraph):
        yield from paragraph.text
    for table in [*blocks(report, Table), *(chart.table for chart in blocks(report, Chart) if chart.table)]:
        for row in table.rows:
            for cell in row:
                yield from cell
    for entry in blocks(report, Entry):
        yield from entry.head
        for _, text in entry.facts:
            yield from text


def test_every_link_inside_the_report_has_its_anchor(page):
    inside = {link[1:] for link in page.links if link.startswith("#")}

    assert inside
    assert inside <= set(page.ids)


def test_ids_are_unique(page):
    assert len(page.ids) == len(set(page.ids))


def test_a_link_leads_inside_or_to_a_web_address_and_nowhere_else(page):
    assert all(re.match(r"#|https?://", link) for link in page.links)


def test_nothing_is_loaded_from_outside(html, page):
    assert page.sources == []
    assert "script" not in page.tags
    assert not re.search(r"url\((?!data:)", html)
    assert "@import" not in html
    assert page.policy.startswith("default-src 'none';")
    assert "http" not in page.policy


def test_headings_never_skip_a_level(page):
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(page.headings, page.headings[1:], strict=False))


def test_each_card_and_the_headline_show_the_interval_and_open_its_evidence(report, page):
    cards = [card for block in blocks(report, Cards) for card in block.cards]
    words = "".join(page.text)

    assert len(cards) == 5
    assert any(card.value for card in cards)
    for card in cards:
        assert card.to[1:] in page.ids
        assert card.interval in words
    linked = [span for span in report.headline if span.to]
    assert len(linked) == 2
    assert all(span.to[1:] in page.ids for span in linked)


def test_an_estimated_figure_opens_an_entry_that_names_statements(report):
    entries = {entry.id: dict(entry.facts) for entry in blocks(report, Entry)}
    cards = [card for block in blocks(report, Cards) for card in block.cards]

    for card in cards:
        facts = entries[card.to[1:]]
        assert plain(facts["90 % interval"]) == card.interval
        assert [span.to for span in facts["Rests on"] if span.to]


def test_the_headline_is_that_of_the_draws(report):
    made = posterior()
    first = (EVENT - made.days[0]).days
    last = (date(2031, 4, 10) - made.days[0]).days
    net = made.draws("entries", "ISL", "NOR") - made.draws("exits", "ISL", "NOR")
    total = amount(net[:, first : last + 1].sum(axis=1))

    low, high = total.ends
    assert total.poor  # so its interval leads
    assert plain(report.headline) == (
        f"Between {low} and {high} more citizens of Norway are in Iceland than before 15 March 2031"
    )


def test_no_headline_reaches_beyond_the_last_statement(report):
    assert dict(report.stamp)["Data until"] == "10 April 2031"


def test_what_is_set_aside_of_the_very_days_of_the_headline_is_said_beside_it(report):
    source = report_input()
    against = statement(
        "against", value=400, window_start=EVENT, window_end=date(2031, 4, 10), said=date(2031, 4, 10)
    )
    of_fewer_days = statement(
        "fewer", value=1, window_start=EVENT, window_end=date(2031, 4, 9), said=date(2031, 4, 10)
    )
    told = (*source.statements, against, of_fewer_days)
    posterior = replace(
        source.posterior,
        readings=(
            *source.posterior.readings,
            *(Reading(one, used=True, residual_sd=-7.0) for one in told[-2:]),
        ),
    )
    made = build_report(replace(source, posterior=posterior, statements=told))

    said = [
        plain(text)
        for text in (block.text for block in blocks(made, Paragraph))
        if plain(text).startswith("Set aside")
    ]
    assert [re.sub(r"\[\d+\]", "[]", text).partition(". The")[0] for text in said] == [
        "Set aside. Of the same days was also said: entries 400 []"
    ]
    torn = (Torn(Told(("against",), 0.4, 9000), Told(("week",), 0.3, 5000)),)
    for told_of in (
        report,
        build_report(replace(source, posterior=replace(posterior, torn=torn), statements=told)),
    ):
        assert not any(plain(block.text).startswith("Set aside") for block in blocks(told_of, Paragraph))


def test_what_excludes_each_other_and_is_held_by_the_intervals_is_said_with_its_chances(report):
    source = report_input()
    torn = (Torn(Told(("week",), 0.6, 9000), Told(("left", "day"), 0.3, 5000)),)
    made = build_report(replace(source, posterior=replace(source.posterior, torn=torn)))

    (said,) = [block.text for block in blocks(made, Paragraph) if plain(block.text).startswith("Torn")]
    assert re.sub(r"\[\d+\]", "[]", plain(said)).startswith(
        "Torn. Given all else that was said, at most one of these can be right: "
        "entries about 12,000 [] (15–21 March 2031; 60 chances in a hundred) or exits more than 7,000 [] ("
    )
    assert len([span for span in said if span.to]) == 2
    assert not any(plain(block.text).startswith("Torn") for block in blocks(report, Paragraph))


def test_the_turn_of_the_balance_is_told(report):
    summary = " ".join(plain(paragraph.text) for paragraph in blocks(report, Paragraph))

    assert re.search(r"The daily balance turned on \d+ (March|April) 2031: more leave than enter", summary)


def test_every_statement_stands_in_the_appendix_with_its_words(report):
    entries = [entry for entry in blocks(report, Entry) if entry.id.startswith("s-")]

    assert len(entries) == len(STATEMENTS)
    assert sum("Use" in dict(entry.facts) for entry in entries) == len(STATEMENTS)
    retold = [entry for entry in entries if "retold" in plain(dict(entry.facts)["Read in"])]
    assert len(retold) == len(STATEMENTS) - 1  # all but the row of the table


def test_hostile_words_are_shown_and_never_run(html, page):
    assert "<script>" not in html
    assert "<script>alert(1)</script>" in "".join(page.text)
    assert "</svg> 'x'" not in html
    assert "\u202e" not in html
    assert "\x00" not in html
    assert "javascript:" not in " ".join(page.links)
    html.encode("utf-8")  # no lone surrogate is left


def test_a_huge_quote_is_cut_and_what_is_left_out_is_counted(html):
    assert html.count("<script>".replace("<", "&lt;").replace(">", "&gt;")) < 60
    assert "more characters)" in html


def test_statements_of_a_window_are_bars_over_their_days_not_points(report):
    chart = next(chart for chart in blocks(report, Chart) if chart.id == "c-flows-1")
    link = re.search(r'<a href="(#s-\d+)"[^>]*><title>Statement \d+: about 12,000.*?</a>', chart.wide)

    path = re.search(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', link[0])
    left, top, right, bottom = map(float, path.groups())
    assert top == bottom
    assert right - left == pytest.approx(7 * 706 / 61, rel=0.05)  # seven of sixty-one days


def test_pictures_are_made_for_a_page_and_for_a_phone(report):
    for chart in blocks(report, Chart):
        assert 'width="760"' in chart.wide
        assert 'width="340"' in chart.narrow
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', chart.narrow)]
        assert min(sizes, default=10) >= 10


def test_days_before_the_first_statement_of_crossings_and_after_the_last_are_shaded():
    """A stock told of an earlier day says nothing of who crossed then; a count without a beginning may."""
    shaded = []
    for told in (STATEMENTS, [one for one in STATEMENTS if one.id not in {"since", "open"}]):
        charts = blocks(build_report(replace(report_input(), statements=tuple(told))), Chart)
        chart = next(chart for chart in charts if chart.id == "c-flows-1")
        shaded.append(
            len(
                re.findall(
                    r'<rect[^>]*class="[^"]*wash|<rect[^>]*fill="(?:#f3f5f7|var\(--wash\))', chart.wide
                )
            )
        )

    assert shaded == [1, 2]


def test_a_contradiction_shows_its_quotes_and_what_is_left_of_it(report):
    (dispute,) = blocks(report, Dispute)

    assert (dispute.before, dispute.after, dispute.remains) == ("5,000", "300", pytest.approx(0.06))
    assert len(dispute.quotes) == 3
    assert dispute.reason == "a stock read against a flow"


def test_more_contradictions_than_can_be_read_stand_in_a_table():
    many = tuple(replace(CASES[0], id=f"case-{n}", residual_before=1000.0 + n) for n in range(25))

    report = build_report(replace(report_input(), cases=many))

    assert len(blocks(report, Dispute)) == 8
    (table,) = [table for table in blocks(report, Table) if table.id == "t-cases"]
    assert len(table.rows) == 17


def test_the_words_of_a_contradiction_are_told_to_the_end():
    """A story of many figures is long; only one swollen by what a stranger wrote is cut."""
    story = " ".join(f"The ministry said {n:,}." for n in range(1000, 1080))
    case = replace(CASES[0], title="Entries, " * 40, explanation=story)

    (told,) = blocks(build_report(replace(report_input(), cases=(case,))), Dispute)
    (swollen,) = blocks(
        build_report(replace(report_input(), cases=(replace(case, explanation=story * 9),))), Dispute
    )

    assert (told.title, told.explanation) == (case.title.strip(), story)
    assert swollen.explanation.endswith("more characters)")


def test_a_contradiction_among_statements_not_listed_still_finds_their_anchors():
    source = replace(report_input(), statements=STATEMENTS[2:] * 2)

    page = Page(to_html(build_report(source)))

    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_thousands_of_statements_are_cut_to_those_that_are_linked_and_the_rest_counted():
    many = tuple(replace(STATEMENTS[6], id=f"town-{n}") for n in range(3000))

    report = build_report(replace(report_input(), statements=(*STATEMENTS, *many)))

    entries = [entry for entry in blocks(report, Entry) if entry.id.startswith("s-")]
    assert len(entries) == 600
    words = " ".join(plain(paragraph.text) for paragraph in blocks(report, Paragraph))
    assert f"{3000 + len(STATEMENTS) - 600:,} further statements" in words
    page = Page(to_html(report))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_without_events_cases_sources_or_documents_a_report_is_still_made():
    bare = report_input(events=False)
    bare = replace(
        bare, cases=(), documents={}, made_on=None, posterior=replace(bare.posterior, sources=(), notes=())
    )

    report = build_report(bare)

    Page(to_html(report))
    assert "No two statements" in " ".join(plain(paragraph.text) for paragraph in blocks(report, Paragraph))
    assert "Made on" not in dict(report.stamp)


@pytest.mark.parametrize("kept", ["entries", "exits", "stock", "registrations"])
def test_one_stream_alone_makes_a_report(kept):
    source = report_input()
    values = {stream: draws for stream, draws in source.posterior.values.items() if stream.measure == kept}

    report = build_report(replace(source, posterior=replace(source.posterior, values=values)))

    page = Page(to_html(report))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_several_places_and_groups_stand_side_by_side():
    subjects = tuple((place, group) for place in ("ISL", "IRL", "GBR", "FRA") for group in ("NOR", "any"))

    report = build_report(report_input(subjects=subjects))

    (table,) = [table for table in blocks(report, Table) if table.id == "t-subjects"]
    assert len(table.rows) == 8
    charts = [chart.id for chart in blocks(report, Chart)]
    assert len(charts) == len(set(charts))
    page = Page(to_html(report))
    assert len(page.ids) == len(set(page.ids))


def test_a_balance_whose_sign_is_not_known_is_said_to_be_unknown():
    source = report_input()
    made = source.posterior
    noise = np.random.default_rng(1).normal(0, 3000, (made.n_draws, 1))
    values = {
        stream: 1000 + (noise if stream.measure == "entries" else 0) + draws * 0
        for stream, draws in made.values.items()
        if stream.measure in {"entries", "exits"}
    }

    report = build_report(replace(source, posterior=replace(made, values=values)))

    assert re.search(r"is not known: between [\d,]+ fewer and [\d,]+ more$", plain(report.headline))
    added = next(card for block in blocks(report, Cards) for card in block.cards if card.label == "Added")
    assert added.value is None
    assert f'<a class="value range" href="{added.to}">{added.interval}' in to_html(report)


def test_a_balance_below_nought_is_told_as_fewer():
    source = report_input()
    turned = {"entries": "exits", "exits": "entries"}
    values = {
        replace(stream, measure=turned[stream.measure]): draws
        for stream, draws in source.posterior.values.items()
        if stream.measure in turned
    }

    report = build_report(replace(source, posterior=replace(source.posterior, values=values)))

    words = plain(report.headline)
    assert re.match(r"Between ([\d,]+) and ([\d,]+) fewer citizens of Norway ", words)
    low, high = (int(figure.replace(",", "")) for figure in re.findall(r"\b\d+,\d{3}\b", words))
    assert low < high


def test_a_report_as_of_a_day_says_so_and_counts_no_further():
    report = build_report(report_input(as_of=date(2031, 4, 3)))

    assert dict(report.stamp)["As of"] == "3 April 2031"
    assert dict(report.stamp)["Data until"] == "2 April 2031"


def test_a_chart_and_its_headline_round_alike(report):
    chart = next(chart for chart in blocks(report, Chart) if chart.id == "c-stock-1")
    low, high = (span.text for span in report.headline if span.strong)

    assert f">{low}–{high} on 10 Apr<" in chart.wide


def test_a_balance_that_is_well_known_leads_with_its_middle_in_words_and_chart():
    source = report_input()
    made = source.posterior
    still = {
        stream: np.broadcast_to(np.median(draws, axis=0), draws.shape)
        + np.random.default_rng(2).normal(0, 1, draws.shape)
        for stream, draws in made.values.items()
    }

    report = build_report(replace(source, posterior=replace(made, values=still)))

    middle, *_ = (span.text for span in report.headline if span.strong)
    assert re.match(rf"About {middle} more .*: between [\d,]+ and [\d,]+$", plain(report.headline))
    chart = next(chart for chart in blocks(report, Chart) if chart.id == "c-stock-1")
    assert f">{middle} on 10 Apr<" in chart.wide


def test_nothing_estimated_is_an_error_that_says_what_to_check():
    source = report_input()

    with pytest.raises(ReportError, match="nothing was estimated") as raised:
        build_report(replace(source, posterior=replace(source.posterior, values={})))

    assert "situation.toml" in raised.value.hint


def test_the_same_input_gives_the_same_bytes(html, pdf):
    again = build_report(report_input())

    assert to_html(again) == html
    assert to_pdf(again) == pdf


def test_the_pdf_holds_the_words_of_every_script(pdf):
    reader = pypdf.PdfReader(BytesIO(pdf))
    words = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))

    assert "citizens of Norway are in Iceland" in words
    for word in KAZAKH.replace(",", "").split():
        assert word in words
    assert "<script>alert(1)</script>" in words
    assert 3 <= len(reader.pages) <= 14
    assert reader.metadata.title.startswith("An invented wave")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_pdf_meets_the_standards_for_archives_and_for_screen_readers(pdf):
    metadata = pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_object().get_data().decode()

    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_letters_that_no_font_has_do_not_stop_the_pdf():
    source = report_input()
    gazette = replace(source.documents["invented-gazette"], title="中文 हिन्दी")

    pdf = to_pdf(build_report(replace(source, documents={"invented-gazette": gazette})))

    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) >= 3


def test_the_pdf_carries_its_own_fonts(pdf):
    names = set()
    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(font.get_object()["/BaseFont"])

    assert any("TolqynSans" in name for name in names)
    assert not [name for name in names if not re.search(r"Tolqyn|NotoSans|DejaVu|Libertinus", name)]


def test_a_report_is_written_whole_or_not_at_all(report, html, tmp_path):
    target = tmp_path / "out" / "report.html"

    written = write_report(report, target, pdf=True)

    assert [path.name for path in written] == ["report.html", "report.pdf"]
    assert target.read_text(encoding="utf-8") == html
    assert sorted(path.name for path in target.parent.iterdir()) == ["report.html", "report.pdf"]


def test_a_path_that_ends_in_pdf_gets_the_pdf_alone(report, pdf, tmp_path):
    (written,) = write_report(report, tmp_path / "r.pdf")

    assert written.read_bytes() == pdf
    assert list(tmp_path.iterdir()) == [written]


def test_a_place_that_cannot_be_written_to_is_an_error_with_the_place(report, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(UsageError) as raised:
        write_report(report, tmp_path / "file" / "report.html")

    assert raised.value.where == str(tmp_path / "file" / "report.html")
    assert "--output" in raised.value.hint


def test_hostile_text_reaches_the_pictures_escaped(report):
    for chart in blocks(report, Chart):
        for svg in (chart.wide, chart.narrow):
            assert "<script>" not in svg
            Page(svg)


def test_the_assets_are_small_and_licensed():
    assets = Path(__file__).parents[2] / "src" / "tolqyn" / "report" / "assets"

    assert sum(file.stat().st_size for file in assets.rglob("*") if file.is_file()) < 2_000_000
    assert (assets / "fonts" / "OFL.txt").exists()
    assert "BSD" in (assets / "README.md").read_text(encoding="utf-8")


def test_a_report_without_a_day_of_its_making_is_a_pdf_all_the_same(report):
    assert to_pdf(replace(report, made_on=None)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("surge", "said"),
    [
        (1500.0, "are above what ordinary"),
        (0.0, "is not clear: between 0 and 0 above it."),
        (-250.0, "That is less than ordinary"),
    ],
)
def test_entries_are_set_against_ordinary_traffic_by_the_sign_of_all_of_their_interval(surge, said):
    page = to_html(build_report(report_input(surge=surge)))

    assert said in re.sub(r"<[^>]+>", "", page)


def test_the_appendix_names_who_told_a_statement_again_and_in_which_words():
    first = STATEMENTS[0]
    again = replace(
        first.claim,
        doc="late-echo",
        publisher="The Late Echo",
        qualifier=Qualifier.EXACT,
        said=None,
        published=END,
    )
    told = replace(first, id="told-again", claims=(first.claim, again))

    report = build_report(
        replace(report_input(), statements=(told, *(one for one in STATEMENTS if one is not first)))
    )

    entries = [entry for entry in blocks(report, Entry) if "Told again" in dict(entry.facts)]
    assert [plain(dict(entry.facts)["Told again"]) for entry in entries] == [
        "The Late Echo, 30 April 2031, as 12,000"
    ]
