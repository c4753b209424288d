//! The figures of the page, one for each thing that the lessons need.

use std::f64::consts::{E, PI};

use demo::figure::{Anchor, At, Cells, Drawing, Figure, Ink, Plot, WIDTH};
use demo::format::number;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![dough(), ruler(), mornings(), loops(), directions(), bills(), wheel(), ramp(), kitchen()]
}

/// What doubles every hour.
fn dough() -> Figure {
    let bowls = f64::exp2;
    let hours = [-1.0, 0.0, 1.0, 2.0, 3.0];
    let mut plot = Plot::new(("hours from now", -3.0, 3.0), ("bowls of dough", 0.0, 8.0))
        .curve("", (-60..=60).map(|i| f64::from(i) / 20.0).map(|x| (x, bowls(x))));
    for hour in hours {
        plot = plot.point((hour, bowls(hour)), &number(bowls(hour)));
    }
    let told = hours.map(|hour| format!("{} at hour {}", number(bowls(hour)), number(hour)));
    Figure {
        name: "dough",
        caption: format!(
            "A dough that doubles every hour: 1 bowl now, {} an hour ago, and never none. Half an \
             hour multiplies by {}, since two such factors in a row make a doubling.",
            number(bowls(-1.0)),
            number(bowls(0.5))
        ),
        text: format!(
            "A curve that rises ever more steeply. Bowls of dough: {}. To the left it comes ever \
             closer to 0.",
            told.join(", ")
        ),
        drawing: plot.into(),
    }
}

/// Multiplying as walking on a ruler of doublings.
fn ruler() -> Figure {
    const LAST: i32 = 6;
    const LEFT: f64 = 92.0;
    let (first, second) = (4.0_f64, 8.0_f64);
    let product = first * second;
    let x = |value: f64| LEFT + value.log2() / f64::from(LAST) * (WIDTH - LEFT - 20.0);
    let mut drawing = Drawing::new(92.0);
    for (from, to, factor) in [(1.0, first, first), (first, product, second)] {
        let middle = (x(from) + x(to)) / 2.0;
        drawing.arrow((x(from), 30.0), (x(to), 30.0), Ink::Marked);
        drawing.text((middle, 20.0), Anchor::Middle, &format!("× {factor}"), Ink::Marked);
    }
    drawing.line(&[(x(1.0), 44.0), (x(2_f64.powi(LAST)), 44.0)], Ink::Plain);
    drawing.text((2.0, 62.0), Anchor::Start, "number", Ink::Quiet);
    drawing.text((2.0, 82.0), Anchor::Start, "its log₂", Ink::Quiet);
    for doublings in 0..=LAST {
        let value = 2_f64.powi(doublings);
        drawing.line(&[(x(value), 40.0), (x(value), 48.0)], Ink::Plain);
        drawing.text((x(value), 62.0), Anchor::Middle, &number(value), Ink::Plain);
        drawing.text((x(value), 82.0), Anchor::Middle, &doublings.to_string(), Ink::Marked);
    }
    let chances = [0.1_f64; 400];
    Figure {
        name: "ruler",
        caption: format!(
            "On this ruler each step doubles, so to multiply is to walk: {first} × {second} = \
             {product} is {} steps and {} more, {} in all. Why programs walk: {} chances of {} \
             multiply to {} in an f64, too coarse for a number so small; their natural logarithms \
             add up to {}.",
            first.log2(),
            second.log2(),
            product.log2(),
            chances.len(),
            chances[0],
            number(chances.iter().product()),
            number(chances.iter().map(|p| p.ln()).sum())
        ),
        text: format!(
            "A ruler with the numbers 1, 2, 4, 8, 16, 32 and 64 at equal distances, and below them \
             their logarithms to base 2, from 0 to {LAST}. An arrow for times {first} leads from 1 \
             to {first}, one for times {second} from {first} to {product}."
        ),
        drawing,
    }
}

