//! Pages, by the rules of C4.

use grading::draw::{self, Strategy};
use grading::{Failure, Outcome, differential, expect_same};

use crate::oracle::golden;
use crate::{Answers, C4Page, C4Rules, LineReason, PageReason, SOLUTION};

fn expect_page(what: &str, got: &C4Page, want: &C4Page) -> Outcome {
    for (at, (got, want)) in got.lines.iter().zip(&want.lines).enumerate() {
        expect_same(&format!("{what}: line {at}"), got, want)?;
    }
    expect_same(&format!("{what}: how many lines"), &got.lines.len(), &want.lines.len())?;
    expect_same(&format!("{what}: the text"), &got.text, &want.text)
}

/// The only line of a page, with these rules.
fn line(
    answers: &Answers,
    line: &str,
    rules: &C4Rules,
) -> Result<Result<String, LineReason>, Failure> {
    let mut lines = (answers.c4_clean)(line, rules).lines;
    match (lines.pop(), lines.len()) {
        (Some(line), 0) => Ok(line),
        (line, n) => Err(Failure::wrong(format!(
            "the page {line:?} has one line; expected one verdict, got {}",
            n + usize::from(line.is_some())
        ))),
    }
}

pub fn lines_are_dropped_at_the_limits(answers: &Answers) -> Outcome {
    let all = C4Rules::default();
    let kept = |text: &str| Ok(text.to_owned());
    let few = |words| Err(LineReason::TooFewWords { words });
    let policy = |phrase| Err(LineReason::Policy { phrase });
    for (text, want) in [
        ("One two three four five.", kept("One two three four five.")),
        ("One two three four.", few(4)),
        ("One two - four five.", kept("One two - four five.")),
        ("One\u{a0}two\u{3000}three  four\tfive!", kept("One\u{a0}two\u{3000}three  four\tfive!")),
        (" ", Err(LineReason::NoEndMark)),
        (" . ", few(1)),
        ("  So this is a question? \r", kept("So this is a question?")),
        ("\u{a0}He said that it rains.\u{2003}", kept("He said that it rains.")),
        ("He said \"it rains a lot\"", kept("He said \"it rains a lot\"")),
        ("He said “it rains a lot”", kept("He said “it rains a lot”")),
        ("He said ‘it rains a lot’", Err(LineReason::NoEndMark)),
        ("He said (it rains a lot.)", Err(LineReason::NoEndMark)),
        ("He said that it rains", Err(LineReason::NoEndMark)),
        ("He said that it rains:", Err(LineReason::NoEndMark)),
        ("He said that it rains...", Err(LineReason::NoEndMark)),
        ("He said that it rains ....", Err(LineReason::NoEndMark)),
        ("He said that it rains..", kept("He said that it rains..")),
        ("He said that it rains…", Err(LineReason::NoEndMark)),
        ("He said ... that it rains.", kept("He said ... that it rains.")),
        ("He said that it rains。", Err(LineReason::NoEndMark)),
        ("Она пришла домой очень поздно!", kept("Она пришла домой очень поздно!")),
        ("Please enable JavaScript in your browser.", Err(LineReason::Javascript)),
        ("We drink our java, script in hand.", kept("We drink our java, script in hand.")),
        ("JAVASCRIPT uses cookies in your browser.", Err(LineReason::Javascript)),
        ("This Page USES COOKIES all day.", policy("uses cookies")),
        ("We use cookies under a cookie policy.", policy("cookie policy")),
        ("By the privacy policy and terms of use.", policy("terms of use")),
        ("The use of cookies is explained here.", policy("use of cookies")),
        ("Mila used cookies for her tower.", kept("Mila used cookies for her tower.")),
        ("He said \"that it rains...\"", kept("He said \"that it rains...\"")),
        ("He wrote all the javascripts himself.", Err(LineReason::Javascript)),
        ("We wrote it in java[1]script, all of it.", Err(LineReason::Javascript)),
        ("One two three [1] five.", few(4)),
        ("These are the terms of useful work.", policy("terms of use")),
        ("We have a cookie  policy for mills.", kept("We have a cookie  policy for mills.")),
        ("Its cookie\u{a0}policy is for mills.", kept("Its cookie\u{a0}policy is for mills.")),
        ("cookie policy", Err(LineReason::NoEndMark)),
        ("We use cookies.", few(3)),
    ] {
        expect_same(&format!("the line {text:?}"), &line(answers, text, &all)?, &want)?;
    }
    // Each rule alone, and off.
    let none = C4Rules::none();
    let bad = "  This page uses cookies and javascript[1] ";
    let text = bad.trim();
    for (what, rules, want) in [
        ("no rule", none.clone(), kept(text)),
        ("end_marks", C4Rules { end_marks: true, ..none.clone() }, Err(LineReason::NoEndMark)),
        ("min_words 6", C4Rules { min_words: 6, ..none.clone() }, kept(text)),
        ("min_words 7", C4Rules { min_words: 7, ..none.clone() }, few(6)),
        ("javascript", C4Rules { javascript: true, ..none.clone() }, Err(LineReason::Javascript)),
        ("policies", C4Rules { policies: true, ..none.clone() }, policy("uses cookies")),
        (
            "citations",
            C4Rules { citations: true, ..none.clone() },
            kept("This page uses cookies and javascript"),
        ),
    ] {
        let what = format!("the line {bad:?}, with {what} alone");
        expect_same(&what, &line(answers, bad, &rules)?, &want)?;
    }
    for (page, count) in
        [("", 0), ("a", 1), ("a\n", 1), ("a\r\nb", 2), ("\n\na\n\n", 4), ("a\rb", 1)]
    {
        let got = (answers.c4_clean)(page, &all).lines.len();
        expect_same(&format!("how many lines the page {page:?} has"), &got, &count)?;
    }
    Ok(())
}

