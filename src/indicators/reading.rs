//! What a clause states with a number: level, growth, change, share, rank …, of what, against what.

use smol_str::{SmolStr, format_smolstr};

use super::clause::Place;
use super::name;
use super::nearby::Times;
use super::why::{Rule, Trace, code};
use crate::base::Span;
use crate::lexicon::changes::Direction;
use crate::lexicon::names::{Groups, WordGroup};
use crate::lexicon::{Forms, Lexicon};
use crate::quantities::{Kind, Quantity, Year};
use crate::record::{Basis, Measure, Precision};

/// How many characters the plan behind a number may be called with: 4万人的年度任务.
const LONGEST_PLAN: usize = 6;

/// Rates of population in it are rates, whatever they are called.
const PER_MILLE: &str = "‰";

/// What is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// What kind of statement.
    pub measure: Measure,
    /// The noun phrase in the clause itself; empty when the clause has none and speaks of the
    /// topic.
    pub subject: SmolStr,
    /// What is put behind the topic's name when there is no subject: 增速.
    pub basis: Option<Basis>,
    /// True for 下降.
    pub down: bool,
    /// True when a verb stood between name and number: 达到, 为.
    pub stated: bool,
    /// True when the name stands behind the number.
    pub behind: bool,
    /// True for the earlier of two values: 由A提高到B.
    pub earlier: bool,
    /// Words between a share's holder and its whole that make the number one of about so much.
    pub approximate: Option<Precision>,
    /// True for a number that is itself a plan: 完成年度任务3000人.
    pub planned: bool,
}

/// What the reading needs to know of the page.
pub(super) struct Context<'a> {
    pub text: &'a str,
    pub times: &'a Times<'a>,
    pub lexicon: &'a Lexicon,
    /// True when the number before in the clause is a plan: 完成年度任务3000人的106.2%.
    pub of_plan: bool,
    /// True when the number before in the clause is named by the noun behind it.
    pub after_noun: bool,
    /// The year that is spoken of.
    pub year: Option<i16>,
    /// What the topic states, for clauses without a noun.
    pub topic: Option<Measure>,
    /// What the topic is called.
    pub topic_name: Option<&'a str>,
    /// The groups that may have a word in the text before the number.
    pub groups: Groups,
    /// Where decisions are told.
    pub trace: &'a Trace,
}

impl Context<'_> {
    /// Tells that `rule` made the measure of `words`.
    fn measure(&self, rule: Rule, measure: Measure, words: &str) {
        self.trace.tell(rule, || (code(measure), words));
    }

    /// Tells the basis and, by `down`, the direction.
    fn against(&self, rule: Rule, out: &Reading, words: &str) {
        if let Some(basis) = out.basis {
            self.trace.tell(rule, || (code(basis), words));
        }
        if out.down {
            self.trace.tell(Rule::Downward, || ("negative", ""));
        }
    }

    /// The text from byte `at` of the page to `place`'s number.
    fn up_to(&self, at: usize, place: &Place) -> &str {
        self.text.get(at..place.lead.end as usize).unwrap_or("")
    }
}

/// A basis phrase and where it starts in the page.
fn basis_in(context: &Context<'_>, span: Span) -> Option<(Basis, usize)> {
    let text = span.of(context.text);
    let start = span.start as usize;
    let any = context.groups.has(WordGroup::Basis);
    let word = any
        .then(|| context.lexicon.changes.basis_in(text))
        .flatten();
    let word = word.map(|(from, _, basis)| (basis, start + from));
    // 一九五五年增加 holds no 五年增加.
    let word = word.filter(|&(_, at)| {
        let before = context.times.before(at as u32);
        before.last().is_none_or(|t| t.span.end as usize <= at)
    });
    let mut dated = None;
    for time in context.times.ending_behind(span.start) {
        if time.span.end > span.end {
            break;
        }
        let at = time.span.start as usize;
        let Some((from, _)) = context.lexicon.changes.versus.before(context.text, at) else {
            if time.expression.back.is_some() {
                dated = Some((Basis::Since, at));
            }
            continue;
        };
        if from < start {
            continue;
        }
        let last_year = match time.expression.year {
            Year::Offset(offset) => offset == -1,
            Year::Given(year) => context.year.is_some_and(|y| y - 1 == year),
            Year::Unsaid => false,
        };
        let basis = if last_year && time.expression.last_year.is_none() {
            Basis::Yoy
        } else {
            Basis::Since
        };
        dated = Some((basis, from));
    }
    // A word such as 比上年末 says more than the time in it.
    match (word, dated) {
        (Some(w), Some(d)) if d.1 > w.1 => Some(d),
        (Some(w), _) => Some(w),
        (None, d) => d,
    }
}

