//! `lexicon/changes.toml`: words that say what a number states about a thing.

use serde::Deserialize;

use super::names::{Groups, WordGroup};
use super::{Forms, LexiconError};
use crate::base::CharMap;
use crate::record::{Basis, Measure};

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// 增长.
    Up,
    /// 下降.
    Down,
}

/// A text whose last quantity is read as said.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureExample {
    /// Clean text of our own making.
    pub text: String,
    /// What is stated.
    pub measure: Option<Measure>,
    /// What it is measured against.
    pub basis: Option<Basis>,
    /// Signed value.
    pub value: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Directed {
    forms: Vec<String>,
    direction: Direction,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<MeasureExample>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Based {
    forms: Vec<String>,
    basis: Basis,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<MeasureExample>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    forms: Vec<String>,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<MeasureExample>,
}

macro_rules! changes {
    ($($(#[$doc:meta])* $group:ident,)*) => {
        super::tables! {
            File("changes") { change: Directed, peer: Directed, basis: Based, $($group: Group,)* }
        }

        /// All words of the file, compiled.
        #[derive(Debug)]
        pub struct Changes {
            change: Forms,
            changes: Vec<Directed>,
            peer: Forms,
            peers: Vec<Directed>,
            basis: Forms,
            bases: Vec<Based>,
            $($(#[$doc])* pub $group: Forms,)*
            initials: CharMap<Groups>,
        }

        impl Changes {
            pub(super) fn compile(f: File) -> Result<Self, LexiconError> {
                let directed = |groups: &[Directed]| {
                    Forms::new(
                        File::NAME,
                        groups
                            .iter()
                            .enumerate()
                            .flat_map(|(i, g)| g.forms.iter().map(move |w| (w.as_str(), i))),
                    )
                };
                let mut out = Self {
                    change: directed(&f.change)?,
                    changes: f.change,
                    peer: directed(&f.peer)?,
                    peers: f.peer,
                    basis: Forms::new(
                        File::NAME,
                        f.basis
                            .iter()
                            .enumerate()
                            .flat_map(|(i, g)| g.forms.iter().map(move |w| (w.as_str(), i))),
                    )?,
                    bases: f.basis,
                    $($group: Forms::new(
                        File::NAME,
                        f.$group.iter().flat_map(|g| g.forms.iter().map(|w| (w.as_str(), 0))),
                    )?,)*
                    initials: CharMap::new(),
                };
                out.initials = Groups::by_initial(&[
                    (WordGroup::Peer, &out.peer),
                    (WordGroup::Basis, &out.basis),
                    (WordGroup::Contribution, &out.contribution),
                    (WordGroup::ShareVerb, &out.share_verb),
                ]);
                Ok(out)
            }
        }
    };
}

changes! {
    /// Behind a verb of change, makes a level of it.
    to,
    /// Before a time that something is compared with.
    versus,
    /// Whom one is compared with.
    whom,
    /// Nouns that make a growth of a percentage.
    growth_noun,
    /// How names of rates end.
    rate_noun,
    /// How names of shares end.
    share_noun,
    /// 占.
    share_verb,
    /// 完成 before a plan.
    fulfil,
    /// 计划.
    plan,
    /// 贡献率, 拉动.
    contribution,
    /// 是 before …的2.4倍.
    multiple,
}

impl Changes {
    /// The groups of changes that have a word with this first character.
    #[inline]
    #[must_use]
    pub fn opened_by(&self, c: char) -> Groups {
        self.initials.get(c).unwrap_or_default()
    }

    /// The verb of change that ends at byte `at`: its start and direction.
    #[must_use]
    pub fn change_before(&self, text: &str, at: usize) -> Option<(usize, Direction)> {
        let (start, index) = self.change.before(text, at)?;
        Some((start, self.changes.get(index)?.direction))
    }

    /// True when a verb of change starts at byte `at`.
    #[must_use]
    pub fn change_at(&self, text: &str, at: usize) -> bool {
        self.change.at(text, at).is_some()
    }

    /// True when a basis word starts at byte `at`.
    #[must_use]
    pub fn basis_at(&self, text: &str, at: usize) -> bool {
        self.basis.at(text, at).is_some()
    }

    /// The last comparison with others in `text`: its start, end and direction.
    #[must_use]
    pub fn peer_in(&self, text: &str) -> Option<(usize, usize, Direction)> {
        let (start, end, index) = self.peer.all(text).last()?;
        Some((start, end, self.peers.get(index)?.direction))
    }

    /// The last basis word in `text`: its start, end and what it says.
    #[must_use]
    pub fn basis_in(&self, text: &str) -> Option<(usize, usize, Basis)> {
        let (start, end, index) = self.basis.all(text).last()?;
        Some((start, end, self.bases.get(index)?.basis))
    }
}
