//! What learns beside a model: every gradient against candle's autograd, in f64.

mod reference;

use rand::SeedableRng;
use rand::rngs::StdRng;
use reference::Reference;
use small_gpt::{
    Engine, Full, Layer, Linear, Matrix, Model, Pass, Place, Portable, Products, Sizes, Texts,
    Tuning,
};

const SIZES: Sizes = Sizes { n_layer: 2, n_head: 3, n_embd: 12, n_positions: 14, vocab_size: 23 };
const RANK: usize = 2;

fn drawn(count: usize, step: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * step % 101) as f32 - 50.0) / 200.0).collect()
}

/// Numbers large enough that every part of the model matters.
fn model() -> Model {
    let mut model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
    for (i, number) in model.parameters.iter_mut().enumerate() {
        *number = *number * 5.0 + ((i * 37 % 101) as f32 - 50.0) / 400.0;
    }
    model
}

/// All that a tuning can be at once: a product of two matrices added at each linear layer, vectors
/// before texts, keys and values; and the model itself, if `learns_model`.
#[derive(Clone)]
struct Everything {
    model: usize,
    learns_model: bool,
    /// `A` and `B` of each place, then the prompt, then keys and values of each block.
    parts: Vec<Vec<f32>>,
}

impl Everything {
    fn new(model: &Model, learns_model: bool, [prompted, prefixed]: [usize; 2]) -> Self {
        let n_embd = SIZES.n_embd;
        let places = Place::all(SIZES.n_layer).flat_map(|place| {
            let [inputs, outputs] = place.layer.sizes(n_embd);
            [drawn(inputs * RANK, 29 + place.index()), drawn(RANK * outputs, 53 + place.index())]
        });
        let before = [drawn(prompted * n_embd, 31)];
        let prefix = (0..2 * SIZES.n_layer).map(|i| drawn(prefixed * n_embd, 41 + i));
        let parts = places.chain(before).chain(prefix).collect();
        Self { model: model.parameters.len(), learns_model, parts }
    }

    fn prompt_part(&self) -> usize {
        2 * Layer::ALL.len() * SIZES.n_layer
    }

    /// The slopes of a part.
    fn of<'a>(&self, part: usize, gradient: &'a mut [f32]) -> &'a mut [f32] {
        let model = if self.learns_model { self.model } else { 0 };
        let start = model + self.parts[..part].iter().map(Vec::len).sum::<usize>();
        &mut gradient[start..][..self.parts[part].len()]
    }

    fn add(&self, part: usize, slopes: &[f32], gradient: &mut [f32]) {
        for (to, slope) in self.of(part, gradient).iter_mut().zip(slopes) {
            *to += slope;
        }
    }
}

impl Tuning for Everything {
    fn len(&self) -> usize {
        let model = if self.learns_model { self.model } else { 0 };
        model + self.parts.iter().map(Vec::len).sum::<usize>()
    }

    fn learns_model(&self) -> bool {
        self.learns_model
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        layer.base(y, products);
        let [inputs, outputs] = layer.sizes();
        let [a, b] = [0, 1].map(|i| &self.parts[2 * layer.place.index() + i]);
        let (rows, x) = (layer.rows(), Matrix::rows(layer.x, inputs));
        layer.kept.resize(rows * RANK, 0.0);
        products.product((rows, inputs, RANK), x, Matrix::rows(a, RANK), layer.kept, RANK, false);
        let kept = Matrix::rows(layer.kept, RANK);
        products.product((rows, RANK, outputs), kept, Matrix::rows(b, outputs), y, outputs, true);
    }

    fn linear_backward(
        &self,
        layer: Linear<'_>,
        dy: &[f32],
        dx: &mut [f32],
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) {
        match self.learns_model {
            true => layer.full_backward(dy, dx, gradient, products),
            false => layer.base_backward(dy, dx, products),
        }
        let [inputs, outputs] = layer.sizes();
        let first = 2 * layer.place.index();
        let [a, b] = [&self.parts[first], &self.parts[first + 1]];
        let (rows, x) = (layer.rows(), Matrix::rows(layer.x, inputs).transposed());
        let (kept, dy) = (Matrix::rows(layer.kept, RANK), Matrix::rows(dy, outputs));
        let db = self.of(first + 1, gradient);
        products.product((RANK, rows, outputs), kept.transposed(), dy, db, outputs, true);
        let b = Matrix::rows(b, outputs).transposed();
        products.product((rows, outputs, RANK), dy, b, layer.kept, RANK, false);
        let dkept = Matrix::rows(layer.kept, RANK);
        let da = self.of(first, gradient);
        products.product((inputs, rows, RANK), x, dkept, da, RANK, true);
        let a = Matrix::rows(a, RANK).transposed();
        products.product((rows, RANK, inputs), dkept, a, dx, inputs, true);
    }

