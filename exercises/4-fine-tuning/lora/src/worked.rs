//! The numbers of the page.

use grading::Worked;
use grading::numbers::{count, minus, percent, short};
use small_gpt::{Layer, Model, Place, Sizes};

use crate::LoraLinear;
use crate::solution::{lora_forward, lora_parameters, lora_scale};

/// Buddy's sizes.
const BUDDY: Sizes =
    Sizes { n_layer: 4, n_head: 8, n_embd: 128, n_positions: 128, vocab_size: 512 };

/// The numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    let all = Model::zeros(BUDDY).parameters.len();
    worked.set("all", count(all as u64)).set("directions", BUDDY.n_embd);
    let numbers = |targets: &[Layer], rank| {
        let places = Place::all(BUDDY.n_layer).filter(|place| targets.contains(&place.layer));
        let layers: Vec<_> = places.map(|place| place.layer.sizes(BUDDY.n_embd)).collect();
        lora_parameters(&layers, rank)
    };
    for (name, targets, rank) in
        [("attn", &[Layer::Attn][..], 8), ("four", &Layer::ALL, 8), ("one", &[Layer::Attn], 1)]
    {
        let numbers = numbers(targets, rank);
        let share = numbers as f64 / all as f64;
        worked.set(name, count(numbers as u64));
        worked.set(&format!("{name}-share"), percent(share, 2));
    }
    // Queries and values of 96 blocks, 12,288 wide.
    let gpt3 = lora_parameters(&[[12_288, 12_288]; 2 * 96], 4);
    worked.set("gpt3", count(gpt3 as u64));

    let Ok(scale) = lora_scale(1.0, 2, false) else { return worked };
    let pair = LoraLinear {
        inputs: 3,
        outputs: 4,
        rank: 2,
        scale,
        a: &[1.0, 0.0, -1.0, 2.0, 1.0, 0.0],
        b: &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0, -2.0, 0.5],
    };
    let mut added = [0.0; 4];
    let bare = LoraLinear { scale: 1.0, ..pair };
    let mut product = [0.0; 4];
    let x = [1.0, 2.0, 3.0];
    let told = |numbers: &[f32]| {
        let shown: Vec<String> = numbers.iter().map(|&n| minus(&short(f64::from(n), 2))).collect();
        shown.join(", ")
    };
    if let (Ok(low), Ok(_)) =
        (lora_forward(&pair, &x, &mut added), lora_forward(&bare, &x, &mut product))
    {
        worked.set("low", told(&low)).set("product", told(&product)).set("added", told(&added));
        worked.set("scale", short(scale.into(), 2));
    }
    worked
}
