"""Coming from micrograd: the example of its README, with another import, and three additions."""

from __future__ import annotations

from adcli import Value

a = Value(-4.0)
b = Value(2.0)
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
g.backward()
value, by_a, by_b = g.data, a.grad, b.grad
print(f"{value:.4f} {by_a:.4f} {by_b:.4f}")

# Gradients start from zero at each call, so a second one changes nothing.
g.backward()
print(f"{a.grad:.4f}")

# The value of a leaf may be set. forward computes the graph again, with the choice that relu makes.
a.value = 3.0
g.forward()
g.backward()
print(f"{g.value:.4f} {a.grad:.4f} {b.grad:.4f}")

# Every function of adcli works on Values, and only memory limits the length of a chain.
x = Value(0.5)
y = x
for _ in range(100_000):
    y = y.sin()
y.backward()
print(f"{y.value:.6f}")
