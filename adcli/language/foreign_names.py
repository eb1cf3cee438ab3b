"""The names that other tools and notations have for functions and constants, and what to write here instead.

The tools are SymPy, SciPy, NumPy, PyTorch, MATLAB, Mathematica, Maxima, Excel, R, Julia, C, calculators and LaTeX. Only
errors import this module. A name of the language must not be in the table, which `tests/language/test_hints.py` checks.
"""

from __future__ import annotations

import re

from ..errors import LONGEST_WORD, quoted
from ..ops import PUBLIC, TABLE

CHOICE = "write a choice as where(condition, a, b) or a if condition else b"
DIFFERENTIATE = "write diff(u, x) for the derivative of u by x"
TERMS = "write sum(i^2, i=1..10)"
NO_COMPLEX = "leave it out: numbers are real"
NO_INTEGRAL = "write the integral itself: formulas are evaluated and differentiated, not integrated"
NO_LIMIT = "write the formula alone, and give it a point near the limit"
NO_RANDOM = "write a variable, and give it a value: there are no random numbers"
NO_MATRIX_FUNCTION = "write it with solve, inv, det and @: matrices have no decompositions"
NO_DISTRIBUTION = "write the formula of the distribution, with exp, normcdf and lgamma"
NO_OTHER_EXPINT = "write it with expint(x), the integral of exp(-t)/t from x to inf, for x > 0"
NO_RANGE = "write a range such as [1..10], or with its step, as in [0, 0.5..2]"
ANGLES = "write deg2rad(x) for the radians of x degrees, rad2deg(x) for the degrees of x radians"

