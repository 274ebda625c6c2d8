//! Stage 3: [`Clean`] → the tree of numbered sections. Never looks at quantities.

use crate::base::{Diagnostic, Span};
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use crate::record::LabelStyle;

/// One section, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Index of the enclosing section in [`Sections::sections`].
    pub parent: Option<usize>,
    /// Depth, from 1.
    pub level: u32,
    /// Where its label stands in [`Clean::text`].
    pub label: Span,
    /// Number that the label says; none for a dash.
    pub number: Option<u32>,
    /// How the label is written.
    pub style: LabelStyle,
    /// Where its title stands, without the closing full stop.
    pub title: Span,
    /// From its label to its end, subsections included.
    pub span: Span,
}

/// The sections of a page, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Sections {
    /// The tree, flat.
    pub sections: Vec<Section>,
    /// Gaps, repeats and disorder of the numbering.
    pub diagnostics: Vec<Diagnostic>,
}

impl Sections {
    /// Index of the innermost section that holds byte `offset` of the clean text.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<usize> {
        let offset = offset as u32;
        self.sections
            .iter()
            .rposition(|s| s.span.start <= offset && offset < s.span.end)
    }
}

/// Finds the sections.
#[must_use]
pub fn sections(_clean: &Clean, _lexicon: &Lexicon) -> Sections {
    Sections::default()
}
