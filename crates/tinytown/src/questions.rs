//! Questions whose answer stands in a text.

use crate::dice::Dice;
use crate::facts::{Fact, Relation};
use crate::grammar::{article, number};
use crate::lexicon::{COUNTED, SPOTS};
use crate::world::{Pronouns, World};

/// What a question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The value of a fact of the world: *Where does Ada live?*
    Value(Fact),
    /// The person of a fact of the world that is true of one only: *Who owns the kite?*
    Person(Fact),
    /// Where somebody is after all their ways: an index into [`World::people`].
    Whereabouts(usize),
    /// How many things somebody found, which the text alone tells: an index into
    /// [`World::people`].
    Count(usize),
}

/// A question about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The text.
    pub context: String,
    /// The question.
    pub question: String,
    /// The answer: these words stand in the context.
    pub answer: String,
    /// At which byte of the context.
    pub start: usize,
    /// What is asked for.
    pub ask: Ask,
}

/// What a text of facts may tell of somebody.
const TOLD: [Relation; 8] = [
    Relation::Street,
    Relation::Job,
    Relation::Likes,
    Relation::Dislikes,
    Relation::Hobby,
    Relation::Thing,
    Relation::Pet,
    Relation::PetName,
];

impl World {
    /// Questions without end: stream 0 is for training and 1 held out.
    ///
    /// Each text is about three people of whom it tells the same kinds of things, often with a
    /// pronoun in place of a name, so the sentence most like the question often is the wrong one.
    pub fn questions(&self, stream: u64) -> impl Iterator<Item = Question> + use<'_> {
        let mut dice = Dice::new(self.seed, "questions", stream);
        std::iter::repeat_with(move || match dice.below(10) {
            0..6 => self.about_facts(&mut dice),
            6..8 => self.about_ways(&mut dice),
            _ => self.about_counts(&mut dice),
        })
    }

    /// Three people of different names.
    fn three(&self, dice: &mut Dice) -> [usize; 3] {
        let mut all: Vec<usize> = (0..self.people.len()).collect();
        dice.shuffle(&mut all);
        [all[0], all[1], all[2]]
    }

    fn about_facts(&self, dice: &mut Dice) -> Question {
        let people = self.three(dice);
        let mut relations = TOLD;
        dice.shuffle(&mut relations);
        let told = &relations[..3];
        let asked = *dice.of(&people);
        let fact = self.fact(asked, told[dice.index(3)]);
        // The other way round only where the world has one answer.
        let by_name = dice.percent(30)
            && fact.relation != Relation::PetName
            && self.who(fact.relation, &fact.value).len() == 1;
        let (mut context, mut start) = (String::new(), 0);
        for person in people {
            let with_pronoun = self.people[person].pronouns != Pronouns::They;
            for (i, &relation) in told.iter().enumerate() {
                if !context.is_empty() {
                    context.push(' ');
                }
                let at = context.len();
                let told = self.fact(person, relation);
                let pronoun = i > 0 && with_pronoun && dice.percent(40);
                context.push_str(&self.sentence(&told, pronoun));
                let name = self.people[person].name;
                if by_name && person == asked && i == 0 {
                    start = at + context[at..].find(name).unwrap_or(0);
                } else if !by_name && told == fact {
                    start = at + context[at..].rfind(&told.value).unwrap_or(0);
                }
            }
        }
        let name = self.people[asked].name;
        if by_name {
            let question = who(&fact);
            return Question {
                context,
                question,
                answer: name.into(),
                start,
                ask: Ask::Person(fact),
            };
        }
        let question = what(name, self.people[asked].pet, fact.relation);
        Question { context, question, answer: fact.value.clone(), start, ask: Ask::Value(fact) }
    }

    fn fact(&self, person: usize, relation: Relation) -> Fact {
        let value = self.ask(person, relation).unwrap_or_default();
        Fact { person, relation, value }
    }

    /// A fact in a sentence, with the person's name or a pronoun.
    fn sentence(&self, fact: &Fact, pronoun: bool) -> String {
        let p = &self.people[fact.person];
        let (he, his) = match (pronoun, p.pronouns) {
            (false, _) | (_, Pronouns::They) => (p.name.to_owned(), format!("{}'s", p.name)),
            (true, Pronouns::She) => ("She".into(), "Her".into()),
            (true, Pronouns::He) => ("He".into(), "His".into()),
        };
        let value = &fact.value;
        match fact.relation {
            Relation::Street => format!("{he} lives in {value}."),
            Relation::Job => format!("{he} is {} {value}.", article(value)),
            Relation::Likes => format!("{he} likes {value}."),
            Relation::Dislikes => format!("{he} does not like {value}."),
            Relation::Hobby => format!("{he} enjoys {value}."),
            Relation::Thing => format!("{he} owns {} {} {value}.", article(p.color), p.color),
            Relation::Pet => format!("{he} has {} {value}.", article(value)),
            Relation::PetName => format!("{his} pet is called {value}."),
            _ => self.say(fact),
        }
    }

    fn about_ways(&self, dice: &mut Dice) -> Question {
        let people = self.three(dice);
        let asked = people[dice.index(3)];
        let mut last: [Option<usize>; 3] = [None; 3];
        let (mut context, mut start) = (String::new(), 0);
        for step in 0..dice.between(5, 7) {
            // Everybody goes somewhere at least once.
            let who = if step < 3 { step as usize } else { dice.index(3) };
            let mut spot = dice.index(SPOTS.len());
            while last[who] == Some(spot) {
                spot = dice.index(SPOTS.len());
            }
            last[who] = Some(spot);
            if !context.is_empty() {
                context.push(' ');
            }
            let (name, place) = (self.people[people[who]].name, SPOTS[spot].1);
            let verb = dice.pick(&["went to", "walked to", "ran to", "came to", "moved on to"]);
            let at = context.len();
            context.push_str(&format!("{name} {verb} {place}."));
            if people[who] == asked {
                start = at + name.len() + verb.len() + 2;
            }
        }
        let end = context[start..].find('.').map_or(context.len(), |i| start + i);
        let answer = context[start..end].to_owned();
        let question = format!("Where is {}?", self.people[asked].name);
        Question { context, question, answer, start, ask: Ask::Whereabouts(asked) }
    }

    fn about_counts(&self, dice: &mut Dice) -> Question {
        let people = self.three(dice);
        let asked = dice.index(3);
        let what = dice.pick(&COUNTED);
        let (prep, place) = *dice.of(&SPOTS);
        let mut counts: Vec<u32> = (2..=12).collect();
        dice.shuffle(&mut counts);
        let names = people.map(|i| self.people[i].name);
        let mut context = match dice.percent(50) {
            true => format!("Three neighbors looked for {what} {prep} {place}."),
            false => {
                let [a, b, c] = names;
                format!("{a}, {b} and {c} looked for {what} {prep} {place}.")
            }
        };
        let mut start = 0;
        let mut order = [0, 1, 2];
        dice.shuffle(&mut order);
        for who in order {
            let verb = dice.pick(&["found", "picked up", "gathered", "brought home"]);
            let before = format!(" {} {verb} ", names[who]);
            if who == asked {
                start = context.len() + before.len();
            }
            context.push_str(&format!("{before}{} {what}.", number(counts[who])));
        }
        let question = format!("How many {what} did {} find?", names[asked]);
        let answer = number(counts[asked]).to_owned();
        Question { context, question, answer, start, ask: Ask::Count(people[asked]) }
    }
}

pub(crate) fn what(name: &str, pet: &str, relation: Relation) -> String {
    match relation {
        Relation::Street => format!("Where does {name} live?"),
        Relation::Job => format!("What is {name}'s job?"),
        Relation::Likes => format!("What does {name} like?"),
        Relation::Dislikes => format!("What does {name} not like?"),
        Relation::Hobby => format!("What does {name} enjoy?"),
        Relation::Thing => format!("What does {name} own?"),
        Relation::Pet => format!("What pet does {name} have?"),
        _ => format!("What is the {pet} of {name} called?"),
    }
}

fn who(fact: &Fact) -> String {
    let value = &fact.value;
    match fact.relation {
        Relation::Street => format!("Who lives in {value}?"),
        Relation::Job => format!("Who is the {value}?"),
        Relation::Likes => format!("Who likes {value}?"),
        Relation::Dislikes => format!("Who does not like {value}?"),
        Relation::Hobby => format!("Who enjoys {value}?"),
        Relation::Thing => format!("Who owns the {value}?"),
        _ => format!("Who has {} {value}?", article(value)),
    }
}
