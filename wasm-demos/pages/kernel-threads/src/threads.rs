//! The threads of a kernel: what each does between two barriers, and what is wrong with it.

use demo::control::{Choice, Slider, Typed, Wgsl};
use demo::format::{count, number};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use kernel_interpreter::{Finding, Kernel, Refusal, Report};

use crate::examples::{self, EXAMPLES, Example};
use crate::run;
use crate::shown;
use crate::variants::{self, CHOICES};

const KERNEL: Choice = Choice::new("kernel", "Kernel", &CHOICES);
const ORDER: Slider = Slider::new("order", "Order of the threads, shuffled", 1.0, [1.0, 20.0], 1.0);
const SOURCE: Wgsl =
    Wgsl { name: "source", label: "Your kernel, in WGSL", default: variants::RIGHT };

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
    let variant = variants::source(choice);
    let is_own = variant.is_none();
    let source = variant.unwrap_or(own);
    let Some(example) = examples::of(&source) else {
        let names: Vec<&str> = EXAMPLES.iter().map(|example| example.entry).collect();
        let message = format!(
            "Name its entry point as a lesson does, so that it gets that lesson's buffers: {}.",
            names.join(", ")
        );
        return Err(DemoError::input(SOURCE.name, message));
    };
    match run::run(&source, example, seed) {
        Ok((kernel, report)) => show(&cx, &source, example, &kernel, &report, is_own),
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
    example: &Example,
    kernel: &Kernel,
    report: &Report,
    is_own: bool,
) {
    let errors: Vec<&Finding> = report.errors().collect();
    let threads: u32 = kernel.workgroup_size().iter().product();
    let count = match errors.len() {
        0 => "No thread does anything wrong.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        n => format!("{} things are wrong.", count(n)),
    };
    // Of the reader's own kernel they are told with buttons that lead to the lines.
    let first = errors.first().filter(|_| !is_own);
    let first = first.map(|finding| format!(" {}", sentence(finding))).unwrap_or_default();
    let summary = format!("{count}{first} The kernel ran on {}.", example.on);

    let mut views = Vec::new();
    if !is_own {
        views.push(View::Code { label: "The kernel that ran".into(), text: numbered(source) });
    }
    // Whoever wrote the kernel goes to the line that is wrong; who looks at an example, to the picture.
    if is_own && !errors.is_empty() {
        views.push(wrong(&errors));
    }
    if let Some(trace) = &report.trace {
        let group = trace.events.first().map_or([0; 3], |event| event.group);
        let shown = shown::threads(&errors, group, threads);
        let who = if shown.len() < threads as usize {
            format!("{} of {threads} threads of workgroup {}", shown.len(), group[0])
        } else {
            format!("the {threads} threads of workgroup {}", group[0])
        };
        let race = if errors.is_empty() { "" } else { "; ! marks what is wrong" };
        let label = format!("Step by step: {who}{race}");
        views.extend(shown::steps(trace, &shown, &errors, &label));
    }
    views.push(outputs(example, report));
    if !is_own && errors.len() > 1 {
        views.push(View::Prose(errors[1..].iter().map(|finding| sentence(finding)).collect()));
    }
    cx.show(summary, &views);
}

/// What is wrong, where and by whom.
fn wrong(errors: &[&Finding]) -> View {
    let message =
        |finding: &&Finding| (finding.place().line, finding.place().column, finding.to_string());
    View::Diagnostics {
        control: SOURCE.name.into(),
        messages: errors.iter().map(message).collect(),
    }
}

/// A finding as a sentence.
fn sentence(finding: &Finding) -> String {
    let text = finding.to_string();
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}

/// What came out: right numbers prove nothing.
fn outputs(example: &Example, report: &Report) -> View {
    let row = |&(name, buffer): &(&str, usize)| {
        let before = &(example.buffers)()[buffer];
        let value = |(&bits, before): (&u32, &u32)| match bits == *before {
            true => "–".to_owned(),
            false => number(f64::from(f32::from_bits(bits))),
        };
        let values = report.buffers[buffer].iter().zip(&before.words).map(value);
        let values: Vec<String> = values.collect();
        vec![Cell::from(name), values.join(", ").into()]
    };
    View::Table {
        label: "What came out; – is a place that nobody wrote".into(),
        columns: vec!["Buffer".into(), "Numbers".into()],
        rows: example.outputs.iter().map(row).collect(),
    }
}

/// A source with the numbers of its lines.
fn numbered(source: &str) -> String {
    let lines = source.lines().zip(1..);
    lines.map(|(line, n)| format!("{n:>3}  {line}").trim_end().to_owned() + "\n").collect()
}
