//! Checkpoints: what is in them, and what is not believed.

use grading::draw::{self, Strategy};
use grading::{
    Differential, Failure, Outcome, agree, expect, expect_eq, expect_error_is, expect_same,
};
use serde_json::json;
use small_gpt::Sizes;

use super::steps::drawn_sizes;
use crate::oracle::{Entry, File, PREFIXES, START, TINY, expect_same_state, start, tiny_state};
use crate::{Answers, LoopError, SOLUTION, State};

/// Every kind of number, with its bits.
fn with_corners(mut state: State) -> State {
    let corners = [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1e-45, f32::MIN_POSITIVE]
        .into_iter()
        .chain([f32::MAX, f32::MIN, 0.1, f32::from_bits(0xffa5_1234), f32::from_bits(0x7f80_0001)]);
    for (i, corner) in corners.enumerate() {
        state.model.parameters[3 * i] = corner;
        state.moments.m[3 * i + 1] = corner;
        state.moments.v[3 * i + 2] = corner;
    }
    state
}

pub fn file_is_one_that_any_program_reads(answers: &Answers) -> Outcome {
    let wide = Sizes { n_layer: 2, n_head: 3, n_embd: 6, n_positions: 4, vocab_size: 11 };
    for state in [start()?, tiny_state(TINY, 70_000, 1), with_corners(tiny_state(wide, 0, 2))] {
        let before = state.clone();
        let bytes = (answers.checkpoint)(&state)?;
        expect_same_state("the state after it was saved", &state, &before)?;
        let file = File::read(&bytes)?;
        let mut names: Vec<String> = Vec::new();
        let lists = [&state.model.parameters, &state.moments.m, &state.moments.v];
        for (prefix, numbers) in PREFIXES.into_iter().zip(lists) {
            for tensor in state.model.tensors() {
                let name = format!("{prefix}{}", tensor.name);
                let Some(entry) = file.tensors.get(&name) else {
                    return Err(Failure::wrong(format!("there is no tensor “{name}” in the file")));
                };
                expect_same(&format!("the type of “{name}”"), entry.dtype.as_str(), "F32")?;
                expect_eq(&format!("the shape of “{name}”"), &entry.shape, &tensor.shape)?;
                let want = numbers[tensor.range.clone()].iter().flat_map(|x| x.to_le_bytes());
                let what = format!("the bytes of “{name}”, four a number");
                expect_eq(&what, &entry.bytes, &want.collect::<Vec<_>>())?;
                names.push(name);
            }
        }
        let extra = file.tensors.keys().find(|name| !names.contains(name));
        expect(extra.is_none(), || {
            format!("a tensor that no run has: “{}”", extra.cloned().unwrap_or_default())
        })?;
        let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = state.model.sizes;
        let want = json!({
            "step": state.step, "n_layer": n_layer, "n_head": n_head, "n_embd": n_embd,
            "n_positions": n_positions, "vocab_size": vocab_size,
        });
        let said = file.about.as_ref().and_then(|about| about["training_loop"].as_str());
        let got: serde_json::Value = serde_json::from_str(said.unwrap_or_default())?;
        expect_same("what the metadata say of the run", &got, &want)?;
    }
    Ok(())
}

/// A small run that may hold any number.
fn drawn_state() -> impl Strategy<Value = State> {
    let numbers = draw::list(draw::any_f32(), 1..=40);
    (drawn_sizes(), draw::any_u64(), numbers).prop_map(|(sizes, seed, numbers)| {
        let step = (seed >> (seed % 64)) as usize;
        let mut state = tiny_state(sizes, step, seed);
        let lists =
            [&mut state.model.parameters, &mut state.moments.m, &mut state.moments.v].into_iter();
        for (number, &drawn) in lists.flatten().zip(numbers.iter().cycle()).skip(seed as usize % 9)
        {
            *number = drawn;
        }
        state
    })
}

pub fn drawn_runs_are_saved_whole(answers: &Answers) -> Outcome {
    Differential::cases(200).run(drawn_state(), |state| {
        let file = (answers.checkpoint)(state)?;
        expect_same_state(
            "saved by you, restored by the reference",
            &(SOLUTION.restore)(&file)?,
            state,
        )
    })
}

