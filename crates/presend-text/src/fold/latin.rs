//! Latin letters that decomposition leaves outside ASCII.

/// The ASCII letters for a lower-case Latin letter that Unicode does not decompose.
///
/// The choice is our own: the spelling that people use where they have no such key (ø as o, ß as ss, þ as th), and
/// for phonetic letters and small capitals the letter that they are drawn from. Where two spellings are in use
/// (ø as o or oe, å as a or aa) it is the one that only drops a stroke or a mark.
pub(super) const fn ascii(c: char) -> Option<&'static str> {
    if !is_block(c) {
        return None;
    }
    Some(match c {
        'æ' | 'ᴁ' => "ae",
        'œ' | 'ɶ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        'ȸ' => "db",
        'ȹ' => "qp",
        'ꜩ' => "tz",
        'ꜳ' => "aa",
        'ꜵ' => "ao",
        'ꜷ' => "au",
        'ꜹ' | 'ꜻ' => "av",
        'ꜽ' => "ay",
        'ꝏ' => "oo",
        'ꝡ' => "vy",
        'ƕ' => "hv",
        'ỻ' => "ll",
        'ȣ' => "ou",
        'ɑ' | 'ⱥ' | 'ᴀ' | 'ᶏ' => "a",
        'ƀ' | 'ɓ' | 'ƃ' | 'ʙ' | 'ᵬ' | 'ᶀ' | 'ᴃ' | 'ꞗ' => "b",
        'ƈ' | 'ȼ' | 'ɕ' | 'ᴄ' | 'ꞓ' | 'ꞔ' => "c",
        'đ' | 'ð' | 'ɖ' | 'ɗ' | 'ƌ' | 'ȡ' | 'ᴅ' | 'ᴆ' | 'ᵭ' | 'ᶁ' | 'ẟ' | 'ꝺ' => "d",
        'ɇ' | 'ə' | 'ǝ' | 'ɛ' | 'ɘ' | 'ᴇ' | 'ᶒ' | 'ⱸ' => "e",
        'ƒ' | 'ꜰ' | 'ᵮ' | 'ᶂ' | 'ꞙ' | 'ꝼ' => "f",
        'ɡ' | 'ɠ' | 'ǥ' | 'ɢ' | 'ᵹ' | 'ᶃ' | 'ɣ' | 'ꞡ' => "g",
        'ħ' | 'ɦ' | 'ʜ' | 'ⱨ' | 'ꞕ' => "h",
        'ı' | 'ɨ' | 'ɩ' | 'ɪ' | 'ᵻ' | 'ᵼ' | 'ᶖ' => "i",
        'ȷ' | 'ɉ' | 'ɟ' | 'ʝ' | 'ᴊ' => "j",
        'ƙ' | 'ĸ' | 'ᴋ' | 'ⱪ' | 'ᶄ' | 'ꝁ' | 'ꝃ' | 'ꞣ' => "k",
        'ł' | 'ƚ' | 'ɫ' | 'ɬ' | 'ɭ' | 'ȴ' | 'ʟ' | 'ᴌ' | 'ⱡ' | 'ᶅ' | 'ꝉ' => "l",
        'ɱ' | 'ᴍ' | 'ᵯ' | 'ᶆ' => "m",
        'ŋ' | 'ɲ' | 'ɳ' | 'ƞ' | 'ȵ' | 'ɴ' | 'ᵰ' | 'ᶇ' | 'ꞑ' | 'ꞥ' => "n",
        'ø' | 'ɔ' | 'ɵ' | 'ᴏ' | 'ⱺ' | 'ꝋ' | 'ꝍ' => "o",
        'ƥ' | 'ᴘ' | 'ᵽ' | 'ᵱ' | 'ᶈ' | 'ꝑ' | 'ꝓ' | 'ꝕ' => "p",
        'ɋ' | 'ʠ' | 'ꞯ' | 'ꝗ' | 'ꝙ' => "q",
        'ɍ' | 'ɼ' | 'ɽ' | 'ɾ' | 'ʀ' | 'ᵲ' | 'ᵳ' | 'ᶉ' | 'ꞧ' => "r",
        'ʂ' | 'ȿ' | 'ꜱ' | 'ᵴ' | 'ᶊ' | 'ẜ' | 'ẝ' | 'ꞩ' => "s",
        'ŧ' | 'ƫ' | 'ƭ' | 'ʈ' | 'ȶ' | 'ⱦ' | 'ᴛ' | 'ᵵ' => "t",
        'ʉ' | 'ʊ' | 'ᴜ' | 'ᵾ' | 'ᶙ' | 'ꞹ' => "u",
        'ʋ' | 'ᴠ' | 'ⱱ' | 'ⱴ' | 'ᶌ' | 'ỽ' => "v",
        'ⱳ' | 'ƿ' | 'ᴡ' => "w",
        'ᶍ' => "x",
        'ƴ' | 'ɏ' | 'ʏ' | 'ȝ' | 'ỿ' => "y",
        'ƶ' | 'ȥ' | 'ɀ' | 'ʐ' | 'ʑ' | 'ᴢ' | 'ⱬ' | 'ʒ' | 'ƺ' | 'ᵶ' | 'ᶎ' => "z",
        _ => return None,
    })
}

/// Whether a letter that folding has left outside ASCII stands in one of the Latin blocks.
pub(super) const fn is_block(c: char) -> bool {
    matches!(c as u32,
        0x00C0..=0x02AF
        | 0x1D00..=0x1DBF
        | 0x1E00..=0x1EFF
        | 0x2C60..=0x2C7F
        | 0xA720..=0xA7FF
        | 0xAB30..=0xAB6F
        | 0x10780..=0x107BF
        | 0x1DF00..=0x1DFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_a_small_letter_that_decomposition_leaves() {
        // Small capitals and phonetic letters may have a capital; none is one.
        for c in ('\0'..=char::MAX).filter(|c| ascii(*c).is_some()) {
            assert!(c.to_lowercase().eq([c]), "{c}");
            let mut parts = Vec::new();
            unicode_normalization::char::decompose_compatible(c, |part| parts.push(part));
            assert_eq!(parts, [c]);
        }
    }

    #[test]
    fn what_stands_for_a_letter_is_one_to_three_small_letters() {
        let entries: Vec<_> = ('\0'..=char::MAX).filter_map(ascii).collect();
        assert!(entries.len() > 150);
        for letters in entries {
            assert!(letters.len() <= 3 && letters.bytes().all(|byte| byte.is_ascii_lowercase()));
        }
    }
}
