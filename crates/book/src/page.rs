//! The last touch on a page that mdBook wrote: the slots are filled, a Content-Security-Policy
//! names the only scripts that may run, the theme's scripts are added, and what a reader's browser
//! needs to know: what no translator may touch, and what to say where no script runs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use lol_html::html_content::{ContentType, Element};
use lol_html::{Settings, element, rewrite_str, text};
use sha2::{Digest, Sha256};

use crate::modules::Modules;
use crate::slots::{ATTRIBUTE, Slots};

/// The theme's script, from the root of the site.
pub const SCRIPT: &str = "study/study.js";
/// The theme's script that listens to `serve`.
pub const DEV_SCRIPT: &str = "study/dev.js";

/// What is said until a script takes it out: the theme's style shows it where that takes too long.
const UNLOADED: &str = "<p class=\"unloaded\">Nothing responds here: JavaScript is switched off, or \
    the scripts of this page did not load. A page that was opened as a file cannot load them: serve \
    its folder, with <code translate=\"no\">cargo study serve</code> or any web server, for example \
    <code translate=\"no\">python3 -m http.server</code>.</p>";

/// The buttons that do nothing without a script, outside of demos.
const BUTTONS: &str = "section.quiz .actions, section.progress .actions";

/// mdBook's links to the chapters before and behind a page.
const ARROWS: &str = "a.nav-chapters, a.mobile-nav-chapters";

/// What means the same in every language: code, formulas, drawings, what is typed.
const LITERAL: &str = "code, pre, kbd, samp, textarea, .katex, main svg[role=img]";

/// What a page is finished with.
#[derive(Clone)]
pub struct Finish<'a> {
    /// The HTML that waits for its place.
    pub slots: &'a Slots,
    /// Module scripts to add, from the root of the site.
    pub scripts: Vec<&'static str>,
    /// The modules that these import.
    pub modules: Rc<Modules>,
    /// The names of the chapters, by the paths of their pages from the root of the site.
    pub titles: Rc<BTreeMap<String, String>>,
    /// Marks a page of `serve`.
    pub local: bool,
}

impl Finish<'_> {
    /// Finishes a page that lies `depth` folders below the root of the site.
    pub fn page(&self, html: &str, depth: usize) -> Result<String> {
        let policy = policy(&inline_scripts(html)?);
        let root = "../".repeat(depth);
        let missing = RefCell::new(None);
        let head = |meta: &mut Element<'_, '_>| {
            let policy =
                format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
            meta.after(&policy, ContentType::Html);
            Ok(())
        };
        let slot = |slot: &mut Element<'_, '_>| {
            let number = slot.get_attribute(ATTRIBUTE).unwrap_or_default();
            match self.slots.html(&number) {
                Some(html) => slot.replace(&html, ContentType::Html),
                None => *missing.borrow_mut() = Some(number),
            }
            Ok(())
        };
        let local = |html: &mut Element<'_, '_>| {
            if self.local {
                html.set_attribute("data-local", "")?;
            }
            Ok(())
        };
        let settings = Settings::new()
            .append_element_content_handler(element!("meta[charset]", head))
            .append_element_content_handler(element!("[data-slot]", slot))
            .append_element_content_handler(element!("html", local));
        let page = rewrite_str(html, settings).context("the page is no HTML")?;
        match missing.take() {
            Some(number) => bail!("`{ATTRIBUTE}` is for the build only; found {number:?}"),
            None => self.whole(&page, &root),
        }
    }

    /// Adds to a page whose slots are filled what depends on them.
    fn whole(&self, html: &str, root: &str) -> Result<String> {
        let mdbooks = script_files(html)?;
        let early = |script: &mut Element<'_, '_>| {
            // Before the first script, which all that follows in the page waits for. A browser that
            // meets a policy in a page no longer looks ahead for scripts by itself.
            if mdbooks.first() == script.get_attribute("src").as_ref() {
                let modules =
                    if self.scripts.is_empty() { vec![] } else { self.modules.of_page(html) };
                for module in modules {
                    let link =
                        format!("<link rel=\"modulepreload\" href=\"{root}study/{module}\">\n");
                    script.before(&link, ContentType::Html);
                }
                for file in &mdbooks {
                    let link = format!("<link rel=\"preload\" as=\"script\" href=\"{file}\">\n");
                    script.before(&link, ContentType::Html);
                }
            }
            Ok(())
        };
        let scripts = |head: &mut Element<'_, '_>| {
            for script in &self.scripts {
                let tag = format!("<script type=\"module\" src=\"{root}{script}\"></script>\n");
                head.append(&tag, ContentType::Html);
            }
            Ok(())
        };
        let literal = |element: &mut Element<'_, '_>| {
            element.set_attribute("translate", "no")?;
            Ok(())
        };
        // mdBook's arrows say only where they point.
        let arrow = |link: &mut Element<'_, '_>| {
            let page = link.get_attribute("href").unwrap_or_default();
            let title = self.titles.get(page.trim_start_matches("../"));
            let (Some(title), Some(label)) = (title, link.get_attribute("aria-label")) else {
                return Ok(());
            };
            for name in ["aria-label", "title"] {
                link.set_attribute(name, &format!("{label}: {title}"))?;
            }
            link.append("<span class=\"name\">", ContentType::Html);
            link.append(title, ContentType::Text);
            link.append("</span>", ContentType::Html);
            Ok(())
        };
        let sides = |nav: &mut Element<'_, '_>| {
            nav.set_attribute("aria-label", "Page navigation at the sides")?;
            Ok(())
        };
        let after = |title: &mut Element<'_, '_>| {
            title.after(UNLOADED, ContentType::Html);
            Ok(())
        };
        let before = |buttons: &mut Element<'_, '_>| {
            buttons.before(UNLOADED, ContentType::Html);
            Ok(())
        };
        let settings = Settings::new()
            .append_element_content_handler(element!("head > script[src]", early))
            .append_element_content_handler(element!("head", scripts))
            .append_element_content_handler(element!(LITERAL, literal))
            .append_element_content_handler(element!(ARROWS, arrow))
            .append_element_content_handler(element!("nav.nav-wide-wrapper", sides))
            .append_element_content_handler(element!("study-demo > .demo-title", after))
            .append_element_content_handler(element!(BUTTONS, before));
        rewrite_str(html, settings).context("the page is no HTML")
    }
}

