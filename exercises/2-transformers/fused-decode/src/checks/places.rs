//! Where tensors lie.

use gpt::Config;
use grading::draw::{self, Strategy};
use grading::{Outcome, agree, differential, expect, expect_error_is, expect_same};

use crate::oracle::{config, places};
use crate::{Answers, FusedError, MOST_BYTES, MOST_EMBD, MOST_INNER, MOST_SCORES, Place, SOLUTION};

fn told(config: &Config) -> String {
    format!(
        "the layout of n_layer {}, n_head {}, n_embd {}, n_inner {}, n_positions {}, vocab_size {}",
        config.n_layer,
        config.n_head,
        config.n_embd,
        config.inner(),
        config.n_positions,
        config.vocab_size
    )
}

fn expect_places(config: &Config, got: &[Place], want: &[Place]) -> Outcome {
    let what = told(config);
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        expect(got == want, || {
            let show = |place: &Place| {
                let Place { name, rows, cols, at } = place;
                format!("{name} ({rows}, {cols}) at four {at}")
            };
            format!("{what}: tensor {i}: expected {}, got {}", show(want), show(got))
        })?;
    }
    expect_same(&format!("{what}: how many tensors"), &got.len(), &want.len())
}

fn expect_layouts(answers: &Answers, sizes: &[[usize; 6]]) -> Outcome {
    for config in sizes.iter().map(|&sizes| config(sizes)) {
        expect_places(&config, &(answers.layout)(&config)?, &places(&config))?;
    }
    Ok(())
}

pub fn tensors_lie_one_behind_the_other(answers: &Answers) -> Outcome {
    expect_layouts(answers, &[[1, 1, 4, 8, 4, 4], [1, 2, 8, 12, 16, 20], [3, 4, 64, 128, 9, 100]])?;
    let config = Config { n_inner: None, ..config([2, 8, 128, 1, 128, 512]) };
    expect_places(&config, &(answers.layout)(&config)?, &places(&config))
}

pub fn each_row_begins_with_a_new_four(answers: &Answers) -> Outcome {
    expect_layouts(
        answers,
        &[[1, 1, 1, 1, 1, 1], [1, 1, 5, 3, 2, 7], [2, 3, 6, 10, 3, 5], [2, 1, 255, 1023, 7, 9]],
    )
}

pub fn what_is_too_wide_is_refused(answers: &Answers) -> Outcome {
    // The limits themselves fit.
    expect_layouts(
        answers,
        &[
            [1, 1, MOST_EMBD, 1, 1, 3],
            [1, 1, 2, MOST_INNER, 1, 3],
            [1, 4, 4, 1, MOST_SCORES / 4, 3],
        ],
    )?;
    let scores = "n_head · n_positions";
    for (sizes, what, size, most) in [
        ([1, 1, 257, 8, 1, 3], "n_embd", 257, MOST_EMBD),
        ([1, 1, 4, 1025, 1, 3], "n_inner", 1025, MOST_INNER),
        ([1, 3, 3, 4, 683, 3], scores, 2049, MOST_SCORES),
        ([1, 1, 300, 2000, 5000, 3], "n_embd", 300, MOST_EMBD),
        ([1, 2, 4, 2000, 5000, 3], "n_inner", 2000, MOST_INNER),
        ([1, 2, 4, 8, usize::MAX, 3], scores, usize::MAX, MOST_SCORES),
        ([1, 1, usize::MAX, 8, 1, 3], "n_embd", usize::MAX, MOST_EMBD),
        ([9, 1, 4, 8, 2049, usize::MAX], scores, 2049, MOST_SCORES),
    ] {
        let config = config(sizes);
        let want = FusedError::TooWide { what, size, most };
        expect_error_is(&told(&config), (answers.layout)(&config), &want)?;
    }
    let wide = Config { n_inner: None, ..config([1, 1, usize::MAX / 2, 1, 1, 1]) };
    let want = FusedError::TooWide { what: "n_embd", size: usize::MAX / 2, most: MOST_EMBD };
    expect_error_is(&told(&wide), (answers.layout)(&wide), &want)
}

/// Bytes of all fours, in closed form.
fn bytes(config: &Config) -> u128 {
    let row = |n: usize| n.div_ceil(4) as u128;
    let (n, inner) = (config.n_embd as u128, config.inner() as u128);
    let (own, wide) = (row(config.n_embd), row(config.inner()));
    let block = 4 * own
        + (n + 1) * row(3 * config.n_embd)
        + (n + 1) * own
        + (n + 1) * wide
        + (inner + 1) * own;
    let tables = (config.vocab_size as u128 + config.n_positions as u128) * own;
    16 * (tables + config.n_layer as u128 * block + 2 * own)
}

pub fn what_no_buffer_holds_is_refused(answers: &Answers) -> Outcome {
    // A buffer that is full to the last four: two rows of 64 fours more are too many.
    let sizes = |vocab_size| config([1, 2, 256, 1024, 1024, vocab_size]);
    let rest = MOST_BYTES - bytes(&sizes(0));
    let most = (rest / (64 * 16)) as usize;
    expect_places(&sizes(most), &(answers.layout)(&sizes(most))?, &places(&sizes(most)))?;
    for config in [
        sizes(most + 1),
        config([1, 1, 1, 1, 1, 1 << 24]),
        config([1, 1, 4, 4, 4, usize::MAX]),
        config([2, 1, 256, 1024, 4, usize::MAX / 3]),
        config([200, 2, 256, 1024, 8, 40]),
        config([usize::MAX, 1, 256, 1024, 8, 40]),
        config([usize::MAX / 2, 1, 3, 5, 8, usize::MAX]),
        Config { n_inner: None, ..config([1_000_000_000, 4, 64, 1, 64, 512]) },
    ] {
        let want = FusedError::TooLarge { bytes: bytes(&config), most: MOST_BYTES };
        expect_error_is(&told(&config), (answers.layout)(&config), &want)?;
    }
    Ok(())
}

/// Configs that mostly fit.
pub fn configs() -> impl Strategy<Value = Config> {
    let heads = (draw::lengths(1..=9), draw::lengths(1..=40));
    let inner = draw::option(draw::lengths(1..=1100));
    let more = (draw::lengths(1..=260), draw::lengths(1..=3000));
    (draw::lengths(1..=5), heads, inner, more, draw::any_u64()).prop_map(
        |(n_layer, (n_head, d), n_inner, (n_positions, vocab_size), huge)| {
            let config = config([n_layer, n_head, n_head * d, 1, n_positions, vocab_size]);
            let config = Config { n_inner, ..config };
            match huge % 16 {
                0 => Config { vocab_size: huge as usize, ..config },
                1 => Config { n_layer: (huge as usize).max(1 << 25), ..config },
                _ => config,
            }
        },
    )
}

pub fn layouts_agree(answers: &Answers) -> Outcome {
    differential(configs(), |config| {
        agree("layout", (answers.layout)(config), (SOLUTION.layout)(config), |got, want| {
            expect_places(config, got, want)
        })
    })
}
