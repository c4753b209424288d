//! A map of words that moves while skip-gram learns it.

use std::collections::HashMap;

use demo::control::{Slider, Text, Typed};
use demo::format::{count, number};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Point, Start, View};
use embeddings::{
    Answers, Model, Noise, Projection, Schedule, Vocab, parts, subsample, town, words,
};
use rand::SeedableRng;
use rand::rngs::StdRng;

const QUESTION: Text = Text::new(
    "question",
    "Ask: one word for its neighbors, three words for an analogy",
    "baker bakery farmer",
    300,
);
const PASSES: Slider =
    Slider::new("passes", "How often the text is read", town::PASSES as f64, [1.0, 12.0], 1.0);
const WINDOW: Slider = Slider::new(
    "window",
    "Window: words to each side that count as company",
    town::WINDOW as f64,
    [1.0, 10.0],
    1.0,
);
const TEXT: Text = Text::new(
    "text",
    "A text of your own (leave it empty to read stories of Tinytown)",
    "",
    5 << 20,
);

/// So many bytes, or pairs, between two reports of progress.
const BYTES: usize = 1 << 16;
const PAIRS: usize = 20_000;
/// Of a long text so many words are learned from, after frequent ones are thinned out.
const MAX_TOKENS: usize = 200_000;
/// So many maps are shown while it learns.
const FRAMES: usize = 12;
/// Words on the map of a text of one's own.
const SHOWN: usize = 120;
/// So many neighbors of a word are joined to it.
const NEAREST: usize = 3;
/// A shorter vocabulary makes no map.
const MIN_WORDS: usize = 20;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "word-map",
        title: "A map of words",
        lesson: "embeddings",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || vec![QUESTION.control(), PASSES.control(), WINDOW.control(), TEXT.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let (passes, window) = (cx.get(&PASSES)? as usize, cx.get(&WINDOW)? as usize);
    let own = !text.trim().is_empty();
    let text = if own { text } else { town::text() };
    let (vocab, mut tokens) = read(&cx, &text, own).await?;
    let question = question(&cx.get(&QUESTION)?, &vocab, own)?;
    let kinds = if own { vec![("words", frequent(&vocab))] } else { town::kinds(&vocab) };

    let mut rng = StdRng::seed_from_u64(town::SEED);
    tokens = subsample(&tokens, vocab.counts(), town::THRESHOLD, &mut rng);
    tokens.truncate(MAX_TOKENS);
    let pairs = town::shuffled((answers.pairs)(&tokens, window));
    let noise = Noise::new(&(answers.noise_distribution)(vocab.counts())?)?;
    let mut model = Model::new(vocab.len(), town::DIM, &mut rng);
    let total = passes * pairs.len();
    let (mut done, mut shown, mut plane) = (0, 0, None);
    let mut losses = Vec::new();
    for part in (0..passes).flat_map(|_| pairs.chunks(PAIRS)) {
        cx.progress("learning", done as u64, total as u64).await?;
        let (start_rate, negatives) = (town::RATE, town::NEGATIVES);
        let schedule = Schedule { start_rate, done, total, negatives };
        let loss = (answers.train)(&mut model, part, &noise, &schedule, &mut rng)?;
        done += part.len();
        losses.push((done as f64 / 1e3, f64::from(loss)));
        if done * FRAMES / total > shown && done < total {
            shown = done * FRAMES / total;
            let joins = joins(answers, &model, question.as_deref())?;
            let map = map(&model, &vocab, &kinds, &joins, &mut plane)?;
            let percent = 100 * done / total;
            cx.show(format!("{percent}% learned, a loss of {}.", number(loss.into())), &[map]);
        }
    }
    let joins = joins(answers, &model, question.as_deref())?;
    let map = map(&model, &vocab, &kinds, &joins, &mut plane)?;
    let mut views = vec![map];
    let mut summary = format!(
        "Learned {} words from {} pairs, {}.",
        count(vocab.len()),
        count(pairs.len()),
        if passes == 1 { "once".to_owned() } else { format!("{passes} times") }
    );
    if let Some(ids) = &question {
        summary.push_str(&tables(answers, &model, &vocab, ids, &mut views)?);
    }
    views.push(View::Lines {
        label: "The loss as it learns".into(),
        x_label: "thousand steps".into(),
        y_label: "mean loss of a pair".into(),
        lines: vec![Line { name: "loss".into(), points: losses }],
    });
    views.push(facts(answers, &model, &vocab, [text.len(), tokens.len(), total], own)?);
    cx.show(summary, &views);
    Ok(())
}

