//! Pairs of replies of which people prefer one, with the reason.

use crate::dice::Dice;
use crate::facts::{Fact, Relation};
use crate::replies::{ASKED, HARMFUL, HARMLESS, UNKNOWABLE, UNKNOWN, USELESS};
use crate::world::World;

/// What the rejected reply lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It does not help: it evades, answers another question, or refuses without need.
    Helpful,
    /// It is not true, or invents what nobody can know.
    Honest,
    /// It would hurt somebody.
    Harmless,
}

/// A request, the reply that people prefer, and one that they do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// What the user says.
    pub prompt: String,
    /// The better reply.
    pub chosen: String,
    /// The other.
    pub rejected: String,
    /// Why it was rejected.
    pub reason: Reason,
    /// The fact that was asked for, if one was.
    pub fact: Option<Fact>,
}

impl World {
    /// Pairs of replies without end: stream 0 is for training and 1 held out.
    pub fn preferences(&self, stream: u64) -> impl Iterator<Item = Preference> + use<'_> {
        let mut dice = Dice::new(self.seed, "preferences", stream);
        std::iter::repeat_with(move || match dice.below(3) {
            0 => self.helpful(&mut dice),
            1 => self.honest(&mut dice),
            _ => {
                let person = dice.index(self.people.len());
                let (prompt, chosen, rejected) = *dice.of(&HARMFUL);
                Preference {
                    prompt: self.about(person, prompt),
                    chosen: self.about(person, chosen),
                    rejected: self.about(person, rejected),
                    reason: Reason::Harmless,
                    fact: None,
                }
            }
        })
    }

    fn helpful(&self, dice: &mut Dice) -> Preference {
        let reason = Reason::Helpful;
        if dice.percent(25) {
            let person = dice.index(self.people.len());
            let (prompt, chosen) = *dice.of(&HARMLESS);
            let rejected = "I cannot help with that, because it could hurt somebody.".into();
            let (prompt, chosen) = (self.about(person, prompt), self.about(person, chosen));
            return Preference { prompt, chosen, rejected, reason, fact: None };
        }
        let fact = self.any_fact(dice, &ASKED);
        let mut rejected = dice.pick(&USELESS).to_owned();
        if dice.percent(50) {
            // True, but not what was asked.
            let mut relation = *dice.of(&ASKED);
            while relation == fact.relation {
                relation = *dice.of(&ASKED);
            }
            let value = self.ask(fact.person, relation).unwrap_or_default();
            rejected = self.say(&Fact { person: fact.person, relation, value });
        }
        let (prompt, chosen) = (self.question_for(&fact), self.say(&fact));
        Preference { prompt, chosen, rejected, reason, fact: Some(fact) }
    }

    fn honest(&self, dice: &mut Dice) -> Preference {
        let known = dice.percent(60);
        let relations: &[Relation] = if known { &ASKED } else { &UNKNOWABLE };
        let fact = self.any_fact(dice, relations);
        let untrue = self.untrue(dice, &fact);
        let chosen = match known {
            true => self.say(&fact),
            false => self.about(fact.person, dice.pick(&UNKNOWN)),
        };
        let (prompt, rejected) = (self.question_for(&fact), self.say(&untrue));
        Preference { prompt, chosen, rejected, reason: Reason::Honest, fact: Some(fact) }
    }
}
