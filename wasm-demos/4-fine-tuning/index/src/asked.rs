//! What Buddy, which was only pre-trained, says when it is asked.

use buddy::decoder::DecoderBuddy;
use buddy::{Kept, VALIDATION, WORLD};
use gpt::solution::{forward, generate};
use gpt::{Generation, Gpt2Decoder};
use grading::Worked;
use grading::numbers::count;
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::Sampling;
use tinytown::World;

/// Tokens of an answer.
const MOST: usize = 40;

/// A question, a text to judge, and what comes back. If Buddy cannot be opened no name is set, and the
/// page that asks for one is refused.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    let _ = ask(&mut worked);
    worked
}

fn ask(worked: &mut Worked) -> Option<()> {
    let buddy = DecoderBuddy::kept().ok()?;
    let world = World::new(WORLD);
    let question = world.questions(VALIDATION).find(|question| question.context.len() < 160)?;
    let judged = world.sentiments(VALIDATION).find(|judged| judged.text.len() < 90)?;
    let asked = [
        ("question", format!("{} {}", question.context, question.question)),
        ("judged", format!("{} Was this good or bad?", judged.text)),
    ];
    for (name, prompt) in asked {
        worked.set(&format!("{name}-answer"), answer(&buddy, &prompt)?).set(name, prompt);
    }
    worked.set("parameters", count(Kept::Decoder.record().ok()?.parameters as u64));
    Some(())
}

/// How it goes on, to the end of the first sentence.
fn answer(buddy: &DecoderBuddy, prompt: &str) -> Option<String> {
    let mut ids = vec![buddy.end];
    ids.extend(buddy.tokenizer.encode(prompt).ok()?);
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    let options = Generation { max_new_tokens: MOST, sampling, end: Some(buddy.end) };
    let mut decoder = Gpt2Decoder { model: &buddy.model, forward };
    let mut rng = StdRng::seed_from_u64(1);
    let ids = generate(&mut decoder, &ids, &options, &mut rng, &mut |_| {}).ok()?;
    let text = buddy.tokenizer.decode(&ids, true).ok()?;
    let sentence = text.split_inclusive(['.', '?', '!']).next()?;
    Some(sentence.trim().to_owned())
}
