//! What the page's worker calls: start a run, cancel a run.
//!
//! Everything a run tells goes through one callback as JSON text, in the format described in
//! `ARCHITECTURE.md`. A panic ends the module, so its message is posted before it does.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use demo::{Backend, Context, Demo, DemoError, Device, Event, Inputs, LocalFuture, Sink};
use js_sys::{Function, Promise};
use scores::Place;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The demos of a page.
pub type Demos = fn() -> Vec<Demo>;

/// A message to the page.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Message<'a> {
    Started { run: u32, backend: Backend, label: String },
    Event { run: u32, event: Event },
    Done { run: u32, ms: f64 },
    Error { run: u32, control: Option<String>, message: String },
    Cancelled { run: u32 },
    Panic { run: u32, message: &'a str, place: Option<Place> },
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, ms: i32);
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

thread_local! {
    /// Of the reference, and of the learner's code.
    static DEMOS: Cell<[Demos; 2]> = const { Cell::new([Vec::new, Vec::new]) };
    static RUNNING: RefCell<HashMap<u32, Rc<Cell<bool>>>> = RefCell::default();
    /// The run that a panic is blamed on: the one that was polled last.
    static CURRENT: Cell<u32> = const { Cell::new(0) };
    static POST: RefCell<Option<Function>> = const { RefCell::new(None) };
}

fn post(message: &Message) {
    let json = serde_json::to_string(message).unwrap_or_default();
    POST.with_borrow(|post| {
        if let Some(post) = post {
            // The page may be gone; nobody is left to tell.
            let _ = post.call1(&JsValue::NULL, &JsValue::from_str(&json));
        }
    });
}

struct PageSink {
    run: u32,
}

impl Sink for PageSink {
    fn emit(&self, event: Event) {
        post(&Message::Event { run: self.run, event });
    }

    fn pause(&self) -> LocalFuture<'_, ()> {
        Box::pin(async {
            let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, 0));
            // A timer is never rejected.
            let _ = JsFuture::from(promise).await;
            CURRENT.set(self.run);
        })
    }

    fn run(&self) -> u32 {
        self.run
    }
}

/// Sets the demos that this module runs: of the reference, and in a local build of the learner's
/// code.
pub fn serve(reference: Demos, yours: Demos) {
    DEMOS.set([reference, yours]);
}

/// Prepares the module: panics are told to the page.
#[wasm_bindgen]
pub fn prepare(callback: Function) {
    POST.set(Some(callback));
    std::panic::set_hook(Box::new(|info| {
        let text = info.payload_as_str().unwrap_or("a panic without a message");
        let place = info.location().map(|l| Place { file: l.file().into(), line: l.line() });
        post(&Message::Panic { run: CURRENT.get(), message: text, place });
    }));
}

/// Starts a run. `backend` is `auto`, `cpu` or `gpu`; `inputs` a JSON object of texts.
#[wasm_bindgen]
pub async fn start(run: u32, demo: String, subject: String, backend: String, inputs: String) {
    CURRENT.set(run);
    let cancelled = Rc::new(Cell::new(false));
    RUNNING.with_borrow_mut(|r| r.insert(run, cancelled.clone()));
    let began = now();
    let result = try_run(run, &demo, &subject, &backend, &inputs, cancelled).await;
    RUNNING.with_borrow_mut(|r| r.remove(&run));
    post(&match result {
        Ok(()) => Message::Done { run, ms: now() - began },
        Err(DemoError::Cancelled) => Message::Cancelled { run },
        Err(DemoError::Input { control, message }) => {
            Message::Error { run, control: Some(control), message }
        }
        Err(DemoError::Other(message)) => Message::Error { run, control: None, message },
    });
}

async fn try_run(
    run: u32,
    name: &str,
    subject: &str,
    backend: &str,
    inputs: &str,
    cancelled: Rc<Cell<bool>>,
) -> Result<(), DemoError> {
    let [reference, yours] = DEMOS.get();
    let demos = if subject == "yours" { yours() } else { reference() };
    let demo = demos
        .into_iter()
        .find(|d| d.name == name)
        .ok_or_else(|| DemoError::Other(format!("this build has no demo `{name}`")))?;
    let inputs: Inputs = serde_json::from_str(inputs)?;
    let sink = Rc::new(PageSink { run });
    let (backend, label) = choose(&demo, backend, &*sink).await?;
    CURRENT.set(run);
    post(&Message::Started { run, backend, label });
    demo.run.start(Context::new(inputs, backend, sink, cancelled)).await
}

/// The backend, and how the page names it.
async fn choose(
    demo: &Demo,
    wanted: &str,
    sink: &dyn Sink,
) -> Result<(Backend, String), DemoError> {
    const CPU: &str = "CPU (WebAssembly)";
    if demo.device == Device::Cpu || wanted == "cpu" {
        return Ok((Backend::Cpu, CPU.into()));
    }
    let what = "Starting WebGPU".into();
    sink.emit(Event::Progress { what, done: 0, total: 0 });
    let mut shared = gpu::shared().await;
    // One that was lost while nothing ran is found out now: the run gets a new one, or the CPU.
    if let Ok(gpu) = &shared
        && !gpu.is_alive().await
    {
        shared = gpu::shared().await;
    }
    match shared {
        Ok(gpu) if gpu.name().is_empty() => Ok((Backend::Gpu, "WebGPU".into())),
        Ok(gpu) => Ok((Backend::Gpu, format!("WebGPU ({})", gpu.name()))),
        Err(error) if wanted == "gpu" => Err(error.into()),
        Err(_) => Ok((Backend::Cpu, format!("{CPU}; no WebGPU here"))),
    }
}

/// Ends a run at its next progress report.
#[wasm_bindgen]
pub fn cancel(run: u32) {
    RUNNING.with_borrow(|r| {
        if let Some(flag) = r.get(&run) {
            flag.set(true);
        }
    });
}
