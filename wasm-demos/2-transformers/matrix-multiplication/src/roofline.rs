//! What a machine can do with a product at best: the smaller of two limits.

use demo::control::{Choice, Number, Typed};
use demo::format::number;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use matrix_multiplication::{Answers, Dims, Kernel, Machine};

use crate::roof;

const M: Number = Number::new("m", "m: rows of A", 1024.0, [1.0, 65_536.0], 1.0);
const K: Number = Number::new("k", "k: columns of A, rows of B", 1024.0, [1.0, 65_536.0], 1.0);
const N: Number = Number::new("n", "n: columns of B", 1024.0, [1.0, 65_536.0], 1.0);
const MACHINE: Choice = Choice::new(
    "machine",
    "Machine",
    &[("h100", "H100, f32: 67 TFLOP/s, 3,350 GB/s"), ("own", "the two numbers below")],
);
const TFLOPS: Number = Number::new("tflops", "TFLOP/s, at most", 10.0, [0.001, 10_000.0], 0.1);
const GIGABYTES: Number = Number::new("gb", "GB/s from memory", 400.0, [0.1, 100_000.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "roofline",
        title: "Under the roof",
        lesson: "matrix-multiplication",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                M.control(),
                K.control(),
                N.control(),
                MACHINE.control(),
                TFLOPS.control(),
                GIGABYTES.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let mut sizes = [0; 3];
    for (size, control) in sizes.iter_mut().zip([&M, &K, &N]) {
        let value = cx.get(control)?;
        if value.fract() != 0.0 {
            return Err(DemoError::input(
                control.name,
                "A matrix has whole rows: give a whole number.",
            ));
        }
        *size = value as usize;
    }
    let [m, k, n] = sizes;
    let dims = Dims { m, k, n };
    let own = Machine { flops: cx.get(&TFLOPS)? * 1e12, bandwidth: cx.get(&GIGABYTES)? * 1e9 };
    let machine = if cx.get(&MACHINE)? == "own" { own } else { Machine::H100 };

    let mut kernels: Vec<(String, usize)> = Kernel::ALL
        .iter()
        .map(|kernel| {
            (kernel.entry().trim_start_matches("matmul_").to_owned(), kernel.shared_tile())
        })
        .collect();
    kernels.push(("each number once".into(), m.max(n)));
    let (mut points, mut rows) = (Vec::new(), Vec::new());
    for (name, tile) in kernels {
        let read = (answers.numbers_read)(dims, tile)
            .map_err(|error| DemoError::Other(error.to_string()))?;
        let bytes = 4.0 * (read as f64 + m as f64 * n as f64);
        let intensity = dims.flops() / bytes;
        let most = machine.attainable(intensity);
        rows.push(vec![
            Cell::from(name.clone()),
            Cell::Number(number(bytes / 1e9)),
            Cell::Number(number(intensity)),
            Cell::Number(number(most / 1e12)),
            Cell::Number(number(1e3 * dims.flops() / most)),
            Cell::from(if intensity < machine.ridge() { "memory" } else { "arithmetic" }),
        ]);
        points.push((name, intensity));
    }
    let told: Vec<String> =
        points.iter().map(|(name, x)| format!("{name} at {}", number(*x))).collect();
    let best = points.last().map_or(0.0, |(_, intensity)| *intensity);
    let limit = if best < machine.ridge() { "Memory" } else { "Arithmetic" };
    let views = [
        View::drawing(
            "At most so fast, on logarithmic axes",
            format!(
                "A line that rises up to {} FLOPs for each byte, and is flat at {} TFLOP/s from \
                 there on. FLOPs for each byte: {}.",
                number(machine.ridge()),
                number(machine.flops / 1e12),
                told.join(", ")
            ),
            roof::roof(machine, &points),
        ),
        View::Table {
            label:
                "Computed from the sizes and the two numbers of the machine; nothing is measured"
                    .into(),
            columns: [
                "kernel",
                "GB moved",
                "FLOPs a byte",
                "TFLOP/s at most",
                "ms at least",
                "the limit",
            ]
            .map(Into::into)
            .into(),
            rows,
        },
    ];
    cx.show(
        format!(
            "{} GFLOPs. {limit} is the limit even if each number is read only once.",
            number(dims.flops() / 1e9)
        ),
        &views,
    );
    Ok(())
}
