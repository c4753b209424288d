//! Texts of every kind, each with its exact label.

use demo::control::{Choice, Number, Typed};
use demo::format::{count, counted};
use demo::{Cell, Context, Demo, DemoError, Device, Start, TokenChip, View};
use tinytown::{EntityKind, Fact, Group, Mood, Reason, Role, Tagged, Way, World};

use crate::SEED;

const KIND: Choice = Choice::new(
    "kind",
    "Kind of text",
    &[
        ("entities", "names in a text"),
        ("stories", "stories"),
        ("summaries", "stories with summaries"),
        ("sentiment", "sentiment"),
        ("questions", "questions with answers"),
        ("translations", "English and Tinytongue"),
        ("dialogues", "dialogues"),
        ("preferences", "preferences"),
        ("documents", "documents"),
        ("changes", "changes after a year"),
    ],
);

const STREAM: Choice = Choice::new(
    "stream",
    "Stream",
    &[("0", "0: for training"), ("1", "1: held out"), ("2", "2: another one")],
);

const FIRST: Number = Number::new("first", "First sample", 1.0, [1.0, 10_000.0], 1.0);

/// So many samples are shown.
const SHOWN: usize = 3;

/// So many are skipped at a time; between, the reader may start another run.
const CHUNK: usize = 2000;

