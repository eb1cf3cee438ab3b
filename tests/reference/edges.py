"""Edge rows written by hand: poles, kinks, jumps, domain ends, infinities and nan.

Each line is an operation, its arguments, the value and the first derivatives; ``.`` means "not claimed".
Values follow C99 (IEEE 754), first derivatives follow the conventions of the product or a plain limit; a
result that is nan has nan slopes.  ``pi`` and its fractions mean the real number, not a float64.  A value
written ``-0.0`` claims the sign of the zero, one written ``0.0`` does not.
"""

UNARY_EDGES = """
trunc -0.0 -0.0 0.0
trunc inf inf 0.0
trunc -inf -inf 0.0
trunc nan nan nan
exp2 inf inf inf
exp2 -inf 0.0 0.0
exp2 nan nan nan
exp10 inf inf inf
exp10 -inf 0.0 0.0
exp10 nan nan nan
deg2rad inf inf .
deg2rad nan nan .
rad2deg -inf -inf .
rad2deg nan nan .
sind inf nan nan
sind -inf nan nan
sind nan nan nan
cosd inf nan nan
cosd nan nan nan
tand 90.0 inf inf
tand -90.0 -inf inf
tand 450.0 inf inf
tand inf nan nan
tand nan nan nan
asind 1.0 90.0 inf
asind -1.0 -90.0 inf
asind 1.0000000000000002 nan nan
asind inf nan nan
asind nan nan nan
acosd 1.0 0.0 -inf
acosd -1.0 180.0 -inf
acosd -1.0000000000000002 nan nan
acosd inf nan nan
acosd nan nan nan
atand inf 90.0 0.0
atand -inf -90.0 0.0
atand nan nan nan
acot 0.0 pi/2 -1
acot -0.0 -pi/2 -1
acot inf 0.0 0.0
acot -inf -0.0 0.0
acot nan nan nan
asec 1.0 0.0 inf
asec -1.0 pi inf
asec 0.9999999999999999 nan nan
asec 0.0 nan nan
asec inf pi/2 0.0
asec -inf pi/2 0.0
asec nan nan nan
acsc 1.0 pi/2 -inf
acsc -1.0 -pi/2 -inf
acsc 0.9999999999999999 nan nan
acsc -0.5 nan nan
acsc inf 0.0 0.0
acsc -inf -0.0 0.0
acsc nan nan nan
acoth 1.0 inf -inf
acoth -1.0 -inf .
acoth 0.9999999999999999 nan nan
acoth 0.0 nan nan
acoth inf 0.0 0.0
acoth -inf -0.0 0.0
acoth nan nan nan
asech 1.0 0.0 -inf
asech 0.0 inf -inf
asech 1.0000000000000002 nan nan
asech -0.5 nan nan
asech inf nan nan
asech nan nan nan
acsch 0.0 inf -inf
acsch -0.0 -inf -inf
acsch inf 0.0 0.0
acsch -inf -0.0 0.0
acsch nan nan nan
normpdf inf 0.0 0.0
normpdf -inf 0.0 0.0
normpdf nan nan nan
normcdf inf 1.0 0.0
normcdf -inf 0.0 0.0
normcdf nan nan nan
lambertw -0.36787944117144233 -1.0 inf
lambertw -0.3678794411714424 nan nan
lambertw 0.0 0.0 1
lambertw inf inf 0.0
lambertw nan nan nan
expint 0.0 inf -inf
expint -1.0 nan nan
expint inf 0.0 .
expint nan nan nan
norminv 0.0 -inf inf
norminv 1.0 inf inf
norminv -5e-324 nan nan
norminv 1.0000000000000002 nan nan
norminv nan nan nan
erfinv 1.0 inf inf
erfinv -1.0 -inf inf
erfinv 1.0000000000000002 nan nan
erfinv -inf nan nan
erfinv nan nan nan
erfcinv 0.0 inf -inf
erfcinv 2.0 -inf -inf
erfcinv -5e-324 nan nan
erfcinv 2.5 nan nan
erfcinv nan nan nan
factorial -1.0 nan nan
factorial -2.0 nan nan
factorial inf inf inf
factorial -inf nan nan
factorial nan nan nan
j0 inf 0.0 0.0
j0 -inf 0.0 0.0
j0 nan nan nan
j1 inf 0.0 0.0
j1 nan nan nan
y0 0.0 -inf inf
y0 inf 0.0 0.0
y0 -5e-324 nan nan
y0 -inf nan nan
y0 nan nan nan
y1 0.0 -inf inf
y1 inf 0.0 0.0
y1 -1.0 nan nan
y1 nan nan nan
i0 inf inf inf
i0 -inf inf -inf
i0 nan nan nan
i1 inf inf inf
i1 -inf -inf inf
i1 nan nan nan
neg inf -inf -1
neg -inf inf -1
neg nan nan nan
square inf inf inf
square -inf inf -inf
square nan nan nan
sqrt 0.0 0.0 inf
sqrt -0.0 -0.0 .
sqrt inf inf 0.0
sqrt -inf nan nan
sqrt -1.0 nan nan
sqrt -5e-324 nan nan
sqrt nan nan nan
cbrt 0.0 0.0 inf
cbrt -0.0 -0.0 inf
cbrt inf inf 0.0
cbrt -inf -inf 0.0
cbrt nan nan nan
exp inf inf inf
exp -inf 0.0 0.0
exp nan nan nan
expm1 inf inf inf
expm1 -inf -1.0 0.0
expm1 nan nan nan
log 0.0 -inf inf
log -0.0 -inf .
log inf inf 0.0
log -inf nan nan
log -1.0 nan nan
log -5e-324 nan nan
log nan nan nan
log2 0.0 -inf inf
log2 -0.0 -inf .
log2 inf inf 0.0
log2 -inf nan nan
log2 -1.0 nan nan
log2 nan nan nan
log10 0.0 -inf inf
log10 -0.0 -inf .
log10 inf inf 0.0
log10 -inf nan nan
log10 -1.0 nan nan
log10 nan nan nan
log1p -1.0 -inf inf
log1p inf inf 0.0
log1p -inf nan nan
log1p -1.0000000000000002 nan nan
log1p -2.0 nan nan
log1p nan nan nan
sin inf nan nan
sin -inf nan nan
sin nan nan nan
cos inf nan nan
cos -inf nan nan
cos nan nan nan
tan inf nan nan
tan -inf nan nan
tan nan nan nan
sec inf nan nan
sec -inf nan nan
sec nan nan nan
csc 0.0 inf -inf
csc -0.0 -inf -inf
csc inf nan nan
csc -inf nan nan
csc nan nan nan
cot 0.0 inf -inf
cot -0.0 -inf -inf
cot inf nan nan
cot -inf nan nan
cot nan nan nan
asin 1.0 pi/2 inf
asin -1.0 -pi/2 inf
asin 1.0000000000000002 nan nan
asin -1.0000000000000002 nan nan
asin 2.0 nan nan
asin inf nan nan
asin -inf nan nan
asin nan nan nan
acos 1.0 0.0 -inf
acos -1.0 pi -inf
acos 1.0000000000000002 nan nan
acos -1.0000000000000002 nan nan
acos 2.0 nan nan
acos inf nan nan
acos -inf nan nan
acos nan nan nan
atan inf pi/2 0.0
atan -inf -pi/2 0.0
atan nan nan nan
sinh inf inf inf
sinh -inf -inf inf
sinh nan nan nan
cosh inf inf inf
cosh -inf inf -inf
cosh nan nan nan
tanh inf 1.0 0.0
tanh -inf -1.0 0.0
tanh nan nan nan
sech inf 0.0 0.0
sech -inf 0.0 0.0
sech nan nan nan
csch 0.0 inf -inf
csch -0.0 -inf -inf
csch inf 0.0 0.0
csch -inf -0.0 0.0
csch nan nan nan
coth 0.0 inf -inf
coth -0.0 -inf -inf
coth inf 1.0 0.0
coth -inf -1.0 0.0
coth nan nan nan
asinh inf inf 0.0
asinh -inf -inf 0.0
asinh nan nan nan
acosh 1.0 0.0 inf
acosh 0.9999999999999999 nan nan
acosh 0.0 nan nan
acosh -1.0 nan nan
acosh -2.0 nan nan
acosh inf inf 0.0
acosh -inf nan nan
acosh nan nan nan
atanh 1.0 inf inf
atanh -1.0 -inf inf
atanh 1.0000000000000002 nan nan
atanh -1.0000000000000002 nan nan
atanh 2.0 nan nan
atanh inf nan nan
atanh -inf nan nan
atanh nan nan nan
abs 0.0 0.0 0.0
abs -0.0 0.0 0.0
abs inf inf 1
abs -inf inf -1
abs nan nan nan
sign 0.0 0.0 0.0
sign -0.0 0.0 0.0
sign inf 1 0.0
sign -inf -1 0.0
sign nan nan nan
floor -0.0 -0.0 0.0
floor inf inf 0.0
floor -inf -inf 0.0
floor nan nan nan
ceil -0.0 -0.0 0.0
ceil inf inf 0.0
ceil -inf -inf 0.0
ceil nan nan nan
round -0.0 -0.0 0.0
round inf inf 0.0
round -inf -inf 0.0
round nan nan nan
erf inf 1 0.0
erf -inf -1 0.0
erf nan nan nan
erfc inf 0.0 0.0
erfc -inf 2 0.0
erfc nan nan nan
gamma 0.0 inf -inf
gamma -0.0 -inf -inf
gamma -1.0 nan nan
gamma -2.0 nan nan
gamma -171.0 nan nan
gamma -9007199254740992.0 nan nan
gamma -1e+308 nan nan
gamma inf inf inf
gamma -inf nan nan
gamma nan nan nan
lgamma 0.0 inf -inf
lgamma -0.0 inf .
lgamma -1.0 inf .
lgamma -2.0 inf .
lgamma -171.0 inf .
lgamma -9007199254740992.0 inf .
lgamma -1e+308 inf .
lgamma inf inf inf
lgamma -inf inf .
lgamma nan nan nan
digamma 0.0 -inf inf
digamma inf inf 0.0
digamma nan nan nan
sigmoid inf 1 0.0
sigmoid -inf 0.0 0.0
sigmoid nan nan nan
softplus inf inf 1
softplus -inf 0.0 0.0
softplus nan nan nan
relu 0.0 0.0 0.0
relu -0.0 0.0 0.0
relu inf inf 1
relu -inf 0.0 0.0
relu nan nan nan
sinc nan nan nan
gaussian inf 0.0 0.0
gaussian -inf 0.0 0.0
gaussian nan nan nan
semicircle 1.0 0.0 -inf
semicircle -1.0 0.0 inf
semicircle 1.0000000000000002 nan nan
semicircle -1.0000000000000002 nan nan
semicircle inf nan nan
semicircle nan nan nan
"""

