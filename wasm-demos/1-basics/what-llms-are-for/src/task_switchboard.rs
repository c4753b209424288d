//! One text, six tasks, each done by a model of counts that was fitted to Tinytown.

mod tasks;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::bytes;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use tinytown::World;
use what_llms_are_for::town::{Examples, Models, SEED, TRAINING};
use what_llms_are_for::{Answers, Buddy, words};

pub use tasks::{Done, table};

const TASK: Choice = Choice::new(
    "task",
    "Task",
    &[
        ("all", "All six"),
        ("sentiment", "Sentiment"),
        ("names", "Named entities"),
        ("question", "Question answering"),
        ("generation", "Generation"),
        ("translation", "Translation"),
        ("summary", "Summarization"),
    ],
);
/// The text of all tasks.
pub const TEXT: Text = Text::new(
    "text",
    "Your text",
    "The happy children followed the red kite. Otto found the kite in Rose Lane. \
     Ada thought the day was wonderful, and the music was good.",
    5 << 20,
);
/// The question of one of them.
pub const QUESTION: Text = Text::new(
    "question",
    "A question about it: who, where, what or how many",
    "Where did Otto find the kite?",
    1000,
);
const DRAWS: Slider = Slider::new("seed", "Seed of the generation", 1.0, [1.0, 20.0], 1.0);

/// So many bytes of a text are read: the models are for short ones.
const READ: usize = 1 << 16;

/// So many rows and words are shown.
const SHOWN: usize = 40;

/// Examples of each task to fit to, and bytes of stories to learn to write from.
const EXAMPLES: usize = 500;
const STORY_BYTES: usize = 150_000;

type Fitted = Rc<(Models, Buddy)>;

thread_local! {
    /// Fitted at the first run, by whose function: a page has the reader's beside the reference.
    static FITTED: RefCell<HashMap<usize, Fitted>> = RefCell::default();
}

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "task-switchboard",
        title: "One text, six tasks",
        lesson: "what-llms-are-for",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TASK.control(), TEXT.control(), QUESTION.control(), DRAWS.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn fitted(cx: &Context, answers: &Answers) -> Result<Fitted, DemoError> {
    let by = answers.count_classes as usize;
    if let Some(fitted) = FITTED.with_borrow(|all| all.get(&by).cloned()) {
        return Ok(fitted);
    }
    cx.progress("counting Tinytown", 0, 2).await?;
    let world = World::new(SEED);
    let models = Models::fit(&Examples::new(&world, TRAINING, EXAMPLES), answers)?;
    cx.progress("counting Tinytown", 1, 2).await?;
    let fitted = Rc::new((models, Buddy::fit(&world, STORY_BYTES)?));
    FITTED.with_borrow_mut(|all| all.insert(by, fitted.clone()));
    Ok(fitted)
}

/// What the models of counts make of a text: in all six tasks, in the order of the book, unless the
/// reader chose one of them.
///
/// # Errors
/// A text or a question without words, told beside its control; a run that the reader ended.
pub async fn solve(cx: &Context, answers: Answers, text: &str) -> Result<Vec<Done>, DemoError> {
    let (task, question) = (cx.get(&TASK)?, cx.get(&QUESTION)?);
    if words(text).is_empty() {
        return Err(DemoError::input(TEXT.name, "There are no words yet: type or paste some."));
    }
    let fitted = fitted(cx, &answers).await?;
    let (models, buddy) = &*fitted;
    let mut done = Vec::new();
    for (i, (name, _)) in TASK.options[1..].iter().enumerate() {
        if task != "all" && task != *name {
            continue;
        }
        cx.progress("solving the tasks", i as u64, 6).await?;
        done.push(match *name {
            "sentiment" => tasks::sentiment(&answers, models, text),
            "names" => tasks::names(&answers, models, text),
            "question" => tasks::answered(&answers, models, text, question.trim())?,
            "generation" => tasks::continued(buddy, text, cx.get(&DRAWS)? as u64)?,
            "translation" => tasks::translated(models, text),
            _ => tasks::summarized(text)?,
        });
    }
    Ok(done)
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (task, all) = (cx.get(&TASK)?, cx.get(&TEXT)?);
    let text = &all[..all.floor_char_boundary(READ)];
    let done = solve(&cx, answers, text).await?;
    let mut summary: Vec<String> = done.iter().map(Done::line).collect();
    let mut views = Vec::new();
    if text.len() < all.len() {
        let note = format!("Only the first {} are read.", bytes(text.len()));
        summary.push(note.clone());
        views.push(View::Prose(vec![note]));
    }
    if task == "all" {
        let rows: Vec<Vec<Cell>> =
            done.into_iter().map(|d| vec![d.task.into(), d.answer.into()]).collect();
        views.push(tasks::table("Your text in six tasks", ["Task", "What the counts say"], rows));
    } else {
        for d in done {
            views.push(View::Prose(vec![d.answer]));
            views.extend(d.view);
        }
    }
    cx.show(summary.join(" "), &views);
    Ok(())
}