pub fn citation_markers_are_taken_out(answers: &Answers) -> Outcome {
    let rules = C4Rules { citations: true, ..C4Rules::none() };
    for (text, want) in [
        ("It rained.[1]", "It rained."),
        ("It [12]rained[] a[edit] lot.[citation needed]", "It rained a lot."),
        ("It rained. [3]", "It rained."),
        ("[7] It rained.", "It rained."),
        (
            "[a] [1 2] [ 1] [-1] [Edit] [edit ] [citation] [1",
            "[a] [1 2] [ 1] [-1] [Edit] [edit ] [citation] [1",
        ),
        ("[[1]2] [[]] [1]]", "[2] [] ]"),
        ("[[edit]", "["),
        ("[[[9]", "[["),
        ("[1edit] [edit1]", "[1edit] [edit1]"),
        ("[٣] [１]", "[٣] [１]"),
        ("[12345678901234567890123]x", "x"),
        ("北京[4]市[]。", "北京市。"),
        ("[1][2][3]", ""),
    ] {
        expect_same(
            &format!("the line {text:?}"),
            &line(answers, text, &rules)?,
            &Ok(want.into()),
        )?;
    }
    let all = C4Rules::default();
    let cited = "The mill stood still for years.[1] [2]";
    let want = Ok("The mill stood still for years.".to_owned());
    expect_same(&format!("the line {cited:?}"), &line(answers, cited, &all)?, &want)?;
    let off = C4Rules { citations: false, ..all };
    let got = line(answers, cited, &off)?;
    expect_same(&format!("the line {cited:?}, citations off"), &got, &Err(LineReason::NoEndMark))
}

pub fn pages_are_dropped_at_the_limits(answers: &Answers) -> Outcome {
    let all = C4Rules {
        blocklist: vec!["grog".into(), "sex".into(), "привет".into()],
        ..C4Rules::default()
    };
    let three = "The mill stood still for years.\nThen Otto found its old wheel.\nNow it grinds corn all day.";
    let two = "The mill stood still for years.\nThen Otto found its old wheel.";
    let kept = |text: &str| Ok(text.to_owned());
    let blocked = |word: &str| Err(PageReason::BlockedWord { word: word.into() });
    let few = |sentences| Err(PageReason::TooFewSentences { sentences });
    let one_line = "It rained. It stopped. Then the sun came out.";
    let quoted = "“It rained.” \"It (stopped!)\" Was ‘it’ so? (Yes.) He said \"so\"";
    for (page, want) in [
        (three.to_owned(), kept(three)),
        (format!("Home\r\n\r\n{}\r\n", three.replace('\n', "\r\n")), kept(three)),
        (two.to_owned(), few(2)),
        (format!("{two}\nIt rained."), few(2)),
        (String::new(), few(0)),
        ("He said \"so it is then\"".into(), few(0)),
        (one_line.into(), kept(one_line)),
        ("It rained. It stopped and all the sun came out.".into(), few(2)),
        (quoted.into(), kept(quoted)),
        ("At 3.14 we met at the mill.so it is.".into(), few(1)),
        (
            "What?! No!!! He said that it rains..".into(),
            kept("What?! No!!! He said that it rains.."),
        ),
        ("It rained… It stopped… Then the sun came out.".into(), few(1)),
        ("It rained.] It stopped.* Then the sun came out.".into(), few(1)),
        (format!("{three}\nПРИВЕТ"), blocked("привет")),
        (format!("{three}\nLorem Ipsum"), Err(PageReason::LoremIpsum)),
        (format!("{three}\nlorem\nipsum"), kept(three)),
        (format!("{three}\nif (x) {{"), Err(PageReason::CurlyBracket)),
        (format!("{three}\n}}"), kept(three)),
        (format!("{two}\n{{ lorem ipsum grog"), Err(PageReason::LoremIpsum)),
        (format!("{two}\n{{ grog"), Err(PageReason::CurlyBracket)),
        (format!("{two}\nGROG"), blocked("grog")),
        (format!("{three}\nsex, then grog"), blocked("sex")),
        (format!("Grog! sex\n{three}"), blocked("grog")),
        (format!("{three}\nThe grogshop, in Essex."), kept(three)),
        (format!("{three}\nwell-grog-shop"), blocked("grog")),
        (format!("{three}\ngrog_2"), blocked("grog")),
        (format!("{three}\ngrog2 2sex gro-g sexы"), kept(three)),
        (format!("{three}\n日本grog"), kept(three)),
    ] {
        let got = (answers.c4_clean)(&page, &all).text;
        expect_same(&format!("the text of the page {page:?}"), &got, &want)?;
    }
    // Each rule alone, and off.
    let none = C4Rules::none();
    let list = || vec!["otto".to_owned()];
    let page = "Lorem ipsum {\nThe grog\n\nOtto. ";
    for (what, rules, want) in [
        ("no rule", none.clone(), kept("Lorem ipsum {\nThe grog\n\nOtto.")),
        ("lorem_ipsum", C4Rules { lorem_ipsum: true, ..none.clone() }, Err(PageReason::LoremIpsum)),
        (
            "curly_brackets",
            C4Rules { curly_brackets: true, ..none.clone() },
            Err(PageReason::CurlyBracket),
        ),
        ("a blocklist", C4Rules { blocklist: list(), ..none.clone() }, blocked("otto")),
        (
            "min_sentences 1",
            C4Rules { min_sentences: 1, ..none.clone() },
            kept("Lorem ipsum {\nThe grog\n\nOtto."),
        ),
        ("min_sentences 2", C4Rules { min_sentences: 2, ..none.clone() }, few(1)),
    ] {
        let got = (answers.c4_clean)(page, &rules).text;
        expect_same(&format!("the text of the page {page:?}, with {what} alone"), &got, &want)?;
    }
    Ok(())
}

