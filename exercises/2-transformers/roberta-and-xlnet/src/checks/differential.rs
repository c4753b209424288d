//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor};
use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect_bits, expect_eq, expect_same,
};
use tensor_test::{batch_of, expect_form, expect_tensor, flat, ids, largest, numbers, tensor};

use super::masking::expect_places;
use crate::oracle::drawn_model;
use crate::{Activation, Answers, Config, SOLUTION, StreamMasks};

pub fn positions_agree(answers: &Answers) -> Outcome {
    let padding = draw::select(vec![0_u32, 1, 2, 3, 255, 65_535, 1 << 31]);
    let kinds = draw::list(0..=4_u32, 0..=400);
    differential((kinds, padding), |(kinds, padding_idx)| {
        // Ids near that of padding, on both sides.
        let id = |kind: &u32| match kind {
            0 | 1 => *padding_idx,
            kind => padding_idx.wrapping_add(kind * 7).wrapping_sub(15),
        };
        let row: Vec<u32> = kinds.iter().map(id).collect();
        let [got, want] =
            [answers, &SOLUTION].map(|answers| (answers.roberta_positions)(&row, *padding_idx));
        let what = format!("the positions of {}", counted(row.len(), "id"));
        expect_eq(&what, &got, &want)
    })?;
    let row: Vec<u32> = (0..70_000).map(|t| t % 5).collect();
    let [got, want] = [answers, &SOLUTION].map(|answers| (answers.roberta_positions)(&row, 1));
    expect_eq("the positions of 70,000 ids", &got, &want)
}

pub fn drawn_masks_keep_to_the_docs(answers: &Answers) -> Outcome {
    let is_ordinary = draw::list(draw::select(vec![true, true, true, false]), 0..=300);
    differential((is_ordinary, draw::any_u64()), |(is_ordinary, seed)| {
        let mut rng = seeded(*seed);
        let got = (answers.dynamic_mask)(is_ordinary, &mut rng);
        let what = format!("a text of {}", counted(is_ordinary.len(), "token"));
        expect_places(&what, &got, is_ordinary)?;
        let again = (answers.dynamic_mask)(is_ordinary, &mut seeded(*seed));
        expect_same("the same generator again", &again, &got)
    })?;
    let long: Vec<bool> = (0..70_000).map(|t| t % 7 != 0).collect();
    let got = (answers.dynamic_mask)(&long, &mut seeded(1));
    expect_places("a text of 70,000 tokens", &got, &long)?;
    expect_same("hidden behind place 65,535", &got.iter().any(|&t| t > 65_535), &true)
}

pub fn masks_agree(answers: &Answers) -> Outcome {
    let length = draw::select(vec![0, 1, 2, 3, 4, 7, 12, 30, 260]);
    let odd = draw::select(vec![0, 0, 0, 0, 1, 2, 3_usize]);
    Differential::cases(200).run((length, odd, draw::any_u64()), |(length, odd, seed)| {
        let mut order: Vec<usize> = (0..*length).collect();
        let drawn = ids(*length + 2, length + 3, seed % (1 << 40));
        (0..*length).for_each(|i| order.swap(i, drawn[i] as usize % length));
        if *odd > 0 && *length > 0 {
            let at = drawn[*length] as usize % length;
            order[at] = match odd {
                1 => drawn[length + 1] as usize,
                2 => *length,
                _ => order[0],
            };
        }
        let run = |answers: &Answers| (answers.permutation_masks)(&order);
        agree(&format!("{order:?}"), run(answers), run(&SOLUTION), |got, want| {
            expect_same("the content mask", &got.content, &want.content)?;
            expect_same("the query mask", &got.query, &want.query)
        })
    })
}

fn types() -> impl Strategy<Value = DType> + Clone {
    draw::select(vec![DType::F32, DType::F64])
}

/// The same numbers, with their last two axes the other way around in memory.
fn turned(x: &Tensor) -> candle_core::Result<Tensor> {
    let rank = x.rank();
    if rank < 2 || x.elem_count() == 0 {
        return Ok(x.clone());
    }
    x.transpose(rank - 2, rank - 1)?.contiguous()?.transpose(rank - 2, rank - 1)
}

