//! Whether a text that somebody else wrote could be of this town, and is true in it.

use crate::grammar::{article, capitalize, of_person};
use crate::lexicon::{CONTAINERS, COUNTED, DAYS, NUMBERS, SPOTS};
use crate::plots::{ASIDES, ENDINGS, FRIENDS, OPENINGS, PLOTS, WORK};
use crate::plots_more::MORE;
use crate::story::WEATHER;
use crate::world::{Person, World};

/// What was found in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Statements: what one pattern of the stories says, in one sentence or in several. What fits to
    /// none counts once for each sentence.
    pub statements: usize,
    /// Of these, those that a story could have: a pattern, each slot filled with a word of its kind.
    pub well_formed: usize,
    /// Of these, those that are true in the town: one person fills all slots of a person.
    pub true_of_the_town: usize,
}

impl World {
    /// Takes a text apart into what the patterns of stories say.
    ///
    /// Each statement is judged by itself: whether it follows from those before is not. Of several
    /// ways to read a place a true one counts most, then the longest.
    ///
    /// ```
    /// let world = tinytown::World::new(1);
    /// let (ada, job) = (&world.people[0], &world.people[0].job);
    /// let is_true = format!("{} was a {} and worked {}.", ada.name, job.name, job.at);
    /// assert_eq!(world.truth(&is_true).true_of_the_town, 1);
    /// let truth = world.truth("Bird the of was.");
    /// assert_eq!((truth.statements, truth.well_formed), (1, 0));
    /// ```
    pub fn truth(&self, text: &str) -> Truth {
        let patterns: Vec<Vec<Part<'_>>> = patterns().map(parts).collect();
        let mut truth = Truth::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            truth.statements += 1;
            let longest = |fill| {
                let ends = patterns.iter().filter_map(|parts| self.read(parts, rest, fill));
                ends.max()
            };
            let end = match (longest(Fill::OnePerson), longest(Fill::Anything)) {
                (Some(end), _) => {
                    truth.well_formed += 1;
                    truth.true_of_the_town += 1;
                    end
                }
                (None, Some(end)) => {
                    truth.well_formed += 1;
                    end
                }
                (None, None) => sentence(rest),
            };
            rest = rest[end..].trim_start();
        }
        truth
    }

    /// How far a pattern reads a text, if it does.
    fn read(&self, parts: &[Part<'_>], text: &str, fill: Fill) -> Option<usize> {
        let mut reader = Reader { world: self, text, fill, filled: Vec::new(), end: None };
        reader.go_on(parts, String::new());
        reader.end
    }
}

/// How slots are filled.
#[derive(Clone, Copy, PartialEq)]
enum Fill {
    OnePerson,
    Anything,
}

/// A piece of a pattern.
enum Part<'p> {
    Text(&'p str),
    /// `a` or `an`, as the next word wants it.
    Article,
    Slot(&'p str),
}

fn patterns() -> impl Iterator<Item = &'static str> {
    let beats = PLOTS.iter().chain(MORE).flat_map(|plot| plot.beats).copied();
    [OPENINGS, FRIENDS, WORK, ASIDES, ENDINGS].into_iter().chain(beats).flatten().copied()
}

fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((text, behind)) = rest.split_once('{') {
        let (slot, behind) = behind.split_once('}').unwrap_or((behind, ""));
        // An article stands alone: `a `, but not the end of `pizza `.
        let before = text.strip_suffix("a ").or(text.strip_suffix("A "));
        match before.filter(|before| !before.ends_with(char::is_alphabetic)) {
            Some(before) => parts.extend([Part::Text(before), Part::Article]),
            None => parts.push(Part::Text(text)),
        }
        parts.push(Part::Slot(slot));
        rest = behind;
    }
    parts.push(Part::Text(rest));
    parts
}

/// The end of the first sentence of a text, or of all of it.
fn sentence(text: &str) -> usize {
    let ends = |(i, c): (usize, char)| {
        let behind = &text[i + c.len_utf8()..];
        let quote = usize::from(behind.starts_with('"'));
        let is_end = matches!(c, '.' | '!' | '?')
            && (behind.len() == quote || behind[quote..].starts_with(char::is_whitespace));
        (is_end || c == '\n').then_some(i + c.len_utf8() + quote)
    };
    text.char_indices().find_map(ends).unwrap_or(text.len())
}

