//! The security policy: strict, and no page breaks it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::{HtmlFile, all, expect_none, html_files};

/// Directives and their sources, of a page's policy.
fn policy(file: &HtmlFile) -> Option<BTreeMap<String, Vec<String>>> {
    let html = file.parse();
    let meta = all(&html, "head > meta[http-equiv=Content-Security-Policy]");
    let text = meta.first()?.attr("content")?;
    let directive = |text: &str| {
        let mut words = text.split_whitespace().map(str::to_owned);
        Some((words.next()?, words.collect()))
    };
    Some(text.split(';').filter_map(directive).collect())
}

#[test]
fn every_page_has_a_strict_policy() {
    let mut faults = Vec::new();
    for file in html_files() {
        let path = &file.path;
        let Some(policy) = policy(file) else {
            faults.push(format!("{path}: no policy"));
            continue;
        };
        for directive in ["default-src", "script-src", "base-uri", "object-src"] {
            let falls_back = directive == "object-src" && policy.contains_key("default-src");
            if !policy.contains_key(directive) && !falls_back {
                faults.push(format!("{path}: no {directive}"));
            }
        }
        for (directive, sources) in &policy {
            let is_foreign = |s: &&String| s.contains("//") || *s == "*" || s.ends_with(':');
            let foreign =
                sources.iter().filter(is_foreign).filter(|s| *s != "data:" && *s != "blob:");
            faults.extend(foreign.map(|s| format!("{path}: {directive} allows {s}")));
        }
        let scripts = policy.get("script-src").or(policy.get("default-src"));
        for source in scripts.into_iter().flatten() {
            if ["'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"].contains(&source.as_str()) {
                faults.push(format!("{path}: scripts may be {source}"));
            }
        }
        let meta = file.text.find("Content-Security-Policy").unwrap_or_default();
        if file.text.find("<script").is_some_and(|script| script < meta) {
            faults.push(format!("{path}: a script stands before the policy"));
        }
    }
    expect_none("policies", faults);
}

#[test]
fn every_inline_script_is_one_that_the_policy_names() {
    let mut faults = Vec::new();
    for file in html_files() {
        let policy = policy(file).unwrap_or_default();
        let allowed = policy.get("script-src").cloned().unwrap_or_default();
        let html = file.parse();
        for script in all(&html, "script:not([src])") {
            if script.attr("type").is_some_and(|kind| kind.contains("json")) {
                continue;
            }
            let text: String = script.text().collect();
            let hash = BASE64_STANDARD.encode(Sha256::digest(&text));
            if !allowed.contains(&format!("'sha256-{hash}'")) {
                let start: String = text.trim().chars().take(60).collect();
                faults.push(format!("{}: {start}…", file.path));
            }
        }
    }
    expect_none("inline scripts whose hash is not in the policy", faults);
}

#[test]
fn no_element_has_a_handler_or_a_script_address() {
    let mut faults = Vec::new();
    for file in html_files() {
        let html = file.parse();
        for element in all(&html, "*") {
            let tag = element.value().name();
            for (name, value) in element.value().attrs() {
                let runs = name.starts_with("on") && name.len() > 2;
                let scripted = value.trim_start().to_lowercase().starts_with("javascript:");
                if runs || scripted {
                    faults.push(format!("{}: <{tag} {name}=\"{value}\">", file.path));
                }
            }
        }
    }
    expect_none("scripts in attributes", faults);
}
