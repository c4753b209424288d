//! `cargo study bench`: timings, always as ratios to a named peer in the same run, since seconds
//! of one machine say nothing about another.

mod bpe;
mod corpus;
mod ladder;
mod page;
mod softmax;
mod timing;

use anyhow::bail;
use clap::Parser;

/// Measures the book's own code against well-known peers.
#[derive(Parser)]
#[command(name = "cargo study bench", disable_help_subcommand = true)]
struct Arguments {
    /// What to measure: `bpe`, `softmax` or `page`; all without a name.
    sections: Vec<String>,
    /// Writes the measured tables that the book's pages include.
    #[arg(long)]
    write: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let known = ["bpe", "softmax", "page"];
    if let Some(name) = arguments.sections.iter().find(|s| !known.contains(&s.as_str())) {
        bail!("nothing to measure is called `{name}`; there are {}", known.join(", "));
    }
    let wanted =
        |name: &str| arguments.sections.is_empty() || arguments.sections.iter().any(|s| s == name);
    let root = lessons::workspace_root()?;
    if wanted("bpe") {
        bpe::bench(&root, arguments.write)?;
    }
    if wanted("softmax") {
        softmax::bench()?;
    }
    if wanted("page") {
        page::bench()?;
    }
    Ok(())
}
