//! Buddy fine-tuned on six tasks at once: how each is written as text, and how the answers are read.

use std::path::PathBuf;

use anyhow::Result;
use pocket_buddy::{PocketBuddy, Writing};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::{Entity, EntityKind, Mood, Tagged, World};

use crate::Kept;

/// What is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// In which mood is it?
    Mood,
    /// Which names has it?
    Names,
    /// A question that it answers.
    Question,
    /// What is it in Tinytongue?
    Translation,
    /// What happens in it, in one sentence?
    Summary,
    /// Nothing: a story is told.
    Story,
}

/// So many of each among every 24 examples that a model is tuned on.
const SHARES: [(Ask, usize); 6] = [
    (Ask::Mood, 4),
    (Ask::Names, 5),
    (Ask::Question, 6),
    (Ask::Translation, 6),
    (Ask::Summary, 2),
    (Ask::Story, 1),
];

/// An answer has at most so many tokens.
const ANSWER: usize = 100;

/// Of a story so many bytes at most are told, which are fewer tokens than the model has room for.
const STORY: usize = 260;

/// A text to be answered, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is asked.
    pub ask: Ask,
    /// With the question before it, if there is one. Of a story, what comes before the rest of it.
    pub text: String,
    /// What is right.
    pub answer: String,
}

impl Ask {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Mood, Self::Names, Self::Question, Self::Translation, Self::Summary, Self::Story];

    /// What stands before the text.
    fn cue(self) -> &'static str {
        match self {
            Self::Mood => "Mood: ",
            Self::Names => "Names: ",
            Self::Question => "Question: ",
            Self::Translation => "Translate: ",
            Self::Summary => "Summarize: ",
            Self::Story => "",
        }
    }

    /// Examples without end.
    pub fn examples(self, town: &World, stream: u64) -> Box<dyn Iterator<Item = Asked> + '_> {
        let asked = move |text: String, answer: String| Asked { ask: self, text, answer };
        match self {
            Self::Mood => Box::new(
                town.sentiments(stream)
                    .map(move |example| asked(example.text, mood(example.mood).to_owned())),
            ),
            Self::Names => Box::new(town.tagged(stream).map(move |example| {
                let answer = names(&example);
                asked(example.text, answer)
            })),
            Self::Question => Box::new(town.questions(stream).map(move |example| {
                asked(format!("{} {}", example.question, example.context), example.answer)
            })),
            Self::Translation => Box::new(
                town.translations(stream)
                    .map(move |example| asked(example.english, example.tinytongue)),
            ),
            Self::Summary => Box::new(
                town.summaries(stream).map(move |example| asked(example.text, example.summary)),
            ),
            Self::Story => Box::new(town.stories(stream).map(move |story| {
                let (first, rest) = last_sentences(&story.text).split_once(' ').unwrap_or_default();
                asked(first.to_owned(), rest.to_owned())
            })),
        }
    }

    /// Tokens that are left for the answer to a text that may be too long for the model.
    fn room(self) -> usize {
        match self {
            Self::Question => 12,
            Self::Summary => 40,
            Self::Mood | Self::Names | Self::Translation | Self::Story => 0,
        }
    }

    /// What comes before the answer: what is asked, the text, a line feed. Of a text that is too long
    /// for model and answer the last words are left out.
    ///
    /// # Errors
    /// If the text cannot be written in tokens.
    pub fn prompt(self, text: &str, buddy: &PocketBuddy) -> Result<String> {
        if self == Self::Story {
            return Ok(text.to_owned());
        }
        let prompt = format!("{}{text}", self.cue());
        let ids = buddy.encode(&prompt)?;
        // The end of the text before is a token, too, and so is the line feed.
        let most = buddy.context(None).saturating_sub(self.room() + 2);
        let mut end = prompt.len();
        if ids.len() > most {
            // A word is cut into tokens by itself, so what stands before it keeps its own.
            end = buddy.decode(&ids[..most])?.len().min(end);
            while end > 0 && !prompt.as_bytes()[end..].starts_with(b" ") {
                end -= 1;
            }
        }
        Ok(format!("{}\n", &prompt[..end]))
    }

    /// The token at which a text begins, and those of [`Self::prompt`].
    ///
    /// # Errors
    /// As [`Self::prompt`].
    fn prompt_ids(self, text: &str, buddy: &PocketBuddy) -> Result<Vec<u32>> {
        Ok([vec![buddy.end], buddy.encode(&self.prompt(text, buddy)?)?].concat())
    }
}

