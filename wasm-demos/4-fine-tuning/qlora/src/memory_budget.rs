//! What has to fit on a GPU while a model is tuned.

use demo::control::{Choice, Slider, Typed};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{percent, short};
use qlora::{ADAMW, Budget, Method};

const BILLIONS: Slider = Slider::new("billions", "Weights, in billions", 6.5, [0.5, 70.0], 0.5);
const RANK: Slider = Slider::new("rank", "Rank of the pairs", 16.0, [1.0, 256.0], 1.0);
const TOKENS: Slider = Slider::new("tokens", "Tokens of a batch", 2048.0, [256.0, 16384.0], 256.0);
const OPTIMIZER: Choice = Choice::new(
    "optimizer",
    "Optimizer",
    &[
        ("adamw", "AdamW, two moments in f32"),
        ("adamw8", "AdamW, moments in 8 bits"),
        ("sgd", "SGD without momentum"),
    ],
);

/// Memory of graphics cards, in gigabytes.
const CARDS: [f64; 5] = [8.0, 16.0, 24.0, 48.0, 80.0];

pub fn demo() -> Demo {
    Demo {
        name: "memory-budget",
        title: "What has to fit",
        lesson: "qlora",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![BILLIONS.control(), RANK.control(), TOKENS.control(), OPTIMIZER.control()]
        },
        run: demo::run(run),
    }
}

/// The smallest card that holds so much.
fn card(gigabytes: f64) -> String {
    let card = CARDS.into_iter().find(|&card| gigabytes <= card);
    card.map_or("none of these".into(), |card| format!("{card} GB"))
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let optimizer = match cx.get(&OPTIMIZER)? {
        "adamw8" => 2.0,
        "sgd" => 0.0,
        _ => ADAMW,
    };
    let budget = Budget {
        parameters: 1e9 * cx.get(&BILLIONS)?,
        rank: cx.get(&RANK)?,
        tokens: cx.get(&TOKENS)?,
        optimizer,
    };
    let gb = |x: f64| short(x, if x < 10.0 { 2 } else { 1 });
    let all = Method::ALL.map(|method| (method, budget.gigabytes(method)));
    let total = |parts: &[f64; 4]| parts.iter().sum::<f64>();
    let bar = |(method, parts): &(Method, [f64; 4])| Bar {
        label: method.name().into(),
        value: total(parts),
        shown: format!("{} GB", gb(total(parts))),
        muted: false,
    };
    let row = |(method, parts): &(Method, [f64; 4])| {
        let mut cells = vec![Cell::from(method.name())];
        cells.extend(parts.map(|part| Cell::Number(gb(part))));
        cells.push(Cell::from(card(total(parts))));
        cells
    };
    let [blocks, width] = budget.shape();
    let (full, qlora) = (total(&all[0].1), total(&all[4].1));
    let summary = format!(
        "Full fine-tuning takes {} GB: it fits into {}. QLoRA takes {} GB: it fits into {}.",
        gb(full),
        card(full),
        gb(qlora),
        card(qlora)
    );
    let told = format!(
        "A model with {} blocks of width {}. The pairs are {} of its weights.",
        short(blocks, 0),
        short(width, 0),
        percent(budget.pairs() / budget.parameters, 2)
    );
    cx.show(
        summary,
        &[
            View::Bars {
                label: "Memory while it is tuned".into(),
                bars: all.iter().map(bar).collect(),
                max: full,
            },
            View::Table {
                label: "In gigabytes".into(),
                columns: ["", "weights", "slopes", "optimizer", "activations", "card"]
                    .map(Into::into)
                    .into(),
                rows: all.iter().map(row).collect(),
            },
            View::Prose(vec![told]),
        ],
    );
    Ok(())
}
