//! The numbers of the page.

use grading::numbers::{count, minus, percent, short};
use grading::{Outcome, Worked};

use crate::measured::{Answered, Measured};
use crate::oracle::at_last;
use crate::solution::{
    align_labels, best_span, cls_head, head_backward, last_token, spans_from_bio,
};
use crate::{Bio, Following, Head};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// Places of a text of the figure.
pub const SEQ: usize = 6;
/// The same text, padded on the right and on the left.
pub const PADDED: [bool; 2 * SEQ] =
    [true, true, true, true, false, false, false, false, true, true, true, true];
/// Start logits of the example.
pub const START: [f32; 4] = [1.0, 0.5, 0.0, 3.0];
/// End logits of the example.
pub const END: [f32; 4] = [0.5, 4.0, 0.0, 0.5];

fn numbers(x: &[f32], digits: usize) -> String {
    let shown: Vec<String> = x.iter().map(|x| minus(&short(f64::from(*x), digits))).collect();
    shown.join(", ")
}

fn fill(worked: &mut Worked) -> Outcome {
    let last = last_token(&PADDED, SEQ)?;
    worked.set("last-right", last[0]).set("last-left", last[1]);

    // A head by hand: one text of two tokens, hidden states of two numbers, two classes.
    let head = Head { n_embd: 2, weight: vec![1.0, -1.0, 0.5, 1.0], bias: vec![0.0, 0.5] };
    let hidden = [3.0, 1.0, 2.0, 1.0];
    let mask = [true, true];
    let z = cls_head(&hidden, &mask, 2, &head)?;
    let slopes = head_backward(&hidden, &at_last(&mask, 2, &[0]), &head)?;
    let p0 = (-slopes.loss).exp();
    worked.set("h", numbers(&hidden[2..], 0)).set("z", numbers(&z, 1));
    worked.set("row-bad", numbers(&head.weight[..2], 1));
    worked.set("row-good", numbers(&head.weight[2..], 1)).set("bias", numbers(&head.bias, 1));
    worked.set("p", format!("{}, {}", short(p0, 2), short(1.0 - p0, 2)));
    worked.set("loss", short(slopes.loss, 2)).set("delta", numbers(&slopes.bias, 2));
    worked.set("dw-bad", numbers(&slopes.weight[..2], 2));
    worked.set("dw-good", numbers(&slopes.weight[2..], 2));
    worked.set("dh", numbers(&slopes.hidden[2..], 2));
    worked.set("head-size", count(2 * 128 + 2));

    // Tags on pieces, and back.
    let tags = [Bio::B(0), Bio::O, Bio::O, Bio::B(1), Bio::I(1)];
    let word_ids = [None, Some(0), Some(0), Some(1), Some(2), Some(3), Some(4), Some(4)];
    for (name, following) in [("ignored", Following::Ignored), ("inside", Following::Inside)] {
        let labels = align_labels(&tags, &word_ids, following)?;
        for (i, label) in labels.iter().enumerate() {
            worked.set(&format!("{name}-{i}"), minus(&label.to_string()));
        }
    }
    let odd = [Bio::I(1), Bio::I(0), Bio::O, Bio::B(1), Bio::B(1), Bio::I(1)];
    worked.set("odd-names", spans_from_bio(&odd).len());

    let best = best_span(&START, &END, 0..START.len(), 2)?;
    worked
        .set("best-score", best.score)
        .set("starts", numbers(&START, 1))
        .set("ends", numbers(&END, 1));
    measured(worked)
}

fn measured(worked: &mut Worked) -> Outcome {
    let measured = Measured::read()?;
    worked.set("held-out", measured.held_out).set("parameters", count(measured.parameters as u64));
    for examples in measured.examples() {
        for name in ["majority", "words", "head", "all", "scratch"] {
            let right = measured.accuracy(name, examples);
            worked.set(&format!("{name}-{examples}"), percent(right, 1));
            for (i, way) in ["plain", "negated", "contrast"].into_iter().enumerate() {
                let right = measured.mean(name, examples, |run| run.ways[i]);
                worked.set(&format!("{name}-{examples}-{way}"), percent(right, 0));
            }
        }
    }
    let answered = Answered::read()?;
    let share = |n: usize| percent(n as f64 / answered.held_out as f64, 1);
    worked.set("questions", count(answered.examples as u64)).set("answer-steps", answered.steps);
    worked.set("asked", answered.held_out).set("max-len", answered.max_len);
    worked.set("right", share(answered.right)).set("right-alone", share(answered.alone));
    worked.set("crossed", answered.crossed).set("long", answered.long);
    Ok(())
}
