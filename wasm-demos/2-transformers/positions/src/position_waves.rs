//! Positions as rows of waves, and which positions look alike.

use candle_core::DType;
use demo::control::{Slider, Typed};
use demo::format::number;
use demo::{Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::settled;
use positions::Answers;

const LEN: Slider = Slider::new("len", "Positions", 32.0, [4.0, 64.0], 1.0);
const D_MODEL: Slider = Slider::new("d-model", "Numbers an address", 16.0, [2.0, 64.0], 2.0);
const AT: Slider = Slider::new("at", "Compare all with position", 10.0, [0.0, 63.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "position-waves",
        title: "Addresses of waves",
        lesson: "positions",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![LEN.control(), D_MODEL.control(), AT.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let [len, d_model, at] = [cx.get(&LEN)?, cx.get(&D_MODEL)?, cx.get(&AT)?].map(|x| x as usize);
    if at >= len {
        let message = format!("The last position is {}: choose it or one before.", len - 1);
        return Err(DemoError::input(AT.name, message));
    }
    let waves = (answers.sinusoidal)(len, d_model)
        .map_err(|error| DemoError::input(D_MODEL.name, error.to_string()))?;
    let rows = waves.to_dtype(DType::F64)?.to_vec2::<f64>()?;
    let Some(own) = rows.get(at) else {
        return Err(DemoError::Other(format!("The table has {} rows, not {len}.", rows.len())));
    };
    let alike =
        |row: &Vec<f64>| -> f64 { settled(row.iter().zip(own).map(|(a, b)| a * b).sum::<f64>()) };
    let points: Vec<(f64, f64)> = (0_u32..).map(f64::from).zip(rows.iter().map(alike)).collect();
    let columns = (0..d_model).map(|c| format!("{} {}", ["sin", "cos"][c % 2], c / 2)).collect();
    let next = points.get(if at + 1 < len { at + 1 } else { at - 1 }).map_or(0.0, |p| p.1);
    let views = [
        View::Matrix {
            label: "A row a position, a column a wave".into(),
            rows: (0..len).map(|p| p.to_string()).collect(),
            columns,
            values: rows.iter().flatten().map(|&x| settled(x)).collect(),
        },
        View::Lines {
            label: format!("Dot product of each row with that of position {at}"),
            x_label: "position".into(),
            y_label: "dot product".into(),
            lines: vec![Line { name: format!("with position {at}"), points: points.clone() }],
        },
    ];
    let itself = points.get(at).map_or(0.0, |p| p.1);
    cx.show(
        format!(
            "Position {at} has the dot product {} with itself, {} with its neighbor.",
            number(itself),
            number(next)
        ),
        &views,
    );
    Ok(())
}
