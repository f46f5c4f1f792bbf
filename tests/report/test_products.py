"""The sections beside the flows: the stay clock, the number to ask for next, what was believed when."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from estimate.figures import KAZAKHSTAN, official_statements
from report.invented import report_input

from tolqyn.estimate import estimate
from tolqyn.estimate.vintages import beliefs, headline_spans
from tolqyn.report import ReportInput, build_report, to_html, to_pdf, vintage_chart
from tolqyn.report.model import Chart, Table, plain
from tolqyn.stay import load_rules


@pytest.fixture(scope="module")
def told():
    statements = tuple(official_statements())
    posterior = estimate(statements, KAZAKHSTAN, draws=200)
    then = estimate(statements, KAZAKHSTAN, as_of=date(2022, 10, 4), draws=200)
    spans = headline_spans(then)
    pairs = tuple(zip(beliefs(then, spans), beliefs(posterior, spans), strict=True))
    return ReportInput(KAZAKHSTAN, posterior, (), statements, {}, None, "test", load_rules(), pairs)


@pytest.fixture(scope="module")
def report(told):
    return build_report(told)


def section(report, name):
    return next((one for one in report.sections if one.id == name), None)


def table_of(report, name):
    blocks = section(report, name).blocks
    tables = [one.table if isinstance(one, Chart) else one for one in blocks]
    return next(one for one in tables if isinstance(one, Table))


def test_the_clock_names_its_provision_and_nobody_past_a_term(report):
    words = " ".join(plain(b.text) for b in section(report, "clock").blocks if hasattr(b, "text"))
    titles = [plain(row[0]) for row in table_of(report, "clock").rows]

    assert "90 days per entry" in words
    assert "On day 30 of the visit" in titles
    assert "On the last lawful day of the visit" in titles
    assert not any("overstay" in text or "past" in text for text in titles)


def test_without_a_rule_on_file_there_is_no_clock(told):
    assert section(build_report(replace(told, rules=None)), "clock") is None
    assert section(build_report(replace(report_input(), rules=load_rules())), "clock") is None


def test_the_first_number_to_ask_for_is_a_count_of_those_present(report):
    assert plain(table_of(report, "asking").rows[0][0]).startswith("citizens of Russia present in Kazakhstan")


def test_what_was_believed_is_drawn_once_for_each_number(told, report):
    assert section(report, "believed") is not None
    picture = vintage_chart(told.believed)
    assert picture.count("<a ") == len(told.believed)
    ET.fromstring(picture)


def test_page_and_paper_can_be_made_of_them(report):
    page = to_html(report)

    for name in ("clock", "asking", "believed"):
        assert f'id="{name}"' in page
    assert to_pdf(report).startswith(b"%PDF")
