//! Embeddings: skip-gram with negative sampling, and what its vectors know.
//!
//! The learner writes `exercise.rs`. Given are the vocabulary ([`Vocab`]), the two tables of
//! vectors ([`Model`]), the noise that negatives are drawn from ([`Noise`]), a [`sigmoid`] with the
//! same bits on every machine, Tinytown as training text ([`town`]) and maps ([`Projection`]).

extern crate self as embeddings;

pub mod checks;
mod error;
pub mod example;
mod model;
mod noise;
mod oracle;
mod projection;
mod quiz;
mod schedule;
pub mod solution;
pub mod town;
mod vocab;
mod worked;

use rand::Rng;

pub use error::EmbeddingError;
pub use model::{Gradients, Model, Vectors, dot, sigmoid};
pub use noise::Noise;
pub use projection::Projection;
pub use schedule::Schedule;
pub use vocab::{Vocab, parts, subsample, words};

/// Words and their cosines with a query.
pub type Found = Result<Vec<(u32, f32)>, EmbeddingError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub pairs: fn(&[u32], usize) -> Vec<(u32, u32)>,
        pub noise_distribution: fn(&[u64]) -> Result<Vec<f64>, EmbeddingError>,
        pub draw_negatives:
            fn(&Noise, u32, usize, &mut dyn Rng) -> Result<Vec<u32>, EmbeddingError>,
        pub loss_and_gradients: fn(&[f32], &[f32], &[&[f32]]) -> Gradients,
        pub train_step: fn(&mut Model, u32, u32, &[u32], f32) -> Result<f32, EmbeddingError>,
        pub train: fn(
            &mut Model,
            &[(u32, u32)],
            &Noise,
            &Schedule,
            &mut dyn Rng,
        ) -> Result<f32, EmbeddingError>,
        pub cosine: fn(&[f32], &[f32]) -> f32,
        pub nearest: fn(&Vectors, &[f32], usize, &[u32]) -> Found,
        pub analogy: fn(&Vectors, [u32; 3], usize) -> Found,
    }
}

grading::lesson! { step: "1-basics", title: "Embeddings" }
