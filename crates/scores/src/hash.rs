//! A hash that also a constant can be.

/// Tells versions of a text apart; not for security. FNV-1a.
///
/// ```
/// use scores::content_hash;
///
/// const HASH: u64 = content_hash("Which is a word?");
/// assert_eq!(HASH, content_hash("Which is a word?"));
/// assert_ne!(HASH, content_hash("Which is a word? "));
/// ```
pub const fn content_hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x100_0000_01b3);
        i += 1;
    }
    hash
}
