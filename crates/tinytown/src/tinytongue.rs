//! Tinytongue, the second language of Tinytown: a grammar that translates exactly, both ways.
//!
//! Its words are made up. Its order is not that of English: the place comes first and the verb
//! last, an adjective and a number stand behind their noun, and what English says with small words
//! is often an ending. `The two small dogs did not see a bird in the garden.` is said as
//! *garden-the-in dog small two the bird see-past not*.

use std::error::Error;
use std::fmt;

use crate::grammar::article;
use crate::tinytongue_words::*;

/// Why a sentence cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TranslateError {
    /// The sentence ended where a word was needed.
    TooShort,
    /// A word that the grammar does not allow there.
    Unexpected(String),
}

impl fmt::Display for TranslateError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::TooShort => f.write_str("the sentence ends too early"),
            Self::Unexpected(word) => write!(f, "the word “{word}” does not fit there"),
        }
    }
}

impl Error for TranslateError {}

/// Who or what: a name, or a noun with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phrase {
    Name(String),
    Noun { noun: usize, amount: Amount, the: bool, adjective: Option<usize> },
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    One,
    Several,
    /// An index into [`COUNTS`].
    Exactly(usize),
}

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Present,
    Future,
}

/// A sentence without a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub subject: Phrase,
    pub verb: usize,
    pub tense: Tense,
    pub negated: bool,
    pub adverb: Option<usize>,
    pub object: Option<Phrase>,
    pub place: Option<(usize, Phrase)>,
}

/// An English sentence in Tinytongue.
pub fn to_tinytongue(english: &str) -> Result<String, TranslateError> {
    Ok(Clause::from_english(english)?.tinytongue())
}

/// A sentence of Tinytongue in English.
pub fn to_english(tinytongue: &str) -> Result<String, TranslateError> {
    Ok(Clause::from_tinytongue(tinytongue)?.english())
}

impl Clause {
    /// In English.
    pub fn english(&self) -> String {
        let verb = &VERBS[self.verb];
        let plural = matches!(&self.subject, Phrase::Noun { amount, .. } if *amount != Amount::One);
        let mut words = Vec::new();
        self.subject.english(&mut words);
        let (helper, form) = match (self.tense, self.negated) {
            (Tense::Past, false) => ("", verb.past),
            (Tense::Past, true) => ("did", verb.base),
            (Tense::Future, _) => ("will", verb.base),
            (Tense::Present, false) if plural => ("", verb.base),
            (Tense::Present, false) => ("", verb.third),
            (Tense::Present, true) if plural => ("do", verb.base),
            (Tense::Present, true) => ("does", verb.base),
        };
        words.extend((!helper.is_empty()).then(|| helper.into()));
        words.extend(self.negated.then(|| "not".into()));
        words.extend(self.adverb.map(|i| ADVERBS[i].to_owned()));
        words.push(form.into());
        if let Some(object) = &self.object {
            object.english(&mut words);
        }
        if let Some((preposition, place)) = &self.place {
            words.push(PREPOSITIONS[*preposition].0.into());
            place.english(&mut words);
        }
        sentence(&words)
    }

    /// In Tinytongue.
    pub fn tinytongue(&self) -> String {
        let mut words = Vec::new();
        if let Some((preposition, place)) = &self.place {
            place.tinytongue(&mut words);
            words.push(PREPOSITIONS[*preposition].1.into());
        }
        self.subject.tinytongue(&mut words);
        if let Some(object) = &self.object {
            object.tinytongue(&mut words);
        }
        words.extend(self.adverb.map(|i| word(Kind::Adverb, i)));
        let ending = match self.tense {
            Tense::Past => PAST,
            Tense::Present => "",
            Tense::Future => FUTURE,
        };
        words.push(word(Kind::Verb, self.verb) + ending);
        words.extend(self.negated.then(|| NOT.into()));
        sentence(&words)
    }

