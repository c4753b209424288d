//! Models on the hub of Hugging Face: downloaded once, then read from the cache that other programs
//! use, too.

use std::env;
use std::path::PathBuf;

use hf_hub::api::sync::{Api, ApiBuilder, ApiError};
use hf_hub::{Cache, Repo};

use crate::files::{CONFIG, MERGES, Outcome, TOKENIZER, VOCAB};

/// A model on the hub.
#[derive(Debug)]
pub struct Hub {
    name: String,
    endpoint: String,
    cache: Cache,
    api: Api,
}

/// Where the hub is, unless `HF_ENDPOINT` says otherwise.
const ENDPOINT: &str = "https://huggingface.co";

impl Hub {
    pub fn open(name: &str) -> Outcome<Self> {
        let is_set = |name| env::var(name).is_ok_and(|value| !value.is_empty());
        if !is_set("HF_HOME") && env::home_dir().is_none() {
            return Err("there is no home folder for downloads: name one in HF_HOME".into());
        }
        let endpoint = match env::var("HF_ENDPOINT") {
            Ok(endpoint) if !endpoint.is_empty() => endpoint.trim_end_matches('/').to_owned(),
            _ => ENDPOINT.to_owned(),
        };
        let cache = if is_set("HF_HOME") { Cache::from_env() } else { Cache::default() };
        let api = ApiBuilder::from_cache(cache.clone())
            .with_endpoint(endpoint.clone())
            .with_user_agent("gpt-write", env!("CARGO_PKG_VERSION"));
        let api = api.build().map_err(|error| format!("{endpoint}: {error}"))?;
        Ok(Self { name: name.to_owned(), endpoint, cache, api })
    }

    fn cached(&self, file: &str) -> Option<PathBuf> {
        self.cache.repo(Repo::model(self.name.clone())).get(file)
    }

    /// A file, from the cache or downloaded; nothing if the model has none of this name.
    fn get(&self, file: &str) -> Outcome<Option<PathBuf>> {
        match self.api.model(self.name.clone()).get(file) {
            Ok(path) => Ok(Some(path)),
            Err(ApiError::RequestError(error))
                if matches!(*error, ureq::Error::StatusCode(404)) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.told(file, &error).into()),
        }
    }

    /// A file that there must be.
    pub fn need(&self, file: &str) -> Outcome<PathBuf> {
        let Some(path) = self.get(file)? else {
            return Err(match file {
                CONFIG => self.nobody(),
                _ => format!(
                    "the model {} at {} has no {file}, which this program needs",
                    self.name, self.endpoint
                ),
            }
            .into());
        };
        Ok(path)
    }

    /// tokenizer.json, or vocab.json and merges.txt. What is in the cache comes first: with it no
    /// network is needed.
    pub fn tokenizer(&self) -> Outcome<(Option<PathBuf>, Option<PathBuf>, Option<PathBuf>)> {
        let json = self.cached(TOKENIZER);
        if json.is_none()
            && let (vocab @ Some(_), merges @ Some(_)) = (self.cached(VOCAB), self.cached(MERGES))
        {
            return Ok((None, vocab, merges));
        }
        match self.get(TOKENIZER)? {
            None => Ok((None, self.get(VOCAB)?, self.get(MERGES)?)),
            json => Ok((json, None, None)),
        }
    }

    fn nobody(&self) -> String {
        format!(
            "{name}: there is no such file or folder here, and no public model of this name at {} \
             that has a {CONFIG}. Look for its name there; it has an owner, too, as in \
             openai-community/gpt2",
            self.endpoint,
            name = self.name,
        )
    }

    fn told(&self, file: &str, error: &ApiError) -> String {
        let Self { name, endpoint, cache, .. } = self;
        let instead = format!(
            "What was downloaded before is used without a network, and {file} of {name} is not in {}.\n\
             You can also give --model a folder with config.json, model.safetensors and \
             tokenizer.json.",
            cache.path().display()
        );
        match error {
            ApiError::RequestError(error) => match **error {
                ureq::Error::StatusCode(401 | 403) => self.nobody(),
                ureq::Error::StatusCode(status) => {
                    format!(
                        "{endpoint} answers with the status {status} for {file} of {name}.\n{instead}"
                    )
                }
                ref error => format!("{endpoint} cannot be reached: {error}.\n{instead}"),
            },
            ApiError::IoError(error) => format!(
                "the download of {file} of {name} from {endpoint} broke off: {error}.\n\
                 Run this again: it goes on from there."
            ),
            ApiError::MissingHeader(_)
            | ApiError::InvalidHeader(_)
            | ApiError::ParseIntError(_) => {
                format!(
                    "what answers at {endpoint} is not the hub of Hugging Face: {error}.\n{instead}"
                )
            }
            error => format!("{file} of {name} from {endpoint}: {error}.\n{instead}"),
        }
    }
}