/// The texts of the inline scripts, which are all mdBook's.
fn inline_scripts(html: &str) -> Result<Vec<String>> {
    let scripts = RefCell::new(vec![String::new()]);
    let collect = |chunk: &mut lol_html::html_content::TextChunk<'_>| {
        let mut scripts = scripts.borrow_mut();
        if let Some(script) = scripts.last_mut() {
            script.push_str(chunk.as_str());
        }
        if chunk.last_in_text_node() {
            scripts.push(String::new());
        }
        Ok(())
    };
    let settings =
        Settings::new().append_element_content_handler(text!("script:not([src])", collect));
    rewrite_str(html, settings).context("the page is no HTML")?;
    let mut scripts = scripts.into_inner();
    scripts.retain(|script| !script.is_empty());
    Ok(scripts)
}

/// The scripts that a page loads, which are all mdBook's.
fn script_files(html: &str) -> Result<Vec<String>> {
    let files = RefCell::new(vec![]);
    let collect = |script: &mut Element<'_, '_>| {
        files.borrow_mut().extend(script.get_attribute("src"));
        Ok(())
    };
    let settings = Settings::new().append_element_content_handler(element!("script[src]", collect));
    rewrite_str(html, settings).context("the page is no HTML")?;
    Ok(files.into_inner())
}

/// What a page may load and run. WebAssembly is compiled in the worker, which has a policy of its
/// own; KaTeX positions its letters with style attributes; the frame is mdBook's table of contents
/// for readers without scripts.
fn policy(inline_scripts: &[String]) -> String {
    let mut hashes: Vec<String> = inline_scripts
        .iter()
        .map(|script| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect();
    hashes.sort();
    hashes.dedup();
    format!(
        "default-src 'none'; script-src 'self'{}; style-src 'self'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'",
        hashes.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE HTML>\n<html lang=\"en\"><head><meta charset=\"UTF-8\"></head>\
        <body><script>let a = 1 < 2;</script><script src=\"b.js\"></script>\
        <p>x <span data-slot=\"0\">text</span></p></body></html>";

    fn finish(local: bool) -> String {
        finish_with("<math>\n\n_a_</math>", local)
    }

    fn finish_with(slot: &str, local: bool) -> String {
        let slots = Slots::default();
        slots.inline(slot.into(), "a");
        let titles = Rc::new(BTreeMap::from([("a/b.html".to_owned(), "A & B".to_owned())]));
        let modules = Rc::default();
        let finish = Finish { slots: &slots, scripts: vec![SCRIPT], modules, titles, local };
        finish.page(PAGE, 1).unwrap()
    }

    #[test]
    fn the_policy_allows_only_what_the_page_holds() {
        let page = finish(false);
        let hash = BASE64_STANDARD.encode(Sha256::digest("let a = 1 < 2;"));
        assert!(page.contains(&format!("script-src 'self' 'sha256-{hash}';")), "{page}");
        assert!(page.contains("<meta charset=\"UTF-8\"><meta http-equiv"));
        assert!(!page.contains("wasm-unsafe-eval"));
    }

    #[test]
    fn slots_are_filled_and_the_script_is_relative() {
        let page = finish(true);
        assert!(page.contains("<p>x <math>\n\n_a_</math></p>"), "{page}");
        assert!(page.contains("<script type=\"module\" src=\"../study/study.js\"></script>"));
        assert!(page.contains("<html lang=\"en\" data-local=\"\">"));
        assert!(!finish(false).contains("data-local"));
    }

    #[test]
    fn what_needs_scripts_says_so_and_what_is_literal_is_not_translated() {
        let demo = "<study-demo><p class=\"demo-title\">T</p><pre>a</pre></study-demo>";
        let page = finish_with(demo, false);
        let place = page.find("class=\"unloaded\"").unwrap();
        assert!(page.find("demo-title").unwrap() < place && place < page.find("<pre").unwrap());
        assert!(page.contains("<pre translate=\"no\">a</pre>"), "{page}");
        let quiz = "<section class=\"quiz\"><p class=\"actions\"></p></section>";
        let page = finish_with(quiz, false);
        assert!(page.contains("<section class=\"quiz\"><p class=\"unloaded\">"), "{page}");
        assert!(!finish(false).contains("unloaded"));
    }

    #[test]
    fn arrows_name_their_chapters() {
        let arrow = "<a class=\"nav-chapters next\" href=\"../a/b.html\" title=\"Next chapter\" \
            aria-label=\"Next chapter\">›</a>";
        let page = finish_with(arrow, false);
        assert!(page.contains("aria-label=\"Next chapter: A & B\""), "{page}");
        assert!(page.contains("title=\"Next chapter: A & B\""), "{page}");
        assert!(page.contains("›<span class=\"name\">A &amp; B</span></a>"), "{page}");
    }

    #[test]
    fn a_slot_of_an_author_is_refused() {
        let slots = Slots::default();
        let (modules, titles) = (Rc::default(), Rc::default());
        let finish = Finish { slots: &slots, scripts: vec![], modules, titles, local: false };
        assert!(finish.page("<p data-slot=\"3\"></p>", 0).is_err());
    }
}
