//! What is given does what its docs say, in a whole model.

use small_gpt::{Engine, Model, Pass, Portable, Sizes, Texts, Tuning};
use soft_prompts::{Prefix, PromptError, SOLUTION, SoftPrompt, Tables};

const SIZES: Sizes = Sizes { n_layer: 2, n_head: 2, n_embd: 8, n_positions: 16, vocab_size: 13 };

fn model() -> Model {
    let mut model = Model::random(SIZES, &mut grading::random::seeded(1));
    for tensor in model.tensors().to_vec() {
        if tensor.shape.len() == 2 {
            model.parameters[tensor.range].iter_mut().for_each(|x| *x *= 10.0);
        }
    }
    model
}

fn logits(model: &Model, tuning: Option<&dyn Tuning>, ids: &[u32], last: usize) -> Vec<f32> {
    let (mut pass, mut products) = (Pass::default(), Portable::default());
    let logits = match tuning {
        Some(tuning) => pass.forward_tuned(model, tuning, ids, ids.len(), &mut products),
        None => pass.forward(model, ids, ids.len(), &mut products),
    };
    logits[logits.len() - last * SIZES.vocab_size..].to_vec()
}

fn expect_near(got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() < 1e-4 * want.abs().max(1.0), "{got} {want}");
    }
}

#[test]
fn prompt_and_prefix_of_a_text_are_the_text() {
    let (model, before, ids) = (model(), [4, 9, 1], [7, 2, 2, 12]);
    let want = logits(&model, None, &[&before[..], &ids].concat(), 4);
    let prompt = SoftPrompt::from_text(SOLUTION, &model, &before, 3).unwrap();
    expect_near(&logits(&model, Some(&prompt), &ids, 4), &want);
    let prefix = Prefix::from_text(SOLUTION, &model, &before, 3).unwrap();
    expect_near(&logits(&model, Some(&prefix), &ids, 4), &want);
    assert_eq!((prompt.len(), prefix.len()), (3 * 8, 3 * 2 * 2 * 8));
    let again = Prefix::from_numbers(SOLUTION, SIZES, prefix.numbers().to_vec()).unwrap();
    assert_eq!(again.blocks(), prefix.blocks());
}

#[test]
fn loss_falls_where_the_gradient_points() {
    let model = model();
    let (ids, labels) = ([7, 2, 2, 12, 0, 5], [2, 2, 12, 0, -100, 5]);
    let texts = Texts { ids: &ids, labels: &labels, seq: 3 };
    let mut prompt = SoftPrompt::from_text(SOLUTION, &model, &[4, 9], 3).unwrap();
    let mut prefix = Prefix::from_text(SOLUTION, &model, &[4, 9], 3).unwrap();
    let engine = &mut Engine::default();
    for which in 0..2 {
        let mut losses = Vec::new();
        for _ in 0..6 {
            let tuning: &dyn Tuning = if which == 0 { &prompt } else { &prefix };
            let mut gradient = vec![0.0; tuning.len()];
            let summed = engine.gradient_tuned(&model, tuning, texts, 0.1, &mut gradient);
            losses.push(summed.loss);
            let steepness: f32 = gradient.iter().map(|g| g * g).sum();
            // By so much the tenth of the loss that the gradient is of has to fall.
            let rate = 0.001 / steepness;
            let step =
                |x: &mut [f32]| x.iter_mut().zip(&gradient).for_each(|(x, g)| *x -= rate * g);
            match which {
                0 => prompt.change(step),
                _ => prefix.change(step).unwrap(),
            }
        }
        for pair in losses.windows(2) {
            assert!((pair[0] - pair[1] - 0.01).abs() < 0.002, "{losses:?}");
        }
    }
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let model = model();
    let of = |ids: &[u32], n| Prefix::from_text(SOLUTION, &model, ids, n).err();
    assert_eq!(of(&[], 2), Some(PromptError::NoText));
    assert_eq!(of(&[1, 13], 2), Some(PromptError::Token { at: 1, token: 13, vocab_size: 13 }));
    assert_eq!(of(&[1], 17), Some(PromptError::NoRoom { n: 17, seq: 0, n_positions: 16 }));
    let ragged = |what, found, row| Some(PromptError::Ragged { what, found, row });
    let prompt = SoftPrompt::from_numbers(SOLUTION, SIZES, vec![0.0; 9]).err();
    assert_eq!(prompt, ragged("prompt", 9, 8));
    let prefix = Prefix::from_numbers(SOLUTION, SIZES, vec![0.0; 33]).err();
    assert_eq!(prefix, ragged("matrix", 33, 32));
    assert_eq!(Tables::new(&[0.0; 4], &[0.0; 3], 2).err(), ragged("positions", 3, 2));
    assert_eq!(Tables::new(&[], &[], 0).err(), ragged("tokens", 0, 0));
    let message = PromptError::NoRoom { n: 1, seq: 1, n_positions: 1 }.to_string();
    assert!(message.starts_with("1 vector before a text of 1 token do not fit into 1 position:"));
}

/// What the page's demo learns from.
const STORIES: &str =
    include_str!("../../../../../wasm-demos/4-fine-tuning/soft-prompts/src/stories.txt");

#[test]
fn stories_of_the_page_are_those_of_tinytown() {
    let world = tinytown::World::new(1);
    let mut want = String::new();
    for who in ["Emma", "Otto", "Priya"] {
        want += &format!("{who}\n");
        let person = world.find(who);
        // Stream 0 is for training, 2 for watching it.
        for (stream, count) in [(0, 64), (2, 16)] {
            let stories = world.stories(stream);
            let about = stories.filter(|story| story.people.first().copied() == person);
            for story in about.take(count) {
                let beginning: String = story.text.chars().take(60).collect();
                want += &format!("{}\n", beginning.trim_end());
            }
        }
    }
    if want != STORIES {
        let path = std::env::temp_dir().join("stories.txt");
        std::fs::write(&path, want).unwrap();
        panic!("stories.txt of the demos is not what Tinytown says: {} is", path.display());
    }
}
