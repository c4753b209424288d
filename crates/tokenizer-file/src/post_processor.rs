//! What is put around the tokens of a text, or of two.

use crate::TokenizerError;
use crate::error::Short;
use crate::json::At;

/// Ids, and which text each belongs to, as the model numbers them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// The ids of the tokens.
    pub ids: Vec<u32>,
    /// One for each id.
    pub type_ids: Vec<u32>,
}

#[derive(Clone, Debug)]
enum Item {
    /// The first text, or the second.
    Text {
        is_second: bool,
        type_id: u32,
    },
    Special {
        ids: Vec<u32>,
        type_id: u32,
    },
}

/// Templates for one text and for two.
#[derive(Clone, Debug)]
pub struct PostProcessor {
    single: Vec<Item>,
    pair: Vec<Item>,
}

const KNOWN: &str = "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel and Sequence";

fn text(is_second: bool, type_id: u32) -> Item {
    Item::Text { is_second, type_id }
}

fn special(id: u32, type_id: u32) -> Item {
    Item::Special { ids: vec![id], type_id }
}

impl Default for PostProcessor {
    /// Puts nothing around them.
    fn default() -> Self {
        Self { single: vec![text(false, 0)], pair: vec![text(false, 0), text(true, 1)] }
    }
}

impl PostProcessor {
    pub fn bert(cls: u32, sep: u32) -> Self {
        let single = vec![special(cls, 0), text(false, 0), special(sep, 0)];
        let pair = [&*single, &[text(true, 1), special(sep, 1)]].concat();
        Self { single, pair }
    }

    pub fn roberta(cls: u32, sep: u32) -> Self {
        let single = vec![special(cls, 0), text(false, 0), special(sep, 0)];
        let pair = [&*single, &[special(sep, 0), text(true, 0), special(sep, 0)]].concat();
        Self { single, pair }
    }

    /// `token` says what token an id has.
    pub fn read<'t>(
        at: &At<'_>,
        token: &impl Fn(u32) -> Option<&'t str>,
    ) -> Result<Self, TokenizerError> {
        let kind = at.kind()?;
        match kind {
            // It moves offsets, which are not computed here.
            "ByteLevel" => {
                at.only(&["type", "add_prefix_space", "trim_offsets", "use_regex"])?;
                Ok(Self::default())
            }
            "BertProcessing" | "RobertaProcessing" => {
                let names: &[&str] = match kind {
                    "BertProcessing" => &["type", "sep", "cls"],
                    _ => &["type", "sep", "cls", "trim_offsets", "add_prefix_space"],
                };
                at.only(names)?;
                let named = |name: &str| {
                    let its = at.need(name)?;
                    match its.items()?.as_slice() {
                        [name, id] => known(token, id, name.text()?),
                        _ => its.wrong("it must be a token and its id"),
                    }
                };
                let (cls, sep) = (named("cls")?, named("sep")?);
                Ok(if kind == "BertProcessing" {
                    Self::bert(cls, sep)
                } else {
                    Self::roberta(cls, sep)
                })
            }
            "TemplateProcessing" => Self::template(at, token),
            "Sequence" => {
                at.only(&["type", "processors"])?;
                let mut found = Self::default();
                let mut names = false;
                for its in at.need("processors")?.items()? {
                    let is_quiet = its.kind()? == "ByteLevel";
                    let one = Self::read(&its, token)?;
                    if !is_quiet && std::mem::replace(&mut names, true) {
                        return its.wrong("two that add tokens are not supported");
                    }
                    if !is_quiet {
                        found = one;
                    }
                }
                Ok(found)
            }
            _ => at.unsupported(kind, KNOWN),
        }
    }

    fn template<'t>(
        at: &At<'_>,
        token: &impl Fn(u32) -> Option<&'t str>,
    ) -> Result<Self, TokenizerError> {
        at.only(&["type", "single", "pair", "special_tokens"])?;
        let specials = at.need("special_tokens")?;
        let items = |name: &str| -> Result<Vec<Item>, TokenizerError> {
            at.need(name)?.items()?.iter().map(|its| item(its, &specials, token)).collect()
        };
        let single = items("single")?;
        if single.iter().any(|item| matches!(item, Item::Text { is_second: true, .. })) {
            return at.need("single")?.wrong("it has a second text");
        }
        Ok(Self { single, pair: items("pair")? })
    }

    pub fn apply(&self, first: &[u32], second: Option<&[u32]>) -> Encoded {
        let mut all = Encoded::default();
        for item in if second.is_some() { &self.pair } else { &self.single } {
            let (ids, type_id) = match item {
                Item::Text { is_second: false, type_id } => (first, type_id),
                Item::Text { is_second: true, type_id } => (second.unwrap_or_default(), type_id),
                Item::Special { ids, type_id } => (ids.as_slice(), type_id),
            };
            all.ids.extend(ids);
            all.type_ids.resize(all.ids.len(), *type_id);
        }
        all
    }
}

fn item<'t>(
    at: &At<'_>,
    specials: &At<'_>,
    token: &impl Fn(u32) -> Option<&'t str>,
) -> Result<Item, TokenizerError> {
    at.only(&["Sequence", "SpecialToken"])?;
    match (at.get("Sequence")?, at.get("SpecialToken")?) {
        (Some(its), None) => {
            its.only(&["id", "type_id"])?;
            let type_id = its.need("type_id")?.whole()?;
            match its.need("id")?.text()? {
                "A" => Ok(text(false, type_id)),
                "B" => Ok(text(true, type_id)),
                other => its.unsupported(other, "A and B"),
            }
        }
        (None, Some(its)) => {
            its.only(&["id", "type_id"])?;
            let type_id = its.need("type_id")?.whole()?;
            let found = specials.need(its.need("id")?.text()?)?;
            found.only(&["id", "ids", "tokens"])?;
            let (ids, names) = (found.need("ids")?.items()?, found.need("tokens")?.items()?);
            if ids.len() != names.len() || ids.len() > MOST_IDS {
                return found
                    .wrong(format!("it must have as many ids as tokens, at most {MOST_IDS}"));
            }
            let ids = ids.iter().zip(&names).map(|(id, name)| known(token, id, name.text()?));
            Ok(Item::Special { ids: ids.collect::<Result<_, _>>()?, type_id })
        }
        _ => at.wrong("it must have a Sequence or a SpecialToken"),
    }
}

/// So many ids a special token of a template may have.
const MOST_IDS: usize = 64;

/// The id, if it is that of the token.
fn known<'t>(
    token: &impl Fn(u32) -> Option<&'t str>,
    id: &At<'_>,
    name: &str,
) -> Result<u32, TokenizerError> {
    let whole = id.whole()?;
    match token(whole) {
        Some(its) if its == name => Ok(whole),
        _ => id.wrong(format!("{whole} is not the id of the token “{}”", Short(name))),
    }
}
