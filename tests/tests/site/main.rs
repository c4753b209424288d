//! The built site, page by page: what can be checked without a browser.

mod lessons;
mod links;
mod policy;
mod reading;
mod report;
mod sizes;
mod whole;

use std::sync::OnceLock;

use book_tests::site::{self, Build};
use scraper::{ElementRef, Html, Selector};

/// An HTML file of the site.
pub struct HtmlFile {
    /// From the root of the site, e.g. `1-basics/tokenization.html`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl HtmlFile {
    /// The parsed page.
    pub fn parse(&self) -> Html {
        Html::parse_document(&self.text)
    }
}

/// The folder of the built site.
pub fn folder() -> std::path::PathBuf {
    site::folder(Build::Hosted).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Every HTML file of the site, also the frame of the contents, the print page and the error page.
pub fn html_files() -> &'static [HtmlFile] {
    static FILES: OnceLock<Vec<HtmlFile>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = folder();
        let files = site::files(&folder).expect("the site can be read");
        let html = files.iter().filter(|file| file.extension().is_some_and(|e| e == "html"));
        html.map(|file| {
            let path = file.strip_prefix(&folder).expect("it is in the folder");
            let path = path.to_string_lossy().replace('\\', "/");
            HtmlFile { path, text: std::fs::read_to_string(file).expect("a page is text") }
        })
        .collect()
    })
}

/// The pages a reader turns to.
pub fn pages() -> impl Iterator<Item = &'static HtmlFile> {
    html_files().iter().filter(|file| site::is_page(&file.path))
}

/// The elements that a selector finds.
pub fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("the selector is right")).collect()
}

/// Whether the element or one around it is so.
pub fn within(element: ElementRef, is_so: impl Fn(&ElementRef) -> bool) -> bool {
    is_so(&element) || element.ancestors().filter_map(ElementRef::wrap).any(|e| is_so(&e))
}

/// Fails with all faults at once.
pub fn expect_none(what: &str, faults: Vec<String>) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}
