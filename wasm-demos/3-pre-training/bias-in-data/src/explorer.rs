//! A town with more or less prejudice, two models that learn from its texts, and two remedies.

use bias_in_data::town::{BALANCED, Measured, Remedy, SEED, Trained, measure, pairs, town};
use bias_in_data::{Answers, Interval};
use demo::control::{Choice, Slider, Text, Typed};
use demo::figure::Plot;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{percent, short};

const BIAS: Slider = Slider::new("bias", "Bias in the texts, %", 60.0, [0.0, 100.0], 5.0);
const REMEDY: Choice = Choice::new(
    "remedy",
    "Remedy before training",
    &[("none", "None"), ("balanced", "Balanced"), ("twins", "Counterfactual")],
);
const TEXT: Text = Text::new("text", "A text of yours", "Ruby liked the dinner at the inn.", 500);

/// Bars of the histogram.
const BINS: usize = 25;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "bias-explorer",
        title: "A prejudice, measured and treated",
        lesson: "bias-in-data",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![BIAS.control(), REMEDY.control(), TEXT.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let bias = cx.get(&BIAS)? as u32;
    let remedy = match cx.get(&REMEDY)? {
        "balanced" => BALANCED,
        "twins" => Remedy::Counterfactual,
        _ => Remedy::None,
    };
    let text = cx.get(&TEXT)?;
    let world = town(SEED, bias);
    let pairs = pairs(&world);
    let refused = |name: &'static str| {
        move |e: bias_in_data::BiasError| DemoError::input(name, e.to_string())
    };
    let trained = Trained::new(&answers, world, remedy).map_err(|e| {
        DemoError::input(REMEDY.name, format!("{e} (group 0 is the hill, and label 0 is bad)"))
    })?;
    let measured = measure(&answers, &trained).map_err(refused(BIAS.name))?;
    let twin = (answers.counterfactual)(&text, &pairs).map_err(refused(TEXT.name))?;
    let scores = [&text, &twin].map(|text| percent(trained.score(text), 1));
    let row = |name: &str, text: &String, score: &String| {
        vec![name.into(), Cell::Text(text.clone()), Cell::Number(score.clone())]
    };
    let sentence = View::Table {
        label: "What the classifier makes of your text".into(),
        columns: vec!["".into(), "Text".into(), "Good".into()],
        rows: vec![row("yours", &text, &scores[0]), row("its twin", &twin, &scores[1])],
    };
    let names = pairs.iter().map(|(hill, shore)| format!("{hill} – {shore}")).collect::<Vec<_>>();
    let names = format!("Pairs, the hill first: {}.", names.join(", "));
    let summary = verdict(&measured);
    cx.show(summary, &[histogram(&measured), facts(&measured), sentence, View::Prose(vec![names])]);
    Ok(())
}

fn verdict(measured: &Measured) -> String {
    let gap = 100.0 * measured.twins.mean;
    let size = 100.0 * measured.twins.mean_size;
    let chance = match measured.names_p {
        p if p < 0.01 => "chance alone hardly ever does that",
        p if p < 0.05 => "chance alone seldom does that",
        _ => "chance alone often does that",
    };
    format!(
        "Names of the hill are nearer to good words by {} standard deviations, p = {}: {chance}. The \
         classifier rates the version for the hill {} points higher than its twin; the size of the \
         gap is {} on average.",
        short(measured.names.effect_size, 2),
        short(measured.names_p, 4),
        short(gap, 1),
        short(size, 1),
    )
}

/// The statistic of each equal split of the scores.
fn statistics(x: &[f64], y: &[f64]) -> Vec<f64> {
    let pool = [x, y].concat();
    let all: f64 = pool.iter().sum();
    let halves = (0..1_u32 << pool.len()).filter(|m| m.count_ones() as usize == x.len());
    let sum =
        |m: u32| -> f64 { (0..pool.len()).filter(|i| m >> i & 1 == 1).map(|i| pool[i]).sum() };
    halves.map(|m| 2.0 * sum(m) - all).collect()
}

fn histogram(measured: &Measured) -> View {
    let names = &measured.names;
    let statistics = statistics(&names.x_scores, &names.y_scores);
    let most = statistics.iter().fold(names.statistic.abs(), |most, s| most.max(s.abs())).max(0.01);
    let edge = 1.05 * most;
    let width = 2.0 * edge / BINS as f64;
    let mut counts = [0_usize; BINS];
    for s in &statistics {
        // A hair to the left, so that rounding moves nobody across an edge.
        counts[(((s + edge) / width - 1e-9) as usize).min(BINS - 1)] += 1;
    }
    let highest = counts.iter().copied().max().unwrap_or(1) as f64;
    let left = |bin: usize| -edge + width * bin as f64;
    let steps = counts.iter().enumerate();
    let steps = steps.flat_map(|(bin, &n)| [(left(bin), n as f64), (left(bin + 1), n as f64)]);
    let plot = Plot::new(("statistic", -edge, edge), ("splits", 0.0, 1.15 * highest))
        .curve("", steps)
        .up(names.statistic, "observed");
    let text = format!(
        "A histogram of the statistics of all {} splits, highest in the middle and falling to both \
         sides, from {} to {}. The observed one is {}; {} of the splits are as large.",
        grading::numbers::count(statistics.len() as u64),
        short(-most, 2),
        short(most, 2),
        short(names.statistic, 2),
        percent(measured.names_p, 2),
    );
    View::drawing("Names in the vectors: what chance does, and what was observed", text, plot)
}

fn facts(measured: &Measured) -> View {
    let row = |name: &str, value: String| vec![name.into(), Cell::Number(value)];
    let share = |i: Interval| {
        format!("{} ({} to {})", percent(i.value, 1), percent(i.low, 1), percent(i.high, 1))
    };
    let jobs = measured.jobs.each_ref().map(|jobs| jobs.iter().sum::<f64>() / jobs.len() as f64);
    let points = |x: f64| short(100.0 * x, 1);
    View::Table {
        label: "Measured".into(),
        columns: vec!["What".into(), "How much".into()],
        rows: vec![
            row("texts: good on the hill", share(measured.rates.x)),
            row("texts: good on the shore", share(measured.rates.y)),
            row("vectors: effect size of names", short(measured.names.effect_size, 2)),
            row("vectors: p of names", short(measured.names_p, 4)),
            row("classifier: mean gap of twins, points", points(measured.twins.mean)),
            row("classifier: mean size of a gap", points(measured.twins.mean_size)),
            row("classifier: gap of jobs, points", points(jobs[0] - jobs[1])),
            row("classifier: p of jobs", short(measured.jobs_p, 3)),
            row("classifier: right on fair texts", percent(measured.accuracy, 1)),
        ],
    }
}
