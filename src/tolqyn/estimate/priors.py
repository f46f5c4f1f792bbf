"""Every assumption the estimate makes before it has read anything, with a sentence each.

Pure. The table in docs/reference/priors.md is made from these fields (`prior_table`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

__all__ = ["Priors", "prior_table"]


def _prior(value: float, unit: str, why: str) -> float:
    """A field with its unit and its sentence."""
    made: float = field(default=value, metadata={"unit": unit, "why": why})
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Priors:
    """The constants of the model. Standard deviations are of logs unless the unit says otherwise.

    docs/concepts/method.md shows where each one stands in the model.
    """

    # Ordinary traffic.
    level_sd: float = _prior(
        1.5, "log", "The ordinary level is known to a factor of twenty either way before anything is read."
    )
    level_week_sd: float = _prior(
        0.12, "log per √week", "Seasons and slow reopenings: the level moves by about a quarter in a month."
    )
    level_week_sd_near: float = _prior(
        0.08,
        "log per √week",
        "In the weeks before the first event it is taken to be steadier, to some 8 % a week.",
    )
    near_weeks: float = _prior(12.0, "weeks", "How many weeks those are.")
    level_week_sd_after: float = _prior(
        0.06,
        "log per √week",
        "After the first event ordinary traffic is what would have come without it, so it moves half as fast.",
    )
    calm_step_sd: float = _prior(
        0.04, "log per √day", "From one quiet day to the next, traffic moves by some 4 % beyond the weekday."
    )
    calm_half_life_days: float = _prior(
        7.0, "days", "Such moves are forgotten within weeks, so that ordinary days stray by some 9 %."
    )
    weekday_sd: float = _prior(0.10, "log", "A day of the week differs from the mean day by some 10 %.")
    day_sd: float = _prior(
        0.07,
        "share",
        "Beyond all that, and beyond the chance of single persons, a single day strays by some 7 %, and the next is free of it.",
    )
    ratio_sd: float = _prior(
        0.10,
        "log",
        "In ordinary times as many leave as come, to within some 10 %, unless figures say otherwise.",
    )
    ratio_week_sd: float = _prior(
        0.03,
        "log per √week",
        "The ordinary ratio of exits to entries drifts slowly (holidays, school years).",
    )

    # Surge.
    half_life_days: float = _prior(
        21.0, "days", "Half of a surge is gone after three weeks, if nothing feeds it."
    )
    surge_step_sd: float = _prior(
        0.05, "log per √day", "Long after an event the surge still wanders by some 5 % a day."
    )
    event_step_sd: float = _prior(
        0.35, "log per √day", "On the day of an event traffic moves by a third or more overnight."
    )
    event_decay_days: float = _prior(
        10.0, "days", "The restlessness after an event dies away over some ten days."
    )
    untold_level_sd: float = _prior(
        4.0,
        "log",
        "There the level is centred by the wave's own figures, and so is known from nothing but the next two.",
    )
    untold_height: float = _prior(
        2.0,
        "log",
        "Where no figure is of days before the first event, the surge is taken to begin at seven times ordinary traffic.",
    )
    untold_height_sd: float = _prior(
        1.5, "log", "That is a guess: from less than on ordinary days to a hundred times as many (90 %)."
    )
    exit_calm_step_sd: float = _prior(
        0.04, "log per √day", "Exits stray from what entries and stays imply by some 4 % a day."
    )
    exit_event_step_sd: float = _prior(
        0.10, "log per √day", "After an event exits stray faster, but stay tied to the entries they follow."
    )
    exit_surge_step_sd: float = _prior(
        0.35, "log per √day", "The other reading of an event: that exits have a surge of their own (flight)."
    )
    exit_surge_chance: float = _prior(
        0.2, "chance", "How likely that other reading is before the figures have spoken."
    )
    roughness_sd: float = _prior(
        0.4,
        "log",
        "All steps of surge, exits and registrations share one roughness factor, learnt; a factor of one and a half is likely.",
    )
    season_sd: float = _prior(
        0.6,
        "log",
        "The level's steps have a factor of their own, learnt; borders that reopen ask for two or four.",
    )

    stray_sd: float = _prior(
        2.0,
        "log",
        "How far single days stray is learnt for each account: a road strays by some 7 %, and small boats of 2022 and 2023, which wait for the weather, by two and three times their mean.",
    )

    # Stay.
    transit_days: float = _prior(3.0, "days", "Mean stay of those in transit.")
    visit_days: float = _prior(20.0, "days", "Mean stay of visitors.")
    stay_days_sd: float = _prior(0.4, "log", "Either mean stay may be half as long again, or shorter.")
    leave_share: float = _prior(0.7, "share", "Share of a surge that leaves again within the study, centre.")
    leave_logit_sd: float = _prior(
        1.8,
        "logit",
        "Of refugees few leave again, of travellers nearly all: before exits are read, that share may be any.",
    )
    transit_share: float = _prior(
        0.5, "share", "Share of those who leave again that only passes through; the others stay for weeks."
    )
    transit_logit_sd: float = _prior(
        1.0, "logit", "That share is a guess too: from a quarter to three quarters of them."
    )

    # Stock and registrations.
    stock_days: float = _prior(
        60.0,
        "days",
        "The stock at the start, centred on two months of ordinary entries where no figure is known.",
    )
    stock_sd: float = _prior(
        2.3,
        "log",
        "That guess is worth little: from shoppers, a day or two of traffic, to refugees who seldom cross, years of it.",
    )
    population_sd: float = _prior(
        0.15, "relative", "A population figure of the situation file is right to about 15 %."
    )
    registration_share: float = _prior(0.05, "share", "Registrations of one kind per entry, centre.")
    registration_share_sd: float = _prior(
        2.0, "log", "That share is nearly unknown: from one in a thousand to more than one."
    )
    registration_delay_days: float = _prior(6.0, "days", "Mean delay from entry to registration.")
    registration_calm_step_sd: float = _prior(
        0.08, "log per √day", "Daily wander of the share that registers."
    )
    registration_event_step_sd: float = _prior(
        0.25, "log per √day", "After an event those who come differ from those who came before."
    )

    # How a source errs.
    spread: float = _prior(
        0.005,
        "relative",
        "Error of one figure of a named body beyond rounding, learnt for each source; the Polish Border Guard's of 2022 was 0.1 to 1.1 %.",
    )
    spread_sd: float = _prior(0.6, "log", "A source may be two or three times as careful, or as careless.")
    spread_anonymous: float = _prior(0.05, "relative", "Error of a figure for which no source is named.")
    coverage_anonymous_sd: float = _prior(
        0.05,
        "log",
        "Figures for which no source is named come from somebody, who may count by rules of his own: taken together they are off by a twentieth.",
    )
    coverage_sd: float = _prior(
        0.012,
        "log",
        "A named body sees all of its own border to about one part in eighty; learnt by overlap.",
    )
    coverage_stock_sd: float = _prior(
        0.15,
        "log",
        "Who is here is counted as resident, as registered or as not yet left: bodies that agree on crossings differ by a sixth.",
    )
    coverage_common: float = _prior(
        0.9,
        "share",
        "Of the variance of that coverage: one system counts both directions, so entries, exits and net share most of it.",
    )
    coverage_odd_chance: float = _prior(
        0.1, "chance", "One body in ten counts by rules of its own, not all who cross and not those alone."
    )
    coverage_odd_sd: float = _prior(0.08, "log", "Such a body sees a tenth too many or too few.")
    coverage_mirror_sd: float = _prior(
        0.10, "log", "The other side of a border counts trips by rules of its own."
    )
    others: float = _prior(
        0.25,
        "log",
        "All who come from a group's own country are a quarter more than those of the group.",
    )
    others_sd: float = _prior(
        0.2, "log", "A body's figures of all are off by that together: seldom none are others, seldom half."
    )
    coverage_cut_sd: float = _prior(
        0.5,
        "log",
        "A series that was cut counts something else afterwards: anything from a third of it to three times.",
    )
    blunder_chance: float = _prior(
        0.05, "chance", "One figure in twenty has a wrong window, group or digit and says little of this one."
    )
    blunder_sd: float = _prior(0.7, "log", "How far such a figure strays: a factor of two, often more.")
    blunder_far_share: float = _prior(
        0.3,
        "share",
        "Of such figures so many stray further: a week's count read as a day's, a lost thousand.",
    )
    blunder_far_sd: float = _prior(2.5, "log", "And those stray by a factor of ten, often more.")
    blunder_breath_share: float = _prior(
        0.6,
        "share",
        "Of blunders so many are of window, group or unit, and strike alike what is told in one breath, or told again of nearly the same days; the rest are digits.",
    )
    difference_chance: float = _prior(
        0.5,
        "chance",
        "Where entries and exits told in one breath are both set apart, their difference still holds: both left out the same people, who come and go.",
    )
    remaining_chance: float = _prior(
        0.3,
        "chance",
        "People present, told in one breath with entries and exits, are those who remain of the ones who came, not all who are there.",
    )
    about_sd: float = _prior(
        0.01, "relative", "'About' adds half a unit of the figure's last digit, and at least one per cent."
    )
    over_scale: float = _prior(0.06, "log", "'Over N': the truth lies above N by some 6 %, seldom 20 %.")
    slightly_scale: float = _prior(0.02, "log", "'Slightly over' and 'almost': off by some 2 %.")
    under_scale: float = _prior(0.08, "log", "'Under N': the truth lies below N by some 8 %.")
    up_to_scale: float = _prior(0.15, "log", "'Up to N': a ceiling, approached to about 15 %.")
    rounding_cap: float = _prior(
        0.025, "relative", "Trailing zeros count as rounding up to 2.5 % of the figure, no further."
    )
    usual_days: float = _prior(
        28.0, "days", "A daily rate with no beginning speaks of the four weeks before its end."
    )
    usual_sd: float = _prior(0.05, "relative", "Such a customary rate is looser by 5 %.")
    share_sd: float = _prior(
        0.15,
        "relative",
        "A share of those who came that left again is of these days' crossings to some 15 %.",
    )
    share_otherwise_chance: float = _prior(
        0.2,
        "chance",
        "Its words may mean something else: of all who left, or of those who will leave one day.",
    )


def prior_table() -> str:
    """The priors as a Markdown table: name, value, unit, sentence."""
    head = ["| prior | value | unit | why |", "| --- | --- | --- | --- |"]
    rows = [
        f"| `{entry.name}` | {entry.default:g} | {entry.metadata['unit']} | {entry.metadata['why']} |"
        for entry in fields(Priors)
    ]
    return "\n".join(head + rows) + "\n"
