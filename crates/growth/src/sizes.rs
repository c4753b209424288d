//! Sizes on the wire, and lines of source.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use lessons::LessonDir;

/// The whole site, each file compressed.
pub fn site(folder: &Path) -> Result<usize> {
    files(folder)?.iter().map(|file| gzipped(file)).sum()
}

/// What the first run of a demo downloads, of the page where it is most: the module, its
/// JavaScript, and the scripts.
pub fn heaviest(folder: &Path) -> Result<(usize, String)> {
    let is_script = |file: &&PathBuf| file.extension().is_some_and(|e| e == "js");
    let scripts = files(&folder.join("study"))?;
    let scripts: usize =
        scripts.iter().filter(is_script).map(|file| gzipped(file)).sum::<Result<usize>>()?;
    let mut most = (0, String::new());
    for file in files(&folder.join("wasm"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(page) = name.strip_suffix("_bg.wasm") else { continue };
        let size = gzipped(&file)? + gzipped(&file.with_file_name(format!("{page}.js")))? + scripts;
        if size > most.0 {
            most = (size, page.to_owned());
        }
    }
    Ok(most)
}

/// Lines of a lesson with its page, quiz and demos, golden values and data left out, on average.
pub fn lines(root: &Path, lessons: &[LessonDir]) -> Result<f64> {
    let mut total = 0;
    for lesson in lessons {
        let demos = root.join("wasm-demos").join(&lesson.step).join(&lesson.name);
        let mut all = files(&lesson.path)?;
        all.extend(files(&demos)?);
        all.extend([lesson.page_path(), root.join(lesson.quiz())]);
        for file in all {
            let is_data = file.components().any(|part| {
                ["golden", "data"].iter().any(|name| part.as_os_str() == std::ffi::OsStr::new(name))
            });
            if !is_data {
                total += fs::read_to_string(&file).unwrap_or_default().lines().count();
            }
        }
    }
    Ok(total as f64 / lessons.len() as f64)
}

fn gzipped(file: &Path) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&fs::read(file)?)?;
    Ok(encoder.finish()?.len())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}
