//! `cargo study`: the command line of the book. The grading half is here; the book half is the
//! program `study-book`, built only when it is asked for.

mod board;
mod book;
mod broken;
mod cargo;
mod everything;
mod grade;
mod graded;
mod grader;
mod hint;
mod junit;
mod links;
mod machine;
mod mutants;
mod new;
mod next;
mod output;
mod pick;
mod place;
mod solution;
mod state;
mod stubs;
mod terminal;
mod text;
mod update;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use owo_colors::OwoColorize;

use grade::Format;

/// Read, solve and grade GenAI Study Buddy, the executable book about large language models.
///
/// Start with `cargo study serve` to read, and `cargo study next` to see what to solve first. Then
/// write, `cargo study grade`, and `cargo study hint` when you are stuck.
#[derive(Parser)]
#[command(name = "cargo study", bin_name = "cargo study", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 all is well (full score), 1 points are missing or \
something was found, 2 it could not be done (unknown lesson, code that does not compile, a missing \
tool).";

const SERVE: &str = "Options of the server:
  --port <PORT>  The port; the next free one is taken if it is in use [default: 3000]
  --host <HOST>  The address to listen on [default: 127.0.0.1]
  --no-open      Do not open a browser";

const BUILD: &str = "Options of the build:
  --dest <DEST>        The folder to build into; what was in it is replaced [default: book]
  --with-yours         Also ship your code, as `cargo study serve` does
  --profile <PROFILE>  How the WebAssembly is compiled: wasm or dev [default: wasm]
  --skip-wasm          Take the WebAssembly of the last build
  --skip-stills        Take the demos' stills, quizzes and worked numbers of the last build";

const TRAIN: &str = "Models:
  encoder          A BERT that fills gaps in Tinytown's stories
  encoder-decoder  A T5 that translates English into Tinytongue
  buddy            A GPT that writes: pre-trained on Tinytown's stories or on your text

Options of each:
  --seed <SEED>      What first weights and the order of texts are drawn from
  --steps <STEPS>    Steps of the optimizer
  --batch <BATCH>    Texts in a step
  --lr <LR>          The largest learning rate
  --out <FOLDER>     The folder to write [default: in target/models]

Options of buddy; its own help lists them all:
  --size <SIZE>      Width, depth, batch and learning rate together: tiny, small, buddy or large
  --text <PATH>      A file to learn from, or a folder of .txt, .md and .jsonl files
  --every <STEPS>    Keep a checkpoint every so many steps
  --resume <FOLDER>  Go on with the training in this folder, with its settings";

