//! The pages in a real browser: every demo, what can go wrong, and who reads how.

mod accessibility;
mod bad_input;
mod bounded;
mod bytes;
mod editor;
mod files;
mod imports;
mod in_view;
mod kernel_lab;
mod kernels;
mod keyboard;
mod loading;
mod local;
mod lora;
mod parity;
mod pretrain;
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
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;
use book_tests::{Browsers, Shared};
use libtest_mimic::{Arguments, Failed, Trial};

/// How many of the slowest trials are named at the end.
const SLOWEST: usize = 12;

/// The trials of this run.
pub struct Suite {
    browsers: Shared,
    trials: Vec<Trial>,
    /// The seconds that each took.
    seconds: Arc<Mutex<Vec<(f64, String)>>>,
}

impl Suite {
    /// Adds a trial.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        test: impl FnOnce(&Browsers) -> Result<()> + Send + 'static,
    ) {
        let (browsers, seconds, name) = (self.browsers.clone(), self.seconds.clone(), name.into());
        let named = name.clone();
        let run = move || {
            let start = Instant::now();
            let outcome = test(&browsers).map_err(|error| Failed::from(format!("{error:?}")));
            let mut seconds = seconds.lock().unwrap_or_else(PoisonError::into_inner);
            seconds.push((start.elapsed().as_secs_f64(), named));
            outcome
        };
        self.trials.push(Trial::test(name, run));
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each trial keeps about one core busy: the page and its software GPU.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let (browsers, seconds) = (Shared::default(), Arc::default());
    let mut suite = Suite { browsers, trials: Vec::new(), seconds };
    visit::add(&mut suite);
    parity::add(&mut suite);
    kernel_lab::add(&mut suite);
    kernels::add(&mut suite);
    bad_input::add(&mut suite);
    editor::add(&mut suite);
    files::add(&mut suite);
    bytes::add(&mut suite);
    pretrain::add(&mut suite);
    lora::add(&mut suite);
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
    let Suite { browsers, trials, seconds } = suite;
    let conclusion = libtest_mimic::run(&arguments, trials);
    tell_slowest(&mut seconds.lock().unwrap_or_else(PoisonError::into_inner));
    // The browsers end before the process does.
    drop(browsers);
    conclusion.exit_code()
}

/// Says where the time went: a page more must not cost minutes.
fn tell_slowest(seconds: &mut [(f64, String)]) {
    seconds.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (pages, others): (Vec<_>, Vec<_>) =
        seconds.iter().partition(|(_, name)| name.starts_with("page::"));
    let sum = |trials: &[&(f64, String)]| trials.iter().map(|(seconds, _)| seconds).sum::<f64>();
    println!("pages took {:.0} s, all other trials {:.0} s", sum(&pages), sum(&others));
    for (seconds, name) in seconds.iter().take(SLOWEST) {
        println!("{seconds:6.1} s  {name}");
    }
}
