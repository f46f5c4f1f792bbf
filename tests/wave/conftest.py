"""The example wave, taken in once for all tests of this folder."""

import shutil
from pathlib import Path

import pytest

import tolqyn

EXAMPLE = Path(__file__).parents[2] / "examples" / "kazakhstan-2022"


@pytest.fixture
def folder(tmp_path):
    """A fresh copy of the example wave."""
    return Path(
        shutil.copytree(EXAMPLE, tmp_path / "kz", ignore=shutil.ignore_patterns(".tolqyn", "report.*"))
    )


@pytest.fixture(scope="module")
def wave(tmp_path_factory):
    """The example wave, read and open; not to be changed."""
    copy = tmp_path_factory.mktemp("wave") / "kz"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns(".tolqyn", "report.*"))
    with tolqyn.open(copy) as opened:
        opened.add()
        yield opened


@pytest.fixture(scope="module")
def posterior(wave):
    """What the example wave comes to."""
    return wave.estimate()
