//! A feed-forward network in shards.

use grading::draw;
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect_bits, expect_close, expect_error_is,
    expect_same,
};
use rand::RngExt;

use super::ring::{ended, expect_all_reduce, expect_unread};
use crate::oracle;
use crate::{Answers, Link, MachineError, Matrix, Ran, SOLUTION, chunk, in_turns};

const NEAR: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-12 };

/// What a rank has of a network.
type Shard = (Matrix, Matrix);

fn run(
    answers: &Answers,
    x: &Matrix,
    shards: &[Shard],
) -> Result<Ran<Shard, Matrix>, MachineError> {
    in_turns(shards, |link, (a, b)| (answers.parallel_mlp)(link, x, a, b), |_, _| {})
}

fn random(rows: usize, columns: usize, seed: u64) -> Matrix {
    let mut rng = seeded(seed);
    let values = (0..rows * columns).map(|_| 3.0 * (rng.random::<f64>() - 0.45)).collect();
    Matrix { rows, columns, values }
}

fn shards(a: &Matrix, b: &Matrix, ranks: usize) -> Vec<Shard> {
    let own = |rank| chunk(a.columns, ranks, rank);
    (0..ranks).map(|rank| (a.some_columns(own(rank)), b.some_rows(own(rank)))).collect()
}

fn expect_network(what: &str, ran: &Ran<Shard, Matrix>, want: &Matrix) -> Outcome {
    for (rank, got) in ran.results.iter().enumerate() {
        let what = format!("{what}: the result on rank {rank}");
        let shape = [got.rows, got.columns];
        expect_same(&format!("{what}, its shape"), &shape, &[want.rows, want.columns])?;
        expect_close(&what, &shape, &got.values, &want.values, NEAR)?;
        expect_bits(&format!("{what}, as on rank 0"), &got.values, &ran.results[0].values)?;
    }
    Ok(())
}

/// Ranks, tokens, d_model, hidden units.
const SIZES: [[usize; 4]; 7] = [
    [1, 2, 3, 4],
    [2, 3, 4, 8],
    [2, 1, 3, 5],
    [3, 4, 2, 10],
    [5, 2, 3, 3],
    [4, 0, 2, 6],
    [4, 5, 7, 19],
];

pub fn shards_are_the_whole_network(answers: &Answers) -> Outcome {
    for (seed, [ranks, tokens, d, hidden]) in (0..).zip(SIZES) {
        let what = format!("ranks {ranks}, tokens {tokens}, d_model {d}, hidden units {hidden}");
        let (x, a, b) =
            (random(tokens, d, seed), random(d, hidden, seed + 50), random(hidden, d, seed + 90));
        let ran = run(answers, &x, &shards(&a, &b, ranks))?;
        expect_network(&what, &ran, &oracle::mlp(&x, &a, &b))?;
    }
    Ok(())
}

pub fn one_sum_is_enough(answers: &Answers) -> Outcome {
    for [ranks, tokens, d, hidden] in SIZES {
        let what = format!("ranks {ranks}, tokens {tokens}, d_model {d}, hidden units {hidden}");
        let (x, a, b) = (random(tokens, d, 7), random(d, hidden, 8), random(hidden, d, 9));
        let ran = run(answers, &x, &shards(&a, &b, ranks))?;
        expect_all_reduce(&what, &ran.sent, tokens * d)?;
        expect_unread(&what, ran.unread)?;
        expect_network(&what, &ran, &oracle::mlp(&x, &a, &b))?;
    }
    for ([x, a], b, columns, rows) in [
        ([(2, 3), (4, 2)], (2, 3), 3, 4),
        ([(2, 3), (3, 2)], (5, 3), 2, 5),
        ([(0, 3), (0, 2)], (4, 3), 3, 0),
        ([(1, 3), (3, 0)], (1, 3), 0, 1),
        ([(1, 3), (4, 2)], (5, 3), 3, 4),
    ] {
        let what = format!("x of {x:?}, a of {a:?}, b of {b:?}");
        let [x, a, b] = [x, a, b].map(|(rows, columns)| random(rows, columns, 5));
        let program =
            |link: &mut dyn Link, (a, b): &mut Shard| ended((answers.parallel_mlp)(link, &x, a, b));
        for (rank, got) in in_turns(&[(a.clone(), b.clone()), (a, b)], program, |_, _| {})?
            .results
            .into_iter()
            .enumerate()
        {
            let what = format!("{what}, rank {rank}");
            expect_error_is(&what, got, &MachineError::Shape { columns, rows })?;
        }
    }
    // Nobody may wait for a rank whose matrices do not fit.
    let (x, fits) = (random(1, 2, 1), (random(2, 2, 2), random(2, 2, 3)));
    let wrong = (random(2, 2, 2), random(3, 2, 3));
    let got = run(answers, &x, &[wrong, fits]).map(|ran| ran.results);
    let what = "rank 0 with matrices that do not fit, so rank 1 waits for it";
    expect_error_is(what, got, &MachineError::Deadlock { waiting: vec![1] })
}

pub fn mlp_agrees(answers: &Answers) -> Outcome {
    let sizes = (1..=5_usize, 0..=3_usize, 0..=4_usize, 0..=9_usize, 0..1000_u64);
    // Now and then something that does not fit.
    let odd = draw::select(vec![0, 0, 0, 0, 0, 0, 1, 2]);
    differential((sizes, odd), |&((ranks, tokens, d, hidden, seed), odd)| {
        let x = random(tokens, d + usize::from(odd == 1), seed);
        let (a, b) = (random(d, hidden, seed + 1), random(hidden, d, seed + 2));
        let mut shards = shards(&a, &b, ranks);
        if odd == 2 {
            shards.iter_mut().for_each(|(_, b)| *b = random(b.rows + 1, d, seed));
        }
        agree(
            "parallel_mlp",
            run(answers, &x, &shards),
            run(&SOLUTION, &x, &shards),
            |got, want| expect_network("drawn", got, &want.results[0]),
        )
    })
}
