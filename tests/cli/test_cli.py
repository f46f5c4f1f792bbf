"""The command line: data on stdout, words on stderr, status 0 for success alone, errors that help."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile

import pytest

import tolqyn
from tolqyn.cli.app import VERBS
from tolqyn.errors import TolqynError

ARTICLE = "ASTANA, Oct 4. About 200,000 Russians have entered Kazakhstan since September 21, the Interior Ministry said."


def run(*words, cwd=None, stdin=None):
    """The command as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "tolqyn", *map(str, words)],
        cwd=cwd, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def wave(tmp_path):
    """A new, empty wave."""
    done = run("new", tmp_path / "kz", "--title", "Russians in Kazakhstan", "--place", "KAZ", "--group", "RUS",
               "--start", "2022-09-01", "--event", "2022-09-21=mobilization announced")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return tmp_path / "kz"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_helps(verb):
    done = run(verb, "--help")

    assert done.returncode == 0
    assert f"tolqyn {verb}" in done.stdout


def test_a_new_wave_can_be_opened_and_not_made_twice(wave):
    with tolqyn.open(wave) as opened:
        assert opened.situation.title == "Russians in Kazakhstan"
        assert [event.name for event in opened.situation.events] == ["mobilization announced"]

    again = run("new", wave, "--title", "x", "--place", "KAZ", "--start", "2022-09-01")

    assert again.returncode == 1
    assert "is a wave already" in again.stderr


