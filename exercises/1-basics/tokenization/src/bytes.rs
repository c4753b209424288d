//! The 256 byte tokens.

/// The id of a byte's token: the bytes in the order of GPT-2's vocabulary.
///
/// GPT-2 numbers the bytes that print (`!` to `~`, `¡` to `¬`, `®` to `ÿ`) first and all others
/// after them, so `!` is 0 and the space is 220. Ties between pairs are broken by id, so whoever
/// wants the same merges as GPT-2's tools needs the same order.
///
/// Source: `bytes_to_unicode` in <https://github.com/openai/gpt-2/blob/master/src/encoder.py>.
pub const fn byte_id(byte: u8) -> u32 {
    IDS[byte as usize] as u32
}

/// The byte of a byte token: the inverse of [`byte_id`]. `id` is below 256.
pub(crate) const fn id_byte(id: u8) -> u8 {
    BYTES[id as usize]
}

const fn prints(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF)
}

/// The bytes in the order of their ids.
const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut id = 0;
    let mut round = 0;
    while round < 2 {
        let mut byte = 0;
        while byte < 256 {
            if prints(byte as u8) == (round == 0) {
                bytes[id] = byte as u8;
                id += 1;
            }
            byte += 1;
        }
        round += 1;
    }
    bytes
};

const IDS: [u8; 256] = {
    let mut ids = [0; 256];
    let mut id = 0;
    while id < 256 {
        ids[BYTES[id] as usize] = id as u8;
        id += 1;
    }
    ids
};
