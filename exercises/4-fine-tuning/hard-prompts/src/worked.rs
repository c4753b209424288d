//! The numbers of the page.

use grading::Worked;

/// What Buddy shall go on with, on the page.
pub const WANTED: &str = " was hungry and ate honey.";
/// The token that the first prompt repeats.
pub const START: &str = " the";
/// How often.
pub const PLACES: usize = 3;

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    worked.set("wanted", WANTED.trim());
    #[cfg(not(target_family = "wasm"))]
    native::fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

#[cfg(not(target_family = "wasm"))]
pub use native::{Runs, runs};

#[cfg(not(target_family = "wasm"))]
mod native {
    use std::sync::OnceLock;

    use grading::numbers::{count, short};
    use grading::{Failure, Outcome, Worked};
    use pocket_buddy::PocketBuddy;

    use super::{PLACES, START, WANTED};
    use crate::solution::{hard_prompt_search, linear_scores, top_swaps};
    use crate::{Continuation, Found, Loss, Settings, Table, random_search};

    /// Evaluations of each search.
    const BUDGET: usize = 300;

    /// The searches of the page.
    #[derive(Debug)]
    pub struct Runs {
        /// By slopes, with so many candidates.
        pub searches: Vec<(usize, Found)>,
        /// At random.
        pub random: Found,
        /// For the best swap of the first prompt: what is foretold, and what is true.
        pub best: (f64, f64),
    }

    /// The searches of the page, made once.
    ///
    /// # Panics
    /// If Buddy cannot be read.
    pub fn runs() -> &'static Runs {
        static RUNS: OnceLock<Runs> = OnceLock::new();
        RUNS.get_or_init(|| search().expect("Buddy can be read and searched"))
    }

    fn search() -> Result<Runs, Failure> {
        let buddy = PocketBuddy::kept()?;
        let model = &buddy.model;
        let table =
            Table { numbers: model.numbers(&model.tensors()[0]), width: model.sizes.n_embd };
        let wanted = buddy.encode(WANTED)?;
        let start = buddy.encode(START)?.repeat(PLACES);
        let forbidden = [&wanted[..], &[buddy.end]].concat();
        let mut loss = Continuation::new(model, &[buddy.end], &wanted);

        let scores = linear_scores(&table, &start, &loss.slopes(&start))?;
        let best = top_swaps(&scores, &start, &forbidden, 1)[0];
        let mut tried = start.clone();
        tried[best.place] = best.id;
        let best = (best.score, loss.loss(&tried) - loss.loss(&start));

        let settings = |candidates| Settings { candidates, budget: BUDGET, forbidden: &forbidden };
        let mut searches = Vec::new();
        for candidates in [4, 16, 64] {
            let found = hard_prompt_search(&mut loss, &table, &start, &settings(candidates))?;
            searches.push((candidates, found));
        }
        let random = random_search(&mut loss, table.vocab_size(), &start, &settings(0), 1);
        Ok(Runs { searches, random, best })
    }

    pub fn fill(worked: &mut Worked) -> Outcome {
        // By hand: two numbers a row.
        let numbers = [1.0, 0.0, 0.0, 2.0, 3.0, 1.0];
        let scores = linear_scores(&Table { numbers: &numbers, width: 2 }, &[0], &[-0.5, 0.25])?;
        for (id, score) in scores.iter().enumerate() {
            worked.set(&format!("score-{id}"), short(*score, 2));
        }

        let buddy = PocketBuddy::kept()?;
        let Runs { searches, random, best } = runs();
        worked.set("tokens", buddy.encode(WANTED)?.len());
        let vocab_size = buddy.model.sizes.vocab_size;
        worked.set("vocab", vocab_size).set("swaps", count((PLACES * (vocab_size - 1)) as u64));
        worked.set("prompts", count((vocab_size as u64).pow(PLACES as u32)));
        worked.set("foretold", short(best.0, 1)).set("true", short(best.1, 2));
        worked.set("first", short(random.history[0].1, 2)).set("random", short(random.loss, 2));
        worked.set("budget", BUDGET);
        for (candidates, found) in searches {
            worked.set(&format!("loss-{candidates}"), short(found.loss, 2));
            worked.set(&format!("evaluations-{candidates}"), found.evaluations);
            let piece = |id: &u32| -> Result<String, Failure> {
                Ok(buddy.decode(&[*id])?.replace(' ', "▁"))
            };
            let pieces = found.ids.iter().map(piece).collect::<Result<Vec<_>, _>>()?;
            worked.set(&format!("prompt-{candidates}"), pieces.join(" "));
        }
        Ok(())
    }
}
