//! Lists the examples, so that a lesson adds a file and edits nothing.

use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("src/examples");
    println!("cargo::rerun-if-changed=src/examples");
    let mut files = fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();

    let (mut modules, mut examples) = (String::new(), String::new());
    for file in &files {
        let name =
            file.file_stem().and_then(|stem| stem.to_str()).ok_or("a name that is no text")?;
        writeln!(modules, "#[path = {file:?}]\nmod {name};")?;
        write!(examples, "{name}::EXAMPLE, ")?;
    }
    let list = format!(
        "{modules}\n/// All of them, by name.\npub const EXAMPLES: [Example; {}] = [{examples}];\n",
        files.len()
    );
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("examples.rs"), list)?)
}
