//! The figures of the page.

use attention::solution::sdpa;
use candle_core::{DType, Device, Tensor};
use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Layers, Plot, WIDTH};
use grading::numbers::short;
use multi_head_attention::HeadError;
use multi_head_attention::example::{
    BAKER, DAWN, Look, MILLER, NOON, SENTENCE, SHARPNESS, hand_set,
};
use multi_head_attention::solution::{forward, repeat_kv, split_heads};

use crate::grids::{Head, grids, told};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [mixture(), looks(), cut(), Ok(layer()), sharing()];
    figures.into_iter().flatten().collect()
}

/// What a head brings that gives two values the same weight.
fn mixed(a: [f64; 2], b: [f64; 2]) -> Result<[f64; 2], HeadError> {
    let values = Tensor::new(&[a, b], &Device::Cpu)?;
    // Both keys fit the query alike.
    let one = Tensor::ones((2, 1), DType::F64, &Device::Cpu)?;
    let mixed =
        sdpa(&one.narrow(0, 0, 1)?, &one, &values, None)?.flatten_all()?.to_vec1::<f64>()?;
    Ok([mixed[0], mixed[1]])
}

/// Two pairs of values with the same mean.
fn mixture() -> Result<Figure, HeadError> {
    let at = |v: [f64; 2]| (v[0], v[1]);
    let shown = |v: [f64; 2]| format!("({}, {})", short(v[0], 1), short(v[1], 1));
    let (one, other) = (mixed(BAKER, DAWN)?, mixed(MILLER, NOON)?);
    let origin = (0.0, 0.0);
    Ok(Figure {
        name: "mixture",
        caption: "One look that is shared by two words brings the point halfway between them. In \
                  color: baker and dawn; in gray: miller and noon. What arrives is the same."
            .into(),
        text: format!(
            "Four arrows from one point: baker to {}, dawn to {}, miller to {}, noon to {}. The \
             point halfway between baker and dawn is {}, that between miller and noon {}.",
            shown(BAKER),
            shown(DAWN),
            shown(MILLER),
            shown(NOON),
            shown(one),
            shown(other)
        ),
        drawing: Plot::plane((-0.2, 2.4), (-0.2, 2.1))
            .quiet_arrow(origin, at(MILLER), "miller")
            .quiet_arrow(origin, at(NOON), "noon")
            .arrow(origin, at(BAKER), "baker")
            .arrow(origin, at(DAWN), "dawn")
            .point(at(one), "half and half")
            .into(),
    })
}

/// Four heads over one sentence.
fn looks() -> Result<Figure, HeadError> {
    let words: Vec<&str> = SENTENCE.split_whitespace().collect();
    let n = words.len();
    let (mha, x) = hand_set(&words, &Look::ALL.map(|look| vec![look]), SHARPNESS)?;
    let y = forward(&mha, &x, None, None)?.squeeze(0)?.to_vec2::<f64>()?;
    let heads: Vec<Head> = (0..Look::ALL.len())
        .map(|h| {
            let name = format!("{h}: {}", Look::ALL[h].name());
            Head {
                name,
                weights: y.iter().flat_map(|row| row[h * n..(h + 1) * n].to_vec()).collect(),
            }
        })
        .collect();
    let looking = n - 3;
    let text = heads.iter().map(|head| {
        format!(
            "Head {}: {} takes {}.",
            head.name,
            words[looking],
            told(&words, &head.weights, looking)
        )
    });
    Ok(Figure {
        name: "looks",
        caption: format!(
            "Four heads over one sentence. A row is a word that looks, a column a word that is \
             looked at, in the same order; the larger the dot, the more it takes. In color: “{}”.",
            words[looking]
        ),
        text: format!(
            "Four grids of {n} by {n} cells over the words: {SENTENCE}. {}",
            text.collect::<Vec<_>>().join(" ")
        ),
        drawing: grids(&words, &heads, Some(looking)),
    })
}

const TOKENS: [char; 3] = ['a', 'b', 'c'];

