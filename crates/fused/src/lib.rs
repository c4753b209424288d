//! Softmax, norms and GELU for candle on the CPU, each in one operation.
//!
//! candle's small operations write every step to memory, and its fused ones pass no gradient back
//! and take their exponentials one by one. These read a row, compute with all lanes of the
//! processor, write the row, and have a backward of their own. Rows are shared out to threads in
//! portions that depend on the sizes alone, so a result is the same, bit by bit, on any number of
//! cores.
//!
//! ```
//! use candle_core::{Device, Tensor, Var};
//!
//! let x = Var::new(&[[0.0_f32, 2.0_f32.ln()]], &Device::Cpu)?;
//! let y = fused::softmax(&x, 1)?;
//! let first = y.get(0)?.get(0)?;
//! assert!((first.to_scalar::<f32>()? - 1.0 / 3.0).abs() < 1e-6);
//! let gradients = first.backward()?;
//! let slope = gradients.get(&x).unwrap().get(0)?.get(1)?.to_scalar::<f32>()?;
//! assert!((slope + 2.0 / 9.0).abs() < 1e-6);
//! # Ok::<(), candle_core::Error>(())
//! ```
//!
//! Tensors are f32 or f64, of any shape, and may be views. Gradients have no gradients.

mod each;
mod math;
mod norm;
mod rows;
mod softmax;

pub use each::{gelu_erf, gelu_tanh};
pub use norm::{layer_norm, rms_norm};
pub use softmax::softmax;
