//! Labels of sentiment, names, questions and translations, found again from the texts alone.

use std::collections::{BTreeMap, BTreeSet};

use tinytown::{Ask, EntityKind, Mood, Way, World, lexicon, to_english, to_tinytongue};

use crate::{words, worlds};

const GOOD: &str = "good wonderful lovely excellent delightful great charming brilliant pleasant \
                    beautiful fine amazing";
const BAD: &str = "bad terrible awful boring dull dreadful poor horrible disappointing ugly \
                   unpleasant annoying";

/// What a careful reader makes of a text: the last judgment counts, and a denial turns it round.
fn read(text: &str) -> Option<Mood> {
    let mut mood = None;
    for sentence in text.split_inclusive(['.', '!', '?']) {
        let lower = sentence.to_lowercase();
        let words = words(&lower);
        let denied = words.iter().any(|w| ["not", "nobody", "nothing", "never"].contains(w));
        for word in &words {
            let good = GOOD.split(' ').any(|g| g == *word);
            let bad = BAD.split(' ').any(|b| b == *word);
            if good || bad {
                mood = Some(if good != denied { Mood::Good } else { Mood::Bad });
            }
        }
    }
    mood
}

#[test]
fn moods_are_what_a_reader_makes_of_them() {
    for world in worlds() {
        for s in world.sentiments(1).take(1000) {
            assert_eq!(read(&s.text), Some(s.mood), "{} ({:?})", s.text, s.way);
        }
    }
}

/// Naive Bayes over single words: accuracy on all, and on the negated.
fn bag_of_words(world: &World) -> (f64, f64) {
    let mut counts: [BTreeMap<String, f64>; 2] = Default::default();
    let lower = |text: &str| text.to_lowercase();
    for s in world.sentiments(0).take(2000) {
        for word in words(&lower(&s.text)) {
            *counts[s.mood as usize].entry(word.to_owned()).or_default() += 1.0;
        }
    }
    let total = counts.each_ref().map(|c| c.values().sum::<f64>() + 500.0);
    let score = |text: &str, mood: usize| -> f64 {
        let p = |w: &str| (counts[mood].get(w).unwrap_or(&0.0) + 1.0) / total[mood];
        words(text).iter().map(|w| p(w).ln()).sum()
    };
    let (mut all, mut negated) = ((0.0, 0.0), (0.0, 0.0));
    for s in world.sentiments(1).take(2000) {
        let text = lower(&s.text);
        let right = (score(&text, 1) > score(&text, 0)) == (s.mood == Mood::Good);
        for (hits, n) in
            [Some(&mut all), (s.way == Way::Negated).then_some(&mut negated)].into_iter().flatten()
        {
            *hits += f64::from(u8::from(right));
            *n += 1.0;
        }
    }
    (all.0 / all.1, negated.0 / negated.1)
}

#[test]
fn single_words_tell_most_moods_but_not_all() {
    for seed in 1..4 {
        let (all, negated) = bag_of_words(&World::new(seed));
        assert!((0.75..0.92).contains(&all), "{all}");
        assert!(negated < 0.5, "{negated}");
    }
}

/// Words that begin a sentence with a capital and are no names there.
const BEGIN: &str = "Yesterday The Have It Where Nobody In We My Everyone From Rose Will Mark Hope \
                     Ruby Holly Olive Clay Grace Reed Joy Bill Sage Who";

#[test]
fn names_are_marked_and_nothing_else() {
    for world in worlds() {
        for t in world.tagged(1).take(500) {
            let mut end = 0;
            for e in &t.entities {
                assert!(end <= e.start && e.start < e.end && e.end <= t.text.len());
                end = e.end;
                let name = &t.text[e.start..e.end];
                assert!(words(name).iter().all(|w| w.starts_with(char::is_uppercase)), "{name}");
                let whole = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
                assert!(whole(t.text[..e.start].chars().next_back()), "{name} in {}", t.text);
                assert!(whole(t.text[e.end..].chars().next()), "{name} in {}", t.text);
                let known = world.streets().iter().any(|(street, _)| *street == name);
                assert!(!known || e.kind == EntityKind::Place, "{name} in {}", t.text);
            }
            // Every other capital begins a sentence, with a word that is no name.
            let mut begins = true;
            let mut at = 0;
            for word in t.text.split(' ') {
                let start = at + word.len() - word.trim_start_matches('"').len();
                at += word.len() + 1;
                let capital = t.text[start..].starts_with(char::is_uppercase);
                let inside = t.entities.iter().any(|e| (e.start..e.end).contains(&start));
                if capital && !inside {
                    let bare = words(word)[0];
                    assert!(begins && BEGIN.split(' ').any(|b| b == bare), "{bare}: {}", t.text);
                }
                begins = word.ends_with(['.', '?', '!']) || word.starts_with('"');
                begins |= word.ends_with("?\"");
            }
        }
    }
}

#[test]
fn a_list_of_names_is_not_enough() {
    for world in worlds() {
        let mut kinds: BTreeMap<String, BTreeSet<EntityKind>> = BTreeMap::new();
        for t in world.tagged(0).take(1000) {
            for e in &t.entities {
                kinds.entry(t.text[e.start..e.end].into()).or_default().insert(e.kind);
            }
        }
        let (mut all, mut new, mut unclear) = (0, 0, 0);
        for t in world.tagged(1).take(500) {
            for e in &t.entities {
                all += 1;
                match kinds.get(&t.text[e.start..e.end]) {
                    None => new += 1,
                    Some(kinds) => unclear += usize::from(kinds.len() > 1),
                }
            }
        }
        assert!(new * 20 > all, "{new} of {all} names are new");
        assert!(unclear * 20 > all, "{unclear} of {all} names have two meanings");
        assert!((new + unclear) * 4 < all * 3, "too hard: {new} new, {unclear} unclear of {all}");
    }
}

