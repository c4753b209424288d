//! What can be asked for when Buddy is pre-trained.

use std::path::PathBuf;

use clap::Args;

use super::recipe::{Recipe, Size};
use crate::arguments::{at_least_one, rate};

/// The options of `cargo study train buddy`.
#[derive(Clone, Debug, Args)]
pub struct DecoderOptions {
    /// Sets width, depth, batch and learning rate together
    #[arg(long, value_enum, default_value = "buddy")]
    pub size: Size,
    /// A file to learn from, or a folder of .txt, .md and .jsonl files; without it Tinytown's stories
    #[arg(long, value_name = "PATH")]
    pub text: Option<PathBuf>,
    /// What first weights and the order of texts are drawn from
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Steps of the optimizer [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub steps: Option<usize>,
    /// Rows of tokens in a step [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub batch: Option<usize>,
    /// The largest learning rate [default: of the size]
    #[arg(long, value_parser = rate)]
    pub lr: Option<f64>,
    /// Tokens of the vocabulary: bytes, merges, and one that ends a text; with 257 there are no
    /// merges, and a token is a byte
    #[arg(long, default_value_t = Recipe::VOCAB)]
    pub vocab: usize,
    /// Tokens of a row
    #[arg(long, default_value_t = Recipe::CONTEXT, value_parser = at_least_one)]
    pub context: usize,
    /// Blocks of the model [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub layers: Option<usize>,
    /// Heads of a block [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub heads: Option<usize>,
    /// Numbers of a token's vector [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub width: Option<usize>,
    /// Steps in which the learning rate rises
    #[arg(long, default_value_t = Recipe::WARMUP)]
    pub warmup: usize,
    /// What the learning rate falls to, as a share of the largest
    #[arg(long, default_value_t = Recipe::FLOOR)]
    pub floor: f64,
    /// How much of the last squares of gradients is kept
    #[arg(long, default_value_t = Recipe::BETA2)]
    pub beta2: f64,
    /// Weight decay of matrices
    #[arg(long, default_value_t = Recipe::DECAY)]
    pub decay: f64,
    /// The longest that a gradient may be
    #[arg(long, default_value_t = Recipe::CLIP)]
    pub clip: f64,
    /// Threads [default: one for each core]; they change no bit
    #[arg(long, value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// Train on so many processes at once, by MPI; they change the last bits
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub ranks: Option<usize>,
    /// Open MPI's host file, a machine a line; without it all ranks run on this one
    #[arg(long, value_name = "FILE", requires = "ranks")]
    pub hosts: Option<PathBuf>,
    /// Keep a checkpoint every so many steps
    #[arg(long, default_value_t = 250, value_parser = at_least_one)]
    pub every: usize,
    /// The folder to write [default: target/models/buddy]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Go on with the training in this folder, with its settings
    #[arg(long, value_name = "FOLDER", conflicts_with_all = SET)]
    pub resume: Option<PathBuf>,
    /// Go on from a checkpoint with the sizes of its model and Buddy's own tokens, such as one that
    /// the book's page saved
    #[arg(long, value_name = "FILE", conflicts_with_all = SIZES)]
    pub from: Option<PathBuf>,
}

/// What a training that goes on has already.
const SET: [&str; 18] = [
    "size", "text", "seed", "steps", "batch", "lr", "vocab", "context", "layers", "heads", "width",
    "warmup", "floor", "beta2", "decay", "clip", "out", "from",
];

/// What the model of a checkpoint has already.
const SIZES: [&str; 6] = ["size", "vocab", "context", "layers", "heads", "width"];
