"""How well and how fast claims are found, beside what one could install instead: `python -m bench extract`.

The annotated texts of tests/extract/texts are read by our rules, by a regular expression of a few lines,
and by two general extractors of quantities, quantulum3 and Microsoft's Recognizers-Text. These are
installed into a folder that is thrown away afterwards; without a package registry they are skipped. They know
figures but not claims, so of them only *found* can be asked: the right figure at the right place.
To be fair to them, years and figures below 13, which are mostly dates, are taken out of what they find.

Not compared: spaCy, whose models are not on the registry under their own names (only placeholders of strangers
are), and GLiNER, whose weights are fetched from elsewhere; neither runs offline.

With `--endpoint URL --model NAME [--key-env VARIABLE]` a language model reads the texts too, which are sent there.

Each tool runs alone in a process of its own, on one core, and its processor time is taken after a text of each
language has been read: what is loaded once is not counted.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tolqyn.claims import Document, claim_to_record

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "tests" / "extract" / "texts"
UNREAD = ROOT / "tests" / "extract" / "unread" / "invented-texts"
PACKAGES = {
    "quantulum3": ["quantulum3==0.10.0"],
    "recognizers-text": ["recognizers-text==1.0.2a2", "recognizers-text-number==1.0.2a2", "emoji==1.1.0"],
}
ARTICLE = 2000
"""Characters of the article that speed is given in."""
SECONDS = 600
"""After this a tool is stopped."""

Record = dict[str, Any]


def main(argv: list[str]) -> None:
    options = argparse.ArgumentParser(prog="python -m bench extract")
    for name in ("--tool", "--endpoint", "--model", "--key-env"):
        options.add_argument(name, help=argparse.SUPPRESS if name == "--tool" else None)
    asked = options.parse_args(argv)
    if asked.tool:
        read_all(asked.tool)
        return
    documents = annotated()
    found: dict[str, list[list[Record]]] = {}
    speed: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for tool in ("tolqyn", "regex", *PACKAGES):
            home = Path(folder) / tool
            if tool in PACKAGES and not install(PACKAGES[tool], home):
                print(f"{tool} is not to be had here: skipped")
                continue
            answer = run(tool, home, documents)
            if answer is not None:
                found[tool], seconds = answer
                speed[tool] = sum(len(doc["text"]) for doc in documents) / ARTICLE / seconds
    if asked.endpoint and asked.model:
        found[asked.model] = by_model(documents, asked.endpoint, asked.model, asked.key_env)
    tell_quality(documents, found)
    tell_languages(documents, found)
    print(f"\n{'':18}{'articles/s':>11}  of {ARTICLE:,} characters, one core")
    for tool, rate in speed.items():
        print(f"{tool:18}{rate:11.0f}  {rate / speed['tolqyn']:7.2f} of ours")


def annotated() -> list[Record]:
    """The texts with their annotations."""
    documents = []
    for wave in (*sorted(TEXTS.iterdir()), UNREAD):
        gold = defaultdict(list)
        for line in (wave / "claims.jsonl").read_text(encoding="utf-8").splitlines():
            claim = json.loads(line)
            gold[claim["doc"]].append(claim)
        for row in csv.DictReader((wave / "articles.csv").read_text(encoding="utf-8").splitlines()):
            text = (wave / "articles" / f"{row['doc']}.txt").read_bytes().decode("utf-8")
            alone = wave.name.startswith(("invented-", "news-"))
            documents.append(
                {
                    **row,
                    "wave": row["doc"] if alone else wave.name,
                    "seen": "unread" if wave == UNREAD else "read",
                    "text": text,
                    "gold": gold[row["doc"]],
                }
            )
    return documents


def install(packages: list[str], home: Path) -> bool:
    """Put packages into a folder; whether that went well."""
    uv = ROOT / ".boot" / "bin" / "uv"
    pip = (
        [uv, "pip", "install", "--python", sys.executable]
        if uv.exists()
        else [sys.executable, "-m", "pip", "install"]
    )
    done = subprocess.run([*pip, "--quiet", "--target", home, *packages], check=False, capture_output=True)
    return done.returncode == 0


def run(tool: str, home: Path, documents: list[Record]) -> tuple[list[list[Record]], float] | None:
    """What a tool finds in each text, and its seconds of processor."""
    given = [
        {name: doc[name] for name in ("doc", "wave", "text", "language", "published")} for doc in documents
    ]
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bench", "extract", "--tool", tool],
            input=json.dumps(given), capture_output=True, text=True, check=True, timeout=SECONDS, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(home), "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"{tool} did not get through: {str(getattr(error, 'stderr', '') or error).strip()[-200:]}")
        return None
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["found"], answer["seconds"]


def read_all(tool: str) -> None:
    """Read the texts on stdin with one tool; print what it finds, and its seconds, as JSON."""
    documents = json.load(sys.stdin)
    read = READERS[tool]()
    firsts = {doc["language"]: doc for doc in documents}
    read(list(firsts.values()))
    begun = time.process_time()
    found = read(documents)
    seconds = time.process_time() - begun
    print(json.dumps({"found": found, "seconds": seconds}))


Reader = Callable[[list[Record]], list[list[Record]]]


def by_tolqyn() -> Reader:
    """Our rules; what one text of a wave says of an event helps with the others."""
    from tolqyn.extract import extract_all

    def read(documents: list[Record]) -> list[list[Record]]:
        claims: dict[str, list[Record]] = {}
        for wave in sorted({doc["wave"] for doc in documents}):
            given = [as_document(doc) for doc in documents if doc["wave"] == wave]
            for document, extraction in extract_all(given):
                claims[document.doc] = [claim_to_record(claim) for claim in extraction.claims]
        return [claims[doc["doc"]] for doc in documents]

    return read


def by_model(documents: list[Record], endpoint: str, model: str, key: str | None) -> list[list[Record]]:
    """A language model; what it answers is verified as everywhere."""
    from tolqyn.errors import ExtractError
    from tolqyn.wave import model_engine

    engine = model_engine(endpoint, model, key_variable=key)
    found: list[list[Record]] = []
    aside = 0
    for doc in documents:
        try:
            extraction = engine.read(as_document(doc), ())
        except ExtractError as error:
            print(error)
            found.append([])
            continue
        aside += len(extraction.problems)
        found.append([claim_to_record(claim) for claim in extraction.claims])
    print(f"{engine.name}: {aside} records set aside")
    return found


def as_document(doc: Record) -> Document:
    day = date.fromisoformat(doc["published"]) if doc["published"] else None
    return Document(doc["doc"], doc["text"], published=day, language=doc["language"])


MAGNITUDES = {
    r"thousand|тыс\w*|тис\w*|tausend|mille|mil|tys\w*|tūkst\w*|мың": 1e3,
    r"million\w*|mln|млн|миллион\w*|мільйон\w*|millón|millones|milion\w*|mio": 1e6,
}


def by_regex() -> Reader:
    """What one writes in ten minutes: digits in groups, then perhaps a thousand or a million."""
    number = re.compile(
        r"(?<![\w.,])(\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+|\d+(?:[.,]\d+)?)(?!\d)(?:[\s\u00a0]+("
        + "|".join(MAGNITUDES)
        + r")\b)?",
        re.IGNORECASE,
    )

    def value(digits: str, word: str | None) -> float:
        scale = next(
            (size for words, size in MAGNITUDES.items() if word and re.fullmatch(words, word, re.IGNORECASE)),
            1,
        )
        grouped = re.fullmatch(r"\d{1,3}(?:\D\d{3})+", digits)
        return float(re.sub(r"\D", "", digits) if grouped else digits.replace(",", ".")) * scale

    return each(lambda text, _: [(m.start(), m.end(), value(m[1], m[2])) for m in number.finditer(text)])


def by_quantulum() -> Reader:
    """quantulum3, which knows English words and anybody's digits."""
    from quantulum3 import classifier, parser

    # It tells units of one name apart, which changes no figure; its model is a pickle of an older scikit-learn.
    classifier.USE_CLF = False
    return each(lambda text, _: [(*quantity.span, float(quantity.value)) for quantity in parser.parse(text)])


