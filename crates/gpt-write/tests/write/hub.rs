//! A hub with one model, at addresses as the real one has them; its weights lie elsewhere, where the
//! first answer leads.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use tempfile::TempDir;

#[derive(Debug, Default)]
struct State {
    asked: Vec<String>,
    ranges: Vec<String>,
    hidden: Option<String>,
    /// The file of which the next download ends too early.
    breaks_off: Option<String>,
    is_over: bool,
}

pub struct Hub {
    address: String,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

impl Hub {
    pub fn serve(name: &str, folder: TempDir) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::default()));
        let its = state.clone();
        let start = format!("/{name}/resolve/main/");
        let here = format!("http://{address}");
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if lock(&its).is_over {
                    return;
                }
                answer(&stream.unwrap(), &here, &start, &folder, &its);
            }
        });
        Self { address, state, thread: Some(thread) }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The paths that were asked for.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.state).asked.clone()
    }

    pub fn ranges(&self) -> Vec<String> {
        lock(&self.state).ranges.clone()
    }

    pub fn hide(&self, file: &str) {
        lock(&self.state).hidden = Some(file.to_owned());
    }

    pub fn break_off(&self, file: &str) {
        lock(&self.state).breaks_off = Some(file.to_owned());
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        lock(&self.state).is_over = true;
        let _ = TcpStream::connect(&self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(mut stream: &TcpStream, here: &str, start: &str, folder: &TempDir, state: &Mutex<State>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut range = "bytes=0-".to_owned();
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("range")
        {
            range = value.to_owned();
        }
    }
    let (hidden, breaks_off) = {
        let mut state = lock(state);
        state.asked.push(path.clone());
        state.ranges.push(range.clone());
        (state.hidden.clone(), state.breaks_off.clone())
    };
    let mut say = |status: &str, headers: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n");
        // The reader may have enough.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    };
    if path.starts_with("/bare/") {
        return say("200 OK", "Content-Length: 2\r\n", b"ok");
    }
    if path.starts_with("/broken/") {
        return say("500 Broken", "Content-Length: 0\r\n", b"");
    }
    let (file, is_elsewhere) = match path.strip_prefix("/elsewhere/") {
        Some(file) => (file, true),
        None => match path.strip_prefix(start) {
            Some(file) => (file, false),
            // As the hub does for what is not there or not public.
            None => return say("401 Unauthorized", "Content-Length: 0\r\n", b""),
        },
    };
    let body = fs::read(folder.path().join(file)).ok().filter(|_| hidden.as_deref() != Some(file));
    let Some(body) = body else {
        return say("404 Not Found", "Content-Length: 0\r\n", b"");
    };
    let known = format!("X-Repo-Commit: {}\r\n", "c0ffee".repeat(6));
    let tag = format!("\"{}-{}\"", file.replace('.', "-"), body.len());
    if file.ends_with(".safetensors") && !is_elsewhere {
        let headers = format!(
            "{known}X-Linked-Etag: {tag}\r\nX-Linked-Size: {}\r\nLocation: {here}/elsewhere/{file}\r\n\
             Content-Length: 0\r\n",
            body.len()
        );
        return say("302 Found", &headers, b"");
    }
    let (from, to) = range.trim_start_matches("bytes=").split_once('-').unwrap();
    let from: usize = from.parse().unwrap();
    let to = to.parse().map_or(body.len(), |to: usize| to + 1);
    let headers = format!(
        "{known}ETag: {tag}\r\nContent-Range: bytes {from}-{}/{}\r\nContent-Length: {}\r\n",
        to - 1,
        body.len(),
        to - from
    );
    let mut part = &body[from..to];
    if breaks_off.as_deref() == Some(file) && part.len() > 1000 {
        lock(state).breaks_off = None;
        part = &part[..part.len() / 2];
    }
    say("206 Partial Content", &headers, part);
}
