// One text, six tasks, each done by a model of counts that was fitted to Tinytown.

use std::cell::RefCell;
use std::rc::Rc;

use demo::control::{Choice, Control, Slider, Text, Typed};
use demo::format::{number, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;
use what_llms_are_for::buddy::Buddy;
use what_llms_are_for::models::Asked;
use what_llms_are_for::town::{Examples, MOODS, Models, SEED, TRAINING};
use what_llms_are_for::words::{lower_words, sentences, words};

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

/// What a task makes of the text: its answer in a line, and the counts behind it.
struct Done {
    task: &'static str,
    answer: String,
    views: Vec<View>,
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (task, text, question) = (cx.get(&TASK)?, cx.get(&TEXT)?, cx.get(&QUESTION)?);
    let (text, question) = (beginning(&text), question.trim());
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
        cx.progress("reading your text", i as u64, 6).await?;
        done.push(match *name {
            "sentiment" => sentiment(models, text),
            "names" => names(models, text),
            "question" => answered(models, text, question)?,
            "generation" => continued(buddy, text, seed)?,
            "translation" => translated(models, text),
            _ => summarized(text)?,
        });
    }
    let summary: Vec<String> = done.iter().map(|d| format!("{}: {}.", d.task, d.answer)).collect();
    let rows = done.iter().map(|d| vec![d.task.into(), Cell::from(d.answer.clone())]).collect();
    let columns = vec!["Task".into(), "What the counts say".into()];
    let table = View::Table { label: "Your text in six tasks".into(), columns, rows };
    let views = match task {
        "all" => vec![table],
        _ => done.into_iter().flat_map(|d| [vec![View::Prose(vec![d.answer])], d.views].concat()).collect(),
    };
    cx.show(summary.join(" "), &views);
    Ok(())
}

/// The beginning of a long text, cut where a character ends.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ)]
}

/// So many characters, so that a row stays a row.
fn short(text: &str, chars: usize) -> String {
    let mut short: String = text.chars().take(chars).collect();
    if text.chars().nth(chars).is_some() {
        short.push('…');
    }
    short
}

fn sentiment(models: &Models, text: &str) -> Done {
    let good = |text: &str| subject::classify(&models.classes, text).get(1).copied().unwrap_or(0.0);
    let bar = |label: String, value: f64| Bar {
        label,
        value,
        shown: percent(value),
        muted: value < 0.5,
    };
    let p = good(text);
    let mood = if p > 0.5 { MOODS[1] } else { MOODS[0] };
    let mut bars = vec![bar("the whole text".into(), p)];
    bars.extend(sentences(text).into_iter().take(SHOWN).map(|s| {
        bar(short(&text[s.clone()], 60), good(&text[s]))
    }));
    let label = "How probable it is that this is good".to_owned();
    let answer = format!("{mood}, with probability {}", percent(p.max(1.0 - p)));
    Done { task: "Sentiment", answer, views: vec![View::Bars { label, bars, max: 1.0 }] }
}

fn names(models: &Models, text: &str) -> Done {
    let names = subject::tag_entities(&models.tags, text);
    let shown = |name: &tinytown::Entity| text.get(name.start..name.end).unwrap_or("?").to_owned();
    let listed: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{} ({})", shown(name), name.kind.name()))
        .collect();
    let row = |name: &tinytown::Entity| {
        let start = Cell::Number(name.start.to_string());
        vec![shown(name).into(), name.kind.name().into(), start]
    };
    let rows = names.iter().take(SHOWN).map(row).collect();
    let columns = vec!["Name".into(), "Kind".into(), "At byte".into()];
    let answer = if listed.is_empty() { "no names".to_owned() } else { listed.join(", ") };
    Done {
        task: "Named entities",
        answer,
        views: vec![View::Table { label: "The names, in order".into(), columns, rows }],
    }
}

fn answered(models: &Models, text: &str, question: &str) -> Result<Done, DemoError> {
    if words(question).is_empty() {
        return Err(DemoError::input(QUESTION.name, "There is no question yet: ask one."));
    }
    let candidates = models.answers.candidates(text);
    let answer = subject::answer(&models.rarity, text, &candidates, question);
    let found = |start, end| text.get(start..end).unwrap_or("?").to_owned();
    let answer = answer.map_or("no answer".to_owned(), |c| found(c.start, c.end));
    let asked = lower_words(question);
    let row = |s: std::ops::Range<usize>| {
        let words = lower_words(&text[s.clone()]);
        let mut shared: Vec<&String> = asked.iter().filter(|w| words.contains(w)).collect();
        shared.sort_unstable();
        shared.dedup();
        let score: f64 = shared.iter().map(|word| models.rarity.of(word)).sum();
        let fits = |c: &&what_llms_are_for::models::Candidate| {
            s.start <= c.start && c.end <= s.end && Asked::of(question).is_none_or(|a| c.asked == a)
        };
        let fitting: Vec<String> =
            candidates.iter().filter(fits).map(|c| found(c.start, c.end)).collect();
        let score = Cell::Number(number(score));
        vec![short(&text[s], 80).into(), score, fitting.join(", ").into()]
    };
    let rows = sentences(text).into_iter().take(SHOWN).map(row).collect();
    let columns = vec!["Sentence".into(), "Overlap".into(), "Candidates".into()];
    let label = "How much each sentence shares with the question".to_owned();
    Ok(Done {
        task: "Question answering",
        answer: format!("{} {answer}", short(question, 80)),
        views: vec![View::Table { label, columns, rows }],
    })
}

fn continued(buddy: &Buddy, text: &str, seed: u64) -> Result<Done, DemoError> {
    let text = text.trim_end();
    // The model looks back over a few tokens only.
    let start = text.floor_char_boundary(text.len().saturating_sub(200));
    let written = buddy.continued(&text[start..], 40, &mut StdRng::seed_from_u64(seed))?;
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Done { task: "Generation", answer: format!("… {written} …"), views: Vec::new() })
}

fn translated(models: &Models, text: &str) -> Done {
    let first = sentences(text).into_iter().next().unwrap_or(0..text.len());
    let source: Vec<String> = lower_words(&text[first]).into_iter().take(SHOWN).collect();
    let target = subject::translate(&models.table, &source);
    let row = |(e, f): (&String, &String)| {
        let t = models.table.get(e).and_then(|row| row.get(f));
        vec![e.as_str().into(), f.as_str().into(), Cell::Number(t.map_or("new".into(), |&t| percent(t)))]
    };
    let rows = source.iter().zip(&target).map(row).collect();
    let columns = vec!["English".into(), "Tinytongue".into(), "t(f | e)".into()];
    Done {
        task: "Translation",
        answer: format!("{} (the first sentence)", target.join(" ")),
        views: vec![View::Table { label: "Word by word".into(), columns, rows }],
    }
}

fn summarized(text: &str) -> Result<Done, DemoError> {
    let take = |n: usize| -> Result<String, DemoError> {
        let summary = subject::summarize(text, n);
        Ok(summary.map_err(|e| DemoError::input(TEXT.name, e.to_string()))?.join(" "))
    };
    let rows = (1..=3)
        .map(|n| Ok(vec![n.to_string().into(), short(&take(n)?, 400).into()]))
        .collect::<Result<Vec<Vec<Cell>>, DemoError>>()?;
    let columns = vec!["Sentences".into(), "Summary".into()];
    Ok(Done {
        task: "Summarization",
        answer: short(&take(1)?, 300),
        views: vec![View::Table { label: "Summaries of your text".into(), columns, rows }],
    })
}
