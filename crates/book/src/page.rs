//! The last touch on a page that mdBook wrote: the slots are filled, a Content-Security-Policy
//! names the only scripts that may run, and the theme's script is added.

use std::cell::RefCell;

use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use lol_html::html_content::{ContentType, Element};
use lol_html::{Settings, element, rewrite_str, text};
use sha2::{Digest, Sha256};

use crate::slots::{ATTRIBUTE, Slots};

/// The theme's script, from the root of the site.
pub const SCRIPT: &str = "study/study.js";
/// The theme's script that listens to `serve`.
pub const DEV_SCRIPT: &str = "study/dev.js";

/// What a page is finished with.
pub struct Finish<'a> {
    /// The HTML that waits for its place.
    pub slots: &'a Slots,
    /// Module scripts to add, from the root of the site.
    pub scripts: &'a [&'a str],
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
        let scripts = |head: &mut Element<'_, '_>| {
            for script in self.scripts {
                let tag = format!("<script type=\"module\" src=\"{root}{script}\"></script>\n");
                head.append(&tag, ContentType::Html);
            }
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
            .append_element_content_handler(element!("head", scripts))
            .append_element_content_handler(element!("[data-slot]", slot))
            .append_element_content_handler(element!("html", local));
        let page = rewrite_str(html, settings).context("the page is no HTML")?;
        match missing.take() {
            Some(number) => bail!("`{ATTRIBUTE}` is for the build only; found {number:?}"),
            None => Ok(page),
        }
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
        let slots = Slots::default();
        slots.inline("<math>\n\n_a_</math>".into(), "a");
        let finish = Finish { slots: &slots, scripts: &[SCRIPT], local };
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
    fn a_slot_of_an_author_is_refused() {
        let slots = Slots::default();
        let finish = Finish { slots: &slots, scripts: &[], local: false };
        assert!(finish.page("<p data-slot=\"3\"></p>", 0).is_err());
    }
}
