"""Statements in, posterior out. Pure numerics."""

from tolqyn.estimate.posterior import TABLE_COLUMNS, Posterior, Reading, SourceFit, Stream
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.reconcile import estimate
from tolqyn.estimate.updating import update

__all__ = ["TABLE_COLUMNS", "Posterior", "Priors", "Reading", "SourceFit", "Stream", "estimate", "update"]
