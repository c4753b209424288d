//! A file of any bytes.

use crate::control::{Control, Kind};

/// A file of the reader's own, of any bytes: weights, an adapter. A run reads it with
/// [`Context::file`](crate::Context::file), and has none until the reader chooses one. A link to
/// the page does not hold it.
///
/// ```
/// use demo::control::File;
///
/// const ADAPTER: File = File::new("adapter", "An adapter of your own", ".safetensors", 2 << 20);
/// assert_eq!(ADAPTER.control().default, "");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// How its name may end: `.safetensors`, or several with commas between. Only a hint for the
    /// browser's window of files: the run judges what is in the file.
    pub accept: &'static str,
    /// A larger one is refused.
    pub max_bytes: usize,
}

impl File {
    /// A file of at most so many bytes.
    pub const fn new(
        name: &'static str,
        label: &'static str,
        accept: &'static str,
        max_bytes: usize,
    ) -> Self {
        Self { name, label, accept, max_bytes }
    }

    /// The control as the page needs it.
    pub fn control(&self) -> Control {
        let kind = Kind::File { accept: self.accept, max_bytes: self.max_bytes };
        Control { name: self.name, label: self.label, default: String::new(), kind }
    }
}
