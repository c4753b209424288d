//! The server of the local site.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lessons::serving::SIGN;
use maud::{DOCTYPE, html};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt, once};
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::services::ServeDir;

use super::live::{Event, Live};

/// Where pages listen for news.
const EVENTS: &str = "/__study/events";
/// The one script that compiles WebAssembly.
const WORKER: &str = "/study/worker.js";
/// A worker's policy comes with its script, not from the page.
const WORKER_POLICY: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// Serves until Ctrl-C.
pub async fn serve(listener: TcpListener, live: Arc<Live>) -> Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // On the way to the same machine, packing megabytes takes longer than sending them.
    let packed = DefaultPredicate::new().and(NotForContentType::const_new("application/wasm"));
    let compression =
        CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(packed);
    let app = Router::new()
        .route(EVENTS, get(events))
        .fallback(get(file))
        .layer(compression)
        .with_state(live);
    // Pages keep listening for news, so waiting for them to leave would never end.
    tokio::select! {
        served = axum::serve(listener, app) => served.context("the server stopped"),
        stopped = tokio::signal::ctrl_c() => stopped.context("cannot wait for Ctrl-C"),
    }
}

/// A stream of news, from where things stand now. A page of another build than the one being served
/// is told to reload: one that was loaded before a restart, or just before a new build came out.
async fn events(
    State(live): State<Arc<Live>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let (standing, news) = live.listen();
    let build = live.build().to_string();
    let loaded = query.as_deref().and_then(|query| query.strip_prefix("build="));
    // A page that connects again says what it saw last.
    let seen = headers.get("last-event-id").and_then(|seen| seen.to_str().ok()).or(loaded);
    let is_old = seen.is_some_and(|seen| !seen.is_empty() && seen != build);
    let first = if is_old { Event::Reload } else { standing };
    // A page so slow that it missed news gets the next.
    let news = BroadcastStream::new(news).filter_map(Result::ok);
    let messages = once(first).chain(news).map(move |event| {
        // A browser drops an event without data.
        let (name, data) = match event {
            Event::Building(what) => ("building", format!("Building {what} …")),
            Event::Failed(message) => ("failed", message),
            Event::Ok => ("ok", "up to date".into()),
            Event::Reload => ("reload", "there is a new build".into()),
        };
        Ok(sse::Event::default().event(name).id(live.build().to_string()).data(data))
    });
    Sse::new(messages).keep_alive(KeepAlive::default())
}

async fn file(State(live): State<Arc<Live>>, request: Request) -> Response {
    // Before the site: if a new one comes out between the two, the page reloads once too often.
    let build = format!("{SIGN}\"{}\"", live.build());
    let Some(site) = live.site() else { return waiting(&live.listen().0) };
    let is_worker = request.uri().path() == WORKER;
    let mut response = match ServeDir::new(site).try_call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            (StatusCode::NOT_FOUND, "There is no such page.").into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    let headers = response.headers_mut();
    // What a browser kept from the last build must not hide this one.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(build) = HeaderValue::from_str(&build) {
        headers.insert(HeaderName::from_static("server-timing"), build);
    }
    if is_worker {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
    }
    response
}

/// The page until the first build is done, or while there is an error in the way of it.
fn waiting(standing: &Event) -> Response {
    let (title, text) = match standing {
        Event::Failed(message) => ("The book could not be built", message.as_str()),
        _ => ("The book is being built", "This page shows it as soon as it is ready."),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="refresh" content="2";
                title { (title) }
            }
            body { h1 { (title) } pre { (text) } }
        }
    };
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, page.into_string()).into_response()
}
