//! A beam search as a tree: what it keeps, what it cuts, and what greedy would have found.

use demo::control::{Choice, Slider, Typed};
use demo::{
    Cell, Context, Demo, DemoError, Device, GraphEdge, GraphNode, Start, Tone, View, format,
};
use searching_for_text::{Answers, Beam, BeamSearch, Bigrams};

const PROMPT: Choice = Choice {
    name: "prompt",
    label: "The word before",
    options: &[("to", "to"), ("she", "she"), ("alice", "Alice"), ("very", "very"), ("was", "was")],
};
const WIDTH: Slider =
    Slider { name: "width", label: "Beam width", default: 2.0, min: 1.0, max: 5.0, step: 1.0 };
const LENGTH: Slider = Slider {
    name: "length",
    label: "Tokens, at most",
    default: 4.0,
    min: 2.0,
    max: 6.0,
    step: 1.0,
};
const PENALTY: Slider = Slider {
    name: "length-penalty",
    label: "Length penalty",
    default: 1.0,
    min: 0.0,
    max: 2.0,
    step: 0.1,
};

/// How many of what was cut are drawn in each step.
const CUT_SHOWN: usize = 2;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "beam-tree",
        title: "Beam tree",
        lesson: "searching-for-text",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![PROMPT.control(), WIDTH.control(), LENGTH.control(), PENALTY.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let model = Bigrams::alice();
    let prompt = cx.get(&PROMPT)?;
    let start = model.id(prompt).unwrap_or_default();
    let search = BeamSearch {
        width: cx.get(&WIDTH)? as usize,
        max_len: cx.get(&LENGTH)? as usize,
        end: model.id(Bigrams::END),
        length_penalty: cx.get(&PENALTY)?,
    };
    let find = |search: BeamSearch| {
        (answers.beam_search)(
            &mut |tokens| model.after(tokens.last().copied().unwrap_or(start)).to_vec(),
            &search,
        )
    };

    // Step by step: a search of one step less is where the last step started.
    let mut kept: Vec<Vec<Beam>> = Vec::new();
    let mut cut: Vec<Vec<Beam>> = Vec::new();
    for max_len in 1..=search.max_len {
        cx.progress("searching", max_len as u64, search.max_len as u64).await?;
        let beams = find(BeamSearch { max_len, ..search })?;
        let parents = kept.last().cloned().unwrap_or_else(|| vec![Beam::default()]);
        let mut lost = Vec::new();
        for parent in parents.iter().filter(|beam| !ended(beam, &search)) {
            let last = parent.tokens.last().copied().unwrap_or(start);
            lost.extend(extensions(&model, parent, last, search.length_penalty));
        }
        lost.retain(|beam| beams.iter().all(|kept| kept.tokens != beam.tokens));
        best_first(&mut lost);
        lost.truncate(CUT_SHOWN);
        cut.push(lost);
        kept.push(beams);
    }
    let found = kept.last().cloned().unwrap_or_default();
    let greedy = find(BeamSearch { width: 1, ..search })?;
    let best = exhaustive(&cx, &model, start, &search).await?;

    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let names = (1..=found.len()).map(|i| format!("beam {i}"));
    for (name, beam) in names
        .zip(&found)
        .chain(greedy.first().map(|beam| ("greedy".into(), beam)))
        .chain(best.as_ref().map(|beam| ("best of all".into(), beam)))
    {
        let numbers = [shown(beam.log_prob), beam.tokens.len().to_string(), shown(beam.score)];
        let text = [name.into(), Cell::from(spelled(&model, beam))];
        rows.push(text.into_iter().chain(numbers.map(Cell::Number)).collect());
    }
    let columns = ["Found by", "Sequence", "Log-probability", "Tokens", "Score"];
    let table = View::Table {
        label: "The sequences found".into(),
        columns: columns.map(String::from).into(),
        rows,
    };
    let summary = match (found.first(), greedy.first()) {
        (Some(found), Some(greedy)) => format!(
            "The beam finds “{prompt} {}” with the score {}; greedy finds “{prompt} {}” with {}.",
            spelled(&model, found),
            shown(found.score),
            spelled(&model, greedy),
            shown(greedy.score)
        ),
        _ => "The search found nothing.".into(),
    };
    cx.show(summary, &[tree(&model, prompt, &kept, &cut), table]);
    Ok(())
}

fn ended(beam: &Beam, search: &BeamSearch) -> bool {
    search.end.is_some() && beam.tokens.last().copied() == search.end
}

