//! The numbers of the page.

use grading::random::seeded;
use grading::{Failure, Worked};

use grading::numbers::{count, percent, short};
use what_an_llm_is::words::{TEXT, Words};

use crate::example::{Pairs, STEPS, shares};
use crate::solution::{bigram_gradient, shift, train_round};
use crate::{Matrix, Model, Run, Sizes, Town};

/// The numbers of the page. What cannot be computed is left out, and the build names it.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // An error leaves values out, and a page that asks for them does not build.
    let _ = of_table(&mut worked);
    let _ = of_town(&mut worked);
    worked
}

/// The table that learns the text of the first lesson.
fn of_table(worked: &mut Worked) -> Result<(), Failure> {
    let (words, pairs) = (Words::default(), Pairs::default());
    let (the, cat) = (words.ids("the")[0], words.ids("cat")[0]);
    worked.set("text-words", TEXT.split(' ').count());
    worked.set("pairs", pairs.tokens.len()).set("words", pairs.vocab);
    let start = Matrix::zeros(pairs.vocab, pairs.vocab);
    let (loss, gradient) = bigram_gradient(&start, &pairs.tokens, &pairs.targets)?;
    worked.set("start-loss", short(loss, 3));
    let slope = |target: u32| short(gradient.row(the as usize)[target as usize].into(), 3);
    let after = pairs.tokens.iter().filter(|&&token| token == the).count();
    let hits = (pairs.share(the, cat) * after as f64).round();
    worked.set("after-the", after).set("cat-after-the", hits).set("slope-cat", slope(cat));
    worked.set("slope-the", slope(the)).set("blind", short(1.0 / pairs.vocab as f64, 3));
    let (table, losses) = pairs.learn(STEPS)?;
    worked.set("steps", STEPS);
    worked.set("learned-loss", short(losses[STEPS], 3));
    worked.set("counted-loss", short(pairs.counted_loss(), 3));
    worked.set("counted-cat", short(pairs.share(the, cat), 3));
    let learned = shares(table.row(the as usize))[cat as usize];
    worked.set("learned-cat", short(learned, 3));
    Ok(())
}

/// The network that learns Tinytown.
fn of_town(worked: &mut Worked) -> Result<(), Failure> {
    let town = Town::new();
    let Sizes { vocab, context, dim, hidden } = town.sizes();
    let mut rng = seeded(1);
    let model = Model::new(town.sizes(), &mut rng);
    worked.set("context", context);
    let (inputs, outputs) = (context * dim, hidden * vocab);
    worked.set("inputs", inputs).set("parameters", count(model.parameters() as u64));
    worked.set("output-share", percent(outputs as f64 / model.parameters() as f64, 0));
    let rows = (vocab as f64).powi(context as i32);
    worked.set("billions", count((rows / 1e9).round() as u64));
    worked.set("blind-loss", short((vocab as f64).ln(), 2));
    worked.set("training-words", count(town.training.len() as u64));
    let counted = town.counted()?;
    let best = counted.iter().copied().fold(f64::INFINITY, f64::min);
    let order = counted.iter().position(|&loss| loss == best).unwrap_or(0) + 1;
    worked.set("bigram", short(counted[1], 2)).set("best-order", order);
    worked.set("best-counted", short(best, 2));
    let pad = model.pad();
    let [training, held_out] =
        [&town.training, &town.held_out].map(|tokens| shift(tokens, context, pad));
    let settings = town.settings();
    let mut run = Run::new(model, settings);
    while run.step < settings.total && train_round(&mut run, &training, &held_out, &mut rng)? {}
    worked.set("neural", short(run.best_loss, 2));
    let gain = 1.0 - (run.best_loss - best).exp();
    worked.set("fewer-choices", percent(gain, 0));
    let last = run.losses.iter().find(|losses| losses.held_out == run.best_loss);
    worked.set("best-training", short(last.map_or(0.0, |losses| losses.training), 2));
    Ok(())
}