# Names, separated by blanks, and the hint for a call of them. Names that differ only in case or in `_` need no entry.
_FUNCTIONS = (
    # logarithms and powers
    ("lg", "write log10(x)"),
    ("LOG", "write log10(x) for the base 10, log(x) for the base e"),
    ("lb ld", "write log2(x)"),
    ("loge logarithm naturallog nlog", "write log(x)"),
    ("logb logn logbase", "write log(x, base)"),
    ("log1pexp", "write softplus(x)"),
    ("log1mexp", "write log(-expm1(x)) for log(1 - exp(x))"),
    ("logit", "write log(x/(1 - x))"),
    ("logcosh lncosh", "write abs(x) + log1p(exp(-2*abs(x))) - log(2)"),
    ("antilog alog alog10 pow10", "write exp10(x)"),
    ("pow2", "write exp2(x)"),
    ("power raise powf powi", "write x^y"),
    ("sqr", "write x^2 for the square, sqrt(x) for the root"),
    ("squared", "write x^2"),
    ("cube cubed", "write x^3"),
    ("squareroot root2", "write sqrt(x)"),
    ("sqrtpi", "write sqrt(pi*x)"),
    ("cuberoot curt", "write cbrt(x)"),
    ("realroot nroot", "write root(x, n)"),
    ("rsqrt invsqrt", "write 1/sqrt(x)"),
    ("reciprocal recip", "write 1/x"),
    ("exponential", "write exp(x)"),
    ("ldexp", "write x*2^n"),
    ("fma muladd", "write x*y + z"),
    ("sinf cosf tanf expf logf sqrtf fabsf", "write it without the f"),
    # trigonometric and hyperbolic functions
    ("sen sine sinus", "write sin(x)"),
    ("cosine cosinus", "write cos(x)"),
    ("tg tangent tangens", "write tan(x)"),
    ("ctg cotg cotan cotangent", "write cot(x)"),
    ("cosec cosecant", "write csc(x)"),
    ("secant", "write sec(x)"),
    ("arcsine asn arcsen", "write asin(x)"),
    ("arccosine acs", "write acos(x)"),
    ("arctg atn arctangent", "write atan(x)"),
    ("ATAN2", "write atan2(y, x), with y first"),
    ("angle phase arg", "write atan2(y, x)"),
    ("sh", "write sinh(x)"),
    ("ch", "write cosh(x)"),
    ("th tgh", "write tanh(x)"),
    ("cth ctgh", "write coth(x)"),
    ("cosech", "write csch(x)"),
    ("arsinh arsh argsinh argsh areasinh", "write asinh(x)"),
    ("arcosh arch argcosh argch areacosh", "write acosh(x)"),
    ("artanh arth argtanh argth areatanh", "write atanh(x)"),
    ("sinpi", "write sin(pi*x)"),
    ("cospi", "write cos(pi*x)"),
    ("tanpi", "write tan(pi*x)"),
    ("haversine haversin hav", "write sin(x/2)^2"),
    ("versine vers", "write 2*sin(x/2)^2"),
    ("chord crd", "write 2*sin(x/2)"),
    ("gudermannian", "write 2*atan(tanh(x/2))"),
    ("sinhc shc", "write sinh(x)/x"),
    ("todegrees radtodeg", "write rad2deg(x)"),
    ("toradians degtorad", "write deg2rad(x)"),
    ("arcctg acotan arccotan", "write acot(x)"),
    ("arcoth argcoth areacoth", "write acoth(x)"),
    ("arsech argsech areasech", "write asech(x)"),
    ("arcsch argcsch areacsch", "write acsch(x)"),
    ("deg rad", ANGLES),
    # parts of numbers, steps and comparisons
    ("absolute absolutevalue absval modulus magnitude", "write abs(x)"),
    ("signum", "write sign(x)"),
    ("copysign", "write abs(x)*sign(y)"),
    ("ceiling roundup", "write ceil(x)"),
    ("rounddown", "write floor(x)"),
    ("rint nint roundeven", "write round(x)"),
    ("int", "write floor(x) for a whole part; formulas are not integrated"),
    ("ipart integerpart", "write trunc(x)"),
    ("frac", "write a/b for a fraction, x - floor(x) for the part after the point"),
    ("fract fpart fractionalpart", "write x - floor(x)"),
    ("rem", "write fmod(x, y), which has the sign of x"),
    ("remainder modulo", "write mod(x, y), which has the sign of y"),
    ("quotient quot idiv intdiv", "write floor(x/y)"),
    ("rational", "write p/q"),
    ("entier", "write floor(x)"),
    ("mround", "write m*round(x/m)"),
    ("Plus", "write x + y"),
    ("Subtract", "write x - y"),
    ("Times", "write x*y"),
    ("isqrt", "write floor(sqrt(x))"),
    ("cosm1", "write -2*sin(x/2)^2"),
    ("fsum", "write a + b + c, or sum(v) for a vector"),
    ("polyval poly", "write the polynomial out, as in a*x^2 + b*x + c"),
    ("fdim", "write max(x - y, 0)"),
    ("maximum fmax pmax nanmax", "write max(x, y)"),
    ("minimum fmin pmin nanmin", "write min(x, y)"),
    ("saturate", "write clip(x, 0, 1)"),
    ("bound constrain", "write clip(x, lo, hi)"),
    ("lerp mix", "write a + t*(b - a)"),
    ("smoothstep", "write t = clip((x - a)/(b - a), 0, 1); t^2*(3 - 2*t)"),
    ("unitstep heavisidetheta hstep", "write heaviside(x)"),
    ("step", "write heaviside(x - edge)"),
    ("ramp", "write relu(x)"),
    ("rect boxcar", "write where(abs(x) < 1/2, 1, 0)"),
    ("tri triangle", "write max(1 - abs(x), 0)"),
    ("diracdelta dirac kroneckerdelta", "leave it out: it is not a function of numbers"),
    ("if ifelse iif iff cond switch which piecewise cases ifs", CHOICE),
    ("xor", "write (a or b) and not (a and b)"),
    ("isnan", "write x != x"),
    ("isfinite", "write abs(x) < inf"),
    ("isinf", "write abs(x) == inf"),
    ("isclose approx", "write abs(x - y) < 1e-9"),
    ("gcd lcm igcd isprime", "leave it out: it has no derivative"),
    ("conj conjugate real imag re im realpart imagpart", NO_COMPLEX),
    # functions of neural networks
    ("silu swish", "write x*sigmoid(x)"),
    ("gelu", "write x*normcdf(x)"),
    ("elu", "write where(x > 0, x, expm1(x))"),
    ("leakyrelu", "write where(x > 0, x, 0.01*x)"),
    ("relu6", "write clip(x, 0, 6)"),
    ("mish", "write x*tanh(softplus(x))"),
    ("softsign", "write x/(1 + abs(x))"),
    ("hardtanh", "write clip(x, -1, 1)"),
    ("logsigmoid", "write -softplus(-x)"),
    ("sigm logsig invlogit", "write sigmoid(x)"),
    ("tansig", "write tanh(x)"),
    ("lse", "write logsumexp(x)"),
    # special functions and statistics
    ("fact", "write factorial(x)"),
    ("lfact lfactorial logfactorial", "write lgamma(x + 1)"),
    ("loggamma gammln lngam", "write lgamma(x)"),
    ("trigamma", "write polygamma(1, x)"),
    ("tetragamma", "write polygamma(2, x)"),
    ("harmonic harmonicnumber", "write digamma(x + 1) + 0.5772156649015329"),
    ("productlog omega lambert", "write lambertw(x)"),
    ("betai ibeta betaincreg betareg", "write betainc(a, b, x), for numbers a and b"),
    ("exp1 e1 ei1", "write expint(x)"),
    ("expi ei li expn logint", NO_OTHER_EXPINT),
    ("erfcx", "write exp(x^2)*erfc(x)"),
    ("pnorm ndtr normsdist cdfnorm stdnormcdf", "write normcdf(x)"),
    ("dnorm pdfnorm", "write normpdf(x)"),
    ("qnorm ndtri normsinv probit", "write norminv(p)"),
    ("dgamma pgamma qgamma dexp pexp dbinom pbinom dpois ppois dunif punif dbeta pbeta dt pt", NO_DISTRIBUTION),
    ("jn jv BesselJ besj", "write besselj(n, x), for a whole order n"),
    ("yn yv BesselY besy", "write bessely(n, x), for a whole order n"),
    ("iv BesselI besi", "write besseli(n, x), for a whole order n"),
    ("kn kv BesselK besk", "write besselk(n, x), for a whole order n"),
    ("k0", "write besselk(0, x)"),
    ("k1", "write besselk(1, x)"),
    ("nCr ncr comb combin choose nchoosek", "write binomial(n, k)"),
    ("nPr npr perm permut", "write exp(lgamma(n + 1) - lgamma(n - k + 1))"),
    ("plogis logisticsigmoid", "write sigmoid(x)"),
    ("qlogis", "write log(x/(1 - x))"),
    ("psigamma", "write polygamma(2, x) for the order 2"),
    ("lchoose", "write lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)"),
    ("average avg", "write mean(x)"),
    ("geomean gmean", "write exp(mean(log(x)))"),
    ("harmean hmean", "write 1/mean(1/x)"),
    ("variance var", "write mean((x - mean(x))^2)"),
    ("stdev stddev std sd", "write sqrt(mean((x - mean(x))^2))"),
    ("rms", "write sqrt(mean(x^2))"),
    ("sumsq sumsquares sumofsquares", "write sum(x^2)"),
    ("sumproduct sumprod", "write sum(x*y)"),
    ("total", "write sum(x)"),
    ("product", "write prod(x)"),
    ("median mode quantile percentile argmax argmin", "leave it out: it has no derivative"),
    ("logmeanexp", "write logsumexp(x) - log(n)"),
    ("rand randn random rnorm runif randint", NO_RANDOM),
    # vectors and matrices
    ("inner vdot dotproduct scalarproduct innerproduct", "write dot(x, y)"),
    ("nrm2 l2norm vecnorm norm2", "write norm(x)"),
    ("hypot3", "write norm([x, y, z])"),
    ("dist distance", "write norm(x - y)"),
    ("cross crossproduct", "write [a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]]"),
    ("tr", "write trace(A)"),
    ("normalize unitvector", "write x/norm(x)"),
    ("crossprod", "write A.T @ B"),
    ("tcrossprod", "write A @ B.T"),
    ("determinant mdeterm", "write det(A)"),
    ("inverse minverse matinv", "write inv(A) for a matrix, 1/x for a number"),
    ("ctranspose", "write A.T"),
    ("mmult mtimes matmult mulmat", "write A @ B"),
    ("mldivide linsolve linearsolve lsolve", "write solve(A, b)"),
    ("Solve fsolve nsolve findroot roots", "write solve(A, b) for a linear system, or give the equation to implicit"),
    ("pinv pseudoinverse", "write solve(A.T @ A, A.T)"),
    ("lstsq leastsquares", "write solve(A.T @ A, A.T @ b)"),
    ("slogdet", "write logdet(A), or log(abs(det(A)))"),
    ("eye identity identitymatrix ident", "write diag(broadcast_to(1, n)), or the matrix out, as in [[1, 0], [0, 1]]"),
    ("zeros ones full", "write the numbers out, as in [0, 0, 0], or broadcast_to(1, n)"),
    ("zeros_like ones_like full_like", "write broadcast_to(1, len(x))"),
    ("cumsum cumprod", "write each element as a sum with an index, as in sum(x[i], i=0..2)"),
    ("einsum tensordot", "write the sums with @, outer, trace and sum(A, axis=0)"),
    ("array asarray vector matrix tensor", "write a vector as [1, 2], a matrix as [[1, 2], [3, 4]]"),
    ("linspace arange range seq table", NO_RANGE),
    ("eig eigvals eigenvalues svd qr chol cholesky lu expm logm sqrtm rank kron", NO_MATRIX_FUNCTION),
    # calculus and programs
    ("D derivative deriv ddx differentiate gradient grad jacobian hessian laplacian", DIFFERENTIATE),
    ("integrate integral quad nintegrate", NO_INTEGRAL),
    ("limit lim", NO_LIMIT),
    ("Sum summation nsum sigma Product", TERMS),
    ("float double decimal number evalf", "write the number itself"),
    ("symbol symbols sympify", "write the name of the variable alone"),
    ("simplify expand factor", "write the formula alone: diff prints formulas"),
)  # fmt: skip
# Words that stand for a number or an operator. The texts follow "write".
_CONSTANTS = (
    ("PI Pi M_PI", "pi"),
    ("E M_E Euler", "e"),
    ("TAU Tau", "tau"),
    ("oo Inf INF infinity Infinity INFINITY infty", "inf"),
    ("NaN NAN Nan NA", "nan"),
    ("T", "A.T for the transpose of A"),
    ("deg degree degrees Degree", "30*pi/180 for 30 degrees"),
    ("EulerGamma euler_gamma", "0.5772156649015329"),
    ("GoldenRatio", "(1 + sqrt(5))/2"),
    ("ans Ans", "the number itself"),
    ("i I", "two formulas of real numbers for a complex one"),
    ("TRUE true FALSE false", "a comparison such as x > 0"),
)

