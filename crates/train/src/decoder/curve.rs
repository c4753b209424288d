//! The losses of a training as a picture.

use buddy::LossAt;
use std::fmt::Write as _;

const SIZE: [f64; 2] = [640.0, 360.0];
const MARGIN: [f64; 4] = [16.0, 16.0, 44.0, 56.0];

/// An SVG: losses of training and held out over steps.
pub fn svg(rows: &[LossAt]) -> String {
    let [width, height] = SIZE;
    let [top, right, bottom, left] = MARGIN;
    let steps = rows.last().map_or(1, |row| row.step).max(1) as f64;
    let losses = || rows.iter().flat_map(|row| [row.loss, row.held_out]);
    let most = losses().fold(0.0_f64, f64::max).max(1e-9);
    let x = |step: f64| left + (width - left - right) * step / steps;
    let y = |loss: f64| top + (height - top - bottom) * (1.0 - loss / most);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\" role=\"img\" \
         aria-label=\"Losses of training and held out over {steps} steps\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    // Writing into a text does not fail.
    for i in 0..=4 {
        let (step, loss) = (steps * f64::from(i) / 4.0, most * f64::from(i) / 4.0);
        let (across, up) = (x(step), y(loss));
        let (end, low) = (width - right, height - bottom + 18.0);
        let _ = writeln!(
            svg,
            "<path d=\"M{left:.1} {up:.1}H{end:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{0:.1}\" y=\"{1:.1}\" text-anchor=\"end\">{loss:.2}</text>\
             <text x=\"{across:.1}\" y=\"{low:.1}\" text-anchor=\"middle\">{step:.0}</text>",
            left - 6.0,
            up + 4.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">steps</text>\
         <text x=\"14\" y=\"{:.1}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {:.1})\">nats a token</text>",
        (left + width - right) / 2.0,
        height - 8.0,
        (top + height - bottom) / 2.0,
        (top + height - bottom) / 2.0,
    );
    type Of = fn(&LossAt) -> f64;
    let lines: [(Of, &str, &str, f64); 2] = [
        (|row| row.loss, "#1f77b4", "training", 0.0),
        (|row| row.held_out, "#d62728", "held out", 18.0),
    ];
    for (of, color, name, down) in lines {
        let points: Vec<String> =
            rows.iter().map(|row| format!("{:.1},{:.1}", x(row.step as f64), y(of(row)))).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{color}\">{name}</text>",
            points.join(" "),
            width - right - 4.0,
            top + 16.0 + down
        );
    }
    svg + "</svg>\n"
}
