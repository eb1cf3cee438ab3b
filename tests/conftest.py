"""One hypothesis profile for the suite, and the long runs left out unless `ADCLI_TESTS` is ``all``."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from .sampling import ALL

# Nothing depends on a clock: no deadline, and no check of how fast data are drawn.
settings.register_profile(
    "adcli",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
settings.load_profile("adcli")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of long runs."""
    config.addinivalue_line("markers", "long: run by `make test-all` alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long runs."""
    if not ALL:
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