    /// Reads English.
    pub fn from_english(text: &str) -> Result<Self, TranslateError> {
        let mut words = Words::of(text);
        let subject = words.english_phrase()?;
        let will = words.take("will");
        let done = [("did", Tense::Past), ("does", Tense::Present), ("do", Tense::Present)];
        let helper = done.into_iter().find(|(helper, _)| words.take(helper));
        let negated = words.take("not");
        let adverb = words.one_of(|w| ADVERBS.iter().position(|a| *a == w));
        let said = words.next()?;
        let helped = will || helper.is_some();
        let found = VERBS.iter().enumerate().find_map(|(i, v)| match () {
            _ if helped && v.base == said => Some((i, Tense::Present)),
            _ if !helped && v.past == said => Some((i, Tense::Past)),
            _ if !helped && (v.third == said || v.base == said) => Some((i, Tense::Present)),
            _ => None,
        });
        let (verb, spoken) = found.ok_or_else(|| TranslateError::Unexpected(said.clone()))?;
        let tense = match helper {
            _ if will => Tense::Future,
            Some((_, tense)) => tense,
            None => spoken,
        };
        let object = VERBS[verb].object.then(|| words.english_phrase()).transpose()?;
        let preposition = words.one_of(|w| PREPOSITIONS.iter().position(|p| p.0 == w));
        let place = preposition.map(|p| words.english_phrase().map(|at| (p, at))).transpose()?;
        words.end()?;
        Ok(Self { subject, verb, tense, negated, adverb, object, place })
    }

    /// Reads Tinytongue.
    pub fn from_tinytongue(text: &str) -> Result<Self, TranslateError> {
        let mut words = Words::of(text);
        let first = words.tinytongue_phrase()?;
        let postposition = words.one_of(|w| PREPOSITIONS.iter().position(|p| p.1 == w));
        let (place, subject) = match postposition {
            Some(p) => (Some((p, first)), words.tinytongue_phrase()?),
            None => (None, first),
        };
        let is_verb = |w: &str| find_verb(w).is_some();
        let is_adverb = |w: &str| find(Kind::Adverb, w, ADVERBS.len());
        let next = words.peek().ok_or(TranslateError::TooShort)?;
        let object = (!is_verb(&next) && is_adverb(&next).is_none())
            .then(|| words.tinytongue_phrase())
            .transpose()?;
        let adverb = words.one_of(is_adverb);
        let said = words.next()?;
        let (verb, tense) =
            find_verb(&said).ok_or_else(|| TranslateError::Unexpected(said.clone()))?;
        if VERBS[verb].object != object.is_some() {
            return Err(TranslateError::Unexpected(said));
        }
        let negated = words.take(NOT);
        words.end()?;
        Ok(Self { subject, verb, tense, negated, adverb, object, place })
    }
}

impl Phrase {
    fn english(&self, words: &mut Vec<String>) {
        let (noun, amount, the, adjective) = match self {
            Self::Name(name) => return words.push(name.clone()),
            Self::Noun { noun, amount, the, adjective } => (*noun, *amount, *the, *adjective),
        };
        let adjective = adjective.map(|i| ADJECTIVES[i]);
        let (one, several) = NOUNS[noun];
        let said = if amount == Amount::One { one } else { several };
        if the {
            words.push("the".into());
        } else if amount == Amount::One {
            words.push(article(adjective.unwrap_or(said)).into());
        }
        if let Amount::Exactly(n) = amount {
            words.push(COUNTS[n].0.into());
        }
        words.extend(adjective.map(str::to_owned));
        words.push(said.into());
    }

    fn tinytongue(&self, words: &mut Vec<String>) {
        let (noun, amount, the, adjective) = match self {
            Self::Name(name) => return words.push(name.clone()),
            Self::Noun { noun, amount, the, adjective } => (*noun, *amount, *the, *adjective),
        };
        // After a number, the plural needs no ending.
        let ending = if amount == Amount::Several { PLURAL } else { "" };
        words.push(word(Kind::Noun, noun) + ending);
        words.extend(adjective.map(|i| word(Kind::Adjective, i)));
        if let Amount::Exactly(n) = amount {
            words.push(COUNTS[n].1.into());
        }
        words.extend(the.then(|| THE.into()));
    }
}

