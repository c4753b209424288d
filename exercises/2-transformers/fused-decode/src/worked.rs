//! The numbers of the page.

use gpt::Config;
use grading::numbers::{count, short};
use grading::{Outcome, Worked};

use crate::cost::{H100, seconds, step_bytes};
use crate::example::{Reader, rounded_f16};
use crate::solution::{layout, pack_f16, plan};
use crate::{FusedError, MOST_BYTES, MOST_EMBD, MOST_INNER, MOST_SCORES, Model, Precision};

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
    for (name, x) in [("tie", 2049.0), ("next-tie", 2051.0)] {
        worked.set(name, count(x as u64));
        worked.set(&format!("{name}-half"), count(rounded_f16(x) as u64));
    }
    worked.set("third-half", short(rounded_f16(1.0 / 3.0), 6));

    let bytes = [Precision::F32, Precision::F16].map(|precision| step_bytes(&buddy, precision, 0));
    let megabytes = |bytes: f64| short(bytes / 1e6, 1);
    let full = step_bytes(&buddy, Precision::F32, buddy.n_positions - 1);
    worked.set("cache-mb", megabytes(full - bytes[0]));
    worked.set("bytes", megabytes(bytes[0])).set("half-bytes", megabytes(bytes[1]));
    let [one, many] = seconds(&H100, bytes[0], launches(&buddy)).map(|s| short(1e6 * s, 0));
    worked.set("one-us", one).set("many-us", many);
    worked.set("half-us", short(1e6 * seconds(&H100, bytes[1], launches(&buddy))[0], 0));
    worked.set("launch-us", short(1e6 * H100.launch, 1));
    worked.set("units", H100.units).set("terabytes", short(H100.bandwidth / 1e12, 2));
    // Where both ways take the same time: a unit's reading costs what the launches do.
    let saved = launches(&buddy) - 1;
    let even = saved as f64 * H100.launch * H100.bandwidth / (H100.units - 1.0);
    worked.set("saved", saved).set("even-mb", megabytes(even));
    let widest = |precision: Precision| {
        let buddies = (8..=MOST_EMBD).step_by(8).map(|n_embd| Config { n_embd, ..gpt::buddy() });
        let pays = |config: &Config| {
            let [one, many] = seconds(&H100, step_bytes(config, precision, 0), launches(config));
            one < many
        };
        buddies.filter(pays).map(|config| config.n_embd).max().unwrap_or(0)
    };
    worked.set("pays", widest(Precision::F32)).set("half-pays", widest(Precision::F16));
    let narrow = Config { n_embd: 32, ..buddy.clone() };
    let bytes = step_bytes(&narrow, Precision::F32, 0);
    let [one, many] = seconds(&H100, bytes, launches(&narrow)).map(|s| short(1e6 * s, 0));
    worked.set("narrow", narrow.n_embd).set("narrow-one-us", one).set("narrow-many-us", many);

    // The highest logit that the demo shows before anybody changes anything.
    let model = Model::drawn(narrow, 0.2, 3);
    for (name, precision) in [("logit", Precision::F32), ("logit-half", Precision::F16)] {
        let mut reader = Reader::new(&model, precision);
        let read = (0..64).map(|i| reader.step(i * 37 % model.config.vocab_size, i));
        let logits = read.last().unwrap_or_default();
        worked.set(name, short(logits.into_iter().fold(f64::NEG_INFINITY, f64::max), 4));
    }
    Ok(())
}