FOREIGN_FUNCTIONS = {name: hint for names, hint in _FUNCTIONS for name in names.split()}
FOREIGN_CONSTANTS = {name: spelling for names, spelling in _CONSTANTS for name in names.split()}
_BY_FOLD = {name: hint for name, hint in FOREIGN_FUNCTIONS.items() if name.islower()}
_NEIGHBOURS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")  # the rows of a keyboard


def function_hint(name: str, otherwise: str) -> str:
    """Return the hint for a function that does not exist: what to write for a known foreign name, or the name meant.

    >>> from adcli.language.foreign_names import function_hint
    >>> function_hint("lg", "?"), function_hint("Sin", "?"), function_hint("sinn", "?"), function_hint("sinhd", "?")
    ('write log10(x)', "did you mean 'sin'?", "did you mean 'sin'?", '?')
    """
    base = re.fullmatch(r"log_?(\d{1,9})", name)
    hint = foreign_hint(name)
    if hint:
        return hint
    known = known_function(name)
    if base and not known:
        return f"write log(x, {base[1]})"
    if known is None and len(name) <= LONGEST_WORD:
        # Two spellings of one operation are one guess. Two operations are none.
        slips = {PUBLIC[word].name: word for word in sorted(PUBLIC) if is_slip(_fold(name), word)}
        known = next(iter(slips.values())) if len(slips) == 1 else None
    return f"did you mean {quoted(known)}?" if known else otherwise


