//! `lexicon/names.toml`: words that the grammar of names goes by.

use serde::Deserialize;

use super::{Forms, LexiconError};
use crate::base::CharMap;
use crate::record::Status;

/// Groups of words that are looked for in every clause. Where none of a group's first characters
/// stands, there is none of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordGroup {
    /// [`Names::part`].
    Part,
    /// [`Names::respectively`].
    Respectively,
    /// [`Names::turning`].
    Turning,
    /// [`Names::kept`].
    Kept,
    /// [`Names::inner`].
    Inner,
    /// [`Names::realised`].
    Realised,
    /// [`Names::way`].
    Way,
    /// [`Names::status_in`].
    Status,
    /// [`super::Changes::peer_in`].
    Peer,
    /// [`super::Changes::basis_in`].
    Basis,
    /// [`super::Changes::contribution`].
    Contribution,
    /// [`super::Changes::share_verb`].
    ShareVerb,
}

/// Some of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Groups(u16);

impl Groups {
    /// The groups of each first character.
    pub(super) fn by_initial(groups: &[(WordGroup, &Forms)]) -> CharMap<Self> {
        let mut out = CharMap::new();
        for &(group, forms) in groups {
            for c in forms.initials() {
                let known: Self = out.get(c).unwrap_or_default();
                out.insert(c, known.or(Self(1 << group as u16)));
            }
        }
        out
    }

