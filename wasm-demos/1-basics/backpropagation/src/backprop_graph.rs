//! An expression as a graph: forward, value by value, then backward, gradient by gradient.

use backpropagation::expression::{Expression, Source, parse};
use backpropagation::{Answers, Node, Op};
use demo::control::{Text, Typed};
use demo::{
    Cell, Context, Demo, DemoError, Device, GraphEdge, GraphNode, Start, Tone, View, format,
};

const EXPRESSION: Text = Text::new("expression", "Expression", "a * (a * b + c)", 2000);
const VALUES: Text = Text::new("values", "Values of its variables", "a = 2, b = -3, c = 10", 2000);

/// The step of the measured gradients.
const NUDGE: f64 = 1e-4;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "backprop-graph",
        title: "Values forward, gradients backward",
        lesson: "backpropagation",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![EXPRESSION.control(), VALUES.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let read = parse(&cx.get(&EXPRESSION)?, &cx.get(&VALUES)?).map_err(|e| {
        let control = if e.source == Source::Values { VALUES.name } else { EXPRESSION.name };
        DemoError::input(control, e.message)
    })?;
    cx.progress("computing gradients", 0, 0).await?;
    let gradients = (answers.backward)(&read.tape, read.output)?;
    let nodes = read.tape.nodes();
    let local = |node: &Node| {
        let inputs: Vec<f64> = node.inputs.iter().map(|&i| nodes[i].value).collect();
        (answers.local_gradients)(node.op, &inputs, node.value)
    };
    let locals = nodes.iter().map(local).collect();
    let scene = Scene { read: &read, gradients: &gradients, locals, layers: read.tape.layers() };
    let frames = frames(&cx, &scene).await?;
    let mut summary = format!("The result is {}.", number(nodes[read.output].value));
    let leaves = leaves(answers, &read, &gradients);
    for [name, _, gradient, _] in &leaves {
        summary += &format!(" The gradient of {name} is {gradient}.");
    }
    if !nodes.iter().all(|node| node.value.is_finite()) {
        summary += " A value on the way is not finite: look for a division by 0, the logarithm of \
                    a number that is not positive, or a large exponential.";
    }
    let start = frames.len() - 1;
    let mut views = vec![View::Steps { label: "Step by step".into(), frames, start }];
    if !leaves.is_empty() {
        let row = |[name, numbers @ ..]: [String; 4]| {
            [vec![name.into()], numbers.map(Cell::Number).into()].concat()
        };
        views.push(View::Table {
            label: "The gradients, computed and measured".into(),
            columns: ["Variable", "Value", "Backward", "Nudged"].map(String::from).into(),
            rows: leaves.into_iter().map(row).collect(),
        });
    }
    cx.show(summary, &views);
    Ok(())
}

/// Of every variable its name, value, gradient, and the gradient that nudging it measures.
fn leaves(answers: Answers, read: &Expression, gradients: &[f64]) -> Vec<[String; 4]> {
    let nodes = read.tape.nodes();
    let places: Vec<usize> = (0..nodes.len()).filter(|&i| nodes[i].op == Op::Leaf).collect();
    let at: Vec<f64> = places.iter().map(|&i| nodes[i].value).collect();
    let result = |leaves: &[f64]| {
        let again = read.tape.replay(leaves).and_then(|tape| tape.value(read.output));
        again.unwrap_or(f64::NAN)
    };
    let measured = (answers.numeric_gradients)(&result, &at, NUDGE);
    let variables = places.into_iter().zip(measured).filter(|&(i, _)| is_variable(read, i));
    let row = |(i, measured): (usize, f64)| {
        let gradient = gradients.get(i).copied().unwrap_or(f64::NAN);
        [read.names[i].clone(), number(nodes[i].value), number(gradient), number(measured)]
    };
    variables.map(row).collect()
}