#[test]
fn answers_stand_where_they_are_said_to() {
    for world in worlds() {
        for q in world.questions(1).take(600) {
            assert_eq!(&q.context[q.start..][..q.answer.len()], q.answer, "{q:?}");
            let sentences: Vec<Vec<&str>> = q.context.split('.').map(words).collect();
            match &q.ask {
                Ask::Value(fact) => {
                    assert_eq!(world.ask(fact.person, fact.relation).as_ref(), Some(&q.answer));
                    // Pronouns refer to whom the last name named.
                    let before = q.context[..q.start].split_inclusive('.');
                    let begin = |s: &str| words(s).first().and_then(|w| world.find(w));
                    let last = before.filter_map(begin).next_back();
                    assert_eq!(last, Some(fact.person), "{q:?}");
                }
                Ask::Person(fact) => {
                    assert_eq!(world.people[fact.person].name, q.answer);
                    assert_eq!(world.who(fact.relation, &fact.value), [fact.person]);
                    assert!(q.question.contains(&fact.value) && q.context.contains(&fact.value));
                }
                Ask::Whereabouts(person) => {
                    let name = world.people[*person].name;
                    let way = sentences.iter().rev().find(|s| s.first() == Some(&name));
                    let way = way.map(|s| s.join(" ")).unwrap_or_default();
                    assert!(way.ends_with(&q.answer), "{q:?}");
                }
                Ask::Count(person) => {
                    let name = world.people[*person].name;
                    let said = sentences.iter().skip(1).find(|s| s.first() == Some(&name));
                    let number = said.and_then(|s| s.get(s.len() - 2)).copied();
                    assert_eq!(number, Some(q.answer.as_str()), "{q:?}");
                    assert!(lexicon::NUMBERS.contains(&q.answer.as_str()));
                }
            }
        }
    }
}

#[test]
fn the_sentence_most_like_the_question_is_often_wrong() {
    for world in worlds() {
        let (mut hits, n) = (0, 600);
        for q in world.questions(1).take(n) {
            let asked = words(&q.question);
            let alike = |s: &str| words(s).iter().filter(|w| asked.contains(w)).count();
            let mut start = 0;
            let mut best = (0, 0..0);
            for sentence in q.context.split_inclusive('.') {
                if alike(sentence) > best.0 {
                    best = (alike(sentence), start..start + sentence.len());
                }
                start += sentence.len();
            }
            hits += usize::from(best.1.contains(&q.start));
        }
        let share = hits as f64 / n as f64;
        assert!((0.3..0.9).contains(&share), "{share}");
    }
}

#[test]
fn translations_go_both_ways() {
    for world in worlds() {
        let (mut orders, n) = (0, 1000);
        for t in world.translations(1).take(n) {
            assert_eq!(to_tinytongue(&t.english).as_ref(), Ok(&t.tinytongue), "{t:?}");
            assert_eq!(to_english(&t.tinytongue).as_ref(), Ok(&t.english), "{t:?}");
            // The order differs: names, which are the same in both, tell where it can be seen.
            let place = |text: &str| {
                let words = words(text);
                words.iter().position(|w| world.find(w).is_some()).map(|i| (i, words.len()))
            };
            let (english, tiny) = (place(&t.english), place(&t.tinytongue));
            assert_eq!(english.is_some(), tiny.is_some());
            orders += usize::from(english.map(|p| p.0) != tiny.map(|p| p.0));
        }
        assert!(orders * 10 > n, "the order differs {orders} times");
    }
}

#[test]
fn tinytongue_by_hand() {
    // Word by word from the parts: noun-plural, adjective, the; verb-past; and so on.
    let dogs = to_tinytongue("The dogs slept.").unwrap();
    let dog = to_tinytongue("The dog slept.").unwrap();
    let parts = |text: &str| text.trim_end_matches('.').to_lowercase();
    let (dogs, dog) = (parts(&dogs), parts(&dog));
    let [noun, the, verb] = words(&dog)[..] else { panic!("{dog}") };
    assert_eq!(dogs, format!("{noun}k {the} {verb}"));
    let will = parts(&to_tinytongue("The dog will not sleep.").unwrap());
    assert_eq!(will, format!("{noun} {the} {}s nu", verb.strip_suffix('t').unwrap()));
    let three = parts(&to_tinytongue("Three small dogs slept.").unwrap());
    let small = words(&three)[1].to_owned();
    assert_eq!(three, format!("{noun} {small} tir {verb}"));
}

#[test]
fn words_of_tinytongue_are_all_different() {
    let world = World::new(1);
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for t in world.translations(0).take(3000) {
        for w in words(&t.tinytongue).into_iter().filter(|w| world.find(w).is_none()) {
            seen.entry(w.to_lowercase()).or_default();
        }
    }
    assert!(seen.len() > 150, "{} words", seen.len());
    let names = lexicon::SHE.iter().chain(&lexicon::HE).chain(&lexicon::THEY);
    for name in names {
        assert!(!seen.contains_key(&name.to_lowercase()), "{name} is a word of Tinytongue");
    }
}

#[test]
fn what_cannot_be_translated_is_an_error() {
    for wrong in ["", "The", "The dog", "The dog sees", "Ada sleeps the cat.", "dog dog dog", "é"]
    {
        let error = to_tinytongue(wrong).unwrap_err();
        assert!(!error.to_string().is_empty());
    }
    for wrong in ["", "Ada", "lo lo", "nu", "é"] {
        to_english(wrong).unwrap_err();
    }
}
