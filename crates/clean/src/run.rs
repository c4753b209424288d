//! The two passes.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::copies::{Copies, Sieve, Sketch};
use crate::documents::{self, Document, Documents};
use crate::report::{Example, Found, Report};
use crate::rules::{Judged, Step, judge};

/// A document may have so many bytes.
const LIMIT: u64 = 16 << 20;
/// Documents that are judged together have about so many bytes, and are so many.
const BATCH_BYTES: usize = 4 << 20;
const BATCH: usize = 1024;
/// An example shows so many characters.
const SHOWN: usize = 60;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// The file to write.
    pub out: PathBuf,
    /// And that of the report.
    pub report: Option<PathBuf>,
    /// Whether files that are there are replaced.
    pub force: bool,
    /// The field of JSON lines that has the text.
    pub field: String,
    /// What documents go through.
    pub steps: Vec<Step>,
    /// The Jaccard similarity of copies.
    pub threshold: f64,
    /// Words a shingle.
    pub words: usize,
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Documents read.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents that passed the rules.
    pub passed: u64,
    /// Which file is read, counted from 1.
    pub file: usize,
    /// Of how many.
    pub files: usize,
}

/// A line of the output.
#[derive(Serialize, Deserialize)]
struct Line {
    text: String,
    source: String,
    offset: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// A document that passed the rules: where its line is in the temporary file.
struct Passed {
    start: u64,
    length: u32,
    /// Bytes of the text as read and as kept.
    read: u32,
    kept: u32,
}

/// The first pass.
struct First<'a> {
    options: &'a Options,
    sieve: Option<Sieve>,
    copies: Option<Copies>,
    passed: Vec<Passed>,
    /// Their lines.
    lines: File,
    written: u64,
    /// Documents that could not be had.
    problems: u64,
    report: Report,
}

