//! What macros by example cannot do: mutants as edits of a solution, and a hash over files.
//!
//! Lessons use both through `grading`.

mod edit;
mod mutants;
mod parse;

use std::path::{Path, PathBuf};

use proc_macro::{Span, TokenStream};

/// Declares the mutants of a lesson, all there is in its `tests/mutants.rs`; see
/// `grading::mutants!`.
#[proc_macro]
pub fn mutants(input: TokenStream) -> TokenStream {
    mutants::expand(input).unwrap_or_else(Problem::into_error)
}

/// A number that changes when a source of the lesson's checks does: `src/checks.rs` and what is in
/// `src/checks/`. Not for security.
#[proc_macro]
pub fn hash_of_checks(_: TokenStream) -> TokenStream {
    hash().unwrap_or_else(Problem::into_error)
}

/// What a learner's kernel starts from: the stub of a kernel in `kernels/solution/`, by its file
/// name, as a string.
#[proc_macro]
pub fn kernel_stub(input: TokenStream) -> TokenStream {
    stub_of(input).unwrap_or_else(Problem::into_error)
}

fn stub_of(input: TokenStream) -> Result<TokenStream, Problem> {
    let name = parse::only_text(input)?;
    let file = lesson_folder()?.join("kernels/solution").join(name);
    let stub = stubs::stub_wgsl(&read(&file)?).map_err(|error| Problem::new(error.to_string()))?;
    let file = file.display().to_string();
    Problem::parse(&format!("{{ const _: &[u8] = include_bytes!({file:?}); {stub:?} }}"))
}

fn hash() -> Result<TokenStream, Problem> {
    let src = lesson_folder()?.join("src");
    let mut files = vec![src.join("checks.rs")];
    if let Ok(folder) = std::fs::read_dir(src.join("checks")) {
        files.extend(folder.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut tracked = String::new();
    for file in files {
        // Windows checks files out with another line ending.
        for byte in read(&file)?.bytes().filter(|byte| *byte != b'\r') {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        tracked += &format!("const _: &[u8] = include_bytes!({:?});", file.display().to_string());
    }
    Problem::parse(&format!("{{ {tracked} {hash}_u64 }}"))
}

/// The folder of the crate that is being compiled.
fn lesson_folder() -> Result<PathBuf, Problem> {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    folder.ok_or_else(|| Problem::new("cargo names no CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(file)
        .map_err(|error| Problem::new(format!("{} cannot be read: {error}", file.display())))
}

/// What is wrong, and where.
struct Problem {
    message: String,
    span: Span,
}

impl Problem {
    fn new(message: impl Into<String>) -> Self {
        Self::at(Span::call_site(), message)
    }

    fn at(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span }
    }

    fn parse(text: &str) -> Result<TokenStream, Self> {
        text.parse().map_err(|error| Self::new(format!("cannot be parsed: {error}")))
    }

    /// `compile_error!("…")`, at its place.
    fn into_error(self) -> TokenStream {
        let text = format!("compile_error!({:?});", self.message);
        let tokens = text.parse().unwrap_or_default();
        parse::located(tokens, self.span)
    }
}
