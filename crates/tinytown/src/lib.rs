//! Tinytown: a small world with a known truth, and texts of every kind about it.
mod dice;
mod entities;
mod facts;
mod grammar;
mod lexicon;
mod plots;
mod plots_more;
mod questions;
mod sentiment;
mod story;
mod tinytongue;
mod tinytongue_words;
mod translations;
mod world;

pub use entities::{Entity, EntityKind, Tagged};
pub use facts::{Change, Fact, Relation};
pub use grammar::article;
pub use lexicon::{JOBS, Job};
pub use questions::{Ask, Question};
pub use sentiment::{Mood, Sentiment, Way};
pub use story::{Event, Story, Summary};
pub use tinytongue::{TranslateError, to_english, to_tinytongue};
pub use translations::Translation;
pub use world::{Group, Person, Pronouns, World};
