//! What takes too long for a page, as `cargo run -p lora-demos --example keep` has measured it.

use small_gpt::{Layer, Place, Sizes};

use crate::tuning::Look;

const FULL: &str = include_str!("../kept/full.csv");
const RANKS: &str = include_str!("../kept/ranks.csv");
const HELD: &str = include_str!("../kept/held.csv");

/// What `config.json` says of Buddy.
pub const SIZES: Sizes =
    Sizes { n_layer: 4, n_head: 8, n_embd: 128, n_positions: 128, vocab_size: 512 };

/// The peak of the learning rate in full fine-tuning.
pub const FULL_PEAK: f64 = 1e-3;
/// Trainings of so many steps are kept, and this many times that.
pub const STEPS: usize = 40;
pub const TIMES: usize = 8;
/// The full fine-tuning whose change is taken apart has this many steps.
pub const TAKEN_APART: usize = 160;
/// Layers of these blocks are.
pub const BLOCKS: [usize; 2] = [0, 3];

/// Full fine-tuning with so many steps, on the same texts.
pub fn full(steps: usize) -> Vec<Look> {
    let line = |line: &str| {
        let numbers: Option<Vec<f64>> = line.split(',').map(|number| number.parse().ok()).collect();
        match numbers?[..] {
            [of, step, loss, right] if of as usize == steps => Some(Look {
                step: step as usize,
                loss,
                right: right as usize,
                says_good: Vec::new(),
            }),
            _ => None,
        }
    };
    FULL.lines().filter_map(line).collect()
}

/// The largest rank that is kept.
pub const MOST: usize = 64;

/// For the ranks 0 to [`MOST`] the share of a matrix, by the sum of its squares, that its best
/// approximation of that rank holds: of a layer's weight as it was pre-trained, and of what
/// fine-tuning changed.
pub fn held(place: Place) -> Option<[Vec<f64>; 2]> {
    let of = |what: &str| -> Option<Vec<f64>> {
        let start = format!("{what} {},", place.name());
        let line = HELD.lines().find_map(|line| line.strip_prefix(&start))?;
        let shares = line.split(',').map(|share| share.parse::<f64>().ok().map(|s| s / 1000.0));
        [Some(0.0)].into_iter().chain(shares).collect()
    };
    Some([of("weight")?, of("change")?])
}

/// The layers that can be looked at.
pub fn places() -> impl Iterator<Item = Place> {
    BLOCKS.into_iter().flat_map(|block| Layer::ALL.map(|layer| Place { block, layer }))
}

/// LoRA beside `attn.c_attn` after 80 steps, the mean of several starts: its rank, the loss held out,
/// how many answers are right.
pub fn ranks() -> Vec<(usize, f64, f64)> {
    let line = |line: &str| {
        let mut parts = line.split(',');
        let mut next = || parts.next()?.parse::<f64>().ok();
        Some((next()? as usize, next()?, next()?))
    };
    RANKS.lines().filter_map(line).collect()
}
