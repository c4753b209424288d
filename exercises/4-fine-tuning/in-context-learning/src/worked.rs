//! The numbers of the page.

use grading::numbers::{percent, short};
use grading::{Outcome, Worked};

use crate::Normalize;
use crate::measured::{all, measured};
use crate::solution::{calibrate, choice_scores};

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
    for row in all()? {
        worked.set(&format!("{}-{}", row.task, row.shots), percent(row.share(), 0));
        let calibrated = row.calibrated as f64 / row.queries as f64;
        worked.set(&format!("{}-{}-calibrated", row.task, row.shots), percent(calibrated, 0));
        if row.shots == 0 {
            worked.set(&format!("{}-chance", row.task), percent(row.chance, 0));
        }
    }
    let one = measured("put-away", 1)?;
    worked.set("queries", one.queries);
    // Two standard deviations of a fair coin.
    worked.set("wander", percent(2.0 * (0.25 / one.queries as f64).sqrt(), 0));
    worked.set("copied", percent(one.copied as f64 / one.queries as f64, 0));
    let mood = measured("mood", 0)?;
    worked.set("mood-favorite", percent(mood.favorite as f64 / mood.queries as f64, 0));
    worked.set("mood-shown", short(measured("mood", 8)?.shown, 1));

    // Two choices by hand: of one token, and of three.
    let choices = ["no", "of course not"].map(String::from);
    let log_probs = [vec![0.2_f64.ln()], vec![0.3_f64.ln(), 0.5_f64.ln(), 0.6_f64.ln()]];
    for (name, normalize) in
        [("sum", Normalize::None), ("token", Normalize::Tokens), ("byte", Normalize::Bytes)]
    {
        let scores = choice_scores(&log_probs, &choices, normalize)?;
        worked.set(&format!("short-{name}"), short(scores[0], 2));
        worked.set(&format!("long-{name}"), short(scores[1], 2));
    }
    let logs = |p: [f64; 2]| p.map(f64::ln).to_vec();
    let q = calibrate(&logs([0.7, 0.3]), &[logs([0.9, 0.1])])?;
    worked.set("q-good", short(q[0], 2)).set("q-bad", short(q[1], 2));
    worked.set("ratio-good", short(0.7 / 0.9, 2)).set("ratio-bad", short(0.3 / 0.1, 2));
    Ok(())
}
