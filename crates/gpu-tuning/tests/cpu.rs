//! The GPU's training is the CPU's, which has been compared with PEFT: slopes, steps and looks.

use gpu_tuning::{Asked, GpuTuner, Optimizer};
use lora::{Lora, SOLUTION, Settings};
use pollster::block_on;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use small_gpt::{Engine, Layer, Model, Sizes, Texts};

/// Relative to the largest number of a matrix.
const TOLERANCE: f32 = 1e-3;

struct Text {
    ids: Vec<u32>,
    answer: u32,
}

fn asked(texts: &[Text]) -> Vec<Asked<'_>> {
    texts.iter().map(|text| Asked { ids: &text.ids, answer: text.answer }).collect()
}

/// A model with weights so large that no slope is tiny, pairs that add something, and ragged texts.
fn drawn(
    sizes: Sizes,
    settings: Settings,
    lengths: &[usize],
    seed: u64,
) -> (Model, Lora, Vec<Text>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut model = Model::random(sizes, &mut rng);
    model.parameters.iter_mut().for_each(|w| *w += rng.random_range(-0.3..0.3));
    let mut lora = Lora::new(SOLUTION, sizes, settings, &mut rng).expect("pairs fit the model");
    lora.numbers.iter_mut().for_each(|number| *number += rng.random_range(-0.3..0.3));
    let mut id = || rng.random_range(0..sizes.vocab_size as u32);
    let mut text = |&len: &usize| Text { ids: (0..len).map(|_| id()).collect(), answer: id() };
    let texts = lengths.iter().map(&mut text).collect();
    (model, lora, texts)
}

/// The mean loss, and its slopes, by the CPU.
fn by_cpu(model: &Model, lora: &Lora, texts: &[Text]) -> (f64, Vec<f32>) {
    let seq = texts.iter().map(|text| text.ids.len()).max().expect("there are texts");
    let (mut ids, mut labels) = (Vec::new(), Vec::new());
    for text in texts {
        let mut row = text.ids.clone();
        row.resize(seq, 0);
        ids.extend(row);
        let mut row = vec![-100; seq];
        row[text.ids.len() - 1] = i64::from(text.answer);
        labels.extend(row);
    }
    let mut gradient = vec![0.0; lora.numbers.len()];
    let texts_of = Texts { ids: &ids, labels: &labels, seq };
    let scale = 1.0 / texts.len() as f32;
    let engine = &mut Engine::default();
    let summed = engine.gradient_tuned(model, lora, texts_of, scale, &mut gradient);
    (summed.mean(), gradient)
}

/// Fails where numbers in the order of the pairs' differ.
fn expect_same(what: &str, lora: &Lora, got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    for place in lora.places() {
        let ranges = lora.ranges(place).expect("it has a pair");
        for (range, name) in ranges.into_iter().zip(["A", "B"]) {
            let (got, want) = (&got[range.clone()], &want[range]);
            let largest = want.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
            assert!(largest > 0.0, "{what}: {name} of {} has none", place.name());
            for (i, (got, want)) in got.iter().zip(want).enumerate() {
                assert!(
                    (got - want).abs() <= TOLERANCE * largest,
                    "{what}: number {i} of {name} of {} is {want} on the CPU, {got} on the GPU",
                    place.name()
                );
            }
        }
    }
}

async fn tuner(model: &Model, lora: &Lora, room: [usize; 2], optimizer: Optimizer) -> GpuTuner {
    let gpu =
        gpu::shared().await.expect("a GPU driver; Debian: apt-get install mesa-vulkan-drivers");
    GpuTuner::new(&gpu, model, lora, (SOLUTION.lora_wgsl)(), room, optimizer)
        .await
        .expect("it can be trained")
}

fn settings(rank: usize, alpha: f64, targets: &[Layer]) -> Settings {
    Settings { rank, alpha, rank_stabilized: false, targets: targets.to_vec() }
}

