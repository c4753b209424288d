//! The figures of the page, and one for the page on the whole step.

use demo::figure::{Arcs, Bars, Cells, Figure, Ink, Plot};
use tinytown::World;
use tokenization::fast::Encoder;
use tokenization::{SAMPLE_VOCAB_SIZE, sample_vocab};
use what_an_llm_is::Ngram;
use what_an_llm_is::solution::{fit, perplexity, prob};
use what_an_llm_is::words::{NEW_WORD, TEXT, Words};

/// The word whose followers the page looks at.
const CONTEXT: &str = "the";
/// The order of the window that slides, how many words it slides over, and how far.
const WINDOW: usize = 3;
const SHOWN: usize = 8;
const STEPS: usize = 6;
/// Words for the bars: two that came after [`CONTEXT`], and three that did not.
const SHARED: [&str; 5] = ["cat", "mat", "sat", "ran", NEW_WORD];
/// The training text of the models that overfit, and their orders.
const BYTES: usize = 10_000;
const ORDERS: std::ops::RangeInclusive<usize> = 2..=6;

/// In the order of the page; the last is for the page on the whole step.
pub fn figures() -> Vec<Figure> {
    let made = [followers(), Some(window()), die(), shares(), overfitting(), Some(agreement())];
    made.into_iter().flatten().collect()
}

/// The model of order 2 that the page works by hand.
fn bigram(words: &Words) -> Option<Ngram> {
    fit(&words.ids(TEXT), 2, words.vocab_size()).ok()
}

fn followers() -> Option<Figure> {
    let words = Words::default();
    let model = bigram(&words)?;
    let seen = model.after(&words.ids(CONTEXT))?;
    let total = seen.total();
    let names: Vec<&str> = seen.iter().map(|(token, _)| words.word(token)).collect();
    let counts: Vec<f64> = seen.iter().map(|(_, count)| count as f64).collect();
    let shown = |count: f64| format!("{count} of {total}");
    let told: Vec<String> = names
        .iter()
        .zip(&counts)
        .map(|(name, &count)| format!("{name} {}", shown(count)))
        .collect();
    Some(Figure {
        name: "followers",
        caption: format!("What came after “{CONTEXT}” in that text, and how often."),
        text: format!("Bars of what came after “{CONTEXT}”: {}.", told.join(", ")),
        drawing: Bars::new(&names).series("count", &counts, shown).into(),
    })
}

fn window() -> Figure {
    let words: Vec<&str> = TEXT.split(' ').take(SHOWN).collect();
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for new in 0..STEPS.min(words.len()) {
        let first = (new + 1).saturating_sub(WINDOW);
        let ink = |i: usize| match i {
            _ if i == new => Ink::Marked,
            _ if (first..new).contains(&i) => Ink::Plain,
            _ => Ink::Quiet,
        };
        let row = words.iter().enumerate().map(|(i, &word)| (word, ink(i)));
        cells = cells.row(&format!("word {}", new + 1), row);
        told.push(match words[first..new].join(" ") {
            context if context.is_empty() => format!("“{}” after nothing", words[new]),
            context => format!("“{}” after “{context}”", words[new]),
        });
    }
    Figure {
        name: "window",
        caption: format!(
            "A slit of {WINDOW} words slides along: guess the last from those before it. The faint \
             ones are out of sight."
        ),
        text: format!("Step by step, the window shows {}.", told.join(", ")),
        drawing: cells.into(),
    }
}

fn die() -> Option<Figure> {
    let words = Words::default();
    let model = bigram(&words)?;
    let seen = model.after(&words.ids(CONTEXT))?;
    let (total, distinct) = (seen.total(), seen.distinct());
    let numbers: Vec<String> = (0..total + distinct).map(|side| side.to_string()).collect();
    let mut sides = Vec::new();
    let mut told = Vec::new();
    for (token, count) in seen.iter() {
        sides.extend((0..count).map(|_| (words.word(token), Ink::Plain)));
        told.push(format!("{} {count}", words.word(token)));
    }
    sides.extend((0..distinct).map(|_| ("new!", Ink::Marked)));
    Some(Figure {
        name: "die",
        caption: format!(
            "The die after “{CONTEXT}”: {total} sides for what came, {distinct} for a surprise."
        ),
        text: format!(
            "A die of {} sides. Of the first {total}, words own: {}. The other {distinct} say \
             “new!”.",
            total + distinct,
            told.join(", ")
        ),
        drawing: Cells::new().head(numbers.iter().map(String::as_str)).row("", sides).into(),
    })
}

