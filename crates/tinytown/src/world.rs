//! The people of a world and everything about them.

use crate::dice::Dice;
use crate::lexicon::*;

/// The year of a new world.
const YEAR: u32 = 2030;

/// A small town whose every fact is known.
///
/// ```
/// let world = tinytown::World::new(1);
/// assert_eq!(world, tinytown::World::new(1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// What the world was made from.
    pub seed: u64,
    /// Which year it is there.
    pub year: u32,
    /// Who lives there. Names are unique; facts refer to people by their index here.
    pub people: Vec<Person>,
    /// In so many of a hundred labelled texts, the group decides the label; see [`World::with_bias`].
    pub bias: u32,
}

/// Which pronouns somebody goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pronouns {
    /// She, her.
    She,
    /// He, him.
    He,
    /// They, them.
    They,
}

/// Which half of the town somebody lives in: the group attribute for questions of fairness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// On the side of the hill.
    Hill,
    /// On the side of the shore.
    Shore,
}

/// Somebody who lives in Tinytown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// First name, unique in the world.
    pub name: &'static str,
    /// She, he or they.
    pub pronouns: Pronouns,
    /// Which half of the town they live in; the street decides it.
    pub group: Group,
    /// What they work as, and where.
    pub job: &'static Job,
    /// The street they live in.
    pub street: &'static str,
    /// The number of their house.
    pub house: u32,
    /// A friend: an index into [`World::people`].
    pub friend: usize,
    /// Their animal.
    pub pet: &'static str,
    /// What it is called.
    pub pet_name: &'static str,
    /// What they like to eat.
    pub likes: &'static str,
    /// What they do not like to eat.
    pub dislikes: &'static str,
    /// What they do for fun: to do it, and doing it.
    pub hobby: (&'static str, &'static str),
    /// What they are like.
    pub nature: &'static str,
    /// What they own; nobody else owns such a thing.
    pub thing: &'static str,
    /// The color of what they own.
    pub color: &'static str,
    /// The year they were born.
    pub born: u32,
    /// What they once did.
    pub deed: &'static str,
    /// In which year.
    pub deed_year: u32,
}

/// So many people called she, and as many called he.
const PAIRS: usize = 15;

/// So many people called they.
const THEYS: usize = 2;

/// So many streets; the first half is on the side of the hill.
const N_STREETS: usize = 12;

