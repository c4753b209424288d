//! What a file costs on the wire.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The size of data as a server sends it: compressed, unless compression is no use.
pub fn gzipped(data: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(data);
    encoder.finish().map_or(data.len(), |small| small.len().min(data.len()))
}

/// The size over the wire of the files that were asked for, each once; and the files, the largest
/// first.
pub fn weight(folder: &Path, requests: &[String]) -> (usize, Vec<(usize, String)>) {
    let mut parts = Vec::new();
    for path in requests.iter().collect::<BTreeSet<_>>() {
        let file = if path.is_empty() { "index.html" } else { path };
        // A browser asks for icons that no page names.
        let Ok(data) = std::fs::read(folder.join(file)) else { continue };
        parts.push((gzipped(&data), path.clone()));
    }
    parts.sort_by(|a, b| b.cmp(a));
    (parts.iter().map(|(size, _)| size).sum(), parts)
}
