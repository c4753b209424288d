// One text, six tasks, each done by a model of counts that was fitted to Tinytown.

use std::cell::RefCell;
use std::rc::Rc;

use demo::control::{Choice, Control, Slider, Text, Typed};
use demo::format::bytes;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use tinytown::World;
use what_llms_are_for::buddy::Buddy;
use what_llms_are_for::town::{Examples, Models, SEED, TRAINING};
use what_llms_are_for::words::words;

mod tasks {
    include!("task_switchboard/tasks.rs");
}

use tasks::{Done, answered, continued, names, sentiment, short, summarized, translated};

const TASK: Choice = Choice {
    name: "task",
    label: "Task",
    options: &[
        ("all", "All six"),
        ("sentiment", "Sentiment"),
        ("names", "Named entities"),
        ("question", "Question answering"),
        ("generation", "Generation"),
        ("translation", "Translation"),
        ("summary", "Summarization"),
    ],
};

const TEXT: Text = Text {
    name: "text",
    label: "Your text",
    default: "The happy children followed the red kite. Otto found the kite in Rose Lane. \
              Ada thought the day was wonderful, and the music was good.",
    max_bytes: 5 << 20,
};

const QUESTION: Text = Text {
    name: "question",
    label: "A question about it: who, where, what or how many",
    default: "Where did Otto find the kite?",
    max_bytes: 1000,
};

const SEED_CONTROL: Slider = Slider {
    name: "seed",
    label: "Seed of the generation",
    default: 1.0,
    min: 1.0,
    max: 20.0,
    step: 1.0,
};

/// So many bytes of a text are read: the models are for short ones.
const READ: usize = 1 << 16;

/// So many rows and words are shown.
const SHOWN: usize = 40;

/// Examples of each task to fit to, and bytes of stories to learn to write from.
const EXAMPLES: usize = 500;
const STORY_BYTES: usize = 150_000;

pub fn demo() -> Demo {
    Demo {
        name: "task-switchboard",
        title: "One text, six tasks",
        lesson: "what-llms-are-for",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls,
        run: |cx| Box::pin(run(cx)),
    }
}

fn controls() -> Vec<Control> {
    vec![TASK.control(), TEXT.control(), QUESTION.control(), SEED_CONTROL.control()]
}

thread_local! {
    static FITTED: RefCell<Option<Rc<(Models, Buddy)>>> = const { RefCell::new(None) };
}

/// The models, fitted once.
async fn fitted(cx: &Context) -> Result<Rc<(Models, Buddy)>, DemoError> {
    if let Some(fitted) = FITTED.with_borrow(Clone::clone) {
        return Ok(fitted);
    }
    cx.progress("counting Tinytown", 0, 2).await?;
    let world = World::new(SEED);
    let examples = Examples::new(&world, TRAINING, EXAMPLES);
    let models = Models::fit(&examples, subject::count_classes, subject::em_round)?;
    cx.progress("counting Tinytown", 1, 2).await?;
    let fitted = Rc::new((models, Buddy::fit(&world, STORY_BYTES)?));
    FITTED.set(Some(fitted.clone()));
    Ok(fitted)
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (task, text, question) = (cx.get(&TASK)?, cx.get(&TEXT)?, cx.get(&QUESTION)?);
    let (all, question) = (text.as_str(), question.trim());
    let text = beginning(all);
    if words(text).is_empty() {
        return Err(DemoError::input(TEXT.name, "There are no words yet: type or paste some."));
    }
    let fitted = fitted(&cx).await?;
    let (models, buddy) = (&fitted.0, &fitted.1);
    let seed = cx.get(&SEED_CONTROL)? as u64;
    let mut done = Vec::new();
    for (i, (name, _)) in TASK.options[1..].iter().enumerate() {
        if task != "all" && task != *name {
            continue;
        }
        cx.progress("solving the tasks", i as u64, 6).await?;
        done.push(match *name {
            "sentiment" => sentiment(models, text),
            "names" => names(models, text),
            "question" => answered(models, text, question)?,
            "generation" => continued(buddy, text, seed)?,
            "translation" => translated(models, text),
            _ => summarized(text)?,
        });
    }
    let line = |d: &Done| format!("{}: {}.", d.task, short(&d.answer, 150).trim_end_matches('.'));
    let mut summary: Vec<String> = done.iter().map(line).collect();
    let mut views = Vec::new();
    if text.len() < all.len() {
        let note = format!("Only the first {} are read.", bytes(text.len()));
        summary.push(note.clone());
        views.push(View::Prose(vec![note]));
    }
    if task == "all" {
        let rows: Vec<Vec<Cell>> =
            done.into_iter().map(|d| vec![d.task.into(), d.answer.into()]).collect();
        let columns = vec!["Task".into(), "What the counts say".into()];
        views.push(View::Table { label: "Your text in six tasks".into(), columns, rows });
    } else {
        for d in done {
            views.push(View::Prose(vec![d.answer]));
            views.extend(d.views);
        }
    }
    cx.show(summary.join(" "), &views);
    Ok(())
}

/// The beginning of a long text, cut where a character ends.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ)]
}