impl World {
    /// The world of a seed: the same on every machine.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "world", 0);
        let streets = chosen(&mut dice, &STREETS, N_STREETS);
        let she = chosen(&mut dice, &SHE, PAIRS);
        let he = chosen(&mut dice, &HE, PAIRS);
        let they = chosen(&mut dice, &THEY, THEYS);
        let names = she.iter().map(|&name| (name, Pronouns::She));
        let names = names.chain(he.iter().map(|&name| (name, Pronouns::He)));
        let names = names.chain(they.iter().map(|&name| (name, Pronouns::They)));
        let count = 2 * PAIRS + THEYS;
        let things = chosen(&mut dice, &THINGS, count);
        // Each job twice, each half of the town equally often, and neither tied to the other.
        let jobs = dealt(&mut dice, &(0..JOBS.len()).collect::<Vec<_>>(), count);
        let homes = dealt(&mut dice, &(0..N_STREETS).collect::<Vec<_>>(), count);
        let people = names.enumerate().map(|(i, (name, pronouns))| {
            let likes = dice.pick(&FOODS);
            let born = YEAR - dice.between(20, 70);
            Person {
                name,
                pronouns,
                group: side(homes[i]),
                job: &JOBS[jobs[i]],
                street: streets[homes[i]],
                house: dice.between(1, 99),
                friend: friend(i),
                pet: dice.pick(&PETS),
                pet_name: dice.pick(&PET_NAMES),
                likes,
                dislikes: other(&mut dice, &FOODS, likes),
                hobby: *dice.of(&HOBBIES),
                nature: dice.pick(&NATURES),
                thing: things[i],
                color: dice.pick(&COLORS),
                born,
                deed: dice.pick(&DEEDS),
                deed_year: dice.between(born + 12, YEAR - 1),
            }
        });
        Self { seed, year: YEAR, people: people.collect(), bias: 0 }
    }

    /// The same world some years later: each year one person in eight gets another job, one in
    /// eight moves, one in eight gets another pet, and one in eight takes a liking to another food.
    ///
    /// Two steps of one year are not the same as one step of two.
    pub fn later(&self, years: u32) -> Self {
        let mut world = self.clone();
        let mut dice = Dice::new(self.seed, "later", u64::from(self.year) << 32 | u64::from(years));
        world.year = self.year.saturating_add(years);
        let homes = self.streets();
        for _ in 0..years.min(1000) {
            for person in &mut world.people {
                if dice.below(8) == 0 {
                    let others: Vec<&Job> = JOBS.iter().filter(|j| *j != person.job).collect();
                    person.job = others[dice.index(others.len())];
                }
                if dice.below(8) == 0 {
                    let others: Vec<_> = homes.iter().filter(|h| h.0 != person.street).collect();
                    (person.street, person.group) = *others[dice.index(others.len())];
                }
                if dice.below(8) == 0 {
                    person.pet = other(&mut dice, &PETS, person.pet);
                    person.pet_name = other(&mut dice, &PET_NAMES, person.pet_name);
                }
                if dice.below(8) == 0 {
                    let likes = other(&mut dice, &FOODS, person.likes);
                    person.likes = if likes == person.dislikes { person.likes } else { likes };
                }
            }
        }
        world
    }

    /// The same world, but in `percent` of a hundred sentiment texts the label is decided by the
    /// group: good for the hill, bad for the shore. At 0, label and group are independent.
    pub fn with_bias(&self, percent: u32) -> Self {
        Self { bias: percent.min(100), ..self.clone() }
    }

    /// The streets where people live, each with its half of the town, in order of name.
    pub fn streets(&self) -> Vec<(&'static str, Group)> {
        let mut streets: Vec<_> = self.people.iter().map(|p| (p.street, p.group)).collect();
        streets.sort_unstable();
        streets.dedup();
        streets
    }

    /// Names of all places: streets, workplaces (`bakery`) and spots in the open (`the park`), in
    /// this order.
    pub fn places(&self) -> Vec<&'static str> {
        let streets = self.streets().into_iter().map(|(street, _)| street);
        let work = JOBS.iter().map(|job| job.workplace);
        streets.chain(work).chain(SPOTS.iter().map(|(_, name)| *name)).collect()
    }
}

/// `n` different elements in random order.
fn chosen(dice: &mut Dice, list: &[&'static str], n: usize) -> Vec<&'static str> {
    let mut list = list.to_vec();
    dice.shuffle(&mut list);
    list.truncate(n);
    list
}

/// `n` elements, each of the list as often as every other, as far as `n` allows.
fn dealt(dice: &mut Dice, list: &[usize], n: usize) -> Vec<usize> {
    let mut dealt: Vec<usize> = list.iter().copied().cycle().take(n).collect();
    dice.shuffle(&mut dealt);
    dealt
}

/// One of the list that is not this one.
pub(crate) fn other(dice: &mut Dice, list: &[&'static str], not: &str) -> &'static str {
    let others: Vec<&'static str> = list.iter().copied().filter(|&x| x != not).collect();
    others[dice.index(others.len())]
}

fn side(street: usize) -> Group {
    if street < N_STREETS / 2 { Group::Hill } else { Group::Shore }
}

/// Friends come in pairs of different pronouns, so that a pronoun in a story is clear.
fn friend(i: usize) -> usize {
    match i {
        _ if i < PAIRS => i + PAIRS,
        _ if i < 2 * PAIRS => i - PAIRS,
        _ => i - 2 * PAIRS,
    }
}
