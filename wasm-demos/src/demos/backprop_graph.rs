// An expression as a graph: forward, value by value, then backward, gradient by gradient.

use backpropagation::expression::{Expression, Source, parse};
use backpropagation::{Node, Op};
use demo::control::{Text, Typed};
use demo::{
    Cell, Context, Demo, DemoError, Device, GraphEdge, GraphNode, Start, Tone, View, format,
};

const EXPRESSION: Text =
    Text { name: "expression", label: "Expression", default: "a * (a * b + c)", max_bytes: 2000 };
const VALUES: Text = Text {
    name: "values",
    label: "Values of its variables",
    default: "a = 2, b = -3, c = 10",
    max_bytes: 2000,
};

/// The step of the measured gradients.
const NUDGE: f64 = 1e-4;

pub fn demo() -> Demo {
    Demo {
        name: "backprop-graph",
        title: "Values forward, gradients backward",
        lesson: "backpropagation",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![EXPRESSION.control(), VALUES.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let read = parse(&cx.get(&EXPRESSION)?, &cx.get(&VALUES)?).map_err(|e| {
        let control = if e.source == Source::Values { VALUES.name } else { EXPRESSION.name };
        DemoError::input(control, e.message)
    })?;
    cx.progress("computing gradients", 0, 0).await?;
    let gradients = subject::backward(&read.tape, read.output)?;
    let frames = frames(&cx, &read, &gradients).await?;
    let output = read.tape.value(read.output)?;
    let mut summary = format!("The result is {}.", number(output));
    let leaves = leaves(&read, &gradients);
    for (name, _, gradient, _) in &leaves {
        summary.push_str(&format!(" The gradient of {name} is {gradient}."));
    }
    if !read.tape.nodes().iter().all(|node| node.value.is_finite()) {
        summary.push_str(
            " A value on the way is not finite: look for a division by 0, the logarithm of a number that is not positive, or a large exponential.",
        );
    }
    let start = frames.len() - 1;
    let mut views = vec![View::Steps { label: "Step by step".into(), frames, start }];
    if !leaves.is_empty() {
        let row = |(name, value, gradient, measured): (String, String, String, String)| {
            vec![name.into(), Cell::Number(value), Cell::Number(gradient), Cell::Number(measured)]
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
fn leaves(read: &Expression, gradients: &[f64]) -> Vec<(String, String, String, String)> {
    let nodes = read.tape.nodes();
    let places: Vec<usize> = (0..nodes.len()).filter(|&i| nodes[i].op == Op::Leaf).collect();
    let at: Vec<f64> = places.iter().map(|&i| nodes[i].value).collect();
    let result = |leaves: &[f64]| {
        let again = read.tape.replay(leaves).and_then(|tape| tape.value(read.output));
        again.unwrap_or(f64::NAN)
    };
    let measured = subject::numeric_gradients(result, &at, NUDGE);
    let all = places.into_iter().zip(&at).zip(&measured);
    all.filter(|((i, _), _)| is_variable(read, *i))
        .map(|((i, &value), &measured)| {
            let gradient = gradients.get(i).copied().unwrap_or(f64::NAN);
            (read.names[i].clone(), number(value), number(gradient), number(measured))
        })
        .collect()
}

/// Whether a node has a name; a number that was typed has none.
fn is_variable(read: &Expression, place: usize) -> bool {
    read.names[place].starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What is known at a moment.
struct Known {
    /// Nodes up to this place have a value.
    values: usize,
    gradients: Vec<Option<f64>>,
    /// Of every node that had its turn, one local gradient an input.
    locals: Vec<Option<Vec<f64>>>,
}

async fn frames(
    cx: &Context,
    read: &Expression,
    gradients: &[f64],
) -> Result<Vec<(String, Vec<View>)>, DemoError> {
    let nodes = read.tape.nodes();
    let local = |node: &Node| {
        let inputs: Vec<f64> = node.inputs.iter().map(|&i| nodes[i].value).collect();
        subject::local_gradients(node.op, &inputs, node.value)
    };
    let all: Vec<Vec<f64>> = nodes.iter().map(local).collect();
    let scene = Scene { read, gradients, locals: &all, layers: read.tape.layers() };
    let none = vec![None; nodes.len()];
    let mut known = Known { values: 0, gradients: none, locals: vec![None; nodes.len()] };
    let mut frames =
        vec![("The leaves are the numbers that go in.".into(), scene.draw(&known, None, false))];
    let total = 2 * nodes.len() as u64;
    for (i, node) in nodes.iter().enumerate() {
        known.values = i + 1;
        if node.op != Op::Leaf {
            cx.progress("drawing", i as u64, total).await?;
            let numbers: Vec<String> =
                node.inputs.iter().map(|&i| number(nodes[i].value)).collect();
            let caption = format!(
                "{} = {} = {}.",
                read.spelled(i),
                node.op.spelled(&numbers),
                number(node.value)
            );
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
        for (&input, &local) in node.inputs.iter().zip(&all[i]) {
            let given = own * local;
            let constant = if is_variable(read, input) { "" } else { "the constant " };
            let name = format!("{constant}{}", read.names[input]);
            let before = known.gradients[input];
            let sum = before.unwrap_or(0.0) + given;
            known.gradients[input] = Some(sum);
            caption.push_str(&format!(
                " {name} gets {} × {} = {}",
                number(own),
                number(local),
                number(given)
            ));
            match before {
                Some(_) => caption.push_str(&format!(" more, which makes {}.", number(sum))),
                None => caption.push('.'),
            }
        }
        known.locals[i] = Some(all[i].clone());
        frames.push((caption, scene.draw(&known, Some(i), true)));
    }
    Ok(frames)
}

/// What all frames have in common.
struct Scene<'a> {
    read: &'a Expression,
    gradients: &'a [f64],
    locals: &'a [Vec<f64>],
    layers: Vec<usize>,
}

impl Scene<'_> {
    /// The graph with what is known; what is not yet has the room that it will need.
    fn draw(&self, known: &Known, focus: Option<usize>, backward: bool) -> Vec<View> {
        let room = |text: String, is_known: bool| {
            if is_known { text } else { "\u{2007}".repeat(text.chars().count()) }
        };
        let mut nodes = Vec::new();
        let mut edges = Vec::new();
        for (i, node) in self.read.tape.nodes().iter().enumerate() {
            let has_value = node.op == Op::Leaf || i < known.values;
            let gradient = known.gradients[i];
            let width = number(self.gradients.get(i).copied().unwrap_or(0.0)).chars().count();
            let shown = format!("grad {:>width$}", gradient.map_or(String::new(), number));
            nodes.push(GraphNode {
                label: self.read.spelled(i),
                detail: vec![room(number(node.value), has_value), room(shown, gradient.is_some())],
                layer: self.layers[i],
                tone: match focus {
                    Some(focus) if focus == i => Tone::Focus,
                    _ if gradient.is_some() => Tone::Marked,
                    _ if has_value => Tone::Plain,
                    _ => Tone::Muted,
                },
            });
            for (&input, &local) in node.inputs.iter().zip(&self.locals[i]) {
                let strong = focus == Some(i) && known.locals[i].is_some() == backward;
                let (from, to) = if backward && strong { (i, input) } else { (input, i) };
                let label = room(format!("×{}", number(local)), known.locals[i].is_some());
                edges.push(GraphEdge { from, to, label, strong });
            }
        }
        let label = if backward { "Backward: gradients" } else { "Forward: values" };
        vec![View::Graph { label: label.into(), nodes, edges }]
    }
}

/// Without the last digits, in which a measured zero is not quite zero.
fn number(x: f64) -> String {
    let settled = (x * 1e6).round() / 1e6 + 0.0;
    format::number(if x.abs() < 1.0 { settled } else { x })
}
