//! Whether labels are numbered one after the other.

use super::Section;
use crate::base::Diagnostic;
use crate::base::diagnostic::Place;
use crate::lexicon::Lexicon;
use crate::normalize::Clean;

/// Gaps, repeats and disorder among the sections of one kind below one parent. The first of a page
/// may have any number: pages go on from others.
pub(super) fn check(
    sections: &[Section],
    kinds: &[usize],
    clean: &Clean,
    lexicon: &Lexicon,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    // The number of the last one of each kind: a row for the page and one for each section that
    // holds the one that is looked at.
    let width = lexicon.labels.kinds.len();
    let mut last: Vec<Option<u32>> = vec![None; width];
    for (i, section) in sections.iter().enumerate() {
        let level = section.level as usize;
        last.truncate(level * width);
        last.resize((level + 1) * width, None);
        let Some(number) = section.number else {
            continue;
        };
        let through = lexicon.labels.kinds[kinds[i]].through;
        let row = section.parent.filter(|_| !through).map_or(0, |_| level - 1);
        let before = last[row * width + kinds[i]].replace(number);
        let label = section.label.of(&clean.text);
        let series = lexicon.labels.kinds[kinds[i]].anywhere;
        let (code, what) = match before {
            None if number > 1 && (row > 0 || i > 0) && !series && !through => (
                "numbering-gap",
                format!("the numbering begins with {label}: expected number 1"),
            ),
            None => continue,
            Some(before) if number == before + 1 => continue,
            // A new series of 一是 … may begin anywhere.
            Some(_) if number == 1 && series => continue,
            Some(before) if number == before => (
                "numbering-repeat",
                format!("{label} repeats number {number}: expected {}", before + 1),
            ),
            Some(before) if number < before => (
                "numbering-order",
                format!(
                    "{label} comes after number {before}: expected {}",
                    before + 1
                ),
            ),
            Some(before) => (
                "numbering-gap",
                format!(
                    "{label} comes after number {before}: expected {}",
                    before + 1
                ),
            ),
        };
        out.push(Diagnostic::warning(code, what, Place::Clean(section.label)));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::decode::{EncodingChoice, decode};
    use crate::lexicon::Lexicon;
    use crate::normalize::normalize;
    use crate::sections::sections;

    fn codes(page: &str) -> Vec<&'static str> {
        let lexicon = Lexicon::builtin();
        let page = decode("t", page.as_bytes(), EncodingChoice::Detect).unwrap();
        let found = sections(&normalize(&page, lexicon), lexicon);
        found.diagnostics.iter().map(|d| d.code).collect()
    }

    #[test]
    fn findings() {
        assert!(codes("一、农业\n二、林业\n（一）造林\n（二）护林\n三、水利").is_empty());
        assert_eq!(codes("一、农业\n三、林业"), ["numbering-gap"]);
        assert_eq!(codes("一、农业\n二、林业\n二、水利"), ["numbering-repeat"]);
        assert_eq!(codes("三、农业\n一、林业"), ["numbering-order"]);
        assert_eq!(codes("一、农业\n（二）林业"), ["numbering-gap"]);
        assert!(codes("（四）农业\n（五）林业").is_empty());
    }
}
