//! A run of the reader's making: with progress, without an end, or with a crash.

use demo::control::{Number, Text, Typed};
use demo::{Context, Demo, DemoError, Device, Start, View};

const WHAT: Text = Text::new("what", "What it does", "progress", 100 << 10);
const STEPS: Number = Number::new("steps", "Steps", 3.0, [1.0, 50.0], 1.0);

pub fn demo() -> Demo {
    Demo {
        name: "kit-run",
        title: "A long run",
        lesson: "kit",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || vec![WHAT.control(), STEPS.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (what, mut steps) = (cx.get(&WHAT)?, cx.get(&STEPS)? as u64);
    match what.trim() {
        "crash" => panic!("the reader asked for it"),
        "endless" => loop {
            std::hint::black_box(steps);
        },
        "long" => steps = 1_000_000,
        _ => {}
    }
    for step in 0..steps {
        cx.progress("counting", step, steps).await?;
    }
    let prose = format!("{} words, {steps} steps.", what.split_whitespace().count());
    cx.show(format!("Done: {prose}"), &[View::Prose(vec![prose])]);
    Ok(())
}
