//! What is given does what its docs say: a whole model with pairs.

use grading::random::seeded;
use lora::{Lora, LoraError, SOLUTION, Settings, run_lora};
use rand::RngExt;
use small_gpt::{Engine, Frozen, Layer, Model, Pass, Place, Portable, Sizes, Texts, Tuning};

const SIZES: Sizes = Sizes { n_layer: 2, n_head: 2, n_embd: 8, n_positions: 6, vocab_size: 11 };

fn model() -> Model {
    let mut model = Model::random(SIZES, &mut seeded(1));
    // Large enough that every part matters.
    let mut rng = seeded(2);
    model.parameters.iter_mut().for_each(|w| *w += rng.random_range(-0.3..0.3));
    model
}

fn lora(targets: &[Layer]) -> Lora {
    let settings =
        Settings { rank: 3, alpha: 5.0, rank_stabilized: false, targets: targets.to_vec() };
    Lora::new(SOLUTION, SIZES, settings, &mut seeded(3)).expect("these sizes go together")
}

fn shaken(mut lora: Lora) -> Lora {
    let mut rng = seeded(4);
    lora.numbers.iter_mut().for_each(|w| *w += rng.random_range(-0.5..0.5));
    lora
}

const IDS: [u32; 12] = [1, 5, 3, 9, 10, 0, 4, 4, 7, 2, 8, 6];
const LABELS: [i64; 12] = [5, 3, 9, 10, 0, 2, 4, 7, -100, 8, 6, 1];

fn logits(model: &Model, tuning: &dyn Tuning) -> Vec<f32> {
    Pass::default().forward_tuned(model, tuning, &IDS, 6, &mut Portable::default()).to_vec()
}

#[test]
fn a_new_pair_changes_no_bit_of_a_model() {
    let model = model();
    let plain = logits(&model, &Frozen);
    let same = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits());
    assert!(same(&plain, &logits(&model, &lora(&Layer::ALL))));
    assert!(!same(&plain, &logits(&model, &shaken(lora(&[Layer::Fc])))));
}

#[test]
fn a_merged_model_says_what_both_said() {
    let (mut model, lora) = (model(), shaken(lora(&[Layer::AttnProj, Layer::Attn])));
    let both = logits(&model, &lora);
    lora.merge_into(&mut model).expect("it fits");
    for (merged, both) in logits(&model, &Frozen).iter().zip(both) {
        assert!((merged - both).abs() < 1e-4, "{merged} {both}");
    }
}

#[test]
fn slopes_of_a_whole_model_are_those_of_nudges() {
    let (model, mut lora) = (model(), shaken(lora(&[Layer::Attn, Layer::FcProj])));
    let places: Vec<String> = lora.places().map(Place::name).collect();
    assert_eq!(places, ["h.0.attn.c_attn", "h.0.mlp.c_proj", "h.1.attn.c_attn", "h.1.mlp.c_proj"]);
    assert_eq!(lora.len(), 2 * 3 * (8 + 24 + 32 + 8));
    let texts = Texts { ids: &IDS, labels: &LABELS, seq: 6 };
    let mut gradient = vec![0.0; lora.len()];
    let mut engine = Engine::default();
    engine.gradient_tuned(&model, &lora, texts, 1.0, &mut gradient);
    for at in (0..lora.len()).step_by(7) {
        let mut nudged = |h: f32| {
            let held = lora.numbers[at];
            lora.numbers[at] = held + h;
            let loss = engine.loss_tuned(&model, &lora, texts).loss;
            lora.numbers[at] = held;
            loss
        };
        let want = (nudged(0.01) - nudged(-0.01)) / 0.02;
        let got = f64::from(gradient[at]);
        assert!((got - want).abs() < 2e-3 * (1.0 + want.abs()), "{at}: {got} {want}");
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let settings = Settings { rank: 0, ..Settings::default() };
    let got = Lora::new(SOLUTION, SIZES, settings, &mut seeded(1)).err();
    assert_eq!(got, Some(LoraError::Zero { name: "rank" }));
    let message = LoraError::Length { of: "b", numbers: 1, expected: 6 }.to_string();
    assert_eq!(message, "b has 1 number: the sizes of the layer ask for 6 numbers");
    let lora = lora(&[Layer::Attn]);
    assert!(lora.pair(Place { block: 0, layer: Layer::Fc }).is_none());
}

#[test]
fn the_host_runs_the_kernel() {
    let lora = shaken(lora(&[Layer::Fc]));
    let pair = lora.pair(Place { block: 1, layer: Layer::Fc }).expect("it has one");
    let x: Vec<f32> = (0..5 * 8).map(|i| (i as f32 * 0.7).sin()).collect();
    let (mut y, mut want) = (vec![1.0; 5 * 32], vec![1.0; 5 * 32]);
    (SOLUTION.lora_forward)(&pair, &x, &mut want).expect("it fits");
    let Ok(gpu) = grading::block_on(gpu::shared()) else { return };
    let run = run_lora(&gpu, (SOLUTION.lora_wgsl)(), &pair, &x, &mut y);
    grading::block_on(run).expect("it runs");
    for (y, want) in y.iter().zip(want) {
        assert!((y - want).abs() < 1e-5, "{y} {want}");
    }
}
