//! What a model is asked in the lab: five tasks of Tinytown.

use in_context_learning::{Example, Template};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use tinytown::{JOBS, Mood, Person, Pronouns, World};

/// The names of the tasks, and what the lab calls them.
pub const TASKS: &[(&str, &str)] = &[
    ("put-away", "Find a thing that was put away"),
    ("job-told", "Somebody's job, told as in a story"),
    ("job-listed", "Somebody's job, as in a list"),
    ("mood", "Was somebody pleased?"),
    ("rule", "A made-up rule: she is red, he is blue"),
];

/// A query with the examples before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub template: Template,
    pub examples: Vec<Example>,
    pub query: Example,
    /// The right one among them.
    pub choices: Vec<String>,
}

const BOXES: [&str; 5] = ["barrel", "chest", "cupboard", "trunk", "wardrobe"];
const PLACES: [&str; 6] = ["park", "forest", "beach", "bridge", "market", "lake"];
/// The longest review: eight of these would never fit.
const MOST_BYTES: usize = 60;

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// Query number `number` of a task, with `shots` examples of others. With more examples, the query
/// and the last examples stay the same.
pub fn asked(world: &World, task: &str, number: u64, shots: usize) -> Asked {
    let mut rng = StdRng::seed_from_u64(number);
    let of = |before: &str, between: &str, after: &str| Template {
        before: before.into(),
        between: between.into(),
        after: after.into(),
    };
    if task == "mood" {
        let reviews = world.sentiments(2).filter(|review| review.text.len() <= MOST_BYTES);
        let mut reviews: Vec<Example> = reviews
            .skip(9 * number as usize)
            .take(shots + 1)
            .map(|review| {
                let mood = if review.mood == Mood::Good { "good" } else { "bad" };
                Example::new(review.text, mood)
            })
            .collect();
        let query = reviews.remove(0);
        reviews.reverse();
        let template = of("", "\nIt was", ".\n\n");
        return Asked { template, examples: reviews, query, choices: texts(&["good", "bad"]) };
    }
    let is_known = |person: &&Person| task == "job-told" || person.pronouns != Pronouns::They;
    let mut people: Vec<&Person> = world.people.iter().filter(is_known).collect();
    people.shuffle(&mut rng);
    let mut all: Vec<Example> = people
        .iter()
        .cycle()
        .take(shots + 1)
        .map(|person| example(task, person, &mut rng))
        .collect();
    let query = all.remove(0);
    all.reverse();
    let (template, choices) = match task {
        "put-away" => (of("", "", ". "), texts(&BOXES)),
        "rule" => (of("", ":", "\n"), texts(&["red", "blue"])),
        _ => {
            let mut others: Vec<&str> = JOBS.iter().map(|job| job.name).collect();
            others.retain(|name| *name != query.output);
            let others: Vec<&str> = others.sample(&mut rng, 3).copied().collect();
            let mut choices = [&others[..], &[&query.output]].concat();
            choices.sort_unstable();
            let template =
                if task == "job-told" { of("", " was a", ". ") } else { of("", ":", "\n") };
            (template, texts(&choices))
        }
    };
    Asked { template, examples: all, query, choices }
}

fn example(task: &str, person: &Person, rng: &mut StdRng) -> Example {
    let name = person.name;
    match task {
        "put-away" => {
            let mut pick = |words: &[&'static str]| words[rng.random_range(0..words.len())];
            let (home, place) = (pick(&BOXES), pick(&PLACES));
            let (her, she) = match person.pronouns {
                Pronouns::She => ("her", "she"),
                _ => ("his", "he"),
            };
            let input = format!(
                "{name} put {her} {} {} into the {home} and went to the {place}. When {name} came \
                 back from the {place}, {she} opened the",
                person.color, person.thing
            );
            Example::new(input, home)
        }
        "rule" => Example::new(name, if person.pronouns == Pronouns::She { "red" } else { "blue" }),
        _ => Example::new(name, person.job.name),
    }
}
