//! What the build script and the pattern engine must agree on: how a pattern is read, and the bytes that it can open with
//! as bits. The script fills the tables, the engine asks them.

use regex_automata::util::syntax::Config;

/// Patterns are written for folded text, which is ASCII but for letters of other scripts, and boundaries are ASCII.
pub(crate) fn syntax() -> Config {
    Config::new().unicode(false).utf8(false).multi_line(true)
}

/// The words of each table, 64 bits each.
pub(crate) const PAIRS: usize = 128 * 128 / 64;
pub(crate) const THREES: usize = 1 << 16 >> 6;
pub(crate) const FOURS: usize = 1 << 16 >> 6;
pub(crate) const EIGHTS: usize = 1 << 16 >> 6;

/// The bit of a pair of ASCII bytes.
pub(crate) const fn pair_bit(first: u8, second: u8) -> usize {
    first as usize * 128 + second as usize
}

/// The bit of an opening of three bytes.
pub(crate) const fn three_bit([a, b, c]: [u8; 3]) -> usize {
    (u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// The bit of an opening of four bytes.
pub(crate) const fn four_bit(opening: [u8; 4]) -> usize {
    (u32::from_le_bytes(opening).wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// The bit of an opening of eight bytes.
pub(crate) const fn eight_bit(opening: [u8; 8]) -> usize {
    (u64::from_le_bytes(opening).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize
}
