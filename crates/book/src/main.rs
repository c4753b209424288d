//! `study-book`: builds the book and serves it. `cargo study build` and `cargo study serve` start
//! this program, so that grading an exercise waits neither for mdBook nor for wasm-bindgen.

mod assets;
mod cargo;
mod directives;
mod fragments;
mod markdown;
mod math;
mod page;
mod progress;
mod report_card;
mod serve;
mod site;
mod slots;
mod stills;
mod wasm;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use lessons::FileState;

/// Builds and serves the book.
#[derive(Parser)]
#[command(name = "study-book", bin_name = "cargo study", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the site into `book/`: demos, WebAssembly, pages.
    Build(BuildArgs),
    /// Builds the book with your own code in it, serves it, and rebuilds what you change.
    Serve(ServeArgs),
}

/// What a build makes.
#[derive(clap::Args)]
struct BuildArgs {
    /// The folder to build into; what was in it is replaced.
    #[arg(long, default_value = "book")]
    dest: PathBuf,
    /// Also ship the learner's code, as the local build does.
    #[arg(long)]
    with_yours: bool,
    /// How the WebAssembly is compiled.
    #[arg(long, value_enum, default_value_t = Profile::Wasm)]
    profile: Profile,
    /// Take the WebAssembly of the last build.
    #[arg(long)]
    skip_wasm: bool,
    /// Take the stills of the demos, the quizzes and the worked numbers of the last build.
    #[arg(long)]
    skip_stills: bool,
}

/// How the local site is served.
#[derive(clap::Args)]
struct ServeArgs {
    /// The port; the next free one is taken if it is in use.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

/// A profile of the root `Cargo.toml`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Small and fast to run: what a site ships.
    Wasm,
    /// Fast to build: what `serve` uses.
    Dev,
}

impl Profile {
    /// Its name in `Cargo.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::Dev => "dev",
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // mdBook warns of what it can live with, e.g. a tag that is never closed.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .with_target(false)
        .init();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", progress::error_text(&error));
            // As `cargo study` documents it: it could not be done.
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<()> {
    let root = lessons::workspace_root()?;
    match command {
        Command::Build(args) => build(root, args),
        Command::Serve(args) => serve::run(
            root,
            serve::Options { host: args.host, port: args.port, open: !args.no_open },
        ),
    }
}

fn build(root: PathBuf, args: BuildArgs) -> Result<()> {
    if !args.with_yours {
        tell_of_kernels(&root)?;
    }
    let data = if args.skip_stills { stills::last(&root)? } else { stills::make(&root, false)? };
    let module = if args.skip_wasm {
        wasm::last(&root, args.profile)?
    } else {
        wasm::make(&root, args.profile, args.with_yours)?
    };
    let step = progress::Step::start("Writing the pages");
    let dest = root.join(&args.dest);
    let katex = math::Katex::default();
    let site = site::Site {
        root: &root,
        stills: &data,
        wasm: Some(&module),
        local: args.with_yours,
        live: false,
    };
    let pages = site.replace(&dest, &katex)?;
    step.done(&format!("{pages} pages in {}", args.dest.display()));
    Ok(())
}

/// A kernel lab starts from the kernel in the learner's folder, also on a published site.
fn tell_of_kernels(root: &Path) -> Result<()> {
    for lesson in lessons::find_all(root)? {
        for file in lessons::stub_files(&lesson)? {
            let is_kernel = file.path.extension().is_some_and(|extension| extension == "wgsl");
            if is_kernel && file.state == FileState::Answered {
                eprintln!(
                    "warning: the kernel lab of {} starts from what you wrote in {}; `cargo study \
                     reset {}` keeps a copy and brings back the stub",
                    lesson.name,
                    lesson.shown(&file.path),
                    lesson.name
                );
            }
        }
    }
    Ok(())
}
