//! A server like the one that will host the book: a sub-path, compression, right types.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::middleware;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

/// Where the book lies on the server: it must work below any path.
const MOUNT: &str = "/any/sub/path";

/// Serves a folder until it is dropped.
pub struct Server {
    base: String,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves the folder on a free port of this machine.
    pub fn start(folder: &Path) -> Result<Self> {
        Self::start_without(folder, "")
    }

    /// Serves a folder in which one file, given by its path, is missing.
    pub fn start_without(folder: &Path, missing: &'static str) -> Result<Self> {
        Self::start_with(folder, missing, Duration::ZERO)
    }

    /// Serves a folder, each file so long after it was asked for.
    pub fn start_late(folder: &Path, delay: Duration) -> Result<Self> {
        Self::start_with(folder, "", delay)
    }

    fn start_with(folder: &Path, missing: &'static str, delay: Duration) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .context("no port of this machine can be opened")?;
        let base = format!("http://{}{MOUNT}/", listener.local_addr()?);
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        let note = move |mut request: Request| {
            let path = request.uri().path();
            let path = path.strip_prefix(MOUNT).unwrap_or(path).trim_start_matches('/').to_owned();
            if path == missing && !missing.is_empty() {
                *request.uri_mut() = Uri::from_static("/any/sub/path/missing");
            }
            log.lock().unwrap_or_else(PoisonError::into_inner).push(path);
            async move {
                tokio::time::sleep(delay).await;
                request
            }
        };
        let app = Router::new()
            .nest_service(MOUNT, ServeDir::new(folder))
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
            .layer(middleware::map_request(note));
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.spawn(async { axum::serve(listener, app).await });
            // Dropping the runtime closes every connection, as a network that fails would.
            let _ = runtime.block_on(stopped);
        });
        Ok(Self { base, requests, stop: Some(stop), thread: Some(thread) })
    }

    /// The address of a page of the site.
    pub fn url(&self, page: &str) -> String {
        format!("{}{page}", self.base)
    }

    /// The files asked for so far, as paths from the root of the site.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
