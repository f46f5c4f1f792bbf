"""An invented wave for the report's tests: places are real so that a map can be drawn, nothing else is."""

from datetime import date, timedelta

import numpy as np

from tolqyn.claims import Claim, Document, Measure, Modality, Qualifier, Statement
from tolqyn.estimate.case import Case, Reason, Trial
from tolqyn.estimate.posterior import Posterior, Reading, SourceFit, Stream
from tolqyn.report import ReportInput
from tolqyn.situation import Event, Situation

START, EVENT, END = date(2031, 3, 1), date(2031, 3, 15), date(2031, 4, 30)
HOSTILE = "<script>alert(1)</script>\u202e]] #panic() </svg> 'x' \"y\" & \x00\ud800"
KAZAKH = "Қазақстанға әрбір үшінші адам өтті, ғылыми һәм өңірлік ұйым"
FIELDS = {"doc": "invented-gazette", "place": "ISL", "group": "NOR"}


def statement(name, **fields):
    claim = Claim(**{"quote": "so it was said", "measure": Measure.ENTRIES, **FIELDS, **fields})
    return Statement(name, (claim,) * 3, 1)


STATEMENTS = (
    statement(
        "week", value=12000, qualifier=Qualifier.ABOUT, window_start=EVENT, window_end=date(2031, 3, 21),
        organization="Invented Border Office", said=date(2031, 3, 21), start=5, end=19, quote="so it was said",
    ),
    statement(
        "left", measure=Measure.EXITS, value=7000, qualifier=Qualifier.OVER, window_start=EVENT, window_end=date(2031, 3, 21),
        organization="Invented Border Office", said=date(2031, 3, 21), start=0, end=4, quote=KAZAKH,
    ),
    statement(
        "day", low=900, high=1400, qualifier=Qualifier.RANGE, window_start=date(2031, 4, 2), window_end=date(2031, 4, 2),
        organization=HOSTILE, said=date(2031, 4, 3), start=0, end=4, quote=HOSTILE * 400,
    ),
    statement(
        "stock", measure=Measure.STOCK, value=30000, window_start=date(2031, 4, 5), window_end=date(2031, 4, 5),
        said=date(2031, 4, 6), doc="table.csv", quote="stock, ISL, NOR, 30000", source_url="javascript:alert(1)",
    ),
    statement("since", value=90000, window_start=date(2030, 6, 1), window_end=date(2031, 4, 10), said=date(2031, 4, 10)),
    statement("open", value=5000, window_end=date(2031, 4, 10), said=date(2031, 4, 10)),
    statement("town", place="Akureyri", value=350, window_start=EVENT, window_end=date(2031, 3, 20), said=date(2031, 3, 20)),
    statement("nowhere", place="Invented Pass", value=20, unit="vehicles", measure=Measure.QUEUE, said=date(2031, 3, 20)),
    statement(
        "cards", measure=Measure.REGISTRATIONS, kind="residence", value=800, window_start=EVENT, window_end=date(2031, 4, 1),
        said=date(2031, 4, 2), source_url="https://example.org/cards?a=1&b=2",
    ),
    statement("asked", measure=Measure.APPLICATIONS, kind="asylum", value=15, window_end=date(2031, 4, 1), said=date(2031, 4, 2)),
    statement("guess", value=99000, modality=Modality.FORECAST, window_start=EVENT, window_end=END, said=date(2031, 3, 18)),
)  # fmt: skip

DOCUMENTS = {
    "invented-gazette": Document(
        "invented-gazette", "So, so it was said.", f"A headline {HOSTILE}", "Invented Gazette", date(2031, 3, 22), "kk",
        "https://example.org/a", retold=True,
    )
}  # fmt: skip


def posterior(
    subjects=(("ISL", "NOR"),), *, seed=0, events=True, surge=1500.0, back=0.9, as_of=None, draws=200
):
    """Draws of a surge that ebbs, after which more leave than come."""
    rng = np.random.default_rng(seed)
    days = tuple(START + timedelta(n) for n in range((END - START).days + 1))
    after = np.maximum(np.arange(len(days)) - (EVENT - START).days, -1)
    wave = np.where(after < 0, 0, surge * np.exp(-after / 9))
    late = np.where(after < 8, 0, surge * back * 0.6 * np.exp(-np.abs(after - 16) / 8))
    values = {}
    for place, group in subjects:
        ordinary = 400 * np.exp(rng.normal(0, 0.05, (draws, 1))) * np.ones(len(days))
        entries = ordinary + wave * np.exp(rng.normal(0, 0.1, (draws, 1)))
        exits = ordinary * 0.98 + late * np.exp(rng.normal(0, 0.1, (draws, 1)))
        stock = 20000 * np.exp(rng.normal(0, 0.1, (draws, 1))) + np.cumsum(entries - exits, axis=1)
        values |= {
            Stream("entries", place, group): entries,
            Stream("exits", place, group): exits,
            Stream("ordinary_entries", place, group): ordinary,
            Stream("stock", place, group): stock,
            Stream("registrations", place, group, None, "residence"): entries * 0.05,
        }
    situation = Situation(
        title="An invented wave of Norwegians in Iceland",
        start=START,
        end=END,
        places=tuple(dict.fromkeys(place for place, _ in subjects)),
        groups=tuple(dict.fromkeys(group for _, group in subjects)),
        events=(Event(EVENT, "an invented event"), Event(date(2031, 3, 17), f"another {HOSTILE}"))
        if events
        else (),
    )
    return Posterior(
        situation,
        as_of,
        seed,
        days,
        values,
        tuple(_reading(one) for one in STATEMENTS),
        (
            SourceFit("Invented Border Office", "entries", 1, 0.97, 0.91, 1.02, 0.03, learnt=True),
            SourceFit("Invented Border Office", "exits", 1, 1.04, 0.9, 1.2, 0.1, learnt=False),
            SourceFit(HOSTILE, "entries", 1, 1.0, 0.8, 1.25, 0.1, learnt=False),
        ),
        (f"A note {HOSTILE}",),
    )


def _reading(one):
    used = one.id in {"week", "left", "day", "stock", "since"}
    if not used:
        return Reading(one, used=False, why_not="not a reading of any stream")
    centre = one.claim.centre
    return Reading(one, used=True, functional="as stated", expected=centre * 0.98, expected_sd=centre * 0.05,
                   residual=centre * 0.02, residual_sd=0.4, influence=1.0)  # fmt: skip


CASES = (
    Case(
        "case-1", (STATEMENTS[0], STATEMENTS[1], STATEMENTS[2]), Reason.STOCK_VS_FLOW, f"Two figures {HOSTILE}",
        "The difference is the balance of a week.", 5000, 300,
        (Trial(Reason.ROUNDING, "rounded to the thousand", 4000, accepted=False),
         Trial(Reason.STOCK_VS_FLOW, "a balance read as people who stay", 300, accepted=True)),
    ),
)  # fmt: skip


def report_input(**settings):
    made = posterior(**settings)
    return ReportInput(made.situation, made, CASES, STATEMENTS, DOCUMENTS, date(2031, 5, 1), "0.0-test")
