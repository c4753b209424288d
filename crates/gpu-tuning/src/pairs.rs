//! The pairs on the GPU: all that learn in one buffer, their slopes in another.

use std::ops::Range;

use gpu::{Buffer, Gpu, GpuError, PART};
use lora::{Lora, MAX_RANK};
use small_gpt::Place;

/// A part of a buffer begins at a multiple of so many numbers.
const STEP: usize = PART as usize / size_of::<f32>();

/// A matrix of a pair: where it is in [`Lora::numbers`], and on the GPU.
struct Home {
    own: Range<usize>,
    gpu: Range<usize>,
}

struct Pair {
    place: Place,
    /// Of A, and of B.
    homes: [Home; 2],
    uniforms: [[u32; 4]; 2],
}

/// The pairs of a model. What lies between them in a buffer is 0, and stays so.
pub struct Pairs {
    pairs: Vec<Pair>,
    pub rank: usize,
    /// How many numbers learn.
    count: usize,
    pub numbers: Buffer<f32>,
    /// The same, each times the scale: slopes get theirs from it.
    pub scaled: Buffer<f32>,
    /// The scale, and how many numbers a buffer has.
    pub scale: Buffer<[u32; 4]>,
    pub gradient: Buffer<f32>,
    pub moments: [Buffer<f32>; 2],
}

impl Pairs {
    /// For texts with so many tokens in all.
    pub fn new(gpu: &Gpu, lora: &Lora, rows: usize) -> Result<Self, GpuError> {
        let rank = lora.settings().rank;
        if rank > MAX_RANK {
            return Err(GpuError::Invalid(format!("rank {rank}: at most {MAX_RANK}")));
        }
        let (mut pairs, mut end, mut scale) = (Vec::new(), 0, 0);
        for place in lora.places() {
            let (Some(ranges), Some(pair)) = (lora.ranges(place), lora.pair(place)) else {
                continue;
            };
            let homes = ranges.map(|own| {
                let gpu = end..end + own.len();
                end = gpu.end.next_multiple_of(STEP);
                Home { own, gpu }
            });
            let uniforms = lora::uniforms(&pair, rows);
            scale = uniforms[1][0];
            pairs.push(Pair { place, homes, uniforms });
        }
        if pairs.is_empty() {
            return Err(GpuError::Invalid("no layer has a pair: nothing would learn".into()));
        }
        let zeros = || gpu.zeros(end);
        let all = Self {
            pairs,
            rank,
            count: lora.numbers.len(),
            numbers: zeros(),
            scaled: zeros(),
            scale: gpu.uniform(&[scale, end as u32, 0, 0]),
            gradient: zeros(),
            moments: [zeros(), zeros()],
        };
        all.write(gpu, &lora.numbers);
        Ok(all)
    }

    /// The lowest layer with a pair: nothing below it has to know its slopes.
    pub fn lowest(&self) -> Place {
        self.pairs[0].place
    }

    /// A and B of a place in one of the buffers, if it has a pair.
    pub fn of(&self, place: Place, buffer: &Buffer<f32>) -> Option<[Buffer<f32>; 2]> {
        let pair = self.pairs.iter().find(|pair| pair.place == place)?;
        Some([0, 1].map(|i| buffer.part(pair.homes[i].gpu.clone())))
    }

    /// What the kernel of a place's pair is told: sizes and scale.
    pub fn uniforms(&self, place: Place) -> Option<[[u32; 4]; 2]> {
        Some(self.pairs.iter().find(|pair| pair.place == place)?.uniforms)
    }

    /// Puts numbers in the order of [`Lora::numbers`] there.
    pub fn write(&self, gpu: &Gpu, numbers: &[f32]) {
        assert_eq!(numbers.len(), self.count, "these are numbers of other pairs");
        let mut all = vec![0.0; self.numbers.len()];
        for home in self.pairs.iter().flat_map(|pair| &pair.homes) {
            all[home.gpu.clone()].copy_from_slice(&numbers[home.own.clone()]);
        }
        gpu.write(&self.numbers, &all);
    }

    /// A buffer's numbers in the order of [`Lora::numbers`].
    pub async fn read(&self, gpu: &Gpu, buffer: &Buffer<f32>) -> Result<Vec<f32>, GpuError> {
        let all = gpu.read(buffer).await?;
        let mut numbers = vec![0.0; self.count];
        for home in self.pairs.iter().flat_map(|pair| &pair.homes) {
            numbers[home.own.clone()].copy_from_slice(&all[home.gpu.clone()]);
        }
        Ok(numbers)
    }
}
