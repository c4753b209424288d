//! A roofline: what a machine can do at most, over the FLOPs for each byte.

use demo::figure::{Drawing, Plot};
use matrix_multiplication::Machine;

/// Powers of two from 1/16 to 1,024 FLOPs a byte.
const FROM: i32 = -4;
const TO: i32 = 10;

/// FLOP/s as they are named on the axis: what they are divided by, and its name.
#[derive(Clone, Copy, Debug)]
pub struct Unit(pub f64, pub &'static str);

pub const TERA: Unit = Unit(1e12, "TFLOP/s at most");
pub const GIGA: Unit = Unit(1e9, "GFLOP/s");

/// The roof of a machine, with points on it of a name and an intensity each.
pub fn roof(machine: Machine, points: &[(String, f64)]) -> Drawing {
    let on_roof = |(name, intensity): &(String, f64)| {
        (name.clone(), *intensity, machine.attainable(within(*intensity)))
    };
    under(machine, TERA, &points.iter().map(on_roof).collect::<Vec<_>>())
}

/// The roof of a machine, with points of a name, an intensity and FLOP/s each.
pub fn under(machine: Machine, Unit(unit, y_name): Unit, points: &[(String, f64, f64)]) -> Drawing {
    let x_ticks: Vec<(f64, String)> =
        (FROM..=TO).step_by(2).map(|power| (f64::from(power), power_of_two(power))).collect();
    let height = |flops: f64| (flops / unit).log10();
    let on_roof = |x: f64| height(machine.attainable(x.exp2()));
    let heights = || points.iter().map(|(.., flops)| height(*flops));
    let bottom = heights().fold(on_roof(f64::from(FROM)), f64::min).floor();
    let top = heights().fold(height(machine.flops), f64::max);
    let ceiling = (top + 0.05).ceil();
    let y_ticks: Vec<(f64, String)> = (bottom as i32..=ceiling as i32)
        .map(|power| (f64::from(power), demo::format::number(10_f64.powi(power))))
        .collect();
    fn named(ticks: &[(f64, String)]) -> Vec<(f64, &str)> {
        ticks.iter().map(|(at, name)| (*at, name.as_str())).collect()
    }
    let line = (0..=140).map(|i| f64::from(FROM) + f64::from(i) * f64::from(TO - FROM) / 140.0);
    let mut plot = Plot::new(
        ("FLOPs for each byte", f64::from(FROM), f64::from(TO)),
        (y_name, bottom, ceiling),
    )
    .x_ticks(&named(&x_ticks))
    .y_ticks(&named(&y_ticks))
    .curve("", line.map(|x| (x, on_roof(x))));
    for (name, intensity, flops) in points {
        plot = plot.point((within(*intensity).log2(), height(*flops)), name);
    }
    plot.into()
}

/// What lies beyond the axis is drawn at its end.
fn within(intensity: f64) -> f64 {
    intensity.clamp(f64::from(FROM).exp2(), f64::from(TO).exp2())
}

fn power_of_two(power: i32) -> String {
    if power < 0 { format!("1/{}", 1 << -power) } else { (1 << power).to_string() }
}
