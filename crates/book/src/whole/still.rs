//! A chapter as it stands in print: what only a script brings to life is left out, and controls say
//! what they are set to. What comes out can be read as HTML and as XML.

use std::fmt::Write;

use maud::{Escaper, Markup, html};
use scraper::{ElementRef, Html, Node};

use super::Form;
use super::links::Links;

/// What does nothing without a script.
const INERT: [&str; 8] =
    ["script", "style", "template", "button", "input", "select", "textarea", "noscript"];
/// The same, by class.
const INERT_CLASSES: [&str; 3] = ["unloaded", "actions", "scrubber"];
/// Attributes that name ids, separated by spaces.
const REFERENCES: [&str; 3] = ["aria-labelledby", "aria-describedby", "aria-controls"];
/// Attributes for scripts and forms.
const UNUSED: [&str; 3] = ["aria-live", "name", "xmlns"];
/// Elements without an end.
const VOID: [&str; 6] = ["br", "col", "hr", "img", "source", "wbr"];

/// A chapter, for what its links are for.
pub fn of(chapter: &Html, page: &str, links: &Links) -> String {
    let mut out = String::new();
    Writer { page, links }.children(chapter.root_element(), &mut out);
    out
}

struct Writer<'a> {
    page: &'a str,
    links: &'a Links,
}

impl Writer<'_> {
    fn children(&self, element: ElementRef, out: &mut String) {
        for node in element.children() {
            match (node.value(), ElementRef::wrap(node)) {
                (Node::Text(text), _) => escape(text, out),
                (_, Some(element)) => self.element(element, out),
                _ => {}
            }
        }
    }

    fn element(&self, element: ElementRef, out: &mut String) {
        let tag = element.value().name();
        if self.is_left_out(element) {
            return;
        }
        if tag == "form" && is_in_demo(element) {
            out.push_str(&settings(element).into_string());
        } else if self.is_bare(element) {
            self.children(element, out);
        } else {
            let tag = self.tag(tag);
            let _ = write!(out, "<{tag}");
            self.attributes(element, out);
            if VOID.contains(&&*tag) {
                out.push_str("/>");
            } else {
                out.push('>');
                self.children(element, out);
                let _ = write!(out, "</{tag}>");
            }
        }
    }

    fn is_left_out(&self, element: ElementRef) -> bool {
        let tag = element.value().name();
        let is_silent = is(element, "status") && element.text().all(|text| text.trim().is_empty());
        is_silent
            || INERT.contains(&tag)
            || INERT_CLASSES.iter().any(|class| is(element, class))
            || element.attr("hidden").is_some()
            // Readers of EPUBs show MathML.
            || self.is_epub() && (tag == "annotation" || is(element, "katex-html"))
    }

    /// Whether only what is in the element is written.
    fn is_bare(&self, element: ElementRef) -> bool {
        match element.value().name() {
            "label" => true,
            // The title of a page leads to itself.
            "a" => self.is_epub() && (is(element, "header") || self.link(element).is_none()),
            "semantics" => self.is_epub(),
            _ => false,
        }
    }

    /// The name of an element; chapters stand below the title of the one page.
    fn tag(&self, tag: &str) -> String {
        match (tag, self.is_epub()) {
            ("form", _) => "div".into(),
            ("study-demo", true) => "section".into(),
            ("h1" | "h2" | "h3" | "h4" | "h5", false) => {
                let level = tag[1..].parse().unwrap_or(5);
                format!("h{}", level + 1)
            }
            _ => tag.into(),
        }
    }

    fn attributes(&self, element: ElementRef, out: &mut String) {
        let tag = element.value().name();
        let mut attribute = |name: &str, value: &str| {
            let _ = write!(out, " {name}=\"");
            escape(value, out);
            out.push('"');
        };
        let namespace = |element: ElementRef| element.value().name.ns.to_string();
        let around = element.parent().and_then(ElementRef::wrap).map(namespace);
        let own = namespace(element);
        if tag != "html" && around.is_some_and(|around| around != own) {
            attribute("xmlns", &own);
        }
        if tag == "study-demo" && self.is_epub() {
            attribute("class", "demo");
        }
        if tag == "math" && self.is_epub() {
            let tex = element.descendent_elements().find(|e| e.value().name() == "annotation");
            let tex: String = tex.iter().flat_map(ElementRef::text).collect();
            attribute("alttext", &tex);
        }
        for (name, value) in element.value().attrs() {
            let is_of_form = tag == "form" || (tag == "fieldset" && name == "disabled");
            let is_live = name == "role" && value == "status";
            let is_unused = UNUSED.contains(&name) || name.starts_with("data-");
            // In an EPUB nothing scrolls.
            let is_focus = name == "tabindex" && self.is_epub();
            if is_of_form || is_live || is_unused || is_focus {
                continue;
            }
            match name {
                "id" => attribute(name, &self.links.id(self.page, value)),
                "href" | "src" => {
                    attribute(name, &self.links.target(self.page, value).unwrap_or_default());
                }
                name if REFERENCES.contains(&name) => {
                    let ids = value.split_whitespace().map(|id| self.links.id(self.page, id));
                    attribute(name, &ids.collect::<Vec<_>>().join(" "));
                }
                _ => attribute(name, value),
            }
        }
    }

    /// Where a link leads; `None` if nowhere.
    fn link(&self, link: ElementRef) -> Option<String> {
        self.links.target(self.page, link.attr("href")?)
    }

    fn is_epub(&self) -> bool {
        self.links.form == Form::Epub
    }
}

