//! The weights of a layer of multi-head attention.

use candle_core::Tensor;

use crate::HeadError;

/// A matrix with an optional bias: `y = x W + b`.
#[derive(Clone, Debug)]
pub struct Linear {
    /// `W`, of shape `(d_in, d_out)`.
    pub w: Tensor,
    /// `b`, of shape `(d_out)`.
    pub b: Option<Tensor>,
}

impl Linear {
    /// `x W + b` for each vector of `x`: `(batch, t, d_in)` becomes `(batch, t, d_out)`. `x` may be
    /// a view; gradients pass back to it, to `W` and to `b`.
    ///
    /// # Errors
    /// [`HeadError::Input`] unless `x` has three axes and vectors of `d_in` numbers;
    /// [`HeadError::Tensor`] if types differ, or the bias is not of shape `(d_out)`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, HeadError> {
        let (d_in, d_out) = self.w.dims2()?;
        let (batch, t) = match *x.dims() {
            [batch, t, width] if width == d_in => (batch, t),
            _ => return Err(HeadError::Input { shape: x.dims().to_vec(), d_in }),
        };
        let rows = x.reshape((batch * t, d_in))?.matmul(&self.w.contiguous()?)?;
        let rows = match &self.b {
            Some(b) => rows.broadcast_add(&b.reshape((1, d_out))?)?,
            None => rows,
        };
        Ok(rows.reshape((batch, t, d_out))?)
    }
}

/// A layer of multi-head attention. With fewer heads of keys and values than of queries it is
/// grouped-query attention, with one it is multi-query attention.
#[derive(Clone, Debug)]
pub struct Mha {
    /// How many heads of queries there are.
    pub n_heads: usize,
    /// How many heads of keys and values.
    pub n_kv_heads: usize,
    /// Makes queries, `(d_model, n_heads · d_head)`.
    pub w_q: Linear,
    /// Makes keys, `(d_context, n_kv_heads · d_head)`.
    pub w_k: Linear,
    /// Makes values, `(d_context, n_kv_heads · d_v)`; most models have `d_v = d_head`.
    pub w_v: Linear,
    /// Mixes what the heads bring, `(n_heads · d_v, d_out)`; most models have `d_out = d_model`.
    pub w_o: Linear,
}
