//! The numbers of the page.

use gpt::Config;
use grading::numbers::{count, short};
use grading::{Outcome, Worked};

use crate::cost::{H100, seconds, step_bytes};
use crate::example::rounded_f16;
use crate::solution::{layout, pack_f16, plan};
use crate::{FusedError, MOST_BYTES, MOST_EMBD, MOST_INNER, MOST_SCORES, Precision};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let whole = |n: usize| count(n as u64);
    let buddy = gpt::buddy();
    let launches = |config: &Config| plan(config).len();
    worked.set("blocks", buddy.n_layer);
    worked.set("width", buddy.n_embd);
    worked.set("launches", launches(&buddy));
    let one_more = Config { n_layer: buddy.n_layer + 1, ..buddy.clone() };
    let a_block = launches(&one_more) - launches(&buddy);
    worked.set("a-block", a_block);
    worked.set("outside", launches(&buddy) - a_block * buddy.n_layer);
    let small = Config::gpt2(12, 12, 768);
    worked.set("small-launches", launches(&small));

    worked.set("most-embd", MOST_EMBD);
    worked.set("most-inner", whole(MOST_INNER));
    worked.set("most-scores", whole(MOST_SCORES));
    worked.set("room", whole(4 * (MOST_EMBD + MOST_INNER + MOST_SCORES)));
    worked.set("most-mib", MOST_BYTES >> 20);
    let scores = buddy.n_head * buddy.n_positions;
    worked.set("scores", whole(scores));
    let error = layout(&small).expect_err("GPT-2 small is too wide");
    worked.set("refused", &error);
    assert!(matches!(error, FusedError::TooWide { .. }), "{error}");

    // The example: a table of three tokens, five numbers each.
    let example = Config { vocab_size: 3, n_embd: 5, n_head: 1, n_inner: Some(1), ..buddy.clone() };
    let places = layout(&example)?;
    worked.set("row-fours", places[1].at / 3);
    worked.set("table-fours", places[1].at);

    worked.set("word", format!("{:#010x}", pack_f16(&[1.0, -2.0])[0]));
    for (name, x) in [("tie", 2049.0), ("next-tie", 2051.0), ("third", 1.0 / 3.0)] {
        worked.set(name, count_or_short(x));
        worked.set(&format!("{name}-half"), count_or_short(rounded_f16(x)));
    }

    let bytes = [Precision::F32, Precision::F16].map(|precision| step_bytes(&buddy, precision, 0));
    let megabytes = |bytes: f64| short(bytes / 1e6, 1);
    worked.set("bytes", megabytes(bytes[0])).set("half-bytes", megabytes(bytes[1]));
    let [one, many] = seconds(&H100, bytes[0], launches(&buddy)).map(|s| short(1e6 * s, 0));
    worked.set("one-us", one).set("many-us", many);
    worked.set("half-us", short(1e6 * seconds(&H100, bytes[1], launches(&buddy))[0], 0));
    worked.set("launch-us", short(1e6 * H100.launch, 1));
    worked.set("units", H100.units);
    let narrow = Config { n_embd: 32, n_head: 4, ..buddy.clone() };
    let bytes = step_bytes(&narrow, Precision::F32, 0);
    let [one, many] = seconds(&H100, bytes, launches(&narrow)).map(|s| short(1e6 * s, 0));
    worked.set("narrow", narrow.n_embd).set("narrow-one-us", one).set("narrow-many-us", many);
    Ok(())
}

fn count_or_short(x: f64) -> String {
    if x >= 1000.0 { count(x as u64) } else { short(x, 6) }
}
