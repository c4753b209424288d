//! How much memory a training takes, by the usual rules.

/// Bytes of a parameter that is trained by AdamW in mixed precision: 2 for the weight, 2 for its slope,
/// and in f32 4 for a copy of the weight and 8 for the moments.
///
/// Source: Rajbhandari and others, 2020, section 3.1.
const TRAINED: f64 = 16.0;
/// Of one that is only read, in 16 bits.
const READ: f64 = 2.0;
/// Of one that is only read, in NF4 with double quantization: 4.127 bits.
///
/// Source: Dettmers and others, 2023, section 3.
const PACKED: f64 = 4.127 / 8.0;
/// The rank of adapters.
pub const RANK: f64 = 16.0;
/// Vectors of a soft prompt.
pub const PROMPT: f64 = 100.0;

/// A model of so many parameters, of the shape that such models have.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many parameters.
    pub parameters: f64,
    layers: f64,
    width: f64,
}

impl Shape {
    /// `12 · layers · width²` parameters, with a width of 100 times the layers.
    pub fn of(parameters: f64) -> Self {
        let layers = (parameters / 120_000.0).cbrt();
        Self { parameters, layers, width: 100.0 * layers }
    }

    /// Numbers of LoRA beside all matrices of all blocks: `rank · (inputs + outputs)` each. Query, key,
    /// value and output are square, the feed-forward network goes to four times the width and back.
    pub fn lora(self) -> f64 {
        self.layers * RANK * self.width * (4.0 * 2.0 + 2.0 * 5.0)
    }

    /// Numbers of a soft prompt.
    pub fn soft_prompt(self) -> f64 {
        PROMPT * self.width
    }
}

/// A way to change what a model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Examples in the prompt.
    InContext,
    /// A learned prompt of vectors.
    SoftPrompt,
    /// Thin matrices beside 16-bit weights.
    Lora,
    /// The same beside 4-bit weights.
    QLora,
    /// Every weight.
    Full,
}

impl Way {
    /// From what changes least to what changes most.
    pub const ALL: [Self; 5] =
        [Self::InContext, Self::SoftPrompt, Self::Lora, Self::QLora, Self::Full];

    /// As the lessons call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::InContext => "in-context examples",
            Self::SoftPrompt => "soft prompt",
            Self::Lora => "LoRA",
            Self::QLora => "QLoRA",
            Self::Full => "full fine-tuning",
        }
    }

    /// Numbers that learn, and that are kept for each task.
    pub fn trained(self, model: Shape) -> f64 {
        match self {
            Self::InContext => 0.0,
            Self::SoftPrompt => model.soft_prompt(),
            Self::Lora | Self::QLora => model.lora(),
            Self::Full => model.parameters,
        }
    }

    /// Bytes for weights, slopes and moments; what the layers keep for the way back comes on top.
    pub fn bytes(self, model: Shape) -> f64 {
        let base = match self {
            Self::InContext | Self::SoftPrompt | Self::Lora => READ,
            Self::QLora => PACKED,
            Self::Full => 0.0,
        };
        base * model.parameters + TRAINED * self.trained(model)
    }
}
