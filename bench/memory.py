"""Whether the memory that extraction takes grows with the number of articles: `python -m bench memory [N ...]`.

Invented articles of some 290 characters in six languages are given to `extract_all` one after the other and thrown
away. No two are alike: figures, days and the names of people and streets, which are new words each time, come from a
generator with a fixed seed. Each count is read in a process of its own, and its peak of memory is that of the
whole process: language files, gazetteer and interpreter included.

With `--command` the articles are written into a folder that is deleted afterwards, and `tolqyn extract --jsonl` reads
them on all cores: then the peak is that of the largest of its processes.

100,000 articles take some 250 seconds of processor; without numbers 1,000 and 10,000 are read.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tolqyn.claims import Document

COUNTS = (1_000, 10_000)
START = date(2022, 9, 21)
TEXTS = {
    "en": "About {a} people have entered Kazakhstan from Russia since {day} September, said {name} of the interior "
    "ministry. Another {b} left for Uzbekistan last week. In {street} Street a flat costs {c} tenge a month, "
    "{d} % more than in August. Some {e} people are housed in the school there, which has {f} places.",
    "ru": "С {day} сентября из России в Казахстан въехали около {a} россиян, сообщил {name} из МВД. Ещё {b} человек "
    "на прошлой неделе выехали в Узбекистан. На улице {street} квартира стоит {c} тенге в месяц, на {d} % дороже, "
    "чем в августе. В школе разместили {e} человек, там {f} мест.",
    "fr": "Environ {a} personnes sont entrées en Arménie depuis le {day} septembre, a indiqué {name}, du ministère de "
    "l'Intérieur. {b} autres sont parties pour la Géorgie la semaine dernière. Rue {street}, un studio se loue "
    "{c} euros par mois, soit {d} % de plus. L'école en héberge {e} pour {f} places.",
    "es": "Unas {a} personas entraron en Colombia desde el {day} de septiembre, dijo {name}, de Migración. Otras {b} "
    "salieron hacia Ecuador la semana pasada. En la calle {street} un piso cuesta {c} dólares al mes, un {d} % "
    "más. El albergue acoge a {e} y tiene {f} plazas.",
    "de": "Rund {a} Menschen sind seit dem {day}. September nach Polen eingereist, sagte {name} vom Innenministerium. "
    "Weitere {b} reisten vorige Woche nach Deutschland aus. In der {street}straße kostet eine Wohnung {c} Euro im "
    "Monat, {d} % mehr. In der Schule schlafen {e} Menschen, sie hat {f} Plätze.",
    "kk": "{day} қыркүйектен бері Ресейден Қазақстанға {a} адам келді, деді ІІМ өкілі {name}. Өткен аптада {b} адам "
    "Өзбекстанға кетті. {street} көшесінде пәтер айына {c} теңге, тамыздағыдан {d} пайызға қымбат. Мектепте {e} "
    "адам түнеп жүр, онда {f} орын бар.",
}


class Articles:
    """So many invented articles, made anew each time they are gone through."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self) -> Iterator[Document]:
        """The articles, one by one."""
        chance = random.Random(20220921)
        for n in range(self.count):
            code = list(TEXTS)[n % len(TEXTS)]
            text = TEXTS[code].format(
                a=f"{chance.randrange(1_000, 99_000)}", b=chance.randrange(300, 9_000), c=chance.randrange(200, 990),
                d=chance.randrange(5, 60), e=chance.randrange(30, 900), f=chance.randrange(50, 990),
                day=chance.randrange(21, 30), name=f"{word(chance, code)} {word(chance, code)}",
                street=word(chance, code),
            )  # fmt: skip
            published = START + timedelta(10 + n % 60)
            yield Document(f"article-{n:06}", text, published=published, language=code)


def word(chance: random.Random, code: str) -> str:
    """A word that is hardly written twice, in the letters of a language."""
    letters = ("бдкмнрст", "аеиоу") if code in {"ru", "kk"} else ("bdkmnrst", "aeiou")
    return "".join(chance.choice(letters[k % 2]) for k in range(chance.randrange(6, 11))).capitalize()


def main(argv: list[str]) -> None:
    counts = [int(number) for number in argv if number.isdigit()] or COUNTS
    if "--here" in argv:
        print(json.dumps(read(counts[0])))
        return
    print(f"{'articles':>9}{'claims':>9}{'seconds of processor':>22}{'peak, MB':>10}")
    for count in counts:
        found = by_command(count) if "--command" in argv else in_process(count)
        print(f"{count:9,}{found['claims']:9,}{found['seconds']:22.1f}{found['peak_mb']:10.1f}", flush=True)


def in_process(count: int) -> dict[str, float]:
    """What `read` tells, from a process that has done nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "memory", "--here", str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def read(count: int) -> dict[str, float]:
    """Claims found in so many articles, seconds, and the peak of memory of this process."""
    from tolqyn.extract import extract_all

    claims = sum(len(found.claims) for _, found in extract_all(Articles(count)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"claims": claims, "seconds": time.process_time(), "peak_mb": megabytes(peak)}


def by_command(count: int) -> dict[str, float]:
    """The same of the command, which reads files."""
    with tempfile.TemporaryDirectory() as folder:
        given = ["doc,published,language"]
        for article in Articles(count):
            (Path(folder) / f"{article.doc}.txt").write_text(article.text, encoding="utf-8")
            given.append(f"{article.doc},{article.published},{article.language}")
        index = Path(folder) / "documents.csv"
        index.write_text("\n".join(given), encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with subprocess.Popen(
            [sys.executable, "-m", "tolqyn", "extract", folder, "--jsonl"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"},
        ) as command:  # fmt: skip
            assert command.stdout is not None
            claims = sum(1 for _ in command.stdout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"claims": claims, "seconds": seconds, "peak_mb": megabytes(after.ru_maxrss)}


def megabytes(peak: int) -> float:
    """What the system tells of a process's peak, which is bytes on macOS and kilobytes elsewhere."""
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(sys.argv[1:])
