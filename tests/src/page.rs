//! One page in a browser: what a reader sees and does, and what goes wrong meanwhile.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chromiumoxide::cdp::browser_protocol::browser::BrowserContextId;
use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::SetFocusEmulationEnabledParams;
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::cdp::browser_protocol::log::{self, EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, NavigateParams, ReloadParams,
};
use chromiumoxide::cdp::browser_protocol::target::{
    CloseTargetParams, CreateBrowserContextParams, CreateTargetParams, SetAutoAttachParams,
};
use chromiumoxide::cdp::js_protocol::runtime::{
    self, AwaitPromiseParams, CallFunctionOnParams, ConsoleApiCalledType, EvaluateParams,
    EventConsoleApiCalled, EventExceptionThrown, ExceptionDetails, RemoteObject,
    RemoteObjectSubtype,
};
use chromiumoxide::error::CdpError;
use chromiumoxide::keys::get_key_definition;
use chromiumoxide::types::Command;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Demo;
use crate::browser::Process;

/// How long a page may take for anything that is not a long computation. Generous, since a
/// software GPU shares two cores with the compiler of its shaders.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs before the scripts of every page: keeps the workers, and all that they say.
const SPY: &str = include_str!("spy.js");

/// Every window is that of a new reader, for whom the service worker would fetch the whole book.
const NOT_KEPT: &str = "navigator.serviceWorker.register = () => new Promise(() => {})";

/// A page of the site.
pub struct Page {
    tab: chromiumoxide::Page,
    process: Arc<Process>,
    /// What it shares with its siblings.
    context: BrowserContextId,
    base: String,
    /// Whether the service worker keeps the book.
    keeps: bool,
    problems: Problems,
}

/// What went wrong so far.
type Problems = Arc<Mutex<Vec<String>>>;

/// Keys that are held while another is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// None.
    None,
    /// Ctrl.
    Ctrl,
    /// Shift.
    Shift,
}

pub(crate) fn open(process: &Arc<Process>, base: String, keeps: bool) -> Result<Page> {
    let context = process.browser()?.create_browser_context(CreateBrowserContextParams::default());
    Page::new(process.clone(), process.wait(context)?, base, keeps)
}

/// A text as a JavaScript literal.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn short(expression: &str) -> String {
    expression.chars().take(200).collect()
}

impl Page {
    fn new(
        process: Arc<Process>,
        context: BrowserContextId,
        base: String,
        keeps: bool,
    ) -> Result<Self> {
        let mut blank = CreateTargetParams::new("about:blank");
        blank.browser_context_id = Some(context.clone());
        let tab = process.wait(process.browser()?.new_page(blank));
        let tab = tab.context("the browser opened no tab")?;
        let page = Self { tab, process, context, base, keeps, problems: Problems::default() };
        page.listen(|thrown: &EventExceptionThrown| {
            let details = &thrown.exception_details;
            let description = details.exception.as_ref().and_then(|e| e.description.clone());
            Some(description.unwrap_or_else(|| details.text.clone()))
        })?;
        page.listen(console_error)?;
        page.listen(|added: &EventEntryAdded| {
            let entry = &added.entry;
            let url = entry.url.as_deref().unwrap_or_default();
            (entry.level == LogEntryLevel::Error).then(|| format!("{} {url}", entry.text))
        })?;
        // The driver attaches itself to all workers; a service worker then never gets to its work.
        page.execute(SetAutoAttachParams::new(false, false))?;
        page.execute(runtime::EnableParams::default())?;
        page.execute(log::EnableParams::default())?;
        // Tabs side by side all believe that they are in front.
        page.execute(SetFocusEmulationEnabledParams::new(true))?;
        page.before_scripts(SPY)?;
        if !keeps {
            page.before_scripts(NOT_KEPT)?;
        }
        Ok(page)
    }

