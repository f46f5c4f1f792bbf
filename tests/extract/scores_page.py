"""The tables of scores in docs/concepts/extraction.md, measured anew.

python tests/extract/scores_page.py             print them
python tests/extract/scores_page.py --write     and put them into the page
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

from corpus import FOLDERS, annotated, extracted, is_invented
from passages import ODD, UNREAD, languages, measure, measure_unread_texts
from scoring import f1, score

from tolqyn.claims import claim_to_record
from tolqyn.languages import codes

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "extraction.md"
BEGIN, END = "<!-- scores: written by tests/extract/scores_page.py -->\n", "<!-- end of scores -->\n"
LEVELS = ("found", "core", "full")


def texts():
    """Counts of the texts that were read while the rules were written: of each wave, and of each language."""
    by_wave, by_language = defaultdict(Counter), defaultdict(Counter)
    for folder in FOLDERS:
        gold = annotated(folder)
        for document, found in extracted(folder, codes()):
            records = [claim_to_record(claim) for claim in found.claims]
            counts = score(gold[document.doc], records)
            by_language[document.language] += counts
            if not is_invented(folder):
                by_wave[folder.name] += counts
    return by_wave, by_language


def cells(counts):
    """Annotated claims and the three levels, as cells of a row; dashes where there is no text."""
    if not counts["gold"]:
        return ("–",) * 4
    return (str(counts["gold"]), *(f"{f1(counts, level):.2f}" for level in LEVELS))


def row(*values):
    return "| " + " | ".join(values) + " |"


def tables():
    """The three tables: waves, texts by language, passages by language."""
    by_wave, by_language = texts()
    unread = {code: result.counts for code, result in measure_unread_texts(()).items()}
    head = ("annotated", *LEVELS)
    lines = [row("wave, all languages", *head), row(*["---"] * 5)]
    lines += [row(wave, *cells(counts)) for wave, counts in sorted(by_wave.items())]
    lines += [
        "",
        row("texts", *(f"{name}, read" for name in head), *(f"{name}, unread" for name in head)),
        row(*["---"] * 9),
    ]
    for code in sorted({*by_language, *unread}):
        lines.append(row(code, *cells(by_language[code]), *cells(unread.get(code, Counter()))))
    everything = (sum(part.values(), Counter()) for part in (by_language, unread))
    lines.append(row("all", *(cell for part in everything for cell in cells(part))))
    lines += [
        "",
        row(
            "passages",
            *(cell for kind in ("read", "odd", "unread") for cell in (f"wholly right, {kind}", *LEVELS)),
        ),
        row(*["---"] * 13),
    ]
    for code in languages():
        kinds = (measure(code), measure(code, ODD), measure(code, UNREAD))
        lines.append(
            row(code, *(cell for one in kinds for cell in (f"{one.share:.2f}", *cells(one.counts)[1:])))
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    measured = tables()
    print(measured, end="")
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(page[:before] + "\n" + measured + "\n" + page[after:], encoding="utf-8")
