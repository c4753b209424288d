//! English that reads well, in many words and sentences.

use std::collections::{BTreeMap, BTreeSet};

use tinytown::{JOBS, World, lexicon};

use crate::{texts, words, worlds};

#[test]
fn sentences_are_well_formed() {
    for world in worlds() {
        for text in texts(&world, 5, 60) {
            assert!(!text.contains("  ") && text.trim() == text, "spaces: {text}");
            assert!(!text.contains(['{', '}', '\n']), "a slot is left: {text}");
            let end = text.trim_end_matches('"').chars().next_back();
            assert!(matches!(end, Some('.' | '!' | '?')), "no end: {text}");
            let first = text.trim_start_matches('"').chars().next();
            assert!(first.is_some_and(char::is_uppercase), "no capital: {text}");
            assert!(text.matches('"').count().is_multiple_of(2), "quotes: {text}");
            for wrong in [" .", " ,", "..", ",.", "?.", "!.", " ?", "s's", " i "] {
                let fine = wrong == "s's" || !text.contains(wrong);
                assert!(fine, "“{wrong}” in {text}");
            }
            // After a full stop comes a capital or a quotation.
            for (at, _) in text.match_indices(". ") {
                let next = text[at + 2..].trim_start_matches('"').chars().next();
                assert!(next.is_some_and(char::is_uppercase), "small after a full stop: {text}");
            }
        }
    }
}

#[test]
fn articles_fit_the_next_word() {
    for world in worlds() {
        for text in texts(&world, 6, 60) {
            for pair in words(&text).windows(2) {
                let vowel = pair[1].starts_with(['a', 'e', 'i', 'o', 'u']) || pair[1] == "hour";
                match pair[0] {
                    "a" | "A" => assert!(!vowel, "a {}: {text}", pair[1]),
                    "an" | "An" => assert!(vowel, "an {}: {text}", pair[1]),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn stories_have_a_rich_vocabulary() {
    for world in worlds() {
        let text = world.text(0, 300_000).to_lowercase();
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for word in words(&text) {
            *counts.entry(word).or_default() += 1;
        }
        let common = counts.values().filter(|&&n| n >= 5).count();
        assert!(common >= 400, "{common} words");
        for job in JOBS {
            for (word, least) in [(job.name, 60), (job.workplace, 40), (job.product, 20)] {
                let n = counts.get(word).copied().unwrap_or(0);
                assert!(n >= least, "{word} occurs {n} times only");
            }
        }
    }
}

/// Sentences with everything that fills a slot blanked out.
fn skeletons(text: &str, known: &BTreeSet<String>, into: &mut BTreeMap<String, u32>) {
    for sentence in text.split_inclusive(['.', '!', '?']) {
        let blank = |word: &str| match known.contains(&word.to_lowercase()) {
            true => "_".to_owned(),
            false => word.to_owned(),
        };
        let words: Vec<String> = words(sentence).into_iter().map(blank).collect();
        if words.len() > 2 {
            *into.entry(words.join(" ")).or_default() += 1;
        }
    }
}

#[test]
fn stories_have_many_patterns() {
    let world = World::new(1);
    let mut known = BTreeSet::new();
    let mut add = |text: &str| known.extend(words(text).into_iter().map(str::to_lowercase));
    for fact in world.facts() {
        add(&fact.value);
    }
    for job in JOBS {
        for text in [job.name, job.at, job.tool, job.product, job.task, job.did] {
            add(text);
        }
    }
    world.people.iter().for_each(|p| add(p.name));
    world.places().into_iter().for_each(&mut add);
    lexicon::NUMBERS.iter().chain(&lexicon::COUNTED).for_each(|w| add(w));
    lexicon::DAYS.iter().chain(&lexicon::CONTAINERS).for_each(|w| add(w));
    lexicon::HOBBIES.iter().for_each(|(to, _)| add(to));
    add("he she they his her their him them himself a an was were in on at by the");
    let mut patterns = BTreeMap::new();
    for story in world.stories(0).take(3000) {
        skeletons(&story.text, &known, &mut patterns);
    }
    let used = patterns.values().filter(|&&n| n >= 20).count();
    assert!(used >= 150, "{used} patterns");
}

#[test]
fn a_word_needs_more_than_the_word_before_it() {
    // A long memory pays: of the color words before an owned thing, the word before the color
    // hardly tells which it is, but the owner, who was named long before, does.
    let world = World::new(1);
    let (mut said, mut right) = (0, 0);
    for story in world.stories(0).take(500) {
        let words = words(&story.text);
        for pair in words.windows(2).filter(|p| lexicon::COLORS.contains(&p[0])) {
            let owners = story.people.iter().map(|&i| &world.people[i]);
            let owned: Vec<_> = owners.filter(|p| p.thing == pair[1]).collect();
            said += owned.len();
            right += owned.iter().filter(|p| p.color == pair[0]).count();
        }
    }
    assert!(said > 200 && said == right, "{right} of {said} colors are those of the world");
}
