//! What is asked for on the command line.

use std::str::FromStr;

use crate::penalties::Penalties;
use softmax_sampling::Sampling;

pub const USAGE: &str = "\
Writes text with a GPT-2.

    cargo run --release -p gpt-write -- --model MODEL --prompt TEXT

  --model MODEL        a name on the hub of Hugging Face, such as openai-community/gpt2: its files
                       are downloaded once; or a folder with config.json, model.safetensors, and
                       tokenizer.json or vocab.json and merges.txt; or the path of the weights
                       in such a folder
  --prompt TEXT        what to go on from; needs a tokenizer
  --ids 1,2,3          the same as ids, without a tokenizer
  --max-new-tokens N   at most so many new tokens (default 50)
  --stop TEXT          end before this text; may be given several times
  --temperature T      0 takes the likeliest token (default 1)
  --top-k K, --top-p P, --min-p P
                       leave unlikely tokens out
  --repetition-penalty P
                       above 1, what the prompt or the text has already is less likely (default 1)
  --frequency-penalty P, --presence-penalty P
                       lower the logit of each new token by P for each time it was written, or once
                       (default 0)
  --seed N             seed of the draws (default 1)

Environment: HF_HOME is where downloads are kept (~/.cache/huggingface), HF_ENDPOINT the address
of the hub, or of a mirror of it.";

/// What is asked for.
#[derive(Debug)]
pub struct Arguments {
    pub model: String,
    pub prompt: String,
    pub ids: Option<Vec<u32>>,
    pub max_new_tokens: usize,
    pub stops: Vec<String>,
    pub sampling: Sampling,
    pub penalties: Penalties,
    pub seed: u64,
}

impl Arguments {
    pub fn read(words: &[String]) -> Result<Self, String> {
        let mut read = Self {
            model: String::new(),
            prompt: String::new(),
            ids: None,
            max_new_tokens: 50,
            stops: Vec::new(),
            sampling: Sampling::default(),
            penalties: Penalties::default(),
            seed: 1,
        };
        let mut has_prompt = false;
        let mut words = words.iter();
        while let Some(name) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                "--model" => read.model.clone_from(value()?),
                "--prompt" => (read.prompt, has_prompt) = (value()?.clone(), true),
                "--ids" => {
                    let ids = value()?.split(',').map(|id| number(name, id.trim()));
                    read.ids = Some(ids.collect::<Result<_, _>>()?);
                }
                "--max-new-tokens" => read.max_new_tokens = number(name, value()?)?,
                "--stop" => read.stops.push(value()?.clone()),
                "--temperature" => read.sampling.temperature = number(name, value()?)?,
                "--top-k" => read.sampling.top_k = Some(number(name, value()?)?),
                "--top-p" => read.sampling.top_p = Some(number(name, value()?)?),
                "--min-p" => read.sampling.min_p = Some(number(name, value()?)?),
                "--repetition-penalty" => read.penalties.repetition = number(name, value()?)?,
                "--frequency-penalty" => read.penalties.frequency = number(name, value()?)?,
                "--presence-penalty" => read.penalties.presence = number(name, value()?)?,
                "--seed" => read.seed = number(name, value()?)?,
                _ => return Err(format!("{name} is not known here.\n\n{USAGE}")),
            }
        }
        if read.model.is_empty() {
            return Err(format!("--model is missing.\n\n{USAGE}"));
        }
        if !has_prompt && read.ids.is_none() {
            return Err(format!("--prompt is missing, or --ids.\n\n{USAGE}"));
        }
        if read.stops.iter().any(String::is_empty) {
            return Err("--stop: give a text that is not empty".into());
        }
        read.sampling.validate().map_err(|error| error.to_string())?;
        read.penalties.validate()?;
        Ok(read)
    }
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name}: “{text}” is no number that fits"))
}
