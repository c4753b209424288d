//! A demo on a page, as a reader uses it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::{Page, quoted};

/// How long a run may take: a software GPU compiles and runs the kernels of every check.
const PATIENCE: Duration = Duration::from_secs(180);

/// `<study-demo name="…">` on a page.
pub struct Demo<'a> {
    page: &'a Page,
    name: &'a str,
}

impl<'a> Demo<'a> {
    pub(crate) fn find(page: &'a Page, name: &'a str) -> Result<Self> {
        let demo = Self { page, name };
        let alive = format!("{} && !{}.disabled", demo.element(), demo.query("fieldset"));
        page.wait(&format!("the demo {name} to come alive"), &alive)?;
        page.act(&format!("{}.scrollIntoView()", demo.element()))?;
        Ok(demo)
    }

    fn element(&self) -> String {
        format!("document.querySelector('study-demo[name={}]')", quoted(self.name))
    }

    /// JavaScript for the first element in the demo that a selector finds.
    pub fn query(&self, selector: &str) -> String {
        format!("{}.querySelector({})", self.element(), quoted(selector))
    }

    /// JavaScript for the form field of a control.
    pub fn field(&self, control: &str) -> String {
        self.query(&format!("[name={}]", quoted(control)))
    }

    /// Gives a control a value, as a reader's input would. `backend` and `subject` are controls.
    pub fn set(&self, control: &str, value: &str) -> Result<()> {
        self.page.act(&format!(
            "{{ const field = {}, value = {};
                if (field.type === 'checkbox') field.checked = value === 'true';
                else field.value = value;
                field.dispatchEvent(new Event('input', {{ bubbles: true }})); }}",
            self.field(control),
            quoted(value)
        ))
    }

    /// Chooses files for a text control, as its button *Open a text file* does.
    pub fn choose(&self, control: &str, files: &[PathBuf]) -> Result<()> {
        let input = format!("[data-control={}] input[type=file]", quoted(control));
        self.page.set_files(&self.query(&input), files)
    }

    /// The value of a control.
    pub fn value(&self, control: &str) -> Result<String> {
        self.page.js(&format!("{}.value", self.field(control)))
    }

    /// Presses a button of the demo: `.run`, `.stop`, `.reset`.
    pub fn click(&self, selector: &str) -> Result<()> {
        self.page.act(&format!("{}.click()", self.query(selector)))
    }

    /// Presses *Run* and waits for the end.
    pub fn run(&self) -> Result<()> {
        self.click(".run")?;
        self.settle()
    }

    /// Waits until the page answers.
    pub fn answers(&self) -> Result<()> {
        self.page.wait_for(PATIENCE, "the page to answer", "true")
    }

    /// Waits until nothing runs.
    pub fn settle(&self) -> Result<()> {
        // A change of a control starts its run at the next frame.
        self.page.act(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))",
        )?;
        let rest = format!("{}.dataset.state !== 'running'", self.element());
        self.page.wait_for(PATIENCE, &format!("the run of {} to end", self.name), &rest)
    }

    /// `idle`, `running`, `done` or `error`.
    pub fn state(&self) -> Result<String> {
        self.page.js(&format!("{}.dataset.state", self.element()))
    }

    /// What the last run computed on: `cpu` or `gpu`.
    pub fn backend(&self) -> Result<String> {
        self.page.js(&format!("{}.dataset.backend ?? ''", self.element()))
    }

    /// The text of an element of the demo: `.status`, `.ran`, `.views`.
    pub fn text(&self, selector: &str) -> Result<String> {
        self.page.js(&format!("{}.innerText", self.query(selector)))
    }

    /// JavaScript that is true in this state: `idle`, `running`, `done` or `error`.
    pub fn is(&self, state: &str) -> String {
        format!("{}.dataset.state === {}", self.element(), quoted(state))
    }

    /// The message beside a control; empty if there is none to be seen.
    pub fn problem(&self, control: &str) -> Result<String> {
        let place = self.query(&format!("[data-control={}] .problem", quoted(control)));
        self.page.js(&format!("{place}.hidden ? '' : {place}.innerText"))
    }

    /// All messages beside controls that are to be seen, with the controls' names.
    pub fn problems(&self) -> Result<Vec<(String, String)>> {
        self.page.js(&format!(
            "[...{}.querySelectorAll('[data-control] .problem')].filter(p => !p.hidden)
                .map(p => [p.closest('[data-control]').dataset.control, p.innerText])",
            self.element()
        ))
    }

    /// Whether there is a message beside any control.
    pub fn complains(&self) -> Result<bool> {
        let hidden = format!("{}.querySelectorAll('.problem')", self.element());
        self.page.js(&format!("[...{hidden}].some(problem => !problem.hidden)"))
    }

    /// Fails unless the last run ended well.
    pub fn expect_done(&self) -> Result<()> {
        let state = self.state()?;
        ensure!(state == "done", "{} is {state}: {}", self.name, self.text(".status")?);
        Ok(())
    }

    /// What its views show, as comparable texts: what is around the steps, then step by step.
    pub fn shown(&self) -> Result<Vec<String>> {
        self.shown_by("cpu")
    }

    /// The same, without what may be another on that backend.
    pub fn shown_by(&self, backend: &str) -> Result<Vec<String>> {
        let left_out = quoted(left_out(backend));
        self.page.js(&format!("({FLAT})({}, {left_out})", self.query(".views")))
    }

    /// What views rendered elsewhere show, in the same form.
    pub fn would_show(&self, html: &str) -> Result<Vec<String>> {
        self.would_show_by("cpu", html)
    }

    /// The same, without what may be another on that backend.
    pub fn would_show_by(&self, backend: &str, html: &str) -> Result<Vec<String>> {
        self.page.js(&format!(
            "{{ const box = new DOMParser().parseFromString({}, 'text/html').body;
                ({FLAT})(box, {}) }}",
            quoted(html),
            quoted(left_out(backend))
        ))
    }

    /// Fails unless what its views showed is what these rendered views do.
    pub fn expect_same(&self, shown: &[String], html: &str) -> Result<()> {
        self.expect_same_by("cpu", shown, html)
    }

    /// The same for what [`Self::shown_by`] returned.
    pub fn expect_same_by(&self, backend: &str, shown: &[String], html: &str) -> Result<()> {
        let wanted = self.would_show_by(backend, html)?;
        let differs = shown.iter().zip(&wanted).position(|(s, w)| s != w);
        let name = self.name;
        ensure!(
            differs.is_none(),
            "{name} shows something else:\n{}",
            json!(differs.map(|i| (&shown[i], &wanted[i])))
        );
        ensure!(shown.len() == wanted.len(), "{name}: {} steps, not {}", shown.len(), wanted.len());
        Ok(())
    }
}

/// What no comparison looks at: what was measured, and what a GPU has trained.
fn left_out(backend: &str) -> &'static str {
    if backend == "gpu" { ".measured, .trained" } else { ".measured" }
}

/// Text of views, in which the page has made steps a scrubber, and values that only CSS shows; parts
/// can be left out.
const FLAT: &str = "(views, leftOut) => {
    const copy = views.cloneNode(true);
    copy.querySelectorAll(`.scrubber, summary, ${leftOut}`).forEach(part => part.remove());
    const tidy = node => {
        const styles = [...node.querySelectorAll('[style*=\"--\"], progress, path, polyline')];
        const values = styles.map(s => s.style.getPropertyValue('--v') || s.getAttribute('value')
            || s.getAttribute('d') || s.getAttribute('points') || '');
        return node.textContent.replace(/\\s+/g, ' ').trim() + ' ' + values.join(' ');
    };
    const frames = [...copy.querySelectorAll('.frame')];
    frames.sort((a, b) => a.dataset.frame - b.dataset.frame);
    const steps = frames.map(tidy);
    frames.forEach(frame => frame.remove());
    return [tidy(copy), ...steps];
}";
