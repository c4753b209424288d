//! What a run is given: its inputs, its backend, and where its events go.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use scores::Sheet;
use serde::Serialize;

use crate::control::{File, Typed};
use crate::{DemoError, LocalFuture, View, html};

/// Values of controls by name; a control without one has its default.
pub type Inputs = BTreeMap<String, String>;

/// What a run computes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// candle, natively or in WebAssembly.
    Cpu,
    /// wgpu, natively or on WebGPU.
    Gpu,
}

/// What a run tells the page, in order.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// How far it is; shown by name ("compiling the kernel").
    Progress {
        /// What is being done.
        what: String,
        /// Steps done.
        done: u64,
        /// Steps in all; 0 if unknown.
        total: u64,
    },
    /// Views, complete, to be shown in place of all earlier ones of this run.
    Views {
        /// Rendered by this crate; reader text in it is escaped.
        html: String,
        /// One or two sentences for the live region.
        summary: String,
    },
    /// Scores to be kept.
    Score {
        /// In the format of `cargo study grade --format json`.
        sheet: Sheet,
    },
}

/// A file for the reader to keep, such as trained weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer<'a> {
    /// The name it is saved under; one a file of a run.
    pub name: &'a str,
    /// What it holds, as it stands behind its name: “the adapter, as PEFT reads it”.
    pub label: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// Where events go, how to let the page breathe, and where files come from and go.
pub trait Sink {
    /// Passes an event on.
    fn emit(&self, event: Event);
    /// Returns once waiting messages (a cancellation, say) have been handled.
    fn pause(&self) -> LocalFuture<'_, ()>;
    /// The run as the page numbers it. There the page's worker has the files: see `host.rs`.
    #[cfg(target_family = "wasm")]
    fn run(&self) -> u32;
    /// A file of the folder `models`.
    #[cfg(not(target_family = "wasm"))]
    fn asset<'a>(&'a self, name: &'a str) -> LocalFuture<'a, Result<Vec<u8>, DemoError>> {
        Box::pin(async move { Err(DemoError::Other(format!("there is no `models/{name}` here"))) })
    }
    /// What is in the file that the reader chose for a control.
    #[cfg(not(target_family = "wasm"))]
    fn file(&self, _control: &str) -> Option<Vec<u8>> {
        None
    }
    /// Hands over a file to keep.
    #[cfg(not(target_family = "wasm"))]
    fn offer(&self, _offer: &Offer) {}
}

/// The world of one run.
#[derive(Clone)]
pub struct Context {
    inputs: Rc<Inputs>,
    backend: Backend,
    sink: Rc<dyn Sink>,
    cancelled: Rc<Cell<bool>>,
}

impl Context {
    /// A run on these inputs; set `cancelled` to end it at its next progress report.
    pub fn new(
        inputs: Inputs,
        backend: Backend,
        sink: Rc<dyn Sink>,
        cancelled: Rc<Cell<bool>>,
    ) -> Self {
        Self { inputs: Rc::new(inputs), backend, sink, cancelled }
    }

    /// What to compute on.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The value of a control.
    ///
    /// ```
    /// # use std::rc::Rc;
    /// # use demo::{Event, LocalFuture, Sink};
    /// # struct Nowhere;
    /// # impl Sink for Nowhere {
    /// #     fn emit(&self, _: Event) {}
    /// #     fn pause(&self) -> LocalFuture<'_, ()> { Box::pin(async {}) }
    /// # }
    /// use demo::control::Number;
    /// use demo::{Backend, Context, Inputs};
    ///
    /// const SEED: Number = Number::new("seed", "Seed", 7.0, [1.0, 99.0], 1.0);
    ///
    /// let on = |inputs| Context::new(inputs, Backend::Cpu, Rc::new(Nowhere), Rc::default());
    /// assert_eq!(on(Inputs::new()).get(&SEED), Ok(7.0));
    /// assert_eq!(on(Inputs::from([("seed".into(), "42".into())])).get(&SEED), Ok(42.0));
    /// ```
    pub fn get<T: Typed>(&self, typed: &T) -> Result<T::Value, DemoError> {
        let control = typed.control();
        typed.parse(self.inputs.get(control.name).unwrap_or(&control.default))
    }

    /// The file that the reader chose for a control: its name, and what is in it. `None` without
    /// one, as in the still.
    pub fn file(&self, control: &File) -> Option<(String, Vec<u8>)> {
        let name = self.inputs.get(control.name).filter(|name| !name.is_empty())?;
        #[cfg(target_family = "wasm")]
        let found = crate::host::file(self.sink.run(), control.name);
        #[cfg(not(target_family = "wasm"))]
        let found = self.sink.file(control.name);
        Some((name.clone(), found?))
    }

