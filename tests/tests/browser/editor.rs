//! The code editor: a text area as any other, over the same text in colors.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Listed, demos, page_of};
use book_tests::protocol::emulation::{MediaFeature, SetEmulatedMediaParams};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page, quoted};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("editor::colors", colors);
    suite.add("editor::plain_where_colors_do_not_help", plain);
    suite.add("editor::keys", keys);
}

fn lab() -> Result<(&'static Listed, &'static str)> {
    let mut labs = demos().iter().filter_map(|demo| Some((demo, &*demo.kernel()?.name)));
    labs.next().context("there is no kernel lab")
}

fn opened(browsers: &Browsers, demo: &Listed) -> Result<Page> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    page.goto(&page_of(&demo.page))?;
    Ok(page)
}

/// The text in colors, as it lies under the field.
fn code(shown: &Demo) -> String {
    shown.query(".editor .colors > div")
}

fn expect_same_text(page: &Page, shown: &Demo, control: &str, when: &str) -> Result<()> {
    let same: bool =
        page.js(&format!("{}.textContent === {}.value", code(shown), shown.field(control)))?;
    ensure!(same, "{when} the colored text is not that of the field");
    Ok(())
}

/// The contrast of every kind of token with its ground, by its class; painted, since a color may be
/// given in many ways.
const CONTRASTS: &str = "(code, field) => {
    const paint = document.createElement('canvas').getContext('2d');
    const light = color => {
        paint.fillStyle = color;
        paint.fillRect(0, 0, 1, 1);
        const part = x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map(part);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = light(getComputedStyle(field.closest('.editor')).backgroundColor);
    const of = e => {
        const ink = light(getComputedStyle(e).color);
        return [e.className, (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)];
    };
    return [code, ...code.querySelectorAll('span')].map(of);
}";

/// What places a letter.
const SET_ALIKE: [&str; 16] = [
    "fontFamily",
    "fontSize",
    "fontWeight",
    "fontStyle",
    "fontKerning",
    "fontVariantLigatures",
    "lineHeight",
    "letterSpacing",
    "wordSpacing",
    "textIndent",
    "tabSize",
    "whiteSpace",
    "paddingTop",
    "paddingLeft",
    "borderTopWidth",
    "borderLeftWidth",
];

fn colors(browsers: &Browsers) -> Result<()> {
    let (demo, control) = lab()?;
    let page = opened(browsers, demo)?;
    let shown = page.demo(&demo.name)?;
    let field = shown.field(control);
    expect_same_text(&page, &shown, control, "at first")?;

    page.act(&format!("{field}.focus(); {field}.setSelectionRange(0, 0)"))?;
    let typed = "// é 👍 <b>&amp;\n\tlet a = 1.5; /* b */\n";
    page.insert(typed)?;
    let value = shown.value(control)?;
    ensure!(value.starts_with(typed), "the field holds {value:.60}");
    expect_same_text(&page, &shown, control, "after typing")?;
    for kind in ["keyword", "name", "number", "attribute", "comment"] {
        let found: bool =
            page.js(&format!("Boolean({}.querySelector('.{kind}'))", code(&shown)))?;
        ensure!(found, "no {kind} has a color");
    }
    for theme in ["light", "rust", "coal", "navy", "ayu"] {
        page.act(&format!("document.getElementById('mdbook-theme-{theme}').click()"))?;
        page.act("document.getAnimations().forEach(a => a.finish())")?;
        let contrasts: Vec<(String, f64)> =
            page.js(&format!("({CONTRASTS})({}, {field})", code(&shown)))?;
        let pale: Vec<_> = contrasts.iter().filter(|(_, contrast)| *contrast < 4.5).collect();
        ensure!(pale.is_empty(), "{theme}: {pale:?}");
    }
    page.act("document.execCommand('undo')")?;
    ensure!(!shown.value(control)?.starts_with(typed), "what was typed cannot be undone");
    expect_same_text(&page, &shown, control, "after undo")?;

    // Both scroll in step.
    let long = format!("// {}\n{}", "long ".repeat(100), "let a = 1;\n".repeat(200));
    shown.set(control, &long)?;
    page.act(&format!("{field}.scrollTo(333, 777)"))?;
    page.act(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))",
    )?;
    let off: [f64; 4] = page.js(&format!(
        "((field, code, box) => [field.scrollLeft, code.left - box.left + field.scrollLeft,
            field.scrollTop, code.top - box.top + field.scrollTop])
         ({field}, {}.getBoundingClientRect(), {field}.getBoundingClientRect())",
        code(&shown)
    ))?;
    let [left, x, top, y] = off;
    ensure!(left > 300.0 && top > 700.0, "the field does not scroll: {off:?}");
    ensure!(x.abs() < 1.0 && y.abs() < 1.0, "the colors lie {x}, {y} pixels off");
    let differing: Vec<String> = page.js(&format!(
        "(([a, b]) => {SET_ALIKE:?}.filter(name => a[name] !== b[name]))
         ([{field}, {}].map(e => getComputedStyle(e)))",
        code(&shown)
    ))?;
    ensure!(differing.is_empty(), "the two texts are not set alike: {differing:?}");
    shown.click(".reset")?;
    expect_same_text(&page, &shown, control, "after Reset")?;
    page.close()
}

/// The field shows its own letters where the system sets the colors, on paper, and in a long text.
fn plain(browsers: &Browsers) -> Result<()> {
    let (demo, control) = lab()?;
    let page = opened(browsers, demo)?;
    let shown = page.demo(&demo.name)?;
    // Whether the colored text is to be seen, and whether that of the field is.
    let seen = format!(
        "[{}.checkVisibility(), getComputedStyle({}).color !== 'rgba(0, 0, 0, 0)']",
        code(&shown),
        shown.field(control)
    );
    ensure!(page.js::<[bool; 2]>(&seen)? == [true, false], "it is not colored");
    let feature = |name: &str, value: &str| Some(vec![MediaFeature::new(name, value)]);
    let forced = feature("forced-colors", "active");
    for (media, features) in [(None, forced), (Some("print".to_owned()), None)] {
        page.execute(SetEmulatedMediaParams { media: media.clone(), features })?;
        let now: [bool; 2] = page.js(&seen)?;
        ensure!(!now[0] && now[1], "with {media:?} or forced colors: {now:?}");
    }
    page.execute(SetEmulatedMediaParams { media: Some(String::new()), features: None })?;
    shown.set(control, &"let a = 1;\n".repeat(7000))?;
    ensure!(page.js::<[bool; 2]>(&seen)? == [false, true], "a long text is not plain");
    let script = format!("{}.innerHTML", code(&shown));
    ensure!(page.js::<String>(&script)?.is_empty(), "the colored text of before is left");
    page.close()
}

/// The keys that run are named, and work.
fn keys(browsers: &Browsers) -> Result<()> {
    let (demo, control) = lab()?;
    let page = opened(browsers, demo)?;
    let shown = page.demo(&demo.name)?;
    let named = shown.text(".keys")?;
    ensure!(named.contains("Ctrl + Enter") && named.contains("⌘ + Enter"), "it says {named:?}");
    for key in ["ctrlKey", "metaKey"] {
        shown.click(".reset")?;
        page.wait("rest", &shown.is("idle"))?;
        page.act(&format!(
            "{}.dispatchEvent(new KeyboardEvent('keydown',
                {{ key: 'Enter', {key}: true, bubbles: true, cancelable: true }}))",
            shown.field(control)
        ))?;
        shown.settle()?;
        ensure!(shown.state()? != "idle", "Enter with {} starts nothing", quoted(key));
    }
    page.close()
}
