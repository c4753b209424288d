//! What is drawn of machines: who works when, and who holds what.

use demo::figure::{Anchor, Cells, Drawing, Ink, WIDTH};
use grading::numbers::counted;
use many_machines::{Job, Span};

const LEFT: f64 = 50.0;
const HEIGHT: f64 = 24.0;
const STEP: f64 = 28.0;

/// Rows of stages by time: forward and backward in two colors, and frames where a stage waits.
pub fn timeline(rows: &[Vec<Span>]) -> Drawing {
    let mut drawing = Drawing::new(STEP * rows.len() as f64 + 40.0);
    let mut x = LEFT;
    for (name, ink, width) in
        [("forward", Some(0), 60.0), ("backward", Some(1), 68.0), ("waits", None, 60.0)]
    {
        let (from, to) = ((x, 4.0), (x + 14.0, 14.0));
        match ink {
            Some(ink) => drawing.filled(from, to, Ink::Curve(ink)),
            None => drawing.boxed(from, to, 1.5, Ink::Wrong),
        };
        drawing.text((x + 19.0, 13.0), Anchor::Start, name, Ink::Plain);
        x += width + 14.0;
    }
    let most = rows.iter().map(Vec::len).max().unwrap_or(0) / 2;
    let digits = if most > 10 { 2.0 } else { 1.0 };
    let end = rows.iter().flatten().map(|span| span.end).max().unwrap_or(0);
    let at = |time: u64| LEFT + (WIDTH - LEFT - 2.0) * time as f64 / end.max(1) as f64;
    for (stage, spans) in rows.iter().enumerate() {
        let y = 22.0 + STEP * stage as f64;
        let name = format!("stage {stage}");
        drawing.text((LEFT - 6.0, y + 16.0), Anchor::End, &name, Ink::Quiet);
        let mut before = 0;
        for span in spans {
            wait(&mut drawing, (at(before), at(span.start)), y);
            before = span.end;
            let (x, right) = (at(span.start) + 0.5, at(span.end) - 0.5);
            let (ink, i) = match span.job {
                Job::Forward(i) => (Ink::Curve(0), i),
                Job::Backward(i) => (Ink::Curve(1), i),
            };
            // Numbers need room, and without it a job is all color.
            let text = i.to_string();
            if right - x < 7.0 * digits {
                drawing.filled((x, y), (right, y + HEIGHT), ink);
            } else {
                drawing.boxed((x, y), (right, y + HEIGHT), 1.5, Ink::Quiet);
                drawing.filled((x, y + HEIGHT - 6.0), (right, y + HEIGHT), ink);
                drawing.text(((x + right) / 2.0, y + 13.0), Anchor::Middle, &text, Ink::Plain);
            }
        }
        wait(&mut drawing, (at(before), at(end)), y);
    }
    let y = 22.0 + STEP * rows.len() as f64 + 11.0;
    drawing.text((LEFT, y), Anchor::Start, "0", Ink::Quiet);
    let units = counted(end as usize, "unit");
    drawing.text((WIDTH, y), Anchor::End, &format!("{units} of time"), Ink::Quiet);
    drawing
}

fn wait(drawing: &mut Drawing, (from, to): (f64, f64), y: f64) {
    if to > from {
        drawing.boxed((from + 0.5, y), (to - 0.5, y + HEIGHT), 1.5, Ink::Wrong);
    }
}

/// The same in words.
pub fn told(rows: &[Vec<Span>]) -> String {
    let job = |span: &Span| match span.job {
        Job::Forward(i) => format!("forward {i} at {}", span.start),
        Job::Backward(i) => format!("backward {i} at {}", span.start),
    };
    let row = |(stage, spans): (usize, &Vec<Span>)| {
        let jobs: Vec<String> = spans.iter().map(job).collect();
        format!(
            "stage {stage}: {}",
            if jobs.is_empty() { "nothing".into() } else { jobs.join(", ") }
        )
    };
    rows.iter().enumerate().map(row).collect::<Vec<_>>().join("; ")
}

/// What ranks hold: what came last is marked, what is not the whole sum yet is quiet.
pub fn ranks(now: &[Vec<f64>], before: &[Vec<f64>], sum: &[f64]) -> Cells {
    let mut cells = Cells::new();
    for (rank, numbers) in now.iter().enumerate() {
        let texts: Vec<(String, Ink)> = numbers
            .iter()
            .enumerate()
            .map(|(i, x)| {
                let ink = match () {
                    () if before[rank][i] != *x => Ink::Marked,
                    () if sum[i] == *x => Ink::Plain,
                    () => Ink::Quiet,
                };
                (x.to_string(), ink)
            })
            .collect();
        let texts = texts.iter().map(|(text, ink)| (text.as_str(), *ink));
        cells = cells.row(&format!("rank {rank}"), texts);
    }
    cells
}

/// The same in words.
pub fn ranks_told(now: &[Vec<f64>]) -> String {
    let row = |(rank, numbers): (usize, &Vec<f64>)| {
        let numbers: Vec<String> = numbers.iter().map(f64::to_string).collect();
        format!("rank {rank}: {}", numbers.join(", "))
    };
    now.iter().enumerate().map(row).collect::<Vec<_>>().join("; ")
}

/// Number `i` of a rank; each rank has a digit of its own, so a sum shows whose numbers are in it.
pub fn number(rank: usize, i: usize) -> f64 {
    (i + 1) as f64 * 10_f64.powi(rank as i32)
}
