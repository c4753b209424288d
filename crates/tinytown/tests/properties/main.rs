//! What Tinytown promises, for several worlds, judged from the texts and not by what made them.

mod labels;
mod language;
mod replies;
mod stories;
mod world;

use tinytown::World;

/// Worlds to test: ordinary seeds and those at the ends.
pub fn worlds() -> impl Iterator<Item = World> {
    [0, 1, 2, 3, 7, 42, 1 << 40, u64::MAX].into_iter().map(World::new)
}

/// The words of a text, without punctuation.
pub fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect()
}

/// Some of every kind of text.
pub fn texts(world: &World, stream: u64, n: usize) -> Vec<String> {
    let mut texts: Vec<String> = world.stories(stream).take(n).map(|s| s.text).collect();
    for s in world.summaries(stream).take(n) {
        texts.extend([s.text, s.summary]);
    }
    texts.extend(world.sentiments(stream).take(n).map(|s| s.text));
    texts.extend(world.tagged(stream).take(n).map(|t| t.text));
    for q in world.questions(stream).take(n) {
        texts.extend([q.context, q.question]);
    }
    texts.extend(world.translations(stream).take(n).map(|t| t.english));
    for d in world.dialogues(stream).take(n) {
        texts.extend(d.turns.into_iter().map(|t| t.text));
    }
    for p in world.preferences(stream).take(n) {
        texts.extend([p.prompt, p.chosen, p.rejected]);
    }
    texts.extend(world.documents(stream).take(n).map(|d| d.text));
    texts
}
