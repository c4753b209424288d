//! Fine-tunes all of Buddy, which a page has no time for, and keeps what came out in `kept/`. With the
//! argument `ranks`, only the trainings of the ranks; with `texts`, only the texts of the page.

use std::fmt::Write as _;
use std::path::Path;

use lora::{Lora, SOLUTION, Settings};
use lora_demos::kept::{FULL_PEAK, MOST, STEPS, TAKEN_APART, TIMES, places};
use lora_demos::texts::{self, TEXTS};
use lora_demos::tuning::{LOOKS, Learns, Run};
use pocket_buddy::PocketBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Drawn starts of each rank.
const SEEDS: u64 = 4;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept");
    let buddy = PocketBuddy::kept()?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models").join(TEXTS);
    std::fs::create_dir_all(file.parent().ok_or("models/ has no such folder")?)?;
    std::fs::write(&file, texts::written(&texts::drawn(&buddy, TIMES * STEPS)?))?;
    if std::env::args().any(|argument| argument == "texts") {
        return Ok(());
    }
    let (mut curves, mut shares) = (String::new(), String::new());
    let only_ranks = std::env::args().any(|argument| argument == "ranks");
    let times = if only_ranks { 0 } else { TIMES };
    for steps in (1..=times).map(|times| times * STEPS) {
        let task = texts::drawn(&buddy, steps)?;
        let mut run = Run::new(buddy.model.clone(), Learns::Everything, steps, FULL_PEAK);
        for at in 0..=LOOKS {
            let look = run.look(&task);
            writeln!(curves, "{steps},{},{:.4},{}", look.step, look.loss, look.right)?;
            eprintln!("{steps} {} {:.4} {}", look.step, look.loss, look.right);
            if at < LOOKS {
                (0..steps / LOOKS).for_each(|_| {
                    run.step(&task);
                });
            }
        }
        if steps != TAKEN_APART {
            continue;
        }
        for place in places() {
            let range = buddy.model.weight_range(place);
            let [before, after] =
                [&buddy.model, &run.model].map(|of| &of.parameters[range.clone()]);
            let change: Vec<f64> =
                before.iter().zip(after).map(|(&a, &b)| f64::from(b) - f64::from(a)).collect();
            let before: Vec<f64> = before.iter().map(|&w| f64::from(w)).collect();
            let [inputs, outputs] = place.layer.sizes(buddy.model.sizes.n_embd);
            for (what, matrix) in [("weight", before), ("change", change)] {
                let values = singular_values(&matrix, inputs, outputs);
                let all: f64 = values.iter().map(|value| value * value).sum();
                let held = values[..MOST].iter().scan(0.0, |sum, value| {
                    *sum += value * value / all;
                    Some(format!("{:.0}", 1000.0 * *sum))
                });
                writeln!(shares, "{what} {},{}", place.name(), held.collect::<Vec<_>>().join(","))?;
            }
        }
    }
    let mut ranks = String::new();
    let task = texts::drawn(&buddy, 80)?;
    for rank in [1, 2, 4, 8, 16, 32] {
        let (mut loss, mut right) = (0.0, 0.0);
        for seed in 1..=SEEDS {
            let settings = Settings { rank, alpha: 2.0 * rank as f64, ..Settings::default() };
            let rng = &mut StdRng::seed_from_u64(seed);
            let lora = Lora::new(SOLUTION, buddy.model.sizes, settings, rng)?;
            let mut run = Run::new(buddy.model.clone(), Learns::Lora(lora), 80, 0.01);
            (0..80).for_each(|_| {
                run.step(&task);
            });
            let look = run.look(&task);
            loss += look.loss / SEEDS as f64;
            right += look.right as f64 / SEEDS as f64;
        }
        writeln!(ranks, "{rank},{loss:.4},{right}")?;
        eprintln!("rank {rank} {loss:.4} {right}");
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("ranks.csv"), ranks)?;
    if !only_ranks {
        std::fs::write(folder.join("full.csv"), curves)?;
        std::fs::write(folder.join("held.csv"), shares)?;
    }
    Ok(())
}

/// The roots of the eigenvalues of `M Mᵀ` or `Mᵀ M`, whichever is smaller, by Jacobi's rotations.
fn singular_values(matrix: &[f64], rows: usize, cols: usize) -> Vec<f64> {
    let n = rows.min(cols);
    let other = rows.max(cols);
    let at =
        |i: usize, k: usize| if rows <= cols { matrix[i * cols + k] } else { matrix[k * cols + i] };
    let entry = |i: usize, j: usize| (0..other).map(|k| at(i, k) * at(j, k)).sum::<f64>();
    let row = |i: usize| (0..n).map(|j| entry(i, j)).collect::<Vec<f64>>();
    let mut gram: Vec<Vec<f64>> = (0..n).map(row).collect();
    for _ in 0..12 {
        for p in 0..n {
            for q in p + 1..n {
                if gram[p][q].abs() < 1e-300 {
                    continue;
                }
                let theta = (gram[q][q] - gram[p][p]) / (2.0 * gram[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut gram {
                    let (a, b) = (row[p], row[q]);
                    (row[p], row[q]) = (c * a - s * b, s * a + c * b);
                }
                let (first, second) = gram.split_at_mut(q);
                for (a, b) in first[p].iter_mut().zip(&mut second[0]) {
                    (*a, *b) = (c * *a - s * *b, s * *a + c * *b);
                }
            }
        }
    }
    let mut values: Vec<f64> = (0..n).map(|i| gram[i][i].max(0.0).sqrt()).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}
