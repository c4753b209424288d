//! A folder is written whole, or not at all.

use std::fs;

use train::output::Output;
use train::weights::{First, Weights};

#[test]
fn what_was_there_is_kept_beside_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("models/mine");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.json"), "old").unwrap();
    let mut weights = Weights::new(1);
    weights.draw("a", &[2], First::Normal(1.0)).unwrap();
    let output = Output::new(&folder).unwrap();
    let now = || fs::read_to_string(folder.join("config.json")).unwrap();
    // Ctrl-C until here: nothing has changed.
    assert_eq!(now(), "old");
    output.write(&[("config.json", "new".into())], &weights).unwrap();
    assert_eq!(now(), "new");
    assert!(folder.join("model.safetensors").is_file());
    let old = root.path().join("models/mine.old/config.json");
    assert_eq!(fs::read_to_string(old).unwrap(), "old");
    let names = fs::read_dir(root.path().join("models")).unwrap().count();
    assert_eq!(names, 2, "something is left over");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_the_training() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    for folder in [file.clone(), file.join("below")] {
        let error = format!("{:#}", Output::new(&folder).err().unwrap());
        assert!(error.contains("--out FOLDER"), "{error}");
    }
}
