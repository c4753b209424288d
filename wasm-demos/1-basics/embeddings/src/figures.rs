//! The figures of the page.

use demo::figure::{Bars, Cells, Figure, Ink, Plot};
use demo::format::{number, percent};
use embeddings::example::{
    ACROSS, ALIKE, CENTER, CONTEXT, COUNTS, NEGATIVE, RATE, SENTENCE, WINDOW,
};
use embeddings::solution::{cosine, loss_and_gradients, noise_distribution, pairs, train_step};
use embeddings::{EmbeddingError, Model, Vectors, dot, sigmoid};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [Ok(company()), pull_and_push(), noise(), Ok(angle())];
    figures.into_iter().flatten().collect()
}

/// The window over a sentence, one row a center.
fn company() -> Figure {
    let ids: Vec<u32> = (0..SENTENCE.len() as u32).collect();
    let pairs = pairs(&ids, WINDOW);
    let contexts = |center: u32| {
        pairs.iter().filter(move |pair| pair.0 == center).map(|pair| pair.1).collect::<Vec<_>>()
    };
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (&center, word) in ids.iter().zip(SENTENCE) {
        let near = contexts(center);
        let ink = |id: u32| match (id == center, near.contains(&id)) {
            (true, _) => Ink::Marked,
            (_, true) => Ink::Plain,
            _ => Ink::Quiet,
        };
        let row = ids.iter().zip(SENTENCE).map(|(&id, word)| (word, ink(id)));
        cells = cells.row(&format!("{} pairs", near.len()), row);
        let names: Vec<&str> = near.iter().map(|&id| SENTENCE[id as usize]).collect();
        told.push(format!("“{word}” has {}", names.join(", ")));
    }
    Figure {
        name: "company",
        caption: "A window slides over a sentence. In color: the word in its middle. Pale: the \
                  words that it leaves out."
            .into(),
        text: format!(
            "The sentence “{}”, once for each of its words as the center, with the words at most \
             {WINDOW} places away as its company: {}; {} pairs in all.",
            SENTENCE.join(" "),
            told.join("; "),
            pairs.len()
        ),
        drawing: cells.into(),
    }
}

/// The three vectors of the example and where one step of training moves their tips.
fn pull_and_push() -> Result<Figure, EmbeddingError> {
    let mut model = Model {
        input: Vectors::from_rows(&[CENTER.to_vec()])?,
        output: Vectors::from_rows(&[CONTEXT.to_vec(), NEGATIVE.to_vec()])?,
    };
    let before = loss_and_gradients(&CENTER, &CONTEXT, &[&NEGATIVE]).loss;
    train_step(&mut model, 0, 0, &[1], RATE)?;
    let center = model.input.row(0)?;
    let [context, negative] = [model.output.row(0)?, model.output.row(1)?];
    let after = loss_and_gradients(center, context, &[negative]).loss;
    let [yes, no] = [dot(&CONTEXT, &CENTER), dot(&NEGATIVE, &CENTER)];
    let [yes_after, no_after] = [dot(context, center), dot(negative, center)];
    let [errors_yes, errors_no] = [1.0 - sigmoid(yes), sigmoid(no)];
    let drawing = Plot::plane((-1.5, 2.9), (-1.9, 2.4))
        .quiet_arrow((0.0, 0.0), at(&CENTER), "center")
        .quiet_arrow((0.0, 0.0), at(&CONTEXT), &format!("context, score {}", shown(yes)))
        .quiet_arrow((0.0, 0.0), at(&NEGATIVE), &format!("random word, score {}", shown(no)))
        .arrow(at(&CENTER), at(center), "pulled and pushed")
        .arrow(at(&CONTEXT), at(context), &format!("pulled: score {}", shown(yes_after)))
        .arrow(at(&NEGATIVE), at(negative), &format!("pushed: score {}", shown(no_after)));
    Ok(Figure {
        name: "pull-and-push",
        caption: format!(
            "One step of training moves the three tips along the colored arrows. The random word \
             is pushed {} times as hard as the context is pulled: it was more wrong.",
            shown(errors_no / errors_yes)
        ),
        text: format!(
            "Three vectors before one step of training, and after it. The center goes from {} to \
             {}. Its context goes from {} to {}, and their score from {} to {}. A random word goes \
             from {} to {}, and its score with the center from {} to {}. The loss falls from {} to \
             {}.",
            pair(&CENTER),
            pair(center),
            pair(&CONTEXT),
            pair(context),
            shown(yes),
            shown(yes_after),
            pair(&NEGATIVE),
            pair(negative),
            shown(no),
            shown(no_after),
            shown(before),
            shown(after)
        ),
        drawing: drawing.into(),
    })
}