/// Text that stands between tags or in quotes; XML has no other controls than these.
fn escape(text: &str, out: &mut String) {
    let is_allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let text: String = text.chars().filter(is_allowed).collect();
    let _ = Escaper::new(out).write_str(&text);
}

fn is_in_demo(element: ElementRef) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "study-demo")
}

fn is(element: ElementRef, class: &str) -> bool {
    element.value().classes().any(|its| its == class)
}

fn text(element: ElementRef) -> String {
    element.text().collect()
}

/// What the controls of a demo are set to.
fn settings(form: ElementRef) -> Markup {
    let controls: Vec<ElementRef> =
        form.descendent_elements().filter(|element| is(*element, "control")).collect();
    html! {
        @if !controls.is_empty() {
            dl.settings { @for control in controls { (setting(control)) } }
        }
    }
}

fn setting(control: ElementRef) -> Markup {
    let find = |tag: &str| control.descendent_elements().find(|e| e.value().name() == tag);
    let label = find("label").map(text);
    if let Some(field) = find("textarea").filter(|field| !text(*field).is_empty()) {
        let language = is(control, "wgsl").then_some("language-wgsl");
        return html! {
            div.long {
                dt { (label.unwrap_or_default()) }
                dd { pre translate="no" {
                    @if let Some(language) = language { code class=(language) { (text(field)) } }
                    @else { (text(field)) }
                } }
            }
        };
    }
    let chosen = || {
        let all = control.descendent_elements();
        let options: Vec<ElementRef> = all.filter(|e| e.value().name() == "option").collect();
        let selected = options.iter().find(|option| option.attr("selected").is_some());
        selected.or(options.first()).copied()
    };
    let input = || {
        let input = find("input")?;
        Some(match (input.attr("type"), input.attr("checked")) {
            (Some("checkbox"), Some(_)) => "yes".to_owned(),
            (Some("checkbox"), None) => "no".to_owned(),
            (Some("file"), _) => "no file".to_owned(),
            _ => input.attr("value").unwrap_or_default().to_owned(),
        })
    };
    let value = find("output").or_else(chosen).map(text).or_else(input);
    let value = value.filter(|value| !value.is_empty()).unwrap_or_else(|| "empty".into());
    html! { div { dt { (label.unwrap_or_default()) } dd { (value) } } }
}
