//! What is given: matrices, mini-batches, first weights, rates, draws, words.

use grading::expect_distribution;
use grading::random::{Counting, seeded};
use neural_language_model::{Examples, Matrix, Model, NetError, Settings, Sizes, Town, draw_token};
use rand::RngExt;

fn random(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut rng = seeded(seed);
    Matrix::new(rows, cols, (0..rows * cols).map(|_| rng.random_range(-2.0..2.0)).collect())
        .unwrap()
}

#[test]
fn products_and_transposes_are_those_of_the_formula() {
    for (m, k, n) in [(1, 1, 1), (2, 3, 4), (5, 4, 1), (3, 9, 2), (17, 6, 33), (2, 0, 3), (0, 2, 2)]
    {
        let (a, b) = (random(m, k, 1), random(k, n, 2));
        let (product, turned) = (a.matmul(&b).unwrap(), a.transpose());
        assert_eq!((product.shape(), turned.shape()), ((m, n), (k, m)));
        for i in 0..m {
            for j in 0..n {
                let want: f32 = (0..k).map(|p| a.row(i)[p] * b.row(p)[j]).sum();
                assert!((product.row(i)[j] - want).abs() < 1e-5, "{m} {k} {n}: {i}, {j}");
            }
            assert!((0..k).all(|p| turned.row(p)[i] == a.row(i)[p]));
        }
    }
}

#[test]
fn matrices_refuse_what_does_not_fit() {
    let a = random(2, 3, 1);
    assert_eq!(a.matmul(&a), Err(NetError::Shapes { left: (2, 3), right: (2, 3) }));
    assert_eq!(a.select(&[1, 2]), Err(NetError::UnknownToken { token: 2, len: 2 }));
    assert_eq!(a.clone().reshape(4), Err(NetError::Rows { numbers: 6, cols: 4 }));
    assert_eq!(a.clone().reshape(0), Err(NetError::Rows { numbers: 6, cols: 0 }));
    assert!(
        Matrix::new(2, 2, vec![0.0; 5]).is_err() && Matrix::new(usize::MAX, 2, vec![]).is_err()
    );
}

#[test]
fn rows_are_selected_and_put_side_by_side() {
    let a = Matrix::new(3, 2, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    let wide = a.select(&[2, 0, 2, 1]).unwrap().reshape(4).unwrap();
    assert_eq!(wide.shape(), (2, 4));
    assert_eq!(wide.data(), [4.0, 5.0, 0.0, 1.0, 4.0, 5.0, 2.0, 3.0]);
    let mut more = a.clone();
    more.add_to_rows(&[10.0, 20.0]);
    assert_eq!(more.data(), [10.0, 21.0, 12.0, 23.0, 14.0, 25.0]);
}

#[test]
fn mini_batches_are_drawn_evenly_with_one_number_each() {
    let examples = Examples { context: 2, contexts: (0..10).collect(), targets: (0..5).collect() };
    let mut rng = Counting::new(seeded(3));
    let batch = examples.draw(10_000, &mut rng);
    assert_eq!((rng.draws(), batch.len()), (10_000, 10_000));
    let mut counts = [0; 5];
    for (i, &target) in batch.targets.iter().enumerate() {
        assert_eq!(batch.context_of(i), examples.context_of(target as usize));
        counts[target as usize] += 1;
    }
    assert!(expect_distribution("examples", &counts, &[0.2; 5]).is_ok(), "{counts:?}");
    assert!(Examples::default().draw(3, &mut rng).is_empty());
}

#[test]
fn a_new_model_has_weights_by_the_number_of_inputs_and_no_biases() {
    let sizes = Sizes { vocab: 300, context: 4, dim: 25, hidden: 16 };
    let model = Model::new(sizes, &mut seeded(4));
    assert_eq!(
        (model.sizes(), model.pad(), model.parameters()),
        (sizes, 300, 301 * 25 + 100 * 16 + 16 + 16 * 300 + 300)
    );
    for ((name, numbers), scale) in model.parts().into_iter().zip([1.0, 0.1, 0.0, 0.25, 0.0]) {
        let largest = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(largest <= scale && largest >= 0.98 * scale, "{name}: {largest}");
        let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
        assert!(mean.abs() <= 0.1 * scale, "{name}: {mean}");
    }
}

#[test]
fn the_learning_rate_falls_to_a_hundredth() {
    let settings =
        Settings { start_rate: 0.5, total: 10, steps: 2, batch: 1, patience: 1, most: 9.0 };
    let rates = [0, 5, 9, 10, 1000].map(|step| settings.rate(step));
    let near = |(rate, want): (&f32, f32)| (rate - want).abs() < 1e-6;
    assert!(rates.iter().zip([0.5, 0.25, 0.05, 0.005, 0.005]).all(near), "{rates:?}");
}

#[test]
fn tokens_are_drawn_as_softmax_says() {
    let mut rng = seeded(5);
    let logits = [0.0, 3_f32.ln(), f32::NEG_INFINITY, 6_f32.ln()];
    let mut counts = [0; 4];
    for _ in 0..10_000 {
        counts[draw_token(&logits, &mut rng) as usize] += 1;
    }
    assert!(expect_distribution("draws", &counts, &[0.1, 0.3, 0.0, 0.6]).is_ok(), "{counts:?}");
}

#[test]
fn the_town_is_read_as_words() {
    let town = Town::new();
    let tokens = ["the", ".", "xylophonist", "and"].map(|word| town.id(word));
    assert_eq!(town.text(&tokens), "the. … and");
    assert!(town.training.iter().chain(&town.held_out).all(|&t| (t as usize) < town.vocab_size()));
    assert_eq!(tokens[2] as usize, town.vocab_size() - 1);
}
