//! JSON as it stands in the file, with all that is there twice, and the way to each of its values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::TokenizerError;
use crate::error::Short;

/// A value. Of an object all entries are kept, in their order.
#[derive(Debug)]
pub enum Json {
    Null,
    Bool(bool),
    Whole(u64),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Bool(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Whole(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Number(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
                Ok(Json::Number(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::Text(value.to_owned()))
            }
            fn visit_string<E>(self, value: String) -> Result<Json, E> {
                Ok(Json::Text(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut its: A) -> Result<Json, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = its.next_element()? {
                    list.push(value);
                }
                Ok(Json::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut its: A) -> Result<Json, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = its.next_entry()? {
                    entries.push(entry);
                }
                Ok(Json::Object(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A value and where it is.
#[derive(Debug)]
pub struct At<'a> {
    file: &'static str,
    field: String,
    value: &'a Json,
}

type Outcome<T> = Result<T, TokenizerError>;

impl<'a> At<'a> {
    pub fn top(file: &'static str, value: &'a Json) -> Self {
        Self { file, field: String::new(), value }
    }

    fn inner(&self, name: &str, value: &'a Json) -> Self {
        let field = match self.field.as_str() {
            "" => name.to_owned(),
            field => format!("{field}.{name}"),
        };
        Self { file: self.file, field, value }
    }

    /// Says that this is wrong.
    pub fn wrong<T>(&self, why: impl Into<String>) -> Outcome<T> {
        let field = if self.field.is_empty() { "top level" } else { &self.field };
        Err(TokenizerError::Field { file: self.file, field: field.to_owned(), why: why.into() })
    }

    fn is_not<T>(&self, want: &str) -> Outcome<T> {
        let found = match self.value {
            Json::Null => "nothing (null)".to_owned(),
            Json::Bool(value) => value.to_string(),
            Json::Whole(value) => value.to_string(),
            Json::Number(value) => value.to_string(),
            Json::Text(text) => format!("“{}”", Short(text)),
            Json::List(_) => "a list".to_owned(),
            Json::Object(_) => "an object".to_owned(),
        };
        self.wrong(format!("it is {found}, and must be {want}"))
    }

    /// All entries of an object, which may hold names twice.
    pub fn entries(&self) -> Outcome<&'a [(String, Json)]> {
        match self.value {
            Json::Object(entries) => Ok(entries),
            _ => self.is_not("an object"),
        }
    }

    /// The entry of an object, unless it is null or not there.
    pub fn get(&self, name: &str) -> Outcome<Option<Self>> {
        let found = self.entries()?.iter().find(|(its, _)| its == name);
        let found = found.filter(|(_, value)| !matches!(value, Json::Null));
        Ok(found.map(|(_, value)| self.inner(name, value)))
    }

    /// The entry of an object.
    pub fn need(&self, name: &str) -> Outcome<Self> {
        match self.get(name)? {
            Some(found) => Ok(found),
            None => self.inner(name, self.value).wrong("it is missing"),
        }
    }

    /// Refuses an object with other entries than these, or with one of them twice.
    pub fn only(&self, names: &[&str]) -> Outcome<()> {
        let entries = self.entries()?;
        for (i, (name, value)) in entries.iter().enumerate() {
            let its = self.inner(&Short(name).to_string(), value);
            if !names.contains(&name.as_str()) {
                return its.wrong("nothing here knows what this means");
            }
            if entries[..i].iter().any(|(other, _)| other == name) {
                return its.wrong("it is there twice");
            }
        }
        Ok(())
    }

    /// The kind of a part of a tokenizer, as its `type` says.
    pub fn kind(&self) -> Outcome<&'a str> {
        self.need("type")?.text()
    }

    pub fn items(&self) -> Outcome<Vec<Self>> {
        let Json::List(list) = self.value else { return self.is_not("a list") };
        let item =
            |(i, value)| Self { file: self.file, field: format!("{}[{i}]", self.field), value };
        Ok(list.iter().enumerate().map(item).collect())
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, Json::List(_))
    }

    pub fn text(&self) -> Outcome<&'a str> {
        match self.value {
            Json::Text(text) => Ok(text),
            _ => self.is_not("a text"),
        }
    }

    /// A text of one character.
    pub fn letter(&self) -> Outcome<char> {
        let mut letters = self.text()?.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(letter),
            _ => self.is_not("a text of one character"),
        }
    }

    pub fn bool(&self) -> Outcome<bool> {
        match self.value {
            Json::Bool(value) => Ok(*value),
            _ => self.is_not("true or false"),
        }
    }

    /// Whether an entry is true; if it is not there, `otherwise`.
    pub fn flag(&self, name: &str, otherwise: bool) -> Outcome<bool> {
        self.get(name)?.map_or(Ok(otherwise), |its| its.bool())
    }

    pub fn number(&self) -> Outcome<f64> {
        match self.value {
            Json::Whole(value) => Ok(*value as f64),
            Json::Number(value) => Ok(*value),
            _ => self.is_not("a number"),
        }
    }

    /// An id, or a count.
    pub fn whole(&self) -> Outcome<u32> {
        match self.value {
            Json::Whole(value) if u32::try_from(*value).is_ok() => Ok(*value as u32),
            _ => self.is_not("a whole number from 0 to 4294967295"),
        }
    }

    /// The value of an entry of [`At::entries`].
    pub fn entry(&self, entry: &'a (String, Json)) -> Self {
        self.inner(&format!("“{}”", Short(&entry.0)), &entry.1)
    }

    /// Refuses a part of a kind that is not supported, or that is no such part.
    pub fn unsupported<T>(&self, kind: &str, known: &str) -> Outcome<T> {
        self.wrong(format!("“{}” is not supported; {known} are", Short(kind)))
    }
}
