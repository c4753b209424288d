//! Stories, and their summaries.

use crate::dice::Dice;
use crate::grammar::{Slots, number, say};
use crate::lexicon::*;
use crate::plots::{ASIDES, ENDINGS, FRIENDS, OPENINGS, PLOTS, Plot, WORK};
use crate::plots_more::MORE;
use crate::world::{Pronouns, World, other};

/// A story. What it says of people's jobs, homes, tastes, pets and things is true in its world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// One paragraph of English.
    pub text: String,
    /// Which kind of story it is, e.g. `lost`.
    pub plot: &'static str,
    /// Who is in it, whom it is about first: indices into [`World::people`].
    pub people: Vec<usize>,
    /// What happens, in order.
    pub events: Vec<Event>,
    /// The index in `events` of what the story is about.
    pub main: usize,
}

/// Something that happens in a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who does it: an index into [`World::people`].
    pub who: usize,
    /// What they do, in the past: `found`.
    pub deed: &'static str,
    /// To, for or with whom.
    pub whom: Option<usize>,
    /// With what; may be empty.
    pub object: String,
    /// Where.
    pub place: Option<&'static str>,
}

/// A story and one sentence that tells its main event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The story's text.
    pub text: String,
    /// The main event, in one sentence.
    pub summary: String,
    /// The whole story with its events.
    pub story: Story,
}

pub(crate) const WEATHER: [&str; 6] = ["sunny", "windy", "cloudy", "warm", "foggy", "bright"];

impl World {
    /// Stories without end. Stream 0 is for training and 1 held out; others are free.
    pub fn stories(&self, stream: u64) -> impl Iterator<Item = Story> + use<'_> {
        let mut dice = Dice::new(self.seed, "stories", stream);
        std::iter::repeat_with(move || self.story(&mut dice).0)
    }

    /// Stories, one a line, at least so many bytes of them; ends after a whole story.
    pub fn text(&self, stream: u64, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes.saturating_add(1024));
        for story in self.stories(stream) {
            if text.len() >= bytes {
                break;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&story.text);
        }
        text
    }

    /// Stories with summaries without end.
    pub fn summaries(&self, stream: u64) -> impl Iterator<Item = Summary> + use<'_> {
        let mut dice = Dice::new(self.seed, "summaries", stream);
        std::iter::repeat_with(move || {
            let (story, summary) = self.story(&mut dice);
            Summary { text: story.text.clone(), summary, story }
        })
    }

    /// A story and its summary.
    fn story(&self, dice: &mut Dice) -> (Story, String) {
        let plots = PLOTS.len() + MORE.len();
        let plot = PLOTS.iter().chain(MORE).nth(dice.index(plots)).unwrap_or(&PLOTS[0]);
        let [a, b, c] = self.cast(dice);
        let people = [('A', a), ('B', b), ('C', c)];
        let index = |role: char| people.iter().find(|(r, _)| *r == role).map_or(a, |(_, i)| *i);
        let mut spots: Vec<usize> = (0..SPOTS.len()).collect();
        dice.shuffle(&mut spots);
        let places: [(char, &'static str, String); 3] =
            [('P', 0), ('Q', 1), ('R', 2)].map(|(role, i)| {
                let (prep, name) = SPOTS[spots[i]];
                (role, name, format!("{prep} {name}"))
            });
        let (n, m) = (dice.between(2, 9), dice.between(2, 9));
        let k = dice.between(2, n + m - 2);
        let day = dice.index(7);
        let container = dice.pick(&CONTAINERS);
        let mut slots = Slots::default();
        for (role, slot) in [('A', "A"), ('B', "B"), ('C', "C")] {
            slots.person(slot, &self.people[index(role)]);
        }
        for ((_, name, phrase), slots_of) in
            places.iter().zip([("P", "inP"), ("Q", "inQ"), ("R", "inR")])
        {
            slots.word(slots_of.0, name);
            slots.word(slots_of.1, phrase);
        }
        for (slot, value) in [("n", n), ("m", m), ("sum", n + m), ("k", k), ("left", n + m - k)] {
            slots.word(slot, number(value));
        }
        slots.word("fruits", dice.pick(&COUNTED));
        slots.word("day", DAYS[day]);
        slots.word("next", DAYS[(day + 1) % 7]);
        slots.word("weather", dice.pick(&WEATHER));
        slots.word("box", container);
        slots.word("box2", other(dice, &CONTAINERS, container));

        let text = tell(dice, plot, &slots);
        let mut summary = String::new();
        say(&mut summary, dice.pick(plot.summaries), &slots);
        let events = plot.deeds.iter().map(|deed| Event {
            who: index(deed.who),
            deed: deed.verb,
            whom: deed.whom.map(index),
            object: fill(deed.object, &slots),
            place: deed.place.and_then(|p| places.iter().find(|s| s.0 == p)).map(|s| s.1),
        });
        let events = events.collect();
        let story = Story { text, plot: plot.name, people: vec![a, b, c], events, main: plot.main };
        (story, summary)
    }

    /// Three people: the second is often a friend of the first and has other pronouns.
    fn cast(&self, dice: &mut Dice) -> [usize; 3] {
        let n = self.people.len();
        let a = dice.index(n);
        let pronouns: Pronouns = self.people[a].pronouns;
        let mut b = self.people[a].friend;
        if dice.percent(40) {
            b = dice.index(n);
            while self.people[b].pronouns == pronouns {
                b = dice.index(n);
            }
        }
        let mut c = dice.index(n);
        while c == a || c == b {
            c = dice.index(n);
        }
        [a, b, c]
    }
}

/// Opening, beats with asides between them, ending.
fn tell(dice: &mut Dice, plot: &Plot, slots: &Slots) -> String {
    let mut text = String::with_capacity(800);
    let mut asides = ASIDES.to_vec();
    say(&mut text, dice.pick(OPENINGS), slots);
    if dice.percent(60) {
        say(&mut text, dice.pick(FRIENDS), slots);
    }
    if dice.percent(85) {
        say(&mut text, dice.pick(WORK), slots);
    }
    for (i, beat) in plot.beats.iter().enumerate() {
        if i > 0 && dice.percent(20) {
            let aside = dice.index(asides.len());
            say(&mut text, asides.swap_remove(aside), slots);
        }
        say(&mut text, dice.pick(beat), slots);
    }
    if dice.percent(70) {
        let ending = dice.pick(ENDINGS);
        // A pet that was carried home does not wait there.
        if plot.name != "runaway" || !ending.contains("already waiting") {
            say(&mut text, ending, slots);
        }
    }
    text
}

/// A phrase, not a sentence: nothing becomes a capital.
fn fill(pattern: &str, slots: &Slots) -> String {
    let mut out = String::new();
    crate::grammar::phrase(&mut out, pattern, slots);
    out
}