/// Reads one quantity in its clause.
pub(super) fn read(quantity: &Quantity, place: &Place, context: &Context<'_>) -> Reading {
    let lexicon = context.lexicon;
    let changes = &lexicon.changes;
    let lead = name::plain(context.text, place.lead, context.times, lexicon);
    let lead = match context.after_noun {
        // The noun behind the number before: 5个公园和｜3个广场.
        true => name::after_row_mark(&lead, lexicon),
        false => &lead,
    };
    let lead = lead.trim_end();
    let core = name::strip_back(lead, lexicon);
    let stated = core.len() < lead.trim_end_matches(name::is_mark).len();
    let mut out = Reading {
        measure: Measure::Level,
        subject: SmolStr::default(),
        basis: None,
        down: false,
        stated,
        behind: false,
        earlier: opens_from(lead, lexicon),
        approximate: None,
        planned: false,
    };
    let before = |s: &str| name::before(s, lexicon);
    let cut = |to: usize| {
        let span = Span::new(place.lead.start as usize, to.max(place.lead.start as usize));
        before(&name::plain(context.text, span, context.times, lexicon))
    };
    let ratio = matches!(quantity.dimension.as_str(), "ratio" | "fraction");
    let points = quantity.dimension == "points";
    let times = quantity.dimension == "times";

    match quantity.kind {
        Kind::Ratio => {
            out.measure = Measure::Ratio;
            context.measure(Rule::RatioForm, out.measure, "");
            out.subject = before(lead);
            return out;
        }
        Kind::Rank => {
            out.measure = Measure::Rank;
            let words = lead.get(ranking_start(lead, lexicon)..).unwrap_or("");
            context.measure(Rule::RankForm, out.measure, words);
            out.subject = before(lead.get(..ranking_start(lead, lexicon)).unwrap_or(""));
            return out;
        }
        Kind::Doubling => {
            out.measure = Measure::Multiple;
            context.measure(Rule::DoublingWord, out.measure, "");
            out.subject = match basis_in(context, place.lead) {
                Some((_, at)) => cut(at),
                None => before(lead),
            };
            return out;
        }
        Kind::Number | Kind::Fraction => {}
    }

    // 第二产业拉动经济增长2.9个百分点, 贡献率.
    if (ratio || points)
        && context.groups.has(WordGroup::Contribution)
        && let Some((at, _, _)) = changes.contribution.first(lead)
        // 科技进步贡献率 is a rate of its own.
        && changes.rate_noun.before(core, core.len()).is_none_or(|r| r.0 > at)
    {
        out.measure = Measure::Contribution;
        let words = lead.get(at..).unwrap_or("");
        context.measure(Rule::ContributionWord, out.measure, words);
        out.subject = if points {
            before(lead.get(..at).unwrap_or(""))
        } else {
            before(lead)
        };
        return out;
    }

    // 占W的Q, 完成年计划的Q.
    if ratio {
        if context.groups.has(WordGroup::ShareVerb)
            && let Some((at, _, _)) = changes.share_verb.all(lead).last()
        {
            out.measure = Measure::Share;
            context.measure(Rule::ShareVerb, out.measure, lead.get(at..).unwrap_or(""));
            out.approximate = lexicon.approximations.before(lead, at, false).map(|a| a.1);
            let holder = before(lead.get(..at).unwrap_or(""));
            // 总量占全市的8.6%: the topic's.
            if !holder.is_empty() && lexicon.names.generic.whole(&holder).is_none() {
                out.subject = before(lead);
            }
            return out;
        }
        let of_plan = ends_with(core, &changes.plan) && changes.fulfil.within(core);
        if of_plan || context.of_plan && core.is_empty() {
            out.measure = Measure::Share;
            context.measure(Rule::PlanShare, out.measure, core);
            let at = changes.fulfil.all(core).last().map_or(0, |f| f.0);
            out.subject = before(core.get(..at).unwrap_or(""));
            return out;
        }
    }

    // 不到总农户的十分之一: the topic's share of it.
    if (ratio || quantity.kind == Kind::Fraction)
        && let Some(rest) = lead.strip_suffix(|c| is_particle(c, lexicon))
        && let trimmed = rest.trim_start_matches(name::is_mark)
        && let Some(said) = lexicon.approximations.opens(trimmed)
    {
        out.measure = Measure::Share;
        out.approximate = Some(said);
        context.measure(Rule::ShareVerb, out.measure, lead);
        return out;
    }

    // 是2015年的2.4倍, 缩减到原来的三分之一.
    let possessive = lead.ends_with(|c: char| {
        lexicon
            .names
            .stated
            .whole(c.encode_utf8(&mut [0; 4]))
            .is_some()
    }) && core.len() < lead.len();
    if times && possessive && !ends_with_change(lead, lexicon)
        || quantity.kind == Kind::Fraction && lexicon.names.former.within(lead)
    {
        out.measure = Measure::Multiple;
        context.measure(Rule::MultipleOf, out.measure, "");
        let former = lexicon
            .names
            .former
            .all(lead)
            .last()
            .map_or(lead.len(), |f| f.0);
        let head = lead.get(..former).unwrap_or("");
        let verb = changes
            .multiple
            .all(head)
            .last()
            .map_or(head.len(), |f| f.0);
        out.subject = before(head.get(..verb).unwrap_or(""));
        return out;
    }

    // 高于全国0.7个百分点, 高于全国平均水平0.7个百分点.
    let peer = context.groups.has(WordGroup::Peer);
    let peer = peer.then(|| changes.peer_in(lead)).flatten();
    if let Some((at, end, direction)) = peer
        && (changes.whom.at(lead, end).is_some() || points && end == lead.len())
        && (points || ratio || quantity.dimension == "money")
        && (!stated || only_whom(lead.get(end..).unwrap_or(""), lexicon))
    {
        out.measure = Measure::Change;
        // 高于“十三五”时期0.7个百分点: the time has been taken out of the lead.
        out.basis = Some(if end == lead.len() {
            Basis::Since
        } else {
            Basis::Peer
        });
        out.down = direction == Direction::Down;
        let words = lead.get(at..).unwrap_or("");
        context.measure(Rule::ComparedWithOthers, out.measure, words);
        let rule = match out.basis {
            Some(Basis::Since) => Rule::EarlierTime,
            _ => Rule::PeerBasis,
        };
        context.against(rule, &out, words);
        out.subject = before(lead.get(..at).unwrap_or(""));
        return out;
    }

    // 超计划5%, 超年度计划33户.
    let beyond = || match basis_in(context, place.lead) {
        Some((Basis::Plan, from)) => Some((cut(from), Direction::Up)),
        _ => peer.map(|(at, _, way)| (before(lead.get(..at).unwrap_or("")), way)),
    };
    if ends_with(core, &changes.plan)
        && let Some((subject, way)) = beyond()
    {
        out.measure = if ratio {
            Measure::Growth
        } else {
            Measure::Change
        };
        out.basis = Some(Basis::Plan);
        out.down = way == Direction::Down;
        context.measure(Rule::BeyondPlan, out.measure, core);
        context.against(Rule::PlanBasis, &out, core);
        out.subject = subject;
        return out;
    }

    if let Some((at, direction)) = change_in(lead, lexicon) {
        let tail = name::plain(context.text, place.tail, context.times, lexicon);
        let noun = name::behind(&tail, false, lexicon);
        let basis = basis_in(context, place.lead);
        let verb_at = place.lead.end as usize;
        let subject = match basis {
            Some((_, from)) if from < verb_at => cut(from),
            _ => before(lead.get(..at).unwrap_or("")),
        };
        let single = lead.len() - at <= 3 && !ratio && !points;
        let counts = !(ratio || points || times);
        let compared = basis.is_some() || changes.versus.within(lead.get(..at).unwrap_or(""));
        // 户均增收3600元 is an amount for each; behind 人均收入, 人均增加600元 is a change of it.
        let each = counts && lexicon.names.per.whole(&subject).is_some();
        let known = context
            .topic_name
            .is_some_and(|t| t.contains(subject.as_str()));
        if each && !compared && !known {
            out.subject = format_smolstr!("{subject}{}", lead.get(at..).unwrap_or(""));
            context.measure(Rule::EachLevel, out.measure, &subject);
            return out;
        }
        let subject = if each { SmolStr::default() } else { subject };
        let level = counts && !noun.is_empty() && quantity.dimension == "count";
        if !(level || single && !compared) {
            out.measure = if ratio || times {
                Measure::Growth
            } else {
                Measure::Change
            };
            out.down = direction == Direction::Down;
            let peer = changes
                .versus
                .all(lead)
                .last()
                .and_then(|v| changes.whom.at(lead, v.1));
            out.basis = match basis {
                _ if peer.is_some() => Some(Basis::Peer),
                Some((basis, _)) => Some(basis),
                None => None,
            };
            if peer.is_some() {
                let from = changes.versus.all(lead).last().map_or(0, |v| v.0);
                out.subject = before(lead.get(..from).unwrap_or(""));
                if ratio {
                    out.measure = Measure::Change;
                }
            } else {
                out.subject = subject;
            }
            let rule = match out.measure {
                Measure::Growth => Rule::GrowthVerb,
                _ => Rule::ChangeVerb,
            };
            context.measure(rule, out.measure, lead.get(at..).unwrap_or(""));
            let words = basis.map_or("", |(_, from)| context.up_to(from, place));
            match peer {
                Some(_) => context.against(Rule::PeerBasis, &out, lead),
                None => context.against(Rule::BasisWord, &out, words),
            }
            return out;
        }
    }

    let tail = name::plain(context.text, place.tail, context.times, lexicon);
    let own = before(lead);
    if ratio {
        let noun = name::behind(
            tail.trim_start_matches(|c: char| {
                lexicon
                    .names
                    .stated
                    .whole(c.encode_utf8(&mut [0; 4]))
                    .is_some()
            }),
            true,
            lexicon,
        );
        if own.is_empty() && !noun.is_empty() && place.first {
            out.measure = Measure::Share;
            context.measure(Rule::ShareOfNoun, out.measure, noun);
            out.subject = SmolStr::new(noun);
            out.behind = true;
            return out;
        }
        let ending = |forms: &Forms| forms.before(&own, own.len()).map_or(0, |f| own.len() - f.0);
        let growth = ending(&changes.growth_noun);
        let rule;
        (rule, out.measure) =
            if growth > ending(&changes.rate_noun) && quantity.base_unit != PER_MILLE {
                (Rule::GrowthNoun, Measure::Growth)
            } else if ends_with(&own, &changes.share_noun) {
                (Rule::ShareNoun, Measure::Share)
            } else if own.is_empty()
                && matches!(
                    context.topic,
                    Some(Measure::Share | Measure::Rate | Measure::Growth)
                )
                && (stated || context.topic != Some(Measure::Growth))
            {
                // 一季度增长7%，二季度加快到9%.
                (Rule::MeasureOfTopic, context.topic.unwrap_or(Measure::Rate))
            } else {
                (Rule::PlainRate, Measure::Rate)
            };
        context.measure(rule, out.measure, &own);
        out.subject = own;
        return out;
    }
    if times {
        out.measure = Measure::Multiple;
        context.measure(Rule::PlainTimes, out.measure, "");
        out.subject = own;
        return out;
    }
    context.measure(Rule::PlainLevel, out.measure, "");
    out.planned = ends_with(core, &changes.plan) && changes.fulfil.within(core)
        || lexicon
            .names
            .stated_particle(&tail)
            .is_some_and(|of| of.chars().count() <= LONGEST_PLAN && ends_with(of, &changes.plan));
    // A noun up to the next number in the clause is only the first of a row, or that number's.
    let tail = if place.tail.end < place.clause.end {
        let mut items = tail.split('、');
        let first = items.next().unwrap_or("");
        let names = &lexicon.names;
        let named = !own.is_empty()
            && [&names.region, &names.fresh, &names.act, &names.opening]
                .iter()
                .all(|forms| forms.whole(&own).is_none());
        let next = items.next().is_none() && named && !opens_row(lead, lexicon);
        if next { "" } else { first }
    } else {
        &tail
    };
    level(quantity, lead, tail, own, context, &mut out);
    out
}