pub fn shifts_agree(answers: &Answers) -> Outcome {
    let front = draw::list(0..=3_usize, 0..=3);
    let sizes = (draw::lengths(0..=9), draw::select(vec![0, 0, 0, 0, 1, 2_usize]));
    let kinds = (types(), draw::select(vec![false, true]), draw::any_u64());
    Differential::cases(300).run((front, sizes, kinds), |case| {
        let (front, (seq, odd), (dtype, is_turned, seed)) = case;
        let shape = [front.as_slice(), &[*seq, 2 * seq + odd % 2]].concat();
        let mut x = numbers(shape.iter().product(), seed % (1 << 40));
        let corners = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e30, 1e-30];
        for (x, corner) in x.iter_mut().step_by(3).zip(corners) {
            *x = corner;
        }
        let x = tensor(&x, &shape, *dtype)?;
        let x = if *is_turned { turned(&x)? } else { x };
        let run = |answers: &Answers| (answers.rel_shift)(&x);
        agree("the shift", run(answers), run(&SOLUTION), |got, want| {
            expect_form("the shift", got, want.dims(), *dtype)?;
            expect_bits("the shift", &flat(got)?, &flat(want)?)
        })
    })
}

/// Sizes of a small model, and what it reads.
#[derive(Clone, Debug)]
struct Case {
    config: Config,
    batch: usize,
    seq: usize,
    /// How many of ten keys are hidden.
    hidden: u32,
    /// None for 0.
    n_targets: usize,
    /// What is wrong with the input, now and then.
    odd: usize,
    dtype: DType,
    spread: f64,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = (1..=3_usize, 1..=4_usize, 1..=5_usize, 1..=9_usize);
    let lengths = (draw::lengths(0..=3), draw::lengths(0..=7), 0..=10_u32, 0..=4_usize);
    let kinds = (
        draw::select(vec![1e-12, 1e-5, 1e-2, 1.0]),
        types(),
        draw::select(vec![0.1, 0.5, 2.0]),
        1..=13_usize,
        draw::select(vec![0, 0, 0, 0, 0, 0, 1, 2, 3, 4_usize]),
    );
    let rest = (draw::select(vec![Activation::Gelu, Activation::Relu]), draw::any_u64());
    (sizes, lengths, kinds, rest).prop_map(|(sizes, lengths, kinds, (ff_activation, seed))| {
        let (n_layer, n_head, d_head, d_inner) = sizes;
        let (batch, seq, hidden, n_targets) = lengths;
        let (layer_norm_eps, dtype, spread, vocab_size, odd) = kinds;
        // Waves come in pairs.
        let d_model = n_head * if n_head % 2 == 0 { d_head } else { d_head + d_head % 2 };
        let config =
            Config { vocab_size, d_model, n_layer, n_head, d_inner, ff_activation, layer_norm_eps };
        let seed = seed % (1 << 40);
        Case { config, batch, seq, hidden, n_targets, odd, dtype, spread, seed }
    })
}

impl Case {
    fn model(&self, n_layer: usize) -> Result<crate::XlNet, grading::Failure> {
        let config = Config { n_layer, ..self.config.clone() };
        let model = drawn_model(config, self.spread, self.seed)?;
        Ok(model.map(|tensor| tensor.to_dtype(self.dtype))?)
    }

    fn masks(&self) -> candle_core::Result<StreamMasks> {
        let (batch, seq) = (self.batch, self.seq);
        let mask = |seed: u64, is_odd: bool| {
            let rows = seq + usize::from(is_odd);
            let tens = ids(batch * rows * seq, 10, seed);
            let bits = tens.iter().map(|&ten| u8::from(ten >= self.hidden)).collect();
            let mask = Tensor::from_vec(bits, (batch, rows, seq), &Device::Cpu)?;
            if self.seed.is_multiple_of(2) { turned(&mask) } else { Ok(mask) }
        };
        let (content, query) =
            (mask(self.seed + 1, self.odd == 1)?, mask(self.seed + 2, self.odd == 2)?);
        Ok(StreamMasks { content, query })
    }

    fn stream(&self, seed: u64) -> candle_core::Result<Tensor> {
        let shape = [self.batch, self.seq, self.config.d_model];
        let x = tensor(&numbers(shape.iter().product(), seed), &shape, self.dtype)?;
        if self.seed.is_multiple_of(3) { turned(&x) } else { Ok(x) }
    }