/// Whether a node has a name; a number that was typed has none.
fn is_variable(read: &Expression, place: usize) -> bool {
    read.names[place].starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What is known at a moment.
struct Known {
    /// Nodes before this place have a value.
    values: usize,
    gradients: Vec<Option<f64>>,
    /// Nodes that had their turn on the way back.
    done: Vec<bool>,
}

async fn frames(cx: &Context, scene: &Scene<'_>) -> Result<Vec<(String, Vec<View>)>, DemoError> {
    let read = scene.read;
    let nodes = read.tape.nodes();
    let (gradients, done) = (vec![None; nodes.len()], vec![false; nodes.len()]);
    let mut known = Known { values: 0, gradients, done };
    let first = scene.draw(&known, None, false);
    let mut frames = vec![("The leaves are the numbers that go in.".into(), first)];
    let total = 2 * nodes.len() as u64;
    for (i, node) in nodes.iter().enumerate() {
        known.values = i + 1;
        if node.op != Op::Leaf {
            cx.progress("drawing", i as u64, total).await?;
            let inputs = node.inputs.iter().map(|&input| number(nodes[input].value));
            let numbers = node.op.spelled(&inputs.collect::<Vec<String>>());
            let caption = format!("{} = {numbers} = {}.", read.spelled(i), number(node.value));
            frames.push((caption, scene.draw(&known, Some(i), false)));
        }
    }
    known.gradients[read.output] = Some(1.0);
    let last = &read.names[read.output];
    let caption = format!("Now backward. {last} grows as fast as itself: its gradient is 1.");
    frames.push((caption, scene.draw(&known, Some(read.output), true)));
    for (i, node) in nodes.iter().enumerate().rev().filter(|(_, node)| node.op != Op::Leaf) {
        let Some(own) = known.gradients[i] else { continue };
        cx.progress("drawing", total - i as u64, total).await?;
        let mut caption = format!("{} has the gradient {}.", read.spelled(i), number(own));
        for (&input, &local) in node.inputs.iter().zip(&scene.locals[i]) {
            let constant = if is_variable(read, input) { "" } else { "the constant " };
            let name = format!("{constant}{}", read.names[input]);
            // A node whose gradient is 0 gives nothing, however steep it is.
            let share = if own == 0.0 { 0.0 } else { own * local };
            let (times, given) = (number(local), number(share));
            let before = known.gradients[input];
            let sum = before.unwrap_or(0.0) + share;
            known.gradients[input] = Some(sum);
            let total = before.map(|_| format!(" more, which makes {}", number(sum)));
            let total = total.unwrap_or_default();
            caption += &format!(" {name} gets {} × {times} = {given}{total}.", number(own));
        }
        known.done[i] = true;
        frames.push((caption, scene.draw(&known, Some(i), true)));
    }
    Ok(frames)
}

/// What all frames have in common.
struct Scene<'a> {
    read: &'a Expression,
    gradients: &'a [f64],
    locals: Vec<Vec<f64>>,
    layers: Vec<usize>,
}

impl Scene<'_> {
    /// The graph with what is known; what is not yet has the room that it will need.
    fn draw(&self, known: &Known, focus: Option<usize>, backward: bool) -> Vec<View> {
        let room = |text: String, is_known: bool| {
            if is_known { text } else { "\u{2007}".repeat(text.chars().count()) }
        };
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        for (i, node) in self.read.tape.nodes().iter().enumerate() {
            let has_value = node.op == Op::Leaf || i < known.values;
            let gradient = known.gradients[i];
            let width = number(self.gradients.get(i).copied().unwrap_or(0.0)).chars().count();
            let shown = format!("grad {:>width$}", gradient.map_or(String::new(), number));
            nodes.push(GraphNode {
                label: self.read.spelled(i),
                detail: vec![room(number(node.value), has_value), room(shown, gradient.is_some())],
                layer: self.layers[i],
                tone: match gradient {
                    _ if focus == Some(i) => Tone::Focus,
                    Some(_) => Tone::Marked,
                    None if has_value => Tone::Plain,
                    None => Tone::Muted,
                },
            });
            for (&input, &local) in node.inputs.iter().zip(&self.locals[i]) {
                let strong = focus == Some(i) && known.done[i] == backward;
                let (from, to) = if backward && strong { (i, input) } else { (input, i) };
                let label = room(format!("×{}", number(local)), known.done[i]);
                edges.push(GraphEdge { from, to, label, strong });
            }
        }
        let label = if backward { "Backward: gradients" } else { "Forward: values" };
        vec![View::graph(label, nodes, edges)]
    }
}

/// Without the last digits, in which a measured zero is not quite zero.
fn number(x: f64) -> String {
    let settled = (x * 1e6).round() / 1e6 + 0.0;
    format::number(if x.abs() < 1.0 { settled } else { x })
}
