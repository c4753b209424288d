//! `study-book`: builds the book and serves it. `cargo study build` and `cargo study serve` start
//! this program, so that grading an exercise waits neither for mdBook nor for wasm-bindgen.

mod assets;
mod cargo;
mod directives;
mod fragments;
mod markdown;
mod math;
mod modules;
mod page;
mod progress;
mod quiz;
mod report_card;
mod serve;
mod site;
mod slots;
mod stills;
mod wasm;
mod whole;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use lessons::DemoPage;

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
    /// A site of one page that is not in the book, for tests: the folder of a package as those in
    /// wasm-demos, with its Markdown in page.md.
    #[arg(long, hide = true)]
    page: Option<PathBuf>,
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
    let pages = match &args.page {
        Some(folder) => vec![DemoPage::alone(&root.join(folder))],
        None => lessons::demo_pages(&root)?,
    };
    if !args.skip_stills {
        stills::make(&root, &pages)?.map_or(Ok(()), Err)?;
    }
    let data = stills::last(&root, &pages, false)?;
    let with_demos: Vec<DemoPage> =
        pages.iter().filter(|page| data.has_demos(&page.name)).cloned().collect();
    if !args.skip_wasm {
        wasm::make(&root, args.profile, args.with_yours, &with_demos)?.map_or(Ok(()), Err)?;
    }
    let modules = wasm::last(&root, args.profile, &with_demos, false)?;
    let markdown = match &args.page {
        Some(folder) => lessons::files::read_text(&root.join(folder).join("page.md"))?,
        None => String::new(),
    };
    let step = progress::Step::start("Writing the pages");
    let dest = root.join(&args.dest);
    let katex = math::Katex::default();
    let site = site::Site {
        root: &root,
        stills: &data,
        wasm: Some(&modules),
        local: args.with_yours,
        live: false,
        only: args.page.is_some().then(|| (pages[0].name.as_str(), markdown.as_str())),
    };
    let pages = site.replace(&dest, &katex)?;
    step.done(&format!("{pages} pages in {}", args.dest.display()));
    Ok(())
}
