// A network of a few neurons learns XOR from gradients.

use backpropagation::{Op, Tape, TapeError};
use demo::control::{Number, Slider, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View, format};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const HIDDEN: Slider =
    Slider { name: "hidden", label: "Hidden neurons", default: 3.0, min: 1.0, max: 8.0, step: 1.0 };
const RATE: Slider =
    Slider { name: "rate", label: "Learning rate", default: 0.1, min: 0.0, max: 2.0, step: 0.05 };
const STEPS: Slider =
    Slider { name: "steps", label: "Steps", default: 150.0, min: 10.0, max: 500.0, step: 10.0 };
const SEED: Number = Number {
    name: "seed",
    label: "Seed of the first weights",
    default: 1.0,
    min: 0.0,
    max: 9999.0,
    step: 1.0,
};

/// Two inputs, and what the network shall answer: 1 if they differ, else −1.
const EXAMPLES: [([f64; 2], f64); 4] =
    [([-1.0, -1.0], -1.0), ([-1.0, 1.0], 1.0), ([1.0, -1.0], 1.0), ([1.0, 1.0], -1.0)];

pub fn demo() -> Demo {
    Demo {
        name: "xor-net",
        title: "A small network learns",
        lesson: "backpropagation",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![HIDDEN.control(), RATE.control(), STEPS.control(), SEED.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (hidden, rate) = (cx.get(&HIDDEN)? as usize, cx.get(&RATE)?);
    let steps = cx.get(&STEPS)? as u32;
    let mut rng = StdRng::seed_from_u64(cx.get(&SEED)? as u64);
    // Two weights and a bias a hidden neuron; as many weights as neurons, and a bias, behind them.
    let mut weights: Vec<f64> = (0..4 * hidden + 1).map(|_| rng.random_range(-1.0..1.0)).collect();
    let mut losses = Vec::new();
    let mut nodes = 0;
    let mut answers = Vec::new();
    for step in 0..=steps {
        if step % 50 == 0 {
            cx.progress("training", step.into(), steps.into()).await?;
        }
        let mut tape = Tape::default();
        let places: Vec<usize> = weights.iter().map(|&w| tape.leaf(w)).collect();
        let outputs = EXAMPLES.map(|(inputs, _)| network(&mut tape, &places, inputs));
        let mut loss = tape.leaf(0.0);
        answers.clear();
        for (output, (_, target)) in outputs.into_iter().zip(EXAMPLES) {
            let (output, target) = (output?, tape.leaf(target));
            answers.push(tape.value(output)?);
            let error = tape.apply(Op::Sub, &[output, target])?;
            let square = tape.apply(Op::Mul, &[error, error])?;
            loss = tape.apply(Op::Add, &[loss, square])?;
        }
        nodes = tape.nodes().len();
        losses.push((f64::from(step), tape.value(loss)?));
        let gradients = subject::backward(&tape, loss)?;
        for (weight, &place) in weights.iter_mut().zip(&places) {
            *weight -= rate * gradients.get(place).copied().unwrap_or(f64::NAN);
        }
    }
    show(&cx, &losses, &answers, weights.len(), nodes);
    Ok(())
}

/// The network's answer: tanh of weighted hidden neurons, each a tanh of the weighted inputs.
fn network(tape: &mut Tape, weights: &[usize], inputs: [f64; 2]) -> Result<usize, TapeError> {
    let inputs = inputs.map(|x| tape.leaf(x));
    let hidden = weights.len() / 4;
    let mut sum = weights[4 * hidden];
    for neuron in 0..hidden {
        let mut inner = weights[4 * neuron + 2];
        for (i, &x) in inputs.iter().enumerate() {
            let weighted = tape.apply(Op::Mul, &[weights[4 * neuron + i], x])?;
            inner = tape.apply(Op::Add, &[inner, weighted])?;
        }
        let active = tape.apply(Op::Tanh, &[inner])?;
        let weighted = tape.apply(Op::Mul, &[weights[4 * neuron + 3], active])?;
        sum = tape.apply(Op::Add, &[sum, weighted])?;
    }
    tape.apply(Op::Tanh, &[sum])
}

fn show(cx: &Context, losses: &[(f64, f64)], answers: &[f64], weights: usize, nodes: usize) {
    let (first, last) = (losses[0].1, losses[losses.len() - 1].1);
    let right =
        EXAMPLES.iter().zip(answers).filter(|((_, target), answer)| target * **answer > 0.0);
    let right = right.count();
    let row = |(&(inputs, target), &answer): (&([f64; 2], f64), &f64)| {
        let [x, y] = inputs.map(format::number);
        vec![
            Cell::Text(format!("{x} and {y}")),
            Cell::Number(format::number(target)),
            Cell::Number(format!("{answer:.2}").replace('-', "−")),
        ]
    };
    let points = losses.iter().map(|&(step, loss)| (step, (loss * 1e4).round() / 1e4)).collect();
    cx.show(
        format!(
            "{right} of 4 answers have the right sign. The loss went from {first:.3} to {last:.3}."
        ),
        &[
            View::Lines {
                label: "The loss while it learns".into(),
                x_label: "step".into(),
                y_label: "loss".into(),
                lines: vec![Line { name: "loss".into(), points }],
            },
            View::Table {
                label: "What the network answers now".into(),
                columns: ["Inputs", "Wanted", "Answer"].map(String::from).into(),
                rows: EXAMPLES.iter().zip(answers).map(row).collect(),
            },
            View::Prose(vec![format!(
                "Each step records {nodes} nodes and goes back over them once, for the gradients of all {weights} weights."
            )]),
        ],
    );
}
