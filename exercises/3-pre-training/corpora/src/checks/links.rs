//! Links, by the rules of OpenWebText.

use grading::draw::{self, Strategy};
use grading::{Outcome, differential, expect_same};

use crate::oracle::golden;
use crate::{Answers, LinkReason, SOLUTION, Submission};

fn submissions<'a>(links: impl IntoIterator<Item = (&'a str, i64)>) -> Vec<Submission> {
    links.into_iter().map(|(url, karma)| Submission { url: url.into(), karma }).collect()
}

fn expect_links(
    links: &[Submission],
    got: &[Result<(), LinkReason>],
    want: &[Result<(), LinkReason>],
) -> Outcome {
    for (at, (got, want)) in got.iter().zip(want).enumerate() {
        let Submission { url, karma } = &links[at];
        expect_same(&format!("link {at}, {url:?} with a karma of {karma}"), got, want)?;
    }
    expect_same("how many verdicts on links", &got.len(), &want.len())
}

pub fn hosts_are_told_apart(answers: &Answers) -> Outcome {
    use LinkReason::*;
    for (url, want) in [
        ("https://mill.example/a", Ok(())),
        ("http://mill.example", Ok(())),
        ("HTTPS://mill.example/a", Ok(())),
        ("https://localhost", Ok(())),
        ("https://en.wikipedia.org/wiki/Mill", Err(Wikipedia)),
        ("https://wikipedia.org", Err(Wikipedia)),
        ("http://www.Wikipedia.ORG/", Err(Wikipedia)),
        ("https://de.m.wikipedia.org?x", Err(Wikipedia)),
        ("https://wikipedia.org:443/wiki", Err(Wikipedia)),
        ("https://wikipedia.org#top", Err(Wikipedia)),
        ("https://notwikipedia.org", Ok(())),
        ("https://wikipedia.org.example/wiki", Ok(())),
        ("https://wikipedia.orgs", Ok(())),
        ("https://wikipedia.com", Ok(())),
        ("https://mill.example/wikipedia.org", Ok(())),
        ("https://mill.example?u=https://en.wikipedia.org/", Ok(())),
        ("https://www.reddit.com/r/mills", Err(Internal)),
        ("https://old.reddit.com", Err(Internal)),
        ("https://i.redd.it/a.png", Err(Internal)),
        ("https://redd.it/abc", Err(Internal)),
        ("https://reddit.community", Ok(())),
        ("https://myreddit.com", Ok(())),
        ("https://bredd.it", Ok(())),
        ("https://mill.example/reddit.com", Ok(())),
        ("ftp://mill.example", Err(NotWeb)),
        ("mailto:otto@mill.example", Err(NotWeb)),
        ("mill.example/a", Err(NotWeb)),
        ("/r/mills", Err(NotWeb)),
        (" https://mill.example", Err(NotWeb)),
        ("https:/mill.example", Err(NotWeb)),
        ("httpss://mill.example", Err(NotWeb)),
        ("a://https://mill.example", Err(NotWeb)),
        ("https://", Err(NotWeb)),
        ("https:///a", Err(NotWeb)),
        ("https://#a", Err(NotWeb)),
        ("https://www.", Err(NotWeb)),
        ("https://www.:80", Err(NotWeb)),
        ("https://www.www.", Ok(())),
        ("", Err(NotWeb)),
    ] {
        let links = submissions([(url, 50)]);
        expect_links(&links, &(answers.openwebtext_keep)(&links), &[want])?;
    }
    Ok(())
}

pub fn three_karma_are_enough(answers: &Answers) -> Outcome {
    use LinkReason::*;
    let links = submissions([
        ("https://a.example", 3),
        ("https://b.example", 2),
        ("https://c.example", 4),
        ("https://d.example", i64::MAX),
        ("https://e.example", 0),
        ("https://f.example", -3),
        ("https://g.example", i64::MIN),
        ("https://en.wikipedia.org", 2),
        ("https://en.wikipedia.org", 3),
        ("https://reddit.com", 2),
        ("ftp://a.example", 2),
    ]);
    let low = |karma| Err(Karma { karma });
    let want = [
        Ok(()),
        low(2),
        Ok(()),
        Ok(()),
        low(0),
        low(-3),
        low(i64::MIN),
        low(2),
        Err(Wikipedia),
        Err(Internal),
        Err(NotWeb),
    ];
    expect_links(&links, &(answers.openwebtext_keep)(&links), &want)?;
    expect_same("no links: how many verdicts", &(answers.openwebtext_keep)(&[]).len(), &0)
}

