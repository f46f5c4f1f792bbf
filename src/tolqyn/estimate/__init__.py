"""Statements in, posterior out. Pure numerics."""