    /// True when `group` is one of them.
    #[must_use]
    pub fn has(self, group: WordGroup) -> bool {
        self.0 >> group as u16 & 1 == 1
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These and `others`.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    forms: Vec<String>,
    /// Texts with one quantity at least.
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<String>,
}

/// A text with a quantity of this name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameExample {
    /// Clean text of our own making.
    pub text: String,
    /// What the quantity is called.
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "hit and miss are read by `entries`")]
pub(super) struct Kept {
    forms: Vec<String>,
    hit: Vec<NameExample>,
    /// Texts in which nothing is called by one of the forms.
    #[serde(default)]
    miss: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collective {
    forms: Vec<String>,
    /// What it stands for.
    parts: Vec<String>,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusGroup {
    forms: Vec<String>,
    status: Status,
    /// True when it holds to the end of the sentence.
    #[serde(default)]
    carry: bool,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<String>,
}

macro_rules! names {
    ($($(#[$doc:meta])* $group:ident,)*) => {
        super::tables! {
            File("names") {
                $($group: Group,)*
                kept: Kept,
                collective: Collective,
                status: StatusGroup,
                status_title: StatusGroup,
                past_title: StatusGroup,
            }
        }

        /// All words of the file, compiled.
        #[derive(Debug)]
        pub struct Names {
            $($(#[$doc])* pub $group: Forms,)*
            /// Names that are kept whole, whatever words they hold.
            pub kept: Forms,
            /// Words that stand for several things; see [`Names::parts_of`].
            pub collective: Forms,
            collectives: Vec<Collective>,
            statuses: Vec<StatusGroup>,
            status: Forms,
            title: Forms,
            rank_unit: String,
            initials: CharMap<Groups>,
        }

        impl Names {
            pub(super) fn compile(f: File) -> Result<Self, LexiconError> {
                let file = File::NAME;
                let mut statuses = f.status;
                let clause = statuses.len();
                statuses.extend(f.status_title);
                statuses.extend(f.past_title);
                let status_forms = |from: usize, to: usize| {
                    Forms::new(
                        file,
                        statuses
                            .iter()
                            .enumerate()
                            .skip(from)
                            .take(to - from)
                            .flat_map(|(i, g)| g.forms.iter().map(move |w| (w.as_str(), i))),
                    )
                };
                let mut out = Self {
                    rank_unit: f
                        .place
                        .iter()
                        .flat_map(|g| &g.forms)
                        .next()
                        .cloned()
                        .unwrap_or_default(),
                    $($group: Forms::new(
                        file,
                        f.$group.iter().flat_map(|g| g.forms.iter().map(|w| (w.as_str(), 0))),
                    )?,)*
                    kept: Forms::new(
                        file,
                        f.kept.iter().flat_map(|g| g.forms.iter().map(|w| (w.as_str(), 0))),
                    )?,
                    collective: Forms::new(
                        file,
                        f.collective
                            .iter()
                            .enumerate()
                            .flat_map(|(i, g)| g.forms.iter().map(move |w| (w.as_str(), i))),
                    )?,
                    collectives: f.collective,
                    status: status_forms(0, clause)?,
                    title: status_forms(clause, statuses.len())?,
                    statuses,
                    initials: CharMap::new(),
                };
                out.initials = Groups::by_initial(&[
                    (WordGroup::Part, &out.part),
                    (WordGroup::Respectively, &out.respectively),
                    (WordGroup::Turning, &out.turning),
                    (WordGroup::Kept, &out.kept),
                    (WordGroup::Inner, &out.inner),
                    (WordGroup::Realised, &out.realised),
                    (WordGroup::Way, &out.way),
                    (WordGroup::Status, &out.status),
                ]);
                Ok(out)
            }
        }
    };
}

names! {
    /// 和, 及, 与.
    join,
    /// Words that begin like one of them: 和美.
    no_join,
    /// Measure words of ranks.
    place,
    /// What opens a class of ranks: 前.
    front,
    /// What opens the earlier of two values: 由, 从.
    from,
    /// Words of ratios.
    ratio,
    /// Words of place that are no part of a name.
    region,
    /// Adverbs at the front.
    adverb,
    /// Verbs at the front that only say that it came about.
    realised,
    /// Verbs right before a number.
    stated,
    /// Words that end the name behind a number.
    predicate,
    /// Nouns that such a word only describes.
    modified,
    /// Nouns that need the topic's name.
    generic,
    /// What a statistic is of a thing.
    head,
    /// Verbs that go on through a list.
    fresh,
    /// Verbs that make an item a matter of its own.
    act,
    /// Verbs right before a number that take what stands behind it.
    opening,
    /// 合计.
    total,
    /// 其中.
    part,
    /// Words that turn from what was to what is to be: 预期目标是.
    turning,
    /// Words of a heading over what is to be done in the year that follows.
    next,
    /// Labels of what is to be done: 一要.
    duty,
    /// Labels of what was done: 一是.
    report,
    /// Before a short form in brackets: 以下简称.
    short_for,
    /// Behind a whole of which parts follow: 22项指标中.
    inside,
    /// Words that open another division of the same whole: 按, 分.
    partition,
    /// What ends a clause that divides the whole: 分, 看.
    partition_end,
    /// 每期, 人均.
    per,
    /// 总量.
    grand,
    /// Nouns of one kind in a row.
    parallel,
    /// What a crop gives: 播种面积, 总产.
    yields,
    /// Before a second value of the same thing: 折合.
    same,
    /// What ends the subject of a clause without a number.
    breaks,
    /// 分别.
    respectively,
    /// 原来.
    former,
    /// 等.
    so_on,
    /// 的, 了.
    particle,
    /// 向, 对 right before a number.
    preposition,
    /// Between a verb of change and its number.
    aspect,
    /// 增速.
    of_growth,
    /// What names end with that need no head from the last of their row.
    complete,
    /// Verbs of realisation inside a name.
    inner,
    /// What makes a heading of the figures before it.
    label,
    /// Ends of an adverbial phrase in front of a name.
    way,
}

impl Names {
    /// The groups of names that have a word with this first character.
    #[inline]
    #[must_use]
    pub fn opened_by(&self, c: char) -> Groups {
        self.initials.get(c).unwrap_or_default()
    }

    /// The groups that may have a word in `text`.
    #[must_use]
    pub fn groups_in(&self, text: &str) -> Groups {
        let opened = text.chars().map(|c| self.opened_by(c));
        opened.fold(Groups::default(), Groups::or)
    }

    /// True for 和, 及, 与.
    #[must_use]
    pub fn joins(&self, c: char) -> bool {
        self.join.whole(c.encode_utf8(&mut [0; 4])).is_some()
    }

    /// True for a clause that divides a whole: 按经营地分, 分季节看.
    #[must_use]
    pub fn divides(&self, clause: &str) -> bool {
        self.partition.at(clause, 0).is_some()
            && self.partition_end.before(clause, clause.len()).is_some()
    }

    /// True for measure words of ranks.
    #[must_use]
    pub fn places(&self, unit: &str) -> bool {
        self.place.whole(unit).is_some()
    }

    /// True for what opens a class of ranks: 前.
    #[must_use]
    pub fn fronts(&self, c: char) -> bool {
        self.front.whole(c.encode_utf8(&mut [0; 4])).is_some()
    }

    /// True for what opens the earlier of two values: 由, 从.
    #[must_use]
    pub fn opens_from(&self, c: char) -> bool {
        self.from.whole(c.encode_utf8(&mut [0; 4])).is_some()
    }

    /// What follows the particle at the start of `text`, none when there is none.
    #[must_use]
    pub fn stated_particle<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (end, _) = self.particle.at(text, 0)?;
        text.get(end..)
    }

    /// True when `text` starts as a heading does: figures and what makes a label of them.
    #[must_use]
    pub fn numbered(&self, text: &str, numerals: &super::Numerals) -> bool {
        let rest =
            text.trim_start_matches(|c: char| c.is_ascii_digit() || numerals.figure(c).is_some());
        rest.len() < text.len() && self.label.at(rest, 0).is_some()
    }

    /// The part of a collective that `name` starts with: 第一产业.
    #[must_use]
    pub fn collective_part<'t>(&self, name: &'t str) -> Option<&'t str> {
        self.collectives
            .iter()
            .flat_map(|c| &c.parts)
            .find(|p| name.starts_with(p.as_str()))
            .and_then(|p| name.get(..p.len()))
    }

    /// What a collective word stands for.
    #[must_use]
    pub fn parts_of(&self, index: usize) -> &[String] {
        self.collectives.get(index).map_or(&[], |c| &c.parts)
    }

    /// The last status word of a text, and whether it holds to the end of the sentence.
    #[must_use]
    pub fn status_in(&self, text: &str) -> Option<(Status, bool)> {
        let (_, _, index) = self.status.all(text).last()?;
        self.statuses.get(index).map(|s| (s.status, s.carry))
    }

    /// The last status word of a text.
    #[must_use]
    pub fn status_word<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (from, to, _) = self.status.all(text).last()?;
        text.get(from..to)
    }

    /// The end of the last word in `text` that says of a whole sentence whether it has come true: 力争.
    #[must_use]
    pub fn status_end(&self, text: &str) -> Option<usize> {
        let holds = |&(_, _, index): &(usize, usize, usize)| {
            self.statuses.get(index).is_some_and(|s| s.carry)
        };
        self.status.all(text).filter(holds).last().map(|f| f.1)
    }

    /// What a section's title says of the numbers in it, and whether it says another thing too:
    /// 成就和目标任务 opens with what was.
    #[must_use]
    pub fn status_of_title(&self, title: &str) -> Option<(Status, bool)> {
        let mut found = self
            .title
            .all(title)
            .filter_map(|(_, _, index)| self.statuses.get(index).map(|s| s.status));
        let first = found.next()?;
        let both = found.any(|other| other != first);
        Some((if both { Status::Actual } else { first }, both))
    }

    /// Characters that a number may start with: 前 of 前三.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.front.initials()
    }

    /// The unit of a rank.
    #[must_use]
    pub fn rank_unit(&self) -> &str {
        &self.rank_unit
    }
}
