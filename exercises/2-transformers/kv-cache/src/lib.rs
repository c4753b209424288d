//! KV cache: the next token without reading all others again.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/decode_attention.wgsl`. Given are the
//! cache itself ([`KvCache`]), the errors ([`CacheError`]), the host side of the kernel
//! ([`run_decode_attention`]), what reading and writing cost ([`cost`]), and the words of the page
//! ([`example`]).

extern crate self as kv_cache;

mod cache;
pub mod checks;
pub mod cost;
mod error;
pub mod example;
mod host;
mod oracle;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use cache::KvCache;
pub use error::CacheError;
pub use host::{BINDINGS, ENTRY, MOST_COLUMNS, Sizes, run_decode_attention};

/// Keys and values so far.
pub type SoFar = (Tensor, Tensor);

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub append: fn(&mut KvCache, &Tensor, &Tensor) -> Result<SoFar, CacheError>,
        pub truncate: fn(&mut KvCache, usize) -> Result<(), CacheError>,
        pub fork: fn(&KvCache) -> Result<KvCache, CacheError>,
        pub slide: fn(&mut KvCache, usize) -> Result<(), CacheError>,
        pub window_mask: fn(usize, usize, usize) -> Result<Tensor, CacheError>,
        pub decode_step: fn(
            &mut KvCache, &Tensor, &Tensor, &Tensor, Option<usize>,
        ) -> Result<Tensor, CacheError>,
        pub decode_attention_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "KV cache" }

/// What a learner's kernel starts from.
pub const DECODE_ATTENTION_STUB: &str = grading::kernel_stub!("decode_attention.wgsl");