    /// A file of the repository's folder `models`, e.g. `buddy/model.safetensors`, which the demo
    /// declares with [`Run::with_assets`](crate::Run::with_assets). The page fetches it when it is
    /// first asked for, with progress, and keeps it for later runs.
    ///
    /// # Errors
    /// [`DemoError::Other`] for one that is not declared, not there, or does not come;
    /// [`DemoError::Cancelled`] if the reader stops the run meanwhile.
    pub async fn asset(&self, name: &str) -> Result<Vec<u8>, DemoError> {
        #[cfg(target_family = "wasm")]
        let found = crate::host::asset(self.sink.run(), name).await;
        #[cfg(not(target_family = "wasm"))]
        let found = self.sink.asset(name).await;
        self.sink.pause().await;
        found
    }

    /// Offers a file for the reader to save, beneath the views. One of the same name takes the place
    /// of an earlier one; those of an earlier run go with its views.
    ///
    /// ```
    /// # use std::cell::RefCell;
    /// # use std::rc::Rc;
    /// # use demo::{Backend, Context, Event, Inputs, LocalFuture, Sink};
    /// # #[derive(Default)]
    /// # struct Kept(RefCell<Vec<u8>>);
    /// # impl Sink for Kept {
    /// #     fn emit(&self, _: Event) {}
    /// #     fn pause(&self) -> LocalFuture<'_, ()> { Box::pin(async {}) }
    /// #     fn offer(&self, offer: &Offer) { self.0.borrow_mut().extend(offer.bytes); }
    /// # }
    /// # let sink = Rc::new(Kept::default());
    /// # let cx = Context::new(Inputs::new(), Backend::Cpu, sink.clone(), Rc::default());
    /// use demo::Offer;
    ///
    /// cx.offer(&Offer { name: "counts.bin", label: "the counts", bytes: &[1, 2, 3] });
    /// assert_eq!(*sink.0.borrow(), [1, 2, 3]);
    /// ```
    pub fn offer(&self, offer: &Offer) {
        #[cfg(target_family = "wasm")]
        crate::host::offer(self.sink.run(), offer.name, offer.label, offer.bytes);
        #[cfg(not(target_family = "wasm"))]
        self.sink.offer(offer);
    }

    /// Shows these views in place of all earlier ones. Call it again as partial results improve.
    /// `summary` is one or two sentences that tell what came out, for the live region.
    ///
    /// ```
    /// # use std::cell::RefCell;
    /// # use std::rc::Rc;
    /// # use demo::{Backend, Context, Event, Inputs, LocalFuture, Sink};
    /// # #[derive(Default)]
    /// # struct Kept(RefCell<Vec<Event>>);
    /// # impl Sink for Kept {
    /// #     fn emit(&self, event: Event) { self.0.borrow_mut().push(event); }
    /// #     fn pause(&self) -> LocalFuture<'_, ()> { Box::pin(async {}) }
    /// # }
    /// # let sink = Rc::new(Kept::default());
    /// # let cx = Context::new(Inputs::new(), Backend::Cpu, sink.clone(), Rc::default());
    /// use demo::View;
    ///
    /// cx.show("The mean is 2.", &[View::Prose(vec!["(1 + 3) / 2 = 2".into()])]);
    /// let [Event::Views { html, summary }] = &sink.0.borrow()[..] else { panic!("one event") };
    /// assert!(summary == "The mean is 2." && html.contains("<p>(1 + 3) / 2 = 2</p>"));
    /// ```
    pub fn show(&self, summary: impl Into<String>, views: &[View]) {
        let html = html::views(views);
        let summary = html::text::clean(&summary.into()).into_owned();
        self.sink.emit(Event::Views { html, summary });
    }

    /// Reports progress, lets the page breathe, and ends the run if the reader asked for another.
    ///
    /// ```
    /// # use std::{cell::Cell, rc::Rc};
    /// # use demo::{Backend, Context, DemoError, Event, Inputs, LocalFuture, Sink};
    /// # struct Nowhere;
    /// # impl Sink for Nowhere {
    /// #     fn emit(&self, _: Event) {}
    /// #     fn pause(&self) -> LocalFuture<'_, ()> { Box::pin(async {}) }
    /// # }
    /// # let cancelled = Rc::new(Cell::new(false));
    /// # let cx = Context::new(Inputs::new(), Backend::Cpu, Rc::new(Nowhere), cancelled.clone());
    /// async fn train(cx: &Context) -> Result<(), DemoError> {
    ///     for step in 0..100 {
    ///         cx.progress("training", step, 100).await?;
    ///     }
    ///     Ok(())
    /// }
    /// assert_eq!(grading::block_on(train(&cx)), Ok(()));
    /// cancelled.set(true);
    /// assert_eq!(grading::block_on(train(&cx)), Err(DemoError::Cancelled));
    /// ```
    pub async fn progress(&self, what: &str, done: u64, total: u64) -> Result<(), DemoError> {
        self.sink.emit(Event::Progress { what: what.into(), done, total });
        self.sink.pause().await;
        if self.cancelled.get() { Err(DemoError::Cancelled) } else { Ok(()) }
    }

    /// Hands scores to the page, which keeps them.
    pub fn score(&self, sheet: Sheet) {
        self.sink.emit(Event::Score { sheet });
    }
}
