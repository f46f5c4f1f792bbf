"""Whose movement a figure speaks of: a citizenship, foreigners, everybody, or part of a people.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from tolqyn.extract.reading import Named, Reading, kept
from tolqyn.languages import Hit, load
from tolqyn.values import value

__all__ = ["Group", "find_group", "find_groups"]

_FURTHEST = 40.0
_PAPER = 3  # items of the name of a paper that may hold that of a country, more than so many
_AND = 3  # letters of a word or sign that joins two names, at most
_APOSTROPHES = "'’"
_JOINTS = 3  # words between two parts that share a figure: "et les", "et d'", at most
_DASHES = {":", "—", "–", "-", "(", "|"}
_NAMES = {"people", "citizens", "origin"}


@value
class Group:
    """A group as named.

    Attributes:
        name: alpha-3 code, "foreign", "any", or a short name.
        base: the alpha-3 code behind a short name ("Russian students" -> RUS); None without one.
        words: as written, folded.
        first: its first item.
        last: the item after it.
        form: "people", "citizens", "origin" ("refugees from Syria"), "label", "foreign", "any" or "parts".
    """

    name: str
    base: str | None
    words: str
    first: int
    last: int
    form: str = "people"


def find_group(
    reading: Reading, figure: int, carried: str | None, skipped: Collection[str] = ()
) -> Group | None:
    """The group that a sentence gives to a figure; None where it names none.

    Args:
        reading: the sentence.
        figure: the item of the figure.
        carried: the citizenship spoken of before, for "students" and the like.
        skipped: forms that are no groups here (`Group.form`).
    """
    groups = [group for group in find_groups(reading, carried) if group.form not in skipped]
    ways = [(_cost(reading, figure, group), n) for n, group in enumerate(groups)]
    cost, n = min(ways, default=(_FURTHEST, 0))
    return _with_joined(reading, groups, n) if cost < _FURTHEST else None


def _with_joined(reading: Reading, groups: Sequence[Group], n: int) -> Group:
    """A group with those that share its figure: "3 million citizens of Uzbekistan and Tajikistan"."""
    first = last = groups[n]
    if first.form == "parts":
        return _with_parts(reading, first, groups[n + 1 :])
    if first.base is None and first.form == "people":  # "Chechens and other citizens of Russia"
        whole = (group for group in groups if 0 < group.first - first.last <= _AND)
        return next((group for group in whole if group.form == "citizens"), first)
    codes = {first.name}
    for group in groups[n + 1 :]:
        if not first.form == group.form == "citizens" or group.first != last.last + 1:
            break
        codes.add(group.name)
        last = group
    if len(codes) == 1 or reading.of("pair"):
        return first
    words = reading.words(first.first, last.last)
    return Group(", ".join(sorted(codes)), None, words, first.first, last.last, "citizens")


def _with_parts(reading: Reading, part: Group, following: Sequence[Group]) -> Group:
    """A part with the one joined to it: "women and children"."""
    other = next((group for group in following if group.form == "parts"), None)
    between = reading.items[part.last : other.first] if other is not None else []
    between = [item for item in between if item.text not in _APOSTROPHES]
    joined = 0 < len(between) <= _JOINTS and all(
        item.kind == "w" and len(item.text) <= _AND for item in between
    )
    if other is None or not joined:
        return part
    name = f"{part.name} and {other.name.rpartition(' ')[2]}"
    return Group(name, part.base, reading.words(part.first, other.last), part.first, other.last, "parts")


def _cost(reading: Reading, figure: int, group: Group) -> float:
    if group.last == figure - 1 and reading.items[group.last].text == "(":
        return 0.0  # "Iranians (1,960) and Syrians (1,410)"
    if group.first <= figure:
        if _is_noun_before(reading, figure, group):
            return 2 * _FURTHEST  # "101,000 Ukrainians, half a million people having come in"
        if _is_part_before(reading, figure, group):
            return 2 * _FURTHEST  # "900,000 Syrians, 400,000 of them children; 200,000 live in Amman"
        # Before the figure a group is its label or its subject; a little less sure than right after.
        cost = reading.between(group.last, figure) + 2
    else:
        cost = reading.between(figure + 1, group.first) + reading.elsewhere(figure, group.first)
        parted = any(reading.items[i].text in {",", ";", "("} for i in range(figure + 1, group.first))
        if any(
            figure < other < group.first <= other + _noun_reach(reading, other) for other in reading.figures
        ):
            return 2 * _FURTHEST  # the noun of the next figure
        if parted and any(0 <= other - group.last <= 2 for other in reading.figures if other > figure):
            return 2 * _FURTHEST  # the subject of the next figure
        if (
            group.form in _NAMES
            and reading.parted(figure + 1, group.first)
            and not _is_share(reading, figure)
        ):
            return 2 * _FURTHEST  # "71 people, mostly Moroccans"; "1,028 asked for asylum, Hondurans 900"
    if group.form == "parts" and cost > (4 if group.first > figure else 16):
        return 2 * _FURTHEST
    if group.form == "label":
        beside = group.last <= figure <= group.last + 1
        return cost + 2 if beside or (group.last <= figure and cost <= 6) else 2 * _FURTHEST
    return cost


def _is_noun_before(reading: Reading, figure: int, group: Group) -> bool:
    """Whether a group is the noun of a figure in a clause before, where this one has a noun of its own."""
    persons = reading.at("units", figure + 1)
    begin, end = reading.clause(figure)
    if persons is None or persons.value != "persons" or group.last > begin:
        return False
    ends = (named for named in reading.named if begin <= named.first < end and named.form == "name")
    anew = reading.items[begin - 1].text == ";" or any({"to", "from"} & named.roles for named in ends)
    return anew and any(
        other < group.first <= other + _noun_reach(reading, other) for other in reading.figures
    )


def _is_part_before(reading: Reading, figure: int, group: Group) -> bool:
    """Whether a part is that of a figure before, which took it from a whole, and a semicolon or stop ends both."""
    begin, _ = reading.clause(figure)
    if group.form != "parts" or begin < group.last or reading.items[begin - 1].text != ";":
        return False
    owner = next((n for n in reading.figures if n < group.first <= n + _noun_reach(reading, n)), None)
    return owner is not None and any(other < owner for other in reading.figures)


def _is_share(reading: Reading, figure: int) -> bool:
    """Whether a figure is a percentage: whose it is may stand far behind it."""
    value = reading.items[figure].value
    return value.share or reading.at("percent", figure + 1) is not None


def _noun_reach(reading: Reading, figure: int) -> int:
    """How many items after a figure its noun may begin: further after a percentage, "30 percent of them Syrians"."""
    share = reading.at("percent", figure + 1)
    after = figure + 1 if share is None else share.last
    they = next(
        (
            hit.last
            for hit in reading.of("group")
            if hit.value[0] == "carried" and 0 <= hit.first - after <= 1
        ),
        None,
    )
    return (after if they is None else they) - figure + 1


@kept
def find_groups(reading: Reading, carried: str | None) -> list[Group]:
    """Every group that a sentence names, parts of a people as those of the citizenship spoken of before."""
    if carried is not None and all(hit.value[0] != "parts" for hit in reading.of("group")):
        return find_groups(reading, None)
    found: list[Group] = []
    papers = [hit for hit in reading.of("documents") if hit.last - hit.first > _PAPER]
    bodies = reading.of("source")
    for named in reading.named:
        if named.place.kind != "country" or any(
            hit.first <= named.first < hit.last for hit in (*papers, *bodies)
        ):
            continue  # a "British National (Overseas)" visa is a paper, the Danish Refugee Council a body
        if named.form == "people":
            if reading.at("role.side", named.last) is not None:
                continue
            found.append(_people(reading, named))
        else:
            found += _citizens(reading, named) or _labels(reading, named)
    found = [group for group in found if not _is_of_part(reading, group) and not _turns_back(reading, group)]
    for hit in reading.of("group"):
        key, name = hit.value
        if any(body.first <= hit.first and hit.last <= body.last for body in bodies):
            continue  # the Office for Foreigners is no foreigner
        words = reading.words(hit.first, hit.last)
        if key == "peoples" and not _is_parted(reading, hit):
            found.append(Group(str(name), None, words, hit.first, hit.last, "people"))
        elif key in {"foreign", "any"}:
            found.append(Group(key, None, words, hit.first, hit.last, key))
        elif key == "parts":
            whole = reading.ending("group", hit.first)
            if whole is not None and whole.value[0] == "peoples":
                label = f"{whole.value[1]} {name}"
                found.append(
                    Group(label, None, reading.words(whole.first, hit.last), whole.first, hit.last, key)
                )
                continue
            beside = _beside(reading, hit)
            base = beside or (carried if carried and len(carried) == 3 and carried.isupper() else None)
            whose = base if name not in _OF_ALL or _is_named(reading, hit, base) else beside
            people = _adjective(whose) if whose else carried if carried and not carried.isupper() else None
            label = f"{people} {name}" if people else str(name)
            found.append(Group(label, base, words, hit.first, hit.last, "parts"))
    return found


# Parts that every people has: where none stands beside them, they go by their own name.
_OF_ALL = {
    "children",
    "minors",
    "unaccompanied minors",
    "women",
    "men",
    "single men",
    "orphans",
    "pensioners",
}


def _is_parted(reading: Reading, people: Hit) -> bool:
    """Whether a part of a people is named, "Rohingya children", and not all of it."""
    part = reading.at("group", people.last)
    return part is not None and part.value[0] == "parts"


def _turns_back(reading: Reading, group: Group) -> bool:
    """Whether a people leads its sentence as who turns others back: "Litwini nie wpuścili 9 osób"."""
    deed = reading.at("measures", group.last)
    if group.form != "people" or group.first > 0 or deed is None or deed.value not in _DEEDS:
        return False
    return any(hit.value == "persons" and hit.first - 1 in reading.figures for hit in reading.of("units"))


_DEEDS = {"refusals", "deportations", "detentions"}


def _is_of_part(reading: Reading, group: Group) -> bool:
    """Whether citizens are only a part of them: "Ukrainian children"."""
    return group.form == "citizens" and any(
        hit.value[0] == "parts" and group.first < hit.first and hit.last == group.last
        for hit in reading.of("group")
    )


def _people(reading: Reading, named: Named) -> Group:
    code = named.place.code
    ethnic = reading.ending("group", named.first)
    if ethnic is not None and ethnic.value[0] == "ethnic":
        words = reading.words(ethnic.first, named.last)
        return Group(f"ethnic {_plural(code)}", code, words, ethnic.first, named.last)
    return Group(code, code, reading.words(named.first, named.last), named.first, named.last)


def _citizens(reading: Reading, named: Named) -> list[Group]:
    """A country or its adjective beside a word for citizens or persons; and what is joined to it."""
    for hit in reading.among("group", "units"):
        key = hit.value[0] if hit.category == "group" else str(hit.value)
        if key not in {"citizens", "origins", "persons", "carried"}:
            continue
        if reading.at("documents", hit.first) is not None and reading.of("acts"):
            continue  # "were given the citizenship of Kazakhstan"
        if named.form == "adjective":
            # "Syrian citizens"; "de nationalité syrienne", where adjectives follow
            told = key == "citizens" and hit.last == named.first and not reading.of("acts")
            parted = (
                named.last in reading.figures
            )  # "the Tunisian coast guard stopped 130 migrants", in Arabic
            # "held Syrian passports", "mit syrischem Pass"
            told = told or (key == "citizens" and hit.first < named.first and named.last <= hit.last)
            fits = told or (named.last <= hit.first <= named.last + 1 and not parted)
        else:
            # Before the noun stands the name in languages that put the genitive there.
            follows = hit.last <= named.first <= hit.last + 1 and reading.at("measures", hit.last) is None
            follows = follows and (named.first == hit.last or not {"to", "in"} & named.roles)
            fits = key in {"citizens", "origins"} and (
                (follows and not _are_its_own(reading, hit, named))
                or (named.last == hit.first and not named.roles)
            )
        if fits:
            code = named.place.code
            first, last = min(named.first, hit.first), max(named.last, hit.last)
            bare = (
                reading.at("units", hit.first) is not None
                and reading.ending("role.from", hit.last) is not None
            )
            form = "origin" if bare or key == "origins" else "citizens"
            whole = Group(code, code, reading.words(first, last), first, last, form)
            led = _leading(reading, named) if named.form == "name" and named.last <= hit.first else ()
            return [*led, whole, *_joined(reading, named, last, form)]
    return []


def _are_its_own(reading: Reading, hit: Hit, named: Named) -> bool:
    """Whether citizens are those of who brings them home from a country: "9,000 of its citizens from Ukraine"."""
    return named.roles == {"from"} and any(
        own.first < hit.first < own.last for own in reading.of("group.fellow")
    )


def _joined(reading: Reading, named: Named, last: int, form: str) -> Iterator[Group]:
    """Groups of "citizens of Uzbekistan and Kyrgyzstan": the names that go on from the first."""
    for other in reading.named:
        beside = other.first == last + 1 and len(reading.items[last].text) <= _AND
        beside = beside and other.roles in (frozenset(), named.roles)
        if other.form == named.form == "name" and other.place.kind == "country" and beside:
            code = other.place.code
            yield Group(code, code, reading.words(other.first, other.last), other.first, other.last, form)
            last = other.last


def _leading(reading: Reading, named: Named) -> list[Group]:
    """The groups named before the last of a list of citizens, where their noun comes last: "120-si Rusiya, 80-i Türkiyə vətəndaşıdır"."""
    found: list[Group] = []
    following = named
    for other in reversed([other for other in reading.named if other.last <= named.first]):
        between = reading.items[other.last : following.first]
        bare = other.form == "name" and other.place.kind == "country" and not other.roles
        listed = 0 < len(between) <= _ITEM and not any(
            item.kind not in "wnp" or (item.kind == "w" and len(item.text) > _AND) for item in between
        )
        if not (bare and listed):
            break
        code = other.place.code
        words = reading.words(other.first, other.last)
        found.insert(0, Group(code, code, words, other.first, other.last, "citizens"))
        following = other
    return found


_ITEM = 6  # items from one name of a list to the next, at most: ", 40 - ı isə"


def _labels(reading: Reading, named: Named) -> list[Group]:
    """A country that labels a figure, as in a list: "Uzbekistan: 2.3 million"."""
    end = named.last
    if _heads_row(reading, named):
        return [_label(reading, named)]
    if end >= len(reading.items) or reading.items[end].text not in _DASHES:
        return []
    if _counted_in_brackets(reading, named) and not {"to", "in"} & named.roles:
        return [_label(reading, named)]
    if named.roles:
        return []
    labelled = next((figure for figure in reading.figures if end < figure <= end + 3), None)
    if labelled is None or _is_told(reading, labelled):
        return []
    before = reading.items[named.first - 1].text if named.first else ","
    if before not in {",", ";", ":", "—", "–", "-", "•", "*", "("}:
        return []
    return [_label(reading, named)]


def _is_told(reading: Reading, figure: int) -> bool:
    """Whether a figure has a noun of its own, and a movement or a headline: "Armenia: 100,514 people came", not a list."""
    noun = any(hit.first == figure + 1 for hit in reading.among("units", "group"))
    return noun and (reading.sentence.headline or any(hit.value in _MOVES for hit in reading.of("measures")))


_MOVES = {"entries", "exits", "hosts", "returns", "moves", "flees"}


def _heads_row(reading: Reading, named: Named) -> bool:
    """Whether a line is a row of a table: a name and its figure."""
    last = len(reading.items) - 1
    marks = reading.items[named.last : last]
    return (
        named.first == 0
        and last in reading.figures
        and len(marks) <= 1
        and all(m.text in _DASHES for m in marks)
    )


def _label(reading: Reading, named: Named) -> Group:
    code = named.place.code
    return Group(code, code, reading.words(named.first, named.last), named.first, named.last, "label")


def _counted_in_brackets(reading: Reading, named: Named) -> bool:
    """Whether brackets after a name hold its figure: "from Syria (102,930), Türkei (61,181)"."""
    end = named.last
    return end + 1 in reading.figures and reading.items[end].text == "("


def _is_named(reading: Reading, part: Hit, base: str | None) -> bool:
    """Whether a sentence names the people before a part of it: "2,100 Ukrainians, 352 of them children"."""
    return any(
        named.place.code == base and named.form != "name" and named.last <= part.first
        for named in reading.named
    )


def _beside(reading: Reading, hit: Hit) -> str | None:
    for named in reading.named:
        near = named.last <= hit.first <= named.last + 1 or hit.last <= named.first <= hit.last + 1
        if near and named.place.kind == "country" and named.form != "name":
            return named.place.code
    return None


def _plural(code: str) -> str:
    forms = load("en").peoples.get(code)
    return forms[0] if forms else code


def _adjective(code: str) -> str:
    forms = load("en").adjectives.get(code) or load("en").peoples.get(code)
    return forms[0] if forms else code
