//! What can be wrong with an adapter.

use std::fmt;

/// Why an adapter is not read, or not written.
#[derive(Clone, Debug, PartialEq)]
pub enum PeftError {
    /// A config that is no JSON object.
    Json {
        /// What is wrong with it.
        reason: String,
    },
    /// A field of the config that is missing or is not what belongs there.
    Field {
        /// Its name.
        field: String,
        /// What stands there, as JSON; `null` where nothing does.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A kind of adapter that is not read here.
    UnknownType {
        /// What `peft_type` says.
        found: String,
    },
    /// An option that changes what the adapter computes, and is not computed here.
    Unsupported {
        /// Its name.
        option: String,
        /// What it is set to, as JSON.
        found: String,
    },
    /// Targets of which none is a linear layer of a block of the base.
    Target {
        /// As the adapter has them.
        names: String,
    },
    /// A file that does not hold tensors.
    File {
        /// What is wrong with it.
        reason: String,
    },
    /// A tensor that should be there.
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor that does not belong to the adapter.
    Extra {
        /// Its name.
        name: String,
        /// The base that the adapter was trained on.
        trained_on: String,
        /// The base that it is read for.
        base: String,
    },
    /// A tensor of another shape.
    Shape {
        /// Its name.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape that the base asks for.
        expected: Vec<usize>,
        /// The base that the adapter was trained on.
        trained_on: String,
        /// The base that it is read for.
        base: String,
    },
    /// A tensor of numbers that are not read here.
    Dtype {
        /// Its name.
        name: String,
        /// Their type.
        found: String,
    },
    /// The adapter was trained on another model.
    Base {
        /// The base that the adapter was trained on.
        trained_on: String,
        /// The base that it is read for.
        base: String,
        /// What differs.
        what: &'static str,
        /// What the adapter says of it.
        found: String,
        /// What the base has.
        expected: String,
    },
    /// Vectors before the text that leave no position for it.
    NoRoom {
        /// How many vectors.
        n: usize,
        /// Positions of the base.
        n_positions: usize,
    },
}

impl fmt::Display for PeftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { reason } => {
                write!(f, "adapter_config.json is not a JSON object: {reason}")
            }
            Self::Field { field, found, expected } => {
                write!(f, "adapter_config.json: {field} is {found}; it has to be {expected}")
            }
            Self::UnknownType { found } => write!(
                f,
                "adapter_config.json: peft_type is {found}; LORA, PROMPT_TUNING and PREFIX_TUNING \
                 can be read"
            ),
            Self::Unsupported { option, found } => write!(
                f,
                "adapter_config.json: {option} is {found}, which changes what the adapter \
                 computes and is not supported; train it without {option}, or load it with Python"
            ),
            Self::Target { names } => write!(
                f,
                "the targets of the adapter ({names}) are no linear layers of the base, whose \
                 blocks have attn.c_attn, attn.c_proj, mlp.c_fc and mlp.c_proj; is it an adapter \
                 of a GPT-2?"
            ),
            Self::File { reason } => write!(
                f,
                "adapter_model.safetensors is not a file of safetensors: {reason}; save the \
                 adapter again"
            ),
            Self::Missing { name } => write!(
                f,
                "adapter_model.safetensors lacks the tensor {name}, which adapter_config.json asks \
                 for; are the two files of one adapter?"
            ),
            Self::Extra { name, trained_on, base } => write!(
                f,
                "adapter_model.safetensors has the tensor {name}, which adapter_config.json does \
                 not ask for or the base {base} has no place for; the adapter was trained on \
                 {}: load it there",
                named(trained_on)
            ),
            Self::Shape { name, found, expected, trained_on, base } => write!(
                f,
                "the tensor {name} has the shape {found:?}, and the base {base} needs \
                 {expected:?}; the adapter was trained on {}: load it there",
                named(trained_on)
            ),
            Self::Dtype { name, found } => write!(
                f,
                "the tensor {name} holds numbers of type {found}; save it in F32, F16 or BF16"
            ),
            Self::Base { trained_on, base, what, found, expected } => write!(
                f,
                "the adapter was trained on {}, whose {what} is {found}; the base {base} has \
                 {expected}: load the adapter on the model that it was trained on",
                named(trained_on)
            ),
            Self::NoRoom { n, n_positions } => write!(
                f,
                "{n} vectors before a text leave no room for it: the base has {n_positions} \
                 positions; use fewer"
            ),
        }
    }
}

impl std::error::Error for PeftError {}

/// An adapter need not say what it was trained on.
fn named(base: &str) -> &str {
    if base.is_empty() { "a model that it does not name" } else { base }
}
