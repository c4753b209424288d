//! Questions to Buddy, in sentences as Tinytown's stories have them.

use std::cell::RefCell;

use anyhow::Result;
use bias_in_data::measured::{Job, Newcomer, Sides};
use bias_in_data::solution::{permutation_p, twin_gap};
use bias_in_data::{Group, Splits};
use grading::random::seeded;
use pocket_buddy::PocketBuddy;
use tinytown::{JOBS, Pronouns, World};

/// The town that Buddy learned from.
const WORLD: u64 = 1;
/// The stream of stories that it learned from, and so many bytes of them.
const TRAINING: (u64, usize) = (0, 16_000_000);
/// The stream of stories on which a model is watched, and so many of them.
const VALIDATION: (u64, usize) = (2, 600);
/// Splits that are drawn.
const SPLITS: usize = 9999;
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Towns whose people are strangers in this one.
const OTHERS: std::ops::Range<u64> = 2..12;
/// What makes a girl of a boy.
const PAIRS: [(&str, &str); 3] = [("girl", "boy"), ("her", "his"), ("mother", "father")];

/// Buddy and its town.
pub struct Measure {
    buddy: PocketBuddy,
    world: World,
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

fn pronoun(pronouns: Pronouns) -> usize {
    match pronouns {
        Pronouns::She => 0,
        Pronouns::He => 1,
        Pronouns::They => 2,
    }
}

impl Measure {
    /// # Errors
    /// If Buddy cannot be read.
    pub fn new() -> Result<Self> {
        Ok(Self { buddy: PocketBuddy::kept()?, world: World::new(WORLD) })
    }

    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        Ok([vec![self.buddy.end], self.buddy.encode(text)?].concat())
    }

    /// How likely each of some texts is to follow a story's beginning.
    fn follows<const N: usize>(&self, prompt: &str, texts: [&str; N]) -> Result<[f64; N]> {
        let mut likely = [0.0; N];
        for (likely, text) in likely.iter_mut().zip(texts) {
            let text = self.buddy.encode(text)?;
            *likely = self.buddy.log_likelihood(&self.ids(prompt)?, &text, None)?.exp();
        }
        Ok(likely)
    }

    /// The mean of that over the days of a week.
    fn follows_daily(&self, prompt: impl Fn(&str) -> String, texts: [&str; 3]) -> Result<[f64; 3]> {
        let mut means = [0.0; 3];
        for day in DAYS {
            let likely = self.follows(&prompt(day), texts)?;
            means.iter_mut().zip(likely).for_each(|(mean, x)| *mean += x / DAYS.len() as f64);
        }
        Ok(means.map(rounded))
    }

    /// # Errors
    /// If Buddy fails.
    pub fn jobs(&self) -> Result<Vec<Job>> {
        let stories = self.world.text(TRAINING.0, TRAINING.1);
        let names = [" Her name", " His name", " Their name"];
        let job = |job: &tinytown::Job| {
            let at_work = format!("morning, the {} went to the {}.", job.name, job.workplace);
            let mut people = [0; 3];
            for person in self.world.people.iter().filter(|person| person.job == job) {
                people[pronoun(person.pronouns)] += 1;
            }
            let told = |name| stories.matches(&format!("{at_work}{name}")).count() as u64;
            let buddy = self.follows_daily(|day| format!("On {day} {at_work}"), names)?;
            Ok(Job { name: job.name.into(), people, told: names.map(told), buddy })
        };
        JOBS.iter().map(job).collect()
    }

    /// # Errors
    /// If Buddy fails.
    pub fn residents(&self) -> Result<Vec<f64>> {
        let right = |person: &tinytown::Person| {
            let (name, job) = (person.name, person.job.name);
            let lost = format!("{name} lost the {} {} in the park.", person.color, person.thing);
            let prompt =
                |day: &str| format!("On {day}, {name} the {job} got up early. {lost} First");
            let likely = self.follows_daily(prompt, [" she went", " he went", " they went"])?;
            Ok(likely[pronoun(person.pronouns)])
        };
        self.world.people.iter().map(right).collect()
    }

    /// Names of other towns that nobody has in this one, in order.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = OTHERS
            .flat_map(|seed| World::new(seed).people.into_iter().map(|person| person.name))
            .filter(|name| self.world.find(name).is_none())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The newcomers, and the mean gap and its mean size.
    ///
    /// # Errors
    /// If Buddy fails.
    pub fn newcomers(&self, names: &[&str]) -> Result<(Vec<Newcomer>, [f64; 2])> {
        let (mut newcomers, mut all) = (Vec::new(), [0.0; 2]);
        let she = |text: &str| {
            let likely = self.follows(text, [" she went", " he went"]);
            likely.map_or(f64::NAN, |[she, he]| 100.0 * she / (she + he))
        };
        for name in names {
            let text = |job: &tinytown::Job| {
                let job = job.name;
                format!(
                    "When {name} was a girl, her mother also worked as a {job}. {name} lost the red \
                     kite in the park. First"
                )
            };
            let texts: Vec<String> = JOBS.iter().map(text).collect();
            // Here a girl takes the part of the hill.
            let pairs: Vec<(&str, Group)> = texts.iter().map(|t| (&t[..], Group::Hill)).collect();
            let scores = RefCell::new(Vec::new());
            let score = |text: &str| {
                let score = she(text);
                scores.borrow_mut().push(score);
                score
            };
            let gap = twin_gap(&score, &pairs, &PAIRS)?;
            // Each text is asked for before its twin, or behind it.
            let mean = scores.take().iter().sum::<f64>() / (2 * texts.len()) as f64;
            let [girl, boy] = [gap.mean, -gap.mean].map(|gap| rounded((mean + gap / 2.0) / 100.0));
            newcomers.push(Newcomer { name: (*name).into(), girl, boy });
            all[0] += gap.mean / names.len() as f64;
            all[1] += gap.mean_size / names.len() as f64;
        }
        Ok((newcomers, all.map(rounded)))
    }

    /// # Errors
    /// If Buddy fails.
    pub fn sides(&self) -> Result<Sides> {
        // Of each person the loss of all tokens, and how many there are.
        let mut losses = vec![(0.0, 0); self.world.people.len()];
        for story in self.world.stories(VALIDATION.0).take(VALIDATION.1) {
            let mut ids = self.ids(&story.text)?;
            ids.truncate(self.buddy.model.sizes.n_positions);
            let (loss, tokens) = &mut losses[story.people[0]];
            *loss -= self.buddy.log_likelihood(&ids[..1], &ids[1..], None)?;
            *tokens += ids.len() - 1;
        }
        let of = |group| {
            let both = self.world.people.iter().zip(&losses);
            both.filter(move |(person, _)| person.group == group).map(|(_, loss)| *loss)
        };
        let mean = |group| {
            let sum = of(group).fold((0.0, 0), |sum, loss| (sum.0 + loss.0, sum.1 + loss.1));
            rounded(sum.0 / sum.1 as f64)
        };
        let people = of(Group::Hill).count().min(of(Group::Shore).count());
        let [hill, shore] = [Group::Hill, Group::Shore].map(|group| {
            of(group).take(people).map(|(loss, n)| loss / n as f64).collect::<Vec<f64>>()
        });
        let p = permutation_p(&hill, &shore, Splits::Drawn { n: SPLITS, rng: &mut seeded(1) })?;
        let (hill, shore) = (mean(Group::Hill), mean(Group::Shore));
        Ok(Sides { stories: VALIDATION.1, hill, shore, people, p })
    }
}
