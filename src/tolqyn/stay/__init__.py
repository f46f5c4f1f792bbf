"""Dated rules of stay as data, and what they make of a person, a register, a cohort.

Explains and cites, decides nothing. How days are counted: docs/concepts/stay.md; the rule files: docs/reference/rules.md.
"""

from tolqyn.stay.cases import ANSWER_COLUMNS, answer_case, answer_cases
from tolqyn.stay.deadlines import Deadline, deadline
from tolqyn.stay.load import RuleBook, load_rules
from tolqyn.stay.parse import parse_rule
from tolqyn.stay.person import (
    Answer,
    Between,
    Confidence,
    Mode,
    Stay,
    Verdict,
    When,
    answer,
    parse_stay,
    parse_when,
    provision,
)
from tolqyn.stay.rule import Kind, Limit, Rule, Version, parse_limits

__all__ = [
    "ANSWER_COLUMNS",
    "Answer",
    "Between",
    "Confidence",
    "Deadline",
    "Kind",
    "Limit",
    "Mode",
    "Rule",
    "RuleBook",
    "Stay",
    "Verdict",
    "Version",
    "When",
    "answer",
    "answer_case",
    "answer_cases",
    "deadline",
    "load_rules",
    "parse_limits",
    "parse_rule",
    "parse_stay",
    "parse_when",
    "provision",
]
