//! From one token to a whole text: beam search, penalties that count, where a text ends, and which
//! shape it must have.
//!
//! The learner's part is `exercise.rs`. Given are the settings of a search ([`BeamSearch`]), stop
//! sequences ([`Stops`]), the automaton of a pattern ([`Automaton`]) with the tokens that it judges
//! ([`Vocab`]), and a small model of real text ([`Bigrams`]).

extern crate self as searching_for_text;

mod automaton;
mod beam;
mod bigrams;
pub mod checks;
mod error;
pub mod example;
mod exhaustive;
mod oracle;
mod pattern;
mod quiz;
pub mod solution;
mod stops;
mod worked;

pub use automaton::{Automaton, Vocab};
pub use beam::{Beam, BeamSearch};
pub use bigrams::Bigrams;
pub use error::SearchError;
pub use pattern::PatternError;
pub use stops::{Stop, Stops, Visible};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub beam_search:
            fn(&mut dyn FnMut(&[usize]) -> Vec<f32>, &BeamSearch) -> Result<Vec<Beam>, SearchError>,
        pub penalize_counts: fn(&[f32], &[usize], f64, f64) -> Result<Vec<f32>, SearchError>,
        pub find_stop: fn(&[u8], &Stops) -> Option<Stop>,
        pub visible: fn(&[u8], &Stops, bool) -> Visible,
        pub live_states: fn(&Automaton) -> Vec<bool>,
        pub constrain: fn(&[f32], &Vocab, &Automaton, usize) -> Result<Vec<f32>, SearchError>,
    }
}

grading::lesson! { step: "1-basics", title: "Searching for text" }
