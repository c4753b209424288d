//! The bytes of a file, decompressed, without keeping more of them than they may take.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// What a file compressed by gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Opens a file, compressed or not.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn reader(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    if file.fill_buf()?.starts_with(&GZIP) {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))));
    }
    Ok(Box::new(file))
}

/// The bytes of a file.
pub(crate) struct Input {
    reader: Box<dyn BufRead>,
    /// How many are read.
    pub offset: u64,
}

/// Some bytes of a file.
#[derive(Default)]
pub(crate) struct Piece {
    /// They themselves, without most of those over the limit.
    pub bytes: Vec<u8>,
    /// How many there were.
    pub length: u64,
    /// How many stand before them.
    pub start: u64,
}

impl Input {
    /// All that a reader has.
    pub fn new(reader: Box<dyn BufRead>) -> Self {
        Self { reader, offset: 0 }
    }

    /// What is there without waiting; nothing at the end.
    fn chunk(&mut self) -> io::Result<&[u8]> {
        while let Err(error) = self.reader.fill_buf() {
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
        self.reader.fill_buf()
    }

    fn pass(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.offset += bytes as u64;
    }

    /// The bytes up to and with `end`, or to the end of the file. Over the limit only the last ones
    /// are kept, by which `end` is known.
    pub fn until(&mut self, end: &[u8], limit: u64) -> io::Result<Piece> {
        let mut piece = Piece { start: self.offset, ..Piece::default() };
        let last = end.last();
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return Ok(piece);
            }
            let found = chunk.iter().position(|byte| Some(byte) == last);
            let taken = found.map_or(chunk.len(), |at| at + 1);
            piece.bytes.extend_from_slice(&chunk[..taken]);
            piece.length += taken as u64;
            self.pass(taken);
            if found.is_some() && piece.bytes.ends_with(end) {
                return Ok(piece);
            }
            if piece.length > limit {
                let more = piece.bytes.len().saturating_sub(end.len());
                piece.bytes.drain(..more);
            }
        }
    }

    /// The next `length` bytes, or fewer at the end of the file; only the first `limit` are kept.
    pub fn exactly(&mut self, length: u64, limit: u64) -> io::Result<Piece> {
        let mut piece = Piece { start: self.offset, ..Piece::default() };
        while piece.length < length {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                break;
            }
            let taken = (chunk.len() as u64).min(length - piece.length) as usize;
            let room = limit.saturating_sub(piece.length).min(taken as u64) as usize;
            piece.bytes.extend_from_slice(&chunk[..room]);
            piece.length += taken as u64;
            self.pass(taken);
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_passed_over_and_not_kept() {
        let bytes = [vec![b'>'; 1 << 20], b"x<|endoftext|>y".to_vec()].concat();
        let mut input = Input::new(Box::new(io::Cursor::new(bytes)));
        let piece = input.until(b"<|endoftext|>", 100).unwrap();
        assert_eq!((piece.length, piece.start), ((1 << 20) + 14, 0));
        assert!(piece.bytes.len() < 200);
        assert_eq!(input.exactly(9, 0).unwrap().length, 1);
    }
}
