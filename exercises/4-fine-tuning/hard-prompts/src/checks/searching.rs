//! The search, step by step.

use grading::draw::{self, Strategy};
use grading::{Failure, Outcome, agree, differential, expect, expect_error_is, expect_same};

use crate::oracle::{Asked, Bent, brute_scores, brute_swaps};
use crate::{Answers, Found, Loss, SOLUTION, SearchError, Settings, Table};

/// A search, and what was asked on its way.
fn search(
    answers: &Answers,
    mut loss: Bent,
    start: &[u32],
    settings: &Settings<'_>,
) -> (Result<Found, SearchError>, Vec<Asked>) {
    let numbers = loss.table.clone();
    let table = Table { numbers: &numbers, width: loss.width };
    let found = (answers.hard_prompt_search)(&mut loss, &table, start, settings);
    (found, loss.asked)
}

/// What must be asked, and what is found then: by brute force.
fn by_hand(loss: &Bent, start: &[u32], settings: &Settings<'_>) -> (Found, Vec<Asked>) {
    let (mut ids, mut least) = (start.to_vec(), loss.of(start));
    let mut asked = vec![Asked::Loss(ids.clone())];
    let mut history = vec![(1, least)];
    while asked.len() + 2 <= settings.budget {
        asked.push(Asked::Slopes(ids.clone()));
        let scores = brute_scores(&loss.table(), &ids, &loss.slopes_of(&ids));
        let swaps = brute_swaps(&scores, &ids, settings.forbidden, settings.candidates);
        let tried: Vec<Vec<u32>> = swaps
            .iter()
            .take(settings.budget - asked.len())
            .map(|&(place, id)| {
                let mut tried = ids.clone();
                tried[place] = id;
                tried
            })
            .collect();
        asked.extend(tried.iter().cloned().map(Asked::Loss));
        let lower = tried.into_iter().filter(|tried| loss.of(tried) < least);
        // `min_by` takes the first of equal ones.
        let Some(best) = lower.min_by(|a, b| loss.of(a).total_cmp(&loss.of(b))) else { break };
        least = loss.of(&best);
        ids = best;
        history.push((asked.len(), least));
    }
    (Found { ids, loss: least, evaluations: asked.len(), history }, asked)
}

fn expect_search(
    what: &str,
    answers: &Answers,
    loss: &Bent,
    start: &[u32],
    settings: &Settings<'_>,
) -> Result<Found, Failure> {
    let (found, asked) = search(answers, loss.clone(), start, settings);
    let (want, wanted) = by_hand(loss, start, settings);
    if let Some(at) = (0..asked.len().max(wanted.len())).find(|&at| asked.get(at) != wanted.get(at))
    {
        let told = |asked: Option<&Asked>| {
            asked.map_or_else(|| "nothing more".to_owned(), |asked| format!("{asked:?}"))
        };
        return Err(Failure::wrong(format!(
            "{what}: evaluation {} must be {}, got {}",
            at + 1,
            told(wanted.get(at)),
            told(asked.get(at))
        )));
    }
    let found = found?;
    expect_same(&format!("{what}: what is found"), &found, &want)?;
    Ok(found)
}

fn start(places: usize, vocab_size: usize) -> Vec<u32> {
    (0..places).map(|i| (5 * i % vocab_size) as u32).collect()
}

pub fn each_step_keeps_the_best(answers: &Answers) -> Outcome {
    let mut most = 0;
    for (seed, places, vocab_size, candidates) in
        [(1, 1, 6, 3), (2, 3, 12, 5), (3, 4, 30, 8), (4, 2, 50, 1), (5, 5, 20, 100), (6, 3, 40, 12)]
    {
        for (wave, forbidden) in [(0.0, vec![]), (1.0, vec![1, 3]), (0.4, vec![0])] {
            let loss = Bent::new(seed, vocab_size, 3, wave);
            let settings = Settings { candidates, budget: 400, forbidden: &forbidden };
            let start = start(places, vocab_size);
            let what = format!("from {start:?} of {vocab_size} tokens, {settings:?}");
            most = most.max(expect_search(&what, answers, &loss, &start, &settings)?.history.len());
        }
    }
    debug_assert!(most > 3, "a search must have several steps here");
    Ok(())
}

