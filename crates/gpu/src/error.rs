//! What can go wrong on a GPU, in words for the person who wrote the kernel.

use std::fmt;

use crate::Diagnostic;

/// Why something did not run.
///
/// ```no_run
/// # async fn example(gpu: &gpu::Gpu, wgsl: &str) {
/// use gpu::GpuError;
///
/// match gpu.compile(wgsl, "main", &[]).await {
///     Ok(_) => println!("it compiles"),
///     Err(GpuError::Compile(errors)) => println!("look at line {}", errors[0].line),
///     Err(other) => println!("{other}"),
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GpuError {
    /// There is no adapter that computes; the text says what to do about it.
    NoAdapter(String),
    /// The WGSL does not compile.
    Compile(Vec<Diagnostic>),
    /// The kernel compiles but does not fit its bindings, limits or buffers.
    Invalid(String),
    /// The kernel did not finish in time.
    Timeout(String),
    /// The device was lost, which says nothing about the kernel; the text says how.
    Lost(String),
}

impl fmt::Display for GpuError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAdapter(text) | Self::Invalid(text) | Self::Timeout(text) => f.write_str(text),
            Self::Lost(how) => {
                write!(f, "the GPU was lost ({how}). Try again, or compute on the CPU.")
            }
            Self::Compile(diagnostics) => {
                f.write_str("the WGSL does not compile:")?;
                for diagnostic in diagnostics {
                    write!(f, "\n{diagnostic}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for GpuError {}
