//! What a demo is: controls in, views out.
//!
//! A [`Demo`] declares its [`controls`](control) and an asynchronous run that reads them from a
//! [`Context`] and shows [`View`]s. The same run makes the still in the page at build time, answers
//! the reader's sliders in WebAssembly, and is compared between CPU and WebGPU in the tests.

mod context;
pub mod control;
pub mod figure;
pub mod format;
#[cfg(target_family = "wasm")]
mod host;
pub mod html;
mod view;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use serde::Serialize;

pub use context::{Backend, Context, Event, Inputs, Offer, Sink};
pub use control::Control;
pub use view::{
    Bar, Cell, Drawn, Graph, GraphEdge, GraphNode, Line, Point, Shade, TokenChip, Tone, View,
};

/// A future on the one thread of a worker.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Why a run ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DemoError {
    /// The value of a control cannot be used; shown beside that control.
    Input {
        /// The control's name.
        control: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// Anything else; shown above the views.
    Other(String),
    /// The reader asked for another run.
    Cancelled,
}

impl DemoError {
    /// A value that cannot be used, told beside its control.
    ///
    /// ```
    /// use demo::DemoError;
    ///
    /// let error = DemoError::input("prompt", "Give at least one word.");
    /// assert!(matches!(error, DemoError::Input { control, .. } if control == "prompt"));
    /// ```
    pub fn input(control: &str, message: impl Into<String>) -> Self {
        Self::Input { control: control.into(), message: message.into() }
    }
}

impl<E: std::error::Error> From<E> for DemoError {
    fn from(error: E) -> Self {
        Self::Other(error.to_string())
    }
}

/// What a demo does: it reads the controls and shows views. Made by [`run`].
#[derive(Clone)]
pub struct Run {
    start: Rc<dyn Fn(Context) -> LocalFuture<'static, Result<(), DemoError>>>,
    /// The files of `models/` that it may ask for: what the build copies into the site.
    pub assets: &'static [&'static str],
    /// What the controls are set to while the tests try the demo, by name.
    pub trial: &'static [(&'static str, &'static str)],
}

/// The run of a demo, from an asynchronous function; what it needs besides its context, the answers
/// of a learner, it captures.
pub fn run<F>(run: impl Fn(Context) -> F + 'static) -> Run
where
    F: Future<Output = Result<(), DemoError>> + 'static,
{
    Run { start: Rc::new(move |cx| Box::pin(run(cx))), assets: &[], trial: &[] }
}

impl Run {
    /// The same, with files of `models/` to ask for: see [`Context::asset`].
    pub fn with_assets(self, assets: &'static [&'static str]) -> Self {
        Self { assets, ..self }
    }

    /// The same, with settings for the tests of the page, which move each control and run: those
    /// of a demo that takes seconds with its defaults. A browser test still runs the defaults once.
    pub fn tried_with(self, trial: &'static [(&'static str, &'static str)]) -> Self {
        Self { trial, ..self }
    }

    /// Starts a run.
    pub fn start(&self, cx: Context) -> LocalFuture<'static, Result<(), DemoError>> {
        (self.start)(cx)
    }
}

/// A demo: what `<study-demo name="…">` mounts.
///
/// ```
/// use demo::control::{Toggle, Typed};
/// use demo::{Context, Demo, DemoError, Device, Start, View, html};
///
/// const LOUD: Toggle = Toggle::new("loud", "Loud", false);
///
/// async fn greet(cx: Context) -> Result<(), DemoError> {
///     let greeting = if cx.get(&LOUD)? { "HELLO" } else { "hello" };
///     cx.show(format!("It says {greeting}."), &[View::Prose(vec![greeting.into()])]);
///     Ok(())
/// }
/// let demo = Demo {
///     name: "greeting",
///     title: "A greeting",
///     lesson: "tokenization",
///     has_yours: false,
///     device: Device::Cpu,
///     start: Start::OnInput,
///     controls: || vec![LOUD.control()],
///     run: demo::run(greet),
/// };
/// assert!(html::still(&demo, "", "", &[]).starts_with("<study-demo name=\"greeting\""));
/// ```
#[derive(Clone)]
pub struct Demo {
    /// As in the page and in URLs, e.g. `temperature-bars`.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The lesson, or other page, it belongs to.
    pub lesson: &'static str,
    /// Whether the learner's code can run in it. Not in a kernel lab, which runs what stands in
    /// its editor, and not on a page that is no lesson.
    pub has_yours: bool,
    /// What it runs on.
    pub device: Device,
    /// When it runs.
    pub start: Start,
    /// What the reader sets.
    pub controls: fn() -> Vec<Control>,
    /// Reads the controls, shows views.
    pub run: Run,
}

impl Demo {
    /// Whether it compiles a kernel of the reader's on a GPU. Such a kernel can also be run one
    /// thread at a time.
    pub(crate) fn is_kernel_lab(&self) -> bool {
        let is_kernel = |control: &Control| matches!(control.kind, control::Kind::Wgsl { .. });
        self.device == Device::CpuOrGpu && (self.controls)().iter().any(is_kernel)
    }
}

/// What a demo computes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// WebAssembly only.
    Cpu,
    /// WebGPU where there is one, else WebAssembly.
    CpuOrGpu,
}

/// What starts a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Every change of a control, once the reader has touched the demo.
    OnInput,
    /// A press of *Run*: for runs that are long or judged.
    OnRun,
}
