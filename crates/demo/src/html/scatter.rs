//! Named points on a plane. The names are HTML text, so they are read at any width; a name that
//! would lie on another is drawn as a dot. Some points may be joined by lines.

use std::fmt::Write;

use maud::{Markup, html};

use super::{and_more, figure, short, sort, text};
use crate::Point;

const MAX_POINTS: usize = 300;
const MAX_GROUPS: usize = 48;
/// The theme has so many chip colors.
const COLORS: usize = 12;
/// So many of a point's neighbors are named in the table.
const NEIGHBORS: usize = 3;

/// Width and height, in pixels, that names are placed for: a phone and a laptop. The stylesheet
/// shows the names of the second from that width on.
const NARROW: (f64, f64) = (280.0, 258.0);
const WIDE: (f64, f64) = (600.0, 430.0);
/// About the size of a chip: each character, the padding, the height.
const CHARACTER: f64 = 7.2;
const PADDING: f64 = 10.0;
const HEIGHT: f64 = 20.0;

/// More lines than these are a web.
const MAX_JOINS: usize = 24;
/// How far above or below its dot the name of a joined point stands, and how much farther, again and
/// again, if there is no room.
const BESIDE: f64 = HEIGHT;
const STEP: f64 = HEIGHT + 2.0;
/// So often.
const STEPS: u32 = 40;
/// The size of a dot, and of the room around one that is joined.
const DOT: f64 = 7.0;
const RIM: f64 = 2.0;

/// Chips on a plane, and a table of who lies near whom. Points that are joined have their names on
/// the map before all others, each beside its dot, which nothing covers.
pub fn scatter(
    label: &str,
    groups: &[String],
    points: &[Point],
    joins: &[(usize, usize)],
) -> Markup {
    let finite: Vec<usize> =
        (0..points.len()).filter(|&i| points[i].x.is_finite() && points[i].y.is_finite()).collect();
    let cut = &finite[..finite.len().min(MAX_POINTS)];
    let shown: Vec<&Point> = cut.iter().map(|&i| &points[i]).collect();
    if shown.is_empty() {
        return figure("scatter", label, &html! { p class="empty" { "Nothing to draw yet." } });
    }
    let at = |i: usize| cut.iter().position(|&other| other == i);
    let joins: Vec<(usize, usize)> =
        joins.iter().take(MAX_JOINS).filter_map(|&(a, b)| Some((at(a)?, at(b)?))).collect();
    let x = percents(shown.iter().map(|p| p.x));
    // On a screen, up is less.
    let y = percents(shown.iter().map(|p| -p.y));
    let places: Vec<(f64, f64)> = x.into_iter().zip(y).collect();
    let narrow = readable(&shown, &places, &joins, NARROW);
    let wide = readable(&shown, &places, &joins, WIDE);
    let class = |i: usize| match (narrow[i], wide[i]) {
        (Some(_), Some(_)) => "both",
        (Some(_), None) => "narrow",
        (None, Some(_)) => "wide",
        (None, None) => "dot",
    };
    let joined = told(&shown, &joins);
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
            div class="plane" role="img" translate="no" aria-label={
                (text::clean(label)) ". " (joined) "The table below names the neighbors of each point."
            } {
                @if !joins.is_empty() {
                    svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" {
                        path d=(lines(&places, &joins)) {}
                    }
                }
                @for (i, point) in shown.iter().enumerate() {
                    @let color = point.group % COLORS;
                    @let (x, y) = places[i];
                    @let (below, below_wide) = (narrow[i].unwrap_or(0.0), wide[i].unwrap_or(0.0));
                    @if below != 0.0 || below_wide != 0.0 {
                        span class={ "c" (color) " dot end" } style={ "--x:" (x) ";--y:" (y) } {}
                    }
                    @let asked = joins.iter().any(|&(a, b)| a == i || b == i);
                    @let class = class(i);
                    span class={ "c" (color) " " (class) @if asked { " asked" } } title=(text::name(&point.label))
                        style={
                            "--x:" (x) ";--y:" (y)
                            @if below != 0.0 { ";--below:" (short(below)) }
                            @if below_wide != 0.0 { ";--below-wide:" (short(below_wide)) }
                        } { (text::label(&point.label)) }
                }
            }
            @if !joins.is_empty() { p class="more joined" translate="no" { (joined) } }
            (and_more(finite.len() - shown.len(), "point"))
            (and_more(groups.len().saturating_sub(MAX_GROUPS), "kind"))
            details { summary { "Who is near whom on the map" } (neighbors(groups, &shown, &places)) }
        },
    )
}

