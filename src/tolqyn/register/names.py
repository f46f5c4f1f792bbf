"""Invented people without a key: names in two alphabets, birth dates, and what goes wrong when they are typed.

Pure. Nobody bears these names together with these dates but by chance.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["with_names"]

FAMILY = (
    "Абаев", "Бобров", "Вязов", "Громов", "Дудин", "Ершов", "Жуков", "Зимин", "Исаев", "Кузьмин", "Лапин", "Мышкин",
    "Носов", "Орлов", "Пшеничный", "Рябов", "Сухов", "Тихий", "Ульянов", "Фомин", "Хромов", "Цыганов", "Чижов",
    "Шумский", "Щукин", "Юдин", "Яшин", "Ахметов", "Жумабаев", "Сатпаев",
)  # fmt: skip
GIVEN = {
    "m": ("Юрий", "Хасан", "Эльдар", "Вячеслав", "Игорь", "Тимур", "Максим", "Аркадий", "Ерлан", "Семён", "Фёдор", "Нурлан"),
    "f": ("Жанна", "Айгуль", "Цветана", "Яна", "Ольга", "Юлия", "Эльвира", "Надежда", "Чинара", "Софья", "Зухра", "Мария"),
}  # fmt: skip

LATIN = dict(zip(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    ("a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
     "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
    strict=True,
))  # fmt: skip
"""As passports write it."""

NO_NAME, SLIP, WRONG_DAY, NO_DOCUMENT = 0.02, 0.05, 0.01, 0.03
"""Shares of crossings: name left out, a letter left out, day of birth misread, document not taken down."""


def with_names(events: pa.Table, chance: np.random.Generator) -> pa.Table:
    """Crossing events with `name` and full dates in `born`, and without the key that they had.

    Args:
        events: from `register_batch`, each with its key.
        chance: what is drawn.
    """
    keys = events["person"].combine_chunks().dictionary_encode().indices.to_numpy()
    persons, rows = int(keys.max(initial=-1)) + 1, keys.size
    family, given = chance.integers(0, len(FAMILY), persons)[keys], chance.integers(0, 12, persons)[keys]
    woman = np.asarray(pc.equal(events["sex"].cast(pa.string()), "f"))
    month, day = chance.integers(1, 13, persons)[keys], chance.integers(1, 29, persons)[keys]
    day = np.where(chance.random(rows) < WRONG_DAY, chance.integers(1, 29, rows), day)
    latin, slip = chance.random(rows) < 0.5, chance.random(rows) < SLIP
    at = chance.random(rows)
    told = (_name(*row) for row in zip(family, given, woman, latin, np.where(slip, at, -1.0), strict=True))
    names = pa.array(list(told), pa.string())
    years = events["born"].to_numpy()
    born = [f"{y}-{m:02}-{d:02}" for y, m, d in zip(years, month, day, strict=True)]
    columns = {name: events[name] for name in events.column_names}
    columns["person"] = pa.nulls(rows, pa.string())
    columns["document"] = pc.if_else(_share(rows, NO_DOCUMENT, chance), None, events["document"])
    columns["born"] = pa.array(born, pa.string())
    columns["name"] = pc.if_else(_share(rows, NO_NAME, chance), None, names)
    return pa.table(columns)


def _name(family: int, given: int, woman: bool, latin: bool, slip: float) -> str:
    """A family name and a given one; `slip`, from 0 to 1, is where a letter is left out, below 0 nowhere."""
    last = FAMILY[family]
    if woman:
        last = f"{last[:-2]}ая" if last.endswith(("ий", "ый")) else f"{last}а"
    text = f"{last} {GIVEN['f' if woman else 'm'][given]}"
    if latin:
        text = "".join(LATIN.get(sign, sign) for sign in text.lower()).title()
    n = int(slip * len(text))
    return text if slip < 0 else text[:n] + text[n + 1 :]


def _share(rows: int, share: float, chance: np.random.Generator) -> pa.Array:
    return pa.array(chance.random(rows) < share)