/// Shares of three words in a text, and among its negatives.
fn noise() -> Result<Figure, EmbeddingError> {
    let total: u64 = COUNTS.iter().sum();
    let shares = COUNTS.map(|count| count as f64 / total as f64);
    let drawn = noise_distribution(&COUNTS)?;
    let names = COUNTS.map(|count| format!("{count} of {total}"));
    let [all, often] = [&shares[..], &drawn]
        .map(|list| list.iter().map(|&share| percent(share)).collect::<Vec<_>>().join(", "));
    Ok(Figure {
        name: "noise",
        caption: "Three words of a text. The most frequent gives up some of its share; in \
                  proportion, the rarest gains most."
            .into(),
        text: format!(
            "Pairs of bars for three words that make up {all} of a text. As negatives they are \
             drawn with probabilities of {often}."
        ),
        drawing: Bars::new(&names.each_ref().map(String::as_str))
            .series("share of the text", &shares, percent)
            .series("share of the negatives", &drawn, percent)
            .into(),
    })
}

/// Two vectors with a small angle between them, and one at a right angle.
fn angle() -> Figure {
    let [a, b] = ALIKE;
    let between = |x: &[f32], y: &[f32]| {
        let cosine = cosine(x, y);
        (shown(cosine), number(f64::from(cosine.acos()).to_degrees().round()))
    };
    let apart = |x: &[f32; 2], y: &[f32; 2]| number((x[0] - y[0]).hypot(x[1] - y[1]).into());
    let ((near, degrees), (across, right)) = (between(&a, &b), between(&a, &ACROSS));
    let drawing = Plot::plane((-0.8, 14.2), (-2.6, 9.4))
        .arrow((0.0, 0.0), at(&a), &format!("a {}", pair(&a)))
        .arrow((0.0, 0.0), at(&b), &format!("b {}", pair(&b)))
        .arrow((0.0, 0.0), at(&ACROSS), &format!("c {}", pair(&ACROSS)))
        .angle(at(&a), at(&b), &format!("{degrees}°, cosine {near}"))
        .angle(at(&a), at(&ACROSS), &format!("{right}°, cosine {across}"));
    Figure {
        name: "angle",
        caption: "From tip to tip, c is nearer to a than b is. The angle tells better: a and b \
                  point almost the same way."
            .into(),
        text: format!(
            "Three vectors: a is {}, b is {}, c is {}. The tips of a and b are {} apart, those of a \
             and c {}. The angle between a and b is {degrees} degrees, its cosine {near}; that \
             between a and c is {right} degrees, its cosine {across}.",
            pair(&a),
            pair(&b),
            pair(&ACROSS),
            apart(&a, &b),
            apart(&a, &ACROSS)
        ),
        drawing: drawing.into(),
    }
}

fn at(vector: &[f32]) -> (f64, f64) {
    let place = |i: usize| vector.get(i).map_or(0.0, |&x| x.into());
    (place(0), place(1))
}

fn pair(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(|&x| shown(x)).collect();
    format!("({})", numbers.join(", "))
}

/// Two decimals at most.
fn shown(x: f32) -> String {
    number((f64::from(x) * 100.0).round() / 100.0)
}
