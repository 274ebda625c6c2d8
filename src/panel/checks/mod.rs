//! Holding the cells of a panel against each other: years against years, totals against parts, one page
//! against another, and which number of a check that does not come out is the one to doubt.
//!
//! A check is an equation between cells of one place (`relations` says which there are). It comes out
//! exactly, within the rounding of what is written (`range`), or not at all. Growth of sums of money is
//! measured at comparable prices, levels are not: there a difference is expected, and what the other places
//! and years of the panel have for one (`usual`) says how large it may be. `suspects` names the numbers to
//! doubt.

mod equations;
mod place;
mod range;
mod relations;
mod sheet;
mod suspects;
pub mod table;
mod usual;

use self::equations::Equation;
use self::place::{Instance, Place};
use self::relations::Relations;
use self::sheet::Sheet;
use self::usual::Survey;
use super::Panel;
use crate::base::Decimal;
use crate::lexicon::Lexicon;

/// What a check holds against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A sum, ratio or difference that the code list knows.
    Identity,
    /// A share against part and whole.
    Share,
    /// A level against that of the year before and its growth.
    Growth,
    /// The growth of a whole against those of its parts.
    Mean,
    /// A level against that of the year before and its change.
    Change,
    /// One fact as two pages have it.
    Repeated,
    /// A level against the last one: not ten times, nor a tenth.
    Jump,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Share,
        Self::Growth,
        Self::Mean,
        Self::Change,
        Self::Repeated,
        Self::Jump,
    ];

    /// The word in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Share => "share",
            Self::Growth => "growth",
            Self::Mean => "mean",
            Self::Change => "change",
            Self::Repeated => "repeated",
            Self::Jump => "jump",
        }
    }
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// To the last digit, or as near as its [`Note`] lets one expect.
    Ok,
    /// Apart by no more than the rounding of the terms.
    Rounding,
    /// Figures are further apart than such figures are.
    Unlikely,
    /// Figures contradict each other.
    Mismatch,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Rounding, Self::Unlikely, Self::Mismatch];

    /// The word in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rounding => "rounding",
            Self::Unlikely => "unlikely",
            Self::Mismatch => "mismatch",
        }
    }

    /// True for those that put a number in doubt.
    #[must_use]
    pub fn fails(self) -> bool {
        matches!(self, Self::Unlikely | Self::Mismatch)
    }
}

/// Why a check came out that rounding alone does not let come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Note {
    /// Growth is at comparable prices, levels are at current ones.
    Prices,
    /// Growth is weighed at the prices of a base year, not by last year's levels.
    Weights,
    /// The later page has another figure.
    Revised,
    /// The code list allows for so much: what is divided by is a mean over the year.
    Near,
}

impl Note {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Prices, Self::Weights, Self::Revised, Self::Near];

    /// The word in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Weights => "weights",
            Self::Revised => "revised",
            Self::Near => "near",
        }
    }
}

/// How far apart the sides of a check are that does not come out, in percent of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// What prices would have risen by, or how far the mean of the parts lies above the growth.
    pub by: Decimal,
    /// What they rose by in other places and years, and how many checks tell.
    pub usual: Option<(Decimal, usize)>,
}

/// One check: an equation between cells of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is held against what.
    pub kind: Kind,
    /// How it came out.
    pub outcome: Outcome,
    /// Places in [`Panel::cells`]: what comes out first, then what it comes out of.
    pub cells: Box<[usize]>,
    /// Why it came out, where rounding alone does not let it.
    pub note: Option<Note>,
    /// How far apart growths are, where it does not come out.
    pub apart: Option<Box<Apart>>,
    /// Place in [`Checks::findings`], where it does not come out.
    pub finding: Option<usize>,
}

/// A number that is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Places in [`Checks::checks`] of those that do not come out.
    pub checks: Vec<usize>,
    /// Places in [`Panel::cells`] of the cells that may be wrong, the likeliest first.
    pub suspects: Vec<usize>,
    /// What the first may have been, in the unit of its column, where one value only makes all checks
    /// of its cell come out.
    pub fits: Option<Decimal>,
    /// [`Outcome::Mismatch`] where figures contradict each other, [`Outcome::Unlikely`] where they only
    /// are far apart.
    pub outcome: Outcome,
}

/// What was held against each other, and what does not fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {
    /// All checks, by place, year and what comes out; jumps only where there is one.
    pub checks: Vec<Check>,
    /// What is in doubt, by place.
    pub findings: Vec<Finding>,
}

impl Checks {
    /// Holds the cells of `panel` against each other.
    #[must_use]
    pub fn of(panel: &Panel, lexicon: &Lexicon) -> Self {
        let sheet = Sheet::of(panel, lexicon);
        let relations = Relations::of(panel, &sheet.kinds, lexicon);
        let survey = Survey::of(&sheet, &relations);
        let mut out = Self::default();
        for rows in sheet.places() {
            let place = Place::of(&sheet, rows);
            let instances = place.instances(&relations, &survey);
            out.add(place, &instances);
        }
        out
    }

    fn add(&mut self, place: Place<'_>, instances: &[Instance]) {
        let mut places = Vec::with_capacity(instances.len());
        for instance in instances {
            places.push(self.checks.len());
            let fails = instance.held.outcome.fails();
            if instance.equation == Equation::Alike && !fails {
                continue;
            }
            let apart = || Some(Box::new(apart(&place, instance)?));
            self.checks.push(Check {
                kind: instance.kind,
                outcome: instance.held.outcome,
                cells: instance.cells.clone().into_boxed_slice(),
                note: instance.held.note,
                apart: fails.then(apart).flatten(),
                finding: None,
            });
        }
        for mut finding in suspects::findings(place, instances) {
            let told = finding.checks.iter();
            finding.checks = told.filter_map(|&at| places.get(at).copied()).collect();
            for &at in &finding.checks {
                if let Some(check) = self.checks.get_mut(at) {
                    check.finding = Some(self.findings.len());
                }
            }
            self.findings.push(finding);
        }
    }
}

/// How far apart the sides of `instance` are, for people.
fn apart(place: &Place<'_>, instance: &Instance) -> Option<Apart> {
    /// Billionths in a hundredth of a percent.
    const HUNDREDTH: i128 = range::ONE / 10_000;
    let percent = |by: i128| {
        let rounded = by.checked_add(HUNDREDTH / 2)?.div_euclid(HUNDREDTH);
        Decimal::new(rounded, 2).ok()
    };
    let usual = |usual: usual::Usual| Some((percent(usual.centre)?, usual.checks));
    Some(Apart {
        by: percent(place.apart(instance)?.by)?,
        usual: instance.usual.and_then(usual),
    })
}

#[cfg(test)]
mod tests;