pub fn pages_are_cleaned_as_by_another_program(answers: &Answers) -> Outcome {
    for case in golden()?.c4 {
        let rules = C4Rules { blocklist: case.blocklist.clone(), ..C4Rules::default() };
        let got = (answers.c4_clean)(&case.page, &rules);
        let what = format!("the page {:?}, blocklist {:?}", case.page, case.blocklist);
        let lines: Vec<(String, String)> = got.lines.iter().map(told).collect();
        for (at, (got, want)) in lines.iter().zip(&case.lines).enumerate() {
            expect_same(&format!("{what}: text and reason of line {at}"), got, want)?;
        }
        expect_same(&format!("{what}: how many lines"), &lines.len(), &case.lines.len())?;
        let want = (case.text, case.reason);
        expect_same(&format!("{what}: its text and reason"), &told(&got.text), &want)?;
    }
    Ok(())
}

/// As in the golden file.
fn told<E: std::fmt::Debug>(result: &Result<String, E>) -> (String, String) {
    match result {
        Ok(text) => (text.clone(), String::new()),
        Err(reason) => (String::new(), format!("{reason:?}")),
    }
}

pub fn pages_agree(answers: &Answers) -> Outcome {
    let piece = draw::select(
        [
            "It rained. ",
            "Then the sun came out",
            " for us all",
            ".",
            "!",
            "\"",
            "”",
            "...",
            "…",
            "’)",
            "[1]",
            "[",
            "]",
            "[edit]",
            "[citation needed]",
            "JavaScript ",
            "We use cookies ",
            "TERMS OF USE ",
            "cookie policy",
            "Lorem ipsum ",
            "{",
            "grog ",
            "Grog.",
            "ſex ",
            "sex",
            "\u{a0}",
            "\n",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\u{2028}",
            "\u{85}",
            "привет ",
            "北京。",
            "İ",
            "ΌΣ ",
            "K",
            "uses coo\u{212a}ies ",
            "We use coo\u{212a}ies for all of it.\n",
            "a b c d e.\n",
            "a b c d.\n",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    let joined = draw::list(piece, 0..=30).prop_map(|pieces| pieces.concat());
    let page = draw::prop_oneof![4 => joined, 1 => draw::text(12)];
    let flags = draw::select((0..64_u32).chain([63; 100]).collect::<Vec<_>>());
    let lists = draw::select(vec![vec![], vec!["grog"], vec!["sex", "grog"], vec!["σ", "", "cat"]]);
    let numbers = (draw::select(vec![0, 1, 4, 5, 5, 6, 9]), draw::select(vec![0, 1, 2, 3, 3, 8]));
    differential((page, flags, lists, numbers), |(page, flags, list, (words, sentences))| {
        let on = |bit: u32| flags >> bit & 1 == 1;
        let rules = C4Rules {
            citations: on(0),
            end_marks: on(1),
            min_words: *words,
            javascript: on(2),
            policies: on(3),
            lorem_ipsum: on(4),
            curly_brackets: on(5),
            blocklist: list.iter().map(ToString::to_string).collect(),
            min_sentences: *sentences,
        };
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.c4_clean)(page, &rules));
        expect_page(&format!("the page {page:?} with {rules:?}"), &got, &want)
    })?;
    // Longer than any small number counts.
    let rules = C4Rules { min_words: 70_000, min_sentences: 70_000, ..C4Rules::default() };
    let page =
        format!("{}end.\n{}", "word. ".repeat(69_999), "It rains again today now.\n".repeat(300));
    let [got, want] = [answers, &SOLUTION].map(|answers| (answers.c4_clean)(&page, &rules));
    expect_page("a page with a line of 70,000 words", &got, &want)
}
