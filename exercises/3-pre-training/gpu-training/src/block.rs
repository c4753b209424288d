//! What a block of GPT-2 keeps on the way forward, and what it does on the way back. Given.

use gpu::GpuError;

// ANCHOR: block
/// Vectors on the GPU, one for each token of the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Kept: the residual stream before the block, and what `ln_1` made of it.
    X,
    Normed,
    /// Kept: what `attn.c_attn` made of that, and what attention found.
    Qkv,
    Found,
    /// Kept: the residual stream between the two halves, and what `ln_2` made of it.
    Mid,
    NormedMid,
    /// Kept: what `mlp.c_fc` made of that, and GELU of it.
    Inside,
    Bent,
    /// Slopes along the residual stream. Before the first pass they are those behind the block,
    /// after the last pass they shall be those before it.
    Dx,
    /// Room for slopes: one vector of `n_embd` numbers a token, and one of up to four times as many.
    Narrow,
    Wide,
}

/// A linear layer of a block, `y = x W + b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linear {
    Attn,
    AttnProj,
    Fc,
    FcProj,
}

/// A layer norm of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    Ln1,
    Ln2,
}

/// A step of the way back. It reads the slopes along a layer's results and makes of them the slopes
/// along its inputs, and those along its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Reads the layer's input `x` and `dy`, and writes `dx`.
    Linear { of: Linear, x: Of, dy: Of, dx: Of },
    /// Reads GELU's input `x`, and changes `slopes` from those along its results.
    Gelu { x: Of, slopes: Of },
    /// Reads the norm's input `x` and `dy`, and **adds** to `dx`.
    LayerNorm { of: Norm, x: Of, dy: Of, dx: Of },
    /// Reads `dfound`, the block's `Qkv`, `Found` and the weights of attention, and writes `dqkv`.
    Attention { dfound: Of, dqkv: Of },
}
// ANCHOR_END: block

impl Of {
    /// How many times `n_embd` numbers it has for each token; a room, at most.
    fn width(self) -> usize {
        match self {
            Self::Qkv => 3,
            Self::Inside | Self::Bent | Self::Wide => 4,
            _ => 1,
        }
    }

    fn is_kept(self) -> bool {
        !matches!(self, Self::Dx | Self::Narrow | Self::Wide)
    }
}

impl Linear {
    /// How many times `n_embd` numbers go in, and come out.
    pub(crate) fn widths(self) -> [usize; 2] {
        match self {
            Self::Attn => [1, 3],
            Self::AttnProj => [1, 1],
            Self::Fc => [1, 4],
            Self::FcProj => [4, 1],
        }
    }

    /// Which tensor of a block its weight is; its bias is the next.
    pub(crate) fn tensor(self) -> usize {
        match self {
            Self::Attn => 4,
            Self::AttnProj => 6,
            Self::Fc => 8,
            Self::FcProj => 10,
        }
    }
}

impl Norm {
    /// Which tensor of a block its gain is; its shift is the next.
    pub(crate) fn tensor(self) -> usize {
        match self {
            Self::Ln1 => 0,
            Self::Ln2 => 2,
        }
    }
}

impl Pass {
    /// Fails if a pass would read or write what has another length, overwrite what was kept, or
    /// write what it reads.
    pub(crate) fn expect_fits(self) -> Result<(), GpuError> {
        // What it reads with how wide that must be, and what it writes.
        let (reads, writes) = match self {
            Self::Linear { of, x, dy, dx } => {
                let [inputs, outputs] = of.widths();
                (vec![(x, inputs), (dy, outputs)], (dx, inputs))
            }
            Self::Gelu { x, slopes } => (vec![(x, 4)], (slopes, 4)),
            Self::LayerNorm { x, dy, dx, .. } => (vec![(x, 1), (dy, 1)], (dx, 1)),
            Self::Attention { dfound, dqkv } => (vec![(dfound, 1)], (dqkv, 3)),
        };
        let refused = |why: String| Err(GpuError::Invalid(format!("the pass {self:?} {why}")));
        if writes.0.is_kept() {
            return refused(format!("would overwrite {:?}, which was kept", writes.0));
        }
        for (of, wide) in reads.iter().copied().chain([writes]) {
            // That room may be wider than what is in it.
            let fits = of == Of::Wide || of.width() == wide;
            if !fits {
                let has = of.width();
                return refused(format!(
                    "takes {wide} · n_embd numbers a token for {of:?}, which has {has} · n_embd"
                ));
            }
        }
        match reads.iter().find(|(of, _)| *of == writes.0) {
            Some((of, _)) => refused(format!("would write {of:?} while it reads it")),
            None => Ok(()),
        }
    }
}
