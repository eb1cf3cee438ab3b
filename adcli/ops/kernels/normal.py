"""Scalar kernels of the normal distribution and of the inverses of the error functions. They never raise.

An inverse begins with a rational approximation (Acklam 2003, 1e-9) and takes one step of Halley's iteration. In the
tails it is computed from the small probability, so that nothing cancels.
"""

import math
from math import copysign as _copysign
from math import erf as _erf
from math import exp as _exp
from math import log as _log
from math import sqrt as _sqrt

from .compound import gaussian, product_error, square_error
from .gamma import erfc

_INF = math.inf
_NAN = math.nan
_ROOT_HALF = 0.7071067811865476
_ROOT_HALF_LOW = -4.833646656726457e-17
_ROOT_2 = 1.4142135623730951
_ROOT_2_LOW = -9.667293313452913e-17
_TWO_OVER_ROOT_PI = 1.1283791670955126
_HALF_ROOT_PI = 0.886226925452758
_HALF_ROOT_PI_LOW = -3.8332932499128993e-17
_ONE_OVER_ROOT_PI = 0.5641895835477563
_ONE_OVER_ROOT_TAU = 0.3989422804014327
_ROOT_TAU = 2.5066282746310007
_ROOT_TAU_LOW = -1.8328579980459167e-16

# Coefficients from the highest power to the constant.
_QUANTILE_P = (
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
)  # fmt: skip
_QUANTILE_Q = (
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0,
)  # fmt: skip
_QUANTILE_TAIL_P = (
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
)  # fmt: skip
_QUANTILE_TAIL_Q = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0)
# Cody's coefficients of erfcx.
CODY_FAR_P = (
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
)  # fmt: skip
CODY_FAR_Q = (
    1.0, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
)  # fmt: skip


def normpdf(x: float) -> float:
    """exp(-x**2/2)/sqrt(2*pi), with the rounding error of the square put back."""
    if not -39.0 < x < 39.0:
        return 0.0 if x == x else x
    square = x * x
    if square > 1369.0:
        return normpdf_derivative(0.0, x)
    e = _exp(-0.5 * square)
    return _ONE_OVER_ROOT_TAU * (e - 0.5 * e * square_error(x, square))


def normpdf_derivative(n: float, x: float) -> float:
    """The n-th derivative of normpdf, (-1)**n He_n(x) normpdf(x) (DLMF 18.5.5), He_n in exact integers."""
    order = int(n)
    if not -55.0 < x < 55.0:
        return 0.0 if x == x else x
    # He_(n+1) = x He_n - n He_(n-1) at x = p/q, times q**n. Below 2**-60 further bits of x change nothing.
    p, q = x.as_integer_ratio() if abs(x) > 2.0**-60 else (0, 1)
    before, hermite = 0, 1
    for i in range(order):
        before, hermite = hermite, p * hermite - i * q * q * before
    if p == 0 and order % 2:
        # An odd order near 0: He_n(x) = (-1)**((n-1)/2) n!! x
        slope = -_ONE_OVER_ROOT_TAU
        for i in range(3, order + 1, 2):
            slope *= -1.0 * i
        return slope * x
    try:
        c: float = (hermite if order % 2 == 0 else -hermite) / q**order
    except OverflowError:
        return _INF if (hermite > 0) == (order % 2 == 0) else -_INF
    square = x * x
    # Two factors, because the exponential alone may be subnormal where its product with He_n is not.
    e = _exp(-0.25 * square)
    return (_ONE_OVER_ROOT_TAU * (c - 0.5 * c * square_error(x, square)) * e) * e


def normcdf(x: float) -> float:
    """erfc(-x/sqrt(2))/2, with the rounding error of the quotient put back."""
    if not -40.0 < x < 40.0:
        return x if x != x else 0.0 if x < 0.0 else 1.0
    t = -x * _ROOT_HALF
    if abs(t) < 1e-200:
        return 0.5
    lost = product_error(-x, _ROOT_HALF, t) - x * _ROOT_HALF_LOW
    return 0.5 * (erfc(t) - _TWO_OVER_ROOT_PI * gaussian(t) * lost)


def erfcx(x: float) -> float:
    """exp(x**2) erfc(x) for x >= 4, by W. J. Cody's rational approximation (Math. Comp. 23, 1969)."""
    square = x * x
    z = 1.0 / square
    above = below = 0.0
    for c in CODY_FAR_P:
        above = above * z + c
    for c in CODY_FAR_Q:
        below = below * z + c
    return (_ONE_OVER_ROOT_PI - z * above / below) / x


def _erfcinv_start(x: float) -> float:
    """erfcinv(x) for 0 < x < 0.5 to nine digits."""
    above = below = 0.0
    if x > 0.0485:
        q = 0.5 * x - 0.5
        r = q * q
        for c in _QUANTILE_P:
            above = above * r + c
        for c in _QUANTILE_Q:
            below = below * r + c
        return -_ROOT_HALF * (q * above / below)
    q = _sqrt(-2.0 * (_log(x) - 0.6931471805599453))
    for c in _QUANTILE_TAIL_P:
        above = above * q + c
    for c in _QUANTILE_TAIL_Q:
        below = below * q + c
    return -_ROOT_HALF * (above / below)


