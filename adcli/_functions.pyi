"""The functions of the table, typed. Made by `python -m tests.contract.stubs`."""

# mypy: disable-error-code="overload-overlap"

from collections.abc import Sequence
from typing import Any, TypeVar, overload

from numpy.typing import NDArray

from .ops import Carrier
from .ops.op import Array, Numeric
from .ops.shapes import Axis

C = TypeVar("C", bound=Carrier)
A = NDArray[Any] | Sequence[Any]  # an array, or nested lists of numbers

@overload
def mod(x: float, y: float) -> float: ...
@overload
def mod(x: C, y: C | float | A) -> C: ...
@overload
def mod(x: float | A, y: C) -> C: ...
@overload
def mod(x: float | A, y: float | A) -> Array:
    """Remainder with the sign of the divisor, as in Python."""

@overload
def pow(x: float, y: float) -> float: ...
@overload
def pow(x: C, y: C | float | A) -> C: ...
@overload
def pow(x: float | A, y: C) -> C: ...
@overload
def pow(x: float | A, y: float | A) -> Array:
    """Power. A whole exponent takes any base."""

@overload
def where(c: float, x: float, y: float) -> float: ...
@overload
def where(c: C, x: C | float | A, y: C | float | A) -> C: ...
@overload
def where(c: float | A, x: C, y: C | float | A) -> C: ...
@overload
def where(c: float | A, x: float | A, y: C) -> C: ...
@overload
def where(c: float | A, x: float | A, y: float | A) -> Array:
    """x where the condition holds, else y. The branch not taken contributes nothing."""

@overload
def min(*xs: float) -> float: ...
@overload
def min(*xs: float | A) -> Array: ...
@overload
def min(*xs: C | float | A) -> C:
    """The least argument, and nan if one is nan."""

@overload
def max(*xs: float) -> float: ...
@overload
def max(*xs: float | A) -> Array: ...
@overload
def max(*xs: C | float | A) -> C:
    """The greatest argument, and nan if one is nan."""

@overload
def clip(x: float, lo: float, hi: float) -> float: ...
@overload
def clip(x: C, lo: C | float | A, hi: C | float | A) -> C: ...
@overload
def clip(x: float | A, lo: C, hi: C | float | A) -> C: ...
@overload
def clip(x: float | A, lo: float | A, hi: C) -> C: ...
@overload
def clip(x: float | A, lo: float | A, hi: float | A) -> Array:
    """x limited to the range from lo to hi."""

clamp = clip

@overload
def relu(x: float) -> float: ...
@overload
def relu(x: C) -> C: ...
@overload
def relu(x: float | A) -> Array:
    """max(x, 0) with slope 0 at 0."""

@overload
def abs(x: float) -> float: ...
@overload
def abs(x: C) -> C: ...
@overload
def abs(x: float | A) -> Array:
    """Absolute value."""

fabs = abs

@overload
def sign(x: float) -> float: ...
@overload
def sign(x: C) -> C: ...
@overload
def sign(x: float | A) -> Array:
    """The sign of x: -1, 0 or 1."""

sgn = sign

@overload
def floor(x: float) -> float: ...
@overload
def floor(x: C) -> C: ...
@overload
def floor(x: float | A) -> Array:
    """Greatest whole number not above x."""

@overload
def ceil(x: float) -> float: ...
@overload
def ceil(x: C) -> C: ...
@overload
def ceil(x: float | A) -> Array:
    """Least whole number not below x."""

@overload
def round(x: float) -> float: ...
@overload
def round(x: C) -> C: ...
@overload
def round(x: float | A) -> Array:
    """Nearest whole number. Halves go to the even one."""

@overload
def trunc(x: float) -> float: ...
@overload
def trunc(x: C) -> C: ...
@overload
def trunc(x: float | A) -> Array:
    """The whole part of x, rounded towards 0."""

fix = trunc

