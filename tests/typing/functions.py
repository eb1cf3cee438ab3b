"""What the functions and operators are to a type checker, never Any: `mypy` checks this file and nothing runs it."""

from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import adcli
from adcli import Dual, Value

a = np.array([1.0, 2.0])
v = Value(1.0)
d = Dual(1.0, 1.0)
assert_type(adcli.sin(1), float)
assert_type(adcli.sin(a), NDArray[np.float64])
assert_type(adcli.sin([1.0, 2.0]), NDArray[np.float64])
assert_type(adcli.sin(v), Value)
assert_type(adcli.sin(d), Dual)
assert_type(adcli.ln(v), Value)
assert_type(adcli.log(v, 10.0), Value)
assert_type(adcli.atan2(1.0, v), Value)
assert_type(adcli.atan2(a, 1.0), NDArray[np.float64])
assert_type(adcli.max(1.0, v), Value)
assert_type(adcli.max(1.0, 2.0), float)
assert_type(adcli.where(True, 1.0, v), Value)
assert_type(adcli.sum(a, axis=0), float | NDArray[np.float64])
assert_type(adcli.sum(v), Value)
assert_type(adcli.stack([v, v]), Value)
assert_type(2.0 * v, Value)
assert_type(v @ a, Value)
assert_type(-d, Dual)
assert_type(v.sin(), Value)
