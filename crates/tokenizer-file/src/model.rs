//! How a word becomes tokens: the three ways of step 1, with its own code.

use std::collections::HashMap;

use other_tokenizers::solution::{unigram_lattice, unigram_viterbi, wordpiece};
use other_tokenizers::{CONTINUATION, Edge, Unigram, WordPiece};
use tokenization::Pair;
use tokenization::solution::merge_pair;

use crate::TokenizerError;
use crate::error::Short;
use crate::json::At;
use crate::pre_tokenizer::letter;

/// Tokens and their ids, one each.
#[derive(Clone, Debug, Default)]
pub struct Vocab {
    ids: HashMap<String, u32>,
    tokens: HashMap<u32, String>,
}

impl Vocab {
    /// # Errors
    /// Why the token cannot have the id.
    pub fn insert(&mut self, token: &str, id: u32) -> Result<(), String> {
        if let Some(other) = self.ids.get(token) {
            return Err(format!("“{}” is there already, with the id {other}", Short(token)));
        }
        if let Some(other) = self.tokens.get(&id) {
            return Err(format!("the id {id} is that of “{}” already", Short(other)));
        }
        self.ids.insert(token.to_owned(), id);
        self.tokens.insert(id, token.to_owned());
        Ok(())
    }

    pub fn id(&self, token: &str) -> Option<u32> {
        self.ids.get(token).copied()
    }

    pub fn token(&self, id: u32) -> Option<&str> {
        self.tokens.get(&id).map(String::as_str)
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Reads an object of tokens and their ids.
    pub fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        let mut vocab = Self::default();
        for entry in at.entries()? {
            let its = at.entry(entry);
            vocab.insert(&entry.0, its.whole()?).or_else(|why| its.wrong(why))?;
        }
        Ok(vocab)
    }
}

#[derive(Clone, Debug)]
pub enum Model {
    Bpe(Bpe),
    WordPiece { pieces: WordPiece, unk: u32 },
    Unigram { pieces: Unigram, unk: u32, unk_piece: String },
}

/// Merges as a file has them: of any tokens, and several may make the same one. Step 1's `Bpe`
/// numbers its tokens by their merges; here they have the ids of the file.
#[derive(Clone, Debug)]
pub struct Bpe {
    /// The rank of each merge, and the token that it makes.
    merges: HashMap<Pair, (u32, u32)>,
    /// Whether a token is used only by merges behind those that make it.
    is_in_order: bool,
    /// The token of each byte.
    bytes: HashMap<char, u32>,
    /// Whether a word that is a token needs no merges.
    takes_whole_words: bool,
}

/// Words of more characters are not cut by WordPiece; published models have 100.
const MOST_CHARS: u32 = 1000;

/// The longest piece of a unigram model, in bytes.
const LONGEST_PIECE: usize = 1024;

/// The largest log-probability, up or down: published models go to about −20.
const LARGEST: f64 = 1e9;

impl Model {
    pub fn read(at: &At<'_>) -> Result<(Self, Vocab), TokenizerError> {
        let kind = match at.get("type")? {
            Some(kind) => kind.text()?,
            // Old files do not say it.
            None if at.get("merges")?.is_some() => "BPE",
            None if at.get("unk_id")?.is_some() => "Unigram",
            None if at.get("max_input_chars_per_word")?.is_some() => "WordPiece",
            None => return at.wrong("its type is missing"),
        };
        match kind {
            "BPE" => Bpe::read(at),
            "WordPiece" => Self::wordpiece(at),
            "Unigram" => Self::unigram(at),
            other => at.unsupported(other, "BPE, WordPiece and Unigram"),
        }
    }

    fn wordpiece(at: &At<'_>) -> Result<(Self, Vocab), TokenizerError> {
        at.only(&[
            "type",
            "unk_token",
            "continuing_subword_prefix",
            "max_input_chars_per_word",
            "vocab",
        ])?;
        if let Some(prefix) = at.get("continuing_subword_prefix")?
            && prefix.text()? != CONTINUATION
        {
            return prefix.unsupported(prefix.text()?, "only “##”");
        }
        let max_chars = match at.get("max_input_chars_per_word")? {
            Some(most) if most.whole()? > MOST_CHARS => {
                return most
                    .wrong(format!("it is {}; at most {MOST_CHARS} are supported", most.whole()?));
            }
            Some(most) => most.whole()?,
            None => 100,
        };
        let its = at.need("vocab")?;
        let vocab = Vocab::read(&its)?;
        let unk_token = at.get("unk_token")?.map_or(Ok(WordPiece::UNK), |its| its.text())?;
        Self::of_words(&vocab, unk_token, max_chars as usize)
            .map(|model| (model, vocab))
            .or_else(|why| its.wrong(why))
    }

