//! Records of web archives. A WET file has a record of the type `conversion` for each page: its text.
//!
//! Source: ISO 28500, The WARC File Format 1.1, sections 4 and 6.

use std::io;

use crate::documents::{At, Document, Documents, Problem, Why};

/// Bytes of a record's header line, and of all of them.
const LINE: u64 = 1 << 16;
const HEADER: u64 = 1 << 20;

/// Where the reading of an archive stands.
#[derive(Default)]
pub struct State {
    /// A record begins here: its first line is read.
    begun: Option<u64>,
    /// A broken record is told of; what is left of it is passed over.
    is_lost: bool,
}

/// What the header says.
#[derive(Default)]
struct Header {
    kind: String,
    content: String,
    url: Option<String>,
    length: Option<u64>,
}

impl Documents {
    /// The text of the next record that has one.
    pub(crate) fn next_record(
        &mut self,
        state: &mut State,
    ) -> io::Result<Option<Result<Document, Problem>>> {
        loop {
            let (start, passed) = match state.begun.take() {
                Some(start) => (start, 0),
                None => match self.record_start()? {
                    (Some(start), passed) => (start, passed),
                    (None, 0) => return Ok(None),
                    (None, passed) => (self.input.offset, passed),
                },
            };
            if passed > 0 {
                let is_known = std::mem::replace(&mut state.is_lost, false);
                if start < self.input.offset {
                    state.begun = Some(start);
                }
                if !is_known {
                    self.count += 1;
                    let why = Why::BrokenRecord("it does not begin with WARC/");
                    let place = self.place(start - passed, At::Record(self.count));
                    return Ok(Some(Err(Problem { why, place, bytes: passed })));
                }
                continue;
            }
            self.count += 1;
            state.is_lost = false;
            let mut place = self.place(start, At::Record(self.count));
            let broken = |why, place, bytes| {
                Ok(Some(Err(Problem { why: Why::BrokenRecord(why), place, bytes })))
            };
            let header = match self.header()? {
                Ok(header) => header,
                Err(why) => {
                    state.is_lost = true;
                    return broken(why, place, self.input.offset - start);
                }
            };
            let Some(length) = header.length else {
                state.is_lost = true;
                return broken("no Content-Length", place, self.input.offset - start);
            };
            place.url = header.url;
            let is_text = header.kind == "conversion"
                && (header.content.is_empty() || header.content.starts_with("text/plain"));
            let is_page = matches!(header.kind.as_str(), "conversion" | "response" | "resource");
            let body = self.input.exactly(length, if is_text { self.limit } else { 0 })?;
            if body.length < length {
                return broken("the file ends within it", place, body.length);
            }
            if is_text {
                match self.utf8(&body, &place) {
                    Err(problem) => return Ok(Some(Err(problem))),
                    Ok(text) if text.trim().is_empty() => {}
                    Ok(text) => {
                        return Ok(Some(Ok(Document { text: text.trim().to_owned(), place })));
                    }
                }
            } else if is_page {
                return Ok(Some(Err(Problem { why: Why::NotText, place, bytes: body.length })));
            }
        }
    }

    /// Where the next record begins, its first line read, and how many bytes before it belong to none.
    fn record_start(&mut self) -> io::Result<(Option<u64>, u64)> {
        let mut passed = 0;
        loop {
            let line = self.input.until(b"\n", LINE)?;
            if line.length == 0 {
                return Ok((None, passed));
            }
            if line.bytes.starts_with(b"WARC/") && line.length <= LINE {
                return Ok((Some(line.start), passed));
            }
            let is_blank = line.bytes.trim_ascii().is_empty();
            // Blank lines end a record; within what is passed over they count.
            passed += if is_blank && passed == 0 { 0 } else { line.length };
        }
    }

    fn header(&mut self) -> io::Result<Result<Header, &'static str>> {
        let (mut header, mut bytes) = (Header::default(), 0);
        loop {
            let line = self.input.until(b"\n", LINE)?;
            bytes += line.length;
            if line.length == 0 {
                return Ok(Err("the file ends in its header"));
            }
            if line.length > LINE || bytes > HEADER {
                return Ok(Err("its header is too long"));
            }
            let text = String::from_utf8_lossy(&line.bytes);
            let text = text.trim_end();
            if text.is_empty() {
                return Ok(Ok(header));
            }
            // A line without a name goes on with the one before; none of these fields does.
            let Some((name, value)) = text.split_once(':') else { continue };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "warc-type" => header.kind = value.to_ascii_lowercase(),
                "content-type" => header.content = value.to_ascii_lowercase(),
                "warc-target-uri" => header.url = Some(value.to_owned()),
                "content-length" => header.length = value.parse().ok(),
                _ => {}
            }
        }
    }
}
