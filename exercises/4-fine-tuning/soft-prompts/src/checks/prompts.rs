//! Vectors before a text.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect_bits, expect_eq, expect_error_is, expect_same,
};
use small_gpt::Texts;

use crate::oracle::{N_EMBD, expect_rows, golden, tokens, vectors};
use crate::{Answers, Input, PromptError, SOLUTION, Tables};

/// Numbers drawn for a table, other ones in each run.
fn table(rows: usize, n_embd: usize) -> Result<Vec<f32>, grading::Failure> {
    use rand::RngExt;
    let mut rng = seeded(grading::seed_of_this_run()?);
    Ok((0..rows * n_embd).map(|_| rng.random_range(-2.0..2.0)).collect())
}

/// Tokens of a large vocabulary.
const MANY: [u32; 4] = [65_540, 300, 69_999, 128];

pub fn prompt_begins_as_a_text(answers: &Answers) -> Outcome {
    let (numbers, n_embd) = (table(9, 4)?, 4);
    let tables = Tables::new(&numbers, &numbers, n_embd)?;
    for (ids, n) in [
        (vec![3, 0, 8, 5], 4),
        (vec![7, 2], 5),
        (vec![6], 3),
        (vec![1, 4, 2, 8, 0], 2),
        (vec![2, 9], 1),
        (vec![5, 5, 1], 7),
        (vec![4], 0),
    ] {
        let got = (answers.prompt_from_text)(&tables, &ids, n)?;
        let want: Vec<f32> = (0..n)
            .flat_map(|i| &numbers[ids[i % ids.len()] as usize * n_embd..][..n_embd])
            .copied()
            .collect();
        expect_bits(&format!("{} from the tokens {ids:?}", vectors(n)), &got, &want)?;
    }
    for n in [0, 3] {
        let got = (answers.prompt_from_text)(&tables, &[], n);
        expect_error_is(&format!("{} from no tokens", vectors(n)), got, &PromptError::NoText)?;
    }
    let many: Vec<f32> = (0..70_000).map(|i| i as f32).collect();
    let got = (answers.prompt_from_text)(&Tables::new(&many, &[], 1)?, &MANY, 7)?;
    let want: Vec<f32> = MANY.iter().cycle().take(7).map(|&id| id as f32).collect();
    expect_bits(&format!("7 vectors from the tokens {MANY:?} of 70000"), &got, &want)?;
    let want = PromptError::Token { at: 1, token: 9, vocab_size: 9 };
    let got = (answers.prompt_from_text)(&tables, &[2, 9, u32::MAX], 3);
    expect_error_is("3 vectors from the tokens [2, 9, 4294967295] of 9", got, &want)
}

pub fn drawn_prompts_agree(answers: &Answers) -> Outcome {
    let numbers = table(40, 3)?;
    let tables = Tables::new(&numbers, &numbers, 3)?;
    let ids = draw::list(draw::prop_oneof![30 => 0..40_u32, 1 => 40..=41_u32], 0..=12);
    differential((ids, draw::lengths(0..=40)), |(ids, n)| {
        let run = |answers: &Answers| (answers.prompt_from_text)(&tables, ids, *n);
        let what = format!("{} from the tokens {ids:?}", vectors(*n));
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_bits(&what, got, want))
    })
}

pub fn input_is_that_of_peft(answers: &Answers) -> Outcome {
    for case in golden()?.prompts {
        let got = (answers.soft_prompt)(&case.tables()?, &case.prompt, case.texts())?;
        expect_same(&format!("`seq` of {}", case.what()), &got.seq, &(case.n + case.seq))?;
        // One sum of two numbers each.
        let bound = Tolerance { rtol: 1e-6, atol: 1e-7 };
        expect_rows(&format!("`x` of {}", case.what()), &got.x, &case.x, N_EMBD, bound)?;
    }
    let many: Vec<f32> = (0..70_000).map(|i| i as f32).collect();
    let texts = Texts { ids: &MANY, labels: &[0; 4], seq: 2 };
    let got = (answers.soft_prompt)(&Tables::new(&many, &[0.5; 3], 1)?, &[-4.0], texts)?;
    let want = [-3.5, 65_540.5, 300.5, -3.5, 69_999.5, 128.5];
    expect_bits(&format!("`x` of the tokens {MANY:?} in 2 texts of a large table"), &got.x, &want)
}

