"""Statements in, posterior out. Pure numerics."""

from tolqyn.estimate.posterior import TABLE_COLUMNS, Posterior, Reading, SourceFit, Stream

__all__ = ["TABLE_COLUMNS", "Posterior", "Reading", "SourceFit", "Stream"]
