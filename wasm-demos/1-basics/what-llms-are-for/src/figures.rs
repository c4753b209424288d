//! The figures of the page.

use demo::figure::{Bars, Figure, Plot};
use tinytown::World;
use what_llms_are_for::evaluate::TRAINING_EXAMPLES;
use what_llms_are_for::example::{ASKED_WORDS, DICTIONARY, FOLLOWED, NEW_REVIEW, REVIEWS, ROUNDS};
use what_llms_are_for::solution::count_classes;
use what_llms_are_for::town::{MOODS, SEED, TRAINING};
use what_llms_are_for::{Idf, Pair, TaskError, em_round, lower_words, uniform_table};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [words_vote(), Ok(rare_words()), Ok(rounds())];
    figures.into_iter().flatten().collect()
}

/// What the mood of five reviews, and each word of a new one, says about its mood.
fn words_vote() -> Result<Figure, TaskError> {
    let counts = count_classes(&REVIEWS, MOODS.len())?;
    let (texts, vocabulary) = (counts.texts.iter().sum::<u64>(), counts.of_word.len() as u64);
    let words = lower_words(NEW_REVIEW);
    // Of each mood its share of the reviews and the shares of the words: so many of so many.
    let shares = [0, 1].map(|c| {
        let share = |word: &String| {
            let seen = counts.of_word.get(word).map_or(0, |of_word| of_word[c]);
            (seen + 1, counts.words[c] + vocabulary)
        };
        let words = words.iter().map(share);
        [(counts.texts[c], texts)].into_iter().chain(words).collect::<Vec<(u64, u64)>>()
    });
    let categories: Vec<&str> =
        ["all reviews"].into_iter().chain(words.iter().map(String::as_str)).collect();
    let shown = |&(some, all): &(u64, u64)| format!("{some}/{all}");
    let both = shares[0].iter().zip(&shares[1]);
    let told: Vec<String> = both
        .zip(&categories)
        .map(|((bad, good), what)| format!("{what}: {} and {}", shown(bad), shown(good)))
        .collect();
    let mut bars = Bars::new(&categories);
    for (mood, shares) in MOODS.iter().zip(&shares) {
        let value = |&(some, all): &(u64, u64)| some as f64 / all as f64;
        let values: Vec<f64> = shares.iter().map(value).collect();
        let name = |x: f64| shares.iter().find(|share| value(share) == x).map_or("".into(), shown);
        bars = bars.series(mood, &values, name);
    }
    Ok(Figure {
        name: "words-vote",
        caption: "Left, the share of each mood among the reviews; then the share of each word \
                  among the words of that mood, one added to every count."
            .into(),
        text: format!("Shares in bad and in good reviews. {}.", told.join("; ")),
        drawing: bars.into(),
    })
}

/// What words of a question weigh in Tinytown.
fn rare_words() -> Figure {
    let world = World::new(SEED);
    let questions = world.questions(TRAINING).take(TRAINING_EXAMPLES);
    let contexts: Vec<String> = questions.map(|question| question.context).collect();
    let idf = Idf::fit(contexts.iter().map(String::as_str));
    let words: Vec<Vec<String>> = contexts.iter().map(|context| lower_words(context)).collect();
    let with = |word: &str| words.iter().filter(|words| words.iter().any(|w| w == word)).count();
    let found = ASKED_WORDS.map(|word| (word, with(word), idf.of(word)));
    let categories = found.map(|(word, texts, _)| format!("{word}: {texts} texts"));
    let told = found.map(|(word, texts, weight)| {
        format!("“{word}” is in {texts} of them and weighs {weight:.1}")
    });
    Figure {
        name: "rare-words",
        caption: format!(
            "What words of the question weigh, and how many of {} texts from Tinytown have them.",
            contexts.len()
        ),
        text: format!("Weights of words in {} texts: {}.", contexts.len(), told.join("; ")),
        drawing: Bars::new(&categories.each_ref().map(String::as_str))
            .series("weight", &found.map(|(_, _, weight)| weight), |weight| format!("{weight:.1}"))
            .into(),
    }
}

/// How a table of translations learns, round by round.
fn rounds() -> Figure {
    let (source, targets) = FOLLOWED;
    let pairs = DICTIONARY.map(|(source, target)| Pair::new(source, target));
    let mut table = uniform_table(&pairs);
    let mut curves = targets.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for (curve, target) in curves.iter_mut().zip(targets) {
            let t = table.get(source).and_then(|row| row.get(target)).copied().unwrap_or(0.0);
            curve.push((round as f64, t));
        }
        table = em_round(&pairs, &table);
    }
    let mut plot = Plot::new(("round", 0.0, ROUNDS as f64), ("probability", 0.0, 1.0));
    let mut told = Vec::new();
    for (curve, target) in curves.iter().zip(targets) {
        plot = plot.curve(target, curve.iter().copied());
        let shown: Vec<String> = curve.iter().map(|point| format!("{:.2}", point.1)).collect();
        told.push(format!("“{target}” {}", shown.join(", ")));
    }
    Figure {
        name: "rounds",
        caption: format!(
            "What a program that has read the three pairs believes “{source}” to be in German, \
             round after round."
        ),
        text: format!(
            "Probabilities that “{source}” becomes a German word, before the first round and \
             after each: {}.",
            told.join("; ")
        ),
        drawing: plot.into(),
    }
}
