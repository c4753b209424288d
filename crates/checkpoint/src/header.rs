//! The header of a file: eight bytes with its length, then a table in JSON.
//!
//! The format asks that the ranges of the tensors cover what follows, without gap or overlap
//! (<https://github.com/huggingface/safetensors#format>).

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::{CheckpointError, Short};
use crate::source::Source;

/// Bytes that say how long the table is.
const LENGTH: u64 = 8;
/// More than any tensor of a model has.
const MOST_DIMENSIONS: usize = 8;
/// Models of a trillion parameters have a few ten thousand.
const MOST_TENSORS: usize = 100_000;

/// A type in which numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "named as the format names them")]
pub enum Dtype {
    #[serde(rename = "BOOL")]
    Bool,
    U8,
    I8,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
}

impl Dtype {
    /// Bytes of one number.
    fn size(self) -> u64 {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::I16 | Self::U16 | Self::F16 | Self::BF16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }
}

/// A tensor of a file.
pub(crate) struct Entry {
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    /// The first of its bytes and the one behind its last, from the end of the header.
    pub range: [u64; 2],
    pub is_taken: bool,
}

/// Reads the table of a file, and checks it against the length of the file. Returns also where the
/// header ends.
pub(crate) fn read(source: &mut Source) -> Result<(BTreeMap<String, Entry>, u64), CheckpointError> {
    let wrong = |why| Err(CheckpointError::Header(why));
    let len = source.len();
    if len < LENGTH {
        return wrong(format!("of {len} bytes, where the first 8 say how long its header is"));
    }
    let length = source.bytes([0, LENGTH])?;
    let length = length.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    let Some(start) = LENGTH.checked_add(length).filter(|&start| start <= len) else {
        let follow = len - LENGTH;
        return wrong(format!("its header is said to have {length} bytes, and {follow} follow"));
    };
    let json = source.bytes([LENGTH, start])?;
    match serde_json::from_slice(&json) {
        Ok(Table(entries)) => {
            ranges(&entries, len - start)?;
            Ok((entries, start))
        }
        // An error in JSON repeats what it found, which may be long.
        Err(error) => wrong(format!("its header: {}", Short(&error.to_string()))),
    }
}

/// Checks that the ranges cover `has` bytes, and that each fits its tensor.
fn ranges(entries: &BTreeMap<String, Entry>, has: u64) -> Result<(), CheckpointError> {
    let mut entries: Vec<(&String, &Entry)> = entries.iter().collect();
    entries.sort_unstable_by_key(|(_, entry)| entry.range);
    let mut covered = 0;
    for (name, Entry { dtype, shape, range: [begin, end], .. }) in entries {
        let wrong = |why: String| Err(CheckpointError::Range { name: name.clone(), why });
        // Strides are products, too, where a later size is zero.
        let times = |product: usize, &count: &usize| product.checked_mul(count.max(1));
        let Some(most) = shape.iter().try_fold(1, times) else {
            return wrong(format!("the shape {shape:?} has more numbers than can be"));
        };
        let count = if shape.contains(&0) { 0 } else { most };
        let size = (count as u64).saturating_mul(dtype.size());
        if end.checked_sub(*begin) != Some(size) {
            return wrong(format!(
                "the shape {shape:?} in {dtype:?} takes {size} bytes, not those from {begin} to {end}"
            ));
        }
        if *begin != covered {
            return wrong(format!(
                "it begins at byte {begin}, and the one before ends at {covered}"
            ));
        }
        if *end > has {
            return Err(CheckpointError::Truncated { name: name.clone(), has, needs: *end });
        }
        covered = *end;
    }
    match has - covered {
        0 => Ok(()),
        left => Err(CheckpointError::Header(format!("{left} bytes at its end are of no tensor"))),
    }
}

/// The table of tensors.
struct Table(BTreeMap<String, Entry>);

/// What is said of one tensor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    dtype: Dtype,
    shape: Shape,
    data_offsets: [u64; 2],
}

/// Sizes, of which there cannot be millions.
struct Shape(Vec<usize>);

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows;
        impl<'de> Visitor<'de> for Rows {
            type Value = Table;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of tensors")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Table, A::Error> {
                let mut entries = BTreeMap::new();
                let mut has_notes = false;
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" && !has_notes {
                        has_notes = true;
                        map.next_value::<Notes>()?;
                        continue;
                    }
                    let wrong = |why: &dyn fmt::Display| {
                        A::Error::custom(format!("tensor `{}`: {why}", Short(&name)))
                    };
                    let Row { dtype, shape: Shape(shape), data_offsets: range } =
                        map.next_value().map_err(|error| wrong(&error))?;
                    if entries.len() == MOST_TENSORS {
                        return Err(wrong(&format!("there are {MOST_TENSORS} before it")));
                    }
                    if entries.contains_key(&name) {
                        return Err(wrong(&"it stands twice"));
                    }
                    entries.insert(name, Entry { dtype, shape, range, is_taken: false });
                }
                Ok(Table(entries))
            }
        }
        deserializer.deserialize_map(Rows)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sizes;
        impl<'de> Visitor<'de> for Sizes {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of sizes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape, A::Error> {
                let mut sizes = Vec::new();
                while let Some(size) = list.next_element()? {
                    if sizes.len() == MOST_DIMENSIONS {
                        let why = format!("a shape of more than {MOST_DIMENSIONS} dimensions");
                        return Err(A::Error::custom(why));
                    }
                    sizes.push(size);
                }
                Ok(Shape(sizes))
            }
        }
        deserializer.deserialize_seq(Sizes)
    }
}

/// Notes of whoever made the file: texts, which nothing here needs.
struct Notes;

impl<'de> Deserialize<'de> for Notes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Notes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Notes, A::Error> {
                while map.next_key::<IgnoredAny>()?.is_some() {
                    map.next_value::<String>()?;
                }
                Ok(Notes)
            }

            fn visit_unit<E>(self) -> Result<Notes, E> {
                Ok(Notes)
            }
        }
        deserializer.deserialize_any(Texts)
    }
}
