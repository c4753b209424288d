//! The runs that the page tells of are those that the program makes.

#[path = "../../examples/runs/training.rs"]
#[allow(dead_code)]
mod training;

use instruction_tuning::{Chat, Kept};
use training::*;

/// Processors round differently, and training makes more of it.
const ROUNDING: f64 = 0.002;

#[test]
fn two_steps_are_those_that_are_kept() {
    let kept = Kept::read().expect("the file can be read");
    assert_eq!([kept.steps, kept.batch, kept.dialogues], [STEPS, BATCH, DIALOGUES]);
    assert_eq!([kept.held_out, kept.asked, kept.longest], [HELD_OUT, ASKED, LONGEST]);
    assert_eq!(kept.runs.len(), 6);
    let (bpe, mut buddy) = buddy().expect("Buddy is there");
    let before = continued(&bpe, &buddy, BEFORE.0, BEFORE.1).expect("it goes on");
    assert_eq!(kept.before, before);
    let talks = talks(&bpe, 0, DIALOGUES).expect("dialogues have a form");
    let held_out = training::talks(&bpe, 2, HELD_OUT).expect("dialogues have a form");
    assert_eq!(kept.tokens, talks.iter().map(|talk| talk.ids.len()).sum::<usize>());
    let run = kept.named("answers").next().expect("it is kept");
    let mut points = Vec::new();
    train(&mut buddy, &talks, Learned::Answers, (run.seed, 2), &mut |step, model| {
        if step != 1 {
            points.push((step, answer_loss(model, &held_out, &mut engine())?));
        }
        Ok(())
    })
    .expect("it can be trained");
    for (new, old) in points.iter().zip(&run.points) {
        assert_eq!(new.0, old.0);
        assert!((new.1 - old.1).abs() <= ROUNDING, "{new:?} instead of {old:?}");
    }
}

/// Its page puts these into words.
#[test]
fn the_runs_are_as_the_page_tells() {
    let kept = Kept::read().expect("the file can be read");
    for (answers, everything) in kept.named("answers").zip(kept.named("everything")) {
        let more = everything.last() - answers.last();
        assert!((0.01..0.1).contains(&more), "the mask is worth {more} nats");
        assert!(answers.ended.min(everything.ended) > kept.asked * 9 / 10);
    }
    let exact = |learned: &str| kept.mean(learned, |run| run.exact as f64);
    assert!((exact("answers") - exact("everything")).abs() < 8.0);
    assert!(kept.named("answers without their end").all(|run| run.ended + run.exact == 0));
}

#[test]
fn a_completion_is_learned_with_its_end() {
    let chat = Chat::completion("2 + 2 =", " 4");
    assert_eq!(chat.text, "2 + 2 = 4<|endoftext|>");
    assert_eq!(&chat.text[chat.spans[0].clone()], " 4<|endoftext|>");
}