/// The vocabulary of a text, and the text in its ids.
async fn read(cx: &Context, text: &str, own: bool) -> Result<(Vocab, Vec<u32>), DemoError> {
    let mut counts = HashMap::new();
    let (mut done, all) = (0, 2 * text.len() as u64);
    for part in parts(text, BYTES) {
        cx.progress("counting words", done, all).await?;
        for word in words(part) {
            *counts.entry(word).or_insert(0) += 1;
        }
        done += part.len() as u64;
    }
    // A short text has few words that come often.
    let min_count = if text.len() < 50_000 { 2 } else { town::MIN_COUNT };
    let vocab = Vocab::new(counts, town::MAX_WORDS, min_count);
    if own && vocab.len() < MIN_WORDS {
        let message = format!(
            "A map needs {MIN_WORDS} words that come at least {min_count} times, and this text has \
             only {}: give a longer text, with spaces between its words.",
            vocab.len()
        );
        return Err(DemoError::input(TEXT.name, message));
    }
    let mut tokens = Vec::new();
    for part in parts(text, BYTES) {
        cx.progress("counting words", done, all).await?;
        tokens.extend(words(part).filter_map(|word| vocab.id(&word)));
        done += part.len() as u64;
    }
    Ok((vocab, tokens))
}

/// The ids of the words asked for. The default question makes no sense for every text.
fn question(text: &str, vocab: &Vocab, own: bool) -> Result<Option<Vec<u32>>, DemoError> {
    let wrong = |message: String| DemoError::input(QUESTION.name, message);
    let mut ids = Vec::new();
    for word in text.split_whitespace() {
        let Some(id) = vocab.id(&word.to_lowercase()) else {
            if own && text == QUESTION.default {
                return Ok(None);
            }
            let shown: String = word.chars().take(20).collect();
            let known = ["baker", "bakery", "monday", "seven", "dog", "river"];
            let known: Vec<&str> =
                known.into_iter().filter(|word| vocab.id(word).is_some()).collect();
            let known = if own { String::new() } else { format!(" Try {}.", known.join(", ")) };
            return Err(wrong(format!(
                "“{shown}” is not among the {} most frequent words of this text.{known}",
                count(vocab.len())
            )));
        };
        ids.push(id);
    }
    match ids.len() {
        0 => Ok(None),
        1 | 3 => Ok(Some(ids)),
        n => Err(wrong(format!("Give one word or three: these are {n}."))),
    }
}

/// The most frequent words, without the few that go with everything.
fn frequent(vocab: &Vocab) -> Vec<u32> {
    let total = vocab.counts().iter().sum::<u64>() as f64;
    let common = |&&n: &&u64| n as f64 > 10.0 * town::THRESHOLD * total;
    let skipped = vocab.counts().iter().take_while(common).count() as u32;
    (skipped..vocab.len() as u32).take(SHOWN).collect()
}

/// The words to join on the map: of an analogy its two pairs, of one word its neighbors.
fn joins(
    answers: Answers,
    model: &Model,
    ids: Option<&[u32]>,
) -> Result<Vec<(u32, u32)>, DemoError> {
    Ok(match ids {
        Some(&[a, b, c]) => {
            let found = (answers.analogy)(&model.input, [a, b, c], 1)?;
            [(a, b)].into_iter().chain(found.first().map(|&(d, _)| (c, d))).collect()
        }
        Some(&[id]) => {
            let found = (answers.nearest)(&model.input, model.input.row(id)?, NEAREST, &[id])?;
            found.iter().map(|&(other, _)| (id, other)).collect()
        }
        _ => Vec::new(),
    })
}

