//! Writes text with a GPT-2, token by token.

mod arguments;
mod files;
mod hub;
mod penalties;
mod stream;

use std::cell::Cell;
use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Instant;

use arguments::{Arguments, USAGE};
use checkpoint::Checkpoint;
use files::{Files, Outcome};
use gpt::{Config, Generation, Gpt2, Gpt2Decoder, SOLUTION};
use grading::random::seeded;
use penalties::Penalized;
use stream::{Shown, Stream};

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
    let files = Files::of(&arguments.model)?;
    let config = Config::from_json(&files.config()?)?;
    let tokenizer = files.tokenizer()?;
    let prompt = match (&arguments.ids, &tokenizer) {
        (Some(ids), _) => ids.clone(),
        (None, Some(tokenizer)) => {
            let ids = tokenizer.encode(&arguments.prompt)?;
            tokenizer.around(&ids, None).ids
        }
        (None, None) => {
            let text = "the model has no tokenizer.json and no merges.txt: give --ids";
            return Err(text.into());
        }
    };
    if tokenizer.is_none() && !arguments.stops.is_empty() {
        return Err("--stop is a text, and the model has no tokenizer".into());
    }
    let options = Generation {
        max_new_tokens: arguments.max_new_tokens,
        sampling: arguments.sampling,
        end: config.eos_token_id,
    };
    let model = Gpt2::from_checkpoint(config, Checkpoint::open(&files.weights()?)?)?;

    let mut out = stdout();
    // A reader that has gone away ends nothing here; the run ends by itself.
    let mut show = |text: &str| {
        let _ = write!(out, "{text}").and_then(|()| out.flush());
    };
    match &tokenizer {
        Some(tokenizer) => show(&tokenizer.decode(&prompt, false)?),
        None => show(&format!("{prompt:?}")),
    }
    let mut stream = tokenizer.as_ref().map(|tokenizer| Stream::new(tokenizer, &arguments.stops));
    let is_stopped = Cell::new(false);
    let mut written = 0;
    let mut unknown = None;
    let mut on_token = |id: u32| {
        written += 1;
        match stream.as_mut().map(|stream| stream.push(id)) {
            None => show(&format!(" {id}")),
            Some(Ok(Shown { text, is_stopped: stops })) => {
                show(&text);
                is_stopped.set(stops);
            }
            Some(Err(error)) => {
                is_stopped.set(true);
                unknown = Some(error);
            }
        }
    };
    let mut decoder = Penalized {
        decoder: Gpt2Decoder { model: &model, forward: SOLUTION.forward },
        penalties: arguments.penalties,
        read: Vec::new(),
        prompt: prompt.len(),
        is_stopped: &is_stopped,
    };
    let mut rng = seeded(arguments.seed);
    let start = Instant::now();
    let done = (SOLUTION.generate)(&mut decoder, &prompt, &options, &mut rng, &mut on_token);
    let seconds = start.elapsed().as_secs_f64();
    if let Some(error) = unknown {
        return Err(error.into());
    }
    if !is_stopped.get() {
        done?;
        if let Some(stream) = &stream {
            show(&stream.rest()?);
        }
    }
    show("\n");
    let speed = f64::from(written) / seconds.max(1e-9);
    eprintln!(
        "{} tokens read, {written} written in {seconds:.1} s, {speed:.1} a second",
        prompt.len()
    );
    Ok(())
}