/// Sizes whose rows are whole vectors of four numbers, and some whose are not.
const SIZES: [Sizes; 3] = [
    Sizes { n_layer: 2, n_head: 2, n_embd: 12, n_positions: 9, vocab_size: 20 },
    Sizes { n_layer: 3, n_head: 3, n_embd: 6, n_positions: 9, vocab_size: 11 },
    Sizes { n_layer: 1, n_head: 4, n_embd: 64, n_positions: 9, vocab_size: 70 },
];
const TARGETS: [&[Layer]; 6] = [
    &[Layer::Attn],
    &[Layer::Attn, Layer::AttnProj],
    &[Layer::Fc, Layer::FcProj],
    &Layer::ALL,
    &[Layer::AttnProj],
    &[Layer::FcProj],
];

#[test]
fn every_pair_gets_its_slopes() {
    for (at, targets) in TARGETS.into_iter().enumerate() {
        for (rank, alpha) in [(1, 3.0), (5, 2.0)] {
            let settings = settings(rank, alpha, targets);
            let lengths = [[5, 2, 7, 1], [3, 8, 8, 4]][at % 2];
            let sizes = SIZES[at % SIZES.len()];
            let (model, lora, texts) = drawn(sizes, settings, &lengths, at as u64);
            let (loss, want) = by_cpu(&model, &lora, &texts);
            let what = format!("rank {rank} at {targets:?}");
            block_on(async {
                let mut gpu = tuner(&model, &lora, [4, 8], Optimizer::Sgd).await;
                // Twice, and other texts before: what a step leaves behind is no part of the next.
                gpu.step(&asked(&texts[..1]), 0.0).expect("texts fit");
                gpu.step(&asked(&texts), 0.0).expect("texts fit");
                let got = gpu.loss().await.expect("the GPU is there");
                assert!((got - loss).abs() < 1e-4 * loss, "{what}: a loss of {got}, not {loss}");
                expect_same(&what, &lora, &gpu.gradient().await.expect("the GPU is there"), &want);
                assert_eq!(gpu.numbers().await.as_ref(), Ok(&lora.numbers), "{what}");
            });
        }
    }
}

#[test]
fn a_batch_may_have_fewer_texts() {
    let settings = settings(3, 5.0, &Layer::ALL);
    let (model, lora, texts) = drawn(SIZES[0], settings, &[4, 6], 1);
    let (loss, want) = by_cpu(&model, &lora, &texts);
    block_on(async {
        let mut gpu = tuner(&model, &lora, [5, 9], Optimizer::Sgd).await;
        gpu.step(&asked(&texts), 0.0).expect("texts fit");
        assert!((gpu.loss().await.expect("the GPU is there") - loss).abs() < 1e-4 * loss);
        expect_same("two of five", &lora, &gpu.gradient().await.expect("it is there"), &want);
    });
}

/// Adam would hide a slope of the wrong size: its steps are as long whatever that is.
#[test]
fn ten_steps_are_those_of_the_cpu() {
    let settings = settings(5, 8.0, &[Layer::Attn, Layer::Fc]);
    let (model, mut lora, texts) = drawn(SIZES[0], settings, &[5, 2, 7, 1], 7);
    let mut gpu = block_on(tuner(&model, &lora, [4, 8], Optimizer::Sgd));
    for step in 0..10 {
        let lr = 0.02 / f64::from(step + 1);
        let (want, slopes) = by_cpu(&model, &lora, &texts);
        gpu.step(&asked(&texts), lr).expect("texts fit");
        let got = block_on(gpu.loss()).expect("the GPU is there");
        assert!((got - want).abs() < 1e-3 * want, "step {step}: {got}, not {want}");
        lora.numbers.iter_mut().zip(slopes).for_each(|(w, g)| *w -= lr as f32 * g);
        let numbers = block_on(gpu.numbers()).expect("the GPU is there");
        expect_same(&format!("step {step}"), &lora, &numbers, &lora.numbers);
    }
}