fn map(
    model: &Model,
    vocab: &Vocab,
    kinds: &[(&str, Vec<u32>)],
    joins: &[(u32, u32)],
    plane: &mut Option<Projection>,
) -> Result<View, DemoError> {
    let rows = kinds.iter().flat_map(|(_, ids)| ids).map(|&id| model.input.row(id));
    let next = Projection::fit(&rows.collect::<Result<Vec<_>, _>>()?, plane.as_ref());
    let mut points = Vec::new();
    let mut shown = Vec::new();
    // One of each kind in turn, so that each has names on the map.
    let most = kinds.iter().map(|(_, ids)| ids.len()).max().unwrap_or(0);
    for i in 0..most {
        for (group, (_, ids)) in kinds.iter().enumerate() {
            if let Some(&id) = ids.get(i) {
                let (x, y) = next.place(model.input.row(id)?);
                points.push(Point { label: vocab.word(id).to_owned(), x, y, group });
                shown.push(id);
            }
        }
    }
    let mut groups: Vec<String> = kinds.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    // A word may be asked for that is of no kind.
    for &id in joins.iter().flat_map(|(a, b)| [a, b]) {
        if !shown.contains(&id) {
            let (x, y) = next.place(model.input.row(id)?);
            points.push(Point { label: vocab.word(id).to_owned(), x, y, group: kinds.len() });
            shown.push(id);
        }
    }
    if points.iter().any(|point| point.group == kinds.len()) {
        groups.push("other words".into());
    }
    *plane = Some(next);
    let place = |id: u32| shown.iter().position(|&other| other == id);
    let joins = joins.iter().filter_map(|&(a, b)| Some((place(a)?, place(b)?))).collect();
    let label = format!("{} words by what they keep company with", points.len());
    Ok(View::Scatter { label, groups, points, joins })
}

/// Tables of answers, and a sentence about them.
fn tables(
    answers: Answers,
    model: &Model,
    vocab: &Vocab,
    ids: &[u32],
    views: &mut Vec<View>,
) -> Result<String, DemoError> {
    let table = |label, found: &[(u32, f32)]| View::Table {
        label,
        columns: vec!["Word".into(), "Cosine".into()],
        rows: found
            .iter()
            .map(|&(id, cosine)| vec![vocab.word(id).into(), Cell::Number(format!("{cosine:.2}"))])
            .collect(),
    };
    let mut said = String::new();
    if let &[a, b, c] = ids {
        let found = (answers.analogy)(&model.input, [a, b, c], 5)?;
        let [wa, wb, wc] = [a, b, c].map(|id| vocab.word(id));
        let asked = format!("{wa} is to {wb} as {wc} is to");
        let best = found.first().map_or("nothing", |&(id, _)| vocab.word(id));
        said = format!(" The answer: {asked} {best}.");
        views.push(table(format!("“{asked} …”"), &found));
    }
    if let Some(&id) = ids.last() {
        let found = (answers.nearest)(&model.input, model.input.row(id)?, 5, &[id])?;
        if said.is_empty() {
            let best = found.first().map_or("nothing", |&(id, _)| vocab.word(id));
            said = format!(" Nearest to {} is {best}.", vocab.word(id));
        }
        views.push(table(format!("Nearest to “{}”", vocab.word(id)), &found));
    }
    Ok(said)
}

fn facts(
    answers: Answers,
    model: &Model,
    vocab: &Vocab,
    [bytes, tokens, steps]: [usize; 3],
    own: bool,
) -> Result<View, DemoError> {
    let mut facts = vec![
        ("Text", demo::format::bytes(bytes)),
        ("Words in the vocabulary", count(vocab.len())),
        ("Words learned from, frequent ones thinned out", count(tokens)),
        ("Steps", count(steps)),
    ];
    if !own {
        let questions = town::analogies(vocab);
        let mut right = 0;
        for &[a, b, c, d] in &questions {
            let found = (answers.analogy)(&model.input, [a, b, c], 1)?;
            right += usize::from(found.first().is_some_and(|&(id, _)| id == d));
        }
        let of = format!("{right} of {}", questions.len());
        facts.push(("Analogies of jobs and workplaces that come out", of));
    }
    let rows = facts.into_iter().map(|(name, value)| vec![name.into(), Cell::Number(value)]);
    Ok(View::Table {
        label: "The training in numbers".into(),
        columns: vec!["What".into(), "How much".into()],
        rows: rows.collect(),
    })
}
