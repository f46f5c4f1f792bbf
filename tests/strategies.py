"""Generators of valid inputs, shared by the property tests. Extend this with each feature."""

from datetime import date

from hypothesis import strategies as st

from tolqyn.claims import Claim, Measure, Modality, Qualifier

days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)
figures = st.floats(0, 1e9) | st.integers(0, 10**9).map(float)


@st.composite
def claims(draw, measures=tuple(Measure)):
    """Any valid claim."""
    first, second = sorted([draw(st.none() | days) or date(2022, 1, 1), draw(days)])
    low, high = sorted([draw(figures), draw(figures)])
    qualifier = draw(st.sampled_from(Qualifier))
    ranged = qualifier in {Qualifier.RANGE, Qualifier.ORDER}
    return Claim(
        doc=draw(words),
        quote=draw(st.text(max_size=80)),
        measure=draw(st.sampled_from(measures)),
        place=draw(st.sampled_from(["KAZ", "GEO", "Almaty"])),
        group=draw(st.sampled_from(["RUS", "any", "foreign"])),
        value=None if ranged else draw(figures),
        low=low if ranged else None,
        high=high if ranged else None,
        qualifier=qualifier,
        window_start=draw(st.none() | st.just(first)),
        window_end=draw(st.none() | st.just(second)),
        organization=draw(st.none() | words),
        modality=draw(st.sampled_from(Modality)),
        said=draw(st.none() | days),
        confidence=draw(st.none() | st.floats(0, 1)),
    )
