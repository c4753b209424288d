//! What a file costs on the wire.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The size of data as a server sends it: compressed, unless compression is no use.
pub fn gzipped(data: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(data);
    encoder.finish().map_or(data.len(), |small| small.len().min(data.len()))
}
