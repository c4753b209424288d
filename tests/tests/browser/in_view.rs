//! On a phone the picture of a demo stays in view while a slider is moved, and still.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Kind, Listed, demos, kit, page_of};
use book_tests::protocol::emulation::SetDeviceMetricsOverrideParams;
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Modifier, Page};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    for demo in demos() {
        if sliders(demo).next().is_some() {
            suite.add(format!("in_view::{}", demo.name), |browsers| {
                in_view(browsers, demo, Build::Hosted)
            });
        }
    }
    let form = kit().iter().find(|demo| demo.name == "kit-form");
    let form = form.unwrap_or_else(|| panic!("there is no kit-form"));
    suite.add("in_view::kit-form", |browsers| in_view(browsers, form, Build::Kit));
    suite.add("in_view::controls_fold", |browsers| fold(browsers, form));
}

fn sliders(demo: &Listed) -> impl Iterator<Item = &str> {
    demo.controls.iter().filter(|c| matches!(c.kind, Kind::Slider { .. })).map(|c| &*c.name)
}

fn phone(page: &Page, demo: &Listed) -> Result<()> {
    page.execute(SetDeviceMetricsOverrideParams::new(390, 844, 1.0, true))?;
    page.goto(&page_of(&demo.page))
}

/// Opens the fold of further controls, if there is one.
fn unfold(page: &Page, shown: &Demo) -> Result<()> {
    page.act(&format!("{}?.setAttribute('open', '')", shown.query(".others")))
}

fn in_view(browsers: &Browsers, demo: &'static Listed, build: Build) -> Result<()> {
    let page = browsers.page(Gpu::No, build)?;
    phone(&page, demo)?;
    let shown = page.demo(&demo.name)?;
    unfold(&page, &shown)?;
    for slider in sliders(demo) {
        let field = shown.field(slider);
        for place in ["start", "center", "end", "nearest"] {
            page.act(&format!("{field}.scrollIntoView({{ block: '{place}' }})"))?;
            page.act(FRAMES)?;
            visible(&page, &shown, &field).with_context(|| format!("{slider} at the {place}"))?;
        }
        // Sliding moves nothing but what the views show.
        let top = format!("{field}.getBoundingClientRect().top");
        let before: f64 = page.js(&top)?;
        let (from, to): (String, String) = page.js(&format!("[{field}.min, {field}.max]"))?;
        for value in [from, to] {
            shown.set(slider, &value)?;
            shown.settle()?;
            let now: f64 = page.js(&top)?;
            let moved = (now - before).abs();
            ensure!(moved < 1.5, "{slider} = {value} moves the slider by {moved} pixels");
        }
        visible(&page, &shown, &field).context("after it was moved")?;
    }
    backwards(&page, &shown)?;
    page.close()
}

/// Until what scrolling starts has been done.
const FRAMES: &str =
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))";

const BAR: &str = "document.getElementById('mdbook-menu-bar').getBoundingClientRect()";

/// Nine tenths of the picture can be seen, and the whole field.
fn visible(page: &Page, shown: &Demo, field: &str) -> Result<()> {
    let picture = shown.query(".views > :not(.code)");
    // What else is at the top: mdBook's bar.
    let share: f64 = page.js(&format!(
        "(({{ top, bottom, height }}, bar) =>
            (Math.min(bottom, innerHeight) - Math.max(top, bar, 0)) / height)
         ({picture}.getBoundingClientRect(), {BAR}.bottom)"
    ))?;
    ensure!(share > 0.9, "{:.0} % of the picture can be seen", 100.0 * share.max(0.0));
    let midst: bool = page.js(&format!("{BAR}.top > 1"))?;
    ensure!(!midst, "the bar lies in the midst of the screen");
    let covered: Option<String> = page.js(&format!("({COVERED})({field})"))?;
    ensure!(covered.is_none(), "under the slider's place is {covered:?}");
    Ok(())
}

/// What lies over the middle of an element, or is there in its place.
const COVERED: &str = "field => {
    const { left, right, top, bottom } = field.getBoundingClientRect();
    const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const own = found && (field.contains(found) || found.contains(field) || found.control === field);
    return own ? null : found?.outerHTML.slice(0, 120) ?? 'outside of the screen';
}";

/// Backwards through the demo by Shift+Tab: nothing takes the focus under the picture.
fn backwards(page: &Page, shown: &Demo) -> Result<()> {
    page.act(&format!("{}.focus()", shown.query(".reset")))?;
    for _ in 0..40 {
        let inside: bool =
            page.js(&format!("{}.contains(document.activeElement)", shown.query("form")))?;
        if !inside {
            return Ok(());
        }
        let hidden: Option<(String, String)> = page.js(&format!(
            "(field => {{ const over = ({COVERED})(field);
                return field.type !== 'file' && over && [field.outerHTML.slice(0, 120), over]; }})
             (document.activeElement) || null"
        ))?;
        ensure!(hidden.is_none(), "the focus is hidden: {hidden:?}");
        page.press_with(Modifier::Shift, "Tab")?;
    }
    anyhow::bail!("Shift+Tab does not leave the demo")
}

/// Of many controls a phone folds all but the first, until one of them needs to be seen.
fn fold(browsers: &Browsers, form: &'static Listed) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Kit)?;
    page.goto(&page_of(&form.page))?;
    let shown = page.demo(&form.name)?;
    let visible_of = |name: &str| {
        format!("{}.checkVisibility({{ contentVisibilityAuto: true }})", shown.field(name))
    };
    let seen = |name: &str| page.js::<bool>(&visible_of(name));
    let (first, last) = (&form.controls[0].name, &form.controls[5].name);
    let summary = format!("{}.checkVisibility()", shown.query(".others > summary"));
    ensure!(seen(first)? && seen(last)?, "a desk does not show all controls");
    ensure!(!page.js::<bool>(&summary)?, "a desk shows a fold");
    page.execute(SetDeviceMetricsOverrideParams::new(390, 844, 1.0, true))?;
    ensure!(seen(first)? && !seen(last)?, "a phone does not fold the last control");
    ensure!(page.js::<bool>(&summary)?, "a phone does not show the fold");
    page.act(&format!("{}.click()", shown.query(".others > summary")))?;
    // What a fold hides is left out until the next frame is drawn.
    page.wait("the fold to open", &visible_of(last))?;
    // A link that sets a folded control shows it.
    page.goto(&format!("{}?{}.{last}=true", page_of(&form.page), form.name))?;
    let shown = page.demo(&form.name)?;
    let open: bool = page.js(&format!("{}.open", shown.query(".others")))?;
    ensure!(open, "what a link sets is folded away");
    page.close()
}
