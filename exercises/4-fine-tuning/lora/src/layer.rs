//! What stands beside a frozen layer. Given.

use crate::LoraError;

/// Two small matrices beside a frozen linear layer. What they add to its result is
///
/// ```text
/// y ← y + scale · (x Aᵀ) Bᵀ
/// ```
///
/// Both lie row by row, as PEFT stores them.
#[derive(Clone, Copy, Debug)]
pub struct LoraLinear<'a> {
    /// Numbers that the layer reads, for each token.
    pub inputs: usize,
    /// Numbers that it returns.
    pub outputs: usize,
    /// The rank r.
    pub rank: usize,
    /// What the product is multiplied with.
    pub scale: f32,
    /// A, of the shape `(rank, inputs)`.
    pub a: &'a [f32],
    /// B, of the shape `(outputs, rank)`.
    pub b: &'a [f32],
}

/// Where the slopes of the loss go on the way back: each is added to what is there.
#[derive(Debug)]
pub struct Slopes<'a> {
    /// Along A, of its shape.
    pub da: &'a mut [f32],
    /// Along B, of its shape.
    pub db: &'a mut [f32],
    /// Along the layer's input, of the shape `(rows, inputs)`.
    pub dx: &'a mut [f32],
}

/// A bottleneck adapter: down to a few numbers, a bend, up again.
///
/// Both matrices have a row for each number that they return, as `torch.nn.Linear` stores them.
#[derive(Clone, Copy, Debug)]
pub struct Adapter<'a> {
    /// Numbers of a token's vector.
    pub width: usize,
    /// Numbers in the bottleneck.
    pub bottleneck: usize,
    /// Of the shape `(bottleneck, width)`.
    pub down: &'a [f32],
    /// One for each number in the bottleneck.
    pub down_bias: &'a [f32],
    /// Of the shape `(width, bottleneck)`.
    pub up: &'a [f32],
    /// One for each number of the vector.
    pub up_bias: &'a [f32],
}

fn positive(name: &'static str, size: usize) -> Result<(), LoraError> {
    if size == 0 { Err(LoraError::Zero { name }) } else { Ok(()) }
}

pub(crate) fn length(of: &'static str, numbers: usize, expected: usize) -> Result<(), LoraError> {
    if numbers == expected {
        return Ok(());
    }
    Err(LoraError::Length { of, numbers, expected })
}

fn rows(x: &[f32], inputs: usize) -> Result<usize, LoraError> {
    if x.len().is_multiple_of(inputs) {
        return Ok(x.len() / inputs);
    }
    Err(LoraError::Ragged { numbers: x.len(), inputs })
}

impl LoraLinear<'_> {
    /// Fails unless sizes and matrices go together.
    ///
    /// # Errors
    /// The first that is wrong: [`LoraError::Zero`] of `inputs`, `outputs`, `rank`;
    /// [`LoraError::Length`] of `a`, `b`.
    pub fn expect_fits(&self) -> Result<(), LoraError> {
        positive("inputs", self.inputs)?;
        positive("outputs", self.outputs)?;
        positive("rank", self.rank)?;
        length("a", self.a.len(), self.rank * self.inputs)?;
        length("b", self.b.len(), self.outputs * self.rank)
    }

    /// How many rows of `inputs` numbers `x` has, if `y` has as many of `outputs`; there may be none.
    ///
    /// # Errors
    /// Those of [`Self::expect_fits`]; then [`LoraError::Ragged`]; then [`LoraError::Length`] of `y`.
    pub fn rows(&self, x: &[f32], y: &[f32]) -> Result<usize, LoraError> {
        self.expect_fits()?;
        let rows = rows(x, self.inputs)?;
        length("y", y.len(), rows * self.outputs)?;
        Ok(rows)
    }

    /// The same on the way back, for `x`, the kept `xa`, `dy` and where slopes go.
    ///
    /// # Errors
    /// Those of [`Self::expect_fits`]; then [`LoraError::Ragged`]; then [`LoraError::Length`] of `xa`,
    /// `dy`, `da`, `db`, `dx`.
    pub fn rows_back(
        &self,
        x: &[f32],
        xa: &[f32],
        dy: &[f32],
        slopes: &Slopes<'_>,
    ) -> Result<usize, LoraError> {
        self.expect_fits()?;
        let rows = rows(x, self.inputs)?;
        length("xa", xa.len(), rows * self.rank)?;
        length("dy", dy.len(), rows * self.outputs)?;
        length("da", slopes.da.len(), self.a.len())?;
        length("db", slopes.db.len(), self.b.len())?;
        length("dx", slopes.dx.len(), x.len())?;
        Ok(rows)
    }

    /// Fails unless this pair can be merged into a weight of so many numbers.
    ///
    /// # Errors
    /// Those of [`Self::expect_fits`]; then [`LoraError::Length`] of `weight`.
    pub fn expect_weight(&self, weight: &[f32]) -> Result<(), LoraError> {
        self.expect_fits()?;
        length("weight", weight.len(), self.inputs * self.outputs)
    }
}

impl Adapter<'_> {
    /// How many rows of `width` numbers `x` has; there may be none.
    ///
    /// # Errors
    /// The first that is wrong: [`LoraError::Zero`] of `width`, `bottleneck`; [`LoraError::Length`] of
    /// `down`, `down_bias`, `up`, `up_bias`; [`LoraError::Ragged`].
    pub fn rows(&self, x: &[f32]) -> Result<usize, LoraError> {
        positive("width", self.width)?;
        positive("bottleneck", self.bottleneck)?;
        length("down", self.down.len(), self.bottleneck * self.width)?;
        length("down_bias", self.down_bias.len(), self.bottleneck)?;
        length("up", self.up.len(), self.width * self.bottleneck)?;
        length("up_bias", self.up_bias.len(), self.width)?;
        rows(x, self.width)
    }
}

const LANES: usize = 8;

/// `Σ a_i b_i` over two lists of the same length: eight sums side by side, then those, then the rest.
///
/// ```
/// assert_eq!(lora::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// ```
#[inline]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.into_iter().chain(rest_a.iter().zip(rest_b).map(|(a, b)| a * b)).sum()
}

/// Each number times the same factor.
///
/// ```
/// assert_eq!(lora::scaled(&[1.0, -2.0], 3.0), [3.0, -6.0]);
/// ```
pub fn scaled(x: &[f32], factor: f32) -> Vec<f32> {
    x.iter().map(|x| factor * x).collect()
}

/// `to_i ← to_i + factor · from_i`.
///
/// ```
/// let mut to = [1.0, 2.0];
/// lora::add_scaled(&mut to, 10.0, &[1.0, -1.0]);
/// assert_eq!(to, [11.0, -8.0]);
/// ```
#[inline]
pub fn add_scaled(to: &mut [f32], factor: f32, from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * from;
    }
}
