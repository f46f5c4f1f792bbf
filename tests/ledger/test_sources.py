"""One source under many names. The spellings of names were met in the press."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger.make import said

from tolqyn.ledger.sources import Kinship, kinship, source_of

MIA = "Ministry of Internal Affairs of Kazakhstan"


def compare(one, other, field):
    return kinship(source_of(said(1, **{field: one})), source_of(said(1, **{field: other})))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Марат Ахметжанов", "Marat Akhmetzhanov"),
        ("Марат Ахметжанов", "Marat Achmetschanow"),
        ("Марат Ахметжанов", "M. Achmetdžanovas"),
        ("Marat Akhmetzhanov", "Interior Minister Marat Akhmetjanov"),
        ("Marat Akhmetzhanov", "Akhmetzhanov"),
        ("Тамара Дуйсенова", "Tamara Duissenowa"),
        ("Тамара Дуйсенова", "Tamara Duisénova"),
        ("Ильяс Испанов", "Ilyás Ispánov"),
        ("Марат Кожаев", "Marat Kojaïev"),
        ("Älichan Smajylow", "Alikhan Smailov"),
        ("Евгений Бобров", "Yevgueni Bobrov"),
        ("Евгений Бобров", "Jewgeni Bobrow"),
        ("Арман Садвакасов", "Arman Sadvakásov"),
        ("Гүлнәр Сейітова", "Gulnar Seitova"),
        ("Ким Ли", "Ким Ли"),
    ],
)
def test_one_person_is_known_under_many_spellings(one, other):
    assert compare(one, other, "speaker") is Kinship.SAME
    assert compare(other, one, "speaker") is Kinship.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Марат Ахметжанов", "Марат Ахметов"),
        ("Marat Akhmetzhanov", "Serik Akhmetzhanov"),
        ("Aslan Atalykov", "Marat Akhmetzhanov"),
        ("Karimov", "Kasimov"),
        ("Ким Ли", "Ким Ло"),
    ],
)
def test_two_persons_stay_two(one, other):
    assert compare(one, other, "speaker") is Kinship.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MIA, "Interior Ministry of Kazakhstan"),
        (MIA, "Minister of the Interior of the Republic of Kazakhstan"),
        (MIA, "Ministry of Internal Affairs"),
        (MIA, f"Migration Service Committee of the {MIA}"),
        (MIA, "Government of Kazakhstan"),
        ("Ministry of Labour of Kazakhstan", "Ministry of Labor and Social Protection of Kazakhstan"),
        ("UNHCR", "UN Refugee Agency (UNHCR)"),
        ("UNHCR", "the United Nations Refugee Agency"),
        ("IOM", "International Organisation for Migration (IOM)"),
    ],
)
def test_a_unit_and_its_body_are_one_source(one, other):
    assert compare(one, other, "organization") is Kinship.SAME
    assert compare(other, one, "organization") is Kinship.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MIA, "Ministry of Internal Affairs of Russia"),
        (MIA, "Ministry of Foreign Affairs of Kazakhstan"),
        (MIA, "Ministry of Digital Development of Kazakhstan"),
        (MIA, "Government of Russia"),
        ("Government of Kazakhstan", "Krisha.kz"),
        ("State Border Guard Service", "Border Service of the National Security Committee of Kazakhstan"),
    ],
)
def test_two_bodies_stay_two(one, other):
    assert compare(one, other, "organization") is Kinship.DIFFERENT


@pytest.mark.parametrize(
    "label", ["officials", "local media", "Unnamed source", "the authorities", "eyewitness"]
)
def test_a_label_names_nobody(label):
    assert not source_of(said(1, organization=label))


def test_a_person_and_a_body_may_or_may_not_be_one():
    person, body = source_of(said(1, speaker="Ana Bek")), source_of(said(1, organization=MIA))

    assert kinship(person, body) is Kinship.UNKNOWN
    assert kinship(person, source_of(said(1))) is Kinship.UNKNOWN


@given(st.text(min_size=1, max_size=30))
def test_any_name_is_one_with_itself(name):
    for field in ("speaker", "organization"):
        source = source_of(said(1, **{field: name}))

        assert kinship(source, source) is (Kinship.SAME if source else Kinship.UNKNOWN)