def by_recognizers() -> Reader:
    """Recognizers-Text in the language of the text where it has it, else in English."""
    from recognizers_number import Culture, recognize_number

    cultures = {"en": Culture.English, "es": Culture.Spanish, "fr": Culture.French, "pt": Culture.Portuguese}

    def numbers(text: str, language: str) -> list[tuple[int, int, float]]:
        return [
            (one.start, one.end + 1, float(str(one.resolution["value"]).replace(",", ".")))
            for one in recognize_number(text, cultures.get(language, Culture.English))
            if one.resolution and one.resolution["value"] is not None
        ]

    return each(numbers)


def each(numbers: Callable[[str, str], list[tuple[int, int, float]]]) -> Reader:
    """A reader of one text after the other, without what is likely a year or a day."""

    def read(documents: list[Record]) -> list[list[Record]]:
        return [
            [
                {"start": start, "end": end, "value": value, "low": None, "high": None}
                for start, end, value in numbers(doc["text"], doc["language"])
                if value >= 13 and not (value in range(1900, 2101) and end - start == 4)
            ]
            for doc in documents
        ]

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "tolqyn": by_tolqyn,
    "regex": by_regex,
    "quantulum3": by_quantulum,
    "recognizers-text": by_recognizers,
}


def tell_quality(documents: list[Record], found: dict[str, list[list[Record]]]) -> None:
    """Agreement with the annotations, apart for texts read while our rules were written and texts never read."""
    print(f"{'':18}{'texts':10}{'precision':>10}{'recall':>8}{'found':>7}{'core':>7}{'full':>7}")
    for tool, records in found.items():
        for name in ("read", "unread"):
            counts = total(documents, records, lambda doc, name=name: doc["seen"] == name)
            rates = [counts["found"] / max(counts[side], 1) for side in ("predicted", "gold")]
            levels = [f1(counts, level) for level in ("found", "core", "full")]
            shown = [
                f"{level:7.2f}" for level in (levels if tool not in {"regex", *PACKAGES} else levels[:1])
            ]
            print(f"{tool:18}{name:10}{rates[0]:10.2f}{rates[1]:8.2f}{''.join(shown)}")


