//! What is asked for on the command line.

use std::path::PathBuf;
use std::str::FromStr;

use softmax_sampling::Sampling;

pub const USAGE: &str = "\
Writes text with a GPT-2.

    cargo run --release -p gpt --bin gpt-write -- --model FOLDER --prompt TEXT

  --model PATH         folder with config.json and model.safetensors, or the path of the weights
  --prompt TEXT        what to go on from; needs tokenizer.json or merges.txt in the folder
  --ids 1,2,3          the same as ids, without a tokenizer
  --max-new-tokens N   at most so many new tokens (default 50)
  --temperature T      0 takes the likeliest token (default 1)
  --top-k K, --top-p P, --min-p P
                       leave unlikely tokens out
  --seed N             seed of the draws (default 1)";

/// What is asked for.
#[derive(Debug)]
pub struct Arguments {
    pub model: PathBuf,
    pub prompt: String,
    pub ids: Option<Vec<u32>>,
    pub max_new_tokens: usize,
    pub sampling: Sampling,
    pub seed: u64,
}

impl Arguments {
    pub fn read(words: &[String]) -> Result<Self, String> {
        let mut read = Self {
            model: PathBuf::new(),
            prompt: String::new(),
            ids: None,
            max_new_tokens: 50,
            sampling: Sampling::default(),
            seed: 1,
        };
        let mut has_prompt = false;
        let mut words = words.iter();
        while let Some(name) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                "--model" => read.model = value()?.into(),
                "--prompt" => (read.prompt, has_prompt) = (value()?.clone(), true),
                "--ids" => {
                    let ids = value()?.split(',').map(|id| number(name, id.trim()));
                    read.ids = Some(ids.collect::<Result<_, _>>()?);
                }
                "--max-new-tokens" => read.max_new_tokens = number(name, value()?)?,
                "--temperature" => read.sampling.temperature = number(name, value()?)?,
                "--top-k" => read.sampling.top_k = Some(number(name, value()?)?),
                "--top-p" => read.sampling.top_p = Some(number(name, value()?)?),
                "--min-p" => read.sampling.min_p = Some(number(name, value()?)?),
                "--seed" => read.seed = number(name, value()?)?,
                _ => return Err(format!("{name} is not known here.\n\n{USAGE}")),
            }
        }
        if read.model.as_os_str().is_empty() {
            return Err(format!("--model is missing.\n\n{USAGE}"));
        }
        if !has_prompt && read.ids.is_none() {
            return Err(format!("--prompt is missing, or --ids.\n\n{USAGE}"));
        }
        read.sampling.validate().map_err(|error| error.to_string())?;
        Ok(read)
    }
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name}: “{text}” is no number that fits"))
}
