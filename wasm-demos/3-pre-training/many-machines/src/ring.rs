//! A sum that goes around a ring, turn by turn.

use demo::control::{Slider, Toggle, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::counted;
use many_machines::{Answers, Link, MachineError, in_turns};

use crate::rows::{number, ranks, ranks_told};

const RANKS: Slider = Slider::new("ranks", "Ranks", 4.0, [1.0, 5.0], 1.0);
const NUMBERS: Slider = Slider::new("numbers", "Numbers on each", 4.0, [1.0, 6.0], 1.0);
const STUCK: Toggle = Toggle::new("stuck", "Everybody receives before sending", false);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "ring",
        title: "A sum around a ring",
        lesson: "many-machines",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![RANKS.control(), NUMBERS.control(), STUCK.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (p, n) = (cx.get(&RANKS)? as usize, cx.get(&NUMBERS)? as usize);
    let is_stuck = cx.get(&STUCK)?;
    let starts: Vec<Vec<f64>> = (0..p).map(|r| (0..n).map(|i| number(r, i)).collect()).collect();
    let sum: Vec<f64> = (0..n).map(|i| starts.iter().map(|start| start[i]).sum()).collect();
    let view = |now: &[Vec<f64>], before: &[Vec<f64>]| {
        View::drawing("What each rank holds", ranks_told(now), ranks(now, before, &sum))
    };
    let mut frames = vec![("At first".to_owned(), vec![view(&starts, &starts)])];
    let mut before = starts.clone();
    let program = |link: &mut dyn Link, numbers: &mut Vec<f64>| -> Result<(), MachineError> {
        if is_stuck {
            link.receive()?;
        }
        (answers.ring_all_reduce)(link, numbers)
    };
    let ran = in_turns(&starts, program, |turn, now| {
        // In the first turn messages only leave.
        let caption = match turn {
            1 if is_stuck => "Turn 1: everybody waits, and nothing was sent".to_owned(),
            1 if p == 1 => "Turn 1: there is nobody to send to".to_owned(),
            1 => "Turn 1: every rank sends a chunk, and waits".to_owned(),
            _ => format!("Turn {turn}: what came is marked"),
        };
        frames.push((caption, vec![view(now, &before)]));
        before = now.to_vec();
    });
    let start = frames.len() / 2;
    let mut views = vec![View::Steps { label: "Turn by turn".into(), frames, start }];
    let summary = match ran {
        Err(error) => format!("It ends without a sum: {error}."),
        Ok(ran) => {
            let most = ran.sent.iter().copied().max().unwrap_or(0);
            let row = |name: &str, value: usize| vec![name.into(), Cell::Number(value.to_string())];
            views.push(View::Table {
                label: "What one rank sends".into(),
                columns: vec!["Way".into(), "Numbers, at most".into()],
                rows: vec![
                    row("around the ring", most),
                    row("everything to everybody", (p - 1) * n),
                ],
            });
            let turns = counted(ran.turns, "turn");
            match ran.states.iter().all(|state| *state == sum) {
                true => format!("After {turns} every rank has the sum."),
                false => format!("After {turns} some rank does not have the sum."),
            }
        }
    };
    cx.show(summary, &views);
    Ok(())
}