/// Every way to go on, with its score.
fn extensions(model: &Bigrams, beam: &Beam, last: usize, length_penalty: f64) -> Vec<Beam> {
    let counts = model.after(last).iter().map(|&x| f64::from(x).exp()).enumerate();
    let counts: Vec<(usize, f64)> = counts.filter(|&(_, count)| count > 0.0).collect();
    let total: f64 = counts.iter().map(|(_, count)| count).sum();
    let longer = |(token, count): (usize, f64)| {
        let tokens: Vec<usize> = beam.tokens.iter().copied().chain([token]).collect();
        let log_prob = beam.log_prob + (count / total).ln();
        let score = log_prob / (tokens.len() as f64).powf(length_penalty);
        Beam { tokens, log_prob, score }
    };
    counts.into_iter().map(longer).collect()
}

fn best_first(beams: &mut [Beam]) {
    beams.sort_by(|a, b| b.score.total_cmp(&a.score));
}

/// The best sequence there is. Branches that cannot win are skipped: a log-probability only falls,
/// and no length divides it by more than the largest.
async fn exhaustive(
    cx: &Context,
    model: &Bigrams,
    start: usize,
    search: &BeamSearch,
) -> Result<Option<Beam>, DemoError> {
    let longest = (search.max_len as f64).powf(search.length_penalty);
    let mut best: Option<Beam> = None;
    let mut open = vec![Beam::default()];
    let mut visited: u64 = 0;
    while let Some(beam) = open.pop() {
        visited += 1;
        if visited.is_multiple_of(500) {
            cx.progress("trying every sequence", visited, 0).await?;
        }
        let to_beat = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
        if beam.tokens.len() == search.max_len || ended(&beam, search) {
            if beam.score > to_beat {
                best = Some(beam);
            }
        } else if beam.log_prob / longest > to_beat {
            let last = beam.tokens.last().copied().unwrap_or(start);
            let mut longer = extensions(model, &beam, last, search.length_penalty);
            best_first(&mut longer);
            // It is taken from the end.
            longer.reverse();
            open.append(&mut longer);
        }
    }
    Ok(best)
}

/// Kept sequences and a few that were cut; what the winner went through is tinted.
fn tree(model: &Bigrams, prompt: &str, kept: &[Vec<Beam>], cut: &[Vec<Beam>]) -> View {
    let winner = kept.last().and_then(|beams| beams.first()).map_or(&[][..], |beam| &beam.tokens);
    let root = GraphNode { label: prompt.into(), tone: Tone::Marked, ..GraphNode::default() };
    let (mut nodes, mut edges) = (vec![root], Vec::new());
    // Of each node its tokens and log-probability, to find the node before by.
    let mut places: Vec<(Vec<usize>, f64)> = vec![(Vec::new(), 0.0)];
    for (step, (kept, cut)) in (1..).zip(kept.iter().zip(cut)) {
        let fresh = kept.iter().filter(|beam| beam.tokens.len() == step);
        for (beam, is_kept) in fresh.map(|b| (b, true)).chain(cut.iter().map(|b| (b, false))) {
            let Some((&token, before)) = beam.tokens.split_last() else { continue };
            let Some(from) = places.iter().position(|(tokens, _)| tokens == before) else {
                continue;
            };
            let wins = winner.starts_with(&beam.tokens);
            let share = (beam.log_prob - places[from].1).exp();
            let label = format::percent((share * 1e5).round() / 1e5);
            edges.push(GraphEdge { from, to: nodes.len(), label, strong: is_kept });
            nodes.push(GraphNode {
                label: name(model, token),
                detail: vec![shown(beam.score)],
                layer: step,
                tone: match (wins, is_kept) {
                    (true, _) => Tone::Marked,
                    (_, true) => Tone::Plain,
                    _ => Tone::Muted,
                },
            });
            places.push((beam.tokens.clone(), beam.log_prob));
        }
    }
    let label = "Kept (solid; the best tinted) and the next best (dashed), with their scores";
    View::graph(label, nodes, edges)
}

fn name(model: &Bigrams, token: usize) -> String {
    model.tokens.get(token).cloned().unwrap_or_default()
}

fn spelled(model: &Bigrams, beam: &Beam) -> String {
    let names: Vec<String> = beam.tokens.iter().map(|&token| name(model, token)).collect();
    names.join(" ")
}

/// Without the last digits, in which processors differ.
fn shown(x: f64) -> String {
    format!("{:.2}", (x * 1e5).round() / 1e5).replace('-', "−")
}
