//! The numbers of the page.

use grading::numbers::{count, short};
use grading::{Outcome, Worked};

use crate::example::{HEAD, TILE, after};
use crate::solution::{flash_bytes, merge, unfused_bytes};
use crate::{BLOCK, KEYS, MOST_TOKENS, MOST_WIDTH, Shape, Tile, WIDEST};

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
    let number = |x: f32| short(f64::from(x), 3);
    let (a, b) = (after(0..2)?, after(2..4)?);
    let whole = merge(&a, &b)?;
    worked.set("a-m", short(f64::from(a.m), 0));
    worked.set("a-l", number(a.l));
    worked.set("a-o", number(a.o[0]));
    worked.set("b-m", short(f64::from(b.m), 0));
    worked.set("shrink", number((a.m - b.m).exp()));
    worked.set("result", number(whole.o[0] / whole.l));

    let mib = |bytes: u64| short(bytes as f64 / f64::from(1 << 20), 2);
    let (unfused, flash) = (unfused_bytes(HEAD)?, flash_bytes(HEAD, TILE, false)?);
    worked.set("tokens", count(HEAD.t_q as u64));
    worked.set("width", HEAD.d);
    worked.set("scores", count((HEAD.t_q * HEAD.t_k) as u64));
    worked.set("scores-mib", mib(4 * (HEAD.t_q * HEAD.t_k) as u64));
    worked.set("result-kib", 4 * HEAD.t_q * HEAD.d_v / 1024);
    worked.set("unfused-mib", mib(unfused));
    worked.set("flash-mib", mib(flash));
    let causal = flash_bytes(HEAD, TILE, true)?;
    worked.set("causal-mib", mib(causal));
    let wider = flash_bytes(HEAD, Tile { queries: 2 * BLOCK, ..TILE }, false)?;
    worked.set("wider-mib", mib(wider));
    let one = flash_bytes(HEAD, Tile { queries: 1, ..TILE }, false)?;
    worked.set("one-mib", mib(one));
    worked.set("one-times", short(one as f64 / unfused as f64, 1));
    // The kernel of attention reads the keys once more.
    worked.set("twice-mib", mib(one + 4 * (HEAD.t_q * HEAD.t_k * HEAD.d) as u64));
    // Two products, of queries and keys, and of weights and values.
    let flops = (2 * HEAD.t_q * HEAD.t_k * (HEAD.d + HEAD.d_v)) as f64;
    worked.set("gflops", short(flops / 1e9, 2));
    worked.set("unfused-intensity", short(flops / unfused as f64, 0));
    worked.set("flash-intensity", short(flops / flash as f64, 0));

    // A long text.
    let long = Shape::square(16_384, 128);
    worked.set("long", count(long.t_q as u64));
    let gib = |bytes: u64| short(bytes as f64 / f64::from(1 << 30), 2);
    worked.set("long-scores-gib", gib(4 * (long.t_q * long.t_k) as u64));

    worked.set("widest", WIDEST).set("most-tokens", count(MOST_TOKENS as u64));
    worked.set("block", BLOCK).set("keys", KEYS).set("most-width", MOST_WIDTH);
    worked.set("tile-kib", 2 * KEYS * MOST_WIDTH * 4 / 1024);
    Ok(())
}
