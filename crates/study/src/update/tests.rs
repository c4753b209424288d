//! Two versions of a book of one lesson, and a learner's clone.

use super::*;

const EXERCISE: &str = "exercises/1-basics/one/src/exercise.rs";

struct World {
    folder: tempfile::TempDir,
}

/// A solution of functions, each with its docs, its signature and its body.
fn solution(functions: &[(&str, &str)]) -> String {
    let function = |(docs, signature): &(&str, &str)| {
        format!(
            "/// {docs}\npub fn {signature} {{\n    // BEGIN ANSWER\n    x\n    // END ANSWER\n}}\n"
        )
    };
    let functions: Vec<String> = functions.iter().map(function).collect();
    format!("//! R.\n\n{}", functions.join("\n"))
}

impl World {
    /// The first version, and a clone of it.
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        let book = world.path("book");
        fs::create_dir_all(book.join("exercises/1-basics/one/src")).unwrap();
        fs::write(book.join("exercises/1-basics/one/Cargo.toml"), "[package]\nname = \"one\"\n")
            .unwrap();
        fs::write(book.join("given.txt"), "given\n").unwrap();
        Git(&book).run(&["init", "--quiet", "--initial-branch", "main"]).unwrap();
        world.publish(&[("One.", "one(x: u32) -> u32"), ("Two.", "two(x: u32) -> u32")]);
        let clone = world.path("clone");
        let (from, to) = (book.to_str().unwrap(), clone.to_str().unwrap());
        Git(world.folder.path()).run(&["clone", "--quiet", from, to]).unwrap();
        for (name, value) in [("user.name", "A"), ("user.email", "a@example.org")] {
            Git(&clone).run(&["config", name, value]).unwrap();
        }
        world
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn learners(&self) -> PathBuf {
        self.path("clone")
    }

    fn mine(&self) -> String {
        fs::read_to_string(self.learners().join(EXERCISE)).unwrap()
    }

    /// A version with these functions.
    fn publish(&self, functions: &[(&str, &str)]) {
        let book = self.path("book");
        let lesson = LessonDir::new(&book, "1-basics", "one");
        fs::write(lesson.solution(), solution(functions)).unwrap();
        fs::write(lesson.exercise(), &stub_files(&lesson).unwrap()[0].text).unwrap();
        commit(&book);
    }

    /// The learner's file, with answers to what is asked in the first version and a helper behind.
    fn answer(&self) -> String {
        let text = self.mine().replace("todo!(\"one\")", "help(x)").replace("todo!(\"two\")", "2");
        let text = format!("{text}\nfn help(x: u32) -> u32 {{\n    x + 1\n}}\n");
        fs::write(self.learners().join(EXERCISE), &text).unwrap();
        text
    }

    fn head(&self, of: &str) -> String {
        Git(&self.path(of)).line(&["rev-parse", "HEAD"]).unwrap()
    }
}

fn commit(root: &Path) {
    let git = Git(root);
    git.run(&["add", "--all"]).unwrap();
    let author = ["-c", "user.name=B", "-c", "user.email=b@example.org"];
    git.run(&[&author[..], &["commit", "--quiet", "--message", "v"]].concat()).unwrap();
}

const NEXT: [(&str, &str); 3] = [
    ("The number one, at last.", "one(x: u32) -> u32"),
    ("Two.", "two(x: u64) -> u64"),
    ("Three.", "three(x: u32) -> u32"),
];

/// The first answer is under new docs, the second as it was, the third still to be written.
fn expect_merged(text: &str) {
    assert!(
        text.contains("/// The number one, at last.\npub fn one(x: u32) -> u32 {\n    help(x)")
    );
    assert!(text.contains("pub fn two(x: u32) -> u32 {\n    2\n}\n"), "{text}");
    assert!(text.contains("pub fn three(x: u32) -> u32 {\n    todo!(\"three\")\n}\n"), "{text}");
    assert_eq!(text.matches("fn help(x: u32)").count(), 1, "{text}");
    assert!(!text.contains("<<<<") && !text.contains("====") && !text.contains("u64"), "{text}");
}

