//! Optimizers: what is made of a gradient before a weight moves.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/adamw.wgsl`. Given are the settings of
//! each optimizer and what it keeps from step to step ([`Moments`], [`Factors`]), the groups of
//! weights that decay alike ([`Group`]), and the host side of the kernel ([`run_adamw`]).
//! [`AdamW::step`] is the reference for whoever trains a model.

extern crate self as optimizers;

pub mod checks;
mod error;
mod host;
mod oracle;
mod quiz;
mod settings;
pub mod solution;
mod worked;

pub use error::OptimizerError;
pub use host::{BINDINGS, ENTRY, run_adamw, uniforms};
pub use settings::{Adafactor, AdamW, Factors, Group, Lion, Moments, Parameter, Sgd};
pub use worked::{STEEPNESS, kept_megabytes, steps_down, valley};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub sgd_momentum:
            fn(&mut [f32], &[f32], &mut [f32], &Sgd) -> Result<(), OptimizerError>,
        pub adamw_step:
            fn(&mut [f32], &[f32], &[Group], &mut Moments, &AdamW) -> Result<(), OptimizerError>,
        pub decay_groups: fn(&[Parameter], f64) -> Vec<Group>,
        pub lion: fn(&mut [f32], &[f32], &mut [f32], &Lion) -> Result<(), OptimizerError>,
        pub adafactor:
            fn(&mut [f32], &[f32], &mut Factors, &Adafactor) -> Result<(), OptimizerError>,
        pub adamw_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "3-pre-training", title: "Optimizers" }

/// What a learner's kernel starts from.
pub const ADAMW_STUB: &str = grading::kernel_stub!("adamw.wgsl");