/// The name of a level: before the number, behind it, or both.
fn level(
    quantity: &Quantity,
    lead: &str,
    tail: &str,
    own: SmolStr,
    context: &Context<'_>,
    out: &mut Reading,
) {
    let lexicon = context.lexicon;
    let names = &lexicon.names;
    let possessive = names.stated_particle(tail);
    let noun = name::behind(possessive.unwrap_or(tail), false, lexicon);
    let noun = if noun.is_empty() && own.is_empty() {
        name::behind(tail, true, lexicon)
    } else {
        noun
    };
    out.subject = own;
    // 按年平均汇率折合5494美元: the same thing in another unit.
    if names.same.before(lead, lead.len()).is_some() && context.topic.is_some() {
        out.subject = SmolStr::default();
        return;
    }
    let count = quantity.dimension == "count";
    if noun.is_empty() || out.earlier {
        return;
    }
    let opened = ends_with(name::strip_back(lead, lexicon), &names.opening)
        || ends_with(lead, &names.opening);
    // 六万亩庄稼受旱: nothing stands before it.
    let leads = out.subject.is_empty() && lead.is_empty();
    if !(count || opened || leads || possessive.is_some()) {
        return;
    }
    if possessive.is_some() {
        // 惠及3400万人的工程: the thing, then what is said of it.
        out.subject = format_smolstr!("{noun}{}", out.subject);
        out.behind = true;
        return;
    }
    if out.stated && !lead.ends_with(|c: char| is_particle(c, lexicon)) && !opened {
        // 企业达到48家: the name has been said, unless only a preposition stands there.
        if !out.subject.is_empty() && !preposition(lead, lexicon) {
            return;
        }
        out.subject = SmolStr::default();
    }
    out.behind = true;
    let joined = lead
        .chars()
        .next_back()
        .is_some_and(|c| c == '、' || names.joins(c));
    // 宛平城等20处重点区域: examples are no name.
    let examples = ends_with(&out.subject, &names.so_on);
    let prefix = if joined
        || examples
        || lexicon.names.region.whole(&out.subject).is_some()
        || preposition(lead, lexicon)
        || out.subject.chars().count() > 16
    {
        ""
    } else {
        out.subject.as_str()
    };
    out.subject = format_smolstr!("{prefix}{noun}");
}

