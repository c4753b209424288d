//! Numbers for the page.

use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};

use crate::design::{Cost, Design, Sizes};
use crate::solution::parameters;
use crate::{Config, published};

/// Numbers for the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// The sizes of a configuration.
pub fn sizes(config: &Config) -> Sizes {
    let Config { n_layers, n_heads, d_head, d_model, d_ff, .. } = *config;
    let [layers, heads, d_head, d_model, d_ff] =
        [n_layers, n_heads, d_head, d_model, d_ff].map(|n| n as u64);
    Sizes { layers, heads, d_head, d_model, d_ff }
}

fn fill(worked: &mut Worked) -> Outcome {
    // One number on the road, and two parts that are easy to follow.
    let (x, attention, mlp) = (3.0, |x: f64| x + 1.0, |x: f64| 2.0 * x);
    let after = x + attention(x);
    worked.set("x", x);
    worked.set("attention", attention(x));
    worked.set("after", after);
    worked.set("serial-mlp", mlp(after));
    worked.set("serial", after + mlp(after));
    worked.set("parallel-mlp", mlp(x));
    worked.set("parallel", x + attention(x) + mlp(x));

    for (key, model) in ["8b", "62b", "540b"].into_iter().zip(published()) {
        let config = &model.config;
        let parts = parameters(config);
        let mut set = |what: &str, n: usize| {
            worked.set(&format!("{key}-{what}"), count(n as u64));
        };
        set("layers", config.n_layers);
        set("heads", config.n_heads);
        set("width", config.d_model);
        let billions = |n: u64| format!("{:.2}", n as f64 / 1e9);
        worked.set(&format!("{key}-billions"), billions(parts.total()));
        worked.set(&format!("{key}-weights"), billions(parts.total() - parts.norms));
        let paper = format!("{}.{:02}", model.hundredths / 100, model.hundredths % 100);
        worked.set(&format!("{key}-paper"), paper);
    }
    let config = &published()[2].config;
    worked.set("540b-all-heads", count((config.n_heads * config.d_head) as u64));
    worked.set("540b-norms", count(parameters(config).norms));
    worked.set("d-head", config.d_head);
    worked.set("vocab", count(config.vocab_size as u64));
    worked.set("widths", short(config.d_ff as f64 / config.d_model as f64, 1));
    // With 2¹⁸ tokens instead.
    let other = Config { vocab_size: 1 << 18, ..published()[0].config.clone() };
    worked.set("other-vocab", count(1 << 18));
    worked.set("other-billions", format!("{:.2}", parameters(&other).total() as f64 / 1e9));

    let sizes = sizes(config);
    let palm = Design::PALM.cost(sizes);
    let bytes = |cost: Cost| count(cost.kv_bytes);
    let apart = Design { shares_kv: false, ..Design::PALM }.cost(sizes);
    worked.set("kv", bytes(palm));
    worked.set("kv-apart", bytes(apart));
    worked.set("kv-text", short(2048.0 * palm.kv_bytes as f64 / 1e9, 2));
    worked.set("kv-text-apart", short(2048.0 * apart.kv_bytes as f64 / 1e9, 1));
    let millions = |cost: Cost| short(cost.attention as f64 / 1e6, 0);
    worked.set("attention-millions", millions(palm));
    worked.set("attention-apart", millions(apart));
    let ungated = Design { is_gated: false, ..Design::PALM }.cost(sizes);
    worked.set("gate", short((palm.mlp - ungated.mlp) as f64 / 1e9, 2));
    worked.set("block-billions", short(palm.parameters() as f64 / 1e9, 2));
    worked.set("root", short((config.d_model as f64).sqrt(), 0));
    let biased = Design { has_biases: true, ..Design::PALM }.cost(sizes);
    worked.set("biases", percent(biased.biases as f64 / biased.parameters() as f64, 3));
    worked.set("gpt-products", Design::GPT.products().len());
    worked.set("palm-products", Design::PALM.products().len());
    Ok(())
}