def test_claims_come_on_stdout_one_a_line_and_counts_on_stderr(tmp_path):
    (tmp_path / "kz-2022-10-04.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "about.csv").write_text(
        "doc,publisher,published,language,x\nkz-2022-10-04,P,2022-10-04,en,1\n"
    )

    done = run("extract", tmp_path / "kz-2022-10-04.txt", "--documents", tmp_path / "about.csv", "--jsonl")

    assert done.returncode == 0, done.stderr
    (claim,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (claim["doc"], claim["measure"], claim["value"]) == ("kz-2022-10-04", "entries", 200_000)
    assert ARTICLE[claim["start"] : claim["end"]] == claim["quote"]
    assert (claim["window_start"], claim["published"]) == ("2022-09-21", "2022-10-04")
    assert "1 claims in 1 documents" in done.stderr


def test_a_chain_of_echoes_is_shown_with_what_it_lost(wave, tmp_path):
    for n, figure in enumerate(["up to 300,000", "300,000"]):
        (tmp_path / f"page-{n}.txt").write_text(ARTICLE.replace("About 200,000", figure), encoding="utf-8")
        run(
            "add",
            wave,
            tmp_path / f"page-{n}.txt",
            "--published",
            f"2022-10-0{4 + n}",
            "--publisher",
            f"Press {n}",
        )

    shown = run("echoes", wave, "--altered")
    listed = [json.loads(line) for line in run("echoes", wave, "--json").stdout.splitlines()]
    unknown = run("echoes", wave, "nothing")

    assert "Press 1" in shown.stdout
    assert "1 statement is carried more than once; of 1 the figure or its qualifier changed" in shown.stderr
    assert [(one["doc"], one["qualifier"], one["changed"][:1]) for one in listed] == [
        ("page-0", "up_to", []),
        ("page-1", "exact", ["qualifier"]),
    ]
    assert unknown.returncode == 1
    assert "tolqyn claims" in unknown.stderr


def test_text_comes_from_stdin_too():
    done = run("extract", "-", "--jsonl", stdin=ARTICLE)

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


def test_the_same_file_twice_changes_nothing(wave, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text(ARTICLE, encoding="utf-8")

    first = run("add", wave, article, "--published", "2022-10-04", "--publisher", "Example Press (invented)")
    second = run("add", wave, article, "--published", "2022-10-04", "--publisher", "Example Press (invented)")

    assert "1 taken in" in first.stderr
    assert "0 taken in, 1 there already" in second.stderr
    assert (wave / "documents" / "a.txt").read_text(encoding="utf-8") == ARTICLE


def test_what_is_added_can_be_seen_at_once_beside_what_was_believed_before(wave, tmp_path):
    (tmp_path / "first.txt").write_text(ARTICLE)
    (tmp_path / "second.txt").write_text(
        ARTICLE.replace("200,000", "60,000").replace("the Interior", "the Labour")
    )

    first, second = (
        run("add", wave, tmp_path / name, "--published", "2022-10-04", "--show")
        for name in ("first.txt", "second.txt")
    )

    def seen(done):
        return re.search(
            r"entries +KAZ +RUS +2022-09-21 to 2022-10-04 +(unknown|\S+ \(.*?\)) +(\S+ \(.*\))", done.stdout
        )

    assert "no picture yet" in first.stderr
    assert seen(first)[1] == "unknown"
    assert seen(second)[1] == seen(first)[2] != seen(second)[2]
    assert "new contradiction: Entries to Kazakhstan, citizens of Russia" in second.stderr
    assert "new contradiction" not in first.stderr


def test_a_table_tells_of_the_documents_that_are_added(wave, tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(
        "Some 8,000 Russians entered Kazakhstan yesterday.", encoding="utf-8"
    )
    table = tmp_path / "about.csv"
    table.write_text(
        "doc,publisher,published,colour\na,Example Press (invented),2022-10-04,red\n", encoding="utf-8"
    )

    done = run("add", wave, tmp_path / "articles", "--documents", table)

    assert done.returncode == 0, done.stderr
    with tolqyn.open(wave) as opened:
        (claim,) = opened.claims()
    assert (claim.publisher, str(claim.window_start)) == ("Example Press (invented)", "2022-10-03")


def test_a_judgement_stands_beside_the_claim(wave, tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    run("add", wave, tmp_path / "a.txt", "--published", "2022-10-04")
    (before,) = [json.loads(line) for line in run("claims", wave, "--json").stdout.splitlines()]

    unsaid = run("review", wave, before["id"][:6], "--reject")
    corrected = run(
        "review",
        wave,
        before["id"][:6],
        "--correct",
        "qualifier=over",
        "--why",
        "so the headline",
        "--who",
        "Aru (invented)",
    )

    (after,) = [json.loads(line) for line in run("claims", wave, "--json").stdout.splitlines()]
    assert unsaid.returncode == 1
    assert "say why" in unsaid.stderr
    assert corrected.returncode == 0, corrected.stderr
    assert after["qualifier"] == "over"
    with tolqyn.open(wave) as opened:
        (judgement,) = opened.ledger.judgements()
        assert (judgement.who, judgement.why, judgement.verdict) == (
            "Aru (invented)",
            "so the headline",
            "correct",
        )


HEADER = "measure,place,group,value,window_start,window_end,organization,said\n"
GOOD = "entries,KAZ,RUS,98000,2022-09-21,2022-09-27,Ministry,2022-09-27\n"


def zip_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", "0" * 400_000_000)


BAD = {
    "empty.txt": (lambda p: p.write_bytes(b""), "empty.txt", "empty"),
    "picture.txt": (lambda p: p.write_bytes(bytes(range(256)) * 40), "picture.txt", "not text|binary|byte"),
    "bomb.html": (lambda p: p.write_bytes(b"<div>" * 10_000_000), "bomb.html", "large|limit"),
    "wrong.csv": (
        lambda p: p.write_text(HEADER.replace("measure", "mesure") + GOOD), "wrong.csv", "'?measure'?",
    ),
    "reversed.csv": (
        lambda p: p.write_text(HEADER + GOOD.replace("2022-09-21,2022-09-27", "2022-09-27,2022-09-21")),
        "reversed.csv, row 2", "before window_start",
    ),
    "bomb.xlsx": (zip_bomb, "bomb.xlsx", "unpack|large|zip|ratio"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_a_clear_error_that_names_its_place(wave, tmp_path, name):
    make, place, message = BAD[name]
    make(tmp_path / name)

    done = run("add", wave, tmp_path / name)
    (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
    beside = run("add", wave, tmp_path / "good.txt", "--published", "2022-10-04")

    assert done.returncode != 0
    assert place in done.stderr
    assert re.search(message, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert "1 taken in" in beside.stderr


@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "http://[::1]/", "http://10.0.0.8/a.csv"])
def test_a_private_address_is_refused(wave, address):
    done = run("add", wave, address)

    assert done.returncode == 1
    assert address in done.stderr
    assert "Traceback" not in done.stderr


def test_a_good_row_beside_a_bad_one_is_kept(wave, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text(HEADER + GOOD + GOOD.replace("98000", "many"))

    done = run("add", wave, table)

    assert done.returncode == 0
    assert "t.csv, row 3" in done.stderr
    assert "1 claims; 1 set aside" in done.stderr


def test_a_folder_that_is_no_wave_is_said_to_be_none(tmp_path):
    done = run("estimate", tmp_path)

    assert done.returncode == 1
    assert "there is no situation.toml" in done.stderr
    assert "tolqyn new" in done.stderr


def test_a_wave_that_says_nothing_cannot_be_estimated(wave):
    done = run("estimate", wave)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_control_characters_of_strangers_do_not_reach_the_terminal(wave, tmp_path):
    (tmp_path / "t.csv").write_text(HEADER + GOOD.replace("Ministry", "Min\x1b[31mistry"), encoding="utf-8")
    run("add", wave, tmp_path / "t.csv")

    assert "\x1b" not in run("claims", wave).stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_a_hundred_times_the_ledger_holds_whole_documents_only(wave, tmp_path):
    """`kill -9` while documents are taken in, at random moments."""
    texts = tmp_path / "texts"
    texts.mkdir()
    for n in range(60):
        (texts / f"t{n}.txt").write_text(ARTICLE.replace("200,000", f"{200 + n},000") * 3, encoding="utf-8")
    whole = {n: len(_claims_of(texts / f"t{n}.txt")) for n in (0, 59)}
    rng = random.Random(7)
    killed = 0

    for _ in range(100):
        child = os.fork()
        if child == 0:
            try:
                with tolqyn.open(wave) as opened:
                    opened.add([texts], given={"published": "2022-10-04"})
            except (TolqynError, OSError):
                os._exit(3)
            os._exit(0)
        time.sleep(rng.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        with tolqyn.open(wave) as opened:
            claims = opened.claims()
            for document in opened.ledger.documents():
                assert sum(claim.doc == document.doc for claim in claims) in set(whole.values())

    assert killed > 50
    with tolqyn.open(wave) as opened:
        opened.add([texts], given={"published": "2022-10-04"})
        assert len(opened.ledger.documents()) == 60


def _claims_of(path):
    from tolqyn.wave import extract_paths

    return [claim for claims, _ in extract_paths([path]) for claim in claims]


def test_what_was_known_on_no_day_is_told_of_as_of_a_day(wave, tmp_path):
    table = tmp_path / "daily.csv"
    table.write_text("date,place,group,entries\n2022-09-22,KAZ,RUS,9000\n2022-09-23,KAZ,RUS,11000\n")
    run("add", wave, table)

    undated = run("claims", wave, "--as-of", "2022-10-01")
    run("add", wave, table, "--published", "2022-09-25")
    dated = run("claims", wave, "--as-of", "2022-10-01")

    assert "2 claims have neither a day on which they were said nor one of publication" in " ".join(
        undated.stderr.split()
    )
    assert undated.stdout.count("2022-09-2") == 0
    assert "neither" not in dated.stderr
    assert len(dated.stdout.splitlines()) == 3


def test_people_present_are_listed_by_days_since_they_came(wave, tmp_path):
    days = [f"2022-09-{day:02d},KAZ,RUS,{6000 if day < 21 else 12000},5900" for day in range(1, 31)]
    table = tmp_path / "daily.csv"
    table.write_text("\n".join(["date,place,group,entries,exits", *days]) + "\n")
    run("add", wave, table)

    shown = run("cohorts", wave)
    single = run("cohorts", wave, "--on", "2022-09-25", "--csv")
    early = run("cohorts", wave, "--on", "2022-09-10")

    assert [line.split()[2] for line in shown.stdout.splitlines()[1:]] == ["0-6", "7-13", "all"]
    assert [line.split(",")[3] for line in single.stdout.splitlines()[1:]] == ["0", "1", "2", "3", "4"]
    assert early.returncode == 1
    assert "2022-09-21 to 2022-09-30" in early.stderr


def test_a_surge_that_nothing_tells_from_ordinary_traffic_has_no_cohorts(wave, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(ARTICLE, encoding="utf-8")
    run("add", wave, page, "--published", "2022-10-04")

    done = run("cohorts", wave)

    assert done.returncode == 0
    assert done.stdout == ""
    assert "a figure of ordinary days would" in " ".join(done.stderr.split())
