//! A small workspace that `cargo study new` fills.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A workspace with one lesson of that name, fresh from `new`.
pub struct World {
    /// Its root.
    pub folder: TempDir,
    lesson: &'static str,
}

impl World {
    /// Makes it.
    pub fn new(lesson: &'static str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap(), lesson };
        let repository =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let grading = repository.join("crates/grading");
        let package = "version = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.95\"\nlicense = \"MIT\"\npublish = false";
        world.write(
            "Cargo.toml",
            &format!(
                "[workspace]\nresolver = \"3\"\nmembers = [\"exercises/*/*\"]\n\n[workspace.package]\n{package}\n\n\
                 [workspace.dependencies]\ngrading = {{ path = {grading:?} }}\n\n[workspace.lints.rust]\nunused = \"warn\"\n\n{}",
                profiles(&repository)
            ),
        );
        world.write("src/SUMMARY.md", "# Summary\n\n# Step 1: basics\n\n- [A fair share]()\n");
        fs::create_dir_all(world.path("exercises/1-basics")).unwrap();
        // The versions that are there already: nothing is downloaded.
        fs::copy(repository.join("Cargo.lock"), world.path("Cargo.lock")).unwrap();
        let place = format!("1-basics/{lesson}");
        world.study(&["new", &place, "--title", "A fair share"]).assert().success();
        world
    }

    /// `cargo study` in it.
    pub fn study(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("study").unwrap();
        command.current_dir(self.folder.path()).args(arguments).envs(self.environment());
        command
    }

    /// Where its programs are compiled: shared by all tests and kept between runs; what goes into
    /// them lies with the book's, so that third-party crates are compiled once.
    pub fn environment(&self) -> [(&'static str, PathBuf); 2] {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR"));
        [
            ("CARGO_TARGET_DIR", shared.join("lessons")),
            ("CARGO_BUILD_BUILD_DIR", shared.parent().unwrap().into()),
        ]
    }

    /// Standard output and error, and the exit code.
    pub fn run(&self, arguments: &[&str]) -> (String, String, i32) {
        let output = self.study(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }

    /// `cargo study` where nothing was downloaded yet and nothing can be.
    pub fn without_network(&self, arguments: &[&str]) -> Command {
        let mut command = self.study(arguments);
        command.env("CARGO_HOME", self.path("empty")).env("CARGO_NET_RETRY", "0");
        // Nobody listens there.
        command.env("CARGO_HTTP_PROXY", "http://127.0.0.1:9");
        command
    }

    /// A crate beside the lessons, with one source file; its program is called as the book's. It
    /// has no version, so that cargo does not take it for a crate of the book.
    pub fn add_crate(&self, name: &str, file: &str, source: &str) {
        let program = match file {
            "main.rs" => format!("[[bin]]\nname = \"study-{name}\"\npath = \"src/main.rs\"\n\n"),
            _ => String::new(),
        };
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n{program}[dependencies]\n"
        );
        let workspace = fs::read_to_string(self.path("Cargo.toml")).unwrap();
        let members = format!("members = [\"crates/{name}\", ");
        self.write("Cargo.toml", &workspace.replace("members = [", &members));
        self.write(&format!("crates/{name}/Cargo.toml"), &manifest);
        self.write(&format!("crates/{name}/src/{file}"), source);
    }

    /// A path in it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, and the folders it is in.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The learner's file.
    pub fn exercise(&self) -> String {
        format!("exercises/1-basics/{}/src/exercise.rs", self.lesson)
    }

    /// Writes the learner's function.
    pub fn answer(&self, body: &str) {
        let name = self.lesson.replace('-', "_");
        let text = format!(
            "use {name}::Empty;\n\npub fn mean(x: &[f64]) -> Result<f64, Empty> {{\n    {body}\n}}\n"
        );
        self.write(&self.exercise(), &text);
    }
}

/// What the learner shall write.
pub const RIGHT: &str =
    "if x.is_empty() { return Err(Empty) }\n    Ok(x.iter().sum::<f64>() / x.len() as f64)";

/// How the book compiles: what is compiled in another way is compiled again.
fn profiles(repository: &Path) -> String {
    let manifest = fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    let tables = manifest.split("\n\n").filter(|table| table.contains("[profile."));
    tables.map(|table| format!("{table}\n\n")).collect()
}