pub fn a_page_is_taken_once(answers: &Answers) -> Outcome {
    use LinkReason::*;
    // Each pair: is it one page?
    for (one, other, same) in [
        ("https://mill.example/a", "https://mill.example/a", true),
        ("https://mill.example/a", "http://mill.example/a", true),
        ("https://mill.example/a", "HTTP://WWW.Mill.Example/a", true),
        ("https://mill.example/a", "https://mill.example/a/", true),
        ("https://mill.example/a", "https://mill.example/a///#b#c", true),
        ("https://mill.example/a", "https://mill.example/a#/b", true),
        ("https://mill.example", "https://mill.example/", true),
        ("https://mill.example/?a=1", "https://mill.example/?a=1/", true),
        ("https://www.www.example", "https://www.example", false),
        ("https://mill.example/a", "https://mill.example/A", false),
        ("https://mill.example/a", "https://mill.example/a?b", false),
        ("https://mill.example/a", "https://mill.example/a?", false),
        ("https://mill.example/a", "https://mill.example/a?/", false),
        ("https://mill.example/a", "https://mill.example/a.", false),
        ("https://mill.example/a?b=1", "https://mill.example/a?b=2", false),
        ("https://mill.example?a", "https://mill.example/?a", false),
        ("https://mill.example/a", "https://mill.example//a", false),
        ("https://mill.example/a", "https://the.mill.example/a", false),
        ("https://mill.example/a", "https://mill.example:80/a", false),
        ("https://mill.example/a/", "https://mill.example/a/b", false),
        ("https://É.example/é", "https://é.example/é", false),
    ] {
        let links = submissions([(one, 9), (other, 5)]);
        let want = [Ok(()), if same { Err(Duplicate { of: 0 }) } else { Ok(()) }];
        expect_links(&links, &(answers.openwebtext_keep)(&links), &want)?;
    }
    // What was dropped does not stand in the way.
    let links = submissions([
        ("https://a.example", 1),
        ("https://b.example", 7),
        ("https://a.example/", 3),
        ("https://a.example", 2),
        ("https://www.a.example", 900),
        ("https://b.example#x", 3),
        ("http://a.example", 4),
    ]);
    let low = |karma| Err(Karma { karma });
    let of = |of| Err(Duplicate { of });
    let want = [low(1), Ok(()), Ok(()), low(2), of(2), of(1), of(2)];
    expect_links(&links, &(answers.openwebtext_keep)(&links), &want)?;
    // More than any small number counts.
    let mut urls: Vec<String> = (0..70_000).map(|i| format!("https://a.example/{i}")).collect();
    urls.push("https://a.example/69999/".into());
    let links = submissions(urls.iter().map(|url| (url.as_str(), 3)));
    let mut want = vec![Ok(()); 70_000];
    want.push(of(69_999));
    expect_links(&links, &(answers.openwebtext_keep)(&links), &want)
}

pub fn links_are_judged_as_by_another_program(answers: &Answers) -> Outcome {
    for case in golden()?.links {
        let links = submissions(case.submissions.iter().map(|(url, karma)| (url.as_str(), *karma)));
        let got = (answers.openwebtext_keep)(&links);
        for (at, (got, want)) in got.iter().zip(&case.reasons).enumerate() {
            let got = got.as_ref().err().map(|reason| format!("{reason:?}")).unwrap_or_default();
            let Submission { url, karma } = &links[at];
            let what = format!("the reason to drop link {at}, {url:?} with a karma of {karma}");
            expect_same(&what, &got, want)?;
        }
        expect_same("how many verdicts on links", &got.len(), &case.reasons.len())?;
    }
    Ok(())
}

pub fn links_agree(answers: &Answers) -> Outcome {
    let select =
        |from: &[&str]| draw::select(from.iter().map(ToString::to_string).collect::<Vec<_>>());
    let scheme =
        select(&["https://", "https://", "http://", "HTTP://", "ftp://", "", "://", "https:"]);
    let www = select(&["", "", "www.", "WWW.", "www.www."]);
    let host = select(&[
        "a",
        "b.example",
        "B.Example",
        "wikipedia.org",
        "en.wikipedia.org",
        "xwikipedia.org",
        "reddit.com",
        "i.redd.it",
        "redd.it.",
        "",
        ".wikipedia.org",
        "É.example",
        "user@a",
    ]);
    let end = select(&[
        "", "", ":80", ":", "/", "//", "/a", "/A", "/a/", "?q", "/?q/", "#x", "/a#/", "/a?q#",
        "/é", "\\", " ",
    ]);
    let karma = draw::select(vec![3, 3, 4, 2, 0, -1, i64::MIN, i64::MAX]);
    let link = (scheme, www, host, end, karma).prop_map(|(scheme, www, host, end, karma)| {
        Submission { url: format!("{scheme}{www}{host}{end}"), karma }
    });
    let odd = draw::text(3).prop_map(|url| Submission { url, karma: 3 });
    differential(draw::list(draw::prop_oneof![12 => link, 1 => odd], 0..=25), |links| {
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.openwebtext_keep)(links));
        expect_links(links, &got, &want)
    })
}
