//! Tinytown: a small world with a known truth, and texts of every kind about it.
//!
//! One seed gives one [`World`]: people with jobs, homes, friends, pets, tastes and a past. The
//! world can be asked ([`World::ask`], [`World::facts`], [`World::who`]), and it tells of itself:
//!
//! - [`World::stories`], [`World::text`]: plain English to train on;
//! - [`World::sentiments`], [`World::tagged`], [`World::questions`], [`World::translations`],
//!   [`World::summaries`]: the classic tasks, each with its exact label;
//! - [`World::dialogues`], [`World::preferences`]: how to follow instructions, and what people
//!   prefer;
//! - [`World::documents`]: facts that nothing else tells;
//! - [`World::truth`]: what of a text that somebody else wrote is true;
//! - [`World::later`], [`World::changes`]: the same town when years have passed.
//!
//! Every kind of text is an endless iterator. Its `stream` picks one of 2⁶⁴ independent sequences:
//! 0 is for training, 1 is held out. The same seed and stream give the same bytes on every
//! machine, in WebAssembly too.
//!
//! ```
//! use tinytown::{Relation, World};
//!
//! let world = World::new(1);
//! let story = world.stories(0).next().unwrap();
//! let hero = story.people[0];
//! println!("{}", story.text);
//! println!("{} works as {:?}", world.people[hero].name, world.ask(hero, Relation::Job));
//! ```

mod dialogues;
mod dice;
mod documents;
mod entities;
mod facts;
mod grammar;
pub mod lexicon;
mod plots;
mod plots_more;
mod preferences;
mod questions;
mod replies;
mod sentiment;
mod story;
mod tinytongue;
mod tinytongue_words;
mod translations;
mod truth;
mod world;

pub use dialogues::{Dialogue, Role, Task, Turn};
pub use documents::Document;
pub use entities::{Entity, EntityKind, Tagged};
pub use facts::{Change, Fact, Relation};
pub use grammar::article;
pub use lexicon::{JOBS, Job};
pub use preferences::{Preference, Reason};
pub use questions::{Ask, Question};
pub use sentiment::{Mood, Sentiment, Way};
pub use story::{Event, Story, Summary};
pub use tinytongue::{TranslateError, to_english, to_tinytongue};
pub use translations::Translation;
pub use truth::Truth;
pub use world::{Group, Person, Pronouns, World};