/// What is joined, in words: each first name once, with all that it is joined to.
fn told(points: &[&Point], joins: &[(usize, usize)]) -> String {
    let mut said = String::new();
    for (i, &(from, to)) in joins.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| joins[i].0);
        match before {
            Some(before) if before == from => said.push_str(", "),
            Some(_) => said.push_str("; "),
            None => said.push_str("Joined: "),
        }
        if before != Some(from) {
            said.push_str(&text::name(&points[from].label));
            said.push_str(" – ");
        }
        said.push_str(&text::name(&points[to].label));
    }
    if !said.is_empty() {
        said.push_str(". ");
    }
    said
}

/// The lines between joined points.
fn lines(places: &[(f64, f64)], joins: &[(usize, usize)]) -> String {
    let mut d = String::new();
    for &(from, to) in joins {
        let ((x, y), (x1, y1)) = (places[from], places[to]);
        let _ = write!(d, "M{x} {y}L{x1} {y1}");
    }
    d
}

/// From 0 at the least to 100 at the greatest, with one decimal.
fn percents(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let (min, max) =
        values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let place = |v: f64| if max > min { (v - min) / (max - min) } else { 0.5 };
    values.map(|v| (place(v) * 1000.0).round() / 10.0).collect()
}

/// Which names can be read, and how far below its place each stands: joined ones, which go first,
/// beside their dots; all others at their points, where they cover no dot that is joined, and no
/// line. Among them earlier points go first.
fn readable(
    points: &[&Point],
    places: &[(f64, f64)],
    joins: &[(usize, usize)],
    size: (f64, f64),
) -> Vec<Option<f64>> {
    // At 0 % a box starts at the edge, at 100 % it ends at the other one.
    let rect = |i: usize, (w, h): (f64, f64)| {
        let ((x, y), (width, height)) = (places[i], size);
        let (left, top) = (x / 100.0 * (width - w), y / 100.0 * (height - h));
        [left, top, left + w, top + h]
    };
    let chip = |i: usize, below: f64| {
        let w = points[i].label.chars().count() as f64 * CHARACTER + PADDING;
        let [left, top, right, bottom] = rect(i, (w, HEIGHT));
        [left, top + below, right, bottom + below]
    };
    let free = |taken: &[[f64; 4]], [left, top, right, bottom]: [f64; 4]| {
        taken.iter().all(|&[l, t, r, b]| right < l || r < left || bottom < t || b < top)
    };
    let mut found = vec![None; points.len()];
    let ends: Vec<usize> = joins.iter().flat_map(|&(a, b)| [a, b]).collect();
    let dot = |&i: &usize| {
        let [left, top, right, bottom] = rect(i, (DOT, DOT));
        [left - RIM, top - RIM, right + RIM, bottom + RIM]
    };
    let mut taken: Vec<[f64; 4]> = ends.iter().map(dot).collect();
    for &i in &ends {
        let steps = (0..STEPS).flat_map(|step| {
            let far = BESIDE + f64::from(step) * STEP;
            [-far, far]
        });
        let fits = |below: &f64| {
            let [_, top, _, bottom] = chip(i, *below);
            top >= 0.0 && bottom <= size.1 && free(&taken, chip(i, *below))
        };
        if found[i].is_none()
            && let Some(below) = steps.into_iter().find(fits)
        {
            taken.push(chip(i, below));
            found[i] = Some(below);
        }
    }
    for &(from, to) in joins {
        let ([x, y, ..], [x1, y1, ..]) = (rect(from, (0.0, 0.0)), rect(to, (0.0, 0.0)));
        let pieces = ((x1 - x).hypot(y1 - y) / DOT).ceil();
        taken.extend((0..=pieces as u32).map(|piece| {
            let t = f64::from(piece) / pieces.max(1.0);
            let (x, y) = (x + t * (x1 - x), y + t * (y1 - y));
            [x, y, x, y]
        }));
    }
    for (i, below) in found.iter_mut().enumerate() {
        if !ends.contains(&i) && free(&taken, chip(i, 0.0)) {
            taken.push(chip(i, 0.0));
            *below = Some(0.0);
        }
    }
    found
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
