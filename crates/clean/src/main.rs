//! `cargo study clean`.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use clean::{Progress, arguments::Arguments, clean};
use grading::numbers::{count, counted, percent};

/// A line on a terminal changes so often, and a log gets one so often.
const TERMINAL: Duration = Duration::from_millis(100);
const LOG: Duration = Duration::from_secs(15);

fn main() -> ExitCode {
    let options = Arguments::parse().options();
    let (start, is_terminal) = (Instant::now(), std::io::stderr().is_terminal());
    let mut last = start;
    let mut say = |progress: Progress| {
        if last.elapsed() < if is_terminal { TERMINAL } else { LOG } {
            return;
        }
        last = Instant::now();
        let text = line(&progress, start.elapsed());
        let text = if is_terminal { format!("\r\x1b[2K{text}") } else { format!("{text}\n") };
        // Nobody may be listening: the work goes on.
        let _ = std::io::stderr().write_all(text.as_bytes());
    };
    let cleaned = clean(&options, &mut say);
    if is_terminal && last > start {
        eprint!("\r\x1b[2K");
    }
    match cleaned {
        Ok(report) => {
            let out = options.out.display();
            let kept = counted(report.kept.documents as usize, "document");
            // A reader that closed its end, such as head, has what it wants.
            let _ = writeln!(std::io::stdout(), "{report}wrote {kept} to {out}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            // As `cargo study` documents it: it could not be done.
            ExitCode::from(2)
        }
    }
}

fn line(progress: &Progress, time: Duration) -> String {
    let &Progress { documents, bytes, passed, file, files } = progress;
    let speed = bytes as f64 / 1e6 / time.as_secs_f64();
    let share = percent(passed as f64 / documents.max(1) as f64, 0);
    let documents = count(documents);
    format!(
        "file {file} of {files}: {documents} documents, {speed:.1} MB/s, {share} pass the rules"
    )
}
