//! A town whose newspapers copy each other's stories, with other menus around them.

use std::collections::BTreeSet;

use grading::random::seeded;
use rand::RngExt;
use tinytown::World;

use crate::solution::{lsh_buckets, minhash};
use crate::{DedupError, jaccard};

/// What stands around a story, and what gets into it.
const MENU: [&str; 16] = [
    "Home", "News", "Sport", "Weather", "Town", "Ads", "Login", "Search", "Contact", "Help",
    "Jobs", "Map", "Shop", "Archive", "Letters", "Events",
];

/// Documents, and which of them were copied.
#[derive(Clone, Debug)]
pub struct Planted {
    /// In an order drawn at random.
    pub documents: Vec<String>,
    /// A story and its copy, as places in `documents`, for each copy.
    pub copies: Vec<(usize, usize)>,
}

/// So many documents, of which every tenth is a copy of one that is not: a menu in front of it,
/// another one behind it, and up to six words replaced.
pub fn planted(documents: usize, seed: u64) -> Planted {
    let mut rng = seeded(seed);
    let world = World::new(1);
    let stories = documents - documents / 10;
    let mut texts: Vec<String> = world.stories(3).take(stories).map(|story| story.text).collect();
    let mut copies = Vec::new();
    for copy in stories..documents {
        let original = rng.random_range(0..stories);
        let replaced = rng.random_range(0..=6);
        texts.push(copied(&texts[original], replaced, &mut rng));
        copies.push((original, copy));
    }
    // Each text goes to a place of its own.
    let mut places: Vec<usize> = (0..documents).collect();
    for i in (1..documents).rev() {
        places.swap(i, rng.random_range(0..=i));
    }
    let mut shuffled = vec![String::new(); documents];
    for (text, &place) in texts.into_iter().zip(&places) {
        shuffled[place] = text;
    }
    for (original, copy) in &mut copies {
        (*original, *copy) = (places[*original], places[*copy]);
    }
    Planted { documents: shuffled, copies }
}

/// A text with so many words replaced, between two menus.
pub fn copied(text: &str, replaced: usize, rng: &mut impl RngExt) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut drawn = || MENU[rng.random_range(0..MENU.len())];
    let menus: Vec<&str> = (0..6).map(|_| drawn()).collect();
    let other: Vec<&str> = (0..replaced).map(|_| drawn()).collect();
    for word in other {
        let at = rng.random_range(0..words.len());
        words[at] = word;
    }
    let (before, behind) = menus.split_at(3);
    format!("{}\n{}\n{}", before.join(" | "), words.join(" "), behind.join(" | "))
}

/// All pairs of these sets with a similarity of at least `threshold`, by comparing each with each.
pub fn alike(sets: &[BTreeSet<u64>], threshold: f64) -> Vec<(usize, usize)> {
    let with = |i: usize| {
        let later = (i + 1..sets.len()).filter(move |&j| jaccard(&sets[i], &sets[j]) >= threshold);
        later.map(move |j| (i, j))
    };
    (0..sets.len()).flat_map(with).collect()
}

/// How many candidates there are, and how many of the pairs in `alike` are among them.
///
/// # Errors
/// If there are no bands.
pub fn met(
    sets: &[BTreeSet<u64>],
    alike: &[(usize, usize)],
    [bands, rows]: [usize; 2],
) -> Result<[usize; 2], DedupError> {
    let seeds: Vec<u64> = (0..(bands * rows) as u64).collect();
    let signatures: Vec<Vec<u64>> = sets.iter().map(|set| minhash(set, &seeds)).collect();
    let candidates = lsh_buckets(&signatures, bands, rows)?;
    let found = alike.iter().filter(|pair| candidates.binary_search(pair).is_ok()).count();
    Ok([candidates.len(), found])
}
