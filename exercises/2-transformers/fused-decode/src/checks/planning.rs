//! What many dispatches are.

use gpt::Config;
use grading::{Differential, Outcome, expect, expect_same};

use super::places::configs;
use crate::oracle::config;
use crate::{Answers, Launch, Op, SOLUTION};

fn expect_plan(config: &Config, got: &[Launch], want: &[Launch]) -> Outcome {
    let what = format!(
        "the plan of n_layer {}, n_head {}, n_embd {}, n_inner {}, vocab_size {}",
        config.n_layer,
        config.n_head,
        config.n_embd,
        config.inner(),
        config.vocab_size
    );
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        expect(got == want, || format!("{what}: dispatch {i}: expected {want:?}, got {got:?}"))?;
    }
    expect_same(&format!("{what}: how many dispatches"), &got.len(), &want.len())
}

/// Workgroups that threads of so many columns fill, counted one by one.
fn filled(columns: usize, a_thread: usize) -> usize {
    let threads: Vec<usize> = (0..columns).step_by(a_thread).collect();
    threads.chunks(64).count()
}

fn wanted(config: &Config) -> Vec<Launch> {
    let Config { n_layer, n_head, n_embd: n, vocab_size, .. } = *config;
    let inside = |layer| {
        [
            (Op::NormAttention, 1),
            (Op::Qkv, filled(n + n + n, 4)),
            (Op::Attend, n_head),
            (Op::Project, filled(n, 4)),
            (Op::NormMlp, 1),
            (Op::Widen, filled(config.inner(), 4)),
            (Op::Narrow, filled(n, 4)),
        ]
        .map(|(op, workgroups)| Launch { op, layer, workgroups })
    };
    let outside = |op, workgroups| Launch { op, layer: 0, workgroups };
    let mut all = vec![outside(Op::Embed, 1)];
    all.extend((0..n_layer).flat_map(inside));
    all.extend([outside(Op::NormLast, 1), outside(Op::Logits, filled(vocab_size, 1))]);
    all
}

fn expect_plans(answers: &Answers, sizes: &[[usize; 6]]) -> Outcome {
    for config in sizes.iter().map(|&sizes| config(sizes)) {
        expect_plan(&config, &(answers.plan)(&config), &wanted(&config))?;
    }
    Ok(())
}

pub fn parts_come_in_order(answers: &Answers) -> Outcome {
    expect_plans(answers, &[[1, 1, 4, 8, 4, 4], [3, 1, 8, 12, 16, 20], [12, 1, 64, 128, 9, 60]])
}

pub fn workgroups_cover_what_there_is(answers: &Answers) -> Outcome {
    expect_plans(
        answers,
        &[
            [1, 8, 128, 512, 9, 512],
            [2, 3, 255, 257, 9, 65],
            [1, 2, 256, 256, 9, 64],
            [1, 7, 259, 260, 9, 129],
            [2, 5, 85, 1024, 9, 1],
            [1, 4, 344, 1025, 9, 63],
            [1, 1, 2, 1, 9, 191],
            [1, 200, 400, 9, 9, 70_001],
        ],
    )?;
    let config = Config::gpt2(2, 12, 768);
    expect_plan(&config, &(answers.plan)(&config), &wanted(&config))
}

pub fn plans_agree(answers: &Answers) -> Outcome {
    Differential::cases(500).run(configs(), |config| {
        // A list of billions of blocks is nobody's plan.
        let config = Config { n_layer: config.n_layer % 97 * 13 % 97 + 1, ..config.clone() };
        expect_plan(&config, &(answers.plan)(&config), &(SOLUTION.plan)(&config))
    })
}
