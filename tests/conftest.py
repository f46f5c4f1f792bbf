"""What all tests share: the generators' settings, and how a missing browser or server is treated."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # for `strategies`

settings.register_profile("tolqyn", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("tolqyn")


@pytest.fixture(scope="session")
def absent():
    """Skip when a browser or server is not on this machine; fail where all must run (CI)."""

    def tell(what: str) -> None:
        if os.environ.get("TOLQYN_TEST_ALL"):
            pytest.fail(f"{what} is missing, and TOLQYN_TEST_ALL asks for every test")
        pytest.skip(f"{what} is not on this machine")

    return tell