/// The number of a word of a kind, by its word in Tinytongue.
fn find(kind: Kind, said: &str, len: usize) -> Option<usize> {
    (0..len).find(|&i| word(kind, i) == said)
}

fn find_verb(said: &str) -> Option<(usize, Tense)> {
    let tenses = [("", Tense::Present), (PAST, Tense::Past), (FUTURE, Tense::Future)];
    tenses.into_iter().find_map(|(ending, tense)| {
        let stem = said.strip_suffix(ending)?;
        Some((find(Kind::Verb, stem, VERBS.len())?, tense))
    })
}

/// Words with a capital and a full stop.
fn sentence(words: &[String]) -> String {
    let mut text = words.join(" ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text.push('.');
    text
}

/// The words of a sentence, one by one.
struct Words<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self { words: text.trim().trim_end_matches('.').split_whitespace().collect(), at: 0 }
    }

    /// The word at hand; that at the beginning is small, as within a sentence.
    fn peek(&self) -> Option<String> {
        let word = *self.words.get(self.at)?;
        Some(if self.at == 0 { word.to_ascii_lowercase() } else { word.to_owned() })
    }

    fn next(&mut self) -> Result<String, TranslateError> {
        let word = self.peek().ok_or(TranslateError::TooShort)?;
        self.at += 1;
        Ok(word)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek().as_deref() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn one_of(&mut self, find: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        let found = find(&self.peek()?);
        self.at += usize::from(found.is_some());
        found
    }

    fn end(&self) -> Result<(), TranslateError> {
        match self.peek() {
            Some(word) => Err(TranslateError::Unexpected(word)),
            None => Ok(()),
        }
    }

    /// A word with a capital that is no word of the language.
    fn name(&mut self) -> Result<Phrase, TranslateError> {
        let word = *self.words.get(self.at).ok_or(TranslateError::TooShort)?;
        if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Err(TranslateError::Unexpected(word.into()));
        }
        self.at += 1;
        Ok(Phrase::Name(word.into()))
    }

    fn english_phrase(&mut self) -> Result<Phrase, TranslateError> {
        let begin = self.at;
        let the = self.take("the");
        let a = !the && (self.take("a") || self.take("an"));
        let count = self.one_of(|w| COUNTS.iter().position(|c| c.0 == w));
        let adjective = self.one_of(|w| ADJECTIVES.iter().position(|a| *a == w));
        let Some(said) = self.peek() else { return Err(TranslateError::TooShort) };
        let one = NOUNS.iter().position(|n| n.0 == said);
        let several = NOUNS.iter().position(|n| n.1 == said);
        let (noun, amount) = match (one, several, count) {
            (Some(noun), _, None) if a || the => (noun, Amount::One),
            (_, Some(noun), None) if !a => (noun, Amount::Several),
            (_, Some(noun), Some(n)) if !a => (noun, Amount::Exactly(n)),
            _ if self.at == begin => return self.name(),
            _ => return Err(TranslateError::Unexpected(said)),
        };
        self.at += 1;
        Ok(Phrase::Noun { noun, amount, the, adjective })
    }

    fn tinytongue_phrase(&mut self) -> Result<Phrase, TranslateError> {
        let said = self.peek().ok_or(TranslateError::TooShort)?;
        let one = find(Kind::Noun, &said, NOUNS.len());
        let stem = said.strip_suffix(PLURAL);
        let several = stem.and_then(|stem| find(Kind::Noun, stem, NOUNS.len()));
        let Some(noun) = one.or(several) else { return self.name() };
        self.at += 1;
        let adjective = self.one_of(|w| find(Kind::Adjective, w, ADJECTIVES.len()));
        let count = self.one_of(|w| COUNTS.iter().position(|c| c.1 == w));
        let the = self.take(THE);
        let amount = match (count, one) {
            (Some(n), _) => Amount::Exactly(n),
            (None, Some(_)) => Amount::One,
            (None, None) => Amount::Several,
        };
        Ok(Phrase::Noun { noun, amount, the, adjective })
    }
}
