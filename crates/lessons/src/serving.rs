//! Where the book can be read: `cargo study serve` lets other commands know, and `book.toml` may.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::cargo::target_dir;
use crate::files;

/// How long a server on this machine may take to answer.
const PATIENCE: Duration = Duration::from_millis(300);

/// What the server of this book says of itself in the header `server-timing`; no other server that
/// may have its port by now does.
pub const SIGN: &str = "build;desc=";

/// What the file holds. Several clones may compile into one folder, so it names its own.
#[derive(Serialize, Deserialize)]
struct Note {
    root: PathBuf,
    url: String,
}

/// The note that the book is being served; it goes when this does.
pub struct Served(PathBuf);

impl Served {
    /// Leaves the note.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn at(root: &Path, url: &str) -> Result<Self> {
        let path = file(root);
        files::make_folder(path.parent().unwrap_or(root))?;
        let note = Note { root: root.into(), url: url.into() };
        files::write(&path, serde_json::to_string(&note)?)?;
        Ok(Self(path))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Whoever finds a note left behind asks the server.
        let _ = fs::remove_file(&self.0);
    }
}

fn file(root: &Path) -> PathBuf {
    target_dir(root).join("study/serving.json")
}

/// The address of the book that is being served, with a slash at its end, if it answers.
pub fn served(root: &Path) -> Option<String> {
    let note: Note = serde_json::from_str(&fs::read_to_string(file(root)).ok()?).ok()?;
    (note.root == root && answers(&note.url).is_some()).then_some(note.url)
}

/// `Some` if this book's server listens there.
fn answers(url: &str) -> Option<()> {
    let host = url.strip_prefix("http://")?.trim_end_matches('/');
    let mut addresses = host.to_socket_addrs().ok()?;
    let mut stream = addresses.find_map(|a| TcpStream::connect_timeout(&a, PATIENCE).ok())?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
    let mut said = String::new();
    // Headers only; a server that says more, or is slow, is not ours.
    let _ = stream.take(4096).read_to_string(&mut said);
    said.contains(SIGN).then_some(())
}

/// The address of the published book with a slash at its end: mdBook's `site-url`, if that is a
/// whole one, or its `cname`.
pub fn published(root: &Path) -> Option<String> {
    let text = fs::read_to_string(root.join("book.toml")).ok()?;
    let table: toml::Table = toml::from_str(&text).ok()?;
    let html = table.get("output")?.get("html")?;
    let word = |name: &str| html.get(name)?.as_str();
    let whole = word("site-url").filter(|url| url.contains("://")).map(str::to_owned);
    let url = whole.or_else(|| Some(format!("https://{}", word("cname")?)))?;
    Some(format!("{}/", url.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that answers once.
    fn server(says: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let asked = BufReader::new(stream.try_clone().unwrap()).lines();
            assert!(asked.map_while(Result::ok).any(|line| line.is_empty()));
            stream.write_all(says.as_bytes()).unwrap();
        });
        url
    }

    #[test]
    fn only_the_server_of_this_book_that_still_runs_is_told() {
        let world = tempfile::tempdir().unwrap();
        let root = world.path();
        assert_eq!(served(root), None);
        let ours = server("HTTP/1.1 200 OK\r\nserver-timing: build;desc=\"1\"\r\n\r\n");
        let note = Served::at(root, &ours).unwrap();
        assert_eq!(served(root), Some(ours.clone()));
        assert_eq!(served(root), None, "it has stopped");
        drop(note);
        assert!(!file(root).exists());
        let other = server("HTTP/1.1 200 OK\r\n\r\n");
        let _note = Served::at(root, &other).unwrap();
        assert_eq!(served(root), None, "somebody else has its port");
    }
}
