//! Logarithm and exponential made of additions and multiplications only, so that they give the same bits everywhere.
//!
//! The ones of the standard library may differ by machine. Good to about eleven digits.

use std::f64::consts::{LN_2, SQRT_2};

/// The natural logarithm of a positive number.
pub(super) fn ln(x: f64) -> f64 {
    let (mut x, mut twos) = (x, 0.0);
    if !x.is_finite() || x <= 0.0 {
        return 0.0;
    }
    while x > SQRT_2 {
        x /= 2.0;
        twos += 1.0;
    }
    while x < SQRT_2 / 2.0 {
        x *= 2.0;
        twos -= 1.0;
    }
    let z = (x - 1.0) / (x + 1.0);
    let square = z * z;
    let (mut sum, mut power, mut odd) = (0.0, z, 1.0);
    for _ in 0..9 {
        sum += power / odd;
        power *= square;
        odd += 2.0;
    }
    2.0 * sum + twos * LN_2
}

/// The exponential of a number between -60 and 60.
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-60.0, 60.0);
    let small = x / 64.0;
    let (mut sum, mut term, mut n) = (1.0, 1.0, 1.0);
    for _ in 0..12 {
        term *= small / n;
        sum += term;
        n += 1.0;
    }
    let mut power: f64 = sum;
    for _ in 0..6 {
        power *= power;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_standard_library() {
        for x in [1e-9, 0.003, 0.5, 1.0, 1.3, 2.0, 10.0, 697.0, 67_596_281.0] {
            assert!((ln(x) - x.ln()).abs() < 1e-9, "{x}");
        }
        for x in [-20.0, -1.0, 0.0, 0.3, 1.0, 5.0, 18.0] {
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-9, "{x}");
        }
        assert_eq!((ln(0.0), ln(f64::NAN), ln(f64::INFINITY)), (0.0, 0.0, 0.0));
    }
}