#[test]
fn adamw_moves_by_the_slopes_of_the_gpu() {
    use optimizers::{AdamW, Group, Moments};
    let settings = settings(2, 3.0, &[Layer::AttnProj]);
    let (model, mut lora, texts) = drawn(SIZES[1], settings, &[5, 2, 7], 3);
    let len = lora.numbers.len();
    let (mut moments, groups) = (Moments::new(len), Group::all(len, 0.0));
    let mut gpu = block_on(tuner(&model, &lora, [3, 7], Optimizer::AdamW));
    for step in 0..4 {
        let lr = 0.01 * f64::from(step + 1);
        gpu.step(&asked(&texts), lr).expect("texts fit");
        let slopes = block_on(gpu.gradient()).expect("the GPU is there");
        let adamw = AdamW { lr, ..AdamW::default() };
        adamw.step(&mut lora.numbers, &slopes, &groups, &mut moments).expect("lengths fit");
        let numbers = block_on(gpu.numbers()).expect("the GPU is there");
        expect_same(&format!("step {step}"), &lora, &numbers, &lora.numbers);
    }
}

#[test]
fn a_look_says_what_the_cpu_says() {
    use small_gpt::{Pass, Portable};
    let settings = settings(4, 6.0, &Layer::ALL);
    let lengths = [5, 2, 7, 1, 8, 3, 6, 4, 8];
    let (model, lora, texts) = drawn(SIZES[2], settings, &lengths, 5);
    let mut gpu = block_on(tuner(&model, &lora, [4, 8], Optimizer::AdamW));
    let looks = block_on(gpu.look(&asked(&texts))).expect("texts fit");
    assert_eq!(looks.len(), texts.len());
    let mut pass = Pass::default();
    for (text, (logits, loss)) in texts.iter().zip(looks) {
        let ids = &text.ids;
        let all = pass.forward_tuned(&model, &lora, ids, ids.len(), &mut Portable::default());
        let want = &all[all.len() - model.sizes.vocab_size..];
        let largest = want.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        for (got, want) in logits.iter().zip(want) {
            assert!((got - want).abs() < 1e-4 * largest, "{got}, not {want}");
        }
        let mut labels = vec![-100; ids.len()];
        labels[ids.len() - 1] = i64::from(text.answer);
        let want = pass.loss(&labels).loss;
        assert!((loss - want).abs() < 1e-3 * want.max(1.0), "a loss of {loss}, not {want}");
    }
    assert_eq!(block_on(gpu.numbers()).as_ref(), Ok(&lora.numbers), "a look changed something");
}

#[test]
fn what_does_not_fit_is_refused() {
    let (model, lora, texts) = drawn(SIZES[0], settings(2, 3.0, &[Layer::Fc]), &[5, 2, 7], 3);
    block_on(async {
        let gpu = gpu::shared().await.expect("a GPU driver");
        let wgsl = (SOLUTION.lora_wgsl)();
        let sgd = Optimizer::Sgd;
        for room in [[0, 8], [4, 0], [4, 10]] {
            assert!(GpuTuner::new(&gpu, &model, &lora, wgsl, room, sgd).await.is_err(), "{room:?}");
        }
        let none = drawn(SIZES[0], settings(2, 3.0, &[]), &[], 3).1;
        assert!(GpuTuner::new(&gpu, &model, &none, wgsl, [4, 8], sgd).await.is_err());
        let wide = drawn(SIZES[0], settings(257, 3.0, &[Layer::Fc]), &[], 3).1;
        assert!(GpuTuner::new(&gpu, &model, &wide, wgsl, [4, 8], sgd).await.is_err());
        let mut two = tuner(&model, &lora, [2, 8], sgd).await;
        let beyond = Asked { ids: &[20], answer: 1 };
        let unknown = Asked { ids: &[1], answer: 20 };
        let (empty, long) = (Asked { ids: &[], answer: 1 }, Asked { ids: &[1; 9], answer: 1 });
        for refused in [&asked(&texts)[..], &[], &[beyond], &[unknown], &[empty], &[long]] {
            assert!(two.step(refused, 0.1).is_err(), "{refused:?}");
        }
        // And what fits goes on as if nothing had been asked.
        assert_eq!(two.look(&asked(&texts)).await.map(|looks| looks.len()), Ok(3));
    });
}
