"""The page of the studies says what the results say."""

from studies.page import PAGE, fresh


def test_the_tables_of_the_page_are_those_of_the_results():
    text = PAGE.read_text(encoding="utf-8")

    assert fresh(text) == text, "python -m studies writes the page"
