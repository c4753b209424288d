// The six tasks of the switchboard: text in, an answer and the counts behind it out.

use std::ops::Range;

use demo::format::{number, percent};
use demo::{Bar, Cell, DemoError, View};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::Entity;
use what_llms_are_for::buddy::Buddy;
use what_llms_are_for::models::{Asked, Candidate};
use what_llms_are_for::town::{MOODS, Models};
use what_llms_are_for::words::{lower_words, sentences, words};

use super::{QUESTION, SHOWN, TEXT, subject};

/// What a task makes of the text: its answer in a line, and the counts behind it.
pub struct Done {
    pub task: &'static str,
    pub answer: String,
    pub views: Vec<View>,
}

/// So many characters, so that a row stays a row.
pub fn short(text: &str, chars: usize) -> String {
    let mut short: String = text.chars().take(chars).collect();
    if text.chars().nth(chars).is_some() {
        short.push('…');
    }
    short
}

pub fn sentiment(models: &Models, text: &str) -> Done {
    let good = |text: &str| subject::classify(&models.classes, text).get(1).copied().unwrap_or(0.0);
    let bar =
        |label: String, value: f64| Bar { label, value, shown: percent(value), muted: value < 0.5 };
    let p = good(text);
    let mood = if p > 0.5 { MOODS[1] } else { MOODS[0] };
    let mut bars = vec![bar("the whole text".into(), p)];
    bars.extend(
        sentences(text)
            .into_iter()
            .take(SHOWN)
            .map(|s| bar(short(&text[s.clone()], 60), good(&text[s]))),
    );
    let label = "How probable it is that this is good".to_owned();
    let answer = format!("{mood}, with probability {}", percent(p.max(1.0 - p)));
    Done { task: "Sentiment", answer, views: vec![View::Bars { label, bars, max: 1.0 }] }
}

pub fn names(models: &Models, text: &str) -> Done {
    let names = subject::tag_entities(&models.tags, text);
    let shown = |name: &Entity| text.get(name.start..name.end).unwrap_or("?").to_owned();
    let listed: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{} ({})", shown(name), name.kind.name()))
        .collect();
    let row = |name: &Entity| {
        let start = Cell::Number(name.start.to_string());
        vec![shown(name).into(), name.kind.name().into(), start]
    };
    let rows = names.iter().take(SHOWN).map(row).collect();
    let columns = vec!["Name".into(), "Kind".into(), "At byte".into()];
    let answer = if listed.is_empty() { "no names".to_owned() } else { listed.join(", ") };
    Done {
        task: "Named entities",
        answer,
        views: vec![View::Table { label: "The names, in order".into(), columns, rows }],
    }
}

pub fn answered(models: &Models, text: &str, question: &str) -> Result<Done, DemoError> {
    if words(question).is_empty() {
        return Err(DemoError::input(QUESTION.name, "There is no question yet: ask one."));
    }
    let candidates = models.answers.candidates(text);
    let answer = subject::answer(&models.rarity, text, &candidates, question);
    let found = |start, end| text.get(start..end).unwrap_or("?").to_owned();
    let answer = answer.map_or("no answer".to_owned(), |c| found(c.start, c.end));
    let asked = lower_words(question);
    let row = |s: Range<usize>| {
        let words = lower_words(&text[s.clone()]);
        let mut shared: Vec<&String> = asked.iter().filter(|w| words.contains(w)).collect();
        shared.sort_unstable();
        shared.dedup();
        let score: f64 = shared.iter().map(|word| models.rarity.of(word)).sum();
        let fits = |c: &&Candidate| {
            s.start <= c.start && c.end <= s.end && Asked::of(question).is_none_or(|a| c.asked == a)
        };
        let fitting: Vec<String> =
            candidates.iter().filter(fits).map(|c| found(c.start, c.end)).collect();
        let score = Cell::Number(number(score));
        vec![short(&text[s], 80).into(), score, fitting.join(", ").into()]
    };
    let rows = sentences(text).into_iter().take(SHOWN).map(row).collect();
    let columns = vec!["Sentence".into(), "Overlap".into(), "Candidates".into()];
    let label = "How much each sentence shares with the question".to_owned();
    Ok(Done {
        task: "Question answering",
        answer: format!("{} {answer}", short(question, 80)),
        views: vec![View::Table { label, columns, rows }],
    })
}

pub fn continued(buddy: &Buddy, text: &str, seed: u64) -> Result<Done, DemoError> {
    let text = text.trim_end();
    // The model looks back over a few tokens only.
    let start = text.floor_char_boundary(text.len().saturating_sub(200));
    let written = buddy.continued(&text[start..], 40, &mut StdRng::seed_from_u64(seed))?;
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Done { task: "Generation", answer: format!("… {written} …"), views: Vec::new() })
}

pub fn translated(models: &Models, text: &str) -> Done {
    let first = sentences(text).into_iter().next().unwrap_or(0..text.len());
    let source: Vec<String> = lower_words(&text[first]).into_iter().take(SHOWN).collect();
    let target = subject::translate(&models.table, &source);
    let row = |(e, f): (&String, &String)| {
        let t = models.table.get(e).and_then(|row| row.get(f));
        vec![
            e.as_str().into(),
            f.as_str().into(),
            Cell::Number(t.map_or("new".into(), |&t| percent(t))),
        ]
    };
    let rows = source.iter().zip(&target).map(row).collect();
    let columns = vec!["English".into(), "Tinytongue".into(), "t(f | e)".into()];
    Done {
        task: "Translation",
        answer: format!("{} (the first sentence)", target.join(" ")),
        views: vec![View::Table { label: "Word by word".into(), columns, rows }],
    }
}

pub fn summarized(text: &str) -> Result<Done, DemoError> {
    let take = |n: usize| -> Result<String, DemoError> {
        let summary = subject::summarize(text, n);
        Ok(summary.map_err(|e| DemoError::input(TEXT.name, e.to_string()))?.join(" "))
    };
    let rows = (1..=3)
        .map(|n| Ok(vec![n.to_string().into(), short(&take(n)?, 400).into()]))
        .collect::<Result<Vec<Vec<Cell>>, DemoError>>()?;
    let columns = vec!["Sentences".into(), "Summary".into()];
    Ok(Done {
        task: "Summarization",
        answer: short(&take(1)?, 300),
        views: vec![View::Table { label: "Summaries of your text".into(), columns, rows }],
    })
}
