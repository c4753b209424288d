//! A network of a few neurons learns XOR from gradients.

use backpropagation::{Answers, Op, Tape, TapeError};
use demo::control::{Number, Slider, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View, format};
use grading::numbers::{minus, settled};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const HIDDEN: Slider = Slider::new("hidden", "Hidden neurons", 3.0, [1.0, 8.0], 1.0);
const RATE: Slider = Slider::new("rate", "Learning rate", 0.1, [0.0, 2.0], 0.05);
const STEPS: Slider = Slider::new("steps", "Steps", 150.0, [10.0, 500.0], 10.0);
const SEED: Number = Number::new("seed", "Seed of the first weights", 1.0, [0.0, 9999.0], 1.0);

/// Two inputs, and what the network shall answer: 1 if they differ, else −1.
const EXAMPLES: [([f64; 2], f64); 4] =
    [([-1.0, -1.0], -1.0), ([-1.0, 1.0], 1.0), ([1.0, -1.0], 1.0), ([1.0, 1.0], -1.0)];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "xor-net",
        title: "A small network learns",
        lesson: "backpropagation",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![HIDDEN.control(), RATE.control(), STEPS.control(), SEED.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (hidden, rate) = (cx.get(&HIDDEN)? as usize, cx.get(&RATE)?);
    let steps = cx.get(&STEPS)? as u32;
    let mut rng = StdRng::seed_from_u64(cx.get(&SEED)? as u64);
    // Two weights and a bias a hidden neuron; as many weights as neurons, and a bias, behind them.
    let mut weights: Vec<f64> = (0..4 * hidden + 1).map(|_| rng.random_range(-1.0..1.0)).collect();
    let mut losses = Vec::new();
    let mut nodes = 0;
    let mut outputs = Vec::new();
    for step in 0..=steps {
        if step % 50 == 0 {
            cx.progress("training", step.into(), steps.into()).await?;
        }
        let mut tape = Tape::default();
        let places: Vec<usize> = weights.iter().map(|&w| tape.leaf(w)).collect();
        let mut loss = tape.leaf(0.0);
        outputs.clear();
        for (inputs, target) in EXAMPLES {
            let output = network(&mut tape, &places, inputs)?;
            outputs.push(tape.value(output)?);
            let target = tape.leaf(target);
            let error = tape.apply(Op::Sub, &[output, target])?;
            let square = tape.apply(Op::Mul, &[error, error])?;
            loss = tape.apply(Op::Add, &[loss, square])?;
        }
        nodes = tape.nodes().len();
        losses.push((f64::from(step), tape.value(loss)?));
        let gradients = (answers.backward)(&tape, loss)?;
        for (weight, &place) in weights.iter_mut().zip(&places) {
            *weight -= rate * gradients.get(place).copied().unwrap_or(f64::NAN);
        }
    }
    show(&cx, &losses, &outputs, weights.len(), nodes);
    Ok(())
}

/// The network's answer: tanh of weighted hidden neurons, each a tanh of the weighted inputs.
fn network(tape: &mut Tape, weights: &[usize], inputs: [f64; 2]) -> Result<usize, TapeError> {
    let inputs = inputs.map(|x| tape.leaf(x));
    let (neurons, bias) = weights.as_chunks::<4>();
    let mut sum = bias[0];
    for &[w_x, w_y, bias, w_out] in neurons {
        let mut inner = bias;
        for (weight, x) in [w_x, w_y].into_iter().zip(inputs) {
            let weighted = tape.apply(Op::Mul, &[weight, x])?;
            inner = tape.apply(Op::Add, &[inner, weighted])?;
        }
        let active = tape.apply(Op::Tanh, &[inner])?;
        let weighted = tape.apply(Op::Mul, &[w_out, active])?;
        sum = tape.apply(Op::Add, &[sum, weighted])?;
    }
    tape.apply(Op::Tanh, &[sum])
}

fn show(cx: &Context, losses: &[(f64, f64)], outputs: &[f64], weights: usize, nodes: usize) {
    let (first, last) = (losses[0].1, losses[losses.len() - 1].1);
    let pairs = || EXAMPLES.iter().zip(outputs);
    let right = pairs().filter(|((_, target), output)| target * **output > 0.0).count();
    let row = |(&(inputs, target), output): (&([f64; 2], f64), &f64)| {
        let [x, y] = inputs.map(format::number);
        let numbers = [format::number(target), minus(&format!("{output:.2}"))].map(Cell::Number);
        [vec![format!("{x} and {y}").into()], numbers.into()].concat()
    };
    let points = losses.iter().map(|&(step, loss)| (step, settled(loss))).collect();
    let summary = format!(
        "{right} of 4 answers have the right sign. The loss went from {first:.3} to {last:.3}."
    );
    let views = [
        View::Lines {
            label: "The loss while it learns".into(),
            x_label: "step".into(),
            y_label: "loss".into(),
            lines: vec![Line { name: "loss".into(), points }],
        },
        View::Table {
            label: "What the network answers now".into(),
            columns: ["Inputs", "Wanted", "Answer"].map(String::from).into(),
            rows: pairs().map(row).collect(),
        },
        View::Prose(vec![format!(
            "Each step records {nodes} nodes and goes back over them once, for the gradients of \
             all {weights} weights."
        )]),
    ];
    cx.show(summary, &views);
}
