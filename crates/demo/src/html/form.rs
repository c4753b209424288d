//! A demo as it stands in the page: its controls, and the views of its default inputs.

use maud::{Markup, html};

use super::text;
use crate::control::Kind;
use crate::format::{bytes, counted};
use crate::{Control, Demo, Device, Offer, Start};

/// The `<study-demo>` element. Its controls are disabled until the page's script takes over, so
/// that nothing seems to work that does not.
///
/// The result is one line without `{`, `$` and line ends (they become character references): it
/// can stand in Markdown, where a blank line would end the HTML, and math or a template begin.
pub fn still(demo: &Demo, views_html: &str, summary: &str, offers: &[Offer]) -> String {
    let title_id = format!("{}-title", demo.name);
    let device = match demo.device {
        Device::Cpu => "cpu",
        Device::CpuOrGpu => "cpu-or-gpu",
    };
    let start = match demo.start {
        Start::OnInput => "on-input",
        Start::OnRun => "on-run",
    };
    let markup = html! {
        study-demo name=(demo.name) data-lesson=(demo.lesson) data-device=(device)
            data-start=(start) role="group" aria-labelledby=(title_id) {
            p class="demo-title" id=(title_id) { (demo.title) }
            form autocomplete="off" novalidate {
                fieldset disabled {
                    legend class="visually-hidden" { "Controls of " (demo.title) }
                    (fields(demo.name, &(demo.controls)()))
                    (buttons(demo))
                }
            }
            p class="ran" { "Computed on the CPU when the book was built." }
            p class="status" role="status" aria-live="polite" { (text::clean(summary)) }
            div class="views" { (maud::PreEscaped(views_html)) }
            @if !offers.is_empty() { div class="offers" { @for offer in offers { (offered(offer)) } } }
            @if demo.is_kernel_lab() { (threads(&title_id)) }
        }
    };
    inert(&markup.into_string())
}

/// The place for what the threads of a lab's kernel do; `theme/study/threads.js` fills it.
fn threads(title_id: &str) -> Markup {
    let id = format!("{title_id}-threads");
    html! {
        section class="threads" hidden aria-labelledby=(id) {
            p class="threads-title" id=(id) { "Thread by thread" }
            p class="threads-status" role="status" {}
            div class="views" {}
            button class="another" type="button" { "Another order of the threads" }
        }
    }
}

/// A file that a run in the page offers; `theme/study/offers.js` puts a link in its place.
fn offered(Offer { name, label, bytes }: &Offer) -> Markup {
    let size = crate::format::bytes(bytes.len());
    html! {
        p { "A run makes a file to save: " b { (text::clean(name)) } " (" (size) "), " (text::clean(label)) "." }
    }
}

/// With so many controls a phone shows the first few, and folds the others.
const MANY: usize = 5;
const FIRST: usize = 3;

/// The controls; where there are many, all but the first in a fold, which the style keeps open
/// where there is room.
pub(super) fn fields(demo: &str, controls: &[Control]) -> Markup {
    let shown = if controls.len() < MANY { controls.len() } else { FIRST };
    let (first, others) = controls.split_at(shown);
    html! {
        @for control in first { (field(demo, control)) }
        @if !others.is_empty() {
            details class="others" {
                summary { (counted(others.len(), "more control")) }
                @for control in others { (field(demo, control)) }
            }
        }
    }
}

fn inert(html: &str) -> String {
    html.replace('\n', "&#10;").replace('$', "&#36;").replace('{', "&#123;")
}

fn buttons(demo: &Demo) -> Markup {
    html! {
        div class="buttons" {
            button class="run" type="submit" aria-keyshortcuts="Control+Enter Meta+Enter" { "Run" }
            button class="stop" type="button" hidden { "Stop" }
            @if demo.is_kernel_lab() {
                button class="by-thread" type="button" { "Thread by thread" }
            }
            @if (demo.controls)().iter().any(|control| matches!(control.kind, Kind::Wgsl { .. })) {
                span class="keys" { kbd { "Ctrl" } " + " kbd { "Enter" } ", or " kbd { "⌘" } " + " kbd { "Enter" } }
            }
            button class="reset" type="button" { "Reset" }
            @if demo.has_yours {
                label class="subject" {
                    "Code " select name="subject" {
                        option value="reference" selected { "reference" }
                        option value="yours" { "yours" }
                    }
                }
            }
            @if demo.device == Device::CpuOrGpu {
                label class="backend" {
                    "Run on " select name="backend" {
                        option value="auto" selected { "the best there is" }
                        option value="gpu" { "WebGPU" }
                        option value="cpu" { "CPU" }
                    }
                }
            }
        }
    }
}

