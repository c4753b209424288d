//! What is given does what its docs say.

use batches::solution::pack;
use small_gpt::{Model, Sizes};
use training_loop::solution::{checkpoint, restore};
use training_loop::{LoopError, Rows, State};

const SIZES: Sizes = Sizes { n_layer: 1, n_head: 1, n_embd: 2, n_positions: 3, vocab_size: 10 };

#[test]
fn rows_are_packed_rows() {
    let packed = pack(&[vec![5, 6], vec![7, 8, 9]], 3, 0).unwrap();
    let rows = Rows::from(&packed[..]);
    assert_eq!((rows.count(), rows.tokens(), rows.context), (3, 6, 3));
    let picked = rows.pick(&[2, 0], SIZES).unwrap();
    assert_eq!(picked.ids, [0, 0, 0, 5, 6, 0]);
    assert_eq!(picked.labels, [-100, -100, -100, 6, 0, 7]);
    assert_eq!(picked.portions(1).map(|texts| texts.ids.len()).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(Rows::from(&[][..]).count(), 0);
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let rows = Rows { ids: vec![1, 2, 9, 4], labels: vec![2, 9, -5, 1], context: 2 };
    assert_eq!(rows.pick(&[1], SIZES).unwrap().labels, [-100, 1]);
    assert_eq!(rows.pick(&[2], SIZES), Err(LoopError::NoRow { row: 2, rows: 2 }));
    let small = Sizes { vocab_size: 9, ..SIZES };
    let unknown = |row, at| LoopError::Token { row, at, token: 9, vocab_size: 9 };
    assert_eq!(rows.pick(&[1, 0], small), Err(unknown(1, 0)));
    assert_eq!(rows.pick(&[0], small), Err(unknown(0, 1)));
    let none = Rows { context: 0, ..rows.clone() };
    assert_eq!(none.pick(&[], SIZES), Err(LoopError::Ragged { ids: 4, labels: 4, context: 0 }));
}

#[test]
fn a_checkpoint_is_a_model_for_any_other_program() {
    let mut state = State::new(Model::zeros(SIZES));
    state.step = 7;
    state.model.parameters[3] = 0.25;
    let file = checkpoint(&state).unwrap();
    // Two times the same file: the header has one order.
    assert_eq!(file, checkpoint(&state).unwrap());
    let mut weights = checkpoint::Checkpoint::read(file.clone()).unwrap();
    let wte = weights.take("wte.weight", &[10, 2]).unwrap();
    assert_eq!(wte.flatten_all().unwrap().to_vec1::<f32>().unwrap()[3], 0.25);
    assert_eq!(restore(&file).unwrap().step, 7);
}

#[test]
fn errors_say_what_to_do() {
    let few = LoopError::TooFewRows { rows: 1, batch: 8 }.to_string();
    assert_eq!(few, "a batch of 8 from 1 row: take a smaller batch, or more text");
    let other = restore(&[0; 9]).unwrap_err().to_string();
    assert!(other.starts_with("this is no file of safetensors ("), "{other}");
}