/// Three vectors of eight numbers, and where they go: with the swap of axes, and without.
fn cut() -> Result<Figure, HeadError> {
    let (t, d_model, n_heads) = (TOKENS.len(), 8, 2);
    let d_head = d_model / n_heads;
    let x = Tensor::arange(0_u32, (t * d_model) as u32, &Device::Cpu)?;
    let x = x.reshape((1, t, d_model))?;
    let right = split_heads(&x, n_heads)?.flatten_all()?.to_vec1::<u32>()?;
    // The same shape, the numbers in the order in which they lay.
    let wrong = x.reshape((1, n_heads, t, d_head))?.flatten_all()?.to_vec1::<u32>()?;
    let cell = |&at: &u32| -> (String, Ink) {
        let (token, number) = (at as usize / d_model, at as usize % d_model);
        let ink = if number < d_head { Ink::Marked } else { Ink::Plain };
        (format!("{}{number}", TOKENS[token]), ink)
    };
    let mut cells = Cells::new();
    let mut told = Vec::new();
    let all: Vec<u32> = (0..(t * d_model) as u32).collect();
    for (rule, numbers, width) in [
        ("", &all, d_model),
        ("cut, and two axes swapped", &right, d_head),
        ("cut alone: scrambled", &wrong, d_head),
    ] {
        if !rule.is_empty() {
            cells = cells.rule(rule);
        }
        for (row, numbers) in numbers.chunks(width).enumerate() {
            let name = match width == d_model {
                true => format!("token {}", TOKENS[row]),
                false => format!("head {}, place {}", row / t, row % t),
            };
            let texts: Vec<(String, Ink)> = numbers.iter().map(cell).collect();
            let shown: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
            if width != d_model {
                told.push(format!("{rule}, {name}: {}", shown.join(" ")));
            }
            cells = cells.row(&name, texts.iter().map(|(text, ink)| (text.as_str(), *ink)));
        }
    }
    Ok(Figure {
        name: "cut",
        caption: "Three tokens, a, b and c, of eight numbers each, cut into two heads of four. In \
                  color: the first half of each vector. Cut alone, head 0 would take the second \
                  half of a for another token."
            .into(),
        text: format!("Where the numbers of three tokens go. {}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// What a layer does, with its shapes.
fn layer() -> Figure {
    let (t, d_model, heads) = (7, 512, 8);
    let d_head = d_model / heads;
    let wide = format!("({t}, {d_model})");
    let apart = format!("({heads}, {t}, {d_head})");
    let layers = Layers::new()
        .boxes(&[("x", &wide)])
        .boxes(&[("q = x W_Q", &wide), ("k = x W_K", &wide), ("v = x W_V", &wide)])
        .link("split")
        .boxes(&[("queries", &apart), ("keys", &apart), ("values", &apart)])
        .boxes(&[("attention, in each head by itself", &apart)])
        .mark(0)
        .link("merge")
        .boxes(&[("all heads side by side", &wide)])
        .boxes(&[("times W_O: heads mix", &wide)])
        .mark(0);
    Figure {
        name: "layer",
        caption: format!(
            "A layer of {heads} heads over {t} tokens, in the sizes of the base model of 2017. In \
             color: where tokens meet, and where heads meet."
        ),
        text: format!(
            "From top to bottom: x, {t} tokens of {d_model} numbers; queries, keys and values of \
             the same shape; each split into {heads} heads of {t} vectors of {d_head} numbers; \
             attention in each head by itself; all heads merged side by side, {t} vectors of \
             {d_model} numbers again; and a last product with W_O, in which heads mix."
        ),
        drawing: layers.into(),
    }
}

/// Which heads share keys and values.
fn sharing() -> Result<Figure, HeadError> {
    let heads = 8;
    let (height, circle, kv_at) = (106.0, 32.0, 74.0);
    let step = WIDTH / heads as f64;
    let kinds = [("multi-head: 8", 8), ("grouped-query: 2", 2), ("multi-query: 1", 1)];
    let mut drawing = Drawing::new(height * kinds.len() as f64);
    let mut told = Vec::new();
    for (row, (name, kv)) in kinds.into_iter().enumerate() {
        let top = height * row as f64;
        drawing.text((0.0, top + 11.0), Anchor::Start, name, Ink::Plain);
        let keys = Tensor::arange(0_u32, kv as u32, &Device::Cpu)?.reshape((1, kv, 1, 1))?;
        let served = repeat_kv(&keys, heads)?.flatten_all()?.to_vec1::<u32>()?;
        let middle = |g: usize| WIDTH * (g as f64 + 0.5) / kv as f64;
        for (h, &g) in served.iter().enumerate() {
            let x = step * (h as f64 + 0.5);
            drawing.line(&[(x, top + circle + 9.0), (middle(g as usize), top + kv_at)], Ink::Quiet);
            drawing.circle((x, top + circle), 9.0, Ink::Plain);
            drawing.text((x, top + circle + 4.0), Anchor::Middle, &format!("q{h}"), Ink::Plain);
        }
        for g in 0..kv {
            let (x, y) = (middle(g), top + kv_at);
            drawing.boxed((x - 17.0, y), (x + 17.0, y + 20.0), 4.0, Ink::Marked);
            drawing.text((x, y + 14.0), Anchor::Middle, &format!("k v {g}"), Ink::Marked);
        }
        let served: Vec<String> = served.iter().map(u32::to_string).collect();
        told.push(format!(
            "{name} heads of keys and values, which serve in order {}",
            served.join(", ")
        ));
    }
    Ok(Figure {
        name: "sharing",
        caption:
            "Eight heads of queries, and how many heads of keys and values serve them. Only what \
                  is in color has to be kept for every token."
                .into(),
        text: format!("Eight heads of queries each time. {}.", told.join("; ")),
        drawing,
    })
}
