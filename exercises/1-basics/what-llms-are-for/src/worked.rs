//! Numbers for the page.

use grading::Worked;
use grading::numbers::percent;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;

use crate::buddy::{ORDER, VOCAB_SIZE};
use crate::evaluate::{HELD_OUT_EXAMPLES, STORY_BYTES, TRAINING_EXAMPLES, report};
use crate::example::{DICTIONARY, NEW_REVIEW, REVIEWS, ROUNDS};
use crate::metrics::rouge1_f1;
use crate::solution::{classify, count_classes};
use crate::town::{Examples, HELD_OUT, Models, SEED, TRAINING};
use crate::{Buddy, Pair, SOLUTION, TaskError, em_round, translate, uniform_table};

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // What fails here is missing on the page, and the build says so.
    let _ = bayes(&mut worked);
    alignment(&mut worked);
    let _ = town(&mut worked);
    let _ = scores(&mut worked);
    worked
}

fn bayes(worked: &mut Worked) -> Result<(), TaskError> {
    let counts = count_classes(&REVIEWS, 2)?;
    worked
        .set("bayes-vocabulary", counts.of_word.len())
        .set("bayes-bad-words", counts.words[0])
        .set("bayes-good-words", counts.words[1])
        .set("bayes-text", NEW_REVIEW);
    let texts: u64 = counts.texts.iter().sum();
    for (c, name) in ["bad", "good"].into_iter().enumerate() {
        let of = counts.words[c] + counts.of_word.len() as u64;
        worked.set(&format!("bayes-{name}-of"), of);
        let mut product = counts.texts[c] as f64 / texts as f64;
        worked.set(&format!("bayes-{name}-prior"), format!("{}/{texts}", counts.texts[c]));
        for word in NEW_REVIEW.split(' ') {
            let n = counts.of_word.get(word).map_or(0, |of_word| of_word[c]) + 1;
            product *= n as f64 / of as f64;
            worked.set(&format!("bayes-{name}-{word}"), format!("{n}/{of}"));
        }
        worked.set(&format!("bayes-{name}-product"), format!("{product:.6}"));
    }
    worked.set("bayes-bad", percent(classify(&counts, NEW_REVIEW)[0], 0));
    Ok(())
}

fn alignment(worked: &mut Worked) {
    let pairs = DICTIONARY.map(|(source, target)| Pair::new(source, target));
    let mut table = uniform_table(&pairs);
    worked.set("em-start", format!("{:.2}", table["the"]["das"]));
    for round in 1..=ROUNDS {
        table = em_round(&pairs, &table);
        for f in ["das", "haus"] {
            worked.set(&format!("em-{round}-the-{f}"), format!("{:.2}", table["the"][f]));
        }
    }
}

/// Examples from Tinytown.
fn town(worked: &mut Worked) -> Result<(), TaskError> {
    let world = World::new(SEED);
    let models = Models::fit(&Examples::new(&world, TRAINING, TRAINING_EXAMPLES), &SOLUTION)?;
    for (name, text) in [("plain", "The play was boring."), ("negated", "The play was not boring.")]
    {
        let bad = percent(classify(&models.classes, text)[0], 0);
        worked.set(&format!("mood-{name}-text"), text).set(&format!("mood-{name}"), bad);
    }
    let translated = |pair: Pair| (translate(&models.table, &pair.source), pair.target);
    let held_out = Examples::new(&world, HELD_OUT, HELD_OUT_EXAMPLES).pairs();
    let pairs: Vec<_> = held_out.into_iter().map(translated).collect();
    worked.set("words-right", percent(rouge1_f1(&pairs), 0));
    let english = "The tired owl laughs beside the forest.";
    let tinytongue = tinytown::to_tinytongue(english).unwrap_or_default();
    let (got, expected) = translated(Pair::new(english, &tinytongue));
    let prompt = "On Sunday morning, Ada went to the";
    let mut rng = StdRng::seed_from_u64(7);
    let text = Buddy::fit(&world, STORY_BYTES)?.continued(prompt, 40, &mut rng)?;
    worked
        .set("sentence-english", english)
        .set("sentence-expected", expected.join(" "))
        .set("sentence-got", got.join(" "))
        .set("prompt", prompt)
        .set("continued", text.replace('\n', " ").trim());
    Ok(())
}

/// The report card.
fn scores(worked: &mut Worked) -> Result<(), TaskError> {
    for score in report()? {
        let name =
            format!("{} {}", score.task, score.metric).to_ascii_lowercase().replace(' ', "-");
        let shown = |value: f64| match score.task {
            "generation" if value >= 100.0 => format!("{value:.0}"),
            "generation" => format!("{value:.1}"),
            _ if score.metric.starts_with("BLEU") => format!("{value:.2}"),
            _ => percent(value, 0),
        };
        worked
            .set(&name, shown(score.value))
            .set(&format!("{name}-floor"), shown(score.baseline_floor));
    }
    worked.set("vocabulary", VOCAB_SIZE).set("order", ORDER);
    Ok(())
}
