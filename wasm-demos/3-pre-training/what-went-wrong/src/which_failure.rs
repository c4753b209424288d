//! A curve and its gradients; the reader says what went wrong.

use demo::control::{Choice, Typed};
use demo::{Context, Demo, DemoError, Device, Line, Start, View};
use failed_runs::{Kept, Run};
use grading::numbers::short;

const RUN: Choice = Choice::new(
    "run",
    "Run",
    &[("a", "A"), ("b", "B"), ("c", "C"), ("d", "D"), ("e", "E"), ("f", "F")],
);
const GUESS: Choice = Choice::new(
    "guess",
    "Your guess",
    &[
        ("none", "not yet"),
        ("healthy", "nothing, it is healthy"),
        ("rate x30", "learning rate far too high"),
        ("rate /30", "learning rate far too low"),
        ("sorted", "text not shuffled"),
        ("copies", "copies in the text"),
        ("no shift", "the answer leaks into the input"),
    ],
);

/// The run behind each letter, and what gives it away.
const ANSWERS: [(&str, &str, &str); 6] = [
    (
        "a",
        "sorted",
        "The training loss jumps up whenever a new kind of story begins; what is held out, a \
         mixture, does not.",
    ),
    (
        "b",
        "rate x30",
        "It falls fast to what counted tokens reach, and stays there until the schedule lowers the \
         rate.",
    ),
    ("c", "healthy", "Both curves fall together, slower and slower."),
    (
        "d",
        "no shift",
        "No text can be guessed this well. The loss held out follows, since it is asked the same \
         wrong question.",
    ),
    (
        "e",
        "rate /30",
        "It creeps, smoothly, and never comes to anything: nothing is broken, the steps are only \
         too short.",
    ),
    (
        "f",
        "copies",
        "The training loss falls below that of a healthy run, and the loss held out stops \
         falling.",
    ),
];

pub fn demo() -> Demo {
    Demo {
        name: "which-failure",
        title: "Which failure is this?",
        lesson: "what-went-wrong",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![RUN.control(), GUESS.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let letter = cx.get(&RUN)?;
    let guess = cx.get(&GUESS)?;
    let kept = Kept::read().map_err(|error| DemoError::input(RUN.name, error.to_string()))?;
    let found = ANSWERS.iter().find(|answer| answer.0 == letter);
    let &(_, name, why) = found.unwrap_or(&ANSWERS[0]);
    let Some(run) = kept.named(name).next() else {
        return Err(DemoError::input(RUN.name, "There is no such run."));
    };
    let last = run.last();
    let measured = format!(
        "After {} steps the training loss is {}, the loss held out {}.",
        last.0,
        short(last.1, 2),
        short(last.2, 2)
    );
    let verdict = match guess {
        "none" => measured,
        guess if guess == name => format!("Right: {}. {why}", said(name)),
        guess => format!("Not {}: look again. {measured}", said(guess)),
    };
    cx.show(verdict, &views(run));
    Ok(())
}

/// What a guess is called inside a sentence.
fn said(name: &str) -> &'static str {
    match name {
        "healthy" => "a healthy run",
        "rate x30" => "a learning rate far too high",
        "rate /30" => "a learning rate far too low",
        "sorted" => "text that was not shuffled",
        "copies" => "copies in the text",
        _ => "an answer that leaks into the input",
    }
}

fn views(run: &Run) -> Vec<View> {
    let lines = |name: &str, points| Line { name: name.into(), points };
    vec![
        View::Lines {
            label: "The loss as it trains".into(),
            x_label: "step".into(),
            y_label: "loss, nats a token".into(),
            lines: vec![lines("training", run.training()), lines("held out", run.held_out())],
        },
        View::Lines {
            label: "The largest norm of a gradient since the point before".into(),
            x_label: "step".into(),
            y_label: "norm".into(),
            lines: vec![lines("norm", run.norms())],
        },
    ]
}
