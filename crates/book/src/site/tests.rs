use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

use super::*;

const CONFIG: &str = include_str!("../../../../book.toml");

/// Writes a book of one page and builds it.
fn build(markdown: &str) -> Result<String> {
    build_with(CONFIG, markdown)
}

fn build_with(config: &str, markdown: &str) -> Result<String> {
    let root = tempfile::tempdir()?;
    let write = |file: &str, text: &str| {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(path, text)
    };
    write("book.toml", config)?;
    write(
        "src/SUMMARY.md",
        "# Summary\n\n[Start](start.md)\n\n# Step\n\n- [Page](step/page.md)\n",
    )?;
    write("src/start.md", "# Start\n")?;
    write("src/step/page.md", markdown)?;
    write("src/step/part.txt", "one\ntwo\n")?;
    write("theme/study/study.js", "export {};\n")?;
    write("theme/study/sw.js", "const FILES = \"__FILES__\";\n")?;
    let stills = Stills::default();
    let site = Site {
        root: root.path(),
        stills: &stills,
        wasm: None,
        local: false,
        live: false,
        only: None,
    };
    let dest = root.path().join("out");
    assert_eq!(site.replace(&dest, &Katex::default())?, 3);
    assert!(fs::read_to_string(dest.join("sw.js"))?.contains("\"step/page.html\""));
    assert!(!dest.join("404.html").exists() && dest.join("print.html").is_file());
    Ok(fs::read_to_string(dest.join("step/page.html"))?)
}

/// What a failed build says.
fn error(markdown: &str) -> String {
    build(markdown).map(drop).unwrap_err().to_string()
}

#[test]
fn markdown_leaves_the_mathml_of_a_formula_alone() {
    // With `_…_` twice in one line, Markdown makes `<em>` of what is between.
    let page = build(
        r"# T

Let $a_1 + b_2$ and $c_1 * d_2 * \mathcal{L} ~ [x](y)$ be.

| a | b |
|---|---|
| $p_i {}_j$ | x |
",
    )
    .unwrap();
    assert!(page.contains(">a_1 + b_2</annotation>"), "{page}");
    assert!(page.contains(r">c_1 * d_2 * \mathcal{L} ~ [x](y)</annotation>"), "{page}");
    assert!(page.contains(r">p_i {}_j</annotation>"), "{page}");
    assert!(!page.contains("<em>"), "{page}");
}

#[test]
fn a_display_formula_may_span_lines() {
    let page = build("# T\n\n$$\nx_1 \\\\\n= y_1\n$$\n").unwrap();
    assert!(page.contains("katex-display"), "{page}");
    assert!(!page.contains("data-slot"), "{page}");
}

#[test]
fn a_rejected_formula_fails_with_file_and_line() {
    let message = error("# T\n\nfine $x$\n\nbroken $\\frac{1}{$\n\n");
    assert!(message.starts_with("src/step/page.md:5: KaTeX rejects `\\frac{1}{`"), "{message}");
    let shifted = error("{{#include part.txt}}\n\n$x$\n\n$$\n\\nosuch\n$$\n");
    assert!(shifted.contains("src/step/page.md:5: KaTeX rejects"), "{shifted}");
    assert!(shifted.contains(r"Undefined control sequence: \nosuch"), "{shifted}");
}

#[test]
fn code_keeps_its_dollars() {
    let page = build("# T\n\n`$x_1$` costs $5 and $6\n\n```sh\necho $HOME $y$\n```\n").unwrap();
    assert!(page.contains(">$x_1$</code> costs $5 and $6"), "{page}");
    assert!(page.contains("echo $HOME $y$"), "{page}");
    assert!(!page.contains("<math"), "{page}");
}

#[test]
fn an_unknown_demo_fails_with_file_and_line() {
    let message = error("# T\n\n<study-demo name=\"none\"></study-demo>\n");
    assert!(message.starts_with("src/step/page.md:3: there is no demo `none`"), "{message}");
}

#[test]
fn a_page_has_a_policy_and_no_foreign_address() {
    let page = build("# T\n").unwrap();
    assert!(page.contains("Content-Security-Policy"), "{page}");
    assert!(page.contains("src=\"../study/study.js\""), "{page}");
    assert!(!page.contains("src=\"http") && !page.contains("<link href=\"http"), "{page}");
}

#[test]
fn the_address_of_a_section_that_moved_leads_on_by_a_script_that_the_policy_names() {
    // The configuration ends with the table of sections that moved; none of them is in this book.
    assert!(!build("# T\n").unwrap().contains("fragmentMap"));
    let config = format!("{CONFIG}\"/step/page.html#old\" = \"../start.html#new\"\n");
    let page = build_with(&config, "# T\n").unwrap();
    let mut scripts = page.split("<script>").filter_map(|rest| rest.split("</script>").next());
    let script = scripts.find(|script| script.contains("fragmentMap")).unwrap();
    assert!(script.contains("{\"#old\":\"../start.html#new\"}"), "{script}");
    let hash = BASE64_STANDARD.encode(Sha256::digest(script));
    assert!(page.contains(&format!("'sha256-{hash}'")), "{page}");
}

