"""Statements in, posterior out, and what is made of one. Pure numerics."""

from tolqyn.estimate.breaks import Break, breaks
from tolqyn.estimate.cohorts import CohortDraws, cohorts
from tolqyn.estimate.posterior import TABLE_COLUMNS, Posterior, Reading, SourceFit, Stream, Trust
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reconcile import estimate
from tolqyn.estimate.scorecards import Revision, Scorecard, scorecards
from tolqyn.estimate.updating import update
from tolqyn.estimate.value import NextNumber, next_numbers

__all__ = [
    "TABLE_COLUMNS",
    "Break",
    "CohortDraws",
    "NextNumber",
    "Posterior",
    "Priors",
    "Reading",
    "Revision",
    "Scorecard",
    "SourceFit",
    "Stream",
    "Trust",
    "breaks",
    "cohorts",
    "estimate",
    "next_numbers",
    "scorecards",
    "update",
]
