//! Every demo shows the same natively, in WebAssembly on the CPU, and on WebGPU: on its default
//! inputs, and with every control moved.

use anyhow::{Context, Result, ensure};
use book_tests::site::Build;
use book_tests::{Demo, Gpu, Page};
use demo::control::Kind;
use demo::{Backend, Control, DemoError, Device, Inputs, Start};
use grading::block_on;
use study_demos::{Subject, demos, run_demo};

use crate::{Suite, page_of};

/// Texts that are hard to count, to cut and to show.
const TEXTS: [&str; 4] = [
    "The the THE the\n\n  then\tthere, they're 3.14159 ½ don't",
    "日本語 naïve e\u{301} 👩‍👩‍👧‍👦 🇺🇳 \u{202e}abc ﷽",
    "a",
    "\u{0}\u{1}\u{7f}\u{feff}\r\n<img src=x onerror=alert(1)> &amp; $x$ {{y}}",
];

pub fn add(suite: &mut Suite) {
    for demo in demos(Subject::Reference) {
        let name = demo.name;
        let is_lab = (demo.controls)().iter().any(|c| matches!(c.kind, Kind::Wgsl { .. }));
        suite.add(format!("parity::{name}::cpu"), move |browsers| {
            let page = browsers.page(Gpu::Yes, Build::Hosted)?;
            compare(page, &demo, "cpu", if is_lab { Vec::new() } else { others(&demo) })
        });
        // Kernels are judged in `kernel_lab.rs`: their timings differ from run to run.
        if demo.device == Device::CpuOrGpu && !is_lab {
            suite.add(format!("parity::{name}::gpu"), move |browsers| {
                let page = browsers.page(Gpu::Yes, Build::Hosted)?;
                compare(page, &demo, "gpu", others(&demo))
            });
        }
    }
}

/// Each control moved by itself, to all places worth a look.
fn others(demo: &demo::Demo) -> Vec<(&'static str, String)> {
    let places = |control: Control| {
        let values: Vec<String> = match control.kind {
            Kind::Text { .. } => TEXTS.map(str::to_owned).to_vec(),
            Kind::Choice(options) => options.iter().map(|(value, _)| (*value).into()).collect(),
            Kind::Toggle => vec!["true".into(), "false".into()],
            Kind::Number { min, max, step } | Kind::Slider { min, max, step } => {
                let steps = ((max - min) / step).round();
                let at = |share: f64| round(min + (steps * share).round() * step, step);
                vec![at(0.0), at(0.3), at(0.8), at(1.0)]
            }
            Kind::Wgsl { .. } => Vec::new(),
        };
        values.into_iter().map(move |value| (control.name, value))
    };
    (demo.controls)().into_iter().flat_map(places).collect()
}

/// `0.3` and not `0.30000000000000004`: as the form field would say it.
fn round(x: f64, step: f64) -> String {
    let text = step.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

fn compare(
    page: Page,
    demo: &demo::Demo,
    backend: &str,
    cases: Vec<(&'static str, String)>,
) -> Result<()> {
    page.goto(&page_of(demo.lesson))?;
    let shown = page.demo(demo.name)?;
    if demo.device == Device::CpuOrGpu {
        shown.set("backend", backend)?;
    }
    shown.run()?;
    same(demo, &shown, Inputs::new(), backend).context("on its default inputs")?;
    for (control, value) in cases {
        let case = format!("{control} = {value:?}");
        shown.set(control, &value).context(case.clone())?;
        // A form field may round or refuse a value: what counts is what it holds.
        let held = page.js::<String>(&format!(
            "(f => f.type === 'checkbox' ? String(f.checked) : f.value)({})",
            shown.field(control)
        ))?;
        if demo.start == Start::OnRun {
            shown.click(".run")?;
        }
        shown.settle().context(case.clone())?;
        same(demo, &shown, Inputs::from([(control.to_owned(), held)]), backend).context(case)?;
        let default = (demo.controls)().into_iter().find(|c| c.name == control);
        shown.set(control, &default.context("the control is declared")?.default)?;
        shown.settle()?;
    }
    page.close()
}

/// The page shows what a native run on the CPU shows, be it views or a problem.
fn same(demo: &demo::Demo, shown: &Demo, inputs: Inputs, backend: &str) -> Result<()> {
    match block_on(run_demo(demo, inputs, Backend::Cpu)) {
        Ok(native) => {
            shown.expect_done()?;
            let ran_on = shown.backend()?;
            ensure!(ran_on == backend, "it ran on {ran_on}: {}", shown.text(".ran")?);
            shown.expect_shown(&native.html)
        }
        Err(DemoError::Input { control, message }) => {
            let told = shown.problem(&control)?;
            ensure!(told == message, "beside {control} stands {told:?}, natively {message:?}");
            Ok(())
        }
        Err(DemoError::Other(message)) => {
            let state = shown.state()?;
            ensure!(state == "error", "natively it fails ({message}), here it is {state}");
            Ok(())
        }
        Err(DemoError::Cancelled) => anyhow::bail!("nobody cancelled the native run"),
    }
}
