//! The threads of a kernel: what each does between two barriers, and what is wrong with it.

use demo::control::{Choice, Slider, Typed, Wgsl};
use demo::format::{count, number};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use kernel_interpreter::{Finding, Kernel, Refusal, Report};

use crate::example::{self, CHOICES};
use crate::run::{self, Lesson};
use crate::shown::{self, THREADS};

const KERNEL: Choice = Choice::new("kernel", "Kernel", &CHOICES);
const ORDER: Slider = Slider::new("order", "Order of the threads", 1.0, [1.0, 20.0], 1.0);
const SOURCE: Wgsl =
    Wgsl { name: "source", label: "Your kernel, in WGSL", default: example::RIGHT };

pub fn demo() -> Demo {
    Demo {
        name: "kernel-threads",
        title: "A kernel, thread by thread",
        lesson: "kernel-threads",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![KERNEL.control(), ORDER.control(), SOURCE.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (choice, seed) = (cx.get(&KERNEL)?, cx.get(&ORDER)? as u64);
    let own = cx.get(&SOURCE)?;
    let example = example::source(choice);
    let is_own = example.is_none();
    let source = example.unwrap_or(own);
    let Some(lesson) = run::lesson(&source) else {
        let names: Vec<&str> = run::LESSONS.iter().map(|lesson| lesson.entry).collect();
        let message = format!(
            "Name its entry point as a lesson does, so that it gets that lesson's buffers: {}.",
            names.join(", ")
        );
        return Err(DemoError::input(SOURCE.name, message));
    };
    match run::run(&source, lesson, seed) {
        Ok((kernel, report)) => show(&cx, &source, lesson, &kernel, &report, is_own),
        Err(refusal) => refused(&cx, &refusal, is_own),
    }
    Ok(())
}

fn refused(cx: &Context, refusal: &Refusal, is_own: bool) {
    let views = if is_own {
        let place = (refusal.place.line, refusal.place.column, refusal.message.clone());
        vec![View::Diagnostics { control: SOURCE.name.into(), messages: vec![place] }]
    } else {
        vec![View::Prose(vec![refusal.to_string()])]
    };
    cx.show("This kernel cannot be run.", &views);
}

fn show(
    cx: &Context,
    source: &str,
    lesson: &Lesson,
    kernel: &Kernel,
    report: &Report,
    is_own: bool,
) {
    let errors: Vec<&Finding> = report.errors().collect();
    let threads: u32 = kernel.workgroup_size().iter().product();
    let mut summary = match errors[..] {
        [] => "No thread does anything wrong.".to_owned(),
        [_] => "One thing is wrong.".to_owned(),
        _ => format!("{} things are wrong.", count(errors.len())),
    };
    summary.push_str(&format!(" The kernel ran on {}.", lesson.on));

    let mut views = Vec::new();
    if !errors.is_empty() {
        views.push(wrong(&errors, is_own));
    }
    if let Some(trace) = &report.trace {
        let who = if threads > THREADS {
            format!("the first {THREADS} of {threads} threads")
        } else {
            format!("all {threads} threads")
        };
        views.push(View::Steps {
            label: format!("From barrier to barrier: {who} of the first workgroup"),
            frames: shown::stretches(trace),
            start: 0,
        });
    }
    views.push(outputs(lesson, report));
    if !is_own {
        views.push(View::Code { label: "The kernel".into(), text: numbered(source) });
    }
    cx.show(summary, &views);
}

/// What is wrong, where and by whom.
fn wrong(errors: &[&Finding], is_own: bool) -> View {
    if is_own {
        let message = |finding: &&Finding| {
            (finding.place().line, finding.place().column, finding.to_string())
        };
        let messages = errors.iter().map(message).collect();
        return View::Diagnostics { control: SOURCE.name.into(), messages };
    }
    View::Prose(errors.iter().map(|finding| sentence(finding)).collect())
}

/// A finding as a sentence.
fn sentence(finding: &Finding) -> String {
    let text = finding.to_string();
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}

/// What came out: right numbers prove nothing.
fn outputs(lesson: &Lesson, report: &Report) -> View {
    let row = |&(name, buffer): &(&str, usize)| {
        let values: Vec<String> =
            report.f32s(buffer).into_iter().map(|x| number(f64::from(x))).collect();
        vec![Cell::from(name), values.join(", ").into()]
    };
    View::Table {
        label: "What came out".into(),
        columns: vec!["Buffer".into(), "Numbers".into()],
        rows: lesson.outputs.iter().map(row).collect(),
    }
}

/// A source with the numbers of its lines.
fn numbered(source: &str) -> String {
    let lines = source.lines().zip(1..);
    lines.map(|(line, n)| format!("{n:>3}  {line}").trim_end().to_owned() + "\n").collect()
}
