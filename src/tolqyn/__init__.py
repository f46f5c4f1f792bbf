"""Tolqyn: from scattered, conflicting reports of a migration wave to one defensible picture.

>>> import tolqyn
>>> wave = tolqyn.open("my-wave")           # doctest: +SKIP
>>> posterior = wave.estimate()             # doctest: +SKIP
"""

__version__ = "0.1.0"

from tolqyn.wave import Wave, create, open  # noqa: A004 (tolqyn.open is the face; the version comes first)

__all__ = ["Wave", "__version__", "create", "open"]
