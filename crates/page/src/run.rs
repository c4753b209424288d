//! Runs a demo to its end, natively, and keeps what it showed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use demo::{Backend, Context, Demo, DemoError, Event, Inputs, LocalFuture, Sink};
use scores::Sheet;

/// What a finished run has left on the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The views.
    pub html: String,
    /// The live region's text.
    pub summary: String,
    /// Scores, if it graded something.
    pub sheets: Vec<Sheet>,
}

#[derive(Default)]
struct Keep(RefCell<Shown>);

impl Sink for Keep {
    fn emit(&self, event: Event) {
        let mut shown = self.0.borrow_mut();
        match event {
            Event::Progress { .. } => {}
            Event::Views { html, summary } => {
                shown.html = html;
                shown.summary = summary;
            }
            Event::Score { sheet } => shown.sheets.push(sheet),
        }
    }

    fn pause(&self) -> LocalFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// Runs a demo on these inputs and this backend.
///
/// # Errors
/// What the page would show beside a control or above the views.
pub async fn run_demo(demo: &Demo, inputs: Inputs, backend: Backend) -> Result<Shown, DemoError> {
    let keep = Rc::new(Keep::default());
    let context = Context::new(inputs, backend, keep.clone(), Rc::new(Cell::new(false)));
    (demo.run)(context).await?;
    Ok(keep.0.take())
}