    fn prompt(&self) -> &[f32] {
        &self.parts[self.prompt_part()]
    }

    fn prompt_backward(&self, slopes: &[f32], gradient: &mut [f32]) {
        self.add(self.prompt_part(), slopes, gradient);
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        [1, 2].map(|i| self.parts[self.prompt_part() + 2 * block + i].as_slice())
    }

    fn prefix_backward(&self, block: usize, slopes: [&[f32]; 2], gradient: &mut [f32]) {
        for (i, slopes) in slopes.into_iter().enumerate() {
            self.add(self.prompt_part() + 2 * block + 1 + i, slopes, gradient);
        }
    }
}

fn texts(texts: usize, seq: usize) -> (Vec<u32>, Vec<i64>) {
    let ids = (0..texts * seq).map(|i| (i * i * 7 % 23) as u32).collect();
    // Every seventh token is not to be guessed.
    let label = |i: usize| if i % 7 == 6 { -100 } else { (i * 5 % 23) as i64 };
    (ids, (0..texts * seq).map(label).collect())
}

fn expect_near(got: &[f32], want: &[f64], what: &str) {
    let size = want.iter().fold(1e-2, |a: f64, b| a.max(b.abs()));
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (&got, want)) in got.iter().zip(want).enumerate() {
        assert!((f64::from(got) - want).abs() <= 1e-5 * size, "{what}, {i}: {got}, not {want}");
    }
}

#[test]
fn logits_and_all_that_learns_are_those_of_candle() {
    let model = model();
    let mut pass = Pass::default();
    for (learns_model, before, (count, seq)) in [
        (false, [0, 0], (2, 5)),
        (false, [3, 0], (2, 5)),
        (false, [0, 4], (3, 6)),
        (false, [2, 3], (2, 9)),
        (true, [2, 3], (2, 4)),
        (true, [1, 0], (1, 1)),
    ] {
        let what = format!("{learns_model} {before:?} {count} {seq}");
        let tuning = Everything::new(&model, learns_model, before);
        let (ids, labels) = texts(count, seq);
        let want = Reference::new(&model, &tuning.parts, before);
        let logits = pass.forward_tuned(&model, &tuning, &ids, seq, &mut Portable::default());
        let (want_logits, hidden) = want.forward(&ids, seq);
        expect_near(logits, &reference::numbers(&want_logits), &format!("{what}: logits"));
        expect_near(pass.hidden(), &reference::numbers(&hidden), &format!("{what}: hidden"));

        let slopes = want.slopes(&want_logits, &labels, 0.25);
        let mut gradient = vec![0.0; tuning.len()];
        let products = &mut Portable::default();
        pass.backward_tuned(&model, &tuning, &labels, 0.25, &mut gradient, products);
        let own = if learns_model { want.of_model(&slopes) } else { Vec::new() };
        let (of_model, rest) = gradient.split_at(own.len());
        expect_near(of_model, &own, &format!("{what}: the model"));
        let mut rest = rest;
        for (i, part) in want.of_parts(&slopes).into_iter().enumerate() {
            let (here, behind) = rest.split_at(part.len());
            expect_near(here, &part, &format!("{what}: part {i}"));
            rest = behind;
        }
        assert!(rest.is_empty());
        expect_near(pass.input_slopes(), &want.of_inputs(&slopes), &format!("{what}: inputs"));

        // A head behind the last norm: the sum of its numbers, each times another.
        let head = drawn(hidden.elem_count(), 17);
        let slopes = want.slopes_of_sum(&hidden, &head);
        pass.forward_hidden(&model, &tuning, &ids, seq, &mut Portable::default());
        let mut gradient = vec![0.0; tuning.len()];
        pass.backward_hidden(&model, &tuning, &head, &mut gradient, &mut Portable::default());
        let mut all = if learns_model { want.of_model(&slopes) } else { Vec::new() };
        all.extend(want.of_parts(&slopes).concat());
        expect_near(&gradient, &all, &format!("{what}: below a head"));
        expect_near(pass.input_slopes(), &want.of_inputs(&slopes), &format!("{what}: inputs"));
    }
}

