//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor, Var};
use grading::draw::{self, Just, Strategy, prop_oneof};
use grading::random::seeded;
use grading::{Differential, Outcome, agree, differential, expect_close, expect_same};
use rand::RngExt;
use tensor_test::{expect_tensor, flat, largest};

use crate::oracle::{F32_STEP, F64_STEP, SIDES, allowance, spread};
use crate::{Answers, AttentionError, SOLUTION};

type Mask = Result<Tensor, AttentionError>;

fn same_mask(got: Mask, want: Mask) -> Outcome {
    agree("the mask", got, want, |got, want| {
        let form = |mask: &Tensor| (mask.dims().to_vec(), mask.dtype());
        expect_same("the shape and type of the mask", &form(got), &form(want))?;
        let numbers = |mask: &Tensor| mask.flatten_all()?.to_vec1::<u8>();
        expect_same("the mask", &numbers(got)?, &numbers(want)?)
    })
}

pub fn causal_masks_agree(answers: &Answers) -> Outcome {
    let check = |&(t_q, t_k): &(usize, usize)| {
        same_mask((answers.causal_mask)(t_q, t_k), (SOLUTION.causal_mask)(t_q, t_k))
    };
    Differential::cases(300).run((draw::lengths(0..=40), draw::lengths(0..=40)), check)?;
    // More of either than 8 and 16 bits count.
    for sizes in [(300, 300), (2, 70_000), (70_000, 2)] {
        Differential::cases(1).run((Just(sizes.0), Just(sizes.1)), check)?;
    }
    Ok(())
}

pub fn padding_masks_agree(answers: &Answers) -> Outcome {
    let room = prop_oneof![8 => draw::lengths(0..=20), 1 => Just(300), 1 => Just(70_000)];
    let lengths = draw::list(draw::between(0.0, 1.02), 0..=6);
    differential((room, lengths, 0..2_usize), |(t_k, shares, side)| {
        // Now and then a text is too long, and often it just fits.
        let length = |share: &f64| (share * (*t_k as f64 + 1.0)) as usize;
        let lengths: Vec<usize> = shares.iter().map(length).collect();
        let on = |answers: &Answers| (answers.padding_mask)(&lengths, *t_k, SIDES[*side].0);
        same_mask(on(answers), on(&SOLUTION))
    })
}

/// What may be wrong with the shapes, or special about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// `(batch, seq, heads, d)` with the axes swapped.
    Swapped,
    /// Keys stored as columns.
    Columns,
    /// More keys and values than are used.
    Cut,
    /// A value too many.
    LongValues,
    /// Keys one number wider.
    WideKeys,
    /// Values with an axis of length 1 in front.
    OtherFront,
}

/// What is attended to.
#[derive(Clone, Debug)]
struct Looking {
    front: [usize; 2],
    axes_in_front: usize,
    /// `t_q`, `t_k`, `d`, `d_v`.
    sizes: [usize; 4],
    kind: Kind,
    mask: Option<MaskKind>,
    dtype: DType,
    /// Of queries times keys, and of values.
    scales: [f64; 2],
    seed: u64,
}

/// How a mask stands to the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MaskKind {
    Whole,
    Queries,
    Keys,
    Column,
    Transposed,
    AllSeen,
    NoneSeen,
    OfF32,
    TooLong,
}

