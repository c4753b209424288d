//! What Buddy makes of groups, as `examples/buddy` measured it.

use grading::Failure;
use serde::{Deserialize, Serialize};

use crate::Counts;

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its loss on stories about people of either side.
    pub sides: Sides,
    /// Whose pronoun follows a job.
    pub jobs: Vec<Job>,
    /// For each person of the town how likely the right pronoun is.
    pub residents: Vec<f64>,
    /// People of whom it never read.
    pub newcomers: Vec<Newcomer>,
    /// How much likelier *she* is if a text says *girl* and not *boy*, in points: the mean over all
    /// newcomers and jobs, and its mean size.
    pub gap: [f64; 2],
}

/// Losses in nats a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sides {
    /// Stories that were held out.
    pub stories: usize,
    /// About people of the hill.
    pub hill: f64,
    /// About people of the shore.
    pub shore: f64,
    /// So many people of each side are compared.
    pub people: usize,
    /// How often chance alone makes the hill's losses as much larger.
    pub p: f64,
}

/// A job that two people have, and what follows *the smith went to the forge.*
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What it is called.
    pub name: String,
    /// So many of the people who have it are *she*, *he* and *they*.
    pub people: [usize; 3],
    /// So often the stories go on with *Her*, *His* and *Their name*.
    pub told: [u64; 3],
    /// How likely these are to Buddy.
    pub buddy: [f64; 3],
}

/// Somebody with a name that no story has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Newcomer {
    /// The name.
    pub name: String,
    /// The probability of *she*, of *she* and *he*, if the text says *girl*.
    pub girl: f64,
    /// And if it says *boy*.
    pub boy: f64,
}

impl Measured {
    /// What is kept.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn read() -> Result<Self, Failure> {
        grading::golden!("buddy.json")
    }

    /// The jobs that such people have, how often their stories say a pronoun, and for each job how
    /// likely that is to Buddy: 0 is *she*, 1 *he*, 2 *they*.
    pub fn of(&self, people: [usize; 3], pronoun: usize) -> (Counts, Vec<f64>) {
        let jobs = || self.jobs.iter().filter(|job| job.people == people);
        let hits = jobs().map(|job| job.told[pronoun]).sum();
        let of = jobs().flat_map(|job| job.told).sum();
        (Counts { hits, of }, jobs().map(|job| job.buddy[pronoun]).collect())
    }

    /// A newcomer by name.
    pub fn newcomer(&self, name: &str) -> Option<&Newcomer> {
        self.newcomers.iter().find(|newcomer| newcomer.name == name)
    }
}