/// The end of a story, about as much as the model has room for, from the beginning of a sentence on.
fn last_sentences(story: &str) -> &str {
    let mut from = 0;
    for (dot, _) in story.match_indices(". ") {
        let next = dot + 2;
        let is_sentence = story[next..].starts_with(char::is_uppercase);
        if is_sentence && story[from..].len() > STORY {
            from = next;
        }
    }
    &story[from..]
}

/// Examples of all tasks in turn, without end.
pub fn mixture(town: &World, stream: u64) -> impl Iterator<Item = Asked> + '_ {
    let mut examples: Vec<_> =
        SHARES.map(|(ask, share)| (ask.examples(town, stream), share)).into();
    let mut i = 0..;
    std::iter::from_fn(move || {
        let all: usize = SHARES.iter().map(|(_, share)| share).sum();
        // 7 and 24 have no divisor in common, so that the tasks take turns.
        let mut at = i.next().unwrap_or(0) * 7 % all;
        for (examples, share) in &mut examples {
            match at.checked_sub(*share) {
                None => return examples.next(),
                Some(left) => at = left,
            }
        }
        None
    })
}

impl Asked {
    /// What comes before the answer, and the answer, with the space that words within a text have
    /// before them, and so have their tokens.
    ///
    /// # Errors
    /// As [`Ask::prompt`].
    pub fn texts(&self, buddy: &PocketBuddy) -> Result<[String; 2]> {
        Ok([self.ask.prompt(&self.text, buddy)?, format!(" {}", self.answer)])
    }
}

/// A mood in a word.
pub fn mood(mood: Mood) -> &'static str {
    match mood {
        Mood::Good => "good",
        Mood::Bad => "bad",
    }
}

const NONE: &str = "none";
const KINDS: [(EntityKind, char); 3] =
    [(EntityKind::Person, 'P'), (EntityKind::Place, 'L'), (EntityKind::Thing, 'T')];

