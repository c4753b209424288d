//! Runs a demo to its end, natively, and keeps what it showed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use demo::{Backend, Context, Demo, DemoError, Event, Inputs, LocalFuture, Offer, Sink};
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
    /// Files to save.
    pub files: Vec<Offered>,
}

/// A file that a run offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The name it is saved under.
    pub name: String,
    /// What it holds, in words.
    pub label: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Files of the reader's, by control: the name, and what is in it.
pub type Files = BTreeMap<String, (String, Vec<u8>)>;

struct Keep {
    shown: RefCell<Shown>,
    files: Files,
    assets: &'static [&'static str],
}

/// The folder whose files a demo may ask for.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models");

impl Sink for Keep {
    fn emit(&self, event: Event) {
        let mut shown = self.shown.borrow_mut();
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

    fn asset<'a>(&'a self, name: &'a str) -> LocalFuture<'a, Result<Vec<u8>, DemoError>> {
        Box::pin(async move {
            if !self.assets.contains(&name) {
                let message = format!(
                    "the demo asks for `models/{name}`, which it does not declare: add it to \
                     `with_assets`"
                );
                return Err(DemoError::Other(message));
            }
            let path = Path::new(MODELS).join(name);
            std::fs::read(&path)
                .map_err(|error| DemoError::Other(format!("`models/{name}`: {error}")))
        })
    }

    fn file(&self, control: &str) -> Option<Vec<u8>> {
        Some(self.files.get(control)?.1.clone())
    }

    fn offer(&self, offer: &Offer) {
        let files = &mut self.shown.borrow_mut().files;
        files.retain(|file| file.name != offer.name);
        let (name, label) = (offer.name.into(), offer.label.into());
        files.push(Offered { name, label, bytes: offer.bytes.into() });
    }
}

/// Runs a demo on these inputs and this backend.
///
/// # Errors
/// What the page would show beside a control or above the views.
pub async fn run_demo(demo: &Demo, inputs: Inputs, backend: Backend) -> Result<Shown, DemoError> {
    run_demo_with(demo, inputs, Files::new(), backend).await
}

/// The same with files that the reader chose.
///
/// # Errors
/// What the page would show beside a control or above the views.
pub async fn run_demo_with(
    demo: &Demo,
    mut inputs: Inputs,
    files: Files,
    backend: Backend,
) -> Result<Shown, DemoError> {
    inputs.extend(files.iter().map(|(control, (name, _))| (control.clone(), name.clone())));
    let shown = RefCell::default();
    let keep = Rc::new(Keep { shown, files, assets: demo.run.assets });
    let context = Context::new(inputs, backend, keep.clone(), Rc::new(Cell::new(false)));
    demo.run.start(context).await?;
    Ok(keep.shown.take())
}