fn looking() -> impl Strategy<Value = Looking> {
    use Kind::{Columns, Cut, LongValues, OtherFront, Plain, Swapped, WideKeys};
    use MaskKind::{AllSeen, Column, Keys, NoneSeen, OfF32, Queries, TooLong, Transposed, Whole};

    let kinds = vec![
        Plain, Plain, Plain, Swapped, Swapped, Columns, Columns, Cut, Cut, LongValues, WideKeys,
        OtherFront,
    ];
    let masks = vec![
        Whole, Whole, Queries, Queries, Keys, Column, Transposed, AllSeen, NoneSeen, OfF32, TooLong,
    ];
    let sizes = (draw::lengths(0..=6), draw::lengths(0..=8), draw::lengths(0..=9), 0..=5_usize);
    let axis = || prop_oneof![9 => 1..=3_usize, 1 => Just(0)];
    let front = (axis(), axis(), 0..=2_usize);
    let scale = draw::select(vec![1.0, 1.0, 1.0, 12.0, 300.0, 1e-6, 1e-20]);
    let of_values = draw::select(vec![1.0, 1.0, 1.0, 1e20, 1e-20]);
    let dtype = draw::select(vec![DType::F32, DType::F64]);
    let scales = (scale, of_values);
    let flags = (draw::select(kinds), draw::option(draw::select(masks)), dtype, scales);
    (front, sizes, flags, draw::any_u64()).prop_map(
        |((a, b, axes_in_front), (t_q, t_k, d, d_v), (kind, mask, dtype, (score, value)), seed)| {
            Looking {
                front: [a, b],
                axes_in_front,
                sizes: [t_q, t_k, d, d_v],
                kind,
                mask,
                dtype,
                scales: [score, value],
                seed: seed % (1 << 40),
            }
        },
    )
}

impl Looking {
    fn front(&self) -> &[usize] {
        &self.front[..self.axes_in_front]
    }

    /// Leaves of a type, and the views of them that are handed over.
    fn leaves(&self, dtype: DType) -> candle_core::Result<([Var; 3], [Tensor; 3])> {
        let [t_q, t_k, d, d_v] = self.sizes;
        let more = usize::from(self.kind == Kind::LongValues);
        let wide = usize::from(self.kind == Kind::WideKeys);
        let part = |of: u64, seq: usize, width: usize| {
            let mut shape = self.front().to_vec();
            if of == 2 && self.kind == Kind::OtherFront {
                shape.insert(0, 1);
            }
            let two = self.axes_in_front == 2 && self.kind == Kind::Swapped;
            let cut = if of > 0 && self.kind == Kind::Cut { 2 } else { 0 };
            shape.extend([seq + cut, width]);
            let rank = shape.len();
            let columns = of == 1 && self.kind == Kind::Columns;
            if two {
                shape.swap(1, 2);
            }
            if columns {
                shape.swap(rank - 2, rank - 1);
            }
            let count = shape.iter().product();
            let mut x = spread(count, self.seed + of);
            let scale = if of < 2 { self.scales[0].sqrt() } else { self.scales[1] };
            x.iter_mut().for_each(|x| *x *= scale);
            let leaf = Tensor::from_vec(x, shape, &Device::Cpu)?;
            let leaf = Var::from_tensor(&leaf.to_dtype(DType::F32)?.to_dtype(dtype)?)?;
            let mut view = leaf.as_tensor().clone();
            if two {
                view = view.transpose(1, 2)?;
            }
            if columns {
                view = view.transpose(rank - 2, rank - 1)?;
            }
            if cut > 0 {
                view = view.narrow(rank - 2, 1, seq)?;
            }
            candle_core::Result::Ok((leaf, view))
        };
        let (q, q_view) = part(0, t_q, d)?;
        let (k, k_view) = part(1, t_k, d + wide)?;
        let (v, v_view) = part(2, t_k + more, d_v)?;
        Ok(([q, k, v], [q_view, k_view, v_view]))
    }

