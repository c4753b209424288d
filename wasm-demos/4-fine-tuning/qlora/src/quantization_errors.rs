//! Where the errors of four codes lie.

use demo::control::{Choice, Slider, Typed};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::{counted, percent, short};
use grading::random::seeded;
use qlora::{Answers, Code, QloraError, normal_quantile, shares_of, uniform_levels};
use rand::RngExt;

const NUMBERS: Choice = Choice::new(
    "numbers",
    "Numbers",
    &[
        ("buddy", "Weights of Buddy"),
        ("bell", "A bell curve"),
        ("even", "All sizes equally often"),
        ("peaked", "Many small, few large"),
    ],
);
const BLOCK: Choice = Choice::new(
    "block",
    "Block",
    &[("64", "64 numbers"), ("16", "16"), ("256", "256"), ("2048", "2,048: one block")],
);
const CODE: Choice = Choice::new(
    "code",
    "Levels of",
    &[("NF4", "NF4"), ("FP4", "FP4"), ("uniform", "a uniform code")],
);
const OUTLIER: Slider =
    Slider::new("outlier", "One number is so many times as large", 1.0, [1.0, 40.0], 1.0);

const COUNT: usize = 2048;
/// Errors are counted in so many equal parts.
const PARTS: usize = 41;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "quantization-errors",
        title: "Where the errors lie",
        lesson: "qlora",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![NUMBERS.control(), BLOCK.control(), CODE.control(), OUTLIER.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// The first weights of `h.0.mlp.c_fc` of the Buddy in `models/buddy`.
const BUDDY: &[u8; 4 * COUNT] = include_bytes!("buddy.f32");

fn numbers(kind: &str) -> Vec<f32> {
    if kind == "buddy" {
        return BUDDY.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    }
    let mut rng = seeded(4);
    let number = |share: f64| match kind {
        "even" => 2.0 * share - 1.0,
        "peaked" => (2.0 * share - 1.0).powi(5),
        _ => 0.1 * normal_quantile(share),
    };
    (0..COUNT).map(|_| number(rng.random_range(1e-6..1.0)) as f32).collect()
}

/// Numbers again from a code, and which level each had.
struct Again {
    name: &'static str,
    bits: f64,
    numbers: Vec<f32>,
    levels: Vec<f32>,
    codes: Vec<u8>,
}

fn four_bits(answers: &Answers, x: &[f32], code: Code, block: usize) -> Result<Again, QloraError> {
    let packed = (answers.quantize_4bit)(x, code, block)?;
    let mut numbers = vec![0.0; x.len()];
    (answers.dequantize_4bit)(&packed, 0..x.len(), &mut numbers)?;
    let mut order: Vec<usize> = (0..16).collect();
    order.sort_by(|&a, &b| code.levels()[a].total_cmp(&code.levels()[b]));
    let codes = packed.bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let place = |code: u8| order.iter().position(|&c| c == usize::from(code)).unwrap_or(0) as u8;
    Ok(Again {
        name: code.name(),
        bits: 4.0 + 32.0 / block as f64,
        numbers,
        levels: order.iter().map(|&c| code.levels()[c]).collect(),
        codes: codes.map(place).collect(),
    })
}

fn uniform(answers: &Answers, x: &[f32], block: usize) -> Result<Again, QloraError> {
    let levels = uniform_levels();
    let blocks = (answers.quantize_blocks)(x, &levels, block)?;
    let number = |(i, code): (usize, &u8)| levels[usize::from(*code)] * blocks.absmax[i / block];
    let numbers = blocks.codes.iter().enumerate().map(number).collect();
    let bits = 4.0 + 32.0 / block as f64;
    Ok(Again { name: "uniform", bits, numbers, levels, codes: blocks.codes })
}

fn int8(answers: &Answers, x: &[f32], block: usize) -> Result<Again, QloraError> {
    let int8 = (answers.quantize_int8)(x, block)?;
    let bits = 8.0 + 32.0 / block as f64;
    let (levels, codes) = (Vec::new(), Vec::new());
    Ok(Again { name: "int8", bits, numbers: int8.dequantize(), levels, codes })
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let block: usize = cx.get(&BLOCK)?.parse().unwrap_or(64);
    let mut x = numbers(cx.get(&NUMBERS)?);
    x[700] *= cx.get(&OUTLIER)? as f32;
    let shown_code = cx.get(&CODE)?;
    let all = [
        four_bits(&answers, &x, Code::Nf4, block)?,
        four_bits(&answers, &x, Code::Fp4, block)?,
        uniform(&answers, &x, block)?,
        int8(&answers, &x, block)?,
    ];

    // The outlier itself is left out of what is measured.
    let without = |i: &usize| *i != 700;
    let size = |numbers: &[f32]| {
        let squares = (0..COUNT).filter(without).map(|i| f64::from(numbers[i]).powi(2));
        (squares.sum::<f64>() / (COUNT - 1) as f64).sqrt()
    };
    let of_x = size(&x);
    let errors = |again: &Again| -> Vec<f32> {
        x.iter().zip(&again.numbers).map(|(x, again)| again - x).collect()
    };
    let shares: Vec<f64> = all.iter().map(|again| size(&errors(again)) / of_x).collect();
    let half = 0.4;
    let line = |again: &Again| {
        let mut counts = [0.0; PARTS];
        for (_, error) in errors(again).iter().enumerate().filter(|(i, _)| without(i)) {
            let at = (f64::from(*error) / of_x / half + 1.0) / 2.0 * PARTS as f64;
            counts[(at.max(0.0) as usize).min(PARTS - 1)] += 1.0;
        }
        let middle = |i: usize| half * ((2 * i + 1) as f64 / PARTS as f64 - 1.0);
        let points = counts.iter().enumerate().map(|(i, count)| (100.0 * middle(i), *count));
        Line { name: again.name.into(), points: points.collect() }
    };
    let row = |(again, share): (&Again, &f64)| {
        let most = errors(again).into_iter().enumerate().filter(|(i, _)| without(i));
        let most = most.fold(0.0_f64, |most, (_, e)| most.max(f64::from(e.abs())));
        let (bits, most) = (short(again.bits, 2), percent(most / of_x, 0));
        let mut cells = vec![Cell::from(again.name)];
        cells.extend([bits, percent(*share, 1), most].map(Cell::Number));
        cells
    };
    let of_code = all.iter().find(|again| again.name == shown_code).unwrap_or(&all[0]);
    let counts = shares_of(&of_code.codes, of_code.levels.len());
    let bars = of_code.levels.iter().zip(&counts).map(|(level, share)| Bar {
        label: short(f64::from(*level), 2),
        value: *share,
        shown: percent(*share, 1),
        muted: false,
    });
    let least = all[..3].iter().zip(&shares).min_by(|a, b| a.1.total_cmp(b.1));
    let summary = format!(
        "In blocks of {}, of the codes of four bits {} has the smallest error: {} of the size of \
         the numbers.",
        counted(block, "number"),
        least.map_or("none", |(again, _)| again.name),
        least.map_or(String::new(), |(_, share)| percent(*share, 1))
    );
    cx.show(
        summary,
        &[
            View::Table {
                label: "Errors, as shares of the numbers' root mean square".into(),
                columns: ["code", "bits", "error", "largest"].map(Into::into).into(),
                rows: all.iter().zip(&shares).map(row).collect(),
            },
            View::Lines {
                label: "How many errors there are of each size; the ends hold all beyond".into(),
                x_label: "error, % of the root mean square".into(),
                y_label: "numbers".into(),
                lines: all[..3].iter().map(line).collect(),
            },
            View::Bars {
                label: format!("How many numbers go to each level: {}", of_code.name),
                bars: bars.collect(),
                max: counts.iter().copied().fold(0.01, f64::max),
            },
        ],
    );
    Ok(())
}