pub fn nothing_is_asked_of_a_prompt(answers: &Answers) -> Outcome {
    let numbers = table(12, 2)?;
    let tables = Tables::new(&numbers, &numbers, 2)?;
    for (n, seq, texts) in [(3, 4, 2), (1, 1, 3), (5, 7, 1), (0, 2, 2)] {
        let ids: Vec<u32> = (0..texts * seq).map(|i| (i * 5 % 12) as u32).collect();
        let labels: Vec<i64> =
            (0..texts * seq).map(|i| [7, -100, 0, i64::MAX, i64::MIN, 70_000][i * 5 % 6]).collect();
        let prompt = table(n, 2)?;
        let of = Texts { ids: &ids, labels: &labels, seq };
        let got = (answers.soft_prompt)(&tables, &prompt, of)?;
        let mut want = Vec::new();
        for text in labels.chunks(seq) {
            want.extend(std::iter::repeat_n(-100, n));
            want.extend_from_slice(text);
        }
        let what = format!("labels of {} before texts of {}", vectors(n), tokens(seq));
        expect_eq(&what, &got.labels, &want)?;
    }
    Ok(())
}

pub fn what_does_not_fit_is_refused(answers: &Answers) -> Outcome {
    nothing_is_asked_of_a_prompt(answers)?;
    let (words, places) = (table(5, 2)?, table(6, 2)?);
    let tables = Tables::new(&words, &places, 2)?;
    let run = |prompt: usize, ids: &[u32], labels: usize, seq: usize| {
        let (prompt, labels) = (vec![0.5; prompt], vec![1; labels]);
        (answers.soft_prompt)(&tables, &prompt, Texts { ids, labels: &labels, seq })
    };
    let ragged = |what, found, row| PromptError::Ragged { what, found, row };
    let room = |n, seq| PromptError::NoRoom { n, seq, n_positions: 6 };
    let token = |at, token| PromptError::Token { at, token, vocab_size: 5 };
    for (prompt, ids, labels, seq, want) in [
        (3, vec![1, 2, 9], 1, 0, ragged("prompt", 3, 2)),
        (4, vec![1, 2], 2, 0, ragged("ids", 2, 0)),
        (4, vec![1, 2, 9], 1, 2, ragged("ids", 3, 2)),
        (4, vec![1, 9], 3, 2, ragged("labels", 3, 2)),
        (4, vec![], 1, 2, ragged("labels", 1, 0)),
        (10, vec![1, 9], 2, 2, room(5, 2)),
        (0, vec![1; 7], 7, 7, room(0, 7)),
        (4, vec![], 0, 5, room(2, 5)),
        (4, vec![], 0, usize::MAX, room(2, usize::MAX)),
        (4, vec![0, 1, 5, 7], 4, 2, token(2, 5)),
        (4, vec![u32::MAX, 1], 2, 1, token(0, u32::MAX)),
    ] {
        let what = format!(
            "a prompt of {prompt} numbers, the ids {ids:?} in texts of {seq}, {labels} labels, with \
             rows of 2"
        );
        expect_error_is(&what, run(prompt, &ids, labels, seq), &want)?;
    }
    // All positions may be in use.
    for (prompt, seq) in [(8, 2), (0, 6), (10, 1)] {
        let got = run(prompt, &vec![4; seq], seq, seq)?;
        let what = format!("`seq` of {} before {}", vectors(prompt / 2), tokens(seq));
        expect_same(&what, &got.seq, &6)?;
    }
    Ok(())
}