/// Goes through a pattern and a text at once, in all ways.
struct Reader<'w, 't> {
    world: &'w World,
    text: &'t str,
    fill: Fill,
    /// Who or what a slot stands for. `A` and `A.job` are of the same person.
    filled: Vec<(String, Filled<'w>)>,
    /// The furthest that was reached.
    end: Option<usize>,
}

#[derive(Clone)]
enum Filled<'w> {
    Person(&'w Person),
    Word(String),
}

impl<'w> Reader<'w, '_> {
    /// `said` is what the pattern says so far.
    fn go_on(&mut self, parts: &[Part<'_>], said: String) {
        let Some((part, behind)) = parts.split_first() else {
            let mut said = said;
            let end = said.len();
            capitalize(&mut said, 0);
            if self.text.starts_with(&said) {
                self.end = self.end.max(Some(end));
            }
            return;
        };
        match part {
            Part::Text(text) => self.say(behind, said, text),
            Part::Article => {
                self.say(behind, said.clone(), "a ");
                self.say(behind, said, "an ");
            }
            Part::Slot(slot) => self.fill_in(behind, said, slot),
        }
    }

    /// Goes on if the text says it, in large letters or small ones.
    fn say(&mut self, behind: &[Part<'_>], mut said: String, more: &str) {
        let here = &self.text.as_bytes()[said.len()..];
        let is_said =
            here.get(..more.len()).is_some_and(|t| t.eq_ignore_ascii_case(more.as_bytes()));
        if is_said {
            said.push_str(more);
            self.go_on(behind, said);
        }
    }

    fn fill_in(&mut self, behind: &[Part<'_>], said: String, slot: &str) {
        let (who, form) = slot.split_once('.').unwrap_or((slot, ""));
        let is_person = matches!(who, "A" | "B" | "C");
        let known =
            self.filled.iter().find(|(known, _)| known == who).map(|(_, filled)| filled.clone());
        match known {
            // In any way: each slot by itself.
            Some(Filled::Person(person)) if self.fill == Fill::OnePerson => {
                self.word(behind, said, of_person(person, form).unwrap_or_default());
            }
            _ if is_person => {
                let world = self.world;
                let others: Vec<&Person> = match self.fill {
                    // Three people are three.
                    Fill::OnePerson => self
                        .filled
                        .iter()
                        .filter_map(|(_, filled)| match filled {
                            Filled::Person(person) => Some(*person),
                            Filled::Word(_) => None,
                        })
                        .collect(),
                    Fill::Anything => Vec::new(),
                };
                for person in world.people.iter().filter(|p| !others.iter().any(|o| o == p)) {
                    self.filled.push((who.to_owned(), Filled::Person(person)));
                    self.word(behind, said.clone(), of_person(person, form).unwrap_or_default());
                    self.filled.pop();
                }
            }
            Some(Filled::Word(word)) => self.word(behind, said, &word),
            _ => {
                for word in words(slot) {
                    self.filled.push((who.to_owned(), Filled::Word(word.clone())));
                    self.word(behind, said.clone(), &word);
                    self.filled.pop();
                }
            }
        }
    }

    fn word(&mut self, behind: &[Part<'_>], said: String, word: &str) {
        // An article wants a word that fits.
        let wrong = if article(word) == "an" { "a" } else { "an" };
        let before = said.strip_suffix(' ').unwrap_or(&said);
        let is_wrong = said.ends_with(' ')
            && before.strip_suffix(wrong).is_some_and(|b| !b.ends_with(char::is_alphabetic));
        if !is_wrong {
            self.say(behind, said, word);
        }
    }
}

/// All words that a slot may have, if it is not for a person.
fn words(slot: &str) -> Vec<String> {
    let of = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    match slot {
        "P" | "Q" | "R" => SPOTS.iter().map(|(_, name)| (*name).to_owned()).collect(),
        "inP" | "inQ" | "inR" => SPOTS.iter().map(|(at, name)| format!("{at} {name}")).collect(),
        "n" | "m" | "k" | "sum" | "left" => of(&NUMBERS),
        "fruits" => of(&COUNTED),
        "day" | "next" => of(&DAYS),
        "weather" => of(&WEATHER),
        "box" | "box2" => of(&CONTAINERS),
        _ => Vec::new(),
    }
}