/// Ten mornings: whether it was cloudy, and whether it rained later.
static MORNINGS: [(bool, bool); 10] = [
    (true, true),
    (true, true),
    (true, true),
    (true, false),
    (false, true),
    (false, false),
    (false, false),
    (false, false),
    (false, false),
    (false, false),
];

/// A chance, and the same when something is known.
fn mornings() -> Figure {
    let days = |is_so: &dyn Fn(bool, bool) -> bool| {
        MORNINGS.iter().filter(|&&(cloudy, rainy)| is_so(cloudy, rainy)).count()
    };
    let (all, cloudy) = (MORNINGS.len(), days(&|cloudy, _| cloudy));
    let (rainy, both) = (days(&|_, rainy| rainy), days(&|cloudy, rainy| cloudy && rainy));
    let row = |of: bool| {
        let mornings = MORNINGS.iter().filter(move |(cloudy, _)| *cloudy == of);
        mornings.map(|&(_, rainy)| if rainy { ("rain", Ink::Marked) } else { ("dry", Ink::Plain) })
    };
    Figure {
        name: "mornings",
        caption: format!(
            "Of {all} days, {rainy} had rain: P(rain) = {rainy}/{all}. Given clouds in the \
             morning, only the first row counts: P(rain | clouds) = {both}/{cloudy}. Both at once: \
             P(clouds) · P(rain | clouds) = {cloudy}/{all} · {both}/{cloudy} = {both}/{all}."
        ),
        text: format!(
            "{all} days as cells. {cloudy} mornings had clouds, and {both} of these days had rain. \
             {} mornings were clear, and {} of these days had rain.",
            all - cloudy,
            rainy - both
        ),
        drawing: Cells::new().row("clouds", row(true)).row("clear", row(false)).into(),
    }
}

/// Prices that are added, and chances that are multiplied.
fn loops() -> Figure {
    let (prices, chances) = ([4.0, 2.0, 6.0], [0.5, 0.5, 0.5]);
    let running = |numbers: &[f64], join: fn(f64, f64) -> f64, start: f64| {
        let steps = numbers.iter().scan(start, move |so_far, &x| {
            *so_far = join(*so_far, x);
            Some(number(*so_far))
        });
        steps.collect::<Vec<String>>()
    };
    let sums = running(&prices, |a, b| a + b, 0.0);
    let products = running(&chances, |a, b| a * b, 1.0);
    let [prices, chances] = [prices, chances].map(|numbers| numbers.map(number));
    let plain =
        |cells: &[String]| cells.iter().map(|text| (text.clone(), Ink::Plain)).collect::<Vec<_>>();
    let last = |cells: &[String]| {
        let ink = |i: usize| if i + 1 == cells.len() { Ink::Marked } else { Ink::Quiet };
        cells.iter().enumerate().map(|(i, text)| (text.clone(), ink(i))).collect::<Vec<_>>()
    };
    let rows = [
        ("price x", plain(&prices)),
        ("sum so far", last(&sums)),
        ("chance p", plain(&chances)),
        ("product so far", last(&products)),
    ];
    let mut cells = Cells::new().head(["i = 1", "i = 2", "i = 3"]);
    for (name, row) in &rows {
        cells = cells.row(name, row.iter().map(|(text, ink)| (text.as_str(), *ink)));
    }
    let ends = [&sums, &products].map(|steps| steps.last().cloned().unwrap_or_default());
    Figure {
        name: "loops",
        caption: format!(
            "Three prices on a receipt add up to {}. Three coins fall heads with a chance of {}.",
            ends[0], ends[1]
        ),
        text: format!(
            "Prices {}, with the sum so far: {}. Chances {}, with the product so far: {}.",
            prices.join(", "),
            sums.join(", "),
            chances.join(", "),
            products.join(", ")
        ),
        drawing: cells.into(),
    }
}

fn dot(a: At, b: At) -> f64 {
    a.0 * b.0 + a.1 * b.1
}

