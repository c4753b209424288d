//! How many directions the change of a fine-tuning has: no training, only its singular values.

use demo::control::{Choice, Slider, Typed};
use demo::format::count;
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::{percent, settled};
use lora::solution::lora_parameters;
use small_gpt::{Layer, Place};

use crate::kept::{MOST, SIZES, held};

const RANK: Slider = Slider::new("rank", "Rank r", 8.0, [1.0, MOST as f64], 1.0);
const LAYER: Choice = Choice::new(
    "layer",
    "Layer",
    &[
        ("attn", "attn.c_attn"),
        ("attn-proj", "attn.c_proj"),
        ("fc", "mlp.c_fc"),
        ("fc-proj", "mlp.c_proj"),
    ],
);
const BLOCK: Choice = Choice::new("block", "Block", &[("3", "the last"), ("0", "the first")]);

pub fn demo() -> Demo {
    Demo {
        name: "lora-rank",
        title: "How much of a change fits into rank r",
        lesson: "lora",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![RANK.control(), LAYER.control(), BLOCK.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let rank = cx.get(&RANK)? as usize;
    let layer = match cx.get(&LAYER)? {
        "attn" => Layer::Attn,
        "attn-proj" => Layer::AttnProj,
        "fc" => Layer::Fc,
        _ => Layer::FcProj,
    };
    let place = Place { block: if cx.get(&BLOCK)? == "0" { 0 } else { 3 }, layer };
    let Some([weight, change]) = held(place) else {
        return Err(DemoError::Other(format!("nothing is kept of {}", place.name())));
    };
    let sizes = layer.sizes(SIZES.n_embd);
    let numbers = lora_parameters(&[sizes], rank);
    let line = |name: &str, shares: &[f64]| Line {
        name: name.into(),
        points: shares.iter().enumerate().map(|(r, &s)| (r as f64, settled(100.0 * s))).collect(),
    };
    let row = |name: &str, shares: &[f64]| {
        let most = shares.iter().position(|&share| share >= 0.9);
        let most = most.map_or_else(|| format!("above {MOST}"), |rank| rank.to_string());
        let told = [percent(shares[rank], 1), most];
        [vec![name.into()], told.map(Cell::Number).to_vec()].concat()
    };
    let summary = format!(
        "At {}, rank {rank} holds {} of what fine-tuning changed, and {} of the weight itself. A pair \
         has {} numbers, the weight {}.",
        place.name(),
        percent(change[rank], 1),
        percent(weight[rank], 1),
        count(numbers),
        count(sizes[0] * sizes[1]),
    );
    cx.show(
        summary,
        &[
            View::Lines {
                label: format!("The share that rank r holds, {}", place.name()),
                x_label: "rank r".into(),
                y_label: "share, %".into(),
                lines: vec![line("the change", &change), line("the weight", &weight)],
            },
            View::Table {
                label: "Rank by rank".into(),
                columns: vec!["".into(), format!("at rank {rank}"), "rank for 90%".into()],
                rows: vec![row("the change", &change), row("the weight", &weight)],
            },
        ],
    );
    Ok(())
}
