//! What is true in a world, one fact at a time.

use crate::grammar::article;
use crate::lexicon::JOBS;
use crate::world::{Group, Person, World};

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// What somebody works as: `baker`.
    Job,
    /// Where somebody works: `bakery`.
    Workplace,
    /// The street where somebody lives: `Rose Lane`.
    Street,
    /// Which half of the town that is.
    Group,
    /// A good friend.
    Friend,
    /// What animal somebody has: `cat`.
    Pet,
    /// What that animal is called.
    PetName,
    /// What somebody likes to eat.
    Likes,
    /// What somebody does not like to eat.
    Dislikes,
    /// What somebody does for fun: `dancing`.
    Hobby,
    /// What somebody is like: `shy`.
    Nature,
    /// The thing that somebody owns: `kite`.
    Thing,
    /// The color of that thing.
    Color,
    /// The year somebody was born. No story tells it.
    Born,
    /// The number of somebody's house. No story tells it.
    House,
    /// What somebody did long ago. No story tells it.
    Deed,
    /// The year of that deed. No story tells it.
    DeedYear,
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 17] = [
        Self::Job,
        Self::Workplace,
        Self::Street,
        Self::Group,
        Self::Friend,
        Self::Pet,
        Self::PetName,
        Self::Likes,
        Self::Dislikes,
        Self::Hobby,
        Self::Nature,
        Self::Thing,
        Self::Color,
        Self::Born,
        Self::House,
        Self::Deed,
        Self::DeedYear,
    ];

    /// Those that no story tells, only [`World::documents`].
    pub const UNTOLD: [Self; 4] = [Self::Born, Self::House, Self::Deed, Self::DeedYear];

    /// As a label reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Workplace => "works at",
            Self::Street => "lives in",
            Self::Group => "side of the river",
            Self::Friend => "friend",
            Self::Pet => "pet",
            Self::PetName => "pet's name",
            Self::Likes => "likes",
            Self::Dislikes => "does not like",
            Self::Hobby => "hobby",
            Self::Nature => "nature",
            Self::Thing => "owns",
            Self::Color => "color of it",
            Self::Born => "born in",
            Self::House => "house number",
            Self::Deed => "once",
            Self::DeedYear => "that was in",
        }
    }
}

/// One fact: a person (an index into [`World::people`]), a relation, a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// Index into [`World::people`].
    pub person: usize,
    /// What the fact is about.
    pub relation: Relation,
    /// As a text says it.
    pub value: String,
}

/// A fact that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// Index into [`World::people`].
    pub person: usize,
    /// What changed.
    pub relation: Relation,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

impl World {
    /// The value of a relation for a person, or `None` if nobody has that index.
    pub fn ask(&self, person: usize, relation: Relation) -> Option<String> {
        let p = self.people.get(person)?;
        Some(match relation {
            Relation::Job => p.job.name.into(),
            Relation::Workplace => p.job.workplace.into(),
            Relation::Street => p.street.into(),
            Relation::Group => p.group.name().into(),
            Relation::Friend => self.people.get(p.friend)?.name.into(),
            Relation::Pet => p.pet.into(),
            Relation::PetName => p.pet_name.into(),
            Relation::Likes => p.likes.into(),
            Relation::Dislikes => p.dislikes.into(),
            Relation::Hobby => p.hobby.1.into(),
            Relation::Nature => p.nature.into(),
            Relation::Thing => p.thing.into(),
            Relation::Color => p.color.into(),
            Relation::Born => p.born.to_string(),
            Relation::House => p.house.to_string(),
            Relation::Deed => p.deed.into(),
            Relation::DeedYear => p.deed_year.to_string(),
        })
    }

    /// Everything that is true, person by person, in the order of [`Relation::ALL`].
    pub fn facts(&self) -> Vec<Fact> {
        let of = |person| {
            Relation::ALL.into_iter().filter_map(move |relation| {
                Some(Fact { person, relation, value: self.ask(person, relation)? })
            })
        };
        (0..self.people.len()).flat_map(of).collect()
    }

    /// The people of whom something is true, in order.
    pub fn who(&self, relation: Relation, value: &str) -> Vec<usize> {
        let fits = |&i: &usize| self.ask(i, relation).as_deref() == Some(value);
        (0..self.people.len()).filter(fits).collect()
    }

    /// The index of the person of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.people.iter().position(|p| p.name == name)
    }

    /// A fact as a sentence, e.g. `Ada lives in Rose Lane.`
    pub fn say(&self, fact: &Fact) -> String {
        let Some(p) = self.people.get(fact.person) else { return String::new() };
        let (name, value) = (p.name, &fact.value);
        match fact.relation {
            Relation::Job => format!("{name} works as {} {value}.", article(value)),
            Relation::Workplace => {
                let job = JOBS.iter().find(|job| job.workplace == *value).unwrap_or(p.job);
                format!("{name} works {}.", job.at)
            }
            Relation::Street => format!("{name} lives in {value}."),
            Relation::Group => format!("{name} lives on the {value} side of the river."),
            Relation::Friend => format!("{name} is a good friend of {value}."),
            Relation::Pet => format!("{name} has {} {value}.", article(value)),
            Relation::PetName => format!("The {} of {name} is called {value}.", p.pet),
            Relation::Likes => format!("{name} likes {value}."),
            Relation::Dislikes => format!("{name} does not like {value}."),
            Relation::Hobby => format!("{name} enjoys {value}."),
            Relation::Nature => format!("{name} is {value}."),
            Relation::Thing => format!("{name} owns {} {value}.", article(value)),
            Relation::Color => format!("The {} of {name} is {value}.", p.thing),
            Relation::Born => format!("{name} was born in {value}."),
            Relation::House => format!("{name} lives at number {value}."),
            Relation::Deed => format!("{name} once {value}."),
            Relation::DeedYear => format!("{name} {} in {value}.", p.deed),
        }
    }

    /// What is true in `later` and was not so here, exactly: people and relations in order.
    pub fn changes(&self, later: &Self) -> Vec<Change> {
        let after = later.facts();
        let pairs = self.facts().into_iter().zip(after);
        let changed = pairs.filter(|(before, after)| before.value != after.value);
        changed
            .map(|(before, after)| Change {
                person: before.person,
                relation: before.relation,
                before: before.value,
                after: after.value,
            })
            .collect()
    }
}

impl Group {
    /// As a text says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hill => "hill",
            Self::Shore => "shore",
        }
    }
}

impl Person {
    /// `a` or `an` and the job: `a baker`.
    pub fn a_job(&self) -> String {
        format!("{} {}", article(self.job.name), self.job.name)
    }
}
