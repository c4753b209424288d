//! A GPT-2 and its backward pass on slices of f32.
//!
//! The lesson on GPT computes with candle, which brings a megabyte into a page and remembers a graph
//! for its gradients. Here the model is one list of numbers ([`Model`]), its gradient another of the
//! same length, and each function is written with its derivative beside it ([`Pass::forward`],
//! [`Pass::backward`]). An [`Engine`] shares texts out to threads. Products of matrices are a trait,
//! [`Products`]: [`Portable`] has the same bits on every machine and in a page; a program may bring a
//! faster one.
//!
//! What learns may also be something beside the model, a [`Tuning`]: numbers at its linear layers,
//! before its texts, or in its attention, while the model's own stay as they are.
//!
//! Names and shapes of tensors are those of GPT-2's checkpoints.

mod attention;
mod engine;
mod layers;
mod model;
mod pass;
mod products;
mod team;
mod tuning;

pub use attention::softmax;
pub use engine::{Engine, MakeProducts, Texts};
pub use layers::{gelu, gelu_backward, linear, linear_backward};
pub use model::{Model, Sizes, Tensor};
pub use pass::{Pass, Summed};
pub use products::{Matrix, Portable, Products};
pub use team::Team;
pub use tuning::{Frozen, Full, Layer, Linear, Place, Tuning};