@overload
def fmod(x: float, y: float) -> float: ...
@overload
def fmod(x: C, y: C | float | A) -> C: ...
@overload
def fmod(x: float | A, y: C) -> C: ...
@overload
def fmod(x: float | A, y: float | A) -> Array:
    """Remainder with the sign of the dividend x, as in C."""

@overload
def heaviside(x: float, at0: float = ...) -> float: ...
@overload
def heaviside(x: C, at0: C | float | A = ...) -> C: ...
@overload
def heaviside(x: float | A, at0: C = ...) -> C: ...
@overload
def heaviside(x: float | A, at0: float | A = ...) -> Array:
    """Unit step: 0 for x < 0, 1 for x > 0, at0 for x = 0 [default: 0.5]."""

@overload
def sqrt(x: float) -> float: ...
@overload
def sqrt(x: C) -> C: ...
@overload
def sqrt(x: float | A) -> Array:
    """Square root."""

@overload
def cbrt(x: float) -> float: ...
@overload
def cbrt(x: C) -> C: ...
@overload
def cbrt(x: float | A) -> Array:
    """Cube root, also of negative numbers."""

@overload
def exp(x: float) -> float: ...
@overload
def exp(x: C) -> C: ...
@overload
def exp(x: float | A) -> Array:
    """Exponential."""

@overload
def exp2(x: float) -> float: ...
@overload
def exp2(x: C) -> C: ...
@overload
def exp2(x: float | A) -> Array:
    """2**x."""

@overload
def exp10(x: float) -> float: ...
@overload
def exp10(x: C) -> C: ...
@overload
def exp10(x: float | A) -> Array:
    """10**x."""

@overload
def expm1(x: float) -> float: ...
@overload
def expm1(x: C) -> C: ...
@overload
def expm1(x: float | A) -> Array:
    """exp(x) - 1, exact near 0."""

@overload
def log(x: float, base: float = ...) -> float: ...
@overload
def log(x: C, base: C | float | A = ...) -> C: ...
@overload
def log(x: float | A, base: C = ...) -> C: ...
@overload
def log(x: float | A, base: float | A = ...) -> Array:
    """Natural logarithm. log(x, base) is the logarithm to another base."""

ln = log

@overload
def log2(x: float) -> float: ...
@overload
def log2(x: C) -> C: ...
@overload
def log2(x: float | A) -> Array:
    """Logarithm to base 2."""

@overload
def log10(x: float) -> float: ...
@overload
def log10(x: C) -> C: ...
@overload
def log10(x: float | A) -> Array:
    """Logarithm to base 10."""

@overload
def log1p(x: float) -> float: ...
@overload
def log1p(x: C) -> C: ...
@overload
def log1p(x: float | A) -> Array:
    """log(1 + x), exact near 0."""

@overload
def log_base(x: float, base: float) -> float: ...
@overload
def log_base(x: C, base: C | float | A) -> C: ...
@overload
def log_base(x: float | A, base: C) -> C: ...
@overload
def log_base(x: float | A, base: float | A) -> Array:
    """Logarithm to a base, the same as log(x, base)."""

@overload
def sin(x: float) -> float: ...
@overload
def sin(x: C) -> C: ...
@overload
def sin(x: float | A) -> Array:
    """Sine of an angle in radians."""

@overload
def cos(x: float) -> float: ...
@overload
def cos(x: C) -> C: ...
@overload
def cos(x: float | A) -> Array:
    """Cosine of an angle in radians."""

@overload
def tan(x: float) -> float: ...
@overload
def tan(x: C) -> C: ...
@overload
def tan(x: float | A) -> Array:
    """Tangent of an angle in radians."""

@overload
def sec(x: float) -> float: ...
@overload
def sec(x: C) -> C: ...
@overload
def sec(x: float | A) -> Array:
    """Secant of an angle in radians, 1/cos(x)."""

@overload
def csc(x: float) -> float: ...
@overload
def csc(x: C) -> C: ...
@overload
def csc(x: float | A) -> Array:
    """Cosecant of an angle in radians, 1/sin(x)."""

