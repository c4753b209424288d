//! The figures of the page.

use backpropagation::example::{RATE, RECEIPTS, START, loss, slopes, step};
use backpropagation::expression::parse;
use demo::figure::{Anchor, At, Drawing, Figure, Ink, Layers, Plot};
use demo::format::number;
use grading::numbers::settled;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![one_step(), two_prices()];
    figures.extend(neuron());
    figures.push(network());
    figures
}

/// The loss over one price: where its slope leads.
fn one_step() -> Figure {
    const TOO_LARGE: f64 = 5.0;
    /// How high the arrow of the step lies.
    const STEP_AT: f64 = 3.0;
    let receipts = &RECEIPTS[..1];
    let at = |price: f64| (price, settled(loss(receipts, &[price])));
    let [slope] = slopes(receipts, [START]);
    let [next] = step(receipts, [START], RATE);
    let [far] = step(receipts, [START], TOO_LARGE * RATE);
    let (start, tangent) = (at(START), |x: f64| (x, at(START).1 + slope * (x - START)));
    let [height, lower, other] = [start.1, at(next).1, at(far).1].map(number);
    let curve = (0..=140).map(|i| at(f64::from(i) / 20.0));
    let plot = Plot::new(("price of an apple", 0.0, 7.0), ("loss", 0.0, 50.0))
        .curve("", curve)
        .curve(&format!("slope {}", number(slope)), [tangent(START + 0.8), tangent(START - 0.8)])
        .quiet_arrow(start, at(far), &format!("{TOO_LARGE} × that step: loss {other}"))
        .arrow((START, STEP_AT), (next, STEP_AT), "step")
        .point(start, &format!("start: loss {height}"))
        .point(at(next), &format!("after the step: loss {lower}"));
    let (start, next, far) = (number(START), number(next), number(far));
    Figure {
        name: "one-step",
        caption: format!(
            "The loss for each price of an apple. A step of {RATE} times the slope, downhill, leads \
             from {start} to {next}. One {TOO_LARGE} times as long leads to the other side."
        ),
        text: format!(
            "A curve like a bowl: the loss over the price of an apple. At {start} the loss is \
             {height}, and a dashed line touches the curve with the slope {}. One step leads to the \
             price {next}, where the loss is {lower}; a step {TOO_LARGE} times as long to {far}, \
             where it is {other}.",
            number(slope)
        ),
        drawing: plot.into(),
    }
}

/// The loss over two prices, as a map, with the way down.
fn two_prices() -> Figure {
    const FROM: [f64; 2] = [START, 3.5];
    const STEPS: usize = 16;
    const LEVELS: [f64; 7] = [1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0];
    let walk = |steps: usize| {
        let next = |prices: &[f64; 2]| Some(step(&RECEIPTS, *prices, RATE));
        std::iter::successors(Some(FROM), next).take(steps + 1).collect::<Vec<_>>()
    };
    let point = |[apple, pear]: [f64; 2]| -> At { (apple, pear) };
    let height = |prices: [f64; 2]| number(settled(loss(&RECEIPTS, &prices)));
    let place = |prices: [f64; 2]| {
        let [apple, pear] = prices.map(|price| number(settled(price)));
        format!("{apple} for an apple and {pear} for a pear")
    };
    let path = walk(STEPS);
    let first = step(&RECEIPTS, FROM, RATE);
    let lowest = walk(400).last().map_or(FROM, |&prices| prices.map(settled));
    // As many units up as across, so that right angles are right.
    let mut plot = Plot::new(("price of an apple", 0.0, 6.0), ("price of a pear", 0.5, 4.0))
        .contours(|apple, pear| loss(&RECEIPTS, &[apple, pear]), &LEVELS)
        .curve("", path.iter().skip(1).copied().map(point))
        .arrow(point(FROM), point(first), "first step")
        .point(point(FROM), &format!("start: loss {}", height(FROM)))
        .point(point(lowest), &format!("lowest: loss {}", height(lowest)));
    for &prices in path.iter().skip(1).take(5) {
        plot = plot.point(point(prices), "");
    }
    let levels = LEVELS.map(number).join(", ");
    let [down, along] = slopes(&RECEIPTS, FROM).map(number);
    Figure {
        name: "two-prices",
        caption: format!(
            "On each line the loss is the same: {levels}, from the inside out. A step goes straight \
             across the line where you stand, not straight to the lowest point."
        ),
        text: format!(
            "A map of ellipses around the lowest point, at {}. The walk starts at {}, with a loss of \
             {}. The gradient is {down} for the apple and {along} for the pear, so the first step \
             leads to {}, with a loss of {}. From there the path bends, and after {STEPS} steps it \
             is at {}, with a loss of {}.",
            place(lowest),
            place(FROM),
            height(FROM),
            place(first),
            height(first),
            path.last().map_or_else(String::new, |&end| place(end)),
            path.last().map_or_else(String::new, |&end| height(end)),
        ),
        drawing: plot.into(),
    }
}

