//! Numbers for the page.

use grading::numbers::count;
use grading::{Failure, Worked};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;
use tokenization::fast::Encoder;
use tokenization::{Bpe, SAMPLE_VOCAB_SIZE, sample_vocab};

use crate::Ngram;
use crate::solution::{fit, generate, perplexity, prob};
use crate::words::{NEW_WORD, SENTENCE, TEXT, Words};

/// Training texts from Tinytown: name and bytes.
const SIZES: [(&str, usize); 3] = [("10k", 10_000), ("100k", 100_000), ("1m", 1_000_000)];

/// The highest order in the table of the page.
const ORDERS: usize = 6;

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // What fails here is missing on the page, and the build says so.
    let _ = by_hand(&mut worked);
    let _ = tinytown_texts(&mut worked);
    worked
}

/// The counts and probabilities of a text of a few words, and the perplexity of a sentence that is
/// not in it.
fn by_hand(worked: &mut Worked) -> Result<(), Failure> {
    let words = Words::default();
    let mut model = fit(&words.ids(TEXT), 2, words.vocab_size())?;
    worked
        .set("text", TEXT)
        .set("text-words", words.ids(TEXT).len())
        .set("vocab", words.vocab_size())
        .set("new-word", NEW_WORD);
    for context in ["", "the", "on"] {
        let Some(seen) = model.after(&words.ids(context)) else { continue };
        let name = if context.is_empty() { "empty" } else { context };
        let followers: Vec<String> =
            seen.iter().map(|(token, count)| format!("{} {count}", words.word(token))).collect();
        worked
            .set(&format!("{name}-total"), seen.total())
            .set(&format!("{name}-distinct"), seen.distinct())
            .set(&format!("{name}-sides"), seen.total() + seen.distinct())
            .set(&format!("{name}-followers"), followers.join(", "));
        for word in ["cat", "ran", NEW_WORD] {
            let token = words.ids(word)[0];
            let (count, p) = (seen.count(token), prob(&model, &words.ids(context), token));
            let share = count as f64 / seen.total() as f64;
            worked
                .set(&format!("{name}-{word}-count"), count)
                .set(&format!("{name}-{word}-share"), format!("{share:.1}"))
                .set(&format!("{name}-{word}-prob"), format!("{p:.3}"));
        }
    }
    worked.set("floor", format!("{:.3}", 1.0 / words.vocab_size() as f64));

    let tokens = words.ids(SENTENCE);
    let probs: Vec<f64> =
        (0..tokens.len()).map(|i| prob(&model, &tokens[..i], tokens[i])).collect();
    let mean = probs.iter().map(|p| -p.ln()).sum::<f64>() / probs.len() as f64;
    let shown: Vec<String> = probs.iter().map(|p| format!("{p:.3}")).collect();
    worked
        .set("sentence", SENTENCE)
        .set("sentence-probs", shown.join(" · "))
        .set("sentence-loss", format!("{mean:.2}"))
        .set("sentence-perplexity", format!("{:.1}", perplexity(&model, &tokens)?));
    model.set_order(1)?;
    worked.set("sentence-perplexity-1", format!("{:.1}", perplexity(&model, &tokens)?));
    Ok(())
}

/// Models of more and more text, of higher and higher order.
fn tinytown_texts(worked: &mut Worked) -> Result<(), Failure> {
    let bpe = sample_vocab(SAMPLE_VOCAB_SIZE)?;
    let mut encoder = Encoder::new(&bpe);
    let world = World::new(1);
    let all = world.text(0, SIZES[2].1);
    let held_out = encoder.encode(&world.text(1, 20_000));
    worked
        .set("vocabulary", count(SAMPLE_VOCAB_SIZE as u64))
        .set("possible-5", count((SAMPLE_VOCAB_SIZE as u64).pow(4)));
    for (name, bytes) in SIZES {
        let training = encoder.encode(&all[..all.floor_char_boundary(bytes)]);
        let mut model = fit(&training, ORDERS, SAMPLE_VOCAB_SIZE)?;
        worked
            .set(&format!("tokens-{name}"), count(training.len() as u64))
            .set(&format!("contexts-5-{name}"), count(model.contexts_by_length()[4].0 as u64))
            .set(&format!("new-5-{name}"), format!("{:.0}", 100.0 * unseen(&model, &held_out, 4)));
        let mut best = (f64::INFINITY, 0);
        for order in 1..=ORDERS {
            model.set_order(order)?;
            let own = &training[..training.len().min(held_out.len())];
            let (seen, new) = (perplexity(&model, own)?, perplexity(&model, &held_out)?);
            best = if new < best.0 { (new, order) } else { best };
            worked
                .set(&format!("training-{order}-{name}"), format!("{seen:.1}"))
                .set(&format!("held-out-{order}-{name}"), format!("{new:.1}"));
            if name == "100k" {
                let mut rng = StdRng::seed_from_u64(3);
                let written = generate(&model, &encoder.encode("On Monday"), 40, &mut rng);
                worked.set(&format!("sample-{order}"), spelled(&bpe, &written));
            }
        }
        worked.set(&format!("best-{name}"), best.1);
    }
    Ok(())
}

/// The share of places whose context of this length the training text does not have.
fn unseen(model: &Ngram, tokens: &[u32], length: usize) -> f64 {
    let contexts = tokens.windows(length + 1).map(|gram| &gram[..length]);
    let new = contexts.filter(|context| model.after(context).is_none()).count();
    new as f64 / (tokens.len() - length) as f64
}

/// On one line.
fn spelled(bpe: &Bpe, ids: &[u32]) -> String {
    let text: String = ids.iter().map(|&id| bpe.spelled(id)).collect();
    text.replace('\n', " ").trim().to_owned()
}
