"""Claims by way of a language model: another engine with the same result, verified against the text."""

from tolqyn.extract.model.engine import ModelEngine, RequestRefusedError
from tolqyn.extract.model.request import PROMPT

__all__ = ["PROMPT", "ModelEngine", "RequestRefusedError"]
