//! Compares sentences, or fills a gap, with a BERT from a folder.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bert::sentences::{dot, unit};
use bert::{Batch, Bert, Config, Encoded, SOLUTION, Tokenizer};
use candle_core::Tensor;
use checkpoint::Checkpoint;
use serde::Deserialize;

const USAGE: &str = "\
Compares sentences by meaning, or guesses a hidden word.

    cargo run --release -p bert --bin bert-similar -- --model FOLDER --similar TEXT TEXT...
    cargo run --release -p bert --bin bert-similar -- --model FOLDER --fill \"The [MASK] is high.\"

  --model FOLDER       with config.json, model.safetensors, and tokenizer.json or vocab.txt
  --similar TEXT...    two texts or more: how near each is to the first, from −1 to 1
  --fill TEXT          a text with [MASK] in it: the likeliest tokens there; the model needs the
                       head that it was trained with (cls.predictions)
  --cased              with vocab.txt: keep capitals and accents";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match Arguments::read(&words).and_then(|read| run(&read)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What is asked for.
#[derive(Default)]
struct Arguments {
    model: PathBuf,
    similar: Vec<String>,
    fill: Vec<String>,
    cased: bool,
}

impl Arguments {
    fn read(words: &[String]) -> Outcome<Self> {
        let mut read = Self::default();
        let mut option = "";
        for word in words {
            match word.as_str() {
                "--cased" => read.cased = true,
                "--model" | "--similar" | "--fill" => option = word,
                _ if word.starts_with("--") => {
                    return Err(format!("{word} is not known here.\n\n{USAGE}").into());
                }
                _ => match option {
                    "--model" => read.model = word.into(),
                    "--similar" => read.similar.push(word.clone()),
                    "--fill" => read.fill.push(word.clone()),
                    _ => return Err(format!("“{word}” belongs to no option.\n\n{USAGE}").into()),
                },
            }
        }
        if read.model.as_os_str().is_empty() {
            return Err(format!("--model is missing, or its folder.\n\n{USAGE}").into());
        }
        if read.similar.len() == 1 {
            return Err("--similar needs two texts or more, each in quotes".into());
        }
        if read.similar.is_empty() && read.fill.is_empty() {
            return Err(format!("--similar is missing, or --fill.\n\n{USAGE}").into());
        }
        Ok(read)
    }
}

fn run(arguments: &Arguments) -> Outcome<()> {
    let folder = &arguments.model;
    if !folder.is_dir() {
        return Err(format!("{}: there is no such folder", folder.display()).into());
    }
    let config = Config::from_json(&text_of(&folder.join("config.json"))?)?;
    let tokenizer = tokenizer_in(folder, arguments.cased)?;
    let most = longest(folder, &config)?;
    let model = Bert::from_checkpoint(config, Checkpoint::open(folder)?)?;
    let encode = |text: &str| -> Encoded {
        let all = tokenizer.encode(text, None, usize::MAX).ids.len();
        if all > most {
            eprintln!(
                "{all} tokens are cut to {most}: “{}…”",
                text.chars().take(30).collect::<String>()
            );
        }
        tokenizer.encode(text, None, most)
    };

    if !arguments.similar.is_empty() {
        let texts: Vec<Encoded> = arguments.similar.iter().map(|text| encode(text)).collect();
        let batch = tokenizer.batch(&texts)?;
        let pooled = (SOLUTION.mean_pool)(&hidden_states(&model, &batch)?, &batch.is_token)?;
        let vectors: Vec<Vec<f32>> = pooled.to_vec2()?.iter().map(|x| unit(x)).collect();
        let mut near: Vec<(f64, &String)> = (arguments.similar.iter().zip(&vectors))
            .skip(1)
            .map(|(text, vector)| (dot(&vectors[0], vector), text))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("        {}", arguments.similar[0]);
        for (cosine, text) in near {
            println!("{cosine:7.4} {text}");
        }
    }
    for text in &arguments.fill {
        let encoded = encode(text);
        let mask = tokenizer.id("[MASK]");
        let gaps: Vec<usize> =
            (0..encoded.ids.len()).filter(|&at| Some(encoded.ids[at]) == mask).collect();
        if gaps.is_empty() {
            return Err(format!("“{text}” has no [MASK]: put one where a word is hidden").into());
        }
        let batch = tokenizer.batch(&[encoded])?;
        let logits = (SOLUTION.mlm_logits)(&model, &hidden_states(&model, &batch)?)?;
        println!("{text}");
        for at in gaps {
            let logits: Vec<f32> = logits.get(0)?.get(at)?.to_vec1()?;
            let top = logits.iter().copied().fold(f32::MIN, f32::max);
            let total: f64 = logits.iter().map(|&x| f64::from(x - top).exp()).sum();
            let mut best: Vec<usize> = (0..logits.len()).collect();
            best.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
            for &id in best.iter().take(5) {
                let share = f64::from(logits[id] - top).exp() / total;
                println!("{:6.1}% {}", 100.0 * share, tokenizer.token(id as u32).unwrap_or("?"));
            }
        }
    }
    Ok(())
}

fn hidden_states(model: &Bert, batch: &Batch) -> Outcome<Tensor> {
    let (types, is_token) = (Some(&batch.token_types), Some(&batch.is_token));
    Ok((SOLUTION.forward)(model, &batch.ids, types, is_token)?)
}

/// How many tokens a text may have: a sentence model was trained with fewer than there are
/// positions.
fn longest(folder: &Path, config: &Config) -> Outcome<usize> {
    #[derive(Deserialize)]
    struct Sentences {
        max_seq_length: Option<usize>,
    }
    let path = folder.join("sentence_bert_config.json");
    let most = match path.exists() {
        true => {
            serde_json::from_str::<Sentences>(&text_of(&path)?)
                .map_err(|error| format!("{}: {error}", path.display()))?
                .max_seq_length
        }
        false => None,
    };
    Ok(most.unwrap_or(usize::MAX).min(config.max_position_embeddings))
}

fn tokenizer_in(folder: &Path, cased: bool) -> Outcome<Tokenizer> {
    let (json, vocab) = (folder.join("tokenizer.json"), folder.join("vocab.txt"));
    if json.exists() {
        return Ok(Tokenizer::from_json(&text_of(&json)?)?);
    }
    if vocab.exists() {
        return Ok(Tokenizer::from_vocab(&text_of(&vocab)?, !cased)?);
    }
    Err(format!("{}: no tokenizer.json and no vocab.txt", folder.display()).into())
}

fn text_of(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
