//! Numbers for the page, from the kept runs.

use failed_runs::{Kept, Point};
use grading::Worked;
use grading::numbers::{count, settled, short};

/// A run, and what its numbers are called on the page.
const NAMED: [(&str, &str); 16] = [
    ("healthy", "healthy"),
    ("rate x10", "rate-10"),
    ("rate x30", "rate-30"),
    ("rate x100", "rate-100"),
    ("rate /30", "rate-low"),
    ("cold", "cold"),
    ("cold x10", "cold-10"),
    ("warm x10, free", "free-warm"),
    ("cold x10, free", "free-cold"),
    ("sorted", "sorted"),
    ("copies", "copies"),
    ("no copies", "deduplicated"),
    ("no end", "no-end"),
    ("no shift", "no-shift"),
    ("one batch", "one-batch"),
    ("one batch, rate x30", "one-batch-30"),
];

/// Of each run the losses at its end, the mean over its seeds; and what was measured besides.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // Without the file no name is set, and the page that asks for one is refused.
    let Ok(kept) = Kept::read() else { return worked };
    for (name, called) in NAMED {
        worked.set(&format!("{called}-training"), two(kept.mean(name, |last| last.1)));
        worked.set(&format!("{called}-held-out"), two(kept.mean(name, |last| last.2)));
        let (least, most) = kept.range(name, |last| last.2);
        worked.set(&format!("{called}-least"), two(least));
        worked.set(&format!("{called}-most"), two(most));
        worked.set(&format!("{called}-largest"), short(largest_norm(&kept, name), 1));
        for run in kept.named(name) {
            worked.set(&format!("{called}-{}", run.seed), two(run.last().2));
        }
    }
    let runs = kept.runs.iter().filter(|run| run.diverged.is_some()).count();
    worked.set("runs", kept.runs.len()).set("diverged", runs);
    let setting = |name: &str| kept.settings.get(name).copied().unwrap_or(f64::NAN);
    for name in ["layers", "width", "context", "vocabulary", "parameters", "batch", "steps"] {
        worked.set(name, count(setting(name) as u64));
    }
    worked.set("warmup", setting("warmup")).set("peak", setting("peak"));
    worked.set("counted", two(setting("unigram_loss")));
    worked.set("blind", two(setting("vocabulary").ln()));
    worked.set("stories", count(setting("stories") as u64));
    let number = |name: &str| kept.numbers.get(name).copied().unwrap_or(f64::NAN);
    for name in ["documents", "left", "repeated"] {
        let called = format!("copies-{name}");
        worked.set(&called, count(number(&format!("copies, {name}")) as u64));
    }
    for (name, called) in [
        ("copies, own split", "copies-split"),
        ("copies, new stories", "copies-new"),
        ("no shift, judged rightly", "no-shift-judged"),
        ("no end, first tokens", "no-end-first"),
        ("no end, later tokens", "no-end-later"),
        ("healthy, first tokens", "healthy-first"),
        ("healthy, later tokens", "healthy-later"),
        ("healthy, first kind", "healthy-kind-first"),
        ("healthy, last kind", "healthy-kind-last"),
        ("sorted, first kind", "sorted-kind-first"),
        ("sorted, last kind", "sorted-kind-last"),
    ] {
        worked.set(called, two(number(name)));
    }
    for name in ["healthy", "no end"] {
        let called = format!("{}-ends", name.replace(' ', "-"));
        worked.set(&called, number(&format!("{name}, samples that end")));
    }
    worked.set("story-tokens", count(number("tokens a story") as u64));
    for name in ["copies", "healthy"] {
        let gap = kept.mean(name, |last| last.2 - last.1);
        worked.set(&format!("{name}-gap"), two(gap));
    }
    let (least, most) = kept.range("healthy", |last| last.2);
    worked.set("healthy-spread", two(most - least));
    let [worse, pairs] = cold_and_warm(&kept);
    worked.set("cold-worse", worse).set("cold-pairs", pairs);
    if let Some(run) = kept.named("copies").next() {
        let Point(step, training, held_out, _) = run.points[run.points.len() / 2];
        let last = run.last();
        worked.set("middle", step);
        worked.set("copies-training-gain", two(training - last.1));
        worked.set("copies-held-out-gain", two(held_out - last.2));
    }
    worked
        .set("one-batch-steps", kept.named("one batch").map(|run| run.last().0).max().unwrap_or(0));
    let heart = kept.mean("one batch, rate x30", |last| last.1);
    worked.set("one-batch-learned", short(heart, 3));
    worked.set("held-out-stories", setting("held_out_stories"));
    if let Some(run) = kept.named("no shift").next() {
        let below = run.points.iter().find(|point| point.1 < 0.1);
        worked.set("no-shift-step", below.map_or(0, |point| point.0));
        worked.set("no-shift-first", two(run.points[0].1));
    }
    if let Some(run) = kept.named("healthy").next() {
        worked.set("healthy-start", two(run.points[0].1));
    }
    let sample = |name: &str| kept.samples.get(name).map_or("", String::as_str);
    worked.set("no-shift-repeats", sample("no shift").matches('¶').count());
    worked.set("first-kind", sample("first kind")).set("last-kind", sample("last kind"));
    worked
}

/// A loss with two digits, also where they are zeros: columns are easier to compare.
fn two(x: f64) -> String {
    format!("{:.2}", settled(x))
}

/// The largest norm that any of these runs met.
fn largest_norm(kept: &Kept, name: &str) -> f64 {
    let points = kept.named(name).flat_map(|run| &run.points);
    points.map(|point| point.3).fold(0.0, f64::max)
}

/// In how many pairs of the same seed the run without a warm-up ends worse, and how many there are.
fn cold_and_warm(kept: &Kept) -> [usize; 2] {
    let mut counts = [0, 0];
    for (warm, cold) in
        [("healthy", "cold"), ("rate x10", "cold x10"), ("warm x10, free", "cold x10, free")]
    {
        for run in kept.named(cold) {
            let same_seed = kept.named(warm).find(|other| other.seed == run.seed);
            let is_worse = same_seed.is_some_and(|other| run.last().2 > other.last().2);
            counts[0] += usize::from(is_worse);
            counts[1] += 1;
        }
    }
    counts
}
