use std::fs;
use std::io::Read;

use super::*;

fn chapter(path: &str, part: Option<&str>, html: &str) -> Chapter {
    let (path, part) = (path.to_owned(), part.map(str::to_owned));
    Chapter { name: format!("Of {path}"), path, part, html: Html::parse_fragment(html) }
}

fn still(html: &str, form: Form) -> String {
    stills(&[chapter("a/b.html", None, html)], form).remove(0)
}

#[test]
fn links_lead_to_where_things_are_in_one_piece() {
    let chapters = ["a.html", "b/c.html", "b/index.html"].map(|path| chapter(path, None, ""));
    let target = |link: &str, form| Links::of(&chapters, form).target("b/c.html", link);
    for (link, on_page, in_epub) in [
        ("c.html", "#b-c", Some("b-c.xhtml")),
        ("#x", "#b-c--x", Some("b-c.xhtml#x")),
        ("../a.html#y", "#a--y", Some("a.xhtml#y")),
        ("../a.html?demo.x=1#y", "#a--y", Some("a.xhtml#y")),
        ("index.html", "#b-index", Some("b-index.xhtml")),
        ("../progress.html#z", "progress.html#z", None),
        ("data/some.txt", "b/data/some.txt", None),
        ("https://x.org/a.html#x", "https://x.org/a.html#x", Some("https://x.org/a.html#x")),
        ("mailto:a@b.c", "mailto:a@b.c", Some("mailto:a@b.c")),
    ] {
        assert_eq!(target(link, Form::Page).as_deref(), Some(on_page), "{link}");
        assert_eq!(target(link, Form::Epub).as_deref(), in_epub, "{link}");
    }
}

#[test]
fn a_chapter_stands_below_the_title_and_its_ids_are_its_own() {
    let html = "<h1 id=\"x\"><a class=\"header\" href=\"#x\">X &amp; Y</a></h1><br>\
        <i aria-labelledby=\"x y\" data-z=\"1\"></i><svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>";
    assert_eq!(
        still(html, Form::Page),
        "<h2 id=\"a-b--x\"><a class=\"header\" href=\"#a-b--x\">X &amp; Y</a></h2><br/>\
         <i aria-labelledby=\"a-b--x a-b--y\"></i>\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><path d=\"M0 0\"></path></svg>"
    );
    assert!(still(html, Form::Epub).starts_with("<h1 id=\"x\">X &amp; Y</h1><br/><i "));
}

#[test]
fn controls_say_what_they_are_set_to() {
    let html = "<study-demo name=\"d\"><p class=\"unloaded\">no</p><form novalidate><fieldset disabled>\
        <div class=\"control text\"><label for=\"t\">Text</label><textarea>\na &lt; b</textarea></div>\
        <div class=\"control wgsl\"><label>Kernel</label><pre class=\"gutter\">1</pre>\
        <textarea>fn f</textarea></div>\
        <div class=\"control slider\"><label>S</label><input type=\"range\" value=\"0.50\">\
        <output>0.5</output></div>\
        <div class=\"control choice\"><label>C</label><select><option>no</option>\
        <option selected>this</option></select></div>\
        <div class=\"control toggle\"><label>On</label><input type=\"checkbox\" checked></div>\
        <div class=\"control text\"><label>E</label><textarea></textarea></div>\
        <div class=\"control number\"><label>N</label><input type=\"number\" value=\"7\"></div>\
        <button>Run</button></fieldset></form>\
        <p class=\"status\" role=\"status\">Done.</p><p class=\"note\" hidden>no</p></study-demo>";
    let settings = "<dl class=\"settings\">\
        <div class=\"long\"><dt>Text</dt><dd><pre translate=\"no\">a &lt; b</pre></dd></div>\
        <div class=\"long\"><dt>Kernel</dt><dd><pre translate=\"no\">\
        <code class=\"language-wgsl\">fn f</code></pre></dd></div>\
        <div><dt>S</dt><dd>0.5</dd></div><div><dt>C</dt><dd>this</dd></div>\
        <div><dt>On</dt><dd>yes</dd></div>\
        <div><dt>E</dt><dd>empty</dd></div><div><dt>N</dt><dd>7</dd></div></dl>\
        <p class=\"status\">Done.</p>";
    assert_eq!(still(html, Form::Page), format!("<study-demo>{settings}</study-demo>"));
    let in_epub = format!("<section class=\"demo\">{settings}</section>");
    assert_eq!(still(html, Form::Epub), in_epub);
}