fn expect_same_input(what: &str, got: &Input, want: &Input) -> Outcome {
    expect_same(&format!("{what}: `seq`"), &got.seq, &want.seq)?;
    expect_eq(&format!("{what}: `labels`"), &got.labels, &want.labels)?;
    let bound = Tolerance { rtol: 1e-6, atol: 1e-30 };
    grading::expect_close_or_nan(&format!("{what}: `x`"), &[], &got.x, &want.x, bound)
}

pub fn drawn_inputs_agree(answers: &Answers) -> Outcome {
    let (words, places) = (table(30, 3)?, table(20, 3)?);
    let tables = Tables::new(&words, &places, 3)?;
    let id = draw::prop_oneof![60 => 0..30_u32, 1 => 30..=31_u32];
    let label = draw::prop_oneof![4 => 0..30_i64, 1 => draw::Just(-100), 1 => draw::Just(-1)];
    let pairs = draw::list((id, label), 0..=24);
    let prompt = draw::list(draw::any_f32(), 0..=48);
    let seq = draw::prop_oneof![1 => draw::Just(0), 12 => 1..=8_usize, 2 => 18..=21_usize];
    let drawn = (prompt, pairs, seq, 0..20_usize).prop_map(|(mut prompt, mut pairs, seq, cut)| {
        // Mostly whole rows and whole texts.
        if cut > 0 {
            prompt.truncate(prompt.len() / 3 * 3);
            pairs.truncate(pairs.len() / seq.max(1) * seq.max(1));
        }
        let (ids, mut labels): (Vec<u32>, Vec<i64>) = pairs.into_iter().unzip();
        labels.truncate(labels.len() - usize::from(cut == 1 && !labels.is_empty()));
        (prompt, ids, labels, seq)
    });
    differential(drawn, |(prompt, ids, labels, seq)| {
        let of = Texts { ids, labels, seq: *seq };
        let run = |answers: &Answers| (answers.soft_prompt)(&tables, prompt, of);
        let what = format!("a prompt of {} numbers, texts of {}", prompt.len(), tokens(*seq));
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_same_input(&what, got, want))
    })
}

pub fn prompt_gradient_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.prompts {
        let slopes: Vec<f32> = case.slopes.iter().map(|&x| x as f32).collect();
        let got = (answers.prompt_gradient)(&slopes, case.n, case.n + case.seq, N_EMBD)?;
        let size = case.slopes.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        let bound = Tolerance { rtol: 2e-6, atol: 2e-7 * size };
        expect_rows(&case.what(), &got, &case.gradient, N_EMBD, bound)?;
    }
    Ok(())
}

pub fn drawn_gradients_agree(answers: &Answers) -> Outcome {
    let sizes = (0..=5_usize, 0..=6_usize, 0..=4_usize);
    let slopes = draw::list(
        draw::prop_oneof![30 => draw::between_f32(-4.0, 4.0), 1 => draw::any_f32()],
        0..=600,
    );
    let drawn = (sizes, slopes, 0..12_usize).prop_map(|((n, seq, n_embd), mut slopes, cut)| {
        let row = (seq * n_embd).max(1);
        if cut > 0 {
            slopes.truncate(slopes.len() / row * row);
        }
        (n, seq, n_embd, slopes)
    });
    differential(drawn, |(n, seq, n_embd, slopes)| {
        let run = |answers: &Answers| (answers.prompt_gradient)(slopes, *n, *seq, *n_embd);
        let what = format!("{} of {seq} places, rows of {n_embd}", vectors(*n));
        agree(&what, run(answers), run(&SOLUTION), |got, want| {
            // Sums may be taken in f32: as exact as the sizes of what is added up.
            let finite = slopes.iter().filter(|x| x.is_finite());
            let size = finite.fold(0.0, |a: f64, x| a.max(f64::from(x.abs())));
            let bound = Tolerance { rtol: 1e-5, atol: 1e-5 * size };
            match size < 1e30 {
                true => grading::expect_close_or_nan(&what, &[], got, want, bound),
                // There, a sum in f32 may overflow on the way.
                false => expect_same(&format!("{what}: numbers"), &got.len(), &want.len()),
            }
        })
    })
}
