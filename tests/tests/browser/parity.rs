//! Every demo shows the same natively, in WebAssembly on the CPU, and on WebGPU: on its default
//! inputs, and with every control moved.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{
    Control, Inputs, Kind, Listed, Shown, Start, of_kit, page_of, run_natively,
};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page};
use regex::Regex;

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("parity::what_was_measured_is_not_compared", measured);
}

/// What a machine measured of itself is left out of a comparison, on a GPU also what it trained, and
/// nothing around it.
fn measured(browsers: &Browsers) -> Result<()> {
    let demo = of_kit("kit-views");
    let page = browsers.page(Gpu::No, Build::Kit)?;
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    let views = |speed: &str, result: &str| {
        shown.would_show(&format!("<div class=\"measured\">{speed}</div><p>{result}</p>"))
    };
    let one = views("<p>1.5 GB/s</p>", "a result")?;
    ensure!(one == views("<p>Press Run.</p>", "a result")?, "a speed is compared: {one:?}");
    ensure!(one != views("<p>1.5 GB/s</p>", "another")?, "what is around a speed is not compared");
    let by = |backend: &str, loss: &str, result: &str| {
        let html = format!("<div class=\"trained\"><p>{loss}</p></div><p>{result}</p>");
        shown.would_show_by(backend, &html)
    };
    ensure!(by("gpu", "0.31", "a")? == by("gpu", "0.32", "a")?, "what a GPU trained is compared");
    ensure!(
        by("gpu", "0.31", "a")? != by("gpu", "0.31", "b")?,
        "what is around it is not compared"
    );
    ensure!(by("cpu", "0.31", "a")? != by("cpu", "0.32", "a")?, "what a CPU trained is left out");
    page.close()
}

/// Texts that are hard to count, to cut and to show.
const TEXTS: [&str; 4] = [
    "The the THE the\n\n  then\tthere, they're 3.14159 ½ don't",
    "日本語 naïve e\u{301} 👩‍👩‍👧‍👦 🇺🇳 \u{202e}abc ﷽",
    "a",
    "\u{0}\u{1}\u{7f}\u{feff}\r\n<img src=x onerror=alert(1)> &amp; $x$ {{y}}",
];

/// What some controls are set to; the others are at their defaults.
type Moves = Vec<(&'static str, String)>;

/// Every place of every control that is worth a look, without those that the demo sets for a trial. Texts and choices are tried one at a time, since
/// they decide what else counts; numbers and switches are moved together, which needs as many runs as
/// the control with the most places has. Neighbors go opposite ways: all at their largest might take
/// minutes.
fn others(demo: &'static Listed) -> Vec<Moves> {
    let (mut alone, mut together) = (Vec::new(), Vec::<Moves>::new());
    let moved = demo.controls.iter().filter(|control| !demo.trial.contains_key(&control.name));
    for (n, control) in moved.enumerate() {
        let mut places = places(control, demo.start);
        places.retain(|value| *value != control.default);
        if n % 2 == 1 {
            places.reverse();
        }
        let moves = places.into_iter().map(|value| (&*control.name, value));
        if matches!(control.kind, Kind::Text { .. } | Kind::Choice(_)) {
            alone.extend(moves.map(|one| vec![one]));
            continue;
        }
        for (i, one) in moves.enumerate() {
            if i == together.len() {
                together.push(Vec::new());
            }
            together[i].push(one);
        }
    }
    alone.extend(together);
    alone
}

fn places(control: &Control, start: Start) -> Vec<String> {
    // What waits for *Run* takes seconds: two texts, and the ends of numbers, are enough.
    let waits = start == Start::OnRun;
    match &control.kind {
        Kind::Text { .. } => {
            TEXTS.iter().skip(if waits { 2 } else { 0 }).map(|text| (*text).to_owned()).collect()
        }
        Kind::Choice(options) => options.iter().map(|(value, _)| value.clone()).collect(),
        Kind::Toggle => vec!["true".into(), "false".into()],
        Kind::Number { min, max, step } | Kind::Slider { min, max, step } => {
            let steps = ((max - min) / step).round();
            let at = |share: f64| round(min + (steps * share).round() * step, *step);
            let between: &[f64] = if waits { &[] } else { &[0.3, 0.8] };
            [&[0.0], between, &[1.0]].concat().into_iter().map(at).collect()
        }
        Kind::Wgsl { .. } | Kind::File { .. } => Vec::new(),
    }
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
    let mut form = Form { page, demo, shown: &shown, moved: Vec::new() };
    to_trial(demo, &shown)?;
    for moves in others {
        cases.push(form.case(&moves)?);
    }
    let mut runs = native(demo, &cases)?;
    // Where numbers together are an input that is refused, each is tried by itself.
    let mut apart = Vec::new();
    for (case, run) in cases.iter().zip(&runs) {
        if case.inputs.len() > 1 && (run.input.is_some() || run.error.is_some()) {
            let moved = |(control, _): &(&String, &String)| !demo.trial.contains_key(*control);
            for (control, value) in case.inputs.iter().filter(moved) {
                apart.push(form.case(&[(control.as_str(), value.clone())])?);
            }
        }
    }
    form.to(&[])?;
    runs.extend(native(demo, &apart)?);
    cases.extend(apart);
    for (case, native) in cases.iter().zip(runs) {
        case.expect(&shown, native, backend).with_context(|| case.name.clone())?;
    }
    Ok(())
}

fn native(demo: &Listed, cases: &[Case]) -> Result<Vec<Shown>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let runs: Vec<(&str, Inputs)> =
        cases.iter().map(|case| (&*demo.name, case.inputs.clone())).collect();
    run_natively(&demo.page, &runs)
}