#[test]
fn an_engine_has_the_same_gradient_on_any_number_of_threads() {
    let model = model();
    let tuning = Everything::new(&model, false, [2, 3]);
    let (ids, labels) = texts(7, 5);
    let texts = Texts { ids: &ids, labels: &labels, seq: 5 };
    let mut pass = Pass::default();
    let mut whole = vec![0.0; tuning.len()];
    pass.forward_tuned(&model, &tuning, &ids, 5, &mut Portable::default());
    let products = &mut Portable::default();
    let want = pass.backward_tuned(&model, &tuning, &labels, 0.5, &mut whole, products);
    let run = |threads| {
        let mut engine = Engine::new(2, threads, || Box::<Portable>::default());
        let mut gradient = vec![0.0; tuning.len()];
        let summed = engine.gradient_tuned(&model, &tuning, texts, 0.5, &mut gradient);
        assert_eq!(engine.loss_tuned(&model, &tuning, texts), summed);
        (summed, gradient)
    };
    let (summed, gradient) = run(1);
    assert!((summed.loss - want.loss).abs() < 1e-5 * want.loss, "{summed:?} {want:?}");
    let whole: Vec<f64> = whole.into_iter().map(f64::from).collect();
    expect_near(&gradient, &whole, "portions");
    assert_eq!(run(3), (summed, gradient));
}

/// Multiplies with weights of its own.
struct Elsewhere<'a>(&'a Model);

impl Tuning for Elsewhere<'_> {
    fn len(&self) -> usize {
        0
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        let bias = layer.model.bias(layer.place);
        let pair = (self.0.weight(layer.place), bias);
        small_gpt::linear(products, layer.x, pair, y, layer.sizes());
    }
}

#[test]
fn a_hollow_model_runs_with_weights_kept_elsewhere() {
    let model = model();
    let hollow = model.hollowed();
    let weights: usize = Place::all(2).map(|place| model.weight(place).len()).sum();
    assert_eq!(hollow.parameters.len(), model.parameters.len() - weights);
    assert_eq!(hollow, {
        let mut filled = Model::hollow(SIZES);
        filled.parameters.clone_from(&hollow.parameters);
        filled
    });
    let (ids, _) = texts(2, 7);
    let (mut pass, mut other) = (Pass::default(), Pass::default());
    let mut products = Portable::default();
    let want = pass.forward(&model, &ids, 7, &mut products).to_vec();
    assert_eq!(other.forward_tuned(&hollow, &Elsewhere(&model), &ids, 7, &mut products), want);
    for tensor in hollow.tensors().iter().filter(|tensor| !tensor.range.is_empty()) {
        let same = model.tensors().iter().find(|other| other.name == tensor.name).unwrap();
        assert_eq!(hollow.numbers(tensor), model.numbers(same), "{}", tensor.name);
    }
}

/// Keys and values of tokens that were read before.
struct Read {
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
}

impl Tuning for Read {
    fn len(&self) -> usize {
        0
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        [&self.keys[block], &self.values[block]]
    }
}

#[test]
fn keys_and_values_that_were_kept_stand_for_the_tokens_before() {
    let model = model();
    let (ids, _) = texts(1, 9);
    let (mut pass, mut products) = (Pass::default(), Portable::default());
    let full = Full::of(&model);
    let want = pass.next_logits(&model, &full, &ids, &mut products).to_vec();
    let all = pass.forward(&model, &ids, 9, &mut products);
    assert_eq!(all[8 * 23..], want);
    pass.forward_hidden(&model, &full, &ids[..6], 6, &mut products);
    let rows = |block: usize, which: usize| {
        pass.keys_and_values(block).flat_map(|row| row[which].to_vec()).collect::<Vec<f32>>()
    };
    let [keys, values] = [0, 1].map(|which| (0..2).map(|block| rows(block, which)).collect());
    let got = Pass::default();
    let mut got = got;
    let logits = got.next_logits(&model, &Read { keys, values }, &ids[6..], &mut products);
    let want: Vec<f64> = want.into_iter().map(f64::from).collect();
    expect_near(logits, &want, "after six tokens");
}
