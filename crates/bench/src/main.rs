//! `cargo study bench`: timings, always as ratios to a named peer in the same run, since seconds
//! of one machine say nothing about another.

mod attention;
mod bpe;
mod cached;
mod corpus;
mod cpu;
mod decode;
mod four_bits;
mod gpt2;
mod interpreter;
mod ladder;
mod matmul;
mod matmul_web;
mod page;
mod peer;
mod sentences;
mod softmax;
mod timing;
mod training;
mod tuning;
mod tuning_page;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;

/// Measures the book's own code against well-known peers.
#[derive(Parser)]
#[command(name = "cargo study bench", disable_help_subcommand = true)]
struct Arguments {
    /// What to measure; everything if nothing is named.
    sections: Vec<String>,
    /// Writes the measured tables that the book's pages include.
    #[arg(long)]
    write: bool,
}

/// What a section is given.
struct Run {
    /// The book's folder.
    root: PathBuf,
    /// Whether to write the tables of pages.
    write: bool,
    /// Whether it was asked for by name: peers that take long to compile are for those who did.
    named: bool,
}

/// Name, what is measured, and how.
type Section = (&'static str, &'static str, fn(&Run) -> Result<()>);

/// `cargo study bench --help` lists them, too, so that help need not wait for this to compile.
const SECTIONS: [Section; 17] = [
    ("bpe", "byte-pair encoding", |run| bpe::bench(&run.root, run.write)),
    ("softmax", "the softmax kernel", |_| softmax::bench()),
    ("attention", "attention in one kernel and in three", |_| attention::bench()),
    ("matmul", "products of matrices", |run| matmul::bench(&run.root, run.named, run.write)),
    ("matmul-page", "products of matrices in a browser", |run| match run.named {
        true => matmul_web::bench(&run.root),
        // The first time it needs the network.
        false => Ok(()),
    }),
    ("decode", "a token in one dispatch and in many", |_| decode::bench()),
    ("decode-page", "a token in one dispatch and in many, in a browser", |_| decode::bench_page()),
    ("cpu", "softmax, norms and GELU on the CPU", |_| cpu::bench()),
    ("cached", "Buddy with its cache and without", |_| cached::bench()),
    ("gpt", "GPT-2 on the CPU", |run| gpt2::bench(&run.root)),
    ("minilm", "vectors of sentences", |run| sentences::bench(&run.root)),
    ("training", "Buddy's training", |_| training::bench()),
    ("tuning", "LoRA on Buddy", |_| tuning::bench()),
    ("tuning-page", "LoRA on Buddy in a browser", |_| tuning_page::bench()),
    ("four-bits", "weights in four bits", |_| four_bits::bench()),
    ("interpreter", "the interpreter of kernels", |_| interpreter::bench()),
    ("page", "the book in a browser", |_| page::bench()),
];

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
    let known = SECTIONS.map(|(name, ..)| name);
    if let Some(name) = arguments.sections.iter().find(|s| !known.contains(&s.as_str())) {
        bail!("nothing to measure is called `{name}`; there are {}", known.join(", "));
    }
    let root = lessons::workspace_root()?;
    let run = Run { root, write: arguments.write, named: !arguments.sections.is_empty() };
    for (name, what, bench) in SECTIONS {
        if !run.named || arguments.sections.iter().any(|section| section == name) {
            // Measuring takes minutes in which nothing else is said.
            eprintln!("measuring {what} …");
            bench(&run)?;
        }
    }
    Ok(())
}
