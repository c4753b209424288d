//! Goes on from tokens with a Llama from a folder, from several texts at once.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use checkpoint::Checkpoint;
use llama::{Config, Llama, LlamaDecoder, SOLUTION};

const USAGE: &str = "\
Goes on from tokens with a Llama, always with the likeliest.

    cargo run --release -p llama --bin llama-write -- --model FOLDER --ids 1,2,3

  --model FOLDER       has config.json and model.safetensors
  --ids 1,2,3          what to go on from, as ids; give it once for each text
  --max-new-tokens N   at most so many new tokens (default 50)
  --end N              a token that ends a text; may be given more than once";

struct Arguments {
    model: PathBuf,
    prompts: Vec<Vec<u32>>,
    max_new_tokens: usize,
    end: Vec<u32>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match read(&words).map_err(Into::into).and_then(|arguments| write(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn read(words: &[String]) -> Result<Arguments, String> {
    let mut read =
        Arguments { model: PathBuf::new(), prompts: vec![], max_new_tokens: 50, end: vec![] };
    let mut words = words.iter();
    while let Some(name) = words.next() {
        let value = words.next().ok_or_else(|| format!("{name} needs a value.\n\n{USAGE}"))?;
        let number = |text: &str| {
            let number = text.trim().parse::<u32>();
            number.map_err(|_| format!("{name}: “{text}” is no number that fits"))
        };
        match name.as_str() {
            "--model" => read.model = value.into(),
            "--ids" => {
                let ids = value.split(',').map(number);
                read.prompts.push(ids.collect::<Result<_, _>>()?);
            }
            "--max-new-tokens" => read.max_new_tokens = number(value)? as usize,
            "--end" => read.end.push(number(value)?),
            _ => return Err(format!("{name} is not known here.\n\n{USAGE}")),
        }
    }
    if read.model.as_os_str().is_empty() || read.prompts.is_empty() {
        return Err(format!("--model or --ids is missing.\n\n{USAGE}"));
    }
    Ok(read)
}

fn write(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let path = arguments.model.join("config.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let model =
        Llama::from_checkpoint(Config::from_json(&text)?, Checkpoint::open(&arguments.model)?)?;
    let mut decoder = LlamaDecoder { model: &model, forward: SOLUTION.llama_forward };
    let Arguments { prompts, max_new_tokens, end, .. } = arguments;
    for new in (SOLUTION.continue_texts)(&mut decoder, prompts, *max_new_tokens, end)? {
        println!("{}", new.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
    }
    Ok(())
}
