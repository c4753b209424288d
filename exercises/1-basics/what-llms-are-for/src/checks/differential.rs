//! Each answer beside the reference, on hundreds of drawn inputs.

use std::collections::BTreeSet;

use grading::draw::{self, BoxedStrategy, Just, Strategy, list, prop_oneof, select};
use grading::{Differential, Outcome, Tolerance, agree, differential, expect_close, expect_same};

use super::same_counts;
use crate::{
    Answers, Asked, Candidate, ClassCounts, Idf, SOLUTION, TagCounts, lower_words, sentences, words,
};

/// Few, so that they meet: in another case, with signs inside, of other scripts.
const WORDS: [&str; 30] = [
    "ada", "Ada", "ADA", "ada-may", "ben", "Ben", "cat", "Cat", "who", "Where", "what", "How",
    "the", "The", "was", "don't", "Don’t", "Où", "où", "Éva", "éva", "Zoë", "İda", "e\u{301}",
    "北京", "3.5", "42", "Ada's", "iPad", "ipad",
];

/// Most are one space; sentences end, or seem to.
const GAPS: [&str; 24] = [
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    "  ",
    "\u{a0}",
    "\t",
    "-",
    ", ",
    " – ",
    ": ",
    " “",
    ". ",
    ". ",
    "! ",
    "?” ",
    "… ",
    ".",
    ".\n",
    "\n",
    "\r\n",
    " \u{feff}",
];

fn word() -> impl Strategy<Value = String> + Clone {
    let known = select(WORDS.to_vec()).prop_map(str::to_owned);
    prop_oneof![9 => known.boxed(), 1 => draw::word()]
}

/// Up to so many words, many or few of them distinct, in short sentences or long ones.
fn text(max: usize) -> impl Strategy<Value = String> + Clone {
    let joined = |word: BoxedStrategy<String>, gaps: &[&'static str]| {
        let pieces = list((word, select(gaps.to_vec())), 0..=max);
        pieces.prop_map(|pieces| pieces.iter().map(|(word, gap)| word.clone() + gap).collect())
    };
    let few = || select(vec!["Ben", "cat", "Éva", "the"]).prop_map(str::to_owned).boxed();
    let long = [&[" "; 150], &GAPS[..]].concat();
    prop_oneof![
        joined(word().boxed(), &GAPS),
        joined(word().boxed(), &long),
        joined(word().boxed(), &[". "]),
        joined(few(), &[". "]),
        joined(few(), &GAPS),
        joined(few(), &long),
        draw::text(max),
    ]
}

/// A count that may tie, and that no float holds.
fn count() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![4 => draw::count().boxed(), 1 => (u64::MAX - 2..=u64::MAX).boxed()]
}

pub fn counting_like_reference(answers: &Answers) -> Outcome {
    let inputs = prop_oneof![4 => 0..=4_usize, 1 => 255..=300_usize].prop_flat_map(|n| {
        let beyond = select(vec![n, n + 1, usize::MAX]);
        let label = prop_oneof![60 => 0..n.max(1), 1 => beyond];
        let times = select([vec![1; 99], vec![200]].concat());
        let text = (text(9), times).prop_map(|(text, times)| text.repeat(times));
        (list((text, label), 0..=40), Just(n))
    });
    differential(inputs, |(examples, n)| {
        let examples: Vec<_> = examples.iter().map(|(text, c)| (text.as_str(), *c)).collect();
        let want = (SOLUTION.count_classes)(&examples, *n);
        agree("the counts", (answers.count_classes)(&examples, *n), want, |got, want| {
            same_counts("", got, want)
        })
    })
}

