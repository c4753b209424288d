//! A roofline: what a machine can do at most, over the FLOPs for each byte.

use demo::figure::{Drawing, Plot};
use matrix_multiplication::Machine;

/// Powers of two from 1/16 to 1,024 FLOPs a byte.
const FROM: i32 = -4;
const TO: i32 = 10;

/// The roof of a machine, with points of a name and an intensity each.
pub fn roof(machine: Machine, points: &[(String, f64)]) -> Drawing {
    let x_ticks: Vec<(f64, String)> =
        (FROM..=TO).step_by(2).map(|power| (f64::from(power), power_of_two(power))).collect();
    let tera = |intensity: f64| (machine.attainable(intensity) / 1e12).log10();
    let top = (machine.flops / 1e12).log10();
    let bottom = tera(f64::from(FROM).exp2()).floor();
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
        ("TFLOP/s at most", bottom, ceiling),
    )
    .x_ticks(&named(&x_ticks))
    .y_ticks(&named(&y_ticks))
    .curve("", line.map(|x| (x, tera(x.exp2()))));
    for (name, intensity) in points {
        let x = intensity.log2().clamp(f64::from(FROM), f64::from(TO));
        plot = plot.point((x, tera(x.exp2())), name);
    }
    plot.into()
}

fn power_of_two(power: i32) -> String {
    if power < 0 { format!("1/{}", 1 << -power) } else { (1 << power).to_string() }
}
