//! `cargo study tune`.

use std::process::ExitCode;

use clap::Parser;
use tune::arguments::Arguments;

fn main() -> ExitCode {
    match tune::tune(&Arguments::parse().options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            // As `cargo study` documents it: it could not be done.
            ExitCode::from(2)
        }
    }
}
