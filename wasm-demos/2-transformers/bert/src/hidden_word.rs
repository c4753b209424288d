//! A word is hidden: what the word before it tells, and what both neighbors tell.

use std::cell::OnceCell;
use std::rc::Rc;

use bert::gap::{Pairs, Sides, TRAINING, spelled, split};
use demo::control::{Slider, Text, Typed};
use demo::format::{count, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::settled;

/// More would not fit on a line.
const MOST: usize = 16;
const SHOWN: usize = 5;

const TEXT: Text = Text::new("text", "A sentence of Tinytown", bert::gap::EXAMPLE, 300);
const PLACE: Slider = Slider::new("place", "The hidden word", 3.0, [1.0, MOST as f64], 1.0);

pub fn demo() -> Demo {
    Demo {
        name: "hidden-word",
        title: "Guess the hidden word",
        lesson: "bert",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), PLACE.control()],
        run: demo::run(run),
    }
}

thread_local! {
    /// Counting takes longer than a run.
    static PAIRS: OnceCell<Rc<Pairs>> = const { OnceCell::new() };
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let pairs = PAIRS.with(|kept| kept.get_or_init(|| Rc::new(Pairs::tinytown(TRAINING))).clone());
    let mut words = split(&cx.get(&TEXT)?);
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no word to hide: type some."));
    }
    let is_cut = words.len() > MOST;
    words.truncate(MOST);
    let at = (cx.get(&PLACE)? as usize).min(words.len()) - 1;
    let hidden = &words[at];
    let left = at.checked_sub(1).map(|at| words[at].as_str());
    let right = words.get(at + 1).map(String::as_str);

    let shown: Vec<&str> =
        words.iter().enumerate().map(|(i, word)| if i == at { "▢" } else { word }).collect();
    let mut views = vec![View::Prose(vec![shown.join(" ")])];
    let mut ranks = Vec::new();
    let mut rows = Vec::new();
    for (sides, name) in
        [(Sides::Left, "the word before"), (Sides::Right, "the word after"), (Sides::Both, "both")]
    {
        let guess = pairs.guess(left, right, sides);
        let rank = guess.iter().position(|(word, _)| word == hidden);
        let told = rank.map_or("–".into(), |rank| count(rank + 1));
        let share = rank.map_or("–".into(), |rank| percent(settled(guess[rank].1)));
        rows.push(vec![Cell::from(name), Cell::Number(told.clone()), Cell::Number(share)]);
        ranks.push(told);
        if sides == Sides::Right {
            continue;
        }
        let bars: Vec<Bar> = guess
            .iter()
            .take(SHOWN)
            .map(|(word, share)| Bar {
                label: spelled(word).to_owned(),
                value: settled(*share),
                shown: percent(settled(*share)),
                muted: false,
            })
            .collect();
        let max = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        let label = match sides {
            Sides::Both => "Likeliest words, from both neighbors".into(),
            _ => "Likeliest words, from the word before".to_owned(),
        };
        views.push(View::Bars { label, bars, max });
    }
    let columns = ["Known is", "Rank of the hidden word", "Its probability"].map(String::from);
    views.push(View::Table {
        label: format!("Where “{hidden}” comes, of {} words", count(pairs.size())),
        columns: columns.into(),
        rows,
    });
    if is_cut {
        views.push(View::Prose(vec![format!("Read are the first {MOST} words.")]));
    }
    let summary = match ranks.as_slice() {
        [first, _, _] if first == "–" => {
            format!("“{hidden}” was never counted: no side can guess it.")
        }
        [before, _, both] => format!(
            "“{hidden}” comes at rank {before} from the word before, at rank {both} from both."
        ),
        _ => String::new(),
    };
    cx.show(summary, &views);
    Ok(())
}
