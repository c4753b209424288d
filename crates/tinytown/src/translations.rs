//! Pairs of sentences in English and Tinytongue.

use crate::dice::Dice;
use crate::tinytongue::{Amount, Clause, Phrase, Tense};
use crate::tinytongue_words::*;
use crate::world::World;

/// A sentence in two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// In English.
    pub english: String,
    /// In Tinytongue.
    pub tinytongue: String,
}

impl World {
    /// Translations without end: stream 0 is for training and 1 held out.
    ///
    /// Each is exact both ways: see [`crate::to_tinytongue`] and [`crate::to_english`].
    pub fn translations(&self, stream: u64) -> impl Iterator<Item = Translation> + use<'_> {
        let mut dice = Dice::new(self.seed, "translations", stream);
        std::iter::repeat_with(move || {
            let clause = self.clause(&mut dice);
            Translation { english: clause.english(), tinytongue: clause.tinytongue() }
        })
    }

    fn clause(&self, dice: &mut Dice) -> Clause {
        let verb = dice.index(VERBS.len());
        let negated = dice.percent(20);
        let adverb = (!negated && dice.percent(20)).then(|| dice.index(ADVERBS.len()));
        let object = VERBS[verb].object.then(|| match dice.percent(15) {
            true if verb < MEETING => self.name(dice),
            _ if verb < MEETING => noun(dice, 0, PLACES),
            _ => noun(dice, LIVING, PLACES),
        });
        let place = dice.percent(45).then(|| {
            let adjective = dice.percent(30).then(|| adjective(dice, false));
            let noun = PLACES + dice.index(NOUNS.len() - PLACES);
            let phrase = Phrase::Noun { noun, amount: Amount::One, the: true, adjective };
            (dice.index(PREPOSITIONS.len()), phrase)
        });
        let subject = match dice.percent(30) {
            true => self.name(dice),
            false => noun(dice, 0, LIVING),
        };
        let tense = *dice.of(&[Tense::Past, Tense::Past, Tense::Present, Tense::Future]);
        Clause { subject, verb, tense, negated, adverb, object, place }
    }

    fn name(&self, dice: &mut Dice) -> Phrase {
        Phrase::Name(self.people[dice.index(self.people.len())].name.into())
    }
}

/// A noun of those from `from` to before `to`, with or without number, article and adjective.
fn noun(dice: &mut Dice, from: usize, to: usize) -> Phrase {
    let noun = from + dice.index(to - from);
    let adjective = dice.percent(50).then(|| adjective(dice, noun < LIVING));
    let amount = match dice.below(10) {
        0..5 => Amount::One,
        5..8 => Amount::Several,
        _ => Amount::Exactly(dice.index(COUNTS.len())),
    };
    Phrase::Noun { noun, amount, the: dice.percent(60), adjective }
}

/// An adjective that suits.
fn adjective(dice: &mut Dice, living: bool) -> usize {
    if living {
        dice.index(OF_LIVING)
    } else {
        OF_THINGS + dice.index(ADJECTIVES.len() - OF_THINGS)
    }
}
