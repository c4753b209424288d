//! A page by C4's rules, line by line; any of them can be switched off.

use corpora::{Answers, C4Rules, LineReason, sample};
use demo::control::{Text, Toggle, Typed};
use demo::format::counted;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};

use crate::verdicts::{Verdict, drawn, told};

const PAGE: Text = Text::new("page", "Text of a page", sample::PAGE, 20_000);
const END_MARKS: Toggle = Toggle::new("ends", "Lines end as sentences do", true);
const WORDS: Toggle = Toggle::new("words", "Lines have 5 words", true);
const JAVASCRIPT: Toggle = Toggle::new("javascript", "No “javascript” in lines", true);
const POLICIES: Toggle = Toggle::new("policies", "No cookie notices", true);
const CITATIONS: Toggle = Toggle::new("citations", "Take out [1] and [edit]", true);
const LOREM: Toggle = Toggle::new("lorem", "No “lorem ipsum” in the page", true);
const CURLY: Toggle = Toggle::new("curly", "No { in the page", true);
const SENTENCES: Toggle = Toggle::new("sentences", "Pages have 3 sentences", true);
const BLOCKED: Text = Text::new("blocked", "Blocked words", "", 500);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "page-cleaner",
        title: "A page, line by line",
        lesson: "corpora",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            let toggles =
                [END_MARKS, WORDS, JAVASCRIPT, POLICIES, CITATIONS, LOREM, CURLY, SENTENCES];
            let toggles = toggles.iter().map(Typed::control);
            [PAGE.control()].into_iter().chain(toggles).chain([BLOCKED.control()]).collect()
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

fn rules(cx: &Context) -> Result<C4Rules, DemoError> {
    let blocked = cx.get(&BLOCKED)?.to_lowercase();
    let words = blocked.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    Ok(C4Rules {
        citations: cx.get(&CITATIONS)?,
        end_marks: cx.get(&END_MARKS)?,
        min_words: if cx.get(&WORDS)? { 5 } else { 0 },
        javascript: cx.get(&JAVASCRIPT)?,
        policies: cx.get(&POLICIES)?,
        lorem_ipsum: cx.get(&LOREM)?,
        curly_brackets: cx.get(&CURLY)?,
        blocklist: words.map(str::to_owned).collect(),
        min_sentences: if cx.get(&SENTENCES)? { 3 } else { 0 },
    })
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let page = cx.get(&PAGE)?;
    let cleaned = (answers.c4_clean)(&page, &rules(&cx)?);
    let verdict = |(line, text): (&Result<String, LineReason>, &str)| match line {
        Ok(text) => Verdict { text: text.clone(), is_kept: true, note: "kept".into() },
        Err(reason) => {
            Verdict { text: text.trim().into(), is_kept: false, note: reason.to_string() }
        }
    };
    let lines: Vec<Verdict> = cleaned.lines.iter().zip(page.lines()).map(verdict).collect();
    let kept = lines.iter().filter(|line| line.is_kept).count();
    let dropped = |is: fn(&LineReason) -> bool| {
        let found = cleaned.lines.iter().filter(|line| line.as_ref().is_err_and(is)).count();
        Cell::Number(found.to_string())
    };
    let gopher = |text: &str| match (answers.gopher_rules)(text) {
        Ok(()) => "keep it".to_owned(),
        Err(reason) => format!("drop it: {reason}"),
    };
    let text = |text: String| Cell::Text(text);
    let decision = match &cleaned.text {
        Ok(_) => "kept".to_owned(),
        Err(reason) => format!("dropped: {reason}"),
    };
    let mut rows: Vec<Vec<Cell>> = vec![
        vec!["lines kept".into(), Cell::Number(kept.to_string())],
        vec!["no end mark".into(), dropped(|reason| matches!(reason, LineReason::NoEndMark))],
        vec![
            "too few words".into(),
            dropped(|reason| matches!(reason, LineReason::TooFewWords { .. })),
        ],
        vec!["javascript".into(), dropped(|reason| matches!(reason, LineReason::Javascript))],
        vec!["policies".into(), dropped(|reason| matches!(reason, LineReason::Policy { .. }))],
        vec!["the page".into(), text(decision.clone())],
        vec!["Gopher on the whole page".into(), text(gopher(&page))],
    ];
    if let Ok(cleaned) = &cleaned.text {
        rows.push(vec!["Gopher on what is kept".into(), text(gopher(cleaned))]);
    }
    let mut views = vec![
        View::drawing("Lines, and what decided", format!("{}.", told(&lines)), drawn(&lines)),
        View::Table {
            label: "Counted".into(),
            columns: vec!["What".into(), "How many".into()],
            rows,
        },
    ];
    if let Ok(text) = cleaned.text {
        views.push(View::Code { label: "What a model would read".into(), text });
    }
    cx.show(
        format!("{} of {} kept; the page is {decision}.", kept, counted(lines.len(), "line")),
        &views,
    );
    Ok(())
}
