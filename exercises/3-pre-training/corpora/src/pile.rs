//! The Pile's sources, as its paper has them (Gao and others, 2020, table 1).

use crate::Source;

/// Name, size in hundredths of a GiB, epochs in tenths, and weight in hundredths of a percent.
pub const TABLE: [(&str, u64, u32, u32); 22] = [
    ("Pile-CC", 22_712, 10, 1811),
    ("PubMed Central", 9_027, 20, 1440),
    ("Books3", 10_096, 15, 1207),
    ("OpenWebText2", 6_277, 20, 1001),
    ("ArXiv", 5_621, 20, 896),
    ("GitHub", 9_516, 10, 759),
    ("FreeLaw", 5_115, 15, 612),
    ("Stack Exchange", 3_220, 20, 513),
    ("USPTO Backgrounds", 2_290, 20, 365),
    ("PubMed Abstracts", 1_926, 20, 307),
    ("Gutenberg (PG-19)", 1_088, 25, 217),
    ("OpenSubtitles", 1_298, 15, 155),
    ("Wikipedia (en)", 638, 30, 153),
    ("DM Mathematics", 775, 20, 124),
    ("Ubuntu IRC", 552, 20, 88),
    ("BookCorpus2", 630, 15, 75),
    ("EuroParl", 459, 20, 73),
    ("HackerNews", 390, 20, 62),
    ("YouTube Subtitles", 373, 20, 60),
    ("PhilPapers", 238, 20, 38),
    ("NIH ExPorter", 189, 20, 30),
    ("Enron Emails", 88, 20, 14),
];

/// The sources in units of a hundredth of a GiB, each weighted by its size times its epochs.
pub fn sources() -> Vec<Source> {
    let source = |&(_, size, epochs, _): &(&str, u64, u32, u32)| Source {
        tokens: size,
        weight: size as u32 * epochs,
    };
    TABLE.iter().map(source).collect()
}
