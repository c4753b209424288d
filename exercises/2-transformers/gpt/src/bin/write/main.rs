//! Writes text with a GPT-2 from a folder, token by token.

mod arguments;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use arguments::{Arguments, USAGE};
use checkpoint::Checkpoint;
use gpt::{Config, Generation, Gpt2, Gpt2Decoder, SOLUTION, vocabulary};
use grading::random::seeded;
use tokenization::Bpe;
use tokenization::solution::{decode, encode};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match Arguments::read(&arguments).map_err(Into::into).and_then(|read| write(&read)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(arguments: &Arguments) -> Outcome<()> {
    let model = &arguments.model;
    if !model.exists() {
        return Err(format!("{}: there is no such file or folder", model.display()).into());
    }
    let folder = folder_of(model);
    let config = Config::from_json(&text_of(&folder.join("config.json"))?)?;
    let vocabulary = vocabulary_in(&folder)?;
    let prompt = match (&arguments.ids, &vocabulary) {
        (Some(ids), _) => ids.clone(),
        (None, Some(bpe)) => encode(bpe, &arguments.prompt),
        (None, None) => {
            let text = "no tokenizer.json and no merges.txt beside the weights: give --ids";
            return Err(text.into());
        }
    };
    let options = Generation {
        max_new_tokens: arguments.max_new_tokens,
        sampling: arguments.sampling,
        end: config.eos_token_id,
    };
    let model = Gpt2::from_checkpoint(config, Checkpoint::open(&arguments.model)?)?;

    let mut out = stdout();
    let shown = match &vocabulary {
        Some(bpe) => decode(bpe, &prompt)?,
        None => format!("{prompt:?}"),
    };
    write!(out, "{shown}")?;
    out.flush()?;
    let mut kept = Vec::new();
    let mut on_token = |id: u32| {
        let text = match &vocabulary {
            Some(bpe) => whole_characters(bpe, id, &mut kept),
            None => format!(" {id}"),
        };
        // A reader that has gone away ends nothing here; the run ends by itself.
        let _ = write!(out, "{text}").and_then(|()| out.flush());
    };
    let mut decoder = Gpt2Decoder { model: &model, forward: SOLUTION.forward };
    let mut rng = seeded(arguments.seed);
    let start = Instant::now();
    let new = (SOLUTION.generate)(&mut decoder, &prompt, &options, &mut rng, &mut on_token)?;
    let seconds = start.elapsed().as_secs_f64();
    println!();
    let speed = new.len() as f64 / seconds.max(1e-9);
    eprintln!(
        "{} tokens read, {} written in {seconds:.1} s, {speed:.1} a second",
        prompt.len(),
        new.len()
    );
    Ok(())
}

/// The folder of a model, from its own path or that of its weights.
fn folder_of(model: &Path) -> PathBuf {
    match model.parent() {
        Some(parent) if !model.is_dir() => parent.to_owned(),
        _ => model.to_owned(),
    }
}

fn vocabulary_in(folder: &Path) -> Outcome<Option<Bpe>> {
    let (json, merges) = (folder.join("tokenizer.json"), folder.join("merges.txt"));
    if json.exists() {
        return Ok(Some(vocabulary::from_json(&text_of(&json)?)?));
    }
    if merges.exists() {
        return Ok(Some(vocabulary::from_merges(&text_of(&merges)?)?));
    }
    Ok(None)
}

fn text_of(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| told(path, &error))
}

fn told(path: &Path, error: &std::io::Error) -> Box<dyn Error> {
    format!("{}: {error}", path.display()).into()
}

/// What a token adds to the text. A token may end in the middle of a character: its bytes wait for
/// the next.
fn whole_characters(bpe: &Bpe, id: u32, kept: &mut Vec<u8>) -> String {
    kept.extend(bpe.bytes(id).unwrap_or_default());
    let mut text = String::new();
    loop {
        match std::str::from_utf8(kept) {
            Ok(whole) => {
                text += whole;
                kept.clear();
                return text;
            }
            Err(error) => {
                let (whole, rest) = kept.split_at(error.valid_up_to());
                text += &String::from_utf8_lossy(whole);
                let Some(bad) = error.error_len() else {
                    *kept = rest.to_vec();
                    return text;
                };
                text.push(char::REPLACEMENT_CHARACTER);
                *kept = rest[bad..].to_vec();
            }
        }
    }
}
