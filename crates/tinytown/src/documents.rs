//! Documents with facts that no story tells: for retrieval, and to catch a model that invents.

use crate::dice::Dice;
use crate::facts::{Fact, Relation};
use crate::world::World;

/// A page from the library of Tinytown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is about.
    pub title: String,
    /// A few sentences.
    pub text: String,
    /// The facts it tells that no story, dialogue or labelled text tells.
    pub facts: Vec<Fact>,
}

const ASIDES: [&str; 10] = [
    "The page is torn at the bottom.",
    "A coffee stain covers the rest of the line.",
    "Nobody knows who wrote this down.",
    "The ink is faded, but the words are clear.",
    "More about this is in the town hall.",
    "The librarian copied this from an older book.",
    "The town had fewer houses then.",
    "There is no picture of it.",
    "People still talk about it.",
    "The winter of that time was long.",
];

impl World {
    /// Documents without end: stream 0 is the library. Those of one person tell the same facts in
    /// every stream, in other words.
    pub fn documents(&self, stream: u64) -> impl Iterator<Item = Document> + use<'_> {
        let mut dice = Dice::new(self.seed, "documents", stream);
        std::iter::repeat_with(move || match dice.percent(65) {
            true => self.life(&mut dice),
            false => self.chronicle(&mut dice),
        })
    }

    /// What the town's register has about one person.
    fn life(&self, dice: &mut Dice) -> Document {
        let person = dice.index(self.people.len());
        let name = self.people[person].name;
        let title = match dice.below(3) {
            0 => format!("The life of {name}"),
            1 => format!("From the register of Tinytown: {name}"),
            _ => format!("Who is {name}?"),
        };
        let mut relations = Relation::UNTOLD.to_vec();
        dice.shuffle(&mut relations);
        relations.truncate(dice.between(2, 4) as usize);
        if let (Some(year), None) =
            (at(&relations, Relation::DeedYear), at(&relations, Relation::Deed))
        {
            // A year of a deed names the deed.
            relations.insert(year + 1, Relation::Deed);
        }
        let mut sentences = Vec::new();
        let mut facts = Vec::new();
        for relation in relations {
            let value = self.ask(person, relation).unwrap_or_default();
            let fact = Fact { person, relation, value };
            // The year already says what was done.
            if relation != Relation::Deed || !facts.iter().any(dated) {
                sentences.push(self.say(&fact));
            }
            facts.push(fact);
            if dice.percent(40) {
                sentences.push(dice.pick(&ASIDES).into());
            }
        }
        Document { title, text: sentences.join(" "), facts }
    }

    /// What happened in some years, in order.
    fn chronicle(&self, dice: &mut Dice) -> Document {
        let from = self.year - dice.between(10, 50);
        let to = from + dice.between(5, 9);
        let mut deeds: Vec<(u32, usize)> =
            self.people.iter().enumerate().map(|(i, p)| (p.deed_year, i)).collect();
        deeds.sort_unstable();
        let mut sentences = vec![format!("This is what happened from {from} to {to}.")];
        let mut facts = Vec::new();
        for (year, person) in deeds.into_iter().filter(|(year, _)| (from..=to).contains(year)) {
            let p = &self.people[person];
            sentences.push(format!("In {year}, {} {}.", p.name, p.deed));
            for relation in [Relation::Deed, Relation::DeedYear] {
                let value = self.ask(person, relation).unwrap_or_default();
                facts.push(Fact { person, relation, value });
            }
            if dice.percent(30) {
                sentences.push(dice.pick(&ASIDES).into());
            }
        }
        if facts.is_empty() {
            sentences.push("Nothing of note happened.".into());
        }
        let title = format!("Chronicle of Tinytown, {from} to {to}");
        Document { title, text: sentences.join(" "), facts }
    }
}

fn at(relations: &[Relation], relation: Relation) -> Option<usize> {
    relations.iter().position(|r| *r == relation)
}

fn dated(fact: &Fact) -> bool {
    fact.relation == Relation::DeedYear
}