    /// Keeps what the events of one kind tell of problems.
    fn listen<E: chromiumoxide::cdp::IntoEventKind + Unpin + Send + Sync + 'static>(
        &self,
        problem: impl Fn(&E) -> Option<String> + Send + 'static,
    ) -> Result<()> {
        let mut events = self.process.wait(self.tab.event_listener::<E>())?;
        let problems = self.problems.clone();
        self.process.spawn(async move {
            while let Some(event) = events.next().await {
                if let Some(problem) = problem(&event) {
                    problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
                }
            }
        });
        Ok(())
    }

    /// Calls a method of the browser's protocol, for what has no method here.
    pub fn execute<C: Command>(&self, command: C) -> Result<C::Response> {
        Ok(self.process.wait(self.tab.execute(command))?.result)
    }

    /// Runs a script before the scripts of every page that is opened from now on.
    pub fn before_scripts(&self, source: &str) -> Result<()> {
        self.execute(AddScriptToEvaluateOnNewDocumentParams::new(source)).map(drop)
    }

    /// Another tab of the same reader: storage and cache are shared.
    pub fn sibling(&self) -> Result<Self> {
        Self::new(self.process.clone(), self.context.clone(), self.base.clone(), self.keeps)
    }

    /// A demo on this page, once it is alive.
    pub fn demo<'a>(&'a self, name: &'a str) -> Result<Demo<'a>> {
        Demo::find(self, name)
    }

    /// Goes to a page of the site, given by its path and query, and waits until it is loaded.
    pub fn goto(&self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.base);
        let opened = self.execute(NavigateParams::new(&url));
        let opened = opened.with_context(|| format!("{url} cannot be opened"))?;
        if let Some(error) = opened.error_text {
            bail!("{url} cannot be opened: {error}");
        }
        self.wait(&format!("{path} to be loaded"), "document.readyState === 'complete'")
    }

    /// Loads the page again.
    pub fn reload(&self) -> Result<()> {
        self.act("window.__old = true")?;
        self.execute(ReloadParams::default())?;
        self.wait(
            "the page to be loaded again",
            "!window.__old && document.readyState === 'complete'",
        )
    }

    /// Waits until a script module of the site, e.g. `study/quiz.js`, has done its work.
    pub fn module(&self, path: &str) -> Result<()> {
        self.act(&format!("import({}).then(() => {{}})", quoted(&format!("{}{path}", self.base))))
    }

    /// The value of a JavaScript expression; a promise is awaited.
    pub fn js<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let value = self.evaluate(expression, true)?.value.unwrap_or(Value::Null);
        let what = || format!("unexpected value of {}", short(expression));
        serde_json::from_value(value).with_context(what)
    }

    /// Runs JavaScript; a promise is awaited.
    pub fn act(&self, script: &str) -> Result<()> {
        self.evaluate(script, false).map(drop)
    }

    fn evaluate(&self, expression: &str, by_value: bool) -> Result<RemoteObject> {
        let answer = self.value_of(expression, by_value);
        answer.with_context(|| format!("in {}", short(expression)))
    }

    fn value_of(&self, expression: &str, by_value: bool) -> Result<RemoteObject> {
        let mut evaluate = EvaluateParams::new(expression);
        evaluate.user_gesture = Some(true);
        let answer = self.execute(evaluate)?;
        thrown(answer.exception_details)?;
        let Some(id) = answer.result.object_id.clone() else { return Ok(answer.result) };
        if answer.result.subtype == Some(RemoteObjectSubtype::Promise) {
            let mut settled = AwaitPromiseParams::new(id);
            settled.return_by_value = Some(by_value);
            // The driver waits half a minute for any answer; a promise may take longer.
            let end = Instant::now() + PATIENCE * 2;
            loop {
                match self.execute(settled.clone()) {
                    Err(error) if is_timeout(&error) && Instant::now() < end => {}
                    answer => {
                        let answer = answer?;
                        thrown(answer.exception_details)?;
                        return Ok(answer.result);
                    }
                }
            }
        }
        if !by_value {
            return Ok(answer.result);
        }
        let mut itself = CallFunctionOnParams::new("function() { return this; }");
        itself.object_id = Some(id);
        itself.return_by_value = Some(true);
        Ok(self.execute(itself)?.result)
    }

    /// The scores that are kept in the storage of this browser, by lesson.
    pub fn scores(&self) -> Result<scores::Progress> {
        self.js("({ format: 'genai-study-buddy/progress/2',
            sheets: Object.keys(localStorage).filter(key => key.startsWith('study-progress ')).sort()
                .flatMap(key => JSON.parse(localStorage[key]).sheets) })")
    }

    /// Waits until an expression is true.
    pub fn wait(&self, what: &str, expression: &str) -> Result<()> {
        self.wait_for(PATIENCE, what, expression)
    }

    /// Waits so long until an expression is true.
    pub fn wait_for(&self, patience: Duration, what: &str, expression: &str) -> Result<()> {
        let truth = format!("Promise.resolve({expression}).then(Boolean)");
        let waited = eventually(patience, || self.js::<bool>(&truth).unwrap_or(false));
        if waited {
            return Ok(());
        }
        let why = self.js::<bool>(&truth).err().map(|e| format!(": {e:#}")).unwrap_or_default();
        let problems = self.problems().join("; ");
        bail!("waited {} s for {what}{why} [console: {problems}]", patience.as_secs())
    }

    /// Presses a key by its name, e.g. `Tab`, `Enter`, `ArrowRight` or `a`.
    pub fn press(&self, key: &str) -> Result<()> {
        self.press_with(Modifier::None, key)
    }

    /// Presses a key while another is held.
    pub fn press_with(&self, modifier: Modifier, key: &str) -> Result<()> {
        let definition = get_key_definition(key).with_context(|| format!("no key `{key}`"))?;
        let is_character = definition.key.chars().count() == 1;
        let mut event = DispatchKeyEventParams::new(DispatchKeyEventType::RawKeyDown);
        event.key = Some(definition.key.into());
        event.code = Some(definition.code.into());
        event.windows_virtual_key_code = Some(definition.key_code);
        event.native_virtual_key_code = Some(definition.key_code);
        event.modifiers = Some(match modifier {
            Modifier::None => 0,
            Modifier::Ctrl => 2,
            Modifier::Shift => 8,
        });
        let text = definition.text.or(is_character.then_some(definition.key));
        if let Some(text) = text.filter(|_| modifier == Modifier::None) {
            event.r#type = DispatchKeyEventType::KeyDown;
            event.text = Some(text.into());
        }
        self.execute(event.clone())?;
        event.r#type = DispatchKeyEventType::KeyUp;
        event.text = None;
        self.execute(event).map(drop)
    }

    /// Types text into the field that has the focus.
    pub fn insert(&self, text: &str) -> Result<()> {
        self.execute(InsertTextParams::new(text)).map(drop)
    }

    /// Chooses files, by their full paths, in the file input that a JavaScript expression gives.
    pub fn set_files(&self, input: &str, files: &[PathBuf]) -> Result<()> {
        let object_id = self.evaluate(input, false)?.object_id;
        ensure!(object_id.is_some(), "there is no file input {}", short(input));
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let mut chosen = SetFileInputFilesParams::new(files);
        chosen.object_id = object_id;
        self.execute(chosen)?;
        Ok(())
    }

    /// Ends the GPU process of the page's browser.
    pub fn crash_gpu(&self) -> Result<()> {
        self.process.crash_gpu()
    }

    /// Errors so far: exceptions, the console, the network, the security policy.
    pub fn problems(&self) -> Vec<String> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Closes the page; it must have had no problems.
    pub fn close(self) -> Result<()> {
        let problems = self.problems();
        if !problems.is_empty() {
            bail!("the console of the page has errors:\n{}", problems.join("\n"));
        }
        Ok(())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // A page that is gone already needs no closing.
        if let Ok(browser) = self.process.browser() {
            let close = CloseTargetParams::new(self.tab.target_id().clone());
            let _ = self.process.wait(browser.execute(close));
        }
    }
}

/// Asks again and again until the answer is yes or time is up.
pub fn eventually(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + patience;
    while !is_so() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

fn thrown(details: Option<ExceptionDetails>) -> Result<()> {
    let Some(thrown) = details else { return Ok(()) };
    bail!("{}", thrown.exception.and_then(|e| e.description).unwrap_or(thrown.text))
}

fn is_timeout(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(CdpError::Timeout))
}

fn console_error(call: &EventConsoleApiCalled) -> Option<String> {
    if call.r#type != ConsoleApiCalledType::Error {
        return None;
    }
    let said = call.args.iter().map(|arg| match (&arg.value, &arg.description) {
        (Some(value), _) => value.to_string(),
        (None, text) => text.clone().unwrap_or_default(),
    });
    Some(format!("console.error: {}", said.collect::<Vec<_>>().join(" ")))
}
