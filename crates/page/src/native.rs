//! The native program of a page: prints what the build and the tests need, or runs a demo for a
//! test.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use demo::figure::Figure;
use demo::{Backend, Demo, DemoError, Inputs, Offer};
use grading::{Lesson, Worked, block_on};
use scores::Listing;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Files, Offered, run_demo, run_demo_with};

/// What a page has besides demos, as JSON: its figures, and what a lesson computed for it.
pub struct Contents {
    lesson: Value,
    figures: Vec<Value>,
    /// Numbers of a page without a lesson.
    worked: Value,
}

impl Contents {
    /// A page without a lesson.
    pub fn plain(figures: &[Figure]) -> Self {
        let drawn =
            |figure: &Figure| json!({ "name": figure.name, "html": demo::html::figure_of(figure) });
        let figures = figures.iter().map(drawn).collect();
        Self { lesson: Value::Null, figures, worked: json!({}) }
    }

    /// The same, with numbers for the page.
    pub fn with(self, worked: &Worked) -> Self {
        Self { worked: of(worked), ..self }
    }

    /// The checks, the keys of the quiz, and the worked numbers of a lesson.
    pub fn lesson<A>(lesson: &Lesson<A>, figures: &[Figure]) -> Self {
        let keys = (lesson.quiz)().keys;
        let keys: Vec<Value> = keys
            .iter()
            .map(|key| match &key.answer {
                Ok(answer) => json!({ "id": key.id, "answer": answer }),
                Err(failure) => json!({ "id": key.id, "problem": failure.message() }),
            })
            .collect();
        let worked = of(&(lesson.worked)());
        let lesson = json!({ "listing": Listing::from(lesson), "keys": keys, "worked": worked });
        Self { lesson, ..Self::plain(figures) }
    }
}

fn of(worked: &Worked) -> Value {
    let values = worked.values().iter().map(|(name, value)| (name.clone(), json!(value)));
    Value::Object(values.collect::<Map<String, Value>>())
}

/// What a test asks: a demo, run on these inputs and files.
#[derive(Deserialize)]
struct Question {
    demo: String,
    #[serde(default)]
    inputs: Inputs,
    /// By control.
    #[serde(default)]
    files: BTreeMap<String, PathBuf>,
}

impl Question {
    fn read(&self) -> Result<Files, String> {
        let read = |(control, path): (&String, &PathBuf)| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
            Ok((control.clone(), (name, bytes?)))
        };
        self.files.iter().map(read).collect()
    }
}

/// The `main` of a page's program. Without arguments it prints the contents and the still of every
/// demo as one JSON document; with `run` it reads a JSON array of `{demo, inputs, files}` from standard
/// input and prints one of what each run shows.
pub fn main(contents: Contents, demos: &[Demo]) -> ExitCode {
    let printed = match std::env::args().nth(1).as_deref() {
        None => stills(contents, demos),
        Some("run") => answers(demos),
        Some(other) => Err(format!("there is no command `{other}`; there is `run`")),
    };
    match printed {
        Ok(value) => {
            println!("{value}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn stills(Contents { lesson, figures, worked }: Contents, demos: &[Demo]) -> Result<Value, String> {
    let mut made = Vec::new();
    for demo in demos {
        let shown = block_on(run_demo(demo, Inputs::new(), Backend::Cpu)).map_err(|error| {
            format!("the demo `{}` fails on its default inputs: {error:?}", demo.name)
        })?;
        let offers: Vec<Offer> = shown
            .files
            .iter()
            .map(|file| Offer { name: &file.name, label: &file.label, bytes: &file.bytes })
            .collect();
        let still = demo::html::still(demo, &shown.html, &shown.summary, &offers);
        made.push(json!({
            "name": demo.name, "title": demo.title, "page": demo.lesson,
            "has_yours": demo.has_yours, "device": demo.device, "start": demo.start,
            "controls": (demo.controls)(), "assets": demo.run.assets,
            "trial": demo.run.trial.iter().copied().collect::<BTreeMap<_, _>>(), "still": still,
        }));
    }
    Ok(json!({ "lesson": lesson, "figures": figures, "worked": worked, "demos": made }))
}

fn answers(demos: &[Demo]) -> Result<Value, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
    let questions: Vec<Question> =
        serde_json::from_str(&text).map_err(|error| format!("the questions: {error}"))?;
    let answer = |question: Question| -> Result<Value, String> {
        let demo = demos.iter().find(|demo| demo.name == question.demo);
        let demo = demo.ok_or_else(|| format!("there is no demo `{}`", question.demo))?;
        let files = question.read()?;
        Ok(match block_on(run_demo_with(demo, question.inputs, files, Backend::Cpu)) {
            Ok(shown) => {
                let file = |file: &Offered| json!({ "name": file.name, "bytes": file.bytes.len() });
                let files: Vec<Value> = shown.files.iter().map(file).collect();
                json!({ "html": shown.html, "files": files })
            }
            Err(DemoError::Input { control, message }) => json!({ "input": [control, message] }),
            Err(error) => json!({ "error": format!("{error:?}") }),
        })
    };
    questions.into_iter().map(answer).collect::<Result<Vec<_>, _>>().map(Value::from)
}
