//! Stories say what is true, and their summaries what happens in them.

use std::collections::BTreeSet;

use tinytown::{JOBS, Pronouns, lexicon};

use crate::{words, worlds};

#[test]
fn stories_are_true() {
    let mut said = 0;
    for world in worlds() {
        for story in world.stories(2).take(400) {
            let words = words(&story.text);
            for w in words.windows(5) {
                let Some(p) = world.find(w[0]).map(|i| &world.people[i]) else { continue };
                let job = JOBS.iter().find(|job| job.name == w[2]);
                let fits = match (w[1], job) {
                    ("the", Some(job)) => p.job == job,
                    ("lived", _) => p.street == format!("{} {}", w[3], w[4]),
                    ("loved", _) if lexicon::HOBBIES.iter().any(|h| h.1 == w[2]) => {
                        p.hobby.1 == w[2]
                    }
                    _ => continue,
                };
                assert!(fits, "{} in {}", w.join(" "), story.text);
                said += 1;
            }
        }
    }
    assert!(said > 2000, "{said} statements found");
}

#[test]
fn pronouns_have_an_owner() {
    for world in worlds() {
        for story in world.stories(2).take(400) {
            let has = |pronouns| story.people.iter().any(|&i| world.people[i].pronouns == pronouns);
            for word in words(&story.text) {
                let fits = match word.to_lowercase().as_str() {
                    "she" | "her" | "herself" | "woman" | "girl" => has(Pronouns::She),
                    "he" | "his" | "him" | "himself" | "man" | "boy" => has(Pronouns::He),
                    _ => true,
                };
                assert!(fits, "“{word}” in {}", story.text);
            }
            let [a, b, ..] = story.people[..] else { panic!("too few people") };
            assert_ne!(world.people[a].pronouns, world.people[b].pronouns);
        }
    }
}

/// Numbers written as words.
fn numbers(text: &str) -> Vec<usize> {
    let value = |w: &str| lexicon::NUMBERS.iter().position(|n| *n == w);
    words(&text.to_lowercase()).into_iter().filter_map(value).collect()
}

#[test]
fn counts_add_up() {
    let mut checked = 0;
    for world in worlds() {
        for s in world.summaries(4).take(400).filter(|s| s.story.plot == "counting") {
            let told = numbers(&s.text);
            let [sum, left] = numbers(&s.summary)[..] else { panic!("{}", s.summary) };
            let adds =
                |total: usize| told.iter().any(|&a| a < total && told.contains(&(total - a)));
            assert!(told.contains(&sum) && told.contains(&left) && left < sum, "{}", s.text);
            assert!(adds(sum), "{}", s.text);
            checked += 1;
        }
    }
    assert!(checked > 100);
}

#[test]
fn summaries_tell_the_main_event() {
    for world in worlds() {
        let mut plots = BTreeSet::new();
        for s in world.summaries(4).take(400) {
            let event = &s.story.events[s.story.main];
            let name = world.people[event.who].name;
            assert!(s.summary.contains(name), "{} of {}", s.summary, s.text);
            if !event.object.is_empty() {
                assert!(s.summary.contains(&event.object), "{event:?}: {}", s.summary);
                let last = words(&event.object).pop().unwrap_or_default();
                assert!(s.text.contains(last), "{event:?}: {}", s.text);
            }
            assert!(s.summary.contains(event.deed) || s.summary.contains("lost"), "{event:?}");
            for person in world.people.iter().filter(|p| words(&s.summary).contains(&p.name)) {
                assert!(words(&s.text).contains(&person.name), "{} of {}", s.summary, s.text);
            }
            let (short, long) = (words(&s.summary).len(), words(&s.text).len());
            assert!(short < 20 && long > 3 * short, "{short} words of {long}");
            assert_eq!(s.summary.matches('.').count(), 1, "one sentence: {}", s.summary);
            assert_eq!(s.text, s.story.text);
            plots.insert(s.story.plot);
        }
        assert!(plots.len() >= 12, "{plots:?}");
    }
}

#[test]
fn events_stand_in_the_text() {
    for world in worlds() {
        for story in world.stories(8).take(400) {
            assert!(story.main < story.events.len());
            for event in &story.events {
                assert!(event.place.is_none_or(|place| story.text.contains(place)), "{event:?}");
                let who = Some(event.who).into_iter().chain(event.whom);
                for person in who {
                    assert!(story.people.contains(&person));
                    assert!(words(&story.text).contains(&world.people[person].name));
                }
            }
        }
    }
}
