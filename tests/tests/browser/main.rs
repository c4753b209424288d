//! The pages in a real browser: every demo, what can go wrong, and who reads how.

mod accessibility;
mod bad_input;
mod bounded;
mod files;
mod imports;
mod in_view;
mod kernel_lab;
mod keyboard;
mod loading;
mod local;
mod parity;
mod print;
mod progress;
mod resilience;
mod search;
mod serve;
mod state;
mod unloaded;
mod versions;
mod visit;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use book_tests::{Browsers, Shared};
use libtest_mimic::{Arguments, Failed, Trial};

/// The trials of this run.
pub struct Suite {
    browsers: Shared,
    trials: Vec<Trial>,
}

impl Suite {
    /// Adds a trial.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        test: impl FnOnce(&Browsers) -> Result<()> + Send + 'static,
    ) {
        let browsers = self.browsers.clone();
        let run = move || test(&browsers).map_err(|error| Failed::from(format!("{error:?}")));
        self.trials.push(Trial::test(name, run));
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each trial keeps about one core busy: the page and its software GPU.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let mut suite = Suite { browsers: Arc::default(), trials: Vec::new() };
    visit::add(&mut suite);
    kernel_lab::add(&mut suite);
    bad_input::add(&mut suite);
    files::add(&mut suite);
    keyboard::add(&mut suite);
    accessibility::add(&mut suite);
    state::add(&mut suite);
    progress::add(&mut suite);
    imports::add(&mut suite);
    resilience::add(&mut suite);
    search::add(&mut suite);
    unloaded::add(&mut suite);
    versions::add(&mut suite);
    bounded::add(&mut suite);
    in_view::add(&mut suite);
    print::add(&mut suite);
    loading::add(&mut suite);
    local::add(&mut suite);
    serve::add(&mut suite);
    let Suite { browsers, trials } = suite;
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The browsers end before the process does.
    drop(browsers);
    conclusion.exit_code()
}
