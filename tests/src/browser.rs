//! The browsers of a test run: one process with WebGPU, one without, started when needed.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use headless_chrome::browser::default_executable;
use headless_chrome::{Browser, LaunchOptions};

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
    with_gpu: OnceLock<Result<Browser, String>>,
    without_gpu: OnceLock<Result<Browser, String>>,
    hosted: OnceLock<Result<Server, String>>,
    local: OnceLock<Result<Server, String>>,
    solved: OnceLock<Result<Server, String>>,
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
        let (cell, webgpu) = match gpu {
            Gpu::Yes => (&self.with_gpu, true),
            Gpu::No => (&self.without_gpu, false),
        };
        page::open(once(cell, || launch(webgpu))?, server.url(""))
    }

    /// A blank page in a new browser with WebGPU, which ends with the page.
    pub fn page_in_own_browser(&self, build: Build) -> Result<Page> {
        page::open(&launch(true)?, self.server(build)?.url(""))
    }

    /// The server of a site.
    pub fn server(&self, build: Build) -> Result<&Server> {
        let cell = match build {
            Build::Hosted => &self.hosted,
            Build::Local => &self.local,
            Build::Solved => &self.solved,
        };
        once(cell, || Server::start(&site::folder(build)?))
    }
}

/// Ends the GPU process of a browser, as its watchdog or the driver does when a kernel never ends;
/// a software GPU has no watchdog.
pub(crate) fn crash_gpu(browser: &Browser) -> Result<()> {
    // This method belongs to the browser, for which `Tab::call_method` does not speak.
    let (mut socket, _) = tungstenite::connect(browser.get_ws_url())?;
    socket.send(r#"{"id":1,"method":"Browser.crashGpuProcess"}"#.into())?;
    let answer = socket.read()?;
    anyhow::ensure!(!answer.to_text()?.contains("\"error\""), "the browser says {answer}");
    Ok(())
}

fn once<T>(cell: &OnceLock<Result<T, String>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    let result = cell.get_or_init(|| make().map_err(|error| format!("{error:#}")));
    result.as_ref().map_err(|message| anyhow!("{message}"))
}

fn launch(webgpu: bool) -> Result<Browser> {
    let mut args = vec![
        "--headless=new",
        "--disable-quic",
        "--disable-component-update",
        "--hide-scrollbars",
        "--lang=en-US",
    ];
    if webgpu {
        args.push("--enable-unsafe-webgpu");
    } else {
        args.push("--disable-features=WebGPU");
    }
    let options = LaunchOptions {
        path: Some(executable()?),
        // The two switches below stand for `--headless`, and leave WebGPU its adapter.
        headless: false,
        enable_gpu: true,
        sandbox: false,
        window_size: Some((1280, 900)),
        idle_browser_timeout: Duration::from_secs(1800),
        user_data_dir: Some(profile()),
        args: args.into_iter().map(OsStr::new).collect(),
        ..LaunchOptions::default()
    };
    Browser::new(options).context("the browser did not start")
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
    default_executable().map_err(|_| anyhow!("no browser was found: {ADVICE}"))
}
