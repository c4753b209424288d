//! Where a link of a page leads once the pages are the chapters of one piece.

use std::collections::BTreeMap;

use super::{Chapter, Form};

/// The chapters by the paths of their pages.
pub struct Links {
    anchors: BTreeMap<String, String>,
    /// What the links are for.
    pub form: Form,
}

impl Links {
    /// Among these chapters.
    pub fn of(chapters: &[Chapter], form: Form) -> Self {
        let anchors = chapters.iter().map(|chapter| (chapter.path.clone(), anchor(&chapter.path)));
        Self { anchors: anchors.collect(), form }
    }

    /// What an id of a page is called in its chapter: on the one page other chapters may have it.
    pub fn id(&self, page: &str, id: &str) -> String {
        match self.form {
            Form::Page => format!("{}--{id}", anchor(page)),
            Form::Epub => id.to_owned(),
        }
    }

    /// Where a link of a page leads; `None` if there is no such place, as from an EPUB to what only
    /// the site has.
    pub fn target(&self, page: &str, link: &str) -> Option<String> {
        let is_elsewhere = link.starts_with("//")
            || link.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
        if is_elsewhere {
            return Some(link.to_owned());
        }
        let (to, id) = link.split_once('#').map_or((link, ""), |(to, id)| (to, id));
        let to = to.split('?').next().unwrap_or_default();
        let place = if to.is_empty() { page.to_owned() } else { joined(page, to) };
        match self.anchors.get(&place) {
            Some(_) if self.form == Form::Page && !id.is_empty() => {
                Some(format!("#{}", self.id(&place, id)))
            }
            Some(anchor) if self.form == Form::Page => Some(format!("#{anchor}")),
            Some(anchor) if id.is_empty() => Some(format!("{anchor}.xhtml")),
            Some(anchor) => Some(format!("{anchor}.xhtml#{id}")),
            None if self.form == Form::Epub => None,
            None if id.is_empty() => Some(place),
            None => Some(format!("{place}#{id}")),
        }
    }
}

/// What a chapter is called: its id on the one page, its file in the EPUB.
pub fn anchor(page: &str) -> String {
    page.trim_end_matches(".html").replace(['/', '.'], "-")
}

/// The path of what a page names `to`, from the root of the site.
fn joined(page: &str, to: &str) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut place: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(place.pop()),
            part => place.push(part),
        }
    }
    place.join("/")
}
