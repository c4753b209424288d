//! Small demos on which the browser tests try what the kit of demos promises: one control of every
//! kind, one view of every kind, a run that is long, crashes or never ends, files, and a kernel.

mod files;
mod form;
mod gpu_or_cpu;
mod long_run;
mod views;

use demo::Demo;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![form::demo(), long_run::demo(), gpu_or_cpu::demo(), views::demo(), files::demo()]
}

/// The kit has none.
pub fn figures() -> Vec<demo::figure::Figure> {
    Vec::new()
}
