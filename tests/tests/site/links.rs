//! Links lead somewhere, and nothing is loaded from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use book_tests::site;
use regex::Regex;

use crate::{HtmlFile, all, expect_none, folder, html_files, pages};

#[test]
fn every_internal_link_and_anchor_resolves() {
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for file in html_files() {
        ids.insert(&file.path, anchors(file));
    }
    let mut faults = Vec::new();
    for file in html_files() {
        for target in targets(file) {
            let (path, anchor) = match resolve(&file.path, &target) {
                None => continue,
                Some(Ok(place)) => place,
                Some(Err(why)) => {
                    faults.push(format!("{}: {target}: {why}", file.path));
                    continue;
                }
            };
            if !folder().join(&path).is_file() {
                faults.push(format!("{}: {target}: there is no {path}", file.path));
            } else if let (Some(anchor), Some(ids)) = (anchor, ids.get(path.as_str()))
                && !ids.contains(&anchor)
            {
                faults.push(format!("{}: {target}: no such anchor in {path}", file.path));
            }
        }
    }
    expect_none("links that lead nowhere", faults);
}

/// Where in a file a link can lead.
fn anchors(file: &HtmlFile) -> BTreeSet<String> {
    let html = file.parse();
    let found = all(&html, "[id], a[name]");
    let found = found.iter().filter_map(|e| e.attr("id").or(e.attr("name")));
    found.map(str::to_owned).collect()
}

#[test]
fn the_address_of_a_section_that_moved_leads_to_where_it_is() {
    let config = std::fs::read_to_string(site::root().join("book.toml"));
    let config: toml::Table = toml::from_str(&config.expect("it is read")).expect("it is TOML");
    let html = config.get("output").and_then(|output| output.get("html"));
    let moved = html.and_then(|html| html.get("redirect")).and_then(|moved| moved.as_table());
    let moved = moved.expect("book.toml tells which sections moved");
    let mut faults = Vec::new();
    for (from, to) in moved {
        let to = to.as_str().unwrap_or_default();
        let (path, section) =
            from.trim_start_matches('/').split_once('#').unwrap_or((from.as_str(), ""));
        let page = |path: &str| html_files().iter().find(|file| file.path == path);
        let Some(old) = page(path) else {
            faults.push(format!("{from}: there is no page {path}"));
            continue;
        };
        if anchors(old).contains(section) {
            faults.push(format!("{from} is still there, and nobody can read it"));
        }
        if !old.text.contains(&format!("\"#{section}\":\"{to}\"")) {
            faults.push(format!("{from}: no script leads on"));
        }
        match resolve(path, to) {
            Some(Ok((path, anchor))) => match (page(&path), anchor) {
                (None, _) => faults.push(format!("{from}: {to}: there is no {path}")),
                (Some(new), Some(anchor)) if !anchors(new).contains(&anchor) => {
                    faults.push(format!("{from}: {to}: no such anchor"));
                }
                _ => {}
            },
            Some(Err(why)) => faults.push(format!("{from}: {to}: {why}")),
            None => faults.push(format!("{from}: {to} leads out of the site")),
        }
    }
    expect_none("sections that moved", faults);
}

/// What a page links to or loads.
fn targets(file: &HtmlFile) -> Vec<String> {
    let html = file.parse();
    let found = all(&html, "a[href], link[href], script[src], img[src], iframe[src], source[src]");
    let found = found.iter().filter_map(|e| e.attr("href").or(e.attr("src")));
    found.map(str::to_owned).collect()
}

/// The file and anchor a link leads to; `None` for a link out of the site.
pub fn resolve(from: &str, link: &str) -> Option<Result<(String, Option<String>), &'static str>> {
    if Regex::new("^([a-z][a-z0-9+.-]*:|//)").expect("right").is_match(link) {
        return None;
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, (!anchor.is_empty()).then(|| anchor.to_owned())),
        None => (link, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return Some(Ok((from.to_owned(), anchor)));
    }
    if path.starts_with('/') {
        // The error page is shown at any depth, so only it may name the root of the site.
        return (from != "404.html").then_some(Err("it does not work from a sub-path"));
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.pop().is_none() => return Some(Err("it leaves the site")),
            ".." => {}
            part => parts.push(part),
        }
    }
    let mut path = parts.join("/");
    if path.is_empty() || link.ends_with('/') {
        path = format!("{path}/index.html").trim_start_matches('/').to_owned();
    }
    Some(Ok((path, anchor)))
}

#[test]
fn nothing_is_loaded_from_another_host() {
    let mut faults = Vec::new();
    let foreign = Regex::new("^(https?:|//|data:text)").expect("right");
    let loading = "script[src], img[src], iframe[src], source[src], video[src], audio[src], \
                   embed[src], object[data], input[src], link[href]:not([rel=canonical])";
    for file in html_files() {
        let html = file.parse();
        for element in all(&html, loading) {
            let url = ["src", "href", "data"].iter().find_map(|name| element.attr(name));
            if url.is_some_and(|url| foreign.is_match(url)) {
                faults.push(format!("{}: {}", file.path, url.unwrap_or_default()));
            }
        }
    }
    let in_css = Regex::new(r#"(?i)(url\(\s*|@import\s+)["']?(https?:|//)[^)"']*"#).expect("right");
    let in_js = Regex::new(
        r#"\b(fetch|import|importScripts|Worker|WebSocket|EventSource|sendBeacon)\s*\(\s*["'`](https?:|wss?:|//)[^"'`]*"#,
    );
    let in_js = in_js.expect("right");
    for file in site::files(&folder()).expect("the site can be read") {
        let pattern = match file.extension().and_then(|e| e.to_str()) {
            Some("css" | "svg" | "html") => &in_css,
            Some("js" | "mjs") => &in_js,
            _ => continue,
        };
        let text = std::fs::read_to_string(&file).expect("it is text");
        faults.extend(
            pattern.find_iter(&text).map(|m| format!("{}: {}", file.display(), m.as_str())),
        );
    }
    expect_none("resources of other hosts", faults);
}

#[test]
fn no_id_is_given_twice() {
    let mut faults = Vec::new();
    for page in pages() {
        let html = page.parse();
        let mut seen = BTreeSet::new();
        let ids = all(&html, "[id]");
        let ids = ids.iter().filter_map(|e| e.attr("id"));
        faults.extend(ids.filter(|id| !seen.insert(*id)).map(|id| format!("{}: {id}", page.path)));
    }
    expect_none("ids given twice", faults);
}