const TUNE: &str = "Options; its own help lists them all:
  --base <FOLDER>     The model to begin with [default: the book's Buddy]
  --data <FILE>       JSON lines: {\"prompt\", \"completion\"}, {\"text\", \"label\"} or {\"messages\"}
  --task <TASK>       If no file is given: sentiment, questions or translation, of Tinytown
  --method <METHOD>   What learns: full, head, lora, qlora, soft-prompt or prefix [default: lora]
  --rank <RANK>       The rank of LoRA's matrices [default: 8]
  --alpha <ALPHA>     What LoRA adds is multiplied by alpha / rank [default: 16]
  --targets <LAYERS>  Layers that get LoRA, with commas between [default: all linear ones]
  --tokens <COUNT>    Vectors of a soft prompt, or keys of a prefix [default: 8]
  --steps <STEPS>     Steps of the optimizer
  --lr <LR>           The largest learning rate
  --every <STEPS>     Measure and keep a checkpoint every so many steps
  --out <FOLDER>      The folder to write [default: in target/tuned]
  --resume <FOLDER>   Go on with the tuning in this folder, with its settings
  --ask <FOLDER>      Ask what was tuned: add --text <TEXT> or --data <FILE> to judge by
  --forgotten         Beside --ask <FOLDER>: how well it still tells Tinytown's stories";

const CLEAN: &str = "Options; its own help says more:
  <PATHS>              Files and folders: .txt, .md, .jsonl, .wet, .warc, each also with .gz
  --out <FILE>         The file to write, JSON lines [default: clean.jsonl]
  --report <FILE>      Also write the report there, as JSON
  --force              Replace files that are there
  --field <NAME>       The field of JSON lines that has the text [default: text]
  --only <STEPS>       Only these of c4,gopher,dedup
  --threshold <SHARE>  The similarity from which on two documents are copies [default: 0.8]
  --words <COUNT>      Words a shingle [default: 3]";

const BENCH: &str = "What to measure; everything but the last one if nothing is named:
  bpe          Byte-pair encoding, against tokenizers, tiktoken-rs, bpe and rustbpe
  softmax      The softmax kernel, against a copy of the same bytes and candle
  attention    Flash attention, against three kernels
  matmul       Products of matrices, against the naive kernel and, asked for by name, burn
  matmul-page  The same in a browser, against tfjs, onnxruntime-web and jax-js; only by name
  decode       A token in one dispatch, against many
  decode-page  The same in a browser
  cpu          Softmax, norms and GELU on the CPU, against candle's
  cached       Buddy with its cache, against reading all again
  gpt          GPT-2, against transformers and candle-transformers
  minilm       Vectors of sentences, against sentence-transformers and candle-transformers
  training     Buddy's training on the CPU, against PyTorch
  tuning       LoRA on Buddy, against PyTorch with peft and full fine-tuning
  tuning-page  The same in a browser, against a program and the book's budget
  four-bits    Weights in NF4, against bitsandbytes and weights in f32
  interpreter  The interpreter of kernels, natively and in a page, against the book's budgets
  page         What a reader downloads and waits for, against the book's budgets
  growth       What one more lesson costs, and the line to seventy (an hour and a half)

Options:
  --write      Write the measured tables that the book's pages include";

#[derive(Subcommand)]
enum Command {
    /// Grade your answers and show the score board
    ///
    /// Builds each lesson with your exercise.rs and your kernels, runs its checks, and says for
    /// each failing one what was expected, what came, and where to read about it. A lesson that
    /// does not compile stops no other.
    ///
    /// A check after a lesson grades that check alone, by its name or a part of it that is in no
    /// other name: `cargo study grade softmax-sampling exactly_k`.
    #[command(after_help = EXIT_CODES)]
    Grade {
        /// Lessons or steps, e.g. `tokenization` or `1-basics`, all if none is named; or a lesson
        /// and one of its checks
        #[arg(value_name = "LESSONS")]
        lessons: Vec<String>,
        /// Who reads it: you, the page (its progress import), or a classroom
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Write there instead of to the terminal
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Grade again whenever you save, with the next thing to do at the end
    ///
    /// Leave it running beside your editor; Ctrl-C stops it. A save ends a run that is still at
    /// work.
    Watch {
        /// The lesson or step, e.g. `tokenization`; without one, the lesson whose file you save
        lesson: Option<String>,
    },
    /// Show what to do next: which line to open, what to read, a first hint
    ///
    /// That is the first check that does not pass, in the order of the book; one that fails comes
    /// before one that you have not written yet.
    #[command(after_help = EXIT_CODES)]
    Next {
        /// The lesson or step, e.g. `tokenization`; the whole book if none is named
        lesson: Option<String>,
    },
    /// Get one more hint, from a nudge to almost the answer
    ///
    /// Every call shows the hints of a check that you have read and one more.
    Hint {
        /// The lesson, e.g. `tokenization`; without one, the check that `cargo study next` shows
        lesson: Option<String>,
        /// The check, or a part of its name; without one, the first that does not pass
        check: Option<String>,
        /// All hints at once
        #[arg(long)]
        all: bool,
    },
    /// Print the reference solution, once you have full score
    Solution {
        /// The lesson, e.g. `tokenization`
        lesson: String,
        /// Even without full score
        #[arg(long)]
        anyway: bool,
    },
    /// Start a lesson over: exercise.rs, kernels and hints
    ///
    /// A copy of your answer is kept in `.study/backups/`.
    Reset {
        /// The lesson, e.g. `tokenization`
        lesson: String,
    },
    /// Take a new version of the book and keep your answers
    ///
    /// Copies your files to `.study/backups/`, fetches and merges what your branch follows, and
    /// puts your answers into the new stubs. Names the functions whose signature is another one now. If
    /// anything goes wrong, all is as it was.
    Update,
    /// Build the book with your answers in it, serve it, rebuild what changes, open the browser
    #[command(after_help = SERVE)]
    Serve(Rest),
    /// Build the book into book/, as it is published
    #[command(after_help = BUILD)]
    Build(Rest),
    /// Write a new lesson: crate, page, demo; it passes every structural check as it is
    ///
    /// Its page is a draft until it has 900 to 2,000 words and its last line is removed.
    ///
    /// For example: cargo study new 2-transformers/kv-cache --title "KV cache"
    New {
        /// The step and the lesson's name, e.g. `2-transformers/kv-cache`
        #[arg(value_name = "STEP/LESSON")]
        place: String,
        /// As in the table of contents; an entry there without a page is filled in
        #[arg(long, value_name = "TITLE")]
        title: String,
    },
    /// Write what learners start from, exercise.rs and kernels, from the solutions
    Stubs {
        /// Lessons or steps; all if none is named
        lessons: Vec<String>,
        /// Write nothing; fail if something differs
        #[arg(long)]
        check: bool,
    },
    /// Prove the checks: the reference passes all, every mutant fails the one that names its bug
    ///
    /// A mutant is the reference with one classic bug (a lesson's `tests/mutants.rs`).
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
    /// Train and test Buddy in every form, and record the scores that the book shows
    ///
    /// Writes `src/report-card.json`; a test of the book fails when it is out of date.
    Report,
    /// Train one of Buddy's models again, as those in models/ were trained
    ///
    /// Takes minutes on two cores, and compiles everything with optimization first. Ctrl-C leaves
    /// nothing half done: buddy goes on from its last checkpoint with --resume, the others write their
    /// folder at the end.
    #[command(after_help = TRAIN)]
    Train(Rest),
    /// Fine-tune Buddy, or a GPT-2 of yours, on your data: in whole, or by an adapter
    ///
    /// What an adapter learned is written in the files of Hugging Face's PEFT. Data that is wrong is
    /// refused with its line before anything is trained. Ctrl-C loses nothing but the steps since the
    /// last checkpoint. Compiles with optimization first.
    #[command(after_help = TUNE)]
    Tune(Rest),
    /// Clean your own files: the rules of C4 and Gopher, then no near-copies
    ///
    /// Streams through files and folders and says what was dropped and why. Compiles with
    /// optimization first.
    #[command(after_help = CLEAN)]
    Clean(Rest),
    /// Measure the book's code against well-known peers, in ratios
    ///
    /// Takes a while: it compiles everything with optimization first.
    #[command(after_help = BENCH)]
    Bench(Rest),
}

/// Arguments for a program of the book, which is compiled only when it has work to do:
/// its options are listed here, so that help need not wait for them.
#[derive(clap::Args)]
struct Rest {
    /// Options, as below
    #[arg(value_name = "OPTIONS", trailing_var_arg = true, allow_hyphen_values = true)]
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
        Command::Next { lesson } => next::command(&root, lesson),
        Command::Hint { lesson, check, all } => {
            hint::command(&root, lesson.as_deref(), check.as_deref(), all)
        }
        Command::Solution { lesson, anyway } => solution::show(&root, &lesson, anyway),
        Command::Reset { lesson } => solution::reset(&root, &lesson),
        Command::Update => update::command(&root),
        Command::Serve(rest) => book::serve(&root, &rest.arguments),
        Command::Build(rest) => book::build(&root, &rest.arguments),
        Command::New { place, title } => new::command(&root, &place, &title),
        Command::Stubs { lessons, check } => stubs::command(&root, &lessons, check),
        Command::Mutants { lessons } => mutants::command(&root, &lessons),
        Command::Test { fast } => everything::command(&root, fast),
        Command::Report => book::report(&root),
        Command::Train(rest) => book::train(&root, &rest.arguments),
        Command::Tune(rest) => book::tune(&root, &rest.arguments),
        Command::Clean(rest) => book::clean(&root, &rest.arguments),
        Command::Bench(rest) => book::bench(&root, &rest.arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_of_serve_and_build_names_options_that_there_are() {
        let book = include_str!("../../book/src/main.rs");
        let options = [SERVE, BUILD].join("\n");
        let names = options.split_whitespace().filter_map(|word| word.strip_prefix("--"));
        let fields: Vec<String> =
            names.map(|name| format!("{}:", name.replace('-', "_"))).collect();
        assert_eq!(fields.len(), 8);
        for field in &fields {
            assert!(book.contains(&format!("    {field} ")), "{field}");
        }
        let train = [
            include_str!("../../train/src/arguments.rs"),
            include_str!("../../train/src/decoder/options.rs"),
        ]
        .concat();
        let clean = include_str!("../../clean/src/arguments.rs");
        let tune = include_str!("../../tune/src/arguments.rs");
        for (help, source) in [(TRAIN, train.as_str()), (CLEAN, clean), (TUNE, tune)] {
            for name in help.split_whitespace().filter_map(|word| word.strip_prefix("--")) {
                assert!(source.contains(&format!("pub {name}: ")), "{name}");
            }
        }
        let hidden = book.matches("hide = true").count();
        assert_eq!(book.matches("#[arg(").count() - hidden, fields.len());
    }
}
