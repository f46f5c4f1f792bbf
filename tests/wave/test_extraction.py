"""Claims of many files: the same on one core and on several, in the order of the files."""

import pytest

from tolqyn.claims import claim_to_record
from tolqyn.wave import extraction

TEXTS = {
    "a-en.txt": "About 98,000 Russians have entered Kazakhstan since 21 September, the interior ministry said.",
    "b-empty.txt": "",
    "c-fr.txt": "Quelque 3 200 personnes sont arrivées à Lampedusa mardi, selon la Croix-Rouge.",
    "d-es.txt": "Unas 500 personas salieron de Colombia hacia Panamá el lunes, dijo ACNUR.",
    "e-pl.txt": "Do Polski wjechało w środę 25,1 tys. osób z Ukrainy, podała Straż Graniczna.",
    "f-kk.txt": "Кеше Ресейден Қазақстанға 6,8 мың ресейлік келді, деді ІІМ.",
}


@pytest.fixture
def folder(tmp_path):
    """A folder with texts in five languages, one of which is empty."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def told(read):
    """What can be compared of what was read."""
    return [([claim_to_record(claim) for claim in claims], problems) for claims, problems in read]


def test_many_files_give_the_same_on_several_cores(folder, monkeypatch):
    alone = told(extraction.extract_paths([folder]))
    monkeypatch.setattr(extraction, "_MANY", 2)
    monkeypatch.setattr(extraction, "_BATCH", 2)

    together = told(extraction.extract_paths([folder], workers=2))

    assert together == alone
    assert [bool(claims) for claims, _ in together] == [True, False, True, True, True, True]
    assert together[1][1]  # what could not be read is told in its place


def test_few_files_are_read_by_this_process_alone(folder, monkeypatch):
    monkeypatch.setattr(extraction, "ProcessPoolExecutor", None)

    assert len(list(extraction.extract_paths([folder], workers=2))) == len(TEXTS)