/// Sets a demo to what it names for a trial: where its defaults take seconds.
pub fn to_trial(demo: &Listed, shown: &Demo) -> Result<()> {
    demo.trial.iter().try_for_each(|(control, value)| shown.set(control, value))
}

/// The form of a demo, and which of its controls are not at their defaults.
struct Form<'a> {
    page: &'a Page,
    demo: &'a Listed,
    shown: &'a Demo<'a>,
    moved: Vec<String>,
}

impl Form<'_> {
    /// Puts these controls to these values and all others to their defaults.
    fn to(&mut self, moves: &[(&str, String)]) -> Result<()> {
        for name in std::mem::take(&mut self.moved) {
            if !moves.iter().any(|(control, _)| *control == name) {
                let declared = self.demo.controls.iter().find(|control| control.name == name);
                let declared = declared.context("the control is declared")?;
                let value = self.demo.trial.get(&name).unwrap_or(&declared.default);
                self.shown.set(&name, value)?;
            }
        }
        for (control, value) in moves {
            self.shown.set(control, value)?;
            self.moved.push((*control).to_owned());
        }
        self.shown.settle()
    }

    /// What the page makes of this.
    fn case(&mut self, moves: &[(&str, String)]) -> Result<Case> {
        let named = moves.iter().map(|(control, value)| format!("{control} = {value:?}"));
        let name = named.collect::<Vec<_>>().join(", ");
        self.to(moves).with_context(|| name.clone())?;
        // A form field may round or refuse a value: what counts is what it holds.
        let mut inputs = self.demo.trial.clone();
        for (control, _) in moves {
            let field = self.shown.field(control);
            let held: String = self.page.js(&format!(
                "(f => f.type === 'checkbox' ? String(f.checked) : f.value)({field})"
            ))?;
            inputs.insert((*control).to_owned(), held);
        }
        if self.demo.start == Start::OnRun {
            self.shown.click(".run")?;
        }
        self.shown.settle().with_context(|| name.clone())?;
        Case::of(self.page, &name, inputs, self.shown)
    }
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

const SUMMARY: &str =
    "window.__heard.findLast(heard => heard.event?.type === 'views')?.event.summary ?? ''";

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
        // The summary as it was sent: the live region announces only some of many.
        let summary: String = page.js(SUMMARY)?;
        let plurals = [wrong_plurals(&said), wrong_plurals(&[summary])].concat();
        let shown = shown.shown_by(&ran_on)?;
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
        page.expect_same_by(backend, &self.shown, &native.html)
    }
}
