//! The six tasks of the switchboard: text in, an answer and the counts behind it out.

use std::ops::Range;

use demo::format::{number, percent};
use demo::{Bar, Cell, DemoError, View};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::Entity;
use what_llms_are_for::town::{MOODS, Models};
use what_llms_are_for::{
    Answers, Asked, Buddy, Candidate, lower_words, sentences, summarize, translate, words,
};

use super::{QUESTION, SHOWN, TEXT};

/// What a task makes of the text: its answer in a line, and the counts behind it.
pub struct Done {
    /// Its name.
    pub task: &'static str,
    /// The answer.
    pub answer: String,
    /// The counts, if they can be shown.
    pub view: Option<View>,
}

impl Done {
    /// Task and answer in a sentence.
    pub fn line(&self) -> String {
        format!("{}: {}.", self.task, short(&self.answer, 150).trim_end_matches('.'))
    }
}

/// So many characters, so that a row stays a row.
fn short(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A table with these columns.
pub fn table<const N: usize>(label: &str, columns: [&str; N], rows: Vec<Vec<Cell>>) -> View {
    View::Table { label: label.into(), columns: columns.map(Into::into).into(), rows }
}

pub fn sentiment(answers: &Answers, models: &Models, text: &str) -> Done {
    let good =
        |text: &str| (answers.classify)(&models.classes, text).get(1).copied().unwrap_or(0.0);
    let bar =
        |label: String, value: f64| Bar { label, value, shown: percent(value), muted: value < 0.5 };
    let p = good(text);
    let mood = if p > 0.5 { MOODS[1] } else { MOODS[0] };
    let of_sentence = |s: Range<usize>| bar(short(&text[s.clone()], 60), good(&text[s]));
    let mut bars = vec![bar("the whole text".into(), p)];
    bars.extend(sentences(text).into_iter().take(SHOWN).map(of_sentence));
    let label = "How probable it is that this is good".to_owned();
    let answer = format!("{mood}, with probability {}", percent(p.max(1.0 - p)));
    Done { task: "Sentiment", answer, view: Some(View::Bars { label, bars, max: 1.0 }) }
}

pub fn names(answers: &Answers, models: &Models, text: &str) -> Done {
    let mut names = (answers.tag_entities)(&models.tags, text);
    names.truncate(SHOWN);
    let shown = |name: &Entity| text.get(name.start..name.end).unwrap_or("?").to_owned();
    let listed = names.iter().map(|name| format!("{} ({})", shown(name), name.kind.name()));
    let listed = listed.collect::<Vec<_>>().join(", ");
    let answer = if listed.is_empty() { "no names".to_owned() } else { listed };
    let row = |name: &Entity| {
        let start = Cell::Number(name.start.to_string());
        vec![shown(name).into(), name.kind.name().into(), start]
    };
    let rows = names.iter().map(row).collect();
    let view = table("The names, in order", ["Name", "Kind", "At byte"], rows);
    Done { task: "Named entities", answer, view: Some(view) }
}

pub fn answered(
    answers: &Answers,
    models: &Models,
    text: &str,
    question: &str,
) -> Result<Done, DemoError> {
    if words(question).is_empty() {
        return Err(DemoError::input(QUESTION.name, "There is no question yet: ask one."));
    }
    let candidates = models.answers.candidates(text);
    let answer = (answers.answer)(&models.idf, text, &candidates, question);
    let found = |c: &Candidate| text.get(c.start..c.end).unwrap_or("?").to_owned();
    let answer = answer.map_or("no answer".to_owned(), |c| found(&c));
    let mut asked = lower_words(question);
    asked.sort_unstable();
    asked.dedup();
    let row = |s: Range<usize>| {
        let words = lower_words(&text[s.clone()]);
        let shared = asked.iter().filter(|word| words.contains(word));
        let score: f64 = shared.map(|word| models.idf.of(word)).sum();
        let fits = |c: &&Candidate| {
            s.start <= c.start && c.end <= s.end && Asked::of(question).is_none_or(|a| c.asked == a)
        };
        let fitting: Vec<String> = candidates.iter().filter(fits).map(found).collect();
        let score = Cell::Number(number(score));
        vec![short(&text[s], 80).into(), score, fitting.join(", ").into()]
    };
    let rows = sentences(text).into_iter().take(SHOWN).map(row).collect();
    let columns = ["Sentence", "Overlap", "Candidates"];
    Ok(Done {
        task: "Question answering",
        answer: format!("{} {answer}", short(question, 80)),
        view: Some(table("How much each sentence shares with the question", columns, rows)),
    })
}

pub fn continued(buddy: &Buddy, text: &str, seed: u64) -> Result<Done, DemoError> {
    let text = text.trim_end();
    // The model looks back over a few tokens only.
    let start = text.floor_char_boundary(text.len().saturating_sub(200));
    let written = buddy.continued(&text[start..], 40, &mut StdRng::seed_from_u64(seed))?;
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Done { task: "Generation", answer: format!("… {written} …"), view: None })
}

pub fn translated(models: &Models, text: &str) -> Done {
    let first = sentences(text).into_iter().next().unwrap_or(0..text.len());
    let source: Vec<String> = lower_words(&text[first]).into_iter().take(SHOWN).collect();
    let target = translate(&models.table, &source);
    let row = |(e, f): (&String, &String)| {
        let t = models.table.get(e).and_then(|row| row.get(f));
        let t = Cell::Number(t.map_or("new".into(), |&t| percent(t)));
        vec![e.as_str().into(), f.as_str().into(), t]
    };
    let rows = source.iter().zip(&target).map(row).collect();
    Done {
        task: "Translation",
        answer: format!("{} (the first sentence)", target.join(" ")),
        view: Some(table("Word by word", ["English", "Tinytongue", "t(f | e)"], rows)),
    }
}

pub fn summarized(text: &str) -> Result<Done, DemoError> {
    let take = |n: usize| -> Result<String, DemoError> {
        let summary = summarize(text, n);
        Ok(summary.map_err(|e| DemoError::input(TEXT.name, e.to_string()))?.join(" "))
    };
    let row = |n: usize| Ok(vec![n.to_string().into(), short(&take(n)?, 400).into()]);
    let rows = (1..=3).map(row).collect::<Result<_, DemoError>>()?;
    Ok(Done {
        task: "Summarization",
        answer: short(&take(1)?, 300),
        view: Some(table("Summaries of your text", ["Sentences", "Summary"], rows)),
    })
}
