//! The few characters of a text between its words.

/// The characters of `text` that are neither ASCII letters or figures nor of U+4000 to U+9FFF, where
/// nearly all Han are, each with its byte: punctuation, blanks and rare Han. What is looked for among
/// them is found without decoding the rest.
///
/// ```
/// use gongbao::base::marks;
/// let found: Vec<_> = marks("产值12，增长3.4%").collect();
/// assert_eq!(found, [(8, '，'), (18, '.'), (20, '%')]);
/// ```
pub fn marks(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            match bytes.get(at)? {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => at += 1,
                0xE4..=0xE9 => at += 3,
                _ => break,
            }
        }
        let mark = text.get(at..)?.chars().next()?;
        let found = (at, mark);
        at += mark.len_utf8();
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_words() {
        let text = "“一A”㐀、ａ鿿ꀀé\u{20000}。";
        let found: String = marks(text).map(|(_, c)| c).collect();
        assert_eq!(found, "“”㐀、ａꀀé\u{20000}。");
        assert!(marks(text).all(|(at, c)| text[at..].starts_with(c)));
        assert_eq!(marks("").next(), None);
    }
}