    /// As the rounding of one layer goes on through all others.
    fn expect_near(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        let values = flat(want)?;
        // Where ε is small and a norm divides by almost nothing, digits are lost.
        let step = if self.dtype == DType::F32 { 2e-3 } else { 1e-7 };
        let tolerance = Tolerance { rtol: step, atol: step * largest(&values) };
        expect_tensor(what, got, want.dims(), self.dtype, &values, tolerance)
    }
}

pub fn streams_agree(answers: &Answers) -> Outcome {
    Differential::cases(100).run(cases(), |case| {
        let model = case.model(1)?;
        let (h, g, masks) =
            (case.stream(case.seed + 3)?, case.stream(case.seed + 4)?, case.masks()?);
        let g = if case.odd == 3 && case.seq > 1 { g.narrow(1, 0, 1)? } else { g };
        let layer = &model.layers[0].rel_attn;
        let run = |answers: &Answers| (answers.two_stream)(&h, &g, layer, &model.config, &masks);
        agree("both streams", run(answers), run(&SOLUTION), |got, want| {
            case.expect_near("the content stream", &got.0, &want.0)?;
            case.expect_near("the query stream", &got.1, &want.1)
        })
    })?;
    // Distances beyond 255; and heads of a single number.
    for (n_head, seq) in [(1, 270), (2, 9)] {
        let mut case = Case { seq, spread: 2.0, ..long(10) };
        case.config.n_head = n_head;
        let (model, masks) = (case.model(1)?, case.masks()?);
        let (h, g, layer) = (case.stream(1)?, case.stream(2)?, &model.layers[0].rel_attn);
        let run = |answers: &Answers| (answers.two_stream)(&h, &g, layer, &model.config, &masks);
        let (got, want) = (run(answers)?, run(&SOLUTION)?);
        let heads = if n_head == 1 { "a head of 2 numbers" } else { "2 heads of 1 number" };
        let what = format!("{seq} tokens, {heads}");
        case.expect_near(&format!("the content stream of {what}"), &got.0, &want.0)?;
        case.expect_near(&format!("the query stream of {what}"), &got.1, &want.1)?;
    }
    Ok(())
}

/// A long text in a narrow model with so many ids.
fn long(vocab_size: usize) -> Case {
    let config = Config {
        vocab_size,
        d_model: 2,
        n_layer: 1,
        n_head: 1,
        d_inner: 3,
        ff_activation: Activation::Gelu,
        layer_norm_eps: 0.1,
    };
    let (hidden, n_targets, odd) = (3, 2, 0);
    Case {
        config,
        batch: 1,
        seq: 270,
        hidden,
        n_targets,
        odd,
        dtype: DType::F64,
        spread: 1.0,
        seed: 7,
    }
}

pub fn models_agree(answers: &Answers) -> Outcome {
    Differential::cases(100).run(cases(), |case| {
        let model = case.model(case.config.n_layer)?;
        let vocab_size = case.config.vocab_size;
        let (batch, seq) = (case.batch, case.seq);
        let mut text = ids(batch * seq, vocab_size, case.seed + 5);
        if case.odd == 3 && !text.is_empty() {
            let at = case.seed as usize % text.len();
            text[at] = vocab_size as u32;
        }
        let mut at = ids(batch * case.n_targets, seq.max(1), case.seed + 6);
        if case.odd == 4 && !at.is_empty() {
            let last = at.len() - 1;
            at[last] = seq as u32;
        }
        let text = turned(&batch_of(&text, [batch, seq])?)?;
        let targets = (case.n_targets > 0)
            .then(|| turned(&batch_of(&at, [batch, case.n_targets])?))
            .transpose()?;
        let masks = case.masks()?;
        let run = |answers: &Answers| (answers.forward)(&model, &text, &masks, targets.as_ref());
        agree("the logits", run(answers), run(&SOLUTION), |got, want| {
            case.expect_near("the logits", got, want)
        })
    })?;
    // Ids beyond 65,535, and places beyond 255.
    let case = long(70_000);
    let (model, masks) = (case.model(1)?, case.masks()?);
    let text = (0..270).map(|at| 69_999 - 250 * at).collect::<Vec<u32>>();
    let (text, targets) = (batch_of(&text, [1, 270])?, batch_of(&[269, 3], [1, 2])?);
    let run = |answers: &Answers| (answers.forward)(&model, &text, &masks, Some(&targets));
    case.expect_near("the logits of 270 tokens, of 70,000 ids", &run(answers)?, &run(&SOLUTION)?)
}