def tell_languages(documents: list[Record], found: dict[str, list[list[Record]]]) -> None:
    """F1 of what is found, by language; a language of which there is no file gives none."""
    print(f"\n{'found by language':18}{'annotated':>10}" + "".join(f"{tool:>18}" for tool in found))
    gold: Counter[str] = Counter()
    for doc in documents:
        gold[doc["language"]] += len(doc["gold"])
    for language, annotated_claims in gold.most_common():
        if not annotated_claims:
            continue
        row = [
            f1(total(documents, records, lambda doc, code=language: doc["language"] == code), "found")
            for records in found.values()
        ]
        print(f"{language:18}{annotated_claims:10}" + "".join(f"{level:18.2f}" for level in row))


def total(
    documents: list[Record], records: list[list[Record]], wanted: Callable[[Record], bool]
) -> Counter[str]:
    """Counts of the scorer over the texts wanted."""
    sys.path.insert(0, str(TEXTS.parent))
    try:
        from scoring import score
    finally:
        sys.path.pop(0)
    counts: Counter[str] = Counter()
    for doc, predicted in zip(documents, records, strict=True):
        if wanted(doc):
            counts += score(doc["gold"], predicted)
    return counts


def f1(counts: Counter[str], level: str) -> float:
    return 2 * counts[level] / max(counts["gold"] + counts["predicted"], 1)


if __name__ == "__main__":
    main(sys.argv[1:])
