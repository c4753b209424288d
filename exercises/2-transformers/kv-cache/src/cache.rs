//! The cache: room for keys and values. Given.

use candle_core::{DType, Device, Tensor};

use crate::CacheError;

/// Room for the keys and values of one layer, of which the first `len` places are taken. All texts
/// of the batch are equally long.
///
/// It is no `Clone`: a clone of a tensor of candle is the same memory under another name.
// ANCHOR: cache
#[derive(Debug)]
pub struct KvCache {
    /// `(batch, heads, capacity, d)`, contiguous; behind the first `len` places may be anything.
    pub k: Tensor,
    /// `(batch, heads, capacity, d_v)`, likewise.
    pub v: Tensor,
    /// How many tokens are kept.
    pub len: usize,
    /// The position of the first token that is kept: so many were dropped before it.
    pub start: usize,
}
// ANCHOR_END: cache

impl KvCache {
    /// An empty cache with room for `capacity` tokens, on the CPU.
    ///
    /// # Errors
    /// If candle has no memory for it.
    pub fn new(
        [batch, heads, capacity, d]: [usize; 4],
        d_v: usize,
        dtype: DType,
    ) -> Result<Self, CacheError> {
        let room = |width| Tensor::zeros((batch, heads, capacity, width), dtype, &Device::Cpu);
        Ok(Self { k: room(d)?, v: room(d_v)?, len: 0, start: 0 })
    }

    /// So many tokens have room.
    pub fn capacity(&self) -> usize {
        self.k.dims()[2]
    }

    /// How many tokens `k`, of shape `(batch, heads, t, d)`, and `v`, `(batch, heads, t, d_v)`,
    /// are: `t`, which may be 0. It does not ask whether there is room.
    ///
    /// # Errors
    /// [`CacheError::Shapes`] if they do not go together or not with the cache, then
    /// [`CacheError::Type`] if one is of another type than the cache.
    pub fn new_tokens(&self, k: &Tensor, v: &Tensor) -> Result<usize, CacheError> {
        let t = k.dims().get(2).copied().unwrap_or(0);
        let fits = |room: &Tensor, new: &Tensor| {
            let mut want = room.dims().to_vec();
            want[2] = t;
            new.dims() == want
        };
        if !fits(&self.k, k) || !fits(&self.v, v) {
            let [room, k, v] = [&self.k, k, v].map(|x| x.dims().to_vec());
            return Err(CacheError::Shapes { room, k, v });
        }
        let cache = self.k.dtype();
        match [k.dtype(), v.dtype()].into_iter().find(|&dtype| dtype != cache) {
            Some(given) => Err(CacheError::Type { cache, given }),
            None => Ok(t),
        }
    }
}
