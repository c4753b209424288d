//! A GPT-2 and its backward pass on slices of f32.
//!
//! The lesson on GPT computes with candle, which brings a megabyte into a page and remembers a graph
//! for its gradients. Here the model is one list of numbers ([`Model`]), its gradient another of the
//! same length, and each function is written with its derivative beside it ([`Pass::forward`],
//! [`Pass::backward`]). An [`Engine`] shares texts out to threads. Products of matrices are a trait,
//! [`Products`]: [`Portable`] has the same bits on every machine and in a page; a program may bring a
//! faster one.
//!
//! Names and shapes of tensors are those of GPT-2's checkpoints.

mod attention;
mod engine;
mod layers;
mod model;
mod pass;
mod products;

pub use engine::{Engine, MakeProducts, Texts};
pub use model::{Model, Sizes, Tensor};
pub use pass::{Pass, Summed};
pub use products::{Matrix, Portable, Products};
