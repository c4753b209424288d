//! `cargo study`: the command line of the book. The grading half is here; the book half is the
//! program `study-book`, built only when it is asked for.

mod board;
mod book;
mod cargo;
mod everything;
mod grade;
mod grader;
mod hint;
mod junit;
mod machine;
mod mutants;
mod new;
mod next;
mod solution;
mod state;
mod stubs;
mod terminal;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use owo_colors::OwoColorize;

use grade::Format;

/// Read, solve and grade GenAI Study Buddy, the executable book about large language models.
///
/// Start with `cargo study serve` to read, and `cargo study next` to see what to solve first.
#[derive(Parser)]
#[command(name = "cargo study", bin_name = "cargo study", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 all is well (full score), 1 points are missing or \
something was found, 2 it could not be done (unknown lesson, code that does not compile, a missing \
tool).";

#[derive(Subcommand)]
enum Command {
    /// Grade your answers and show the score board
    ///
    /// Builds each lesson with your exercise.rs and your kernels, runs its checks, and says for
    /// each failing one what was expected, what came, and where to read about it. A lesson that
    /// does not compile stops no other.
    #[command(after_help = EXIT_CODES)]
    Grade {
        /// Lessons or steps, e.g. `tokenization` or `1-basics`; all if none is named
        lessons: Vec<String>,
        /// Who reads it: you, the page (its progress import), or a classroom
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Write there instead of to the terminal
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Grade again whenever you save, with the next thing to do on top
    Watch {
        /// The lesson; without one, the one whose file you save
        lesson: Option<String>,
    },
    /// Show the next unfinished check: which file to open, what to read, a first hint
    Next,
    /// Get one more hint, from a nudge to almost the answer
    Hint {
        /// The lesson
        lesson: String,
        /// The check, as `grade` names it; without one, the first that does not pass
        check: Option<String>,
        /// All hints at once
        #[arg(long)]
        all: bool,
    },
    /// Print the reference solution, once you have full score
    Solution {
        /// The lesson
        lesson: String,
        /// Even without full score
        #[arg(long)]
        anyway: bool,
    },
    /// Start a lesson over; a copy of your answer is kept
    Reset {
        /// The lesson
        lesson: String,
    },
    /// Build the book, serve it, rebuild what changes, open the browser
    ///
    /// Takes the options of `study-book serve`: `cargo study serve --help` lists them.
    #[command(disable_help_flag = true)]
    Serve(Rest),
    /// Build the book into book/
    ///
    /// Takes the options of `study-book build`: `cargo study build --help` lists them.
    #[command(disable_help_flag = true)]
    Build(Rest),
    /// Write a new lesson: crate, page, demo; it passes every structural check as it is
    New {
        /// The step and the lesson's name, e.g. `2-transformers/positions`
        #[arg(value_name = "STEP/LESSON")]
        place: String,
        /// As in the table of contents
        #[arg(long)]
        title: String,
    },
    /// Write exercise.rs and the learner's kernels from the solutions
    Stubs {
        /// Lessons or steps; all if none is named
        lessons: Vec<String>,
        /// Write nothing; fail if something differs
        #[arg(long)]
        check: bool,
    },
    /// Prove the checks: the reference passes all, every mutant fails the one that names its bug
    Mutants {
        /// Lessons or steps; all if none is named
        lessons: Vec<String>,
    },
    /// Test everything: stubs, crates, lessons, mutants, the site, a real browser
    ///
    /// Sets up what is missing where it can, and otherwise stops with one line that says what to
    /// install.
    Test {
        /// Without the browser
        #[arg(long)]
        fast: bool,
    },
    /// Measure against named peers, in ratios
    #[command(disable_help_flag = true)]
    Bench(Rest),
}

/// Arguments for another program.
#[derive(clap::Args)]
struct Rest {
    /// Passed on as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(arguments.command).unwrap_or_else(|error| {
        anstream::eprintln!("{} {error:#}", "error:".red().bold());
        ExitCode::from(2)
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let root = lessons::workspace_root()?;
    match command {
        Command::Grade { lessons, format, output } => {
            grade::command(&root, &lessons, format, output)
        }
        Command::Watch { lesson } => watch::command(&root, lesson),
        Command::Next => next::command(&root),
        Command::Hint { lesson, check, all } => {
            hint::command(&root, &lesson, check.as_deref(), all)
        }
        Command::Solution { lesson, anyway } => solution::show(&root, &lesson, anyway),
        Command::Reset { lesson } => solution::reset(&root, &lesson),
        Command::Serve(rest) => book::serve(&root, &rest.arguments),
        Command::Build(rest) => book::build(&root, &rest.arguments),
        Command::New { place, title } => new::command(&root, &place, &title),
        Command::Stubs { lessons, check } => stubs::command(&root, &lessons, check),
        Command::Mutants { lessons } => mutants::command(&root, &lessons),
        Command::Test { fast } => everything::command(&root, fast),
        Command::Bench(rest) => book::bench(&root, &rest.arguments),
    }
}
