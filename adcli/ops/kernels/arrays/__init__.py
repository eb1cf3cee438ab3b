"""Array kernels: the functions of the scalar kernels, under the same names, on float64 arrays and np.float64.

Arguments broadcast. The results are those of the scalar kernels within an ulp, and bit for bit except for tanh, hypot
and direction. The bits of a point depend on nothing but the point. Callers set `np.errstate(all="ignore")`. NumPy's own
functions are used where measurements found them accurate enough. An operation without an array kernel is a loop over
its scalar kernel (`looped`).
"""

from __future__ import annotations

import numpy as np

from .compound import clip as clip
from .compound import difference as difference
from .compound import direction as direction
from .compound import gaussian as gaussian
from .compound import logaddexp as logaddexp
from .compound import maximum as maximum
from .compound import minimum as minimum
from .compound import power_derivative as power_derivative
from .compound import relu as relu
from .compound import semicircle as semicircle
from .compound import sigmoid as sigmoid
from .compound import sinc as sinc
from .compound import softplus as softplus
from .compound import subtraction_error as subtraction_error
from .compound import tie_share as tie_share
from .compound import xlogy as xlogy
from .functions import acosh as acosh
from .functions import cbrt as cbrt
from .functions import cbrt_derivative as cbrt_derivative
from .functions import cos as cos
from .functions import cot as cot
from .functions import coth as coth
from .functions import csc as csc
from .functions import csch as csch
from .functions import exp2 as exp2
from .functions import exp10 as exp10
from .functions import log_base as log_base
from .functions import sec as sec
from .functions import sech as sech
from .functions import sin as sin
from .functions import tan as tan
from .functions import tanh_and_slope as tanh_and_slope
from .functions import tanh_into as tanh_into
from .loops import each as each
from .loops import looped as looped
from .loops import where as where

sub = np.subtract
mul = np.multiply
neg = np.negative
div = np.true_divide
square = np.square
# np.power takes another path, with other bits, where the exponent is a single -1, 0.5 or 2.
power = np.float_power
mod = np.remainder
fmod = np.fmod
floordiv = np.floor_divide
absolute = np.absolute
sqrt = np.sqrt
exp = np.exp
expm1 = np.expm1
log = np.log
log2 = np.log2
log10 = np.log10
log1p = np.log1p
asin = np.arcsin
acos = np.arccos
atan = np.arctan
atan2 = np.arctan2
hypot = np.hypot
sinh = np.sinh
cosh = np.cosh
tanh = np.tanh
asinh = np.arcsinh
atanh = np.arctanh
sign = np.sign
floor = np.floor
ceil = np.ceil
round_half_even = np.rint
heaviside = np.heaviside

# Kernels that, as ufuncs do, take an array to write into, which may be the one they read.
OVERWRITING = frozenset({sin, cos, tan})
