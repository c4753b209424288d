//! Named points on a plane. The names are HTML text, so they are read at any width; a name that
//! would lie on another is drawn as a dot.

use maud::{Markup, html};

use super::{and_more, figure, sort, text};
use crate::Point;

const MAX_POINTS: usize = 300;
const MAX_GROUPS: usize = 48;
/// The theme has so many chip colors.
const COLORS: usize = 12;
/// So many of a point's neighbors are named in the table.
const NEIGHBORS: usize = 3;

/// Width and height, in pixels, that names are placed for: a phone and a laptop. The stylesheet
/// shows the names of the second from that width on.
const NARROW: (f64, f64) = (280.0, 430.0);
const WIDE: (f64, f64) = (600.0, 430.0);
/// About the size of a chip: each character, the padding, the height.
const CHARACTER: f64 = 7.2;
const PADDING: f64 = 10.0;
const HEIGHT: f64 = 20.0;

/// Chips on a plane, and a table of who lies near whom.
pub fn scatter(label: &str, groups: &[String], points: &[Point]) -> Markup {
    let finite: Vec<&Point> =
        points.iter().filter(|p| p.x.is_finite() && p.y.is_finite()).collect();
    let shown = &finite[..finite.len().min(MAX_POINTS)];
    if shown.is_empty() {
        return figure("scatter", label, &html! { p class="empty" { "Nothing to draw yet." } });
    }
    let x = percents(shown.iter().map(|p| p.x));
    // On a screen, up is less.
    let y = percents(shown.iter().map(|p| -p.y));
    let places: Vec<(f64, f64)> = x.into_iter().zip(y).collect();
    let narrow = readable(shown, &places, NARROW);
    let wide = readable(shown, &places, WIDE);
    let class = |i: usize| match (narrow[i], wide[i]) {
        (true, true) => "both",
        (true, false) => "narrow",
        (false, true) => "wide",
        (false, false) => "dot",
    };
    figure(
        "scatter",
        label,
        &html! {
            @if groups.len() > 1 {
                ul class="legend" role="list" {
                    @for (i, group) in groups.iter().take(MAX_GROUPS).enumerate() {
                        li class={ "c" (i % COLORS) } { (text::name(group)) }
                    }
                }
            }
            div class="plane" role="img" translate="no" aria-label={ (text::clean(label)) ". The table below names the neighbors of each point." } {
                @for (i, point) in shown.iter().enumerate() {
                    span class={ "c" (point.group % COLORS) " " (class(i)) } title=(text::name(&point.label))
                        style={ "--x:" (places[i].0) ";--y:" (places[i].1) } { (text::label(&point.label)) }
                }
            }
            (and_more(finite.len() - shown.len(), "point"))
            (and_more(groups.len().saturating_sub(MAX_GROUPS), "kind"))
            details { summary { "Who is near whom on the map" } (neighbors(groups, shown, &places)) }
        },
    )
}

/// From 0 at the least to 100 at the greatest, with one decimal.
fn percents(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let (min, max) =
        values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let place = |v: f64| if max > min { (v - min) / (max - min) } else { 0.5 };
    values.map(|v| (place(v) * 1000.0).round() / 10.0).collect()
}

/// Which names can be read: earlier points go first.
fn readable(points: &[&Point], places: &[(f64, f64)], (width, height): (f64, f64)) -> Vec<bool> {
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let mut fits = |point: &Point, (x, y): (f64, f64)| {
        let w = point.label.chars().count() as f64 * CHARACTER + PADDING;
        // A chip at 0 % starts at the left edge, one at 100 % ends at the right one.
        let (left, top) = (x / 100.0 * (width - w), y / 100.0 * (height - HEIGHT));
        let chip = [left, top, left + w, top + HEIGHT];
        let free = taken.iter().all(|other| {
            chip[2] < other[0] || other[2] < chip[0] || chip[3] < other[1] || other[3] < chip[1]
        });
        if free {
            taken.push(chip);
        }
        free
    };
    points.iter().zip(places).map(|(point, &place)| fits(point, place)).collect()
}

fn neighbors(groups: &[String], points: &[&Point], places: &[(f64, f64)]) -> Markup {
    let near = |i: usize| -> String {
        let (x, y) = places[i];
        let mut others: Vec<(f64, usize)> = (0..places.len())
            .filter(|&j| j != i)
            .map(|j| ((places[j].0 - x).powi(2) + (places[j].1 - y).powi(2), j))
            .collect();
        sort(&mut others);
        let names: Vec<_> =
            others.iter().take(NEIGHBORS).map(|&(_, j)| text::name(&points[j].label)).collect();
        names.join(", ")
    };
    html! {
        div class="scroll" tabindex="0" role="group" aria-label="Neighbors" {
            table {
                thead { tr {
                    th scope="col" { "point" }
                    @if groups.len() > 1 { th scope="col" { "kind" } }
                    th scope="col" { "nearest on the map" }
                } }
                tbody translate="no" { @for (i, point) in points.iter().enumerate() { tr {
                    th scope="row" { (text::label(&point.label)) }
                    @if groups.len() > 1 {
                        td { (text::name(groups.get(point.group).map_or("", String::as_str))) }
                    }
                    td { (near(i)) }
                } } }
            }
        }
    }
}