def sign_hint(name: str) -> str | None:
    """Return the hint for the name of an operation that is written with a sign, such as ``pow``."""
    op = TABLE.get(name.lower())
    if op is None or op.sign is None:
        return None
    return f"write {f'x {op.sign} y' if op.arity == 2 else f'{op.sign} x'}"


def foreign_hint(name: str) -> str | None:
    """Return the hint for a name of another tool, or None. Upper-case entries are read as they are written."""
    if name not in FOREIGN_FUNCTIONS and known_function(name):
        return None
    return FOREIGN_FUNCTIONS.get(name) or _BY_FOLD.get(_fold(name))


def known_function(name: str) -> str | None:
    """Return the function whose name differs only in case and in `_`, or None.

    >>> known_function("ArcTan"), known_function("log_10"), known_function("foo")
    ('arctan', 'log10', None)
    """
    return next((word for word in (name, name.lower(), _fold(name)) if word in PUBLIC), None)


def _fold(name: str) -> str:
    return name.replace("_", "").lower()


def is_slip(word: str, known: str) -> bool:
    """Return whether a word differs from a known one by one slip that is seldom the name of something else.

    A slip exchanges two letters, doubles one, or drops one of two equal letters. Inside a word of at least 4 letters it
    also hits a neighbouring key, and inside one of at least 5 it drops a letter. A changed beginning or end is often
    another function, as in `sind`, `acot` and `fmod`.
    """
    if [c for c in word if c.isdigit()] != [c for c in known if c.isdigit()] or abs(len(word) - len(known)) > 1:
        return False
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    inside = 0 < at < len(longer) - 1
    if len(word) == len(known):
        if word[at : at + 2] == known[at : at + 2][::-1] and word[at + 2 :] == known[at + 2 :]:
            return True
        return inside and len(known) >= 4 and word[at + 1 :] == known[at + 1 :] and _are_neighbours(word[at], known[at])
    if longer[at + 1 :] != shorter[at:]:
        return False
    is_double = at > 0 and longer[at] == longer[at - 1]
    return is_double or (longer == known and inside and len(known) >= 5 and known.isalpha())


def _are_neighbours(one: str, other: str) -> bool:
    return any(one + other in row or other + one in row for row in _NEIGHBOURS)
