"""The vector kernels over a few thousand random points; `tests/accuracy/batch.py` takes 10^7."""

from __future__ import annotations

import numpy as np
import pytest

from adcli.formula.backend_choice import is_installed
from tests.accuracy.batch import FUNCTIONS, worst

BOUNDS = dict.fromkeys(("sin(x)", "cos(x)", "exp(x)", "log(x)", "sqrt(x)"), 1.0) | {"sech(x)**2": 8.0}  # ulp


@pytest.mark.skipif(not is_installed("llvm"), reason="llvmlite, the extra `fast`, is not installed")
@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double has no more bits than float64 here")
@pytest.mark.parametrize("expression", FUNCTIONS)
def test_vector_kernels_keep_their_bounds(expression: str) -> None:
    error, x = worst(expression, "llvm", 20_000)
    assert error <= BOUNDS.get(expression, 2.0), x