/// What the sign of a dot product says of directions.
fn directions() -> Figure {
    let a = (2.0, 1.0);
    let others = [("b", (1.0, 1.5)), ("c", (-0.75, 1.5)), ("d", (-2.0, 0.25))];
    let mut plot = Plot::plane((-2.6, 2.8), (-0.4, 2.0)).arrow((0.0, 0.0), a, "a");
    let mut told = Vec::new();
    for (name, b) in others {
        let product = format!("a · {name} = {}", number(dot(a, b)));
        plot = plot.quiet_arrow((0.0, 0.0), b, &product);
        told.push(format!("{name} = ({}, {}), {product}", number(b.0), number(b.1)));
    }
    Figure {
        name: "directions",
        caption:
            "The dot product is large where two arrows agree, 0 at a right angle, and negative \
                  where they point apart."
                .into(),
        text: format!(
            "Four arrows from one point. a = ({}, {}). Nearly the same way: {}. At a right angle: \
             {}. The other way: {}.",
            a.0, a.1, told[0], told[1], told[2]
        ),
        drawing: plot.into(),
    }
}

/// A product of two matrices, laid out so that each number stands where its row meets its column.
fn bills() -> Figure {
    let amounts = [[2.0, 4.0], [1.0, 0.0]];
    let prices = [[3.0, 2.0], [1.0, 2.0]];
    let bill = |customer: [f64; 2], shop: usize| {
        customer.iter().zip(prices).map(|(amount, price)| amount * price[shop]).sum::<f64>()
    };
    let bills = amounts.map(|customer| [0, 1].map(|shop| bill(customer, shop)));
    let [amounts, prices, bills] = [amounts, prices, bills].map(|m| m.map(|row| row.map(number)));

    let mut cells = Cells::new().head(["apples", "pears", "1st shop", "2nd shop"]);
    for (name, [first, second]) in ["price of apples", "price of pears"].into_iter().zip(&prices) {
        let row = ["", "", first.as_str(), second.as_str()];
        cells = cells.row(name, row.map(|text| (text, Ink::Plain)));
    }
    for (name, (customer, bill)) in
        ["1st customer", "2nd customer"].into_iter().zip(amounts.iter().zip(&bills))
    {
        let row = customer.iter().map(|text| (text.as_str(), Ink::Plain));
        let row = row.chain(bill.iter().map(|text| (text.as_str(), Ink::Marked)));
        cells = cells.row(name, row);
    }
    let row = |[a, b]: &[String; 2]| format!("{a}, {b}");
    let rows = |m: &[[String; 2]; 2]| m.iter().map(row).collect::<Vec<_>>().join("; ");
    Figure {
        name: "bills",
        caption: format!(
            "Two customers and two shops: on the left what each buys, above what each asks. A bill \
             stands where the row of its customer meets the column of its shop: {} · {} + {} · {} \
             = {}.",
            amounts[0][0], prices[0][1], amounts[0][1], prices[1][1], bills[0][1]
        ),
        text: format!(
            "Apples and pears of the customers: {}. Prices in the shops, first of apples, then of \
             pears: {}. Bills of the customers in the two shops: {}.",
            rows(&amounts),
            rows(&prices),
            rows(&bills)
        ),
        drawing: cells.into(),
    }
}

/// A point on a wheel of radius 1, and how far to the right and how high it is.
fn wheel() -> Figure {
    let turn = |share: f64| share * 2.0 * PI;
    let (share, name) = (1.0 / 12.0, "a twelfth of a turn");
    let angle = turn(share);
    let at = (angle.cos(), angle.sin());
    let seat = format!("({:.2}, {:.2})", at.0, at.1);
    let rim = (0..=90).map(|i| turn(f64::from(i) / 90.0)).map(|a| (a.cos(), a.sin()));
    let plot = Plot::plane((-1.9, 1.9), (-1.15, 1.15))
        .curve("", rim)
        .quiet_arrow((0.0, 0.0), (1.0, 0.0), "")
        .arrow((0.0, 0.0), at, &seat)
        .angle((1.0, 0.0), at, &format!("{angle:.2}"));
    Figure {
        name: "wheel",
        caption: format!(
            "A wheel with the radius 1, after {name}, an angle of {angle:.2} radians: the seat is \
             {:.2} to the right of the axle and {:.2} above it. A whole turn is {:.2} radians, the \
             length of the rim.",
            at.0,
            at.1,
            turn(1.0)
        ),
        text: format!(
            "A circle with the radius 1. One arrow leads from its center to the right, another one, \
             {angle:.2} radians further round, to the point {seat} on the rim."
        ),
        drawing: plot.into(),
    }
}

