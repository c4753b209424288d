//! T5's buckets of distance: which one is whose.

use demo::control::{Number, Slider, Toggle, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use t5_and_bart::Answers;

/// So many tokens fit on a phone.
const TOKENS: usize = 12;
const BOTH: Toggle = Toggle::new("both", "Buckets for both sides, as in the encoder", true);
const BUCKETS: Number = Number::new("buckets", "Buckets, num_buckets", 32.0, [2.0, 64.0], 1.0);
const FAR: Number = Number::new("far", "Largest distance, max_distance", 128.0, [2.0, 1000.0], 1.0);
const PLACE: Slider = Slider::new("place", "Place of a key", -20.0, [-150.0, 150.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "position-bias",
        title: "Buckets of distance",
        lesson: "t5-and-bart",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![PLACE.control(), BOTH.control(), BUCKETS.control(), FAR.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (both, buckets) = (cx.get(&BOTH)?, cx.get(&BUCKETS)? as usize);
    let (far, place) = (cx.get(&FAR)? as usize, cx.get(&PLACE)? as i64);
    let bucket = |place: i64| (answers.t5_bucket)(place, both, buckets, far);
    let its = bucket(place).map_err(|error| DemoError::input(BUCKETS.name, error.to_string()))?;

    let end = far as i64 + 1;
    let side = |sign: i64, nearest: i64| -> Result<Vec<(usize, i64, i64)>, DemoError> {
        let mut runs: Vec<(usize, i64, i64)> = Vec::new();
        for distance in nearest..=end {
            let bucket = bucket(sign * distance)?;
            match runs.last_mut() {
                Some((last, _, to)) if *last == bucket => *to = distance,
                _ => runs.push((bucket, distance, distance)),
            }
        }
        Ok(runs)
    };
    let (before, after) = (side(-1, 0)?, side(1, 1)?);
    let said = |&(_, from, to): &(usize, i64, i64)| match (from, to) {
        (from, to) if to == end => format!("{from} and more"),
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from} to {to}"),
    };
    let mut rows = Vec::new();
    for (name, runs) in [("before", &before), ("after", &after)] {
        for run in runs {
            let it = format!("{}{}", run.0, if run.0 == its { " ◂" } else { "" });
            rows.push(vec![Cell::from(it), Cell::from(said(run)), Cell::from(name)]);
        }
    }
    let mut values = Vec::new();
    for i in 0..TOKENS as i64 {
        for j in 0..TOKENS as i64 {
            values.push(bucket(j - i)? as f64);
        }
    }
    let names = |count: usize| (1..=count).map(|n| n.to_string()).collect::<Vec<_>>();
    let runs = if place > 0 { &after } else { &before };
    let shared = runs.iter().find(|run| run.0 == its).map(said).unwrap_or_default();
    let side = if place > 0 { "after" } else { "before" };
    let together = if place > 0 && !both {
        "It shares it with all that comes later".to_owned()
    } else {
        format!("Its bucket holds the distances {shared}")
    };
    cx.show(
        format!(
            "A key {} {side} the query is in bucket {its} of {buckets}. {together}.",
            counted(place.unsigned_abs() as usize, "token")
        ),
        &[
            View::Matrix {
                label: format!("The buckets of {TOKENS} tokens: a row a query, a column a key"),
                rows: names(TOKENS),
                columns: names(TOKENS),
                values,
            },
            View::Table {
                label: "All buckets: which distances they hold".into(),
                columns: ["Bucket", "Distances", "Side"].map(String::from).into(),
                rows,
            },
        ],
    );
    Ok(())
}
