//! Prints what the book is built from: every lesson's checks, quiz and worked numbers, and every
//! demo's still, as one JSON document.

use anyhow::{Context as _, anyhow};
use demo::{Backend, Inputs};
use grading::{Check, Lesson, Run, block_on, content_hash};
use serde_json::{Map, Value, json};
use study_demos::{Subject, demos, lessons, run_demo};

fn main() -> anyhow::Result<()> {
    let lessons = lessons().iter().map(lesson).collect::<anyhow::Result<Vec<_>>>()?;
    let demos = demos(Subject::Reference).iter().map(still).collect::<anyhow::Result<Vec<_>>>()?;
    println!("{}", json!({ "lessons": lessons, "demos": demos }));
    Ok(())
}

fn lesson(lesson: &Lesson) -> anyhow::Result<Value> {
    let checks: Vec<Value> = lesson.reference.iter().map(check).collect();
    let quiz = (lesson.quiz)();
    let mut questions = Vec::new();
    let mut text = String::new();
    for question in &quiz.questions {
        let answer = question.answer.clone();
        let answer = answer.map_err(|e| anyhow!("{}: {}", lesson.name, e.message()))?;
        let choices: Vec<Value> =
            question.choices.iter().map(|c| json!({ "text": c.text, "why": c.why })).collect();
        let question = json!({ "id": question.id, "prompt": question.prompt, "choices": choices, "answer": answer });
        text.push_str(&question.to_string());
        questions.push(question);
    }
    let worked: Map<String, Value> =
        (lesson.worked)().values().iter().map(|(name, v)| (name.clone(), json!(v))).collect();
    let hash = |hash: u64| format!("{hash:016x}");
    Ok(json!({
        "name": lesson.name, "step": lesson.step, "title": lesson.title,
        "hash": hash(lesson.hash), "checks": checks,
        "quiz": { "hash": hash(content_hash(&[&text])), "questions": questions },
        "worked": worked,
    }))
}

fn check(check: &Check) -> Value {
    let kernel = match check.run {
        Run::Cpu(_) => None,
        Run::Kernel { kernel, .. } => Some(kernel),
    };
    json!({
        "name": check.name, "title": check.title, "points": check.points,
        "section": check.section, "hints": check.hints, "kernel": kernel,
    })
}

fn still(demo: &demo::Demo) -> anyhow::Result<Value> {
    let shown = block_on(run_demo(demo, Inputs::new(), Backend::Cpu))
        .map_err(|e| anyhow!("{e:?}"))
        .with_context(|| format!("the demo `{}` fails on its default inputs", demo.name))?;
    let html = demo::html::still(demo, &shown.html, &shown.summary);
    Ok(json!({ "name": demo.name, "title": demo.title, "lesson": demo.lesson, "still": html }))
}
