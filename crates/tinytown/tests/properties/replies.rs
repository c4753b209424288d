//! Dialogues, preferences and documents agree with the world.

use std::collections::{BTreeMap, BTreeSet};

use tinytown::{Mood, Reason, Relation, Role, Task, World, lexicon, to_tinytongue};

use crate::{texts, words, worlds};

#[test]
fn dialogues_are_answered_by_the_world() {
    for world in worlds() {
        let mut tasks: BTreeMap<Task, usize> = BTreeMap::new();
        for d in world.dialogues(1).take(600) {
            *tasks.entry(d.task).or_default() += 1;
            assert!(d.turns.len() >= 2 && d.turns.len().is_multiple_of(2));
            for (i, turn) in d.turns.iter().enumerate() {
                assert_eq!(turn.role == Role::User, i % 2 == 0);
            }
            let [asked, reply] = [&d.turns[0].text, &d.turns[1].text];
            match d.task {
                Task::Fact | Task::FollowUp => {
                    assert_eq!(d.facts.len() * 2, d.turns.len());
                    for (fact, turns) in d.facts.iter().zip(d.turns.chunks(2)) {
                        let value = world.ask(fact.person, fact.relation).unwrap();
                        assert!(turns[1].text.contains(&value), "{d:?}");
                        assert!(turns[1].text.contains(world.people[fact.person].name), "{d:?}");
                    }
                    assert!(asked.contains(world.people[d.facts[0].person].name));
                }
                Task::Unknown => {
                    let told = words(reply);
                    assert!(told.contains(&"know") || told.contains(&"guess"), "{reply}");
                    assert!(!reply.contains(&d.facts[0].value));
                }
                Task::Translate => {
                    let english = asked.split_once(": ").unwrap().1;
                    assert_eq!(to_tinytongue(english).as_ref(), Ok(reply));
                }
                Task::Add => {
                    let value = |w: &&str| lexicon::NUMBERS.iter().position(|n| n == w);
                    let of = |text| words(text).iter().filter_map(value).collect::<Vec<_>>();
                    let sum: usize = of(asked).iter().sum();
                    assert_eq!(of(reply), [sum], "{d:?}");
                }
                Task::Mood => {
                    assert!(matches!(reply.as_str(), "It is good." | "It is bad."));
                }
                Task::Summarize => assert!(asked.len() > 3 * reply.len()),
                Task::Harmful | Task::Harmless => assert!(!reply.is_empty()),
            }
        }
        assert_eq!(tasks.len(), 9);
        assert!(tasks.values().all(|&n| n > 15), "{tasks:?}");
    }
}

#[test]
fn moods_in_dialogues_are_those_of_their_texts() {
    let world = World::new(1);
    let mut moods = world.sentiments(1 << 63);
    for d in world.dialogues(0).filter(|d| d.task == Task::Mood).take(100) {
        let s = moods.next().unwrap();
        assert!(d.turns[0].text.ends_with(&s.text));
        assert_eq!(d.turns[1].text == "It is good.", s.mood == Mood::Good);
    }
}

#[test]
fn preferred_replies_are_better_for_the_reason_given() {
    for world in worlds() {
        let mut reasons: BTreeMap<Reason, usize> = BTreeMap::new();
        for p in world.preferences(1).take(600) {
            *reasons.entry(p.reason).or_default() += 1;
            assert_ne!(p.chosen, p.rejected);
            let truth = p.fact.as_ref().map(|f| world.ask(f.person, f.relation).unwrap());
            match (p.reason, truth) {
                (Reason::Honest, Some(truth)) => {
                    assert!(
                        !words(&p.rejected).join(" ").contains(&words(&truth).join(" ")),
                        "{p:?}"
                    );
                    let known = p.chosen.contains(&truth);
                    assert!(
                        known || words(&p.chosen).iter().any(|w| ["know", "guess"].contains(w))
                    );
                    let untold = Relation::UNTOLD.contains(&p.fact.as_ref().unwrap().relation);
                    assert_eq!(known, !untold, "{p:?}");
                }
                (Reason::Helpful, Some(truth)) => assert!(p.chosen.contains(&truth), "{p:?}"),
                (Reason::Helpful, None) => assert!(p.rejected.starts_with("I cannot"), "{p:?}"),
                (Reason::Harmless, None) => {
                    assert!(!p.rejected.contains("not help") && p.prompt.len() > 10);
                }
                (_, truth) => panic!("{truth:?}: {p:?}"),
            }
        }
        assert!(reasons.values().all(|&n| n > 150) && reasons.len() == 3, "{reasons:?}");
    }
}

#[test]
fn documents_tell_what_nothing_else_tells() {
    for world in worlds() {
        let mut told = BTreeSet::new();
        for d in world.documents(0).take(1500) {
            for fact in d.facts {
                assert_eq!(world.ask(fact.person, fact.relation), Some(fact.value.clone()));
                assert!(Relation::UNTOLD.contains(&fact.relation));
                assert!(d.text.contains(&fact.value), "{fact:?}: {}", d.text);
                assert!(words(&d.text).contains(&world.people[fact.person].name));
                told.insert((fact.person, fact.relation));
            }
        }
        assert_eq!(told.len(), world.people.len() * Relation::UNTOLD.len(), "all facts are told");
        for story in world.stories(0).take(1500) {
            assert!(!story.text.contains(|c: char| c.is_ascii_digit()), "{}", story.text);
            assert!(lexicon::DEEDS.iter().all(|deed| !story.text.contains(deed)));
        }
    }
}

#[test]
fn only_documents_and_lies_have_digits() {
    let world = World::new(4);
    let documents: BTreeSet<String> = world.documents(0).take(100).map(|d| d.text).collect();
    let lies: BTreeSet<String> = world.preferences(0).take(100).map(|p| p.rejected).collect();
    for text in texts(&world, 0, 100) {
        let digits = text.contains(|c: char| c.is_ascii_digit());
        assert!(!digits || documents.contains(&text) || lies.contains(&text), "{text}");
    }
}
