//! Numbers for the page.

use grading::Worked;
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::Sampling;
use tokenization::fast::Encoder;
use what_an_llm_is::solution::prob;

use crate::example::{ORDERS, PROMPT, STORY, TOLD, VOCAB_SIZE, buddy, by_order, texts};
use crate::solution::{choose_order, complete, next_logits, train};
use crate::{Buddy, BuddyError};

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // What fails here is missing on the page, and the build says so.
    let _ = by_hand(&mut worked);
    let _ = tinytown(&mut worked);
    worked
}

/// A text of a few letters.
fn by_hand(worked: &mut Worked) -> Result<(), BuddyError> {
    let buddy = train("abcabd", 256, 2)?;
    let ids = Encoder::new(&buddy.bpe).encode("bcd");
    let p = |token| prob(&buddy.ngram, &ids[..1], token);
    let logit = next_logits(&buddy, &ids[..1])[ids[1] as usize];
    // The formula of the first lesson: (c(h, w) + T(h) · P(w | shorter)) / (c(h) + T(h)).
    if let Some(seen) = buddy.ngram.after(&ids[..1]) {
        let (count, total, distinct) = (seen.count(ids[1]), seen.total(), seen.distinct());
        let empty = format!("{:.3}", prob(&buddy.ngram, &[], ids[1]));
        worked
            .set("small-sum", format!("({count} + {distinct} · {empty}) / ({total} + {distinct})"))
            .set("small-empty", empty);
    }
    worked
        .set("small-prob", format!("{:.3}", p(ids[1])))
        .set("small-logit", format!("{logit:.3}").replace('-', "−"))
        .set("small-bits", format!("{:.2}", -p(ids[1]).log2()));
    Ok(())
}

fn tinytown(worked: &mut Worked) -> Result<(), BuddyError> {
    let [training, held_out] = texts();
    let mut buddy = buddy()?;
    let tokens = Encoder::new(&buddy.bpe).encode(&held_out);
    worked
        .set("vocab", VOCAB_SIZE)
        .set("bytes-per-token", format!("{:.1}", held_out.len() as f64 / tokens.len() as f64));
    for (order, [new, seen]) in ORDERS.into_iter().zip(by_order()?) {
        worked
            .set(&format!("training-{order}"), format!("{seen:.3}"))
            .set(&format!("held-out-{order}"), format!("{new:.3}"));
    }
    let choice = choose_order(&training, &held_out, VOCAB_SIZE, &ORDERS)?;
    worked
        .set("best", choice.order)
        .set("best-bits", format!("{:.3}", choice.bits_per_byte))
        .set("smaller", format!("{:.1}", 8.0 / choice.bits_per_byte));
    buddy.ngram.set_order(choice.order)?;
    for (name, temperature) in [("greedy", 0.0), ("half", 0.5), ("one", 1.0), ("two", 2.0)] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let text = complete(&buddy, PROMPT, &sampling, 50, &mut StdRng::seed_from_u64(4))?;
        worked.set(&format!("text-{name}"), plain(&text));
    }
    far_back(worked, &buddy)
}

/// Two stories that differ in one word, too far back for the model.
fn far_back(worked: &mut Worked, buddy: &Buddy) -> Result<(), BuddyError> {
    let mut encoder = Encoder::new(&buddy.bpe);
    let answers = TOLD.map(|color| encoder.encode(&format!(" {color}")));
    worked
        .set("far-before", STORY[0].trim())
        .set("far-after", STORY[1].trim())
        .set("far-distance", encoder.encode(STORY[1]).len());
    for told in TOLD {
        let story = format!("{}{told}{}", STORY[0], STORY[1]);
        let told_tokens = encoder.encode(&story);
        for (answer, color) in answers.iter().zip(TOLD) {
            // An answer may be several tokens.
            let mut context = told_tokens.clone();
            let mut p = 1.0;
            for &token in answer {
                p *= prob(&buddy.ngram, &context, token);
                context.push(token);
            }
            worked.set(&format!("far-{told}-{color}"), format!("{:.2}%", 100.0 * p));
        }
    }
    Ok(())
}

/// As a cell of a table shows it.
fn plain(text: &str) -> String {
    text.replace('|', "/").trim().to_owned()
}
