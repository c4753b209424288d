//! The reference: a cache that grows, goes back and slides, and a step that reads it.

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
    // BEGIN ANSWER
    let new = cache.new_tokens(k, v)?;
    let (len, capacity) = (cache.len, cache.capacity());
    if new > capacity - len {
        return Err(CacheError::Full { len, new, capacity });
    }
    if new > 0 {
        // slice_set reads memory row by row, so a view is copied into order first.
        cache.k.slice_set(&k.force_contiguous()?, 2, len)?;
        cache.v.slice_set(&v.force_contiguous()?, 2, len)?;
    }
    cache.len += new;
    Ok((cache.k.narrow(2, 0, cache.len)?, cache.v.narrow(2, 0, cache.len)?))
    // END ANSWER
}

/// Goes back: keeps the first `len` of the tokens that are kept, and forgets
/// those behind them.
///
/// # Errors
/// [`CacheError::Ahead`] if fewer than `len` are kept; the cache is then what it
/// was.
pub fn truncate(cache: &mut KvCache, len: usize) -> Result<(), CacheError> {
    // BEGIN ANSWER
    if len > cache.len {
        return Err(CacheError::Ahead { wanted: len, len: cache.len });
    }
    // The rows behind it may stay: the next tokens overwrite them.
    cache.len = len;
    Ok(())
    // END ANSWER
}

/// A second cache with the same tokens and the same capacity, for another
/// continuation of the text. What happens to one of the two never shows in the
/// other.
///
/// # Errors
/// If candle has no memory for it.
pub fn fork(cache: &KvCache) -> Result<KvCache, CacheError> {
    // BEGIN ANSWER
    let (k, v) = (cache.k.copy()?, cache.v.copy()?);
    Ok(KvCache { k, v, len: cache.len, start: cache.start })
    // END ANSWER
}

/// Keeps the last `window` tokens, or all if there are fewer, and drops those
/// before them: they move to the front of the same tensors, and `start` counts
/// what is dropped.
///
/// # Errors
/// [`CacheError::NoWindow`] if `window` is 0; the cache is then what it was.
pub fn slide(cache: &mut KvCache, window: usize) -> Result<(), CacheError> {
    // BEGIN ANSWER
    if window == 0 {
        return Err(CacheError::NoWindow);
    }
    let dropped = cache.len.saturating_sub(window);
    if dropped > 0 {
        for room in [&cache.k, &cache.v] {
            let kept = room.narrow(2, dropped, window)?.force_contiguous()?;
            room.slice_set(&kept, 2, 0)?;
        }
        cache.len = window;
        cache.start += dropped;
    }
    Ok(())
    // END ANSWER
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
    // BEGIN ANSWER
    if window == 0 {
        return Err(CacheError::NoWindow);
    }
    // Both sides are t_q larger than on paper, so that nothing falls below 0.
    let sees = |i: usize, j: usize| j + t_q <= t_k + i && t_k + i - (j + t_q) < window;
    let row = |i| (0..t_k).map(move |j| u8::from(sees(i, j)));
    Ok(Tensor::from_vec((0..t_q).flat_map(row).collect(), (t_q, t_k), &Device::Cpu)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let new = cache.new_tokens(k, v)?;
    if q.dims() != k.dims() || q.dtype() != k.dtype() {
        return Err(CacheError::Queries { q: q.dims().to_vec(), k: k.dims().to_vec() });
    }
    let mask = match window {
        None => causal_mask(new, cache.len + new)?,
        Some(window) => window_mask(new, cache.len + new, window)?,
    };
    let position = cache.start + cache.len;
    let (q, k) = (rope(q, position, BASE)?, rope(k, position, BASE)?);
    let (keys, values) = append(cache, &k, v)?;
    let out = sdpa(&q, &keys, &values, Some(&mask))?;
    if let Some(window) = window {
        slide(cache, window)?;
    }
    Ok(out)
    // END ANSWER
}

/// The source of a kernel by which one new token a text looks at the cache, a
/// workgroup for each of its heads; what it binds is said in the file.
pub fn decode_attention_wgsl() -> &'static str {
    include_str!("../kernels/solution/decode_attention.wgsl")
}
