//! Fine-tunes a model: base → data → what learns → steps → folder, one module each.
//!
//! All that learns is the lessons': which tokens count, the adapters, AdamW, the schedule, clipping.
//! The folder with its checkpoints is that of `cargo study train`.

pub mod arguments;
mod ask;
mod base;
mod data;
mod form;
mod learner;
mod measure;
mod opened;
mod rows;
mod run;

pub use ask::ask;
pub use base::Base;
pub use data::{Data, Item, Metric, Task};
pub use form::Form;
pub use learner::Learner;
pub use measure::{Measured, Rows, class, last_hidden, measure};
pub use opened::Opened;
pub use rows::{Row, csv, read_csv};
pub use run::{COMMAND, tune};
