//! What is given does what it says, and what was measured is as the page tells it.

use grading::random::seeded;
use small_gpt::{Model, Sizes};
use task_heads::SOLUTION;
use task_heads::measured::{Answered, Measured};
use task_heads::tune::{Order, Settings, Text, Tuned, accuracy};

const SIZES: Sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 8, n_positions: 12, vocab_size: 11 };

/// Texts of ragged lengths whose class is that of their first token.
fn texts() -> Vec<Text> {
    let text = |i: u32| Text {
        ids: (0..2 + i % 7).map(|at| if at == 0 { i % 2 } else { 2 + (i + at) % 8 }).collect(),
        label: i64::from(i % 2),
    };
    (0..24).map(text).collect()
}

#[test]
fn batches_change_no_logit_and_tuning_learns() {
    let texts = texts();
    let texts: Vec<&Text> = texts.iter().collect();
    let mut tuned = Tuned::new(Model::random(SIZES, &mut seeded(1)), 2, 10);
    let settings = Settings { lr: 0.02, steps: 60, batch: 8, seed: 1 };
    let mut order = Order::new(texts.len(), settings.seed);
    let mut losses = Vec::new();
    for step in 0..settings.steps {
        let some: Vec<&Text> = order.next(settings.batch).into_iter().map(|i| texts[i]).collect();
        losses.push(tuned.step(&SOLUTION, &some, (&settings, step)).expect("a step is taken"));
    }
    assert!((losses[0] - 2.0_f64.ln()).abs() < 1e-6, "the first loss is {}", losses[0]);
    let together = tuned.logits(&SOLUTION, &texts).expect("there are logits");
    assert_eq!(accuracy(&together, &texts), 1.0, "losses {losses:?}");
    for (text, logits) in texts.iter().zip(together.chunks(2)) {
        let alone = tuned.logits(&SOLUTION, &[text]).expect("there are logits");
        assert!(alone.iter().zip(logits).all(|(a, b)| (a - b).abs() < 1e-4), "{text:?}");
    }
}

#[test]
fn an_order_reads_each_text_once_an_epoch() {
    let mut order = Order::new(10, 1);
    let mut read: Vec<usize> = (0..5).flat_map(|_| order.next(4)).collect();
    read.sort_unstable();
    assert_eq!(read, (0..10).flat_map(|i| [i, i]).collect::<Vec<_>>());
}

/// Its page puts these into words.
#[test]
fn what_was_measured_is_as_the_page_tells() {
    let measured = Measured::read().expect("the file can be read");
    assert_eq!(measured.examples(), [50, 500, 5000]);
    let right = |name: &str, examples| measured.accuracy(name, examples);
    for examples in [50, 500, 5000] {
        assert!(right("head", examples) < right("words", examples));
    }
    assert!((right("all", 50) - right("words", 50)).abs() < 0.04, "with 50 labels, alike");
    assert!(right("all", 500) > right("words", 500) + 0.04, "with 500, ahead");
    assert!(right("all", 5000) > 0.95, "with 5,000, nearly perfect");
    assert_eq!(right("scratch", 500), right("majority", 500));
    assert!(right("scratch", 5000) < right("all", 500));
    let answered = Answered::read().expect("the file can be read");
    assert!(answered.right > answered.alone);
}