@overload
def cot(x: float) -> float: ...
@overload
def cot(x: C) -> C: ...
@overload
def cot(x: float | A) -> Array:
    """Cotangent of an angle in radians, 1/tan(x)."""

@overload
def asin(x: float) -> float: ...
@overload
def asin(x: C) -> C: ...
@overload
def asin(x: float | A) -> Array:
    """Inverse sine, in radians."""

arcsin = asin

@overload
def acos(x: float) -> float: ...
@overload
def acos(x: C) -> C: ...
@overload
def acos(x: float | A) -> Array:
    """Inverse cosine, in radians."""

arccos = acos

@overload
def atan(x: float) -> float: ...
@overload
def atan(x: C) -> C: ...
@overload
def atan(x: float | A) -> Array:
    """Inverse tangent, in radians."""

arctan = atan

@overload
def hypot(x: float, y: float) -> float: ...
@overload
def hypot(x: C, y: C | float | A) -> C: ...
@overload
def hypot(x: float | A, y: C) -> C: ...
@overload
def hypot(x: float | A, y: float | A) -> Array:
    """sqrt(x**2 + y**2) without overflow."""

@overload
def atan2(y: float, x: float) -> float: ...
@overload
def atan2(y: C, x: C | float | A) -> C: ...
@overload
def atan2(y: float | A, x: C) -> C: ...
@overload
def atan2(y: float | A, x: float | A) -> Array:
    """Angle of the point (x, y) in radians, from -pi to pi. y is the first argument."""

arctan2 = atan2

@overload
def sinh(x: float) -> float: ...
@overload
def sinh(x: C) -> C: ...
@overload
def sinh(x: float | A) -> Array:
    """Hyperbolic sine."""

@overload
def cosh(x: float) -> float: ...
@overload
def cosh(x: C) -> C: ...
@overload
def cosh(x: float | A) -> Array:
    """Hyperbolic cosine."""

@overload
def tanh(x: float) -> float: ...
@overload
def tanh(x: C) -> C: ...
@overload
def tanh(x: float | A) -> Array:
    """Hyperbolic tangent."""

@overload
def sech(x: float) -> float: ...
@overload
def sech(x: C) -> C: ...
@overload
def sech(x: float | A) -> Array:
    """Hyperbolic secant, 1/cosh(x)."""

@overload
def csch(x: float) -> float: ...
@overload
def csch(x: C) -> C: ...
@overload
def csch(x: float | A) -> Array:
    """Hyperbolic cosecant, 1/sinh(x)."""

@overload
def coth(x: float) -> float: ...
@overload
def coth(x: C) -> C: ...
@overload
def coth(x: float | A) -> Array:
    """Hyperbolic cotangent, 1/tanh(x)."""

@overload
def asinh(x: float) -> float: ...
@overload
def asinh(x: C) -> C: ...
@overload
def asinh(x: float | A) -> Array:
    """Inverse hyperbolic sine."""

arcsinh = asinh

@overload
def acosh(x: float) -> float: ...
@overload
def acosh(x: C) -> C: ...
@overload
def acosh(x: float | A) -> Array:
    """Inverse hyperbolic cosine."""

arccosh = acosh

@overload
def atanh(x: float) -> float: ...
@overload
def atanh(x: C) -> C: ...
@overload
def atanh(x: float | A) -> Array:
    """Inverse hyperbolic tangent."""

arctanh = atanh

@overload
def sigmoid(x: float) -> float: ...
@overload
def sigmoid(x: C) -> C: ...
@overload
def sigmoid(x: float | A) -> Array:
    """Logistic function, 1/(1 + exp(-x))."""

expit = sigmoid

logistic = sigmoid

@overload
def softplus(x: float) -> float: ...
@overload
def softplus(x: C) -> C: ...
@overload
def softplus(x: float | A) -> Array:
    """log(1 + exp(x)) without overflow."""

@overload
def logaddexp(x: float, y: float) -> float: ...
@overload
def logaddexp(x: C, y: C | float | A) -> C: ...
@overload
def logaddexp(x: float | A, y: C) -> C: ...
@overload
def logaddexp(x: float | A, y: float | A) -> Array:
    """log(exp(x) + exp(y)) without overflow."""