pub(super) fn field(demo: &str, control: &Control) -> Markup {
    let id = format!("{demo}-{}", control.name);
    let problem = format!("{id}-problem");
    let kind = match control.kind {
        Kind::Text { .. } => "text",
        Kind::Number { .. } => "number",
        Kind::Slider { .. } => "slider",
        Kind::Choice(_) => "choice",
        Kind::Toggle => "toggle",
        Kind::Wgsl { .. } => "wgsl",
        Kind::File { .. } => "bytes",
    };
    html! {
        div class={ "control " (kind) } data-control=(control.name) {
            label for=(id) { (control.label) }
            (input(&id, control))
            @if let Kind::File { accept, max_bytes } = control.kind {
                (bytes_file(&id, control.name, accept, max_bytes))
            }
            @if let Kind::Text { max_bytes } = control.kind && control.kind.takes_file() {
                (file(&id, control.label, max_bytes))
            }
            p class="problem" id=(problem) hidden {}
        }
    }
}

/// The place for a text file instead of what is typed; `theme/study/files.js` makes it work.
fn file(id: &str, label: &str, max_bytes: usize) -> Markup {
    html! {
        div class="file" {
            label class="open" {
                "Open a text file" span class="visually-hidden" { " for: " (label) }
                input type="file" class="visually-hidden" id={ (id) "-file" } accept=".txt,text/plain";
            }
            span class="drop" { "or drop one here, up to " (bytes(max_bytes)) }
            p class="used" id={ (id) "-used" } hidden {
                span { b class="name" {} " (" span class="size" {} ") is used, not the text above." }
                button class="remove" type="button" { "Remove file" }
            }
        }
    }
}

/// The place for a file of bytes: its input is the field of the control.
fn bytes_file(id: &str, name: &str, accept: &str, max_bytes: usize) -> Markup {
    html! {
        div class="file" {
            label class="open" {
                "Open a file"
                input type="file" class="visually-hidden" id=(id) name=(name) accept=(accept)
                    data-max-bytes=(max_bytes);
            }
            span class="drop" { "or drop one here, up to " (bytes(max_bytes)) }
            p class="used" id={ (id) "-used" } hidden {
                span { b class="name" {} " (" span class="size" {} ") is used." }
                button class="remove" type="button" { "Remove file" }
            }
        }
    }
}

fn input(id: &str, control: &Control) -> Markup {
    let (name, default) = (control.name, &control.default);
    match &control.kind {
        // A browser drops the first line end of a text area, so there is one to drop.
        Kind::Text { max_bytes } => html! {
            textarea id=(id) name=(name) rows=(rows(default, 2, 8)) data-max-bytes=(max_bytes)
                spellcheck="false" autocapitalize="off" { "\n" (default) }
        },
        Kind::Wgsl { max_bytes } => html! {
            div class="editor" {
                pre class="gutter" aria-hidden="true" {
                    @for line in 1..=default.split('\n').count() { (line) "\n" }
                }
                textarea id=(id) name=(name) rows=(rows(default, 8, 24)) data-max-bytes=(max_bytes)
                    spellcheck="false" autocapitalize="off" autocorrect="off" wrap="off" { "\n" (default) }
            }
        },
        Kind::Number { min, max, step } => html! {
            input type="number" id=(id) name=(name) min=(min) max=(max) step=(step) value=(default)
                inputmode="decimal";
        },
        Kind::Slider { min, max, step } => html! {
            input type="range" id=(id) name=(name) min=(min) max=(max) step=(step) value=(default);
            output for=(id) { (default) }
        },
        Kind::Choice(options) => html! {
            select id=(id) name=(name) {
                @for (value, label) in *options {
                    option value=(value) selected[value == default] { (label) }
                }
            }
        },
        Kind::Toggle => html! {
            input type="checkbox" id=(id) name=(name) value="true" checked[default == "true"];
        },
        Kind::File { .. } => html! {},
    }
}

fn rows(text: &str, min: usize, max: usize) -> usize {
    text.split('\n').count().clamp(min, max)
}
