"""The backward pass on arrays: what it selects at once, when it may not, and whose the gradients are."""

import warnings

import numpy as np

import adcli
from adcli import Value


def test_a_branch_not_taken_contributes_nothing_where_its_slope_is_infinite() -> None:
    x = Value([-1.0, 0.0, 4.0])
    root = adcli.sqrt(x)
    adcli.where(x > 0.0, root, 0.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.0, 0.25])
    np.testing.assert_array_equal(root.grad, [0.0, 0.0, 1.0])


def test_a_slope_that_is_infinite_where_it_is_taken_stays_so() -> None:
    x = Value([0.0, 4.0])
    (adcli.sqrt(x) + adcli.relu(x)).sum().backward()
    np.testing.assert_array_equal(x.grad, [np.inf, 1.25])


def test_what_is_not_picked_has_a_gradient_of_plus_zero() -> None:
    x = Value([-1.0, 1.0])
    (-adcli.relu(x)).sum().backward()
    assert not np.signbit(x.grad[0])


def test_gradients_of_leaves_may_be_changed_in_place() -> None:
    x, y, seed = Value([1.0, 2.0]), Value([3.0, 4.0]), np.array([1.0, 10.0])
    (x + y).backward(seed)
    x.grad *= 5.0
    np.testing.assert_array_equal(y.grad, [1.0, 10.0])
    np.testing.assert_array_equal(seed, [1.0, 10.0])
    one, other = adcli.grad(lambda a, b: (a + b).sum())(np.ones(2), np.ones(2))
    one *= 5.0
    np.testing.assert_array_equal(other, [1.0, 1.0])


def test_numpy_warns_the_user_as_before() -> None:
    before = np.geterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        adcli.log(Value([0.0, 1.0])).sum().backward()
    assert np.geterr() == before


def test_a_program_sees_inputs_that_are_set_between_its_passes() -> None:
    program = adcli.program("x*y**2", x=1.0, y=2.0)
    for x in (3.0, 4.0):  # the second time, forward has found the slopes as well
        assert program.forward(x=x) == 4.0 * x
        assert program.backward() == {"x": 4.0, "y": 4.0 * x}
    program.forward(x=1.0)
    program.inputs["x"] = 7.0
    assert program.backward() == {"x": 4.0, "y": 28.0}


def test_a_seed_of_truths_counts_as_numbers() -> None:
    x = Value([1.0, 2.0])
    (x + x).backward(np.array([True, False]))
    np.testing.assert_array_equal(x.grad, [2.0, 0.0])


def test_a_pull_of_plain_values_is_differentiable_by_its_cotangent() -> None:
    def pulled(cotangent: adcli.Value) -> adcli.Value:
        return adcli.vjp(adcli.relu, np.array([-1.0, 2.0]))[1](cotangent)[0].sum()

    np.testing.assert_array_equal(adcli.grad(pulled)(np.ones(2)), [0.0, 1.0])