    /// # Errors
    /// What is wrong with the vocabulary.
    pub fn of_words(vocab: &Vocab, unk_token: &str, max_chars: usize) -> Result<Self, String> {
        let Some(unk) = vocab.id(unk_token) else {
            return Err(format!("it has no {unk_token}, the token of what is unknown"));
        };
        let pieces =
            WordPiece::new(vocab.ids.keys().cloned()).map_err(|error| error.to_string())?;
        Ok(Self::WordPiece { pieces: pieces.with_max_chars(max_chars), unk })
    }

    fn unigram(at: &At<'_>) -> Result<(Self, Vocab), TokenizerError> {
        at.only(&["type", "unk_id", "vocab", "byte_fallback"])?;
        if at.flag("byte_fallback", false)? {
            return at.need("byte_fallback")?.wrong("only false is supported");
        }
        let its = at.need("vocab")?;
        let mut vocab = Vocab::default();
        let mut pieces = Vec::new();
        for (id, item) in (0..).zip(its.items()?) {
            let pair = item.items()?;
            let [piece, log_prob] = pair.as_slice() else {
                return item.wrong("it must be a piece and its log-probability");
            };
            let (piece, log_prob) = (piece.text()?, log_prob.number()?);
            // NaN is in no range.
            if !(-LARGEST..=LARGEST).contains(&log_prob) {
                return item.wrong(format!("{log_prob} is no log-probability"));
            }
            if piece.len() > LONGEST_PIECE {
                return item.wrong(format!("a piece has at most {LONGEST_PIECE} bytes"));
            }
            vocab.insert(piece, id).or_else(|why| item.wrong(why))?;
            pieces.push((piece, log_prob));
        }
        let unk = at.need("unk_id")?;
        let Some(unk_piece) = vocab.token(unk.whole()?).map(str::to_owned) else {
            return unk.wrong(format!("it is {}, and no piece has that id", unk.whole()?));
        };
        match Unigram::new(pieces) {
            Ok(pieces) => Ok((Self::Unigram { pieces, unk: unk.whole()?, unk_piece }, vocab)),
            Err(error) => its.wrong(error.to_string()),
        }
    }

    /// The ids of a word that is not empty.
    pub fn cut(&self, vocab: &Vocab, word: &str, ids: &mut Vec<u32>) -> Result<(), TokenizerError> {
        match self {
            Self::Bpe(bpe) => bpe.cut(vocab, word, ids),
            Self::WordPiece { pieces, unk } => {
                let tokens = wordpiece(pieces, word);
                let is_unknown = tokens == [WordPiece::UNK] && word != WordPiece::UNK;
                ids.extend(tokens.iter().map(|token| match is_unknown {
                    true => *unk,
                    false => vocab.id(token).unwrap_or(*unk),
                }));
            }
            Self::Unigram { pieces, unk, unk_piece } => {
                let failed = |error| TokenizerError::Text(format!("“{}”: {error}", Short(word)));
                let lattice = unigram_lattice(pieces, word).map_err(failed)?;
                let path = unigram_viterbi(&lattice).map_err(failed)?;
                // A text that spells the unknown piece is unknown, too.
                let unspelled = path.into_iter().map(|edge| Edge {
                    known: edge.known && word.get(edge.start..edge.end) != Some(unk_piece),
                    ..edge
                });
                let path: Vec<Edge> = unspelled.collect();
                let tokens = other_tokenizers::tokens(word, &path);
                ids.extend(tokens.iter().map(|token| vocab.id(token).unwrap_or(*unk)));
            }
        }
        Ok(())
    }
}

