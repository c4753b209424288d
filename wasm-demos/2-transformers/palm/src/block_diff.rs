//! GPT's block and PaLM's, and any between: what changes, and what it costs.

use demo::control::{Choice, Toggle, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{count, counted};
use palm::design::{Design, Sizes};
use palm::{Answers, Config, published};

use crate::picture::{Block, draw};

const SIZE: Choice = Choice::new(
    "size",
    "As large as",
    &[
        ("PaLM 540B", "PaLM 540B"),
        ("PaLM 62B", "PaLM 62B"),
        ("PaLM 8B", "PaLM 8B"),
        ("GPT-2 small", "GPT-2 small"),
    ],
);
const ORDER: Choice = Choice::new(
    "order",
    "The two parts",
    &[("parallel", "side by side"), ("serial", "one after the other")],
);
const MLP: Choice = Choice::new(
    "mlp",
    "Feed-forward network",
    &[("swiglu", "SwiGLU, three matrices"), ("gelu", "GELU, two matrices")],
);
const HEADS: Choice = Choice::new(
    "heads",
    "Keys and values",
    &[("one", "one head for all queries"), ("own", "of each head its own")],
);
const POSITIONS: Choice =
    Choice::new("positions", "Positions", &[("rope", "RoPE"), ("table", "a learned table")]);
const BIASES: Toggle = Toggle::new("biases", "Biases", false);

/// Rows of a learned table of positions: as long a text as PaLM was trained on.
const CONTEXT: u64 = 2048;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "block-diff",
        title: "From GPT's block to PaLM's",
        lesson: "palm",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                SIZE.control(),
                ORDER.control(),
                MLP.control(),
                HEADS.control(),
                POSITIONS.control(),
                BIASES.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

fn config(name: &str) -> Config {
    let palm = published().into_iter().find(|model| model.name == name).map(|model| model.config);
    palm.unwrap_or_else(|| Config { d_head: 64, vocab_size: 50_257, ..Config::palm(12, 12, 768) })
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let config = config(cx.get(&SIZE)?);
    let design = Design {
        is_parallel: cx.get(&ORDER)? == "parallel",
        is_gated: cx.get(&MLP)? == "swiglu",
        shares_kv: cx.get(&HEADS)? == "one",
        has_biases: cx.get(&BIASES)?,
        has_rope: cx.get(&POSITIONS)? == "rope",
    };
    let [layers, heads, d_head, d_model, d_ff] =
        [config.n_layers, config.n_heads, config.d_head, config.d_model, config.d_ff]
            .map(|n| n as u64);
    let sizes = Sizes { layers, heads, d_head, d_model, d_ff };

    let designs = [Design::GPT, design, Design::PALM];
    let row = |name: &str, of: &dyn Fn(Design) -> u64| {
        let numbers = designs.map(|design| Cell::Number(count(of(design))));
        [vec![Cell::from(name)], numbers.into()].concat()
    };
    let positions = |design: Design| if design.has_rope { 0 } else { CONTEXT * d_model };
    let rows = vec![
        row("Products in a row", &|design| design.products().len() as u64),
        row("Attention", &|design| design.cost(sizes).attention),
        row("Feed-forward", &|design| design.cost(sizes).mlp),
        row("Norms", &|design| design.cost(sizes).norms),
        row("Of these, biases", &|design| design.cost(sizes).biases),
        row("All blocks", &|design| layers * design.cost(sizes).parameters()),
        row("Position table", &positions),
        row("Cache, bytes a token", &|design| design.cost(sizes).kv_bytes),
    ];

    let block = steps(design, sizes);
    let told = told(&block);
    let cost = design.cost(sizes);
    let products = design.products();
    let total = (answers.parameters)(&config).total();
    let views = [
        View::drawing("Your block: what each step makes of one token", told, draw(&[("", block)])),
        View::Table {
            label: "Parameters of a block, and what else it takes".into(),
            columns: ["", "GPT’s", "Yours", "PaLM’s"].map(Into::into).into(),
            rows,
        },
        View::Prose(vec![
            format!("Products that wait for each other: {}.", products.join(" → ")),
            format!(
                "PaLM of this size, with its table of tokens: {} parameters. A position table is \
                 counted for {} tokens, the cache with two bytes a number.",
                count(total),
                count(CONTEXT)
            ),
        ]),
    ];
    cx.show(
        format!(
            "{} in a row; {} parameters a block; {} of cache a token.",
            counted(products.len(), "product"),
            count(cost.parameters()),
            counted(cost.kv_bytes as usize, "byte")
        ),
        &views,
    );
    Ok(())
}

/// What stands in the boxes.
fn steps(design: Design, sizes: Sizes) -> Block {
    let Sizes { heads, d_head, d_model, d_ff, .. } = sizes;
    let step = |title: &str, detail: String| (title.to_owned(), detail);
    let all = match design.shares_kv {
        true => format!("{heads} × {d_head}, {d_head}, {d_head}"),
        false => format!("3 × {heads} × {d_head}"),
    };
    let inside = match design.is_gated {
        true => step("gate, up", format!("2 × {}", count(d_ff))),
        false => step("inside", count(d_ff)),
    };
    let bend = step(if design.is_gated { "SwiGLU" } else { "GELU" }, count(d_ff));
    let mut attention = vec![
        step("q, k, v", all),
        step("turn q and k", "by position".into()),
        step("attention", format!("{heads} × {d_head}")),
        step("output", count(d_model)),
    ];
    if !design.has_rope {
        attention.remove(1);
    }
    Block { design, attention, mlp: vec![inside, bend, step("back", count(d_model))] }
}

fn told(block: &Block) -> String {
    let list = |steps: &[(String, String)]| {
        let steps = steps.iter().map(|(title, detail)| format!("{title} ({detail})"));
        steps.collect::<Vec<_>>().join(", then ")
    };
    let (attention, mlp) = (list(&block.attention), list(&block.mlp));
    match block.design.is_parallel {
        true => format!(
            "The stream has one exit. After its norm the way forks. One branch: {attention}. The \
             other: {mlp}. Both results are added to the stream."
        ),
        false => format!(
            "The stream has two exits. The first leads through a norm: {attention}, and the result \
             is added. The second leads through another norm: {mlp}, and the result is added."
        ),
    }
}