def _erfcinv_step(x: float, y: float) -> float:
    """What erfcinv(x), for 0 < x < 0.5, is more than its approximation y."""
    if x < 1e-280:
        # By the logarithm, because erfc is subnormal there: log erfc(y) has the derivative -2/sqrt(pi)/erfcx(y).
        scaled = erfcx(y)
        square = y * y
        return ((_log(scaled) - _log(x)) - square - square_error(y, square)) * scaled * _HALF_ROOT_PI
    s = (erfc(y) - x) / (_TWO_OVER_ROOT_PI * gaussian(y))
    return s / (1.0 - s * y)


def _erfinv_start(x: float) -> float:
    """erfinv(x) for |x| <= 0.5 to nine digits."""
    q = 0.5 * x
    r = q * q
    above = below = 0.0
    for c in _QUANTILE_P:
        above = above * r + c
    for c in _QUANTILE_Q:
        below = below * r + c
    return _ROOT_HALF * (q * above / below)


def _erfinv_step(x: float, y: float) -> float:
    """What erfinv(x), for |x| <= 0.5, is more than its approximation y."""
    s = (x - _erf(y)) / (_TWO_OVER_ROOT_PI * gaussian(y))
    return s / (1.0 - s * y)


def erfcinv(x: float) -> float:
    """The inverse of erfc: inf at 0, -inf at 2, and nan outside [0, 2]."""
    if not 0.0 < x < 2.0:
        return _INF if x == 0.0 else -_INF if x == 2.0 else _NAN
    if x > 1.5:
        return -erfcinv(2.0 - x)
    if x >= 0.5:
        y = _erfinv_start(1.0 - x)
        return y + _erfinv_step(1.0 - x, y)
    y = _erfcinv_start(x)
    return y + _erfcinv_step(x, y)


def erfinv(x: float) -> float:
    """The inverse of erf: infinite at 1 and -1, and nan outside [-1, 1]."""
    a = abs(x)
    if a > 0.5:
        return _copysign(erfcinv(1.0 - a), x) if a <= 1.0 else _NAN
    if a < 1e-150:
        return x * _HALF_ROOT_PI
    y = _erfinv_start(x)
    return y + _erfinv_step(x, y)


def norminv(p: float) -> float:
    """The inverse of normcdf: -inf at 0, inf at 1, and nan outside [0, 1]."""
    if not 0.0 < p < 1.0:
        return -_INF if p == 0.0 else _INF if p == 1.0 else _NAN
    if p > 0.75:
        return -norminv(1.0 - p)
    if p >= 0.25:
        q = 2.0 * (p - 0.5)
        if q == 0.0:
            return 0.0
        y = _erfinv_start(q)
        step = _erfinv_step(q, y)
    else:
        y = -_erfcinv_start(2.0 * p)
        step = -_erfcinv_step(2.0 * p, -y)
    z = y * _ROOT_2
    return z + (product_error(y, _ROOT_2, z) + y * _ROOT_2_LOW + step * _ROOT_2)


# -- derivatives -------------------------------------------------------------------------------------------


def _tail_slope(c: float, c_low: float, x: float, y: float) -> float:
    """(c + c_low) exp(y**2) at y = erfcinv(x), in the tails c erfcx(y)/x, in which errors of y hardly count."""
    if y < 0.7:
        e = 1.0 / gaussian(y)
        return c * e + c_low * e
    if y >= 4.0:
        e = erfcx(y)
        return (c * e + c_low * e) / x
    # Pairs of floats keep the rounding errors of all but exp and erfc.
    square = y * y
    e = _exp(square)
    small = erfc(y)
    scaled = e * small
    lost = product_error(e, small, scaled) + scaled * square_error(y, square)
    q = scaled / x
    back = q * x
    q_low = ((scaled - back) - product_error(q, x, back) + lost) / x
    result = c * q
    return result + (product_error(c, q, result) + c_low * q + c * q_low)


def erfcinv_slope(x: float) -> float:
    """sqrt(pi)/2 exp(y**2) at y = erfcinv(x)."""
    if not 0.0 < x < 2.0:
        return _INF if x == 0.0 or x == 2.0 else _NAN
    if x > 1.0:
        x = 2.0 - x
    return _tail_slope(_HALF_ROOT_PI, _HALF_ROOT_PI_LOW, x, erfcinv(x))


def erfinv_slope(x: float) -> float:
    """sqrt(pi)/2 exp(y**2) at y = erfinv(x)."""
    a = abs(x)
    if a < 0.5:
        return _HALF_ROOT_PI / gaussian(erfinv(x))
    return erfcinv_slope(1.0 - a) if a <= 1.0 else _NAN


def norminv_slope(p: float) -> float:
    """1/normpdf(norminv(p)), which is sqrt(2 pi) exp(y**2) at y = erfcinv(2p)."""
    if not 0.0 < p < 1.0:
        return _INF if p == 0.0 or p == 1.0 else _NAN
    x = 2.0 * (p if p <= 0.5 else 1.0 - p)
    return _tail_slope(_ROOT_TAU, _ROOT_TAU_LOW, x, erfcinv(x))
