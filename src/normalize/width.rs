//! Forms of one character folded into one: full-width digits and letters, look-alike code points.
//! And how much room a character takes in a printed line.

use unicode_normalization::UnicodeNormalization;

use crate::lexicon::Lexicon;

/// Distance from a full-width form to its ASCII character.
const FULL_WIDTH: u32 = '！' as u32 - '!' as u32;

/// The character that stands for `c` in clean text, none when `c` stands for itself.
///
/// Folded are full-width digits, Latin letters, `％` and `．`, CJK compatibility ideographs, Kangxi
/// radicals (by Unicode's NFKC) and the CJK radicals of `lexicon/lookalikes.toml`. Punctuation
/// stays as printed, and traditional characters are no look-alikes.
///
/// ```
/// use gongbao::{lexicon::Lexicon, normalize::width::fold};
/// let lexicon = Lexicon::builtin();
/// assert_eq!(fold('\u{F98E}', lexicon), Some('年'));
/// assert_eq!(fold('\u{2F08}', lexicon), Some('人'));
/// assert_eq!(fold('７', lexicon), Some('7'));
/// assert_eq!(fold('，', lexicon), None);
/// assert_eq!(fold('萬', lexicon), None);
/// ```
#[inline]
#[must_use]
pub fn fold(c: char, lexicon: &Lexicon) -> Option<char> {
    match c {
        '\u{0}'..='\u{2E7F}' | '\u{3000}'..='\u{F8FF}' => None,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '．' => {
            char::from_u32(c as u32 - FULL_WIDTH)
        }
        '\u{2E80}'..='\u{2EFF}' => lexicon.lookalikes.fold(c).or_else(|| nfkc(c)),
        '\u{2F00}'..='\u{2FD5}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => nfkc(c),
        _ => None,
    }
}

/// The one character that NFKC makes of `c`, if it changes it.
fn nfkc(c: char) -> Option<char> {
    let mut folded = std::iter::once(c).nfkc();
    let first = folded.next()?;
    (folded.next().is_none() && first != c).then_some(first)
}

/// True for Han characters, the zero `〇` and the iteration mark among them.
#[inline]
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{3005}' | '\u{3007}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Room that a character takes, in quarters of a Han character: 4, or 2 for half-width ones. ASCII
/// brackets and clause marks count as full-width: in Chinese print they are, and it is the engine
/// that reads them as ASCII (331 of 432 brackets).
#[inline]
#[must_use]
pub fn quarters(c: char) -> u32 {
    match c {
        '(' | ')' | ',' | ';' | ':' | '!' | '?' | '[' | ']' | '"' => 4,
        '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '×' => 4,
        '\0'..='\u{10FF}' => 2,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_are_fixed_points() {
        let lexicon = Lexicon::builtin();
        for c in ('\u{0}'..=char::MAX).filter_map(|c| fold(c, lexicon)) {
            assert_eq!(fold(c, lexicon), None, "{c}");
        }
    }

    #[test]
    fn punctuation_stays() {
        let lexicon = Lexicon::builtin();
        for c in "，。、；：？！“”（）《》—…∶﹕〔〕①Ⅱ㎡℃‰".chars()
        {
            assert_eq!(fold(c, lexicon), None, "{c}");
        }
        for (from, to) in [
            ('⻓', '长'),
            ('⼀', '一'),
            ('⼯', '工'),
            ('％', '%'),
            ('Ａ', 'A'),
        ] {
            assert_eq!(fold(from, lexicon), Some(to));
        }
    }
}