pub fn ends_where_no_swap_helps(answers: &Answers) -> Outcome {
    for (seed, places, vocab_size) in [(11, 2, 9), (12, 1, 30), (13, 3, 6)] {
        let loss = Bent::new(seed, vocab_size, 2, 0.0);
        let all = Settings { candidates: 9999, budget: 9999, forbidden: &[] };
        let first = start(places, vocab_size);
        let what = format!("all swaps from {first:?}");
        let found = expect_search(&what, answers, &loss, &first, &all)?;
        for place in 0..places {
            for id in 0..vocab_size as u32 {
                let mut other = found.ids.clone();
                other[place] = id;
                let (other_loss, least) = (loss.of(&other), found.loss);
                expect(other_loss >= least, || {
                    format!(
                        "{what}: found {:?} with {least}, but {other:?} has {other_loss}",
                        found.ids
                    )
                })?;
            }
        }
        // From its end a search goes nowhere, and one of a single place is the least of all.
        let again = expect_search("from the end again", answers, &loss, &found.ids, &all)?;
        expect_same("from the end again: swaps kept", &again.history.len(), &1)?;
        if places == 1 {
            let least =
                (0..vocab_size as u32).map(|id| loss.of(&[id])).fold(f64::INFINITY, f64::min);
            expect_same("the least loss of all", &found.loss, &least)?;
        }
    }
    // All losses are the same, or there is none to compare with.
    let flat = Bent { table: vec![0.5; 12], ..Bent::new(1, 6, 2, 0.0) };
    let settings = Settings { candidates: 4, budget: 90, forbidden: &[] };
    expect_search("a flat loss", answers, &flat, &[1, 2], &settings)?;
    let holed = Bent { hole: Some(4), ..Bent::new(2, 9, 3, 0.2) };
    expect_search("token 4 makes the loss NaN", answers, &holed, &[1, 2], &settings)?;
    let none = Settings { candidates: 0, ..settings };
    expect_search("no candidates", answers, &holed, &[1, 2], &none)?;
    let nothing = Settings { forbidden: &[0, 1, 2, 3, 4, 5], ..settings };
    expect_search("all forbidden", answers, &flat, &[1, 2], &nothing)?;
    Ok(())
}

pub fn budget_is_kept(answers: &Answers) -> Outcome {
    let loss = Bent::new(3, 30, 3, 0.5);
    for candidates in [1, 4, 7] {
        for budget in 1..40 {
            let settings = Settings { candidates, budget, forbidden: &[] };
            let what = format!("{settings:?}");
            expect_search(&what, answers, &loss, &[3, 1, 4, 1], &settings)?;
        }
    }
    Ok(())
}

pub fn unsearchable_is_refused(answers: &Answers) -> Outcome {
    let loss = Bent { hole: Some(4), ..Bent::new(2, 9, 3, 0.2) };
    let token = |place, id| SearchError::Token { place, id, vocab_size: 9 };
    for (start, budget, want, evaluations) in [
        (vec![], 0, SearchError::NoPlaces, 0),
        (vec![99], 0, SearchError::Budget, 0),
        (vec![1, 9], 5, token(1, 9), 0),
        (vec![u32::MAX, 4], 5, token(0, u32::MAX), 0),
        (vec![1, 4], 5, SearchError::Start, 1),
        (vec![4], 1, SearchError::Start, 1),
    ] {
        let settings = Settings { candidates: 3, budget, forbidden: &[] };
        let what = format!("from {start:?} with a budget of {budget}");
        let (found, asked) = search(answers, loss.clone(), &start, &settings);
        expect_error_is(&what, found, &want)?;
        expect_same(&format!("{what}: evaluations"), &asked.len(), &evaluations)?;
    }
    let settings = Settings { candidates: 3, budget: 20, forbidden: &[] };
    expect_search("from [1, 2]", answers, &loss, &[1, 2], &settings)?;
    // Slopes that do not fit are told as by `linear_scores`.
    let table = Table { numbers: &[0.0, 1.0, 2.0], width: 1 };
    for (slopes, want) in [
        (vec![1.0], SearchError::Slopes { found: 1, expected: 2 }),
        (vec![1.0, f32::NAN], SearchError::NotFinite { place: 1 }),
    ] {
        let what = format!("a loss with the slopes {slopes:?}");
        let found = (answers.hard_prompt_search)(&mut Misfit(slopes), &table, &[0, 2], &settings);
        expect_error_is(&what, found, &want)?;
    }
    Ok(())
}

/// A loss whose slopes are these.
struct Misfit(Vec<f32>);

impl Loss for Misfit {
    fn loss(&mut self, _: &[u32]) -> f64 {
        1.0
    }

    fn slopes(&mut self, _: &[u32]) -> Vec<f32> {
        self.0.clone()
    }
}

pub fn searches_agree(answers: &Answers) -> Outcome {
    let wave = draw::select(vec![0.0, 0.3, 2.0]);
    let scale = draw::select(vec![1.0, 1e-12, 1e15]);
    let size = (draw::any_u64(), draw::lengths(1..=20), 1..=4_usize);
    let loss = (size, wave, draw::option(0..20_u32), scale);
    let loss = loss.prop_map(|((seed, vocab_size, width), wave, hole, scale)| Bent {
        hole,
        scale,
        ..Bent::new(seed, vocab_size, width, wave)
    });
    let start = draw::list(0..20_u32, 0..=5);
    let forbidden = draw::list(0..22_u32, 0..=3);
    let all = (loss, start, draw::lengths(0..=30), draw::lengths(0..=120), forbidden, 0..12_u8);
    differential(all, |(loss, start, candidates, budget, forbidden, beyond)| {
        let vocab_size = loss.table().vocab_size() as u32;
        let is_beyond = *beyond == 0;
        let start: Vec<u32> =
            start.iter().map(|id| if is_beyond { *id } else { id % vocab_size }).collect();
        let settings = Settings { candidates: *candidates, budget: *budget, forbidden };
        let run = |answers: &Answers| search(answers, loss.clone(), &start, &settings);
        let ((got, asked), (want, wanted)) = (run(answers), run(&SOLUTION));
        agree("hard_prompt_search", got, want, |got, want| expect_same("found", got, want))?;
        expect_same("what was asked", &asked, &wanted)
    })
}
