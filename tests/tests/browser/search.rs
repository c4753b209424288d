//! A page that was reached from the search: its words are marked, and nothing else is changed.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use book_tests::listed::{Kind, demos, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page, quoted};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("search::marks_leave_every_field_as_it_is", marks);
}

/// Default, value and text of every field of every demo, where `+` has brought an end to the marks.
fn fields(page: &Page) -> Result<Vec<[String; 3]>> {
    page.wait(
        "the demos",
        "[...document.querySelectorAll('study-demo fieldset')].every(f => !f.disabled)",
    )?;
    page.js(
        "[...document.querySelectorAll('study-demo :is(textarea, select, input:not([type=file]))')]
            .map(f => [f.defaultValue ?? '', f.type === 'checkbox' ? String(f.checked) : f.value,
                       f.innerHTML])",
    )
}

/// Pages on which every kind of field stands: what marks do to one of a kind, they do to all.
fn pages_with_every_kind() -> Vec<&'static str> {
    let kind = |kind: &Kind| (std::mem::discriminant(kind), kind.takes_file());
    let (mut pages, mut seen) = (Vec::new(), Vec::new());
    for demo in demos() {
        let kinds = demo.controls.iter().map(|control| kind(&control.kind));
        let new: Vec<_> = kinds.filter(|kind| !seen.contains(kind)).collect();
        if !new.is_empty() && !pages.contains(&&*demo.page) {
            pages.push(&*demo.page);
        }
        seen.extend(new);
    }
    pages
}

fn marks(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    for name in pages_with_every_kind() {
        page.goto(&page_of(name))?;
        let before = fields(&page)?;
        let words: BTreeSet<&str> = before
            .iter()
            .flat_map(|[default, ..]| default.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.len() > 1)
            .collect();
        let words: Vec<&str> = words.into_iter().collect();
        // A word that every page has, besides.
        for words in words.chunks(400) {
            let query: String = page.js(&format!(
                "encodeURIComponent({})",
                quoted(&format!("the {}", words.join(" ")))
            ))?;
            page.goto(&format!("{}?highlight={query}", page_of(name)))?;
            let after = fields(&page)?;
            ensure!(after == before, "{name}: the marks changed {after:?}");
            let marked: usize = page.js("document.querySelectorAll('mark').length")?;
            ensure!(marked > 0, "{name}: nothing is marked");
            let within: usize = page.js("document.querySelectorAll('study-demo mark').length")?;
            ensure!(within == 0, "{name}: {within} marks in demos");
        }
    }
    page.close()
}
