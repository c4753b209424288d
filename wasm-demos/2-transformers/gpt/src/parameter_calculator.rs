//! Where the parameters of a model are.

use demo::control::{Number, Typed};
use demo::format::percent;
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use gpt::{Answers, Config, published};
use grading::numbers::count;

const LAYERS: Number = Number::new("layers", "Blocks, n_layer", 12.0, [1.0, 200.0], 1.0);
const WIDTH: Number = Number::new("width", "Numbers a token, n_embd", 768.0, [1.0, 20_000.0], 1.0);
const VOCAB: Number = Number::new("vocab", "Tokens, vocab_size", 50_257.0, [1.0, 300_000.0], 1.0);
const POSITIONS: Number =
    Number::new("positions", "Positions, n_positions", 1024.0, [1.0, 200_000.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "parameter-calculator",
        title: "Where the parameters are",
        lesson: "gpt",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || [LAYERS, WIDTH, VOCAB, POSITIONS].map(|number| number.control()).into(),
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let [layers, width, vocab, positions] =
        [LAYERS, WIDTH, VOCAB, POSITIONS].map(|number| cx.get(&number));
    let config = Config {
        vocab_size: vocab? as usize,
        n_positions: positions? as usize,
        ..Config::gpt2(layers? as usize, 1, width? as usize)
    };
    let parameters = (answers.parameters)(&config);
    let total = parameters.total();
    let bars = parameters.parts().map(|(name, number)| Bar {
        label: name.into(),
        value: number as f64,
        shown: format!("{} ({})", short(number), percent(number as f64 / total.max(1) as f64)),
        muted: false,
    });
    let max = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let rows = published().map(|model| {
        let total = (answers.parameters)(&model.config).total();
        vec![Cell::from(model.name), Cell::Number(short(total))]
    });
    let columns = ["Model", "Parameters"].map(String::from).into();
    let views = [
        View::Bars { label: "Parameters by part".into(), bars: bars.into(), max },
        View::Table { label: "For comparison".into(), columns, rows: rows.into() },
    ];
    let gigabytes = |each: u64| format!("{:.2} GB", (total * each) as f64 / 1e9);
    cx.show(
        format!(
            "{} parameters: {} as f32, {} as 16-bit floats.",
            count(total),
            gigabytes(4),
            gigabytes(2)
        ),
        &views,
    );
    Ok(())
}

/// In millions or billions.
fn short(n: u64) -> String {
    match n {
        0..100_000 => count(n),
        100_000..1_000_000_000 => format!("{:.1} million", n as f64 / 1e6),
        _ => format!("{:.1} billion", n as f64 / 1e9),
    }
}
