//! Stills and their controls.

use super::*;
use crate::control::{Choice, File, Slider, Text, Toggle, Typed, Wgsl};
use crate::{Control, Demo, Device, Offer, Start};

const TEXT: Text =
    Text { name: "text", label: "Your text", default: "a\n\n$x${{b}} <i>", max_bytes: 99 };
const KERNEL: Wgsl = Wgsl { name: "kernel", label: "The kernel", default: "fn a() {\n}" };
const TEMPERATURE: Slider =
    Slider { name: "t", label: "Temperature", default: 0.5, min: 0.0, max: 2.0, step: 0.1 };
const METHOD: Choice = Choice { name: "m", label: "Method", options: &[("a", "A"), ("b", "B")] };
const GREEDY: Toggle = Toggle { name: "g", label: "Greedy", default: true };

fn controls() -> Vec<Control> {
    vec![
        TEXT.control(),
        KERNEL.control(),
        TEMPERATURE.control(),
        METHOD.control(),
        GREEDY.control(),
    ]
}

fn demo() -> Demo {
    Demo {
        name: "try-it",
        title: "Try it",
        lesson: "softmax",
        has_yours: true,
        device: Device::CpuOrGpu,
        start: Start::OnInput,
        controls,
        run: crate::run(|_| async { Ok(()) }),
    }
}

#[test]
fn a_still_can_stand_in_markdown() {
    let html = still(&demo(), &views(&every_view()), "It says {{hi}}.\n", &[]);
    assert!(!html.contains(['\n', '$', '{']), "{html}");
    assert!(html.starts_with("<study-demo name=\"try-it\"") && html.ends_with("</study-demo>"));
    assert!(html.contains("a&#10;&#10;&#36;x&#36;&#123;&#123;b}} &lt;i&gt;</textarea>"), "{html}");
}

#[test]
fn every_field_is_labelled_and_has_room_for_its_problem() {
    let html = still(&demo(), "", "", &[]);
    for control in controls() {
        let id = format!("try-it-{}", control.name);
        assert!(html.contains(&format!("<label for=\"{id}\">{}</label>", control.label)), "{html}");
        assert!(html.contains(&format!(" id=\"{id}\" name=\"{}\"", control.name)), "{html}");
        assert!(html.contains(&format!("id=\"{id}-problem\" hidden")), "{html}");
    }
    assert!(html.contains("<fieldset disabled>") && html.contains("checked"));
}

#[test]
fn a_file_of_bytes_is_the_field_of_its_control() {
    let control = File::new("weights", "Your weights", ".safetensors", 2_000_000).control();
    let html = super::form::field("try-it", &control).into_string();
    assert!(html.contains("<label for=\"try-it-weights\">Your weights</label>"), "{html}");
    assert!(
        html.contains("type=\"file\" class=\"visually-hidden\" id=\"try-it-weights\""),
        "{html}"
    );
    assert!(html.contains("accept=\".safetensors\" data-max-bytes=\"2000000\""), "{html}");
    assert!(html.contains("up to 2\u{202f}MB") && !html.contains("textarea"), "{html}");
}

#[test]
fn a_still_names_the_files_that_a_run_makes() {
    let offer = Offer { name: "a<b>.bin", label: "the counts", bytes: &[0; 1200] };
    let html = still(&demo(), "", "", &[offer]);
    let told = "A run makes a file to save: <b>a&lt;b&gt;.bin</b> (1.2\u{202f}KB), the counts.";
    assert!(html.contains(told) && html.contains("<div class=\"offers\">"), "{html}");
    assert!(!still(&demo(), "", "", &[]).contains("offers"));
}

#[test]
fn of_many_controls_the_first_are_open_and_the_others_fold() {
    let html = still(&demo(), "", "", &[]);
    let (open, folded) = html.split_once("<details class=\"others\">").unwrap();
    let (folded, after) = folded.split_once("</details>").unwrap();
    assert_eq!(open.matches("data-control=").count(), 3, "{html}");
    assert_eq!(folded.matches("data-control=").count(), 2, "{html}");
    assert!(folded.contains("<summary>2 more controls</summary>"), "{html}");
    assert!(after.contains("class=\"run\"") && after.contains("<kbd>Enter</kbd>"), "{html}");
    let few = super::form::fields("try-it", &controls()[..4]).into_string();
    assert!(!few.contains("details"), "{few}");
}

#[test]
fn a_file_is_offered_where_a_text_may_be_long() {
    let files = |max_bytes| {
        let text = Text { max_bytes, ..TEXT }.control();
        let html = super::form::field("try-it", &text).into_string();
        (html.matches("<input type=\"file\"").count(), html.contains("up to 65.5\u{202f}KB"))
    };
    assert_eq!(files(99), (0, false));
    assert_eq!(files(64 << 10), (1, true));
}
