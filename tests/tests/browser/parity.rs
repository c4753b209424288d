//! Every demo shows the same natively, in WebAssembly on the CPU, and on WebGPU: on its default
//! inputs, and with every control moved.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Control, Inputs, Kind, Listed, Shown, Start, run_natively};
use book_tests::{Demo, Page};
use regex::Regex;

/// Texts that are hard to count, to cut and to show.
const TEXTS: [&str; 4] = [
    "The the THE the\n\n  then\tthere, they're 3.14159 ½ don't",
    "日本語 naïve e\u{301} 👩‍👩‍👧‍👦 🇺🇳 \u{202e}abc ﷽",
    "a",
    "\u{0}\u{1}\u{7f}\u{feff}\r\n<img src=x onerror=alert(1)> &amp; $x$ {{y}}",
];

/// Each control moved by itself, to all places worth a look.
fn others(demo: &'static Listed) -> Vec<(&'static str, String)> {
    let places = |control: &'static Control| {
        let values: Vec<String> = match &control.kind {
            Kind::Text { .. } => TEXTS.map(str::to_owned).to_vec(),
            Kind::Choice(options) => options.iter().map(|(value, _)| value.clone()).collect(),
            Kind::Toggle => vec!["true".into(), "false".into()],
            Kind::Number { min, max, step } | Kind::Slider { min, max, step } => {
                let steps = ((max - min) / step).round();
                let at = |share: f64| round(min + (steps * share).round() * step, *step);
                // What waits for *Run* takes seconds: its ends are enough.
                let between: &[f64] = if demo.start == Start::OnRun { &[] } else { &[0.3, 0.8] };
                [&[0.0], between, &[1.0]].concat().into_iter().map(at).collect()
            }
            Kind::Wgsl { .. } => Vec::new(),
        };
        values.into_iter().map(move |value| (&*control.name, value))
    };
    demo.controls.iter().flat_map(places).collect()
}

/// `0.3` and not `0.30000000000000004`: as the form field would say it.
fn round(x: f64, step: f64) -> String {
    let text = step.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// Compares what the page shows with native runs, on the default inputs and with every control of
/// the demo moved.
pub fn compare(page: &Page, demo: &'static Listed, backend: &str) -> Result<()> {
    let shown = page.demo(&demo.name)?;
    shown.run()?;
    let mut cases = vec![Case::of(page, "on its default inputs", Inputs::new(), &shown)?];
    // Kernels are judged in `kernel_lab.rs`: their timings differ from run to run.
    let others = if demo.kernel().is_some() { Vec::new() } else { others(demo) };
    let mut moved: Option<&str> = None;
    for (control, value) in others {
        let name = format!("{control} = {value:?}");
        // One control at a time: the one before goes back, once, behind its last place.
        if let Some(before) = moved.replace(control).filter(|before| *before != control) {
            reset(demo, &shown, before)?;
        }
        shown.set(control, &value).context(name.clone())?;
        // A form field may round or refuse a value: what counts is what it holds.
        let held = page.js::<String>(&format!(
            "(f => f.type === 'checkbox' ? String(f.checked) : f.value)({})",
            shown.field(control)
        ))?;
        if demo.start == Start::OnRun {
            shown.click(".run")?;
        }
        shown.settle().context(name.clone())?;
        cases.push(Case::of(page, &name, Inputs::from([(control.to_owned(), held)]), &shown)?);
    }
    if let Some(last) = moved {
        reset(demo, &shown, last)?;
    }
    let runs: Vec<(&str, Inputs)> =
        cases.iter().map(|case| (&*demo.name, case.inputs.clone())).collect();
    for (case, native) in cases.iter().zip(run_natively(&demo.page, &runs)?) {
        case.expect(&shown, native, backend).with_context(|| case.name.clone())?;
    }
    Ok(())
}

/// Puts a control back to its default.
fn reset(demo: &Listed, shown: &Demo, control: &str) -> Result<()> {
    let declared = demo.controls.iter().find(|c| c.name == control);
    shown.set(control, &declared.context("the control is declared")?.default)?;
    shown.settle()
}

/// What the page made of some inputs.
struct Case {
    name: String,
    inputs: Inputs,
    state: String,
    ran_on: String,
    status: String,
    shown: Vec<String>,
    problems: Vec<(String, String)>,
    /// Where one thing is told as many.
    plurals: Vec<String>,
}

/// What a demo says that has a number before a plural, sentence by sentence.
const SAID: &str = "views => [...views.querySelectorAll('p, figcaption, summary, desc, .caption')]
    .map(e => e.textContent)";

/// Sentences that say “1 tokens”.
fn wrong_plurals(said: &[String]) -> Vec<String> {
    let nouns = "tokens|words|bytes|pairs|pieces|characters|steps|letters|lines|points|times|facts|\
        neighbors|merges|candidates|nodes|arrows|rows|people|sentences|beams|texts|ways|answers";
    let wrong =
        Regex::new(&format!(r"(?:^|[\s(“])1[ \x{{202f}}\x{{a0}}](?:more |new )?(?:{nouns})\b"));
    let wrong = wrong.unwrap_or_else(|error| panic!("{error}"));
    said.iter().filter(|text| wrong.is_match(text)).cloned().collect()
}

impl Case {
    fn of(page: &Page, name: &str, inputs: Inputs, shown: &Demo) -> Result<Self> {
        let state = shown.state()?;
        let ran_on = if state == "done" { shown.backend()? } else { String::new() };
        let (status, problems) = (shown.text(".status")?, shown.problems()?);
        let name = name.to_owned();
        let said: Vec<String> = page.js(&format!("({SAID})({})", shown.query(".views")))?;
        let plurals = [wrong_plurals(&said), wrong_plurals(std::slice::from_ref(&status))].concat();
        let shown = shown.shown()?;
        Ok(Self { name, inputs, state, ran_on, status, shown, problems, plurals })
    }

    /// The page shows what a native run on the CPU shows, be it views or a problem.
    fn expect(&self, page: &Demo, native: Shown, backend: &str) -> Result<()> {
        let Self { state, status, ran_on, plurals, .. } = self;
        ensure!(plurals.is_empty(), "one of many: {plurals:?}");
        if let Some((control, message)) = native.input {
            let told = self.problems.iter().find(|(beside, _)| *beside == control);
            let told = told.map(|(_, told)| told.as_str());
            ensure!(told == Some(&message), "beside {control} {told:?}, natively {message:?}");
            return Ok(());
        }
        if let Some(message) = native.error {
            ensure!(state == "error", "natively it fails ({message}), here it is {state}");
            return Ok(());
        }
        ensure!(state == "done", "it is {state}: {status}");
        ensure!(ran_on == backend, "it ran on {ran_on}, not on {backend}");
        page.expect_same(&self.shown, &native.html)
    }
}
