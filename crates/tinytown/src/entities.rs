//! Texts with the names in them marked.

use crate::dice::Dice;
use crate::lexicon::{HE, SHE, THEY};
use crate::world::{Group, World};

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A person: *Rose*.
    Person,
    /// A street, a town, a hill: *Rose Lane*.
    Place,
    /// A boat, a song, a book: *the boat Rose*.
    Thing,
}

impl EntityKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Person, Self::Place, Self::Thing];

    /// As a label reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Place => "place",
            Self::Thing => "thing",
        }
    }
}

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Byte offset of its first letter.
    pub start: usize,
    /// Byte offset behind its last letter.
    pub end: usize,
    /// What it names.
    pub kind: EntityKind,
}

/// A text and all names in it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// One to three sentences.
    pub text: String,
    /// Every name in it, and nothing else.
    pub entities: Vec<Entity>,
}

/// Sentences: `p` and `q` are people, `l` and `m` places, `t` and `u` things.
const PATTERNS: [&str; 40] = [
    "{p} lives in {l}.",
    "{p} and {q} met in {l}.",
    "Yesterday {p} walked from {l} to {m}.",
    "The road to {l} was closed, so {p} stayed in {m}.",
    "{p} sailed to {l} on the {t}.",
    "The {t} is the fastest boat in {l}.",
    "{p} sang {t}, and {q} danced.",
    "Have you read {t}? It is about {l}.",
    "{p} wrote {t} in {l}.",
    "\"Where is {p}?\" asked {q}.",
    "Nobody in {l} knows {p}.",
    "{p} sold the {t} to {q}.",
    "In {l} there is an inn called the {t}.",
    "We heard {t} in {l} and {u} in {m}.",
    "{p} was born in {l} but works in {m}.",
    "The baker of {l} is called {p}.",
    "My neighbor {p} never goes to {l}.",
    "{p}, {q} and a small dog ran through {l}.",
    "The captain of the {t} comes from {l}.",
    "Everyone loves {t}, except {p}.",
    "{p} told {q} about {l}.",
    "The bridge between {l} and {m} is old.",
    "{q} waited for {p} on the {t}.",
    "From the hill you can see {l}.",
    // Capitals and words that look like names but are none.
    "Rose petals covered the floor. {p} swept them up.",
    "Will you come to {l}? {p} will.",
    "Mark the day: {p} is coming home.",
    "{p} picked a rose and a daisy in {l}.",
    "Hope is all that {p} has left.",
    "Ruby rings are rare in {l}.",
    "Holly and ivy grow in {l}.",
    "Olive oil is made in {l}, says {p}.",
    "Clay pots are cheap in {l}. {p} has nine.",
    "Grace and patience are what {p} needs.",
    "The sky over {l} was gray, and a robin sang.",
    "Reed grows along the river. {p} cut some.",
    "Joy filled the house when {p} came.",
    "{p} wrote a will and put it into a drawer.",
    "Bill after bill came, but {p} paid none of them.",
    "Sage tea helps, says {p}.",
];

const TITLES: [&str; 12] = [
    "Silver Fox",
    "Morning Star",
    "Blue Lantern",
    "North Wind",
    "Golden Apple",
    "Last Ferry",
    "Little Owl",
    "White Swan",
    "Long Winter",
    "Sleeping Giant",
    "Red Door",
    "Seven Bells",
];
const BEFORE: [&str; 6] = ["Port", "Mount", "New", "Lake", "Old", "Fort"];
const AFTER: [&str; 8] = ["Hill", "Bay", "Bridge", "Valley", "Island", "Falls", "Park", "Beach"];
const FIRST: [&str; 16] = [
    "Mar", "Tel", "Bran", "Sol", "Kar", "Lin", "Dor", "Fen", "Gar", "Hal", "Jor", "Nel", "Per",
    "Quin", "Ros", "Vin",
];
const MIDDLE: [&str; 10] = ["a", "ad", "al", "am", "ar", "el", "en", "il", "or", "ul"];
const LAST: [&str; 12] = ["a", "o", "ik", "en", "ina", "is", "us", "ett", "ory", "ert", "ia", "on"];

impl World {
    /// Texts with names without end: stream 0 is for training and 1 held out.
    ///
    /// Many names are new, many name a person here and a boat or a place there, and some words
    /// that are names elsewhere are none, so a list of names is not enough.
    pub fn tagged(&self, stream: u64) -> impl Iterator<Item = Tagged> + use<'_> {
        let mut dice = Dice::new(self.seed, "tagged", stream);
        let streets = self.streets();
        std::iter::repeat_with(move || self.tag(&mut dice, &streets))
    }

    fn tag(&self, dice: &mut Dice, streets: &[(&str, Group)]) -> Tagged {
        let mut tagged = Tagged { text: String::new(), entities: Vec::new() };
        for _ in 0..dice.between(1, 3) {
            let (p, q) = different(dice, |dice| self.person(dice));
            let (l, m) = different(dice, |dice| place(dice, streets));
            let (t, u) = different(dice, thing);
            let names = [
                ('p', p, EntityKind::Person),
                ('q', q, EntityKind::Person),
                ('l', l, EntityKind::Place),
                ('m', m, EntityKind::Place),
                ('t', t, EntityKind::Thing),
                ('u', u, EntityKind::Thing),
            ];
            if !tagged.text.is_empty() {
                tagged.text.push(' ');
            }
            write(&mut tagged, dice.pick(&PATTERNS), &names);
        }
        tagged
    }

    /// A neighbor or a visitor.
    fn person(&self, dice: &mut Dice) -> String {
        match dice.percent(60) {
            true => self.people[dice.index(self.people.len())].name.into(),
            false => {
                let middle = if dice.percent(70) { dice.pick(&MIDDLE) } else { "" };
                format!("{}{middle}{}", dice.pick(&FIRST), dice.pick(&LAST))
            }
        }
    }
}

/// A street, or a town named after somebody.
fn place(dice: &mut Dice, streets: &[(&str, Group)]) -> String {
    match dice.below(10) {
        0..5 => streets[dice.index(streets.len())].0.into(),
        5..7 => format!("{} {}", dice.pick(&BEFORE), a_name(dice)),
        7..9 => format!("{} {}", a_name(dice), dice.pick(&AFTER)),
        _ => "Tinytown".into(),
    }
}

/// A boat, a song, a book or an inn.
fn thing(dice: &mut Dice) -> String {
    if dice.percent(60) { dice.pick(&TITLES).into() } else { a_name(dice).into() }
}

fn a_name(dice: &mut Dice) -> &'static str {
    match dice.below(5) {
        0..2 => dice.pick(&SHE),
        2..4 => dice.pick(&HE),
        _ => dice.pick(&THEY),
    }
}

fn different(dice: &mut Dice, make: impl Fn(&mut Dice) -> String) -> (String, String) {
    let first = make(dice);
    loop {
        let second = make(dice);
        if second != first {
            return (first, second);
        }
    }
}

fn write(tagged: &mut Tagged, pattern: &str, names: &[(char, String, EntityKind)]) {
    for part in pattern.split_inclusive(['{', '}']) {
        let slot = part.strip_suffix('}').and_then(|s| names.iter().find(|n| s.starts_with(n.0)));
        match slot {
            Some((_, name, kind)) => {
                let start = tagged.text.len();
                tagged.text.push_str(name);
                let end = tagged.text.len();
                tagged.entities.push(Entity { start, end, kind: *kind });
            }
            None => tagged.text.push_str(part.trim_end_matches('{')),
        }
    }
}