/// One neuron with its numbers.
fn neuron() -> Option<Figure> {
    const VALUES: &str = "x1 = -1, w1 = -1, x2 = 1, w2 = 0.5, b = -0.5";
    let read = parse("tanh(x1 * w1 + x2 * w2 + b)", VALUES).ok()?;
    let value = |name: &str| {
        let place = read.names.iter().position(|known| known == name)?;
        read.tape.value(place).ok()
    };
    let inputs = [value("x1")?, value("x2")?].map(number);
    let weights = [value("w1")?, value("w2")?].map(number);
    let votes = [value("v1")?, value("v2")?].map(number);
    let [bias, sum] = [value("b")?, value("v4")?].map(number);
    let output = format!("{:.2}", read.tape.value(read.output).ok()?);

    let mut drawing = Drawing::new(146.0);
    let (rows, center) = ([34.0, 82.0, 130.0], (204.0, 82.0));
    for (i, y) in rows.into_iter().enumerate() {
        let (name, vote) = match (inputs.get(i), weights.get(i), votes.get(i)) {
            (Some(x), Some(w), Some(vote)) => (format!("input {x}"), format!("× {w} = {vote}")),
            _ => ("bias".into(), bias.clone()),
        };
        drawing.boxed((2.0, y - 13.0), (66.0, y + 13.0), 6.0, Ink::Plain);
        drawing.text((34.0, y + 4.0), Anchor::Middle, &name, Ink::Plain);
        // To the rim of the circle.
        let (dx, dy) = (center.0 - 66.0, center.1 - y);
        let rim = 25.0 / f64::hypot(dx, dy);
        drawing.arrow((66.0, y), (center.0 - rim * dx, center.1 - rim * dy), Ink::Quiet);
        let beside = if y > center.1 { y + 8.0 } else { y - 6.0 };
        drawing.text((78.0, beside), Anchor::Start, &vote, Ink::Plain);
    }
    drawing.text((78.0, 11.0), Anchor::Start, "weights", Ink::Quiet);
    drawing.circle(center, 25.0, Ink::Marked);
    drawing.text((center.0, center.1 - 3.0), Anchor::Middle, "sum", Ink::Quiet);
    drawing.text((center.0, center.1 + 12.0), Anchor::Middle, &sum, Ink::Marked);
    drawing.arrow((229.0, center.1), (250.0, center.1), Ink::Quiet);
    drawing.boxed((250.0, 69.0), (298.0, 95.0), 6.0, Ink::Marked);
    drawing.text((274.0, center.1 + 4.0), Anchor::Middle, "tanh", Ink::Marked);
    drawing.arrow((298.0, center.1), (322.0, center.1), Ink::Quiet);
    drawing.text((327.0, center.1 + 4.0), Anchor::Start, &output, Ink::Plain);
    Some(Figure {
        name: "neuron",
        caption: "A neuron: inputs times weights, the bias added, and tanh of the sum.".into(),
        text: format!(
            "Two inputs, {} and {}, are multiplied by the weights {} and {}, which gives {} and {}. \
             With the bias {bias} the sum is {sum}, and its tanh is {output}.",
            inputs[0], inputs[1], weights[0], weights[1], votes[0], votes[1],
        ),
        drawing,
    })
}

/// Neurons in layers, with the shapes of what flows from one to the next.
fn network() -> Figure {
    const EXAMPLES: usize = 4;
    const INPUTS: usize = 2;
    const HIDDEN: usize = 3;
    let values = |width: usize| format!("({EXAMPLES}, {width})");
    let product = |from: usize, to: usize| format!("× ({from}, {to}) + ({to})");
    let parameters = (INPUTS + 1) * HIDDEN + HIDDEN + 1;
    let layers = Layers::new()
        .inputs("inputs", INPUTS)
        .note(&values(INPUTS))
        .link(&product(INPUTS, HIDDEN))
        .neurons("hidden layer", HIDDEN)
        .note(&values(HIDDEN))
        .link(&product(HIDDEN, 1))
        .neurons("output layer", 1)
        .note(&values(1));
    Figure {
        name: "network",
        caption: format!(
            "A network: marked circles are neurons, lines are weights; with the biases it has \
             {parameters} parameters. At the right are the shapes when {EXAMPLES} examples go \
             through at once: values, and between them × weights + biases."
        ),
        text: format!(
            "{INPUTS} inputs are joined with each of {HIDDEN} neurons of the hidden layer, and these \
             with one neuron of the output layer. For {EXAMPLES} examples, values of shape {} are \
             multiplied by weights of shape ({INPUTS}, {HIDDEN}), {HIDDEN} biases are added, and \
             tanh gives {}; times weights of shape ({HIDDEN}, 1), plus one bias, tanh gives {}.",
            values(INPUTS),
            values(HIDDEN),
            values(1),
        ),
        drawing: layers.into(),
    }
}
