//! One text, six tasks at once, each done by counts: seen before anything is explained.

use demo::control::{Text, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start};
use what_llms_are_for::SOLUTION;
use what_llms_are_for_demos::task_switchboard::{self as switchboard, Done};

/// Some sentences: the lesson on these tasks takes a whole book.
const TEXT: Text =
    Text::new(switchboard::TEXT.name, "A few sentences", switchboard::TEXT.default, 4000);

/// What each task asks of the text, in their order.
const ASKED: [&str; 6] = [
    "Is its mood good or bad?",
    "Who and what has a name in it?",
    "Which of its words answer your question?",
    "How could it go on?",
    "What is its first sentence in another language?",
    "What is it about, in one sentence?",
];

pub fn demo() -> Demo {
    Demo {
        name: "six-tasks",
        title: "One text, six tasks",
        lesson: "basics-index",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), switchboard::QUESTION.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let done = switchboard::solve(&cx, SOLUTION, &cx.get(&TEXT)?).await?;
    // The table says the rest.
    let summary = format!("Six answers. {}", done.first().map(Done::line).unwrap_or_default());
    let row = |(done, asked): (Done, &str)| -> Vec<Cell> {
        vec![done.task.into(), asked.into(), done.answer.into()]
    };
    let rows = done.into_iter().zip(ASKED).map(row).collect();
    let columns = ["Task", "What it asks", "What the counts say"];
    cx.show(summary, &[switchboard::table("Six tasks for one text", columns, rows)]);
    Ok(())
}
