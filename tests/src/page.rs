//! One page in a browser: what a reader sees and does, and what goes wrong meanwhile.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use headless_chrome::protocol::cdp::Target::CreateTarget;
use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{DOM, Emulation, Log, Page as Cdp, Runtime};
use headless_chrome::{Browser, Tab};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Demo;

/// How long a page may take for anything that is not a long computation. Generous, since a
/// software GPU shares two cores with the compiler of its shaders.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs before the scripts of every page: keeps the workers, and all that they say.
const SPY: &str = include_str!("spy.js");

/// A page of the site.
pub struct Page {
    /// For what has no method here.
    pub tab: Arc<Tab>,
    browser: Browser,
    base: String,
    problems: Arc<Mutex<Vec<String>>>,
}

pub(crate) fn open(browser: &Browser, base: String) -> Result<Page> {
    let context = browser.new_context()?.get_id().to_owned();
    open_tab(browser, Some(context), base)
}

fn open_tab(browser: &Browser, context: Option<String>, base: String) -> Result<Page> {
    let tab = browser.new_tab_with_options(CreateTarget {
        url: "about:blank".into(),
        browser_context_id: context,
        left: None,
        top: None,
        width: None,
        height: None,
        window_state: None,
        enable_begin_frame_control: None,
        new_window: None,
        background: None,
        for_tab: None,
        hidden: None,
    });
    Page::new(browser.clone(), tab.context("the browser opened no tab")?, base)
}

/// A text as a JavaScript literal.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn short(expression: &str) -> String {
    expression.chars().take(200).collect()
}

impl Page {
    fn new(browser: Browser, tab: Arc<Tab>, base: String) -> Result<Self> {
        let problems = Arc::new(Mutex::new(Vec::new()));
        let heard = problems.clone();
        tab.add_event_listener(Arc::new(move |event: &Event| {
            if let Some(problem) = problem(event) {
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
            }
        }))?;
        tab.enable_runtime()?;
        tab.call_method(Log::Enable(None))?;
        // Tabs side by side all believe that they are in front.
        tab.call_method(Emulation::SetFocusEmulationEnabled { enabled: true })?;
        tab.call_method(Cdp::AddScriptToEvaluateOnNewDocument {
            source: SPY.into(),
            world_name: None,
            include_command_line_api: None,
            run_immediately: None,
        })?;
        Ok(Self { browser, tab, base, problems })
    }

    /// Another tab of the same reader: storage and cache are shared.
    pub fn sibling(&self) -> Result<Self> {
        open_tab(&self.browser, self.tab.get_browser_context_id()?, self.base.clone())
    }

    /// A demo on this page, once it is alive.
    pub fn demo<'a>(&'a self, name: &'a str) -> Result<Demo<'a>> {
        Demo::find(self, name)
    }

    /// Goes to a page of the site, given by its path and query, and waits until it is loaded.
    pub fn goto(&self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.base);
        self.tab.navigate_to(&url).with_context(|| format!("{url} cannot be opened"))?;
        self.wait(&format!("{path} to be loaded"), "document.readyState === 'complete'")
    }

    /// Loads the page again.
    pub fn reload(&self) -> Result<()> {
        self.act("window.__old = true")?;
        self.tab.call_method(Cdp::Reload {
            ignore_cache: None,
            script_to_evaluate_on_load: None,
            loader_id: None,
        })?;
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

    fn evaluate(&self, expression: &str, by_value: bool) -> Result<Runtime::RemoteObject> {
        let evaluate = Runtime::Evaluate {
            expression: expression.into(),
            return_by_value: Some(by_value),
            await_promise: Some(true),
            user_gesture: Some(true),
            object_group: None,
            include_command_line_api: None,
            silent: None,
            context_id: None,
            generate_preview: None,
            throw_on_side_effect: None,
            timeout: None,
            disable_breaks: None,
            repl_mode: None,
            allow_unsafe_eval_blocked_by_csp: None,
            unique_context_id: None,
            serialization_options: None,
        };
        // A page that hangs answers nothing, and the browser waits for it.
        let (tab, (sender, receiver)) = (self.tab.clone(), mpsc::channel());
        std::thread::spawn(move || drop(sender.send(tab.call_method(evaluate))));
        let answer = receiver.recv_timeout(PATIENCE * 2);
        let silent = || format!("the page does not answer: {}", short(expression));
        let result = answer.with_context(silent)??;
        if let Some(thrown) = result.exception_details {
            let text = thrown.exception.and_then(|e| e.description).unwrap_or(thrown.text);
            bail!("{text}\n  in {}", short(expression));
        }
        Ok(result.result)
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
        self.tab.press_key(key).map(drop)
    }

    /// Chooses files, by their full paths, in the file input that a JavaScript expression gives.
    pub fn set_files(&self, input: &str, files: &[PathBuf]) -> Result<()> {
        let object_id = self.tab.evaluate(input, false)?.object_id;
        ensure!(object_id.is_some(), "there is no file input {}", short(input));
        self.tab.call_method(DOM::SetFileInputFiles {
            files: files.iter().map(|file| file.display().to_string()).collect(),
            node_id: None,
            backend_node_id: None,
            object_id,
        })?;
        Ok(())
    }

    /// Ends the GPU process of the page's browser.
    pub fn crash_gpu(&self) -> Result<()> {
        crate::browser::crash_gpu(&self.browser)
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
        let _ = self.tab.close_target();
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

fn problem(event: &Event) -> Option<String> {
    match event {
        Event::RuntimeExceptionThrown(thrown) => {
            let details = &thrown.params.exception_details;
            let description = details.exception.as_ref().and_then(|e| e.description.clone());
            Some(description.unwrap_or_else(|| details.text.clone()))
        }
        Event::RuntimeConsoleAPICalled(call)
            if call.params.Type == Runtime::ConsoleAPICalledEventTypeOption::Error =>
        {
            let said = call.params.args.iter().map(|arg| match (&arg.value, &arg.description) {
                (Some(value), _) => value.to_string(),
                (None, text) => text.clone().unwrap_or_default(),
            });
            Some(format!("console.error: {}", said.collect::<Vec<_>>().join(" ")))
        }
        Event::LogEntryAdded(added) if added.params.entry.level == Log::LogEntryLevel::Error => {
            let entry = &added.params.entry;
            Some(format!("{} {}", entry.text, entry.url.clone().unwrap_or_default()))
        }
        _ => None,
    }
}
