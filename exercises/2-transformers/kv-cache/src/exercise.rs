//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/kv-cache.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade kv-cache`.
//! - Stuck? `cargo study hint kv-cache` gives one hint at a time.

use attention::solution::{causal_mask, sdpa};
use candle_core::{Device, Tensor};
use positions::BASE;
use positions::solution::rope;

use kv_cache::{CacheError, KvCache, SoFar};

/// Writes new keys `(batch, heads, t, d)` and values `(batch, heads, t, d_v)`
/// behind those that are kept, and returns all keys and all values so far,
/// `(batch, heads, len, d)` and `(batch, heads, len, d_v)`, oldest first.
///
/// What is kept is not copied: the new rows go into the cache's own tensors,
/// and what is returned may be a view of them. `k` and `v` may be views, and
/// `t` may be 0. A cache is for reading, not for training: no gradients pass
/// through it.
///
/// # Errors
/// Those of [`KvCache::new_tokens`]; [`CacheError::Full`] if there is no room
/// for all new tokens. After an error the cache is what it was.
pub fn append(cache: &mut KvCache, k: &Tensor, v: &Tensor) -> Result<SoFar, CacheError> {
    todo!("append")
}

/// Goes back: keeps the first `len` of the tokens that are kept, and forgets
/// those behind them.
///
/// # Errors
/// [`CacheError::Ahead`] if fewer than `len` are kept; the cache is then what it
/// was.
pub fn truncate(cache: &mut KvCache, len: usize) -> Result<(), CacheError> {
    todo!("truncate")
}

/// A second cache with the same tokens and the same capacity, for another
/// continuation of the text. What happens to one of the two never shows in the
/// other.
///
/// # Errors
/// If candle has no memory for it.
pub fn fork(cache: &KvCache) -> Result<KvCache, CacheError> {
    todo!("fork")
}

/// Keeps the last `window` tokens, or all if there are fewer, and drops those
/// before them: they move to the front of the same tensors, and `start` counts
/// what is dropped.
///
/// # Errors
/// [`CacheError::NoWindow`] if `window` is 0; the cache is then what it was.
pub fn slide(cache: &mut KvCache, window: usize) -> Result<(), CacheError> {
    todo!("slide")
}

/// Who may look at whom if each token sees itself and the `window − 1` before
/// it: a mask `(t_q, t_k)` of type u8, 1 where the query may look at the key.
///
/// Both end at the same token, as in a causal mask: query `i` stands at
/// `p = t_k − t_q + i` and sees the keys `j` with `p − window < j ≤ p`. With
/// more queries than keys, the first ones see nothing. Any window works, however
/// large.
///
/// # Errors
/// [`CacheError::NoWindow`] if `window` is 0.
pub fn window_mask(t_q: usize, t_k: usize, window: usize) -> Result<Tensor, CacheError> {
    todo!("window_mask")
}

/// Reads `t` more tokens of a text: the first ones, a part of a prompt, or the
/// one that was written last. Returns what attention gives each of them,
/// `(batch, heads, t, d_v)`: the same as if the whole text were read at once.
///
/// `q` and `k` have the shape `(batch, heads, t, d)` and know no positions yet:
/// they are turned as in [`rope`], with base [`BASE`], by their places in the
/// text, counting those that were dropped. `v` is `(batch, heads, t, d_v)`. The
/// turned keys and the values go into the cache. Each new token sees itself and
/// all tokens before it; with a window `w`, the last `w` of these with itself,
/// and in the end the cache keeps no more than `w`.
///
/// # Errors
/// Those of [`KvCache::new_tokens`]; [`CacheError::Queries`] unless `q` has the
/// shape and the type of `k`; [`CacheError::NoWindow`]; [`CacheError::Position`]
/// if `d` is odd or 0; [`CacheError::Full`] if there is no room for all new
/// tokens beside those that are kept. If several are due, any of them. After an
/// error the cache is what it was.
pub fn decode_step(
    cache: &mut KvCache,
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    window: Option<usize>,
) -> Result<Tensor, CacheError> {
    todo!("decode_step")
}

/// The source of a kernel by which one new token a text looks at the cache, a
/// workgroup for each of its heads; what it binds is said in the file.
pub fn decode_attention_wgsl() -> &'static str {
    include_str!("../kernels/exercise/decode_attention.wgsl")
}
