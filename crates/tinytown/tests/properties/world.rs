//! Truth, time and chance.

use std::collections::{BTreeMap, BTreeSet};

use tinytown::{Fact, Group, JOBS, Mood, Relation, World};

use crate::{texts, worlds};

/// FNV-1a, 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[test]
fn a_seed_gives_the_same_bytes_everywhere_and_for_ever() {
    // If you change a text on purpose, this number changes with it: print it and put it here.
    let world = World::new(1);
    let mut all = texts(&world, 0, 50).join("\n");
    all.extend(world.facts().iter().map(|f| format!("\n{}", f.value)));
    all.extend(world.later(3).facts().iter().map(|f| format!("\n{}", f.value)));
    all.extend(world.translations(0).take(50).map(|t| t.tinytongue));
    assert_eq!(fnv(all.as_bytes()), FINGERPRINT, "the texts of seed 1 are not what they were");
}

const FINGERPRINT: u64 = 7_706_738_797_043_451_790;

#[test]
fn a_stream_can_be_read_twice_and_in_part() {
    for world in worlds() {
        let again = World::new(world.seed);
        assert_eq!(world, again);
        assert_eq!(texts(&world, 3, 20), texts(&again, 3, 20));
        let long: Vec<_> = world.stories(3).take(30).collect();
        assert_eq!(world.stories(3).skip(10).take(20).collect::<Vec<_>>(), long[10..]);
    }
}

#[test]
fn streams_and_seeds_differ() {
    let world = World::new(1);
    let train: BTreeSet<String> = world.stories(0).take(5000).map(|s| s.text).collect();
    assert_eq!(train.len(), 5000, "stories repeat");
    assert!(world.stories(1).take(5000).all(|s| !train.contains(&s.text)));
    assert!(world.summaries(0).take(5000).all(|s| !train.contains(&s.text)));
    // Short texts can be the same by chance; few are.
    let short: BTreeSet<String> = world.translations(0).take(2000).map(|t| t.english).collect();
    let same = world.translations(1).take(2000).filter(|t| short.contains(&t.english)).count();
    assert!(same < 100, "{same} of 2000 held-out translations are known from training");
    assert_ne!(World::new(1).people, World::new(2).people);
}

#[test]
fn text_is_whole_stories() {
    let world = World::new(9);
    assert_eq!(world.text(0, 0), "");
    let text = world.text(0, 10_000);
    assert!(text.len() >= 10_000 && text.len() < 12_000);
    let stories = world.stories(0).map(|s| s.text);
    assert!(text.lines().eq(stories.take(text.lines().count())));
}

#[test]
fn people_have_all_that_the_world_says() {
    for world in worlds() {
        let names: BTreeSet<&str> = world.people.iter().map(|p| p.name).collect();
        assert_eq!(names.len(), world.people.len(), "names are unique");
        let things: BTreeSet<&str> = world.people.iter().map(|p| p.thing).collect();
        assert_eq!(things.len(), world.people.len(), "things are unique");
        assert_eq!(world.facts().len(), world.people.len() * Relation::ALL.len());
        for (i, p) in world.people.iter().enumerate() {
            assert_ne!(p.friend, i);
            assert_ne!(p.likes, p.dislikes);
            assert_ne!(p.pronouns, world.people[p.friend].pronouns);
            assert!(p.born + 12 <= p.deed_year && p.deed_year < world.year);
            assert_eq!(world.find(p.name), Some(i));
            assert!(world.who(Relation::Thing, p.thing) == [i]);
        }
        for job in JOBS {
            assert_eq!(world.who(Relation::Job, job.name).len(), 2, "two of each job");
        }
        for fact in world.facts() {
            assert!(world.who(fact.relation, &fact.value).contains(&fact.person));
            assert!(world.say(&fact).contains(&fact.value));
        }
        assert_eq!(world.ask(world.people.len(), Relation::Job), None);
        assert_eq!(world.find("Nobody"), None);
    }
}

#[test]
fn a_street_is_on_one_side_of_the_river() {
    for world in worlds() {
        for time in [world.clone(), world.later(4)] {
            let mut sides: BTreeMap<&str, Group> = BTreeMap::new();
            for p in &time.people {
                assert_eq!(*sides.entry(p.street).or_insert(p.group), p.group);
            }
        }
        let hill = world.people.iter().filter(|p| p.group == Group::Hill).count();
        assert!((12..=20).contains(&hill), "{hill} of {} on the hill", world.people.len());
    }
}

#[test]
fn changes_are_exactly_what_changed() {
    for world in worlds() {
        let later = world.later(1);
        assert_eq!(later.year, world.year + 1);
        assert_eq!(later, world.later(1));
        assert_eq!(world.changes(&world), []);
        assert!(world.later(0).people == world.people);
        let changes = world.changes(&later);
        assert!((5..60).contains(&changes.len()), "{} changes", changes.len());
        let mut facts: BTreeMap<(usize, Relation), String> =
            world.facts().into_iter().map(|f| ((f.person, f.relation), f.value)).collect();
        for change in &changes {
            let old = facts.insert((change.person, change.relation), change.after.clone());
            assert_eq!(old.as_ref(), Some(&change.before));
            assert_ne!(change.before, change.after);
        }
        let all = |f: Fact| ((f.person, f.relation), f.value);
        assert_eq!(facts, later.facts().into_iter().map(all).collect());
        // What a document tells stays true.
        assert!(changes.iter().all(|c| !Relation::UNTOLD.contains(&c.relation)));
    }
}

/// Pearson's statistic of a table of two by two; above 10.8 for one of 1000 independent tables.
fn chi_squared(table: [[f64; 2]; 2]) -> f64 {
    let total: f64 = table.iter().flatten().sum();
    let row = |i: usize| table[i][0] + table[i][1];
    let column = |j: usize| table[0][j] + table[1][j];
    let cell = |i: usize, j: usize| {
        let expected = row(i) * column(j) / total;
        (table[i][j] - expected).powi(2) / expected
    };
    cell(0, 0) + cell(0, 1) + cell(1, 0) + cell(1, 1)
}

#[test]
fn mood_and_group_are_independent_unless_biased() {
    let table = |world: &World| {
        let mut table = [[0.0; 2]; 2];
        for s in world.sentiments(0).take(4000) {
            assert_eq!(s.group, world.people[s.person].group);
            table[usize::from(s.group == Group::Hill)][usize::from(s.mood == Mood::Good)] += 1.0;
        }
        table
    };
    for world in worlds() {
        let fair = table(&world);
        assert!(chi_squared(fair) < 10.8, "seed {}: {fair:?}", world.seed);
        assert!(fair.iter().flatten().all(|&n| n > 500.0), "{fair:?}");
        let biased = table(&world.with_bias(50));
        assert!(chi_squared(biased) > 500.0, "{biased:?}");
        let all = table(&world.with_bias(100));
        assert!(all[0][1] == 0.0 && all[1][0] == 0.0, "{all:?}");
    }
}