@overload
def xlogy(x: float, y: float) -> float: ...
@overload
def xlogy(x: C, y: C | float | A) -> C: ...
@overload
def xlogy(x: float | A, y: C) -> C: ...
@overload
def xlogy(x: float | A, y: float | A) -> Array:
    """x*log(y), and 0 where x is 0, also for y = 0."""

@overload
def sinc(x: float) -> float: ...
@overload
def sinc(x: C) -> C: ...
@overload
def sinc(x: float | A) -> Array:
    """sin(x)/x, and 1 at 0."""

@overload
def reshape(x: C, *shape: int | Sequence[int]) -> C: ...
@overload
def reshape(x: float | A, *shape: int | Sequence[int]) -> Array:
    """The same elements in another shape. One size may be -1, to be found from the others."""

@overload
def broadcast_to(x: C, *shape: int | Sequence[int]) -> C: ...
@overload
def broadcast_to(x: float | A, *shape: int | Sequence[int]) -> Array:
    """x repeated to a shape, along new axes and axes of size 1."""

@overload
def transpose(x: C, *axes: int | Sequence[int]) -> C: ...
@overload
def transpose(x: float | A, *axes: int | Sequence[int]) -> Array:
    """The axes in another order [default: reversed]. A.T is short for it."""

@overload
def swapaxes(x: C, axis1: int, axis2: int) -> C: ...
@overload
def swapaxes(x: float | A, axis1: int, axis2: int) -> Array:
    """x with two axes exchanged."""

@overload
def stack(*xs: C | Sequence[C], axis: Axis = ...) -> C: ...
@overload
def stack(*xs: float | A, axis: Axis = ...) -> Array: ...
@overload
def stack(*xs: C | float | A, axis: Axis = ...) -> C:
    """Arrays of one shape along a new axis. [a, b] is short for it."""

@overload
def concatenate(*xs: C | Sequence[C], axis: Axis = ...) -> C: ...
@overload
def concatenate(*xs: float | A, axis: Axis = ...) -> Array: ...
@overload
def concatenate(*xs: C | float | A, axis: Axis = ...) -> C:
    """Return arrays one after the other along an axis."""

@overload
def getitem(x: C, index: object) -> C: ...
@overload
def getitem(x: float | A, index: object) -> Numeric:
    """Part of an array: x[0], A[0, 1:]."""

@overload
def diag(x: C) -> C: ...
@overload
def diag(x: float | A) -> Array:
    """The matrix with a vector on its diagonal, or the diagonal of a matrix."""

@overload
def trace(x: C) -> C: ...
@overload
def trace(x: float | A) -> Numeric:
    """The sum of the diagonal."""

