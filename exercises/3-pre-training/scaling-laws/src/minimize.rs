//! The way downhill: BFGS, which learns the curvature of a function from its gradients.

use crate::Point;

const STEPS: usize = 1000;

fn dot(a: &Point, b: &Point) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn along(from: &Point, step: f64, direction: &Point) -> Point {
    std::array::from_fn(|i| from[i] + step * direction[i])
}

/// Walks from `start` to where `f` is lowest nearby, and returns the place and the value there. `f`
/// gives the value and the gradient at a point; where it is not finite, the walk turns back. From a
/// start where it is not, nothing moves.
///
/// Source: Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1; the step length is found
/// as in Lewis and Overton, 2013, algorithm 2.6.
pub fn minimize(f: impl Fn(&Point) -> (f64, Point), start: Point) -> (Point, f64) {
    let (mut at, (mut value, mut slope)) = (start, f(&start));
    let mut inverse: Option<[Point; 5]> = None;
    for _ in 0..STEPS {
        let size = dot(&slope, &slope).sqrt();
        if !value.is_finite() || !size.is_finite() || size == 0.0 {
            break;
        }
        let mut direction = match &inverse {
            Some(rows) => rows.map(|row| -dot(&row, &slope)),
            None => slope.map(|x| -x / size),
        };
        let mut fall = dot(&direction, &slope);
        if fall >= 0.0 {
            (direction, inverse) = (slope.map(|x| -x / size), None);
            fall = -size;
        }
        // Far enough that the slope flattens, and not so far that the value rises.
        let (mut low, mut high, mut step) = (0.0, f64::INFINITY, 1.0);
        let mut found = None;
        for _ in 0..60 {
            let there = along(&at, step, &direction);
            let (v, g) = f(&there);
            if v.is_nan() || v > value + 1e-4 * step * fall {
                high = step;
            } else if dot(&g, &direction) < 0.9 * fall {
                (low, found) = (step, Some((there, v, g)));
            } else {
                found = Some((there, v, g));
                break;
            }
            step = if high.is_finite() { (low + high) / 2.0 } else { 2.0 * low };
        }
        let Some((there, v, g)) = found.filter(|found| found.1 < value) else {
            if inverse.take().is_some() {
                continue;
            }
            break;
        };
        let s: Point = std::array::from_fn(|i| there[i] - at[i]);
        let y: Point = std::array::from_fn(|i| g[i] - slope[i]);
        (at, value, slope) = (there, v, g);
        inverse = updated(inverse, &s, &y);
    }
    (at, value)
}

/// The inverse of the curvature, after a step `s` over which the gradient changed by `y`.
fn updated(inverse: Option<[Point; 5]>, s: &Point, y: &Point) -> Option<[Point; 5]> {
    let sy = dot(s, y);
    if sy <= 0.0 {
        return inverse;
    }
    let rows = inverse.unwrap_or_else(|| {
        let scale = sy / dot(y, y);
        std::array::from_fn(|i| std::array::from_fn(|j| if i == j { scale } else { 0.0 }))
    });
    let hy = rows.map(|row| dot(&row, y));
    let grown = (1.0 + dot(y, &hy) / sy) / sy;
    Some(std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            rows[i][j] + grown * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy
        })
    }))
}