pub fn classifying_like_reference(answers: &Answers) -> Outcome {
    let largest = select(vec![3_u64, 1000, 1 << 33, 1 << 48]);
    let inputs = (1..=5_usize, largest).prop_flat_map(|(n, largest)| {
        let counts = list(prop_oneof![0..=3_u64, 0..=largest], n..=n);
        let texts = counts.clone().prop_filter("no texts", |n| n.iter().any(|n| *n > 0));
        let of_word = list((prop_oneof![word().boxed(), draw::word()], counts), 0..=300);
        (texts, of_word, text(40), select(vec![1, 1, 1, 200]))
    });
    differential(inputs, |(texts, of_word, text, times)| {
        let mut counts = ClassCounts { texts: texts.clone(), ..ClassCounts::new(texts.len()) };
        for (word, seen) in of_word.iter().filter(|(_, seen)| seen.iter().any(|n| *n > 0)) {
            counts.of_word.extend(lower_words(word).into_iter().map(|word| (word, seen.clone())));
        }
        for seen in counts.of_word.values() {
            counts.words.iter_mut().zip(seen).for_each(|(words, n)| *words += n);
        }
        let text = text.repeat(*times);
        let want = (SOLUTION.classify)(&counts, &text);
        // The more logarithms, the more their order counts.
        let rtol = 1e-11 * (1 + words(&text).len()) as f64;
        let tolerance = Tolerance { rtol, atol: 1e-300 };
        expect_close("P", &[], &(answers.classify)(&counts, &text), &want, tolerance)
    })
}

pub fn tagging_like_reference(answers: &Answers) -> Outcome {
    let person = Just([0, 1, 0, 0]);
    let tags = || prop_oneof![[count(), count(), count(), count()], person];
    let inputs = (list((word(), tags()), 0..=40), tags(), text(70));
    Differential::cases(2048).run(inputs, |(seen, capitals, text)| {
        let of_word = seen.iter().cloned().collect();
        let counts = TagCounts { of_word, capitalized: *capitals };
        let want = (SOLUTION.tag_entities)(&counts, text);
        expect_same("the names", &(answers.tag_entities)(&counts, text), &want)
    })
}

pub fn answering_like_reference(answers: &Answers) -> Outcome {
    let stretch = (0..1000_usize, 1..=3_usize, select(Asked::ALL.to_vec()));
    let question = (list(0..1000_usize, 0..=5), text(5));
    // A word of 40 texts is worth a little more than one of 41.
    let idf = Idf::fit([vec!["cat"; 40], vec!["dog"; 41]].concat());
    let who = [(0, 3), (15, 18)].map(|(start, end)| Candidate { start, end, asked: Asked::Who });
    let got = (answers.answer)(&idf, "Ada saw a dog. Ben saw a cat.", &who, "Who: dog or cat?");
    expect_same("the answer where “cat” is a little rarer than “dog”", &got, &Some(who[1]))?;
    let inputs = (list(text(9), 0..=9), text(150), list(stretch, 0..=60), question);
    Differential::cases(1024).run(inputs, |(texts, context, stretches, (shared, others))| {
        let idf = Idf::fit(texts.iter().map(String::as_str));
        let words = words(context);
        let shared = shared.iter().filter_map(|at| words.get(at % words.len().max(1)));
        let question = &shared.fold(others.clone(), |text, word| text + " " + word.text);
        let candidate = |&(at, n, asked): &(usize, usize, Asked)| {
            let first = at % words.len().max(1);
            let last = words.get(first + n - 1)?;
            Some(Candidate { start: words[first].start, end: last.end(), asked })
        };
        let mut candidates: Vec<_> = stretches.iter().filter_map(candidate).collect();
        candidates.sort_by_key(|candidate| (candidate.start, candidate.end));
        if rounding_ranks(&idf, context, question) {
            return Ok(());
        }
        let want = (SOLUTION.answer)(&idf, context, &candidates, question);
        let got = (answers.answer)(&idf, context, &candidates, question);
        expect_same(&format!("“{question}”, the answer among {candidates:?}"), &got, &want)
    })
}

/// Whether the order of a sum could decide between sentences. Of two terms it cannot.
fn rounding_ranks(idf: &Idf, context: &str, question: &str) -> bool {
    let asked: BTreeSet<String> = lower_words(question).into_iter().collect();
    let score = |sentence: &str| {
        let words = lower_words(sentence);
        let shared: Vec<f64> =
            asked.iter().filter(|word| words.contains(word)).map(|word| idf.of(word)).collect();
        (shared.iter().sum::<f64>(), shared.len())
    };
    let mut scores: Vec<_> = sentences(context).into_iter().map(|s| score(&context[s])).collect();
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    scores.windows(2).any(|pair| pair[1].0 - pair[0].0 < 1e-9 && pair[0].1.max(pair[1].1) > 2)
}
