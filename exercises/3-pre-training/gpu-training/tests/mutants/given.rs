//! What is given does what its docs say.

use gpu::GpuError;
use gpu_training::{
    Answers, CpuTrainer, GpuTrainer, Job, Letters, Lies, Linear, Of, Pass, SOLUTION, Update,
    dispatches,
};
use grading::block_on;
use optimizers::AdamW;

/// A loss that adds up `upstream · f(x)`, nudged at one place.
fn slope(f: &dyn Fn(&[f64]) -> f64, x: &[f32], at: usize) -> f64 {
    let h = 1e-5;
    let nudged = |h: f64| {
        let mut x: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
        x[at] += h;
        f(&x)
    };
    (nudged(h) - nudged(-h)) / (2.0 * h)
}

fn read(job: &Job, at: usize) -> Vec<f32> {
    match &job.data[at] {
        gpu_training::Data::Read(x) | gpu_training::Data::Change(_, x) => x.clone(),
        other => panic!("{other:?}"),
    }
}

fn expect_slopes(job: &Job, output: usize, old: &[f32], x: &[f32], f: &dyn Fn(&[f64]) -> f64) {
    for (i, &[got, size]) in job.wanted[output].numbers.iter().enumerate() {
        let want = slope(f, x, i) + old.get(i).map_or(0.0, |&old| f64::from(old));
        assert!((got - want).abs() < 1e-4 * (size + 1.0), "{}, {i}: {got}, {want}", job.what);
    }
}

#[test]
fn wanted_slopes_are_those_of_nudges() {
    let (n_head, d, seq) = (2, 3, 4);
    let job = Job::attention([2, seq, n_head, d], 2.0, 5);
    let (qkv, dfound) = (read(&job, 0), read(&job, 3));
    let attention = |x: &[f64]| {
        let mut loss = 0.0;
        for (i, &dfound) in dfound.iter().enumerate() {
            let (token, head, c) = (i / (n_head * d), i / d % n_head, i % d);
            let part = |part: usize, token: usize| ((3 * token + part) * n_head + head) * d;
            let score = |key: usize| {
                let of = |c| x[part(0, token) + c] * x[part(1, key) + c];
                ((0..d).map(of).sum::<f64>() / (d as f64).sqrt()).exp()
            };
            let keys = token / seq * seq..=token;
            let total: f64 = keys.clone().map(score).sum();
            let found: f64 = keys.map(|key| score(key) / total * x[part(2, key) + c]).sum();
            loss += f64::from(dfound) * found;
        }
        loss
    };
    expect_slopes(&job, 0, &[], &qkv, &attention);

    let job = Job::norm([3, 5], 6);
    let [x, gain, _, dy, dx] = [0, 1, 2, 3, 4].map(|at| read(&job, at));
    let z = |x: &[f64], row: usize, j: usize| {
        let row = &x[row * 5..][..5];
        let mean = row.iter().sum::<f64>() / 5.0;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 5.0;
        (row[j] - mean) / (variance + 1e-5).sqrt()
    };
    let norm = |x: &[f64]| {
        (0..15).map(|i| f64::from(dy[i]) * f64::from(gain[i % 5]) * z(x, i / 5, i % 5)).sum()
    };
    expect_slopes(&job, 0, &dx, &x, &norm);

    let job = Job::norm_parameters([3, 5], 6);
    let [x, _, dy] = [0, 1, 2].map(|at| read(&job, at));
    let wide: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
    let of_gain = |gain: &[f64]| {
        (0..15).map(|i| f64::from(dy[i]) * gain[i % 5] * z(&wide, i / 5, i % 5)).sum()
    };
    expect_slopes(&job, 0, &[], &[1.0; 5], &of_gain);
    expect_slopes(&job, 1, &[], &[1.0; 5], &|shift: &[f64]| {
        (0..15).map(|i| f64::from(dy[i]) * shift[i % 5]).sum()
    });

    let x = [-3.0, -0.5, 0.0, 1.0, 2.5];
    let gelu = |x: &[f64]| {
        let factor = (2.0 / std::f64::consts::PI).sqrt();
        x.iter().map(|x| 0.5 * x * (1.0 + (factor * (x + 0.044715 * x.powi(3))).tanh())).sum()
    };
    expect_slopes(&Job::gelu_at(&x, &[1.0; 5]), 0, &[], &x, &gelu);
}

#[test]
fn both_trainers_train_alike() {
    let gpu = block_on(gpu::shared()).unwrap();
    let letters = Letters::of_tinytown();
    let model = letters.model(16);
    let settings = AdamW { lr: 3e-3, ..AdamW::default() };
    let update = Update::AdamW { settings, weight_decay: 0.1 };
    let mut cpu = CpuTrainer::new(model.clone(), update);
    let new = GpuTrainer::new(&gpu, &model, [4, 12], update, &SOLUTION);
    let mut trainer = block_on(new).unwrap();
    assert_eq!(trainer.dispatches(), dispatches(2));
    for step in 0..6 {
        let (ids, labels) = letters.batch(4, 12, step);
        let want = cpu.step(&ids, &labels, 12);
        trainer.step(&ids, &labels);
        let got = block_on(trainer.loss()).unwrap();
        assert!((got - want).abs() < 1e-3, "step {step}: {got}, {want}");
    }
    let got = block_on(trainer.parameters()).unwrap();
    // Where a slope is nearly 0, Adam's step may go either way.
    let far = got.iter().zip(&cpu.model.parameters).filter(|(a, b)| (**a - **b).abs() > 1e-3);
    assert!(far.count() * 200 < got.len());
}

#[test]
fn what_does_not_fit_is_refused() {
    let gpu = block_on(gpu::shared()).unwrap();
    let model = Letters::of_tinytown().model(8);
    let refused = |sizes, answers: &Answers| {
        let update = Update::Sgd { lr: 0.1 };
        match block_on(GpuTrainer::new(&gpu, &model, sizes, update, answers)) {
            Err(GpuError::Invalid(why)) => why,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("{sizes:?} is fine"),
        }
    };
    assert!(refused([1, 9], &SOLUTION).contains("1 to 8"));
    assert!(refused([0, 3], &SOLUTION).contains("at least one"));
    let with = |block_backward| Answers { block_backward, ..SOLUTION };
    let of = Linear::Fc;
    for (block_backward, says) in [
        (
            (|| vec![Pass::Gelu { x: Of::Inside, slopes: Of::Bent }]) as fn() -> Vec<Pass>,
            "was kept",
        ),
        (|| vec![Pass::Attention { dfound: Of::Narrow, dqkv: Of::Dx }], "3 · n_embd"),
        (|| vec![Pass::Gelu { x: Of::Wide, slopes: Of::Wide }], "while it reads it"),
    ] {
        let why = refused([1, 3], &with(block_backward));
        assert!(why.contains(says), "{why}");
    }
    let wrong = Pass::Linear { of, x: Of::Found, dy: Of::Dx, dx: Of::Narrow };
    assert!(format!("{wrong:?}").contains("Fc"));
    assert_eq!(Lies::Columns.steps([2, 3]), [1, 2]);
}