/// The names of a text in order, with the letters of their kinds: `Rose=P, Rose Lane=L`.
fn names(tagged: &Tagged) -> String {
    let letter =
        |kind| KINDS.iter().find(|(own, _)| *own == kind).map_or('?', |(_, letter)| *letter);
    let names = tagged.entities.iter().map(|entity| {
        format!("{}={}", &tagged.text[entity.start..entity.end], letter(entity.kind))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { NONE.to_owned() } else { names.join(", ") }
}

/// The names that an answer says, each where it stands first in the text behind the one before. What
/// does not stand in the text is left out.
pub fn read_names(answer: &str, text: &str) -> Vec<Entity> {
    let mut from = 0;
    let entity = |said: &str| {
        let (name, letter) = said.trim().rsplit_once('=')?;
        let (kind, _) = KINDS.iter().find(|(_, own)| letter.chars().eq([*own]))?;
        let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let whole = |&(at, _): &(usize, &str)| {
            let [before, behind] = [at.checked_sub(1), Some(at + name.len())];
            !is_part(before.and_then(|at| text.as_bytes().get(at)))
                && !is_part(behind.and_then(|at| text.as_bytes().get(at)))
        };
        let (at, _) = text.match_indices(name).filter(|(at, _)| *at >= from).find(whole)?;
        if name.is_empty() {
            return None;
        }
        from = at + name.len();
        Some(Entity { start: at, end: from, kind: *kind })
    };
    answer.split(',').filter_map(entity).collect()
}

/// The Buddy that answers.
#[derive(Clone, Debug)]
pub struct TunedBuddy(pub PocketBuddy);

/// Where the one is that is kept with the book.
pub fn folder() -> PathBuf {
    Kept::Decoder.folder().with_file_name("tuned-buddy")
}

impl TunedBuddy {
    /// The one that is kept with the book.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn kept() -> Result<Self> {
        Ok(Self(PocketBuddy::open(&folder())?))
    }

    /// The answer, by the likeliest token each time.
    ///
    /// # Errors
    /// If the text has what the model cannot read.
    pub fn answer(&self, ask: Ask, text: &str) -> Result<String> {
        let prompt = ask.prompt_ids(text, &self.0)?;
        let writing = Writing::greedy(ANSWER, self.0.end);
        // Nothing is drawn at temperature 0.
        let mut rng = StdRng::seed_from_u64(0);
        let new = self.0.generate(&prompt, &writing, &mut rng, None, &mut |_| true)?;
        Ok(self.0.decode(&new)?.trim().to_owned())
    }

    /// The answers to many texts, on so many threads.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub fn answers(&self, ask: Ask, texts: &[String], threads: usize) -> Result<Vec<String>> {
        let answers = |texts: &[String]| -> Result<Vec<String>> {
            texts.iter().map(|text| self.answer(ask, text)).collect()
        };
        let share = texts.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> =
                texts.chunks(share).map(|texts| scope.spawn(|| answers(texts))).collect();
            let mut all = Vec::new();
            for part in parts {
                let part = part.join().map_err(|_| anyhow::anyhow!("a thread failed"))?;
                all.extend(part?);
            }
            Ok(all)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All but the few that stand in the text before, too, where they are no names: *Grace and
    /// patience are what Grace needs*.
    #[test]
    fn names_come_back_as_they_were_written() {
        let town = World::new(crate::WORLD);
        let (mut right, mut all) = (0, 0);
        for tagged in town.tagged(crate::VALIDATION).take(500) {
            let found = read_names(&names(&tagged), &tagged.text);
            assert_eq!(found.len(), tagged.entities.len(), "{}", tagged.text);
            right += found.iter().filter(|name| tagged.entities.contains(name)).count();
            all += found.len();
        }
        assert!(right * 100 > all * 98, "{right} of {all}");
        let text = "Rosewood: Rose met Rose.";
        let found = read_names("Rose=P, Ada=P, Rose=T, Rose=P, =P, Rose", text);
        let found: Vec<_> = found.iter().map(|name| (name.start, name.kind)).collect();
        assert_eq!(found, [(10, EntityKind::Person), (19, EntityKind::Thing)]);
        assert_eq!(read_names(NONE, text), []);
    }

    #[test]
    fn a_text_that_is_too_long_loses_whole_words_at_its_end() {
        let (town, buddy) = (World::new(crate::WORLD), PocketBuddy::kept().unwrap());
        for ask in Ask::ALL {
            let mut cut = 0;
            for asked in ask.examples(&town, crate::VALIDATION).take(40) {
                let [prompt, _] = asked.texts(&buddy).unwrap();
                let tokens = 1 + buddy.encode(&prompt).unwrap().len();
                let context = buddy.context(None) - ask.room();
                assert!(tokens <= context, "{prompt}");
                let left = prompt.trim_end_matches('\n').strip_prefix(ask.cue()).unwrap();
                let lost = asked.text.strip_prefix(left).unwrap();
                if !lost.is_empty() {
                    cut += 1;
                    assert!(lost.starts_with(' '), "{lost}");
                    let word = lost[1..].split(' ').next().unwrap();
                    let more = format!("{}{left} {word}\n", ask.cue());
                    assert!(1 + buddy.encode(&more).unwrap().len() > context, "{more}");
                }
            }
            assert_eq!(cut > 0, matches!(ask, Ask::Question | Ask::Summary), "{ask:?}: {cut}");
        }
    }

    #[test]
    fn the_tasks_take_turns_by_their_shares() {
        let town = World::new(crate::WORLD);
        let asks: Vec<Ask> =
            mixture(&town, crate::TRAINING).take(48).map(|asked| asked.ask).collect();
        for (ask, share) in SHARES {
            assert_eq!(asks.iter().filter(|other| **other == ask).count(), 2 * share, "{ask:?}");
        }
    }
}