impl Bpe {
    fn read(at: &At<'_>) -> Result<(Model, Vocab), TokenizerError> {
        at.only(&[
            "type",
            "dropout",
            "unk_token",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "fuse_unk",
            "byte_fallback",
            "ignore_merges",
            "vocab",
            "merges",
        ])?;
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let Some(its) = at.get(name)?
                && !its.text()?.is_empty()
            {
                return its.unsupported(its.text()?, "only files without it");
            }
        }
        if let Some(dropout) = at.get("dropout")?
            && dropout.number()? != 0.0
        {
            return dropout.wrong("it leaves out merges by chance, which is for training only");
        }
        // What concerns unknown characters: there are none where all bytes have tokens.
        at.get("unk_token")?.map(|its| its.text()).transpose()?;
        at.flag("fuse_unk", false)?;
        at.flag("byte_fallback", false)?;
        let its = at.need("vocab")?;
        let vocab = Vocab::read(&its)?;
        let merges = at.need("merges")?;
        let mut pairs = Vec::new();
        for item in merges.items()? {
            // Older files have "a b", newer ones ["a", "b"].
            let pair = match item.is_list() {
                true => item.items()?.iter().map(At::text).collect::<Result<Vec<_>, _>>()?,
                false => item.text()?.split(' ').collect(),
            };
            let [left, right] = pair[..] else {
                return item.wrong("it must name two tokens");
            };
            pairs.push((item, left, right));
        }
        let mut bpe = Self::of_bytes(&vocab).or_else(|why| its.wrong(why))?;
        bpe.takes_whole_words = at.flag("ignore_merges", false)?;
        for (item, left, right) in &pairs {
            bpe.push(&vocab, left, right).or_else(|why| item.wrong(why))?;
        }
        bpe.put_in_order();
        Ok((Model::Bpe(bpe), vocab))
    }

    /// Without merges.
    ///
    /// # Errors
    /// Says what byte has no token.
    pub fn of_bytes(vocab: &Vocab) -> Result<Self, String> {
        let mut bytes = HashMap::new();
        for byte in 0..=255 {
            let letter = letter(byte);
            match vocab.id(letter.encode_utf8(&mut [0; 4])) {
                Some(id) => bytes.insert(letter, id),
                None => return Err(format!("it has no token “{letter}”, for the byte {byte}")),
            };
        }
        Ok(Self { merges: HashMap::new(), is_in_order: true, bytes, takes_whole_words: false })
    }

    /// The next merge.
    ///
    /// # Errors
    /// Why it is none.
    pub fn push(&mut self, vocab: &Vocab, left: &str, right: &str) -> Result<(), String> {
        let both = format!("{left}{right}");
        let id = |token: &str| {
            let missing = || format!("it needs the token “{}”, which is not there", Short(token));
            vocab.id(token).ok_or_else(missing)
        };
        let rank = self.merges.len() as u32;
        if left.is_empty() || right.is_empty() {
            return Err("it must name two tokens".into());
        }
        match self.merges.insert((id(left)?, id(right)?), (rank, id(&both)?)) {
            None => Ok(()),
            Some(_) => Err(format!("“{} {}” is there twice", Short(left), Short(right))),
        }
    }

    /// To be called behind the last merge.
    pub fn put_in_order(&mut self) {
        let mut made: HashMap<u32, u32> = HashMap::new();
        for &(rank, id) in self.merges.values() {
            let last = made.entry(id).or_default();
            *last = rank.max(*last);
        }
        let is_made_before = |token: &u32, rank| made.get(token).is_none_or(|made| *made < rank);
        self.is_in_order = self.merges.iter().all(|((left, right), &(rank, _))| {
            is_made_before(left, rank) && is_made_before(right, rank)
        });
    }

    fn cut(&self, vocab: &Vocab, word: &str, ids: &mut Vec<u32>) {
        if self.takes_whole_words
            && let Some(id) = vocab.id(word)
        {
            return ids.push(id);
        }
        let mut tokens: Vec<u32> =
            word.chars().filter_map(|letter| self.bytes.get(&letter).copied()).collect();
        while let Some((at, pair, id)) = self.first_learned(&tokens) {
            if self.is_in_order {
                tokens = merge_pair(&tokens, pair, id);
            } else {
                // What this makes may have to be merged before the pair's next place is.
                tokens[at] = id;
                tokens.remove(at + 1);
            }
        }
        ids.extend(tokens);
    }

    /// Of the merges that these tokens have, the one of the lowest rank: its first place, its pair,
    /// and what it makes.
    fn first_learned(&self, tokens: &[u32]) -> Option<(usize, Pair, u32)> {
        let pairs = tokens.windows(2).map(|pair| (pair[0], pair[1])).enumerate();
        let merges = pairs.filter_map(|(at, pair)| {
            let (rank, id) = self.merges.get(&pair)?;
            Some((rank, at, pair, *id))
        });
        merges.min().map(|(_, at, pair, id)| (at, pair, id))
    }
}
