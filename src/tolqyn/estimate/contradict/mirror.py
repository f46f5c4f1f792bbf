"""Two sides of one border: each country's count of the same movement.

Mirror statistics differ by coverage, definition (persons or crossings) and window; see United Nations,
Recommendations on Statistics of International Migration, Revision 1 (1998), on comparing the two. The
two are set side by side and never averaged.
"""

from __future__ import annotations

from collections import defaultdict

from tolqyn.claims import Measure
from tolqyn.estimate.case import Reason, Trial
from tolqyn.estimate.contradict.context import Context
from tolqyn.estimate.contradict.finding import Finding
from tolqyn.estimate.contradict.said import Said
from tolqyn.estimate.contradict.words import (
    count,
    country_of_body,
    figure_text,
    group_text,
    place_name,
    source_text,
    statement_text,
    window_text,
)

__all__ = ["find_mirrors"]

_Movement = tuple[str, str, str]  # from or to, the place, the group


def find_mirrors(context: Context) -> list[Finding]:
    """For each movement that both sides count, one finding: their closest windows side by side."""
    ours: defaultdict[_Movement, list[Said]] = defaultdict(list)
    theirs: defaultdict[_Movement, list[Said]] = defaultdict(list)
    for said in context.said:
        if said.measure not in {Measure.ENTRIES, Measure.EXITS} or said.per_day or not said.end_known:
            continue
        if said.start is None or said.end is None:
            continue
        movement, is_mirror = _movement(said)
        (theirs if is_mirror else ours)[movement].append(said)
    found = []
    for movement, reports in sorted(theirs.items()):
        finding = _closest(reports, ours.get(movement, []))
        if finding is not None:
            found.append(finding)
    return found


def _movement(said: Said) -> tuple[_Movement, bool]:
    """The movement as the place that people enter or leave would name it, and whether the partner says so."""
    reverse = {Measure.ENTRIES: "exits", Measure.EXITS: "entries"}
    body = country_of_body(said.source)
    if body is not None and body == said.place and said.counterpart in {None, said.group}:
        return (said.measure, said.place, said.group), False
    if body == said.place and said.counterpart is not None and said.group == said.place:
        # Own citizens leaving for the counterpart are the counterpart's foreign entries.
        return (reverse[said.measure], said.counterpart, said.group), True
    return (said.measure, said.place, said.group), body is not None and body == said.group != said.place


def _closest(theirs: list[Said], ours: list[Said]) -> Finding | None:
    """The partner's report whose window shares most days with the home side's, and that side's parts of it."""
    best: tuple[float, Said, list[Said]] | None = None
    for mirror in sorted(theirs, key=lambda said: (said.known, said.statement.id)):
        parts = _parts(mirror, ours)
        shared = sum(part.days or 0 for part in parts) / (mirror.days or 1)
        if parts and (best is None or shared > best[0] + 1e-9):
            best = shared, mirror, parts
    if best is None:
        return None
    shared, mirror, parts = best
    if shared > 0.95 and abs(mirror.figure - sum(part.figure for part in parts)) < 0.1 * mirror.figure:
        return None
    return _tell(mirror, parts, shared)


def _parts(mirror: Said, ours: list[Said]) -> list[Said]:
    """Windows of the home side inside the partner's that do not overlap: the most days, then the fewest windows."""
    inside = [
        said
        for said in ours
        if said.start
        and said.end
        and mirror.start
        and mirror.end
        and mirror.start <= said.start
        and said.end <= mirror.end
        and country_of_body(said.source) == said.place
    ]
    chosen: list[Said] = []
    for said in sorted(inside, key=lambda one: (-(one.days or 0), one.known, one.statement.id)):
        if all(not said.claim.window.overlaps(other.claim.window) for other in chosen):
            chosen.append(said)
    return sorted(chosen, key=lambda said: str(said.start))


def _tell(mirror: Said, parts: list[Said], shared: float) -> Finding:
    ours = sum(part.figure for part in parts)
    share = mirror.figure * shared
    before, after = abs(mirror.figure - ours), abs(share - ours)
    days = sum(part.days or 0 for part in parts)
    units = f"{mirror.unit} against {parts[0].unit}" if mirror.unit != parts[0].unit else mirror.unit
    moves = "entries to" if parts[0].measure is Measure.ENTRIES else "exits from"
    return Finding(
        "mirror",
        (*parts, mirror),
        before,
        f"Two sides of the border count {moves} {place_name(parts[0].place)} ({group_text(parts[0])}): "
        f"{' and '.join(f'{figure_text(part)} ({window_text(part)})' for part in parts)}, "
        f"against {figure_text(mirror)} ({window_text(mirror)})",
        f"{'; '.join(statement_text(part) for part in parts)}. From the other side: {statement_text(mirror)}. "
        f"Set side by side the figures are {count(before)} apart.",
        (
            Trial(
                Reason.WINDOW,
                f"The partner's window has {mirror.days} days, of which the others cover {days}; an even share of its "
                f"figure for those is {count(share)}. The windows alone leave two definitions side by side.",
                after,
                accepted=False,
            ),
            Trial(
                Reason.MIRROR,
                f"{source_text(mirror)} counts from the other side, in its own unit and window ({units}; {mirror.days} "
                f"days, of which {days} are shared). An even share of its figure for the shared days, {count(share)}, "
                f"is {count(after)} from {count(ours)}. The two are never averaged.",
                after,
                accepted=True,
            ),
        ),
    )
