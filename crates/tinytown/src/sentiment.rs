//! Texts that are glad or not, with the group of the person they are about.

use crate::dice::Dice;
use crate::grammar::{Slots, say};
use crate::lexicon::DAYS;
use crate::world::{Group, World};

/// Whether somebody was pleased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mood {
    /// Not pleased.
    Bad,
    /// Pleased.
    Good,
}

/// How a text says its mood: what a model of single words can and cannot see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// With words of that mood: *The soup was wonderful.*
    Plain,
    /// With words of the other mood, negated: *The soup was not bad at all.*
    Negated,
    /// With words of both moods, of which one counts: *The hall was cold, but the concert was
    /// wonderful.*
    Contrast,
}

/// A text with its mood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentiment {
    /// One to three sentences.
    pub text: String,
    /// What a reader makes of it.
    pub mood: Mood,
    /// The group of the person; independent of the mood unless [`World::with_bias`].
    pub group: Group,
    /// Who it is about: an index into [`World::people`].
    pub person: usize,
    /// How it is said.
    pub way: Way,
}

const GOOD: [&str; 12] = [
    "good",
    "wonderful",
    "lovely",
    "excellent",
    "delightful",
    "great",
    "charming",
    "brilliant",
    "pleasant",
    "beautiful",
    "fine",
    "amazing",
];
const BAD: [&str; 12] = [
    "bad",
    "terrible",
    "awful",
    "boring",
    "dull",
    "dreadful",
    "poor",
    "horrible",
    "disappointing",
    "ugly",
    "unpleasant",
    "annoying",
];

/// What is judged, and something about it that may be judged otherwise.
const TOPICS: [(&str, &str); 14] = [
    ("concert in the park", "singer"),
    ("soup at the inn", "bread"),
    ("play in the town hall", "stage"),
    ("boat trip on the lake", "weather"),
    ("party by the river", "music"),
    ("dance in the town square", "band"),
    ("book from the library", "cover"),
    ("walk on the beach", "wind"),
    ("ride on the train", "seat"),
    ("fair on the hill", "food"),
    ("dinner at the inn", "table"),
    ("picture in the studio", "frame"),
    ("story in the newspaper", "beginning"),
    ("new song", "title"),
];

const NEUTRAL: [&str; 8] = [
    "{A} lives in {A.street}.",
    "It was {day}.",
    "{A} from {A.street} told us about the {topic}.",
    "This is what {A} in {A.street} said about the {topic} on {day}.",
    "{A} is a {A.job}.",
    "On {day} it was all about the {topic}.",
    "{A} the {A.job} wrote us a letter from {A.street}.",
    "We asked {A} about the {topic}.",
];

/// `x` is a word of the mood.
const PLAIN: [&str; 8] = [
    "{A} says that the {topic} was {x}.",
    "The {topic} was {x}.",
    "\"It was a {x} {day},\" said {A} after the {topic}.",
    "{A} thought the {topic} was {x}, and the {side} was {x2}.",
    "What a {x} {day}! Even the {side} was {x2}.",
    "Everything about the {topic} was {x}.",
    "{A} called the {topic} {x} and {x2}.",
    "The {side} was {x}, and so was the rest of the {topic}.",
];
const PLAIN_GOOD: [&str; 6] = [
    "{A} smiled all the way home.",
    "{A} would go again at once.",
    "\"Thank you!\" said {A}.",
    "{A} clapped and laughed.",
    "{A} loved it.",
    "{A} enjoyed every minute.",
];
const PLAIN_BAD: [&str; 6] = [
    "{A} wanted to go home.",
    "{A} asked for the money back.",
    "\"Never again!\" said {A}.",
    "{A} sighed and yawned.",
    "{A} hated it.",
    "{A} complained about every minute.",
];
/// `y` is a word of the other mood.
const NEGATED: [&str; 6] = [
    "The {topic} was not {y}.",
    "{A} did not find the {topic} {y}.",
    "Nobody could say that the {topic} was {y}.",
    "Nothing about the {topic} was {y}, said {A}.",
    "\"It was not {y}, and the {side} was not {y2} either,\" said {A}.",
    "The {topic} was never {y}.",
];
const CONTRAST: [&str; 6] = [
    "The {side} was {y}, but the {topic} itself was {x}.",
    "{A} expected a {y} {day}, but the {topic} was {x}.",
    "Although the {side} was {y}, {A} says the {topic} was {x}.",
    "Others call the {topic} {y}. They are wrong: it was {x}.",
    "The {topic} began {y} and ended {x}, and the end is what {A} remembers.",
    "The {topic} used to be {y}. Now it is {x}.",
];

impl World {
    /// Texts with a mood without end: stream 0 is for training and 1 held out.
    ///
    /// About seven in ten are [`Way::Plain`], so a model that only counts words gets most of them.
    pub fn sentiments(&self, stream: u64) -> impl Iterator<Item = Sentiment> + use<'_> {
        let mut dice = Dice::new(self.seed, "sentiments", stream);
        std::iter::repeat_with(move || self.sentiment(&mut dice))
    }

    fn sentiment(&self, dice: &mut Dice) -> Sentiment {
        let person = dice.index(self.people.len());
        let group = self.people[person].group;
        let by_group = if group == Group::Hill { Mood::Good } else { Mood::Bad };
        let coin = if dice.percent(50) { Mood::Good } else { Mood::Bad };
        // Both are rolled always, so that a bias changes labels and nothing else.
        let mood = if dice.percent(self.bias) { by_group } else { coin };
        let way = match dice.below(100) {
            0..72 => Way::Plain,
            72..84 => Way::Negated,
            _ => Way::Contrast,
        };
        let (same, opposite) = if mood == Mood::Good { (&GOOD, &BAD) } else { (&BAD, &GOOD) };
        let [x, x2] = two(dice, same);
        let [y, y2] = two(dice, opposite);
        let (topic, side) = *dice.of(&TOPICS);
        let mut slots = Slots::default();
        slots.person("A", &self.people[person]);
        for (slot, word) in [("x", x), ("x2", x2), ("y", y), ("y2", y2), ("topic", topic)] {
            slots.word(slot, word);
        }
        slots.word("side", side);
        slots.word("day", dice.pick(&DAYS));

        let mut text = String::new();
        if dice.percent(70) {
            say(&mut text, dice.pick(&NEUTRAL), &slots);
        }
        let (patterns, more): (&[&str], u32) = match way {
            Way::Plain => (&PLAIN, 40),
            Way::Negated => (&NEGATED, 15),
            Way::Contrast => (&CONTRAST, 15),
        };
        say(&mut text, dice.pick(patterns), &slots);
        if dice.percent(more) {
            let comments = if mood == Mood::Good { &PLAIN_GOOD } else { &PLAIN_BAD };
            say(&mut text, dice.pick(comments), &slots);
        }
        Sentiment { text, mood, group, person, way }
    }
}

/// Two different words.
fn two<'a>(dice: &mut Dice, list: &[&'a str]) -> [&'a str; 2] {
    let i = dice.index(list.len());
    let j = (i + 1 + dice.index(list.len() - 1)) % list.len();
    [list[i], list[j]]
}
