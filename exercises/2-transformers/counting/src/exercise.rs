//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/counting.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade counting`.
//! - Stuck? `cargo study hint counting` gives one hint at a time.

use counting::{
    Architecture, Count, CountError, Family, Flops, Kept, Memory, Pairs, Params, Positions, Recipe,
    Run, Sharded, Sizes, Step,
};

/// How many parameters a model has, by part.
///
/// A product from `n` to `m` numbers has `n · m` weights, and `m` biases if the
/// model has biases. Attention has four: from `d_model` to the queries of all
/// heads, to keys, to values, and from the heads back to `d_model`. The
/// feed-forward network has two, to `d_ff` and back, or three with a gate. A norm
/// has a gain of `d_model` numbers, and as many biases if the model has biases.
///
/// A layer has two parts, and in the decoder of an encoder-decoder three:
/// attention, cross-attention of the same shapes, feed-forward. Each part has a
/// norm, or all of a layer share one if the model is parallel. The layers of an
/// encoder, and those of a decoder, have one norm more, at their end or, as in
/// BERT, at their beginning. Encoder and decoder share the table of tokens; each
/// has its own positions: a table, or a number for each bucket and head.
///
/// An encoder alone has no logits. Its table of token types, if any, counts as
/// embeddings; its pooler, if any, a product from `d_model` to `d_model`, counts
/// as head. For others the head is a table `(vocab_size, d_model)` unless the
/// model is tied.
///
/// # Errors
/// [`CountError::Groups`] as [`Architecture::sizes`]; [`CountError::TooLarge`] if
/// a u64 cannot hold a part, or all together. Whatever fits is exact.
pub fn params(architecture: &Architecture) -> Result<Params, CountError> {
    todo!("params")
}

/// How many floating-point operations a model needs to read `step` once.
///
/// A product of a vector with an `n · m` matrix takes `2 n m`. A query and a key
/// take `2 d_head` for their score and as many for the value, in each head of
/// queries, however many heads share the keys. A decoder's `t` tokens meet the
/// `past` tokens before them and each other: all `t · t` pairs, or with
/// [`Pairs::Causal`] the `t (t + 1) / 2` in which the key's token is not after
/// the query's. In an encoder all pairs meet. In cross-attention each token of the
/// decoder meets each of `source`; queries and output are made for the tokens,
/// keys and values for the source.
///
/// Logits are made for all tokens of a decoder; a pooler reads one vector a text
/// and belongs to `weights`. An encoder alone reads `tokens`; an encoder-decoder
/// reads `source` in its encoder, and `tokens` in its decoder.
///
/// # Errors
/// [`CountError::Groups`] as [`Architecture::sizes`]; [`CountError::NoPast`] if
/// there is a past and the model is no decoder alone; [`CountError::TooLarge`] if
/// a u64 cannot hold a part, or all together; in this order.
///
/// Source: Kaplan and others, 2020, section 2.1; Hoffmann and others, 2022,
/// appendix F.
pub fn flops(architecture: &Architecture, step: &Step) -> Result<Flops, CountError> {
    todo!("flops")
}

/// How many bytes the keys and values of all tokens take, in all layers.
///
/// Each layer of a decoder keeps a key and a value of `d_head` numbers for each
/// of its tokens and each head of keys and values. In an encoder-decoder it keeps
/// as many for each token of `source`, for its cross-attention; the encoder keeps
/// nothing. An encoder alone keeps nothing.
///
/// # Errors
/// [`CountError::Groups`] as [`Architecture::sizes`]; [`CountError::TooLarge`] if
/// a u64 cannot hold the result. Whatever fits is exact.
pub fn kv_bytes(architecture: &Architecture, kept: &Kept) -> Result<u64, CountError> {
    todo!("kv_bytes")
}

/// How many bytes of weights, gradients and optimizer a device keeps while a
/// model of `params` parameters is trained; activations are not counted.
///
/// The optimizer keeps `moments` numbers of 4 bytes for each weight, and one more
/// if it keeps a copy of the weights. What is shared out is cut by parameters, each
/// with all its bytes, as evenly as can be; the result is for a device that has
/// the most.
///
/// # Errors
/// [`CountError::NoDevices`]; [`CountError::TooLarge`] if a u64 cannot hold a
/// part, or all together; in this order. Whatever fits is exact.
///
/// Source: Rajbhandari and others, 2019, sections 3.1 and 5.
pub fn training_bytes(params: u64, recipe: &Recipe) -> Result<Memory, CountError> {
    todo!("training_bytes")
}

/// The share of what chips can do that a training makes use of, its model FLOPs
/// utilization: operations for a token, times tokens in a second, over what all
/// chips do in a second at most. For a token training takes
///
/// ```text
/// 6 · params + 12 · n_layers · n_heads · d_head · seq
/// ```
///
/// Numbers may be large: the operations of a token need not fit into a u64, so
/// compute in f64.
///
/// # Errors
/// [`CountError::NotPositive`] with the name of the field, for the first of
/// `tokens_per_second`, `chips` and `peak` that is not a finite number above 0.
///
/// Source: Chowdhery and others, 2022, appendix B.
pub fn mfu(run: &Run) -> Result<f64, CountError> {
    todo!("mfu")
}