#[test]
fn a_quiz_can_be_read() {
    let html = "<section class=\"quiz\"><form><fieldset data-question=\"q\"><legend>Why?</legend>\
        <div class=\"choice\"><label><input type=\"radio\" name=\"q\"><span>So.</span></label>\
        <p class=\"why\" hidden>Yes.</p></div></fieldset><p class=\"actions\"><button>Go</button></p>\
        <p class=\"status\" role=\"status\"></p></form>\
        <details class=\"answers\"><summary>The answers</summary></details></section>";
    let expected = "<section class=\"quiz\"><div><fieldset><legend>Why?</legend>\
        <div class=\"choice\"><span>So.</span></div></fieldset></div>\
        <details class=\"answers\"><summary>The answers</summary></details></section>";
    assert_eq!(still(html, Form::Page), expected);
}

#[test]
fn an_epub_has_the_mathml_of_a_formula_only() {
    let html = "<span class=\"katex\"><span class=\"katex-mathml\"><math><semantics><mi>x</mi>\
        <annotation encoding=\"application/x-tex\">x</annotation></semantics></math></span>\
        <span class=\"katex-html\" aria-hidden=\"true\">x</span></span>";
    let expected = "<span class=\"katex\"><span class=\"katex-mathml\">\
        <math xmlns=\"http://www.w3.org/1998/Math/MathML\" alttext=\"x\"><mi>x</mi></math></span></span>";
    assert_eq!(still(html, Form::Epub), expected);
    assert!(still(html, Form::Page).contains("katex-html"));
}

#[test]
fn both_hold_all_chapters_by_their_parts() {
    let site = tempfile::tempdir().unwrap();
    let frame = "<!DOCTYPE HTML><html><head><title>T</title><script type=\"module\" src=\"s\"></script>\
        </head><body><main>old</main><nav class=\"nav-wrapper\"></nav></body></html>";
    fs::write(site.path().join("index.html"), frame).unwrap();
    let about = About {
        title: "The <book>".into(),
        description: "A book.".into(),
        authors: vec!["Ada & Co".into()],
        language: "en".into(),
    };
    let chapters = [
        chapter("a.html", None, "<h1>One</h1>"),
        chapter("b/c.html", Some("Step"), "<h1>Two</h1>"),
        chapter("b/d.html", None, "<h1>Three</h1>"),
    ];
    page::write(site.path(), &about, &chapters).unwrap();
    let page = fs::read_to_string(site.path().join(PAGE)).unwrap();
    assert!(page.contains("<title>The &lt;book&gt;</title>"), "{page}");
    assert!(
        page.contains("<b>Step</b></p><ul><li><a href=\"#b-c\">Of b/c.html</a></li>"),
        "{page}"
    );
    assert!(page.contains("<section class=\"whole-chapter\" id=\"b-d\"><h2>Three</h2></section>"));
    assert!(!["module", "nav-wrapper", "old"].iter().any(|gone| page.contains(gone)), "{page}");

    let to = site.path().join(EPUB);
    epub::write(site.path(), &to, &about, &chapters).unwrap();
    let mut zip = zip::ZipArchive::new(fs::File::open(to).unwrap()).unwrap();
    assert_eq!(zip.by_index(0).unwrap().name(), "mimetype");
    let mut read = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    assert!(read("book/b-d.xhtml").contains("<main><h1>Three</h1></main>"));
    assert!(read("book/book.opf").contains("<dc:creator>Ada &amp; Co</dc:creator>"));
    let contents = read("book/contents.xhtml");
    let step = "<li><span>Step</span><ol><li><a href=\"b-c.xhtml\">Of b/c.html</a></li>";
    assert!(contents.contains(step), "{contents}");
}

#[test]
fn a_page_without_a_place_for_the_book_is_told() {
    let site = tempfile::tempdir().unwrap();
    fs::write(site.path().join("index.html"), "<html><head></head><body></body></html>").unwrap();
    let about = About {
        title: "T".into(),
        description: String::new(),
        authors: vec![],
        language: "en".into(),
    };
    let error = page::write(site.path(), &about, &[chapter("a.html", None, "")]).unwrap_err();
    assert!(format!("{error:#}").contains("index.html: mdBook's page has no"), "{error:#}");
}