/// A ball on a ramp: how far it is, and how fast.
fn ramp() -> Figure {
    let far = |t: f64| t * t;
    let at = 1.0;
    let speed = |h: f64| (far(at + h) - far(at)) / h;
    let slope = (far(at + 1e-6) - far(at - 1e-6)) / 2e-6;
    let tangent = |t: f64| (t, far(at) + slope * (t - at));
    let spans = [1.0, 0.1, 0.001];
    let told = spans.map(|h| format!("{} over {} s", number(speed(h)), number(h)));
    let bases = [("2", 2.0_f64), ("e", E), ("3", 3.0)];
    let rises = bases.map(|(name, base)| {
        let rise = (base.powf(1e-6) - base.powf(-1e-6)) / 2e-6;
        format!("{} for {name}", number(rise))
    });
    Figure {
        name: "ramp",
        caption: format!(
            "A ball rolls down a ramp. From second {at} on, its mean speed is {}: the shorter the \
             span, the nearer to {}, the slope at that point. (The slope at 0 of 2, e and 3 to \
             the power of x, found in the same way: {}. So e = {} makes it exactly 1.)",
            told.join(", "),
            number(slope),
            rises.join(", "),
            number(E)
        ),
        text: format!(
            "The way of a ball over time, a curve that bends upward: 0, 1, 4 and 9 hand widths \
             after 0 to 3 seconds. A straight line touches it at second {at} and rises by {} a \
             second.",
            number(slope)
        ),
        drawing: Plot::new(("seconds", 0.0, 3.0), ("hand widths", 0.0, 9.0))
            .curve("way", (0..=60).map(|i| f64::from(i) / 20.0).map(|t| (t, far(t))))
            .curve(&format!("slope {}", number(slope)), [tangent(0.6), tangent(2.4)])
            .point((at, far(at)), "")
            .into(),
    }
}

/// Where it gets warmer fastest.
fn kitchen() -> Figure {
    let stove: At = (1.7, 0.8);
    let warmth = |x: f64, y: f64| {
        18.0 + 12.0 * (-(x - stove.0).powi(2) / 4.0 - (y - stove.1).powi(2) / 1.2).exp()
    };
    let h = 1e-6;
    let right = (warmth(h, 0.0) - warmth(-h, 0.0)) / (2.0 * h);
    let ahead = (warmth(0.0, h) - warmth(0.0, -h)) / (2.0 * h);
    let length = 0.9 / right.hypot(ahead);
    let levels = [19.0, 20.0, 21.0, 22.0, 23.0, 24.0, 25.0, 26.0, 27.0, 28.0, 29.0];
    Figure {
        name: "kitchen",
        caption: format!(
            "A kitchen from above, with a line through all places of each temperature. Where you \
             stand, it gets warmer by {right:.1} degrees a meter to the right and by {ahead:.1} a \
             meter ahead. Together the two slopes make an arrow, across the lines: the fastest way \
             to get warm. It need not lead straight to the stove."
        ),
        text: format!(
            "A map of temperatures around a stove, in rings. From the place where you stand, an \
             arrow with the parts {right:.1} to the right and {ahead:.1} ahead crosses the next \
             ring at a right angle."
        ),
        drawing: Plot::plane((-2.4, 2.9), (-1.3, 1.7))
            .contours(warmth, &levels)
            .point(stove, "stove")
            .point((0.0, 0.0), "you")
            .arrow((0.0, 0.0), (length * right, length * ahead), "gradient")
            .into(),
    }
}
