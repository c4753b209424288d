//! The browsers of a test run: one process with WebGPU, one without, started when needed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use chromiumoxide::cdp::browser_protocol::browser::CrashGpuProcessParams;
use chromiumoxide::detection::{DetectionOptions, default_executable};
use chromiumoxide::{Browser, BrowserConfig};
use futures_util::StreamExt;
use tokio::runtime::Runtime;

use crate::server::Server;
use crate::site::{self, Build};
use crate::{Page, eventually, page};

/// Whether a browser offers WebGPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// It does, on the GPU or in software.
    Yes,
    /// It does not, as on many a phone.
    No,
}

/// What the trials of one run share. The browsers end when it is dropped.
#[derive(Default)]
pub struct Browsers {
    with_gpu: OnceLock<Result<Arc<Process>, String>>,
    without_gpu: OnceLock<Result<Arc<Process>, String>>,
    hosted: OnceLock<Result<Server, String>>,
    kit: OnceLock<Result<Server, String>>,
    clone: OnceLock<Result<Server, String>>,
}

/// As the trials hold it.
pub type Shared = Arc<Browsers>;

impl Browsers {
    /// A blank page on a site, in a window of its own: no storage or cache is shared.
    pub fn page(&self, gpu: Gpu, build: Build) -> Result<Page> {
        self.page_on(gpu, self.server(build)?)
    }

    /// A blank page on another server.
    pub fn page_on(&self, gpu: Gpu, server: &Server) -> Result<Page> {
        page::open(self.process(gpu)?, server.url(""), false)
    }

    /// A blank page on another server, whose service worker keeps the whole book.
    pub fn page_that_keeps(&self, gpu: Gpu, server: &Server) -> Result<Page> {
        page::open(self.process(gpu)?, server.url(""), true)
    }

    /// A blank page on a server that is not ours, given by the address of its root.
    pub fn page_at(&self, gpu: Gpu, address: &str) -> Result<Page> {
        page::open(self.process(gpu)?, address.into(), false)
    }

    fn process(&self, gpu: Gpu) -> Result<&Arc<Process>> {
        let (cell, webgpu) = match gpu {
            Gpu::Yes => (&self.with_gpu, true),
            Gpu::No => (&self.without_gpu, false),
        };
        once(cell, || launch(webgpu))
    }

    /// A blank page in a new browser with WebGPU, which ends with the page.
    pub fn page_in_own_browser(&self, build: Build) -> Result<Page> {
        page::open(&launch(true)?, self.server(build)?.url(""), false)
    }

    /// The server of a site.
    pub fn server(&self, build: Build) -> Result<&Server> {
        let cell = match build {
            Build::Hosted => &self.hosted,
            Build::Kit => &self.kit,
            Build::Clone => &self.clone,
        };
        once(cell, || Server::start(&site::folder(build)?))
    }
}

/// A running browser. Its driver is asynchronous; the trials, which run side by side, are not.
pub(crate) struct Process {
    /// Taken when the process ends.
    browser: Option<Browser>,
    runtime: Runtime,
}

impl Process {
    fn start(config: BrowserConfig) -> Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let started = runtime.block_on(Browser::launch(config));
        let (browser, mut handler) = started.context("the browser did not start")?;
        // Messages that the driver does not know are of no interest.
        runtime.spawn(async move { while handler.next().await.is_some() {} });
        Ok(Self { browser: Some(browser), runtime })
    }

    /// Waits for an answer of the browser.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// Works on in the background until the browser ends.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(work);
    }

    /// The browser itself.
    pub(crate) fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("the browser has ended")
    }

    /// Ends the GPU process of the browser, as its watchdog or the driver does when a kernel never
    /// ends; a software GPU has no watchdog.
    pub(crate) fn crash_gpu(&self) -> Result<()> {
        self.wait(self.browser()?.execute(CrashGpuProcessParams::default()))?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let Some(mut browser) = self.browser.take() else { return };
        self.runtime.block_on(async {
            // One that does not answer is killed.
            if tokio::time::timeout(Duration::from_secs(5), browser.close()).await.is_err() {
                let _ = browser.kill().await;
            }
            let _ = browser.wait().await;
        });
    }
}

fn once<T>(cell: &OnceLock<Result<T, String>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    let result = cell.get_or_init(|| make().map_err(|error| format!("{error:#}")));
    result.as_ref().map_err(|message| anyhow!("{message}"))
}

fn launch(webgpu: bool) -> Result<Arc<Process>> {
    let config = BrowserConfig::builder()
        .chrome_executable(executable()?)
        .new_headless_mode()
        .no_sandbox()
        .window_size(1280, 900)
        // The size of a page is that of its window.
        .viewport(None)
        .user_data_dir(profile())
        .request_timeout(Duration::from_secs(120))
        .args(["disable-quic", "disable-component-update"])
        .arg(("lang", "en-US"));
    // Each window would keep two pages ready to drop down from the address bar.
    let config = config.arg(("disable-features", "WebUIOmniboxPopup"));
    let config = config.arg(("disable-features", "WebUIOmniboxAimPopup"));
    let config = match webgpu {
        true => config.arg("enable-unsafe-webgpu"),
        false => config.arg(("disable-features", "WebGPU")),
    };
    Ok(Arc::new(Process::start(config.build().map_err(anyhow::Error::msg)?)?))
}

/// The folder in which this process keeps the profiles of its browsers.
fn profiles() -> PathBuf {
    site::root().join("target/study/browsers").join(std::process::id().to_string())
}

/// A profile that no other browser has.
fn profile() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    profiles().join(COUNT.fetch_add(1, Ordering::Relaxed).to_string())
}

impl Drop for Browsers {
    fn drop(&mut self) {
        drop((self.with_gpu.take(), self.without_gpu.take()));
        // A browser that is ending still writes to its profile for a moment.
        eventually(Duration::from_secs(5), || {
            std::fs::remove_dir_all(profiles()).is_ok() || !profiles().exists()
        });
    }
}

fn executable() -> Result<PathBuf> {
    const ADVICE: &str = "install Chromium (Debian: apt-get install chromium) or set CHROME to \
                          the path of Chromium or Chrome";
    if let Some(path) = std::env::var_os("CHROME").map(PathBuf::from)
        && !path.is_file()
    {
        bail!("CHROME is set to {}, where no browser is: {ADVICE}", path.display());
    }
    let found = default_executable(DetectionOptions::default());
    found.map_err(|_| anyhow!("no browser was found: {ADVICE}"))
}
