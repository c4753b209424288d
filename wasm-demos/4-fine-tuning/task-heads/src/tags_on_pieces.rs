//! Tags of words become labels of Buddy's pieces.

use demo::control::{Choice, Slider, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use pocket_buddy::read_tokenizer;
use task_heads::{Answers, Bio, Following, IGNORE};
use tinytown::{EntityKind, Tagged, World};
use tokenization::Bpe;
use tokenization::solution::{decode, encode};

const SAMPLE: Slider = Slider::new("sample", "Text number", 30.0, [1.0, 30.0], 1.0);
const FOLLOWING: Choice = Choice::new(
    "following",
    "Further pieces of a word",
    &[("ignored", "are not asked, −100"), ("inside", "get the I of their kind")],
);

const TOKENIZER: &str = "buddy/tokenizer.json";
/// Only short texts, in bytes: their pieces fill a table.
const LONGEST: usize = 60;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "tags-on-pieces",
        title: "Tags of words, labels of pieces",
        lesson: "task-heads",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![SAMPLE.control(), FOLLOWING.control()],
        run: demo::run(move |cx| run(cx, answers)).with_assets(&[TOKENIZER]),
    }
}

/// Words and signs: where they begin and end, in bytes.
pub fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let goes_on = |&(from, to): &(usize, usize)| {
            to == at && text[from..to].chars().all(|c: char| c.is_ascii_alphanumeric())
        };
        match words.last_mut() {
            Some(word) if c.is_ascii_alphanumeric() && goes_on(word) => word.1 = end,
            _ if c.is_ascii_whitespace() => {}
            _ => words.push((at, end)),
        }
    }
    words
}

/// A tag for each word.
pub fn tags(tagged: &Tagged, words: &[(usize, usize)]) -> Vec<Bio> {
    let tag = |&(start, _): &(usize, usize)| {
        let inside = |name: &&tinytown::Entity| (name.start..name.end).contains(&start);
        tagged.entities.iter().find(inside).map_or(Bio::O, |name| {
            let kind = EntityKind::ALL.iter().position(|kind| *kind == name.kind).unwrap_or(0);
            if name.start == start { Bio::B(kind) } else { Bio::I(kind) }
        })
    };
    words.iter().map(tag).collect()
}

/// The pieces of a text, and of each the word in which its first letter stands. Before them stands
/// the token that begins a text.
pub fn pieces(
    bpe: &Bpe,
    text: &str,
    words: &[(usize, usize)],
) -> Result<(Vec<String>, Vec<Option<usize>>), DemoError> {
    let (mut pieces, mut word_ids) = (vec!["<|endoftext|>".to_owned()], vec![None]);
    let mut at = 0;
    for id in encode(bpe, text) {
        let piece = decode(bpe, &[id])?;
        let first = at + piece.len() - piece.trim_start().len();
        word_ids.push(words.iter().position(|(start, end)| (*start..*end).contains(&first)));
        at += piece.len();
        pieces.push(piece);
    }
    Ok((pieces, word_ids))
}

/// A tag as it is written.
pub fn written(tag: Bio) -> String {
    let kind = |kind: usize| EntityKind::ALL.get(kind).map_or("?", |kind| kind.name());
    match tag {
        Bio::O => "O".into(),
        Bio::B(of) => format!("B-{}", kind(of)),
        Bio::I(of) => format!("I-{}", kind(of)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let sample = cx.get(&SAMPLE)? as usize;
    let following = match cx.get(&FOLLOWING)? {
        "inside" => Following::Inside,
        _ => Following::Ignored,
    };
    let bpe = read_tokenizer(&cx.asset(TOKENIZER).await?)?;
    let world = World::new(crate::WORLD);
    let short = |tagged: &Tagged| tagged.text.len() <= LONGEST;
    let Some(tagged) = world.tagged(2).filter(short).nth(sample - 1) else { return Ok(()) };
    let words = words(&tagged.text);
    let tags = tags(&tagged, &words);
    let (pieces, word_ids) = pieces(&bpe, &tagged.text, &words)?;
    let labels = (answers.align_labels)(&tags, &word_ids, following)?;
    let names = (answers.spans_from_bio)(&tags);

    let row = |((piece, word), &label): ((&String, &Option<usize>), &i64)| -> Vec<Cell> {
        let word = word.map(|word| &tagged.text[words[word].0..words[word].1]);
        let says = match label {
            IGNORE => "not asked".into(),
            label => written(Bio::of_class(label.max(0) as usize)),
        };
        let label = label.to_string().replace('-', "−");
        vec![
            piece.replace(' ', "␣").into(),
            word.unwrap_or("none").into(),
            Cell::Number(label),
            says.into(),
        ]
    };
    let rows = pieces.iter().zip(&word_ids).zip(&labels).map(row).collect();
    let asked = labels.iter().filter(|label| **label >= 0).count();
    let name = |name: &task_heads::Name| {
        let text = &tagged.text[words[name.start].0..words[name.end - 1].1];
        format!("{text} ({})", EntityKind::ALL.get(name.kind).map_or("?", |kind| kind.name()))
    };
    let names: Vec<String> = names.iter().map(name).collect();
    let summary = format!(
        "{} in {}, of which {asked} are asked.",
        counted(words.len(), "word"),
        counted(pieces.len(), "piece")
    );
    cx.show(
        summary,
        &[
            View::Prose(vec![tagged.text.clone(), format!("Names: {}.", names.join(", "))]),
            View::Table {
                label: "Pieces; ␣ is a space".into(),
                columns: ["Piece", "Word", "Label", "Says"].map(String::from).into(),
                rows,
            },
        ],
    );
    Ok(())
}
