//! A sentence and its translation: who looks at whom in the three attentions of an encoder-decoder.

use demo::control::{Slider, Text, Typed};
use demo::format::{counted, number, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::settled;
use t5_and_bart::example::{Aligned, PAIRS, SENTENCE, aligned};

use crate::grid::{grid, largest, told};

/// More words would not fit on a phone.
const MOST: usize = 12;

const TEXT: Text = Text::new("text", "A sentence of Tinytown, in English", SENTENCE, 200);
const PLACE: Slider =
    Slider::new("place", "The word that is being written", 2.0, [1.0, MOST as f64], 1.0);

pub fn demo() -> Demo {
    Demo {
        name: "who-looks-where",
        title: "Who looks where",
        lesson: "t5-and-bart",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), PLACE.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let mut it = aligned(&cx.get(&TEXT)?).map_err(|error| {
        let message = format!(
            "Tinytongue cannot say this: {error}. Try: The old teacher found two keys in the \
             garden."
        );
        DemoError::input(TEXT.name, message)
    })?;
    if it.source.len() > MOST || it.output.len() > MOST {
        let message = format!("This is longer than a phone is wide: give at most {MOST} words.");
        return Err(DemoError::input(TEXT.name, message));
    }
    it.weights.iter_mut().flatten().for_each(|weight| *weight = settled(*weight));
    let place = (cx.get(&PLACE)? as usize).min(it.output.len()) - 1;
    let (source, output) = (it.source.len(), it.output.len());
    let word = &it.output[place];
    let (best, most) = largest(&it.weights[place]);
    let views = [
        View::drawing(
            "Cross-attention: a row for each word of the output, a column for each of the source",
            told(&it.output, &it.source, &it.weights),
            grid(&it.output, &it.source, &it.weights, place),
        ),
        bars(&it, place),
        View::Table {
            label: format!("The three attentions while “{word}”, word {}, is written", place + 1),
            columns: ["Attention", "Who looks", "At whom", "Pairs in all"].map(String::from).into(),
            rows: vec![
                row("encoder", "each source word", "all source words", source * source),
                row("decoder, own", "the output", &written(&it, place), output * (output + 1) / 2),
                row("decoder, cross", "the output", "all source words", output * source),
            ],
        },
        View::Prose(vec![format!(
            "No model was trained for this. The translation is made by rule. A query picks the \
             word being written, a key holds the logarithms of a dictionary that was counted in \
             {PAIRS} pairs of sentences, as in step 1. Their dot product with “{}” is {}: the \
             logarithm of how probable “{word}” is as its translation.",
            it.source[best],
            number(settled(it.scores[place][best]))
        )]),
    ];
    cx.show(
        format!(
            "{} in, {} out. While writing “{word}”, the decoder takes {} from “{}”.",
            counted(source, "word"),
            counted(output, "word"),
            percent(most),
            it.source[best]
        ),
        &views,
    );
    Ok(())
}

/// What the decoder has read when it writes the word at `place`.
fn written(it: &Aligned, place: usize) -> String {
    match it.output[..place].join(" ") {
        nothing if nothing.is_empty() => "the start token".into(),
        words => format!("the start token, {words}"),
    }
}

fn row(name: &str, who: &str, whom: &str, pairs: usize) -> Vec<Cell> {
    vec![Cell::from(name), Cell::from(who), Cell::from(whom), Cell::Number(pairs.to_string())]
}

fn bars(it: &Aligned, place: usize) -> View {
    let bar = |(j, &weight): (usize, &f64)| Bar {
        label: format!("{} {}", j + 1, it.source[j]),
        value: weight,
        shown: percent(weight),
        muted: false,
    };
    View::Bars {
        label: format!("What “{}” takes from each word of the source", it.output[place]),
        bars: it.weights[place].iter().enumerate().map(bar).collect(),
        max: 1.0,
    }
}
