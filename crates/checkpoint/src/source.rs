//! Where the bytes of a checkpoint are.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::CheckpointError;

/// A file, or what was read of one.
pub(crate) enum Source {
    Memory(Vec<u8>),
    File { path: PathBuf, file: File, len: u64 },
}

impl Source {
    pub fn open(path: &Path) -> Result<Self, CheckpointError> {
        let failed = |error| CheckpointError::File { path: path.to_owned(), error };
        let file = File::open(path).map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        Ok(Self::File { path: path.to_owned(), file, len })
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { len, .. } => *len,
        }
    }

    /// The bytes of a range that lies within the file.
    pub fn bytes(&mut self, [begin, end]: [u64; 2]) -> Result<Cow<'_, [u8]>, CheckpointError> {
        match self {
            // What is in memory has addresses of this width.
            Self::Memory(bytes) => Ok(Cow::Borrowed(&bytes[begin as usize..end as usize])),
            Self::File { path, file, .. } => {
                let failed = |error| CheckpointError::File { path: path.clone(), error };
                let size = usize::try_from(end - begin)
                    .map_err(|_| failed(io::Error::from(io::ErrorKind::FileTooLarge)))?;
                let mut bytes = vec![0; size];
                file.seek(SeekFrom::Start(begin)).map_err(failed)?;
                file.read_exact(&mut bytes).map_err(failed)?;
                Ok(Cow::Owned(bytes))
            }
        }
    }
}