#[test]
fn answers_are_kept_in_the_new_stubs_and_other_signatures_are_named() {
    let world = World::new();
    let clone = world.learners();
    assert_eq!(update(&clone).unwrap(), None, "nothing is new");
    let before = world.answer();
    assert_eq!(update(&clone).unwrap(), None);
    assert_eq!(world.mine(), before);
    world.publish(&NEXT);
    let Updated { kept, changed } = update(&clone).unwrap().unwrap();
    assert_eq!(world.head("clone"), world.head("book"));
    expect_merged(&world.mine());
    assert_eq!((kept.len(), kept[0].0.as_str()), (1, EXERCISE));
    assert_eq!(fs::read_to_string(clone.join(&kept[0].1)).unwrap(), before);
    let told: Vec<&str> = changed.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(
        told,
        [
            "`two` has another signature; your answer stands as it was:\npub fn two(x: u64) -> u64",
            "`three` is new:\npub fn three(x: u32) -> u32",
        ]
    );
    assert_eq!(update(&clone).unwrap(), None, "and then nothing is new");
    let status = Git(&clone).line(&["status", "--porcelain"]).unwrap();
    assert_eq!(status, format!("M {EXERCISE}"), "only the answer differs");
}

#[test]
fn answers_that_were_committed_are_kept_as_well() {
    let world = World::new();
    world.answer();
    commit(&world.learners());
    world.publish(&NEXT);
    let updated = update(&world.learners()).unwrap().unwrap();
    assert_eq!(updated.changed.len(), 2);
    expect_merged(&world.mine());
}

#[test]
fn a_lesson_not_begun_gets_the_new_stub() {
    let world = World::new();
    world.publish(&NEXT);
    assert_eq!(update(&world.learners()).unwrap(), Some(Updated::default()));
    let stub = fs::read_to_string(world.path("book").join(EXERCISE)).unwrap();
    assert_eq!(world.mine(), stub);
}

#[test]
fn whatever_fails_leaves_all_as_it_was() {
    let world = World::new();
    let clone = world.learners();
    let before = (world.head("clone"), world.answer());
    let now = || (world.head("clone"), world.mine());

    // Given files were changed.
    fs::write(clone.join("given.txt"), "mine\n").unwrap();
    world.publish(&NEXT);
    let error = format!("{:#}", update(&clone).unwrap_err());
    assert!(error.contains("git checkout HEAD -- given.txt"), "{error}");
    assert_eq!(now(), before);
    Git(&clone).run(&["checkout", "--", "given.txt"]).unwrap();

    // Git would write over a file that it does not know.
    fs::write(world.path("book/extra.txt"), "theirs\n").unwrap();
    commit(&world.path("book"));
    fs::write(clone.join("extra.txt"), "mine\n").unwrap();
    let error = format!("{:#}", update(&clone).unwrap_err());
    assert!(error.contains("all is as it was") && error.contains("extra.txt"), "{error}");
    assert_eq!(now(), before);
    assert_eq!(fs::read_to_string(clone.join("extra.txt")).unwrap(), "mine\n");
    fs::remove_file(clone.join("extra.txt")).unwrap();

    // A file that was committed here is deleted there: a conflict of a kind that git leaves open.
    fs::write(clone.join("given.txt"), "mine\n").unwrap();
    Git(&clone).run(&["add", "given.txt"]).unwrap();
    Git(&clone).run(&["commit", "--quiet", "--message", "mine"]).unwrap();
    let before = now();
    fs::remove_file(world.path("book/given.txt")).unwrap();
    commit(&world.path("book"));
    let error = format!("{:#}", update(&clone).unwrap_err());
    assert!(error.contains("all is as it was") && error.contains("given.txt"), "{error}");
    assert_eq!(now(), before);
    let merging = Git(&clone).run(&["rev-parse", "--verify", "--quiet", "MERGE_HEAD"]);
    assert!(merging.is_err(), "no merge is left half done");

    // There is no network.
    fs::rename(world.path("book"), world.path("gone")).unwrap();
    let error = format!("{:#}", update(&clone).unwrap_err());
    assert!(error.contains("could not be fetched"), "{error}");
    assert_eq!(now(), before);
}
