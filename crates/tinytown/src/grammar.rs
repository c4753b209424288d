//! Sentence patterns and how they are filled in.
//!
//! A pattern is English with slots: `{A}` is a person's name and `{A.he}` their pronoun, `{thing}`
//! a word or phrase. An `a` before a slot becomes `an` where the word wants it, and each sentence
//! begins with a capital.

use crate::world::{Person, Pronouns};

/// What the slots of a pattern stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots<'a> {
    people: Vec<(&'static str, &'a Person)>,
    words: Vec<(&'static str, &'a str)>,
}

impl<'a> Slots<'a> {
    /// Names a person.
    pub fn person(&mut self, slot: &'static str, person: &'a Person) {
        self.people.push((slot, person));
    }

    /// Names a word or phrase.
    pub fn word(&mut self, slot: &'static str, word: &'a str) {
        self.words.push((slot, word));
    }

    fn value(&self, slot: &str) -> Option<&'a str> {
        if let Some((_, word)) = self.words.iter().find(|(name, _)| *name == slot) {
            return Some(word);
        }
        let (who, form) = slot.split_once('.').unwrap_or((slot, ""));
        let (_, person) = self.people.iter().find(|(name, _)| *name == who)?;
        of_person(person, form)
    }
}

/// A form of a person: their name, their pronoun, their job.
pub(crate) fn of_person<'a>(person: &'a Person, form: &str) -> Option<&'a str> {
    let pronoun = |she, he, they| match person.pronouns {
        Pronouns::She => she,
        Pronouns::He => he,
        Pronouns::They => they,
    };
    Some(match form {
        "" => person.name,
        "he" => pronoun("she", "he", "they"),
        "him" => pronoun("her", "him", "them"),
        "his" => pronoun("her", "his", "their"),
        "self" => pronoun("herself", "himself", "themself"),
        "was" => pronoun("was", "was", "were"),
        "woman" => pronoun("woman", "man", "neighbor"),
        "girl" => pronoun("girl", "boy", "child"),
        "sister" => pronoun("sister", "brother", "cousin"),
        "mother" => pronoun("mother", "father", "parent"),
        "job" => person.job.name,
        "work" => person.job.workplace,
        "at" => person.job.at,
        "tool" => person.job.tool,
        "product" => person.job.product,
        "task" => person.job.task,
        "did" => person.job.did,
        "street" => person.street,
        "pet" => person.pet,
        "petname" => person.pet_name,
        "likes" => person.likes,
        "dislikes" => person.dislikes,
        "hobby" => person.hobby.0,
        "doing" => person.hobby.1,
        "nature" => person.nature,
        "thing" => person.thing,
        "color" => person.color,
        _ => return None,
    })
}

/// Fills a pattern in and adds it to the text, after a space if the text has begun.
pub(crate) fn say(out: &mut String, pattern: &str, slots: &Slots) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push(' ');
    }
    let start = out.len();
    phrase(out, pattern, slots);
    capitalize(out, start);
}

/// Fills a pattern in and adds it to the text as it is.
pub(crate) fn phrase(out: &mut String, pattern: &str, slots: &Slots) {
    let start = out.len();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else { break };
        let slot = &rest[open + 1..open + close];
        let value = slots.value(slot);
        debug_assert!(value.is_some(), "no slot {slot} in {pattern}");
        insert(out, start, value.unwrap_or_default());
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
}

/// Adds a word; an `a` right before it becomes `an` if need be.
fn insert(out: &mut String, start: usize, word: &str) {
    let mut said = out[start..].chars().rev();
    let tail = (said.next(), said.next(), said.next().is_some_and(char::is_alphabetic));
    if matches!(tail, (Some(' '), Some('a' | 'A'), false)) && article(word) == "an" {
        out.pop();
        out.push_str("n ");
    }
    out.push_str(word);
}

/// `a` or `an` for a word of Tinytown.
pub fn article(word: &str) -> &'static str {
    const LIKE_YOU: [&str; 3] = ["uni", "use", "one"];
    const SILENT: [&str; 2] = ["hour", "honest"];
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    let starts = |list: &[&str]| list.iter().any(|prefix| word.starts_with(prefix));
    if (vowel && !starts(&LIKE_YOU)) || starts(&SILENT) { "an" } else { "a" }
}

/// Makes the first letter of each sentence from `start` on a capital.
///
/// After a quotation that ends in `!` or `?` the sentence goes on, so what follows stays small.
pub(crate) fn capitalize(out: &mut String, start: usize) {
    let mut begins = true;
    let mut at = Vec::new();
    let bytes = out.as_bytes();
    for (i, &byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'a'..=b'z' if begins => {
                at.push(i);
                begins = false;
            }
            b'.' | b'!' | b'?' => begins = true,
            b' ' => {}
            b'"' if begins && i > start && bytes[i - 1] != b'.' && bytes[i - 1] != b' ' => {
                begins = false;
            }
            b'"' => {}
            _ => begins = false,
        }
    }
    for i in at {
        out[i..=i].make_ascii_uppercase();
    }
}

/// A number from zero to twenty as a word.
pub(crate) fn number(n: u32) -> &'static str {
    crate::lexicon::NUMBERS.get(n as usize).copied().unwrap_or("many")
}
