//! The native program of a page: prints what the build and the tests need, or runs a demo for a
//! test.

use std::io::Read;
use std::process::ExitCode;

use demo::figure::Figure;
use demo::{Backend, Demo, DemoError, Inputs};
use grading::{Lesson, Worked, block_on};
use scores::Listing;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::run_demo;

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

/// What a test asks: a demo, run on these inputs.
#[derive(Deserialize)]
struct Question {
    demo: String,
    #[serde(default)]
    inputs: Inputs,
}

/// The `main` of a page's program. Without arguments it prints the contents and the still of every
/// demo as one JSON document; with `run` it reads a JSON array of `{demo, inputs}` from standard
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
        let still = demo::html::still(demo, &shown.html, &shown.summary);
        made.push(json!({
            "name": demo.name, "title": demo.title, "page": demo.lesson,
            "has_yours": demo.has_yours, "device": demo.device, "start": demo.start,
            "controls": (demo.controls)(), "still": still,
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
        Ok(match block_on(run_demo(demo, question.inputs, Backend::Cpu)) {
            Ok(shown) => json!({ "html": shown.html }),
            Err(DemoError::Input { control, message }) => json!({ "input": [control, message] }),
            Err(error) => json!({ "error": format!("{error:?}") }),
        })
    };
    questions.into_iter().map(answer).collect::<Result<Vec<_>, _>>().map(Value::from)
}
