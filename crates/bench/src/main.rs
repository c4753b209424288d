//! `cargo study bench`: timings, always as ratios to a named peer in the same run, since seconds
//! of one machine say nothing about another.

mod attention;
mod bpe;
mod cached;
mod corpus;
mod cpu;
mod gpt2;
mod interpreter;
mod ladder;
mod page;
mod peer;
mod sentences;
mod softmax;
mod timing;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;

/// Measures the book's own code against well-known peers.
#[derive(Parser)]
#[command(name = "cargo study bench", disable_help_subcommand = true)]
struct Arguments {
    /// What to measure: `bpe`, `softmax`, `attention`, `cpu`, `cached`, `gpt`, `minilm`,
    /// `interpreter` or `page`; all without a name.
    sections: Vec<String>,
    /// Writes the measured tables that the book's pages include.
    #[arg(long)]
    write: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            // As `cargo study` documents it: it could not be done.
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let known =
        ["bpe", "softmax", "attention", "cpu", "cached", "gpt", "minilm", "interpreter", "page"];
    if let Some(name) = arguments.sections.iter().find(|s| !known.contains(&s.as_str())) {
        bail!("nothing to measure is called `{name}`; there are {}", known.join(", "));
    }
    let wanted =
        |name: &str| arguments.sections.is_empty() || arguments.sections.iter().any(|s| s == name);
    let root = lessons::workspace_root()?;
    // Measuring takes minutes in which nothing else is said.
    let begin = |what: &str| eprintln!("measuring {what} …");
    if wanted("bpe") {
        begin("byte-pair encoding");
        bpe::bench(&root, arguments.write)?;
    }
    if wanted("softmax") {
        begin("the softmax kernel");
        softmax::bench()?;
    }
    if wanted("attention") {
        begin("attention in one kernel and in three");
        attention::bench()?;
    }
    if wanted("cpu") {
        begin("softmax, norms and GELU on the CPU");
        cpu::bench()?;
    }
    if wanted("cached") {
        begin("Buddy with its cache and without");
        cached::bench()?;
    }
    if wanted("gpt") {
        begin("GPT-2 on the CPU");
        gpt2::bench(&root)?;
    }
    if wanted("minilm") {
        begin("vectors of sentences");
        sentences::bench(&root)?;
    }
    if wanted("interpreter") {
        begin("the interpreter of kernels");
        interpreter::bench()?;
    }
    if wanted("page") {
        begin("the book in a browser");
        page::bench()?;
    }
    Ok(())
}