/// True for nothing but whom one is compared with: 全国平均水平.
fn only_whom(s: &str, lexicon: &Lexicon) -> bool {
    let mut at = 0;
    while let Some((end, _)) = lexicon.changes.whom.at(s, at) {
        at = end;
    }
    at == s.len()
}

/// True when a verb or a particle right before the number takes the noun behind it.
fn opens_row(lead: &str, lexicon: &Lexicon) -> bool {
    let names = &lexicon.names;
    ends_with(lead, &names.opening)
        || ends_with(name::strip_back(lead, lexicon), &names.opening)
        || preposition(lead, lexicon)
        || lead.ends_with(|c| is_particle(c, lexicon))
}

fn is_particle(c: char, lexicon: &Lexicon) -> bool {
    lexicon
        .names
        .particle
        .whole(c.encode_utf8(&mut [0; 4]))
        .is_some()
}

fn preposition(lead: &str, lexicon: &Lexicon) -> bool {
    lexicon.names.preposition.before(lead, lead.len()).is_some()
}

/// True when 由 or 从 opens the number: 由15个, 由上年的22.7.
fn opens_from(lead: &str, lexicon: &Lexicon) -> bool {
    let lead = lead.trim_end_matches(|c| is_particle(c, lexicon));
    let lead = match lexicon.names.former.before(lead, lead.len()) {
        Some((start, _)) => lead.get(..start).unwrap_or(lead),
        None => lead,
    };
    lead.chars()
        .next_back()
        .is_some_and(|c| lexicon.names.opens_from(c))
}

fn ends_with(s: &str, forms: &Forms) -> bool {
    forms.before(s, s.len()).is_some()
}

fn ends_with_change(lead: &str, lexicon: &Lexicon) -> bool {
    change_in(lead, lexicon).is_some()
}

/// The verb of change right before the number: where it starts, and which way it goes.
fn change_in(lead: &str, lexicon: &Lexicon) -> Option<(usize, Direction)> {
    let changes = &lexicon.changes;
    if let Some(found) = changes.change_before(lead, lead.len()) {
        return Some(found);
    }
    // 增长达5%, 增长了5%: but 提高到 is a level.
    let (start, _) = lexicon.names.aspect.before(lead, lead.len())?;
    changes.change_before(lead, start)
}

/// Where the words of ranking at the end of `lead` start.
fn ranking_start(lead: &str, lexicon: &Lexicon) -> usize {
    let mut start = lead.len();
    let found: Vec<(usize, usize, usize)> = lexicon.numerals.ranking.all(lead).collect();
    for (from, to, _) in found.into_iter().rev() {
        if start < lead.len() && start - to > 12 {
            break;
        }
        start = from;
    }
    start
}