pub fn demo() -> Demo {
    Demo {
        name: "tinytown-sample",
        title: "What Tinytown writes",
        lesson: "tinytown",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![KIND.control(), SEED.control(), STREAM.control(), FIRST.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let world = World::new(cx.get(&SEED)? as u64);
    let w = &world;
    let stream = cx.get(&STREAM)?.parse().unwrap_or(0);
    let views = match cx.get(&KIND)? {
        "stories" => views(&sample(&cx, w.stories(stream)).await?, |s| {
            let rows = s.events.iter().map(|e| {
                let name = |i: usize| w.people[i].name;
                let whom = e.whom.map_or("", name);
                vec![
                    name(e.who).into(),
                    e.deed.into(),
                    whom.into(),
                    e.object.as_str().into(),
                    e.place.unwrap_or("").into(),
                ]
            });
            let columns = ["Who", "Did", "With or to", "What", "Where"];
            (s.text.clone(), table("What happens in this story", columns, rows.collect()))
        }),
        "summaries" => views(&sample(&cx, w.summaries(stream)).await?, |s| {
            (
                s.text.clone(),
                labels(&[("summary", s.summary.clone()), ("plot", s.story.plot.into())]),
            )
        }),
        "sentiment" => views(&sample(&cx, w.sentiments(stream)).await?, |s| {
            let mood = if s.mood == Mood::Good { "good" } else { "bad" };
            let way = match s.way {
                Way::Plain => "plain",
                Way::Negated => "negated",
                Way::Contrast => "contrast",
            };
            let side = if s.group == Group::Hill { "hill" } else { "shore" };
            (
                s.text.clone(),
                labels(&[("mood", mood.into()), ("said", way.into()), ("group", side.into())]),
            )
        }),
        "questions" => views(&sample(&cx, w.questions(stream)).await?, |q| {
            let end = q.start + q.answer.len();
            let (before, after) = (&q.context[..q.start], &q.context[end..]);
            let marked = format!("{before}[{}]{after}", q.answer);
            let at = format!("bytes {} to {end}", q.start);
            let rows =
                [("question", q.question.clone()), ("answer", q.answer.clone()), ("stands at", at)];
            (marked, labels(&rows))
        }),
        "translations" => views(&sample(&cx, w.translations(stream)).await?, |t| {
            (t.english.clone(), labels(&[("Tinytongue", t.tinytongue.clone())]))
        }),
        "dialogues" => views(&sample(&cx, w.dialogues(stream)).await?, |d| {
            let rows = d.turns.iter().map(|t| {
                let role = if t.role == Role::User { "user" } else { "assistant" };
                vec![role.into(), t.text.as_str().into()]
            });
            (
                format!("About: {}.", task(d.task)),
                table("The turns of this dialogue", ["Who", "Says"], rows.collect()),
            )
        }),
        "preferences" => views(&sample(&cx, w.preferences(stream)).await?, |p| {
            let reason = match p.reason {
                Reason::Helpful => "it does not help",
                Reason::Honest => "it is not honest",
                Reason::Harmless => "it does harm",
            };
            let rows = [
                ("chosen", p.chosen.clone()),
                ("rejected", p.rejected.clone()),
                ("because", reason.into()),
            ];
            (p.prompt.clone(), labels(&rows))
        }),
        "documents" => views(&sample(&cx, w.documents(stream)).await?, |d| {
            (format!("{}. {}", d.title, d.text), facts(w, &d.facts))
        }),
        "changes" => return changes(&cx, w),
        _ => {
            let tagged = sample(&cx, w.tagged(stream)).await?;
            tagged.iter().flat_map(|t| [chips(t), names(t)]).collect()
        }
    };
    let summary = format!(
        "{SHOWN} samples from number {} on, with their labels.",
        count(cx.get(&FIRST)? as usize)
    );
    cx.show(summary, &views);
    Ok(())
}

/// The samples asked for, out of an endless sequence.
async fn sample<T>(cx: &Context, mut all: impl Iterator<Item = T>) -> Result<Vec<T>, DemoError> {
    let skip = cx.get(&FIRST)? as usize - 1;
    for done in (0..skip).step_by(CHUNK) {
        cx.progress("reading", done as u64, skip as u64).await?;
        all.by_ref().take(CHUNK.min(skip - done)).for_each(drop);
    }
    Ok(all.take(SHOWN).collect())
}

/// A text and its label for each sample.
fn views<T>(samples: &[T], show: impl Fn(&T) -> (String, View)) -> Vec<View> {
    let shown = samples.iter().map(show);
    shown.flat_map(|(text, label)| [View::Prose(vec![text]), label]).collect()
}

fn labels(rows: &[(&str, String)]) -> View {
    let rows = rows.iter().map(|(name, value)| vec![(*name).into(), value.as_str().into()]);
    table("The label of this text", ["Label", "Value"], rows.collect())
}

fn facts(world: &World, facts: &[Fact]) -> View {
    let row = |f: &Fact| {
        vec![world.people[f.person].name.into(), f.relation.name().into(), f.value.as_str().into()]
    };
    table("What this document tells", ["Person", "What", "Value"], facts.iter().map(row).collect())
}

/// The text in pieces, each name with the color of its kind.
fn chips(tagged: &Tagged) -> View {
    let mut chips = Vec::new();
    let mut piece = |start: usize, end: usize, color: u32| {
        if start < end {
            let text = tagged.text[start..end].to_owned();
            chips.push(TokenChip { text, id: start as u32, bytes: end - start, color });
        }
    };
    let mut at = 0;
    for entity in &tagged.entities {
        piece(at, entity.start, 0);
        let color = match entity.kind {
            EntityKind::Person => 3,
            EntityKind::Place => 6,
            EntityKind::Thing => 9,
        };
        piece(entity.start, entity.end, color);
        at = entity.end;
    }
    piece(at, tagged.text.len(), 0);
    View::Tokens {
        label: "The text, cut at its names: first byte and length of each piece".into(),
        chips,
    }
}

fn names(tagged: &Tagged) -> View {
    let rows = tagged.entities.iter().map(|e| {
        let (name, at) = (&tagged.text[e.start..e.end], format!("{} to {}", e.start, e.end));
        vec![name.into(), e.kind.name().into(), Cell::Number(at)]
    });
    table("The names in this text", ["Name", "Kind", "Bytes"], rows.collect())
}

fn task(task: tinytown::Task) -> &'static str {
    use tinytown::Task;
    match task {
        Task::Fact => "a fact",
        Task::FollowUp => "two facts, the second asked in passing",
        Task::Unknown => "something that Buddy cannot know",
        Task::Translate => "a translation",
        Task::Add => "a small sum",
        Task::Mood => "the mood of a text",
        Task::Summarize => "a story to sum up",
        Task::Harmful => "a request that would do harm",
        Task::Harmless => "a request that only sounds harmful",
    }
}

fn changes(cx: &Context, world: &World) -> Result<(), DemoError> {
    let changes = world.changes(&world.later(1));
    let rows = changes.iter().map(|c| {
        let name = world.people[c.person].name;
        vec![
            name.into(),
            c.relation.name().into(),
            c.before.as_str().into(),
            c.after.as_str().into(),
        ]
    });
    let label = format!("All that changes from {} to {}", world.year, world.year + 1);
    let columns = ["Person", "What", "Before", "After"];
    let summary = format!(
        "{} {} in a year; all others stay.",
        counted(changes.len(), "fact"),
        if changes.len() == 1 { "changes" } else { "change" }
    );
    cx.show(summary, &[table(label, columns, rows.collect())]);
    Ok(())
}

fn table<const N: usize>(
    label: impl Into<String>,
    columns: [&str; N],
    rows: Vec<Vec<Cell>>,
) -> View {
    View::Table { label: label.into(), columns: columns.map(str::to_owned).into(), rows }
}
