//! `serve`: the book with the learner's own code in it, rebuilt and reloaded as files change.

mod build;
mod http;
mod live;
mod watch;

use std::io::IsTerminal;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use console::style;
use lessons::cargo::target_dir;
use lessons::files;
use lessons::serving::Served;
use tempfile::TempDir;

use build::Builder;
use live::Live;
use watch::{Next, Watch};

/// How the book is served.
pub struct Options {
    /// The address to listen on.
    pub host: String,
    /// The first port to try.
    pub port: u16,
    /// Whether to open a browser.
    pub open: bool,
}

/// How long nothing happens before the index of the search is made again: that takes as long as all
/// pages, and a page that is saved meanwhile waits for it.
const IDLE: Duration = Duration::from_secs(30);

/// Ports tried from the wanted one on.
const PORTS: u16 = 20;

/// Serves until Ctrl-C.
pub fn run(root: PathBuf, options: Options) -> Result<()> {
    let listener = listen(&options.host, options.port)?;
    let url = url(listener.local_addr()?);
    let sites = folder(&root)?;
    let note = Served::at(&root, &url)?;
    let watch = Watch::start(&root)?;
    let live = Arc::new(Live::default());

    let builder_live = Arc::clone(&live);
    let place = sites.path().to_owned();
    let open = options.open && has_desktop();
    thread::spawn(move || {
        let mut builder = Builder::new(root, place, builder_live);
        builder.first(|| {
            eprintln!("\nThe book is at {}  (Ctrl-C stops)\n", style(&url).bold().for_stderr());
            if open {
                // The address is printed; a browser that does not start is no failure.
                let _ = open::that_detached(&url);
            }
        });
        loop {
            match watch.next(builder.has_old_index().then_some(IDLE)) {
                Next::Changed(changes) => builder.update(changes),
                Next::Quiet => builder.index(),
                Next::End => break,
            }
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(http::serve(listener, live));
    // The builder may be at work in it: what is left then goes with `target/`.
    drop(sites);
    drop(note);
    served
}

/// A folder for the sites of this run; it goes when the program ends.
fn folder(root: &Path) -> Result<TempDir> {
    let parent = target_dir(root).join("study");
    files::make_folder(&parent)?;
    tempfile::Builder::new()
        .prefix("serve-")
        .tempdir_in(&parent)
        .with_context(|| format!("{} cannot be written", parent.display()))
}

/// Listens on the wanted port, or on the next one that is free.
fn listen(host: &str, wanted: u16) -> Result<TcpListener> {
    let last = wanted.saturating_add(PORTS);
    for port in wanted..=last {
        match TcpListener::bind((host, port)) {
            Ok(listener) => {
                if port != wanted {
                    eprintln!("port {wanted} is in use, taking {port}");
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot listen on {host}:{port}"));
            }
        }
    }
    anyhow::bail!("all ports from {wanted} to {last} are in use: choose one with --port")
}

fn url(address: SocketAddr) -> String {
    let host =
        if address.ip().is_unspecified() { "localhost".into() } else { address.ip().to_string() };
    let host = if address.is_ipv6() && host != "localhost" { format!("[{host}]") } else { host };
    format!("http://{host}:{}/", address.port())
}

/// Whether a browser could open: not over ssh, in a container or in CI.
fn has_desktop() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let display = !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY");
    display && !set("CI") && !set("SSH_CONNECTION") && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_free_port_is_taken() {
        let first = listen("127.0.0.1", 38_471).unwrap();
        let second = listen("127.0.0.1", first.local_addr().unwrap().port()).unwrap();
        assert!(second.local_addr().unwrap().port() > first.local_addr().unwrap().port());
        assert!(listen("no such host", 1).is_err());
    }

    #[test]
    fn addresses_are_ones_a_browser_takes() {
        assert_eq!(url("127.0.0.1:3000".parse().unwrap()), "http://127.0.0.1:3000/");
        assert_eq!(url("0.0.0.0:80".parse().unwrap()), "http://localhost:80/");
        assert_eq!(url("[::1]:80".parse().unwrap()), "http://[::1]:80/");
    }
}
