"""A report as one HTML file that needs nothing else: no script, no request, fonts and pictures inside.

Reads the templates and fonts of this package. Every word is escaped by the template engine; only the
pictures, which `draw` escapes mark by mark, are put in as they are.
"""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tolqyn.report.draw import DARK
from tolqyn.report.model import Report, Span, Text, plain

__all__ = ["POLICY", "to_html"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
"""What a browser may load for the file: styles and fonts that stand in it, and nothing from outside."""

_FACES = (("Tolqyn Sans", 400, "tolqyn-sans-400"), ("Tolqyn Sans", 600, "tolqyn-sans-600"),
          ("Tolqyn Serif", 400, "tolqyn-serif-400"), ("Tolqyn Serif", 600, "tolqyn-serif-600"))  # fmt: skip


def to_html(report: Report) -> str:
    """The report as HTML text; the same report gives the same text."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            policy=POLICY,
            fonts=_fonts(),
            css=_style(),
            summary=plain(report.headline),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tolqyn.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spans"] = _spans
    environment.filters["picture"] = Markup
    return environment


def _spans(text: Text) -> Markup:
    """Text with its links, escaped."""
    return Markup("").join(_span(span) for span in text)


def _span(span: Span) -> Markup:
    words = Markup("<strong>{}</strong>").format(span.text) if span.strong else Markup.escape(span.text)
    if span.to is None:
        return words
    if span.to.startswith("#"):
        return Markup('<a href="{}">{}</a>').format(span.to, words)
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(span.to, words)


@cache
def _fonts() -> Markup:
    """The faces as style rules with the fonts inside."""
    folder = files("tolqyn.report") / "assets" / "fonts"
    rules = []
    for family, weight, name in _FACES:
        data = base64.b64encode((folder / f"{name}.woff2").read_bytes()).decode()
        rules.append(
            f"@font-face{{font-family:'{family}';font-weight:{weight};font-display:swap;"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return Markup("\n".join(rules))  # noqa: S704 - our own bytes


@cache
def _style() -> Markup:
    """The style sheet, with the pictures' dark paints appended."""
    sheet = (files("tolqyn.report") / "templates" / "report.css").read_text(encoding="utf-8")
    fills = "".join(
        f"svg .f-{name}{{fill:{paint}}}svg .s-{name}{{stroke:{paint}}}" for name, paint in DARK.items()
    )
    return Markup(  # noqa: S704 - our own file and table
        f"{sheet}\n@media screen and (prefers-color-scheme:dark){{{fills}}}"
    )
