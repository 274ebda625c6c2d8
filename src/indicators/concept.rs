//! Which concept of the code list an indicator speaks of: by its name, what is stated, what that is
//! measured in, and what stands around it.

use super::Indicator;
use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::lexicon::concepts::{Concept, Surroundings, plain};
use crate::record::{Measure, Relation};
use crate::sections::Sections;

/// What rates are measured in, what indices are, and what ratios of several terms are: see
/// [`Concept::dimension`].
const RATIO: &str = "ratio";
const INDEX: &str = "index";
const STRUCTURE: &str = "structure";
/// Percentage points: what rates, shares and growths change by.
const POINTS: &str = "points";

/// For each of the `indicators` of a page, the place of its concept in the code list.
pub(super) fn concepts(
    indicators: &[Indicator],
    text: &str,
    paragraphs: &[Span],
    sections: &Sections,
    lexicon: &Lexicon,
) -> Vec<Option<usize>> {
    let mut finder = Finder {
        indicators,
        text,
        sections,
        lexicon,
        found: vec![None; indicators.len()],
    };
    // What a number is of may stand behind it: the second time, that is known.
    for _ in 0..2 {
        let mut paragraphs = paragraphs.iter().peekable();
        let mut after = None;
        for (place, indicator) in indicators.iter().enumerate() {
            while paragraphs
                .next_if(|p| p.end <= indicator.mention.start)
                .is_some()
            {
                after = None;
            }
            let known = finder.found.get(place).copied().flatten();
            let concept = known.or_else(|| finder.concept(indicator, after));
            if let Some(slot) = finder.found.get_mut(place) {
                *slot = concept;
            }
            after = concept.or(after);
        }
    }
    finder.found
}

struct Finder<'a> {
    indicators: &'a [Indicator],
    text: &'a str,
    sections: &'a Sections,
    lexicon: &'a Lexicon,
    /// What was found so far.
    found: Vec<Option<usize>>,
}

impl Finder<'_> {
    fn concept(&self, indicator: &Indicator, after: Option<usize>) -> Option<usize> {
        if indicator.name.is_empty() {
            return self.inherited(indicator);
        }
        let around = Around {
            finder: self,
            indicator,
            after,
        };
        let concepts = &self.lexicon.concepts;
        let fits = |concept: &Concept| fits(concept, indicator, self.lexicon);
        concepts
            .find(&indicator.name, indicator.measure, &around, fits)
            .or_else(|| self.inherited(indicator))
    }

    /// What is said more of a number that was named before speaks of its concept.
    fn inherited(&self, indicator: &Indicator) -> Option<usize> {
        let of = indicator.of?;
        let whole = self.indicators.get(of)?;
        let same = indicator.name.is_empty() || plain(&indicator.name) == plain(&whole.name);
        let concept = self.found.get(of).copied().flatten()?;
        let all = &self.lexicon.concepts.all;
        (same && indicator.relation != Some(Relation::Part))
            .then_some(concept)
            .filter(|&concept| {
                all.get(concept)
                    .is_some_and(|c| fits(c, indicator, self.lexicon))
            })
    }
}

/// What stands around one indicator.
struct Around<'a> {
    finder: &'a Finder<'a>,
    indicator: &'a Indicator,
    after: Option<usize>,
}

impl Surroundings for Around<'_> {
    fn of(&self) -> Option<usize> {
        let mut at = self.indicator;
        // the growth of a part is of that part, which is of the whole
        for _ in 0..4 {
            let of = at.of?;
            if at.relation == Some(Relation::Part) {
                return self.finder.found.get(of).copied().flatten();
            }
            at = self.finder.indicators.get(of)?;
        }
        None
    }

    fn after(&self) -> Option<usize> {
        self.after
    }

    fn section(&self, word: &str) -> bool {
        let all = &self.finder.sections.sections;
        std::iter::successors(self.indicator.section, |&at| all.get(at)?.parent)
            .take(all.len())
            .filter_map(|at| all.get(at))
            .any(|section| section.title.of(self.finder.text).contains(word))
    }
}

/// True when what is stated can be stated of `concept`, and in such a unit.
fn fits(concept: &Concept, indicator: &Indicator, lexicon: &Lexicon) -> bool {
    let dimension = concept.dimension.as_str();
    let rated = matches!(dimension, RATIO | INDEX);
    let unit = indicator.base_unit.as_str();
    let in_units = || match concept.units.as_slice() {
        [] => lexicon.units.measures(unit, dimension),
        units => units.iter().any(|one| one == unit),
    };
    match indicator.measure {
        Measure::Level => in_units() || dimension == INDEX && unit.is_empty(),
        Measure::Rate => rated,
        Measure::Share => !matches!(dimension, STRUCTURE | INDEX),
        Measure::Change => in_units() || lexicon.units.measures(unit, POINTS),
        Measure::Ratio => dimension == STRUCTURE,
        Measure::Growth | Measure::Contribution | Measure::Multiple | Measure::Rank => true,
    }
}