#[test]
fn a_failed_build_leaves_the_site_that_was_there() {
    let dest = tempfile::tempdir().unwrap();
    let site = dest.path().join("site");
    fs::create_dir_all(site.join("study")).unwrap();
    fs::write(site.join(SCRIPT), "good").unwrap();
    let stills = Stills::default();
    let broken = Site {
        root: dest.path(),
        stills: &stills,
        wasm: None,
        local: false,
        live: false,
        only: None,
    };
    let error = broken.replace(&site, &Katex::default()).unwrap_err().to_string();
    assert!(!error.contains("not a site"), "{error}");
    assert_eq!(fs::read_to_string(site.join(SCRIPT)).unwrap(), "good");
    assert_eq!(fs::read_dir(dest.path()).unwrap().count(), 1);
}

#[test]
fn what_is_no_site_of_the_book_is_left_alone() {
    let dest = tempfile::tempdir().unwrap();
    fs::write(dest.path().join("index.html"), "mine").unwrap();
    let stills = Stills::default();
    let site = Site {
        root: dest.path(),
        stills: &stills,
        wasm: None,
        local: false,
        live: false,
        only: None,
    };
    let error = site.replace(dest.path(), &Katex::default()).unwrap_err().to_string();
    assert!(error.contains("not a site of this book: choose another folder"), "{error}");
    assert_eq!(fs::read_to_string(dest.path().join("index.html")).unwrap(), "mine");
}

#[test]
fn a_site_that_cannot_be_moved_leaves_the_one_that_was_there() {
    let world = tempfile::tempdir().unwrap();
    let dest = world.path().join("site");
    fs::create_dir(&dest).unwrap();
    fs::write(dest.join("index.html"), "good").unwrap();
    let place = tempfile::tempdir_in(world.path()).unwrap();
    let error = swap(&world.path().join("none"), &dest, place).unwrap_err().to_string();
    assert!(error.contains("cannot be moved to"), "{error}");
    assert_eq!(fs::read_to_string(dest.join("index.html")).unwrap(), "good");
    assert_eq!(fs::read_dir(world.path()).unwrap().count(), 1);
}

#[test]
fn a_page_written_again_is_the_page_of_a_new_site() {
    let root = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    // Sections moved from a page that is edited, and from one that is far from it.
    let moved = ["step/first", "end"]
        .map(|page| format!("\"/{page}.html#old\" = \"../start.html#new\"\n"))
        .concat();
    write("book.toml", &format!("{CONFIG}{moved}"));
    let pages = ["start", "step/index", "step/first", "step/second", "end"];
    let summary = pages.map(|page| format!("- [{page}]({page}.md)\n")).concat();
    write("src/SUMMARY.md", &format!("# Summary\n\n{summary}"));
    for page in pages {
        write(&format!("src/{page}.md"), &format!("# {page}\n\nwords of {page}\n"));
    }
    write("theme/study/study.js", "export {};\n");
    let stills = Stills::default();
    let site = Site {
        root: root.path(),
        stills: &stills,
        wasm: None,
        local: true,
        live: false,
        only: None,
    };
    let (standing, katex) = (root.path().join("sites/0"), Katex::default());
    site.write_to(&standing, &katex).unwrap();
    let read = |folder: &Path, page: &str| fs::read_to_string(folder.join(page)).unwrap();
    // The ends of the book, too, and the page that is written twice.
    for (edited, others) in [("start", "end"), ("step/first", "step/second"), ("end", "start")] {
        let untouched = read(&standing, &format!("{others}.html"));
        let text = format!("# {edited}\n\nother words and $x_1$, {{{{#value no such}}}}\n");
        write(&format!("src/{edited}.md"), &text);
        let source = [PathBuf::from(format!("{edited}.md"))];
        let message = site.rewrite(&standing, &source, &katex).unwrap_err().to_string();
        assert!(message.starts_with(&format!("src/{edited}.md:3: there is no")), "{message}");
        write(&format!("src/{edited}.md"), &format!("# {edited}\n\nother words and $x_1$\n"));
        assert!(site.rewrite(&standing, &source, &katex).unwrap());
        let fresh = root.path().join("sites/1");
        site.write_to(&fresh, &katex).unwrap();
        let names = |folder: &Path| -> Vec<String> {
            let files = assets::all_files(folder).unwrap();
            files.into_iter().filter(|file| file.starts_with("searchindex")).collect()
        };
        let (old, new) = (names(&standing), names(&fresh));
        for page in assets::all_files(&fresh).unwrap().iter().filter(|p| p.ends_with(".html")) {
            let written = read(&standing, page);
            assert!(!written.contains("/pages-") && !written.contains("data-slot"), "{page}");
            let fresh = read(&fresh, page).replace(&new[0], &old[0]);
            // The policy names the hash of a script, and that names the index.
            let rest = |html: &str| html.split("<title>").nth(1).unwrap_or_default().to_owned();
            assert_eq!(rest(&written), rest(&fresh), "{page} after an edit of {edited}");
        }
        assert_eq!(untouched, read(&standing, &format!("{others}.html")));
    }
    assert!(!site.rewrite(&standing, &["part.md".into()], &katex).unwrap());
    assert_eq!(fs::read_dir(root.path().join("sites")).unwrap().count(), 2);
}