BINARY_EDGES = """
add inf 1.0 inf 1 1
add -inf 1.0 -inf 1 1
add inf inf inf 1 1
add inf -inf nan nan nan
add nan 1.0 nan nan nan
add 1.0 nan nan nan nan
sub inf 1.0 inf 1 -1
sub 1.0 inf -inf 1 -1
sub inf -inf inf 1 -1
sub inf inf nan nan nan
sub nan 1.0 nan nan nan
mul inf 2.0 inf 2 inf
mul -3.0 inf -inf inf -3
mul inf -inf -inf -inf inf
mul inf 0.0 nan nan nan
mul 0.0 -inf nan nan nan
mul 1.0 nan nan nan nan
div 1.0 0.0 inf inf -inf
div 1.0 -0.0 -inf -inf -inf
div -1.0 0.0 -inf inf inf
div 0.0 0.0 nan nan nan
div inf inf nan nan nan
div inf 2.0 inf 0.5 -inf
div -inf 2.0 -inf 0.5 inf
div 1.0 inf 0.0 0.0 0.0
div 1.0 -inf -0.0 0.0 0.0
div nan 2.0 nan nan nan
div 2.0 nan nan nan nan
pow 0.0 2.0 0.0 0.0 0.0
pow 0.0 3.0 0.0 0.0 0.0
pow 0.0 1.0 0.0 1 0.0
pow 0.0 0.0 1 0.0 0.0
pow 0.0 -1.0 inf -inf nan
pow 0.0 -2.0 inf -inf .
pow 0.0 0.5 0.0 inf 0.0
pow 0.0 1.5 0.0 0.0 0.0
pow 0.0 -0.5 inf -inf .
pow -0.0 2.0 0.0 0.0 .
pow -0.0 3.0 -0.0 0.0 .
pow -0.0 1.0 -0.0 1 .
pow -0.0 0.0 1 0.0 .
pow -0.0 -1.0 -inf -inf .
pow -0.0 -2.0 inf inf .
pow -2.0 0.5 nan nan nan
pow -8.0 0.3333333333333333 nan nan nan
pow -1e-300 -0.5 nan nan nan
pow nan 2.0 nan nan nan
pow 2.0 nan nan nan nan
pow nan nan nan nan nan
pow 1.0 nan 1 . .
pow nan 0.0 1 . .
pow inf 2.0 inf inf inf
pow inf 1.0 inf 1 inf
pow inf 0.5 inf 0.0 inf
pow inf -1.0 0.0 0.0 .
pow inf 0.0 1 0.0 .
pow -inf 2.0 inf -inf .
pow -inf 3.0 -inf inf .
pow -inf -1.0 -0.0 0.0 .
pow 2.0 inf inf inf inf
pow 2.0 -inf 0.0 . .
pow 0.5 inf 0.0 . .
pow 0.5 -inf inf -inf -inf
pow 1.0 inf 1 . .
pow 0.0 inf 0.0 . .
pow 0.0 -inf inf . .
fmod 1.0 0.0 nan nan nan
fmod 0.0 0.0 nan nan nan
fmod inf 2.0 nan nan nan
fmod -inf 2.0 nan nan nan
fmod 1.0 inf 1 1 0.0
fmod -1.0 inf -1 1 0.0
fmod nan 1.0 nan nan nan
fmod 1.0 nan nan nan nan
fmod -0.0 3.0 -0.0 1 0.0
mod 1.0 0.0 nan nan nan
mod 0.0 0.0 nan nan nan
mod -1.0 -0.0 nan nan nan
mod inf 2.0 nan nan nan
mod -inf 2.0 nan nan nan
mod 1.0 inf 1 1 0.0
mod -1.0 -inf -1 1 0.0
mod -1.0 inf . . .
mod nan 1.0 nan nan nan
mod 1.0 nan nan nan nan
mod -0.0 3.0 0.0 1 0.0
mod 0.0 -3.0 0.0 1 0.0
floordiv 1.0 0.0 inf . .
floordiv -1.0 0.0 -inf . .
floordiv 0.0 0.0 nan nan nan
floordiv inf 2.0 . . .
floordiv inf inf nan nan nan
floordiv 1.0 inf 0.0 0.0 0.0
floordiv nan 1.0 nan nan nan
floordiv 1.0 nan nan nan nan
atan2 0.0 0.0 0.0 nan nan
atan2 -0.0 0.0 -0.0 nan nan
atan2 0.0 -0.0 pi nan nan
atan2 -0.0 -0.0 -pi nan nan
atan2 0.0 -1.0 pi -1 0.0
atan2 -0.0 -1.0 -pi -1 0.0
atan2 -0.0 1.0 -0.0 1 0.0
atan2 0.0 -4.0 pi -0.25 0.0
atan2 inf 1.0 pi/2 0.0 0.0
atan2 -inf 1.0 -pi/2 0.0 0.0
atan2 1.0 inf 0.0 0.0 0.0
atan2 -1.0 inf -0.0 0.0 0.0
atan2 1.0 -inf pi 0.0 0.0
atan2 -1.0 -inf -pi 0.0 0.0
atan2 inf inf pi/4 . .
atan2 inf -inf 3*pi/4 . .
atan2 -inf inf -pi/4 . .
atan2 -inf -inf -3*pi/4 . .
atan2 nan 1.0 nan nan nan
atan2 1.0 nan nan nan nan
hypot 0.0 0.0 0.0 0.0 0.0
hypot -0.0 0.0 0.0 0.0 0.0
hypot inf 1.0 inf 1 0.0
hypot -inf 1.0 inf -1 0.0
hypot 1.0 -inf inf 0.0 -1
hypot inf inf inf . .
hypot inf nan inf . .
hypot nan -inf inf . .
hypot nan 1.0 nan nan nan
hypot 1.0 nan nan nan nan
direction 0.0 0.0 0.0 . .
direction inf 1.0 1 0.0 0.0
direction -inf 1.0 -1 0.0 0.0
direction 1.0 inf 0.0 0.0 0.0
direction nan 1.0 nan nan nan
direction 1.0 nan nan nan nan
heaviside 0.0 0.5 0.5 0.0 1
heaviside -0.0 0.5 0.5 0.0 1
heaviside 0.0 1.0 1 0.0 1
heaviside 0.0 0.0 0.0 0.0 1
heaviside 0.0 -3.25 -3.25 0.0 1
heaviside inf 0.5 1 0.0 0.0
heaviside -inf 0.5 0.0 0.0 0.0
heaviside nan 0.5 nan nan nan
heaviside 0.0 nan nan nan nan
xlogy 0.0 0.0 0.0 . .
xlogy 1.0 0.0 -inf -inf inf
xlogy -2.0 0.0 inf -inf -inf
xlogy 1.0 -1.0 nan nan nan
xlogy 1.0 -inf nan nan nan
xlogy 0.0 nan nan nan nan
xlogy nan 2.0 nan nan nan
xlogy 1.0 nan nan nan nan
xlogy inf 2.0 inf log(2) inf
xlogy inf 0.5 -inf -log(2) inf
xlogy 3.0 inf inf inf 0.0
logaddexp inf 0.0 inf 1 0.0
logaddexp 0.0 inf inf 0.0 1
logaddexp -inf 0.0 0.0 0.0 1
logaddexp 2.5 -inf 2.5 1 0.0
logaddexp inf -inf inf 1 0.0
logaddexp inf inf inf 0.5 0.5
logaddexp -inf -inf -inf 0.5 0.5
logaddexp nan 0.0 nan nan nan
logaddexp 0.0 nan nan nan nan
min 0.0 -0.0 0.0 0.5 0.5
min inf 1.0 1 0.0 1
min -inf 1.0 -inf 1 0.0
min inf inf inf 0.5 0.5
min inf -inf -inf 0.0 1
min nan nan nan nan nan
min nan 1.0 . . .
min 1.0 nan . . .
max 0.0 -0.0 0.0 0.5 0.5
max inf 1.0 inf 1 0.0
max -inf 1.0 1 0.0 1
max -inf -inf -inf 0.5 0.5
max inf -inf inf 1 0.0
max nan nan nan nan nan
max nan 1.0 . . .
max 1.0 nan . . .
root -8.0 3.0 -2.0 0.08333333333333333 nan
root -1.0 5.0 -1.0 0.2 nan
root -1.0 2.0 nan nan nan
root 0.0 2.0 0.0 inf 0.0
root 0.0 3.0 0.0 inf 0.0
root inf 3.0 inf . .
root 2.0 0.0 nan nan nan
root nan 3.0 nan nan nan
beta 0.0 2.0 inf . .
beta -1.0 2.0 nan nan nan
beta nan 2.0 nan nan nan
lbeta 2.0 0.0 inf . .
lbeta 2.0 -0.5 nan nan nan
binomial 3.0 5.0 0.0 . .
binomial 3.0 -1.0 0.0 . .
binomial 5.0 2.0 10.0 . .
binomial -2.0 3.0 -4.0 . .
binomial 2.5 4.5 nan nan nan
log_base 1.0 1.0 nan nan nan
log_base 2.0 1.0 inf . .
log_base 0.5 1.0 -inf . .
log_base 0.0 2.0 -inf inf inf
log_base 0.0 0.5 inf -inf inf
log_base -1.0 2.0 nan nan nan
log_base 2.0 -1.0 nan nan nan
log_base inf 2.0 inf 0.0 -inf
log_base inf inf nan nan nan
log_base 0.0 0.0 nan nan nan
log_base 2.0 0.0 0.0 . .
log_base 2.0 inf 0.0 0.0 0.0
log_base nan 2.0 nan nan nan
log_base 2.0 nan nan nan nan
besselj 2 inf 0.0 0.0
besselj 2 nan nan nan
besselj 3 -inf 0.0 0.0
bessely 2 0.0 -inf inf
bessely 2 -1.0 nan nan
bessely 2 inf 0.0 0.0
bessely 2 nan nan nan
besseli 2 inf inf inf
besseli 2 -inf inf -inf
besseli 3 -inf -inf inf
besseli 2 nan nan nan
besselk 0 0.0 inf -inf
besselk 2 0.0 inf -inf
besselk 2 -1.0 nan nan
besselk 2 inf 0.0 0.0
besselk 2 nan nan nan
gammainc 2.5 0.0 0.0 0.0
gammainc 0.5 0.0 0.0 inf
gammainc 2.5 inf 1 0.0
gammainc 0.0 2.0 1 0.0
gammaincc 0.0 2.0 0.0 0.0
gammainc -0.5 2.0 nan nan
gammainc 2.5 -1.0 nan nan
gammainc 2.5 nan nan nan
gammaincc 2.5 0.0 1 0.0
gammaincc 0.5 0.0 1 -inf
gammaincc 2.5 inf 0.0 0.0
gammaincc 2.5 -1.0 nan nan
gammaincc 2.5 nan nan nan
betainc 2.5 1.5 0.0 0.0 0.0
betainc 0.5 1.5 0.0 0.0 inf
betainc 1.0 3.0 0.0 0.0 3.0 -6.0 6.0
betainc 2.5 1.5 1.0 1 0.0
betainc 2.5 0.5 1.0 1 inf
betainc 3.0 1.0 1.0 1 3.0 6.0 6.0
betainc 0.0 2.0 0.5 1 0.0
betainc 2.0 0.0 0.5 0.0 0.0
betainc -0.5 2.0 0.5 nan nan
betainc 2.5 2.0 -0.5 nan nan
betainc 2.5 2.0 1.5 nan nan
betainc 2.5 2.0 nan nan nan
polygamma 0 0.0 -inf inf
polygamma 0 inf inf 0.0
polygamma 0 nan nan nan
polygamma 1 0.0 inf -inf
polygamma 1 inf 0.0 0.0
polygamma 1 -1.0 inf .
polygamma 1 nan nan nan
polygamma 2 0.0 -inf inf
polygamma 2 inf 0.0 0.0
polygamma 2 nan nan nan
polygamma 3 0.0 inf -inf
polygamma 3 inf 0.0 0.0
polygamma 3 -2.0 inf .
polygamma 3 nan nan nan
polygamma 4 0.0 -inf inf
polygamma 4 inf 0.0 0.0
polygamma 5 0.0 inf -inf
polygamma 5 inf 0.0 0.0
sinc_derivative 0 nan nan nan
sinc_derivative 1 nan nan nan
sinc_derivative 2 nan nan nan
sinc_derivative 3 nan nan nan
sinc_derivative 4 nan nan nan
"""

CLIP_EDGES = """
clip inf 0.0 1.0 1 0.0 0.0 1
clip -inf 0.0 1.0 0.0 0.0 1 0.0
clip nan 0.0 1.0 nan nan nan nan
clip 0.5 -inf inf 0.5 1 0.0 0.0
clip -0.0 0.0 1.0 0.0 0.5 0.5 0.0
clip 2.0 2.0 2.0 2 . . .
clip 5.0 -inf 2.0 2 0.0 0.0 1
clip -5.0 2.0 inf 2 0.0 1 0.0
"""
