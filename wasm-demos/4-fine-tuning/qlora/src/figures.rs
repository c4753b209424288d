//! The figures of the page.

use demo::figure::{Bars, Cells, Figure, Ink, Plot};
use grading::numbers::short;
use qlora::solution::{absmax_of, dequantize_4bit, quantize_4bit};
use qlora::{Code, Method, QloraError, uniform_levels};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures: Vec<Figure> = block().into_iter().collect();
    figures.extend([bell(), stored()]);
    #[cfg(not(target_family = "wasm"))]
    figures.extend(qlora::measured().ok().map(|stored| buddy(&stored)));
    figures.extend([layer(), kernel()]);
    figures
}

/// Eight weights on their way to four bits and back.
fn block() -> Result<Figure, QloraError> {
    let weights = [0.12_f32, -0.48, 0.03, 0.3, -0.21, 0.07, 0.0, -0.1];
    let packed = quantize_4bit(&weights, Code::Nf4, 8)?;
    let absmax = absmax_of(&packed.absmax, 0)?;
    let mut again = [0.0; 8];
    dequantize_4bit(&packed, 0..8, &mut again)?;
    let codes: Vec<u8> = packed.bytes.iter().flat_map(|b| [b >> 4, b & 15]).collect();
    let shown = |x: f32| short(f64::from(x), 2);
    let row = |of: &dyn Fn(usize) -> String| -> Vec<String> { (0..8).map(of).collect() };
    let rows = [
        ("weight", row(&|i| shown(weights[i])), Ink::Plain),
        ("share", row(&|i| shown(weights[i] / absmax)), Ink::Quiet),
        ("code", row(&|i| codes[i].to_string()), Ink::Marked),
        ("level", row(&|i| shown(Code::Nf4.levels()[usize::from(codes[i])])), Ink::Quiet),
        ("got back", row(&|i| shown(again[i])), Ink::Plain),
    ];
    let mut cells = Cells::new();
    for (name, row, ink) in &rows {
        let cell = |(i, text): (usize, &String)| {
            (text.clone(), if i == 1 && *name != "code" { Ink::Marked } else { *ink })
        };
        let of_row: Vec<(String, Ink)> = row.iter().enumerate().map(cell).collect();
        cells = cells.row(name, of_row.iter().map(|(text, ink)| (text.as_str(), *ink)));
    }
    Ok(Figure {
        name: "block",
        caption: format!(
            "A block of eight weights. The largest, without its sign, is the absmax, {}. What is \
             stored: eight codes from 0 to 15, and the absmax.",
            shown(absmax)
        ),
        text: rows
            .iter()
            .map(|(name, row, _)| format!("{name}: {}.", row.join(", ")))
            .collect::<Vec<_>>()
            .join(" "),
        drawing: cells.into(),
    })
}

/// The levels on the bell curve that they were made for.
fn bell() -> Figure {
    let far = 1.0 - (1.0 / 32.0 + 1.0 / 30.0) / 2.0;
    let scale = qlora::normal_quantile(far);
    let height = |x: f64| (-(x * scale).powi(2) / 2.0).exp();
    let points = (-110..=110).map(|i| f64::from(i) / 100.0).map(|x| (x, height(x)));
    let mut plot = Plot::new(("share of the absmax", -1.1, 1.1), ("how common", 0.0, 1.1))
        .curve("weights", points);
    for level in Code::Nf4.levels() {
        plot = plot.up(f64::from(*level), "");
    }
    for level in uniform_levels() {
        plot = plot.point((f64::from(level), 0.0), "");
    }
    let told: Vec<String> =
        Code::Nf4.levels().iter().map(|level| short(f64::from(*level), 2)).collect();
    Figure {
        name: "bell",
        caption:
            "Sixteen levels of NF4, as lines, under the bell curve of weights: close together \
                  where most weights are. Dots below: a uniform code."
                .into(),
        text: format!(
            "The levels of NF4 are at {}. Those of the uniform code are {} apart everywhere.",
            told.join(", "),
            short(1.0 / 7.0, 2)
        ),
        drawing: plot.into(),
    }
}