@overload
def sum(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def sum(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """Sum of all elements or along an axis."""

@overload
def mean(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def mean(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """Mean of all elements or along an axis."""

@overload
def prod(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def prod(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """Product of all elements or along an axis."""

@overload
def amax(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def amax(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """The greatest of all elements or along an axis, the same as max of one array."""

@overload
def amin(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def amin(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """The least of all elements or along an axis, the same as min of one array."""

@overload
def norm(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def norm(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """Euclidean norm of all elements or along an axis. Of a matrix it is the Frobenius norm."""

@overload
def softmax(x: C, axis: Axis = ...) -> C: ...
@overload
def softmax(x: float | A, axis: Axis = ...) -> Numeric:
    """exp(x) over its sum along an axis [default: the last], without overflow."""

@overload
def logsumexp(x: C, axis: Axis = ..., keepdims: bool = ...) -> C: ...
@overload
def logsumexp(x: float | A, axis: Axis = ..., keepdims: bool = ...) -> Numeric:
    """log(sum(exp(x))) of all elements or along an axis, without overflow."""

@overload
def log_softmax(x: C, axis: Axis = ...) -> C: ...
@overload
def log_softmax(x: float | A, axis: Axis = ...) -> Numeric:
    """log(softmax(x)) along an axis [default: the last], without cancellation."""

@overload
def matmul(x: C, y: C | float | A) -> C: ...
@overload
def matmul(x: float | A, y: C) -> C: ...
@overload
def matmul(x: float | A, y: float | A) -> Numeric:
    """Product of matrices and vectors. Axes before the last two are batches."""

dot = matmul

@overload
def outer(x: C, y: C | float | A) -> C: ...
@overload
def outer(x: float | A, y: C) -> C: ...
@overload
def outer(x: float | A, y: float | A) -> Array:
    """All products of the elements of two vectors."""

@overload
def solve(a: C, b: C | float | A, vector: bool | None = ...) -> C: ...
@overload
def solve(a: float | A, b: C, vector: bool | None = ...) -> C: ...
@overload
def solve(a: float | A, b: float | A, vector: bool | None = ...) -> Array:
    """The x with A @ x = b."""

@overload
def inv(x: C) -> C: ...
@overload
def inv(x: float | A) -> Array:
    """Inverse of a matrix. Prefer solve(A, b) to inv(A) @ b."""

@overload
def det(x: C) -> C: ...
@overload
def det(x: float | A) -> Numeric:
    """Determinant."""

@overload
def logdet(x: C) -> C: ...
@overload
def logdet(x: float | A) -> Numeric:
    """Logarithm of the determinant, which must be positive."""

@overload
def erf(x: float) -> float: ...
@overload
def erf(x: C) -> C: ...
@overload
def erf(x: float | A) -> Array:
    """Error function."""

@overload
def erfc(x: float) -> float: ...
@overload
def erfc(x: C) -> C: ...
@overload
def erfc(x: float | A) -> Array:
    """Complementary error function, 1 - erf(x)."""

@overload
def gamma(x: float) -> float: ...
@overload
def gamma(x: C) -> C: ...
@overload
def gamma(x: float | A) -> Array:
    """Gamma function."""

@overload
def lgamma(x: float) -> float: ...
@overload
def lgamma(x: C) -> C: ...
@overload
def lgamma(x: float | A) -> Array:
    """Logarithm of the absolute value of gamma."""

gammaln = lgamma

lngamma = lgamma

@overload
def digamma(x: float) -> float: ...
@overload
def digamma(x: C) -> C: ...
@overload
def digamma(x: float | A) -> Array:
    """Digamma function, the derivative of lgamma."""

psi = digamma

@overload
def polygamma(n: int, x: float) -> float: ...
@overload
def polygamma(n: int, x: C) -> C: ...
@overload
def polygamma(n: int, x: float | A) -> Array:
    """Polygamma function, digamma differentiated n times."""

@overload
def factorial(x: float) -> float: ...
@overload
def factorial(x: C) -> C: ...
@overload
def factorial(x: float | A) -> Array:
    """Factorial, gamma(x + 1), exact at whole numbers."""

@overload
def beta(a: float, b: float) -> float: ...
@overload
def beta(a: C, b: C | float | A) -> C: ...
@overload
def beta(a: float | A, b: C) -> C: ...
@overload
def beta(a: float | A, b: float | A) -> Array:
    """Beta function, gamma(a)*gamma(b)/gamma(a + b), of positive numbers."""

@overload
def lbeta(a: float, b: float) -> float: ...
@overload
def lbeta(a: C, b: C | float | A) -> C: ...
@overload
def lbeta(a: float | A, b: C) -> C: ...
@overload
def lbeta(a: float | A, b: float | A) -> Array:
    """Logarithm of beta(a, b), without overflow."""

betaln = lbeta

@overload
def binomial(n: float, k: float) -> float: ...
@overload
def binomial(n: C, k: C | float | A) -> C: ...
@overload
def binomial(n: float | A, k: C) -> C: ...
@overload
def binomial(n: float | A, k: float | A) -> Array:
    """Binomial coefficient, n!/(k!*(n - k)!), also between whole numbers."""

binom = binomial

@overload
def expint(x: float) -> float: ...
@overload
def expint(x: C) -> C: ...
@overload
def expint(x: float | A) -> Array:
    """Exponential integral E1(x), the integral of exp(-t)/t from x to inf."""

@overload
def gammainc(a: int, x: float) -> float: ...
@overload
def gammainc(a: int, x: C) -> C: ...
@overload
def gammainc(a: int, x: float | A) -> Array:
    """Regularised lower incomplete gamma function P(a, x), by x."""

@overload
def gammaincc(a: int, x: float) -> float: ...
@overload
def gammaincc(a: int, x: C) -> C: ...
@overload
def gammaincc(a: int, x: float | A) -> Array:
    """Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), by x."""

@overload
def betainc(a: int, b: int, x: float) -> float: ...
@overload
def betainc(a: int, b: int, x: C) -> C: ...
@overload
def betainc(a: int, b: int, x: float | A) -> Array:
    """Regularised incomplete beta function I_x(a, b), by x."""

@overload
def lambertw(x: float) -> float: ...
@overload
def lambertw(x: C) -> C: ...
@overload
def lambertw(x: float | A) -> Array:
    """Lambert's W function, the w >= -1 with w*exp(w) = x."""

@overload
def rad2deg(x: float) -> float: ...
@overload
def rad2deg(x: C) -> C: ...
@overload
def rad2deg(x: float | A) -> Array:
    """Degrees of an angle in radians, x*180/pi."""

degrees = rad2deg

@overload
def deg2rad(x: float) -> float: ...
@overload
def deg2rad(x: C) -> C: ...
@overload
def deg2rad(x: float | A) -> Array:
    """Radians of an angle in degrees, x*pi/180."""

radians = deg2rad

@overload
def sind(x: float) -> float: ...
@overload
def sind(x: C) -> C: ...
@overload
def sind(x: float | A) -> Array:
    """Sine of an angle in degrees, correctly rounded at multiples of 15."""

@overload
def cosd(x: float) -> float: ...
@overload
def cosd(x: C) -> C: ...
@overload
def cosd(x: float | A) -> Array:
    """Cosine of an angle in degrees, correctly rounded at multiples of 15."""

@overload
def tand(x: float) -> float: ...
@overload
def tand(x: C) -> C: ...
@overload
def tand(x: float | A) -> Array:
    """Tangent of an angle in degrees, correctly rounded at multiples of 15."""

@overload
def asind(x: float) -> float: ...
@overload
def asind(x: C) -> C: ...
@overload
def asind(x: float | A) -> Array:
    """Inverse sine, in degrees."""

arcsind = asind

@overload
def acosd(x: float) -> float: ...
@overload
def acosd(x: C) -> C: ...
@overload
def acosd(x: float | A) -> Array:
    """Inverse cosine, in degrees."""

arccosd = acosd

@overload
def atand(x: float) -> float: ...
@overload
def atand(x: C) -> C: ...
@overload
def atand(x: float | A) -> Array:
    """Inverse tangent, in degrees."""

arctand = atand

@overload
def acot(x: float) -> float: ...
@overload
def acot(x: C) -> C: ...
@overload
def acot(x: float | A) -> Array:
    """Inverse cotangent, atan(1/x), in radians."""

arccot = acot

@overload
def asec(x: float) -> float: ...
@overload
def asec(x: C) -> C: ...
@overload
def asec(x: float | A) -> Array:
    """Inverse secant, acos(1/x), in radians."""

arcsec = asec

@overload
def acsc(x: float) -> float: ...
@overload
def acsc(x: C) -> C: ...
@overload
def acsc(x: float | A) -> Array:
    """Inverse cosecant, asin(1/x), in radians."""

arccsc = acsc

@overload
def acoth(x: float) -> float: ...
@overload
def acoth(x: C) -> C: ...
@overload
def acoth(x: float | A) -> Array:
    """Inverse hyperbolic cotangent, atanh(1/x)."""

arccoth = acoth

@overload
def asech(x: float) -> float: ...
@overload
def asech(x: C) -> C: ...
@overload
def asech(x: float | A) -> Array:
    """Inverse hyperbolic secant, acosh(1/x)."""

arcsech = asech

@overload
def acsch(x: float) -> float: ...
@overload
def acsch(x: C) -> C: ...
@overload
def acsch(x: float | A) -> Array:
    """Inverse hyperbolic cosecant, asinh(1/x)."""

arccsch = acsch

@overload
def normpdf(x: float) -> float: ...
@overload
def normpdf(x: C) -> C: ...
@overload
def normpdf(x: float | A) -> Array:
    """Density of the standard normal distribution, exp(-x**2/2)/sqrt(2*pi)."""

@overload
def normcdf(x: float) -> float: ...
@overload
def normcdf(x: C) -> C: ...
@overload
def normcdf(x: float | A) -> Array:
    """Distribution function of the standard normal distribution, erfc(-x/sqrt(2))/2."""

@overload
def norminv(p: float) -> float: ...
@overload
def norminv(p: C) -> C: ...
@overload
def norminv(p: float | A) -> Array:
    """Inverse of normcdf, the quantile of a probability p."""

@overload
def erfinv(x: float) -> float: ...
@overload
def erfinv(x: C) -> C: ...
@overload
def erfinv(x: float | A) -> Array:
    """Inverse of erf."""

@overload
def erfcinv(x: float) -> float: ...
@overload
def erfcinv(x: C) -> C: ...
@overload
def erfcinv(x: float | A) -> Array:
    """Inverse of erfc."""

@overload
def root(x: float, n: float) -> float: ...
@overload
def root(x: C, n: C | float | A) -> C: ...
@overload
def root(x: float | A, n: C) -> C: ...
@overload
def root(x: float | A, n: float | A) -> Array:
    """The real n-th root of x, also of a negative x for an odd n."""

nthroot = root

surd = root

@overload
def besselj(n: int, x: float) -> float: ...
@overload
def besselj(n: int, x: C) -> C: ...
@overload
def besselj(n: int, x: float | A) -> Array:
    """Bessel function of the first kind, of a whole order."""

@overload
def bessely(n: int, x: float) -> float: ...
@overload
def bessely(n: int, x: C) -> C: ...
@overload
def bessely(n: int, x: float | A) -> Array:
    """Bessel function of the second kind, of a whole order."""

@overload
def besseli(n: int, x: float) -> float: ...
@overload
def besseli(n: int, x: C) -> C: ...
@overload
def besseli(n: int, x: float | A) -> Array:
    """Modified Bessel function of the first kind, of a whole order."""

@overload
def besselk(n: int, x: float) -> float: ...
@overload
def besselk(n: int, x: C) -> C: ...
@overload
def besselk(n: int, x: float | A) -> Array:
    """Modified Bessel function of the second kind, of a whole order."""

@overload
def j0(x: float) -> float: ...
@overload
def j0(x: C) -> C: ...
@overload
def j0(x: float | A) -> Array:
    """besselj(0, x)."""

@overload
def j1(x: float) -> float: ...
@overload
def j1(x: C) -> C: ...
@overload
def j1(x: float | A) -> Array:
    """besselj(1, x)."""

@overload
def y0(x: float) -> float: ...
@overload
def y0(x: C) -> C: ...
@overload
def y0(x: float | A) -> Array:
    """bessely(0, x)."""

@overload
def y1(x: float) -> float: ...
@overload
def y1(x: C) -> C: ...
@overload
def y1(x: float | A) -> Array:
    """bessely(1, x)."""

@overload
def i0(x: float) -> float: ...
@overload
def i0(x: C) -> C: ...
@overload
def i0(x: float | A) -> Array:
    """besseli(0, x)."""

@overload
def i1(x: float) -> float: ...
@overload
def i1(x: C) -> C: ...
@overload
def i1(x: float | A) -> Array:
    """besseli(1, x)."""
