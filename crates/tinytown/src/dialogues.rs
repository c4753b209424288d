//! Dialogues that show how Buddy should follow instructions.

use crate::dice::Dice;
use crate::facts::Fact;
use crate::grammar::{Slots, number, say};
use crate::lexicon::COUNTED;
use crate::replies::{ASKED, HARMFUL, HARMLESS, UNKNOWABLE, UNKNOWN};
use crate::sentiment::Mood;
use crate::world::World;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Who asks.
    User,
    /// Buddy.
    Assistant,
}

/// What one of the two says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who says it.
    pub role: Role,
    /// What.
    pub text: String,
}

/// What a dialogue is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// A question about the world.
    Fact,
    /// Two such questions, the second of which needs the first.
    FollowUp,
    /// A question that Buddy cannot know the answer of.
    Unknown,
    /// A sentence to translate.
    Translate,
    /// A small sum.
    Add,
    /// A text whose mood is asked for.
    Mood,
    /// A story to sum up.
    Summarize,
    /// A request that would harm somebody.
    Harmful,
    /// A request that only sounds so.
    Harmless,
}

/// A dialogue: user and assistant by turns, and the assistant has the last word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    /// The turns.
    pub turns: Vec<Turn>,
    /// What it is about.
    pub task: Task,
    /// The facts asked for, in order of the answers.
    pub facts: Vec<Fact>,
}

impl World {
    /// Dialogues without end: stream 0 is for training and 1 held out.
    pub fn dialogues(&self, stream: u64) -> impl Iterator<Item = Dialogue> + use<'_> {
        let mut dice = Dice::new(self.seed, "dialogues", stream);
        // Their own streams: a text to work on is none of another kind's training texts.
        let other = stream ^ (1 << 63);
        let mut moods = self.sentiments(other);
        let mut stories = self.summaries(other);
        let mut translations = self.translations(other);
        std::iter::repeat_with(move || {
            let mut facts = Vec::new();
            let (task, said) = match dice.below(12) {
                0..3 => {
                    facts.push(self.any_fact(&mut dice, &ASKED));
                    (Task::Fact, vec![self.question_for(&facts[0]), self.say(&facts[0])])
                }
                3..5 => (Task::FollowUp, self.follow_up(&mut dice, &mut facts)),
                5 => (Task::Unknown, self.unknown(&mut dice, &mut facts)),
                6 => (Task::Translate, translate(translations.next().as_ref())),
                7 => (Task::Add, add(&mut dice)),
                8 => {
                    let text = moods.next();
                    let mood = text.as_ref().map(|t| t.mood);
                    let asked = text.map_or(String::new(), |t| t.text);
                    let good = if mood == Some(Mood::Good) { "good" } else { "bad" };
                    let asked = format!("Is the mood of this text good or bad? {asked}");
                    (Task::Mood, vec![asked, format!("It is {good}.")])
                }
                9 => {
                    let story = stories.next();
                    let (text, summary) =
                        story.map_or_else(Default::default, |s| (s.text, s.summary));
                    (Task::Summarize, vec![format!("Sum up this story: {text}"), summary])
                }
                10 => (Task::Harmful, self.harmful(&mut dice)),
                _ => (Task::Harmless, self.harmless(&mut dice)),
            };
            let roles = [Role::User, Role::Assistant].into_iter().cycle();
            let turns = said.into_iter().zip(roles).map(|(text, role)| Turn { role, text });
            Dialogue { turns: turns.collect(), task, facts }
        })
    }

    fn follow_up(&self, dice: &mut Dice, facts: &mut Vec<Fact>) -> Vec<String> {
        let first = self.any_fact(dice, &ASKED);
        let mut relation = *dice.of(&ASKED);
        while relation == first.relation {
            relation = *dice.of(&ASKED);
        }
        let value = self.ask(first.person, relation).unwrap_or_default();
        let second = Fact { person: first.person, relation, value };
        let said =
            vec![self.question_for(&first), self.say(&first), self.and(&second), self.say(&second)];
        facts.extend([first, second]);
        said
    }

    fn unknown(&self, dice: &mut Dice, facts: &mut Vec<Fact>) -> Vec<String> {
        let fact = self.any_fact(dice, &UNKNOWABLE);
        let reply = self.about(fact.person, dice.pick(&UNKNOWN));
        let said = vec![self.question_for(&fact), reply];
        facts.push(fact);
        said
    }

    fn harmful(&self, dice: &mut Dice) -> Vec<String> {
        let person = dice.index(self.people.len());
        let (request, reply, _) = *dice.of(&HARMFUL);
        vec![self.about(person, request), self.about(person, reply)]
    }

    fn harmless(&self, dice: &mut Dice) -> Vec<String> {
        let person = dice.index(self.people.len());
        let (request, reply) = *dice.of(&HARMLESS);
        vec![self.about(person, request), self.about(person, reply)]
    }

    /// A pattern about a person.
    pub(crate) fn about(&self, person: usize, pattern: &str) -> String {
        let mut slots = Slots::default();
        slots.person("A", &self.people[person]);
        let mut text = String::new();
        say(&mut text, pattern, &slots);
        text
    }
}

fn translate(pair: Option<&crate::Translation>) -> Vec<String> {
    let (english, tinytongue) = pair.map_or(("", ""), |t| (&t.english, &t.tinytongue));
    vec![format!("Translate into Tinytongue: {english}"), tinytongue.into()]
}

fn add(dice: &mut Dice) -> Vec<String> {
    let (n, m) = (dice.between(2, 10), dice.between(2, 10));
    let what = dice.pick(&COUNTED);
    let (a, b, sum) = (number(n), number(m), number(n + m));
    vec![
        format!("How many {what} are {a} {what} and {b} {what}?"),
        format!("Together that makes {sum} {what}."),
    ]
}
