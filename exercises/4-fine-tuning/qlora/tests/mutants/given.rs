//! What is given does what its docs say.

use grading::random::seeded;
use qlora::{Absmax, Code, Packed, QLora, QLoraSettings, QloraError, normal_quantile, solution};
use rand::RngExt;
use small_gpt::{Engine, Layer, Model, Place, Sizes, Texts, Tuning};

#[test]
fn quantiles_are_those_of_the_tables() {
    for (p, x) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.1, -1.281_551_565_544_600_4)] {
        assert!((normal_quantile(p) - x).abs() < 1e-13, "{p}");
    }
}

#[test]
fn messages_say_what_to_do() {
    let packed = solution::quantize_4bit(&[1.0; 5], Code::Nf4, 2).unwrap();
    assert_eq!((packed.size(), packed.absmax.blocks()), (3 + 12, 3));
    let told = |packed: &Packed, range, out: &mut [f32]| {
        solution::dequantize_4bit(packed, range, out).unwrap_err().to_string()
    };
    assert!(told(&packed, 3..6, &mut [0.0; 3]).starts_with("the range 3..6 of 5 numbers: let"));
    assert!(told(&packed, 3..5, &mut [0.0; 3]).starts_with("3 places for numbers where 2 belong"));
    let error = solution::absmax_of(&Absmax::Plain(vec![1.0]), 1).unwrap_err();
    assert!(error.to_string().starts_with("block 1 of 1 block: count from 0"));
    assert_eq!(solution::normal_float(1), Err(QloraError::Bits(1)));
    assert!(QloraError::Bits(1).to_string().starts_with("1 bit: give from 2"));
}

const SIZES: Sizes = Sizes { n_layer: 2, n_head: 2, n_embd: 12, n_positions: 7, vocab_size: 11 };

/// A model, its packed form with pairs that say something, and texts.
fn tuned(doubled: bool) -> (Model, QLora, Vec<u32>, Vec<i64>) {
    let mut rng = seeded(3);
    let mut model = Model::random(SIZES, &mut rng);
    model.parameters.iter_mut().for_each(|w| *w += rng.random_range(-0.3..0.3));
    let targets = vec![
        Place { block: 0, layer: Layer::Attn },
        Place { block: 1, layer: Layer::FcProj },
        Place { block: 1, layer: Layer::AttnProj },
    ];
    let settings =
        QLoraSettings { code: Code::Nf4, block: 32, doubled, targets, rank: 3, scale: 0.7 };
    let mut qlora = QLora::new(&model, &settings, &mut rng).unwrap();
    assert_eq!(qlora.len(), 3 * ((12 + 36) + (12 + 12) + (48 + 12)));
    qlora.numbers.iter_mut().for_each(|x| *x += rng.random_range(-0.3..0.3));
    let ids: Vec<u32> = (0..14).map(|_| rng.random_range(0..11)).collect();
    let labels = ids.iter().map(|id| i64::from((id + 3) % 11)).collect();
    (model, qlora, ids, labels)
}

#[test]
fn a_hollow_model_with_packed_weights_is_that_with_the_same_weights_merged() {
    for doubled in [false, true] {
        let (mut model, qlora, ids, labels) = tuned(doubled);
        let texts = Texts { ids: &ids, labels: &labels, seq: 7 };
        let mut engine = Engine::default();
        let got = engine.loss_tuned(&model.hollowed(), &qlora, texts).mean();
        for place in Place::all(2) {
            let base = qlora.base(place);
            let range = model.weight_range(place);
            let weight = &mut model.parameters[range];
            solution::dequantize_4bit(&base.weight, 0..weight.len(), weight).unwrap();
            if let Some(pair) = qlora.pair(place) {
                lora::solution::merge(&pair, weight).unwrap();
            }
        }
        let want = engine.loss(&model, texts).mean();
        assert!((got - want).abs() < 1e-5 * want, "{got}, merged {want}");
    }
}

#[test]
fn slopes_are_differences() {
    let (model, mut qlora, ids, labels) = tuned(true);
    let (model, mut engine) = (model.hollowed(), Engine::default());
    let texts = Texts { ids: &ids, labels: &labels, seq: 7 };
    let mut gradient = vec![0.0; qlora.len()];
    engine.gradient_tuned(&model, &qlora, texts, 1.0, &mut gradient);
    for i in (0..qlora.len()).step_by(5) {
        let number = qlora.numbers[i];
        let [up, down] = [1e-2, -1e-2].map(|step| {
            qlora.numbers[i] = number + step;
            engine.loss_tuned(&model, &qlora, texts).loss
        });
        qlora.numbers[i] = number;
        let want = (up - down) / 2e-2;
        let off = (f64::from(gradient[i]) - want).abs();
        assert!(off < 2e-3 * (1.0 + want.abs()), "number {i}: {} {want}", gradient[i]);
    }
}

#[test]
fn the_weights_of_the_demo_are_those_of_buddy() {
    let kept = include_bytes!("../../../../../wasm-demos/4-fine-tuning/qlora/src/buddy.f32");
    let buddy = pocket_buddy::PocketBuddy::kept().unwrap();
    let weight = buddy.model.weight(Place { block: 0, layer: Layer::Fc });
    let bytes: Vec<u8> = weight[..kept.len() / 4].iter().flat_map(|w| w.to_le_bytes()).collect();
    assert_eq!(bytes, kept);
}
