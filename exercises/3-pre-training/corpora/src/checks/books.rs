//! Books in chunks.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::{Failure, Outcome, agree, differential, expect, expect_error_is, expect_same};

use crate::{Answers, Chunk, CorpusError, SOLUTION};

/// Books whose words and spaces are odd.
fn books() -> Vec<String> {
    [
        "It rained. Then the sun came out, and Mila went home.",
        "",
        "\n\n  Chapter 1\r\n\r\nOtto\u{a0}baked\u{3000}a cake \u{2028}for\ttea  \n",
        " \u{a0}\n",
        "привет из города 北京 日本語 e\u{301} 👩‍👩‍👧 ΌΣ İ",
        "one",
        "one two three four five six",
        "one two three four five six seven",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The text of a chunk.
fn text<'a>(books: &'a [String], chunk: &Chunk) -> Result<&'a str, Failure> {
    books.get(chunk.book).and_then(|book| book.get(chunk.range.clone())).ok_or_else(|| {
        Failure::wrong(format!(
            "{chunk:?} is no piece of a book: expected bytes inside one of {}, from the beginning of \
             a character to the beginning of another",
            counted(books.len(), "book")
        ))
    })
}

pub fn nothing_of_a_book_is_lost(answers: &Answers) -> Outcome {
    let books = books();
    for chunk in [1, 2, 3, 5, 7, 100, usize::MAX] {
        let got = (answers.bookcorpus_chunks)(&books, 0, chunk)?;
        let mut read = vec![String::new(); books.len()];
        let mut last = 0;
        for piece in &got {
            read[piece.book.min(books.len() - 1)].push_str(text(&books, piece)?);
            expect(piece.book >= last, || {
                format!(
                    "chunks of {chunk}: a chunk of book {} comes after one of book {last}",
                    piece.book
                )
            })?;
            last = piece.book;
        }
        for (at, (read, book)) in read.iter().zip(&books).enumerate() {
            let book = if book.trim().is_empty() { "" } else { book };
            let what = format!("chunks of {}: book {at}, joined again", counted(chunk, "word"));
            expect_same(&what, read.as_str(), book)?;
        }
    }
    Ok(())
}

pub fn chunks_have_their_words(answers: &Answers) -> Outcome {
    let books = books();
    for chunk in [1, 2, 3, 6, 7, 40] {
        let got = (answers.bookcorpus_chunks)(&books, 0, chunk)?;
        for (at, book) in books.iter().enumerate() {
            let all: Vec<&str> = book.split_whitespace().collect();
            let want: Vec<&[&str]> = all.chunks(chunk).collect();
            let of_book: Vec<&Chunk> = got.iter().filter(|piece| piece.book == at).collect();
            let what = format!("book {at}, {book:?}, in chunks of {}", counted(chunk, "word"));
            for (i, (piece, want)) in of_book.iter().zip(&want).enumerate() {
                let piece = text(&books, piece)?;
                let words: Vec<&str> = piece.split_whitespace().collect();
                expect_same(&format!("{what}: words of chunk {i}"), words.as_slice(), *want)?;
                // White space belongs to the word before it.
                expect(i == 0 || !piece.starts_with(char::is_whitespace), || {
                    format!("{what}: chunk {i} begins with white space: {piece:?}")
                })?;
            }
            expect_same(&format!("{what}: how many chunks"), &of_book.len(), &want.len())?;
        }
    }
    let refused = (answers.bookcorpus_chunks)(&books, 0, 0);
    expect_error_is("chunks of no words", refused, &CorpusError::EmptyChunk)?;
    let refused = (answers.bookcorpus_chunks)(&[], 5, 0);
    expect_error_is("no books, chunks of no words", refused, &CorpusError::EmptyChunk)
}

pub fn only_long_books_are_used(answers: &Answers) -> Outcome {
    let long = |words: usize| "word ".repeat(words);
    let books = vec![long(20_000), long(20_001), long(19_999), String::new(), long(40_000)];
    for (over, want) in [
        (20_000, vec![1, 4]),
        (20_001, vec![4]),
        (19_999, vec![0, 1, 4]),
        (0, vec![0, 1, 2, 4]),
        (40_000, vec![]),
        (usize::MAX, vec![]),
    ] {
        let got = (answers.bookcorpus_chunks)(&books, over, 5000)?;
        let mut used: Vec<usize> = got.iter().map(|chunk| chunk.book).collect();
        used.dedup();
        let lengths: Vec<usize> = books.iter().map(|book| book.len() / 5).collect();
        let what = format!("which of books with {lengths:?} words have more than {over}");
        expect_same(&what, &used, &want)?;
        for chunk in &got {
            text(&books, chunk)?;
        }
    }
    Ok(())
}

pub fn books_agree(answers: &Answers) -> Outcome {
    let book = draw::prop_oneof![
        3 => draw::text(30),
        1 => draw::words(30).prop_map(|words| words.join(" ")),
        1 => draw::words(30).prop_map(|words| format!("\n{}\r\n", words.join("\u{a0} "))),
    ];
    let inputs = (draw::list(book, 0..=5), draw::lengths(0..=12), draw::lengths(0..=12));
    differential(inputs, |(books, over, chunk)| {
        let run = |answers: &Answers| (answers.bookcorpus_chunks)(books, *over, *chunk);
        let what = format!("{books:?}, over {over}, in chunks of {}", counted(*chunk, "word"));
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_same(&what, got, want))
    })?;
    let books = vec!["ab cdé ".repeat(70_000), "xy".repeat(70_000)];
    for chunk in [1, 300, 66_000] {
        let run = |answers: &Answers| (answers.bookcorpus_chunks)(&books, 0, chunk);
        let what = format!("a book of 140,000 words, in chunks of {}", counted(chunk, "word"));
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_same(&what, got, want))?;
    }
    Ok(())
}