    fn mask(&self) -> candle_core::Result<Option<Tensor>> {
        let [t_q, t_k, ..] = self.sizes;
        let Some(kind) = self.mask else { return Ok(None) };
        let mut shape = match kind {
            MaskKind::Queries | MaskKind::TooLong => vec![t_q, t_k],
            MaskKind::Transposed => vec![t_k, t_q],
            MaskKind::Keys => vec![t_k],
            MaskKind::Column => vec![t_q, 1],
            _ => [self.front(), &[t_q, t_k]].concat(),
        };
        if kind == MaskKind::TooLong {
            shape[1] += 2;
        }
        let mut rng = seeded(self.seed + 7);
        let count: usize = shape.iter().product();
        let may: Vec<u8> = (0..count)
            .map(|_| match kind {
                MaskKind::AllSeen => 1,
                MaskKind::NoneSeen => 0,
                _ => u8::from(rng.random_range(0.0..1.0) < 0.6),
            })
            .collect();
        let mask = Tensor::from_vec(may, shape, &Device::Cpu)?;
        Ok(Some(match kind {
            MaskKind::Transposed => mask.t()?,
            MaskKind::OfF32 => mask.to_dtype(DType::F32)?,
            _ => mask,
        }))
    }
}

pub fn attention_agrees(answers: &Answers) -> Outcome {
    Differential::cases(300).run(looking(), |case| {
        let mask = case.mask()?;
        let on =
            |answers: &Answers, [q, k, v]: &[Tensor; 3]| (answers.sdpa)(q, k, v, mask.as_ref());
        let (ours, views) = case.leaves(case.dtype)?;
        let (exact, exact_views) = case.leaves(DType::F64)?;
        // What is kept from one call, also that it had no mask, must not show in the next.
        let [q, k, v] = &views;
        let _ = (answers.sdpa)(&q.neg()?, k, v, None);
        agree("the result", on(answers, &views), on(&SOLUTION, &exact_views), |got, want| {
            let step = if case.dtype == DType::F32 { F32_STEP } else { F64_STEP };
            let [q, k, v] = [flat(&exact[0])?, flat(&exact[1])?, flat(&exact[2])?];
            let tolerance = allowance([&q, &k, &v], case.sizes[2], step);
            let values = flat(want)?;
            expect_tensor("the result", got, want.dims(), case.dtype, &values, tolerance)?;
            if values.is_empty() || case.dtype == DType::F32 {
                return Ok(());
            }
            let upstream: Vec<f64> = (0..values.len()).map(|i| (i as f64 + 1.0).sin()).collect();
            let upstream = Tensor::from_vec(upstream, want.dims(), &Device::Cpu)?;
            let back = |y: &Tensor, leaves: &[Var; 3]| -> candle_core::Result<Vec<Vec<f64>>> {
                let gradients = (y * &upstream)?.sum_all()?.backward()?;
                let of = |x: &Var| match gradients.get(x) {
                    Some(gradient) => flat(gradient),
                    // Nothing flows where nothing is seen.
                    None => Ok(vec![0.0; x.elem_count()]),
                };
                leaves.iter().map(of).collect()
            };
            let (got, want) = (back(got, &ours)?, back(want, &exact)?);
            for ((name, leaf), (got, want)) in
                ["q", "k", "v"].into_iter().zip(&ours).zip(got.iter().zip(&want))
            {
                let what = format!("the gradient of {name}");
                let atol = 1e-9 * (largest(want) + largest(&q).max(largest(&k)).max(1.0));
                let tolerance = grading::Tolerance { rtol: 1e-8, atol };
                expect_close(&what, leaf.dims(), got, want, tolerance)?;
            }
            Ok(())
        })
    })?;
    // More keys than 16 bits count.
    let long = Looking {
        front: [1; 2],
        axes_in_front: 0,
        sizes: [1, 70_000, 1, 1],
        kind: Kind::Plain,
        mask: None,
        dtype: DType::F32,
        scales: [1.0; 2],
        seed: 1,
    };
    let (_, [q, k, v]) = long.leaves(DType::F32)?;
    let got = (answers.sdpa)(&q, &k, &v, None)?;
    let want = (SOLUTION.sdpa)(&q, &k, &v, None)?;
    let tolerance = grading::Tolerance { rtol: 1e-3, atol: 1e-4 };
    expect_tensor("70,000 keys", &got, &[1, 1], DType::F32, &flat(&want)?, tolerance)
}