/// Bits of a weight, by what they are for.
fn stored() -> Figure {
    let methods = [Method::Lora, Method::Int8, Method::Plain, Method::Qlora];
    let bits: Vec<f64> = methods.iter().map(|method| method.bits()).collect();
    let names = ["16 bits", "int8", "4 bits, absmax f32", "4 bits, doubled"];
    let shown = |bits: f64| short(bits, 3);
    let told: Vec<String> =
        names.iter().zip(&bits).map(|(name, bits)| format!("{name}: {}", shown(*bits))).collect();
    Figure {
        name: "stored",
        caption: "Bits of a weight with its part of the absmax, in blocks of 64. That of a row in int8 is \
                  not counted."
            .into(),
        text: format!("{}.", told.join("; ")),
        drawing: Bars::new(&names).series("bits", &bits, shown).into(),
    }
}

/// What Buddy loses.
#[cfg(not(target_family = "wasm"))]
fn buddy(stored: &[qlora::Stored]) -> Figure {
    let quantized = &stored[1..];
    let names: Vec<&str> = quantized.iter().map(|stored| stored.name).collect();
    let errors: Vec<f64> = quantized.iter().map(|stored| 100.0 * stored.error).collect();
    let shown = |error: f64| format!("{}%", short(error, 1));
    let told: Vec<String> = names
        .iter()
        .zip(&errors)
        .map(|(name, error)| format!("{name} {}", shown(*error)))
        .collect();
    Figure {
        name: "buddy",
        caption: "Buddy's linear layers in five codes: the error, as a share of the weights' size \
                  (both as root mean squares)."
            .into(),
        text: format!("{}.", told.join("; ")),
        drawing: Bars::new(&names).series("error", &errors, shown).into(),
    }
}

/// Where slopes go in a layer of QLoRA.
fn layer() -> Figure {
    use demo::figure::Layers;
    Figure {
        name: "layer",
        caption: "A layer of QLoRA. W is packed and stays as it is; a row of it at a time becomes \
                  numbers. A and B learn, in full precision."
            .into(),
        text: "From x two ways lead to y. One goes through W in 4 bits, which is frozen. The other \
               goes through A and B, which learn. Slopes come back both ways, and change A and B only."
            .into(),
        drawing: Layers::new()
            .boxes(&[("x", "rows of inputs")])
            .boxes(&[("W", "4 bits, frozen"), ("A, then B", "f32, learn")])
            .boxes(&[("y", "the sum of both")])
            .into(),
    }
}

/// Which thread has which word.
fn kernel() -> Figure {
    let word = |w: usize| {
        let name = format!("word {w}");
        (name, if w == 1 { Ink::Marked } else { Ink::Quiet })
    };
    let words: Vec<(String, Ink)> = (0..3).map(word).collect();
    let mut cells = Cells::new().head(["columns 0–7", "8–15", "16–23"]);
    for p in 0..3 {
        let name = format!("W, row {p}");
        cells = cells.row(&name, words.iter().map(|(text, ink)| (text.as_str(), *ink)));
    }
    let cells = cells.rule("Y").row(
        "rows 0–7",
        ["thread 0", "thread 1", "thread 2"]
            .iter()
            .enumerate()
            .map(|(at, text)| (*text, if at == 1 { Ink::Marked } else { Ink::Quiet })),
    );
    let cells =
        cells.row("rows 8–15", ["thread 3", "thread 4", "thread 5"].map(|t| (t, Ink::Quiet)));
    Figure {
        name: "kernel",
        caption: "Thread 1 goes down a column of words of W, unpacks each once, and uses its eight \
                  weights for eight rows of Y."
            .into(),
        text: "W has three words in each row; a word has the codes of eight columns. Thread 1 reads \
               word 1 of each row, and writes columns 8 to 15 of rows 0 to 7 of Y. Thread 4 does the \
               same for rows 8 to 15."
            .into(),
        drawing: cells.into(),
    }
}