pub fn pythons_file_is_restored(answers: &Answers) -> Outcome {
    let got = (answers.restore)(START)?;
    expect_same_state("the run that Python saved", &got, &start()?)?;
    // The order in a file is no matter: here by the alphabet, in Python's by names and types.
    let sorted = File::read(START)?.write();
    expect_same_state("the same in another order", &(answers.restore)(&sorted)?, &start()?)?;
    let state = with_corners(tiny_state(TINY, 123_456, 3));
    let saved = (SOLUTION.checkpoint)(&state)?;
    expect_same_state("a run with NaN, ∞ and −0", &(answers.restore)(&saved)?, &state)
}

/// An error without the words that a library chose.
fn plain<T>(result: Result<T, LoopError>) -> Result<T, LoopError> {
    result.map_err(|error| match error {
        LoopError::File { .. } => LoopError::File { why: "…".into() },
        error => error,
    })
}

fn about(step: &str, n_layer: &str, n_head: &str, n_embd: &str) -> String {
    format!(
        r#"{{"step":{step},"n_layer":{n_layer},"n_head":{n_head},"n_embd":{n_embd},"n_positions":5,"vocab_size":7}}"#
    )
}

pub fn what_is_no_checkpoint_is_refused(answers: &Answers) -> Outcome {
    pythons_file_is_restored(answers)?;
    let state = tiny_state(TINY, 4, 1);
    let whole = (SOLUTION.checkpoint)(&state)?;
    let file = File::read(&whole)?;
    let refuse = |what: &str, bytes: &[u8], want: LoopError| -> Outcome {
        expect_error_is(what, plain((answers.restore)(bytes)), &want)
    };
    let no_file = || LoopError::File { why: "…".into() };
    for end in (0..whole.len()).step_by(97).chain([1, 7, 8, 9, whole.len() - 1]) {
        refuse(&format!("the first {end} bytes of a file"), &whole[..end], no_file())?;
    }
    refuse("a file with a byte more", &[&whole[..], &[0]].concat(), no_file())?;
    refuse("a header of 2⁶⁴ − 1 bytes", &[0xff; 64], no_file())?;

    let says = |text: &str| LoopError::Header { found: Some(text.into()) };
    refuse("a model without a run", &file.about(None), LoopError::Header { found: None })?;
    for (what, text) in [
        ("a step below 0", about("-1", "1", "2", "4")),
        ("half a step", about("1.5", "1", "2", "4")),
        ("a step in words", about("\"four\"", "1", "2", "4")),
        ("a size too few", r#"{"step":4}"#.into()),
        ("no JSON", "step 4".into()),
    ] {
        refuse(what, &file.about(Some(&text)), says(&text))?;
    }
    let large = usize::MAX;
    let huge = large.to_string();
    for (text, n_layer, n_head, n_embd) in [
        (about("4", "0", "2", "4"), 0, 2, 4),
        (about("4", "1", "0", "4"), 1, 0, 4),
        (about("4", "1", "2", "0"), 1, 2, 0),
        (about("4", "1", "3", "4"), 1, 3, 4),
        (about("4", "9", "2", "4"), 9, 2, 4),
        (about("4", &huge, "2", "4"), large, 2, 4),
        (about("4", "1", "1", &huge), 1, 1, large),
    ] {
        let sizes = Sizes { n_layer, n_head, n_embd, ..TINY };
        let what = format!("{n_layer} blocks, {n_head} heads, a width of {n_embd}");
        refuse(&what, &file.about(Some(&text)), LoopError::Sizes { sizes })?;
    }

    for name in ["wpe.weight", "h.0.ln_1.bias", "adamw.m.ln_f.weight", "adamw.v.wte.weight"] {
        let mut other = file.clone();
        let Some(entry) = other.tensors.remove(name) else { continue };
        let of = || name.to_owned();
        refuse(&format!("no {name}"), &other.write(), LoopError::Missing { name: of() })?;

        let mut with = |what: &str, changed: Entry, want: LoopError| {
            other.tensors.insert(of(), changed);
            refuse(&format!("{name} {what}"), &other.write(), want)
        };
        let wrong_type = Entry { dtype: "I32".into(), ..entry.clone() };
        with("in another type", wrong_type, LoopError::Dtype { name: of() })?;
        let mut halves = Entry { dtype: "F16".into(), ..entry.clone() };
        halves.bytes.truncate(entry.bytes.len() / 2);
        with("in 16 bits", halves, LoopError::Dtype { name: of() })?;
        let mut shape = vec![1];
        shape.extend(&entry.shape);
        let want =
            LoopError::Shape { name: of(), found: shape.clone(), expected: entry.shape.clone() };
        with("of another shape", Entry { shape, ..entry.clone() }, want)?;
    }
    let (one, none) = (
        Entry { dtype: "F32".into(), shape: vec![1], bytes: vec![0; 4] },
        Entry { dtype: "F32".into(), shape: vec![0], bytes: vec![] },
    );
    for (names, first) in [
        (&["lm_head.weight"][..], "lm_head.weight"),
        (&["h.1.ln_1.bias", "adamw.v.x", "adamw.m.zzz"], "adamw.m.zzz"),
        (&["", "adamw.m."], ""),
    ] {
        for entry in [&one, &none] {
            let mut other = file.clone();
            other.tensors.extend(names.iter().map(|name| (name.to_string(), entry.clone())));
            let want = LoopError::Extra { name: first.into() };
            refuse(&format!("tensors {names:?} more"), &other.write(), want)?;
        }
    }
    // The first that is wrong: weights before moments, what is missing before what is too much.
    let mut other = file.clone();
    let entry = other.tensors.remove("adamw.m.wte.weight");
    other.tensors.extend(entry.map(|entry| ("wtf.weight".to_owned(), entry)));
    let missing = |name: &str| LoopError::Missing { name: name.into() };
    refuse("a tensor with another name", &other.write(), missing("adamw.m.wte.weight"))?;
    other.tensors.remove("ln_f.bias");
    refuse("two that are missing", &other.write(), missing("ln_f.bias"))?;
    let mut other = file.clone();
    other
        .tensors
        .retain(|name, _| !["adamw.m.ln_f.bias", "adamw.v.wte.weight"].contains(&&name[..]));
    refuse("the last m and the first v are missing", &other.write(), missing("adamw.m.ln_f.bias"))?;
    let bits = Entry { dtype: "I32".into(), shape: vec![1], bytes: vec![0; 4] };
    other.tensors.insert("wpe.weight".into(), bits);
    let dtype = LoopError::Dtype { name: "wpe.weight".into() };
    refuse("a wrong type and shape before what is missing", &other.write(), dtype)
}

/// Bytes that are nearly a checkpoint.
fn drawn_files() -> impl Strategy<Value = Vec<u8>> {
    let edit = (0..4_u8, draw::any_u64(), draw::any_u64());
    let edits = (drawn_state(), draw::list(edit, 0..=3));
    let edited = edits.prop_map(|(state, edits)| {
        let mut file = (SOLUTION.checkpoint)(&state).unwrap_or_default();
        for (kind, at, with) in edits {
            // Most of what can go wrong goes wrong in the header.
            let most = if at % 3 == 0 { file.len() } else { file.len().min(900) };
            let at = (at / 3) as usize % most.max(1);
            match (kind, file.get_mut(at)) {
                (0, Some(byte)) => *byte = with as u8,
                (1, Some(byte)) => *byte ^= 1 << (with % 8),
                (2, Some(_)) => drop(file.remove(at)),
                (3, Some(_)) => file.insert(at, with as u8),
                _ => file.truncate(at),
            }
        }
        file
    });
    draw::prop_oneof![1 => draw::bytes(60), 4 => edited]
}

pub fn drawn_files_are_judged_alike(answers: &Answers) -> Outcome {
    Differential::cases(400).run(drawn_files(), |file| {
        let run = |answers: &Answers| plain((answers.restore)(file));
        agree("a file", run(answers), run(&SOLUTION), |got, want| {
            expect_same_state("the run restored from a file", got, want)
        })
    })
}