/// Cleans files, and writes what is kept, one JSON object a line.
///
/// # Errors
/// If there is nothing to read, or the output cannot be written.
pub fn clean(options: &Options, say: &mut dyn FnMut(Progress)) -> Result<Report> {
    let start = Instant::now();
    let has_dedup = options.steps.contains(&Step::Dedup);
    let sieve = Sieve::new(options.threshold, options.words)?;
    let out = is_free(&options.out, options)?;
    if let Some(report) = &options.report {
        ensure!(*report != options.out, "--out and --report name the same file: name two");
        is_free(report, options)?;
    }
    let mut files = documents::files(&options.paths)?;
    let written: Vec<PathBuf> = [Some(&options.out), options.report.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let is_written = |path: &PathBuf| path.canonicalize().is_ok_and(|path| written.contains(&path));
    if let Some(path) = options.paths.iter().find(|path| is_written(path)) {
        bail!("{} is to be read and written: write another file", path.display());
    }
    // What an earlier run wrote into a folder is no text of the reader's.
    files.retain(|file| !is_written(file));
    ensure!(
        !files.is_empty(),
        "{} has nothing to read: of a folder those files are read that end in .{}, or in these \
         and .gz",
        names(&options.paths),
        documents::ENDINGS.join(", .")
    );
    let cannot = || format!("{} cannot be written", options.out.display());
    let mut first = First {
        options,
        copies: has_dedup.then(|| Copies::new(sieve.clone())),
        sieve: has_dedup.then_some(sieve),
        passed: Vec::new(),
        lines: tempfile::tempfile_in(folder(&options.out)).with_context(cannot)?,
        written: 0,
        problems: 0,
        report: Report { steps: options.steps.clone(), files: files.len(), ..Report::default() },
    };
    let mut batch = Vec::new();
    let mut bytes = 0;
    for (file, path) in files.iter().enumerate() {
        for document in Documents::open(path, &options.field, LIMIT) {
            match document {
                Ok(document) => {
                    first.report.read.add(document.text.len() as u64);
                    bytes += document.text.len();
                    batch.push(document);
                }
                Err(problem) => {
                    first.problems += 1;
                    first.report.read.add(problem.bytes);
                    let example = || problem.to_string();
                    first.report.drop(problem.why.kind(), problem.bytes, example);
                }
            }
            if batch.len() >= BATCH || bytes >= BATCH_BYTES {
                bytes = 0;
                first.judge(std::mem::take(&mut batch)).with_context(cannot)?;
            }
            let read = first.report.read;
            let passed = first.passed.len() as u64;
            let (documents, bytes) = (read.documents, read.bytes);
            say(Progress { documents, bytes, passed, file: file + 1, files: files.len() });
        }
    }
    first.judge(batch).with_context(cannot)?;
    let mut report = first.finish(out).with_context(cannot)?;
    report.seconds = start.elapsed().as_secs_f64();
    if let Some(path) = &options.report {
        let cannot = || format!("{} cannot be written", path.display());
        let mut file = beside(path)?;
        serde_json::to_writer_pretty(&mut file, &report)?;
        writeln!(file).with_context(cannot)?;
        persist(file, path, options.force).with_context(cannot)?;
    }
    Ok(report)
}

impl First<'_> {
    /// Judges documents, on all cores, then writes those that pass and looks for their copies.
    fn judge(&mut self, batch: Vec<Document>) -> Result<()> {
        let judged: Vec<(Judged, Option<Sketch>)> = batch
            .par_iter()
            .map(|document| {
                let judged = judge(&document.text, &self.options.steps);
                let sketch = match (&judged.text, &self.sieve) {
                    (Ok(text), Some(sieve)) => Some(sieve.sketch(text)?),
                    _ => None,
                };
                Ok((judged, sketch))
            })
            .collect::<Result<_>>()?;
        let mut lines = Vec::new();
        let mut sketches = Vec::new();
        for (document, (judged, sketch)) in batch.into_iter().zip(judged) {
            for (reason, bytes) in judged.lines {
                let dropped = self.report.lines.entry(reason).or_default();
                dropped.lines += 1;
                dropped.bytes += bytes as u64;
            }
            let Document { text: read, place } = document;
            match judged.text {
                Err((reason, why)) => {
                    self.report.drop(reason, read.len() as u64, || format!("{place}: {why}"));
                }
                Ok(text) => {
                    let start = self.written + lines.len() as u64;
                    let kept = text.len() as u32;
                    let source = place.file.display().to_string();
                    let line = Line { text, source, offset: place.offset, url: place.url };
                    serde_json::to_writer(&mut lines, &line)?;
                    lines.push(b'\n');
                    let length = (self.written + lines.len() as u64 - start) as u32;
                    self.passed.push(Passed { start, length, read: read.len() as u32, kept });
                    sketches.extend(sketch);
                }
            }
        }
        self.lines.seek(SeekFrom::End(0))?;
        self.lines.write_all(&lines)?;
        self.written += lines.len() as u64;
        if let Some(copies) = &mut self.copies {
            for sketch in &sketches {
                copies.add(sketch, |other| {
                    Ok(read_line(&mut self.lines, &self.passed[other])?.text)
                })?;
            }
        }
        Ok(())
    }

    /// The second pass: what is no copy goes into the output.
    fn finish(mut self, mut out: NamedTempFile) -> Result<Report> {
        if self.report.read.documents == self.problems {
            let why =
                self.report.dropped.values().next().map_or("no text", |dropped| &dropped.example);
            bail!("no documents in {}: {why}", names(&self.options.paths));
        }
        let stand_for = match &mut self.copies {
            Some(copies) => copies.stand_for(),
            None => (0..self.passed.len() as u32).collect(),
        };
        let mut has_copies = vec![false; stand_for.len()];
        for (document, &first) in stand_for.iter().enumerate() {
            has_copies[first as usize] |= first as usize != document;
        }
        let mut shown = |document: usize| -> Result<[String; 2]> {
            let line = read_line(&mut self.lines, &self.passed[document])?;
            let words: Vec<&str> = line.text.split_whitespace().take(SHOWN).collect();
            let place = format!("{}, byte {}", line.source, line.offset);
            Ok([place, words.join(" ").chars().take(SHOWN).collect()])
        };
        let copy = (0..stand_for.len()).find(|&document| stand_for[document] as usize != document);
        let first_copy = match copy {
            None => String::new(),
            Some(copy) => {
                let ([copy, _], [first, _]) = (shown(copy)?, shown(stand_for[copy] as usize)?);
                format!("{copy}: its cluster begins with {first}")
            }
        };
        if let (Some(copies), Some(sieve)) = (&self.copies, &self.sieve) {
            let mut examples = Vec::new();
            for pair in &copies.pairs {
                let (first, copy) = (shown(pair.first)?, shown(pair.copy)?);
                examples.push(Example { similarity: pair.similarity, first, copy });
            }
            let &Sieve { threshold, words, bands, rows, .. } = sieve;
            let clusters = has_copies.iter().filter(|&&has| has).count() as u64;
            let cut = copies.cut;
            let found = Found { threshold, words, bands, rows, clusters, cut, examples };
            self.report.copies = Some(found);
        }
        self.lines.seek(SeekFrom::Start(0))?;
        let mut lines = BufReader::with_capacity(1 << 16, &self.lines);
        let mut writer = BufWriter::new(&mut out);
        for (document, (passed, &first)) in self.passed.iter().zip(&stand_for).enumerate() {
            let mut line = (&mut lines).take(u64::from(passed.length));
            if first as usize == document {
                std::io::copy(&mut line, &mut writer)?;
                self.report.kept.add(u64::from(passed.kept));
                self.report.taken_out += u64::from(passed.read - passed.kept);
            } else {
                std::io::copy(&mut line, &mut std::io::sink())?;
                self.report.drop("near-copy", u64::from(passed.read), || first_copy.clone());
            }
        }
        writer.flush()?;
        drop(writer);
        persist(out, &self.options.out, self.options.force)?;
        Ok(self.report)
    }
}

fn read_line(lines: &mut File, passed: &Passed) -> Result<Line> {
    let mut bytes = vec![0; passed.length as usize];
    lines.seek(SeekFrom::Start(passed.start))?;
    lines.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// A file beside the one to write, which must not be there yet or may be replaced.
fn is_free(path: &Path, options: &Options) -> Result<NamedTempFile> {
    ensure!(!path.is_dir(), "{} is a folder: name a file to write", path.display());
    ensure!(
        options.force || !path.exists(),
        "{} is there already: replace it with --force, or name another file",
        path.display()
    );
    beside(path)
}

/// A file that takes the place of another when it is whole.
fn beside(path: &Path) -> Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // Who may read it is for the system to say, as of any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder(path));
    file.with_context(|| format!("{} cannot be written", path.display()))
}

fn persist(file: NamedTempFile, path: &Path, force: bool) -> Result<()> {
    match force {
        true => file.persist(path)?,
        false => file.persist_noclobber(path)?,
    };
    Ok(())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn names(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    names.join(", ")
}
