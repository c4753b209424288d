//! GPT becomes Llama, one exchange at a time: what each costs and saves.

use counting::solution::{flops, kv_bytes, params};
use counting::{Architecture, CountError, Kept, Pairs, Step};
use demo::control::{Choice, Slider, Toggle, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{count, short};
use llama::{Exchanges, Published, published};

use crate::picture;

const SIZE: Choice = Choice::new(
    "size",
    "As large as",
    &[
        ("Llama 2 70B", "Llama 2 70B"),
        ("LLaMA 7B", "LLaMA 7B"),
        ("LLaMA 65B", "LLaMA 65B"),
        ("Llama 3.1 8B", "Llama 3.1 8B"),
        ("TinyLlama 1.1B", "TinyLlama 1.1B"),
        ("SmolLM 135M", "SmolLM 135M"),
    ],
);
const NORMS: Toggle = Toggle::new("norms", "RMSNorm, no biases", true);
const ROPE: Toggle = Toggle::new("rope", "RoPE instead of a table", true);
const GATE: Toggle = Toggle::new("gate", "SwiGLU instead of GELU", true);
const GROUPS: Toggle = Toggle::new("groups", "Shared keys and values", true);
const READ: Slider = Slider::new("read", "Tokens read before", 2048.0, [0.0, 131_072.0], 2048.0);

pub fn demo() -> Demo {
    Demo {
        name: "four-exchanges",
        title: "GPT becomes Llama",
        lesson: "llama",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            let exchanges = [NORMS, ROPE, GATE, GROUPS].map(|toggle| toggle.control());
            [SIZE.control()].into_iter().chain(exchanges).chain([READ.control()]).collect()
        },
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let name = cx.get(&SIZE)?;
    let Some(model) = published().into_iter().find(|model| model.name == name) else {
        return Err(DemoError::input(SIZE.name, "choose one of the list".to_owned()));
    };
    let yours = Exchanges {
        norms: cx.get(&NORMS)?,
        rope: cx.get(&ROPE)?,
        gate: cx.get(&GATE)?,
        groups: cx.get(&GROUPS)?,
    };
    let read = cx.get(&READ)? as u64;
    let (rows, summary) =
        rows(&model, yours, read).map_err(|error| DemoError::Other(error.to_string()))?;
    let views = [
        View::Table {
            label: format!("As large as {name}: what it takes"),
            columns: ["", "GPT’s", "Yours", "Llama’s"].map(Into::into).into(),
            rows,
        },
        View::drawing(
            "Your block; in color what is exchanged",
            format!("{}.", picture::told(yours)),
            picture::draw(&[("yours", yours)]),
        ),
        View::Prose(vec![format!(
            "The cache has two bytes a number. FLOPs are those of one more token after {}; without \
             a gate, d_ff is four times d_model. GPT’s table of positions has {} rows, and its \
             head is a second table wherever Llama’s is.",
            count(read),
            count(model.context)
        )]),
    ];
    cx.show(summary, &views);
    Ok(())
}

/// What a design costs.
struct Cost {
    parameters: u64,
    cache: u64,
    flops: u64,
    of_pairs: u64,
}

fn cost(architecture: &Architecture, read: u64) -> Result<Cost, CountError> {
    let step = Step { texts: 1, source: 0, tokens: 1, past: read, pairs: Pairs::Causal };
    let flops = flops(architecture, &step)?;
    let kept = Kept { texts: 1, source: 0, tokens: 1, bytes: 2 };
    Ok(Cost {
        parameters: params(architecture)?.total()?,
        cache: kv_bytes(architecture, &kept)?,
        flops: flops.total()?,
        of_pairs: flops.attention,
    })
}

fn rows(
    model: &Published,
    yours: Exchanges,
    read: u64,
) -> Result<(Vec<Vec<Cell>>, String), CountError> {
    let designs = [Exchanges::NONE, yours, Exchanges::ALL].map(|design| design.architecture(model));
    let row = |name: &str, numbers: [String; 3]| {
        [vec![Cell::from(name)], numbers.map(Cell::Number).into()].concat()
    };
    let mut rows = Vec::new();
    let parts = [params(&designs[0])?, params(&designs[1])?, params(&designs[2])?];
    for i in 0..parts[0].parts().len() {
        let name = parts[0].parts()[i].0;
        rows.push(row(name, parts.map(|params| count(params.parts()[i].1))));
    }
    let costs = [cost(&designs[0], read)?, cost(&designs[1], read)?, cost(&designs[2], read)?];
    let all = |of: fn(&Cost) -> u64| costs.each_ref().map(|cost| count(of(cost)));
    let scaled = |of: fn(&Cost) -> u64| costs.each_ref().map(|cost| scaled(of(cost)));
    let whole = costs.each_ref().map(|cost| bytes(cost.cache * (read + 1)));
    rows.push(row("all parameters", all(|cost| cost.parameters)));
    rows.push(row("cache, bytes a token", all(|cost| cost.cache)));
    rows.push(row("cache of the text", whole));
    rows.push(row("FLOPs of a token", scaled(|cost| cost.flops)));
    rows.push(row("… scores and values", scaled(|cost| cost.of_pairs)));
    let summary = format!(
        "Yours: {} parameters, {} bytes of cache a token, {} FLOPs for the next token.",
        count(costs[1].parameters),
        count(costs[1].cache),
        self::scaled(costs[1].flops)
    );
    Ok((rows, summary))
}

/// With the largest name that leaves a digit before the point.
fn named(n: u64, names: [&str; 3]) -> String {
    let sizes = [1e9, 1e6, 1e3];
    let found = sizes.into_iter().zip(names).find(|(size, _)| n as f64 >= *size);
    match found {
        Some((size, name)) => format!("{} {name}", short(n as f64 / size, 2)),
        None => count(n),
    }
}

fn scaled(n: u64) -> String {
    named(n, ["billion", "million", "thousand"])
}

fn bytes(n: u64) -> String {
    named(n, ["GB", "MB", "kB"])
}
