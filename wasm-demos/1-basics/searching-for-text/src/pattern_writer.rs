//! Counts of Tinytown's documents write what a pattern allows: the tokens it masks, step by step.

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::percent;
use demo::{Bar, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::settled;
use rand::SeedableRng;
use rand::rngs::StdRng;
use searching_for_text::{Answers, Automaton, Vocab};
use softmax_sampling::Sampling;
use softmax_sampling::solution::{filtered_probs, sample};
use tinytown::World;
use tokenization::Bpe;
use tokenization::fast::{self, Encoder};
use what_an_llm_is::Ngram;
use what_an_llm_is::solution::{fit, prob};

const PROMPT: Text = Text::new("prompt", "The text so far", "Ada was born in", 200);

const PATTERN: Choice = Choice::new(
    "pattern",
    "What comes next",
    &[
        ("year", "a year"),
        ("date", "a date"),
        ("number", "a number"),
        ("answer", "one of three answers"),
        ("json", "JSON"),
        ("no-e", "a sentence without an e"),
    ],
);
/// By name. Each begins with a space, as the tokens of a word do.
const PATTERNS: [(&str, &str); 6] = [
    ("year", r" (19|20)[0-9]{2}\."),
    ("date", r" 20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    ("number", r" -?[0-9]+(\.[0-9]{2})?"),
    ("answer", " (yes|no|nobody knows)"),
    ("json", r#" \{"name": "[A-Z][a-z]+", "born": (19|20)[0-9]{2}\}"#),
    ("no-e", r" [^eE.]{12,60}\."),
];
const OWN: Text = Text::new("own", "A pattern of your own (empty: the one above)", "", 200);
const TEMPERATURE: Slider = Slider::new("temperature", "Temperature", 0.5, [0.0, 2.0], 0.1);
const SEED: Slider = Slider::new("seed", "Seed", 1.0, [1.0, 50.0], 1.0);

/// What the counts are made of.
const TRAINING: usize = 60_000;
const VOCABULARY: usize = 600;
const ORDER: usize = 4;
const END: &str = "<|end|>";

const MOST_TOKENS: usize = 40;
/// So many of the likeliest tokens are shown, and as many of the likeliest allowed.
const SHOWN: usize = 4;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "pattern-writer",
        title: "Writing to a pattern",
        lesson: "searching-for-text",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                PATTERN.control(),
                PROMPT.control(),
                OWN.control(),
                TEMPERATURE.control(),
                SEED.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// What writes: a vocabulary and counts.
struct Writer {
    bpe: Bpe,
    ngram: Ngram,
    vocab: Vocab,
    /// The prompt's tokens.
    prompt: Vec<u32>,
}

impl Writer {
    fn train(prompt: &str) -> Result<Self, DemoError> {
        let mut text = String::new();
        for document in World::new(1).documents(0) {
            text += &document.text;
            text += END;
            if text.len() > TRAINING {
                break;
            }
        }
        let bpe = fast::train(&text, VOCABULARY, &[END])?;
        let ngram = fit(&Encoder::new(&bpe).encode(&text), ORDER, bpe.vocab_size())?;
        let ids = 0..bpe.vocab_size() as u32;
        let tokens: Vec<Vec<u8>> =
            ids.map(|id| bpe.bytes(id).unwrap_or_default().to_vec()).collect();
        let end = tokens.len() - 1;
        let vocab = Vocab::new(tokens, end)?;
        let prompt = Encoder::new(&bpe).encode(prompt);
        Ok(Self { bpe, ngram, vocab, prompt })
    }

    /// A logit for each token after the prompt and what was written.
    fn logits(&self, written: &[usize]) -> Vec<f32> {
        let mut context = self.prompt.clone();
        context.extend(written.iter().map(|&token| token as u32));
        let ids = 0..self.bpe.vocab_size() as u32;
        ids.map(|id| prob(&self.ngram, &context, id).ln() as f32).collect()
    }

    fn bytes(&self, token: usize) -> &[u8] {
        if token == self.vocab.end() { &[] } else { &self.vocab.tokens()[token] }
    }

    fn text(&self, written: &[usize]) -> String {
        let bytes: Vec<u8> = written.iter().flat_map(|&t| self.bytes(t)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn spelled(&self, token: usize) -> String {
        match token == self.vocab.end() {
            true => "∎".into(),
            false => self.bpe.spelled(token as u32).replace(' ', "␣").replace('\n', "↵"),
        }
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let own = cx.get(&OWN)?;
    let name = cx.get(&PATTERN)?;
    let named =
        PATTERNS.iter().find(|(known, _)| *known == name).map_or("", |(_, pattern)| pattern);
    let pattern = if own.is_empty() { named } else { &own };
    let automaton = Automaton::compile(pattern)
        .map_err(|error| DemoError::input(OWN.name, format!("{error}.")))?;
    let prompt = cx.get(&PROMPT)?;
    let sampling = Sampling { temperature: cx.get(&TEMPERATURE)?, ..Sampling::default() };
    let seed = cx.get(&SEED)? as u64;
    cx.progress("learning from Tinytown's documents", 0, 0).await?;
    let writer = Writer::train(&prompt)?;

    let mut frames = Vec::new();
    let (mut written, mut state) = (Vec::new(), Automaton::START);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut has_ended = false;
    while written.len() < MOST_TOKENS && !has_ended {
        cx.progress("writing", written.len() as u64, MOST_TOKENS as u64).await?;
        let logits = writer.logits(&written);
        let masked = (answers.constrain)(&logits, &writer.vocab, &automaton, state)?;
        let token = sample(&masked, &sampling, &mut rng)?;
        let before = filtered_probs(&logits, &sampling)?;
        let after = filtered_probs(&masked, &sampling)?;
        let count = masked.iter().filter(|x| **x > f32::NEG_INFINITY).count();
        let caption = format!(
            "After “{prompt}{}”: {count} of {} tokens allowed. It writes {}.",
            writer.text(&written),
            masked.len(),
            writer.spelled(token)
        );
        frames.push((caption, vec![bars(&writer, &masked, &before, &after)]));
        state = automaton.walk(state, writer.bytes(token));
        has_ended = token == writer.vocab.end();
        written.push(token);
    }
    let free = freely(&writer, &sampling, seed, written.len())?;
    let text = writer.text(&written);
    let whole = match has_ended {
        true => "It matches the pattern.",
        false => "It was cut off: the pattern would go on.",
    };
    let label = "Token by token: what the model would say, and what the pattern leaves";
    cx.show(
        format!("“{prompt}{text}” {whole}"),
        &[
            View::Code { label: "The pattern".into(), text: pattern.to_owned() },
            View::Prose(vec![
                format!("With the pattern: “{prompt}{text}”"),
                format!("Without: “{prompt}{free}”"),
            ]),
            View::Steps { label: label.into(), frames, start: 0 },
        ],
    );
    Ok(())
}

/// What it writes without a pattern: as many tokens, unless its document ends before.
fn freely(
    writer: &Writer,
    sampling: &Sampling,
    seed: u64,
    most: usize,
) -> Result<String, DemoError> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut written = Vec::new();
    while written.len() < most && written.last() != Some(&writer.vocab.end()) {
        written.push(sample(&writer.logits(&written), sampling, &mut rng)?);
    }
    Ok(writer.text(&written))
}

/// The likeliest tokens before the mask, and after it.
fn bars(writer: &Writer, masked: &[f32], before: &[f64], after: &[f64]) -> View {
    let likeliest = |probs: &[f64]| {
        let mut order: Vec<usize> = (0..probs.len()).filter(|&i| probs[i] > 0.0).collect();
        order.sort_by(|&a, &b| settled(probs[b]).total_cmp(&settled(probs[a])));
        order.truncate(SHOWN);
        order
    };
    let mut shown = likeliest(before);
    shown.extend(likeliest(after));
    shown.sort_unstable();
    shown.dedup();
    shown.sort_by(|&a, &b| settled(before[b]).total_cmp(&settled(before[a])));
    let bar = |&token: &usize| {
        let was = percent(settled(before[token]));
        let (value, text, muted) = match masked[token] > f32::NEG_INFINITY {
            true => (after[token], format!("{}, was {was}", percent(settled(after[token]))), false),
            false => (before[token], format!("masked, was {was}"), true),
        };
        Bar { label: writer.spelled(token), value, shown: text, muted }
    };
    View::Bars {
        label: "Likely tokens; the pale ones are masked".into(),
        bars: shown.iter().map(bar).collect(),
        max: 1.0,
    }
}
