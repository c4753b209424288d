//! What is kept is what a training gives, and what is saved comes back.

use lora::{Lora, SOLUTION, Settings};
use lora_demos::kept::{FULL_PEAK, MOST, SIZES, STEPS, TIMES, full, held, places, ranks};
use lora_demos::saved;
use lora_demos::texts::{self, TEXTS};
use lora_demos::tuning::{LOOKS, Learns, Run};
use pocket_buddy::PocketBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Layer, Sizes};

#[test]
fn the_shortest_full_fine_tuning_is_the_kept_one() {
    let buddy = PocketBuddy::kept().expect("the book has its Buddy");
    let task = texts::drawn(&buddy, STEPS).expect("Tinytown can be read");
    let mut run = Run::new(buddy.model, Learns::Everything, STEPS, FULL_PEAK);
    let kept = full(STEPS);
    assert_eq!(kept.len(), LOOKS + 1);
    for (at, kept) in kept.iter().enumerate() {
        let look = run.look(&task);
        assert_eq!((look.step, look.right), (kept.step, kept.right));
        assert!((look.loss - kept.loss).abs() < 1e-3, "{look:?} {kept:?}");
        if at < LOOKS {
            (0..STEPS / LOOKS).for_each(|_| {
                run.step(&task);
            });
        }
    }
}

#[test]
fn the_texts_are_those_of_tinytown() {
    let buddy = PocketBuddy::kept().expect("the book has its Buddy");
    let task = texts::drawn(&buddy, TIMES * STEPS).expect("Tinytown can be read");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../models/");
    let file = std::fs::read(format!("{file}{TEXTS}")).expect("the texts are kept");
    assert_eq!(buddy.model.sizes, SIZES);
    assert_eq!(texts::read(&file).as_ref(), Ok(&task));
    assert_eq!(String::from_utf8_lossy(&file), texts::written(&task));
    let shorter = texts::drawn(&buddy, STEPS).expect("Tinytown can be read");
    assert!(task.train.starts_with(&shorter.train));
    assert!(texts::read(b"1 2\ngood,x").is_err());
}

#[test]
fn everything_kept_can_be_read() {
    assert_eq!(ranks().iter().map(|of| of.0).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32]);
    for place in places() {
        let [weight, change] = held(place).expect("each layer is kept");
        assert_eq!((weight.len(), change.len()), (MOST + 1, MOST + 1));
        assert!(change.is_sorted() && change[MOST] <= 1.0 && change[8] > weight[8]);
    }
}

#[test]
fn a_saved_adapter_comes_back() {
    let sizes = Sizes { n_layer: 3, n_head: 2, n_embd: 8, n_positions: 4, vocab_size: 5 };
    let settings = Settings {
        rank: 3,
        alpha: 7.5,
        rank_stabilized: true,
        targets: vec![Layer::AttnProj, Layer::Fc],
    };
    let mut rng = StdRng::seed_from_u64(2);
    let mut lora = Lora::new(SOLUTION, sizes, settings.clone(), &mut rng).expect("it fits");
    lora.numbers.iter_mut().zip(1..).for_each(|(number, at)| *number += 0.5 / at as f32);
    let (config, weights) = saved::written(&lora, sizes).expect("it can be written");
    let files = [config.as_bytes(), &weights];
    let back = saved::read(SOLUTION, files, sizes).expect("it can be read");
    assert_eq!((back.settings(), &back.numbers), (&settings, &lora.numbers));

    let wider = Sizes { n_embd: 16, ..sizes };
    assert!(saved::read(SOLUTION, files, wider).is_err());
    assert!(saved::read(SOLUTION, [&weights, &weights], sizes).is_err());
    assert!(saved::read(SOLUTION, [config.as_bytes(), b"no tensors"], sizes).is_err());
}
