//! Models to compare: those of three papers, and the one of this book.

use crate::Config;

/// A model by its name.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// Its sizes.
    pub config: Config,
}

/// By year. GPT-1: Radford and others, 2018, section 4.1; its vocabulary as in its published
/// configuration. GPT-2: Radford and others, 2019, table 2; heads as in its code. GPT-3: Brown and
/// others, 2020 (arXiv 2005.14165), table 2.1.
///
/// GPT-1 has no norm behind its last block, which makes 1,536 parameters less than its sizes have
/// here.
pub fn published() -> [Published; 6] {
    let model = |name, n_layer, n_head, n_embd, n_positions, vocab_size| Published {
        name,
        config: Config { n_positions, vocab_size, ..Config::gpt2(n_layer, n_head, n_embd) },
    };
    [
        model("GPT-1", 12, 12, 768, 512, 40_478),
        model("GPT-2 small", 12, 12, 768, 1024, 50_257),
        model("GPT-2 medium", 24, 16, 1024, 1024, 50_257),
        model("GPT-2 large", 36, 20, 1280, 1024, 50_257),
        model("GPT-2 XL", 48, 25, 1600, 1024, 50_257),
        model("GPT-3 175B", 96, 96, 12_288, 2048, 50_257),
    ]
}

/// The sizes of Buddy's third form, small enough for a page. Its tokens are the first 512 of the
/// sample vocabulary of step 1.
pub fn buddy() -> Config {
    Config { n_positions: 128, vocab_size: 512, eos_token_id: None, ..Config::gpt2(4, 8, 128) }
}