fn shares() -> Option<Figure> {
    let words = Words::default();
    let model = bigram(&words)?;
    let context = words.ids(CONTEXT);
    let seen = model.after(&context)?;
    let tokens: Vec<u32> = SHARED.iter().flat_map(|word| words.ids(word)).collect();
    let share = |&token: &u32| seen.count(token) as f64 / seen.total() as f64;
    let counted: Vec<f64> = tokens.iter().map(share).collect();
    let given: Vec<f64> = tokens.iter().map(|&token| prob(&model, &context, token)).collect();
    let shown = |p: f64| format!("{p:.2}");
    let told: Vec<String> = SHARED
        .iter()
        .zip(counted.iter().zip(&given))
        .map(|(word, (&before, &after))| format!("{word} {} and {}", shown(before), shown(after)))
        .collect();
    Some(Figure {
        name: "shares",
        caption: "What came gives away a part of its share; what did not come gets some, the \
                  frequent words more."
            .into(),
        text: format!(
            "Probability after “{CONTEXT}”, first as the counted share, then after giving away: {}.",
            told.join(", ")
        ),
        drawing: Bars::new(&SHARED)
            .series("counted share", &counted, shown)
            .series("after giving away", &given, shown)
            .into(),
    })
}

fn overfitting() -> Option<Figure> {
    let bpe = sample_vocab(SAMPLE_VOCAB_SIZE).ok()?;
    let mut encoder = Encoder::new(&bpe);
    let world = World::new(1);
    let text = world.text(0, BYTES);
    let training = encoder.encode(&text[..text.floor_char_boundary(BYTES)]);
    let held_out = encoder.encode(&world.text(1, 20_000));
    let mut model = fit(&training, *ORDERS.end(), SAMPLE_VOCAB_SIZE).ok()?;
    let (mut own, mut new) = (Vec::new(), Vec::new());
    for order in ORDERS {
        model.set_order(order).ok()?;
        let at = order as f64;
        own.push((at, perplexity(&model, &training[..training.len().min(held_out.len())]).ok()?));
        new.push((at, perplexity(&model, &held_out).ok()?));
    }
    let best = new.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let told = |line: &[(f64, f64)]| -> String {
        let shown: Vec<String> = line.iter().map(|(_, p)| format!("{p:.1}")).collect();
        shown.join(", ")
    };
    let highest = new.iter().chain(&own).map(|(_, p)| *p).fold(0.0, f64::max);
    let axes = (("order", 2.0, 6.0), ("perplexity", 0.0, (highest / 10.0).ceil() * 10.0));
    Some(Figure {
        name: "overfitting",
        caption: format!(
            "Trained on 10 KB: on its own text a longer memory always helps, on new stories up to \
             order {}.",
            best.0
        ),
        text: format!(
            "Perplexity of orders 2 to 6, trained on 10 KB. New stories: {}. Its own text: {}.",
            told(&new),
            told(&own)
        ),
        drawing: Plot::new(axes.0, axes.1)
            .curve("new stories", new.iter().copied())
            .curve("its own text", own.iter().copied())
            .point(best, &format!("best: order {}", best.0))
            .into(),
    })
}

/// A sketch: the weights are chosen, not measured.
fn agreement() -> Figure {
    const SENTENCE: &str = "The keys that my neighbor left on the kitchen table yesterday are";
    const SUBJECT: &str = "keys";
    const OTHERS: [&str; 2] = ["neighbor", "table"];
    let words: Vec<&str> = SENTENCE.split(' ').collect();
    let verb = words.len() - 1;
    let mut arcs = Arcs::new(&words);
    for (i, word) in words.iter().enumerate() {
        if *word == SUBJECT {
            arcs = arcs.arc(verb, i, 0.6, "");
        } else if OTHERS.contains(word) {
            arcs = arcs.arc(verb, i, 0.2, "");
        }
    }
    Figure {
        name: "agreement",
        caption: "A sketch, not a measurement, of what matters for the verb: above all “keys”. \
                  “neighbor” and “table” stand closer, and would make it “is”."
            .into(),
        text: format!(
            "The words “{SENTENCE}” with arcs from the verb back to earlier words: a broad one to \
             “{SUBJECT}”, thin ones to “{}” and “{}”.",
            OTHERS[0], OTHERS[1]
        ),
        drawing: arcs.into(),
    }
}
